/* household_objection.h: objections to processing that does not rest on consent: a person decides within three days. */
#ifndef LUMBUNG_HOUSEHOLD_OBJECTION_H
#define LUMBUNG_HOUSEHOLD_OBJECTION_H

#include "household/household_steps.h"

/* Open ones that the actor may see, the oldest first. */
FALLIBLE struct error *objection_store_open(struct tx *tx, const struct actor *actor, int limit, struct id *ret_consent_ids, size_t *ret_count);
FALLIBLE struct error *objection_store_count(struct tx *tx, const struct actor *actor, int64_t *ret_count);
/* ERROR_STATE when it is no open objection. */
FALLIBLE struct error *objection_store_decide(struct tx *tx, struct id consent_id, const char *withdrawal);

#endif
