/* router.c: path matching over the route tables, hashed by length and the part that names the resource. */
#include "http/router.h"

#include <string.h>

#define BUCKETS 128
#define KEY_SEGMENT 2 /* "/api/v1/households": the third part tells most */

struct entry {
    const struct route *route;
    const char *segments[GUARD_SEGMENTS_MAX]; /* "{id}" is kept with its braces */
    size_t segment_count;
    unsigned literals; /* a bit per literal part, the first part highest */
    struct entry *next;
};

struct router {
    struct entry *buckets[BUCKETS];
    struct entry *loose; /* a parameter stands where the key would be */
};

enum method
method_parse(const char *name)
{
    if (strcmp(name, "GET") == 0 || strcmp(name, "HEAD") == 0)
        return METHOD_GET;
    if (strcmp(name, "POST") == 0)
        return METHOD_POST;
    if (strcmp(name, "PATCH") == 0)
        return METHOD_PATCH;
    return strcmp(name, "DELETE") == 0 ? METHOD_DELETE : METHOD_NONE;
}

const char *
method_name(enum method method)
{
    static const char *const names[] = {"", "GET", "POST", "PATCH", "DELETE"};
    return names[method];
}

static size_t
bucket_of(size_t segment_count, const char *key)
{
    size_t hash = segment_count * 31;
    for (; *key; key++)
        hash = hash * 33 ^ (unsigned char)*key;
    return hash % BUCKETS;
}

static const char *
key_of(const char *const *segments, size_t count)
{
    return count == 0 ? "" : segments[count > KEY_SEGMENT ? KEY_SEGMENT : count - 1];
}

static struct entry *
make_entry(struct arena *arena, const struct route *route)
{
    struct entry *entry = ARENA_NEW(arena, struct entry);
    entry->route = route;
    const char *at = route->path;
    while (*at == '/' && at[1] && entry->segment_count < GUARD_SEGMENTS_MAX) {
        size_t length = strcspn(at + 1, "/");
        entry->segments[entry->segment_count] = arena_copy(arena, at + 1, length);
        if (at[1] != '{')
            entry->literals |= 1U << (GUARD_SEGMENTS_MAX - entry->segment_count);
        entry->segment_count++;
        at += 1 + length;
    }
    return entry;
}

struct router *
router_make(struct arena *arena, const struct route *const *tables)
{
    struct router *router = ARENA_NEW(arena, struct router);
    for (; *tables; tables++) {
        for (const struct route *route = *tables; route->path; route++) {
            struct entry *entry = make_entry(arena, route);
            const char *key = key_of(entry->segments, entry->segment_count);
            struct entry **head = key[0] == '{' ? &router->loose : &router->buckets[bucket_of(entry->segment_count, key)];
            entry->next = *head;
            *head = entry;
        }
    }
    return router;
}

static bool
is_id_part(const char *part)
{
    size_t length = strlen(part); /* "{...id}" */
    return length >= 4 && strcmp(part + length - 3, "id}") == 0;
}

static bool
entry_matches(const struct entry *entry, const struct target *target, struct match *ret)
{
    if (entry->segment_count != target->segment_count)
        return false;
    size_t texts = 0;
    ret->id_count = 0;
    memset(ret->ids, 0, sizeof ret->ids);
    memset(ret->texts, 0, sizeof ret->texts);
    for (size_t i = 0; i < entry->segment_count; i++) {
        const char *part = entry->segments[i];
        if (part[0] != '{') {
            if (strcmp(part, target->segments[i]) != 0)
                return false;
        } else if (is_id_part(part)) {
            if (ret->id_count == 3 || !id_parse(target->segments[i], &ret->ids[ret->id_count++]))
                return false;
        } else if (texts < 3) {
            ret->texts[texts++] = target->segments[i];
        }
    }
    return true;
}

static void
scan(const struct entry *entry, enum method method, const struct target *target, unsigned *literals, struct match *best)
{
    for (; entry; entry = entry->next) {
        struct match found;
        if (entry->literals < *literals || !entry_matches(entry, target, &found))
            continue;
        if (!best->path_known || entry->literals > *literals) {
            memset(best, 0, sizeof *best);
            best->path_known = true;
            *literals = entry->literals;
        }
        best->allows[entry->route->method] = true;
        if (entry->route->method != method)
            continue;
        best->route = entry->route;
        best->id_count = found.id_count;
        memcpy(best->ids, found.ids, sizeof best->ids);
        memcpy(best->texts, found.texts, sizeof best->texts);
    }
}

void
router_match(const struct router *router, enum method method, const struct target *target, struct match *ret_match)
{
    memset(ret_match, 0, sizeof *ret_match);
    if (target->odd)
        return;
    unsigned literals = 0;
    const char *key = key_of(target->segments, target->segment_count);
    scan(router->buckets[bucket_of(target->segment_count, key)], method, target, &literals, ret_match);
    scan(router->loose, method, target, &literals, ret_match);
}
