/* fact_map.c: reading a mapping and, by it, rows. Every fault of the mapping at once with its pointer; of a row the first. */
#include "fact/fact_map.h"

#include <string.h>

#include "assessment/assessment_form.h"
#include "household/household_nik.h"
#include "lumbung/base/text.h"

#define VALUE_CHARACTERS_MAX 120

static bool
valid_name(const char *name)
{
    if (name == NULL || name[0] < 'a' || name[0] > 'z' || strlen(name) > 40)
        return false;
    return strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_") == strlen(name);
}

static bool
check_members(struct arena *arena, const struct json *object, const char *const *names, const char *pointer, struct error **error)
{
    form_check_members(arena, object, names, pointer, error);
    return object && object->kind == JSON_OBJECT;
}

static bool
are_texts(const struct json *array, size_t most)
{
    if (array == NULL || array->kind != JSON_ARRAY || array->count > most)
        return false;
    for (size_t i = 0; i < array->count; i++)
        if (array->items[i]->kind != JSON_TEXT)
            return false;
    return true;
}

/* The place of a column in the heading; one that stands there twice is none. */
static size_t
find_column(const struct json *columns, const char *name, const char *pointer, struct error **error)
{
    size_t found = 0, at = 0;
    for (size_t i = 0; columns && name && i < columns->count; i++)
        if (text_equal(columns->items[i]->text, name)) {
            at = i;
            found++;
        }
    if (found != 1)
        error_add_fault(error, pointer, name == NULL ? FAULT_REQUIRED : found > 1 ? FAULT_DOUBLED : FAULT_REFERENCE, name, NULL);
    return at;
}

static void
read_number(struct arena *arena, const struct fact_in *in, struct fact_map *map, struct error **error)
{
    static const char *const members[] = {"column", "kind", NULL};
    const char *kind = json_get_text(in->number, "kind");
    if (!check_members(arena, in->number, members, "/number", error))
        return;
    if (!text_equal(kind, "nik") && !text_equal(kind, "kk"))
        error_add_fault(error, "/number/kind", FAULT_CODE, "nik, kk", NULL);
    map->is_card = text_equal(kind, "kk");
    map->number_column = json_get_text(in->number, "column");
    map->number = find_column(in->columns, map->number_column, "/number/column", error);
}

static void
read_type(struct arena *arena, const struct json *json, const char *pointer, struct fact_map_key *key, struct error **error)
{
    const char *type = json_get_text(json, "type");
    const struct json *values = json_get(json, "values");
    key->type = text_equal(type, "integer") ? FACT_INTEGER : text_equal(type, "choice") ? FACT_CHOICE : FACT_TEXT;
    if (!text_equal(type, "integer") && !text_equal(type, "text") && !text_equal(type, "choice"))
        error_add_fault(error, arena_format(arena, "%s/type", pointer), FAULT_CODE, "integer, text, choice", NULL);
    key->least = json_get_int(json, "least", INT64_MIN);
    key->most = json_get_int(json, "most", INT64_MAX);
    if (key->least > key->most)
        error_add_fault(error, arena_format(arena, "%s/most", pointer), FAULT_CONFLICT, "least", NULL);
    key->values = values;
    bool has_values = values && values->kind == JSON_OBJECT && values->count > 0;
    if ((key->type == FACT_CHOICE) != has_values)
        error_add_fault(error, arena_format(arena, "%s/values", pointer), has_values ? FAULT_CONFLICT : FAULT_REQUIRED, "type", NULL);
    for (size_t i = 0; has_values && i < values->count; i++) {
        enum json_kind kind = values->members[i].value->kind;
        if (kind != JSON_TEXT && kind != JSON_INT && kind != JSON_BOOL)
            error_add_fault(error, arena_format(arena, "%s/values/%s", pointer, values->members[i].name), FAULT_TYPE, "a text, a whole number, true or false", NULL);
    }
}

static void
read_keys(struct arena *arena, const struct fact_in *in, struct fact_map *map, struct error **error)
{
    static const char *const members[] = {"column", "type", "least", "most", "values", NULL};
    if (in->facts == NULL || in->facts->kind != JSON_OBJECT || in->facts->count == 0 || in->facts->count > FACT_KEYS_MAX) {
        error_add_fault(error, "/facts", FAULT_LENGTH, "1", "20");
        return;
    }
    for (size_t i = 0; i < in->facts->count; i++) {
        const char *name = in->facts->members[i].name, *pointer = arena_format(arena, "/facts/%s", name);
        const struct json *json = in->facts->members[i].value;
        struct fact_map_key *key = &map->keys[map->key_count++];
        key->key = name;
        if (!valid_name(name))
            error_add_fault(error, pointer, FAULT_TEXT, NULL, NULL);
        if (!check_members(arena, json, members, pointer, error))
            continue;
        key->column_name = json_get_text(json, "column");
        key->column = find_column(in->columns, key->column_name, arena_format(arena, "%s/column", pointer), error);
        read_type(arena, json, pointer, key, error);
    }
}

static void
read_rows(struct arena *arena, const struct json *rows, struct fact_map_row **ret_rows, size_t *ret_count, struct error **error)
{
    static const char *const members[] = {"line", "cells", NULL};
    if (rows == NULL || rows->kind != JSON_ARRAY || rows->count == 0 || rows->count > FACT_ROWS_MAX) {
        error_add_fault(error, "/rows", FAULT_LENGTH, "1", "500");
        return;
    }
    *ret_rows = ARENA_ARRAY(arena, struct fact_map_row, rows->count);
    *ret_count = rows->count;
    for (size_t i = 0; i < rows->count; i++) {
        const char *pointer = arena_format(arena, "/rows/%zu", i);
        if (!check_members(arena, rows->items[i], members, pointer, error))
            continue;
        (*ret_rows)[i] = (struct fact_map_row){.line = json_get_int(rows->items[i], "line", 0), .cells = json_get(rows->items[i], "cells")};
        if (!are_texts((*ret_rows)[i].cells, FACT_COLUMNS_MAX))
            error_add_fault(error, arena_format(arena, "%s/cells", pointer), FAULT_TYPE, "a list of texts", NULL);
    }
}

struct error *
fact_map_read(struct arena *arena, const struct fact_in *in, struct fact_map **ret_map, struct fact_map_row **ret_rows, size_t *ret_count)
{
    struct fact_map *map = ARENA_NEW(arena, struct fact_map);
    struct error *error = NULL;
    if (!valid_name(in->source))
        error_add_fault(&error, "/source", FAULT_TEXT, NULL, NULL);
    if (!are_texts(in->columns, FACT_COLUMNS_MAX) || in->columns->count == 0)
        return error_add_fault(&error, "/columns", FAULT_LENGTH, "1", "200"), error;
    if (in->not_found && !are_texts(in->not_found, 20))
        error_add_fault(&error, "/not_found", FAULT_TYPE, "a list of texts", NULL);
    map->column_count = in->columns->count;
    map->not_found = in->not_found;
    read_number(arena, in, map, &error);
    read_keys(arena, in, map, &error);
    read_rows(arena, in->rows, ret_rows, ret_count, &error);
    *ret_map = map;
    return error;
}

/* --- one row ------------------------------------------------------------------------------------------------------------------------------ */

static bool
is_not_found(const struct fact_map *map, const char *text)
{
    for (size_t i = 0; map->not_found && i < map->not_found->count; i++)
        if (text_equal(map->not_found->items[i]->text, text))
            return true;
    return text[0] == '\0';
}

static enum fact_refusal
read_value(struct arena *arena, const struct fact_map_key *key, const char *text, struct json **ret_value)
{
    int64_t number = 0;
    if (key->type == FACT_CHOICE) {
        *ret_value = json_get(key->values, text);
        return *ret_value ? FACT_REFUSED_NOT : FACT_REFUSED_VALUE;
    }
    if (key->type == FACT_TEXT) {
        *ret_value = json_make_text(arena, text);
        return text_is_clean(text, false) && text_characters(text) <= VALUE_CHARACTERS_MAX ? FACT_REFUSED_NOT : FACT_REFUSED_TEXT;
    }
    if (!text_parse_int(text, &number))
        return FACT_REFUSED_INTEGER;
    *ret_value = json_make_int(arena, number);
    return number >= key->least && number <= key->most ? FACT_REFUSED_NOT : FACT_REFUSED_RANGE;
}

static bool
fail(struct fact_refused *refused, const char *column, const char *value, enum fact_refusal why)
{
    refused->column = column;
    refused->value = value;
    refused->why = why;
    return false;
}

bool
fact_map_row_read(struct arena *arena, const struct fact_map *map, struct fact_map_row *row, struct fact_refused *ret_refused, bool *ret_told)
{
    *ret_told = false;
    if (row->cells->count != map->column_count)
        return fail(ret_refused, map->number_column, NULL, FACT_REFUSED_CELLS);
    row->number = text_normalize(arena, row->cells->items[map->number]->text);
    if (row->number[0] == '\0')
        return fail(ret_refused, map->number_column, row->number, FACT_REFUSED_EMPTY);
    if (!household_nik_possible(row->number))
        return fail(ret_refused, map->number_column, row->number, FACT_REFUSED_DIGITS);
    row->values = ARENA_ARRAY(arena, struct json *, map->key_count);
    for (size_t i = 0; i < map->key_count; i++) {
        const char *text = text_normalize(arena, row->cells->items[map->keys[i].column]->text);
        if (is_not_found(map, text))
            continue;
        enum fact_refusal why = read_value(arena, &map->keys[i], text, &row->values[i]);
        if (why != FACT_REFUSED_NOT)
            return row->values = NULL, fail(ret_refused, map->keys[i].column_name, text, why);
        *ret_told = true;
    }
    return true;
}
