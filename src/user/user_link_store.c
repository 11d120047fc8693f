/* user_link_store.c: rows of one-time links and of grants that wait for another person. */
#include "user/user_session_store.h"

STATEMENT_WRITE(link_add, "INSERT INTO user_link (tag, user_id, made_by, expires_at_ms, used_at_ms) VALUES ($1, $2, $3, $4, NULL)")

struct error *
link_insert(struct tx *tx, const uint8_t tag[CRYPTO_TAG_SIZE], struct id user_id, struct id made_by, int64_t expires_at_ms)
{
    struct cursor *cursor = cursor_start(tx->db, &link_add);
    cursor_bind_bytes(cursor, 1, tag, CRYPTO_TAG_SIZE);
    cursor_bind_id(cursor, 2, user_id);
    cursor_bind_id(cursor, 3, made_by);
    cursor_bind_int(cursor, 4, expires_at_ms);
    return cursor_run(cursor, NULL);
}

STATEMENT_READ(link_by_tag, "SELECT user_id FROM user_link WHERE tag = $1 AND used_at_ms IS NULL AND expires_at_ms > $2")

struct error *
link_find(struct tx *tx, const uint8_t tag[CRYPTO_TAG_SIZE], struct id *ret_user_id, bool *ret_usable)
{
    struct cursor *cursor = cursor_start(tx->db, &link_by_tag);
    cursor_bind_bytes(cursor, 1, tag, CRYPTO_TAG_SIZE);
    cursor_bind_int(cursor, 2, tx->now_ms);
    return cursor_one(cursor, NULL, cursor_read_id, ret_user_id, ret_usable);
}

STATEMENT_WRITE(link_spend, "UPDATE user_link SET used_at_ms = $2 WHERE tag = $1 AND used_at_ms IS NULL AND expires_at_ms > $2")

struct error *
link_use(struct tx *tx, const uint8_t tag[CRYPTO_TAG_SIZE], bool *ret_used)
{
    struct cursor *cursor = cursor_start(tx->db, &link_spend);
    cursor_bind_bytes(cursor, 1, tag, CRYPTO_TAG_SIZE);
    cursor_bind_int(cursor, 2, tx->now_ms);
    return cursor_run_one(cursor, ret_used);
}

STATEMENT_WRITE(link_void_user, "UPDATE user_link SET used_at_ms = $1 WHERE user_id = $2 AND used_at_ms IS NULL")
STATEMENT_WRITE(link_void_first, "UPDATE user_link SET used_at_ms = $1 WHERE user_id IS NULL AND used_at_ms IS NULL")

struct error *
link_void(struct tx *tx, struct id user_id)
{
    bool first = id_is_zero(user_id);
    struct cursor *cursor = cursor_start(tx->db, first ? &link_void_first : &link_void_user);
    cursor_bind_int(cursor, 1, tx->now_ms);
    if (!first)
        cursor_bind_id(cursor, 2, user_id);
    return cursor_run(cursor, NULL);
}

STATEMENT_WRITE(grant_add, "INSERT INTO pending_grant (id, user_id, kind, role, state, made_by, made_at_ms, decided_by, decided_at_ms) "
                           "VALUES ($1, $2, $3, $4, 'open', $5, $6, NULL, NULL)")

struct error *
grant_insert(struct tx *tx, const struct grant *grant)
{
    struct cursor *cursor = cursor_start(tx->db, &grant_add);
    cursor_bind_id(cursor, 1, grant->id);
    cursor_bind_id(cursor, 2, grant->user_id);
    cursor_bind_text(cursor, 3, grant->kind);
    cursor_bind_text(cursor, 4, grant->role);
    cursor_bind_id(cursor, 5, grant->made_by);
    cursor_bind_int(cursor, 6, tx->now_ms);
    return cursor_run(cursor, NULL);
}

#define GRANT_COLUMNS \
    "SELECT g.id, g.user_id, g.made_by, u.username, m.username, g.kind, g.role, g.state, g.made_at_ms FROM pending_grant AS g " \
    "JOIN user_account AS u ON u.id = g.user_id LEFT JOIN user_account AS m ON m.id = g.made_by "

static void
read_grant(struct cursor *cursor, struct arena *arena, void *ret_grant)
{
    *(struct grant *)ret_grant = (struct grant){.id = cursor_id(cursor, 0),
                                                .user_id = cursor_id(cursor, 1),
                                                .made_by = cursor_id(cursor, 2),
                                                .username = cursor_text(cursor, arena, 3),
                                                .made_by_name = cursor_text(cursor, arena, 4),
                                                .kind = cursor_text(cursor, arena, 5),
                                                .role = cursor_text(cursor, arena, 6),
                                                .state = cursor_text(cursor, arena, 7),
                                                .made_at_ms = cursor_int(cursor, 8)};
}

STATEMENT_READ(grant_by_id, GRANT_COLUMNS "WHERE g.id = $1")

struct error *
grant_find(struct tx *tx, struct id id, struct grant *ret_grant, bool *ret_found)
{
    struct cursor *cursor = cursor_start(tx->db, &grant_by_id);
    cursor_bind_id(cursor, 1, id);
    return cursor_one(cursor, tx->arena, read_grant, ret_grant, ret_found);
}

STATEMENT_READ(grant_open, GRANT_COLUMNS "WHERE g.state = 'open' AND g.id > $1 ORDER BY g.id LIMIT $2")

struct error *
grant_list_open(struct tx *tx, struct id after, int limit, struct grant *ret_grants, size_t *ret_count)
{
    struct cursor *cursor = cursor_start(tx->db, &grant_open);
    cursor_bind_bytes(cursor, 1, after.bytes, sizeof after.bytes);
    cursor_bind_int(cursor, 2, limit);
    return cursor_fill(cursor, tx->arena, read_grant, ret_grants, sizeof *ret_grants, limit, ret_count);
}

STATEMENT_READ(grant_of_user, GRANT_COLUMNS "WHERE g.user_id = $1 AND g.state = 'open' ORDER BY g.id LIMIT $2")

struct error *
grant_list_user(struct tx *tx, struct id user_id, int limit, struct grant *ret_grants, size_t *ret_count)
{
    struct cursor *cursor = cursor_start(tx->db, &grant_of_user);
    cursor_bind_id(cursor, 1, user_id);
    cursor_bind_int(cursor, 2, limit);
    return cursor_fill(cursor, tx->arena, read_grant, ret_grants, sizeof *ret_grants, limit, ret_count);
}

STATEMENT_WRITE(grant_close, "UPDATE pending_grant SET state = $2, decided_by = $3, decided_at_ms = $4 WHERE id = $1 AND state = 'open'")

struct error *
grant_decide(struct tx *tx, struct id id, const char *state, struct id decided_by, bool *ret_changed)
{
    struct cursor *cursor = cursor_start(tx->db, &grant_close);
    cursor_bind_id(cursor, 1, id);
    cursor_bind_text(cursor, 2, state);
    cursor_bind_id(cursor, 3, decided_by);
    cursor_bind_int(cursor, 4, tx->now_ms);
    return cursor_run_one(cursor, ret_changed);
}
