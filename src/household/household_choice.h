/* household_choice.h: two records that are one: for each field a person says whose value is kept. Closed tables; a field that is not named keeps its own. */
#ifndef LUMBUNG_HOUSEHOLD_CHOICE_H
#define LUMBUNG_HOUSEHOLD_CHOICE_H

#include "household/household_change.h"

struct household_choices {
    struct presence presence;
    int64_t keep_version, other_version; /* as the person saw them */
    struct household_sides *household;
    struct array members; /* struct member_sides: two records of one person; the other's members that are in no pair come along */
};
struct household_sides {
    struct presence presence;
    const char *region, *registered_region, *hamlet, *rw, *rt, *address, *address_note, *address_kind, *kk_number, *phone, *location, *declared;
    struct housing_sides *housing;
};
struct housing_sides {
    struct presence presence;
    const char *floor, *wall, *roof, *water, *toilet, *light, *fuel, *tenure, *rooms, *floor_area;
};
struct member_sides {
    struct presence presence;
    struct id keep_id, other_id;
    const char *name, *nik, *other_ids, *sex, *birth_date, *marital_status, *education, *in_school, *occupation, *income_minor, *disability,
        *registered_severe_disability, *pregnancy, *chronic_illness, *insurance;
};
extern const struct field_table household_choices_table, household_sides_table, member_sides_table;

/* The merge patch for the kept document that brings what was chosen and differs, and what is given up of the other, both as objects. `sides` NULL: none. */
void household_choice_patch(struct arena *arena, const struct field_table *table, const void *sides, const struct json *keep, const struct json *other,
                            struct json **ret_patch, struct json **ret_lost);
/* The patch that lays `before` back over `now`; false when what stands there is no longer `after`. */
bool household_choice_back(struct arena *arena, const struct field_table *table, const struct json *now, const struct json *before,
                           const struct json *after, struct json **ret_patch);
/* Prints "fields": for each field that either bears {pointer, equal, keep{}, other{}}; told apart by the whole documents, shown by the masked ones. */
struct choice_side { const struct json *whole, *shown; };
void household_choice_print(struct buffer *buffer, struct arena *arena, const struct field_table *table, const struct choice_side *keep,
                            const struct choice_side *other);

/* What a join needs to obey choices: worked out before anything is written. */
struct household_combining;
FALLIBLE struct error *household_combine_start(struct household_act *act, struct household_act *other, const struct household_choices *choices,
                                               struct household_combining **ret_combining);
/* Is this member of the other household one of the kept? Then he ends as entered in error, with his record as it was. */
bool household_combine_pairs(const struct household_combining *combining, struct id other_member_id);
/* Once the other household has ended: the kept records take what was chosen, and the leaf says what was given up. */
FALLIBLE struct error *household_combine_finish(struct household_combining *combining, struct household_act *act);
extern const struct field_table household_comparison_query_table;
struct error *household_comparison_step(struct tx *tx, const struct call *call, struct reply *reply);

#endif
