/* household_consent_http.c: new consents and their withdrawal. */
#include "household/household_steps.h"

#include "household/household_codes.h"
#include "lumbung/base/limits.h"
#include "lumbung/base/text.h"
#include "lumbung/notice.h"

struct withdrawal {
    struct presence presence;
    const char *reason;
    struct array purposes;
};
static const struct field withdrawal_fields[] = {
    {.name = "reason", .offset = offsetof(struct withdrawal, reason), .kind = FIELD_TEXT, .flags = FIELD_REQUIRED, .minimum = 1, .maximum = LIMIT_TEXT},
    {.name = "purposes", .offset = offsetof(struct withdrawal, purposes), .kind = FIELD_TEXTS, .minimum = 0, .maximum = 8, .codes = &household_purpose,
     .about = "only these; all when absent"},
};
FIELD_TABLE(household_withdrawal_table, "ConsentWithdrawal", struct withdrawal, withdrawal_fields);

struct error *
household_consent_step(struct tx *tx, const struct call *call, struct reply *reply)
{
    const struct consent_record *consent = call->in;
    struct household_act act;
    struct error *faults = NULL;
    TRY(household_act_start(tx, call->actor, call->ids[0], call->if_match, &act));
    TRY(notice_check(tx, consent->notice_version, consent->language, "", &faults));
    if (faults)
        return faults;
    TRY(household_bind_proof(tx, call->actor, call->in, &act.answer.file.row, "/proof"));
    TRY(household_add_consent(tx, call->actor, call->ids[0], call->in, &act.changes));
    TRY(household_act_finish(&act, call->route->action, NULL));
    return household_answer(&act, call, reply, 201);
}

/* What is left of the purposes becomes a consent of its own, so that each row stays as it was given. */
static struct error *
keep_the_rest(struct household_act *act, const struct consent_record *consent, const struct array *ended)
{
    const char *const *old = consent->purposes.items, *const *gone = ended->items;
    const char **kept = ARENA_ARRAY(act->tx->arena, const char *, consent->purposes.count);
    size_t count = 0;
    for (size_t i = 0; i < consent->purposes.count; i++) {
        bool ends = false;
        for (size_t j = 0; j < ended->count; j++)
            ends |= text_equal(old[i], gone[j]);
        if (!ends)
            kept[count++] = old[i];
    }
    if (count == 0)
        return NULL;
    struct consent_record rest = *consent;
    rest.purposes = (struct array){kept, count};
    return household_add_consent(act->tx, act->actor, act->answer.file.row.id, &rest, &act->changes);
}

struct error *
household_withdraw_step(struct tx *tx, const struct call *call, struct reply *reply)
{
    const struct withdrawal *withdrawal = call->in;
    struct consent_row row;
    bool found = false;
    TRY(consent_store_load(tx, call->ids[0], &row, &found));
    if (!found)
        return error_new(ERROR_NOT_FOUND);
    struct household_act act;
    struct consent_record *consent = NULL;
    TRY(household_act_start(tx, call->actor, row.household_id, call->if_match, &act));
    if (row.is_withdrawn)
        return error_state(&situation_codes, "withdrawn", BARRED_WITHDRAW);
    TRY(household_consent_unpack(tx, &row, &consent));
    const char *before = household_document(tx->arena, &consent_table, consent);
    bool ends = text_equal(row.basis, "consent");
    consent->withdrawal = row.withdrawal = ends ? "ended" : "objection";
    consent->withdrawn_at = tx->now_ms;
    field_set_present(&consent_table, consent, "withdrawal");
    field_set_present(&consent_table, consent, "withdrawn_at");
    TRY(consent_store_withdraw(tx, row.id, row.withdrawal));
    TRY(household_changes_add(&act.changes, "consent", row.id, row.household_id, before, household_document(tx->arena, &consent_table, consent)));
    field_unset(&consent_table, consent, "withdrawal");
    field_unset(&consent_table, consent, "withdrawn_at");
    if (withdrawal->purposes.count > 0)
        TRY(keep_the_rest(&act, consent, &withdrawal->purposes));
    TRY(household_act_finish(&act, call->route->action, withdrawal->reason));
    bool allowed = false;
    TRY(household_processing_allowed(tx, row.household_id, &allowed));
    if (!allowed)
        TRY(household_tell(tx, call->actor, "consent.withdrawn", row.household_id, (struct id){{0}}, withdrawal->reason));
    return household_answer(&act, call, reply, 200);
}
