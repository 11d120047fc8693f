/* shape_http.c: outlines of what lies directly below a region. */
#include "lumbung/base/text.h"
#include "lumbung/region.h"
#include "shape/shape_file.h"
#include "shape/shape_store.h"

struct shape_query {
    struct presence presence;
    const char *region;
};
static const struct field shape_query_fields[] = {
    {"region", offsetof(struct shape_query, region), FIELD_TEXT, 0, 1, 40, NULL, NULL, "the region whose parts are wanted; without it, the top of the tree"},
};
static FIELD_TABLE(shape_query_table, "ShapeQuery", struct shape_query, shape_query_fields);

/* An unknown region has no parts. Outlines of the top are no secret: they hold no person. */
static struct error *
find_parent(struct tx *tx, const struct call *call, struct region *region, bool *ret_found)
{
    const struct shape_query *query = call->query;
    *ret_found = true;
    if (query->region == NULL)
        return NULL;
    struct error *error = region_by_code(tx, call->actor, query->region, region);
    if (error && error->code == ERROR_NOT_FOUND) {
        error_free(error);
        *ret_found = false;
        return NULL;
    }
    return error;
}

static struct error *
shapes_step(struct tx *tx, const struct call *call, struct reply *reply)
{
    struct region region = {0};
    struct shape_row *rows = NULL;
    size_t count = 0;
    bool found = false;
    TRY(find_parent(tx, call, &region, &found));
    if (found)
        TRY(shape_store_children(tx, region.id, &rows, &count));
    json_open(&reply->body, NULL, '{');
    json_put_int(&reply->body, "unit", SHAPE_UNIT);
    json_open(&reply->body, "items", '[');
    for (size_t i = 0; i < count; i++) {
        json_open(&reply->body, NULL, '{');
        json_put_text(&reply->body, "code", rows[i].code);
        json_put_text(&reply->body, "source", rows[i].source);
        json_put_raw(&reply->body, "rings", rows[i].rings);
        json_close(&reply->body, '}');
    }
    json_close(&reply->body, ']');
    json_close(&reply->body, '}');
    return NULL;
}

const struct route shape_routes[] = {
    {.method = METHOD_GET, .path = "/api/v1/shapes", .kind = ROUTE_READ_SLOW, .perm = PERM_SIGNED_IN, .scope = SCOPE_REGION, .query = &shape_query_table,
     .summary = "Outlines of a region's parts, for the map", .step = shapes_step},
    {0},
};
