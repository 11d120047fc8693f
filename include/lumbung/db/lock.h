/* lock.h: one process writes a registry: it holds flock on FILE.lock. */
#ifndef LUMBUNG_DB_LOCK_H
#define LUMBUNG_DB_LOCK_H

#include "lumbung/base/error.h"

struct lock;
/* ERROR_DATABASE naming the pid that holds it. */
FALLIBLE struct error *lock_take(const char *path, struct lock **ret_lock);
void lock_drop(struct lock *lock);

#endif
