/* report_store.c: SQL of what waits for people. */
#include "report/report_store.h"

static void
read_batch(struct cursor *cursor, struct arena *arena, void *ret_row)
{
    *(struct task_batch *)ret_row = (struct task_batch){
        .id = cursor_id(cursor, 0), .program = cursor_text(cursor, arena, 1), .cycle = cursor_text(cursor, arena, 2), .since_ms = cursor_int(cursor, 3),
        .count = cursor_int(cursor, 4), .total_minor = cursor_int(cursor, 5), .currency = cursor_text(cursor, arena, 6),
    };
}

/* Batches in the states that wait for somebody. */
#define TASK_SCOPE \
    " AND ($2 = 1 OR b.region_id IS NULL OR EXISTS (SELECT 1 FROM user_scope s WHERE s.user_id = $1 AND s.region_id = b.region_id))" \
    " AND ($3 = 1 OR EXISTS (SELECT 1 FROM user_program u WHERE u.user_id = $1 AND u.program_id = b.program_id))"
STATEMENT_READ(task_batches, "SELECT b.id, p.name, c.name, b.submitted_at_ms, b.item_count, b.total_minor, b.currency FROM batch b JOIN program p ON p.id = "
                             "b.program_id JOIN cycle c ON c.id = b.cycle_id WHERE b.state = $4" TASK_SCOPE
                             " AND ($5 = 0 OR NOT EXISTS (SELECT 1 FROM batch_duty d WHERE d.batch_id = b.id AND d.user_id = $1)) ORDER BY b.id LIMIT 20")

struct error *
report_store_batches(struct tx *tx, const struct actor *actor, const char *state, bool not_touched, struct task_batch *ret_rows, size_t *ret_count)
{
    struct cursor *cursor = cursor_start(tx->db, &task_batches);
    cursor_bind_id(cursor, 1, actor->user_id);
    cursor_bind_int(cursor, 2, actor->all_regions);
    cursor_bind_int(cursor, 3, actor->all_programs);
    cursor_bind_text(cursor, 4, state);
    cursor_bind_int(cursor, 5, not_touched);
    return cursor_fill(cursor, tx->arena, read_batch, ret_rows, sizeof *ret_rows, TASKS_MAX, ret_count);
}

static void
read_proposals(struct cursor *cursor, struct arena *arena, void *ret_row)
{
    *(struct task_proposals *)ret_row = (struct task_proposals){cursor_id(cursor, 0), cursor_text(cursor, arena, 1), cursor_int(cursor, 2)};
}

#define PROPOSALS(from) \
    "SELECT p.id, p.name, sum(s.enrollments) FROM program p CROSS JOIN " from " AND p.state = 'active' AND s.program_id = p.id AND s.state = 'proposed' AND ($2 = 1 " \
    "OR EXISTS (SELECT 1 FROM user_program u WHERE u.user_id = $1 AND u.program_id = p.id)) GROUP BY p.id, p.name HAVING sum(s.enrollments) > 0 ORDER BY p.id LIMIT 20"
STATEMENT_READ(task_proposals_all, PROPOSALS("enrollment_sum s WHERE $3 = 1"))
STATEMENT_READ(task_proposals_scope, PROPOSALS("user_scope w CROSS JOIN enrollment_sum s WHERE $3 = 0 AND w.user_id = $1 AND s.region_id = w.region_id"))

struct error *
report_store_proposals(struct tx *tx, const struct actor *actor, struct task_proposals *ret_rows, size_t *ret_count)
{
    struct cursor *cursor = cursor_start(tx->db, actor->all_regions ? &task_proposals_all : &task_proposals_scope);
    cursor_bind_id(cursor, 1, actor->user_id);
    cursor_bind_int(cursor, 2, actor->all_programs);
    cursor_bind_int(cursor, 3, actor->all_regions);
    return cursor_fill(cursor, tx->arena, read_proposals, ret_rows, sizeof *ret_rows, TASKS_MAX, ret_count);
}

STATEMENT_READ(task_open_all, "SELECT coalesce(sum(s.lines), 0) FROM disbursement_total s WHERE s.batch_id = $1 AND s.state IN ('pending', 'partly_paid')")
STATEMENT_READ(task_open_scope, "SELECT coalesce(sum(s.lines), 0) FROM user_scope w CROSS JOIN disbursement_sum s WHERE w.user_id = $2 AND s.region_id = w.region_id "
                                "AND s.batch_id = $1 AND s.state IN ('pending', 'partly_paid')")

struct error *
report_store_open_lines(struct tx *tx, const struct actor *actor, struct id batch_id, int64_t *ret_count)
{
    struct cursor *cursor = cursor_start(tx->db, actor->all_regions ? &task_open_all : &task_open_scope);
    cursor_bind_id(cursor, 1, batch_id);
    if (!actor->all_regions)
        cursor_bind_id(cursor, 2, actor->user_id);
    return cursor_one(cursor, NULL, cursor_read_int, ret_count, NULL);
}
