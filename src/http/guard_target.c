/* guard_target.c: the request target as it came over the wire, decoded exactly once. */
#include <string.h>

#include "http/guard.h"
#include "lumbung/base/arena.h"
#include "lumbung/base/text.h"

static int
hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* NULL for broken escapes, control bytes and invalid UTF-8. `plus` is a blank in queries only. */
static const char *
decode(struct arena *arena, const char *text, size_t length, bool plus)
{
    char *decoded = arena_alloc(arena, length + 1);
    size_t used = 0;
    for (size_t i = 0; i < length; i++) {
        char c = text[i];
        if (c == '%') {
            if (length - i < 3 || hex_value(text[i + 1]) < 0 || hex_value(text[i + 2]) < 0)
                return NULL;
            c = (char)(hex_value(text[i + 1]) * 16 + hex_value(text[i + 2]));
            i += 2;
        } else if (c == '+' && plus) {
            c = ' ';
        }
        if ((unsigned char)c < 0x20 || c == 0x7f)
            return NULL;
        decoded[used++] = c;
    }
    return text_utf8_valid(decoded, used) ? decoded : NULL;
}

static bool
is_odd(const char *segment)
{
    return segment[0] == '\0' || strcmp(segment, ".") == 0 || strcmp(segment, "..") == 0 || strchr(segment, '/') || strchr(segment, '\\');
}

static const char *
split_path(struct arena *arena, const char *path, size_t length, struct target *target)
{
    size_t start = 1;
    if (length == 1)
        return NULL; /* "/": no segment */
    while (start <= length) {
        const char *slash = memchr(path + start, '/', length - start);
        size_t end = slash ? (size_t)(slash - path) : length;
        const char *segment = decode(arena, path + start, end - start, false);
        if (segment == NULL)
            return "the path is not decodable";
        if (target->segment_count == GUARD_SEGMENTS_MAX || is_odd(segment))
            target->odd = true;
        else
            target->segments[target->segment_count++] = segment;
        start = end + 1;
        if (slash == NULL)
            break;
    }
    return NULL;
}

static const char *
add_parameter(struct arena *arena, const char *text, size_t length, struct target *target)
{
    const char *equals = memchr(text, '=', length);
    size_t name_length = equals ? (size_t)(equals - text) : length;
    const char *name = decode(arena, text, name_length, true);
    const char *value = equals ? decode(arena, equals + 1, length - name_length - 1, true) : "";
    if (name == NULL || value == NULL)
        return "the query is not decodable";
    if (target->parameter_count == GUARD_PARAMETERS_MAX)
        return "too many query parameters";
    for (size_t i = 0; i < target->parameter_count; i++)
        if (strcmp(target->parameters[i].name, name) == 0)
            return "a query parameter came twice";
    target->parameters[target->parameter_count++] = (struct parameter){name, value};
    return NULL;
}

static const char *
split_query(struct arena *arena, const char *query, struct target *target)
{
    while (*query) {
        size_t length = strcspn(query, "&");
        const char *reason = length > 0 ? add_parameter(arena, query, length, target) : NULL;
        if (reason)
            return reason;
        query += length;
        if (*query == '&')
            query++;
    }
    return NULL;
}

const char *
guard_target(struct arena *arena, const char *raw, struct target *ret_target)
{
    ret_target->raw = raw;
    ret_target->segment_count = ret_target->parameter_count = 0;
    ret_target->odd = false;
    if (raw[0] != '/')
        return "the target is no path";
    for (const char *at = raw; *at; at++)
        if ((unsigned char)*at <= 0x20 || (unsigned char)*at >= 0x7f || *at == '#')
            return "the target holds characters that need escaping";
    size_t path_length = strcspn(raw, "?");
    const char *reason = split_path(arena, raw, path_length, ret_target);
    if (reason)
        return reason;
    return raw[path_length] == '?' ? split_query(arena, raw + path_length + 1, ret_target) : NULL;
}
