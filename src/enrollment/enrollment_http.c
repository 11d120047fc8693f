/* enrollment_http.c: the calls of enrollments. */
#include <string.h>

#include "enrollment/enrollment_fields.h"
#include "lumbung/audit.h"
#include "lumbung/base/text.h"
#include "lumbung/household.h"
#include "lumbung/region.h"
#include "lumbung/user.h"

static struct error *
print_answer(struct tx *tx, const struct enrollment_row *row, enum language language, struct buffer *buffer)
{
    struct json *answer = NULL;
    TRY(json_parse(tx->arena, row->answer, strlen(row->answer), &answer));
    const struct json *in_language = json_get(answer, language == LANGUAGE_ID ? "id" : "en");
    json_print(buffer, "eligibility", in_language ? in_language : answer);
    return NULL;
}

static struct error *
enrollment_print_in(struct tx *tx, const struct actor *actor, const struct enrollment_row *row, enum language language, struct buffer *buffer, const char *key)
{
    static const struct actor system = {.kind = ACTOR_SYSTEM, .name = "system", .all_regions = true, .all_programs = true};
    struct household_view view;
    struct program *program = NULL;
    struct region region;
    TRY(household_view(tx, &system, row->enrollment.household_id, &view));
    TRY(program_load(tx, &system, row->enrollment.program_id, &program));
    TRY(region_by_id(tx, view.region_id, &region));
    json_open(buffer, key, '{');
    json_put_id(buffer, "id", row->enrollment.id);
    json_put_id(buffer, "program_id", row->enrollment.program_id);
    json_put_text(buffer, "program", program->name);
    json_put_id(buffer, "household_id", row->enrollment.household_id);
    json_put_text(buffer, "head", actor->masking == MASKING_PSEUDONYM ? NULL : view.head_name);
    json_put_text(buffer, "region", region.code);
    json_put_text(buffer, "region_name", region.name);
    if (row->enrollment.family_no)
        json_put_int(buffer, "family_no", row->enrollment.family_no);
    if (!id_is_zero(row->enrollment.member_id))
        json_put_id(buffer, "member_id", row->enrollment.member_id);
    json_put_text(buffer, "state", row->enrollment.state);
    json_put_text(buffer, "reason", row->reason);
    json_put_int(buffer, "entitlement_minor", row->entitlement_minor);
    json_put_text(buffer, "currency", program->currency);
    json_put_int(buffer, "rule_version", row->rule_version);
    json_put_instant(buffer, "created_at", row->created_at_ms);
    json_put_instant(buffer, "changed_at", row->changed_at_ms);
    TRY(print_answer(tx, row, language, buffer));
    json_close(buffer, '}');
    return NULL;
}

static struct error *
enrollment_reply(struct tx *tx, const struct call *call, struct id id, struct reply *reply)
{
    struct enrollment_row row;
    TRY(enrollment_load_row(tx, call->actor, id, &row));
    reply->record_id = id;
    reply_saw(reply, tx->arena, row.enrollment.household_id);
    return enrollment_print_in(tx, call->actor, &row, call->language, &reply->body, NULL);
}

static struct error *
enrollment_get_step(struct tx *tx, const struct call *call, struct reply *reply)
{
    return enrollment_reply(tx, call, call->ids[0], reply);
}

static struct error *
enrollment_create_step(struct tx *tx, const struct call *call, struct reply *reply)
{
    const struct enrollment_in *in = call->in;
    struct enrollment made;
    TRY(enrollment_make(tx, call->actor, call->ids[0], (struct program_unit){in->household_id, (int)in->family_no, in->member_id}, &made));
    reply->status = 201;
    return enrollment_reply(tx, call, made.id, reply);
}

static struct error *
enrollment_list(struct tx *tx, const struct call *call, struct enrollment_filter *filter, struct reply *reply)
{
    filter->limit = call->limit;
    if (call->after.length == sizeof filter->after.bytes)
        memcpy(filter->after.bytes, call->after.data, sizeof filter->after.bytes);
    struct enrollment_row *rows = ARENA_ARRAY(tx->arena, struct enrollment_row, call->limit);
    size_t count = 0;
    TRY(enrollment_store_list(tx, call->actor, filter, rows, &count));
    reply_list_begin(reply);
    for (size_t i = 0; i < count; i++) {
        reply_saw(reply, tx->arena, rows[i].enrollment.household_id);
        TRY(enrollment_print_in(tx, call->actor, &rows[i], call->language, &reply->body, NULL));
    }
    bool more = count == (size_t)call->limit;
    reply_list_end(reply, tx->arena, more ? rows[count - 1].enrollment.id.bytes : NULL, more ? 16 : 0);
    return NULL;
}

static struct error *
enrollment_list_step(struct tx *tx, const struct call *call, struct reply *reply)
{
    struct program *program = NULL;
    TRY(program_load(tx, call->actor, call->ids[0], &program));
    struct enrollment_filter filter = {.program_id = program->id, .state = ((const struct enrollment_query *)call->query)->state};
    return enrollment_list(tx, call, &filter, reply);
}

static struct error *
enrollment_of_household_step(struct tx *tx, const struct call *call, struct reply *reply)
{
    struct household_view view;
    TRY(household_view(tx, call->actor, call->ids[0], &view));
    struct enrollment_filter filter = {.household_id = view.id};
    return enrollment_list(tx, call, &filter, reply);
}

static struct error *
enrollment_counts_step(struct tx *tx, const struct call *call, struct reply *reply)
{
    struct enrollment_count rows[16];
    size_t count = 0;
    struct program *program = NULL;
    TRY(program_load(tx, call->actor, call->ids[0], &program)); /* another's program is no program, not one without enrollments */
    TRY(enrollment_store_counts(tx, call->actor, call->ids[0], rows, 16, &count));
    json_open(&reply->body, NULL, '{');
    for (size_t i = 0; i < count; i++)
        json_put_int(&reply->body, rows[i].state, rows[i].count);
    json_close(&reply->body, '}');
    return NULL;
}

static struct error *
bulk_input(struct tx *tx, const struct call *call, struct json **ret_input)
{
    const struct bulk_in *in = call->in;
    struct arena *arena = tx->arena;
    struct json *input = json_make(arena, JSON_OBJECT);
    char text[ID_TEXT_SIZE];
    if ((in->region != NULL) == (in->household_ids.count > 0))
        return error_field("/region", FAULT_CONFLICT, "household_ids: give one of the two", NULL);
    id_print(call->ids[0], text);
    json_set(arena, input, "program_id", json_make_text(arena, text));
    json_set(arena, input, "dry_run", json_make_bool(arena, in->dry_run));
    if (in->region) {
        struct region region;
        TRY(region_by_code(tx, call->actor, in->region, &region));
        id_print(region.id, text);
        json_set(arena, input, "region_id", json_make_text(arena, text));
        *ret_input = input;
        return NULL;
    }
    struct json *list = json_make(arena, JSON_ARRAY);
    const struct id *ids = in->household_ids.items;
    for (size_t i = 0; i < in->household_ids.count; i++) {
        id_print(ids[i], text);
        json_push(arena, list, json_make_text(arena, text));
    }
    json_set(arena, input, "household_ids", list);
    *ret_input = input;
    return NULL;
}

static struct error *
enrollment_bulk_create_step(struct tx *tx, const struct call *call, struct reply *reply)
{
    struct program *program = NULL;
    struct json *input = NULL;
    struct id job_id;
    TRY(program_load(tx, call->actor, call->ids[0], &program));
    if (!text_equal(program->state, "active"))
        return error_state(&program_state_codes, program->state, BARRED_TAKE_ENROLLMENTS);
    TRY(bulk_input(tx, call, &input));
    TRY(job_make(tx, call->actor, enrollment_bulk_job.kind, input, 0, &job_id));
    struct buffer text;
    buffer_init(&text, tx->arena);
    json_print(&text, NULL, input);
    struct audit_part part = {.kind = "job", .id = job_id, .after = buffer_text(&text)};
    struct audit_change change = {.action = call->route->action, .record_id = job_id, .parts = &part, .part_count = 1};
    TRY(audit_append(tx, call->actor, &change, NULL));
    job_answer(reply, job_id);
    return NULL;
}

#define ENROLLMENT_STEP(name, work)                                       \
    static struct error *                                                 \
    name(struct tx *tx, const struct call *call, struct reply *reply)     \
    {                                                                     \
        TRY(work);                                                        \
        return enrollment_reply(tx, call, call->ids[0], reply);           \
    }
#define ACT_REASON (((const struct enrollment_reason_in *)call->in)->reason)

ENROLLMENT_STEP(accept_step, enrollment_act(tx, call->actor, call->ids[0], ENROLLMENT_ACCEPT, ACT_REASON))
ENROLLMENT_STEP(refuse_step, enrollment_act(tx, call->actor, call->ids[0], ENROLLMENT_REFUSE, ACT_REASON))
ENROLLMENT_STEP(suspend_step, enrollment_act(tx, call->actor, call->ids[0], ENROLLMENT_SUSPEND, ACT_REASON))
ENROLLMENT_STEP(resume_step, enrollment_act(tx, call->actor, call->ids[0], ENROLLMENT_RESUME, ACT_REASON))
ENROLLMENT_STEP(recheck_step, enrollment_act(tx, call->actor, call->ids[0], ENROLLMENT_RECHECK, ACT_REASON))
ENROLLMENT_STEP(exit_step, enrollment_exit(tx, call->actor, call->ids[0], ((const struct exit_in *)call->in)->code, ((const struct exit_in *)call->in)->reason))
ENROLLMENT_STEP(validate_step, enrollment_validate(tx, call->actor, call->ids[0], text_equal(((const struct validate_in *)call->in)->decision, "keep"),
                                                   ((const struct validate_in *)call->in)->reason))

#define ENROLLMENT_ACT(path_text, table, action_text, summary_text, step_function) \
    {.method = METHOD_POST, .path = "/api/v1/enrollments/{id}/" path_text, .kind = ROUTE_WRITE, .perm = PERM_ENROLLMENT_DECIDE, .scope = SCOPE_REGION, \
     .key = KEY_OPTIONAL, .personal = true, .body = BODY_TABLE, .in = &(table), .action = (action_text), .summary = (summary_text), \
     .step = (step_function), .replay = enrollment_get_step}

const struct route enrollment_routes[] = {
    {.method = METHOD_POST, .path = "/api/v1/programs/{id}/enrollments", .kind = ROUTE_WRITE, .perm = PERM_ENROLLMENT_PROPOSE, .perm_or = PERM_ENROLLMENT_DECIDE,
     .has_perm_or = true, .scope = SCOPE_REGION, .key = KEY_OPTIONAL, .personal = true, .body = BODY_TABLE, .in = &enrollment_in_table,
     .action = "enrollment.make", .summary = "Propose or enroll a unit", .step = enrollment_create_step, .replay = enrollment_get_step},
    {.method = METHOD_POST, .path = "/api/v1/programs/{id}/enrollments/bulk", .kind = ROUTE_WRITE, .perm = PERM_ENROLLMENT_DECIDE, .scope = SCOPE_REGION,
     .key = KEY_OPTIONAL, .body = BODY_TABLE, .in = &bulk_in_table, .action = "enrollment.bulk", .summary = "Enroll a region or a list in a job",
     .step = enrollment_bulk_create_step, .replay = job_replay_step},
    {.method = METHOD_GET, .path = "/api/v1/programs/{id}/enrollments", .kind = ROUTE_READ_SLOW, .perm = PERM_PROGRAM_READ, .scope = SCOPE_REGION,
     .personal = true, .query = &enrollment_query_table, .list = true, .summary = "Enrollments of a program", .step = enrollment_list_step},
    {.method = METHOD_GET, .path = "/api/v1/programs/{id}/enrollment-counts", .kind = ROUTE_READ_SLOW, .perm = PERM_PROGRAM_READ, .scope = SCOPE_REGION,
     .summary = "Enrollments by state", .step = enrollment_counts_step},
    {.method = METHOD_GET, .path = "/api/v1/households/{id}/enrollments", .kind = ROUTE_READ_SLOW, .perm = PERM_HOUSEHOLD_READ, .scope = SCOPE_REGION,
     .personal = true, .list = true, .summary = "Enrollments of a household", .step = enrollment_of_household_step},
    {.method = METHOD_GET, .path = "/api/v1/enrollments/{id}", .kind = ROUTE_READ_FAST, .perm = PERM_PROGRAM_READ, .scope = SCOPE_REGION, .personal = true,
     .summary = "An enrollment with its answer", .step = enrollment_get_step},
    ENROLLMENT_ACT("accept", enrollment_reason_table, "enrollment.accept", "Accept", accept_step),
    ENROLLMENT_ACT("refuse", enrollment_reason_table, "enrollment.refuse", "Refuse", refuse_step),
    ENROLLMENT_ACT("suspend", enrollment_reason_table, "enrollment.suspend", "Suspend", suspend_step),
    ENROLLMENT_ACT("resume", enrollment_reason_table, "enrollment.resume", "Resume", resume_step),
    ENROLLMENT_ACT("recheck", enrollment_reason_table, "enrollment.recheck", "Evaluate again", recheck_step),
    ENROLLMENT_ACT("exit", exit_in_table, "enrollment.exit", "End with a reason", exit_step),
    ENROLLMENT_ACT("validate", validate_in_table, "enrollment.validate", "Decision of the village meeting", validate_step),
    {0},
};
