/* shape.c: which region a feature draws, the grid that siblings share, and outlines that only say what belongs together. */
#include <stdlib.h>
#include <string.h>

#include "lumbung/audit.h"
#include "lumbung/base/text.h"
#include "lumbung/region.h"
#include "shape/shape_file.h"
#include "shape/shape_store.h"

#define SCREEN 1200 /* places across the area that siblings fill: more than a screen shows */
#define RINGS_BYTES_MAX (256 * 1024)

/* A feature and its region. */
struct drawn {
    struct id region_id, parent_id;
    struct shape_feature *feature;
    size_t number;
};

/* The regions of one level, in the order of their codes, and which of them are drawn already. */
struct level {
    struct shape_region *regions;
    size_t count;
    bool *drawn;
};
enum { REGION_UNKNOWN = -1, REGION_TWICE = -2 };

static int64_t
find_code(const struct level *level, const char *code)
{
    size_t low = 0, high = level->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = strcmp(level->regions[middle].code, code);
        if (order == 0)
            return (int64_t)middle;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return REGION_UNKNOWN;
}

/* Two regions of one name cannot be told apart. */
static int64_t
find_name(struct arena *arena, const struct level *level, const char *name)
{
    const char *folded = text_fold(arena, name);
    int64_t found = REGION_UNKNOWN;
    for (size_t i = 0; i < level->count; i++)
        if (text_equal(level->regions[i].folded, folded)) {
            if (found != REGION_UNKNOWN)
                return REGION_TWICE;
            found = (int64_t)i;
        }
    return found;
}

static void
match_feature(struct tx *tx, const struct shape_order *order, const struct level *level, struct shape_feature *feature, size_t number, struct drawn *drawn,
              struct shape_result *result, struct error **faults)
{
    int64_t at = order->name ? find_name(tx->arena, level, feature->key) : find_code(level, feature->key);
    const char *pointer = arena_format(tx->arena, "feature %zu, property %s", number, order->name ? order->name : order->code);
    if (at == REGION_UNKNOWN && order->skips_unknown) {
        result->unknown++;
    } else if (at == REGION_UNKNOWN) {
        error_add_fault(faults, pointer, FAULT_REFERENCE, arena_format(tx->arena, "%s, level %lld", feature->key, (long long)order->level), NULL);
    } else if (at == REGION_TWICE || level->drawn[at]) {
        error_add_fault(faults, pointer, FAULT_DOUBLED, NULL, NULL);
    } else {
        level->drawn[at] = true;
        drawn[result->drawn++] = (struct drawn){level->regions[at].id, level->regions[at].parent_id, feature, number};
    }
}

static struct error *
match(struct tx *tx, const struct shape_order *order, const struct shape_file *file, struct drawn *drawn, struct shape_result *result)
{
    struct level level = {0};
    struct error *faults = NULL;
    TRY(shape_store_regions(tx, order->level, &level.regions, &level.count));
    level.drawn = ARENA_ARRAY(tx->arena, bool, level.count + 1);
    for (size_t i = 0; i < file->count; i++)
        match_feature(tx, order, &level, &file->features[i], i + 1, drawn, result, &faults);
    if (faults == NULL && result->drawn == 0)
        return error_with(ERROR_MALFORMED, "the file draws no region of this registry; look at --level and --code", NULL, NULL);
    return faults;
}

static int
compare_parent(const void *left, const void *right)
{
    const struct drawn *a = left, *b = right;
    int order = id_compare(a->parent_id, b->parent_id);
    return order ? order : a->number < b->number ? -1 : 1;
}

/* Siblings are seen together, each other's cousins never: the grid is made for the area that siblings fill. */
static int32_t
step_of(const struct drawn *drawn, size_t count)
{
    int32_t west = INT32_MAX, east = INT32_MIN, south = INT32_MAX, north = INT32_MIN;
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < drawn[i].feature->ring_count; j++)
            for (size_t k = 0; k < drawn[i].feature->rings[j].count; k++) {
                struct shape_point point = drawn[i].feature->rings[j].points[k];
                west = point.x < west ? point.x : west;
                east = point.x > east ? point.x : east;
                south = point.y < south ? point.y : south;
                north = point.y > north ? point.y : north;
            }
    int32_t width = east - west, height = north - south, longest = width > height ? width : height;
    return longest / SCREEN > 1 ? longest / SCREEN : 1;
}

static struct error *
put(struct tx *tx, const char *source, struct id region_id, const struct shape_feature *feature, size_t number)
{
    struct buffer rings;
    buffer_init(&rings, tx->arena);
    shape_feature_print(&rings, feature);
    if (rings.length > RINGS_BYTES_MAX)
        return error_with(ERROR_TOO_LARGE, arena_format(tx->arena, "256 KB a region; feature %zu needs %zu KB", number, rings.length / 1024), NULL, NULL);
    return shape_store_put(tx, region_id, source, buffer_text(&rings));
}

static struct error *
record(struct tx *tx, const struct actor *actor, const char *source, int64_t level, int64_t count)
{
    struct buffer text;
    buffer_init(&text, tx->arena);
    json_open(&text, NULL, '{');
    json_put_text(&text, "source", source);
    json_put_int(&text, "level", level);
    json_put_int(&text, "regions", count);
    json_close(&text, '}');
    struct audit_part part = {.kind = "shape", .id = tx_new_id(tx), .after = buffer_text(&text)};
    struct audit_change change = {.action = "shape.import", .record_id = part.id, .parts = &part, .part_count = 1};
    return audit_append(tx, actor, &change, NULL);
}

struct error *
shape_import(struct tx *tx, const struct actor *actor, const struct shape_order *order, const struct shape_file *file, struct shape_result *ret_result)
{
    struct drawn *drawn = ARENA_ARRAY(tx->arena, struct drawn, file->count);
    struct shape_result result = {0};
    TRY(match(tx, order, file, drawn, &result));
    size_t count = (size_t)result.drawn;
    qsort(drawn, count, sizeof *drawn, compare_parent);
    for (size_t start = 0, end; start < count; start = end) {
        for (end = start + 1; end < count && id_equal(drawn[end].parent_id, drawn[start].parent_id); end++)
            continue;
        int32_t step = step_of(&drawn[start], end - start);
        for (size_t i = start; i < end; i++) {
            struct shape_feature simple = *drawn[i].feature; /* the file may be laid again, should this act be tried anew */
            simple.rings = ARENA_ARRAY(tx->arena, struct shape_ring, simple.ring_count);
            memcpy(simple.rings, drawn[i].feature->rings, simple.ring_count * sizeof *simple.rings);
            shape_feature_simplify(tx->arena, &simple, step);
            TRY(put(tx, order->source, drawn[i].region_id, &simple, drawn[i].number));
        }
    }
    *ret_result = result;
    return record(tx, actor, order->source, order->level, result.drawn);
}

/* --- a sketch ------------------------------------------------------------------------------------------------------------------------ */

struct box { int32_t west, south, east, north; };
struct sketch {
    struct tx *tx;
    const struct shape_region *regions; /* parents before children */
    struct box *boxes;
    size_t *children;                   /* regions of one parent, in a row */
    int64_t drawn;
};

/* Halves the children along the longer side until each has a box of its own. */
static void
share_box(struct sketch *sketch, const size_t *children, size_t count, struct box box)
{
    if (count == 1) {
        sketch->boxes[children[0]] = box;
        return;
    }
    size_t half = (count + 1) / 2;
    struct box first = box, second = box;
    int64_t width = box.east - box.west, height = box.north - box.south;
    if (width >= height)
        first.east = second.west = box.west + (int32_t)(width * (int64_t)half / (int64_t)count);
    else
        first.south = second.north = box.north - (int32_t)(height * (int64_t)half / (int64_t)count);
    share_box(sketch, children, half, first);
    share_box(sketch, children + half, count - half, second);
}

/* A box with cut corners, so that nobody takes it for land. */
static struct error *
put_box(struct sketch *sketch, size_t number)
{
    struct box box = sketch->boxes[number];
    int32_t width = box.east - box.west, height = box.north - box.south, cut = (width < height ? width : height) / 8, gap = cut / 4;
    box = (struct box){box.west + gap, box.south + gap, box.east - gap, box.north - gap};
    struct shape_point points[8] = {{box.west + cut, box.south}, {box.east - cut, box.south}, {box.east, box.south + cut}, {box.east, box.north - cut},
                                    {box.east - cut, box.north}, {box.west + cut, box.north}, {box.west, box.north - cut}, {box.west, box.south + cut}};
    struct shape_ring ring = {points, 8};
    struct shape_feature feature = {.rings = &ring, .ring_count = 1};
    sketch->drawn++;
    return put(sketch->tx, "sketch", sketch->regions[number].id, &feature, number + 1);
}

static size_t
children_of(struct sketch *sketch, size_t from, size_t count, struct id parent_id)
{
    size_t found = 0;
    for (size_t i = from; i < count; i++)
        if (id_equal(sketch->regions[i].parent_id, parent_id))
            sketch->children[found++] = i;
    return found;
}

struct error *
shape_sketch(struct tx *tx, const struct actor *actor)
{
    struct shape_region *regions = NULL;
    size_t count = 0;
    TRY(shape_store_regions(tx, -1, &regions, &count));
    struct sketch sketch = {.tx = tx, .regions = regions, .boxes = ARENA_ARRAY(tx->arena, struct box, count + 1), .children = ARENA_ARRAY(tx->arena, size_t, count + 1)};
    size_t roots = children_of(&sketch, 0, count, (struct id){{0}});
    if (roots > 0)
        share_box(&sketch, sketch.children, roots, (struct box){0, 0, 4 * SHAPE_UNIT, 3 * SHAPE_UNIT});
    for (size_t i = 0; i < count; i++) {
        size_t children = children_of(&sketch, i + 1, count, regions[i].id);
        if (children > 0)
            share_box(&sketch, sketch.children, children, sketch.boxes[i]);
        TRY(put_box(&sketch, i));
    }
    return record(tx, actor, "sketch", -1, sketch.drawn);
}
