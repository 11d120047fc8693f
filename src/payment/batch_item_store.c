/* batch_item_store.c: SQL of a batch's lines: items, parts, claims, what was dropped, totals and the change against the batch before. */
#include "payment/batch_item_columns.h"

STATEMENT_WRITE(batch_item_insert, "INSERT INTO batch_item (id, batch_id, version, enrollment_id, household_id, region_id, payee_member_id, payee_sealed, "
                                   "account_tag, amount_minor, state, reason) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)")
STATEMENT_WRITE(batch_part_insert, "INSERT INTO batch_part (item_id, part, code, kind, item, quantity, amount_minor, member_id) "
                                   "VALUES ($1, $2, $3, $4, $5, $6, $7, $8)")

static struct error *
batch_add_part(struct tx *tx, struct id item_id, int64_t number, const struct batch_part *part)
{
    struct cursor *cursor = cursor_start(tx->db, &batch_part_insert);
    cursor_bind_id(cursor, 1, item_id);
    cursor_bind_int(cursor, 2, number);
    cursor_bind_text(cursor, 3, part->code);
    cursor_bind_text(cursor, 4, part->kind);
    cursor_bind_text(cursor, 5, part->item);
    cursor_bind_int_or_null(cursor, 6, !part->has_quantity, part->quantity);
    cursor_bind_int_or_null(cursor, 7, !part->has_amount, part->amount_minor);
    cursor_bind_id(cursor, 8, part->member_id);
    return cursor_run(cursor, NULL);
}

struct error *
batch_store_add_item(struct tx *tx, const struct batch_item *item, const struct batch_part *parts, size_t part_count)
{
    struct cursor *cursor = cursor_start(tx->db, &batch_item_insert);
    cursor_bind_id(cursor, 1, item->id);
    cursor_bind_id(cursor, 2, item->batch_id);
    cursor_bind_int(cursor, 3, item->version);
    cursor_bind_id(cursor, 4, item->enrollment_id);
    cursor_bind_id(cursor, 5, item->household_id);
    cursor_bind_id(cursor, 6, item->region_id);
    cursor_bind_id(cursor, 7, item->payee_member_id);
    cursor_bind_bytes(cursor, 8, item->payee_sealed.data, item->payee_sealed.length);
    cursor_bind_bytes(cursor, 9, item->account_tag.data, item->account_tag.length);
    cursor_bind_int(cursor, 10, item->amount_minor);
    cursor_bind_text(cursor, 11, item->state);
    cursor_bind_text(cursor, 12, item->reason);
    TRY(cursor_run(cursor, NULL));
    for (size_t i = 0; i < part_count; i++)
        TRY(batch_add_part(tx, item->id, (int64_t)i, &parts[i]));
    return NULL;
}

STATEMENT_WRITE(batch_clear_parts, "DELETE FROM batch_part WHERE item_id IN (SELECT i.id FROM batch_item i WHERE i.batch_id = $1 AND i.version = $2 "
                                   "AND ($3 = 0 OR i.state <> 'excluded'))")
STATEMENT_WRITE(batch_clear_items, "DELETE FROM batch_item WHERE batch_id = $1 AND version = $2 AND ($3 = 0 OR state <> 'excluded')")

struct error *
batch_store_clear_items(struct tx *tx, struct id batch_id, int64_t version, bool keep_excluded)
{
    static const struct statement *const statements[] = {&batch_clear_parts, &batch_clear_items};
    for (size_t i = 0; i < 2; i++) {
        struct cursor *cursor = cursor_start(tx->db, statements[i]);
        cursor_bind_id(cursor, 1, batch_id);
        cursor_bind_int(cursor, 2, version);
        cursor_bind_int(cursor, 3, keep_excluded);
        TRY(cursor_run(cursor, NULL));
    }
    return NULL;
}

STATEMENT_WRITE(batch_drop_insert, "INSERT INTO batch_dropped (batch_id, version, enrollment_id, household_id, reason) VALUES ($1, $2, $3, $4, $5) "
                                   "ON CONFLICT (batch_id, version, enrollment_id) DO UPDATE SET reason = excluded.reason")

struct error *
batch_store_drop(struct tx *tx, struct id batch_id, int64_t version, struct id enrollment_id, struct id household_id, const char *reason)
{
    struct cursor *cursor = cursor_start(tx->db, &batch_drop_insert);
    cursor_bind_id(cursor, 1, batch_id);
    cursor_bind_int(cursor, 2, version);
    cursor_bind_id(cursor, 3, enrollment_id);
    cursor_bind_id(cursor, 4, household_id);
    cursor_bind_text(cursor, 5, reason);
    return cursor_run(cursor, NULL);
}

STATEMENT_WRITE(batch_clear_dropped, "DELETE FROM batch_dropped WHERE batch_id = $1 AND version = $2 AND reason <> 'excluded'")

struct error *
batch_store_clear_dropped(struct tx *tx, struct id batch_id, int64_t version)
{
    struct cursor *cursor = cursor_start(tx->db, &batch_clear_dropped);
    cursor_bind_id(cursor, 1, batch_id);
    cursor_bind_int(cursor, 2, version);
    return cursor_run(cursor, NULL);
}

void
batch_read_item(struct cursor *cursor, struct arena *arena, void *ret_row)
{
    *(struct batch_item *)ret_row = (struct batch_item){
        .id = cursor_id(cursor, 0), .batch_id = cursor_id(cursor, 1), .version = cursor_int(cursor, 2), .enrollment_id = cursor_id(cursor, 3),
        .household_id = cursor_id(cursor, 4), .region_id = cursor_id(cursor, 5), .payee_member_id = cursor_id(cursor, 6),
        .payee_sealed = cursor_bytes(cursor, arena, 7), .account_tag = cursor_bytes(cursor, arena, 8), .amount_minor = cursor_int(cursor, 9),
        .state = cursor_text(cursor, arena, 10), .reason = cursor_text(cursor, arena, 11),
    };
}

STATEMENT_READ(batch_item_page, "SELECT " BATCH_ITEM_COLUMNS " FROM batch_item i WHERE i.batch_id = $1 AND i.version = $2 AND i.id > $3 ORDER BY i.id LIMIT $4")

struct error *
batch_store_items(struct tx *tx, struct id batch_id, int64_t version, struct id after, int limit, struct batch_item *ret_items, size_t *ret_count)
{
    struct cursor *cursor = cursor_start(tx->db, &batch_item_page);
    cursor_bind_id(cursor, 1, batch_id);
    cursor_bind_int(cursor, 2, version);
    cursor_bind_bytes(cursor, 3, after.bytes, sizeof after.bytes);
    cursor_bind_int(cursor, 4, limit);
    return cursor_fill(cursor, tx->arena, batch_read_item, ret_items, sizeof *ret_items, limit, ret_count);
}

STATEMENT_READ(batch_item_by_id, "SELECT " BATCH_ITEM_COLUMNS " FROM batch_item i WHERE i.id = $1")

struct error *
batch_store_item(struct tx *tx, struct id item_id, struct batch_item *ret_item, bool *ret_found)
{
    struct cursor *cursor = cursor_start(tx->db, &batch_item_by_id);
    cursor_bind_id(cursor, 1, item_id);
    return cursor_one(cursor, tx->arena, batch_read_item, ret_item, ret_found);
}

STATEMENT_WRITE(batch_item_state, "UPDATE batch_item SET state = $2, reason = $3 WHERE id = $1")

struct error *
batch_store_set_item_state(struct tx *tx, struct id item_id, const char *state, const char *reason)
{
    struct cursor *cursor = cursor_start(tx->db, &batch_item_state);
    cursor_bind_id(cursor, 1, item_id);
    cursor_bind_text(cursor, 2, state);
    cursor_bind_text(cursor, 3, reason);
    return cursor_run(cursor, NULL);
}

STATEMENT_READ(batch_item_excluded, "SELECT 1 FROM batch b WHERE b.id = $1 AND (EXISTS (SELECT 1 FROM batch_item i WHERE i.batch_id = $1 "
                                    "AND i.version = b.version AND i.enrollment_id = $2 AND i.state = 'excluded') OR EXISTS (SELECT 1 FROM batch_dropped d "
                                    "WHERE d.batch_id = $1 AND d.version = b.version AND d.enrollment_id = $2 AND d.reason = 'excluded'))")

struct error *
batch_store_is_excluded(struct tx *tx, struct id batch_id, struct id enrollment_id, bool *ret_excluded)
{
    struct cursor *cursor = cursor_start(tx->db, &batch_item_excluded);
    cursor_bind_id(cursor, 1, batch_id);
    cursor_bind_id(cursor, 2, enrollment_id);
    return cursor_exists(cursor, ret_excluded);
}

STATEMENT_WRITE(batch_carry_excluded,
                "INSERT INTO batch_dropped (batch_id, version, enrollment_id, household_id, reason) "
                "SELECT i.batch_id, i.version + 1, i.enrollment_id, i.household_id, 'excluded' FROM batch_item i WHERE i.batch_id = $1 AND i.version = $2 "
                "AND i.state = 'excluded' UNION SELECT d.batch_id, d.version + 1, d.enrollment_id, d.household_id, 'excluded' FROM batch_dropped d "
                "WHERE d.batch_id = $1 AND d.version = $2 AND d.reason = 'excluded'")

struct error *
batch_store_carry_excluded(struct tx *tx, struct id batch_id, int64_t version)
{
    struct cursor *cursor = cursor_start(tx->db, &batch_carry_excluded);
    cursor_bind_id(cursor, 1, batch_id);
    cursor_bind_int(cursor, 2, version);
    return cursor_run(cursor, NULL);
}

/* These two look to the right, at what the lines became: a batch closes, and a release resumes, by the rows and by no count kept beside them. */
STATEMENT_READ(batch_any_open, "SELECT 1 FROM disbursement WHERE batch_id = $1 AND state IN ('pending', 'sent', 'partly_paid', 'held', 'uncollected', "
                                "'failed', 'unknown', 'returned') LIMIT 1")

struct error *
batch_store_any_open(struct tx *tx, struct id batch_id, bool *ret_any)
{
    struct cursor *cursor = cursor_start(tx->db, &batch_any_open);
    cursor_bind_id(cursor, 1, batch_id);
    return cursor_exists(cursor, ret_any);
}

STATEMENT_READ(batch_item_released, "SELECT 1 FROM disbursement WHERE item_id = $1")

struct error *
batch_store_is_released(struct tx *tx, struct id item_id, bool *ret_released)
{
    struct cursor *cursor = cursor_start(tx->db, &batch_item_released);
    cursor_bind_id(cursor, 1, item_id);
    return cursor_exists(cursor, ret_released);
}

static void
read_part(struct cursor *cursor, struct arena *arena, void *ret_row)
{
    *(struct batch_part *)ret_row = (struct batch_part){
        .code = cursor_text(cursor, arena, 0), .kind = cursor_text(cursor, arena, 1), .item = cursor_text(cursor, arena, 2),
        .has_quantity = !cursor_is_null(cursor, 3), .quantity = cursor_int(cursor, 3), .has_amount = !cursor_is_null(cursor, 4),
        .amount_minor = cursor_int(cursor, 4), .member_id = cursor_id(cursor, 5),
    };
}

STATEMENT_READ(batch_part_list, "SELECT code, kind, item, quantity, amount_minor, member_id FROM batch_part WHERE item_id = $1 ORDER BY part LIMIT 32")

struct error *
payment_parts(struct tx *tx, struct id item_id, struct batch_part ret_parts[BATCH_PARTS_MAX], size_t *ret_count)
{
    struct cursor *cursor = cursor_start(tx->db, &batch_part_list);
    cursor_bind_id(cursor, 1, item_id);
    return cursor_fill(cursor, tx->arena, read_part, ret_parts, sizeof *ret_parts, BATCH_PARTS_MAX, ret_count);
}

STATEMENT_READ(batch_item_sum, "SELECT count(*), coalesce(sum(amount_minor), 0) FROM batch_item WHERE batch_id = $1 AND version = $2 AND state = 'in'")

struct error *
batch_store_sum_items(struct tx *tx, struct id batch_id, int64_t version, int64_t *ret_count, int64_t *ret_total)
{
    struct cursor *cursor = cursor_start(tx->db, &batch_item_sum);
    cursor_bind_id(cursor, 1, batch_id);
    cursor_bind_int(cursor, 2, version);
    return cursor_one_ints(cursor, (int64_t *[]){ret_count, ret_total}, 2);
}

static void
read_dropped(struct cursor *cursor, struct arena *arena, void *ret_row)
{
    *(struct batch_dropped *)ret_row = (struct batch_dropped){
        .enrollment_id = cursor_id(cursor, 0), .household_id = cursor_id(cursor, 1), .reason = cursor_text(cursor, arena, 2),
    };
}

STATEMENT_READ(batch_dropped_list, "SELECT enrollment_id, household_id, reason FROM batch_dropped WHERE batch_id = $1 AND version = $2 "
                                   "ORDER BY enrollment_id LIMIT $3")

struct error *
batch_store_dropped(struct tx *tx, struct id batch_id, int64_t version, int limit, struct batch_dropped *ret_rows, size_t *ret_count)
{
    struct cursor *cursor = cursor_start(tx->db, &batch_dropped_list);
    cursor_bind_id(cursor, 1, batch_id);
    cursor_bind_int(cursor, 2, version);
    cursor_bind_int(cursor, 3, limit);
    return cursor_fill(cursor, tx->arena, read_dropped, ret_rows, sizeof *ret_rows, limit, ret_count);
}

STATEMENT_READ(batch_claim_find, "SELECT batch_id FROM batch_claim WHERE enrollment_id = $1 AND cycle_id = $2 AND purpose = $3")

struct error *
batch_store_claimed_by(struct tx *tx, struct id enrollment_id, struct id cycle_id, const char *purpose, struct id *ret_batch_id, bool *ret_found)
{
    struct cursor *cursor = cursor_start(tx->db, &batch_claim_find);
    cursor_bind_id(cursor, 1, enrollment_id);
    cursor_bind_id(cursor, 2, cycle_id);
    cursor_bind_text(cursor, 3, purpose);
    return cursor_one(cursor, NULL, cursor_read_id, ret_batch_id, ret_found);
}

STATEMENT_WRITE(batch_claim_insert, "INSERT INTO batch_claim (enrollment_id, cycle_id, purpose, batch_id) VALUES ($1, $2, $3, $4)")

struct error *
batch_store_claim(struct tx *tx, struct id enrollment_id, struct id cycle_id, const char *purpose, struct id batch_id)
{
    struct cursor *cursor = cursor_start(tx->db, &batch_claim_insert);
    cursor_bind_id(cursor, 1, enrollment_id);
    cursor_bind_id(cursor, 2, cycle_id);
    cursor_bind_text(cursor, 3, purpose);
    cursor_bind_id(cursor, 4, batch_id);
    return cursor_run(cursor, NULL);
}

STATEMENT_WRITE(batch_claim_delete, "DELETE FROM batch_claim WHERE batch_id = $1")

struct error *
batch_store_unclaim(struct tx *tx, struct id batch_id)
{
    struct cursor *cursor = cursor_start(tx->db, &batch_claim_delete);
    cursor_bind_id(cursor, 1, batch_id);
    return cursor_run(cursor, NULL);
}

STATEMENT_WRITE(batch_claim_delete_line, "DELETE FROM batch_claim WHERE enrollment_id = $1 AND batch_id = $2")

struct error *
payment_unclaim_line(struct tx *tx, struct id batch_id, struct id enrollment_id)
{
    struct cursor *cursor = cursor_start(tx->db, &batch_claim_delete_line);
    cursor_bind_id(cursor, 1, enrollment_id);
    cursor_bind_id(cursor, 2, batch_id);
    return cursor_run(cursor, NULL);
}

STATEMENT_READ(batch_previous, "SELECT b.id, b.version FROM batch b WHERE b.program_id = $1 AND b.id < $2 AND b.region_id IS NOT DISTINCT FROM $3 "
                               "AND b.state IN ('released', 'reconciled', 'closed') ORDER BY b.id DESC LIMIT 1")

struct error *
batch_store_previous(struct tx *tx, const struct batch *batch, struct id *ret_id, int64_t *ret_version)
{
    *ret_id = (struct id){{0}};
    struct cursor *cursor = cursor_start(tx->db, &batch_previous);
    cursor_bind_id(cursor, 1, batch->program_id);
    cursor_bind_id(cursor, 2, batch->id);
    cursor_bind_id(cursor, 3, batch->region_id);
    bool row = false;
    struct error *error = cursor_next(cursor, &row);
    if (error == NULL && row) {
        *ret_id = cursor_id(cursor, 0);
        *ret_version = cursor_int(cursor, 1);
    }
    cursor_end(cursor);
    return error;
}

STATEMENT_READ(batch_change, "SELECT (SELECT count(*) FROM batch_item n WHERE n.batch_id = $1 AND n.version = $2 AND n.state = 'in' AND NOT EXISTS "
                             "(SELECT 1 FROM batch_item o WHERE o.batch_id = $3 AND o.version = $4 AND o.enrollment_id = n.enrollment_id AND o.state = 'in')), "
                             "(SELECT count(*) FROM batch_item o WHERE o.batch_id = $3 AND o.version = $4 AND o.state = 'in' AND NOT EXISTS "
                             "(SELECT 1 FROM batch_item n WHERE n.batch_id = $1 AND n.version = $2 AND n.enrollment_id = o.enrollment_id AND n.state = 'in')), "
                             "(SELECT count(*) FROM batch_item n JOIN batch_item o ON o.batch_id = $3 AND o.version = $4 AND o.enrollment_id = n.enrollment_id "
                             "WHERE n.batch_id = $1 AND n.version = $2 AND n.state = 'in' AND o.state = 'in' AND o.amount_minor <> n.amount_minor)")

struct error *
batch_store_change(struct tx *tx, const struct batch *batch, struct id previous_id, int64_t previous_version, int64_t *ret_new, int64_t *ret_left,
                   int64_t *ret_changed)
{
    struct cursor *cursor = cursor_start(tx->db, &batch_change);
    cursor_bind_id(cursor, 1, batch->id);
    cursor_bind_int(cursor, 2, batch->version);
    cursor_bind_id(cursor, 3, previous_id);
    cursor_bind_int(cursor, 4, previous_version);
    return cursor_one_ints(cursor, (int64_t *[]){ret_new, ret_left, ret_changed}, 3);
}

static void
read_total(struct cursor *cursor, struct arena *arena, void *ret_row)
{
    *(struct batch_total *)ret_row = (struct batch_total){
        .kind = cursor_text(cursor, arena, 0), .item = cursor_text(cursor, arena, 1), .quantity = cursor_int(cursor, 2),
        .amount_minor = cursor_int(cursor, 3),
    };
}

STATEMENT_READ(batch_total_rows, "SELECT p.kind, p.item, sum(p.quantity), sum(p.amount_minor) FROM batch_item i JOIN batch_part p ON p.item_id = i.id "
                                 "WHERE i.batch_id = $1 AND i.version = $2 AND i.state = 'in' GROUP BY p.kind, p.item ORDER BY p.kind, p.item LIMIT $3")

struct error *
batch_store_totals(struct tx *tx, struct id batch_id, int64_t version, struct batch_total *ret_rows, int limit, size_t *ret_count)
{
    struct cursor *cursor = cursor_start(tx->db, &batch_total_rows);
    cursor_bind_id(cursor, 1, batch_id);
    cursor_bind_int(cursor, 2, version);
    cursor_bind_int(cursor, 3, limit);
    return cursor_fill(cursor, tx->arena, read_total, ret_rows, sizeof *ret_rows, limit, ret_count);
}

STATEMENT_READ(batch_item_held, "SELECT " BATCH_ITEM_COLUMNS " FROM batch_item i WHERE i.batch_id = $1 AND i.version = $2 AND i.state = 'held' ORDER BY i.id LIMIT $3")

STATEMENT_READ(batch_released_lines, "SELECT coalesce(sum(lines), 0) FROM disbursement_total WHERE batch_id = $1")

/* Only a release holds, and where it let every line go nothing is held: then no line is read. */
struct error *
batch_store_held(struct tx *tx, const struct batch *batch, int limit, struct batch_item *ret_items, size_t *ret_count)
{
    int64_t released = 0;
    struct cursor *lines = cursor_start(tx->db, &batch_released_lines);
    cursor_bind_id(lines, 1, batch->id);
    TRY(cursor_one(lines, NULL, cursor_read_int, &released, NULL));
    *ret_count = 0;
    if ((batch->released_at_ms == 0 && batch->stage == NULL) || released == batch->count)
        return NULL;
    struct cursor *cursor = cursor_start(tx->db, &batch_item_held);
    cursor_bind_id(cursor, 1, batch->id);
    cursor_bind_int(cursor, 2, batch->version);
    cursor_bind_int(cursor, 3, limit);
    return cursor_fill(cursor, tx->arena, batch_read_item, ret_items, sizeof *ret_items, limit, ret_count);
}

STATEMENT_READ(batch_names, "SELECT p.name, c.name FROM program p JOIN cycle c ON c.id = $2 WHERE p.id = $1")

struct error *
batch_store_names(struct tx *tx, const struct batch *batch, const char **ret_program, const char **ret_cycle)
{
    struct cursor *cursor = cursor_start(tx->db, &batch_names);
    cursor_bind_id(cursor, 1, batch->program_id);
    cursor_bind_id(cursor, 2, batch->cycle_id);
    bool row = false;
    struct error *error = cursor_next(cursor, &row);
    if (error == NULL && row) {
        *ret_program = cursor_text(cursor, tx->arena, 0);
        *ret_cycle = cursor_text(cursor, tx->arena, 1);
    }
    cursor_end(cursor);
    return error;
}

STATEMENT_READ(batch_warn_registered, "SELECT count(*) FROM batch_item i JOIN household h ON h.id = i.household_id WHERE i.batch_id = $1 AND i.version = $2 "
                                      "AND i.state = 'in' AND h.registered_by IN (SELECT d.user_id FROM batch_duty d WHERE d.batch_id = $1 AND d.duty = 'make')")
STATEMENT_READ(batch_warn_guardian, "SELECT count(*) FROM batch_item WHERE batch_id = $1 AND version = $2 AND state = 'in' AND payee_member_id IS NULL")

struct error *
batch_store_warnings(struct tx *tx, const struct batch *batch, struct batch_warning *ret_rows, int limit, size_t *ret_count)
{
    static const struct { const char *code; const struct statement *statement; } kinds[] = {
        {"made_registered", &batch_warn_registered}, {"guardian_payee", &batch_warn_guardian}};
    *ret_count = 0;
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0] && *ret_count < (size_t)limit; i++) {
        struct cursor *cursor = cursor_start(tx->db, kinds[i].statement);
        cursor_bind_id(cursor, 1, batch->id);
        cursor_bind_int(cursor, 2, batch->version);
        int64_t count = 0;
        TRY(cursor_one(cursor, NULL, cursor_read_int, &count, NULL));
        if (count > 0)
            ret_rows[(*ret_count)++] = (struct batch_warning){kinds[i].code, count};
    }
    return NULL;
}
