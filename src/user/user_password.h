/* user_password.h: what a password must not be, and the bounded slot in which they are hashed. */
#ifndef LUMBUNG_USER_PASSWORD_H
#define LUMBUNG_USER_PASSWORD_H

#include "lumbung/user.h"

/* Hashes and checks: at most two at once, others wait; ERROR_BUSY when too many wait. Not on the loop thread nor in the lane. */
FALLIBLE struct error *password_hash(struct arena *arena, const char *password, char **ret_hash);
/* With `hash` NULL a dummy is checked, so that an unknown name takes as long; then *ret_right is false. */
FALLIBLE struct error *password_check(struct arena *arena, const char *hash, const char *password, bool *ret_right);

#endif
