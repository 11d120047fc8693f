/* job_runner.c: works off open jobs chunk by chunk: each chunk is one lane job, so that registrations go on between them. A chunk that fails
 * fails its job with the reason; a restart finds open jobs where their last committed chunk left them. */
#include "lumbung/job.h"

#include <pthread.h>
#include <string.h>
#include <time.h>

#include "job/job_store.h"
#include "lumbung/base/log.h"
#include "lumbung/base/time.h"
#include "lumbung/registry.h"
#include "lumbung/user.h"

#define JOB_DAY_OFFSET_MIN 420

struct job_runner {
    struct lane *lane;
    pthread_t thread;
    pthread_mutex_t mutex;
    pthread_cond_t wake;
    bool woken, stopping;
    int32_t day; /* whose daily jobs were asked for */
};

static const struct job_kind *
job_kind_find(const char *kind)
{
    for (const struct job_kind *const *entry = job_kinds; *entry; entry++)
        if (strcmp((*entry)->kind, kind) == 0)
            return *entry;
    return NULL;
}

static void
job_wake(void *context)
{
    struct job_runner *runner = context;
    pthread_mutex_lock(&runner->mutex);
    runner->woken = true;
    pthread_cond_signal(&runner->wake);
    pthread_mutex_unlock(&runner->mutex);
}

struct error *
job_make(struct tx *tx, const struct actor *actor, const char *kind, const struct json *input, int64_t total, struct id *ret_id)
{
    struct buffer text;
    buffer_init(&text, tx->arena);
    json_print(&text, NULL, input);
    struct id id = tx_new_id(tx);
    TRY(job_store_insert(tx, id, kind, actor->user_id, total, buffer_text(&text)));
    if (tx->registry && tx->registry->job_runner)
        tx_after_commit(tx, job_wake, tx->registry->job_runner);
    *ret_id = id;
    return NULL;
}

static struct error *
job_actor(struct tx *tx, struct id user_id, struct actor *ret_actor)
{
    if (!id_is_zero(user_id))
        return user_actor(tx, user_id, ret_actor);
    *ret_actor = user_console_actor();
    return NULL;
}

static struct error *
job_parse(struct tx *tx, const char *text, struct json **ret_json)
{
    if (text == NULL)
        return NULL;
    return json_parse(tx->arena, text, strlen(text), ret_json);
}

static const char *
job_print(struct tx *tx, const struct json *json)
{
    if (json == NULL)
        return NULL;
    struct buffer buffer;
    buffer_init(&buffer, tx->arena);
    json_print(&buffer, NULL, json);
    return buffer_text(&buffer);
}

/* The maker may have lost role, region or account since the last chunk: what he may not do now is not done for him. */
static struct error *
job_check_may(struct tx *tx, const struct job_kind *kind, const struct actor *actor, const struct json *input)
{
    struct error *error = kind->may(tx, actor, input);
    if (error == NULL || error->code != ERROR_NOT_FOUND)
        return error;
    error_free(error);
    return error_new(ERROR_FORBIDDEN);
}

/* A chunk at work: which job, so that its failure ends this one and no other that happens to be next. */
struct job_turn {
    bool worked;
    struct id job_id;
    const char *why;
};

/* One chunk of the oldest open job. *context: whether there was one, and which. */
static struct error *
job_work_chunk(struct tx *tx, void *context)
{
    struct job_turn *turn = context;
    struct job_row row;
    TRY(job_store_next_open(tx, &row, &turn->worked));
    if (!turn->worked)
        return NULL;
    turn->job_id = row.id;
    const struct job_kind *kind = job_kind_find(row.kind);
    if (kind == NULL)
        return job_store_finish(tx, row.id, "failed", "{\"error\":\"unknown kind\"}", NULL);
    struct actor actor;
    TRY(job_actor(tx, row.actor_id, &actor));
    struct job_chunk chunk = {.job_id = row.id, .done = row.done, .total = row.total};
    struct json *input = NULL;
    TRY(job_parse(tx, row.input, &input));
    chunk.input = input;
    TRY(job_check_may(tx, kind, &actor, input));
    TRY(job_parse(tx, row.result, &chunk.result));
    TRY(job_parse(tx, row.cursor, &chunk.cursor));
    TRY(kind->step(tx, &actor, &chunk));
    TRY(job_store_progress(tx, row.id, chunk.done, chunk.total, job_print(tx, chunk.result), job_print(tx, chunk.cursor)));
    return chunk.cursor ? NULL : job_store_finish(tx, row.id, "done", NULL, NULL);
}

struct error *
job_break(struct tx *tx, const struct job_row *row, const char *state, const char *why, int64_t *ret_changed)
{
    struct json *result = NULL, *input = NULL;
    TRY(job_parse(tx, row->result, &result));
    if (result == NULL || result->kind != JSON_OBJECT)
        result = json_make(tx->arena, JSON_OBJECT);
    json_set(tx->arena, result, "error", json_make_text(tx->arena, why));
    TRY(job_store_finish(tx, row->id, state, job_print(tx, result), ret_changed));
    const struct job_kind *kind = job_kind_find(row->kind);
    if (*ret_changed == 0 || kind == NULL || kind->broken == NULL)
        return NULL;
    TRY(job_parse(tx, row->input, &input));
    /* The maker may have lost his account since: putting the record back is the system's act. */
    static const struct actor system = {.kind = ACTOR_SYSTEM, .name = "system", .all_regions = true, .all_programs = true};
    return kind->broken(tx, &system, row->id, input, why);
}

/* Ends the job whose chunk failed, in a transaction of its own. The chunks before stand. */
static struct error *
job_fail(struct tx *tx, void *context)
{
    const struct job_turn *turn = context;
    struct job_row row;
    bool found = false;
    int64_t changed = 0;
    TRY(job_store_load(tx, turn->job_id, &row, &found));
    return found ? job_break(tx, &row, "failed", turn->why, &changed) : NULL;
}

enum job_outcome { JOB_WORKED, JOB_IDLE, JOB_AGAIN };

/* Works one chunk. A busy lane is tried again later; every other failure ends the job: its code is kept, the cause goes to the log only, since it may
 * hold a statement's text. `ret_error` (may be NULL) gets the failure. */
static enum job_outcome
job_work_once(struct lane *lane, struct arena *arena, struct error **ret_error)
{
    struct job_turn turn = {0};
    struct error *error = lane_run(lane, job_work_chunk, &turn, arena);
    if (error == NULL)
        return turn.worked ? JOB_WORKED : JOB_IDLE;
    log_event(LOG_LEVEL_WARN, "job_failed", "error", error_slug(error->code), "cause", error->cause);
    bool later = id_is_zero(turn.job_id) || (error_retryable(error->code) && error->code != ERROR_INTERNAL);
    turn.why = error_slug(error->code);
    if (!later) {
        struct error *failed = lane_run(lane, job_fail, &turn, arena);
        later = failed != NULL;
        error_free(failed);
    }
    if (ret_error)
        *ret_error = error;
    else
        error_free(error);
    return later ? JOB_AGAIN : JOB_WORKED;
}

#define JOB_AGAIN_NS (500 * 1000 * 1000L)
#define JOB_IDLE_S 60

/* Sleeps until a job is made, the runner stops, a busy lane may have become free, or a day may have begun. */
static bool
job_wait(struct job_runner *runner, bool again)
{
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_nsec += again ? JOB_AGAIN_NS : 0;
    until.tv_sec += again ? 0 : JOB_IDLE_S;
    if (until.tv_nsec >= 1000000000L) {
        until.tv_nsec -= 1000000000L;
        until.tv_sec++;
    }
    pthread_mutex_lock(&runner->mutex);
    int waited = 0;
    while (!runner->woken && !runner->stopping && waited == 0)
        waited = pthread_cond_timedwait(&runner->wake, &runner->mutex, &until);
    bool stopping = runner->stopping;
    runner->woken = false;
    pthread_mutex_unlock(&runner->mutex);
    return !stopping;
}

static struct error *
job_begin_day(struct tx *tx, void *context)
{
    (void)context;
    for (const job_daily *daily = job_dailies; *daily; daily++)
        TRY((*daily)(tx));
    return NULL;
}

/* The first time, and whenever another day has begun; a failure is tried again with the next wake. */
static void
job_check_day(struct job_runner *runner)
{
    int32_t today = date_of_instant(time_now_ms(), JOB_DAY_OFFSET_MIN);
    if (today == runner->day)
        return;
    struct arena *arena = arena_create();
    struct error *error = lane_run(runner->lane, job_begin_day, NULL, arena);
    if (error == NULL)
        runner->day = today;
    error_free(error);
    arena_destroy(arena);
}

static void *
job_thread(void *context)
{
    struct job_runner *runner = context;
    enum job_outcome outcome = JOB_IDLE;
    while (job_wait(runner, outcome == JOB_AGAIN)) {
        job_check_day(runner);
        outcome = JOB_WORKED;
        while (outcome == JOB_WORKED && !__atomic_load_n(&runner->stopping, __ATOMIC_RELAXED)) {
            struct arena *arena = arena_create();
            outcome = job_work_once(runner->lane, arena, NULL);
            arena_destroy(arena);
        }
    }
    return NULL;
}

struct error *
job_runner_start(struct lane *lane, struct registry *registry, struct job_runner **ret_runner)
{
    static struct job_runner runner; /* one runner a process */
    memset(&runner, 0, sizeof runner);
    runner.lane = lane;
    runner.woken = true; /* jobs left by a restart */
    pthread_mutex_init(&runner.mutex, NULL);
    pthread_cond_init(&runner.wake, NULL);
    if (pthread_create(&runner.thread, NULL, job_thread, &runner) != 0)
        return error_internal("job runner: no thread");
    registry->job_runner = &runner;
    *ret_runner = &runner;
    return NULL;
}

void
job_runner_stop(struct job_runner *runner)
{
    if (runner == NULL)
        return;
    pthread_mutex_lock(&runner->mutex);
    __atomic_store_n(&runner->stopping, true, __ATOMIC_RELAXED);
    pthread_cond_signal(&runner->wake);
    pthread_mutex_unlock(&runner->mutex);
    pthread_join(runner->thread, NULL);
}

struct error *
job_run_all(struct lane *lane)
{
    enum job_outcome outcome = JOB_WORKED;
    while (outcome == JOB_WORKED) {
        struct error *error = NULL;
        struct arena *arena = arena_create(); /* one a chunk: a long job would keep the memory of them all */
        outcome = job_work_once(lane, arena, &error);
        arena_destroy(arena);
        if (error)
            return error;
    }
    return NULL;
}
