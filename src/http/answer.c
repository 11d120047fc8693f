/* answer.c: reply or refusal into status, headers and bytes, and into the access log. */
#include <string.h>

#include "http/pipeline.h"
#include "lumbung/base/log.h"
#include "lumbung/base/text.h"

#define POLICY                                                                                                                           \
    "default-src 'self'; script-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'; img-src 'self' " \
    "blob: data:; worker-src 'self' blob:"

/* Header values are ours or were checked; a line end in one would split the answer, so such a header is left out. */
void
answer_header(struct answer *answer, const char *name, const char *value)
{
    if (value == NULL || strpbrk(value, "\r\n") || answer->header_count == ANSWER_HEADERS_MAX)
        return;
    answer->headers[answer->header_count].name = name;
    answer->headers[answer->header_count++].value = value;
}

void
answer_security(struct answer *answer, const struct gate *gate, bool is_document)
{
    answer_header(answer, "Content-Security-Policy", is_document ? POLICY : POLICY "; sandbox");
    answer_header(answer, "X-Content-Type-Options", "nosniff");
    answer_header(answer, "Referrer-Policy", "no-referrer");
    answer_header(answer, "Cross-Origin-Opener-Policy", "same-origin");
    answer_header(answer, "Cross-Origin-Resource-Policy", "same-origin");
    if (is_document)
        answer_header(answer, "Permissions-Policy", "camera=(self), geolocation=(self), microphone=(), payment=()");
    if (gate->is_secure)
        answer_header(answer, "Strict-Transport-Security", "max-age=31536000; includeSubDomains");
}

static bool
is_same_version(const struct request *request, const char *etag)
{
    const char *wanted = request->facts.if_none_match;
    if (wanted == NULL || request->method != METHOD_GET || request->reply.status != 200)
        return false;
    return strcmp(wanted, "*") == 0 || strstr(wanted, etag) != NULL;
}

static void
add_cookie(struct request *request)
{
    const char *token = request->reply.session_token;
    if (token == NULL)
        return;
    bool secure = request->gate->is_secure;
    bool clears = token[0] == '\0';
    answer_header(&request->answer, "Set-Cookie",
                  arena_format(request->arena, "%s=%s; Path=/; HttpOnly; SameSite=Strict%s%s", secure ? "__Host-session" : "session", token,
                               secure ? "; Secure" : "", clears ? "; Max-Age=0" : ""));
    for (size_t i = 0; i < request->reply.header_count; i++)
        clears = clears && strcmp(request->reply.headers[i].name, "Clear-Site-Data") != 0;
    if (clears)
        answer_header(&request->answer, "Clear-Site-Data", "\"cookies\"");
}

static void
print_encoded(struct buffer *buffer, const char *text)
{
    for (; *text; text++) {
        unsigned char c = (unsigned char)*text;
        bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || strchr("-._~", c);
        if (plain)
            buffer_char(buffer, (char)c);
        else
            buffer_format(buffer, "%%%02X", c);
    }
}

/* RFC 6266: a plain name for old readers, the true one encoded. */
static const char *
disposition(struct arena *arena, const char *filename)
{
    struct buffer buffer;
    buffer_init(&buffer, arena);
    buffer_add(&buffer, "attachment; filename=\"");
    for (const char *at = filename; *at; at++) {
        unsigned char c = (unsigned char)*at;
        buffer_char(&buffer, c < 0x20 || c >= 0x7f || strchr("\"\\/%;", c) ? '_' : (char)c);
    }
    buffer_add(&buffer, "\"; filename*=UTF-8''");
    print_encoded(&buffer, filename);
    return buffer_text(&buffer);
}

static const char *
next_link(struct request *request)
{
    struct buffer buffer;
    buffer_init(&buffer, request->arena);
    const char *raw = request->target.raw;
    size_t path = strcspn(raw, "?");
    buffer_char(&buffer, '<');
    buffer_bytes(&buffer, raw, path);
    char separator = '?';
    for (const char *at = raw[path] ? raw + path + 1 : ""; *at;) {
        size_t length = strcspn(at, "&");
        if (length > 0 && strncmp(at, "after=", 6) != 0) {
            buffer_char(&buffer, separator);
            buffer_bytes(&buffer, at, length);
            separator = '&';
        }
        at += length;
        at += *at == '&';
    }
    buffer_format(&buffer, "%cafter=%s>; rel=\"next\"", separator, request->reply.next);
    return buffer_text(&buffer);
}

static const char *
allowed_methods(struct request *request)
{
    struct buffer buffer;
    buffer_init(&buffer, request->arena);
    if (!request->match.path_known)
        return "GET, HEAD";
    for (enum method method = METHOD_GET; method <= METHOD_DELETE; method++)
        if (request->match.allows[method])
            buffer_format(&buffer, "%s%s%s", buffer.length ? ", " : "", method_name(method), method == METHOD_GET ? ", HEAD" : "");
    return buffer_text(&buffer);
}

static void
answer_problem(struct request *request)
{
    const struct error *error = request->error;
    struct answer *answer = &request->answer;
    answer->status = error_status(error->code);
    if (error->cause)
        log_event(answer->status >= 500 ? LOG_LEVEL_ERROR : LOG_LEVEL_WARN, "request_failed", "route", request->route ? request->route->path : NULL,
                  "cause", error->cause);
    struct buffer body;
    buffer_init(&body, request->arena);
    problem_print(&body, error, request->call.language);
    answer->data = body.data;
    answer->length = body.length;
    answer_header(answer, "Content-Type", "application/problem+json");
    answer_header(answer, "Content-Language", request->call.language == LANGUAGE_EN ? "en" : "id");
    answer_header(answer, "Vary", "Accept-Language");
    if (error->code == ERROR_METHOD)
        answer_header(answer, "Allow", allowed_methods(request));
    if (answer->status == 401)
        answer_header(answer, "WWW-Authenticate", "Bearer");
    int seconds = problem_retry_after(error);
    if (seconds > 0)
        answer_header(answer, "Retry-After", arena_format(request->arena, "%d", seconds));
}

static void
answer_reply(struct request *request)
{
    struct reply *reply = &request->reply;
    struct answer *answer = &request->answer;
    const char *etag = reply->version >= 0 ? arena_format(request->arena, "\"%lld\"", (long long)reply->version) : NULL;
    answer->status = reply->status;
    answer_header(answer, "ETag", etag);
    if (etag && is_same_version(request, etag)) {
        answer->status = 304;
    } else {
        if (reply->render)
            reply->render(&reply->body, reply->render_context);
        answer->data = reply->body.data;
        answer->length = reply->body.length;
        answer->spool = reply->spool;
        reply->spool = NULL;
        if (reply->status != 204)
            answer_header(answer, "Content-Type", reply->content_type ? reply->content_type : "application/json");
    }
    answer_header(answer, "Location", reply->location);
    if (reply->filename)
        answer_header(answer, "Content-Disposition", disposition(request->arena, reply->filename));
    if (reply->next)
        answer_header(answer, "Link", next_link(request));
    if (request->replayed)
        answer_header(answer, "Idempotent-Replay", "1");
    for (size_t i = 0; i < reply->header_count; i++)
        answer_header(answer, reply->headers[i].name, reply->headers[i].value);
    add_cookie(request);
}

static bool
record(struct request *request, int status)
{
    const struct server_config *config = request->gate->config;
    if (config->record_access == NULL)
        return true;
    const char *name = request->route ? arena_format(request->arena, "%s %s", method_name(request->method), request->route->path) : "";
    struct access access = {.at_ms = config->now_ms(), .actor = &request->actor, .route = name, .status = status, .remote = request->credentials.remote,
                            .subjects = request->reply.subjects, .subject_count = request->reply.subject_count};
    return config->record_access(config->registry, &access);
}

/* Nobody sees persons without a line in the access log. */
static void
record_or_refuse(struct request *request)
{
    if (request->route == NULL)
        return;
    int status = request->error ? error_status(request->error->code) : request->reply.status;
    bool denied = status == 401 || status == 403;
    if (denied)
        (void)record(request, status);
    else if (request->route->personal && request->error == NULL && !record(request, status))
        request->error = error_new(ERROR_BUSY);
}

void
pipeline_answer(struct request *request)
{
    struct answer *answer = &request->answer;
    answer->header_count = 0;
    answer->data = NULL;
    answer->length = 0;
    answer->file = -1;
    answer->spool = NULL;
    record_or_refuse(request);
    if (request->error)
        answer_problem(request);
    else
        answer_reply(request);
    answer_header(&request->answer, "Cache-Control", "no-store");
    answer_security(&request->answer, request->gate, false);
    if (request->must_close)
        answer_header(&request->answer, "Connection", "close");
}
