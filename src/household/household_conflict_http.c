/* household_conflict_http.c: two people changed one record; what one of them entered and then gave up stays in the history. Nothing else changes. */
#include "household/household_steps.h"
#include "lumbung/base/text.h"

struct conflict { struct presence presence; struct id member_id; struct json *values; };
static const struct field conflict_fields[] = {
    {.name = "member_id", .offset = offsetof(struct conflict, member_id), .kind = FIELD_ID, .about = "whose fields they are; absent: the household's own"},
    {.name = "values", .offset = offsetof(struct conflict, values), .kind = FIELD_JSON, .flags = FIELD_REQUIRED | FIELD_PERSONAL, .about = "what was entered and not kept"},
};
FIELD_TABLE(household_conflict_table, "HouseholdConflict", struct conflict, conflict_fields);

static struct error *
check_values(struct tx *tx, const struct conflict *conflict, const struct field_table *table)
{
    void *record = NULL;
    if (conflict->values->kind != JSON_OBJECT)
        return error_field("/values", FAULT_TYPE, "object", NULL);
    if (conflict->values->count == 0)
        return error_field("/values", FAULT_REQUIRED, NULL, NULL);
    return field_parse(tx->arena, table, conflict->values, "/values", FIELD_PATCH, household_today(tx), &record);
}

struct error *
household_conflict_step(struct tx *tx, const struct call *call, struct reply *reply)
{
    const struct conflict *conflict = call->in;
    bool own = id_is_zero(conflict->member_id);
    struct household_act act;
    struct buffer values;
    TRY(household_act_start(tx, call->actor, call->ids[0], -1, &act));
    if (!own && !household_file_find(&act.answer.file, conflict->member_id))
        return error_field("/member_id", FAULT_REFERENCE, "member", NULL);
    TRY(check_values(tx, conflict, own ? &household_table : &member_table));
    buffer_init(&values, tx->arena);
    json_print(&values, NULL, conflict->values);
    struct id subject = own ? call->ids[0] : conflict->member_id;
    struct audit_part part = {.kind = own ? "household_lost" : "member_lost", .id = subject, .subject = subject, .after = buffer_text(&values)};
    struct audit_change change = {.action = call->route->action, .record_id = call->ids[0], .parts = &part, .part_count = 1};
    TRY(audit_append(tx, call->actor, &change, NULL));
    return household_answer(&act, call, reply, 200);
}
