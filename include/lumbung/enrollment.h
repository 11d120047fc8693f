/* enrollment.h: who takes part in a program: proposed, refused, waitlisted, eligible, validated, enrolled, suspended, exited, with reasons. */
#ifndef LUMBUNG_ENROLLMENT_H
#define LUMBUNG_ENROLLMENT_H

#include "lumbung/program.h"

struct enrollment {
    struct id id, program_id, household_id, member_id;
    int family_no;
    const char *state;
};
/* Enrolled (state enrolled) of a program in a region's subtree (zero: all), ascending by id, after `after`; no scope: for batches. */
FALLIBLE struct error *enrollment_list_enrolled(struct tx *tx, struct id program_id, struct id region_id, struct id after, int limit,
                                                struct enrollment *ret_items, size_t *ret_count);
FALLIBLE struct error *enrollment_count_enrolled(struct tx *tx, struct id program_id, struct id region_id, int64_t *ret_count);
/* Kept counts that are not those of the rows: for verify. */
FALLIBLE struct error *enrollment_miscounted(struct tx *tx, bool *ret_found);
FALLIBLE struct error *enrollment_load(struct tx *tx, struct id enrollment_id, struct enrollment *ret_enrollment);
/* Evaluates and enrolls (or refuses, waitlists, proposes) one unit. */
FALLIBLE struct error *enrollment_make(struct tx *tx, const struct actor *actor, struct id program_id, struct program_unit unit, struct enrollment *ret_enrollment);
/* Hook for household events. */
struct household_event;
struct error *enrollment_on_household_event(struct tx *tx, const struct actor *actor, const struct household_event *event);

extern const struct route enrollment_routes[];

#endif
