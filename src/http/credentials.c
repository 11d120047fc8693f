/* credentials.c: what a request brought to say who it is, and whether a page of ours sent it. */
#include <string.h>
#include <strings.h>

#include "http/pipeline.h"
#include "lumbung/base/text.h"

#define TOKEN_MAX 512

static bool
is_token_text(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char)text[i];
        if (c <= 0x20 || c >= 0x7f || c == '"' || c == ',' || c == ';' || c == '\\')
            return false;
    }
    return length > 0 && length <= TOKEN_MAX;
}

/* The last of two cookies of one name could come from a sibling host, so two are none. */
static const char *
find_cookie(struct arena *arena, const char *header, const char *name)
{
    size_t name_length = strlen(name);
    const char *found = NULL;
    while (*header) {
        header += strspn(header, "; ");
        size_t length = strcspn(header, ";");
        if (length > name_length && strncmp(header, name, name_length) == 0 && header[name_length] == '=') {
            const char *value = header + name_length + 1;
            size_t value_length = length - name_length - 1;
            if (found || !is_token_text(value, value_length))
                return NULL;
            found = arena_copy(arena, value, value_length);
        }
        header += length;
    }
    return found;
}

static const char *
last_forwarded(struct arena *arena, const char *list)
{
    const char *comma = strrchr(list, ',');
    const char *start = comma ? comma + 1 : list;
    start += strspn(start, " \t");
    size_t length = strcspn(start, " \t");
    bool sound = length > 0 && length < 46 && strspn(start, "0123456789abcdefABCDEF.:") >= length;
    return sound ? arena_copy(arena, start, length) : NULL;
}

struct error *
request_read_credentials(struct request *request)
{
    struct credentials *credentials = &request->credentials;
    credentials->remote = request->peer;
    if (request->from_proxy && request->facts.forwarded_for) {
        const char *client = last_forwarded(request->arena, request->facts.forwarded_for);
        if (client)
            credentials->remote = client;
    }
    const char *authorization = request->facts.authorization;
    if (authorization && strncasecmp(authorization, "Bearer ", 7) == 0) {
        const char *token = authorization + 7;
        token += strspn(token, " ");
        if (!is_token_text(token, strlen(token)))
            return error_new(ERROR_UNAUTHENTICATED);
        credentials->bearer_token = token;
    } else if (request->facts.cookie) {
        credentials->session_token = find_cookie(request->arena, request->facts.cookie, request->gate->is_secure ? "__Host-session" : "session");
    }
    request->call.remote = credentials->remote;
    request->call.session_token = credentials->bearer_token ? credentials->bearer_token : credentials->session_token;
    return NULL;
}

static bool
is_own_origin(const struct request *request)
{
    const char *origin = request->facts.origin;
    const char *scheme = request->gate->is_secure ? "https://" : "http://";
    return request->facts.host && text_begins(origin, scheme) && strcasecmp(origin + strlen(scheme), request->facts.host) == 0;
}

/* Programs with a bearer token are exempt: no browser adds that header by itself. */
struct error *
request_check_origin(const struct request *request)
{
    if (request->method == METHOD_GET || request->credentials.bearer_token)
        return NULL;
    const struct guard_facts *facts = &request->facts;
    bool own = facts->origin ? is_own_origin(request) : false;
    bool same = facts->fetch_site && strcasecmp(facts->fetch_site, "same-origin") == 0;
    if (facts->origin && !own)
        return error_new(ERROR_ORIGIN);
    if (facts->fetch_site && !same)
        return error_new(ERROR_ORIGIN);
    if (request->credentials.session_token == NULL)
        return NULL;
    bool marked = facts->requested_with && strcasecmp(facts->requested_with, "lumbung") == 0;
    return (own || same) && marked ? NULL : error_new(ERROR_ORIGIN);
}
