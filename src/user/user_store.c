/* user_store.c: rows of accounts. Display name and the authenticator's secret are sealed for the registry itself. */
#include "user/user_store.h"

#define NAME_PLACE "user_account.display_name"
#define TOTP_PLACE "user_account.totp_secret"

static const struct id registry_subject; /* the zero id */

#define ACCOUNT_COLUMNS \
    "SELECT u.id, u.username, u.state, u.display_name, u.password_hash, u.totp_secret, u.totp_last_step, u.totp_failures, u.totp_locked_until_ms, " \
    "u.added_by, u.created_at_ms, u.version, " \
    "COALESCE((SELECT SUM(r.bit) FROM user_role AS ur JOIN role AS r ON r.name = ur.role WHERE ur.user_id = u.id), 0) FROM user_account AS u "

/* A row with its sealed columns still closed. */
struct sealed_account {
    struct account account;
    struct bytes name, totp;
};

static void
read_sealed(struct cursor *cursor, struct arena *arena, void *ret_sealed)
{
    struct sealed_account *sealed = ret_sealed;
    sealed->name = cursor_bytes(cursor, arena, 3);
    sealed->totp = cursor_bytes(cursor, arena, 5);
    sealed->account = (struct account){.id = cursor_id(cursor, 0),
                                       .username = cursor_text(cursor, arena, 1),
                                       .state = cursor_text(cursor, arena, 2),
                                       .password_hash = cursor_text(cursor, arena, 4),
                                       .totp_last_step = cursor_int(cursor, 6),
                                       .totp_failures = cursor_int(cursor, 7),
                                       .totp_locked_until_ms = cursor_int(cursor, 8),
                                       .added_by = cursor_id(cursor, 9),
                                       .created_at_ms = cursor_int(cursor, 10),
                                       .version = cursor_int(cursor, 11),
                                       .roles = (uint64_t)cursor_int(cursor, 12)};
}

static struct error *
open_sealed(struct tx *tx, const struct sealed_account *sealed, struct account *ret_account)
{
    struct bytes plain;
    *ret_account = sealed->account;
    TRY(keyring_unseal(tx, registry_subject, NAME_PLACE, ret_account->id, sealed->name, &plain));
    ret_account->display_name = plain.data ? (const char *)plain.data : "";
    return sealed->totp.data ? keyring_unseal(tx, registry_subject, TOTP_PLACE, ret_account->id, sealed->totp, &ret_account->totp_secret) : NULL;
}

static struct error *
read_one(struct tx *tx, struct cursor *cursor, struct account *ret_account, bool *ret_found)
{
    struct sealed_account sealed;
    TRY(cursor_one(cursor, tx->arena, read_sealed, &sealed, ret_found));
    return *ret_found ? open_sealed(tx, &sealed, ret_account) : NULL;
}

STATEMENT_READ(account_select_id, ACCOUNT_COLUMNS "WHERE u.id = $1")

struct error *
account_by_id(struct tx *tx, struct id id, struct account *ret_account, bool *ret_found)
{
    struct cursor *cursor = cursor_start(tx->db, &account_select_id);
    cursor_bind_id(cursor, 1, id);
    return read_one(tx, cursor, ret_account, ret_found);
}

STATEMENT_READ(account_select_name, ACCOUNT_COLUMNS "WHERE u.username = $1")

struct error *
account_by_name(struct tx *tx, const char *username, struct account *ret_account, bool *ret_found)
{
    struct cursor *cursor = cursor_start(tx->db, &account_select_name);
    cursor_bind_text(cursor, 1, username);
    return read_one(tx, cursor, ret_account, ret_found);
}

STATEMENT_READ(account_select_list, ACCOUNT_COLUMNS "WHERE u.username > $1 ORDER BY u.username LIMIT $2")

struct error *
account_list(struct tx *tx, const char *after, int limit, struct account *ret_accounts, size_t *ret_count)
{
    struct cursor *cursor = cursor_start(tx->db, &account_select_list);
    cursor_bind_text(cursor, 1, after);
    cursor_bind_int(cursor, 2, limit);
    struct sealed_account *sealed = ARENA_ARRAY(tx->arena, struct sealed_account, limit);
    TRY(cursor_fill(cursor, tx->arena, read_sealed, sealed, sizeof *sealed, limit, ret_count));
    for (size_t i = 0; i < *ret_count; i++)
        TRY(open_sealed(tx, &sealed[i], &ret_accounts[i]));
    return NULL;
}

STATEMENT_READ(account_total, "SELECT COUNT(*) FROM user_account")

struct error *
account_count(struct tx *tx, int64_t *ret_count)
{
    return cursor_one(cursor_start(tx->db, &account_total), NULL, cursor_read_int, ret_count, NULL);
}

static struct error *
seal_secrets(struct tx *tx, struct id id, const uint8_t *totp_secret, size_t totp_length, struct bytes *ret_totp)
{
    *ret_totp = (struct bytes){NULL, 0};
    if (!totp_secret)
        return NULL;
    return keyring_seal(tx, registry_subject, TOTP_PLACE, id, totp_secret, totp_length, ret_totp);
}

static struct error *
seal_name(struct tx *tx, struct id id, const char *display_name, struct bytes *ret_name)
{
    size_t length = 0;
    while (display_name[length] != '\0')
        length++;
    return keyring_seal(tx, registry_subject, NAME_PLACE, id, display_name, length, ret_name);
}

STATEMENT_WRITE(account_add, "INSERT INTO user_account (id, username, state, display_name, password_hash, totp_secret, totp_last_step, totp_failures, "
                             "totp_locked_until_ms, added_by, created_at_ms, version) VALUES ($1, $2, $3, $4, $5, $6, 0, 0, 0, $7, $8, 1)")

struct error *
account_insert(struct tx *tx, const struct account *account)
{
    struct bytes name, totp;
    TRY(seal_name(tx, account->id, account->display_name, &name));
    TRY(seal_secrets(tx, account->id, account->totp_secret.data, account->totp_secret.length, &totp));
    struct cursor *cursor = cursor_start(tx->db, &account_add);
    cursor_bind_id(cursor, 1, account->id);
    cursor_bind_text(cursor, 2, account->username);
    cursor_bind_text(cursor, 3, account->state);
    cursor_bind_bytes(cursor, 4, name.data, name.length);
    cursor_bind_text(cursor, 5, account->password_hash);
    cursor_bind_bytes(cursor, 6, totp.data, totp.length);
    cursor_bind_id(cursor, 7, account->added_by);
    cursor_bind_int(cursor, 8, tx->now_ms);
    return cursor_run(cursor, NULL);
}

STATEMENT_WRITE(account_state_set, "UPDATE user_account SET state = $2, version = version + 1 WHERE id = $1")

struct error *
account_set_state(struct tx *tx, struct id id, const char *state)
{
    struct cursor *cursor = cursor_start(tx->db, &account_state_set);
    cursor_bind_id(cursor, 1, id);
    cursor_bind_text(cursor, 2, state);
    return cursor_run(cursor, NULL);
}

STATEMENT_WRITE(account_name_set, "UPDATE user_account SET display_name = $2 WHERE id = $1")

struct error *
account_set_display_name(struct tx *tx, struct id id, const char *display_name)
{
    struct bytes name;
    TRY(seal_name(tx, id, display_name, &name));
    struct cursor *cursor = cursor_start(tx->db, &account_name_set);
    cursor_bind_id(cursor, 1, id);
    cursor_bind_bytes(cursor, 2, name.data, name.length);
    return cursor_run(cursor, NULL);
}

STATEMENT_WRITE(account_secrets_set, "UPDATE user_account SET state = 'active', password_hash = $2, totp_secret = $3, totp_last_step = 0, totp_failures = 0, "
                                     "totp_locked_until_ms = 0, version = version + 1 WHERE id = $1")

struct error *
account_set_secrets(struct tx *tx, struct id id, const char *password_hash, const uint8_t *totp_secret, size_t totp_length)
{
    struct bytes totp;
    TRY(seal_secrets(tx, id, totp_secret, totp_length, &totp));
    struct cursor *cursor = cursor_start(tx->db, &account_secrets_set);
    cursor_bind_id(cursor, 1, id);
    cursor_bind_text(cursor, 2, password_hash);
    cursor_bind_bytes(cursor, 3, totp.data, totp.length);
    return cursor_run(cursor, NULL);
}

STATEMENT_WRITE(account_password_set, "UPDATE user_account SET password_hash = $2, version = version + 1 WHERE id = $1")

struct error *
account_set_password(struct tx *tx, struct id id, const char *password_hash)
{
    struct cursor *cursor = cursor_start(tx->db, &account_password_set);
    cursor_bind_id(cursor, 1, id);
    cursor_bind_text(cursor, 2, password_hash);
    return cursor_run(cursor, NULL);
}

STATEMENT_WRITE(account_totp_set, "UPDATE user_account SET totp_secret = $2, totp_last_step = $3, totp_failures = 0, totp_locked_until_ms = 0, "
                                  "version = version + 1 WHERE id = $1")

struct error *
account_set_totp(struct tx *tx, struct id id, const uint8_t *secret, size_t length, int64_t step)
{
    struct bytes sealed;
    TRY(seal_secrets(tx, id, secret, length, &sealed));
    struct cursor *cursor = cursor_start(tx->db, &account_totp_set);
    cursor_bind_id(cursor, 1, id);
    cursor_bind_bytes(cursor, 2, sealed.data, sealed.length);
    cursor_bind_int(cursor, 3, step);
    return cursor_run(cursor, NULL);
}

STATEMENT_WRITE(account_totp_use, "UPDATE user_account SET totp_last_step = $2, totp_failures = 0, totp_locked_until_ms = 0 "
                                  "WHERE id = $1 AND totp_last_step < $2")

struct error *
account_use_totp(struct tx *tx, struct id id, int64_t step, bool *ret_first)
{
    struct cursor *cursor = cursor_start(tx->db, &account_totp_use);
    cursor_bind_id(cursor, 1, id);
    cursor_bind_int(cursor, 2, step);
    return cursor_run_one(cursor, ret_first);
}

STATEMENT_WRITE(account_totp_fail, "UPDATE user_account SET totp_failures = $2, totp_locked_until_ms = $3 WHERE id = $1")

struct error *
account_set_totp_failures(struct tx *tx, struct id id, int64_t failures, int64_t locked_until_ms)
{
    struct cursor *cursor = cursor_start(tx->db, &account_totp_fail);
    cursor_bind_id(cursor, 1, id);
    cursor_bind_int(cursor, 2, failures);
    cursor_bind_int(cursor, 3, locked_until_ms);
    return cursor_run(cursor, NULL);
}

STATEMENT_WRITE(account_version_up, "UPDATE user_account SET version = version + 1 WHERE id = $1")

struct error *
account_touch(struct tx *tx, struct id id)
{
    struct cursor *cursor = cursor_start(tx->db, &account_version_up);
    cursor_bind_id(cursor, 1, id);
    return cursor_run(cursor, NULL);
}
