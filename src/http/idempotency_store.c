/* idempotency_store.c: what a client's operation id led to, written in the transaction of the effect; never expires. */
#include "http/pipeline.h"

static void
read_stored(struct cursor *cursor, struct arena *arena, void *ret_stored)
{
    struct stored_operation *stored = ret_stored;
    stored->method = cursor_text(cursor, arena, 0);
    stored->route = cursor_text(cursor, arena, 1);
    stored->body_tag = cursor_bytes(cursor, arena, 2);
    stored->status = cursor_int(cursor, 3);
    stored->record_id = cursor_id(cursor, 4);
    stored->version = cursor_is_null(cursor, 5) ? -1 : cursor_int(cursor, 5);
}

STATEMENT_READ(idempotency_by_key,
               "SELECT method, route, body_tag, status, record_id, version FROM idempotency WHERE actor_id = $1 AND operation = $2")

struct error *
idempotency_find(struct tx *tx, struct id actor_id, struct id operation, bool *ret_found, struct stored_operation *ret_stored)
{
    struct cursor *cursor = cursor_start(tx->db, &idempotency_by_key);
    cursor_bind_id(cursor, 1, actor_id);
    cursor_bind_id(cursor, 2, operation);
    return cursor_one(cursor, tx->arena, read_stored, ret_stored, ret_found);
}

STATEMENT_WRITE(idempotency_add,
                "INSERT INTO idempotency (actor_id, operation, method, route, body_tag, status, record_id, version, at_ms) "
                "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)")

struct error *
idempotency_insert(struct tx *tx, struct id actor_id, struct id operation, const struct stored_operation *stored)
{
    struct cursor *cursor = cursor_start(tx->db, &idempotency_add);
    cursor_bind_id(cursor, 1, actor_id);
    cursor_bind_id(cursor, 2, operation);
    cursor_bind_text(cursor, 3, stored->method);
    cursor_bind_text(cursor, 4, stored->route);
    cursor_bind_bytes(cursor, 5, stored->body_tag.data, stored->body_tag.length);
    cursor_bind_int(cursor, 6, stored->status);
    cursor_bind_id(cursor, 7, stored->record_id);
    cursor_bind_int_or_null(cursor, 8, stored->version < 0, stored->version);
    cursor_bind_int(cursor, 9, tx->now_ms);
    return cursor_run(cursor, NULL);
}
