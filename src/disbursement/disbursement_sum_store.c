/* disbursement_sum_store.c: counts and sums of lines, kept beside them: a line is taken out before it changes and put in again afterwards. Only the sums
 * of one household are added up from its lines. */
#include "disbursement/disbursement_columns.h"

#define RELEASED_ON "(d.released_at_ms + p.utc_offset_min * 60000) / 86400000 AS released_on"
#define TIMES_SIGN "$2 * count(*), $2 * sum(d.amount_minor), $2 * sum(d.received_minor), $2 * sum(d.open_minor), $2 * sum(d.given_back_minor)"
#define ADD_TO(table) \
    "DO UPDATE SET lines = " table ".lines + excluded.lines, amount_minor = " table ".amount_minor + excluded.amount_minor, received_minor = " table \
    ".received_minor + excluded.received_minor, open_minor = " table ".open_minor + excluded.open_minor, given_back_minor = " table \
    ".given_back_minor + excluded.given_back_minor"
#define ADD_SUM(present, from) \
    "INSERT INTO disbursement_sum (region_id, batch_id, released_on, state, present_region_id, lines, amount_minor, received_minor, open_minor, " \
    "given_back_minor) SELECT d.region_id, d.batch_id, " RELEASED_ON ", d.state, " present ", " TIMES_SIGN " FROM disbursement d " \
    "JOIN program p ON p.id = d.program_id " from " GROUP BY d.region_id, d.batch_id, released_on, d.state, " present \
    " ON CONFLICT (region_id, batch_id, released_on, state, present_region_id) " ADD_TO("disbursement_sum")

STATEMENT_WRITE(disbursement_total_add,
                "INSERT INTO disbursement_total (batch_id, released_on, state, lines, amount_minor, received_minor, open_minor, given_back_minor) "
                "SELECT d.batch_id, " RELEASED_ON ", d.state, " TIMES_SIGN " FROM disbursement d JOIN program p ON p.id = d.program_id WHERE d.id = $1 "
                "GROUP BY d.batch_id, released_on, d.state ON CONFLICT (batch_id, released_on, state) " ADD_TO("disbursement_total"))
STATEMENT_WRITE(disbursement_sum_add, ADD_SUM("h.region_id", "JOIN household h ON h.id = d.household_id WHERE d.id = $1"))

struct error *
disbursement_store_count(struct tx *tx, struct id id, int sign)
{
    const struct statement *const both[] = {&disbursement_total_add, &disbursement_sum_add};
    for (size_t i = 0; i < sizeof both / sizeof both[0]; i++) {
        struct cursor *cursor = cursor_start(tx->db, both[i]);
        cursor_bind_id(cursor, 1, id);
        cursor_bind_int(cursor, 2, sign);
        TRY(cursor_run(cursor, NULL));
    }
    return NULL;
}

STATEMENT_WRITE(disbursement_sum_relocate, ADD_SUM("g.id", "CROSS JOIN region g WHERE d.household_id = $1 AND g.id = $3"))

struct error *
disbursement_store_relocate(struct tx *tx, struct id household_id, struct id from_region_id, struct id to_region_id)
{
    const struct { struct id region_id; int sign; } steps[] = {{from_region_id, -1}, {to_region_id, 1}};
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        struct cursor *cursor = cursor_start(tx->db, &disbursement_sum_relocate);
        cursor_bind_id(cursor, 1, household_id);
        cursor_bind_int(cursor, 2, steps[i].sign);
        cursor_bind_id(cursor, 3, steps[i].region_id);
        TRY(cursor_run(cursor, NULL));
    }
    return NULL;
}

/* --- the sums of a filter --------------------------------------------------------------------------------------------------------------- */

#define IN_SCOPE(region) "EXISTS (SELECT 1 FROM user_scope o WHERE o.user_id = $1 AND o.region_id = " region ")"
#define IN_PROGRAM "($3 = 1 OR EXISTS (SELECT 1 FROM user_program u WHERE u.user_id = $1 AND u.program_id = b.program_id))"
#define SUMS(from) \
    "SELECT b.currency, s.state, sum(s.lines), sum(s.amount_minor), sum(s.received_minor), sum(s.open_minor), sum(s.given_back_minor) FROM " from \
    " AND b.id = s.batch_id AND ($4 IS NULL OR s.state = $4) AND ($6 IS NULL OR b.program_id = $6) AND ($7 IS NULL OR b.cycle_id = $7) AND ($8 IS NULL OR " \
    "b.id = $8) AND s.released_on >= $9 AND s.released_on <= $10 AND " IN_PROGRAM \
    " GROUP BY b.currency, s.state HAVING sum(s.lines) > 0 ORDER BY b.currency, s.state LIMIT $5"
STATEMENT_READ(disbursement_sums_all, SUMS("disbursement_total s CROSS JOIN batch b WHERE $2 = 1"))
STATEMENT_READ(disbursement_sums_batch, SUMS("batch b CROSS JOIN disbursement_total s WHERE $2 = 1 AND b.id = $11"))
STATEMENT_READ(disbursement_sums_cycle, SUMS("batch b CROSS JOIN disbursement_total s WHERE $2 = 1 AND b.cycle_id = $11"))
STATEMENT_READ(disbursement_sums_program, SUMS("batch b CROSS JOIN disbursement_total s WHERE $2 = 1 AND b.program_id = $11"))
STATEMENT_READ(disbursement_sums_subtree, SUMS("region_closure c CROSS JOIN disbursement_sum s CROSS JOIN batch b WHERE c.ancestor = $11 AND s.region_id = "
                                               "c.descendant AND ($2 = 1 OR " IN_SCOPE("s.region_id") " OR " IN_SCOPE("s.present_region_id") ")"))
#define SUM_COLUMNS "k.batch_id, k.released_on, k.state, k.lines, k.amount_minor, k.received_minor, k.open_minor, k.given_back_minor"
STATEMENT_READ(disbursement_sums_scope,
               SUMS("(SELECT " SUM_COLUMNS " FROM user_scope w CROSS JOIN disbursement_sum k WHERE w.user_id = $1 AND k.region_id = w.region_id UNION ALL "
                    "SELECT " SUM_COLUMNS " FROM user_scope w CROSS JOIN disbursement_sum k WHERE w.user_id = $1 AND k.present_region_id = w.region_id AND "
                    "k.present_region_id <> k.region_id AND NOT " IN_SCOPE("k.region_id") ") s CROSS JOIN batch b WHERE $2 = 0"))
STATEMENT_READ(disbursement_sums_household,
               "SELECT d.currency, d.state, count(*), sum(d.amount_minor), sum(d.received_minor), sum(d.open_minor), sum(d.given_back_minor) FROM disbursement d "
               "CROSS JOIN program p CROSS JOIN batch b WHERE d.household_id = $11 AND p.id = d.program_id AND b.id = d.batch_id AND ($4 IS NULL OR d.state = $4) "
               "AND ($6 IS NULL OR d.program_id = $6) AND ($7 IS NULL OR d.cycle_id = $7) AND ($8 IS NULL OR d.batch_id = $8) AND ($12 IS NULL OR EXISTS "
               "(SELECT 1 FROM region_closure k WHERE k.ancestor = $12 AND k.descendant = d.region_id)) AND (d.released_at_ms + p.utc_offset_min * 60000) / "
               "86400000 >= $9 AND (d.released_at_ms + p.utc_offset_min * 60000) / 86400000 <= $10 AND " IN_PROGRAM " AND ($2 = 1 OR " IN_SCOPE("d.region_id")
               " OR EXISTS (SELECT 1 FROM household h JOIN user_scope o ON o.region_id = h.region_id WHERE h.id = d.household_id AND o.user_id = $1)) "
               "GROUP BY d.currency, d.state ORDER BY d.currency, d.state LIMIT $5")

/* The statement that reads the fewest rows, and its key. */
static const struct statement *
sums_choose(const struct actor *actor, const struct disbursement_filter *filter, struct id *ret_key)
{
    const struct { struct id key; bool fits; const struct statement *statement; } choices[] = {
        {filter->household_id, true, &disbursement_sums_household}, {filter->region_id, true, &disbursement_sums_subtree},
        {filter->batch_id, actor->all_regions, &disbursement_sums_batch}, {filter->cycle_id, actor->all_regions, &disbursement_sums_cycle},
        {filter->program_id, actor->all_regions, &disbursement_sums_program},
    };
    for (size_t i = 0; i < sizeof choices / sizeof choices[0]; i++)
        if (choices[i].fits && !id_is_zero(choices[i].key)) {
            *ret_key = choices[i].key;
            return choices[i].statement;
        }
    return actor->all_regions ? &disbursement_sums_all : &disbursement_sums_scope;
}

static struct cursor *
sums_start(struct tx *tx, const struct actor *actor, const struct disbursement_filter *filter, int limit)
{
    struct id key = {{0}};
    const struct statement *statement = sums_choose(actor, filter, &key);
    struct cursor *cursor = cursor_start(tx->db, statement);
    disbursement_bind_scope(cursor, actor);
    cursor_bind_text(cursor, 4, filter->state);
    cursor_bind_int(cursor, 5, limit);
    cursor_bind_id(cursor, 6, filter->program_id);
    cursor_bind_id(cursor, 7, filter->cycle_id);
    cursor_bind_id(cursor, 8, filter->batch_id);
    cursor_bind_int(cursor, 9, filter->has_from ? filter->from : INT64_MIN);
    cursor_bind_int(cursor, 10, filter->has_to ? filter->to : INT64_MAX);
    if (!id_is_zero(key))
        cursor_bind_id(cursor, 11, key);
    if (statement == &disbursement_sums_household)
        cursor_bind_id(cursor, 12, filter->region_id);
    return cursor;
}

struct error *
disbursement_store_sums(struct tx *tx, const struct actor *actor, const struct disbursement_filter *filter, struct disbursement_sum *ret_rows, int limit,
                        size_t *ret_count)
{
    struct cursor *cursor = sums_start(tx, actor, filter, limit);
    *ret_count = 0;
    struct error *error = NULL;
    bool row = true;
    while (error == NULL && row && *ret_count < (size_t)limit) {
        error = cursor_next(cursor, &row);
        if (error == NULL && row)
            ret_rows[(*ret_count)++] = (struct disbursement_sum){
                .currency = cursor_text(cursor, tx->arena, 0), .state = cursor_text(cursor, tx->arena, 1), .count = cursor_int(cursor, 2),
                .amount_minor = cursor_int(cursor, 3), .received_minor = cursor_int(cursor, 4), .open_minor = cursor_int(cursor, 5),
                .given_back_minor = cursor_int(cursor, 6)};
    }
    cursor_end(cursor);
    return error;
}

/* --- counted anew, for verify ----------------------------------------------------------------------------------------------------------- */

#define COUNTED "count(*) AS lines, sum(d.amount_minor), sum(d.received_minor), sum(d.open_minor), sum(d.given_back_minor)"
#define KEPT "lines, amount_minor, received_minor, open_minor, given_back_minor"
#define TOTAL_KEPT "SELECT batch_id, released_on, state, " KEPT " FROM disbursement_total WHERE lines <> 0 OR amount_minor <> 0 OR received_minor <> 0"
#define TOTAL_COUNTED \
    "SELECT d.batch_id, " RELEASED_ON ", d.state, " COUNTED " FROM disbursement d JOIN program p ON p.id = d.program_id GROUP BY d.batch_id, released_on, d.state"
#define SUM_KEPT "SELECT region_id, batch_id, released_on, state, present_region_id, " KEPT " FROM disbursement_sum WHERE lines <> 0 OR amount_minor <> 0"
#define SUM_COUNTED \
    "SELECT d.region_id, d.batch_id, " RELEASED_ON ", d.state, h.region_id, " COUNTED " FROM disbursement d JOIN program p ON p.id = d.program_id JOIN " \
    "household h ON h.id = d.household_id GROUP BY d.region_id, d.batch_id, released_on, d.state, h.region_id"
#define DIFFERENCE(left, right) "SELECT 1 FROM (" left " EXCEPT " right ") z LIMIT 1"
STATEMENT_READ(disbursement_total_kept_alone, DIFFERENCE(TOTAL_KEPT, TOTAL_COUNTED))
STATEMENT_READ(disbursement_total_counted_alone, DIFFERENCE(TOTAL_COUNTED, TOTAL_KEPT))
STATEMENT_READ(disbursement_sum_kept_alone, DIFFERENCE(SUM_KEPT, SUM_COUNTED))
STATEMENT_READ(disbursement_sum_counted_alone, DIFFERENCE(SUM_COUNTED, SUM_KEPT))

struct error *
disbursement_store_miscounted(struct tx *tx, bool *ret_found)
{
    const struct statement *const all[] = {&disbursement_total_kept_alone, &disbursement_total_counted_alone, &disbursement_sum_kept_alone,
                                           &disbursement_sum_counted_alone};
    *ret_found = false;
    for (size_t i = 0; i < sizeof all / sizeof all[0] && !*ret_found; i++) {
        struct cursor *cursor = cursor_start(tx->db, all[i]);
        struct error *error = cursor_next(cursor, ret_found);
        cursor_end(cursor);
        TRY(error);
    }
    return NULL;
}
