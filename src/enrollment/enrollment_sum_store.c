/* enrollment_sum_store.c: how many enrollments a program has, by state and by the region where the household lives today, kept beside them: one is taken
 * out before it changes and put in again afterwards. */
#include "enrollment/enrollment_store.h"

#define ADD_SUM(region, from) \
    "INSERT INTO enrollment_sum (program_id, region_id, state, enrollments) SELECT e.program_id, " region ", e.state, $2 * count(*) FROM enrollment e " from \
    " GROUP BY e.program_id, " region ", e.state ON CONFLICT (program_id, region_id, state) DO UPDATE SET enrollments = enrollment_sum.enrollments + " \
    "excluded.enrollments"
STATEMENT_WRITE(enrollment_sum_add, ADD_SUM("h.region_id", "JOIN household h ON h.id = e.household_id WHERE e.id = $1"))

struct error *
enrollment_store_count(struct tx *tx, struct id id, int sign)
{
    struct cursor *cursor = cursor_start(tx->db, &enrollment_sum_add);
    cursor_bind_id(cursor, 1, id);
    cursor_bind_int(cursor, 2, sign);
    return cursor_run(cursor, NULL);
}

STATEMENT_WRITE(enrollment_sum_relocate, ADD_SUM("g.id", "CROSS JOIN region g WHERE e.household_id = $1 AND g.id = $3"))

struct error *
enrollment_store_relocate(struct tx *tx, struct id household_id, struct id from_region_id, struct id to_region_id)
{
    const struct { struct id region_id; int sign; } steps[] = {{from_region_id, -1}, {to_region_id, 1}};
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        struct cursor *cursor = cursor_start(tx->db, &enrollment_sum_relocate);
        cursor_bind_id(cursor, 1, household_id);
        cursor_bind_int(cursor, 2, steps[i].sign);
        cursor_bind_id(cursor, 3, steps[i].region_id);
        TRY(cursor_run(cursor, NULL));
    }
    return NULL;
}

#define BY_STATE "s.state, sum(s.enrollments) FROM "
#define OF_PROGRAM \
    "s.program_id = $3 AND ($2 = 1 OR EXISTS (SELECT 1 FROM user_program p WHERE p.user_id = $1 AND p.program_id = s.program_id)) GROUP BY s.state " \
    "HAVING sum(s.enrollments) > 0 ORDER BY s.state"
STATEMENT_READ(enrollment_counts_all, "SELECT " BY_STATE "enrollment_sum s WHERE " OF_PROGRAM)
STATEMENT_READ(enrollment_counts_scope, "SELECT " BY_STATE "user_scope w CROSS JOIN enrollment_sum s WHERE w.user_id = $1 AND s.region_id = w.region_id AND " OF_PROGRAM)

struct error *
enrollment_store_counts(struct tx *tx, const struct actor *actor, struct id program_id, struct enrollment_count *ret_rows, int limit, size_t *ret_count)
{
    struct cursor *cursor = cursor_start(tx->db, actor->all_regions ? &enrollment_counts_all : &enrollment_counts_scope);
    cursor_bind_id(cursor, 1, actor->user_id);
    cursor_bind_int(cursor, 2, actor->all_programs);
    cursor_bind_id(cursor, 3, program_id);
    *ret_count = 0;
    struct error *error = NULL;
    bool row = true;
    while (error == NULL && row && *ret_count < (size_t)limit) {
        error = cursor_next(cursor, &row);
        if (error == NULL && row)
            ret_rows[(*ret_count)++] = (struct enrollment_count){cursor_text(cursor, tx->arena, 0), cursor_int(cursor, 1)};
    }
    cursor_end(cursor);
    return error;
}

STATEMENT_READ(enrolled_count_all, "SELECT coalesce(sum(s.enrollments), 0) FROM enrollment_sum s WHERE s.program_id = $1 AND s.state = 'enrolled'")
STATEMENT_READ(enrolled_count_region, "SELECT coalesce(sum(s.enrollments), 0) FROM region_closure c CROSS JOIN enrollment_sum s WHERE c.ancestor = $2 AND "
                                      "s.program_id = $1 AND s.region_id = c.descendant AND s.state = 'enrolled'")

struct error *
enrollment_count_enrolled(struct tx *tx, struct id program_id, struct id region_id, int64_t *ret_count)
{
    struct cursor *cursor = cursor_start(tx->db, id_is_zero(region_id) ? &enrolled_count_all : &enrolled_count_region);
    cursor_bind_id(cursor, 1, program_id);
    if (!id_is_zero(region_id))
        cursor_bind_id(cursor, 2, region_id);
    bool row = false;
    struct error *error = cursor_next(cursor, &row);
    if (error == NULL && row)
        *ret_count = cursor_int(cursor, 0);
    cursor_end(cursor);
    return error;
}

#define KEPT "SELECT program_id, region_id, state, enrollments FROM enrollment_sum WHERE enrollments <> 0"
#define COUNTED \
    "SELECT e.program_id, h.region_id, e.state, count(*) FROM enrollment e JOIN household h ON h.id = e.household_id GROUP BY e.program_id, h.region_id, e.state"
STATEMENT_READ(enrollment_sum_kept_alone, "SELECT 1 FROM (" KEPT " EXCEPT " COUNTED ") z LIMIT 1")
STATEMENT_READ(enrollment_sum_counted_alone, "SELECT 1 FROM (" COUNTED " EXCEPT " KEPT ") z LIMIT 1")

struct error *
enrollment_miscounted(struct tx *tx, bool *ret_found)
{
    const struct statement *const both[] = {&enrollment_sum_kept_alone, &enrollment_sum_counted_alone};
    *ret_found = false;
    for (size_t i = 0; i < sizeof both / sizeof both[0] && !*ret_found; i++) {
        struct cursor *cursor = cursor_start(tx->db, both[i]);
        struct error *error = cursor_next(cursor, ret_found);
        cursor_end(cursor);
        TRY(error);
    }
    return NULL;
}
