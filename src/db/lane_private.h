/* lane_private.h: the lane's parts, shared by the writer (lane.c) and what copies its log into the file (lane_checkpoint.c). */
#ifndef LUMBUNG_LANE_PRIVATE_H
#define LUMBUNG_LANE_PRIVATE_H

#include <pthread.h>

#include "lumbung/db/lane.h"

#define LANE_LOG_BYTES (INT64_C(64) << 20) /* a longer log is to begin anew */

struct slot {
    struct lane_job *job;
    struct tx tx;
    struct error *error;
};

struct lane {
    struct arena *arena; /* holds this struct */
    struct lane_options options;
    struct db *db;            /* the lane thread's */
    struct db *checkpoint_db; /* the checkpoint thread's */
    struct slot *slots;       /* one batch */
    struct arena *scratch;    /* for jobs that bring no arena */
    int64_t wal_guard_bytes;  /* above it the log is to begin anew */
    bool is_failing;          /* the last batch did not come to be: logged once, not at every batch */
    pthread_t thread, checkpoint_thread;
    pthread_mutex_t mutex; /* guards what follows */
    pthread_cond_t wake, checkpoint_wake;
    struct lane_job *first, **last;
    bool is_stopping, is_drained;
    bool is_log_long, is_caught_up; /* between the lane, which alone can begin the log anew, and the checkpoints that make it cheap */
    struct lane_figures figures;
    pthread_mutex_t checkpoint_mutex; /* one checkpoint at a time */
};

/* Between batches, on the lane's thread. */
void lane_guard_log(struct lane *lane);
/* The checkpoint thread: copies the log into the file, so that no COMMIT has to wait for it. The argument is the lane. */
void *lane_checkpoint_main(void *argument);

#endif
