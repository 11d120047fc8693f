/* server_daemon.c: the library's callbacks, and the daemon's options. Everything here runs on the loop thread. */
#include <arpa/inet.h>
#include <fcntl.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <stdarg.h>
#include <string.h>
#include <strings.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "http/server_private.h"

/* Bounds the headers, near LIMIT_HEADER_BYTES; the library clears all of it after each request, so more would cost time. */
#define CONNECTION_MEMORY (8 * 1024)
#define DESCRIPTORS_KEPT 64              /* for the database, files and logs */
#define DRAIN_FRIENDLY (1024 * 1024)     /* a refused body of this size is read, so that the refusal arrives */
#define PEM_BYTES_MAX (256 * 1024)
#define TLS_PRIORITIES "SECURE128:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2:-AES-128-CBC:-AES-256-CBC:-SHA1"

static enum MHD_Result
take_header(void *context, enum MHD_ValueKind kind, const char *name, size_t name_length, const char *value, size_t value_length)
{
    (void)kind;
    struct request *request = context;
    size_t at = request->header_count++;
    if (at < GUARD_HEADERS_MAX)
        request->headers[at] = (struct header){name, value ? value : "", name_length, value_length};
    return MHD_YES;
}

/* More than the library sees is harmless: a body that does not come is an empty one. */
static bool
may_have_body(const struct request *request)
{
    for (size_t i = 0; i < request->header_count && i < GUARD_HEADERS_MAX; i++) {
        const struct header *header = &request->headers[i];
        if (strncasecmp(header->name, "Transfer-Encoding", 17) == 0)
            return true;
        if (strcasecmp(header->name, "Content-Length") == 0 && strcmp(header->value, "0") != 0)
            return true;
    }
    return false;
}

static enum MHD_Result
dispatch(struct server *server, struct request *request, enum pipeline_next next)
{
    if (next == NEXT_STATIC)
        return (enum MHD_Result)server_queue_static(server, request);
    if (next != NEXT_POOL && next != NEXT_LANE)
        return (enum MHD_Result)server_queue_answer(server, request);
    request->busy = true;
    server->outstanding++;
    struct connection *connection = request->connection;
    if (connection)
        server_set_stage(server, connection, STAGE_WORK, 0);
    /* Before publishing: the answer may be ready before this function returns. */
    MHD_suspend_connection(request->handle);
    if (next == NEXT_POOL)
        server_send_to_pool(server, request);
    else
        server_send_to_lane(server, request);
    return MHD_YES;
}

static enum MHD_Result
on_head(struct server *server, struct request *request, const char *method, const char *version)
{
    request->head_done = true;
    request->method_name = method;
    request->version = version;
    MHD_get_connection_values_n(request->handle, MHD_HEADER_KIND, take_header, request);
    if (server->stopping) {
        request->error = error_new(ERROR_BUSY);
        request->pending = NEXT_ANSWER;
    } else {
        request->pending = pipeline_head(request, server->reader);
    }
    bool body = may_have_body(request);
    if (request->connection)
        server_set_stage(server, request->connection, STAGE_BODY, 0);
    /* The library ends a connection that is answered this early, so sound requests are answered in its second call. */
    if (body && request->pending == NEXT_ANSWER) {
        /* It takes an early answer for POST alone; with other methods it would wait for the body for ever. */
        bool large = request->must_close || request->facts.content_length > DRAIN_FRIENDLY;
        if (large && strcmp(method, "POST") == 0) {
            request->must_close = true;
            return dispatch(server, request, request->pending);
        }
    }
    return MHD_YES;
}

static enum MHD_Result
on_data(struct request *request, const char *data, size_t *length)
{
    size_t count = *length;
    *length = 0;
    request->received += (int64_t)count;
    if (request->received > LIMIT_BODY_IMPORT_BYTES)
        return MHD_NO;
    if (request->pending != NEXT_BODY)
        return MHD_YES;
    if (request->body.length + count > request->body_bytes_max) {
        request->error = error_with(ERROR_TOO_LARGE, arena_format(request->arena, "%zu KiB", request->body_bytes_max / 1024), NULL, NULL);
        request->pending = NEXT_ANSWER;
        return MHD_YES;
    }
    buffer_bytes(&request->body, data, count);
    return MHD_YES;
}

static enum MHD_Result
on_request(void *context, struct MHD_Connection *handle, const char *url, const char *method, const char *version, const char *data, size_t *length,
           void **state)
{
    (void)url;
    struct server *server = context;
    struct request *request = *state;
    if (request == NULL)
        return MHD_NO;
    request->handle = handle;
    if (!request->head_done)
        return on_head(server, request, method, version);
    if (*length > 0)
        return on_data(request, data, length);
    if (request->ready)
        return (enum MHD_Result)server_queue_answer(server, request);
    if (request->busy)
        return MHD_YES;
    if (request->pending == NEXT_BODY)
        request->pending = pipeline_body(request, server->reader);
    return dispatch(server, request, request->pending);
}

static struct connection *
connection_of(struct MHD_Connection *handle)
{
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(handle, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    return info ? info->socket_context : NULL;
}

/* The raw target, before the library cuts or decodes it. The request begins here. */
static void *
on_target(void *context, const char *uri, struct MHD_Connection *handle)
{
    struct server *server = context;
    struct connection *connection = connection_of(handle);
    if (connection == NULL)
        return NULL;
    struct request *request = server_take_request(server);
    request->raw_target = arena_text(request->arena, uri);
    request->peer = connection->remote;
    request->from_proxy = connection->from_proxy;
    request->connection = connection;
    connection->request = request;
    server_set_stage(server, connection, STAGE_HEAD, 0);
    return request;
}

static void
end_request(struct server *server, struct request *request)
{
    struct connection *connection = request->connection;
    request->connection = NULL;
    if (connection) {
        connection->request = NULL;
        server_set_stage(server, connection, STAGE_IDLE, 0);
    }
    if (request->busy)
        request->abandoned = true; /* given back when pool or lane is done with it */
    else
        server_give_request(server, request);
}

static void
on_completed(void *context, struct MHD_Connection *handle, void **state, enum MHD_RequestTerminationCode code)
{
    (void)handle;
    (void)code;
    struct request *request = *state;
    *state = NULL;
    if (request)
        end_request(context, request);
}

static void
name_peer(struct server *server, struct MHD_Connection *handle, struct connection *connection)
{
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(handle, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    const struct sockaddr *address = info ? info->client_addr : NULL;
    if (address && address->sa_family == AF_INET)
        inet_ntop(AF_INET, &((const struct sockaddr_in *)(const void *)address)->sin_addr, connection->remote, sizeof connection->remote);
    else if (address && address->sa_family == AF_INET6)
        inet_ntop(AF_INET6, &((const struct sockaddr_in6 *)(const void *)address)->sin6_addr, connection->remote, sizeof connection->remote);
    connection->from_proxy = cidr_holds(&server->proxy, connection->remote);
}

static void
on_connection(void *context, struct MHD_Connection *handle, void **socket_context, enum MHD_ConnectionNotificationCode code)
{
    struct server *server = context;
    if (code == MHD_CONNECTION_NOTIFY_STARTED) {
        struct connection *connection = server_take_connection(server);
        const union MHD_ConnectionInfo *info = MHD_get_connection_info(handle, MHD_CONNECTION_INFO_CONNECTION_FD);
        connection->socket = info ? info->connect_fd : -1;
        name_peer(server, handle, connection);
        server_set_stage(server, connection, STAGE_HEAD, 0);
        *socket_context = connection;
        return;
    }
    struct connection *connection = *socket_context;
    if (connection == NULL)
        return;
    /* A request whose headers never came whole is not reported as completed. */
    if (connection->request)
        end_request(server, connection->request);
    server_give_connection(server, connection);
    *socket_context = NULL;
}

/* The guard decodes the raw target itself; the library's copy stays as it is. */
static size_t
on_unescape(void *context, struct MHD_Connection *handle, char *text)
{
    (void)context;
    (void)handle;
    return strlen(text);
}

static unsigned
connection_limit(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return LIMIT_CONNECTIONS;
    if (limit.rlim_cur < limit.rlim_max) {
        limit.rlim_cur = limit.rlim_max;
        if (setrlimit(RLIMIT_NOFILE, &limit) != 0 || getrlimit(RLIMIT_NOFILE, &limit) != 0)
            return 256;
    }
    bool ample = limit.rlim_cur >= LIMIT_CONNECTIONS + DESCRIPTORS_KEPT;
    return ample ? LIMIT_CONNECTIONS : limit.rlim_cur > 2 * DESCRIPTORS_KEPT ? (unsigned)limit.rlim_cur - DESCRIPTORS_KEPT : DESCRIPTORS_KEPT;
}

static struct error *
read_pem(struct server *server, const char *path, char **ret_text)
{
    int file = open(path, O_RDONLY | O_CLOEXEC);
    struct stat status;
    if (file < 0 || fstat(file, &status) != 0 || status.st_size > PEM_BYTES_MAX) {
        if (file >= 0)
            close(file);
        return error_with(ERROR_FILE, path, "cannot be read as a PEM file", NULL);
    }
    char *text = arena_alloc(server->arena, (size_t)status.st_size + 1);
    ssize_t got = read(file, text, (size_t)status.st_size);
    close(file);
    if (got != status.st_size || strstr(text, "-----BEGIN ") == NULL)
        return error_with(ERROR_FILE, path, "is no PEM file", NULL);
    *ret_text = text;
    return NULL;
}

static struct error *
tls_options(struct server *server, struct MHD_OptionItem options[4])
{
    const union { const char *in; void *out; } priorities = {TLS_PRIORITIES};
    char *certificate = NULL, *key = NULL;
    if (server->config.tls_certificate) {
        if (server->config.tls_key == NULL)
            return error_with(ERROR_USAGE, "--tls-cert needs --tls-key", NULL, NULL);
        TRY(read_pem(server, server->config.tls_certificate, &certificate));
        TRY(read_pem(server, server->config.tls_key, &key));
        options[0] = (struct MHD_OptionItem){MHD_OPTION_HTTPS_MEM_CERT, 0, certificate};
        options[1] = (struct MHD_OptionItem){MHD_OPTION_HTTPS_MEM_KEY, 0, key};
        options[2] = (struct MHD_OptionItem){MHD_OPTION_HTTPS_PRIORITIES, 0, priorities.out};
        options[3] = (struct MHD_OptionItem){MHD_OPTION_END, 0, NULL};
    } else {
        options[0] = (struct MHD_OptionItem){MHD_OPTION_END, 0, NULL};
    }
    return NULL;
}

struct error *
server_start_daemon(struct server *server)
{
    struct MHD_OptionItem tls[4];
    TRY(tls_options(server, tls));
    unsigned flags = MHD_USE_EPOLL | MHD_USE_TURBO | MHD_ALLOW_SUSPEND_RESUME | (server->config.tls_certificate ? (unsigned)MHD_USE_TLS : 0U);
    unsigned per_address = server->proxy.given ? 0 : LIMIT_CONNECTIONS_PER_ADDRESS;
    server->daemon = MHD_start_daemon(flags, 0, NULL, NULL, on_request, server, MHD_OPTION_LISTEN_SOCKET, server->listen_socket,
                                      MHD_OPTION_URI_LOG_CALLBACK, on_target, server, MHD_OPTION_NOTIFY_COMPLETED, on_completed, server,
                                      MHD_OPTION_NOTIFY_CONNECTION, on_connection, server, MHD_OPTION_UNESCAPE_CALLBACK, on_unescape, server,
                                      MHD_OPTION_CONNECTION_LIMIT, connection_limit(), MHD_OPTION_PER_IP_CONNECTION_LIMIT, per_address,
                                      MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONNECTION_MEMORY, MHD_OPTION_STRICT_FOR_CLIENT, 1,
                                      MHD_OPTION_ARRAY, tls, MHD_OPTION_END);
    if (server->daemon)
        return NULL;
    if (server->config.tls_certificate)
        return error_with(ERROR_FILE, server->config.tls_certificate, "certificate and key do not fit together", NULL);
    return error_internal("the HTTP daemon did not start");
}
