/* batch_line.c: may an approved line still be paid? Asked at release and again at hand-out; what a person let pass is not asked twice. */
#include <string.h>

#include "lumbung/base/text.h"
#include "lumbung/change.h"
#include "payment/batch.h"

static const struct actor line_system = {.kind = ACTOR_SYSTEM, .name = "system", .all_regions = true, .all_programs = true};

/* Is the account that the household names now still the one that was locked, and whose it was still there? */
static struct error *
line_account(struct tx *tx, const struct batch_item *item, bool *ret_changed, const char **ret_gone)
{
    struct batch_payee payee;
    struct household_view view;
    TRY(payment_payee_open(tx, item->household_id, item->id, item->payee_sealed, &payee));
    *ret_changed = false;
    *ret_gone = NULL;
    if (payee.number == NULL)
        return NULL; /* paid in hand: an account named later changes nothing */
    uint8_t salt[32], tag[32];
    if (payee.salt_hex == NULL || !hex_parse(payee.salt_hex, salt, sizeof salt) || item->account_tag.length != sizeof tag)
        return error_internal("a line without its account tag");
    TRY(household_view(tx, &line_system, item->household_id, &view));
    const char *text = arena_format(tx->arena, "%s|%s|%s", view.account_provider ? view.account_provider : "",
                                    view.account_number ? view.account_number : "", view.account_holder ? view.account_holder : "");
    *ret_gone = view.payee_gone;
    crypto_keyed_hash(salt, text, strlen(text), tag, sizeof tag);
    *ret_changed = memcmp(tag, item->account_tag.data, sizeof tag) != 0;
    return NULL;
}

/* Dead, gone, or a member of another household by now. A guardian outside is no member. */
static struct error *
line_payee(struct tx *tx, const struct batch_item *item, bool *ret_died, bool *ret_left)
{
    *ret_died = *ret_left = false;
    if (id_is_zero(item->payee_member_id))
        return NULL;
    const char *state = NULL;
    struct id household_id;
    TRY(household_member_state(tx, item->payee_member_id, &state, &household_id, NULL));
    *ret_died = text_equal(state, "died");
    *ret_left = !*ret_died && (!text_equal(state, "live") || !id_equal(household_id, item->household_id));
    return NULL;
}

/* The death of whoever receives, whose account it is or whose aid it is has been reported and waits for a decision. */
static struct error *
line_reported(struct tx *tx, const struct batch_item *item, const struct enrollment *enrollment, bool *ret_reported)
{
    struct id members[CHANGE_REPORTED_MAX], household_id;
    struct batch_payee payee = {0};
    size_t count = 0;
    *ret_reported = false;
    TRY(change_reported_dead(tx, item->household_id, members, &count));
    if (count > 0)
        TRY(payment_payee_open(tx, item->household_id, item->id, item->payee_sealed, &payee));
    for (size_t i = 0; i < count; i++) {
        const char *name = NULL, *state = NULL;
        TRY(household_member_state(tx, members[i], &state, &household_id, &name));
        *ret_reported |= id_equal(members[i], item->payee_member_id) || id_equal(members[i], enrollment->member_id);
        *ret_reported |= name && payee.holder && text_equal(text_fold_name(tx->arena, name), text_fold_name(tx->arena, payee.holder));
    }
    return NULL;
}

struct error *
payment_line_test(struct tx *tx, struct id item_id, const char *lifted, const char **ret_reason)
{
    struct batch_item item;
    const char *state = NULL, *gone = NULL;
    struct enrollment enrollment;
    bool found = false, died = false, reported = false, left = false, barred = false, allowed = true, changed = false;
    TRY(batch_store_item(tx, item_id, &item, &found));
    if (!found)
        return error_new(ERROR_NOT_FOUND);
    TRY(household_state(tx, &line_system, item.household_id, &state));
    TRY(enrollment_load(tx, item.enrollment_id, &enrollment));
    TRY(household_payment_barred(tx, item.household_id, &barred));
    TRY(household_processing_allowed(tx, item.household_id, &allowed));
    TRY(line_payee(tx, &item, &died, &left));
    TRY(line_account(tx, &item, &changed, &gone));
    TRY(line_reported(tx, &item, &enrollment, &reported));
    died |= text_equal(gone, "died");
    left |= text_equal(gone, "left");
    bool active = text_equal(state, "active");
    /* With the household go its members and enrollments: one reason, one decision. */
    const struct { bool holds; const char *reason; } reasons[] = {
        {died, "payee_died"}, {reported && !died, "death_reported"}, {!active, "household_not_active"}, {active && left, "payee_left"},
        {active && !text_equal(enrollment.state, "enrolled"), "not_enrolled"}, {!allowed, "consent"}, {active && barred, "duplicate"}, {changed, "account_changed"},
    };
    *ret_reason = NULL;
    for (size_t i = 0; *ret_reason == NULL && i < sizeof reasons / sizeof reasons[0]; i++)
        if (reasons[i].holds && !payment_is_lifted(lifted, reasons[i].reason))
            *ret_reason = reasons[i].reason;
    return NULL;
}

bool
payment_is_lifted(const char *lifted, const char *reason)
{
    size_t length = strlen(reason);
    for (const char *at = lifted; at && (at = strstr(at, reason)) != NULL; at += length)
        if ((at == lifted || at[-1] == ' ') && (at[length] == '\0' || at[length] == ' '))
            return true;
    return false;
}

const char *
payment_lift(struct arena *arena, const char *lifted, const char *reason)
{
    if (reason == NULL || payment_is_lifted(lifted, reason))
        return lifted;
    return lifted ? arena_format(arena, "%s %s", lifted, reason) : reason;
}
