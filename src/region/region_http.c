/* region_http.c: children, search, one region with its path, and the import of a tree. */
#include <string.h>

#include "lumbung/base/limits.h"
#include "region/region_store.h"

#define CURSOR_FOLDED_MAX 800

struct regions_query {
    struct presence presence;
    const char *parent, *q;
    bool anywhere;
};
static const struct field regions_query_fields[] = {
    {"parent", offsetof(struct regions_query, parent), FIELD_TEXT, 0, 1, 40, NULL, NULL,
     "code whose children are wanted; absent: the roots of the caller's scope"},
    {"q", offsetof(struct regions_query, q), FIELD_TEXT, 0, 1, 100, NULL, NULL, "part of a name, or the beginning of a code"},
    {.name = "anywhere", .offset = offsetof(struct regions_query, anywhere), .kind = FIELD_BOOL, .about = "with q: also outside the caller's scope, to send a household there"},
};
static FIELD_TABLE(regions_query, "regions_query", struct regions_query, regions_query_fields);

static void
print_region(struct buffer *body, const char *key, const struct region *region, const char *path_text)
{
    json_open(body, key, '{');
    json_put_id(body, "id", region->id);
    json_put_text(body, "code", region->code);
    json_put_text(body, "name", region->name);
    json_put_int(body, "level", region->level);
    json_put_text(body, "kind", region->kind);
    json_put_text(body, "parent", region->parent_code);
    json_put_bool(body, "has_children", region->has_children);
    if (path_text)
        json_put_text(body, "path_text", path_text);
}

/* Children of a region in scope, or the roots; the cursor is the last code. */
static struct error *
children_step(struct tx *tx, const struct call *call, struct reply *reply, const char *parent)
{
    int limit = call->limit + 1;
    size_t count = 0;
    struct region *regions = ARENA_ARRAY(tx->arena, struct region, limit);
    const char *after = call->after.length > 0 ? arena_copy(tx->arena, (const char *)call->after.data, call->after.length) : "";
    if (parent) {
        struct region region;
        TRY(region_by_code(tx, call->actor, parent, &region));
        TRY(region_children_load(tx, region.id, after, limit, regions, &count));
    } else {
        TRY(region_roots_load(tx, call->actor, after, limit, regions, &count));
    }
    bool more = count == (size_t)limit;
    size_t shown = more ? count - 1 : count;
    reply_list_begin(reply);
    for (size_t i = 0; i < shown; i++) {
        print_region(&reply->body, NULL, &regions[i], NULL);
        json_close(&reply->body, '}');
    }
    const char *last = more ? regions[shown - 1].code : NULL;
    reply_list_end(reply, tx->arena, last, last ? strlen(last) : 0);
    return NULL;
}

/* A LIKE pattern with its own signs made harmless. */
static const char *
like_pattern(struct arena *arena, const char *before, const char *text, const char *after)
{
    struct buffer pattern;
    buffer_init(&pattern, arena);
    buffer_add(&pattern, before);
    for (; *text != '\0'; text++) {
        if (*text == '%' || *text == '_' || *text == '\\')
            buffer_char(&pattern, '\\');
        buffer_char(&pattern, *text);
    }
    buffer_add(&pattern, after);
    return buffer_text(&pattern);
}

/* The cursor of a search: rank, level, id, folded name. */
struct search_cursor {
    int64_t rank, level;
    struct id id;
    char folded[CURSOR_FOLDED_MAX];
};

static void
search_resume(const struct call *call, struct arena *arena, struct region_search *search)
{
    size_t head = offsetof(struct search_cursor, folded);
    search->after_rank = search->after_level = -1;
    search->after_folded = "";
    if (call->after.length < head || call->after.length > sizeof(struct search_cursor))
        return;
    struct search_cursor after;
    memcpy(&after, call->after.data, call->after.length);
    search->after_rank = after.rank;
    search->after_level = after.level;
    search->after_id = after.id;
    search->after_folded = arena_copy(arena, after.folded, call->after.length - head);
}

static size_t
search_stop(const struct region *region, const struct region_hit *hit, struct search_cursor *ret_next)
{
    size_t length = strlen(hit->folded);
    if (length > sizeof ret_next->folded)
        length = sizeof ret_next->folded;
    memset(ret_next, 0, sizeof *ret_next);
    ret_next->rank = hit->rank;
    ret_next->level = region->level;
    ret_next->id = region->id;
    memcpy(ret_next->folded, hit->folded, length);
    return offsetof(struct search_cursor, folded) + length;
}

static struct error *
search_print(struct tx *tx, struct reply *reply, const struct region *regions, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const char *path = NULL;
        TRY(region_path_text(tx, regions[i].id, &path));
        print_region(&reply->body, NULL, &regions[i], path);
        json_close(&reply->body, '}');
    }
    return NULL;
}

static struct error *
search_step(struct tx *tx, const struct call *call, struct reply *reply, const struct regions_query *query)
{
    const char *text = query->q;
    struct actor reader = *call->actor;
    reader.all_regions |= query->anywhere; /* names of regions are no secret; what lives there is */
    struct region_search search = {.limit = call->limit + 1};
    size_t count = 0;
    search_resume(call, tx->arena, &search);
    const char *folded = text_fold(tx->arena, text);
    search.pattern = like_pattern(tx->arena, "%", folded, "%");
    search.code_pattern = like_pattern(tx->arena, "", text, "%");
    search.exact = folded;
    search.ending = like_pattern(tx->arena, "% ", folded, "");
    search.beginning = like_pattern(tx->arena, "", folded, "%");
    struct region *regions = ARENA_ARRAY(tx->arena, struct region, search.limit);
    struct region_hit *hits = ARENA_ARRAY(tx->arena, struct region_hit, search.limit);
    TRY(region_search_load(tx, &reader, &search, regions, hits, &count));
    bool more = count == (size_t)search.limit;
    size_t shown = more ? count - 1 : count;
    struct search_cursor next;
    reply_list_begin(reply);
    TRY(search_print(tx, reply, regions, shown));
    size_t length = more ? search_stop(&regions[shown - 1], &hits[shown - 1], &next) : 0;
    reply_list_end(reply, tx->arena, more ? &next : NULL, length);
    return NULL;
}

static struct error *
list_step(struct tx *tx, const struct call *call, struct reply *reply)
{
    const struct regions_query *query = call->query;
    if (query->q && query->parent)
        return error_with(ERROR_QUERY, "q", "either q or parent", NULL);
    return query->q ? search_step(tx, call, reply, query) : children_step(tx, call, reply, query->parent);
}

/* From the root down to the region itself. */
static struct error *
print_path(struct tx *tx, struct buffer *body, const struct region *region)
{
    struct region path[REGION_LEVEL_MAX + 1];
    size_t count = 0;
    path[count++] = *region;
    while (!id_is_zero(path[count - 1].parent_id) && count <= REGION_LEVEL_MAX) {
        TRY(region_by_id(tx, path[count - 1].parent_id, &path[count]));
        count++;
    }
    json_open(body, "path", '[');
    for (size_t i = count; i-- > 0;) {
        json_open(body, NULL, '{');
        json_put_text(body, "code", path[i].code);
        json_put_text(body, "name", path[i].name);
        json_put_int(body, "level", path[i].level);
        json_put_text(body, "kind", path[i].kind);
        json_close(body, '}');
    }
    json_close(body, ']');
    return NULL;
}

static struct error *
get_step(struct tx *tx, const struct call *call, struct reply *reply)
{
    struct region region;
    const char *text = NULL;
    TRY(region_by_code(tx, call->actor, call->texts[0], &region));
    TRY(region_path_text(tx, region.id, &text));
    print_region(&reply->body, NULL, &region, text);
    TRY(print_path(tx, &reply->body, &region));
    json_close(&reply->body, '}');
    return NULL;
}

const struct route region_routes[] = {
    {.method = METHOD_GET, .path = "/api/v1/regions", .kind = ROUTE_READ_SLOW, .perm = PERM_SIGNED_IN, .scope = SCOPE_REGION, .list = true,
     .query = &regions_query, .step = list_step, .summary = "children of a region, the roots of the caller's scope, or a search by name"},
    {.method = METHOD_GET, .path = "/api/v1/regions/{code}", .kind = ROUTE_READ_FAST, .perm = PERM_SIGNED_IN, .scope = SCOPE_REGION, .step = get_step,
     .summary = "one region with its path"},
    {.method = METHOD_NONE},
};
