/* import.c: rows into registrations, the same path as the browser's; what is refused is named with line, column, value, reason and remedy. */
#include "lumbung/import.h"

#include <pthread.h>
#include <string.h>

#include "import/import_check.h"
#include "import/import_list.h"
#include "import/import_map.h"
#include "import/import_rows.h"
#include "import/import_store.h"
#include "import/sheet.h"
#include "lumbung/base/limits.h"
#include "lumbung/base/text.h"
#include "lumbung/household.h"
#include "lumbung/user.h"

/* Households under way at once: each is a job of its own, whose refusal undoes it alone, and as many as the lane finds waiting share one COMMIT. */
#define HOUSEHOLDS_AHEAD 64

struct importing;

/* A household that is gathered from rows, sent to the lane and answered by it. */
struct gathering {
    struct importing *importing;
    struct lane_job job;
    struct arena *arena;
    struct json *household;
    struct import_row *rows; /* what it was gathered from, to name the line at fault */
    size_t row_count, row_total;
    struct contradictions found;
    bool blocked;            /* by a contradiction: it is not sent */
    struct import_tags tags;
    enum import_part part;   /* set by the lane */
    bool answered;           /* under the import's mutex, as the error */
    struct error *error;
};

struct importing {
    const struct import_order *order;
    struct import_map map;
    struct csv_reader reader;  /* of the whole file: copied to read at a place */
    struct rows rows;
    uint8_t source[CRYPTO_TAG_SIZE];
    struct gathering *ring;    /* HOUSEHOLDS_AHEAD of them; between `oldest` and `newest` lie those that were sent */
    size_t oldest, newest;     /* they only grow; the place is the remainder */
    pthread_mutex_t mutex;
    pthread_cond_t answered;
    struct import_result result;
    struct import_sums sums;
    struct lane *lane;
};

/* --- gathering ------------------------------------------------------------------------------------------------------------------------ */

/* Columns first: a constant completes what they began. */
static struct json *
fields_of_row(struct gathering *to, const struct map_field *fields, size_t field_count, const struct import_row *row)
{
    struct json *object = json_make(to->arena, JSON_OBJECT);
    for (int constants = 0; constants < 2; constants++)
        for (size_t i = 0; i < field_count; i++) {
            if ((fields[i].source == MAP_CONST) != (constants == 1))
                continue;
            struct json *value = import_map_value(to->arena, &to->importing->map, &fields[i], row->cells, row->count);
            if (value)
                import_map_set(to->arena, object, fields[i].path, value, constants == 1);
        }
    return object;
}

static void
tag(const struct importing *importing, const char *what, const void *bytes, size_t length, struct arena *arena, uint8_t ret_tag[CRYPTO_TAG_SIZE])
{
    struct buffer text;
    buffer_init(&text, arena);
    buffer_format(&text, "import %s\n", what);
    buffer_bytes(&text, bytes, length);
    keyring_tag_bytes(importing->order->keyring, "body", text.data, text.length, ret_tag);
}

static void
add_content(struct buffer *content, const struct import_row *row)
{
    for (size_t i = 0; i < row->count; i++) {
        buffer_add(content, row->cells[i]);
        buffer_char(content, '\n');
    }
    buffer_char(content, '\n');
}

/* The cells last as long as the household. One row more than fit is read, so that the registration says so. */
static struct error *
read_rows(struct importing *importing, struct gathering *to, const struct rows_group *group)
{
    struct csv_reader reader = importing->reader;
    struct buffer content;
    buffer_init(&content, to->arena);
    to->row_total = group->count;
    to->row_count = group->count <= LIMIT_MEMBERS + 1 ? group->count : LIMIT_MEMBERS + 1;
    to->rows = ARENA_ARRAY(to->arena, struct import_row, to->row_count);
    size_t place = group->first;
    for (size_t i = 0; i < to->row_count; i++, place = importing->rows.places[place].next) {
        const char *cells[CSV_COLUMNS_MAX];
        size_t count = 0;
        reader.at = importing->rows.places[place].at;
        TRY(csv_next(&reader, to->arena, cells, &count));
        const char **kept = ARENA_ARRAY(to->arena, const char *, count);
        memcpy(kept, cells, count * sizeof *kept);
        to->rows[i] = (struct import_row){importing->rows.places[place].line, kept, count};
        add_content(&content, &to->rows[i]);
    }
    memcpy(to->tags.source, importing->source, CRYPTO_TAG_SIZE);
    tag(importing, "key", group->key, ROWS_KEY_SIZE, to->arena, to->tags.key);
    tag(importing, "content", content.data, content.length, to->arena, to->tags.content);
    return NULL;
}

static struct error *
gather(struct importing *importing, const struct rows_group *group, struct gathering *to)
{
    const struct import_map *map = &importing->map;
    arena_reset(to->arena);
    to->found = (struct contradictions){0};
    to->blocked = to->answered = false;
    TRY(read_rows(importing, to, group));
    to->household = fields_of_row(to, map->household, map->household_count, &to->rows[0]);
    struct json *members = json_make(to->arena, JSON_ARRAY);
    json_set(to->arena, to->household, "members", members);
    for (size_t i = 0; i < (map->row_is_member ? to->row_count : 1); i++)
        json_push(to->arena, members, fields_of_row(to, map->member, map->member_count, &to->rows[i]));
    import_check(to->arena, map, to->rows, to->row_count, to->row_total, to->household, &to->found);
    for (size_t i = 0; i < to->found.count; i++)
        to->blocked |= to->found.items[i].refuses;
    return NULL;
}

/* --- registering ---------------------------------------------------------------------------------------------------------------------- */

static struct error *
register_apply(struct tx *tx, void *context)
{
    struct gathering *from = context;
    struct actor actor = user_console_actor();
    struct id id;
    bool known = false, same = false;
    TRY(import_store_find(tx, &from->tags, &known, &same));
    from->part = known ? PART_KNOWN : PART_IN;
    if (known && !same)
        return error_with(ERROR_EXISTS, "the household's key, with other content than now: correct the household in the registry, or give its lines another key", NULL, NULL);
    if (known)
        return NULL;
    TRY(household_register_json(tx, &actor, from->household, "import", &id, NULL));
    TRY(import_store_insert(tx, &from->tags, id));
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

static void
count_answer(struct importing *importing, const struct gathering *from, enum import_part part)
{
    struct import_result *result = &importing->result;
    int64_t persons = (int64_t)from->row_total;
    result->rows += persons;
    result->households += part == PART_IN;
    result->persons += part == PART_IN ? persons : 0;
    result->known += part == PART_KNOWN;
    result->known_persons += part == PART_KNOWN ? persons : 0;
    result->refused += part == PART_REFUSED;
    result->refused_persons += part == PART_REFUSED ? persons : 0;
    if (importing->order->sums)
        import_sums_add(&importing->sums, part, from->household, from->row_total);
}

/* Takes the answer of the household that was sent first, so that refusals stand in the file's order. */
static struct error *
finish_oldest(struct importing *importing)
{
    struct gathering *from = &importing->ring[importing->oldest++ % HOUSEHOLDS_AHEAD];
    await(from);
    struct error *error = from->error;
    from->error = NULL;
    if (error && error->code != ERROR_CANCELLED && error_status(error->code) >= 500)
        return error; /* the machine's fault, not the row's: everything after it would fail too */
    bool refused = from->blocked || (error && error->code != ERROR_CANCELLED);
    count_answer(importing, from, refused ? PART_REFUSED : from->part);
    for (size_t i = 0; i < from->found.count; i++) {
        importing->result.listed += !refused && from->part == PART_IN;
        if (importing->order->errors && (refused || from->part == PART_IN))
            import_list_add(importing->order->errors, &from->found.items[i]);
    }
    if (refused && error && importing->order->errors)
        import_list_error(importing->order->errors, from->arena, &importing->map, from->rows, from->row_count, error);
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
send_household(struct importing *importing, struct gathering *from)
{
    from->job = (struct lane_job){.apply = register_apply, .done = register_done, .context = from, .arena = from->arena};
    if (from->blocked) {
        register_done(from, NULL);
    } else if (!lane_submit(importing->lane, &from->job)) {
        TRY(finish_all(importing));
        register_done(from, lane_run(importing->lane, register_apply, from, from->arena));
    }
    importing->newest++;
    return importing->newest - importing->oldest == HOUSEHOLDS_AHEAD ? finish_oldest(importing) : NULL;
}

static struct error *
import_groups(struct importing *importing)
{
    const struct import_order *order = importing->order;
    struct error *error = NULL;
    for (size_t i = 0; error == NULL && i < importing->rows.group_count; i++) {
        struct gathering *next = &importing->ring[importing->newest % HOUSEHOLDS_AHEAD];
        error = gather(importing, &importing->rows.groups[i], next);
        if (error == NULL)
            error = send_household(importing, next);
        if (order->progress && i % 100 == 99)
            order->progress(order->context, importing->result.rows, (int64_t)importing->rows.count);
    }
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

/* --- the file ------------------------------------------------------------------------------------------------------------------------- */

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

static struct error *
open_file(struct importing *importing, struct arena *arena, struct bytes *ret_text)
{
    const struct import_order *order = importing->order;
    struct bytes text = {(const uint8_t *)order->text, order->length};
    const char *sheet = json_get_text(order->map, "sheet");
    if (sheet_is_workbook(text))
        TRY(sheet_text(arena, text, sheet, import_map_delimiter(order->map), &text));
    else if (sheet)
        return error_with(ERROR_FILE, "the file", "the map names a sheet, but it is no XLSX workbook", NULL);
    else if (text_equal(json_get_text(order->map, "encoding"), "latin-1"))
        text = from_latin1(arena, text);
    if (!text_utf8_valid((const char *)text.data, text.length))
        return error_with(ERROR_FILE, "the CSV", "it is not UTF-8; save it again as UTF-8, or say \"encoding\": \"latin-1\" in the map", NULL);
    const char **head = ARENA_ARRAY(arena, const char *, CSV_COLUMNS_MAX);
    size_t head_count = 0;
    csv_start(&importing->reader, (const char *)text.data, text.length, import_map_delimiter(order->map));
    TRY(csv_next(&importing->reader, arena, head, &head_count));
    for (size_t i = 0; i < head_count; i++)
        head[i] = text_normalize(arena, head[i]);
    *ret_text = text;
    return import_map_read(arena, order->map, head, head_count, &importing->map);
}

struct error *
import_households(struct lane *lane, struct arena *arena, const struct import_order *order, struct import_result *ret_result)
{
    struct importing importing = {.order = order, .lane = lane, .sums = {.arena = arena}};
    struct bytes text = {0};
    TRY(open_file(&importing, arena, &text));
    if (importing.map.source)
        tag(&importing, "source", importing.map.source, strlen(importing.map.source), arena, importing.source);
    else
        tag(&importing, "file", text.data, text.length, arena, importing.source);
    TRY(rows_read(arena, &importing.map, importing.reader, &importing.rows));
    if (order->errors)
        import_list_head(order->errors);
    start_ring(&importing, arena);
    struct error *error = import_groups(&importing);
    end_ring(&importing);
    if (order->sums)
        import_sums_print(&importing.sums, order->sums);
    *ret_result = importing.result;
    return error;
}
