/* guard.c: the HTTP rules for headers: one length, one host, names that are tokens, values without control bytes. */
#include "http/guard.h"

#include <string.h>
#include <strings.h>

#include "lumbung/base/limits.h"

#define LENGTH_DIGITS_MAX 15

static bool
is_token(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        char c = text[i];
        bool alphanumeric = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (!alphanumeric && (c == '\0' || strchr("!#$%&'*+-.^_`|~", c) == NULL))
            return false;
    }
    return length > 0;
}

static bool
is_value(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char)text[i];
        if ((c < 0x20 && c != '\t') || c == 0x7f)
            return false;
    }
    return true;
}

static bool
parse_length(const char *text, int64_t *ret_length)
{
    size_t digits = strspn(text, "0123456789");
    if (digits == 0 || digits > LENGTH_DIGITS_MAX || text[digits] != '\0')
        return false;
    int64_t length = 0;
    for (size_t i = 0; i < digits; i++)
        length = length * 10 + (text[i] - '0');
    *ret_length = length;
    return true;
}

static bool
is_host(const char *host)
{
    for (; *host; host++)
        if (strchr("/?#@\\\"<> ,", *host) != NULL || (unsigned char)*host >= 0x80)
            return false;
    return true;
}

/* Headers of which a second one would be a second truth. */
static const struct {
    const char *name;
    size_t offset;
} single_headers[] = {
    {"Host", offsetof(struct guard_facts, host)},
    {"Content-Type", offsetof(struct guard_facts, content_type)},
    {"Authorization", offsetof(struct guard_facts, authorization)},
    {"Cookie", offsetof(struct guard_facts, cookie)},
    {"If-Match", offsetof(struct guard_facts, if_match)},
    {"If-None-Match", offsetof(struct guard_facts, if_none_match)},
    {"Idempotency-Key", offsetof(struct guard_facts, idempotency_key)},
    {"Origin", offsetof(struct guard_facts, origin)},
    {"Sec-Fetch-Site", offsetof(struct guard_facts, fetch_site)},
    {"X-Requested-With", offsetof(struct guard_facts, requested_with)},
    {"Accept-Language", offsetof(struct guard_facts, accept_language)},
    {"Accept-Encoding", offsetof(struct guard_facts, accept_encoding)},
};

static const char *
take_single(const struct header *header, struct guard_facts *facts)
{
    for (size_t i = 0; i < sizeof single_headers / sizeof single_headers[0]; i++) {
        if (strcasecmp(header->name, single_headers[i].name) != 0)
            continue;
        const char **slot = (const char **)(void *)((char *)facts + single_headers[i].offset);
        if (*slot)
            return "a header came twice";
        *slot = header->value;
        return NULL;
    }
    return NULL;
}

static const char *
take_header(const struct header *header, struct guard_facts *facts)
{
    switch (header->name[0] | 0x20) {
    case 'c':
        if (strcasecmp(header->name, "Content-Length") == 0) {
            if (facts->content_length >= 0)
                return "two lengths";
            return parse_length(header->value, &facts->content_length) ? NULL : "the length is no number";
        }
        break;
    case 't':
        if (strcasecmp(header->name, "Transfer-Encoding") == 0) {
            if (facts->chunked || strcasecmp(header->value, "chunked") != 0)
                return "the transfer encoding is not chunked alone";
            facts->chunked = true;
            return NULL;
        }
        break;
    case 'e':
        if (strcasecmp(header->name, "Expect") == 0) {
            facts->wants_continue = strcasecmp(header->value, "100-continue") == 0;
            return facts->wants_continue ? NULL : "the expectation is unknown";
        }
        break;
    case 'x':
        if (strcasecmp(header->name, "X-Forwarded-For") == 0)
            facts->forwarded_for = header->value;
        break;
    default: break;
    }
    return take_single(header, facts);
}

const char *
guard_check(const char *version, const struct header *headers, size_t count, struct guard_facts *ret_facts)
{
    memset(ret_facts, 0, sizeof *ret_facts);
    ret_facts->content_length = -1;
    bool current = strcmp(version, "HTTP/1.1") == 0;
    if (!current && strcmp(version, "HTTP/1.0") != 0)
        return "the HTTP version is unknown";
    if (count > GUARD_HEADERS_MAX)
        return "too many headers";
    size_t total = 0;
    for (size_t i = 0; i < count; i++) {
        const struct header *header = &headers[i];
        total += header->name_length + header->value_length + 4;
        if (!is_token(header->name, header->name_length))
            return "a header name is no token";
        if (!is_value(header->value, header->value_length))
            return "a header value holds control characters";
        const char *reason = take_header(header, ret_facts);
        if (reason)
            return reason;
    }
    if (total > LIMIT_HEADER_BYTES)
        return "the headers are too long";
    if (ret_facts->chunked && (ret_facts->content_length >= 0 || !current))
        return "the length is said twice";
    if (ret_facts->host == NULL && current)
        return "the host is missing";
    if (ret_facts->host && !is_host(ret_facts->host))
        return "the host is malformed";
    return NULL;
}
