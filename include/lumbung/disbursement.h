/* disbursement.h: what was released to whom, receipts, attempts, reversals, and the sums that always hold. */
#ifndef LUMBUNG_DISBURSEMENT_H
#define LUMBUNG_DISBURSEMENT_H

#include "lumbung/payment.h"

/* Records a receipt from JSON of API.md's shape (POST /disbursements/ID/receipt). */
FALLIBLE struct error *disbursement_receive_json(struct tx *tx, const struct actor *actor, struct id disbursement_id, const struct json *json);
FALLIBLE struct error *disbursement_attempt_json(struct tx *tx, const struct actor *actor, struct id disbursement_id, const struct json *json);
struct household_event;
/* Hooks: a released line becomes a disbursement; a death, merge or withdrawal holds what is pending. */
struct error *disbursement_on_release(struct tx *tx, const struct actor *actor, const struct payment_line *line);
struct error *disbursement_on_household_event(struct tx *tx, const struct actor *actor, const struct household_event *event);

extern const struct route disbursement_routes[];

#endif
