/* instance_store.c: the row of `registry`. */
#include "command/instance_store.h"

static void
read_registry(struct cursor *cursor, struct arena *arena, void *ret_row)
{
    *(struct registry_row *)ret_row = (struct registry_row){.id = cursor_id(cursor, 0),
                                                            .origin = cursor_id(cursor, 1),
                                                            .name = cursor_text(cursor, arena, 2),
                                                            .key_fingerprint = cursor_bytes(cursor, arena, 3),
                                                            .is_demo = cursor_int(cursor, 4) != 0};
}

STATEMENT_READ(registry_row_select, "SELECT id, origin, name, key_fingerprint, is_demo FROM registry WHERE one = 1")

struct error *
registry_row_load(struct tx *tx, struct registry_row *ret_row, bool *ret_found)
{
    return cursor_one(cursor_start(tx->db, &registry_row_select), tx->arena, read_registry, ret_row, ret_found);
}

STATEMENT_WRITE(registry_row_add, "INSERT INTO registry (one, id, origin, name, key_fingerprint, is_demo, created_at_ms) "
                                  "VALUES (1, $1, $2, $3, $4, $5, $6)")

struct error *
registry_row_insert(struct tx *tx, const struct registry_row *row)
{
    struct cursor *cursor = cursor_start(tx->db, &registry_row_add);
    cursor_bind_id(cursor, 1, row->id);
    cursor_bind_id(cursor, 2, row->origin);
    cursor_bind_text(cursor, 3, row->name);
    cursor_bind_bytes(cursor, 4, row->key_fingerprint.data, row->key_fingerprint.length);
    cursor_bind_int(cursor, 5, row->is_demo);
    cursor_bind_int(cursor, 6, tx->now_ms);
    return cursor_run(cursor, NULL);
}

STATEMENT_WRITE(registry_row_set_origin, "UPDATE registry SET origin = $1 WHERE one = 1")

struct error *
registry_row_renew_origin(struct tx *tx, struct id origin)
{
    struct cursor *cursor = cursor_start(tx->db, &registry_row_set_origin);
    cursor_bind_id(cursor, 1, origin);
    return cursor_run(cursor, NULL);
}
