/* household_register.h: a new household: checks, rows, duplicates, audit, indexes. */
#ifndef LUMBUNG_HOUSEHOLD_REGISTER_H
#define LUMBUNG_HOUSEHOLD_REGISTER_H

#include "household/household_draft.h"
#include "household/household_duplicate.h"

struct household_registered {
    struct household_file file;
    struct household_possibles possibles;
    struct household_warnings warnings;
};
/* Writes a draft of `record`; both stay untouched, since a job may be run again. Faults: ERROR_FIELDS with pointers; ERROR_EXISTS for an id that is taken. */
FALLIBLE struct error *household_register_draft(struct tx *tx, const struct actor *actor, const struct household_record *record,
                                                const struct household_draft *draft, struct household_registered *ret_registered);
/* Both in one: for who is on the lane already. */
FALLIBLE struct error *household_register(struct tx *tx, const struct actor *actor, const struct household_record *record, const char *channel,
                                          struct household_registered *ret_registered);
/* Finds the two regions of a record; FAULT_REGION into *error. */
FALLIBLE struct error *household_find_regions(struct tx *tx, const struct actor *actor, const struct household_record *record,
                                              struct household_row *row, struct error **error);
/* Writes the record's family cards. */
FALLIBLE struct error *household_put_cards(struct tx *tx, const struct household_file *file);
/* Adds a consent to a household and its part to the changes. */
FALLIBLE struct error *household_add_consent(struct tx *tx, const struct actor *actor, struct id household_id, const struct consent_record *consent,
                                             struct household_changes *changes);
/* The paper or photo that proves a consent belongs to the household from now on; FAULT_REFERENCE at `pointer` when there is none. */
FALLIBLE struct error *household_bind_proof(struct tx *tx, const struct actor *actor, const struct consent_record *consent, const struct household_row *row,
                                            const char *pointer);

#endif
