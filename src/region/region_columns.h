/* region_columns.h: the columns of a region as lists and single reads share them. */
#ifndef LUMBUNG_REGION_COLUMNS_H
#define LUMBUNG_REGION_COLUMNS_H

#include "lumbung/region.h"

#define REGION_COLUMNS \
    "r.id, r.parent_id, r.level, r.code, r.kind, r.name, p.code, " \
    "CASE WHEN EXISTS (SELECT 1 FROM region AS c WHERE c.parent_id = r.id AND c.closed_on IS NULL) THEN 1 ELSE 0 END, r.closed_on"
#define REGION_COLUMN_COUNT 9
#define REGION_PARENT "LEFT JOIN region AS p ON p.id = r.parent_id"

static inline void
region_read(struct cursor *cursor, struct arena *arena, void *ret_region)
{
    *(struct region *)ret_region = (struct region){.id = cursor_id(cursor, 0),
                                                   .parent_id = cursor_id(cursor, 1),
                                                   .level = (int)cursor_int(cursor, 2),
                                                   .code = cursor_text(cursor, arena, 3),
                                                   .kind = cursor_text(cursor, arena, 4),
                                                   .name = cursor_text(cursor, arena, 5),
                                                   .parent_code = cursor_text(cursor, arena, 6),
                                                   .has_children = cursor_int(cursor, 7) != 0,
                                                   .is_closed = !cursor_is_null(cursor, 8)};
}

#endif
