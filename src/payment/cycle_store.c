/* cycle_store.c: SQL of cycles. */
#include "payment/cycle_store.h"

STATEMENT_WRITE(cycle_insert, "INSERT INTO cycle (id, program_id, name, starts_on, ends_on, reference_date, state, version, created_at_ms) "
                              "VALUES ($1, $2, $3, $4, $5, $6, 'open', 1, $7)")

struct error *
cycle_store_insert(struct tx *tx, const struct cycle *cycle)
{
    struct cursor *cursor = cursor_start(tx->db, &cycle_insert);
    cursor_bind_id(cursor, 1, cycle->id);
    cursor_bind_id(cursor, 2, cycle->program_id);
    cursor_bind_text(cursor, 3, cycle->name);
    cursor_bind_int(cursor, 4, cycle->starts_on);
    cursor_bind_int(cursor, 5, cycle->ends_on);
    cursor_bind_int(cursor, 6, cycle->reference_date);
    cursor_bind_int(cursor, 7, tx->now_ms);
    return cursor_run(cursor, NULL);
}

#define CYCLE_COLUMNS "id, program_id, name, starts_on, ends_on, reference_date, state, version"

static void
read_cycle(struct cursor *cursor, struct arena *arena, void *ret_row)
{
    *(struct cycle *)ret_row = (struct cycle){
        .id = cursor_id(cursor, 0), .program_id = cursor_id(cursor, 1), .name = cursor_text(cursor, arena, 2), .starts_on = (int32_t)cursor_int(cursor, 3),
        .ends_on = (int32_t)cursor_int(cursor, 4), .reference_date = (int32_t)cursor_int(cursor, 5), .state = cursor_text(cursor, arena, 6),
        .version = cursor_int(cursor, 7),
    };
}

STATEMENT_READ(cycle_by_id, "SELECT " CYCLE_COLUMNS " FROM cycle WHERE id = $1")

struct error *
cycle_store_load(struct tx *tx, struct id id, struct cycle *ret_cycle, bool *ret_found)
{
    struct cursor *cursor = cursor_start(tx->db, &cycle_by_id);
    cursor_bind_id(cursor, 1, id);
    return cursor_one(cursor, tx->arena, read_cycle, ret_cycle, ret_found);
}

STATEMENT_READ(cycle_page, "SELECT " CYCLE_COLUMNS " FROM cycle WHERE program_id = $1 AND id > $2 ORDER BY id LIMIT $3")

struct error *
cycle_store_list(struct tx *tx, struct id program_id, struct id after, int limit, struct cycle *ret_rows, size_t *ret_count)
{
    struct cursor *cursor = cursor_start(tx->db, &cycle_page);
    cursor_bind_id(cursor, 1, program_id);
    cursor_bind_bytes(cursor, 2, after.bytes, sizeof after.bytes);
    cursor_bind_int(cursor, 3, limit);
    return cursor_fill(cursor, tx->arena, read_cycle, ret_rows, sizeof *ret_rows, limit, ret_count);
}

STATEMENT_READ(cycle_busy, "SELECT count(*) FROM batch WHERE cycle_id = $1 AND state IN ('draft', 'locked', 'in_approval', 'approved')")

struct error *
cycle_store_busy_batches(struct tx *tx, struct id cycle_id, int64_t *ret_count)
{
    struct cursor *cursor = cursor_start(tx->db, &cycle_busy);
    cursor_bind_id(cursor, 1, cycle_id);
    return cursor_one(cursor, NULL, cursor_read_int, ret_count, NULL);
}

STATEMENT_WRITE(cycle_set_closed, "UPDATE cycle SET state = 'closed', version = version + 1 WHERE id = $1 AND state = 'open'")

struct error *
cycle_store_close(struct tx *tx, struct id id)
{
    struct cursor *cursor = cursor_start(tx->db, &cycle_set_closed);
    cursor_bind_id(cursor, 1, id);
    return cursor_run(cursor, NULL);
}
