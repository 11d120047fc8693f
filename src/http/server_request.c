/* server_request.c: requests and connections are used again, so that a quiet request costs no allocation; and their deadlines. */
#include <string.h>
#include <sys/socket.h>

#include "http/server_private.h"
#include "lumbung/base/time.h"
#include "lumbung/http/spool.h"

#define FREE_REQUESTS_MAX 512
#define ARENA_KEEP_BYTES (256 * 1024)
#define SWEEP_MS 200

struct request *
server_take_request(struct server *server)
{
    struct request *request = server->free_requests;
    struct arena *arena;
    if (request) {
        server->free_requests = request->next;
        server->free_count--;
        arena = request->arena;
    } else {
        request = ARENA_NEW(server->arena, struct request);
        arena = NULL;
    }
    memset(request, 0, offsetof(struct request, match));
    request->arena = arena ? arena : arena_create();
    request->gate = &server->gate;
    server->in_flight++;
    return request;
}

void
server_give_request(struct server *server, struct request *request)
{
    error_free(request->error);
    request->error = NULL;
    spool_close(request->reply.spool); /* when it was refused after all, or nobody waits for it any more */
    request->reply.spool = NULL;
    if (arena_used(request->arena) > ARENA_KEEP_BYTES || server->free_count >= FREE_REQUESTS_MAX) {
        arena_destroy(request->arena);
        request->arena = NULL;
    } else {
        arena_reset(request->arena);
    }
    request->next = server->free_requests;
    server->free_requests = request;
    server->free_count++;
    server->in_flight--;
}

struct connection *
server_take_connection(struct server *server)
{
    struct connection *connection = server->free_connections;
    if (connection)
        server->free_connections = connection->next;
    else
        connection = ARENA_NEW(server->arena, struct connection);
    memset(connection, 0, sizeof *connection);
    connection->next = server->connections;
    if (server->connections)
        server->connections->previous = connection;
    server->connections = connection;
    server->connection_count++;
    return connection;
}

void
server_give_connection(struct server *server, struct connection *connection)
{
    if (connection->previous)
        connection->previous->next = connection->next;
    else
        server->connections = connection->next;
    if (connection->next)
        connection->next->previous = connection->previous;
    connection->next = server->free_connections;
    server->free_connections = connection;
    server->connection_count--;
}

/* `bytes` have passed (body) or will pass (send): each second of them at the least rate extends the deadline. */
void
server_set_stage(struct server *server, struct connection *connection, enum connection_stage stage, int64_t bytes)
{
    const struct server_timing *timing = &server->timing;
    int64_t extra = bytes * 1000 / timing->bytes_per_s;
    connection->stage = stage;
    switch (stage) {
    case STAGE_IDLE: connection->deadline_ms = server->now_ms + timing->idle_ms; break;
    case STAGE_HEAD: connection->deadline_ms = server->now_ms + timing->header_ms; break;
    case STAGE_BODY: connection->deadline_ms = server->now_ms + timing->body_ms; break;
    case STAGE_WORK: connection->deadline_ms = 0; break;
    case STAGE_SEND: connection->deadline_ms = server->now_ms + timing->send_ms + extra; break;
    }
}

/* The library counts inactivity only: a byte now and then would keep a connection for ever. Shut sockets are then closed by the library itself. */
void
server_sweep(struct server *server)
{
    if (server->now_ms - server->swept_ms < SWEEP_MS)
        return;
    server->swept_ms = server->now_ms;
    for (struct connection *connection = server->connections; connection; connection = connection->next) {
        int64_t deadline_ms = connection->deadline_ms;
        if (deadline_ms && connection->stage == STAGE_BODY && connection->request)
            deadline_ms += connection->request->received * 1000 / server->timing.bytes_per_s;
        bool late = deadline_ms && server->now_ms >= deadline_ms;
        if (late || (server->stopping && connection->stage == STAGE_IDLE)) {
            shutdown(connection->socket, SHUT_RDWR);
            connection->deadline_ms = 0;
        }
    }
}
