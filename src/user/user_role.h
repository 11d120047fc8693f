/* user_role.h: sets of roles as bits (1 << enum role) and what they add up to. */
#ifndef LUMBUNG_USER_ROLE_H
#define LUMBUNG_USER_ROLE_H

#include "lumbung/user.h"

/* manager, approver and admin: granting them waits for another person's confirmation. */
bool role_is_sensitive(enum role role);
uint64_t role_set_permissions(uint64_t set);
/* All but officers must have an authenticator. */
bool role_set_needs_factor(uint64_t set);
enum masking role_set_masking(uint64_t set);
/* "household.read"; "public", "signed_in"; NULL when out of range. */
const char *permission_name(enum permission permission);
/* What it lets one do, in words. */
const char *permission_text(enum permission permission, enum language language);

#endif
