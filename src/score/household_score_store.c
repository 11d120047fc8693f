/* household_score_store.c: SQL of the scores that households were given. */
#include "score/score_store.h"

STATEMENT_WRITE(household_score_insert, "INSERT INTO household_score (id, household_id, definition_id, value, sealed, household_version, scored_on, scored_at_ms, "
                                        "confirmed_at_ms) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8)")

struct error *
household_score_store_insert(struct tx *tx, const struct household_score_row *row)
{
    struct cursor *cursor = cursor_start(tx->db, &household_score_insert);
    cursor_bind_id(cursor, 1, row->id);
    cursor_bind_id(cursor, 2, row->household_id);
    cursor_bind_id(cursor, 3, row->definition_id);
    cursor_bind_text(cursor, 4, row->value);
    cursor_bind_bytes(cursor, 5, row->sealed.data, row->sealed.length);
    cursor_bind_int(cursor, 6, row->household_version);
    cursor_bind_int(cursor, 7, row->scored_on);
    cursor_bind_int(cursor, 8, tx->now_ms);
    return cursor_run(cursor, NULL);
}

STATEMENT_WRITE(household_score_confirm, "UPDATE household_score SET confirmed_at_ms = $2, household_version = $3, scored_on = $4 WHERE id = $1")

struct error *
household_score_store_confirm(struct tx *tx, struct id id, int64_t household_version, int32_t on)
{
    struct cursor *cursor = cursor_start(tx->db, &household_score_confirm);
    cursor_bind_id(cursor, 1, id);
    cursor_bind_int(cursor, 2, tx->now_ms);
    cursor_bind_int(cursor, 3, household_version);
    cursor_bind_int(cursor, 4, on);
    return cursor_run(cursor, NULL);
}

static void
read_score(struct cursor *cursor, struct arena *arena, void *ret_row)
{
    *(struct household_score_row *)ret_row = (struct household_score_row){
        .id = cursor_id(cursor, 0), .household_id = cursor_id(cursor, 1), .definition_id = cursor_id(cursor, 2), .value = cursor_text(cursor, arena, 3),
        .sealed = cursor_bytes(cursor, arena, 4), .household_version = cursor_int(cursor, 5), .scored_on = (int32_t)cursor_int(cursor, 6),
        .scored_at_ms = cursor_int(cursor, 7), .confirmed_at_ms = cursor_int(cursor, 8), .name = cursor_text(cursor, arena, 9),
        .version = cursor_int(cursor, 10), .state = cursor_text(cursor, arena, 11),
    };
}

#define SCORE_SELECT \
    "SELECT s.id, s.household_id, s.definition_id, s.value, s.sealed, s.household_version, s.scored_on, s.scored_at_ms, s.confirmed_at_ms, d.name, " \
    "d.definition_version, d.state FROM household_score s JOIN score_definition d ON d.id = s.definition_id "
STATEMENT_READ(household_score_newest, SCORE_SELECT "WHERE s.household_id = $1 AND s.definition_id = $2 ORDER BY s.id DESC LIMIT 1")

struct error *
household_score_store_latest(struct tx *tx, struct id household_id, struct id definition_id, struct household_score_row *ret_row, bool *ret_found)
{
    struct cursor *cursor = cursor_start(tx->db, &household_score_newest);
    cursor_bind_id(cursor, 1, household_id);
    cursor_bind_id(cursor, 2, definition_id);
    return cursor_one(cursor, tx->arena, read_score, ret_row, ret_found);
}

STATEMENT_READ(score_history_of_household, SCORE_SELECT "WHERE s.household_id = $1 ORDER BY s.definition_id DESC, s.id DESC LIMIT 100")

struct error *
household_score_store_list(struct tx *tx, struct id household_id, struct household_score_row *ret_rows, size_t *ret_count)
{
    struct cursor *cursor = cursor_start(tx->db, &score_history_of_household);
    cursor_bind_id(cursor, 1, household_id);
    return cursor_fill(cursor, tx->arena, read_score, ret_rows, sizeof *ret_rows, SCORE_HISTORY_MAX, ret_count);
}

STATEMENT_READ(household_score_household, "SELECT version FROM household WHERE id = $1 AND state = 'active'")

struct error *
household_score_store_household(struct tx *tx, struct id household_id, int64_t *ret_version, bool *ret_found)
{
    struct cursor *cursor = cursor_start(tx->db, &household_score_household);
    cursor_bind_id(cursor, 1, household_id);
    return cursor_one(cursor, NULL, cursor_read_int, ret_version, ret_found);
}

STATEMENT_READ(score_households_total, "SELECT count(*) FROM household WHERE state = 'active'")

struct error *
household_score_store_total(struct tx *tx, int64_t *ret_total)
{
    return cursor_one(cursor_start(tx->db, &score_households_total), NULL, cursor_read_int, ret_total, NULL);
}
