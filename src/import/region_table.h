/* region_table.h: tables of regions as other countries publish them, a column pair a level, into the tree's own CSV. */
#ifndef LUMBUNG_IMPORT_REGION_TABLE_H
#define LUMBUNG_IMPORT_REGION_TABLE_H

#include "lumbung/base/error.h"
#include "lumbung/base/text.h"

struct json;
/* `map`: {sheet?, delimiter?, first_level? (1), levels: [{code: column, name: column, kind: word}], the largest first}. CSV or XLSX. ERROR_FIELDS: faults of the
 * map, or of rows ("row 12, column ADM2_AR"): a code or name that is missing, a code with two names or in two regions. */
FALLIBLE struct error *region_table_read(struct arena *arena, struct bytes file, const struct json *map, struct bytes *ret_csv);

#endif
