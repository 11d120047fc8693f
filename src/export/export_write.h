/* export_write.h: cells into a file: CSV, NDJSON and XLSX behind one set of calls. */
#ifndef LUMBUNG_EXPORT_WRITE_H
#define LUMBUNG_EXPORT_WRITE_H

#include "lumbung/export.h"

/* Below the head. */
#define EXPORT_SHEET_ROWS_MAX INT64_C(1048575)

/* Where temporary files of the registry go. */
const char *export_directory(struct tx *tx);

struct export_writer;
/* `directory` takes the temporary file. */
FALLIBLE struct error *export_writer_open(struct arena *arena, enum export_format format, const char *directory, const char *const *columns, size_t column_count,
                                          struct export_writer **ret_writer);
void export_put_text(struct export_writer *writer, const char *text); /* NULL: an empty cell */
/* A text of ours (an id, an instant, a code) that needs neither quotes nor the formula check. */
void export_put_plain(struct export_writer *writer, const char *text);
void export_put_id(struct export_writer *writer, struct id id); /* the zero id: an empty cell */
void export_put_instant(struct export_writer *writer, int64_t at_ms); /* 0: an empty cell */
void export_put_int(struct export_writer *writer, int64_t value);
/* ERROR_SHEET_ROWS when the format cannot hold so many. */
FALLIBLE struct error *export_check_rows(enum export_format format, int64_t rows);
FALLIBLE struct error *export_end_row(struct export_writer *writer);
/* Flushes, rewinds and digests. The writer is gone afterwards, also on failure. */
FALLIBLE struct error *export_writer_finish(struct export_writer *writer, struct export_result *ret_result);
void export_writer_drop(struct export_writer *writer);

/* The one place that knows the spreadsheet library. */
struct export_sheet;
/* Writes into `file`; what does not fit into memory goes to nameless files in `directory`. */
struct export_sheet *export_sheet_open(struct arena *arena, int file, const char *directory, const char *const *columns, size_t column_count);
void export_sheet_text(struct export_sheet *sheet, const char *text);
void export_sheet_int(struct export_sheet *sheet, int64_t value);
void export_sheet_end_row(struct export_sheet *sheet);
bool export_sheet_close(struct export_sheet *sheet); /* false: the disk is full, or failed */

#endif
