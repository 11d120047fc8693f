/* disbursement_hold.c: what holds a released line: an event of its household at once, and the test at hand-out. A person lifts or cancels it. */
#include "disbursement/disbursement_fields.h"

#include "disbursement/disbursement_private.h"
#include "lumbung/base/text.h"

#define HOLD_LINES_MAX 100 /* open lines of one household */

static bool
hold_is_possible(const struct disbursement *row)
{
    return text_equal(row->state, "pending") || text_equal(row->state, "partly_paid") || text_equal(row->state, "uncollected");
}

static struct error *
hold_row(struct tx *tx, const struct actor *actor, const struct disbursement *row, const char *reason)
{
    struct disbursement now = *row;
    now.state = "held";
    now.held_reason = reason;
    return disbursement_apply(tx, actor, "disbursement.hold", row, &now, reason);
}

static struct error *
with_hold(struct error *error, const char *reason)
{
    error_add_member(error, "held_reason", reason, false);
    return error;
}

struct error *
disbursement_test_again(struct tx *tx, const struct actor *actor, const struct disbursement *row, const char **ret_held)
{
    TRY(payment_line_test(tx, row->item_id, row->lifted, ret_held));
    if (*ret_held == NULL)
        return NULL;
    if (!hold_is_possible(row)) /* under way to a bank */
        return with_hold(error_state(&disbursement_state_codes, row->state, BARRED_RECEIVE), *ret_held);
    return hold_row(tx, actor, row, *ret_held);
}

struct error *
disbursement_held_error(const char *reason)
{
    return with_hold(error_state(&disbursement_state_codes, "held", BARRED_RECEIVE), reason);
}

/* --- events ---------------------------------------------------------------------------------------------------------------------------- */

static const struct hold_event { const char *event, *reason; bool of_payee, of_account; } hold_events[] = {
    {"member.died", "payee_died", true, false}, {"member.left", "payee_left", true, false}, {"member.moved", "payee_left", true, false},
    {"household.merged", "household_not_active", false, false}, {"household.dissolved", "household_not_active", false, false},
    {"member.death_reported", "death_reported", true, false}, {"consent.withdrawn", "consent", false, false}, {"account.changed", "account_changed", false, true},
};

static struct error *
hold_concerns(struct tx *tx, const struct hold_event *hold, const struct household_event *event, const struct disbursement *row, bool *ret_concerns)
{
    *ret_concerns = hold_is_possible(row) && (!hold->of_payee || id_equal(row->payee_member_id, event->member_id));
    if (hold_is_possible(row) && !*ret_concerns) { /* somebody else who went may be whose account it is */
        const char *reason = NULL;
        TRY(payment_line_test(tx, row->item_id, row->lifted, &reason));
        *ret_concerns = reason != NULL && text_equal(reason, hold->reason);
    }
    if (!*ret_concerns || !hold->of_account)
        return NULL;
    struct batch_payee payee;
    TRY(payment_payee_open(tx, row->household_id, row->item_id, row->payee_sealed, &payee));
    *ret_concerns = payee.number != NULL; /* paid in hand otherwise */
    return NULL;
}

static struct error *
hold_lines(struct tx *tx, const struct actor *actor, const struct hold_event *hold, const struct household_event *event, const char *state)
{
    static const struct actor system = {.kind = ACTOR_SYSTEM, .name = "system", .all_regions = true, .all_programs = true};
    struct disbursement_filter filter = {.household_id = event->household_id, .state = state, .limit = HOLD_LINES_MAX};
    struct disbursement *rows = ARENA_ARRAY(tx->arena, struct disbursement, HOLD_LINES_MAX);
    size_t count = 0;
    TRY(disbursement_store_list(tx, &system, &filter, rows, &count));
    for (size_t i = 0; i < count; i++) {
        bool concerns = false;
        TRY(hold_concerns(tx, hold, event, &rows[i], &concerns));
        if (concerns)
            TRY(hold_row(tx, actor, &rows[i], hold->reason));
    }
    return NULL;
}

/* The report has been decided: what it held is open again, and a death that was approved holds it anew. */
static struct error *
open_reported(struct tx *tx, const struct actor *actor, struct id household_id)
{
    static const struct actor system = {.kind = ACTOR_SYSTEM, .name = "system", .all_regions = true, .all_programs = true};
    struct disbursement_filter filter = {.household_id = household_id, .state = "held", .limit = HOLD_LINES_MAX};
    struct disbursement *rows = ARENA_ARRAY(tx->arena, struct disbursement, HOLD_LINES_MAX);
    size_t count = 0;
    TRY(disbursement_store_list(tx, &system, &filter, rows, &count));
    for (size_t i = 0; i < count; i++) {
        struct disbursement now = rows[i];
        const char *still = NULL;
        if (!text_equal(rows[i].held_reason, "death_reported"))
            continue;
        TRY(payment_line_test(tx, rows[i].item_id, rows[i].lifted, &still));
        now.state = still ? "held" : "pending";
        now.held_reason = still;
        if (!still || !text_equal(still, "death_reported"))
            TRY(disbursement_apply(tx, actor, still ? "disbursement.hold" : "disbursement.unhold", &rows[i], &now, still));
    }
    return NULL;
}

/* A new event holds also a line that a person let pass before. */
struct error *
disbursement_on_household_event(struct tx *tx, const struct actor *actor, const struct household_event *event)
{
    static const char *const open[] = {"pending", "partly_paid", "uncollected"};
    if (text_equal(event->kind, "household.relocated"))
        return disbursement_store_relocate(tx, event->household_id, event->from_region_id, event->to_region_id);
    if (text_equal(event->kind, "member.death_decided"))
        return open_reported(tx, actor, event->household_id);
    if (text_equal(event->kind, "member.moved") && text_equal(event->reason, "merge"))
        return NULL; /* with the household go its members: one reason, one decision */
    for (size_t i = 0; i < sizeof hold_events / sizeof hold_events[0]; i++)
        for (size_t j = 0; text_equal(event->kind, hold_events[i].event) && j < sizeof open / sizeof open[0]; j++)
            TRY(hold_lines(tx, actor, &hold_events[i], event, open[j]));
    return NULL;
}
