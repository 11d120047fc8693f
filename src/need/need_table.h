/* need_table.h: the figures of one area and of the areas below it, as a reader may see them. */
#ifndef LUMBUNG_NEED_TABLE_H
#define LUMBUNG_NEED_TABLE_H

#include "need/need_hide.h"

struct need_row {
    const struct need_place *place; /* NULL: all areas that the reader may see */
    bool own;                       /* households that live in the area itself, in none below it */
    struct need_counts counts;
    struct need_cell cells[NEED_CATEGORIES][NEED_GROUPS];
};
struct need_table {
    struct need_row *rows; /* the first is the sum of the others */
    size_t count;
};

/* Under the index's read lock. `places`: the area, or the several that bound a reader. `hides`: small cells are hidden. */
void need_table_make(struct arena *arena, struct need_index *index, const size_t *places, size_t place_count, int32_t as_of, bool hides,
                     struct need_table *ret_table);

#endif
