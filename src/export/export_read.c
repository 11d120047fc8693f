/* export_read.c: exported files read back, a block at a time. */
#include "export/export_row.h"

#include <string.h>

#include "lumbung/base/json.h"

#define ROW_BYTES_MAX 65536

/* --- CSV ---------------------------------------------------------------------------------------------------------------------------------- */

static struct error *
end_line(struct row_reader *reader)
{
    export_row_cell(reader);
    return export_row_end(reader);
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
            export_row_cell(reader);
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
        return export_row_bad(reader, "it is no JSON object");
    }
    for (int i = 0; i < 3; i++)
        if ((sums[i] = json_get_int(json, export_row_columns[WANTED_AMOUNT + i], INT64_MIN)) == INT64_MIN)
            return export_row_bad(reader, "an amount is no whole number");
    TRY(export_row_add(reader, json_get_text(json, "currency"), json_get_text(json, "state"), sums));
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
        return export_row_bad(reader, "it is too long for a row");
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
    if (fault == NULL && format == EXPORT_XLSX && !ferror(file))
        fault = export_sheet_read(file, reader);
    if (fault == NULL && reader->any)
        fault = export_row_bad(reader, "it does not end");
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
