/* import_map.c: what the mapping says, checked against the file's head and the fields of a registration. */
#include "import/import_map.h"

#include <string.h>

#include "household/household_record.h"
#include "lumbung/base/text.h"
#include "lumbung/base/time.h"

size_t
import_map_index_length(const char *path)
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
        size_t index = import_map_index_length(dot + 1);
        return (field->kind == FIELD_ARRAY) == (index > 0) ? find_field(field->table, dot + 1 + index) : NULL;
    }
    return NULL;
}

size_t
import_map_column(struct arena *arena, const struct import_map *map, const struct json *name, const char *pointer, struct error **error)
{
    const char *text = name->kind == JSON_TEXT ? name->text : "";
    size_t found = MAP_NO_COLUMN, times = 0;
    for (size_t i = map->head_count; i-- > 0;)
        if (text_equal(map->head[i], text)) {
            found = i;
            times++;
        }
    if (times == 0)
        error_add_fault(error, pointer, FAULT_REFERENCE, arena_format(arena, "column '%s' of the file", text), NULL);
    if (times > 1)
        error_add_fault(error, pointer, FAULT_CONFLICT, arena_format(arena, "the file: %zu columns are named '%s'", times, text), NULL);
    return times == 1 ? found : MAP_NO_COLUMN;
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
    struct import_map *into;
    struct error **error;
};

/* A word of ours that the field does not know is a typing mistake of the map, not of every row. */
static void
check_word(const struct map_reading *reading, const char *pointer, const struct field *field, const struct json *word)
{
    if (field == NULL || field->kind != FIELD_CODE || word->kind == JSON_NULL)
        return;
    if (word->kind == JSON_TEXT && code_find(field->codes, word->text))
        return;
    struct buffer words;
    buffer_init(&words, reading->arena);
    for (size_t i = 0; i < field->codes->count; i++)
        buffer_format(&words, "%s%s", i ? ", " : "", field->codes->codes[i].word);
    error_add_fault(reading->error, pointer, FAULT_CODE, buffer_text(&words), NULL);
}

static struct map_cell *
add_cell(const struct map_reading *reading, const char *pointer, struct map_field *field)
{
    if (field->cell_count == MAP_CELLS_MAX) {
        error_add_fault(reading->error, pointer, FAULT_LENGTH, "1", arena_format(reading->arena, "%d", MAP_CELLS_MAX));
        return NULL;
    }
    return &field->cells[field->cell_count++];
}

static void
add_column(const struct map_reading *reading, const char *pointer, const struct json *name, struct map_field *field)
{
    const struct json *literal = name->kind == JSON_OBJECT && name->count == 1 && field->source == MAP_JOIN ? json_get(name, "const") : NULL;
    struct map_cell *cell = add_cell(reading, pointer, field);
    if (cell == NULL)
        return;
    if (literal && literal->kind == JSON_TEXT) {
        *cell = (struct map_cell){.column = MAP_NO_COLUMN, .literal = literal->text};
        return;
    }
    cell->column = import_map_column(reading->arena, reading->into, name, pointer, reading->error);
    const char *text = name->kind == JSON_TEXT ? name->text : "";
    field->column_name = field->column_name ? arena_format(reading->arena, "%s + %s", field->column_name, text) : text;
}

static void
add_choices(const struct map_reading *reading, const char *pointer, const struct json *choices, struct map_field *field)
{
    for (size_t i = 0; i < choices->count; i++) {
        const char *at = arena_format(reading->arena, "%s/%s", pointer, choices->members[i].name);
        struct map_cell *cell = add_cell(reading, at, field);
        if (cell == NULL)
            return;
        cell->column = import_map_column(reading->arena, reading->into, json_make_text(reading->arena, choices->members[i].name), at, reading->error);
        cell->word = choices->members[i].value;
        check_word(reading, at, field->field, cell->word);
    }
    field->column_name = arena_format(reading->arena, "%s ... %s", choices->members[0].name, choices->members[choices->count - 1].name);
}

static const struct { const char *word; enum map_source source; enum json_kind kind; } sources[] = {
    {"const", MAP_CONST, JSON_NULL}, {"column", MAP_COLUMN, JSON_TEXT}, {"sum", MAP_SUM, JSON_ARRAY}, {"join", MAP_JOIN, JSON_ARRAY},
    {"one_of", MAP_ONE_OF, JSON_OBJECT}, {"first_of", MAP_FIRST_OF, JSON_OBJECT},
};
#define SOURCE_COUNT (sizeof sources / sizeof sources[0])
#define SOURCES_SAID "a column, {\"const\": value}, {\"column\": name, \"decimals\": n}, {\"sum\": [columns]}, {\"join\": [columns], \"with\": text}, " \
                     "{\"one_of\": {column: word}} or {\"first_of\": {column: word}}"

/* The one source that an object names, and its value; SOURCE_COUNT when it names none, two, or something else beside it. */
static size_t
find_source(const struct json *object, const struct json **ret_value)
{
    size_t found = SOURCE_COUNT, known = 0;
    for (size_t i = 0; i < SOURCE_COUNT; i++) {
        const struct json *value = json_get(object, sources[i].word);
        if (value == NULL)
            continue;
        if (found != SOURCE_COUNT)
            return SOURCE_COUNT;
        found = i;
        *ret_value = value;
        known++;
    }
    if (found == SOURCE_COUNT)
        return SOURCE_COUNT;
    enum map_source source = sources[found].source;
    known += source == MAP_JOIN && json_get_text(object, "with") ? 1 : 0;
    known += (source == MAP_COLUMN || source == MAP_SUM) && json_get_int(object, "decimals", -1) >= 0 && json_get_int(object, "decimals", -1) <= 6 ? 1 : 0;
    bool shaped = source == MAP_CONST || ((*ret_value)->kind == sources[found].kind && (source == MAP_COLUMN || (*ret_value)->count > 0));
    return known == object->count && shaped ? found : SOURCE_COUNT;
}

static void
read_source(const struct map_reading *reading, const char *pointer, const struct json *object, struct map_field *field)
{
    const struct json *value = NULL;
    size_t found = find_source(object, &value);
    if (found == SOURCE_COUNT) {
        error_add_fault(reading->error, pointer, FAULT_TYPE, SOURCES_SAID, NULL);
        return;
    }
    field->source = sources[found].source;
    field->between = json_get_text(object, "with");
    field->decimals = json_get_int(object, "decimals", 0);
    if (field->source == MAP_CONST) {
        field->constant = value;
        check_word(reading, pointer, field->field, value);
    } else if (field->source == MAP_COLUMN) {
        add_column(reading, pointer, value, field);
    } else if (value->kind == JSON_OBJECT) {
        add_choices(reading, pointer, value, field);
    } else {
        for (size_t i = 0; i < value->count; i++)
            add_column(reading, pointer, value->items[i], field);
    }
}

static void
read_values(const struct map_reading *reading, struct map_field *field)
{
    field->values = json_get(json_get(reading->map, "values"), field->path);
    for (size_t i = 0; field->values && field->values->kind == JSON_OBJECT && i < field->values->count; i++)
        check_word(reading, arena_format(reading->arena, "/values/%s/%s", field->path, field->values->members[i].name), field->field,
                   field->values->members[i].value);
}

static void
read_field(const struct map_reading *reading, const char *part, const struct field_table *table, const struct json_member *entry, struct map_field *ret_field)
{
    const char *pointer = arena_format(reading->arena, "/%s/%s", part, entry->name);
    const struct field *field = find_field(table, entry->name);
    if (field == NULL || (field->flags & FIELD_READONLY))
        error_add_fault(reading->error, pointer, FAULT_UNKNOWN, NULL, NULL);
    *ret_field = (struct map_field){.path = entry->name, .pointer = pointer_of(reading->arena, entry->name), .source = MAP_COLUMN, .field = field};
    read_values(reading, ret_field);
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
    static const char *const known[] = {"delimiter", "encoding", "sheet", "date_format", "source", "one_row_is", "group_by", "key", "household", "member", "values", "checks"};
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
    if (format && !text_equal(format, MAP_SERIAL_DATES) && (strlen(format) > 20 || !strstr(format, "YYYY") || (strstr(format, "DD") && !strstr(format, "MM"))))
        error_add_fault(error, "/date_format", FAULT_TYPE, "YYYY, MM and DD, as DD-MM-YYYY, YYYY alone, or serial", NULL);
    if (encoding && !text_equal(encoding, "utf-8") && !text_equal(encoding, "latin-1"))
        error_add_fault(error, "/encoding", FAULT_TYPE, "utf-8 or latin-1", NULL);
    const struct json *delimiter = json_get(map, "delimiter"), *source = json_get(map, "source");
    if (delimiter && (delimiter->kind != JSON_TEXT || strlen(delimiter->text) != 1 || strchr("\"\r\n", delimiter->text[0])))
        error_add_fault(error, "/delimiter", FAULT_TYPE, "one character, as \",\" or \";\"", NULL);
    if (source && (source->kind != JSON_TEXT || text_is_blank(source->text)))
        error_add_fault(error, "/source", FAULT_TYPE, "the name of the registration, as \"survey-2020\"", NULL);
}

/* The words of a field that the map does not fill go nowhere. */
static void
check_values(const struct map_reading *reading)
{
    const struct json *values = json_get(reading->map, "values");
    for (size_t i = 0; values && values->kind == JSON_OBJECT && i < values->count; i++) {
        const char *path = values->members[i].name, *pointer = arena_format(reading->arena, "/values/%s", path);
        bool used = json_get(json_get(reading->map, "household"), path) || json_get(json_get(reading->map, "member"), path);
        if (!used)
            error_add_fault(reading->error, pointer, FAULT_REFERENCE, arena_format(reading->arena, "'%s' of household or member in the map", path), NULL);
        if (values->members[i].value->kind != JSON_OBJECT)
            error_add_fault(reading->error, pointer, FAULT_TYPE, "{\"word of the file\": \"word of ours\"}", NULL);
    }
}

static void
read_key(const struct map_reading *reading, struct import_map *map)
{
    const char *word = map->row_is_member ? "group_by" : "key", *other = map->row_is_member ? "key" : "group_by";
    const struct json *key = json_get(reading->map, word);
    if (json_get(reading->map, other))
        error_add_fault(reading->error, arena_format(reading->arena, "/%s", other), FAULT_CONFLICT, "one_row_is", NULL);
    if (key && (key->kind != JSON_ARRAY || key->count > MAP_KEY_MAX))
        error_add_fault(reading->error, arena_format(reading->arena, "/%s", word), FAULT_TYPE, "[1 to 8 columns]", NULL);
    for (size_t i = 0; key && key->kind == JSON_ARRAY && i < key->count && i < MAP_KEY_MAX; i++)
        map->key_columns[map->key_count++] = import_map_column(reading->arena, map, key->items[i], arena_format(reading->arena, "/%s/%zu", word, i), reading->error);
    if (map->row_is_member && map->key_count == 0)
        error_add_fault(reading->error, "/group_by", FAULT_REQUIRED, NULL, NULL);
}

struct error *
import_map_read(struct arena *arena, const struct json *map, const char *const *head, size_t head_count, struct import_map *ret_map)
{
    struct error *error = NULL;
    *ret_map = (struct import_map){.date_format = json_get_text(map, "date_format"), .source = json_get_text(map, "source"), .head = head,
                                   .head_count = head_count, .row_is_member = text_equal(json_get_text(map, "one_row_is"), "member")};
    struct map_reading reading = {arena, map, ret_map, &error};
    check_words(arena, map, &error);
    read_part(&reading, "household", &household_table, &ret_map->household, &ret_map->household_count);
    read_part(&reading, "member", &member_table, &ret_map->member, &ret_map->member_count);
    check_values(&reading);
    read_key(&reading, ret_map);
    import_map_read_checks(arena, json_get(map, "checks"), ret_map, &error);
    return error;
}
