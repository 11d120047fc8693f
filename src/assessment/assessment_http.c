/* assessment_http.c: the calls of forms and assessments. */
#include <string.h>

#include "assessment/assessment_fields.h"
#include "lumbung/household.h"
#include "lumbung/user.h"

#define SHOWN_ASSESSMENTS 50
#define FORM_BODY_BYTES_MAX (1024 * 1024) /* 500 questions in several languages */

static const struct field assessment_in_fields[] = {
    {"form_id", offsetof(struct assessment_in, form_id), FIELD_ID, FIELD_REQUIRED, 0, 0, NULL, NULL, NULL},
    {"answers", offsetof(struct assessment_in, answers), FIELD_JSON, FIELD_REQUIRED, 0, 0, NULL, NULL, "question name to answer"},
    {"assessed_on", offsetof(struct assessment_in, assessed_on), FIELD_DATE, FIELD_REQUIRED, 0, 0, NULL, NULL, NULL},
};
FIELD_TABLE(assessment_in_table, "AssessmentNew", struct assessment_in, assessment_in_fields);

static struct error *
print_scores(struct tx *tx, struct id id, struct buffer *buffer)
{
    struct score_row rows[SCORES_MAX];
    size_t count = 0;
    TRY(score_store_list(tx, id, rows, &count));
    json_open(buffer, "scores", '[');
    for (size_t i = 0; i < count; i++) {
        struct json *detail = NULL;
        TRY(json_parse(tx->arena, rows[i].detail, strlen(rows[i].detail), &detail));
        json_open(buffer, NULL, '{');
        json_put_text(buffer, "name", rows[i].name);
        if (rows[i].has_value)
            json_put_int(buffer, "value", rows[i].value);
        else
            json_put_null(buffer, "value");
        json_print(buffer, "missing", json_get(detail, "missing"));
        json_print(buffer, "parts", json_get(detail, "parts"));
        json_close(buffer, '}');
    }
    json_close(buffer, ']');
    return NULL;
}

struct error *
assessment_print(struct tx *tx, struct id id, struct buffer *buffer, const char *key, bool whole)
{
    struct assessment_row row;
    struct form_row form;
    bool found = false;
    const char *by = NULL;
    TRY(assessment_store_load(tx, id, &row, &found));
    if (!found)
        return error_new(ERROR_NOT_FOUND);
    TRY(form_store_load(tx, row.form_id, &form, &found));
    if (!id_is_zero(row.recorded_by))
        TRY(user_display_name(tx, row.recorded_by, &by));
    json_open(buffer, key, '{');
    json_put_id(buffer, "id", row.id);
    json_put_id(buffer, "household_id", row.household_id);
    json_put_id(buffer, "form_id", row.form_id);
    json_put_text(buffer, "form", form.name);
    json_put_int(buffer, "form_version", form.version);
    json_put_date(buffer, "assessed_on", row.assessed_on);
    json_put_instant(buffer, "recorded_at", row.recorded_at_ms);
    json_put_text(buffer, "by", by);
    TRY(print_scores(tx, row.id, buffer));
    if (whole) {
        struct json *answers = NULL;
        TRY(assessment_open_answers(tx, &row, &answers));
        if (answers)
            json_print(buffer, "answers", answers);
    }
    json_close(buffer, '}');
    return NULL;
}

static struct error *
print_form(struct tx *tx, const struct form_row *row, struct buffer *buffer, bool whole)
{
    struct json *json = NULL;
    TRY(json_parse(tx->arena, row->definition, strlen(row->definition), &json));
    json_open(buffer, NULL, '{');
    json_put_id(buffer, "id", row->id);
    json_put_int(buffer, "version", row->version);
    json_put_text(buffer, "state", row->state);
    for (size_t i = 0; i < json->count; i++) {
        const char *name = json->members[i].name;
        bool own = strcmp(name, "id") == 0 || strcmp(name, "version") == 0 || strcmp(name, "state") == 0;
        if (!own && (whole || (strcmp(name, "questions") != 0 && strcmp(name, "scores") != 0)))
            json_print(buffer, name, json->members[i].value);
    }
    json_close(buffer, '}');
    return NULL;
}

static struct error *
form_list_step(struct tx *tx, const struct call *call, struct reply *reply)
{
    struct id after = {{0}};
    if (call->after.length == sizeof after.bytes)
        memcpy(after.bytes, call->after.data, sizeof after.bytes);
    struct form_row *rows = ARENA_ARRAY(tx->arena, struct form_row, call->limit);
    size_t count = 0;
    TRY(form_store_list(tx, after, call->limit, rows, &count));
    reply_list_begin(reply);
    for (size_t i = 0; i < count; i++)
        TRY(print_form(tx, &rows[i], &reply->body, false));
    bool more = count == (size_t)call->limit;
    reply_list_end(reply, tx->arena, more ? rows[count - 1].id.bytes : NULL, more ? 16 : 0);
    return NULL;
}

static struct error *
form_get_step(struct tx *tx, const struct call *call, struct reply *reply)
{
    struct form_row row;
    bool found = false;
    TRY(form_store_load(tx, call->ids[0], &row, &found));
    if (!found)
        return error_new(ERROR_NOT_FOUND);
    return print_form(tx, &row, &reply->body, true);
}

static struct error *
make_form(struct tx *tx, const struct call *call, const struct json *json, struct reply *reply)
{
    struct form_row row;
    struct id id;
    bool found = false;
    TRY(assessment_form_make(tx, call->actor, json, &id));
    TRY(form_store_load(tx, id, &row, &found));
    reply->status = 201;
    reply->record_id = id;
    return print_form(tx, &row, &reply->body, true);
}

static struct error *
form_create_step(struct tx *tx, const struct call *call, struct reply *reply)
{
    if (call->json == NULL || call->json->kind != JSON_OBJECT)
        return error_with(ERROR_MALFORMED, "the body is no object", NULL, NULL);
    return make_form(tx, call, call->json, reply);
}

static struct error *
form_workbook_step(struct tx *tx, const struct call *call, struct reply *reply)
{
    return make_form(tx, call, call->prepared, reply);
}

/* A questionnaire of 500 questions takes milliseconds to open: not while everybody waits for the lane. What is wrong with it the step says. */
static struct error *
assessment_create_prepare(struct tx *tx, const struct call *call, struct reply *reply)
{
    const struct assessment_in *in = call->in;
    struct form_row row;
    struct form *form = NULL;
    struct error *error = assessment_form_load(tx, in->form_id, &row, &form);
    reply->prepared = error ? NULL : form;
    if (error && error->code != ERROR_NOT_FOUND)
        return error;
    error_free(error);
    return NULL;
}

static struct error *
assessment_create_step(struct tx *tx, const struct call *call, struct reply *reply)
{
    struct id id;
    TRY(assessment_record(tx, call->actor, call->ids[0], call->in, call->prepared, &id));
    reply->status = 201;
    reply->record_id = id;
    reply_saw(reply, tx->arena, call->ids[0]);
    return assessment_print(tx, id, &reply->body, NULL, true);
}

/* Within the caller's area: the household decides. Pseudonymous readers get the scores without the answers. */
static struct error *
assessment_get_step(struct tx *tx, const struct call *call, struct reply *reply)
{
    struct assessment_row row;
    struct household_view view;
    bool found = false;
    TRY(assessment_store_load(tx, call->ids[0], &row, &found));
    if (!found)
        return error_new(ERROR_NOT_FOUND);
    TRY(household_view(tx, call->actor, row.household_id, &view));
    reply_saw(reply, tx->arena, row.household_id);
    return assessment_print(tx, row.id, &reply->body, NULL, call->actor->masking != MASKING_PSEUDONYM);
}

static struct error *
assessment_list_step(struct tx *tx, const struct call *call, struct reply *reply)
{
    struct household_view view;
    struct assessment_row *rows = ARENA_ARRAY(tx->arena, struct assessment_row, SHOWN_ASSESSMENTS);
    size_t count = 0;
    TRY(household_view(tx, call->actor, call->ids[0], &view));
    TRY(assessment_store_list(tx, view.id, SHOWN_ASSESSMENTS, rows, &count));
    reply_saw(reply, tx->arena, view.id);
    reply_list_begin(reply);
    for (size_t i = 0; i < count; i++)
        TRY(assessment_print(tx, rows[i].id, &reply->body, NULL, false));
    reply_list_end(reply, tx->arena, NULL, 0);
    return NULL;
}

const struct route assessment_routes[] = {
    {.method = METHOD_GET, .path = "/api/v1/forms", .kind = ROUTE_READ_FAST, .perm = PERM_SIGNED_IN, .scope = SCOPE_NONE, .list = true,
     .summary = "Questionnaires in use", .step = form_list_step},
    {.method = METHOD_POST, .path = "/api/v1/forms", .kind = ROUTE_WRITE, .perm = PERM_PROGRAM_WRITE, .scope = SCOPE_NONE, .key = KEY_OPTIONAL,
     .body = BODY_JSON, .body_bytes_max = FORM_BODY_BYTES_MAX, .action = "form.create", .summary = "A questionnaire, or a new version of one", .step = form_create_step,
     .replay = form_get_step},
    {.method = METHOD_GET, .path = "/api/v1/forms/{id}", .kind = ROUTE_READ_FAST, .perm = PERM_SIGNED_IN, .scope = SCOPE_NONE,
     .summary = "One questionnaire", .step = form_get_step},
    {.method = METHOD_GET, .path = "/api/v1/forms/{id}/versions", .kind = ROUTE_READ_FAST, .perm = PERM_SIGNED_IN, .scope = SCOPE_NONE, .list = true,
     .summary = "All versions of a questionnaire", .step = form_versions_step},
    {.method = METHOD_GET, .path = "/api/v1/forms/{id}/difference", .kind = ROUTE_READ_SLOW, .perm = PERM_SIGNED_IN, .scope = SCOPE_NONE,
     .query = &form_difference_table, .summary = "What a version changed, and what becomes of the scores", .step = form_difference_step},
    {.method = METHOD_POST, .path = "/api/v1/forms/check", .kind = ROUTE_READ_SLOW, .perm = PERM_PROGRAM_WRITE, .scope = SCOPE_NONE, .body = BODY_JSON,
     .body_bytes_max = FORM_BODY_BYTES_MAX, .summary = "Checks a questionnaire without storing it", .step = form_check_step},
    {.method = METHOD_POST, .path = "/api/v1/forms/workbook", .kind = ROUTE_WRITE, .perm = PERM_PROGRAM_WRITE, .scope = SCOPE_NONE, .key = KEY_OPTIONAL,
     .body = BODY_RAW, .body_bytes_max = FORM_WORKBOOK_BYTES_MAX, .accepts = FORM_WORKBOOK_TYPE, .query = &form_workbook_table, .action = "form.create",
     .prepare = form_workbook_prepare, .step = form_workbook_step, .replay = form_get_step, .summary = "A questionnaire from an XLSForm workbook"},
    {.method = METHOD_GET, .path = "/api/v1/forms/{id}/workbook", .kind = ROUTE_READ_SLOW, .perm = PERM_SIGNED_IN, .scope = SCOPE_NONE,
     .summary = "A questionnaire as an XLSForm workbook", .step = form_workbook_get_step},
    {.method = METHOD_POST, .path = "/api/v1/households/{id}/assessments", .kind = ROUTE_WRITE, .perm = PERM_ASSESSMENT_WRITE, .scope = SCOPE_REGION,
     .key = KEY_OPTIONAL, .personal = true, .body = BODY_TABLE, .body_bytes_max = 512 * 1024, .in = &assessment_in_table, .action = "assessment.record",
     .summary = "Record the answers of a household", .prepare = assessment_create_prepare, .step = assessment_create_step, .replay = assessment_get_step},
    {.method = METHOD_GET, .path = "/api/v1/households/{id}/assessments", .kind = ROUTE_READ_FAST, .perm = PERM_HOUSEHOLD_READ, .scope = SCOPE_REGION,
     .personal = true, .list = true, .summary = "Assessments of a household with their scores", .step = assessment_list_step},
    {.method = METHOD_GET, .path = "/api/v1/assessments/{id}", .kind = ROUTE_READ_FAST, .perm = PERM_HOUSEHOLD_READ, .scope = SCOPE_REGION, .personal = true,
     .summary = "One assessment with its answers", .step = assessment_get_step},
    {0},
};
