/* score_http.c: the calls of scores: definitions, taking one into use, a trial that stores nothing, and a household's scores with their history. */
#include <string.h>

#include "lumbung/audit.h"
#include "lumbung/base/text.h"
#include "lumbung/household.h"
#include "score/score_act.h"

static void
put_text(struct buffer *buffer, const char *key, const char *text)
{
    if (text)
        json_put_text(buffer, key, text);
    else
        json_put_null(buffer, key);
}

static struct error *
print_definition(struct tx *tx, const struct score_definition_row *row, struct buffer *buffer, bool whole)
{
    struct json *json = NULL;
    TRY(json_parse(tx->arena, row->definition, strlen(row->definition), &json));
    json_open(buffer, NULL, '{');
    json_put_id(buffer, "id", row->id);
    json_put_int(buffer, "version", row->version);
    json_put_text(buffer, "state", row->state);
    json_put_id(buffer, "job_id", row->job_id);
    json_put_instant(buffer, "created_at", row->created_at_ms);
    for (size_t i = 0; i < json->count; i++)
        if (whole || (strcmp(json->members[i].name, "indicators") != 0 && strcmp(json->members[i].name, "lookup") != 0))
            json_print(buffer, json->members[i].name, json->members[i].value);
    json_close(buffer, '}');
    return NULL;
}

static struct error *
score_list_step(struct tx *tx, const struct call *call, struct reply *reply)
{
    struct id before;
    memset(before.bytes, 0xff, sizeof before.bytes);
    if (call->after.length == sizeof before.bytes)
        memcpy(before.bytes, call->after.data, sizeof before.bytes);
    struct score_definition_row *rows = ARENA_ARRAY(tx->arena, struct score_definition_row, call->limit);
    size_t count = 0;
    TRY(score_definition_store_list(tx, before, call->limit, rows, &count));
    reply_list_begin(reply);
    for (size_t i = 0; i < count; i++)
        TRY(print_definition(tx, &rows[i], &reply->body, false));
    bool more = count == (size_t)call->limit;
    reply_list_end(reply, tx->arena, more ? rows[count - 1].id.bytes : NULL, more ? sizeof rows[0].id.bytes : 0);
    return NULL;
}

static struct error *
score_get_step(struct tx *tx, const struct call *call, struct reply *reply)
{
    struct score_definition_row row;
    bool found = false;
    TRY(score_definition_store_load(tx, call->ids[0], &row, &found));
    if (!found)
        return error_new(ERROR_NOT_FOUND);
    return print_definition(tx, &row, &reply->body, true);
}

static struct error *
score_create_step(struct tx *tx, const struct call *call, struct reply *reply)
{
    struct score_definition_row row;
    struct id id;
    bool found = false;
    TRY(score_make(tx, call->actor, call->json, &id));
    TRY(score_definition_store_load(tx, id, &row, &found));
    reply->status = 201;
    reply->record_id = id;
    return print_definition(tx, &row, &reply->body, true);
}

static struct error *
score_activate_step(struct tx *tx, const struct call *call, struct reply *reply)
{
    struct id job_id;
    TRY(score_start(tx, call->actor, call->ids[0], &job_id));
    job_answer(reply, job_id);
    return NULL;
}

/* --- what a household has ---------------------------------------------------------------------------------------------------------------- */

/* The parts as stored; whoever sees no persons sees what each added, not what was answered. */
static void
print_parts(struct buffer *buffer, const char *key, const struct json *entries, bool with_inputs)
{
    json_open(buffer, key, '[');
    for (size_t i = 0; entries && i < entries->count; i++) {
        json_open(buffer, NULL, '{');
        for (size_t j = 0; j < entries->items[i]->count; j++)
            if (with_inputs || strcmp(entries->items[i]->members[j].name, "input") != 0)
                json_print(buffer, entries->items[i]->members[j].name, entries->items[i]->members[j].value);
        json_close(buffer, '}');
    }
    json_close(buffer, ']');
}

static void
print_detail(struct buffer *buffer, const struct json *detail, bool with_inputs)
{
    print_parts(buffer, "parts", json_get(detail, "parts"), with_inputs);
    print_parts(buffer, "missing", json_get(detail, "missing"), true);
    print_parts(buffer, "refused", json_get(detail, "refused"), with_inputs);
    put_text(buffer, "sum", json_get_text(detail, "sum"));
    if (json_get(detail, "lines"))
        json_print(buffer, "lines", json_get(detail, "lines"));
    else
        json_put_null(buffer, "lines");
}

/* A value is stale when the household was changed since. */
static struct error *
print_household_score(struct tx *tx, const struct household_score_row *row, int64_t household_version, bool with_inputs, struct buffer *buffer)
{
    struct json *detail = NULL;
    TRY(score_open_detail(tx, row, &detail));
    json_open(buffer, NULL, '{');
    json_put_id(buffer, "score_id", row->definition_id);
    json_put_text(buffer, "name", row->name);
    json_put_int(buffer, "version", row->version);
    json_put_text(buffer, "state", row->state);
    put_text(buffer, "value", row->value);
    json_put_date(buffer, "on", row->scored_on);
    json_put_instant(buffer, "scored_at", row->scored_at_ms);
    json_put_instant(buffer, "confirmed_at", row->confirmed_at_ms);
    json_put_bool(buffer, "stale", row->household_version != household_version);
    print_detail(buffer, detail, with_inputs);
    json_close(buffer, '}');
    return NULL;
}

static struct error *
household_scores_step(struct tx *tx, const struct call *call, struct reply *reply)
{
    struct household_view view;
    struct household_score_row *rows = ARENA_ARRAY(tx->arena, struct household_score_row, SCORE_HISTORY_MAX);
    size_t count = 0;
    TRY(household_view(tx, call->actor, call->ids[0], &view));
    TRY(household_score_store_list(tx, view.id, rows, &count));
    reply_saw(reply, tx->arena, view.id);
    reply_list_begin(reply);
    for (size_t i = 0; i < count; i++)
        TRY(print_household_score(tx, &rows[i], view.version, call->actor->masking != MASKING_PSEUDONYM, &reply->body));
    reply_list_end(reply, tx->arena, NULL, 0);
    return NULL;
}

static const struct code state_words[] = {
    {"draft", "rancangan", "draft"}, {"scoring", "sedang dihitung untuk semua", "being worked out for everybody"}, {"active", "dipakai", "in use"}, {"retired", "tidak dipakai lagi", "retired"}};
const struct code_list score_state_codes = CODE_LIST("score_state", 1, state_words);
static const struct code flag_state_words[] = {
    {"active", "dipakai", "in use"}, {"replaced", "diganti yang lebih baru", "replaced by a newer one"}, {"retired", "tidak dipakai lagi", "retired"}};
const struct code_list flag_state_codes = CODE_LIST("flag_state", 1, flag_state_words);

static struct error *
household_score_step(struct tx *tx, const struct call *call, struct reply *reply)
{
    struct household_view view;
    TRY(household_view(tx, call->actor, call->ids[0], &view));
    if (!text_equal(view.state, "active"))
        return error_state(&household_states, view.state, BARRED_SCORE);
    TRY(score_household(tx, call->actor, view.id));
    struct audit_change change = {.action = call->route->action, .record_id = view.id};
    TRY(audit_append(tx, call->actor, &change, NULL));
    reply->record_id = view.id;
    return household_scores_step(tx, call, reply);
}

/* --- a trial ------------------------------------------------------------------------------------------------------------------------------ */

struct trial_in {
    struct presence presence;
    struct id household_id;
    struct json *definition;
};
static const struct field trial_fields[] = {
    {"household_id", offsetof(struct trial_in, household_id), FIELD_ID, FIELD_REQUIRED, 0, 0, NULL, NULL, NULL},
    {"definition", offsetof(struct trial_in, definition), FIELD_JSON, FIELD_REQUIRED, 0, 0, NULL, NULL, "a definition as POST /scores takes it"},
};
static FIELD_TABLE(trial_table, "ScoreTrial", struct trial_in, trial_fields);

static struct error *
score_trial_step(struct tx *tx, const struct call *call, struct reply *reply)
{
    const struct trial_in *in = call->in;
    struct household_view view;
    struct score_definition *definition = NULL;
    struct score_subject subject;
    struct score_result result;
    char value[DECIMAL_TEXT_SIZE];
    TRY(household_view(tx, call->actor, in->household_id, &view));
    TRY(score_definition_read(tx->arena, in->definition, &definition));
    TRY(score_check_references(tx, definition));
    TRY(score_subject_load(tx, view.id, &subject));
    TRY(score_subject_compute(&subject, definition, &result));
    decimal_print(result.value, value);
    reply_saw(reply, tx->arena, view.id);
    json_open(&reply->body, NULL, '{');
    json_put_text(&reply->body, "name", definition->name);
    put_text(&reply->body, "value", result.has_value ? value : NULL);
    json_put_date(&reply->body, "on", subject.context.on);
    print_detail(&reply->body, result.detail, call->actor->masking != MASKING_PSEUDONYM);
    json_close(&reply->body, '}');
    return NULL;
}

#define DEFINITION_BYTES_MAX (512 * 1024)

const struct route score_routes[] = {
    {.method = METHOD_GET, .path = "/api/v1/scores", .kind = ROUTE_READ_FAST, .perm = PERM_SIGNED_IN, .scope = SCOPE_NONE, .list = true,
     .summary = "Score definitions, every version, the newest first", .step = score_list_step},
    {.method = METHOD_POST, .path = "/api/v1/scores", .kind = ROUTE_WRITE, .perm = PERM_PROGRAM_WRITE, .scope = SCOPE_NONE, .key = KEY_OPTIONAL,
     .body = BODY_JSON, .body_bytes_max = DEFINITION_BYTES_MAX, .action = "score.create", .summary = "A score, or a new version of one, as a draft",
     .step = score_create_step, .replay = score_get_step},
    {.method = METHOD_POST, .path = "/api/v1/scores/trial", .kind = ROUTE_READ_SLOW, .perm = PERM_PROGRAM_WRITE, .scope = SCOPE_REGION, .personal = true,
     .body = BODY_TABLE, .in = &trial_table, .body_bytes_max = DEFINITION_BYTES_MAX, .summary = "What a definition gives for a household; stores nothing",
     .step = score_trial_step},
    {.method = METHOD_GET, .path = "/api/v1/scores/{id}", .kind = ROUTE_READ_FAST, .perm = PERM_SIGNED_IN, .scope = SCOPE_NONE,
     .summary = "One version of a score definition", .step = score_get_step},
    {.method = METHOD_POST, .path = "/api/v1/scores/{id}/activate", .kind = ROUTE_WRITE, .perm = PERM_PROGRAM_WRITE, .scope = SCOPE_NONE, .key = KEY_OPTIONAL,
     .action = "score.activate", .summary = "Score every household by it, then take it into use; a job", .step = score_activate_step, .replay = job_replay_step},
    {.method = METHOD_GET, .path = "/api/v1/households/{id}/scores", .kind = ROUTE_READ_FAST, .perm = PERM_HOUSEHOLD_READ, .scope = SCOPE_REGION,
     .personal = true, .list = true, .summary = "Scores of a household with their parts: the newest definition first, in it the newest value", .step = household_scores_step},
    {.method = METHOD_POST, .path = "/api/v1/households/{id}/scores", .kind = ROUTE_WRITE, .perm = PERM_ASSESSMENT_WRITE, .scope = SCOPE_REGION,
     .personal = true, .action = "score.household", .key = KEY_OPTIONAL, .summary = "Compute the scores of a household anew", .step = household_score_step,
     .replay = household_scores_step},
    {0},
};
