/* import.c: rows into registrations, the same path as the browser's; what is refused is named with line, column, value, reason and remedy. */
#include "lumbung/import.h"

#include <string.h>

#include "import/import_map.h"
#include "lumbung/base/text.h"
#include "lumbung/export.h"
#include "lumbung/household.h"
#include "lumbung/user.h"

struct importing {
    const struct import_order *order;
    struct import_map map;
    struct arena *arena;       /* of the whole import */
    struct arena *group_arena; /* of the household that is being gathered */
    struct json *household;    /* NULL: none */
    const char *group_key;
    int64_t first_line;
    const char **first_cells;
    size_t first_count;
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

static struct json *
fields_of_row(struct importing *importing, const struct map_field *fields, size_t field_count, const char *const *cells, size_t count)
{
    struct json *object = json_make(importing->group_arena, JSON_OBJECT);
    for (size_t i = 0; i < field_count; i++) {
        struct json *value = NULL;
        if (fields[i].column == MAP_CONST) {
            value = json_make(importing->group_arena, fields[i].constant->kind);
            *value = *fields[i].constant;
        } else if (fields[i].column < count) {
            value = import_map_value(importing->group_arena, &importing->map, &fields[i], cells[fields[i].column]);
        }
        if (value)
            import_map_set(importing->group_arena, object, fields[i].path, value);
    }
    return object;
}

/* --- refusals ------------------------------------------------------------------------------------------------------------------------- */

/* The column behind a pointer: "/members/0/name" is looked up among the member's fields. */
static const struct map_field *
field_behind(const struct import_map *map, const char *pointer)
{
    const char *inner = pointer;
    bool member = text_begins(pointer, "/members/");
    if (member) {
        inner = strchr(pointer + 9, '/');
        if (inner == NULL)
            return NULL;
    }
    const struct map_field *fields = member ? map->member : map->household;
    size_t count = member ? map->member_count : map->household_count;
    for (size_t i = 0; i < count; i++)
        if (text_equal(fields[i].pointer, inner))
            return &fields[i];
    return NULL;
}

static void
refuse_line(struct importing *importing, const char *column, const char *value, const char *reason, const char *remedy)
{
    struct buffer *errors = importing->order->errors;
    buffer_int(errors, importing->first_line);
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
    const struct map_field *field = field_behind(&importing->map, fault->pointer);
    struct buffer text;
    buffer_init(&text, importing->group_arena);
    fault_print(&text, fault, LANGUAGE_EN);
    const char *value = field && field->column != MAP_CONST && field->column < importing->first_count ? importing->first_cells[field->column] : NULL;
    const char *remedy = field && field->column != MAP_CONST ? arena_format(importing->group_arena, "correct the cell, or map it in values.%s", field->path)
                                                             : arena_format(importing->group_arena, "map a column or a constant to %s", fault->pointer);
    refuse_line(importing, field ? field->column_name : fault->pointer, value, buffer_text(&text), remedy);
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
    refuse_line(importing, NULL, NULL, buffer_text(&line), "see the reason");
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

static void
start_household(struct importing *importing, const char *key, int64_t line, const char *const *cells, size_t count)
{
    arena_reset(importing->group_arena);
    importing->group_key = arena_text(importing->group_arena, key);
    importing->first_line = line;
    importing->first_cells = ARENA_ARRAY(importing->group_arena, const char *, count);
    for (size_t i = 0; i < count; i++)
        importing->first_cells[i] = arena_text(importing->group_arena, cells[i]);
    importing->first_count = count;
    importing->household = fields_of_row(importing, importing->map.household, importing->map.household_count, cells, count);
    json_set(importing->group_arena, importing->household, "members", json_make(importing->group_arena, JSON_ARRAY));
}

static struct error *
take_row(struct importing *importing, struct arena *row_arena, int64_t line, const char *const *cells, size_t count)
{
    const char *key = "";
    if (importing->map.row_is_member && importing->household) {
        key = group_key(importing, cells, count);
        if (text_equal(key, importing->group_key)) {
            json_push(importing->group_arena, json_get(importing->household, "members"),
                      fields_of_row(importing, importing->map.member, importing->map.member_count, cells, count));
            return NULL;
        }
    }
    TRY(finish_household(importing));
    key = importing->map.row_is_member ? arena_text(row_arena, group_key(importing, cells, count)) : "";
    start_household(importing, key, line, cells, count);
    json_push(importing->group_arena, json_get(importing->household, "members"),
              fields_of_row(importing, importing->map.member, importing->map.member_count, cells, count));
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
        error = take_row(importing, row_arena, reader->line, cells, count);
        if (importing->order->progress && importing->result.rows % 100 == 0)
            importing->order->progress(importing->order->context, importing->result.rows, 0);
    }
    arena_destroy(row_arena);
    return error ? error : finish_household(importing);
}

struct error *
import_households(struct lane *lane, struct arena *arena, const struct import_order *order, struct import_result *ret_result)
{
    struct csv_reader reader;
    struct importing importing = {.order = order, .arena = arena, .lane = lane};
    const char *head[CSV_COLUMNS_MAX];
    size_t head_count = 0;
    if (!text_utf8_valid(order->text, order->length))
        return error_with(ERROR_FILE, "the CSV", "it is not UTF-8; save it again as UTF-8", NULL);
    csv_start(&reader, order->text, order->length, import_map_delimiter(order->map));
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
