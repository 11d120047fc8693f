/* user.h: people who sign in, their roles, regions, second factor and sessions. Accounts are not people: see the duties of a batch. */
#ifndef LUMBUNG_USER_H
#define LUMBUNG_USER_H

#include "lumbung/http/route.h"
#include "lumbung/http/server.h"

enum role { ROLE_OFFICER, ROLE_MANAGER, ROLE_APPROVER, ROLE_AUDITOR, ROLE_ADMIN, ROLE_COUNT };
const char *role_name(enum role role);
bool role_find(const char *name, enum role *ret_role);
uint64_t role_permissions(enum role role);

struct user_new {
    const char *username;      /* 3..40 of a-z 0-9 . _ - */
    const char *display_name;
    const char *password;      /* NULL: a one-time link instead */
    const uint8_t *totp_secret; /* NULL: none */
    size_t totp_length;
    const enum role *roles;
    size_t role_count;
    const char *const *region_codes; /* none: all regions */
    size_t region_count;
    const struct id *program_ids;
    size_t program_count;
};
/* Adds a user; `password_hash` made beforehand outside the lane (crypto_password_hash), NULL with a link. */
FALLIBLE struct error *user_add(struct tx *tx, const struct actor *actor, const struct user_new *user, const char *password_hash, struct id *ret_id);
/* A one-time token (base64url) that lets its holder set a password for the user, or, for the zero id, make the first admin. 24 h. */
FALLIBLE struct error *user_link_make(struct tx *tx, const struct actor *actor, struct id user_id, const char **ret_token);
FALLIBLE struct error *user_set_state(struct tx *tx, const struct actor *actor, struct id user_id, const char *state);
FALLIBLE struct error *user_by_name(struct tx *tx, const char *username, struct id *ret_id);
/* "Rina (petugas)": the display name, NULL when unknown. */
FALLIBLE struct error *user_display_name(struct tx *tx, struct id user_id, const char **ret_name);
/* The rules for passwords (12..1024 characters, not common, no context words); ERROR_FIELDS at /password. */
FALLIBLE struct error *user_password_check(const char *password, const char *username);
/* For `user list`. */
struct user_line { const char *username, *state, *roles, *regions; /* names separated by commas; regions empty: all */ };
FALLIBLE struct error *user_list(struct tx *tx, struct user_line **ret_lines, size_t *ret_count);
FALLIBLE struct error *user_count(struct tx *tx, int64_t *ret_count);
/* The actor of a console command and of the system's own acts: all permissions, all regions. */
struct actor user_console_actor(void);
struct actor user_system_actor(void);
/* The actor that a user would be, for jobs that go on after the request: permissions and scope as of now. */
FALLIBLE struct error *user_actor(struct tx *tx, struct id user_id, struct actor *ret_actor);
/* The server's authenticate function. */
struct error *user_authenticate(struct tx *tx, const struct credentials *credentials, struct actor *ret_actor);
/* Does a role of manager, approver or admin stand without another person's confirmation (the console's, or the first admin's own)? A batch warns of it. */
FALLIBLE struct error *user_granted_alone(struct tx *tx, struct id user_id, bool *ret_alone);
/* Rewrites user_scope of one user (zero id: of all) after the tree or his regions changed. */
FALLIBLE struct error *user_scope_rewrite(struct tx *tx, struct id user_id);

extern const struct code_list user_role_codes, user_state_codes; /* GET /codes/role, /codes/user_state */
extern const struct route user_routes[];

#endif
