/* enrollment_store.c: SQL of enrollments. */
#include "enrollment/enrollment_store.h"

STATEMENT_WRITE(enrollment_insert, "INSERT INTO enrollment (id, program_id, household_id, family_no, member_id, state, reason, answer, rule_version, "
                                   "entitlement_minor, evaluated_on, made_by, decided_by, created_at_ms, changed_at_ms) "
                                   "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $14)")

struct error *
enrollment_store_insert(struct tx *tx, const struct enrollment_row *row)
{
    struct cursor *cursor = cursor_start(tx->db, &enrollment_insert);
    cursor_bind_id(cursor, 1, row->enrollment.id);
    cursor_bind_id(cursor, 2, row->enrollment.program_id);
    cursor_bind_id(cursor, 3, row->enrollment.household_id);
    cursor_bind_int(cursor, 4, row->enrollment.family_no);
    cursor_bind_id(cursor, 5, row->enrollment.member_id);
    cursor_bind_text(cursor, 6, row->enrollment.state);
    cursor_bind_text(cursor, 7, row->reason);
    cursor_bind_text(cursor, 8, row->answer);
    cursor_bind_int(cursor, 9, row->rule_version);
    cursor_bind_int(cursor, 10, row->entitlement_minor);
    cursor_bind_int(cursor, 11, row->evaluated_on);
    cursor_bind_id(cursor, 12, row->made_by);
    cursor_bind_id(cursor, 13, row->decided_by);
    cursor_bind_int(cursor, 14, tx->now_ms);
    TRY(cursor_run(cursor, NULL));
    return enrollment_store_count(tx, row->enrollment.id, 1);
}

#define ENROLLMENT_COLUMNS \
    "e.id, e.program_id, e.household_id, e.family_no, e.member_id, e.state, e.reason, e.answer, e.rule_version, e.entitlement_minor, e.evaluated_on, " \
    "e.made_by, e.decided_by, e.created_at_ms, e.changed_at_ms"
#define ENROLLMENT_SCOPE \
    " AND ($2 = 1 OR EXISTS (SELECT 1 FROM household h JOIN user_scope s ON s.region_id = h.region_id WHERE h.id = e.household_id AND s.user_id = $1))" \
    " AND ($3 = 1 OR EXISTS (SELECT 1 FROM user_program p WHERE p.user_id = $1 AND p.program_id = e.program_id))"

static void
enrollment_bind_scope(struct cursor *cursor, const struct actor *actor)
{
    cursor_bind_id(cursor, 1, actor ? actor->user_id : (struct id){{0}});
    cursor_bind_int(cursor, 2, actor == NULL || actor->all_regions);
    cursor_bind_int(cursor, 3, actor == NULL || actor->all_programs);
}

static void
read_enrollment(struct cursor *cursor, struct arena *arena, void *ret_row)
{
    *(struct enrollment_row *)ret_row = (struct enrollment_row){
        .enrollment = {.id = cursor_id(cursor, 0), .program_id = cursor_id(cursor, 1), .household_id = cursor_id(cursor, 2),
                       .family_no = (int)cursor_int(cursor, 3), .member_id = cursor_id(cursor, 4), .state = cursor_text(cursor, arena, 5)},
        .reason = cursor_text(cursor, arena, 6), .answer = cursor_text(cursor, arena, 7), .rule_version = cursor_int(cursor, 8),
        .entitlement_minor = cursor_int(cursor, 9), .evaluated_on = (int32_t)cursor_int(cursor, 10), .made_by = cursor_id(cursor, 11),
        .decided_by = cursor_id(cursor, 12), .created_at_ms = cursor_int(cursor, 13), .changed_at_ms = cursor_int(cursor, 14),
    };
}

STATEMENT_READ(enrollment_by_id, "SELECT " ENROLLMENT_COLUMNS " FROM enrollment e WHERE e.id = $4" ENROLLMENT_SCOPE)

struct error *
enrollment_store_load(struct tx *tx, const struct actor *actor, struct id id, struct enrollment_row *ret_row, bool *ret_found)
{
    struct cursor *cursor = cursor_start(tx->db, &enrollment_by_id);
    enrollment_bind_scope(cursor, actor);
    cursor_bind_id(cursor, 4, id);
    return cursor_one(cursor, tx->arena, read_enrollment, ret_row, ret_found);
}

STATEMENT_WRITE(enrollment_move, "UPDATE enrollment SET state = $3, reason = $4, answer = $5, rule_version = $6, entitlement_minor = $7, evaluated_on = $8, "
                                 "decided_by = $9, changed_at_ms = $10 WHERE id = $1 AND state = $2")

struct error *
enrollment_store_move(struct tx *tx, const struct enrollment_row *row, const char *from, bool *ret_moved)
{
    TRY(enrollment_store_count(tx, row->enrollment.id, -1));
    struct cursor *cursor = cursor_start(tx->db, &enrollment_move);
    cursor_bind_id(cursor, 1, row->enrollment.id);
    cursor_bind_text(cursor, 2, from);
    cursor_bind_text(cursor, 3, row->enrollment.state);
    cursor_bind_text(cursor, 4, row->reason);
    cursor_bind_text(cursor, 5, row->answer);
    cursor_bind_int(cursor, 6, row->rule_version);
    cursor_bind_int(cursor, 7, row->entitlement_minor);
    cursor_bind_int(cursor, 8, row->evaluated_on);
    cursor_bind_id(cursor, 9, row->decided_by);
    cursor_bind_int(cursor, 10, tx->now_ms);
    TRY(cursor_run_one(cursor, ret_moved));
    return enrollment_store_count(tx, row->enrollment.id, 1);
}

STATEMENT_WRITE(enrollment_follow, "UPDATE enrollment SET household_id = $2, family_no = $3, changed_at_ms = $4 WHERE id = $1")

struct error *
enrollment_store_follow(struct tx *tx, const struct enrollment_row *row)
{
    TRY(enrollment_store_count(tx, row->enrollment.id, -1));
    struct cursor *cursor = cursor_start(tx->db, &enrollment_follow);
    cursor_bind_id(cursor, 1, row->enrollment.id);
    cursor_bind_id(cursor, 2, row->enrollment.household_id);
    cursor_bind_int(cursor, 3, row->enrollment.family_no);
    cursor_bind_int(cursor, 4, tx->now_ms);
    TRY(cursor_run(cursor, NULL));
    return enrollment_store_count(tx, row->enrollment.id, 1);
}

#define ENROLLMENT_REST " AND ($4 IS NULL OR e.state = $4) ORDER BY e.id LIMIT $5"
STATEMENT_READ(enrollment_list_program, "SELECT " ENROLLMENT_COLUMNS " FROM enrollment e WHERE e.program_id = $7 AND e.id > $6" ENROLLMENT_SCOPE ENROLLMENT_REST)
STATEMENT_READ(enrollment_list_state, "SELECT " ENROLLMENT_COLUMNS " FROM enrollment e WHERE e.program_id = $7 AND e.state = $4 AND e.id > $6" ENROLLMENT_SCOPE
                                      " ORDER BY e.id LIMIT $5")
STATEMENT_READ(enrollment_list_household,
               "SELECT " ENROLLMENT_COLUMNS " FROM enrollment e WHERE e.household_id = $7 AND e.id > $6" ENROLLMENT_SCOPE ENROLLMENT_REST)

struct error *
enrollment_store_list(struct tx *tx, const struct actor *actor, const struct enrollment_filter *filter, struct enrollment_row *ret_rows, size_t *ret_count)
{
    bool by_household = !id_is_zero(filter->household_id);
    const struct statement *statement = by_household ? &enrollment_list_household : filter->state ? &enrollment_list_state : &enrollment_list_program;
    struct cursor *cursor = cursor_start(tx->db, statement);
    enrollment_bind_scope(cursor, actor);
    cursor_bind_text(cursor, 4, filter->state);
    cursor_bind_int(cursor, 5, filter->limit);
    cursor_bind_bytes(cursor, 6, filter->after.bytes, sizeof filter->after.bytes);
    cursor_bind_id(cursor, 7, by_household ? filter->household_id : filter->program_id);
    return cursor_fill(cursor, tx->arena, read_enrollment, ret_rows, sizeof *ret_rows, filter->limit, ret_count);
}

/* --- for batches and events: without a scope ---------------------------------------------------------------------------------------- */

#define ENROLLED_COLUMNS "e.id, e.program_id, e.household_id, e.member_id, e.family_no, e.state"

static void
read_enrolled(struct cursor *cursor, struct arena *arena, void *ret_row)
{
    *(struct enrollment *)ret_row = (struct enrollment){
        .id = cursor_id(cursor, 0), .program_id = cursor_id(cursor, 1), .household_id = cursor_id(cursor, 2), .member_id = cursor_id(cursor, 3),
        .family_no = (int)cursor_int(cursor, 4), .state = cursor_text(cursor, arena, 5),
    };
}

STATEMENT_READ(enrolled_all, "SELECT " ENROLLED_COLUMNS " FROM enrollment e WHERE e.program_id = $1 AND e.state = 'enrolled' AND e.id > $2 ORDER BY e.id LIMIT $3")
STATEMENT_READ(enrolled_region, "SELECT " ENROLLED_COLUMNS " FROM enrollment e WHERE e.program_id = $1 AND e.state = 'enrolled' AND e.id > $2 AND EXISTS "
                                "(SELECT 1 FROM household h JOIN region_closure c ON c.descendant = h.region_id WHERE h.id = e.household_id "
                                "AND c.ancestor = $4) ORDER BY e.id LIMIT $3")

struct error *
enrollment_list_enrolled(struct tx *tx, struct id program_id, struct id region_id, struct id after, int limit, struct enrollment *ret_items, size_t *ret_count)
{
    struct cursor *cursor = cursor_start(tx->db, id_is_zero(region_id) ? &enrolled_all : &enrolled_region);
    cursor_bind_id(cursor, 1, program_id);
    cursor_bind_bytes(cursor, 2, after.bytes, sizeof after.bytes);
    cursor_bind_int(cursor, 3, limit);
    if (!id_is_zero(region_id))
        cursor_bind_id(cursor, 4, region_id);
    return cursor_fill(cursor, tx->arena, read_enrolled, ret_items, sizeof *ret_items, limit, ret_count);
}

STATEMENT_READ(enrollment_open_household, "SELECT " ENROLLED_COLUMNS " FROM enrollment e WHERE e.household_id = $1 AND e.state NOT IN ('refused', 'exited') "
                                          "ORDER BY e.id LIMIT $2")
STATEMENT_READ(enrollment_open_member_rows, "SELECT " ENROLLED_COLUMNS " FROM enrollment e WHERE e.household_id = $1 AND e.member_id = $3 AND e.state NOT IN "
                                            "('refused', 'exited') ORDER BY e.id LIMIT $2")

struct error *
enrollment_store_open_of(struct tx *tx, struct id household_id, struct id member_id, struct enrollment *ret_rows, int limit, size_t *ret_count)
{
    struct cursor *cursor = cursor_start(tx->db, id_is_zero(member_id) ? &enrollment_open_household : &enrollment_open_member_rows);
    cursor_bind_id(cursor, 1, household_id);
    cursor_bind_int(cursor, 2, limit);
    if (!id_is_zero(member_id))
        cursor_bind_id(cursor, 3, member_id);
    return cursor_fill(cursor, tx->arena, read_enrolled, ret_rows, sizeof *ret_rows, limit, ret_count);
}
