/* score_flag_http.c: the calls of flags: which there are, the agency's own, a household's today, and counts by region. */
#include <string.h>

#include "lumbung/audit.h"
#include "lumbung/base/text.h"
#include "lumbung/household.h"
#include "lumbung/region.h"
#include "score/score_flag.h"

static void
print_truth(struct buffer *buffer, const char *key, int truth)
{
    if (truth < 0)
        json_put_null(buffer, key);
    else
        json_put_bool(buffer, key, truth == 1);
}

static struct error *
print_flag(struct tx *tx, const struct score_flag_row *row, struct buffer *buffer)
{
    struct json *json = NULL;
    TRY(json_parse(tx->arena, row->definition, strlen(row->definition), &json));
    json_open(buffer, NULL, '{');
    json_put_id(buffer, "id", row->id);
    json_put_bool(buffer, "own", false);
    json_put_int(buffer, "version", row->version);
    json_put_text(buffer, "state", row->state);
    json_put_instant(buffer, "created_at", row->created_at_ms);
    for (size_t i = 0; i < json->count; i++)
        json_print(buffer, json->members[i].name, json->members[i].value);
    json_close(buffer, '}');
    return NULL;
}

/* Ours first: they have a name and no definition. */
static struct error *
flag_list_step(struct tx *tx, const struct call *call, struct reply *reply)
{
    (void)call;
    struct score_flag own[SCORE_FLAGS_OWN];
    struct score_flag_row *rows = NULL;
    size_t count = 0;
    score_flag_own(NULL, 0, own);
    TRY(score_flag_store_current(tx, &rows, &count));
    reply_list_begin(reply);
    for (size_t i = 0; i < SCORE_FLAGS_OWN; i++) {
        json_open(&reply->body, NULL, '{');
        json_put_bool(&reply->body, "own", true);
        json_put_text(&reply->body, "name", own[i].name);
        json_put_text(&reply->body, "state", "active");
        json_close(&reply->body, '}');
    }
    for (size_t i = 0; i < count; i++)
        TRY(print_flag(tx, &rows[i], &reply->body));
    reply_list_end(reply, tx->arena, NULL, 0);
    return NULL;
}

static struct error *
flag_get_step(struct tx *tx, const struct call *call, struct reply *reply)
{
    struct score_flag_row row;
    bool found = false;
    TRY(score_flag_store_load(tx, call->ids[0], &row, &found));
    return found ? print_flag(tx, &row, &reply->body) : error_new(ERROR_NOT_FOUND);
}

static struct error *
flag_create_step(struct tx *tx, const struct call *call, struct reply *reply)
{
    struct score_flag_row row;
    struct id id;
    bool found = false;
    TRY(score_flag_make(tx, call->actor, call->json, &id));
    TRY(score_flag_store_load(tx, id, &row, &found));
    reply->status = 201;
    reply->record_id = id;
    return print_flag(tx, &row, &reply->body);
}

static struct error *
flag_retire_step(struct tx *tx, const struct call *call, struct reply *reply)
{
    TRY(score_flag_retire(tx, call->actor, call->ids[0]));
    reply->record_id = call->ids[0];
    return flag_get_step(tx, call, reply);
}

/* A household that is active no more bears none. */
static struct error *
household_flags_step(struct tx *tx, const struct call *call, struct reply *reply)
{
    struct household_view view;
    struct score_context context;
    struct score_flag *flags = NULL;
    int64_t version = 0;
    size_t count = 0;
    TRY(household_view(tx, call->actor, call->ids[0], &view));
    if (text_equal(view.state, "active")) {
        TRY(score_context_load(tx, view.id, &context, &version));
        TRY(score_flag_list(&context, &flags, &count));
    }
    reply_saw(reply, tx->arena, view.id);
    reply_list_begin(reply);
    for (size_t i = 0; i < count; i++) {
        json_open(&reply->body, NULL, '{');
        json_put_text(&reply->body, "name", flags[i].name);
        print_truth(&reply->body, "value", flags[i].truth);
        if (flags[i].label)
            json_print(&reply->body, "label", flags[i].label);
        json_close(&reply->body, '}');
    }
    reply_list_end(reply, tx->arena, NULL, 0);
    return NULL;
}

/* --- counts ------------------------------------------------------------------------------------------------------------------------------- */

static struct error *
flag_count_step(struct tx *tx, const struct call *call, struct reply *reply)
{
    struct id job_id;
    TRY(score_flag_count(tx, call->actor, &job_id));
    struct audit_part part = {.kind = "job", .id = job_id, .after = "{\"kind\":\"flag.count\"}"};
    struct audit_change change = {.action = call->route->action, .record_id = job_id, .parts = &part, .part_count = 1};
    TRY(audit_append(tx, call->actor, &change, NULL));
    job_answer(reply, job_id);
    return NULL;
}

struct counts_query { struct presence presence; const char *region; };
static const struct field counts_query_fields[] = {
    {.name = "region", .offset = offsetof(struct counts_query, region), .kind = FIELD_TEXT, .flags = FIELD_REQUIRED, .minimum = 1, .maximum = 40,
     .about = "official code; its whole subtree"},
};
static FIELD_TABLE(counts_query_table, "FlagCountsQuery", struct counts_query, counts_query_fields);

static struct error *
load_sums(struct tx *tx, const struct call *call, struct id run_id, struct score_flag_sum **ret_sums, size_t *ret_count)
{
    const struct counts_query *query = call->query;
    struct region region;
    struct error *error = region_by_code(tx, call->actor, query->region, &region);
    if (error && error->code == ERROR_NOT_FOUND) { /* an unknown filter value is an empty list */
        error_free(error);
        return NULL;
    }
    TRY(error);
    return score_flag_store_sums(tx, call->actor, run_id, region.id, ret_sums, ret_count);
}

static struct error *
flag_counts_step(struct tx *tx, const struct call *call, struct reply *reply)
{
    struct score_flag_sum *sums = NULL;
    struct id run_id;
    int32_t on = 0;
    size_t count = 0;
    bool found = false, open = false;
    TRY(score_flag_store_run(tx, &run_id, &on, &found));
    TRY(score_flag_store_run_open(tx, &open));
    if (found)
        TRY(load_sums(tx, call, run_id, &sums, &count));
    json_open(&reply->body, NULL, '{');
    if (found)
        json_put_date(&reply->body, "on", on);
    else
        json_put_null(&reply->body, "on");
    json_put_bool(&reply->body, "counting", open);
    json_put_int(&reply->body, "households", count > 0 && sums[0].flag[0] == '\0' ? sums[0].households : 0);
    json_open(&reply->body, "items", '[');
    for (size_t i = 0; i < count; i++) {
        if (sums[i].flag[0] == '\0')
            continue;
        json_open(&reply->body, NULL, '{');
        json_put_text(&reply->body, "name", sums[i].flag);
        json_put_int(&reply->body, "households", sums[i].households);
        json_put_int(&reply->body, "unknown", sums[i].unknown);
        json_close(&reply->body, '}');
    }
    json_close(&reply->body, ']');
    json_close(&reply->body, '}');
    return NULL;
}

const struct route score_flag_routes[] = {
    {.method = METHOD_GET, .path = "/api/v1/flags", .kind = ROUTE_READ_FAST, .perm = PERM_SIGNED_IN, .scope = SCOPE_NONE, .list = true,
     .summary = "Flags: ours and the agency's", .step = flag_list_step},
    {.method = METHOD_POST, .path = "/api/v1/flags", .kind = ROUTE_WRITE, .perm = PERM_PROGRAM_WRITE, .scope = SCOPE_NONE, .key = KEY_OPTIONAL, .body = BODY_JSON,
     .action = "flag.create", .summary = "A flag by an expression, or its next version, in use at once", .step = flag_create_step, .replay = flag_get_step},
    {.method = METHOD_POST, .path = "/api/v1/flags/{id}/retire", .kind = ROUTE_WRITE, .perm = PERM_PROGRAM_WRITE, .scope = SCOPE_NONE, .key = KEY_OPTIONAL,
     .action = "flag.retire", .summary = "Offer a flag no more; rules that name it still work", .step = flag_retire_step, .replay = flag_get_step},
    {.method = METHOD_GET, .path = "/api/v1/flags/counts", .kind = ROUTE_READ_SLOW, .perm = PERM_PROGRAM_READ, .scope = SCOPE_REGION, .query = &counts_query_table,
     .summary = "Households by flag in a region, as counted last", .step = flag_counts_step},
    {.method = METHOD_POST, .path = "/api/v1/flags/counts", .kind = ROUTE_WRITE, .perm = PERM_PROGRAM_WRITE, .scope = SCOPE_NONE, .key = KEY_OPTIONAL,
     .action = "flag.count", .summary = "Count the flags anew; a job", .step = flag_count_step, .replay = job_replay_step},
    {.method = METHOD_GET, .path = "/api/v1/households/{id}/flags", .kind = ROUTE_READ_FAST, .perm = PERM_HOUSEHOLD_READ, .scope = SCOPE_REGION,
     .personal = true, .list = true, .summary = "Vulnerability flags of a household today", .step = household_flags_step},
    {0},
};
