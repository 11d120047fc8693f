/* sheet.h: a sheet of a workbook as the text of a CSV, so that one importer reads both. */
#ifndef LUMBUNG_IMPORT_SHEET_H
#define LUMBUNG_IMPORT_SHEET_H

#include <stdbool.h>

#include "lumbung/base/error.h"
#include "lumbung/base/text.h"

/* By its first bytes. */
bool sheet_is_workbook(struct bytes file);
/* Row n of the sheet is line n of the text; every cell stands in quotes, so that any delimiter does. `name` NULL: the first sheet. ERROR_WORKBOOK, ERROR_FILE
 * naming the sheet that is not there (and those that are) or the cell whose formula was never worked out. */
FALLIBLE struct error *sheet_text(struct arena *arena, struct bytes file, const char *name, char delimiter, struct bytes *ret_text);

#endif
