/* receipt_store.c: SQL of receipts and attempts; both only grow. */
#include "disbursement/disbursement_store.h"

STATEMENT_WRITE(receipt_insert,
                "INSERT INTO receipt (id, disbursement_id, kind, reverses_id, amount_minor, quantities, method, received_by, identified_by, collector_relation, "
                "sealed, reason, signature_id, photo_id, distribution_id, at_ms, recorded_at_ms, recorded_by) "
                "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)")

struct error *
receipt_store_insert(struct tx *tx, const struct receipt *receipt)
{
    struct cursor *cursor = cursor_start(tx->db, &receipt_insert);
    cursor_bind_id(cursor, 1, receipt->id);
    cursor_bind_id(cursor, 2, receipt->disbursement_id);
    cursor_bind_text(cursor, 3, receipt->kind);
    cursor_bind_id(cursor, 4, receipt->reverses_id);
    cursor_bind_int(cursor, 5, receipt->amount_minor);
    cursor_bind_text(cursor, 6, receipt->quantities);
    cursor_bind_text(cursor, 7, receipt->method);
    cursor_bind_text(cursor, 8, receipt->received_by);
    cursor_bind_text(cursor, 9, receipt->identified_by);
    cursor_bind_text(cursor, 10, receipt->collector_relation);
    cursor_bind_bytes(cursor, 11, receipt->sealed.data, receipt->sealed.length);
    cursor_bind_text(cursor, 12, receipt->reason);
    cursor_bind_id(cursor, 13, receipt->signature_id);
    cursor_bind_id(cursor, 14, receipt->photo_id);
    cursor_bind_id(cursor, 15, receipt->distribution_id);
    cursor_bind_int(cursor, 16, receipt->at_ms);
    cursor_bind_int(cursor, 17, tx->now_ms);
    cursor_bind_id(cursor, 18, receipt->recorded_by);
    return cursor_run(cursor, NULL);
}

static void
read_receipt(struct cursor *cursor, struct arena *arena, void *ret_row)
{
    *(struct receipt *)ret_row = (struct receipt){
        .id = cursor_id(cursor, 0), .kind = cursor_text(cursor, arena, 1), .reverses_id = cursor_id(cursor, 2),
        .amount_minor = cursor_int(cursor, 3), .quantities = cursor_text(cursor, arena, 4), .method = cursor_text(cursor, arena, 5),
        .received_by = cursor_text(cursor, arena, 6), .identified_by = cursor_text(cursor, arena, 7), .collector_relation = cursor_text(cursor, arena, 8),
        .sealed = cursor_bytes(cursor, arena, 9), .reason = cursor_text(cursor, arena, 10), .signature_id = cursor_id(cursor, 11),
        .photo_id = cursor_id(cursor, 12), .distribution_id = cursor_id(cursor, 13), .at_ms = cursor_int(cursor, 14),
        .recorded_at_ms = cursor_int(cursor, 15), .recorded_by = cursor_id(cursor, 16), .reversed = cursor_int(cursor, 17) != 0,
    };
}

STATEMENT_READ(receipt_list, "SELECT r.id, r.kind, r.reverses_id, r.amount_minor, r.quantities, r.method, r.received_by, r.identified_by, r.collector_relation, "
                             "r.sealed, r.reason, r.signature_id, r.photo_id, r.distribution_id, r.at_ms, r.recorded_at_ms, r.recorded_by, "
                             "EXISTS (SELECT 1 FROM receipt u WHERE u.reverses_id = r.id) FROM receipt r WHERE r.disbursement_id = $1 ORDER BY r.id LIMIT 64")

struct error *
receipt_store_list(struct tx *tx, struct id disbursement_id, struct receipt ret_rows[RECEIPTS_MAX], size_t *ret_count)
{
    struct cursor *cursor = cursor_start(tx->db, &receipt_list);
    cursor_bind_id(cursor, 1, disbursement_id);
    TRY(cursor_fill(cursor, tx->arena, read_receipt, ret_rows, sizeof *ret_rows, RECEIPTS_MAX, ret_count));
    for (size_t i = 0; i < *ret_count; i++)
        ret_rows[i].disbursement_id = disbursement_id;
    return NULL;
}

STATEMENT_WRITE(attempt_insert, "INSERT INTO disbursement_attempt (id, disbursement_id, outcome, note, at_ms, recorded_at_ms, recorded_by) "
                                "VALUES ($1, $2, $3, $4, $5, $6, $7)")

struct error *
attempt_store_insert(struct tx *tx, struct id disbursement_id, const struct attempt *attempt)
{
    struct cursor *cursor = cursor_start(tx->db, &attempt_insert);
    cursor_bind_id(cursor, 1, attempt->id);
    cursor_bind_id(cursor, 2, disbursement_id);
    cursor_bind_text(cursor, 3, attempt->outcome);
    cursor_bind_text(cursor, 4, attempt->note);
    cursor_bind_int(cursor, 5, attempt->at_ms);
    cursor_bind_int(cursor, 6, tx->now_ms);
    cursor_bind_id(cursor, 7, attempt->recorded_by);
    return cursor_run(cursor, NULL);
}

static void
read_attempt(struct cursor *cursor, struct arena *arena, void *ret_row)
{
    *(struct attempt *)ret_row = (struct attempt){
        .id = cursor_id(cursor, 0), .outcome = cursor_text(cursor, arena, 1), .note = cursor_text(cursor, arena, 2), .at_ms = cursor_int(cursor, 3),
        .recorded_by = cursor_id(cursor, 4),
    };
}

STATEMENT_READ(attempt_list, "SELECT id, outcome, note, at_ms, recorded_by FROM disbursement_attempt WHERE disbursement_id = $1 ORDER BY id LIMIT 64")

struct error *
attempt_store_list(struct tx *tx, struct id disbursement_id, struct attempt ret_rows[RECEIPTS_MAX], size_t *ret_count)
{
    struct cursor *cursor = cursor_start(tx->db, &attempt_list);
    cursor_bind_id(cursor, 1, disbursement_id);
    return cursor_fill(cursor, tx->arena, read_attempt, ret_rows, sizeof *ret_rows, RECEIPTS_MAX, ret_count);
}
