/* import.c: rows into registrations, the same path as the browser's; what is refused is named with line, column, value, reason and remedy. */
#include "lumbung/import.h"

#include <stdlib.h>
#include <string.h>

#include "import/import_map.h"
#include "lumbung/base/limits.h"
#include "lumbung/base/text.h"
#include "lumbung/export.h"
#include "lumbung/household.h"
#include "lumbung/user.h"

struct import_row {
    int64_t line;
    const char *const *cells;
    size_t count;
};

struct importing {
    const struct import_order *order;
    struct import_map map;
    struct arena *arena;       /* of the whole import */
    struct arena *group_arena; /* of the household that is being gathered */
    struct json *household;    /* NULL: none */
    const char *group_key;
    struct import_row rows[LIMIT_MEMBERS + 1]; /* what the household was gathered from, to name the line at fault */
    size_t row_count;
    struct import_result result;
    struct lane *lane;
};

static const char *
group_key(struct importing *importing, const char *const *cells, size_t count)
{
    struct buffer key;
    buffer_init(&key, importing->group_arena);
    for (size_t i = 0; i < importing->map.group_count; i++) {
        buffer_add(&key, importing->map.group_columns[i] < count ? cells[importing->map.group_columns[i]] : "");
        buffer_char(&key, '\n');
    }
    return buffer_text(&key);
}

/* Columns first: a constant completes what they began. */
static struct json *
fields_of_row(struct importing *importing, const struct map_field *fields, size_t field_count, const struct import_row *row)
{
    struct arena *arena = importing->group_arena;
    struct json *object = json_make(arena, JSON_OBJECT);
    for (int constants = 0; constants < 2; constants++)
        for (size_t i = 0; i < field_count; i++) {
            if ((fields[i].source == MAP_CONST) != (constants == 1))
                continue;
            struct json *value = import_map_value(arena, &importing->map, &fields[i], row->cells, row->count);
            if (value)
                import_map_set(arena, object, fields[i].path, value, constants == 1);
        }
    return object;
}

/* --- refusals ------------------------------------------------------------------------------------------------------------------------- */

/* The column behind a pointer ("/members/2/name" is looked up among the member's fields), and the row of the file that it came from. */
static const struct map_field *
field_behind(const struct importing *importing, const char *pointer, size_t *ret_row)
{
    const struct import_map *map = &importing->map;
    const char *inner = pointer;
    bool member = text_begins(pointer, "/members/");
    *ret_row = 0;
    if (member) {
        *ret_row = (size_t)strtoul(pointer + 9, NULL, 10);
        inner = strchr(pointer + 9, '/');
    }
    const struct map_field *fields = member ? map->member : map->household;
    size_t count = member ? map->member_count : map->household_count;
    for (size_t i = 0; inner && i < count; i++)
        if (text_equal(fields[i].pointer, inner))
            return &fields[i];
    return NULL;
}

static void
refuse_line(struct importing *importing, size_t row, const char *column, const char *value, const char *reason, const char *remedy)
{
    struct buffer *errors = importing->order->errors;
    buffer_int(errors, importing->rows[row < importing->row_count ? row : 0].line);
    const char *const cells[] = {column, value, reason, remedy};
    for (size_t i = 0; i < 4; i++) {
        buffer_char(errors, ',');
        export_csv_text(errors, cells[i]);
    }
    buffer_add(errors, "\r\n");
}

static void
refuse_fault(struct importing *importing, const struct fault *fault)
{
    struct arena *arena = importing->group_arena;
    size_t at = 0;
    const struct map_field *field = field_behind(importing, fault->pointer, &at);
    const struct import_row *row = &importing->rows[at < importing->row_count ? at : 0];
    struct buffer text;
    buffer_init(&text, arena);
    fault_print(&text, fault, LANGUAGE_EN);
    const char *value = NULL, *remedy = NULL;
    if (field && field->source != MAP_CONST) {
        value = import_map_text(arena, field, row->cells, row->count);
        remedy = arena_format(arena, "correct the cell, or map it in values.%s", field->path);
    } else {
        remedy = arena_format(arena, field ? "change the constant of %s in the map" : "map a column or a constant to %s", field ? field->path : fault->pointer);
    }
    refuse_line(importing, at, field && field->column_name ? field->column_name : fault->pointer, value, buffer_text(&text), remedy);
}

static void
refuse_household(struct importing *importing, const struct error *error)
{
    importing->result.refused++;
    if (importing->order->errors == NULL)
        return;
    for (size_t i = 0; i < error->fault_count; i++)
        refuse_fault(importing, &error->faults[i]);
    if (error->fault_count > 0)
        return;
    struct buffer line;
    buffer_init(&line, importing->group_arena);
    error_print(&line, error, LANGUAGE_EN);
    refuse_line(importing, 0, NULL, NULL, buffer_text(&line), "change the row as the reason says, then import it again");
}

/* --- registering ---------------------------------------------------------------------------------------------------------------------- */

static struct error *
register_apply(struct tx *tx, void *context)
{
    struct importing *importing = context;
    struct actor actor = user_console_actor();
    struct id id;
    TRY(household_register_json(tx, &actor, importing->household, "import", &id, NULL));
    /* A dry run goes all the way and is then undone: the same refusals, nothing kept. */
    return importing->order->dry_run ? error_new(ERROR_CANCELLED) : NULL;
}

static struct error *
finish_household(struct importing *importing)
{
    if (importing->household == NULL)
        return NULL;
    struct error *error = lane_run(importing->lane, register_apply, importing, importing->group_arena);
    importing->household = NULL;
    if (error && error->code != ERROR_CANCELLED && error_status(error->code) >= 500) {
        return error; /* the machine's fault, not the row's: everything after it would fail too */
    }
    if (error == NULL || error->code == ERROR_CANCELLED)
        importing->result.households++;
    else
        refuse_household(importing, error);
    error_free(error);
    return NULL;
}

/* A copy of the row that lasts as long as its household. */
static void
add_member(struct importing *importing, const struct import_row *row)
{
    struct arena *arena = importing->group_arena;
    const char **cells = ARENA_ARRAY(arena, const char *, row->count);
    for (size_t i = 0; i < row->count; i++)
        cells[i] = arena_text(arena, row->cells[i]);
    struct import_row kept = {row->line, cells, row->count};
    if (importing->row_count <= LIMIT_MEMBERS)
        importing->rows[importing->row_count++] = kept;
    json_push(arena, json_get(importing->household, "members"), fields_of_row(importing, importing->map.member, importing->map.member_count, &kept));
}

static void
start_household(struct importing *importing, const struct import_row *row)
{
    struct arena *arena = importing->group_arena;
    arena_reset(arena);
    importing->row_count = 0;
    importing->group_key = group_key(importing, row->cells, row->count);
    importing->household = fields_of_row(importing, importing->map.household, importing->map.household_count, row);
    json_set(arena, importing->household, "members", json_make(arena, JSON_ARRAY));
}

/* Rows of one household stand together, as a list that is sorted by family has them. */
static struct error *
take_row(struct importing *importing, const struct import_row *row)
{
    bool same = importing->map.row_is_member && importing->household && text_equal(group_key(importing, row->cells, row->count), importing->group_key);
    if (!same) {
        TRY(finish_household(importing));
        start_household(importing, row);
    }
    add_member(importing, row);
    return importing->map.row_is_member ? NULL : finish_household(importing);
}

static struct error *
import_rows(struct importing *importing, struct csv_reader *reader)
{
    struct arena *row_arena = arena_create();
    struct error *error = NULL;
    size_t count = 1;
    while (error == NULL && count > 0) {
        const char *cells[CSV_COLUMNS_MAX];
        arena_reset(row_arena);
        error = csv_next(reader, row_arena, cells, &count);
        if (error || count == 0)
            break;
        importing->result.rows++;
        error = take_row(importing, &(struct import_row){reader->line, cells, count});
        if (importing->order->progress && importing->result.rows % 100 == 0)
            importing->order->progress(importing->order->context, importing->result.rows, 0);
    }
    arena_destroy(row_arena);
    return error ? error : finish_household(importing);
}

static struct bytes
from_latin1(struct arena *arena, struct bytes text)
{
    struct buffer utf8;
    buffer_init(&utf8, arena);
    for (size_t i = 0; i < text.length; i++) {
        if (text.data[i] >= 0x80)
            buffer_char(&utf8, (char)(0xc0 | text.data[i] >> 6));
        buffer_char(&utf8, (char)(text.data[i] >= 0x80 ? 0x80 | (text.data[i] & 0x3f) : text.data[i]));
    }
    return (struct bytes){(const uint8_t *)buffer_text(&utf8), utf8.length};
}

struct error *
import_households(struct lane *lane, struct arena *arena, const struct import_order *order, struct import_result *ret_result)
{
    struct csv_reader reader;
    struct importing importing = {.order = order, .arena = arena, .lane = lane};
    const char *head[CSV_COLUMNS_MAX];
    size_t head_count = 0;
    struct bytes text = {(const uint8_t *)order->text, order->length};
    if (text_equal(json_get_text(order->map, "encoding"), "latin-1"))
        text = from_latin1(arena, text);
    if (!text_utf8_valid((const char *)text.data, text.length))
        return error_with(ERROR_FILE, "the CSV", "it is not UTF-8; save it again as UTF-8, or say \"encoding\": \"latin-1\" in the map", NULL);
    csv_start(&reader, (const char *)text.data, text.length, import_map_delimiter(order->map));
    TRY(csv_next(&reader, arena, head, &head_count));
    for (size_t i = 0; i < head_count; i++)
        head[i] = text_normalize(arena, head[i]);
    TRY(import_map_read(arena, order->map, head, head_count, &importing.map));
    if (order->errors)
        buffer_add(order->errors, "line,column,value,reason,remedy\r\n");
    importing.group_arena = arena_create();
    struct error *error = import_rows(&importing, &reader);
    arena_destroy(importing.group_arena);
    *ret_result = importing.result;
    return error;
}
