/* csv.h: RFC 4180 and its usual cousins: any delimiter, CRLF or LF, quotes, a byte order mark. */
#ifndef LUMBUNG_IMPORT_CSV_H
#define LUMBUNG_IMPORT_CSV_H

#include "lumbung/base/arena.h"
#include "lumbung/base/error.h"

#define CSV_COLUMNS_MAX 256

struct csv_reader {
    const char *at, *end;
    const char *record;      /* where the record that was read last begins */
    char delimiter;
    int64_t line, next_line; /* of the record that was read last, from 1 */
};
void csv_start(struct csv_reader *reader, const char *text, size_t length, char delimiter);
/* The next record's cells, in the arena; *ret_count 0 at the end. ERROR_FILE for an open quote or too many cells. */
FALLIBLE struct error *csv_next(struct csv_reader *reader, struct arena *arena, const char *ret_cells[CSV_COLUMNS_MAX], size_t *ret_count);

#endif
