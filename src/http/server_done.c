/* server_done.c: the way back from pool and lane to the loop: one list, and one wake-up for as many as come before the loop looks. */
#include <sys/eventfd.h>
#include <unistd.h>

#include "http/server_private.h"

void
server_wake(struct server *server)
{
    uint64_t one = 1;
    ssize_t written = write(server->wake, &one, sizeof one);
    (void)written; /* a full counter is awake already */
}

void
server_push_done(struct server *server, struct request *request)
{
    request->next = NULL;
    pthread_mutex_lock(&server->done_mutex);
    bool first = server->done == NULL;
    *server->done_end = request;
    server->done_end = &request->next;
    pthread_mutex_unlock(&server->done_mutex);
    if (first)
        server_wake(server);
}

struct request *
server_take_done(struct server *server)
{
    pthread_mutex_lock(&server->done_mutex);
    struct request *list = server->done;
    server->done = NULL;
    server->done_end = &server->done;
    pthread_mutex_unlock(&server->done_mutex);
    return list;
}

/* Lane thread, after COMMIT or failure. */
static void
on_lane_done(void *context, struct error *error)
{
    struct request *request = context;
    pipeline_done(request, error);
    server_push_done(request->gate->server, request);
}

void
server_send_to_lane(struct server *server, struct request *request)
{
    request->job = (struct lane_job){.apply = pipeline_apply, .done = on_lane_done, .context = request, .arena = request->arena};
    if (server->config.lane && lane_submit(server->config.lane, &request->job))
        return;
    pipeline_done(request, error_new(ERROR_BUSY));
    server_push_done(server, request);
}

void
server_send_to_pool(struct server *server, struct request *request)
{
    if (pool_push(server->pool, request))
        return;
    request->error = error_new(ERROR_BUSY);
    server_push_done(server, request);
}
