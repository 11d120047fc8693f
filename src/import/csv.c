/* csv.c: reading records. */
#include "import/csv.h"

#include <string.h>

#include "lumbung/base/buffer.h"

void
csv_start(struct csv_reader *reader, const char *text, size_t length, char delimiter)
{
    if (length >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0) {
        text += 3;
        length -= 3;
    }
    *reader = (struct csv_reader){.at = text, .end = text + length, .delimiter = delimiter, .next_line = 1};
}

static struct error *
csv_quoted(struct csv_reader *reader, struct arena *arena, const char **ret_cell)
{
    struct buffer cell;
    buffer_init(&cell, arena);
    for (reader->at++; reader->at < reader->end; reader->at++) {
        if (*reader->at == '"' && reader->at + 1 < reader->end && reader->at[1] == '"')
            reader->at++;
        else if (*reader->at == '"') {
            reader->at++;
            *ret_cell = buffer_text(&cell);
            return NULL;
        }
        reader->next_line += *reader->at == '\n';
        buffer_char(&cell, *reader->at);
    }
    return error_with(ERROR_FILE, arena_format(arena, "line %lld", (long long)reader->line), "a quote is not closed", NULL);
}

static const char *
csv_plain(struct csv_reader *reader, struct arena *arena)
{
    const char *start = reader->at;
    while (reader->at < reader->end && *reader->at != reader->delimiter && *reader->at != '\n' && *reader->at != '\r')
        reader->at++;
    return arena_copy(arena, start, (size_t)(reader->at - start));
}

/* Behind a cell: a delimiter goes on, a line end (CRLF, LF or CR) ends the record. */
static bool
csv_goes_on(struct csv_reader *reader)
{
    if (reader->at < reader->end && *reader->at == reader->delimiter) {
        reader->at++;
        return true;
    }
    if (reader->at < reader->end && *reader->at == '\r')
        reader->at++;
    if (reader->at < reader->end && *reader->at == '\n')
        reader->at++;
    reader->next_line++;
    return false;
}

struct error *
csv_next(struct csv_reader *reader, struct arena *arena, const char *ret_cells[CSV_COLUMNS_MAX], size_t *ret_count)
{
    *ret_count = 0;
    while (reader->at < reader->end && (*reader->at == '\n' || *reader->at == '\r')) {
        reader->next_line += *reader->at == '\n';
        reader->at++; /* empty lines hold no record */
    }
    if (reader->at >= reader->end)
        return NULL;
    reader->line = reader->next_line;
    reader->record = reader->at;
    bool more = true;
    while (more) {
        if (*ret_count == CSV_COLUMNS_MAX)
            return error_with(ERROR_FILE, arena_format(arena, "line %lld", (long long)reader->line), "more than 256 cells", NULL);
        const char *cell = "";
        if (reader->at < reader->end && *reader->at == '"')
            TRY(csv_quoted(reader, arena, &cell));
        else
            cell = csv_plain(reader, arena);
        ret_cells[(*ret_count)++] = cell;
        more = csv_goes_on(reader);
    }
    return NULL;
}
