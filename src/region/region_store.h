/* region_store.h: rows of the administrative tree. */
#ifndef LUMBUNG_REGION_STORE_H
#define LUMBUNG_REGION_STORE_H

#include "lumbung/region.h"
#include "region/region_tree.h"

/* All regions, for an import. */
FALLIBLE struct error *region_nodes_load(struct tx *tx, struct region_node **ret_nodes, size_t *ret_count);
/* Appends the region's name; *ret_parent: the zero id above the top. */
FALLIBLE struct error *region_add_name(struct tx *tx, struct id id, struct buffer *text, struct id *ret_parent);
/* Lists: at most `limit` regions into `ret_regions`, after the code (children, roots) or the cursor (search). */
FALLIBLE struct error *region_children_load(struct tx *tx, struct id parent_id, const char *after_code, int limit, struct region *ret_regions, size_t *ret_count);
FALLIBLE struct error *region_roots_load(struct tx *tx, const struct actor *actor, const char *after_code, int limit, struct region *ret_regions,
                                         size_t *ret_count);
/* LIKE patterns are escaped with \. Ordered by rank (how well the name fits), level, folded name, id. */
struct region_search {
    const char *pattern, *code_pattern;       /* what is found */
    const char *exact, *ending, *beginning;   /* what comes first: the folded text, and patterns */
    int64_t after_rank, after_level;          /* -1 at the start */
    const char *after_folded;
    struct id after_id;
    int limit;
};
struct region_hit {
    const char *folded;
    int64_t rank;
};
FALLIBLE struct error *region_search_load(struct tx *tx, const struct actor *actor, const struct region_search *search, struct region *ret_regions,
                                          struct region_hit *ret_hits, size_t *ret_count);

/* A region and all above it, and room for one more. */
#define REGION_CHAIN_MAX (REGION_LEVEL_MAX + 2)
/* `id` and all above it, as the rows say now; at most REGION_CHAIN_MAX. */
FALLIBLE struct error *region_chain_load(struct tx *tx, struct id id, struct id *ret_ids, size_t *ret_count);
/* New regions, parents first; each bears its code from today on. */
FALLIBLE struct error *region_add_all(struct tx *tx, const struct region_op *ops, size_t count);
/* The region bears the code from that day on. */
FALLIBLE struct error *region_code_begin(struct tx *tx, struct id id, const char *code, int32_t from_date);

#endif
