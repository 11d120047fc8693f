/* edition_read.c: the lines of an edition, each checked by itself and against the tree. */
#include <string.h>

#include "edition/edition.h"
#include "import/csv.h"
#include "lumbung/base/json.h"
#include "lumbung/base/limits.h"
#include "lumbung/base/text.h"

#define CODE_CHARACTERS_MAX 40

const char *const edition_change_words[] = {"renamed", "recoded", "split", "merged", "abolished"};
#define CHANGE_COUNT (sizeof edition_change_words / sizeof edition_change_words[0])
#define CHANGES_SAID "renamed, recoded, split, merged, abolished"

enum column { COLUMN_CHANGE, COLUMN_CODE, COLUMN_TO, COLUMN_NAME, COLUMN_HAMLET, COLUMN_RW, COLUMN_RT, COLUMN_COUNT };
static const char *const columns[COLUMN_COUNT] = {"change", "code", "to", "name", "hamlet", "rw", "rt"};
static const size_t characters_max[COLUMN_COUNT] = {20, CODE_CHARACTERS_MAX, CODE_CHARACTERS_MAX, LIMIT_NAME, 80, 10, 10};

struct reading {
    struct tx *tx;
    struct edition edition;
    struct error *faults;
};

static void
fault(struct reading *reading, int64_t line, enum column column, enum fault_code code, const char *argument)
{
    error_add_fault(&reading->faults, arena_format(reading->tx->arena, "row %lld, column %s", (long long)line, columns[column]), code, argument, NULL);
}

static const char *
cell_text(struct reading *reading, int64_t line, enum column column, const char *text)
{
    char *clean = text_normalize(reading->tx->arena, text);
    if (text_characters(clean) > characters_max[column])
        error_add_fault(&reading->faults, arena_format(reading->tx->arena, "row %lld, column %s", (long long)line, columns[column]), FAULT_LENGTH, "1",
                        arena_format(reading->tx->arena, "%zu", characters_max[column]));
    else if (!text_is_clean(clean, false))
        fault(reading, line, column, FAULT_TEXT, NULL);
    return clean;
}

static void
add_row(struct reading *reading, int64_t line, const char *const cells[COLUMN_COUNT])
{
    const char *text[COLUMN_COUNT];
    for (int i = 0; i < COLUMN_COUNT; i++)
        text[i] = cell_text(reading, line, (enum column)i, cells[i]);
    size_t change = 0;
    while (change < CHANGE_COUNT && !text_equal(edition_change_words[change], text[COLUMN_CHANGE]))
        change++;
    if (change == CHANGE_COUNT) {
        fault(reading, line, COLUMN_CHANGE, FAULT_CODE, CHANGES_SAID);
        return;
    }
    reading->edition.rows[reading->edition.count++] = (struct edition_row){
        .line = line, .change = (enum edition_change)change, .code = text[COLUMN_CODE], .to = text[COLUMN_TO], .name = text[COLUMN_NAME],
        .hamlet = text[COLUMN_HAMLET], .rw = text[COLUMN_RW], .rt = text[COLUMN_RT]};
}

static struct error *
read_head(struct reading *reading, struct csv_reader *reader, size_t ret_places[COLUMN_COUNT])
{
    const char *cells[CSV_COLUMNS_MAX];
    size_t count = 0;
    TRY(csv_next(reader, reading->tx->arena, cells, &count));
    for (int column = 0; column < COLUMN_COUNT; column++) {
        ret_places[column] = CSV_COLUMNS_MAX;
        for (size_t i = 0; i < count; i++)
            if (text_equal(text_normalize(reading->tx->arena, cells[i]), columns[column]))
                ret_places[column] = i;
        if (ret_places[column] == CSV_COLUMNS_MAX && column <= COLUMN_TO)
            fault(reading, 1, (enum column)column, FAULT_REQUIRED, NULL);
    }
    return reading->faults;
}

static struct error *
read_rows(struct reading *reading, const char *csv, size_t length)
{
    struct csv_reader reader;
    size_t places[COLUMN_COUNT], count = 1;
    if (!text_utf8_valid(csv, length) || (length > 0 && memchr(csv, '\0', length)))
        return error_with(ERROR_MALFORMED, "the file is not text in UTF-8; save it as CSV in UTF-8", NULL, NULL);
    csv_start(&reader, csv, length, ',');
    TRY(read_head(reading, &reader, places));
    reading->edition.rows = ARENA_ARRAY(reading->tx->arena, struct edition_row, EDITION_ROWS_MAX);
    for (;;) {
        const char *cells[CSV_COLUMNS_MAX], *wanted[COLUMN_COUNT];
        TRY(csv_next(&reader, reading->tx->arena, cells, &count));
        if (count == 0)
            break;
        if (reading->edition.count == EDITION_ROWS_MAX)
            return error_with(ERROR_TOO_LARGE, "2,000 rows", NULL, NULL);
        for (int i = 0; i < COLUMN_COUNT; i++)
            wanted[i] = places[i] < count ? cells[places[i]] : "";
        add_row(reading, reader.line, wanted);
    }
    if (reading->edition.count == 0 && !reading->faults)
        fault(reading, 2, COLUMN_CHANGE, FAULT_REQUIRED, NULL);
    return NULL;
}

/* --- against the tree ----------------------------------------------------------------------------------------------------------------- */

static bool
closes(const struct edition_row *row)
{
    return row->change == EDITION_MERGED || row->change == EDITION_ABOLISHED;
}

/* The line that makes this code: a split that adds it, or a new code of a region. */
static const struct edition_row *
maker_of(const struct edition *edition, size_t before, const char *code)
{
    for (size_t i = 0; i < before; i++)
        if ((edition->rows[i].adds || edition->rows[i].change == EDITION_RECODED) && text_equal(edition->rows[i].to, code))
            return &edition->rows[i];
    return NULL;
}

static bool
is_closed_by(const struct edition *edition, const char *code, const struct edition_row *except)
{
    for (size_t i = 0; i < edition->count; i++)
        if (&edition->rows[i] != except && closes(&edition->rows[i]) && text_equal(edition->rows[i].code, code))
            return true;
    return false;
}

static void
want(struct reading *reading, const struct edition_row *row, enum column column, const char *text, bool wanted)
{
    if (wanted && text[0] == '\0')
        fault(reading, row->line, column, FAULT_REQUIRED, NULL);
    if (!wanted && text[0] != '\0')
        fault(reading, row->line, column, FAULT_UNKNOWN, NULL);
}

static void
check_cells(struct reading *reading, const struct edition_row *row)
{
    bool by_place = row->change == EDITION_SPLIT;
    want(reading, row, COLUMN_CODE, row->code, true);
    want(reading, row, COLUMN_TO, row->to, row->change != EDITION_RENAMED && row->change != EDITION_ABOLISHED);
    if (row->change != EDITION_SPLIT)
        want(reading, row, COLUMN_NAME, row->name, row->change == EDITION_RENAMED);
    if (by_place && !row->hamlet[0] && !row->rw[0] && !row->rt[0])
        fault(reading, row->line, COLUMN_HAMLET, FAULT_REQUIRED, NULL);
    if (!by_place) {
        want(reading, row, COLUMN_HAMLET, row->hamlet, false);
        want(reading, row, COLUMN_RW, row->rw, false);
        want(reading, row, COLUMN_RT, row->rt, false);
    }
    if (row->to[0] && text_equal(row->code, row->to))
        fault(reading, row->line, COLUMN_TO, FAULT_CONFLICT, row->code);
}

static struct error *
resolve_from(struct reading *reading, struct edition_row *row)
{
    struct region region;
    bool found = false;
    TRY(region_find_code(reading->tx, row->code, &region, &found));
    if (!found || region.is_closed) {
        fault(reading, row->line, COLUMN_CODE, FAULT_REFERENCE, row->code);
        return NULL;
    }
    row->from_id = region.id;
    if (closes(row) && region.has_children)
        fault(reading, row->line, COLUMN_CODE, FAULT_CONFLICT, "wilayah di bawahnya / the regions below it");
    if (closes(row) && is_closed_by(&reading->edition, row->code, row))
        fault(reading, row->line, COLUMN_CODE, FAULT_DOUBLED, NULL);
    return NULL;
}

static struct error *
resolve_to(struct reading *reading, struct edition_row *row, size_t at)
{
    struct region region;
    bool found = false;
    const struct edition_row *maker = maker_of(&reading->edition, at, row->to);
    TRY(region_find_code(reading->tx, row->to, &region, &found));
    bool taken = found || maker;
    if (row->change == EDITION_RECODED) {
        if (taken)
            fault(reading, row->line, COLUMN_TO, FAULT_CONFLICT, arena_format(reading->tx->arena, "%s: this code is taken", row->to));
        return NULL;
    }
    if (is_closed_by(&reading->edition, row->to, NULL) || (found && region.is_closed))
        fault(reading, row->line, COLUMN_TO, FAULT_CONFLICT, arena_format(reading->tx->arena, "%s: this region ends", row->to));
    row->adds = row->change == EDITION_SPLIT && !taken;
    if (row->adds && row->name[0] == '\0')
        fault(reading, row->line, COLUMN_NAME, FAULT_REQUIRED, NULL);
    if (!taken && row->change == EDITION_MERGED)
        fault(reading, row->line, COLUMN_TO, FAULT_REFERENCE, row->to);
    row->to_id = row->adds ? tx_new_id(reading->tx) : found ? region.id : maker ? (maker->adds ? maker->to_id : maker->from_id) : (struct id){{0}};
    return NULL;
}

struct error *
edition_read(struct tx *tx, const char *csv, size_t length, struct edition *ret_edition)
{
    struct reading reading = {.tx = tx};
    struct error *failed = read_rows(&reading, csv, length);
    if (failed && failed != reading.faults)
        error_free(reading.faults);
    TRY(failed);
    for (size_t i = 0; i < reading.edition.count; i++) {
        struct edition_row *row = &reading.edition.rows[i];
        check_cells(&reading, row);
        if (row->code[0])
            failed = resolve_from(&reading, row);
        if (!failed && row->to[0])
            failed = resolve_to(&reading, row, i);
        if (failed) {
            error_free(reading.faults);
            return failed;
        }
    }
    if (reading.faults)
        return reading.faults;
    *ret_edition = reading.edition;
    return NULL;
}

/* --- as a job keeps it ---------------------------------------------------------------------------------------------------------------- */

static void
set_id(struct arena *arena, struct json *object, const char *name, struct id id)
{
    char text[ID_TEXT_SIZE];
    id_print(id, text);
    if (!id_is_zero(id))
        json_set(arena, object, name, json_make_text(arena, text));
}

struct json *
edition_to_json(struct arena *arena, const struct edition *edition)
{
    struct json *rows = json_make(arena, JSON_ARRAY);
    for (size_t i = 0; i < edition->count; i++) {
        const struct edition_row *row = &edition->rows[i];
        const struct { const char *name, *text; } texts[] = {{"code", row->code}, {"to", row->to}, {"name", row->name}, {"hamlet", row->hamlet}, {"rw", row->rw}, {"rt", row->rt}};
        struct json *object = json_make(arena, JSON_OBJECT);
        json_set(arena, object, "line", json_make_int(arena, row->line));
        json_set(arena, object, "change", json_make_int(arena, row->change));
        json_set(arena, object, "adds", json_make_bool(arena, row->adds));
        for (size_t j = 0; j < sizeof texts / sizeof texts[0]; j++)
            json_set(arena, object, texts[j].name, json_make_text(arena, texts[j].text));
        set_id(arena, object, "from_id", row->from_id);
        set_id(arena, object, "to_id", row->to_id);
        json_push(arena, rows, object);
    }
    return rows;
}

struct error *
edition_from_json(struct arena *arena, const struct json *json, struct edition *ret_edition)
{
    if (json == NULL || json->kind != JSON_ARRAY)
        return error_internal("region edition: bad input");
    struct edition edition = {ARENA_ARRAY(arena, struct edition_row, json->count), json->count};
    for (size_t i = 0; i < json->count; i++) {
        const struct json *object = json->items[i], *adds = json_get(object, "adds");
        const char *from = json_get_text(object, "from_id"), *to = json_get_text(object, "to_id");
        struct edition_row *row = &edition.rows[i];
        *row = (struct edition_row){.line = json_get_int(object, "line", 0), .change = (enum edition_change)json_get_int(object, "change", 0),
                                    .code = json_get_text(object, "code"), .to = json_get_text(object, "to"), .name = json_get_text(object, "name"),
                                    .hamlet = json_get_text(object, "hamlet"), .rw = json_get_text(object, "rw"), .rt = json_get_text(object, "rt"),
                                    .adds = adds && adds->boolean};
        if (!from || !id_parse(from, &row->from_id) || (to && !id_parse(to, &row->to_id)))
            return error_internal("region edition: bad input");
    }
    *ret_edition = edition;
    return NULL;
}
