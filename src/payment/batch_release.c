/* batch_release.c: each approved line is tested once more: the approved list may shrink, never grow or change. */
#include <string.h>

#include "lumbung/audit.h"
#include "lumbung/base/money.h"
#include "lumbung/base/text.h"
#include "lumbung/household.h"
#include "lumbung/ledger.h"
#include "payment/batch.h"

static const struct actor release_system = {.kind = ACTOR_SYSTEM, .name = "system", .all_regions = true, .all_programs = true};

/* Is the account that the household names now still the one that was locked? */
static struct error *
release_account_changed(struct tx *tx, const struct batch_item *item, const struct household_view *view, bool *ret_changed)
{
    struct batch_payee payee;
    TRY(payment_payee_open(tx, item->household_id, item->id, item->payee_sealed, &payee));
    *ret_changed = false;
    if (payee.number == NULL)
        return NULL; /* paid in hand: an account named later changes nothing */
    uint8_t salt[32], tag[32];
    if (payee.salt_hex == NULL || !hex_parse(payee.salt_hex, salt, sizeof salt) || item->account_tag.length != sizeof tag)
        return error_internal("release: a line without its account tag");
    const char *text = arena_format(tx->arena, "%s|%s|%s", view->account_provider ? view->account_provider : "",
                                    view->account_number ? view->account_number : "", view->account_holder ? view->account_holder : "");
    crypto_keyed_hash(salt, text, strlen(text), tag, sizeof tag);
    *ret_changed = memcmp(tag, item->account_tag.data, sizeof tag) != 0;
    return NULL;
}

/* Death, merge, move, exit, stopped processing, duplicate, account: the first that holds the line, NULL when none does. */
static struct error *
release_hold_reason(struct tx *tx, const struct batch_item *item, const char **ret_reason)
{
    struct household_view view;
    struct enrollment enrollment;
    const char *state = "live", *name = NULL;
    struct id member_household;
    bool barred = false, allowed = true, changed = false;
    TRY(household_view(tx, &release_system, item->household_id, &view));
    TRY(enrollment_load(tx, item->enrollment_id, &enrollment));
    TRY(household_payment_barred(tx, item->household_id, &barred));
    TRY(household_processing_allowed(tx, item->household_id, &allowed));
    if (!id_is_zero(item->payee_member_id))
        TRY(household_member_state(tx, item->payee_member_id, &state, &member_household, &name));
    TRY(release_account_changed(tx, item, &view, &changed));
    const struct { bool holds; const char *reason; } reasons[] = {
        {text_equal(state, "died"), "payee_died"}, {!text_equal(state, "live"), "payee_left"}, {!text_equal(view.state, "active"), "household_not_active"},
        {!text_equal(enrollment.state, "enrolled"), "not_enrolled"}, {!allowed, "consent"}, {barred, "duplicate"}, {changed, "account_changed"},
    };
    *ret_reason = NULL;
    for (size_t i = 0; *ret_reason == NULL && i < sizeof reasons / sizeof reasons[0]; i++)
        if (reasons[i].holds)
            *ret_reason = reasons[i].reason;
    return NULL;
}

static struct error *
release_tell(struct tx *tx, const struct actor *actor, const struct batch *batch, const struct batch_item *item)
{
    struct payment_line line = {.batch_id = batch->id, .item_id = item->id, .program_id = batch->program_id, .cycle_id = batch->cycle_id,
                                .enrollment_id = item->enrollment_id, .household_id = item->household_id, .region_id = item->region_id,
                                .payee_member_id = item->payee_member_id, .payee_sealed = item->payee_sealed, .currency = batch->currency,
                                .amount_minor = item->amount_minor};
    for (const payment_release_hook *hook = payment_release_hooks; *hook; hook++)
        TRY((*hook)(tx, actor, &line));
    return NULL;
}

struct error *
batch_release_item(struct tx *tx, const struct actor *actor, const struct batch *batch, const struct batch_item *item, int64_t *released_minor)
{
    const char *reason = NULL;
    TRY(release_hold_reason(tx, item, &reason));
    if (reason)
        return batch_store_set_item_state(tx, item->id, "held", reason);
    if (!money_add(*released_minor, item->amount_minor, released_minor))
        return error_internal("release: sum overflows");
    return release_tell(tx, actor, batch, item);
}

/* --- held lines ------------------------------------------------------------------------------------------------------------------------ */

static struct error *
held_load(struct tx *tx, const struct actor *actor, struct id batch_id, struct id item_id, const char *act, struct batch *batch, struct batch_item *item)
{
    bool found = false;
    TRY(batch_load(tx, actor, batch_id, batch));
    TRY(batch_store_item(tx, item_id, item, &found));
    if (!found || !id_equal(item->batch_id, batch->id) || item->version != batch->version)
        return error_new(ERROR_NOT_FOUND);
    if (batch->stage || !text_equal(batch->state, "released"))
        return batch_wrong_state(batch, act);
    if (!text_equal(item->state, "held"))
        return error_with(ERROR_STATE, item->state, act, NULL);
    if (id_is_zero(actor->user_id))
        return error_new(ERROR_DUTIES);
    return batch_store_duty(tx, batch->id, "release", actor->user_id);
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
    TRY(held_load(tx, actor, batch_id, item_id, "release a held line", &batch, &item));
    TRY(batch_store_set_item_state(tx, item.id, "in", reason));
    const struct ledger_place chain[] = {{LEDGER_BATCH, batch.id}, {LEDGER_OPEN, batch.id}};
    TRY(ledger_move(tx, actor, "batch.release_held", item.id, batch.currency, chain, 2, item.amount_minor));
    TRY(release_tell(tx, actor, &batch, &item));
    return held_record(tx, actor, "batch.release_held", &batch, &item, "in", reason);
}

struct error *
batch_cancel_held(struct tx *tx, const struct actor *actor, struct id batch_id, struct id item_id, const char *reason)
{
    struct batch batch;
    struct batch_item item;
    int64_t open_lines = 0;
    TRY(held_load(tx, actor, batch_id, item_id, "cancel a held line", &batch, &item));
    TRY(batch_store_set_item_state(tx, item.id, "cancelled", reason));
    const struct ledger_place chain[] = {{LEDGER_BATCH, batch.id}, {LEDGER_CYCLE, batch.cycle_id}, {LEDGER_PROGRAM, batch.program_id}};
    TRY(ledger_move(tx, actor, "batch.cancel_held", item.id, batch.currency, chain, 3, item.amount_minor));
    TRY(held_record(tx, actor, "batch.cancel_held", &batch, &item, "cancelled", reason));
    TRY(batch_store_open_lines(tx, batch.id, &open_lines));
    return payment_batch_settle(tx, actor, batch.id, open_lines);
}

/* Nothing is sent, unknown, open or held: the batch closes by itself. What opens a line of a closed one again (a reversal, a return) opens it too. */
struct error *
payment_batch_settle(struct tx *tx, const struct actor *actor, struct id batch_id, int64_t open_lines)
{
    struct batch batch;
    struct batch_item held;
    size_t held_count = 0;
    bool found = false;
    TRY(batch_store_load(tx, batch_id, &batch, &found));
    if (!found)
        return NULL;
    bool closed = text_equal(batch.state, "closed"), released = text_equal(batch.state, "released");
    if (closed && open_lines > 0) {
        TRY(batch_move(tx, &batch, "closed", "released", "reopen"));
        return batch_record(tx, actor, "batch.reopen", &batch, NULL, NULL);
    }
    if (!released || open_lines > 0)
        return NULL;
    TRY(batch_store_held(tx, batch_id, batch.version, 1, &held, &held_count));
    if (held_count > 0)
        return NULL;
    TRY(batch_move(tx, &batch, "released", "closed", "close"));
    return batch_record(tx, actor, "batch.close", &batch, NULL, NULL);
}
