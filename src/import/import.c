/* import.c: rows into registrations, the same path as the browser's; what is refused is named with line, column, value, reason and remedy. */
#include "lumbung/import.h"

#include <pthread.h>
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

/* Households under way at once: each is a job of its own, whose refusal undoes it alone, and as many as the lane finds waiting share one COMMIT. */
#define HOUSEHOLDS_AHEAD 64

struct importing;

/* A household that is gathered from rows, sent to the lane and answered by it. */
struct gathering {
    struct importing *importing;
    struct lane_job job;
    struct arena *arena;
    struct json *household;    /* NULL: none */
    const char *group_key;
    struct import_row rows[LIMIT_MEMBERS + 1]; /* what it was gathered from, to name the line at fault */
    size_t row_count;
    bool answered;             /* under the import's mutex, as the error */
    struct error *error;
};

struct importing {
    const struct import_order *order;
    struct import_map map;
    struct gathering *ring;    /* HOUSEHOLDS_AHEAD of them; between `oldest` and `newest` lie those that were sent */
    size_t oldest, newest;     /* they only grow; the place is the remainder */
    pthread_mutex_t mutex;
    pthread_cond_t answered;
    struct import_result result;
    struct lane *lane;
};

/* The household that is being gathered now. */
static struct gathering *
gathered(struct importing *importing)
{
    return &importing->ring[importing->newest % HOUSEHOLDS_AHEAD];
}

static const char *
group_key(struct importing *importing, struct arena *arena, const char *const *cells, size_t count)
{
    struct buffer key;
    buffer_init(&key, arena);
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
    struct arena *arena = gathered(importing)->arena;
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
refuse_line(const struct gathering *from, size_t row, const char *column, const char *value, const char *reason, const char *remedy)
{
    struct buffer *errors = from->importing->order->errors;
    buffer_int(errors, from->rows[row < from->row_count ? row : 0].line);
    const char *const cells[] = {column, value, reason, remedy};
    for (size_t i = 0; i < 4; i++) {
        buffer_char(errors, ',');
        export_csv_text(errors, cells[i]);
    }
    buffer_add(errors, "\r\n");
}

static void
refuse_fault(const struct gathering *from, const struct fault *fault)
{
    struct arena *arena = from->arena;
    size_t at = 0;
    const struct map_field *field = field_behind(from->importing, fault->pointer, &at);
    const struct import_row *row = &from->rows[at < from->row_count ? at : 0];
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
    refuse_line(from, at, field && field->column_name ? field->column_name : fault->pointer, value, buffer_text(&text), remedy);
}

static void
refuse_household(const struct gathering *from, const struct error *error)
{
    from->importing->result.refused++;
    if (from->importing->order->errors == NULL)
        return;
    for (size_t i = 0; i < error->fault_count; i++)
        refuse_fault(from, &error->faults[i]);
    if (error->fault_count > 0)
        return;
    struct buffer line;
    buffer_init(&line, from->arena);
    error_print(&line, error, LANGUAGE_EN);
    refuse_line(from, 0, NULL, NULL, buffer_text(&line), "change the row as the reason says, then import it again");
}

/* --- registering ---------------------------------------------------------------------------------------------------------------------- */

static struct error *
register_apply(struct tx *tx, void *context)
{
    struct gathering *from = context;
    struct actor actor = user_console_actor();
    struct id id;
    TRY(household_register_json(tx, &actor, from->household, "import", &id, NULL));
    /* A dry run goes all the way and is then undone: the same refusals, nothing kept. */
    return from->importing->order->dry_run ? error_new(ERROR_CANCELLED) : NULL;
}

/* Lane thread. */
static void
register_done(void *context, struct error *error)
{
    struct gathering *from = context;
    pthread_mutex_lock(&from->importing->mutex);
    from->error = error;
    from->answered = true;
    pthread_cond_signal(&from->importing->answered);
    pthread_mutex_unlock(&from->importing->mutex);
}

static void
await(struct gathering *from)
{
    pthread_mutex_lock(&from->importing->mutex);
    while (!from->answered)
        pthread_cond_wait(&from->importing->answered, &from->importing->mutex);
    pthread_mutex_unlock(&from->importing->mutex);
}

/* Takes the answer of the household that was sent first, so that refusals stand in the file's order. */
static struct error *
finish_oldest(struct importing *importing)
{
    struct gathering *from = &importing->ring[importing->oldest++ % HOUSEHOLDS_AHEAD];
    await(from);
    struct error *error = from->error;
    from->error = NULL;
    from->household = NULL;
    if (error && error->code != ERROR_CANCELLED && error_status(error->code) >= 500)
        return error; /* the machine's fault, not the row's: everything after it would fail too */
    if (error == NULL || error->code == ERROR_CANCELLED)
        importing->result.households++;
    else
        refuse_household(from, error);
    error_free(error);
    return NULL;
}

static struct error *
finish_all(struct importing *importing)
{
    struct error *error = NULL;
    while (importing->oldest < importing->newest) {
        struct error *next = finish_oldest(importing);
        if (error)
            error_free(next);
        else
            error = next;
    }
    return error;
}

/* A full lane is other people's work: this one waits its turn behind them. */
static struct error *
send_household(struct importing *importing)
{
    struct gathering *from = gathered(importing);
    if (from->household == NULL)
        return NULL;
    from->answered = false;
    from->job = (struct lane_job){.apply = register_apply, .done = register_done, .context = from, .arena = from->arena};
    if (!lane_submit(importing->lane, &from->job)) {
        TRY(finish_all(importing));
        register_done(from, lane_run(importing->lane, register_apply, from, from->arena));
    }
    importing->newest++;
    return importing->newest - importing->oldest == HOUSEHOLDS_AHEAD ? finish_oldest(importing) : NULL;
}

/* A copy of the row that lasts as long as its household. */
static void
add_member(struct importing *importing, const struct import_row *row)
{
    struct gathering *to = gathered(importing);
    const char **cells = ARENA_ARRAY(to->arena, const char *, row->count);
    for (size_t i = 0; i < row->count; i++)
        cells[i] = arena_text(to->arena, row->cells[i]);
    struct import_row kept = {row->line, cells, row->count};
    if (to->row_count <= LIMIT_MEMBERS)
        to->rows[to->row_count++] = kept;
    json_push(to->arena, json_get(to->household, "members"), fields_of_row(importing, importing->map.member, importing->map.member_count, &kept));
}

static void
start_household(struct importing *importing, const struct import_row *row)
{
    struct gathering *to = gathered(importing);
    arena_reset(to->arena);
    to->row_count = 0;
    to->group_key = group_key(importing, to->arena, row->cells, row->count);
    to->household = fields_of_row(importing, importing->map.household, importing->map.household_count, row);
    json_set(to->arena, to->household, "members", json_make(to->arena, JSON_ARRAY));
}

/* Rows of one household stand together, as a list that is sorted by family has them. */
static struct error *
take_row(struct importing *importing, const struct import_row *row)
{
    struct gathering *open = gathered(importing);
    bool same = importing->map.row_is_member && open->household && text_equal(group_key(importing, open->arena, row->cells, row->count), open->group_key);
    if (!same) {
        TRY(send_household(importing));
        start_household(importing, row);
    }
    add_member(importing, row);
    return importing->map.row_is_member ? NULL : send_household(importing);
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
    if (error == NULL)
        error = send_household(importing);
    struct error *last = finish_all(importing); /* what was sent is waited for, whatever happened */
    if (error)
        error_free(last);
    return error ? error : last;
}

static void
start_ring(struct importing *importing, struct arena *arena)
{
    importing->ring = ARENA_ARRAY(arena, struct gathering, HOUSEHOLDS_AHEAD);
    for (size_t i = 0; i < HOUSEHOLDS_AHEAD; i++)
        importing->ring[i] = (struct gathering){.importing = importing, .arena = arena_create()};
    pthread_mutex_init(&importing->mutex, NULL);
    pthread_cond_init(&importing->answered, NULL);
}

static void
end_ring(struct importing *importing)
{
    for (size_t i = 0; i < HOUSEHOLDS_AHEAD; i++)
        arena_destroy(importing->ring[i].arena);
    pthread_cond_destroy(&importing->answered);
    pthread_mutex_destroy(&importing->mutex);
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
    struct importing importing = {.order = order, .lane = lane};
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
    start_ring(&importing, arena);
    struct error *error = import_rows(&importing, &reader);
    end_ring(&importing);
    *ret_result = importing.result;
    return error;
}
