/* household_history.h: the past of a household, told from the audit log. */
#ifndef LUMBUNG_HOUSEHOLD_HISTORY_H
#define LUMBUNG_HOUSEHOLD_HISTORY_H

#include "household/household_print.h"

/* The household as it stood at an instant, as an object. ERROR_NOT_FOUND when it did not exist yet. The scope has been tested by the caller. */
FALLIBLE struct error *household_print_as_of(struct tx *tx, const struct actor *actor, struct id household_id, int64_t at_ms, enum field_part part,
                                             struct buffer *buffer);
/* Its entries, oldest first, as objects of the array that is open: {at, by, action, reason, changes:[{pointer, before, after}]}. */
FALLIBLE struct error *household_print_history(struct tx *tx, const struct actor *actor, struct id household_id, enum field_part part,
                                               struct buffer *buffer);
/* One part, "household", "member" or "consent", as {pointer, before, after} of the array that is open; nothing for other kinds and what was erased. */
FALLIBLE struct error *household_print_changes(struct tx *tx, const struct audit_entry *entry, enum field_part part, struct buffer *buffer);

#endif
