/* household_propose.h: changes that another person may have to agree to are shown to the gates before anything is written. */
#ifndef LUMBUNG_HOUSEHOLD_PROPOSE_H
#define LUMBUNG_HOUSEHOLD_PROPOSE_H

#include "household/household_change.h"

/* *ret_waits: a gate keeps the change, `reply` is 202 with its change_request_id and nothing else is to be done. */
FALLIBLE struct error *household_propose_own(struct household_act *act, const struct call *call, struct reply *reply, bool *ret_waits);
FALLIBLE struct error *household_propose_member(struct household_act *act, struct household_member *member, const struct call *call, struct reply *reply,
                                                bool *ret_waits);
FALLIBLE struct error *household_propose_death(struct household_act *act, const struct household_member *member, int32_t on, const char *note,
                                               const struct call *call, struct reply *reply, bool *ret_waits);
/* {"change_request_id"}, also for a repeat of the same write. */
void household_print_waiting(struct buffer *buffer, struct id request_id);

/* Would a gate keep this patch of the household's own fields (`member` NULL) or of a member? What the gate wrote on being asked stands only until the
 * caller refuses. */
FALLIBLE struct error *household_patch_waits(struct household_act *act, struct household_member *member, const struct json *patch, bool *ret_waits);

/* Does the patch concern what only such a change may: for acts that cannot wait. */
FALLIBLE struct error *household_patch_is_sensitive(struct household_act *act, const struct json *patch, bool *ret_sensitive);

#endif
