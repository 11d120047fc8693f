/* household_objection_http.c: the list of open objections with their clocks, and a person's decision. */
#include "household/household_objection.h"
#include "lumbung/base/limits.h"
#include "lumbung/base/text.h"
#include "lumbung/base/time.h"
#include "lumbung/region.h"

static const struct code decision_words[] = {{"accept", "diterima: pengolahan berhenti", "accepted: processing stops"}, {"dismiss", "ditolak: pengolahan berjalan terus", "dismissed: processing goes on"}};
const struct code_list objection_decision_codes = CODE_LIST("objection_decision", 1, decision_words);

struct objection { struct presence presence; const char *decision, *reason; };
static const struct field objection_fields[] = {
    {.name = "decision", .offset = offsetof(struct objection, decision), .kind = FIELD_CODE, .flags = FIELD_REQUIRED, .codes = &objection_decision_codes},
    {.name = "reason", .offset = offsetof(struct objection, reason), .kind = FIELD_TEXT, .flags = FIELD_REQUIRED | FIELD_LINES, .minimum = 3, .maximum = LIMIT_TEXT,
     .about = "what the person is told"},
};
static FIELD_TABLE(objection_table, "ObjectionDecision", struct objection, objection_fields);

/* Whoever wrote the objection down does not decide it. */
static struct error *
may_decide(struct tx *tx, const struct actor *actor, struct id household_id)
{
    struct id by = {{0}};
    int64_t at_ms = 0;
    TRY(audit_last_act(tx, household_id, "household.consent_withdraw", &by, &at_ms));
    return id_equal(by, actor->user_id) ? error_new(ERROR_OWN_REQUEST) : NULL;
}

static struct error *
print_objection(struct tx *tx, const struct call *call, struct reply *reply, struct id consent_id)
{
    struct consent_row row;
    struct household_file file;
    bool found = false;
    const char *path = NULL;
    TRY(consent_store_load(tx, consent_id, &row, &found));
    TRY(household_file_load(tx, call->actor, row.household_id, &file));
    TRY(region_path_text(tx, file.row.region_id, &path));
    const struct household_member *head = household_file_find(&file, file.row.head_id);
    int64_t due_ms = row.withdrawn_at_ms + LIMIT_OBJECTION_HOURS * INT64_C(3600000);
    json_open(&reply->body, NULL, '{');
    json_put_id(&reply->body, "consent_id", row.id);
    json_put_id(&reply->body, "household_id", row.household_id);
    json_put_text(&reply->body, "head", head ? household_shown_name(tx, call->actor, head->row.id, head->record->name) : NULL);
    json_put_text(&reply->body, "region_name", path);
    json_put_text(&reply->body, "basis", row.basis);
    json_put_text(&reply->body, "purposes", row.purposes);
    json_put_instant(&reply->body, "objected_at", row.withdrawn_at_ms);
    json_put_instant(&reply->body, "due_at", due_ms);
    json_put_bool(&reply->body, "overdue", tx->now_ms > due_ms);
    struct error *error = actor_may(call->actor, PERM_CHANGE_APPROVE) ? may_decide(tx, call->actor, row.household_id) : error_new(ERROR_FORBIDDEN);
    json_put_bool(&reply->body, "may_decide", error == NULL);
    error_free(error);
    json_close(&reply->body, '}');
    reply_saw(reply, tx->arena, row.household_id);
    return NULL;
}

static struct error *
list_step(struct tx *tx, const struct call *call, struct reply *reply)
{
    struct id *ids = ARENA_ARRAY(tx->arena, struct id, LIMIT_LIST_MAX);
    size_t count = 0;
    TRY(objection_store_open(tx, call->actor, LIMIT_LIST_MAX, ids, &count));
    json_open(&reply->body, NULL, '{');
    json_open(&reply->body, "items", '[');
    for (size_t i = 0; i < count; i++)
        TRY(print_objection(tx, call, reply, ids[i]));
    json_close(&reply->body, ']');
    json_close(&reply->body, '}');
    return NULL;
}

static struct error *
decide_step(struct tx *tx, const struct call *call, struct reply *reply)
{
    const struct objection *objection = call->in;
    struct consent_row row;
    struct household_act act;
    struct consent_record *consent = NULL;
    bool found = false, allowed = false;
    TRY(consent_store_load(tx, call->ids[0], &row, &found));
    if (!found)
        return error_new(ERROR_NOT_FOUND);
    TRY(household_act_start(tx, call->actor, row.household_id, call->if_match, &act));
    if (!text_equal(row.withdrawal, "objection"))
        return error_state(&situation_codes, row.withdrawal ? "decided" : "valid", BARRED_DECIDE);
    TRY(may_decide(tx, call->actor, row.household_id));
    TRY(household_consent_unpack(tx, &row, &consent));
    const char *before = household_document(tx->arena, &consent_table, consent);
    consent->withdrawal = text_equal(objection->decision, "accept") ? "ended" : "dismissed";
    TRY(objection_store_decide(tx, row.id, consent->withdrawal));
    TRY(household_changes_add(&act.changes, "consent", row.id, row.household_id, before, household_document(tx->arena, &consent_table, consent)));
    TRY(household_act_finish(&act, call->route->action, objection->reason));
    TRY(household_processing_allowed(tx, row.household_id, &allowed));
    if (!allowed)
        TRY(household_tell(tx, call->actor, "consent.withdrawn", row.household_id, (struct id){{0}}, objection->reason));
    return household_answer(&act, call, reply, 200);
}

struct error *
household_count_objections(struct tx *tx, const struct actor *actor, int64_t *ret_count)
{
    *ret_count = 0;
    return actor_may(actor, PERM_CHANGE_APPROVE) ? objection_store_count(tx, actor, ret_count) : NULL;
}

const struct route household_objection_routes[] = {
    {.method = METHOD_GET, .path = "/api/v1/objections", .kind = ROUTE_READ_SLOW, .perm = PERM_HOUSEHOLD_READ, .scope = SCOPE_REGION, .personal = true,
     .summary = "Objections that wait for a decision, with their clocks", .step = list_step},
    {.method = METHOD_POST, .path = "/api/v1/consents/{id}/objection", .kind = ROUTE_WRITE, .perm = PERM_CHANGE_APPROVE, .scope = SCOPE_REGION, .personal = true,
     .body = BODY_TABLE, .in = &objection_table, .key = KEY_OPTIONAL, .version = VERSION_OPTIONAL, .action = "household.objection_decide",
     .summary = "Decide an objection", .step = decide_step},
    {0},
};
