/* report_store.h: what waits for people, within their scope. */
#ifndef LUMBUNG_REPORT_STORE_H
#define LUMBUNG_REPORT_STORE_H

#include "lumbung/db/tx.h"

#define TASKS_MAX 20

struct task_batch {
    struct id id;
    const char *program, *cycle, *currency;
    int64_t since_ms, count, total_minor;
};
/* Batches in a state; `not_touched`: only those in which the caller holds no duty yet. */
FALLIBLE struct error *report_store_batches(struct tx *tx, const struct actor *actor, const char *state, bool not_touched, struct task_batch *ret_rows, size_t *ret_count);

struct task_proposals {
    struct id program_id;
    const char *program;
    int64_t count;
};
FALLIBLE struct error *report_store_proposals(struct tx *tx, const struct actor *actor, struct task_proposals *ret_rows, size_t *ret_count);

/* Lines of a released batch that the caller could still hand out. */
FALLIBLE struct error *report_store_open_lines(struct tx *tx, const struct actor *actor, struct id batch_id, int64_t *ret_count);

#endif
