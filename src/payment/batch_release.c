/* batch_release.c: each approved line is tested once more: the approved list may shrink, never grow or change. */
#include <string.h>

#include "lumbung/base/money.h"
#include "lumbung/base/text.h"
#include "lumbung/household.h"
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

struct error *
batch_release_item(struct tx *tx, const struct actor *actor, const struct batch *batch, const struct batch_item *item, int64_t *released_minor)
{
    const char *reason = NULL;
    TRY(release_hold_reason(tx, item, &reason));
    if (reason)
        return batch_store_set_item_state(tx, item->id, "held", reason);
    if (!money_add(*released_minor, item->amount_minor, released_minor))
        return error_internal("release: sum overflows");
    struct payment_line line = {.batch_id = batch->id, .item_id = item->id, .program_id = batch->program_id, .cycle_id = batch->cycle_id,
                                .enrollment_id = item->enrollment_id, .household_id = item->household_id, .region_id = item->region_id,
                                .payee_member_id = item->payee_member_id, .payee_sealed = item->payee_sealed, .currency = batch->currency,
                                .amount_minor = item->amount_minor};
    for (const payment_release_hook *hook = payment_release_hooks; *hook; hook++)
        TRY((*hook)(tx, actor, &line));
    return NULL;
}

/* Nothing is sent, unknown or open: the batch is reconciled and closed by itself; a later return posts in the open period. */
struct error *
payment_batch_settle(struct tx *tx, const struct actor *actor, struct id batch_id, int64_t open_lines)
{
    struct batch batch;
    bool found = false;
    TRY(batch_store_load(tx, batch_id, &batch, &found));
    if (!found || open_lines > 0 || !text_equal(batch.state, "released"))
        return NULL;
    TRY(batch_move(tx, &batch, "released", "closed", "close"));
    return batch_record(tx, actor, "batch.close", &batch, NULL, NULL);
}
