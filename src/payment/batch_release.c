/* batch_release.c: each approved line is tested once more: the approved list may shrink, never grow or change. */
#include "lumbung/audit.h"
#include "lumbung/base/money.h"
#include "lumbung/base/text.h"
#include "lumbung/ledger.h"
#include "payment/batch.h"
#include "payment/payment_fields.h"

static struct error *
release_tell(struct tx *tx, const struct actor *actor, const struct batch *batch, const struct batch_item *item, const char *lifted)
{
    struct payment_line line = {.batch_id = batch->id, .item_id = item->id, .program_id = batch->program_id, .cycle_id = batch->cycle_id,
                                .enrollment_id = item->enrollment_id, .household_id = item->household_id, .region_id = item->region_id,
                                .payee_member_id = item->payee_member_id, .payee_sealed = item->payee_sealed, .currency = batch->currency,
                                .amount_minor = item->amount_minor, .lifted = lifted};
    for (const payment_release_hook *hook = payment_release_hooks; *hook; hook++)
        TRY((*hook)(tx, actor, &line));
    return NULL;
}

struct error *
batch_release_item(struct tx *tx, const struct actor *actor, const struct batch *batch, const struct batch_item *item, int64_t *released_minor)
{
    const char *reason = NULL;
    TRY(payment_line_test(tx, item->id, NULL, &reason));
    if (reason)
        return batch_store_set_item_state(tx, item->id, "held", reason);
    if (!money_add(*released_minor, item->amount_minor, released_minor))
        return error_internal("release: sum overflows");
    return release_tell(tx, actor, batch, item, NULL);
}

/* --- held lines ------------------------------------------------------------------------------------------------------------------------ */

struct error *
payment_duty_release(struct tx *tx, const struct actor *actor, struct id batch_id)
{
    return id_is_zero(actor->user_id) ? error_new(ERROR_DUTIES) : batch_store_duty(tx, batch_id, "release", actor->user_id);
}

static struct error *
held_load(struct tx *tx, const struct actor *actor, struct id batch_id, struct id item_id, enum barred act, struct batch *batch, struct batch_item *item)
{
    bool found = false;
    TRY(batch_load(tx, actor, batch_id, batch));
    TRY(batch_store_item(tx, item_id, item, &found));
    if (!found || !id_equal(item->batch_id, batch->id) || item->version != batch->version)
        return error_new(ERROR_NOT_FOUND);
    if (batch->stage || !text_equal(batch->state, "released"))
        return batch_wrong_state(batch, act);
    if (!text_equal(item->state, "held"))
        return error_state(&item_state_codes, item->state, act);
    return payment_duty_release(tx, actor, batch->id);
}

static struct error *
held_record(struct tx *tx, const struct actor *actor, const char *action, const struct batch *batch, const struct batch_item *item, const char *state,
            const char *reason)
{
    struct buffer after;
    buffer_init(&after, tx->arena);
    json_open(&after, NULL, '{');
    json_put_text(&after, "state", state);
    json_put_text(&after, "held_reason", item->reason);
    json_put_int(&after, "amount_minor", item->amount_minor);
    json_close(&after, '}');
    struct audit_part part = {.kind = "batch_item", .id = item->id, .subject = item->household_id, .before = "{\"state\":\"held\"}", .after = buffer_text(&after)};
    struct audit_change change = {.action = action, .record_id = batch->id, .reason = reason, .parts = &part, .part_count = 1};
    return audit_append(tx, actor, &change, NULL);
}

struct error *
batch_release_held(struct tx *tx, const struct actor *actor, struct id batch_id, struct id item_id, const char *reason)
{
    struct batch batch;
    struct batch_item item;
    TRY(held_load(tx, actor, batch_id, item_id, BARRED_LIFT, &batch, &item));
    TRY(batch_store_set_item_state(tx, item.id, "in", reason));
    const struct ledger_place chain[] = {{LEDGER_BATCH, batch.id}, {LEDGER_OPEN, batch.id}};
    TRY(ledger_move(tx, actor, "batch.release_held", item.id, batch.currency, chain, 2, item.amount_minor));
    TRY(release_tell(tx, actor, &batch, &item, item.reason)); /* what held it is not asked again */
    return held_record(tx, actor, "batch.release_held", &batch, &item, "in", reason);
}

/* A held line is cancelled: its money goes back to the program, and its unit is free for another batch. */
static struct error *
held_give_back(struct tx *tx, const struct actor *actor, const struct batch *batch, const struct batch_item *item, const char *reason)
{
    TRY(batch_store_set_item_state(tx, item->id, "cancelled", reason));
    const struct ledger_place chain[] = {{LEDGER_BATCH, batch->id}, {LEDGER_CYCLE, batch->cycle_id}, {LEDGER_PROGRAM, batch->program_id}};
    TRY(ledger_move(tx, actor, "batch.cancel_held", item->id, batch->currency, chain, 3, item->amount_minor));
    TRY(payment_unclaim_line(tx, batch->id, item->enrollment_id));
    return held_record(tx, actor, "batch.cancel_held", batch, item, "cancelled", reason);
}

static struct error *
held_settle(struct tx *tx, const struct actor *actor, const struct batch *batch)
{
    bool open = false;
    TRY(batch_store_any_open(tx, batch->id, &open));
    return payment_batch_settle(tx, actor, batch->id, open);
}

struct error *
batch_cancel_held(struct tx *tx, const struct actor *actor, struct id batch_id, struct id item_id, const char *reason)
{
    struct batch batch;
    struct batch_item item;
    TRY(held_load(tx, actor, batch_id, item_id, BARRED_CANCEL, &batch, &item));
    TRY(held_give_back(tx, actor, &batch, &item, reason));
    return held_settle(tx, actor, &batch);
}

struct error *
payment_batch_begin_close(struct tx *tx, const struct actor *actor, struct id batch_id)
{
    struct batch batch;
    TRY(batch_load(tx, actor, batch_id, &batch));
    if (batch.stage || !text_equal(batch.state, "released"))
        return batch_wrong_state(&batch, BARRED_CLOSE_BATCH);
    return id_is_zero(actor->user_id) ? error_new(ERROR_DUTIES) : batch_store_duty(tx, batch.id, "reconcile", actor->user_id);
}

struct error *
payment_batch_give_back_held(struct tx *tx, const struct actor *actor, struct id batch_id, const char *reason, int limit, bool *ret_more)
{
    struct batch batch;
    struct batch_item *items = ARENA_ARRAY(tx->arena, struct batch_item, limit);
    size_t count = 0;
    TRY(batch_load(tx, actor, batch_id, &batch));
    TRY(batch_store_held(tx, &batch, limit, items, &count));
    for (size_t i = 0; i < count; i++)
        TRY(held_give_back(tx, actor, &batch, &items[i], reason));
    *ret_more = count == (size_t)limit;
    return held_settle(tx, actor, &batch);
}

/* Nothing is sent, unknown, open or held: the batch closes by itself. What opens a line of a closed one again (a reversal, a return) opens it too. */
struct error *
payment_batch_settle(struct tx *tx, const struct actor *actor, struct id batch_id, bool open)
{
    struct batch batch;
    struct batch_item held;
    size_t held_count = 0;
    bool found = false;
    TRY(batch_store_load(tx, batch_id, &batch, &found));
    if (!found)
        return NULL;
    bool closed = text_equal(batch.state, "closed"), released = text_equal(batch.state, "released");
    if (closed && open) {
        TRY(batch_move(tx, &batch, "closed", "released", BARRED_REOPEN));
        return batch_record(tx, actor, "batch.reopen", &batch, NULL, NULL);
    }
    if (!released || open)
        return NULL;
    TRY(batch_store_held(tx, &batch, 1, &held, &held_count));
    if (held_count > 0)
        return NULL;
    TRY(batch_move(tx, &batch, "released", "closed", BARRED_CLOSE_BATCH));
    return batch_record(tx, actor, "batch.close", &batch, NULL, NULL);
}
