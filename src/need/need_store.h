/* need_store.h: what the count of needs reads, and its definitions. */
#ifndef LUMBUNG_NEED_STORE_H
#define LUMBUNG_NEED_STORE_H

#include "lumbung/db/tx.h"

/* Version and text stay as they were when none was ever written. */
FALLIBLE struct error *need_store_definition(struct tx *tx, struct arena *arena, int64_t *ret_version, const char **ret_text);
FALLIBLE struct error *need_store_insert_definition(struct tx *tx, const struct actor *actor, int64_t version, const char *text);

struct need_region_row {
    struct id id, parent_id;
    int64_t level;
    const char *code, *kind, *name;
};
/* All of them, by code. */
FALLIBLE struct error *need_store_regions(struct tx *tx, struct arena *arena, struct need_region_row **ret_rows, size_t *ret_count);

struct need_program_row { struct id id; const char *category; };
FALLIBLE struct error *need_store_programs(struct tx *tx, struct need_program_row **ret_rows, size_t *ret_count);

struct need_household_row {
    struct id id, region_id;
    const char *state;
    int64_t created_at_ms, changed_at_ms;
    struct id registered_by;
    const char *roster;
};
/* Family cards, and open cases of a double, of a household. */
FALLIBLE struct error *need_store_tallies(struct tx *tx, struct id household_id, int64_t *ret_cards, int64_t *ret_open_cases);
FALLIBLE struct error *need_store_household(struct tx *tx, struct id id, struct need_household_row *ret_row, bool *ret_found);
/* In the order of (region, id), behind a place. */
FALLIBLE struct error *need_store_page(struct tx *tx, const struct need_household_row *after, int limit, struct need_household_row *ret_rows, size_t *ret_count);

struct need_member_row {
    struct id id;
    const char *sex, *facts;
    int32_t birth_date;
    bool has_joined_on, has_left_on;
    int32_t joined_on, left_on;
};
/* Also those who left, died or moved to another household since. */
FALLIBLE struct error *need_store_members(struct tx *tx, struct id household_id, struct need_member_row **ret_rows, size_t *ret_count);

struct need_enrollment_row {
    struct id program_id, member_id;
    const char *state;
    int64_t created_at_ms, changed_at_ms;
};
/* Those who take part or took part. */
FALLIBLE struct error *need_store_enrollments(struct tx *tx, struct id household_id, struct need_enrollment_row **ret_rows, size_t *ret_count);

struct need_leaf {
    int64_t seq;
    const char *action;
    struct id record_id;
};
/* What the log tells behind a place, in order. */
FALLIBLE struct error *need_store_leaves(struct tx *tx, struct id origin, int64_t after_seq, int limit, struct need_leaf *ret_rows, size_t *ret_count);
/* Households that a leaf concerns: its record, and whoever its parts speak of, a member's former households too. */
FALLIBLE struct error *need_store_concerned(struct tx *tx, struct id origin, const struct need_leaf *leaf, struct id **ret_ids, size_t *ret_count);
/* The regions that bound a user, without those below another of his. */
FALLIBLE struct error *need_store_roots(struct tx *tx, struct id user_id, struct id **ret_ids, size_t *ret_count);

#endif
