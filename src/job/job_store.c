/* job_store.c: rows of `job`. */
#include "job/job_store.h"

#include "lumbung/base/json.h"

STATEMENT_WRITE(job_insert, "INSERT INTO job (id, kind, state, actor_id, done, total, input, result, created_at_ms) "
                            "VALUES ($1, $2, 'open', $3, 0, $4, $5, $6, $7)")

struct error *
job_store_insert(struct tx *tx, struct id id, const char *kind, struct id actor_id, int64_t total, const char *input)
{
    struct cursor *cursor = cursor_start(tx->db, &job_insert);
    cursor_bind_id(cursor, 1, id);
    cursor_bind_text(cursor, 2, kind);
    cursor_bind_id(cursor, 3, actor_id);
    cursor_bind_int(cursor, 4, total);
    cursor_bind_text(cursor, 5, input);
    cursor_bind_text(cursor, 6, "{}");
    cursor_bind_int(cursor, 7, tx->now_ms);
    return cursor_run(cursor, NULL);
}

static void
read_job(struct cursor *cursor, struct arena *arena, void *ret_row)
{
    *(struct job_row *)ret_row = (struct job_row){
        .id = cursor_id(cursor, 0), .kind = cursor_text(cursor, arena, 1), .state = cursor_text(cursor, arena, 2), .actor_id = cursor_id(cursor, 3),
        .done = cursor_int(cursor, 4), .total = cursor_int(cursor, 5), .input = cursor_text(cursor, arena, 6), .result = cursor_text(cursor, arena, 7),
        .cursor = cursor_text(cursor, arena, 8),
    };
}

STATEMENT_READ(job_by_id, "SELECT id, kind, state, actor_id, done, total, input, result, position FROM job WHERE id = $1")

struct error *
job_store_load(struct tx *tx, struct id id, struct job_row *ret_row, bool *ret_found)
{
    struct cursor *cursor = cursor_start(tx->db, &job_by_id);
    cursor_bind_id(cursor, 1, id);
    return cursor_one(cursor, tx->arena, read_job, ret_row, ret_found);
}

STATEMENT_READ(job_next_open, "SELECT id, kind, state, actor_id, done, total, input, result, position FROM job "
                              "WHERE state = 'open' ORDER BY id LIMIT 1")

struct error *
job_store_next_open(struct tx *tx, struct job_row *ret_row, bool *ret_found)
{
    return cursor_one(cursor_start(tx->db, &job_next_open), tx->arena, read_job, ret_row, ret_found);
}

STATEMENT_WRITE(job_progress, "UPDATE job SET done = $2, total = $3, result = $4, position = $5 WHERE id = $1 AND state = 'open'")

struct error *
job_store_progress(struct tx *tx, struct id id, int64_t done, int64_t total, const char *result, const char *position)
{
    struct cursor *cursor = cursor_start(tx->db, &job_progress);
    cursor_bind_id(cursor, 1, id);
    cursor_bind_int(cursor, 2, done);
    cursor_bind_int(cursor, 3, total);
    cursor_bind_text(cursor, 4, result);
    cursor_bind_text(cursor, 5, position);
    return cursor_run(cursor, NULL);
}

STATEMENT_WRITE(job_finish, "UPDATE job SET state = $2, result = coalesce($3, result), finished_at_ms = $4 WHERE id = $1 AND state = 'open'")

struct error *
job_store_finish(struct tx *tx, struct id id, const char *state, const char *result, int64_t *ret_changed)
{
    struct cursor *cursor = cursor_start(tx->db, &job_finish);
    cursor_bind_id(cursor, 1, id);
    cursor_bind_text(cursor, 2, state);
    cursor_bind_text(cursor, 3, result);
    cursor_bind_int(cursor, 4, tx->now_ms);
    return cursor_run(cursor, ret_changed);
}
