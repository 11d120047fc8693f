/* request_body.c: what a body may be, and its parsing by the route's table. */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "http/pipeline.h"
#include "lumbung/base/limits.h"
#include "lumbung/base/time.h"

#define TODAY_OFFSET_MIN 540

static const struct field_table nothing = {"nothing", sizeof(struct presence), NULL, 0, NULL};

static bool
is_type(const char *content_type, const char *wanted, size_t length)
{
    if (strncasecmp(content_type, wanted, length) != 0)
        return false;
    const char *rest = content_type + length;
    rest += strspn(rest, " \t");
    return *rest == '\0' || *rest == ';';
}

/* JSON is UTF-8: any other charset is refused rather than guessed. */
static bool
is_json_type(const char *content_type)
{
    if (!is_type(content_type, "application/json", 16) && !is_type(content_type, "application/merge-patch+json", 28))
        return false;
    const char *charset = strcasestr(content_type, "charset=");
    return charset == NULL || strncasecmp(charset + 8, "utf-8", 5) == 0 || strncasecmp(charset + 8, "\"utf-8\"", 7) == 0;
}

static bool
is_accepted(const char *accepts, const char *content_type)
{
    while (*accepts) {
        accepts += strspn(accepts, ", ");
        size_t length = strcspn(accepts, ", ");
        if (length > 0 && is_type(content_type, accepts, length))
            return true;
        accepts += length;
    }
    return false;
}

struct error *
request_check_body_head(struct request *request)
{
    const struct route *route = request->route;
    request->body_bytes_max = route->body_bytes_max ? route->body_bytes_max : LIMIT_BODY_BYTES;
    if (request->facts.content_length <= 0 && !request->facts.chunked)
        return NULL;
    if (request->method == METHOD_GET)
        return error_with(ERROR_MALFORMED, "GET takes no body", NULL, NULL);
    const char *type = request->facts.content_type ? request->facts.content_type : "";
    bool raw = route->body == BODY_RAW;
    if (raw ? !is_accepted(route->accepts, type) : !is_json_type(type))
        return error_with(ERROR_MEDIA_TYPE, raw ? route->accepts : "application/json", NULL, NULL);
    if (request->facts.content_length > (int64_t)request->body_bytes_max) {
        char text[32];
        snprintf(text, sizeof text, "%zu KiB", request->body_bytes_max / 1024);
        return error_with(ERROR_TOO_LARGE, text, NULL, NULL);
    }
    request->call.content_type = request->facts.content_type;
    return NULL;
}

static struct error *
parse_table(struct request *request, const struct field_table *table, const struct json *json)
{
    enum field_mode mode = request->method == METHOD_PATCH ? FIELD_PATCH : FIELD_CREATE;
    int32_t today = date_of_instant(request->gate->config->now_ms(), TODAY_OFFSET_MIN);
    void *in = NULL;
    TRY(field_parse(request->arena, table, json, "", mode, today, &in));
    request->call.in = in;
    return NULL;
}

struct error *
request_parse_body(struct request *request)
{
    const struct route *route = request->route;
    request->call.body = (struct bytes){(const uint8_t *)request->body.data, request->body.length};
    if (route->body == BODY_RAW)
        return request->body.length > 0 ? NULL : error_with(ERROR_MALFORMED, "the body is empty", NULL, NULL);
    struct json *json = NULL;
    if (request->body.length > 0)
        TRY(json_parse(request->arena, request->body.data, request->body.length, &json));
    else if (route->body == BODY_JSON)
        return error_with(ERROR_MALFORMED, "the body is empty", NULL, NULL);
    else
        json = json_make(request->arena, JSON_OBJECT);
    request->call.json = json;
    if (route->body == BODY_JSON)
        return NULL;
    /* A route without a body takes an empty one or {}: any member is an unknown field. */
    return parse_table(request, route->body == BODY_TABLE ? route->in : &nothing, json);
}
