/* guard.h: what HTTP itself must look like. The library is lax, so every request passes here first; plain names and values, no library types. */
#ifndef LUMBUNG_HTTP_GUARD_H
#define LUMBUNG_HTTP_GUARD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lumbung/base/arena.h"
#include "lumbung/base/error.h"

#define GUARD_HEADERS_MAX 64
#define GUARD_PARAMETERS_MAX 32
#define GUARD_SEGMENTS_MAX 12

struct header {
    const char *name;
    const char *value;
    size_t name_length, value_length; /* as received: a NUL inside shows as a difference */
};

/* What later stages need of the headers; NULL when absent. */
struct guard_facts {
    const char *host, *content_type, *authorization, *cookie, *if_match, *if_none_match, *idempotency_key, *origin, *fetch_site, *requested_with,
        *accept_language, *accept_encoding;
    const char *forwarded_for; /* the last one: the proxy nearest to us wrote it */
    int64_t content_length;    /* -1 when not given */
    bool chunked;
    bool wants_continue;
};

/* NULL when the head of the request is sound; otherwise a short English reason, always 400 and the end of the connection. */
const char *guard_check(const char *version, const struct header *headers, size_t count, struct guard_facts *ret_facts);

struct parameter {
    const char *name, *value;
};

/* The request target, decoded once. */
struct target {
    const char *raw;
    const char *segments[GUARD_SEGMENTS_MAX];
    size_t segment_count;
    bool odd; /* empty, dotted or slashed segments, or too many: nothing lives there, 404 */
    struct parameter parameters[GUARD_PARAMETERS_MAX];
    size_t parameter_count;
};

/* NULL when sound; otherwise the reason (400): not a path, NUL or control bytes, broken escapes, invalid UTF-8, too many or doubled query names. */
const char *guard_target(struct arena *arena, const char *raw, struct target *ret_target);

#endif
