/* lane_checkpoint.c: the log of the file: copied beside the writer, and begun anew when it is long. */
#include <time.h>

#include "lane_private.h"
#include "lumbung/base/time.h"

#define CHECKPOINT_EACH_MS 500
#define CATCH_UP_MS 8   /* a checkpoint that took no longer has left little behind */
#define CATCH_UP_MAX 8

/* Under sustained load the log never empties behind a passive checkpoint. Above a size the other thread catches up until little is left; then the
 * lane stands still for that, and the log begins anew. */
void
lane_guard_log(struct lane *lane)
{
    int64_t bytes = db_wal_bytes(lane->db);
    if (bytes < LANE_LOG_BYTES)
        lane->wal_guard_bytes = LANE_LOG_BYTES;
    pthread_mutex_lock(&lane->mutex);
    bool is_ready = lane->is_caught_up || bytes >= lane->wal_guard_bytes + LANE_LOG_BYTES;
    lane->is_log_long = bytes >= lane->wal_guard_bytes;
    lane->is_caught_up = false;
    if (lane->is_log_long)
        pthread_cond_signal(&lane->checkpoint_wake);
    bool is_due = lane->is_log_long && is_ready;
    pthread_mutex_unlock(&lane->mutex);
    if (!is_due)
        return;
    pthread_mutex_lock(&lane->checkpoint_mutex);
    error_free(db_checkpoint(lane->db, false));
    pthread_mutex_unlock(&lane->checkpoint_mutex);
    /* A long reader may hold the log: do not try again at every batch. */
    lane->wal_guard_bytes = bytes + LANE_LOG_BYTES;
}

/* One checkpoint beside the writer; the mutex is let go meanwhile. Tells how long it took. */
static int64_t
checkpoint(struct lane *lane)
{
    int64_t began_ms = time_monotonic_ms();
    pthread_mutex_unlock(&lane->mutex);
    pthread_mutex_lock(&lane->checkpoint_mutex);
    error_free(db_checkpoint(lane->checkpoint_db, false)); /* what failed is tried again with the next batch */
    pthread_mutex_unlock(&lane->checkpoint_mutex);
    pthread_mutex_lock(&lane->mutex);
    return time_monotonic_ms() - began_ms;
}

static void
catch_up(struct lane *lane)
{
    for (int i = 0; i < CATCH_UP_MAX && checkpoint(lane) > CATCH_UP_MS; i++)
        ;
    lane->is_caught_up = true;
}

void *
lane_checkpoint_main(void *argument)
{
    struct lane *lane = argument;
    int64_t seen_batches = 0;
    pthread_mutex_lock(&lane->mutex);
    while (!lane->is_drained) {
        struct timespec until;
        clock_gettime(CLOCK_MONOTONIC, &until);
        until.tv_nsec += CHECKPOINT_EACH_MS * 1000000L;
        until.tv_sec += until.tv_nsec / 1000000000L;
        until.tv_nsec %= 1000000000L;
        pthread_cond_timedwait(&lane->checkpoint_wake, &lane->mutex, &until);
        if (lane->figures.batches == seen_batches || lane->is_drained)
            continue;
        seen_batches = lane->figures.batches;
        if (lane->is_log_long && !lane->is_caught_up)
            catch_up(lane);
        else
            (void)checkpoint(lane);
    }
    pthread_mutex_unlock(&lane->mutex);
    return NULL;
}
