/* server_pool.c: a few threads for slow reads and for what writes prepare, each with its own read connection. */
#include <string.h>
#include <time.h>

#include "http/server_private.h"
#include "lumbung/base/log.h"

#define READER_CACHE_BYTES (8 * 1024 * 1024)

struct worker {
    struct pool *pool;
    pthread_t thread;
    struct db *reader;
    bool started;
};

struct pool {
    struct server *server;
    struct worker workers[LIMIT_POOL_THREADS];
    pthread_mutex_t mutex;
    pthread_cond_t wanted;
    struct request *queue, **queue_end;
    size_t queue_length;
    bool stopping;
};

static struct request *
take(struct pool *pool)
{
    pthread_mutex_lock(&pool->mutex);
    while (pool->queue == NULL && !pool->stopping)
        pthread_cond_wait(&pool->wanted, &pool->mutex);
    struct request *request = pool->queue;
    if (request) {
        pool->queue = request->next;
        if (pool->queue == NULL)
            pool->queue_end = &pool->queue;
        pool->queue_length--;
    }
    pthread_mutex_unlock(&pool->mutex);
    return request;
}

static bool
is_stopping(struct pool *pool)
{
    pthread_mutex_lock(&pool->mutex);
    bool stopping = pool->stopping;
    pthread_mutex_unlock(&pool->mutex);
    return stopping;
}

/* Preparing every statement takes a while, so that each worker does it beside the start. What cannot be opened (too many files) is tried again. */
static void
open_reader(struct worker *worker)
{
    struct db_options options = {.cache_bytes = READER_CACHE_BYTES};
    do {
        struct error *error = db_open(worker->pool->server->config.db_path, DB_READER, &options, &worker->reader);
        if (!error)
            return;
        log_event(LOG_LEVEL_ERROR, "pool.reader_failed", "error", error_slug(error->code), "cause", error->cause);
        error_free(error);
        nanosleep(&(struct timespec){.tv_sec = 1}, NULL);
    } while (!is_stopping(worker->pool));
}

static void *
work(void *context)
{
    struct worker *worker = context;
    struct request *request;
    open_reader(worker);
    while (worker->reader && (request = take(worker->pool)) != NULL) {
        if (pipeline_reading(request, worker->reader) == NEXT_LANE)
            server_send_to_lane(worker->pool->server, request);
        else
            server_push_done(worker->pool->server, request);
    }
    return NULL;
}

bool
pool_push(struct pool *pool, struct request *request)
{
    request->next = NULL;
    pthread_mutex_lock(&pool->mutex);
    bool taken = !pool->stopping && pool->queue_length < LIMIT_POOL_QUEUE;
    if (taken) {
        *pool->queue_end = request;
        pool->queue_end = &request->next;
        pool->queue_length++;
        pthread_cond_signal(&pool->wanted);
    }
    pthread_mutex_unlock(&pool->mutex);
    return taken;
}

struct error *
pool_start(struct server *server, struct pool **ret_pool)
{
    struct pool *pool = ARENA_NEW(server->arena, struct pool);
    pool->server = server;
    pool->queue_end = &pool->queue;
    pthread_mutex_init(&pool->mutex, NULL);
    pthread_cond_init(&pool->wanted, NULL);
    *ret_pool = pool; /* also on failure: what was started is stopped with the server */
    for (size_t i = 0; i < LIMIT_POOL_THREADS; i++) {
        struct worker *worker = &pool->workers[i];
        worker->pool = pool;
        worker->started = pthread_create(&worker->thread, NULL, work, worker) == 0;
        if (!worker->started)
            return error_internal("pool: no thread");
    }
    return NULL;
}

/* What is queued is still worked on. */
void
pool_stop(struct pool *pool)
{
    if (pool == NULL)
        return;
    pthread_mutex_lock(&pool->mutex);
    pool->stopping = true;
    pthread_cond_broadcast(&pool->wanted);
    pthread_mutex_unlock(&pool->mutex);
    for (size_t i = 0; i < LIMIT_POOL_THREADS; i++) {
        if (pool->workers[i].started)
            pthread_join(pool->workers[i].thread, NULL);
        pool->workers[i].started = false;
    }
}

void
pool_close(struct pool *pool)
{
    for (size_t i = 0; pool && i < LIMIT_POOL_THREADS; i++)
        db_close(pool->workers[i].reader);
    if (pool == NULL)
        return;
    pthread_cond_destroy(&pool->wanted);
    pthread_mutex_destroy(&pool->mutex);
}
