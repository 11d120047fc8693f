/* disbursement_undo.c: reversal, return, retry and cancel: nothing is edited, each is an entry of its own with counter-postings. */
#include <stdlib.h>
#include <string.h>

#include "disbursement/disbursement_fields.h"
#include "lumbung/audit.h"
#include "lumbung/base/money.h"
#include "lumbung/base/text.h"
#include "lumbung/base/time.h"
#include "lumbung/ledger.h"
#include "disbursement/disbursement_private.h"

/* The last receipt that stands. */
static struct error *
undo_last_receipt(struct tx *tx, struct id id, struct receipt *ret_receipt, bool *ret_found)
{
    struct receipt *rows = ARENA_ARRAY(tx->arena, struct receipt, RECEIPTS_MAX);
    size_t count = 0;
    TRY(receipt_store_list(tx, id, rows, &count));
    *ret_found = false;
    for (size_t i = count; i > 0 && !*ret_found; i--)
        if (text_equal(rows[i - 1].kind, "receipt") && !rows[i - 1].reversed) {
            *ret_receipt = rows[i - 1];
            *ret_found = true;
        }
    return NULL;
}

static struct error *
undo_goods(struct tx *tx, struct id id, const char *quantities)
{
    struct json *json = NULL;
    struct disbursement_part parts[BATCH_PARTS_MAX];
    size_t count = 0;
    TRY(json_parse(tx->arena, quantities, strlen(quantities), &json));
    TRY(disbursement_store_parts(tx, id, parts, &count));
    for (size_t i = 0; i < json->count; i++)
        for (size_t j = 0; j < count; j++)
            if (text_equal(json->members[i].name, arena_format(tx->arena, "%lld", (long long)parts[j].number)))
                TRY(disbursement_store_set_quantity(tx, id, parts[j].number, parts[j].received_quantity - json->members[i].value->integer));
    return NULL;
}

static bool
undo_goods_received(const struct disbursement_part *parts, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (parts[i].received_quantity > 0)
            return true;
    return false;
}

struct error *
disbursement_reverse(struct tx *tx, const struct actor *actor, struct id id, const char *reason)
{
    struct disbursement row;
    struct receipt last;
    bool found = false;
    TRY(disbursement_load(tx, actor, id, &row));
    TRY(undo_last_receipt(tx, id, &last, &found));
    if (!found || !(text_equal(row.state, "paid") || text_equal(row.state, "partly_paid")))
        return error_state(&disbursement_state_codes, row.state, BARRED_REVERSE);
    if (last.amount_minor > row.received_minor) /* part of it came back already: what is left is returned, not reversed */
        return error_state(&disbursement_state_codes, "returned", BARRED_REVERSE);
    if (tx->now_ms - last.recorded_at_ms > DAY_MS && id_equal(last.recorded_by, actor->user_id))
        return error_new(ERROR_DUTIES); /* after a day only another person may undo it */
    struct receipt reversal = {.id = tx_new_id(tx), .disbursement_id = id, .kind = "reversal", .reverses_id = last.id, .amount_minor = -last.amount_minor,
                               .quantities = last.quantities, .reason = reason, .at_ms = tx->now_ms, .recorded_by = actor->user_id};
    TRY(receipt_store_insert(tx, &reversal));
    TRY(undo_goods(tx, id, last.quantities));
    const struct ledger_place chain[] = {{LEDGER_PAID, row.batch_id}, {LEDGER_OPEN, row.batch_id}};
    TRY(ledger_move(tx, actor, "reversal", id, row.currency, chain, 2, last.amount_minor));
    struct disbursement now = row;
    struct disbursement_part parts[BATCH_PARTS_MAX];
    size_t count = 0;
    TRY(disbursement_store_parts(tx, id, parts, &count));
    now.received_minor -= last.amount_minor;
    now.open_minor += last.amount_minor;
    now.state = now.received_minor == 0 && !undo_goods_received(parts, count) ? "pending" : "partly_paid";
    return disbursement_apply(tx, actor, "disbursement.reverse", &row, &now, reason);
}

struct error *
disbursement_return(struct tx *tx, const struct actor *actor, struct id id, const struct return_in *in)
{
    struct disbursement row;
    TRY(disbursement_load(tx, actor, id, &row));
    if (!(text_equal(row.state, "paid") || text_equal(row.state, "partly_paid")))
        return error_state(&disbursement_state_codes, row.state, BARRED_RETURN);
    if (in->amount_minor > row.received_minor)
        return error_field("/amount_minor", FAULT_CONSTRAINT,
                           arena_format(tx->arena, "Lebih dari yang diterima: %s.", money_text(tx->arena, row.received_minor, row.currency, LANGUAGE_ID)),
                           arena_format(tx->arena, "More than was received: %s.", money_text(tx->arena, row.received_minor, row.currency, LANGUAGE_EN)));
    const struct currency *currency = currency_find(row.currency);
    if (currency && in->amount_minor % currency->step != 0)
        return error_field("/amount_minor", FAULT_MONEY, arena_format(tx->arena, "%lld", (long long)currency->step), NULL);
    struct receipt entry = {.id = tx_new_id(tx), .disbursement_id = id, .kind = "return", .amount_minor = -in->amount_minor, .quantities = "{}",
                            .reason = in->reason, .at_ms = tx->now_ms, .recorded_by = actor->user_id};
    TRY(receipt_store_insert(tx, &entry));
    const struct ledger_place chain[] = {{LEDGER_PAID, row.batch_id}, {LEDGER_OPEN, row.batch_id}};
    TRY(ledger_move(tx, actor, "return", id, row.currency, chain, 2, in->amount_minor));
    struct disbursement now = row;
    now.received_minor -= in->amount_minor;
    now.open_minor += in->amount_minor;
    now.state = "returned";
    return disbursement_apply(tx, actor, "disbursement.return", &row, &now, in->reason);
}

static bool
undo_may_decide(const struct disbursement *row)
{
    return text_equal(row->state, "failed") || text_equal(row->state, "returned") || text_equal(row->state, "uncollected") || text_equal(row->state, "held");
}

struct error *
disbursement_retry(struct tx *tx, const struct actor *actor, struct id id, const char *reason)
{
    struct disbursement row;
    TRY(disbursement_load(tx, actor, id, &row));
    if (!undo_may_decide(&row))
        return error_state(&disbursement_state_codes, row.state, BARRED_RETRY);
    if (text_equal(row.state, "held"))
        TRY(payment_duty_release(tx, actor, row.batch_id)); /* whoever lifts a hold releases the line */
    struct disbursement now = row;
    now.state = "pending";
    now.lifted = payment_lift(tx->arena, row.lifted, row.held_reason);
    now.held_reason = NULL;
    now.retries++;
    now.reference = disbursement_reference(tx, row.item_id, now.retries);
    return disbursement_apply(tx, actor, "disbursement.retry", &row, &now, reason);
}

/* A line that nobody collected first becomes so. */
static struct error *
cancel_uncollected(struct tx *tx, const struct actor *actor, struct disbursement *row, const char *reason)
{
    if (!text_equal(row->state, "pending"))
        return NULL;
    struct disbursement now = *row;
    now.state = "uncollected";
    TRY(disbursement_apply(tx, actor, "disbursement.uncollected", row, &now, reason));
    *row = now;
    return NULL;
}

/* Nothing of it ever reached the household: the unit may be paid by another batch of the cycle. */
static struct error *
cancel_unclaim(struct tx *tx, const struct disbursement *row)
{
    struct disbursement_part parts[BATCH_PARTS_MAX];
    size_t count = 0;
    TRY(disbursement_store_parts(tx, row->id, parts, &count));
    if (row->received_minor > 0 || undo_goods_received(parts, count))
        return NULL;
    return payment_unclaim_line(tx, row->batch_id, row->enrollment_id);
}

struct error *
disbursement_cancel(struct tx *tx, const struct actor *actor, struct id id, const char *reason)
{
    struct disbursement row;
    TRY(disbursement_load(tx, actor, id, &row));
    bool partly = text_equal(row.state, "partly_paid");
    if (!undo_may_decide(&row) && !text_equal(row.state, "pending") && !partly)
        return error_state(&disbursement_state_codes, row.state, BARRED_CANCEL);
    TRY(cancel_uncollected(tx, actor, &row, reason));
    TRY(cancel_unclaim(tx, &row));
    const struct ledger_place chain[] = {{LEDGER_OPEN, row.batch_id}, {LEDGER_CYCLE, row.cycle_id}, {LEDGER_PROGRAM, row.program_id}};
    TRY(ledger_move(tx, actor, "disbursement.cancel", id, row.currency, chain, 3, row.open_minor));
    struct disbursement now = row;
    now.given_back_minor += row.open_minor;
    now.open_minor = 0;
    now.state = partly ? "closed_short" : "cancelled";
    now.held_reason = NULL;
    return disbursement_apply(tx, actor, "disbursement.cancel", &row, &now, reason);
}
