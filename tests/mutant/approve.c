/* approve.c: mutant of figure 5: check, then update. The state of a batch and what is released of it are read before the lane, the state is
 * moved without asking for the old one in WHERE, and the database's own guards of states, approvals and released lines are gone. */
#include "before_lane.h"

#include "payment/batch_store.h"

const struct schema_cut schema_cuts[] = {
    {"CREATE TRIGGER batch_state_step ", "CREATE TEMP TRIGGER batch_state_step "},
    {"CREATE TRIGGER batch_approval_digest ", "CREATE TEMP TRIGGER batch_approval_digest "},
    {"CREATE TRIGGER batch_enough_approvals ", "CREATE TEMP TRIGGER batch_enough_approvals "},
    {"item_id BLOB NOT NULL UNIQUE REFERENCES", "item_id BLOB NOT NULL REFERENCES"},
    {"reference TEXT NOT NULL UNIQUE", "reference TEXT NOT NULL"},
    {0},
};

STATEMENT_WRITE(mutant_batch_move, "UPDATE batch SET state = $2 WHERE id = $1")

struct error *__real_batch_store_load(struct tx *tx, struct id id, struct batch *ret_batch, bool *ret_found);
struct error *__wrap_batch_store_load(struct tx *tx, struct id id, struct batch *ret_batch, bool *ret_found);
struct error *__real_batch_store_is_released(struct tx *tx, struct id item_id, bool *ret_released);
struct error *__wrap_batch_store_is_released(struct tx *tx, struct id item_id, bool *ret_released);
struct error *__wrap_batch_store_move(struct tx *tx, struct id id, const char *from, const char *to, bool *ret_moved);

/* The first look of an act is its check; what it reads afterwards is what it works on. */
struct error *
__wrap_batch_store_load(struct tx *tx, struct id id, struct batch *ret_batch, bool *ret_found)
{
    static int64_t checked_job;
    bool is_check = tx->writable && checked_job != before_lane_job();
    if (!is_check)
        return __real_batch_store_load(tx, id, ret_batch, ret_found);
    checked_job = before_lane_job();
    struct tx early = before_lane(tx);
    TRY(__real_batch_store_load(&early, id, ret_batch, ret_found));
    return *ret_found ? NULL : __real_batch_store_load(tx, id, ret_batch, ret_found); /* made by this very act */
}

struct error *
__wrap_batch_store_is_released(struct tx *tx, struct id item_id, bool *ret_released)
{
    struct tx early = before_lane(tx);
    return __real_batch_store_is_released(&early, item_id, ret_released);
}

struct error *
__wrap_batch_store_move(struct tx *tx, struct id id, const char *from, const char *to, bool *ret_moved)
{
    (void)from;
    struct cursor *cursor = cursor_start(tx->db, &mutant_batch_move);
    cursor_bind_id(cursor, 1, id);
    cursor_bind_text(cursor, 2, to);
    *ret_moved = true;
    return cursor_run(cursor, NULL);
}
