/* server_loop.c: opening, the loop, and the orderly stop. The library's own loop thread freezes when a full batch of 128 events is ready,
 * so the loop is ours: it waits on the library's epoll descriptor and on the wake-up of finished work. */
#include <errno.h>
#include <fcntl.h>
#include <microhttpd.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "http/server_private.h"
#include "lumbung/base/log.h"
#include "lumbung/base/time.h"

#define WAIT_MS 200       /* while there are connections to watch */
#define WAIT_IDLE_MS 1000
#define WAIT_STOPPING_MS 20
#define LOOP_CACHE_BYTES (8 * 1024 * 1024)
#define LOOP_MMAP_BYTES (INT64_C(1) << 30)

static const struct server_timing default_timing = {
    .header_ms = LIMIT_HEADER_SECONDS * 1000, .body_ms = LIMIT_BODY_SECONDS * 1000, .idle_ms = LIMIT_IDLE_SECONDS * 1000,
    .send_ms = LIMIT_IDLE_SECONDS * 1000, .stop_ms = 10000, .bytes_per_s = 4096,
};

static struct error *
watch(struct server *server, int descriptor)
{
    struct epoll_event event = {.events = EPOLLIN, .data.fd = descriptor};
    if (epoll_ctl(server->epoll, EPOLL_CTL_ADD, descriptor, &event) != 0)
        return error_internal("epoll_ctl: %s", strerror(errno));
    return NULL;
}

static struct error *
open_loop(struct server *server)
{
    server->wake = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    server->epoll = epoll_create1(EPOLL_CLOEXEC);
    if (server->wake < 0 || server->epoll < 0)
        return error_internal("epoll: %s", strerror(errno));
    TRY(watch(server, server->wake));
    const union MHD_DaemonInfo *info = MHD_get_daemon_info(server->daemon, MHD_DAEMON_INFO_EPOLL_FD);
    if (info == NULL)
        return error_internal("the HTTP daemon has no epoll descriptor");
    return watch(server, info->epoll_fd);
}

static struct error *
open_files(struct server *server)
{
    server->statics = ARENA_ARRAY(server->arena, struct static_responses, embedded_file_count);
    if (server->config.static_directory) {
        server->static_directory = open(server->config.static_directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        if (server->static_directory < 0)
            return error_with(ERROR_FILE, server->config.static_directory, strerror(errno), NULL);
    }
    struct db_options options = {.cache_bytes = LOOP_CACHE_BYTES, .mmap_bytes = LOOP_MMAP_BYTES};
    return db_open(server->config.db_path, DB_READER, &options, &server->reader);
}

/* The slices' tables, and http's own in front. */
static struct error *
open_routes(struct server *server)
{
    size_t count = 0;
    bool has_own = false;
    for (; server->config.tables[count]; count++)
        has_own = has_own || server->config.tables[count] == server_routes;
    if (!has_own) {
        const struct route **tables = ARENA_ARRAY(server->arena, const struct route *, count + 2);
        tables[0] = server_routes;
        memcpy(tables + 1, server->config.tables, count * sizeof *tables);
        server->config.tables = tables;
    }
    TRY(routes_check(server->config.tables));
    server->gate.router = router_make(server->arena, server->config.tables);
    return NULL;
}

static struct error *
open_all(struct server *server)
{
    const struct server_config *config = &server->config;
    server->gate.over_tls = config->tls_certificate != NULL;
    server->gate.is_secure = config->tls_certificate || config->behind_proxy;
    if (config->behind_proxy)
        TRY(cidr_parse(config->behind_proxy, &server->proxy));
    TRY(open_routes(server));
    TRY(open_files(server));
    TRY(server_listen(server));
    TRY(server_start_daemon(server));
    TRY(open_loop(server));
    return pool_start(server, &server->pool);
}

struct error *
server_open(const struct server_config *config, struct server **ret_server)
{
    struct arena *arena = arena_create();
    struct server *server = ARENA_NEW(arena, struct server);
    server->arena = arena;
    server->config = *config;
    if (server->config.now_ms == NULL)
        server->config.now_ms = time_now_ms;
    server->gate.config = &server->config;
    server->gate.server = server;
    server->timing = default_timing;
    server->listen_socket = server->wake = server->epoll = server->static_directory = -1;
    server->done_end = &server->done;
    server->now_ms = time_monotonic_ms();
    pthread_mutex_init(&server->done_mutex, NULL);
    struct error *error = open_all(server);
    if (error) {
        server_close(server);
        return error;
    }
    *ret_server = server;
    return NULL;
}

int
server_port(const struct server *server)
{
    return server->port;
}

void
server_set_timing(struct server *server, struct server_timing timing)
{
    server->timing = timing;
}

void
server_stop(struct server *server)
{
    atomic_store(&server->stop_asked, true);
    server_wake(server);
}

/* Finished work: the connections go on, and the library asks for the answer in its next run. */
static void
take_back(struct server *server)
{
    struct request *request = server_take_done(server);
    while (request) {
        struct request *next = request->next;
        request->busy = false;
        request->ready = true;
        server->outstanding--;
        if (request->abandoned)
            server_give_request(server, request);
        else
            MHD_resume_connection(request->handle);
        request = next;
    }
}

static int
wait_time(struct server *server)
{
    int limit = server->stopping ? WAIT_STOPPING_MS : server->connection_count > 0 ? WAIT_MS : WAIT_IDLE_MS;
    MHD_UNSIGNED_LONG_LONG wanted;
    /* Pipelined requests lie in the library's memory: no descriptor tells of them, only this. */
    if (MHD_get_timeout(server->daemon, &wanted) == MHD_YES && wanted < (MHD_UNSIGNED_LONG_LONG)limit)
        return (int)wanted;
    return limit;
}

static void
turn(struct server *server)
{
    struct epoll_event events[2];
    int ready = epoll_wait(server->epoll, events, 2, wait_time(server));
    server->now_ms = time_monotonic_ms();
    for (int i = 0; i < ready; i++) {
        uint64_t count;
        if (events[i].data.fd == server->wake && read(server->wake, &count, sizeof count) < 0 && errno != EAGAIN)
            log_event(LOG_LEVEL_ERROR, "wake_failed", NULL, NULL, NULL, NULL);
    }
    take_back(server);
    MHD_run(server->daemon);
    server_sweep(server);
}

static void
begin_stop(struct server *server)
{
    server->stopping = true;
    int listener = MHD_quiesce_daemon(server->daemon);
    if (listener >= 0)
        close(listener);
    server->listen_socket = -1;
    server->swept_ms = 0;
    server_sweep(server);
}

void
server_run(struct server *server)
{
    while (!atomic_load(&server->stop_asked))
        turn(server);
    begin_stop(server);
    int64_t deadline_ms = server->now_ms + server->timing.stop_ms;
    while (server->in_flight > 0 && server->now_ms < deadline_ms)
        turn(server);
}

/* A suspended connection would make the library abort: what pool and lane still hold is waited for and let go. */
static void
drain(struct server *server)
{
    while (server->outstanding > 0)
        turn(server);
    for (int i = 0; i < 3; i++) {
        take_back(server);
        MHD_run(server->daemon);
    }
}

void
server_close(struct server *server)
{
    if (server == NULL)
        return;
    server->stopping = true;
    pool_stop(server->pool);
    if (server->daemon) {
        drain(server);
        MHD_stop_daemon(server->daemon);
    }
    pool_close(server->pool);
    server_drop_responses(server);
    while (server->free_requests) {
        struct request *request = server->free_requests;
        server->free_requests = request->next;
        arena_destroy(request->arena);
    }
    const int descriptors[] = {server->listen_socket, server->wake, server->epoll, server->static_directory};
    for (size_t i = 0; i < sizeof descriptors / sizeof descriptors[0]; i++)
        if (descriptors[i] >= 0)
            close(descriptors[i]);
    db_close(server->reader);
    pthread_mutex_destroy(&server->done_mutex);
    arena_destroy(server->arena);
}
