/* score_compute.c: what a definition gives for one household: each indicator's part, what is missing, what is absurd; no value unless all is there. */
#include "score/score_definition.h"

#include <string.h>

#include "lumbung/base/text.h"
#include "score/score_vocabulary.h"

struct tally {
    struct arena *arena;
    const struct score_definition *definition;
    struct json *parts, *missing, *refused;
    struct decimal sum;
};

bool
score_range_find(const struct score_range *ranges, size_t count, struct decimal value, size_t *ret_index)
{
    for (size_t i = 0; i < count; i++) {
        bool above = !ranges[i].has_from || decimal_compare(ranges[i].from, value) <= 0, below = !ranges[i].has_to || decimal_compare(value, ranges[i].to) <= 0;
        if (above && below) {
            *ret_index = i;
            return true;
        }
    }
    return false;
}

static struct json *
decimal_json(struct arena *arena, struct decimal decimal)
{
    char text[DECIMAL_TEXT_SIZE];
    decimal_print(decimal, text);
    return json_make_text(arena, arena_text(arena, text));
}

static void
refuse(struct tally *tally, const char *indicator, struct json *input, const char *code)
{
    struct json *entry = json_make(tally->arena, JSON_OBJECT);
    json_set(tally->arena, entry, "indicator", json_make_text(tally->arena, indicator));
    if (input)
        json_set(tally->arena, entry, "input", input);
    json_set(tally->arena, entry, "code", json_make_text(tally->arena, code));
    json_push(tally->arena, tally->refused, entry);
}

static void
miss(struct tally *tally, const char *indicator, struct json *pointers)
{
    struct json *entry = json_make(tally->arena, JSON_OBJECT);
    json_set(tally->arena, entry, "indicator", json_make_text(tally->arena, indicator));
    json_set(tally->arena, entry, "pointers", pointers);
    json_push(tally->arena, tally->missing, entry);
}

static bool
number_of(const struct rule_value *value, struct decimal *ret_decimal)
{
    if (value->kind == RULE_VALUE_BOOL)
        *ret_decimal = decimal_of_int(value->as.boolean);
    else if (value->kind == RULE_VALUE_INT && value->as.integer >= -INT64_MAX)
        *ret_decimal = decimal_of_int(value->as.integer);
    else if (value->kind == RULE_VALUE_DOUBLE)
        return decimal_of_real(value->as.real, ret_decimal);
    else
        return false;
    return true;
}

/* As the breakdown shows it: a decimal as text, so that no program rounds it. */
static struct json *
input_json(struct arena *arena, const struct rule_value *value)
{
    struct decimal decimal;
    struct buffer buffer;
    struct json *json = NULL;
    if (value->kind == RULE_VALUE_DOUBLE && number_of(value, &decimal))
        return decimal_json(arena, decimal);
    buffer_init(&buffer, arena);
    rule_value_print(&buffer, value, false);
    struct error *error = json_parse(arena, buffer.data, buffer.length, &json);
    if (error == NULL)
        return json;
    error_free(error);
    return json_make(arena, JSON_NULL);
}

/* --- what one indicator adds: NULL, or the code of why it adds nothing ------------------------------------------------------------------ */

static const char *
choice_text(struct arena *arena, const struct rule_value *value)
{
    if (value->kind == RULE_VALUE_TEXT)
        return arena_copy(arena, value->as.text.data, value->as.text.length);
    if (value->kind == RULE_VALUE_BOOL)
        return value->as.boolean ? "true" : "false";
    return value->kind == RULE_VALUE_INT ? arena_format(arena, "%lld", (long long)value->as.integer) : NULL;
}

static const char *
add_choice(struct arena *arena, const struct json *points, const struct rule_value *value, struct decimal *sum)
{
    const char *choice = choice_text(arena, value);
    const struct json *found = choice ? json_get(points, choice) : NULL;
    struct decimal own;
    if (choice == NULL)
        return "type";
    if (found == NULL)
        return "choice";
    if (found->kind == JSON_INT)
        own = decimal_of_int(found->integer);
    else if (!decimal_parse(found->text, &own))
        return "digits";
    return decimal_add(*sum, own, sum) ? NULL : "digits";
}

static const char *
points_by_choice(struct arena *arena, const struct score_indicator *indicator, const struct rule_value *value, struct decimal *ret_points)
{
    *ret_points = decimal_of_int(0);
    if (value->kind != RULE_VALUE_LIST)
        return add_choice(arena, indicator->points, value, ret_points);
    const char *code = NULL;
    for (size_t i = 0; code == NULL && i < value->as.list.count; i++)
        code = add_choice(arena, indicator->points, &value->as.list.items[i], ret_points);
    return code;
}

static const char *
points_by_number(const struct score_indicator *indicator, const struct rule_value *value, struct decimal *ret_points)
{
    struct decimal number;
    size_t index = 0;
    if (!number_of(value, &number))
        return "type";
    if (!score_range_find(&indicator->bounds, 1, number, &index))
        return "bounds";
    if (indicator->has_coefficient)
        return decimal_multiply(number, indicator->coefficient, ret_points) ? NULL : "digits";
    if (!score_range_find(indicator->ranges, indicator->range_count, number, &index))
        return "range";
    *ret_points = indicator->range_points[index];
    return NULL;
}

static void
add_indicator(struct tally *tally, const struct score_indicator *indicator, const struct rule_inputs *inputs)
{
    struct json *pointers = json_make(tally->arena, JSON_ARRAY);
    struct rule_value value = rule_evaluate(indicator->input, tally->arena, inputs, pointers);
    struct decimal points;
    if (score_vocabulary_counts_unnamed(tally->arena, inputs->bindings, indicator->input)) {
        json_push(tally->arena, pointers, json_make_text(tally->arena, "/members"));
        miss(tally, indicator->name, pointers);
        return;
    }
    if (value.kind == RULE_VALUE_ERROR && pointers->count > 0) {
        miss(tally, indicator->name, pointers);
        return;
    }
    if (value.kind == RULE_VALUE_ERROR) {
        refuse(tally, indicator->name, NULL, "expression");
        return;
    }
    struct json *input = input_json(tally->arena, &value);
    const char *code = indicator->points ? points_by_choice(tally->arena, indicator, &value, &points) : points_by_number(indicator, &value, &points);
    if (code == NULL && !decimal_add(tally->sum, points, &tally->sum))
        code = "digits";
    if (code) {
        refuse(tally, indicator->name, input, code);
        return;
    }
    struct json *part = json_make(tally->arena, JSON_OBJECT);
    json_set(tally->arena, part, "indicator", json_make_text(tally->arena, indicator->name));
    json_set(tally->arena, part, "input", input);
    json_set(tally->arena, part, "points", decimal_json(tally->arena, points));
    json_push(tally->arena, tally->parts, part);
}

/* The lines of the row that the value falls into. A value that the table does not know gives none, and says so. */
static void
add_lines(struct tally *tally, struct decimal value, struct json *detail)
{
    const struct score_lookup *lookup = &tally->definition->lookup;
    size_t row = 0;
    if (lookup->row_count == 0)
        return;
    if (!score_range_find(lookup->rows, lookup->row_count, value, &row)) {
        refuse(tally, "lookup", decimal_json(tally->arena, value), "range");
        return;
    }
    struct json *lines = json_make(tally->arena, JSON_OBJECT);
    for (size_t i = 0; i < lookup->line_count; i++)
        json_set(tally->arena, lines, lookup->lines[i], decimal_json(tally->arena, lookup->values[row * lookup->line_count + i]));
    json_set(tally->arena, detail, "lines", lines);
}

static struct decimal
hold_within(struct decimal value, const struct score_range *bounds)
{
    if (bounds->has_from && decimal_compare(value, bounds->from) < 0)
        return bounds->from;
    return bounds->has_to && decimal_compare(value, bounds->to) > 0 ? bounds->to : value;
}

void
score_compute(struct arena *arena, const struct score_definition *definition, const struct rule_inputs *inputs, struct score_result *ret_result)
{
    struct tally tally = {.arena = arena, .definition = definition, .parts = json_make(arena, JSON_ARRAY), .missing = json_make(arena, JSON_ARRAY),
                          .refused = json_make(arena, JSON_ARRAY), .sum = definition->constant};
    for (size_t i = 0; i < definition->indicator_count; i++)
        add_indicator(&tally, &definition->indicators[i], inputs);
    *ret_result = (struct score_result){.has_value = tally.missing->count == 0 && tally.refused->count == 0, .detail = json_make(arena, JSON_OBJECT)};
    json_set(arena, ret_result->detail, "parts", tally.parts);
    json_set(arena, ret_result->detail, "missing", tally.missing);
    if (ret_result->has_value) {
        ret_result->value = hold_within(tally.sum, &definition->bounds);
        json_set(arena, ret_result->detail, "sum", decimal_json(arena, tally.sum));
        add_lines(&tally, ret_result->value, ret_result->detail);
    }
    json_set(arena, ret_result->detail, "refused", tally.refused);
}

void
score_result_lose(struct arena *arena, struct score_result *result, const char *name, const char *pointer)
{
    struct json *pointers = json_make(arena, JSON_ARRAY), *missing = json_make(arena, JSON_ARRAY), *entry = json_make(arena, JSON_OBJECT);
    json_push(arena, pointers, json_make_text(arena, pointer));
    json_set(arena, entry, "indicator", json_make_text(arena, name));
    json_set(arena, entry, "pointers", pointers);
    json_push(arena, missing, entry);
    json_set(arena, result->detail, "missing", missing);
    json_remove(result->detail, "sum");
    json_remove(result->detail, "lines");
    result->has_value = false;
}
