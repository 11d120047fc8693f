/* household_print.h: what of a household goes out, by who asks: in full, with numbers cut to their last four, or without anything personal. */
#ifndef LUMBUNG_HOUSEHOLD_PRINT_H
#define LUMBUNG_HOUSEHOLD_PRINT_H

#include "household/household_register.h"

/* The part of records that an actor's masking admits. */
enum field_part household_part(const struct actor *actor);

/* A whole household: own fields, members[], former_members[], consents[]. `part` as household_part or FIELD_ALL. */
FALLIBLE struct error *household_print(struct tx *tx, const struct actor *actor, struct buffer *buffer, const struct household_file *file,
                                       enum field_part part);
/* The answer of a registration or a change: the household, possible_duplicates[], warnings[]. */
FALLIBLE struct error *household_print_registered(struct tx *tx, const struct actor *actor, const struct household_registered *registered,
                                                  struct buffer *buffer);
/* The same, printed by the reply after COMMIT. */
FALLIBLE struct error *household_print_later(struct tx *tx, const struct actor *actor, const struct household_registered *registered,
                                             struct reply *reply);
/* One member as an object. */
void household_print_member(struct tx *tx, const struct actor *actor, struct buffer *buffer, const struct household_member *member,
                            enum field_part part);
/* The name as the actor may see it: in full, or a pseudonym; NULL when erased. */
const char *household_shown_name(struct tx *tx, const struct actor *actor, struct id id, const char *name);

#endif
