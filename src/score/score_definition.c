/* score_definition.c: reading a score: its indicators, what each adds, and tables whose ranges cover all between their ends exactly once. */
#include "score/score_definition.h"

#include <string.h>

#include "assessment/assessment_form.h"
#include "lumbung/base/limits.h"
#include "lumbung/base/text.h"
#include "score/score_vocabulary.h"

/* id, version, state and job_id are the server's: whoever sends back a definition that he fetched may leave them in. */
static const char *const definition_members[] = {"id", "version", "state", "job_id", "created_at", "name", "label", "source", "constant", "indicators", "least", "most", "lookup", NULL};
static const char *const indicator_members[] = {"name", "label", "input", "points", "ranges", "coefficient", "step", "least", "most", NULL};
static const char *const range_members[] = {"from", "to", "points", NULL};
static const char *const lookup_members[] = {"step", "lines", "rows", NULL};
static const char *const row_members[] = {"from", "to", "values", NULL};

static bool
check_members(struct arena *arena, const struct json *object, const char *const *names, const char *pointer, struct error **error)
{
    form_check_members(arena, object, names, pointer, error);
    return object && object->kind == JSON_OBJECT;
}

/* "39.84" or a whole number; a bare 39.84 has gone through binary already and is refused. False when it is absent. */
static bool
read_decimal(const struct json *value, const char *pointer, struct decimal *ret_decimal, struct error **error)
{
    if (value == NULL || value->kind == JSON_NULL)
        return false;
    if (value->kind == JSON_INT && value->integer >= -INT64_MAX) {
        *ret_decimal = decimal_of_int(value->integer);
        return true;
    }
    if (value->kind == JSON_TEXT && decimal_parse(value->text, ret_decimal))
        return true;
    error_add_fault(error, pointer, FAULT_DECIMAL, NULL, NULL);
    return false;
}

static void
read_bounds(struct arena *arena, const struct json *json, const char *least, const char *most, const char *pointer, struct score_range *range, struct error **error)
{
    range->has_from = read_decimal(json_get(json, least), arena_format(arena, "%s/%s", pointer, least), &range->from, error);
    range->has_to = read_decimal(json_get(json, most), arena_format(arena, "%s/%s", pointer, most), &range->to, error);
    if (range->has_from && range->has_to && decimal_compare(range->from, range->to) > 0)
        error_add_fault(error, arena_format(arena, "%s/%s", pointer, most), FAULT_CONFLICT, least, NULL);
}

static const char *
print(struct arena *arena, struct decimal decimal)
{
    char text[DECIMAL_TEXT_SIZE];
    decimal_print(decimal, text);
    return arena_text(arena, text);
}

/* The next range begins one step behind the end of the last: earlier they overlap, later there is a gap. */
static void
check_next(struct arena *arena, const struct score_range *last, const struct score_range *next, struct decimal step, const char *pointer, struct error **error)
{
    struct decimal wanted;
    if (!next->has_from || !last->has_to) {
        error_add_fault(error, pointer, FAULT_OVERLAP, "the range before it", NULL);
        return;
    }
    if (!decimal_add(last->to, step, &wanted)) {
        error_add_fault(error, pointer, FAULT_DECIMAL, NULL, NULL);
        return;
    }
    int order = decimal_compare(next->from, wanted);
    if (order < 0)
        error_add_fault(error, pointer, FAULT_OVERLAP, print(arena, last->to), NULL);
    if (order > 0)
        error_add_fault(error, pointer, FAULT_GAP, print(arena, last->to), print(arena, next->from));
}

/* The ranges of `array`, each object's other member named `value` left to the caller. */
static struct score_range *
read_ranges(struct arena *arena, const struct json *array, const char *const *members, struct decimal step, const char *pointer, struct error **error)
{
    if (array->kind != JSON_ARRAY || array->count == 0 || array->count > SCORE_RANGES_MAX) {
        error_add_fault(error, pointer, FAULT_LENGTH, "1", "1100");
        return NULL;
    }
    struct score_range *ranges = ARENA_ARRAY(arena, struct score_range, array->count);
    for (size_t i = 0; i < array->count; i++) {
        const char *at = arena_format(arena, "%s/%zu", pointer, i);
        struct error *own = NULL;
        if (check_members(arena, array->items[i], members, at, &own))
            read_bounds(arena, array->items[i], "from", "to", at, &ranges[i], &own);
        if (own == NULL && i > 0 && !error_has_fault(*error, arena_format(arena, "%s/%zu", pointer, i - 1)))
            check_next(arena, &ranges[i - 1], &ranges[i], step, arena_format(arena, "%s/from", at), &own);
        error_take_faults(error, own);
    }
    return ranges;
}

static struct decimal
read_step(struct arena *arena, const struct json *json, const char *pointer, struct error **error)
{
    struct decimal step = decimal_of_int(1);
    const char *at = arena_format(arena, "%s/step", pointer);
    if (read_decimal(json_get(json, "step"), at, &step, error) && decimal_compare(step, decimal_of_int(0)) <= 0)
        error_add_fault(error, at, FAULT_RANGE, "0", "1");
    return step;
}

static bool
valid_name(const char *name)
{
    if (name == NULL || name[0] < 'a' || name[0] > 'z' || strlen(name) > 60)
        return false;
    return strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_") == strlen(name);
}

/* --- indicators ----------------------------------------------------------------------------------------------------------------------- */

static void
read_points(struct arena *arena, const struct json *points, const char *pointer, struct error **error)
{
    struct decimal decimal;
    if (points->kind != JSON_OBJECT || points->count == 0) {
        error_add_fault(error, pointer, FAULT_TYPE, "an object", NULL);
        return;
    }
    for (size_t i = 0; i < points->count; i++) {
        const char *at = arena_format(arena, "%s/%s", pointer, points->members[i].name);
        if (!read_decimal(points->members[i].value, at, &decimal, error) && !error_has_fault(*error, at))
            error_add_fault(error, at, FAULT_REQUIRED, NULL, NULL);
    }
}

static void
read_indicator_ranges(struct arena *arena, const struct json *json, const char *pointer, struct score_indicator *indicator, struct error **error)
{
    const struct json *array = json_get(json, "ranges");
    const char *at = arena_format(arena, "%s/ranges", pointer);
    indicator->ranges = read_ranges(arena, array, range_members, read_step(arena, json, pointer, error), at, error);
    if (indicator->ranges == NULL)
        return;
    indicator->range_count = array->count;
    indicator->range_points = ARENA_ARRAY(arena, struct decimal, array->count);
    for (size_t i = 0; i < array->count; i++) {
        const char *place = arena_format(arena, "%s/%zu/points", at, i);
        if (!read_decimal(json_get(array->items[i], "points"), place, &indicator->range_points[i], error) && !error_has_fault(*error, place))
            error_add_fault(error, place, FAULT_REQUIRED, NULL, NULL);
    }
}

/* Does the expression give this type, as far as the checker can tell? */
static bool
gives(struct arena *arena, const char *text, enum rule_type type)
{
    struct rule *rule = NULL;
    struct error *error = rule_compile(arena, text, "", &score_vocabulary, type, false, &rule);
    error_free(error);
    return error == NULL;
}

static void
read_input(struct arena *arena, const struct json *json, const char *pointer, bool number, struct score_indicator *indicator, struct error **error)
{
    const char *text = json_get_text(json, "input"), *at = arena_format(arena, "%s/input", pointer);
    if (text_is_blank(text)) {
        error_add_fault(error, at, FAULT_REQUIRED, NULL, NULL);
        return;
    }
    struct error *fault = rule_compile(arena, text, at, &score_vocabulary, RULE_DYN, false, &indicator->input);
    if (fault == NULL && number && !gives(arena, text, RULE_INT) && !gives(arena, text, RULE_BOOL) && !gives(arena, text, RULE_DOUBLE))
        fault = error_field(at, FAULT_TYPE, "a number or yes and no", NULL);
    if (fault == NULL && !number && !gives(arena, text, RULE_TEXT) && !gives(arena, text, RULE_BOOL) && !gives(arena, text, RULE_LIST) && !gives(arena, text, RULE_INT))
        fault = error_field(at, FAULT_TYPE, "a choice", NULL);
    error_take_faults(error, fault);
}

static void
read_indicator(struct arena *arena, const struct json *json, const char *pointer, struct score_indicator *indicator, struct error **error)
{
    if (!check_members(arena, json, indicator_members, pointer, error))
        return;
    const struct json *points = json_get(json, "points"), *ranges = json_get(json, "ranges"), *coefficient = json_get(json, "coefficient");
    indicator->name = json_get_text(json, "name");
    if (!valid_name(indicator->name))
        error_add_fault(error, arena_format(arena, "%s/name", pointer), FAULT_TEXT, NULL, NULL);
    form_check_label(arena, json, "label", true, pointer, error);
    if ((points != NULL) + (ranges != NULL) + (coefficient != NULL) != 1)
        error_add_fault(error, pointer, FAULT_CODE, "points, ranges, coefficient", NULL);
    read_input(arena, json, pointer, points == NULL, indicator, error);
    read_bounds(arena, json, "least", "most", pointer, &indicator->bounds, error);
    if (points && (indicator->bounds.has_from || indicator->bounds.has_to))
        error_add_fault(error, arena_format(arena, "%s/least", pointer), FAULT_CONFLICT, "points", NULL);
    if (points)
        read_points(arena, points, arena_format(arena, "%s/points", pointer), error);
    if (ranges)
        read_indicator_ranges(arena, json, pointer, indicator, error);
    else if (json_get(json, "step"))
        error_add_fault(error, arena_format(arena, "%s/step", pointer), FAULT_UNKNOWN, NULL, NULL);
    indicator->points = points;
    indicator->has_coefficient = read_decimal(coefficient, arena_format(arena, "%s/coefficient", pointer), &indicator->coefficient, error);
}

static void
read_indicators(struct arena *arena, const struct json *json, struct score_definition *definition, struct error **error)
{
    const struct json *array = json_get(json, "indicators");
    if (array == NULL || array->kind != JSON_ARRAY || array->count == 0 || array->count > SCORE_INDICATORS_MAX) {
        error_add_fault(error, "/indicators", array == NULL ? FAULT_REQUIRED : FAULT_LENGTH, "1", "200");
        return;
    }
    definition->indicator_count = array->count;
    definition->indicators = ARENA_ARRAY(arena, struct score_indicator, array->count);
    for (size_t i = 0; i < array->count; i++) {
        const char *at = arena_format(arena, "/indicators/%zu", i);
        read_indicator(arena, array->items[i], at, &definition->indicators[i], error);
        for (size_t j = 0; j < i; j++)
            if (definition->indicators[i].name && text_equal(definition->indicators[j].name, definition->indicators[i].name))
                error_add_fault(error, arena_format(arena, "%s/name", at), FAULT_DOUBLED, NULL, NULL);
    }
}

/* --- the look-up table ---------------------------------------------------------------------------------------------------------------- */

static void
read_lines(struct arena *arena, const struct json *lines, struct score_lookup *lookup, struct error **error)
{
    if (lines == NULL || lines->kind != JSON_ARRAY || lines->count == 0 || lines->count > SCORE_LINES_MAX) {
        error_add_fault(error, "/lookup/lines", FAULT_LENGTH, "1", "40");
        return;
    }
    lookup->line_count = lines->count;
    lookup->lines = ARENA_ARRAY(arena, const char *, lines->count);
    for (size_t i = 0; i < lines->count; i++) {
        const char *at = arena_format(arena, "/lookup/lines/%zu", i), *name = lines->items[i]->kind == JSON_TEXT ? lines->items[i]->text : NULL;
        lookup->lines[i] = name;
        if (!valid_name(name))
            error_add_fault(error, at, FAULT_TEXT, NULL, NULL);
        for (size_t j = 0; j < i; j++)
            if (name && text_equal(lookup->lines[j], name))
                error_add_fault(error, at, FAULT_DOUBLED, NULL, NULL);
    }
}

static void
read_values(struct arena *arena, const struct json *row, size_t index, struct score_lookup *lookup, struct error **error)
{
    const struct json *values = json_get(row, "values");
    const char *at = arena_format(arena, "/lookup/rows/%zu/values", index), *count = arena_format(arena, "%zu", lookup->line_count);
    if (values == NULL || values->kind != JSON_ARRAY || values->count != lookup->line_count) {
        error_add_fault(error, at, FAULT_LENGTH, count, count);
        return;
    }
    for (size_t i = 0; i < values->count; i++) {
        const char *place = arena_format(arena, "%s/%zu", at, i);
        if (!read_decimal(values->items[i], place, &lookup->values[index * lookup->line_count + i], error) && !error_has_fault(*error, place))
            error_add_fault(error, place, FAULT_REQUIRED, NULL, NULL);
    }
}

static void
read_lookup(struct arena *arena, const struct json *json, struct score_lookup *lookup, struct error **error)
{
    if (json == NULL || json->kind == JSON_NULL || !check_members(arena, json, lookup_members, "/lookup", error))
        return;
    const struct json *rows = json_get(json, "rows");
    read_lines(arena, json_get(json, "lines"), lookup, error);
    if (rows == NULL) {
        error_add_fault(error, "/lookup/rows", FAULT_REQUIRED, NULL, NULL);
        return;
    }
    lookup->rows = read_ranges(arena, rows, row_members, read_step(arena, json, "/lookup", error), "/lookup/rows", error);
    if (lookup->rows == NULL || lookup->line_count == 0)
        return;
    lookup->row_count = rows->count;
    lookup->values = ARENA_ARRAY(arena, struct decimal, rows->count * lookup->line_count);
    for (size_t i = 0; i < rows->count; i++)
        read_values(arena, rows->items[i], i, lookup, error);
}

static void
check_name(const char *name, struct error **error)
{
    struct decimal number; /* score_between('40', '40', '50') would not tell the name from the bounds */
    if (text_is_blank(name) || strlen(name) > 60)
        error_add_fault(error, "/name", FAULT_LENGTH, "1", "60");
    else if (!text_is_clean(name, false) || strpbrk(name, ":'\"\\") || decimal_parse(name, &number)) /* "NAME:LINE" asks for a line of the table */
        error_add_fault(error, "/name", FAULT_TEXT, NULL, NULL);
}

struct error *
score_definition_read(struct arena *arena, const struct json *json, struct score_definition **ret_definition)
{
    struct score_definition *definition = ARENA_NEW(arena, struct score_definition);
    const char *source = json_get_text(json, "source");
    struct error *error = NULL;
    if (!check_members(arena, json, definition_members, "", &error))
        return error;
    definition->json = json;
    definition->name = json_get_text(json, "name");
    check_name(definition->name, &error);
    form_check_label(arena, json, "label", true, "", &error);
    if (source && (!text_is_clean(source, false) || text_characters(source) > LIMIT_TEXT))
        error_add_fault(&error, "/source", FAULT_TEXT, NULL, NULL);
    read_decimal(json_get(json, "constant"), "/constant", &definition->constant, &error);
    read_bounds(arena, json, "least", "most", "", &definition->bounds, &error);
    read_indicators(arena, json, definition, &error);
    read_lookup(arena, json_get(json, "lookup"), &definition->lookup, &error);
    if (error == NULL)
        *ret_definition = definition;
    return error;
}

void
score_definition_reads(const struct score_definition *definition, struct arena *arena, struct json *ret_names)
{
    for (size_t i = 0; i < definition->indicator_count; i++)
        rule_reads(definition->indicators[i].input, arena, ret_names);
}
