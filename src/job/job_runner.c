/* job_runner.c: works off open jobs chunk by chunk: each chunk is one lane job, so that registrations go on between them. A chunk that fails
 * fails its job with the reason; a restart finds open jobs where their last committed chunk left them. */
#include "lumbung/job.h"

#include <pthread.h>
#include <string.h>

#include "job/job_store.h"
#include "lumbung/base/log.h"
#include "lumbung/registry.h"
#include "lumbung/user.h"

struct job_runner {
    struct lane *lane;
    pthread_t thread;
    pthread_mutex_t mutex;
    pthread_cond_t wake;
    bool woken, stopping;
};

static const struct job_kind *
job_kind_find(const char *kind)
{
    for (const struct job_kind *entry = job_kinds; entry->kind; entry++)
        if (strcmp(entry->kind, kind) == 0)
            return entry;
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

/* One chunk of the oldest open job. *context: whether there was one. */
static struct error *
job_work_chunk(struct tx *tx, void *context)
{
    bool *ret_worked = context;
    struct job_row row;
    TRY(job_store_next_open(tx, &row, ret_worked));
    if (!*ret_worked)
        return NULL;
    const struct job_kind *kind = job_kind_find(row.kind);
    if (kind == NULL)
        return job_store_finish(tx, row.id, "failed", "{\"error\":\"unknown kind\"}", NULL);
    struct actor actor;
    TRY(job_actor(tx, row.actor_id, &actor));
    struct job_chunk chunk = {.job_id = row.id, .done = row.done, .total = row.total};
    struct json *input = NULL;
    TRY(job_parse(tx, row.input, &input));
    chunk.input = input;
    TRY(job_parse(tx, row.result, &chunk.result));
    TRY(job_parse(tx, row.cursor, &chunk.cursor));
    TRY(kind->step(tx, &actor, &chunk));
    TRY(job_store_progress(tx, row.id, chunk.done, chunk.total, job_print(tx, chunk.result), job_print(tx, chunk.cursor)));
    return chunk.cursor ? NULL : job_store_finish(tx, row.id, "done", NULL, NULL);
}

/* The reason that a chunk failed with, stored as the job's result in a transaction of its own. */
static struct error *
job_fail(struct tx *tx, void *context)
{
    const char *line = context;
    struct job_row row;
    bool found = false;
    TRY(job_store_next_open(tx, &row, &found));
    if (!found)
        return NULL;
    struct buffer result;
    buffer_init(&result, tx->arena);
    json_open(&result, NULL, '{');
    json_put_text(&result, "error", line);
    json_close(&result, '}');
    return job_store_finish(tx, row.id, "failed", buffer_text(&result), NULL);
}

/* Works one chunk; false when nothing is open or the lane refuses. */
static bool
job_work_once(struct lane *lane, struct arena *arena)
{
    bool worked = false;
    struct error *error = lane_run(lane, job_work_chunk, &worked, arena);
    if (error == NULL)
        return worked;
    struct buffer line;
    buffer_init(&line, arena);
    error_print_line(&line, error);
    bool again = !error_retryable(error->code) || error->code == ERROR_INTERNAL;
    log_event(LOG_LEVEL_WARN, "job_failed", "error", error_slug(error->code), "cause", error->cause);
    error_free(error);
    if (!again)
        return false;
    struct error *failed = lane_run(lane, job_fail, (void *)(uintptr_t)buffer_text(&line), arena);
    again = failed == NULL;
    error_free(failed);
    return again;
}

static void *
job_thread(void *context)
{
    struct job_runner *runner = context;
    for (;;) {
        pthread_mutex_lock(&runner->mutex);
        while (!runner->woken && !runner->stopping)
            pthread_cond_wait(&runner->wake, &runner->mutex);
        bool stopping = runner->stopping;
        runner->woken = false;
        pthread_mutex_unlock(&runner->mutex);
        if (stopping)
            return NULL;
        bool worked = true;
        while (worked && !__atomic_load_n(&runner->stopping, __ATOMIC_RELAXED)) {
            struct arena *arena = arena_create();
            worked = job_work_once(runner->lane, arena);
            arena_destroy(arena);
        }
    }
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
job_run_all(struct lane *lane, struct arena *arena)
{
    for (;;) {
        bool worked = false;
        TRY(lane_run(lane, job_work_chunk, &worked, arena));
        if (!worked)
            return NULL;
    }
}
