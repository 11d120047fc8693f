/* batch_view_http.c: the calls that show a batch's lines and places. */
#include <string.h>

#include "lumbung/base/text.h"
#include "lumbung/region.h"
#include "payment/batch.h"
#include "payment/batch_view.h"
#include "payment/payment_fields.h"

/* "4,17,230": at most ten, each a plain number. */
static struct error *
parse_positions(const struct call *call, struct arena *arena, const char *text, struct batch_view_filter *filter)
{
    const struct fault fault = {.code = FAULT_TYPE, .arguments = {"4,17,230"}};
    for (const char *at = text; at;) {
        size_t length = strcspn(at, ",");
        int64_t position = -1;
        if (filter->position_count == BATCH_POSITIONS_MAX || !text_parse_int(arena_copy(arena, at, length), &position) || position < 0)
            return query_refusal(arena, "positions", &fault, call->language);
        filter->positions[filter->position_count++] = position;
        at = at[length] == ',' ? at + length + 1 : NULL;
    }
    return NULL;
}

/* *ret_none: a region that the caller does not have finds nothing. */
static struct error *
view_region(struct tx *tx, const struct call *call, const char *code, struct id *ret_id, bool *ret_none)
{
    struct region region = {0};
    struct error *error = code ? region_by_code(tx, call->actor, code, &region) : NULL;
    *ret_none = error != NULL;
    error_free(error);
    *ret_id = region.id;
    return NULL;
}

static struct error *
view_filter(struct tx *tx, const struct call *call, const struct batch *batch, struct batch_view_filter *ret_filter, bool *ret_none)
{
    const struct batch_items_query *query = call->query;
    struct batch_view_filter filter = {.hamlet = query->hamlet, .rw = query->rw, .rt = query->rt, .changed = query->changed, .limit = call->limit, .version = batch->version};
    filter.has_changed = field_present(&batch_items_query_table, query, "changed");
    if (field_present(&batch_items_query_table, query, "version"))
        filter.version = query->version;
    if (call->after.length == sizeof filter.after.bytes)
        memcpy(filter.after.bytes, call->after.data, sizeof filter.after.bytes);
    TRY(parse_positions(call, tx->arena, query->positions, &filter));
    TRY(view_region(tx, call, query->region, &filter.region_id, ret_none));
    *ret_filter = filter;
    return NULL;
}

struct error *
batch_view_items_step(struct tx *tx, const struct call *call, struct reply *reply)
{
    struct batch batch;
    struct batch_view_filter filter;
    bool none = false;
    size_t count = 0;
    TRY(batch_load(tx, call->actor, call->ids[0], &batch));
    TRY(view_filter(tx, call, &batch, &filter, &none));
    struct batch_view *rows = ARENA_ARRAY(tx->arena, struct batch_view, filter.limit);
    if (!none)
        TRY(batch_view_list(tx, call->actor, &batch, &filter, rows, &count));
    reply_list_begin(reply);
    for (size_t i = 0; i < count; i++) {
        reply_saw(reply, tx->arena, rows[i].item.household_id);
        TRY(batch_view_print(tx, call->actor, &batch, &rows[i], &reply->body));
    }
    bool more = filter.position_count == 0 && count == (size_t)filter.limit;
    reply_list_end(reply, tx->arena, more ? rows[count - 1].item.id.bytes : NULL, more ? 16 : 0);
    return NULL;
}

struct error *
batch_view_places_step(struct tx *tx, const struct call *call, struct reply *reply)
{
    const struct batch_places_query *query = call->query;
    struct batch batch;
    struct id region_id;
    bool none = false;
    size_t count = 0;
    TRY(batch_load(tx, call->actor, call->ids[0], &batch));
    TRY(view_region(tx, call, query->region, &region_id, &none));
    struct batch_place *rows = ARENA_ARRAY(tx->arena, struct batch_place, BATCH_PLACES_MAX);
    if (!none)
        TRY(batch_view_places(tx, call->actor, &batch, region_id, rows, &count));
    json_open(&reply->body, NULL, '{');
    json_open(&reply->body, "items", '[');
    for (size_t i = 0; i < count; i++) {
        json_open(&reply->body, NULL, '{');
        json_put_text(&reply->body, "region", rows[i].region);
        json_put_text(&reply->body, "region_name", rows[i].region_name);
        json_put_text(&reply->body, "hamlet", rows[i].hamlet);
        json_put_text(&reply->body, "rw", rows[i].rw);
        json_put_text(&reply->body, "rt", rows[i].rt);
        json_put_int(&reply->body, "count", rows[i].count);
        json_put_int(&reply->body, "amount_minor", rows[i].amount_minor);
        json_close(&reply->body, '}');
    }
    json_close(&reply->body, ']');
    json_close(&reply->body, '}');
    return NULL;
}
