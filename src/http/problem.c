/* problem.c: refusals as RFC 9457 documents, for programs by code and for people in their language. */
#include "http/pipeline.h"


#include "lumbung/base/text.h"

static const char *
reason_phrase(int status)
{
    switch (status) {
    case 400: return "Bad Request";
    case 401: return "Unauthorized";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 409: return "Conflict";
    case 410: return "Gone";
    case 412: return "Precondition Failed";
    case 413: return "Content Too Large";
    case 415: return "Unsupported Media Type";
    case 422: return "Unprocessable Content";
    case 428: return "Precondition Required";
    case 429: return "Too Many Requests";
    case 503: return "Service Unavailable";
    default: return "Internal Server Error";
    }
}

static void
print_faults(struct buffer *buffer, const struct error *error, enum language language)
{
    if (error->fault_count == 0)
        return;
    json_open(buffer, "errors", '[');
    for (size_t i = 0; i < error->fault_count; i++) {
        const struct fault *fault = &error->faults[i];
        struct buffer sentence;
        buffer_init(&sentence, buffer->arena);
        fault_print(&sentence, fault, language);
        json_open(buffer, NULL, '{');
        json_put_text(buffer, "pointer", fault->pointer);
        json_put_text(buffer, "code", fault_slug(fault->code));
        json_put_text(buffer, "detail", buffer_text(&sentence));
        json_close(buffer, '}');
    }
    json_close(buffer, ']');
}

void
problem_print(struct buffer *buffer, const struct error *error, enum language language)
{
    const char *slug = error_slug(error->code);
    struct buffer text;
    buffer_init(&text, buffer->arena);
    json_open(buffer, NULL, '{');
    buffer_format(&text, "urn:lumbung:problem:%s", slug);
    json_put_text(buffer, "type", buffer_text(&text));
    json_put_text(buffer, "title", reason_phrase(error_status(error->code)));
    json_put_int(buffer, "status", error_status(error->code));
    buffer_init(&text, buffer->arena);
    error_print(&text, error, language);
    json_put_text(buffer, "detail", buffer_text(&text));
    json_put_text(buffer, "code", slug);
    json_put_bool(buffer, "retryable", error_retryable(error->code));
    print_faults(buffer, error, language);
    for (size_t i = 0; i < error->member_count; i++) {
        const struct error_member *member = &error->members[i];
        if (member->is_json)
            json_put_raw(buffer, member->name, member->value);
        else
            json_put_text(buffer, member->name, member->value);
    }
    json_close(buffer, '}');
}

int
problem_retry_after(const struct error *error)
{
    if (error->code == ERROR_TOO_MANY) {
        int64_t seconds;
        if (error->arguments[0] && text_parse_int(error->arguments[0], &seconds) && seconds > 0 && seconds < 86400)
            return (int)seconds;
        return 60;
    }
    if (error->code == ERROR_DISK)
        return 30;
    if (error->code == ERROR_LOADING)
        return 2;
    return error->code == ERROR_BUSY || error->code == ERROR_KEY_IN_FLIGHT ? 1 : 0;
}
