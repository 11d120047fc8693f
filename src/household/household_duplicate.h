/* household_duplicate.h: records that may be one person or one household. A hit never blocks an entry: it opens a case for a person to decide. */
#ifndef LUMBUNG_HOUSEHOLD_DUPLICATE_H
#define LUMBUNG_HOUSEHOLD_DUPLICATE_H

#include "household/household_file.h"

struct duplicate_row {
    struct id id;
    const char *kind, *state; /* nik, kk, phone, name; open, same, different, unsure, cleared */
    struct id earlier_household, later_household, earlier_member, later_member, region_id;
    int64_t made_at_ms;
    struct id decided_by;
    int64_t decided_at_ms; /* 0: not decided */
};

FALLIBLE struct error *duplicate_store_insert(struct tx *tx, const struct duplicate_row *row);
FALLIBLE struct error *duplicate_store_load(struct tx *tx, const struct actor *actor, struct id id, struct duplicate_row *ret_row, bool *ret_found);
/* The case of the same kind on the same two records, in whatever order. */
FALLIBLE struct error *duplicate_store_find(struct tx *tx, const struct duplicate_row *like, struct duplicate_row *ret_row, bool *ret_found);
FALLIBLE struct error *duplicate_store_decide(struct tx *tx, struct id id, const char *from, const char *to, struct id by, struct bytes reason);
/* A changed NIK ends what was said of the old one. */
FALLIBLE struct error *duplicate_store_clear(struct tx *tx, struct id household_id, struct id member_id, const char *kind);
/* Lists follow the household to its region. */
/* The pair was taken for one and is two again: somebody decides anew. */
FALLIBLE struct error *duplicate_store_reopen(struct tx *tx, struct id one, struct id other);
FALLIBLE struct error *duplicate_store_move(struct tx *tx, struct id household_id, struct id region_id);
FALLIBLE struct error *duplicate_store_bars(struct tx *tx, struct id household_id, bool *ret_bars);
struct duplicate_page {
    const char *state, *kind; /* kind NULL: all */
    struct id after_region, after_id;
    int limit;
    struct duplicate_row *rows;
    size_t count;
};
FALLIBLE struct error *duplicate_store_page(struct tx *tx, const struct actor *actor, struct duplicate_page *page);

/* What an entry may double. */
struct household_possible {
    struct id case_id, household_id;
    const char *kind;
    bool visible; /* the household lies inside the caller's scope */
};
struct household_possibles {
    struct household_possible *items;
    size_t count, capacity;
};
/* Looks for members and cards of `file` in the index, compares with the registry, opens what is not yet known. Only members from
 * `first_member` on are looked up; `own` says whether card and phone are too. */
FALLIBLE struct error *household_duplicate_search(struct tx *tx, const struct actor *actor, const struct household_file *file, size_t first_member,
                                                  size_t last_member, bool own, struct household_possibles *possibles);
void household_print_possibles(struct buffer *buffer, const struct household_possibles *possibles);

extern const struct field_table duplicate_decision_table, duplicate_query_table;
struct error *household_duplicate_list_step(struct tx *tx, const struct call *call, struct reply *reply);
struct error *household_duplicate_decide_step(struct tx *tx, const struct call *call, struct reply *reply);

#endif
