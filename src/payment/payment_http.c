/* payment_http.c: the calls of cycles and batches. */
#include <string.h>

#include "lumbung/base/text.h"
#include "lumbung/base/time.h"
#include "lumbung/region.h"
#include "payment/batch.h"
#include "payment/batch_view.h"
#include "payment/cycle_store.h"
#include "payment/payment_fields.h"

static struct id
page_after(const struct call *call)
{
    struct id after = {{0}};
    if (call->after.length == sizeof after.bytes)
        memcpy(after.bytes, call->after.data, sizeof after.bytes);
    return after;
}

static struct error *
cycle_create_step(struct tx *tx, const struct call *call, struct reply *reply)
{
    struct cycle cycle;
    TRY(cycle_make(tx, call->actor, call->ids[0], call->in, &cycle));
    reply->status = 201;
    reply->record_id = cycle.id;
    reply->version = cycle.version;
    cycle_print(&reply->body, NULL, &cycle);
    return NULL;
}

static struct error *
cycle_list_step(struct tx *tx, const struct call *call, struct reply *reply)
{
    struct program *program = NULL;
    TRY(program_load(tx, call->actor, call->ids[0], &program));
    struct cycle *rows = ARENA_ARRAY(tx->arena, struct cycle, call->limit);
    size_t count = 0;
    TRY(cycle_store_list(tx, call->ids[0], page_after(call), call->limit, rows, &count));
    reply_list_begin(reply);
    for (size_t i = 0; i < count; i++)
        cycle_print(&reply->body, NULL, &rows[i]);
    bool more = count == (size_t)call->limit;
    reply_list_end(reply, tx->arena, more ? rows[count - 1].id.bytes : NULL, more ? 16 : 0);
    return NULL;
}

static struct error *
cycle_get_step(struct tx *tx, const struct call *call, struct reply *reply)
{
    struct cycle cycle;
    TRY(cycle_load(tx, call->actor, call->ids[0], &cycle));
    reply->version = cycle.version;
    cycle_print(&reply->body, NULL, &cycle);
    return NULL;
}

static struct error *
cycle_close_step(struct tx *tx, const struct call *call, struct reply *reply)
{
    struct cycle cycle;
    TRY(cycle_close(tx, call->actor, call->ids[0], &cycle));
    reply->record_id = cycle.id;
    reply->version = cycle.version;
    cycle_print(&reply->body, NULL, &cycle);
    return NULL;
}

static struct error *
batch_reply(struct tx *tx, const struct call *call, struct id batch_id, struct reply *reply)
{
    struct batch batch;
    TRY(batch_load(tx, call->actor, batch_id, &batch));
    reply->record_id = batch.id;
    reply->version = batch.version;
    return batch_print(tx, call->actor, &batch, &reply->body, NULL, true);
}

static struct error *
batch_create_step(struct tx *tx, const struct call *call, struct reply *reply)
{
    struct id id;
    TRY(batch_make(tx, call->actor, call->ids[0], call->in, &id));
    reply->status = 201;
    return batch_reply(tx, call, id, reply);
}

/* The version that the caller saw, when he says so: an act on a list that has moved on is refused with the present one. */
static struct error *
batch_check_version(struct tx *tx, const struct call *call)
{
    if (call->if_match < 0)
        return NULL;
    struct batch batch;
    TRY(batch_load(tx, call->actor, call->ids[0], &batch));
    if (batch.version == call->if_match)
        return NULL;
    struct buffer current;
    buffer_init(&current, tx->arena);
    TRY(batch_print(tx, call->actor, &batch, &current, NULL, false));
    struct error *error = error_new(ERROR_STALE);
    error_add_member(error, "current", buffer_text(&current), true);
    return error;
}

#define BATCH_ACT_STEP(name, work)                                                       \
    static struct error *                                                                \
    name(struct tx *tx, const struct call *call, struct reply *reply)                    \
    {                                                                                    \
        TRY(batch_check_version(tx, call));                                              \
        TRY(work);                                                                       \
        return batch_reply(tx, call, call->ids[0], reply);                               \
    }
#define CALL_REASON (((const struct reason_in *)call->in)->reason)

BATCH_ACT_STEP(batch_lock_step, batch_lock(tx, call->actor, call->ids[0]))
BATCH_ACT_STEP(batch_submit_step, batch_submit(tx, call->actor, call->ids[0]))
BATCH_ACT_STEP(batch_recall_step, batch_recall(tx, call->actor, call->ids[0], CALL_REASON))
BATCH_ACT_STEP(batch_cancel_step, batch_cancel(tx, call->actor, call->ids[0], CALL_REASON))
BATCH_ACT_STEP(batch_reject_step, batch_reject(tx, call->actor, call->ids[0], CALL_REASON))
BATCH_ACT_STEP(batch_withdraw_step, batch_withdraw_approval(tx, call->actor, call->ids[0]))
BATCH_ACT_STEP(batch_release_step, batch_release(tx, call->actor, call->ids[0]))
BATCH_ACT_STEP(batch_exclude_step, batch_exclude_item(tx, call->actor, call->ids[0], call->ids[1], CALL_REASON))
BATCH_ACT_STEP(batch_release_held_step, batch_release_held(tx, call->actor, call->ids[0], call->ids[1], CALL_REASON))
BATCH_ACT_STEP(batch_cancel_held_step, batch_cancel_held(tx, call->actor, call->ids[0], call->ids[1], CALL_REASON))
BATCH_ACT_STEP(batch_approve_step, batch_approve(tx, call->actor, call->ids[0], ((const struct approve_in *)call->in)->digest,
                                                 ((const struct approve_in *)call->in)->note))

static struct error *
batch_replay_step(struct tx *tx, const struct call *call, struct reply *reply)
{
    return batch_reply(tx, call, call->ids[0], reply);
}

/* An earlier version when asked: what it was and why it ended. */
static struct error *
batch_get_step(struct tx *tx, const struct call *call, struct reply *reply)
{
    const struct version_query *query = call->query;
    struct batch batch;
    TRY(batch_load(tx, call->actor, call->ids[0], &batch));
    if (!field_present(&version_query_table, query, "version") || query->version == batch.version)
        return batch_reply(tx, call, call->ids[0], reply);
    bool found = false;
    const char *how = NULL, *reason = NULL;
    TRY(batch_store_version(tx, batch.id, query->version, &batch, &how, &reason, &found));
    if (!found)
        return error_new(ERROR_NOT_FOUND);
    json_open(&reply->body, NULL, '{');
    json_put_id(&reply->body, "id", batch.id);
    json_put_int(&reply->body, "version", batch.version);
    json_put_text(&reply->body, "state", how);
    json_put_text(&reply->body, "reason", reason);
    json_put_int(&reply->body, "count", batch.count);
    json_put_int(&reply->body, "total_minor", batch.total_minor);
    json_put_text(&reply->body, "currency", batch.currency);
    json_put_hex(&reply->body, "digest", batch.digest.data, batch.digest.length);
    json_close(&reply->body, '}');
    return NULL;
}

static bool
batch_may(const struct buffer *printed, const char *act)
{
    if (act == NULL)
        return true;
    struct arena *arena = printed->arena;
    struct json *json = NULL;
    struct error *error = json_parse(arena, printed->data, printed->length, &json);
    error_free(error);
    const struct json *may = error ? NULL : json_get(json, "may");
    for (size_t i = 0; may && i < may->count; i++)
        if (text_equal(may->items[i]->text, act))
            return true;
    return false;
}

/* First and last day of "2026-10". */
static struct error *
batch_month(const struct call *call, struct arena *arena, const char *month, struct batch_filter *filter)
{
    const struct fault fault = {.code = FAULT_TYPE, .arguments = {"YYYY-MM"}};
    if (month == NULL)
        return NULL;
    if (!date_parse(arena_format(arena, "%s-01", month), &filter->from))
        return query_refusal(arena, "month", &fault, call->language);
    filter->to = date_add_months(filter->from, 1) - 1;
    filter->has_days = true;
    return NULL;
}

static struct error *
batch_list_step(struct tx *tx, const struct call *call, struct reply *reply)
{
    const struct batch_query *query = call->query;
    struct batch_filter filter = {.program_id = query->program, .cycle_id = query->cycle, .state = query->state, .after = page_after(call), .limit = call->limit};
    TRY(batch_month(call, tx->arena, query->month, &filter));
    struct region region = {0};
    struct error *error = query->region ? region_by_code(tx, call->actor, query->region, &region) : NULL;
    bool none = error != NULL; /* an unknown filter value returns nothing, never everything */
    error_free(error);
    filter.region_id = region.id;
    struct batch *rows = ARENA_ARRAY(tx->arena, struct batch, call->limit);
    size_t count = 0;
    if (!none)
        TRY(batch_store_list(tx, call->actor, &filter, rows, &count));
    reply_list_begin(reply);
    for (size_t i = 0; i < count; i++) {
        struct buffer one;
        buffer_init(&one, tx->arena);
        TRY(batch_print(tx, call->actor, &rows[i], &one, NULL, false));
        if (batch_may(&one, query->may))
            json_put_raw(&reply->body, NULL, buffer_text(&one));
    }
    bool more = count == (size_t)call->limit;
    reply_list_end(reply, tx->arena, more ? rows[count - 1].id.bytes : NULL, more ? 16 : 0);
    return NULL;
}

#define BATCH_ACT(path_text, permission, action_text, summary_text, step_function) \
    .method = METHOD_POST, .path = "/api/v1/batches/{id}" path_text, .kind = ROUTE_WRITE, .perm = (permission), .scope = SCOPE_REGION, \
    .key = KEY_REQUIRED, .version = VERSION_OPTIONAL, .action = (action_text), .summary = (summary_text), .step = (step_function), \
    .replay = batch_replay_step

const struct route payment_routes[] = {
    {.method = METHOD_POST, .path = "/api/v1/programs/{id}/cycles", .kind = ROUTE_WRITE, .perm = PERM_PROGRAM_WRITE, .scope = SCOPE_REGION,
     .key = KEY_OPTIONAL, .body = BODY_TABLE, .in = &cycle_in_table, .action = "cycle.open", .summary = "Open a cycle", .step = cycle_create_step,
     .replay = cycle_get_step},
    {.method = METHOD_GET, .path = "/api/v1/programs/{id}/cycles", .kind = ROUTE_READ_FAST, .perm = PERM_PROGRAM_READ, .scope = SCOPE_REGION, .list = true,
     .summary = "Cycles of a program", .step = cycle_list_step},
    {.method = METHOD_GET, .path = "/api/v1/cycles/{id}", .kind = ROUTE_READ_FAST, .perm = PERM_PROGRAM_READ, .scope = SCOPE_REGION,
     .summary = "One cycle", .step = cycle_get_step},
    {.method = METHOD_POST, .path = "/api/v1/cycles/{id}/close", .kind = ROUTE_WRITE, .perm = PERM_PROGRAM_WRITE, .scope = SCOPE_REGION, .key = KEY_OPTIONAL,
     .action = "cycle.close", .summary = "Close a cycle", .step = cycle_close_step, .replay = cycle_get_step},
    {.method = METHOD_POST, .path = "/api/v1/cycles/{id}/batches", .kind = ROUTE_WRITE, .perm = PERM_BATCH_MAKE, .scope = SCOPE_REGION, .key = KEY_REQUIRED,
     .body = BODY_TABLE, .in = &batch_in_table, .action = "batch.make", .summary = "Make a batch over the enrolled", .step = batch_create_step,
     .replay = batch_replay_step},
    {.method = METHOD_GET, .path = "/api/v1/batches", .kind = ROUTE_READ_SLOW, .perm = PERM_BATCH_READ, .scope = SCOPE_REGION, .query = &batch_query_table,
     .list = true, .summary = "Batches, newest first", .step = batch_list_step},
    {.method = METHOD_GET, .path = "/api/v1/batches/{id}", .kind = ROUTE_READ_SLOW, .perm = PERM_BATCH_READ, .scope = SCOPE_REGION, .personal = true,
     .query = &version_query_table, .summary = "A batch with its totals, change and warnings", .step = batch_get_step},
    {.method = METHOD_GET, .path = "/api/v1/batches/{id}/items", .kind = ROUTE_READ_SLOW, .perm = PERM_BATCH_READ, .scope = SCOPE_REGION, .personal = true,
     .query = &batch_items_query_table, .list = true, .summary = "The lines of a batch, each beside the payee's last amount", .step = batch_view_items_step},
    {.method = METHOD_GET, .path = "/api/v1/batches/{id}/places", .kind = ROUTE_READ_SLOW, .perm = PERM_BATCH_READ, .scope = SCOPE_REGION,
     .query = &batch_places_query_table, .summary = "Where the payees of a batch live, counted", .step = batch_view_places_step},
    {BATCH_ACT("/items/{item_id}/exclude", PERM_BATCH_MAKE, "batch.exclude", "Leave a line out of a draft", batch_exclude_step), .body = BODY_TABLE,
     .in = &reason_in_table},
    {BATCH_ACT("/items/{item_id}/release-held", PERM_BATCH_RELEASE, "batch.release_held", "Lift a line held at release", batch_release_held_step),
     .step_up = true, .body = BODY_TABLE, .in = &reason_in_table},
    {BATCH_ACT("/items/{item_id}/cancel-held", PERM_BATCH_RELEASE, "batch.cancel_held", "Cancel a line held at release", batch_cancel_held_step),
     .body = BODY_TABLE, .in = &reason_in_table},
    {BATCH_ACT("/lock", PERM_BATCH_MAKE, "batch.lock", "Freeze payees and amounts", batch_lock_step)},
    {BATCH_ACT("/submit", PERM_BATCH_MAKE, "batch.submit", "Claim the money and ask for approval", batch_submit_step)},
    {BATCH_ACT("/recall", PERM_BATCH_MAKE, "batch.recall", "Take back to a draft as a new version", batch_recall_step), .body = BODY_TABLE,
     .in = &reason_in_table},
    {BATCH_ACT("/cancel", PERM_BATCH_MAKE, "batch.cancel", "Cancel before release", batch_cancel_step), .body = BODY_TABLE, .in = &reason_in_table},
    {BATCH_ACT("/approve", PERM_BATCH_APPROVE, "batch.approve", "Approve exactly this digest", batch_approve_step), .step_up = true, .body = BODY_TABLE,
     .in = &approve_in_table},
    {BATCH_ACT("/withdraw-approval", PERM_BATCH_APPROVE, "batch.withdraw_approval", "Withdraw one's own approval", batch_withdraw_step)},
    {BATCH_ACT("/reject", PERM_BATCH_APPROVE, "batch.reject", "Send back with a reason", batch_reject_step), .body = BODY_TABLE, .in = &reason_in_table},
    {BATCH_ACT("/release", PERM_BATCH_RELEASE, "batch.release", "Release the approved list", batch_release_step), .step_up = true},
    {0},
};
