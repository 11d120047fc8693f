/* export_read.c: exported files read back, a block at a time. */
#include "export/export_read.h"

#include <stdio.h>
#include <string.h>

#include "lumbung/base/json.h"
#include "lumbung/base/money.h"
#include "lumbung/base/text.h"

#define CELL_MAX 64       /* the cells that are added up are shorter */
#define ROW_BYTES_MAX 65536

enum { WANTED_CURRENCY, WANTED_STATE, WANTED_AMOUNT, WANTED_PAID, WANTED_RETURNED, WANTED_COUNT };
static const char *const wanted_columns[WANTED_COUNT] = {"currency", "state", "amount_minor", "paid_minor", "returned_minor"};

struct row_reader {
    struct export_facts *facts;
    struct arena *arena;          /* of one line of NDJSON */
    struct buffer line;
    int64_t number;               /* of the record, for people: from 1, the head of a CSV being the first */
    char cell[CELL_MAX];
    size_t length;                /* of the cell, also beyond CELL_MAX */
    int column;
    int places[WANTED_COUNT];     /* which column holds it; -1 not seen */
    char values[WANTED_COUNT][CELL_MAX];
    bool quoted, after_quote, any; /* any: the record has begun */
};

struct error *
export_total_add(struct export_totals *totals, const struct export_total *row)
{
    struct export_total *total = NULL;
    for (size_t i = 0; i < totals->count && total == NULL; i++)
        if (text_equal(totals->list[i].currency, row->currency) && text_equal(totals->list[i].state, row->state))
            total = &totals->list[i];
    if (total == NULL) {
        if (totals->count == EXPORT_TOTALS_MAX)
            return error_internal("export: too many kinds of totals");
        total = &totals->list[totals->count++];
        *total = (struct export_total){0};
        memcpy(total->currency, row->currency, sizeof total->currency);
        memcpy(total->state, row->state, sizeof total->state);
    }
    total->rows++;
    if (!money_add(total->amount_minor, row->amount_minor, &total->amount_minor) || !money_add(total->paid_minor, row->paid_minor, &total->paid_minor) ||
        !money_add(total->returned_minor, row->returned_minor, &total->returned_minor))
        return error_internal("export: a sum overflows");
    return NULL;
}

static struct error *
bad_line(const struct row_reader *reader, const char *what)
{
    char text[160];
    snprintf(text, sizeof text, "record %lld: %s", (long long)reader->number, what);
    return error_with(ERROR_TAMPERED, text, NULL, NULL);
}

/* --- what both formats give --------------------------------------------------------------------------------------------------------------- */

static struct error *
add_row(struct row_reader *reader, const char *currency, const char *state, const int64_t sums[3])
{
    struct export_total row = {.amount_minor = sums[0], .paid_minor = sums[1], .returned_minor = sums[2]};
    if (currency == NULL || strlen(currency) >= sizeof row.currency || state == NULL || strlen(state) >= sizeof row.state)
        return bad_line(reader, "its currency or state is none of an export");
    memcpy(row.currency, currency, strlen(currency));
    memcpy(row.state, state, strlen(state));
    reader->facts->rows++;
    return export_total_add(&reader->facts->totals, &row);
}

/* --- CSV ---------------------------------------------------------------------------------------------------------------------------------- */

static struct error *
end_head(struct row_reader *reader)
{
    for (int i = 0; i < WANTED_COUNT; i++)
        if (reader->places[i] < 0)
            return bad_line(reader, "it is not the head of an export");
    return NULL;
}

static struct error *
end_record(struct row_reader *reader)
{
    int64_t sums[3];
    if (reader->number == 1)
        return end_head(reader);
    for (int i = 0; i < 3; i++)
        if (!text_parse_int(reader->values[WANTED_AMOUNT + i], &sums[i]))
            return bad_line(reader, "an amount is no whole number");
    return add_row(reader, reader->values[WANTED_CURRENCY], reader->values[WANTED_STATE], sums);
}

static void
end_cell(struct row_reader *reader)
{
    size_t length = reader->length < CELL_MAX ? reader->length : CELL_MAX - 1;
    reader->cell[length] = '\0';
    for (int i = 0; i < WANTED_COUNT; i++) {
        if (reader->number == 1 && text_equal(reader->cell, wanted_columns[i]))
            reader->places[i] = reader->column;
        else if (reader->number > 1 && reader->places[i] == reader->column)
            memcpy(reader->values[i], reader->cell, length + 1);
    }
    reader->column++;
    reader->length = 0;
    reader->after_quote = false;
}

static struct error *
end_line(struct row_reader *reader)
{
    end_cell(reader);
    TRY(end_record(reader));
    memset(reader->values, 0, sizeof reader->values);
    reader->number++;
    reader->column = 0;
    reader->any = false;
    return NULL;
}

/* RFC 4180. A quote inside quotes ends them, unless another follows. */
static struct error *
take_csv(struct row_reader *reader, char character)
{
    reader->any = true;
    if (character == '"') {
        bool doubled = !reader->quoted && reader->after_quote;
        reader->quoted = !reader->quoted;
        reader->after_quote = !reader->quoted;
        if (!doubled)
            return NULL;
    } else {
        reader->after_quote = false;
        if (!reader->quoted && character == ',') {
            end_cell(reader);
            return NULL;
        }
        if (!reader->quoted && character == '\n')
            return end_line(reader);
        if (!reader->quoted && character == '\r')
            return NULL;
    }
    if (reader->length < CELL_MAX)
        reader->cell[reader->length] = character;
    reader->length++;
    return NULL;
}

/* --- NDJSON ------------------------------------------------------------------------------------------------------------------------------- */

static struct error *
end_object(struct row_reader *reader)
{
    struct json *json = NULL;
    int64_t sums[3];
    struct error *error = json_parse(reader->arena, reader->line.data, reader->line.length, &json);
    if (error) {
        error_free(error);
        return bad_line(reader, "it is no JSON object");
    }
    for (int i = 0; i < 3; i++)
        if ((sums[i] = json_get_int(json, wanted_columns[WANTED_AMOUNT + i], INT64_MIN)) == INT64_MIN)
            return bad_line(reader, "an amount is no whole number");
    TRY(add_row(reader, json_get_text(json, "currency"), json_get_text(json, "state"), sums));
    arena_reset(reader->arena);
    buffer_init(&reader->line, reader->arena);
    reader->number++;
    reader->any = false;
    return NULL;
}

static struct error *
take_ndjson(struct row_reader *reader, char character)
{
    if (character == '\n')
        return end_object(reader);
    if (reader->line.length == ROW_BYTES_MAX)
        return bad_line(reader, "it is too long for a row");
    reader->any = true;
    buffer_char(&reader->line, character);
    return NULL;
}

/* --- the file ----------------------------------------------------------------------------------------------------------------------------- */

static struct error *
take_block(struct row_reader *reader, enum export_format format, const char *block, size_t length)
{
    for (size_t i = 0; format == EXPORT_CSV && i < length; i++)
        TRY(take_csv(reader, block[i]));
    for (size_t i = 0; format == EXPORT_NDJSON && i < length; i++)
        TRY(take_ndjson(reader, block[i]));
    return NULL;
}

static struct error *
read_rows(FILE *file, enum export_format format, struct row_reader *reader)
{
    struct export_facts *facts = reader->facts;
    struct sha256 state;
    uint8_t digest[SHA256_SIZE];
    char block[SPOOL_BLOCK];
    size_t got;
    struct error *fault = NULL;
    sha256_start(&state);
    while (fault == NULL && (got = fread(block, 1, sizeof block, file)) > 0) {
        sha256_update(&state, block, got);
        fault = take_block(reader, format, block, got);
    }
    sha256_finish(&state, digest);
    hex_print(digest, sizeof digest, facts->sha256);
    if (fault == NULL && reader->any)
        fault = bad_line(reader, "it does not end");
    return fault;
}

struct error *
export_read(const char *path, enum export_format format, struct export_facts *ret_facts)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL)
        return error_with(ERROR_FILE, path, "it cannot be opened", NULL);
    *ret_facts = (struct export_facts){0};
    struct row_reader reader = {.facts = ret_facts, .arena = arena_create(), .number = 1, .places = {-1, -1, -1, -1, -1}};
    buffer_init(&reader.line, reader.arena);
    struct error *error = read_rows(file, format, &reader);
    if (error == NULL && ferror(file))
        error = error_with(ERROR_FILE, path, "it cannot be read to its end", NULL);
    fclose(file);
    arena_destroy(reader.arena);
    return error;
}
