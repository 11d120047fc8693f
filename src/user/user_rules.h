/* user_rules.h: what the files of the user slice share: changes of accounts, sessions and grants with their audit entries. */
#ifndef LUMBUNG_USER_RULES_H
#define LUMBUNG_USER_RULES_H

#include "user/user_role.h"
#include "user/user_session_store.h"
#include "user/user_store.h"

#define SESSION_IDLE_MS (INT64_C(30) * 60 * 1000)
#define SESSION_ABSOLUTE_MS (INT64_C(12) * 3600 * 1000)
#define SESSION_KEPT_MS (INT64_C(90) * 86400 * 1000) /* ended ones tell a known device */
#define STEP_UP_MS (INT64_C(5) * 60 * 1000)
#define LINK_MS (INT64_C(24) * 3600 * 1000)
#define TOKEN_BYTES 32
#define TOTP_SECRET_BYTES 20
#define TOTP_TRIES 6
#define TOTP_LOCK_MS (INT64_C(15) * 60 * 1000)
#define GRANTS_MAX 32

/* An audit entry of an account; `after` and `before` are JSON or NULL. */
FALLIBLE struct error *user_trace(struct tx *tx, const struct actor *actor, const char *action, struct id user_id, const char *before, const char *after);
/* {username, display_name, state, roles, regions, programs}: what an entry keeps of an account. */
FALLIBLE struct error *user_snapshot(struct tx *tx, struct id user_id, const char **ret_json);
/* ERROR_NOT_FOUND when absent. */
FALLIBLE struct error *user_load(struct tx *tx, struct id user_id, struct account *ret_account);

/* At least one role, and an auditor holds no other; the fault is at /roles. */
FALLIBLE struct error *user_roles_check(uint64_t roles);

/* What PATCH changes; absent parts stay. */
struct user_patch {
    const char *display_name;       /* NULL: stays */
    bool has_roles, has_regions, has_programs;
    uint64_t roles;
    const char *const *region_codes;
    size_t region_count;
    const struct id *program_ids;
    size_t program_count;
};
/* Roles that wait go to pending_grant; faults are at /roles, "/regions/0" (unknown, or inside another of the list), "/programs/0". Refuses the
 * actor's own account. */
FALLIBLE struct error *user_change(struct tx *tx, const struct actor *actor, struct id user_id, const struct user_patch *patch);
/* A new link for a user; *ret_token NULL when it waits for confirmation (he has a second factor): then *ret_grant. */
FALLIBLE struct error *user_link_ask(struct tx *tx, const struct actor *actor, struct id user_id, const char **ret_token, struct id *ret_grant);
/* Another person confirms: the role is there, or *ret_token is the link. Refuses maker and subject. */
FALLIBLE struct error *user_grant_confirm(struct tx *tx, const struct actor *actor, struct id grant_id, const char **ret_token);
FALLIBLE struct error *user_grant_withdraw(struct tx *tx, const struct actor *actor, struct id grant_id);
/* Roles at once, or as pending grants when a person in the browser gives a sensitive one and another could confirm. */
FALLIBLE struct error *user_roles_give(struct tx *tx, const struct actor *actor, struct id user_id, uint64_t roles);

/* A token and its keyed value: 32 random bytes, base64url. */
const char *user_token_make(struct arena *arena, const struct keyring *keyring, const char *column, uint8_t ret_tag[CRYPTO_TAG_SIZE]);

/* Checks a code once: locked, wrong or used ones are refused (ERROR_TOO_MANY, ERROR_SIGN_IN_FAILED); a wrong one is counted by a job of its own. */
FALLIBLE struct error *user_totp_spend(struct tx *tx, const struct account *account, const char *code);
/* {id, username, totp_secret, otpauth}: a secret for the app, shown once. */
void user_print_secret(struct buffer *body, const struct account *account, const char *secret);
/* Does his role demand a second factor that he has not set up? Then nothing but his own account answers. */
bool user_factor_missing(const struct session_account *found);
/* Fills the actor from what a session or an account says. */
void user_fill_actor(const struct session_account *found, struct actor *ret_actor);
/* Is the session usable now? */
bool user_session_alive(struct tx *tx, const struct session_account *found);

#endif
