/* region_list_store.c: lists of regions: children, the roots of a scope, search, and all of them for an import. */
#include <string.h>

#include "region/region_columns.h"
#include "region/region_store.h"

STATEMENT_READ(region_children, "SELECT " REGION_COLUMNS " FROM region AS r " REGION_PARENT
                                " WHERE r.parent_id = $1 AND r.code > $2 AND r.closed_on IS NULL ORDER BY r.code LIMIT $3")

struct error *
region_children_load(struct tx *tx, struct id parent_id, const char *after_code, int limit, struct region *ret_regions, size_t *ret_count)
{
    struct cursor *cursor = cursor_start(tx->db, &region_children);
    cursor_bind_id(cursor, 1, parent_id);
    cursor_bind_text(cursor, 2, after_code);
    cursor_bind_int(cursor, 3, limit);
    return cursor_fill(cursor, tx->arena, region_read, ret_regions, sizeof *ret_regions, limit, ret_count);
}

STATEMENT_READ(region_roots_all, "SELECT " REGION_COLUMNS " FROM region AS r " REGION_PARENT
                                 " WHERE r.parent_id IS NULL AND r.code > $1 AND r.closed_on IS NULL ORDER BY r.code LIMIT $2")
/* A region under another of the same user is no root. */
STATEMENT_READ(region_roots_scoped, "SELECT " REGION_COLUMNS " FROM user_region AS u CROSS JOIN region AS r " REGION_PARENT
                                    " WHERE u.user_id = $3 AND r.id = u.region_id AND r.code > $1 AND r.closed_on IS NULL AND NOT EXISTS (SELECT 1 FROM user_scope AS s "
                                    "WHERE s.user_id = $3 AND s.region_id = r.parent_id) ORDER BY r.code LIMIT $2")

struct error *
region_roots_load(struct tx *tx, const struct actor *actor, const char *after_code, int limit, struct region *ret_regions, size_t *ret_count)
{
    struct cursor *cursor = cursor_start(tx->db, actor->all_regions ? &region_roots_all : &region_roots_scoped);
    cursor_bind_text(cursor, 1, after_code);
    cursor_bind_int(cursor, 2, limit);
    if (!actor->all_regions)
        cursor_bind_id(cursor, 3, actor->user_id);
    return cursor_fill(cursor, tx->arena, region_read, ret_regions, sizeof *ret_regions, limit, ret_count);
}

struct found {
    struct region region;
    struct region_hit hit;
};

static void
read_found(struct cursor *cursor, struct arena *arena, void *ret_found)
{
    struct found *found = ret_found;
    region_read(cursor, arena, &found->region);
    found->hit = (struct region_hit){cursor_text(cursor, arena, REGION_COLUMN_COUNT), cursor_int(cursor, REGION_COLUMN_COUNT + 1)};
}

/* Whole names first (with "Kabupaten" or the like before them, on the upper levels), then beginnings, then the rest; larger regions before smaller. */
#define SEARCH_RANK \
    "CASE WHEN r.folded = $7 OR (r.level <= 2 AND r.folded LIKE $8 ESCAPE '\\') THEN 0 WHEN r.folded LIKE $9 ESCAPE '\\' THEN 1 ELSE 2 END"
#define SEARCH_MATCH \
    "r.closed_on IS NULL AND (r.folded LIKE $1 ESCAPE '\\' OR r.code LIKE $2 ESCAPE '\\') AND (" SEARCH_RANK ", r.level, r.folded, r.id) > ($10, $3, $4, $5) ORDER BY " \
    SEARCH_RANK ", r.level, r.folded, r.id LIMIT $6"
/* The tree does not grow with the registry: a scan of its 90,000 names takes some milliseconds, on the pool. */
STATEMENT_READ(region_search_all, "SELECT " REGION_COLUMNS ", r.folded, " SEARCH_RANK " FROM region AS r " REGION_PARENT " WHERE " SEARCH_MATCH)
STATEMENT_READ(region_search_scoped, "SELECT " REGION_COLUMNS ", r.folded, " SEARCH_RANK " FROM user_scope AS s CROSS JOIN region AS r " REGION_PARENT
                                     " WHERE s.user_id = $11 AND r.id = s.region_id AND " SEARCH_MATCH)

struct error *
region_search_load(struct tx *tx, const struct actor *actor, const struct region_search *search, struct region *ret_regions,
                   struct region_hit *ret_hits, size_t *ret_count)
{
    struct cursor *cursor = cursor_start(tx->db, actor->all_regions ? &region_search_all : &region_search_scoped);
    cursor_bind_text(cursor, 1, search->pattern);
    cursor_bind_text(cursor, 2, search->code_pattern);
    cursor_bind_int(cursor, 3, search->after_level);
    cursor_bind_text(cursor, 4, search->after_folded);
    cursor_bind_bytes(cursor, 5, search->after_id.bytes, sizeof search->after_id.bytes);
    cursor_bind_int(cursor, 6, search->limit);
    cursor_bind_text(cursor, 7, search->exact);
    cursor_bind_text(cursor, 8, search->ending);
    cursor_bind_text(cursor, 9, search->beginning);
    cursor_bind_int(cursor, 10, search->after_rank);
    if (!actor->all_regions)
        cursor_bind_id(cursor, 11, actor->user_id);
    struct found *found = ARENA_ARRAY(tx->arena, struct found, search->limit);
    TRY(cursor_fill(cursor, tx->arena, read_found, found, sizeof *found, search->limit, ret_count));
    for (size_t i = 0; i < *ret_count; i++) {
        ret_regions[i] = found[i].region;
        ret_hits[i] = found[i].hit;
    }
    return NULL;
}

STATEMENT_READ(region_total, "SELECT COUNT(*) FROM region")
/* In the order of ids, so that parents are found by halving. */
STATEMENT_READ(region_all, "SELECT id, parent_id, level, code, kind, name, closed_on FROM region ORDER BY id")

static int
compare_id(const struct id *left, const struct id *right)
{
    return memcmp(left->bytes, right->bytes, sizeof left->bytes);
}

/* Index of an id among the sorted ones. */
static size_t
find_id(const struct region_node *nodes, const size_t *sorted, size_t count, struct id id)
{
    size_t low = 0, high = count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = compare_id(&nodes[sorted[middle]].id, &id);
        if (order == 0)
            return sorted[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return REGION_NONE;
}

/* Merges two runs of indexes by id: qsort has no argument for the nodes. */
static void
sort_ids(const struct region_node *nodes, size_t *indexes, size_t *spare, size_t count)
{
    for (size_t width = 1; width < count; width *= 2) {
        for (size_t start = 0; start < count; start += 2 * width) {
            size_t left = start, middle = start + width < count ? start + width : count;
            size_t right = middle, end = start + 2 * width < count ? start + 2 * width : count;
            for (size_t at = start; at < end; at++) {
                bool take_left = left < middle && (right >= end || compare_id(&nodes[indexes[left]].id, &nodes[indexes[right]].id) <= 0);
                spare[at] = take_left ? indexes[left++] : indexes[right++];
            }
        }
        memcpy(indexes, spare, count * sizeof *indexes);
    }
}

static struct error *
read_nodes(struct tx *tx, struct cursor *cursor, struct region_node *nodes, struct id *parents, size_t capacity, size_t *ret_count)
{
    size_t count = 0;
    for (;;) {
        bool row = false;
        TRY(cursor_next(cursor, &row));
        if (!row || count == capacity)
            break;
        parents[count] = cursor_id(cursor, 1);
        nodes[count++] = (struct region_node){.id = cursor_id(cursor, 0),
                                              .level = (int)cursor_int(cursor, 2),
                                              .code = cursor_text(cursor, tx->arena, 3),
                                              .kind = cursor_text(cursor, tx->arena, 4),
                                              .name = cursor_text(cursor, tx->arena, 5),
                                              .closed = !cursor_is_null(cursor, 6)};
    }
    *ret_count = count;
    return NULL;
}

struct error *
region_nodes_load(struct tx *tx, struct region_node **ret_nodes, size_t *ret_count)
{
    int64_t total = 0;
    size_t count = 0;
    TRY(cursor_one(cursor_start(tx->db, &region_total), NULL, cursor_read_int, &total, NULL));
    struct region_node *nodes = ARENA_ARRAY(tx->arena, struct region_node, total);
    struct id *parents = ARENA_ARRAY(tx->arena, struct id, total);
    struct cursor *cursor = cursor_start(tx->db, &region_all);
    struct error *error = read_nodes(tx, cursor, nodes, parents, (size_t)total, &count);
    cursor_end(cursor);
    if (error)
        return error;
    size_t *sorted = ARENA_ARRAY(tx->arena, size_t, count), *spare = ARENA_ARRAY(tx->arena, size_t, count);
    for (size_t i = 0; i < count; i++)
        sorted[i] = i;
    sort_ids(nodes, sorted, spare, count);
    for (size_t i = 0; i < count; i++)
        nodes[i].parent = id_is_zero(parents[i]) ? REGION_NONE : find_id(nodes, sorted, count, parents[i]);
    *ret_nodes = nodes;
    *ret_count = count;
    return NULL;
}
