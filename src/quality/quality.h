/* quality.h: corrections handed out. */
#ifndef LUMBUNG_QUALITY_QUALITY_H
#define LUMBUNG_QUALITY_QUALITY_H

#include "quality/quality_store.h"

struct quality_order {
    const struct id *household_ids;
    size_t household_count;
    const char *check, *user;
    bool has_due_on;
    int32_t due_on;
};
/* All or none; *ret_made leaves out what that person has open already, ERROR_EXISTS when it is all of them. */
FALLIBLE struct error *quality_hand_out(struct tx *tx, const struct actor *actor, const struct quality_order *order, int64_t *ret_made);
/* By whom it was handed to, or who may hand out. ERROR_STATE when it is closed. */
FALLIBLE struct error *quality_close(struct tx *tx, const struct actor *actor, struct id id, const char *state);

#endif
