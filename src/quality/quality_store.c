/* quality_store.c: SQL of corrections. */
#include "quality/quality_store.h"

STATEMENT_WRITE(quality_insert, "INSERT INTO quality_task (id, household_id, check_name, assigned_to, state, due_on, made_by, made_at_ms) VALUES ($1, $2, $3, $4, 'open', "
                                "$5, $6, $7) ON CONFLICT (household_id, check_name, assigned_to) WHERE state = 'open' DO NOTHING")

struct error *
quality_store_insert(struct tx *tx, const struct quality_task *task, bool *ret_made)
{
    struct cursor *cursor = cursor_start(tx->db, &quality_insert);
    cursor_bind_id(cursor, 1, task->id);
    cursor_bind_id(cursor, 2, task->household_id);
    cursor_bind_text(cursor, 3, task->check);
    cursor_bind_id(cursor, 4, task->assigned_to);
    cursor_bind_int_or_null(cursor, 5, !task->has_due_on, task->due_on);
    cursor_bind_id(cursor, 6, task->made_by);
    cursor_bind_int(cursor, 7, tx->now_ms);
    return cursor_run_one(cursor, ret_made);
}

static void
read_task(struct cursor *cursor, struct arena *arena, void *ret_row)
{
    *(struct quality_task *)ret_row = (struct quality_task){
        .id = cursor_id(cursor, 0), .household_id = cursor_id(cursor, 1), .check = cursor_text(cursor, arena, 2), .assigned_to = cursor_id(cursor, 3),
        .state = cursor_text(cursor, arena, 4), .has_due_on = !cursor_is_null(cursor, 5), .due_on = (int32_t)cursor_int(cursor, 5), .made_by = cursor_id(cursor, 6),
        .made_at_ms = cursor_int(cursor, 7)};
}

#define COLUMNS "t.id, t.household_id, t.check_name, t.assigned_to, t.state, t.due_on, t.made_by, t.made_at_ms"
STATEMENT_READ(quality_load, "SELECT " COLUMNS " FROM quality_task t JOIN household h ON h.id = t.household_id WHERE t.id = $1 AND ($3 = 1 OR EXISTS (SELECT 1 FROM "
                             "user_scope s WHERE s.user_id = $2 AND s.region_id = h.region_id))")

struct error *
quality_store_load(struct tx *tx, const struct actor *actor, struct id id, struct quality_task *ret_task, bool *ret_found)
{
    struct cursor *cursor = cursor_start(tx->db, &quality_load);
    cursor_bind_id(cursor, 1, id);
    cursor_bind_id(cursor, 2, actor->user_id);
    cursor_bind_int(cursor, 3, actor->all_regions);
    return cursor_one(cursor, tx->arena, read_task, ret_task, ret_found);
}

STATEMENT_WRITE(quality_close, "UPDATE quality_task SET state = $2, closed_by = $3, closed_at_ms = $4 WHERE id = $1 AND state = 'open'")

struct error *
quality_store_close(struct tx *tx, const struct actor *actor, struct id id, const char *state, bool *ret_closed)
{
    struct cursor *cursor = cursor_start(tx->db, &quality_close);
    cursor_bind_id(cursor, 1, id);
    cursor_bind_text(cursor, 2, state);
    cursor_bind_id(cursor, 3, actor->user_id);
    cursor_bind_int(cursor, 4, tx->now_ms);
    return cursor_run_one(cursor, ret_closed);
}

STATEMENT_READ(quality_list, "SELECT " COLUMNS " FROM quality_task t WHERE t.assigned_to = $1 AND t.state = 'open' AND t.id > $2 ORDER BY t.id LIMIT $3")

struct error *
quality_store_list(struct tx *tx, struct id user_id, struct id after, int limit, struct quality_task *ret_tasks, size_t *ret_count)
{
    struct cursor *cursor = cursor_start(tx->db, &quality_list);
    cursor_bind_id(cursor, 1, user_id);
    cursor_bind_bytes(cursor, 2, after.bytes, sizeof after.bytes);
    cursor_bind_int(cursor, 3, limit);
    return cursor_fill(cursor, tx->arena, read_task, ret_tasks, sizeof *ret_tasks, limit, ret_count);
}

STATEMENT_READ(quality_count, "SELECT count(*) FROM quality_task WHERE assigned_to = $1 AND state = 'open'")

struct error *
quality_store_count(struct tx *tx, struct id user_id, int64_t *ret_count)
{
    struct cursor *cursor = cursor_start(tx->db, &quality_count);
    cursor_bind_id(cursor, 1, user_id);
    return cursor_one(cursor, NULL, cursor_read_int, ret_count, NULL);
}
