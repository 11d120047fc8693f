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
/* The test of release once more. *ret_held: why the line is held now instead of handed out; NULL when nothing stands in the way. */
FALLIBLE struct error *disbursement_test_again(struct tx *tx, const struct actor *actor, const struct disbursement *row, const char **ret_held);
/* What whoever wanted to hand it out is told. */
struct error *disbursement_held_error(const char *reason);

#endif
