/* user_session_store.c: rows of sessions. */
#include "user/user_session_store.h"

#include <string.h>

#define ACCOUNT_FACTS \
    "u.username, u.state, CASE WHEN u.totp_secret IS NULL THEN 0 ELSE 1 END, " \
    "COALESCE((SELECT SUM(r.bit) FROM user_role AS ur JOIN role AS r ON r.name = ur.role WHERE ur.user_id = u.id), 0), " \
    "CASE WHEN EXISTS (SELECT 1 FROM user_region AS g WHERE g.user_id = u.id) THEN 1 ELSE 0 END, " \
    "CASE WHEN EXISTS (SELECT 1 FROM user_program AS p WHERE p.user_id = u.id) THEN 1 ELSE 0 END"

static void
read_facts(struct cursor *cursor, struct arena *arena, int first, struct session_account *ret_session)
{
    ret_session->username = cursor_text(cursor, arena, first);
    ret_session->state = cursor_text(cursor, arena, first + 1);
    ret_session->totp_enrolled = cursor_int(cursor, first + 2) != 0;
    ret_session->roles = (uint64_t)cursor_int(cursor, first + 3);
    ret_session->has_regions = cursor_int(cursor, first + 4) != 0;
    ret_session->has_programs = cursor_int(cursor, first + 5) != 0;
}

static void
read_session(struct cursor *cursor, struct arena *arena, void *ret_session)
{
    struct session_account *account = ret_session;
    account->session = (struct session_row){.id = cursor_id(cursor, 0),
                                            .user_id = cursor_id(cursor, 1),
                                            .remote = cursor_text(cursor, arena, 2),
                                            .created_at_ms = cursor_int(cursor, 3),
                                            .second_factor_at_ms = cursor_int(cursor, 4),
                                            .ended = !cursor_is_null(cursor, 5)};
    read_facts(cursor, arena, 6, account);
}

STATEMENT_READ(session_by_tag, "SELECT s.id, s.user_id, s.remote, s.created_at_ms, s.second_factor_at_ms, s.ended_at_ms, " ACCOUNT_FACTS
                               " FROM user_session AS s JOIN user_account AS u ON u.id = s.user_id WHERE s.tag = $1")

struct error *
session_find(struct tx *tx, const uint8_t tag[CRYPTO_TAG_SIZE], struct session_account *ret_session, bool *ret_found)
{
    struct cursor *cursor = cursor_start(tx->db, &session_by_tag);
    cursor_bind_bytes(cursor, 1, tag, CRYPTO_TAG_SIZE);
    TRY(cursor_one(cursor, tx->arena, read_session, ret_session, ret_found));
    if (*ret_found)
        memcpy(ret_session->session.tag, tag, CRYPTO_TAG_SIZE);
    return NULL;
}

static void
read_user(struct cursor *cursor, struct arena *arena, void *ret_session)
{
    memset(ret_session, 0, sizeof(struct session_account));
    read_facts(cursor, arena, 0, ret_session);
}

STATEMENT_READ(session_user_facts, "SELECT " ACCOUNT_FACTS " FROM user_account AS u WHERE u.id = $1")

struct error *
session_user_find(struct tx *tx, struct id user_id, struct session_account *ret_session, bool *ret_found)
{
    struct cursor *cursor = cursor_start(tx->db, &session_user_facts);
    cursor_bind_id(cursor, 1, user_id);
    TRY(cursor_one(cursor, tx->arena, read_user, ret_session, ret_found));
    if (*ret_found)
        ret_session->session.user_id = user_id;
    return NULL;
}

STATEMENT_WRITE(session_add, "INSERT INTO user_session (tag, id, user_id, remote, created_at_ms, second_factor_at_ms, ended_at_ms) "
                             "VALUES ($1, $2, $3, $4, $5, $6, NULL)")

struct error *
session_insert(struct tx *tx, const struct session_row *session)
{
    struct cursor *cursor = cursor_start(tx->db, &session_add);
    cursor_bind_bytes(cursor, 1, session->tag, sizeof session->tag);
    cursor_bind_id(cursor, 2, session->id);
    cursor_bind_id(cursor, 3, session->user_id);
    cursor_bind_text(cursor, 4, session->remote);
    cursor_bind_int(cursor, 5, session->created_at_ms);
    cursor_bind_int(cursor, 6, session->second_factor_at_ms);
    return cursor_run(cursor, NULL);
}

STATEMENT_WRITE(session_second_factor, "UPDATE user_session SET second_factor_at_ms = $2 WHERE tag = $1")

struct error *
session_set_second_factor(struct tx *tx, const uint8_t tag[CRYPTO_TAG_SIZE], int64_t at_ms)
{
    struct cursor *cursor = cursor_start(tx->db, &session_second_factor);
    cursor_bind_bytes(cursor, 1, tag, CRYPTO_TAG_SIZE);
    cursor_bind_int(cursor, 2, at_ms);
    return cursor_run(cursor, NULL);
}

STATEMENT_WRITE(session_close_tag, "UPDATE user_session SET ended_at_ms = $2 WHERE tag = $1 AND ended_at_ms IS NULL")

struct error *
session_end_tag(struct tx *tx, const uint8_t tag[CRYPTO_TAG_SIZE])
{
    struct cursor *cursor = cursor_start(tx->db, &session_close_tag);
    cursor_bind_bytes(cursor, 1, tag, CRYPTO_TAG_SIZE);
    cursor_bind_int(cursor, 2, tx->now_ms);
    return cursor_run(cursor, NULL);
}

STATEMENT_WRITE(session_close_id, "UPDATE user_session SET ended_at_ms = $3 WHERE user_id = $1 AND id = $2 AND ended_at_ms IS NULL")

struct error *
session_end_id(struct tx *tx, struct id user_id, struct id session_id, bool *ret_ended)
{
    struct cursor *cursor = cursor_start(tx->db, &session_close_id);
    cursor_bind_id(cursor, 1, user_id);
    cursor_bind_id(cursor, 2, session_id);
    cursor_bind_int(cursor, 3, tx->now_ms);
    return cursor_run_one(cursor, ret_ended);
}

STATEMENT_WRITE(session_close_all, "UPDATE user_session SET ended_at_ms = $2 WHERE user_id = $1 AND ended_at_ms IS NULL")

struct error *
session_end_all(struct tx *tx, struct id user_id)
{
    struct cursor *cursor = cursor_start(tx->db, &session_close_all);
    cursor_bind_id(cursor, 1, user_id);
    cursor_bind_int(cursor, 2, tx->now_ms);
    return cursor_run(cursor, NULL);
}

STATEMENT_WRITE(session_close_others, "UPDATE user_session SET ended_at_ms = $2 WHERE user_id = $1 AND tag <> $3 AND ended_at_ms IS NULL")

struct error *
session_end_others(struct tx *tx, struct id user_id, const uint8_t tag[CRYPTO_TAG_SIZE])
{
    struct cursor *cursor = cursor_start(tx->db, &session_close_others);
    cursor_bind_id(cursor, 1, user_id);
    cursor_bind_int(cursor, 2, tx->now_ms);
    cursor_bind_bytes(cursor, 3, tag, CRYPTO_TAG_SIZE);
    return cursor_run(cursor, NULL);
}

STATEMENT_WRITE(session_delete_old, "DELETE FROM user_session WHERE user_id = $1 AND created_at_ms < $2")

struct error *
session_prune(struct tx *tx, struct id user_id, int64_t before_ms)
{
    struct cursor *cursor = cursor_start(tx->db, &session_delete_old);
    cursor_bind_id(cursor, 1, user_id);
    cursor_bind_int(cursor, 2, before_ms);
    return cursor_run(cursor, NULL);
}

static void
read_listed(struct cursor *cursor, struct arena *arena, void *ret_session)
{
    struct session_row *session = ret_session;
    *session = (struct session_row){.id = cursor_id(cursor, 0),
                                    .remote = cursor_text(cursor, arena, 1),
                                    .created_at_ms = cursor_int(cursor, 2),
                                    .second_factor_at_ms = cursor_int(cursor, 3)};
    struct bytes tag = cursor_bytes(cursor, arena, 4);
    if (tag.length == sizeof session->tag)
        memcpy(session->tag, tag.data, sizeof session->tag);
}

STATEMENT_READ(session_by_user, "SELECT id, remote, created_at_ms, second_factor_at_ms, tag FROM user_session WHERE user_id = $1 AND ended_at_ms IS NULL "
                                "AND created_at_ms > $2 ORDER BY id")

struct error *
session_list(struct tx *tx, struct id user_id, int64_t since_ms, struct session_row *ret_sessions, size_t limit, size_t *ret_count)
{
    struct cursor *cursor = cursor_start(tx->db, &session_by_user);
    cursor_bind_id(cursor, 1, user_id);
    cursor_bind_int(cursor, 2, since_ms);
    TRY(cursor_fill(cursor, tx->arena, read_listed, ret_sessions, sizeof *ret_sessions, (int64_t)limit, ret_count));
    for (size_t i = 0; i < *ret_count; i++)
        ret_sessions[i].user_id = user_id;
    return NULL;
}

STATEMENT_READ(session_of_device, "SELECT 1 FROM user_session WHERE user_id = $1 AND (remote = $2 OR tag = $3) LIMIT 1")

struct error *
session_known(struct tx *tx, struct id user_id, const char *remote, const uint8_t *tag, bool *ret_known)
{
    struct cursor *cursor = cursor_start(tx->db, &session_of_device);
    cursor_bind_id(cursor, 1, user_id);
    cursor_bind_text(cursor, 2, remote);
    cursor_bind_bytes(cursor, 3, tag, tag ? CRYPTO_TAG_SIZE : 0);
    return cursor_exists(cursor, ret_known);
}
