/* disbursement_private.h: shared between the files of the slice. */
#ifndef LUMBUNG_DISBURSEMENT_PRIVATE_H
#define LUMBUNG_DISBURSEMENT_PRIVATE_H

#include "disbursement/disbursement_store.h"
#include "lumbung/disbursement.h"
#include "lumbung/household.h"

const char *disbursement_reference(struct tx *tx, struct id item_id, int64_t retries);
/* Moves the row from what was seen to what it becomes and leaves the audit leaf; ERROR_STATE when someone was faster. */
FALLIBLE struct error *disbursement_apply(struct tx *tx, const struct actor *actor, const char *action, const struct disbursement *seen, const struct disbursement *now,
                                          const char *reason);

#endif
