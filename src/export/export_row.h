/* export_row.h: records of an exported file as they are read, cell by cell, whatever the format. */
#ifndef LUMBUNG_EXPORT_ROW_H
#define LUMBUNG_EXPORT_ROW_H

#include <stdio.h>

#include "export/export_read.h"

#define CELL_MAX 64 /* the cells that are added up are shorter */

enum { WANTED_CURRENCY, WANTED_STATE, WANTED_AMOUNT, WANTED_PAID, WANTED_RETURNED, WANTED_COUNT };
extern const char *const export_row_columns[WANTED_COUNT];

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

/* The cell is whole: kept when its column is wanted. In the first record it names its column. */
void export_row_cell(struct row_reader *reader);
/* The record is whole: added up, unless it is the head. */
FALLIBLE struct error *export_row_end(struct row_reader *reader);
/* What a record gives that has its values already. */
FALLIBLE struct error *export_row_add(struct row_reader *reader, const char *currency, const char *state, const int64_t sums[3]);
/* ERROR_TAMPERED naming the record. */
struct error *export_row_bad(const struct row_reader *reader, const char *what);

/* The one sheet of a workbook as its library wrote it: rows of numbers and of texts in place. */
FALLIBLE struct error *export_sheet_read(FILE *file, struct row_reader *reader);

#endif
