/* shape_file.c: GeoJSON (RFC 7946) and TopoJSON, strictly: a ring is closed and encloses something, a position lies on the globe. */
#include "shape/shape_file.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lumbung/base/limits.h"
#include "lumbung/base/text.h"

#define FEATURES_MAX 100000
#define RING_POINTS_MIN 4 /* as the file writes it, the first repeated */

struct reading {
    struct arena *arena;
    const struct shape_order *order;
    const struct json *arcs;                 /* of a TopoJSON file; NULL: GeoJSON */
    double scale[2], translate[2];
    bool has_transform;
    struct error *faults;
    size_t feature, ring;                    /* being read, counted from 1 */
};

static const char *
where(const struct reading *reading)
{
    return reading->ring ? arena_format(reading->arena, "feature %zu, ring %zu", reading->feature, reading->ring) : arena_format(reading->arena, "feature %zu", reading->feature);
}

static void
fault(struct reading *reading, enum fault_code code, const char *first, const char *second)
{
    error_add_fault(&reading->faults, where(reading), code, first, second);
}

static bool
read_number(const struct json *json, double *ret_number)
{
    if (json == NULL || (json->kind != JSON_INT && json->kind != JSON_REAL))
        return false;
    *ret_number = json->kind == JSON_INT ? (double)json->integer : json->real;
    return true;
}

static bool
read_pair(const struct json *json, double ret_pair[2])
{
    return json && json->kind == JSON_ARRAY && json->count >= 2 && read_number(json->items[0], &ret_pair[0]) && read_number(json->items[1], &ret_pair[1]);
}

/* Points as they come, before they are a ring. */
struct points {
    struct shape_point *items;
    size_t count, room;
    bool broken; /* a fault was named */
};

static void
add_point(struct reading *reading, struct points *points, const double pair[2])
{
    if (points->broken)
        return;
    if (!(fabs(pair[0]) <= 180.0) || !(fabs(pair[1]) <= 90.0)) {
        bool is_longitude = !(fabs(pair[0]) <= 180.0);
        fault(reading, FAULT_RANGE, is_longitude ? "-180 (longitude)" : "-90 (latitude)", is_longitude ? "180" : "90");
        points->broken = true;
        return;
    }
    if (points->count == points->room) {
        size_t room = points->room ? 2 * points->room : 64;
        struct shape_point *items = ARENA_ARRAY(reading->arena, struct shape_point, room);
        if (points->count)
            memcpy(items, points->items, points->count * sizeof *items);
        points->items = items;
        points->room = room;
    }
    points->items[points->count++] = (struct shape_point){(int32_t)lround(pair[0] * SHAPE_UNIT), (int32_t)lround(pair[1] * SHAPE_UNIT)};
}

static bool
is_same(struct shape_point left, struct shape_point right)
{
    return left.x == right.x && left.y == right.y;
}

/* Twice the area enclosed. What lies on one line gives zero exactly; a ring that wanders over the globe a hundred thousand times overflows nothing. */
static double
area_of(const struct shape_point *points, size_t count)
{
    double area = 0;
    for (size_t i = 0; i < count; i++) {
        struct shape_point a = points[i], b = points[(i + 1) % count];
        area += (double)(a.x - points[0].x) * (b.y - points[0].y) - (double)(b.x - points[0].x) * (a.y - points[0].y);
    }
    return fabs(area);
}

static void
keep_ring(struct reading *reading, struct shape_feature *feature, struct shape_point *points, size_t count)
{
    if (feature->ring_count == feature->ring_room) {
        size_t room = feature->ring_room ? 2 * feature->ring_room : 8;
        struct shape_ring *rings = ARENA_ARRAY(reading->arena, struct shape_ring, room);
        if (feature->ring_count)
            memcpy(rings, feature->rings, feature->ring_count * sizeof *rings);
        feature->rings = rings;
        feature->ring_room = room;
    }
    feature->rings[feature->ring_count++] = (struct shape_ring){points, count};
}

/* A ring that comes back to its start before its end is several rings. */
static void
add_ring(struct reading *reading, struct shape_feature *feature, const struct points *points)
{
    if (points->broken)
        return;
    if (points->count < RING_POINTS_MIN) {
        fault(reading, FAULT_LENGTH, "4", "100000");
        return;
    }
    if (!is_same(points->items[0], points->items[points->count - 1])) {
        fault(reading, FAULT_RING_OPEN, NULL, NULL);
        return;
    }
    if (area_of(points->items, points->count - 1) <= 0) {
        fault(reading, FAULT_RING_EMPTY, NULL, NULL);
        return;
    }
    size_t start = 0;
    for (size_t i = 1; i < points->count; i++)
        if (is_same(points->items[i], points->items[0])) {
            if (i - start >= 3 && area_of(&points->items[start], i - start) > 0)
                keep_ring(reading, feature, &points->items[start], i - start);
            start = i;
        }
}

/* --- rings of either kind of file ---------------------------------------------------------------------------------------------------- */

static void
read_positions(struct reading *reading, const struct json *ring, struct points *points)
{
    for (size_t i = 0; i < ring->count && !points->broken; i++) {
        double pair[2];
        if (read_pair(ring->items[i], pair)) {
            add_point(reading, points, pair);
        } else {
            fault(reading, FAULT_TYPE, "[longitude, latitude]", NULL);
            points->broken = true;
        }
    }
}

/* One arc, forward or backward; the first point of all but the first arc stands already. */
static void
read_arc(struct reading *reading, const struct json *number, struct points *points)
{
    int64_t index = number->kind == JSON_INT ? number->integer : INT64_MAX;
    bool backward = index < 0;
    size_t at = (size_t)(backward ? ~index : index);
    const struct json *arc = at < reading->arcs->count ? reading->arcs->items[at] : NULL;
    if (arc == NULL || arc->kind != JSON_ARRAY) {
        fault(reading, FAULT_REFERENCE, "an arc", NULL);
        points->broken = true;
        return;
    }
    double (*pairs)[2] = (double(*)[2])arena_alloc(reading->arena, (arc->count + 1) * sizeof *pairs), sum[2] = {0, 0};
    for (size_t i = 0; i < arc->count; i++) {
        if (!read_pair(arc->items[i], pairs[i])) {
            fault(reading, FAULT_TYPE, "[x, y]", NULL);
            points->broken = true;
            return;
        }
        for (size_t axis = 0; axis < 2 && reading->has_transform; axis++) {
            sum[axis] += pairs[i][axis];
            pairs[i][axis] = sum[axis] * reading->scale[axis] + reading->translate[axis];
        }
    }
    for (size_t i = points->count > 0 ? 1 : 0; i < arc->count; i++)
        add_point(reading, points, pairs[backward ? arc->count - 1 - i : i]);
}

static void
read_ring(struct reading *reading, const struct json *ring, struct shape_feature *feature)
{
    struct points points = {0};
    reading->ring++;
    if (ring->kind != JSON_ARRAY) {
        fault(reading, FAULT_TYPE, "list", NULL);
        return;
    }
    if (reading->arcs)
        for (size_t i = 0; i < ring->count && !points.broken; i++)
            read_arc(reading, ring->items[i], &points);
    else
        read_positions(reading, ring, &points);
    add_ring(reading, feature, &points);
}

static void
read_polygon(struct reading *reading, const struct json *rings, struct shape_feature *feature)
{
    if (rings->kind != JSON_ARRAY)
        fault(reading, FAULT_TYPE, "list", NULL);
    for (size_t i = 0; rings->kind == JSON_ARRAY && i < rings->count; i++)
        read_ring(reading, rings->items[i], feature);
}

static void
read_geometry(struct reading *reading, const struct json *geometry, struct shape_feature *feature)
{
    const char *type = json_get_text(geometry, "type");
    const struct json *parts = json_get(geometry, reading->arcs ? "arcs" : "coordinates");
    bool is_many = text_equal(type, "MultiPolygon");
    reading->ring = 0;
    if ((!is_many && !text_equal(type, "Polygon")) || parts == NULL || parts->kind != JSON_ARRAY) {
        fault(reading, FAULT_TYPE, "Polygon, MultiPolygon", NULL);
        return;
    }
    if (!is_many)
        read_polygon(reading, parts, feature);
    for (size_t i = 0; is_many && i < parts->count; i++)
        read_polygon(reading, parts->items[i], feature);
    if (feature->ring_count == 0 && reading->faults == NULL)
        fault(reading, FAULT_RING_EMPTY, NULL, NULL);
}

static const char *
read_key(struct reading *reading, const struct json *feature)
{
    const char *name = reading->order->name ? reading->order->name : reading->order->code;
    const struct json *value = json_get(json_get(feature, "properties"), name);
    if (value == NULL)
        value = json_get(feature, name);
    if (value && value->kind == JSON_INT)
        return arena_format(reading->arena, "%lld", (long long)value->integer);
    if (value && value->kind == JSON_TEXT && value->text[0])
        return value->text;
    reading->ring = 0;
    error_add_fault(&reading->faults, arena_format(reading->arena, "%s, property %s", where(reading), name), FAULT_REQUIRED, NULL, NULL);
    return NULL;
}

static struct error *
read_features(struct reading *reading, const struct json *features, struct shape_file *file)
{
    if (features == NULL || features->kind != JSON_ARRAY || features->count == 0)
        return error_with(ERROR_MALFORMED, "no features: a GeoJSON FeatureCollection or a TopoJSON GeometryCollection with polygons is wanted", NULL, NULL);
    if (features->count > FEATURES_MAX)
        return error_with(ERROR_TOO_LARGE, "100000 regions; give the file in parts", NULL, NULL);
    file->features = ARENA_ARRAY(reading->arena, struct shape_feature, features->count);
    for (size_t i = 0; i < features->count; i++) {
        struct shape_feature *feature = &file->features[file->count++];
        *feature = (struct shape_feature){0};
        reading->feature = i + 1;
        feature->key = read_key(reading, features->items[i]);
        read_geometry(reading, reading->arcs ? features->items[i] : json_get(features->items[i], "geometry"), feature);
    }
    return reading->faults;
}

static struct error *
read_topology(struct reading *reading, const struct json *json, struct shape_file *file)
{
    const struct json *objects = json_get(json, "objects"), *transform = json_get(json, "transform"), *object;
    reading->arcs = json_get(json, "arcs");
    if (objects == NULL || objects->kind != JSON_OBJECT || objects->count == 0 || reading->arcs == NULL || reading->arcs->kind != JSON_ARRAY)
        return error_with(ERROR_MALFORMED, "a TopoJSON file has objects and arcs", NULL, NULL);
    reading->has_transform = transform != NULL;
    if (transform && (!read_pair(json_get(transform, "scale"), reading->scale) || !read_pair(json_get(transform, "translate"), reading->translate)))
        return error_with(ERROR_MALFORMED, "the transform wants scale and translate of two numbers", NULL, NULL);
    if (reading->order->object == NULL && objects->count > 1)
        return error_with(ERROR_USAGE, arena_format(reading->arena, "name the object with --object, for example --object %s", objects->members[0].name), NULL, NULL);
    object = reading->order->object ? json_get(objects, reading->order->object) : objects->members[0].value;
    return read_features(reading, json_get(object, "geometries"), file);
}

struct error *
shape_file_read(struct arena *arena, const struct shape_order *order, struct shape_file **ret_file)
{
    struct json *json = NULL;
    struct reading reading = {.arena = arena, .order = order};
    struct shape_file *file = ARENA_NEW(arena, struct shape_file);
    *file = (struct shape_file){0};
    if (order->length > SHAPE_FILE_BYTES_MAX)
        return error_with(ERROR_TOO_LARGE, "24 MB; simplify the file or give it in parts", NULL, NULL);
    TRY(json_parse_large(arena, order->text, order->length, SHAPE_VALUES_MAX, &json));
    if (text_equal(json_get_text(json, "type"), "Topology"))
        TRY(read_topology(&reading, json, file));
    else
        TRY(read_features(&reading, json_get(json, "features"), file));
    *ret_file = file;
    return NULL;
}

/* --- for the screen ------------------------------------------------------------------------------------------------------------------ */

static int32_t
snap(int32_t value, int32_t step)
{
    int32_t half = step / 2, floor = value >= 0 ? value : value - step + 1;
    int32_t low = floor / step * step;
    return value - low > half ? low + step : low;
}

static size_t
snap_ring(struct arena *arena, const struct shape_ring *ring, int32_t step, struct shape_point **ret_points)
{
    struct shape_point *points = ARENA_ARRAY(arena, struct shape_point, ring->count);
    size_t count = 0;
    for (size_t i = 0; i < ring->count; i++) {
        struct shape_point point = {snap(ring->points[i].x, step), snap(ring->points[i].y, step)};
        if (count == 0 || !is_same(points[count - 1], point))
            points[count++] = point;
    }
    while (count > 1 && is_same(points[count - 1], points[0]))
        count--;
    *ret_points = points;
    return count;
}

void
shape_feature_simplify(struct arena *arena, struct shape_feature *feature, int32_t step)
{
    size_t kept = 0, largest = 0;
    for (size_t i = 1; i < feature->ring_count; i++)
        if (area_of(feature->rings[i].points, feature->rings[i].count) > area_of(feature->rings[largest].points, feature->rings[largest].count))
            largest = i;
    struct shape_ring whole = feature->rings[largest];
    for (size_t i = 0; i < feature->ring_count; i++) {
        struct shape_point *points;
        size_t count = snap_ring(arena, &feature->rings[i], step, &points);
        if (count >= 3 && area_of(points, count) > 0)
            feature->rings[kept++] = (struct shape_ring){points, count};
    }
    if (kept == 0)
        feature->rings[kept++] = whole;
    feature->ring_count = kept;
}

void
shape_feature_print(struct buffer *buffer, const struct shape_feature *feature)
{
    buffer_char(buffer, '[');
    for (size_t i = 0; i < feature->ring_count; i++) {
        struct shape_point last = {0, 0};
        buffer_add(buffer, i ? ",[" : "[");
        for (size_t j = 0; j < feature->rings[i].count; j++) {
            struct shape_point point = feature->rings[i].points[j];
            buffer_format(buffer, "%s%d,%d", j ? "," : "", point.x - last.x, point.y - last.y);
            last = point;
        }
        buffer_char(buffer, ']');
    }
    buffer_char(buffer, ']');
}
