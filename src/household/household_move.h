/* household_move.h: a household that goes to another region: sent by the giving side, accepted by the receiving one. */
#ifndef LUMBUNG_HOUSEHOLD_MOVE_H
#define LUMBUNG_HOUSEHOLD_MOVE_H

#include "household/household_change.h"

struct move_row {
    struct id id, household_id, from_region_id, to_region_id;
    const char *state;
    int64_t version;
    struct bytes note;
    struct id sent_by;
    int64_t sent_at_ms;
    struct id decided_by;
    int64_t decided_at_ms;
    struct bytes reason;
};

/* ERROR_EXISTS when one is on its way already. */
FALLIBLE struct error *move_store_insert(struct tx *tx, const struct move_row *row);
/* Seen from either side: the sender's region or the receiver's. */
FALLIBLE struct error *move_store_load(struct tx *tx, const struct actor *actor, struct id id, struct move_row *ret_row, bool *ret_found);
FALLIBLE struct error *move_store_decide(struct tx *tx, const struct move_row *seen, const char *state, struct id by, struct bytes reason, bool *ret_done);
/* A region whose codes have all ended. */
FALLIBLE struct error *move_store_abolished(struct tx *tx, struct id region_id, bool *ret_abolished);
FALLIBLE struct error *move_store_waiting(struct tx *tx, const struct actor *actor, int64_t *ret_count);

/* One page: what came into the actor's regions, or went out of them. */
struct move_page {
    const char *state;
    bool incoming;
    struct id after_region, after_id;
    int limit;
    struct move_row *rows;
    size_t count;
};
FALLIBLE struct error *move_store_page(struct tx *tx, const struct actor *actor, struct move_page *page);

FALLIBLE struct error *household_move_send(struct household_act *act, const char *to_region, const char *note, struct move_row *ret_row);
/* `place`: hamlet, rw, rt, address at the new place, as a patch; NULL none. The old ones go. */
FALLIBLE struct error *household_move_accept(struct tx *tx, const struct actor *actor, struct move_row *row, const struct json *place);
/* `state` refused or withdrawn. */
FALLIBLE struct error *household_move_end(struct tx *tx, const struct actor *actor, struct move_row *row, const char *state, const char *reason);
/* May this caller do it: "accept", "refuse", "withdraw"? ERROR_STATE, ERROR_OWN_REQUEST, ERROR_FORBIDDEN. */
FALLIBLE struct error *household_move_check(struct tx *tx, const struct actor *actor, const struct move_row *row, const char *act);

/* Where households lived and when they ended, for counts of past days. */
FALLIBLE struct error *stay_store_put(struct tx *tx, struct id household_id, int32_t until_on, struct id region_id);
FALLIBLE struct error *stay_store_end(struct tx *tx, struct id household_id, int32_t ended_on);
FALLIBLE struct error *stay_store_revive(struct tx *tx, struct id household_id);

#endif
