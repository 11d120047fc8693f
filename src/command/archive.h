/* archive.h: one file that holds many: POSIX ustar, so that any tar lists it. */
#ifndef LUMBUNG_COMMAND_ARCHIVE_H
#define LUMBUNG_COMMAND_ARCHIVE_H

#include "lumbung/base/arena.h"
#include "lumbung/base/error.h"

/* Appends a file under a name of at most 99 characters. */
FALLIBLE struct error *archive_add(int archive, const char *name, const char *path);
FALLIBLE struct error *archive_end(int archive);

/* Calls `entry` for each file; it reads exactly `size` bytes from `archive` or none. */
typedef struct error *(*archive_entry)(void *context, int archive, const char *name, int64_t size);
FALLIBLE struct error *archive_read(const char *path, archive_entry entry, void *context);
/* Copies `size` bytes into a new file (0600), never over an old one. */
FALLIBLE struct error *archive_extract(int archive, int64_t size, const char *path);

#endif
