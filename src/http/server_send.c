/* server_send.c: answers into the library's responses. Constant ones are made once. */
#include <microhttpd.h>
#include <string.h>
#include <unistd.h>

#include "http/server_private.h"
#include "lumbung/http/spool.h"

static ssize_t
read_spool(void *spool, uint64_t offset, char *bytes, size_t length)
{
    ssize_t got = spool_read(spool, (int64_t)offset, bytes, length);
    return got > 0 ? got : MHD_CONTENT_READER_END_WITH_ERROR; /* never asked beyond the end: the size is announced */
}

static void
close_spool(void *spool)
{
    spool_close(spool);
}

static struct MHD_Response *
make_body(const struct answer *answer)
{
    if (answer->spool)
        return MHD_create_response_from_callback((uint64_t)spool_bytes(answer->spool), SPOOL_BLOCK, read_spool, answer->spool, close_spool);
    if (answer->file >= 0)
        return MHD_create_response_from_fd64((uint64_t)answer->file_bytes, answer->file);
    /* The bytes live in the request's arena until the library reports the request completed. */
    const union { const void *in; void *out; } body = {answer->data ? answer->data : ""};
    return MHD_create_response_from_buffer(answer->length, body.out, MHD_RESPMEM_PERSISTENT);
}

static struct MHD_Response *
make_response(const struct answer *answer)
{
    struct MHD_Response *response = make_body(answer);
    for (size_t i = 0; response && i < answer->header_count; i++)
        MHD_add_response_header(response, answer->headers[i].name, answer->headers[i].value);
    return response;
}

static int
queue(struct server *server, struct request *request, int status, struct MHD_Response *response, int64_t bytes)
{
    if (response == NULL)
        return MHD_NO;
    atomic_fetch_add_explicit(status < 400 ? &server->answered : &server->refused, 1, memory_order_relaxed);
    if (request->connection)
        server_set_stage(server, request->connection, STAGE_SEND, bytes);
    return (int)MHD_queue_response(request->handle, (unsigned)status, response);
}

static struct MHD_Response *
healthz_response(struct server *server, struct request *request)
{
    if (server->healthz == NULL) {
        pipeline_answer(request);
        struct answer answer = request->answer;
        answer.data = arena_copy(server->arena, answer.data, answer.length);
        server->healthz = make_response(&answer);
    }
    return server->healthz;
}

int
server_queue_answer(struct server *server, struct request *request)
{
    bool plain = request->error == NULL && !request->must_close && !server->stopping;
    if (plain && request->route == &server_routes[0])
        return queue(server, request, 200, healthz_response(server, request), 64);
    request->must_close = request->must_close || server->stopping;
    pipeline_answer(request);
    const struct answer *answer = &request->answer;
    struct MHD_Response *response = make_response(answer);
    if (response == NULL)
        spool_close(answer->spool);
    int done = queue(server, request, answer->status, response, answer->spool ? spool_bytes(answer->spool) : (int64_t)answer->length);
    if (response)
        MHD_destroy_response(response);
    return done;
}

static void
static_headers(struct server *server, struct answer *answer, const char *name, const char *etag, bool gzip)
{
    answer_header(answer, "Content-Type", static_type(name));
    answer_header(answer, "ETag", etag);
    answer_header(answer, "Cache-Control", "no-cache");
    answer_header(answer, "Vary", "Accept-Encoding");
    if (gzip)
        answer_header(answer, "Content-Encoding", "gzip");
    answer_security(answer, &server->gate, true);
}

static int
queue_unchanged(struct server *server, struct request *request, const char *name, const char *etag)
{
    struct answer answer = {.status = 304, .file = -1};
    static_headers(server, &answer, name, etag, false);
    struct MHD_Response *response = make_response(&answer);
    int done = queue(server, request, 304, response, 0);
    if (response)
        MHD_destroy_response(response);
    return done;
}

static int
queue_missing(struct server *server, struct request *request)
{
    request->error = error_new(ERROR_NOT_FOUND);
    return server_queue_answer(server, request);
}

/* While developing: from disk, nothing kept. */
static int
queue_disk(struct server *server, struct request *request, const char *name)
{
    struct answer answer = {.status = 200, .file = -1};
    int64_t changed_ms = 0;
    answer.file = static_open(server->static_directory, name, &answer.file_bytes, &changed_ms);
    if (answer.file < 0)
        return queue_missing(server, request);
    const char *etag = arena_format(request->arena, "\"%llx-%llx\"", (unsigned long long)changed_ms, (unsigned long long)answer.file_bytes);
    if (request->facts.if_none_match && strstr(request->facts.if_none_match, etag)) {
        close(answer.file);
        return queue_unchanged(server, request, name, etag);
    }
    static_headers(server, &answer, name, etag, false);
    struct MHD_Response *response = make_response(&answer);
    if (response == NULL)
        close(answer.file);
    int done = queue(server, request, 200, response, answer.file_bytes);
    if (response)
        MHD_destroy_response(response);
    return done;
}

static struct MHD_Response *
embedded_response(struct server *server, const struct embedded_file *file, const char *name, bool gzip)
{
    struct static_responses *kept = &server->statics[file - embedded_files];
    struct MHD_Response **slot = gzip ? &kept->gzip : &kept->plain;
    if (*slot)
        return *slot;
    struct answer answer = {.status = 200, .file = -1, .data = (const char *)(gzip ? file->gzip : file->data),
                            .length = gzip ? file->gzip_length : file->length};
    static_headers(server, &answer, name, file->etag, gzip);
    *slot = make_response(&answer);
    return *slot;
}

int
server_queue_static(struct server *server, struct request *request)
{
    const char *name = static_name(request->arena, &request->target);
    if (name == NULL)
        return queue_missing(server, request);
    if (server->static_directory >= 0)
        return queue_disk(server, request, name);
    const struct embedded_file *file = static_find(request->arena, name);
    if (file == NULL)
        return queue_missing(server, request);
    if (request->facts.if_none_match && strstr(request->facts.if_none_match, file->etag))
        return queue_unchanged(server, request, name, file->etag);
    bool gzip = file->gzip && static_takes_gzip(request->facts.accept_encoding);
    return queue(server, request, 200, embedded_response(server, file, name, gzip), (int64_t)file->length);
}

void
server_drop_responses(struct server *server)
{
    if (server->healthz)
        MHD_destroy_response(server->healthz);
    server->healthz = NULL;
    for (size_t i = 0; server->statics && i < embedded_file_count; i++) {
        if (server->statics[i].plain)
            MHD_destroy_response(server->statics[i].plain);
        if (server->statics[i].gzip)
            MHD_destroy_response(server->statics[i].gzip);
    }
}
