/* user_store.h: rows of accounts with their roles, regions and programs. */
#ifndef LUMBUNG_USER_STORE_H
#define LUMBUNG_USER_STORE_H

#include "lumbung/user.h"

struct account {
    struct id id;
    const char *username, *state, *display_name;
    const char *password_hash;         /* NULL: none yet */
    struct bytes totp_secret;          /* opened; {NULL, 0}: none */
    int64_t totp_last_step, totp_failures, totp_locked_until_ms;
    struct id added_by;
    int64_t created_at_ms, version;
    uint64_t roles;
};

FALLIBLE struct error *account_by_id(struct tx *tx, struct id id, struct account *ret_account, bool *ret_found);
FALLIBLE struct error *account_by_name(struct tx *tx, const char *username, struct account *ret_account, bool *ret_found);
/* After the username, at most `limit`. */
FALLIBLE struct error *account_list(struct tx *tx, const char *after, int limit, struct account *ret_accounts, size_t *ret_count);
FALLIBLE struct error *account_count(struct tx *tx, int64_t *ret_count);

FALLIBLE struct error *account_insert(struct tx *tx, const struct account *account);
FALLIBLE struct error *account_set_state(struct tx *tx, struct id id, const char *state);
FALLIBLE struct error *account_set_display_name(struct tx *tx, struct id id, const char *display_name);
/* Password and second factor of an account that becomes active. */
FALLIBLE struct error *account_set_secrets(struct tx *tx, struct id id, const char *password_hash, const uint8_t *totp_secret, size_t totp_length);
FALLIBLE struct error *account_set_password(struct tx *tx, struct id id, const char *password_hash);
/* A second factor whose code of `step` was shown. */
FALLIBLE struct error *account_set_totp(struct tx *tx, struct id id, const uint8_t *secret, size_t length, int64_t step);
/* The used step of a code: *ret_first false when this step or a later one was used already. */
FALLIBLE struct error *account_use_totp(struct tx *tx, struct id id, int64_t step, bool *ret_first);
FALLIBLE struct error *account_set_totp_failures(struct tx *tx, struct id id, int64_t failures, int64_t locked_until_ms);
FALLIBLE struct error *account_touch(struct tx *tx, struct id id);

FALLIBLE struct error *account_role_insert(struct tx *tx, struct id id, enum role role, struct id granted_by, struct id confirmed_by);
FALLIBLE struct error *account_role_delete(struct tx *tx, struct id id, enum role role);
/* Bits of sensitive roles that nobody else confirmed. */
FALLIBLE struct error *account_roles_alone(struct tx *tx, struct id id, uint64_t *ret_roles);
/* Is there another account that holds the role of admin, whatever its state? */
FALLIBLE struct error *account_other_admin(struct tx *tx, struct id first, struct id second, bool *ret_exists);

FALLIBLE struct error *account_regions_clear(struct tx *tx, struct id id);
FALLIBLE struct error *account_region_insert(struct tx *tx, struct id id, struct id region_id);
FALLIBLE struct error *account_programs_clear(struct tx *tx, struct id id);
/* The code of another region of the account that this one lies in, or NULL. */
FALLIBLE struct error *account_region_inside(struct tx *tx, struct id id, struct id region_id, const char **ret_code);
FALLIBLE struct error *account_program_exists(struct tx *tx, struct id program_id, bool *ret_exists);
FALLIBLE struct error *account_program_insert(struct tx *tx, struct id id, struct id program_id);
/* Codes of the account's regions; ids of its programs. */
FALLIBLE struct error *account_regions(struct tx *tx, struct id id, const char ***ret_codes, size_t *ret_count);
FALLIBLE struct error *account_programs(struct tx *tx, struct id id, struct id **ret_ids, size_t *ret_count);

#endif
