/* enrollment_store.h: rows of enrollments. */
#ifndef LUMBUNG_ENROLLMENT_STORE_H
#define LUMBUNG_ENROLLMENT_STORE_H

#include "lumbung/enrollment.h"

struct enrollment_row {
    struct enrollment enrollment;
    const char *reason, *answer; /* answer: the eligibility answer as JSON, kept for the included and the excluded */
    int64_t rule_version, entitlement_minor, created_at_ms, changed_at_ms;
    int32_t evaluated_on;
    struct id made_by, decided_by;
};

FALLIBLE struct error *enrollment_store_insert(struct tx *tx, const struct enrollment_row *row);
/* Within the actor's regions and programs. */
FALLIBLE struct error *enrollment_store_load(struct tx *tx, const struct actor *actor, struct id id, struct enrollment_row *ret_row, bool *ret_found);
/* Moves only while the state is still `from`. */
FALLIBLE struct error *enrollment_store_move(struct tx *tx, const struct enrollment_row *row, const char *from, bool *ret_moved);
/* Writes the household and family that the row names. */
FALLIBLE struct error *enrollment_store_follow(struct tx *tx, const struct enrollment_row *row);
/* Puts one as it stands into the kept counts (sign 1) or takes it out (-1): around each change of it. */
FALLIBLE struct error *enrollment_store_count(struct tx *tx, struct id id, int sign);
FALLIBLE struct error *enrollment_store_relocate(struct tx *tx, struct id household_id, struct id from_region_id, struct id to_region_id);
struct enrollment_filter { struct id program_id, household_id; const char *state; struct id after; int limit; };
FALLIBLE struct error *enrollment_store_list(struct tx *tx, const struct actor *actor, const struct enrollment_filter *filter, struct enrollment_row *ret_rows, size_t *ret_count);
struct enrollment_count { const char *state; int64_t count; };
FALLIBLE struct error *enrollment_store_counts(struct tx *tx, const struct actor *actor, struct id program_id, struct enrollment_count *ret_rows, int limit, size_t *ret_count);
/* Open enrollments of a household or, when the member is given, of that member. */
FALLIBLE struct error *enrollment_store_open_of(struct tx *tx, struct id household_id, struct id member_id, struct enrollment *ret_rows, int limit, size_t *ret_count);

#endif
