/* disbursement_store.c: SQL of disbursements. */
#include "disbursement/disbursement_columns.h"

STATEMENT_WRITE(disbursement_insert,
                "INSERT INTO disbursement (id, batch_id, item_id, program_id, cycle_id, enrollment_id, household_id, region_id, payee_member_id, payee_sealed, "
                "currency, amount_minor, received_minor, open_minor, given_back_minor, state, reference, retries, released_at_ms, lifted) "
                "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 0, $12, 0, 'pending', $13, 0, $14, $15)")

struct error *
disbursement_store_insert(struct tx *tx, const struct disbursement *row)
{
    struct cursor *cursor = cursor_start(tx->db, &disbursement_insert);
    cursor_bind_id(cursor, 1, row->id);
    cursor_bind_id(cursor, 2, row->batch_id);
    cursor_bind_id(cursor, 3, row->item_id);
    cursor_bind_id(cursor, 4, row->program_id);
    cursor_bind_id(cursor, 5, row->cycle_id);
    cursor_bind_id(cursor, 6, row->enrollment_id);
    cursor_bind_id(cursor, 7, row->household_id);
    cursor_bind_id(cursor, 8, row->region_id);
    cursor_bind_id(cursor, 9, row->payee_member_id);
    cursor_bind_bytes(cursor, 10, row->payee_sealed.data, row->payee_sealed.length);
    cursor_bind_text(cursor, 11, row->currency);
    cursor_bind_int(cursor, 12, row->amount_minor);
    cursor_bind_text(cursor, 13, row->reference);
    cursor_bind_int(cursor, 14, tx->now_ms);
    cursor_bind_text(cursor, 15, row->lifted);
    TRY(cursor_run(cursor, NULL));
    return disbursement_store_count(tx, row->id, 1);
}

STATEMENT_WRITE(disbursement_part_insert, "INSERT INTO disbursement_part (disbursement_id, part, code, kind, item, quantity, amount_minor, member_id, "
                                          "received_quantity) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0)")

struct error *
disbursement_store_insert_part(struct tx *tx, struct id disbursement_id, int64_t number, const struct batch_part *part)
{
    struct cursor *cursor = cursor_start(tx->db, &disbursement_part_insert);
    cursor_bind_id(cursor, 1, disbursement_id);
    cursor_bind_int(cursor, 2, number);
    cursor_bind_text(cursor, 3, part->code);
    cursor_bind_text(cursor, 4, part->kind);
    cursor_bind_text(cursor, 5, part->item);
    cursor_bind_int_or_null(cursor, 6, !part->has_quantity, part->quantity);
    cursor_bind_int_or_null(cursor, 7, !part->has_amount, part->amount_minor);
    cursor_bind_id(cursor, 8, part->member_id);
    return cursor_run(cursor, NULL);
}

void
disbursement_read_row(struct cursor *cursor, struct arena *arena, void *ret_row)
{
    *(struct disbursement *)ret_row = (struct disbursement){
        .id = cursor_id(cursor, 0), .batch_id = cursor_id(cursor, 1), .item_id = cursor_id(cursor, 2), .program_id = cursor_id(cursor, 3),
        .cycle_id = cursor_id(cursor, 4), .enrollment_id = cursor_id(cursor, 5), .household_id = cursor_id(cursor, 6), .region_id = cursor_id(cursor, 7),
        .payee_member_id = cursor_id(cursor, 8), .payee_sealed = cursor_bytes(cursor, arena, 9), .currency = cursor_text(cursor, arena, 10),
        .state = cursor_text(cursor, arena, 11), .held_reason = cursor_text(cursor, arena, 12), .reference = cursor_text(cursor, arena, 13),
        .amount_minor = cursor_int(cursor, 14), .received_minor = cursor_int(cursor, 15), .open_minor = cursor_int(cursor, 16),
        .given_back_minor = cursor_int(cursor, 17), .retries = cursor_int(cursor, 18), .released_at_ms = cursor_int(cursor, 19),
        .lifted = cursor_text(cursor, arena, 20),
    };
}

void
disbursement_bind_scope(struct cursor *cursor, const struct actor *actor)
{
    cursor_bind_id(cursor, 1, actor->user_id);
    cursor_bind_int(cursor, 2, actor->all_regions);
    cursor_bind_int(cursor, 3, actor->all_programs);
}

STATEMENT_READ(disbursement_by_id, "SELECT " DISBURSEMENT_COLUMNS " FROM disbursement d WHERE d.id = $4" DISBURSEMENT_SCOPE)

struct error *
disbursement_store_load(struct tx *tx, const struct actor *actor, struct id id, struct disbursement *ret_row, bool *ret_found)
{
    struct cursor *cursor = cursor_start(tx->db, &disbursement_by_id);
    disbursement_bind_scope(cursor, actor);
    cursor_bind_id(cursor, 4, id);
    return cursor_one(cursor, tx->arena, disbursement_read_row, ret_row, ret_found);
}

static void
read_part(struct cursor *cursor, struct arena *arena, void *ret_row)
{
    *(struct disbursement_part *)ret_row = (struct disbursement_part){
        .number = cursor_int(cursor, 0), .received_quantity = cursor_int(cursor, 7),
        .part = {.code = cursor_text(cursor, arena, 1), .kind = cursor_text(cursor, arena, 2), .item = cursor_text(cursor, arena, 3),
                 .has_quantity = !cursor_is_null(cursor, 4), .quantity = cursor_int(cursor, 4), .has_amount = !cursor_is_null(cursor, 5),
                 .amount_minor = cursor_int(cursor, 5), .member_id = cursor_id(cursor, 6)},
    };
}

STATEMENT_READ(disbursement_part_list, "SELECT part, code, kind, item, quantity, amount_minor, member_id, received_quantity FROM disbursement_part "
                                       "WHERE disbursement_id = $1 ORDER BY part LIMIT 32")

struct error *
disbursement_store_parts(struct tx *tx, struct id id, struct disbursement_part ret_parts[BATCH_PARTS_MAX], size_t *ret_count)
{
    struct cursor *cursor = cursor_start(tx->db, &disbursement_part_list);
    cursor_bind_id(cursor, 1, id);
    return cursor_fill(cursor, tx->arena, read_part, ret_parts, sizeof *ret_parts, BATCH_PARTS_MAX, ret_count);
}

STATEMENT_WRITE(disbursement_update, "UPDATE disbursement SET received_minor = $2, open_minor = $3, given_back_minor = $4, state = $5, held_reason = $6, "
                                     "reference = $7, retries = $8, lifted = $13, last_received_at_ms = CASE WHEN $5 IN ('paid', 'partly_paid') THEN $9 "
                                     "ELSE last_received_at_ms END WHERE id = $1 AND received_minor = $10 AND open_minor = $11 AND state = $12")

struct error *
disbursement_store_move(struct tx *tx, const struct disbursement *seen, const struct disbursement *now, bool *ret_moved)
{
    TRY(disbursement_store_count(tx, seen->id, -1));
    struct cursor *cursor = cursor_start(tx->db, &disbursement_update);
    cursor_bind_id(cursor, 1, seen->id);
    cursor_bind_int(cursor, 2, now->received_minor);
    cursor_bind_int(cursor, 3, now->open_minor);
    cursor_bind_int(cursor, 4, now->given_back_minor);
    cursor_bind_text(cursor, 5, now->state);
    cursor_bind_text(cursor, 6, now->held_reason);
    cursor_bind_text(cursor, 7, now->reference);
    cursor_bind_int(cursor, 8, now->retries);
    cursor_bind_int(cursor, 9, tx->now_ms);
    cursor_bind_int(cursor, 10, seen->received_minor);
    cursor_bind_int(cursor, 11, seen->open_minor);
    cursor_bind_text(cursor, 12, seen->state);
    cursor_bind_text(cursor, 13, now->lifted);
    TRY(cursor_run_one(cursor, ret_moved));
    return disbursement_store_count(tx, seen->id, 1);
}

STATEMENT_WRITE(disbursement_part_quantity, "UPDATE disbursement_part SET received_quantity = $3 WHERE disbursement_id = $1 AND part = $2")

struct error *
disbursement_store_set_quantity(struct tx *tx, struct id id, int64_t number, int64_t received_quantity)
{
    struct cursor *cursor = cursor_start(tx->db, &disbursement_part_quantity);
    cursor_bind_id(cursor, 1, id);
    cursor_bind_int(cursor, 2, number);
    cursor_bind_int(cursor, 3, received_quantity);
    return cursor_run(cursor, NULL);
}

STATEMENT_READ(disbursement_any_open, "SELECT 1 FROM disbursement WHERE batch_id = $1 AND state IN ('pending', 'sent', 'partly_paid', 'held', 'uncollected', "
                                "'failed', 'unknown', 'returned') LIMIT 1")

struct error *
disbursement_store_any_open(struct tx *tx, struct id batch_id, bool *ret_any)
{
    struct cursor *cursor = cursor_start(tx->db, &disbursement_any_open);
    cursor_bind_id(cursor, 1, batch_id);
    struct error *error = cursor_next(cursor, ret_any);
    cursor_end(cursor);
    return error;
}

STATEMENT_READ(disbursement_open_lines,
               "SELECT coalesce(sum(lines), 0) FROM disbursement_total WHERE batch_id = $1 AND state NOT IN ('paid', 'closed_short', 'cancelled')")

struct error *
disbursement_store_open_lines(struct tx *tx, struct id batch_id, int64_t *ret_count)
{
    struct cursor *cursor = cursor_start(tx->db, &disbursement_open_lines);
    cursor_bind_id(cursor, 1, batch_id);
    return cursor_one(cursor, NULL, cursor_read_int, ret_count, NULL);
}

STATEMENT_READ(disbursement_drifted, "SELECT d.id FROM disbursement d WHERE d.received_minor <> coalesce((SELECT sum(r.amount_minor) FROM receipt r "
                                     "WHERE r.disbursement_id = d.id), 0) ORDER BY d.id LIMIT 1")

struct error *
disbursement_store_drifted(struct tx *tx, struct id *ret_id, bool *ret_found)
{
    struct cursor *cursor = cursor_start(tx->db, &disbursement_drifted);
    return cursor_one(cursor, NULL, cursor_read_id, ret_id, ret_found);
}
