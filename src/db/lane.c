/* lane.c: the one writer. A thread takes what waits in the queue, runs each job in a savepoint, commits once for all, then answers. */
#include "lane_private.h"

#include <assert.h>
#include <pthread.h>
#include <string.h>
#include <time.h>

#include "lumbung/base/limits.h"
#include "lumbung/base/log.h"
#include "lumbung/base/time.h"

#define LINGER_US 250

static void
states_mark(const struct lane *lane, int depth)
{
    for (const struct lane_state *state = lane->options.states; state && state->mark; state++)
        state->mark(state->context, depth);
}

static void
states_rewind(const struct lane *lane, int depth)
{
    for (const struct lane_state *state = lane->options.states; state && state->mark; state++)
        state->rewind(state->context, depth);
}

/* Answers a slot; the job may be gone when `done` returns. */
static void
answer(struct slot *slot)
{
    struct lane_job *job = slot->job;
    struct error *error = slot->error;
    slot->job = NULL;
    slot->error = NULL;
    if (job)
        job->done(job->context, error);
    else
        error_free(error);
}

static void
set_error(struct slot *slot, struct error *error)
{
    error_free(slot->error);
    slot->error = error;
}

static void
slot_start(struct lane *lane, struct slot *slot)
{
    set_error(slot, NULL);
    slot->tx = (struct tx){
        .db = lane->db,
        .arena = slot->job->arena ? slot->job->arena : lane->scratch,
        .now_ms = lane->options.now_ms(),
        .keyring = lane->options.keyring,
        .registry = lane->options.registry,
        .writable = true,
    };
    slot->tx.after_commit_end = &slot->tx.after_commit;
}

/* Runs one job in its savepoint. A failed one leaves nothing behind, in the file or in memory. */
static void
slot_run(struct lane *lane, struct slot *slot)
{
    slot_start(lane, slot);
    states_mark(lane, 1);
    slot->error = db_savepoint(lane->db);
    if (!slot->error) {
        slot->error = slot->job->apply(&slot->tx, slot->job->context);
        if (!slot->error)
            slot->error = db_release(lane->db);
        if (slot->error)
            db_rollback_to(lane->db);
    }
    if (slot->error) {
        states_rewind(lane, 1);
        slot->tx.after_commit = NULL;
    }
}

/* Everyone gets the same refusal: what a job was told rests on jobs that are now undone. */
static void
fail_all(struct slot *slots, size_t count, enum error_code code)
{
    for (size_t i = 0; i < count; i++) {
        set_error(&slots[i], error_new(code));
        slots[i].tx.after_commit = NULL;
    }
}

/* Undoes the whole batch. */
static void
abandon(struct lane *lane)
{
    db_rollback(lane->db);
    states_rewind(lane, 0);
}

/* Only the mutants of the fault tests answer here, before the batch is safe. */
static void
answer_early(struct lane *lane, struct slot *slots, size_t count)
{
    for (size_t i = 0; lane->options.ack_before_commit && i < count; i++)
        answer(&slots[i]);
    if (lane->options.ack_before_commit)
        nanosleep(&(struct timespec){.tv_nsec = 120000000}, NULL); /* the mutant's window, wide enough for a kill to fall in */
}

static struct error *
commit(struct lane *lane)
{
    struct error *error = db_commit(lane->db);
    if (error && lane->options.ignore_commit_failure) {
        db_rollback(lane->db);
        error_free(error);
        return NULL;
    }
    return error;
}

/* One transaction. False when it did not come to be: then every slot carries an error, and *ret_again tells whether to try them singly. */
static bool
transact(struct lane *lane, struct slot *slots, size_t count, bool *ret_again)
{
    *ret_again = false;
    states_mark(lane, 0);
    struct error *error = db_begin(lane->db, true);
    if (error) {
        fail_all(slots, count, error->code);
        error_free(error);
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        slot_run(lane, &slots[i]);
        /* A full disk ends the transaction inside the job. Going on would let the next job commit alone, without those before it. */
        if (!db_in_transaction(lane->db)) {
            abandon(lane);
            fail_all(slots, count, ERROR_DISK);
            return false;
        }
    }
    answer_early(lane, slots, count);
    error = commit(lane);
    if (!error)
        return true;
    abandon(lane);
    *ret_again = error->code != ERROR_DISK && count > 1 && !lane->options.ack_before_commit;
    fail_all(slots, count, error->code);
    error_free(error);
    return false;
}

static void
run_hooks(struct slot *slot)
{
    for (struct tx_hook *hook = slot->tx.after_commit; hook; hook = hook->next)
        hook->run(hook->context);
    slot->tx.after_commit = NULL;
}

static void
count_batch(struct lane *lane, const struct slot *slots, size_t count, bool is_committed)
{
    pthread_mutex_lock(&lane->mutex);
    lane->figures.batches++;
    lane->figures.jobs += (int64_t)count;
    lane->figures.commit_failures += is_committed ? 0 : 1;
    for (size_t i = 0; i < count; i++)
        lane->figures.failed += slots[i].error ? 1 : 0;
    pthread_mutex_unlock(&lane->mutex);
}

static void
run_batch(struct lane *lane, struct slot *slots, size_t count)
{
    bool again;
    bool is_committed = transact(lane, slots, count, &again);
    if (again) {
        log_event(LOG_LEVEL_WARN, "lane.commit_failed", "then", "one_by_one", NULL, NULL);
        for (size_t i = 0; i < count; i++)
            run_batch(lane, &slots[i], 1);
        return;
    }
    if (!is_committed && !lane->is_failing)
        log_event(LOG_LEVEL_ERROR, "lane.batch_failed", "error", slots[0].error ? error_slug(slots[0].error->code) : "unknown", NULL, NULL);
    if (is_committed && lane->is_failing)
        log_event(LOG_LEVEL_INFO, "lane.recovered", NULL, NULL, NULL, NULL);
    lane->is_failing = !is_committed;
    count_batch(lane, slots, count, is_committed);
    for (size_t i = 0; i < count; i++)
        run_hooks(&slots[i]);
    for (size_t i = 0; i < count; i++)
        answer(&slots[i]);
}

/* Moves waiting jobs into the slots from `count` on; the mutex is held. */
static size_t
take_jobs(struct lane *lane, size_t count)
{
    while (lane->first && count < (size_t)lane->options.batch_max) {
        lane->slots[count] = (struct slot){.job = lane->first};
        lane->first = lane->first->next;
        lane->figures.queue_length--;
        count++;
    }
    if (!lane->first)
        lane->last = &lane->first;
    return count;
}

/* Waits for a batch; 0 when the lane is stopping and empty. After a shared batch it lingers a little when few wait: the clients that were just
 * answered are about to send again. */
static size_t
next_batch(struct lane *lane, size_t previous)
{
    pthread_mutex_lock(&lane->mutex);
    while (!lane->first && !lane->is_stopping)
        pthread_cond_wait(&lane->wake, &lane->mutex);
    size_t count = take_jobs(lane, 0);
    bool is_lingering = count > 0 && 2 * count < previous && !lane->is_stopping;
    pthread_mutex_unlock(&lane->mutex);
    if (!is_lingering)
        return count;
    nanosleep(&(struct timespec){.tv_nsec = LINGER_US * 1000L}, NULL);
    pthread_mutex_lock(&lane->mutex);
    count = take_jobs(lane, count);
    pthread_mutex_unlock(&lane->mutex);
    return count;
}

static void *
lane_main(void *argument)
{
    struct lane *lane = argument;
    size_t count = 0;
    while ((count = next_batch(lane, count)) > 0) {
        run_batch(lane, lane->slots, count);
        arena_reset(lane->scratch);
        lane_guard_log(lane);
    }
    pthread_mutex_lock(&lane->mutex);
    lane->is_drained = true;
    pthread_cond_signal(&lane->checkpoint_wake);
    pthread_mutex_unlock(&lane->mutex);
    return NULL;
}

static void
lane_init(struct lane *lane, const struct lane_options *options)
{
    pthread_condattr_t attributes;
    lane->options = *options;
    if (!lane->options.now_ms)
        lane->options.now_ms = time_now_ms;
    if (lane->options.batch_max < 1 || lane->options.batch_max > LIMIT_LANE_BATCH)
        lane->options.batch_max = LIMIT_LANE_BATCH;
    lane->slots = ARENA_ARRAY(lane->arena, struct slot, lane->options.batch_max);
    lane->scratch = arena_create();
    lane->wal_guard_bytes = LANE_LOG_BYTES;
    lane->last = &lane->first;
    pthread_mutex_init(&lane->mutex, NULL);
    pthread_mutex_init(&lane->checkpoint_mutex, NULL);
    pthread_cond_init(&lane->wake, NULL);
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&lane->checkpoint_wake, &attributes);
    pthread_condattr_destroy(&attributes);
}

static void
lane_free(struct lane *lane)
{
    db_close(lane->checkpoint_db);
    db_close(lane->db);
    pthread_cond_destroy(&lane->checkpoint_wake);
    pthread_cond_destroy(&lane->wake);
    pthread_mutex_destroy(&lane->checkpoint_mutex);
    pthread_mutex_destroy(&lane->mutex);
    arena_destroy(lane->scratch);
    arena_destroy(lane->arena);
}

static struct error *
start_threads(struct lane *lane)
{
    if (pthread_create(&lane->thread, NULL, lane_main, lane) != 0)
        return error_internal("the lane's thread cannot start");
    if (pthread_create(&lane->checkpoint_thread, NULL, lane_checkpoint_main, lane) == 0)
        return NULL;
    pthread_mutex_lock(&lane->mutex);
    lane->is_stopping = true;
    pthread_cond_signal(&lane->wake);
    pthread_mutex_unlock(&lane->mutex);
    pthread_join(lane->thread, NULL);
    return error_internal("the checkpoint thread cannot start");
}

struct error *
lane_start(const char *path, const struct lane_options *options, struct lane **ret_lane)
{
    struct arena *arena = arena_create();
    struct lane *lane = ARENA_NEW(arena, struct lane);
    lane->arena = arena;
    lane_init(lane, options);
    struct error *error = db_open(path, DB_WRITER, &options->db, &lane->db);
    struct db_options paced = options->db;
    paced.is_paced = true;
    if (!error)
        error = db_open(path, DB_MIGRATOR, &paced, &lane->checkpoint_db);
    if (!error)
        error = start_threads(lane);
    if (error) {
        lane_free(lane);
        return error;
    }
    *ret_lane = lane;
    return NULL;
}

bool
lane_submit(struct lane *lane, struct lane_job *job)
{
    pthread_mutex_lock(&lane->mutex);
    bool is_taken = !lane->is_stopping && lane->figures.queue_length < LIMIT_LANE_QUEUE;
    if (is_taken) {
        job->next = NULL;
        *lane->last = job;
        lane->last = &job->next;
        lane->figures.queue_length++;
        pthread_cond_signal(&lane->wake);
    }
    pthread_mutex_unlock(&lane->mutex);
    return is_taken;
}

struct waiter {
    struct error *(*apply)(struct tx *tx, void *context);
    void *context;
    pthread_mutex_t mutex;
    pthread_cond_t wake;
    bool is_done;
    struct error *error;
};

static struct error *
waiter_apply(struct tx *tx, void *context)
{
    struct waiter *waiter = context;
    return waiter->apply(tx, waiter->context);
}

static void
waiter_done(void *context, struct error *error)
{
    struct waiter *waiter = context;
    pthread_mutex_lock(&waiter->mutex);
    waiter->error = error;
    waiter->is_done = true;
    pthread_cond_signal(&waiter->wake);
    pthread_mutex_unlock(&waiter->mutex);
}

struct error *
lane_run(struct lane *lane, struct error *(*apply)(struct tx *tx, void *context), void *context, struct arena *arena)
{
    struct waiter waiter = {.apply = apply, .context = context};
    struct lane_job job = {.apply = waiter_apply, .done = waiter_done, .context = &waiter, .arena = arena};
    assert(!pthread_equal(pthread_self(), lane->thread) && "the lane thread would wait for itself");
    pthread_mutex_init(&waiter.mutex, NULL);
    pthread_cond_init(&waiter.wake, NULL);
    if (lane_submit(lane, &job)) {
        pthread_mutex_lock(&waiter.mutex);
        while (!waiter.is_done)
            pthread_cond_wait(&waiter.wake, &waiter.mutex);
        pthread_mutex_unlock(&waiter.mutex);
    } else {
        waiter.error = error_new(ERROR_BUSY);
    }
    pthread_cond_destroy(&waiter.wake);
    pthread_mutex_destroy(&waiter.mutex);
    return waiter.error;
}

void
lane_stop(struct lane *lane)
{
    if (!lane)
        return;
    pthread_mutex_lock(&lane->mutex);
    lane->is_stopping = true;
    pthread_cond_signal(&lane->wake);
    pthread_mutex_unlock(&lane->mutex);
    pthread_join(lane->thread, NULL);
    pthread_join(lane->checkpoint_thread, NULL);
    error_free(db_checkpoint(lane->db, true)); /* what stays in the log is read from there by the next start */
    lane_free(lane);
}

struct lane_figures
lane_figures(const struct lane *lane)
{
    /* The mutex is no part of what the caller sees as constant. */
    pthread_mutex_t *mutex = (pthread_mutex_t *)(uintptr_t)&lane->mutex;
    pthread_mutex_lock(mutex);
    struct lane_figures figures = lane->figures;
    pthread_mutex_unlock(mutex);
    return figures;
}
