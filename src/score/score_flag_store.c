/* score_flag_store.c: SQL of the agency's flags and of the counts of all flags. */
#include "score/score_flag.h"

STATEMENT_WRITE(score_flag_insert, "INSERT INTO flag_definition (id, name, definition_version, state, definition, created_at_ms, created_by) "
                                   "VALUES ($1, $2, $3, 'active', $4, $5, $6)")

struct error *
score_flag_store_insert(struct tx *tx, const struct actor *actor, const struct score_flag_row *row)
{
    struct cursor *cursor = cursor_start(tx->db, &score_flag_insert);
    cursor_bind_id(cursor, 1, row->id);
    cursor_bind_text(cursor, 2, row->name);
    cursor_bind_int(cursor, 3, row->version);
    cursor_bind_text(cursor, 4, row->definition);
    cursor_bind_int(cursor, 5, tx->now_ms);
    cursor_bind_id(cursor, 6, actor->user_id);
    return cursor_run(cursor, NULL);
}

static void
read_flag(struct cursor *cursor, struct arena *arena, void *ret_row)
{
    *(struct score_flag_row *)ret_row = (struct score_flag_row){
        .id = cursor_id(cursor, 0), .name = cursor_text(cursor, arena, 1), .version = cursor_int(cursor, 2), .state = cursor_text(cursor, arena, 3),
        .definition = cursor_text(cursor, arena, 4), .created_at_ms = cursor_int(cursor, 5),
    };
}

#define FLAG_SELECT "SELECT id, name, definition_version, state, definition, created_at_ms FROM flag_definition "
STATEMENT_READ(score_flag_by_id, FLAG_SELECT "WHERE id = $1")

struct error *
score_flag_store_load(struct tx *tx, struct id id, struct score_flag_row *ret_row, bool *ret_found)
{
    struct cursor *cursor = cursor_start(tx->db, &score_flag_by_id);
    cursor_bind_id(cursor, 1, id);
    return cursor_one(cursor, tx->arena, read_flag, ret_row, ret_found);
}

STATEMENT_READ(score_flag_current, FLAG_SELECT "WHERE state IN ('active', 'retired') ORDER BY name LIMIT 200")

struct error *
score_flag_store_current(struct tx *tx, struct score_flag_row **ret_rows, size_t *ret_count)
{
    return cursor_collect(cursor_start(tx->db, &score_flag_current), tx->arena, read_flag, ret_rows, sizeof **ret_rows, ret_count);
}

STATEMENT_READ(score_flag_last_version, "SELECT coalesce(max(definition_version), 0) FROM flag_definition WHERE name = $1")

struct error *
score_flag_store_last_version(struct tx *tx, const char *name, int64_t *ret_version)
{
    struct cursor *cursor = cursor_start(tx->db, &score_flag_last_version);
    cursor_bind_text(cursor, 1, name);
    return cursor_one(cursor, NULL, cursor_read_int, ret_version, NULL);
}

STATEMENT_WRITE(score_flag_replace, "UPDATE flag_definition SET state = 'replaced' WHERE name = $1 AND state <> 'replaced'")

struct error *
score_flag_store_replace(struct tx *tx, const char *name)
{
    struct cursor *cursor = cursor_start(tx->db, &score_flag_replace);
    cursor_bind_text(cursor, 1, name);
    return cursor_run(cursor, NULL);
}

STATEMENT_WRITE(score_flag_retire_one, "UPDATE flag_definition SET state = 'retired' WHERE id = $1 AND state = 'active'")

struct error *
score_flag_store_retire(struct tx *tx, struct id id, bool *ret_retired)
{
    struct cursor *cursor = cursor_start(tx->db, &score_flag_retire_one);
    cursor_bind_id(cursor, 1, id);
    return cursor_run_one(cursor, ret_retired);
}

/* --- counts ------------------------------------------------------------------------------------------------------------------------------- */

STATEMENT_WRITE(score_flag_run_insert, "INSERT INTO flag_run (id, counted_on) VALUES ($1, $2)")

struct error *
score_flag_store_run_start(struct tx *tx, struct id run_id, int32_t on)
{
    struct cursor *cursor = cursor_start(tx->db, &score_flag_run_insert);
    cursor_bind_id(cursor, 1, run_id);
    cursor_bind_int(cursor, 2, on);
    return cursor_run(cursor, NULL);
}

STATEMENT_WRITE(score_flag_run_end, "UPDATE flag_run SET finished_at_ms = $2 WHERE id = $1")
STATEMENT_WRITE(score_flag_count_old, "DELETE FROM flag_count WHERE run_id IN (SELECT id FROM flag_run WHERE id < $1)")
STATEMENT_WRITE(score_flag_run_old, "DELETE FROM flag_run WHERE id < $1")

struct error *
score_flag_store_run_finish(struct tx *tx, struct id run_id)
{
    struct cursor *cursor = cursor_start(tx->db, &score_flag_run_end);
    cursor_bind_id(cursor, 1, run_id);
    cursor_bind_int(cursor, 2, tx->now_ms);
    TRY(cursor_run(cursor, NULL));
    cursor = cursor_start(tx->db, &score_flag_count_old);
    cursor_bind_id(cursor, 1, run_id);
    TRY(cursor_run(cursor, NULL));
    cursor = cursor_start(tx->db, &score_flag_run_old);
    cursor_bind_id(cursor, 1, run_id);
    return cursor_run(cursor, NULL);
}

STATEMENT_WRITE(score_flag_count_drop, "DELETE FROM flag_count WHERE run_id = $1")
STATEMENT_WRITE(score_flag_run_drop, "DELETE FROM flag_run WHERE id = $1 AND finished_at_ms IS NULL")

struct error *
score_flag_store_run_drop(struct tx *tx, struct id run_id)
{
    struct cursor *cursor = cursor_start(tx->db, &score_flag_count_drop);
    cursor_bind_id(cursor, 1, run_id);
    TRY(cursor_run(cursor, NULL));
    cursor = cursor_start(tx->db, &score_flag_run_drop);
    cursor_bind_id(cursor, 1, run_id);
    return cursor_run(cursor, NULL);
}

struct run { struct id id; int64_t on; };

static void
read_run(struct cursor *cursor, struct arena *arena, void *ret_row)
{
    (void)arena;
    *(struct run *)ret_row = (struct run){cursor_id(cursor, 0), cursor_int(cursor, 1)};
}

STATEMENT_READ(score_flag_run_last, "SELECT id, counted_on FROM flag_run WHERE finished_at_ms IS NOT NULL ORDER BY id DESC LIMIT 1")

struct error *
score_flag_store_run(struct tx *tx, struct id *ret_run_id, int32_t *ret_on, bool *ret_found)
{
    struct run run = {{{0}}, 0};
    TRY(cursor_one(cursor_start(tx->db, &score_flag_run_last), NULL, read_run, &run, ret_found));
    *ret_run_id = run.id;
    *ret_on = (int32_t)run.on;
    return NULL;
}

STATEMENT_READ(score_flag_run_open, "SELECT 1 FROM flag_run WHERE finished_at_ms IS NULL LIMIT 1")

struct error *
score_flag_store_run_open(struct tx *tx, bool *ret_open)
{
    return cursor_exists(cursor_start(tx->db, &score_flag_run_open), ret_open);
}

STATEMENT_WRITE(score_flag_count_add, "INSERT INTO flag_count (region_id, run_id, flag, households, unknown) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (region_id, "
                                      "run_id, flag) DO UPDATE SET households = flag_count.households + excluded.households, unknown = flag_count.unknown + excluded.unknown")

struct error *
score_flag_store_add(struct tx *tx, struct id run_id, struct id region_id, const struct score_flag_sum *sum)
{
    struct cursor *cursor = cursor_start(tx->db, &score_flag_count_add);
    cursor_bind_id(cursor, 1, region_id);
    cursor_bind_id(cursor, 2, run_id);
    cursor_bind_text(cursor, 3, sum->flag);
    cursor_bind_int(cursor, 4, sum->households);
    cursor_bind_int(cursor, 5, sum->unknown);
    return cursor_run(cursor, NULL);
}

static void
read_sum(struct cursor *cursor, struct arena *arena, void *ret_row)
{
    *(struct score_flag_sum *)ret_row = (struct score_flag_sum){cursor_text(cursor, arena, 0), cursor_int(cursor, 1), cursor_int(cursor, 2)};
}

STATEMENT_READ(score_flag_sums, "SELECT f.flag, sum(f.households), sum(f.unknown) FROM region_closure c CROSS JOIN flag_count f WHERE c.ancestor = $1 AND f.region_id = "
                                "c.descendant AND f.run_id = $2 AND ($4 = 1 OR EXISTS (SELECT 1 FROM user_scope u WHERE u.user_id = $3 AND u.region_id = f.region_id)) "
                                "GROUP BY f.flag ORDER BY f.flag")

struct error *
score_flag_store_sums(struct tx *tx, const struct actor *actor, struct id run_id, struct id region_id, struct score_flag_sum **ret_sums, size_t *ret_count)
{
    struct cursor *cursor = cursor_start(tx->db, &score_flag_sums);
    cursor_bind_id(cursor, 1, region_id);
    cursor_bind_id(cursor, 2, run_id);
    cursor_bind_id(cursor, 3, actor->user_id);
    cursor_bind_int(cursor, 4, actor->all_regions);
    return cursor_collect(cursor, tx->arena, read_sum, ret_sums, sizeof **ret_sums, ret_count);
}

STATEMENT_READ(score_flag_region, "SELECT region_id FROM household WHERE id = $1")

struct error *
score_flag_store_region(struct tx *tx, struct id household_id, struct id *ret_region_id)
{
    struct cursor *cursor = cursor_start(tx->db, &score_flag_region);
    cursor_bind_id(cursor, 1, household_id);
    return cursor_one(cursor, NULL, cursor_read_id, ret_region_id, NULL);
}
