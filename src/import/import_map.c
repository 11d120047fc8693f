/* import_map.c: what the mapping says, checked against the file's head and the fields of a registration. */
#include "import/import_map.h"

#include <stdlib.h>
#include <string.h>

#include "household/household_record.h"
#include "lumbung/base/text.h"
#include "lumbung/base/time.h"

/* The field that a dotted path names; NULL when there is none. */
static const struct field *
find_field(const struct field_table *table, const char *path)
{
    const char *dot = strchr(path, '.');
    size_t length = dot ? (size_t)(dot - path) : strlen(path);
    for (size_t i = 0; table && i < table->count; i++) {
        const struct field *field = &table->fields[i];
        if (strlen(field->name) == length && strncmp(field->name, path, length) == 0)
            return dot ? find_field(field->table, dot + 1) : field;
    }
    return NULL;
}

static size_t
find_column(const char *const *head, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (text_equal(head[i], name))
            return i;
    return MAP_CONST;
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

static void
read_field(struct arena *arena, const struct json *map, const char *part, const struct field_table *table, const struct json_member *entry, const char *const *head,
           size_t head_count, struct map_field *ret_field, struct error **error)
{
    const char *pointer = arena_format(arena, "/%s/%s", part, entry->name);
    const struct field *field = find_field(table, entry->name);
    if (field == NULL)
        error_add_fault(error, pointer, FAULT_UNKNOWN, NULL, NULL);
    *ret_field = (struct map_field){.path = entry->name, .pointer = pointer_of(arena, entry->name), .column = MAP_CONST, .kind = field ? (int)field->kind : 0,
                                    .values = json_get(json_get(map, "values"), entry->name)};
    if (entry->value->kind == JSON_OBJECT) {
        ret_field->constant = json_get(entry->value, "const");
        if (ret_field->constant == NULL)
            error_add_fault(error, pointer, FAULT_TYPE, "a column or {\"const\": value}", NULL);
        return;
    }
    ret_field->column_name = entry->value->kind == JSON_TEXT ? entry->value->text : "";
    ret_field->column = find_column(head, head_count, ret_field->column_name);
    if (ret_field->column == MAP_CONST)
        error_add_fault(error, pointer, FAULT_REFERENCE, arena_format(arena, "column '%s' of the file", ret_field->column_name), NULL);
}

static void
read_part(struct arena *arena, const struct json *map, const char *part, const struct field_table *table, const char *const *head, size_t head_count,
          struct map_field **ret_fields, size_t *ret_count, struct error **error)
{
    const struct json *fields = json_get(map, part);
    *ret_count = fields && fields->kind == JSON_OBJECT ? fields->count : 0;
    *ret_fields = ARENA_ARRAY(arena, struct map_field, *ret_count);
    for (size_t i = 0; i < *ret_count; i++)
        read_field(arena, map, part, table, &fields->members[i], head, head_count, &(*ret_fields)[i], error);
}

char
import_map_delimiter(const struct json *map)
{
    const char *delimiter = json_get_text(map, "delimiter");
    return delimiter && delimiter[0] ? delimiter[0] : ',';
}

struct error *
import_map_read(struct arena *arena, const struct json *map, const char *const *head, size_t head_count, struct import_map *ret_map)
{
    static const char *const known[] = {"delimiter", "encoding", "date_format", "one_row_is", "group_by", "household", "member", "values"};
    struct error *error = NULL;
    *ret_map = (struct import_map){.delimiter = import_map_delimiter(map), .date_format = json_get_text(map, "date_format"),
                                   .row_is_member = text_equal(json_get_text(map, "one_row_is"), "member")};
    for (size_t i = 0; i < map->count; i++) {
        bool found = false;
        for (size_t j = 0; j < sizeof known / sizeof known[0]; j++)
            found = found || text_equal(map->members[i].name, known[j]);
        if (!found)
            error_add_fault(&error, arena_format(arena, "/%s", map->members[i].name), FAULT_UNKNOWN, NULL, NULL);
    }
    read_part(arena, map, "household", &household_table, head, head_count, &ret_map->household, &ret_map->household_count, &error);
    read_part(arena, map, "member", &member_table, head, head_count, &ret_map->member, &ret_map->member_count, &error);
    if (ret_map->household_count == 0 || ret_map->member_count == 0)
        error_add_fault(&error, ret_map->household_count == 0 ? "/household" : "/member", FAULT_REQUIRED, NULL, NULL);
    const struct json *group = json_get(map, "group_by");
    for (size_t i = 0; group && i < group->count && i < 8; i++) {
        size_t column = group->items[i]->kind == JSON_TEXT ? find_column(head, head_count, group->items[i]->text) : MAP_CONST;
        if (column == MAP_CONST)
            error_add_fault(&error, arena_format(arena, "/group_by/%zu", i), FAULT_REFERENCE, "a column of the file", NULL);
        ret_map->group_columns[ret_map->group_count++] = column;
    }
    if (ret_map->row_is_member && ret_map->group_count == 0)
        error_add_fault(&error, "/group_by", FAULT_REQUIRED, NULL, NULL);
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

struct json *
import_map_value(struct arena *arena, const struct import_map *map, const struct map_field *field, const char *cell)
{
    const char *text = text_normalize(arena, cell);
    if (text_is_blank(text))
        return NULL;
    const struct json *mapped = json_get(field->values, text);
    if (mapped == NULL)
        return typed_value(arena, map, field->kind, text);
    struct json *copy = json_make(arena, mapped->kind);
    *copy = *mapped;
    return copy;
}

void
import_map_set(struct arena *arena, struct json *object, const char *path, struct json *value)
{
    const char *dot = strchr(path, '.');
    if (dot == NULL) {
        json_set(arena, object, path, value);
        return;
    }
    const char *name = arena_copy(arena, path, (size_t)(dot - path));
    struct json *inner = json_get(object, name);
    if (inner == NULL) {
        inner = json_make(arena, JSON_OBJECT);
        json_set(arena, object, name, inner);
    }
    import_map_set(arena, inner, dot + 1, value);
}
