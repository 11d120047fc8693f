/* batch_view_store.h: a batch's lines as people look through them: by place, by change, at positions; each with what its payee got last. */
#ifndef LUMBUNG_BATCH_VIEW_STORE_H
#define LUMBUNG_BATCH_VIEW_STORE_H

#include "payment/batch_store.h"

/* A line beside the last amount that was released to the same enrollment before this batch was. */
struct batch_view {
    struct batch_item item;
    bool has_last;
    int64_t last_amount_minor; /* without what was given back to the program */
    int64_t last_released_at_ms;
    struct id last_batch_id;
};

#define BATCH_POSITIONS_MAX 10

/* A zero id and NULL mean any. Hamlet, RW and RT are those of the household today: the line's own are sealed. */
struct batch_view_filter {
    struct id region_id; /* with all below it */
    const char *hamlet, *rw, *rt;
    bool has_changed;
    int64_t changed; /* only lines whose amount differs from the last by more than this per cent of the last */
    int64_t positions[BATCH_POSITIONS_MAX]; /* from 0, in the order of ids, among the lines that are in */
    size_t position_count;                  /* 0: every line; otherwise nothing else filters */
    int64_t version;
    struct id after;
    int limit;
};
/* Within the actor's regions, in the order of ids. */
FALLIBLE struct error *batch_view_list(struct tx *tx, const struct actor *actor, const struct batch *batch, const struct batch_view_filter *filter,
                                       struct batch_view *ret_rows, size_t *ret_count);

/* Where the lines that are in live. */
struct batch_place {
    const char *region, *region_name, *hamlet, *rw, *rt; /* the last three NULL when regions are counted */
    int64_t count, amount_minor;
};
#define BATCH_PLACES_MAX 2000
/* Counts by region, or inside one region (zero id: by region) by hamlet, RW and RT. */
FALLIBLE struct error *batch_view_places(struct tx *tx, const struct actor *actor, const struct batch *batch, struct id region_id, struct batch_place *ret_rows,
                                         size_t *ret_count);

#endif
