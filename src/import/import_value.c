/* import_value.c: what a row of the file says of one field of a registration. */
#include <stdlib.h>
#include <string.h>

#include "import/import_map.h"
#include "lumbung/base/text.h"
#include "lumbung/base/time.h"
#include "lumbung/http/field.h"

#define SERIAL_DAYS_OF_1970 25569
#define SERIAL_DAYS_WRONG 60
#define SERIAL_DAYS_MAX 2958465 /* 9999-12-31 */

static const char *
cell_text(struct arena *arena, const struct map_cell *cell, const char *const *cells, size_t count)
{
    if (cell->literal)
        return cell->literal;
    return cell->column < count ? text_normalize(arena, cells[cell->column]) : "";
}

/* "30-11-2000" by "DD-MM-YYYY"; the text itself when it does not fit: the registration then says what is wrong with it. A format that leaves out day
 * or month means the middle of what it names, as birth_date_precision asks. */
static const char *
turn_date(struct arena *arena, const char *format, const char *text)
{
    int year = 0, month = strchr(format, 'M') ? 0 : 7, day = strchr(format, 'D') ? 0 : month == 7 ? 1 : 15;
    if (strlen(text) != strlen(format))
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

/* The first sixty days of that count are those of a year that had no 29 February: they are left as they stand, and refused. */
static const char *
turn_serial(struct arena *arena, const char *text)
{
    int64_t days = 0;
    size_t length = strcspn(text, ".");
    char *date = arena_alloc(arena, DATE_TEXT_SIZE);
    if (strspn(text + length, ".0") != strlen(text + length) || !text_parse_int(arena_copy(arena, text, length), &days) || days <= SERIAL_DAYS_WRONG || days > SERIAL_DAYS_MAX)
        return text;
    date_print((int32_t)(days - SERIAL_DAYS_OF_1970), date);
    return date;
}

/* "576.72" with 2 decimals is 57672; false for what is no such number. */
static bool
parse_decimals(struct arena *arena, const char *text, int64_t decimals, int64_t *ret_number)
{
    const char *point = strchr(text, '.');
    size_t behind = point ? strlen(point + 1) : 0;
    if ((point && behind == 0) || behind > (size_t)decimals)
        return false;
    struct buffer digits;
    buffer_init(&digits, arena);
    buffer_bytes(&digits, text, point ? (size_t)(point - text) : strlen(text));
    buffer_add(&digits, point ? point + 1 : "");
    for (size_t i = behind; i < (size_t)decimals; i++)
        buffer_char(&digits, '0');
    return text_parse_int(buffer_text(&digits), ret_number);
}

static struct json *
typed_value(struct arena *arena, const struct import_map *map, const struct map_field *field, const char *text)
{
    int64_t number = 0;
    enum field_kind kind = field->field->kind;
    if ((kind == FIELD_INT || kind == FIELD_MONEY) && parse_decimals(arena, text, field->decimals, &number))
        return json_make_int(arena, number);
    if (kind == FIELD_BOOL && (text_equal(text, "true") || text_equal(text, "false")))
        return json_make_bool(arena, text_equal(text, "true"));
    if (kind == FIELD_DATE && map->date_format)
        return json_make_text(arena, text_equal(map->date_format, MAP_SERIAL_DATES) ? turn_serial(arena, text) : turn_date(arena, map->date_format, text));
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
    for (size_t i = 0; i < field->cell_count; i++) {
        const char *cell = cell_text(arena, &field->cells[i], cells, count);
        good = good && (text_is_blank(cell) || (text_parse_int(cell, &number) && !__builtin_add_overflow(sum, number, &sum)));
        buffer_format(&shown, "%s%s", i ? "+" : "", cell);
        number = 0;
    }
    return good ? arena_format(arena, "%lld", (long long)sum) : buffer_text(&shown);
}

/* Cells together, empty ones left out; nothing when all columns are empty, whatever constants stand between them. */
static const char *
join_text(struct arena *arena, const struct map_field *field, const char *const *cells, size_t count)
{
    struct buffer joined;
    bool any = false;
    buffer_init(&joined, arena);
    for (size_t i = 0; i < field->cell_count; i++) {
        const char *cell = cell_text(arena, &field->cells[i], cells, count);
        buffer_format(&joined, "%s%s", joined.length > 0 && cell[0] ? (field->between ? field->between : " ") : "", cell);
        any = any || (cell[0] && field->cells[i].literal == NULL);
    }
    return any ? buffer_text(&joined) : "";
}

static bool
says_yes(const char *cell)
{
    return cell[0] && !text_equal(cell, "0") && !text_equal(cell, "false") && !text_equal(cell, "no");
}

/* The names of the columns that say yes; *ret_word: the meaning of the only one (first_of: of the first). */
static const char *
chosen_text(struct arena *arena, const struct import_map *map, const struct map_field *field, const char *const *cells, size_t count, const struct json **ret_word)
{
    struct buffer names;
    size_t chosen = 0;
    const struct json *word = NULL;
    buffer_init(&names, arena);
    for (size_t i = 0; i < field->cell_count; i++) {
        if (!says_yes(cell_text(arena, &field->cells[i], cells, count)))
            continue;
        if (chosen == 0)
            word = field->cells[i].word;
        buffer_format(&names, "%s%s", chosen ? "+" : "", map->head[field->cells[i].column]);
        chosen++;
        if (field->source == MAP_FIRST_OF)
            break;
    }
    *ret_word = chosen == 1 ? word : NULL;
    return buffer_text(&names);
}

const char *
import_map_text(struct arena *arena, const struct import_map *map, const struct map_field *field, const char *const *cells, size_t count)
{
    const struct json *word = NULL;
    switch (field->source) {
    case MAP_CONST: return NULL;
    case MAP_SUM: return sum_text(arena, field, cells, count);
    case MAP_JOIN: return join_text(arena, field, cells, count);
    case MAP_ONE_OF:
    case MAP_FIRST_OF: return chosen_text(arena, map, field, cells, count, &word);
    case MAP_COLUMN: break;
    }
    return field->cells[0].column < count ? cells[field->cells[0].column] : "";
}

/* A null among the words of the map says that the file's word means nothing to us. */
static struct json *
copy_value(struct arena *arena, const struct json *value)
{
    if (value->kind == JSON_NULL)
        return NULL;
    struct json *copy = json_make(arena, value->kind);
    *copy = *value;
    return copy;
}

struct json *
import_map_value(struct arena *arena, const struct import_map *map, const struct map_field *field, const char *const *cells, size_t count)
{
    const struct json *word = field->constant;
    if (field->source == MAP_CONST)
        return copy_value(arena, word);
    const char *text = field->source == MAP_ONE_OF || field->source == MAP_FIRST_OF ? chosen_text(arena, map, field, cells, count, &word)
                                                                                     : text_normalize(arena, import_map_text(arena, map, field, cells, count));
    if (text_is_blank(text))
        return NULL;
    if (word)
        return copy_value(arena, word);
    const struct json *mapped = json_get(field->values, text);
    return mapped ? copy_value(arena, mapped) : typed_value(arena, map, field, text);
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
    size_t index = import_map_index_length(dot + 1);
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
