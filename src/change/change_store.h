/* change_store.h: rows of change_request. */
#ifndef LUMBUNG_CHANGE_STORE_H
#define LUMBUNG_CHANGE_STORE_H

#include "lumbung/change.h"

struct change_row {
    struct id id;
    const char *kind, *state;
    int64_t version;
    struct id household_id, member_id, region_id;
    struct bytes sealed, note;
    struct id evidence_id, made_by;
    int64_t made_at_ms;
    struct id decided_by;
    int64_t decided_at_ms;
    struct bytes reason;
};

/* Has the household an enrollment that is paid, or only paused? */
FALLIBLE struct error *change_store_enrolled(struct tx *tx, struct id household_id, bool *ret_enrolled);
/* ERROR_EXISTS for a second open death of one member. */
FALLIBLE struct error *change_store_insert(struct tx *tx, const struct change_row *row);
/* `actor` NULL: without a scope. */
FALLIBLE struct error *change_store_load(struct tx *tx, const struct actor *actor, struct id id, struct change_row *ret_row, bool *ret_found);
/* Both ask for the version that was seen; false when someone was faster. */
FALLIBLE struct error *change_store_decide(struct tx *tx, const struct change_row *seen, const char *state, struct id by, struct bytes reason, bool *ret_done);
FALLIBLE struct error *change_store_prove(struct tx *tx, const struct change_row *seen, struct bytes note, struct id evidence_id, bool *ret_done);
/* Rejected, and not opened yet by whoever asked; taking it away twice is no fault. */
FALLIBLE struct error *change_store_unseen_put(struct tx *tx, struct id user_id, struct id request_id);
FALLIBLE struct error *change_store_unseen_take(struct tx *tx, struct id user_id, struct id request_id);
FALLIBLE struct error *change_store_unseen_is(struct tx *tx, struct id user_id, struct id request_id, bool *ret_unseen);
FALLIBLE struct error *change_store_relocate(struct tx *tx, struct id household_id, struct id region_id);
FALLIBLE struct error *change_store_follow(struct tx *tx, struct id member_id, struct id household_id);
FALLIBLE struct error *change_store_dead(struct tx *tx, struct id household_id, struct id *ret_members, size_t limit, size_t *ret_count);
FALLIBLE struct error *change_store_waiting(struct tx *tx, const struct actor *actor, int64_t *ret_count);

/* One page: by id for who sees all and for one household, otherwise by (region, id). */
struct change_page {
    const char *state;
    struct id household_id; /* zero: all that the actor may see */
    bool unseen;            /* instead: the actor's own that were rejected and that he has not opened, by id */
    struct id after_region, after_id;
    int limit;
    struct change_row *rows;
    size_t count;
};
FALLIBLE struct error *change_store_page(struct tx *tx, const struct actor *actor, struct change_page *page);

#endif
