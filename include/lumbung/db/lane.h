/* lane.h: the one writer. Jobs queue, run each in a savepoint, share one COMMIT (group commit) and are answered after it.
 * A failed job leaves nothing; a transaction that the engine ended (full disk) fails its whole batch; a failed COMMIT is rolled back and the
 * jobs are tried one by one. In-memory state that jobs change inside the transaction is restored through the lane's hooks. */
#ifndef LUMBUNG_DB_LANE_H
#define LUMBUNG_DB_LANE_H

#include "lumbung/db/tx.h"

struct lane_job {
    struct error *(*apply)(struct tx *tx, void *context); /* may run more than once when a COMMIT fails: resets its own outputs */
    void (*done)(void *context, struct error *error);     /* lane thread, after COMMIT or failure; owns the error */
    void *context;
    struct arena *arena; /* the job's while it is in the lane */
    struct lane_job *next;
};

/* State that lives in memory and changes inside the transaction (the audit frontier). */
struct lane_state {
    void *context;
    void (*mark)(void *context, int depth);   /* depth 0: batch start; 1: job start */
    void (*rewind)(void *context, int depth);
};

struct lane_options {
    struct db_options db;
    struct keyring *keyring;
    struct registry *registry;
    const struct lane_state *states; /* ends with context NULL and mark NULL */
    int64_t (*now_ms)(void);         /* NULL: time_now_ms */
    int batch_max;                   /* 0: LIMIT_LANE_BATCH; 1: a transaction per request (the bench's baseline) */
    bool ack_before_commit;          /* only for the mutant of the kill -9 test */
    bool ignore_commit_failure;      /* only for the mutant of the disk-full test */
};

FALLIBLE struct error *lane_start(const char *path, const struct lane_options *options, struct lane **ret_lane);
/* False when the queue is full or the lane is stopping: answer 503 with Retry-After. */
bool lane_submit(struct lane *lane, struct lane_job *job);
/* Submits and waits; for the console, jobs in chunks and tests. Not from the lane thread. */
FALLIBLE struct error *lane_run(struct lane *lane, struct error *(*apply)(struct tx *tx, void *context), void *context, struct arena *arena);
/* Refuses new jobs, drains, stops, checkpoints. */
void lane_stop(struct lane *lane);
/* Figures for /metrics. */
struct lane_figures { int64_t jobs, failed, batches, queue_length, commit_failures; };
struct lane_figures lane_figures(const struct lane *lane);

#endif
