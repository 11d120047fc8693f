/* report_preview_store.c: SQL of what a life event touches: a household's own rows by their household. */
#include "report/report_preview_store.h"

STATEMENT_READ(preview_enrollments, "SELECT e.id, e.member_id, p.name, e.state FROM enrollment e JOIN program p ON p.id = e.program_id WHERE e.household_id = $1 "
                                    "AND e.state NOT IN ('refused', 'exited') ORDER BY e.id LIMIT 100")

static void
read_enrollment(struct cursor *cursor, struct arena *arena, void *ret_row)
{
    *(struct preview_enrollment *)ret_row = (struct preview_enrollment){
        .id = cursor_id(cursor, 0), .member_id = cursor_id(cursor, 1), .program = cursor_text(cursor, arena, 2), .state = cursor_text(cursor, arena, 3)};
}

struct error *
preview_store_enrollments(struct tx *tx, struct id household_id, struct preview_enrollment *ret_rows, size_t *ret_count)
{
    struct cursor *cursor = cursor_start(tx->db, &preview_enrollments);
    cursor_bind_id(cursor, 1, household_id);
    return cursor_fill(cursor, tx->arena, read_enrollment, ret_rows, sizeof *ret_rows, PREVIEW_MAX, ret_count);
}

STATEMENT_READ(preview_released, "SELECT d.id, e.member_id, d.payee_member_id, p.name, c.name, d.state, d.currency, d.open_minor, 1 FROM disbursement d "
                                 "JOIN enrollment e ON e.id = d.enrollment_id JOIN program p ON p.id = d.program_id JOIN cycle c ON c.id = d.cycle_id "
                                 "WHERE d.household_id = $1 AND d.state IN ('pending', 'sent', 'partly_paid', 'held', 'uncollected') ORDER BY d.id LIMIT 100")
STATEMENT_READ(preview_approved, "SELECT i.id, e.member_id, i.payee_member_id, p.name, c.name, b.state, b.currency, i.amount_minor, 0 FROM enrollment e "
                                 "CROSS JOIN batch_item i CROSS JOIN batch b JOIN program p ON p.id = b.program_id JOIN cycle c ON c.id = b.cycle_id "
                                 "WHERE e.household_id = $1 AND i.enrollment_id = e.id AND i.household_id = e.household_id AND b.id = i.batch_id AND b.version = i.version "
                                 "AND b.state IN ('locked', 'in_approval', 'approved') ORDER BY i.id LIMIT 100")

static void
read_payment(struct cursor *cursor, struct arena *arena, void *ret_row)
{
    *(struct preview_payment *)ret_row = (struct preview_payment){
        .id = cursor_id(cursor, 0), .member_id = cursor_id(cursor, 1), .payee_member_id = cursor_id(cursor, 2), .program = cursor_text(cursor, arena, 3),
        .cycle = cursor_text(cursor, arena, 4), .state = cursor_text(cursor, arena, 5), .currency = cursor_text(cursor, arena, 6),
        .amount_minor = cursor_int(cursor, 7), .released = cursor_int(cursor, 8) != 0};
}

struct error *
preview_store_payments(struct tx *tx, struct id household_id, bool released, struct preview_payment *ret_rows, size_t *ret_count)
{
    struct cursor *cursor = cursor_start(tx->db, released ? &preview_released : &preview_approved);
    cursor_bind_id(cursor, 1, household_id);
    return cursor_fill(cursor, tx->arena, read_payment, ret_rows, sizeof *ret_rows, PREVIEW_MAX, ret_count);
}

static void
read_case(struct cursor *cursor, struct arena *arena, void *ret_row)
{
    *(struct preview_case *)ret_row = (struct preview_case){cursor_id(cursor, 0), cursor_text(cursor, arena, 1)};
}

STATEMENT_READ(preview_later, "SELECT id, kind FROM duplicate_case WHERE later_household = $1 AND state IN ('open', 'unsure') ORDER BY id LIMIT 50")
STATEMENT_READ(preview_earlier, "SELECT id, kind FROM duplicate_case WHERE earlier_household = $1 AND state IN ('open', 'unsure') ORDER BY id LIMIT 50")

struct error *
preview_store_duplicates(struct tx *tx, struct id household_id, struct preview_case *ret_rows, size_t *ret_count)
{
    size_t more = 0;
    struct cursor *cursor = cursor_start(tx->db, &preview_later);
    cursor_bind_id(cursor, 1, household_id);
    TRY(cursor_fill(cursor, tx->arena, read_case, ret_rows, sizeof *ret_rows, PREVIEW_MAX / 2, ret_count));
    cursor = cursor_start(tx->db, &preview_earlier);
    cursor_bind_id(cursor, 1, household_id);
    TRY(cursor_fill(cursor, tx->arena, read_case, ret_rows + *ret_count, sizeof *ret_rows, PREVIEW_MAX / 2, &more));
    *ret_count += more;
    return NULL;
}

STATEMENT_READ(preview_changes, "SELECT id, kind FROM change_request WHERE household_id = $1 AND state = 'open' ORDER BY id LIMIT 100")

struct error *
preview_store_changes(struct tx *tx, struct id household_id, struct preview_case *ret_rows, size_t *ret_count)
{
    struct cursor *cursor = cursor_start(tx->db, &preview_changes);
    cursor_bind_id(cursor, 1, household_id);
    return cursor_fill(cursor, tx->arena, read_case, ret_rows, sizeof *ret_rows, PREVIEW_MAX, ret_count);
}
