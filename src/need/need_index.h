/* need_index.h: all households of the registry as the count sees them, by region, and sums over a stretch of the tree on any day. */
#ifndef LUMBUNG_NEED_INDEX_H
#define LUMBUNG_NEED_INDEX_H

#include <pthread.h>

#include "household/household_column.h"
#include "need/need_mark.h"

/* What is counted: persons of a group, or households. */
enum need_group {
    NEED_ALL, NEED_GROUP_FEMALE, NEED_GROUP_MALE, NEED_GROUP_OTHER_SEX, NEED_GROUP_UNDER_5, NEED_GROUP_5_17, NEED_GROUP_18_59, NEED_GROUP_60_UP, NEED_GROUP_DISABLED,
    NEED_GROUP_NOT_DISABLED, NEED_HOUSEHOLDS, NEED_GROUPS
};
#define NEED_LANES 12 /* groups, rounded up to what a processor adds at once */

struct need_lanes { int64_t lane[NEED_LANES]; };
struct need_sums {
    struct need_lanes people, known[NEED_CATEGORIES], need[NEED_CATEGORIES], covered[NEED_CATEGORIES];
};
struct need_counts {
    struct need_sums plain, weighted; /* weighted: thousandths; all zero without weights */
};

struct need_place {
    struct id id, parent_id;
    const char *code, *kind, *name;
    int64_t level;
    size_t run;       /* length of the subtree that begins here */
    size_t parent;    /* SIZE_MAX: a root */
    uint32_t number;  /* of its households' chain */
};

struct need_index {
    pthread_rwlock_t lock;       /* of all below it */
    pthread_mutex_t working;     /* one thread counts at a time */
    int32_t tallied_on;          /* the worker's: the day whose sums it keeps ready */
    pthread_mutex_t tallying;    /* readers keep each region's sums of the last two days asked for */
    struct arena *arena;         /* households */
    struct column households, chains, officers, words; /* officers: ids; the first is nobody. words: what households are packed into */
    struct slots household_slots, chain_slots;
    struct arena *place_arena;
    struct need_place *places;   /* parents first, each subtree a run, siblings by code */
    size_t place_count;
    struct arena *definition_arena;
    struct need_definitions definitions;
    bool ready;
    /* the worker's own */
    struct id origin;
    int64_t seq;                 /* last leaf that is in */
    struct need_household_row at; /* of the first count */
    bool started;
};

void need_index_put(struct need_index *index, const struct need_household *household);
/* The number of a region's households, made when there is none. */
uint32_t need_index_chain(struct need_index *index, struct id region_id);
void need_index_put_places(struct need_index *index, struct arena *arena, const struct need_region_row *rows, size_t count);
/* Under the read lock: the place of a region, SIZE_MAX when there is none. */
size_t need_index_place(const struct need_index *index, struct id region_id);
/* Adds up `run` places from the first on, as of a day: a place's subtree is a run. */
void need_index_count(struct need_index *index, size_t first, size_t run, int32_t as_of, struct need_counts *ret_counts);
void need_counts_add(struct need_counts *counts, const struct need_counts *more);
/* Takes the arena that holds them; nothing is ready until everything was counted by them. */
void need_index_put_definitions(struct need_index *index, struct arena *arena, const struct need_definitions *definitions);

/* The data of a household as it stands today, for who looks after them. */
struct need_visit {
    struct id household_id, officer_id; /* officer: who registered it; zero: nobody known */
    uint16_t issues;
    size_t officer;                     /* its number, below need_index_officers */
};
#define NEED_STALE_DAYS 730
typedef void (*need_visitor)(void *context, const struct need_visit *visit);
/* Every active household of the places, under the read lock. */
void need_index_visit(const struct need_index *index, size_t first, size_t run, int32_t today, need_visitor visit, void *context);
size_t need_index_officers(const struct need_index *index);

#endif
