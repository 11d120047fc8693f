/* job.h: persistent work larger than one lane job: a row of `job`, worked in chunks between batches, with progress, cancel and resume. */
#ifndef LUMBUNG_JOB_H
#define LUMBUNG_JOB_H

#include "lumbung/http/route.h"

/* One chunk, at most 1,000 rows or 20 ms, in its own lane transaction. `cursor` is what the last chunk left (NULL at the start), `input` the job's.
 * Sets *ret_cursor to go on, NULL when finished; adds to *done; `result` is carried from chunk to chunk (a JSON object) and stored. */
struct job_chunk {
    struct id job_id;
    const struct json *input;
    struct json *result;     /* in and out */
    struct json *cursor;     /* in and out; NULL out: finished */
    int64_t done, total;     /* in and out */
};
typedef struct error *(*job_step)(struct tx *tx, const struct actor *actor, struct job_chunk *chunk);
/* Told in the transaction that ends a job before its work was done: `why` is a failed chunk's error code, or "cancelled". Puts the record that the
 * job worked on back where people can act on it. */
typedef struct error *(*job_broken)(struct tx *tx, const struct actor *actor, struct id job_id, const struct json *input, const char *why);

/* Asked before every chunk, with the maker's rights as they are now: ERROR_FORBIDDEN when he may no longer do this. What lies outside his scope by
 * now (ERROR_NOT_FOUND) is forbidden too. */
typedef struct error *(*job_may)(struct tx *tx, const struct actor *actor, const struct json *input);

struct job_kind {
    const char *kind;        /* "enrollment.bulk" */
    job_may may;
    job_step step;
    job_broken broken;       /* NULL when nothing waits for the job */
};
extern const struct code_list job_state_codes;
extern const struct job_kind *const job_kinds[]; /* in src/routes.c, ends with NULL */

/* Asked once when the runner starts and once each day: may make jobs that are due. */
typedef struct error *(*job_daily)(struct tx *tx);
extern const job_daily job_dailies[]; /* in src/routes.c, ends with NULL */

/* Makes the row inside the caller's transaction and wakes the runner after COMMIT. `operation` makes a double click one job (zero: none). */
FALLIBLE struct error *job_make(struct tx *tx, const struct actor *actor, const char *kind, const struct json *input, int64_t total, struct id *ret_id);

struct job_runner;
/* A thread that works off open jobs through the lane; resumes those left by a restart. */
/* 202 {"job_id"}: the answer of a call that started a job, and, as its replay, of the same call repeated (call->ids[0] is the job then). */
void job_answer(struct reply *reply, struct id job_id);
FALLIBLE struct error *job_replay_step(struct tx *tx, const struct call *call, struct reply *reply);

FALLIBLE struct error *job_runner_start(struct lane *lane, struct registry *registry, struct job_runner **ret_runner);
void job_runner_stop(struct job_runner *runner);
/* For commands without a server: works off all open jobs in this thread. A job whose chunk fails is ended as failed, and its error returned. */
FALLIBLE struct error *job_run_all(struct lane *lane);

extern const struct route job_routes[]; /* GET, DELETE /jobs/{id} */

#endif
