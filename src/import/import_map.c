/* import_map.c: what the mapping says, checked against the file's head and the fields of a registration. */
#include "import/import_map.h"

#include <stdlib.h>
#include <string.h>

#include "household/household_record.h"
#include "lumbung/base/text.h"
#include "lumbung/base/time.h"

#define COLUMN_NONE ((size_t)-1)

/* The length of an array index at the start of a path, with its dot; 0 when there is none. */
static size_t
index_length(const char *path)
{
    size_t digits = strspn(path, "0123456789");
    return digits > 0 && path[digits] == '.' ? digits + 1 : 0;
}

/* The field that a dotted path names; NULL when there is none. */
static const struct field *
find_field(const struct field_table *table, const char *path)
{
    const char *dot = strchr(path, '.');
    size_t length = dot ? (size_t)(dot - path) : strlen(path);
    for (size_t i = 0; table && i < table->count; i++) {
        const struct field *field = &table->fields[i];
        if (strlen(field->name) != length || strncmp(field->name, path, length) != 0)
            continue;
        if (dot == NULL)
            return field;
        size_t index = index_length(dot + 1);
        return (field->kind == FIELD_ARRAY) == (index > 0) ? find_field(field->table, dot + 1 + index) : NULL;
    }
    return NULL;
}

static size_t
find_column(const char *const *head, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (text_equal(head[i], name))
            return i;
    return COLUMN_NONE;
}

static const char *
pointer_of(struct arena *arena, const char *path)
{
    char *pointer = arena_format(arena, "/%s", path);
    for (char *at = pointer; *at; at++)
        if (*at == '.')
            *at = '/';
    return pointer;
}

struct map_reading {
    struct arena *arena;
    const struct json *map;
    const char *const *head;
    size_t head_count;
    struct error **error;
};

static void
add_column(const struct map_reading *reading, const char *pointer, const struct json *name, struct map_field *field)
{
    const char *text = name->kind == JSON_TEXT ? name->text : "";
    size_t column = find_column(reading->head, reading->head_count, text);
    if (column == COLUMN_NONE || field->column_count == MAP_COLUMNS_MAX) {
        error_add_fault(reading->error, pointer, FAULT_REFERENCE, arena_format(reading->arena, "column '%s' of the file", text), NULL);
        return;
    }
    field->columns[field->column_count++] = column;
    field->column_name = field->column_name ? arena_format(reading->arena, "%s + %s", field->column_name, text) : text;
}

/* {"const": value}, {"sum": [columns]} or {"join": [columns]}. */
static void
read_source(const struct map_reading *reading, const char *pointer, const struct json *source, struct map_field *field)
{
    const struct json *sum = json_get(source, "sum"), *join = json_get(source, "join"), *columns = sum ? sum : join;
    field->constant = json_get(source, "const");
    field->source = sum ? MAP_SUM : join ? MAP_JOIN : MAP_CONST;
    if (source->count != 1 || (field->constant == NULL && (columns == NULL || columns->kind != JSON_ARRAY || columns->count == 0))) {
        error_add_fault(reading->error, pointer, FAULT_TYPE, "a column, {\"const\": value}, {\"sum\": [columns]} or {\"join\": [columns]}", NULL);
        return;
    }
    for (size_t i = 0; columns && i < columns->count; i++)
        add_column(reading, pointer, columns->items[i], field);
}

static void
read_field(const struct map_reading *reading, const char *part, const struct field_table *table, const struct json_member *entry, struct map_field *ret_field)
{
    const char *pointer = arena_format(reading->arena, "/%s/%s", part, entry->name);
    const struct field *field = find_field(table, entry->name);
    if (field == NULL || (field->flags & FIELD_READONLY))
        error_add_fault(reading->error, pointer, FAULT_UNKNOWN, NULL, NULL);
    *ret_field = (struct map_field){.path = entry->name, .pointer = pointer_of(reading->arena, entry->name), .source = MAP_COLUMN,
                                    .kind = field ? (int)field->kind : 0, .values = json_get(json_get(reading->map, "values"), entry->name)};
    if (entry->value->kind == JSON_OBJECT)
        read_source(reading, pointer, entry->value, ret_field);
    else
        add_column(reading, pointer, entry->value, ret_field);
}

static void
read_part(const struct map_reading *reading, const char *part, const struct field_table *table, struct map_field **ret_fields, size_t *ret_count)
{
    const struct json *fields = json_get(reading->map, part);
    *ret_count = fields && fields->kind == JSON_OBJECT ? fields->count : 0;
    *ret_fields = ARENA_ARRAY(reading->arena, struct map_field, *ret_count);
    for (size_t i = 0; i < *ret_count; i++)
        read_field(reading, part, table, &fields->members[i], &(*ret_fields)[i]);
    if (*ret_count == 0)
        error_add_fault(reading->error, arena_format(reading->arena, "/%s", part), FAULT_REQUIRED, NULL, NULL);
}

char
import_map_delimiter(const struct json *map)
{
    const char *delimiter = json_get_text(map, "delimiter");
    return delimiter && delimiter[0] ? delimiter[0] : ',';
}

/* Names that nobody reads and words that we do not know are typing mistakes: refused, not skipped. */
static void
check_words(struct arena *arena, const struct json *map, struct error **error)
{
    static const char *const known[] = {"delimiter", "encoding", "date_format", "one_row_is", "group_by", "household", "member", "values"};
    for (size_t i = 0; i < map->count; i++) {
        bool found = false;
        for (size_t j = 0; map->kind == JSON_OBJECT && j < sizeof known / sizeof known[0]; j++)
            found = found || text_equal(map->members[i].name, known[j]);
        if (map->kind == JSON_OBJECT && !found)
            error_add_fault(error, arena_format(arena, "/%s", map->members[i].name), FAULT_UNKNOWN, NULL, NULL);
    }
    const char *unit = json_get_text(map, "one_row_is"), *format = json_get_text(map, "date_format"), *encoding = json_get_text(map, "encoding");
    if (unit == NULL || (!text_equal(unit, "household") && !text_equal(unit, "member")))
        error_add_fault(error, "/one_row_is", FAULT_TYPE, "household or member", NULL);
    if (format && (strlen(format) > 20 || !strstr(format, "YYYY") || !strstr(format, "MM") || !strstr(format, "DD")))
        error_add_fault(error, "/date_format", FAULT_TYPE, "YYYY, MM and DD, as DD-MM-YYYY", NULL);
    if (encoding && !text_equal(encoding, "utf-8") && !text_equal(encoding, "latin-1"))
        error_add_fault(error, "/encoding", FAULT_TYPE, "utf-8 or latin-1", NULL);
}

static void
read_group(const struct map_reading *reading, struct import_map *map)
{
    const struct json *group = json_get(reading->map, "group_by");
    for (size_t i = 0; group && i < group->count; i++) {
        size_t column = group->items && group->items[i]->kind == JSON_TEXT ? find_column(reading->head, reading->head_count, group->items[i]->text) : COLUMN_NONE;
        if (column == COLUMN_NONE || map->group_count == MAP_COLUMNS_MAX)
            error_add_fault(reading->error, arena_format(reading->arena, "/group_by/%zu", i), FAULT_REFERENCE, "a column of the file", NULL);
        else
            map->group_columns[map->group_count++] = column;
    }
    if (map->row_is_member && map->group_count == 0)
        error_add_fault(reading->error, "/group_by", FAULT_REQUIRED, NULL, NULL);
}

struct error *
import_map_read(struct arena *arena, const struct json *map, const char *const *head, size_t head_count, struct import_map *ret_map)
{
    struct error *error = NULL;
    struct map_reading reading = {arena, map, head, head_count, &error};
    *ret_map = (struct import_map){.delimiter = import_map_delimiter(map), .date_format = json_get_text(map, "date_format"),
                                   .row_is_member = text_equal(json_get_text(map, "one_row_is"), "member")};
    check_words(arena, map, &error);
    read_part(&reading, "household", &household_table, &ret_map->household, &ret_map->household_count);
    read_part(&reading, "member", &member_table, &ret_map->member, &ret_map->member_count);
    read_group(&reading, ret_map);
    return error;
}

/* "30-11-2000" by "DD-MM-YYYY"; the text itself when it does not fit: the registration then says what is wrong with it. */
static const char *
turn_date(struct arena *arena, const char *format, const char *text)
{
    int year = 0, month = 0, day = 0;
    if (format == NULL || strlen(text) != strlen(format))
        return text;
    for (size_t i = 0; format[i]; i++) {
        int digit = text[i] - '0';
        bool is_digit = digit >= 0 && digit <= 9;
        int *part = format[i] == 'Y' ? &year : format[i] == 'M' ? &month : format[i] == 'D' ? &day : NULL;
        if (part ? !is_digit : text[i] != format[i])
            return text;
        if (part)
            *part = *part * 10 + digit;
    }
    return arena_format(arena, "%04d-%02d-%02d", year, month, day);
}

static struct json *
typed_value(struct arena *arena, const struct import_map *map, int kind, const char *text)
{
    int64_t number = 0;
    if ((kind == FIELD_INT || kind == FIELD_MONEY) && text_parse_int(text, &number))
        return json_make_int(arena, number);
    if (kind == FIELD_BOOL && (text_equal(text, "true") || text_equal(text, "false")))
        return json_make_bool(arena, text_equal(text, "true"));
    if (kind == FIELD_DATE)
        return json_make_text(arena, turn_date(arena, map->date_format, text));
    return json_make_text(arena, text);
}

/* A sum of cells that are all numbers; the cells with plus signs when one is not: the registration then says what is wrong with it. */
static const char *
sum_text(struct arena *arena, const struct map_field *field, const char *const *cells, size_t count)
{
    struct buffer shown;
    int64_t sum = 0, number = 0;
    bool good = true;
    buffer_init(&shown, arena);
    for (size_t i = 0; i < field->column_count; i++) {
        const char *cell = field->columns[i] < count ? text_normalize(arena, cells[field->columns[i]]) : "";
        good = good && (text_is_blank(cell) || (text_parse_int(cell, &number) && !__builtin_add_overflow(sum, number, &sum)));
        buffer_format(&shown, "%s%s", i ? "+" : "", cell);
        number = 0;
    }
    return good ? arena_format(arena, "%lld", (long long)sum) : buffer_text(&shown);
}

static const char *
join_text(struct arena *arena, const struct map_field *field, const char *const *cells, size_t count)
{
    struct buffer joined;
    buffer_init(&joined, arena);
    for (size_t i = 0; i < field->column_count; i++) {
        const char *cell = field->columns[i] < count ? text_normalize(arena, cells[field->columns[i]]) : "";
        buffer_format(&joined, "%s%s", joined.length > 0 && cell[0] ? " " : "", cell);
    }
    return buffer_text(&joined);
}

const char *
import_map_text(struct arena *arena, const struct map_field *field, const char *const *cells, size_t count)
{
    switch (field->source) {
    case MAP_CONST: return NULL;
    case MAP_SUM: return sum_text(arena, field, cells, count);
    case MAP_JOIN: return join_text(arena, field, cells, count);
    case MAP_COLUMN: break;
    }
    return field->columns[0] < count ? cells[field->columns[0]] : "";
}

static struct json *
copy_value(struct arena *arena, const struct json *value)
{
    struct json *copy = json_make(arena, value->kind);
    *copy = *value;
    return copy;
}

struct json *
import_map_value(struct arena *arena, const struct import_map *map, const struct map_field *field, const char *const *cells, size_t count)
{
    if (field->source == MAP_CONST)
        return copy_value(arena, field->constant);
    const char *text = text_normalize(arena, import_map_text(arena, field, cells, count));
    if (text_is_blank(text))
        return NULL;
    const struct json *mapped = json_get(field->values, text);
    return mapped ? copy_value(arena, mapped) : typed_value(arena, map, field->kind, text);
}

/* The object at an index of an array of objects; NULL when it is not there and may not be made. */
static struct json *
array_entry(struct arena *arena, struct json *array, size_t index, bool may_make)
{
    if (index < array->count)
        return array->items[index];
    if (!may_make)
        return NULL;
    struct json *entry = json_make(arena, JSON_OBJECT); /* a gap before it closes: an empty cell makes no entry */
    json_push(arena, array, entry);
    return entry;
}

void
import_map_set(struct arena *arena, struct json *object, const char *path, struct json *value, bool is_constant)
{
    const char *dot = strchr(path, '.');
    if (dot == NULL) {
        json_set(arena, object, path, value);
        return;
    }
    const char *name = arena_copy(arena, path, (size_t)(dot - path));
    size_t index = index_length(dot + 1);
    struct json *inner = json_get(object, name);
    if (inner == NULL && index > 0 && is_constant)
        return;
    if (inner == NULL) {
        inner = json_make(arena, index > 0 ? JSON_ARRAY : JSON_OBJECT);
        json_set(arena, object, name, inner);
    }
    if (index > 0)
        inner = array_entry(arena, inner, (size_t)strtoul(dot + 1, NULL, 10), !is_constant);
    if (inner)
        import_map_set(arena, inner, dot + 1 + index, value, is_constant);
}
