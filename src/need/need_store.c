/* need_store.c: SQL of the needs map. */
#include "need/need_store.h"

STATEMENT_READ(need_definition_last, "SELECT version, definition FROM need_definition ORDER BY version DESC LIMIT 1")

struct error *
need_store_definition(struct tx *tx, struct arena *arena, int64_t *ret_version, const char **ret_text)
{
    struct cursor *cursor = cursor_start(tx->db, &need_definition_last);
    bool row = false;
    struct error *error = cursor_next(cursor, &row);
    if (error == NULL && row) {
        *ret_version = cursor_int(cursor, 0);
        *ret_text = cursor_text(cursor, arena, 1);
    }
    cursor_end(cursor);
    return error;
}

STATEMENT_WRITE(need_definition_insert, "INSERT INTO need_definition (version, definition, created_at_ms, created_by) VALUES ($1, $2, $3, $4)")

struct error *
need_store_insert_definition(struct tx *tx, const struct actor *actor, int64_t version, const char *text)
{
    struct cursor *cursor = cursor_start(tx->db, &need_definition_insert);
    cursor_bind_int(cursor, 1, version);
    cursor_bind_text(cursor, 2, text);
    cursor_bind_int(cursor, 3, tx->now_ms);
    cursor_bind_id(cursor, 4, actor->user_id);
    return cursor_run(cursor, NULL);
}

static void
read_region(struct cursor *cursor, struct arena *arena, void *ret_row)
{
    *(struct need_region_row *)ret_row = (struct need_region_row){cursor_id(cursor, 0), cursor_id(cursor, 1), cursor_int(cursor, 2), cursor_text(cursor, arena, 3),
                                                                  cursor_text(cursor, arena, 4), cursor_text(cursor, arena, 5)};
}

STATEMENT_READ(need_regions, "SELECT id, parent_id, level, code, kind, name FROM region ORDER BY code")

struct error *
need_store_regions(struct tx *tx, struct arena *arena, struct need_region_row **ret_rows, size_t *ret_count)
{
    return cursor_collect(cursor_start(tx->db, &need_regions), arena, read_region, ret_rows, sizeof **ret_rows, ret_count);
}

static void
read_program(struct cursor *cursor, struct arena *arena, void *ret_row)
{
    *(struct need_program_row *)ret_row = (struct need_program_row){cursor_id(cursor, 0), cursor_text(cursor, arena, 1)};
}

STATEMENT_READ(need_programs, "SELECT id, category FROM program ORDER BY id")

struct error *
need_store_programs(struct tx *tx, struct need_program_row **ret_rows, size_t *ret_count)
{
    return cursor_collect(cursor_start(tx->db, &need_programs), tx->arena, read_program, ret_rows, sizeof **ret_rows, ret_count);
}

static void
read_household(struct cursor *cursor, struct arena *arena, void *ret_row)
{
    *(struct need_household_row *)ret_row = (struct need_household_row){cursor_id(cursor, 0), cursor_id(cursor, 1), cursor_text(cursor, arena, 2),
                                                                        cursor_int(cursor, 3), cursor_int(cursor, 4), cursor_id(cursor, 5),
                                                                        cursor_text(cursor, arena, 6)};
}

#define HOUSEHOLD_COLUMNS "id, region_id, state, created_at_ms, changed_at_ms, registered_by, roster"
STATEMENT_READ(need_household, "SELECT " HOUSEHOLD_COLUMNS " FROM household WHERE id = $1")

struct error *
need_store_household(struct tx *tx, struct id id, struct need_household_row *ret_row, bool *ret_found)
{
    struct cursor *cursor = cursor_start(tx->db, &need_household);
    cursor_bind_id(cursor, 1, id);
    return cursor_one(cursor, tx->arena, read_household, ret_row, ret_found);
}

STATEMENT_READ(need_tallies, "SELECT (SELECT count(*) FROM household_card c WHERE c.household_id = $1), (SELECT count(*) FROM duplicate_case d WHERE d.later_household = $1 AND "
                             "d.state = 'open') + (SELECT count(*) FROM duplicate_case d WHERE d.earlier_household = $1 AND d.state = 'open')")

struct error *
need_store_tallies(struct tx *tx, struct id household_id, int64_t *ret_cards, int64_t *ret_open_cases)
{
    struct cursor *cursor = cursor_start(tx->db, &need_tallies);
    cursor_bind_id(cursor, 1, household_id);
    return cursor_one_ints(cursor, (int64_t *const[]){ret_cards, ret_open_cases}, 2);
}

STATEMENT_READ(need_household_page, "SELECT " HOUSEHOLD_COLUMNS " FROM household WHERE (region_id, id) > ($1, $2) ORDER BY region_id, id LIMIT $3")

struct error *
need_store_page(struct tx *tx, const struct need_household_row *after, int limit, struct need_household_row *ret_rows, size_t *ret_count)
{
    struct cursor *cursor = cursor_start(tx->db, &need_household_page);
    cursor_bind_bytes(cursor, 1, after->region_id.bytes, sizeof after->region_id.bytes);
    cursor_bind_bytes(cursor, 2, after->id.bytes, sizeof after->id.bytes);
    cursor_bind_int(cursor, 3, limit);
    return cursor_fill(cursor, tx->arena, read_household, ret_rows, sizeof *ret_rows, limit, ret_count);
}

static void
read_member(struct cursor *cursor, struct arena *arena, void *ret_row)
{
    *(struct need_member_row *)ret_row = (struct need_member_row){
        .id = cursor_id(cursor, 0), .sex = cursor_text(cursor, arena, 1), .facts = cursor_text(cursor, arena, 2), .birth_date = (int32_t)cursor_int(cursor, 3),
        .has_joined_on = !cursor_is_null(cursor, 4), .joined_on = (int32_t)cursor_int(cursor, 4),
        .has_left_on = !cursor_is_null(cursor, 5), .left_on = (int32_t)cursor_int(cursor, 5)};
}

STATEMENT_READ(need_members, "SELECT m.id, m.sex, m.facts, m.birth_date, m.joined_on, m.left_on FROM member m WHERE m.household_id = $1 UNION ALL SELECT m.id, m.sex, "
                             "m.facts, m.birth_date, p.joined_on, p.left_on FROM member_past p JOIN member m ON m.id = p.member_id WHERE p.household_id = $1")

struct error *
need_store_members(struct tx *tx, struct id household_id, struct need_member_row **ret_rows, size_t *ret_count)
{
    struct cursor *cursor = cursor_start(tx->db, &need_members);
    cursor_bind_id(cursor, 1, household_id);
    return cursor_collect(cursor, tx->arena, read_member, ret_rows, sizeof **ret_rows, ret_count);
}

static void
read_enrollment(struct cursor *cursor, struct arena *arena, void *ret_row)
{
    *(struct need_enrollment_row *)ret_row = (struct need_enrollment_row){cursor_id(cursor, 0), cursor_id(cursor, 1), cursor_text(cursor, arena, 2),
                                                                          cursor_int(cursor, 3), cursor_int(cursor, 4)};
}

STATEMENT_READ(need_enrollments, "SELECT program_id, member_id, state, created_at_ms, changed_at_ms FROM enrollment WHERE household_id = $1 AND state IN "
                                 "('enrolled', 'suspended', 'exited') ORDER BY id")

struct error *
need_store_enrollments(struct tx *tx, struct id household_id, struct need_enrollment_row **ret_rows, size_t *ret_count)
{
    struct cursor *cursor = cursor_start(tx->db, &need_enrollments);
    cursor_bind_id(cursor, 1, household_id);
    return cursor_collect(cursor, tx->arena, read_enrollment, ret_rows, sizeof **ret_rows, ret_count);
}

static void
read_leaf(struct cursor *cursor, struct arena *arena, void *ret_row)
{
    *(struct need_leaf *)ret_row = (struct need_leaf){cursor_int(cursor, 0), cursor_text(cursor, arena, 1), cursor_id(cursor, 2)};
}

STATEMENT_READ(need_leaves, "SELECT seq, action, record_id FROM audit_leaf WHERE origin = $1 AND seq > $2 ORDER BY seq LIMIT $3")

struct error *
need_store_leaves(struct tx *tx, struct id origin, int64_t after_seq, int limit, struct need_leaf *ret_rows, size_t *ret_count)
{
    struct cursor *cursor = cursor_start(tx->db, &need_leaves);
    cursor_bind_id(cursor, 1, origin);
    cursor_bind_int(cursor, 2, after_seq);
    cursor_bind_int(cursor, 3, limit);
    return cursor_fill(cursor, tx->arena, read_leaf, ret_rows, sizeof *ret_rows, limit, ret_count);
}

STATEMENT_READ(need_concerned,
               "SELECT h.id FROM household h WHERE h.id = $3 UNION SELECT e.household_id FROM enrollment e WHERE e.id = $3 UNION SELECT h.id FROM audit_part a "
               "CROSS JOIN household h WHERE a.origin = $1 AND a.seq = $2 AND h.id = a.subject_id UNION SELECT m.household_id FROM audit_part a CROSS JOIN member m "
               "WHERE a.origin = $1 AND a.seq = $2 AND m.id = a.subject_id UNION SELECT d.earlier_household FROM audit_part a CROSS JOIN "
               "duplicate_case d WHERE a.origin = $1 AND a.seq = $2 AND d.later_household = a.subject_id")

struct error *
need_store_concerned(struct tx *tx, struct id origin, const struct need_leaf *leaf, struct id **ret_ids, size_t *ret_count)
{
    struct cursor *cursor = cursor_start(tx->db, &need_concerned);
    cursor_bind_id(cursor, 1, origin);
    cursor_bind_int(cursor, 2, leaf->seq);
    cursor_bind_id(cursor, 3, leaf->record_id);
    return cursor_collect(cursor, tx->arena, cursor_read_id, ret_ids, sizeof **ret_ids, ret_count);
}

STATEMENT_READ(need_roots, "SELECT u.region_id FROM user_region u JOIN region r ON r.id = u.region_id WHERE u.user_id = $1 AND NOT EXISTS (SELECT 1 FROM user_scope s "
                           "WHERE s.user_id = $1 AND s.region_id = r.parent_id) ORDER BY r.code")

struct error *
need_store_roots(struct tx *tx, struct id user_id, struct id **ret_ids, size_t *ret_count)
{
    struct cursor *cursor = cursor_start(tx->db, &need_roots);
    cursor_bind_id(cursor, 1, user_id);
    return cursor_collect(cursor, tx->arena, cursor_read_id, ret_ids, sizeof **ret_ids, ret_count);
}
