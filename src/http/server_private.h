/* server_private.h: what the server's files share. */
#ifndef LUMBUNG_HTTP_SERVER_PRIVATE_H
#define LUMBUNG_HTTP_SERVER_PRIVATE_H

#include <pthread.h>
#include <stdatomic.h>

#include "http/pipeline.h"
#include "http/static.h"
#include "lumbung/base/limits.h"
#include "lumbung/http/server.h"

#define REMOTE_TEXT_SIZE 46

/* Deadlines; the tests shorten them before the loop runs. */
struct server_timing {
    int64_t header_ms, body_ms, idle_ms, send_ms, stop_ms;
    int64_t bytes_per_s; /* the least rate that extends body and send */
};
void server_set_timing(struct server *server, struct server_timing timing);

enum connection_stage { STAGE_IDLE, STAGE_HEAD, STAGE_BODY, STAGE_WORK, STAGE_SEND };

struct connection {
    int socket;
    char remote[REMOTE_TEXT_SIZE];
    bool from_proxy;
    enum connection_stage stage;
    int64_t deadline_ms; /* monotonic; 0 none */
    struct request *request;
    struct connection *previous, *next;
};

struct cidr {
    bool given;
    int family;
    uint8_t bytes[16];
    int bits;
};

struct pool;
struct MHD_Daemon;
struct MHD_Response;

struct static_responses {
    struct MHD_Response *plain, *gzip;
};

struct server {
    struct server_config config;
    struct gate gate;
    struct server_timing timing;
    struct arena *arena;
    struct MHD_Daemon *daemon;
    int listen_socket, port, wake, epoll, static_directory;
    struct cidr proxy;
    struct db *reader; /* the loop thread's */
    struct pool *pool;
    struct MHD_Response *healthz;
    struct static_responses *statics; /* by index of embedded_files */
    int64_t now_ms;                   /* monotonic, of this turn of the loop */
    int64_t swept_ms;
    atomic_bool stop_asked;
    bool stopping;
    size_t in_flight;                 /* requests between their first line and their last byte */
    size_t outstanding;               /* of these, owned by pool or lane */
    atomic_llong answered, refused;
    struct connection *connections, *free_connections;
    size_t connection_count;
    struct request *free_requests;
    size_t free_count;
    pthread_mutex_t done_mutex;
    struct request *done, **done_end;
};

/* server_request.c: loop thread only. */
struct request *server_take_request(struct server *server);
void server_give_request(struct server *server, struct request *request);
struct connection *server_take_connection(struct server *server);
void server_give_connection(struct server *server, struct connection *connection);
void server_set_stage(struct server *server, struct connection *connection, enum connection_stage stage, int64_t bytes);
void server_sweep(struct server *server);

/* server_done.c: any thread hands a finished request back to the loop. */
void server_push_done(struct server *server, struct request *request);
struct request *server_take_done(struct server *server);
void server_wake(struct server *server);

/* server_done.c: to the pool or the lane; the connection is suspended already. */
void server_send_to_pool(struct server *server, struct request *request);
void server_send_to_lane(struct server *server, struct request *request);

/* server_pool.c */
FALLIBLE struct error *pool_start(struct server *server, struct pool **ret_pool);
bool pool_push(struct pool *pool, struct request *request);
void pool_stop(struct pool *pool); /* refuses new requests, finishes the queue, joins */
void pool_close(struct pool *pool); /* after pool_stop */

/* server_listen.c */
FALLIBLE struct error *server_listen(struct server *server);
FALLIBLE struct error *cidr_parse(const char *text, struct cidr *ret_cidr);
bool cidr_holds(const struct cidr *cidr, const char *address);

/* server_daemon.c */
FALLIBLE struct error *server_start_daemon(struct server *server);

/* server_send.c */
int server_queue_answer(struct server *server, struct request *request);
int server_queue_static(struct server *server, struct request *request);
void server_drop_responses(struct server *server);

#endif
