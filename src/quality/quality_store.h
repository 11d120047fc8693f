/* quality_store.h: rows of corrections. */
#ifndef LUMBUNG_QUALITY_STORE_H
#define LUMBUNG_QUALITY_STORE_H

#include "lumbung/db/tx.h"

struct quality_task {
    struct id id, household_id, assigned_to, made_by;
    const char *check, *state;
    bool has_due_on;
    int32_t due_on;
    int64_t made_at_ms;
};
/* Who has it already has it once: *ret_made false. */
FALLIBLE struct error *quality_store_insert(struct tx *tx, const struct quality_task *task, bool *ret_made);
/* A task of a household within the actor's regions. */
FALLIBLE struct error *quality_store_load(struct tx *tx, const struct actor *actor, struct id id, struct quality_task *ret_task, bool *ret_found);
FALLIBLE struct error *quality_store_close(struct tx *tx, const struct actor *actor, struct id id, const char *state, bool *ret_closed);
/* Open ones of a person, after an id. */
FALLIBLE struct error *quality_store_list(struct tx *tx, struct id user_id, struct id after, int limit, struct quality_task *ret_tasks, size_t *ret_count);
FALLIBLE struct error *quality_store_count(struct tx *tx, struct id user_id, int64_t *ret_count);

#endif
