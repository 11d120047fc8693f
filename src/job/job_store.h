/* job_store.h: what the job slice asks of the database. */
#ifndef LUMBUNG_JOB_STORE_H
#define LUMBUNG_JOB_STORE_H

#include "lumbung/db/tx.h"

struct job_row {
    struct id id, actor_id;
    const char *kind, *state; /* state: open, done, failed, cancelled */
    int64_t done, total;
    const char *input, *result; /* JSON objects */
    const char *cursor;         /* JSON, NULL at the start */
};

FALLIBLE struct error *job_store_insert(struct tx *tx, struct id id, const char *kind, struct id actor_id, int64_t total, const char *input);
FALLIBLE struct error *job_store_load(struct tx *tx, struct id id, struct job_row *ret_row, bool *ret_found);
/* The oldest job that still has work. */
FALLIBLE struct error *job_store_next_open(struct tx *tx, struct job_row *ret_row, bool *ret_found);
FALLIBLE struct error *job_store_progress(struct tx *tx, struct id id, int64_t done, int64_t total, const char *result, const char *position);
/* Ends an open job; `ret_changed` (may be NULL) is 0 when it had ended before. */
FALLIBLE struct error *job_store_finish(struct tx *tx, struct id id, const char *state, const char *result, int64_t *ret_changed);

/* Ends an open job before its work was done and tells its kind; *ret_changed 0 when it had ended before. */
FALLIBLE struct error *job_break(struct tx *tx, const struct job_row *row, const char *state, const char *why, int64_t *ret_changed);

#endif
