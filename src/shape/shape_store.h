/* shape_store.h: rows of outlines, and the regions that they belong to. */
#ifndef LUMBUNG_SHAPE_STORE_H
#define LUMBUNG_SHAPE_STORE_H

#include "lumbung/db/tx.h"

FALLIBLE struct error *shape_store_put(struct tx *tx, struct id region_id, const char *source, const char *rings);

struct shape_region {
    struct id id, parent_id;
    const char *code, *folded;
};
/* Of one level, by code; level -1: all, parents before their children. */
FALLIBLE struct error *shape_store_regions(struct tx *tx, int64_t level, struct shape_region **ret_rows, size_t *ret_count);

struct shape_row { const char *code, *source, *rings; };
/* Of a region's children, by code; zero id: of the regions without a parent. */
FALLIBLE struct error *shape_store_children(struct tx *tx, struct id parent_id, struct shape_row **ret_rows, size_t *ret_count);

#endif
