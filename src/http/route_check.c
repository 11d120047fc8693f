/* route_check.c: refuses to start with a row that leaves something unsaid. */
#include <string.h>

#include "http/router.h"
#include "lumbung/base/text.h"

static const char *
row_fault(const struct route *route)
{
    bool writes = route->kind == ROUTE_WRITE;
    if (route->method == METHOD_NONE)
        return "no method";
    if (route->path[0] != '/')
        return "the path does not begin with a slash";
    if (route->step == NULL)
        return "no step";
    if (route->scope == SCOPE_UNSET)
        return "the scope is not said";
    /* The first permission is also the zero of a row that says nothing, so such a row must at least name its scope. */
    if (route->perm == PERM_COUNT || route->perm > PERM_SIGNED_IN)
        return "no permission";
    if (writes && route->action == NULL)
        return "a write without an audit action";
    if (writes && route->method == METHOD_GET)
        return "a GET that writes";
    if (!writes && (route->method == METHOD_PATCH || route->method == METHOD_DELETE))
        return "PATCH or DELETE that does not write";
    if (!writes && (route->prepare || route->undo || route->replay || route->key != KEY_NONE))
        return "a read with prepare, replay or key";
    if (route->prepares_fast && route->prepare == NULL)
        return "nothing to prepare fast";
    if (route->body == BODY_TABLE && route->in == NULL)
        return "a body table is missing";
    if (route->body == BODY_RAW && route->accepts == NULL)
        return "a raw body without its content types";
    if (route->method == METHOD_GET && route->body != BODY_NONE)
        return "a GET with a body";
    return route->summary == NULL ? "no summary" : NULL;
}

static const char *
table_fault(const struct field_table *table)
{
    return table && table->count > 64 ? "a table of more than 64 fields" : NULL;
}

static struct error *
refuse(const struct route *route, const char *what)
{
    return error_internal("route %s %s: %s", method_name(route->method), route->path ? route->path : "", what);
}

/* The same path with other names for its parameters is the same path. */
static bool
same_path(const char *left, const char *right)
{
    while (*left && *right) {
        if (*left == '{' && *right == '{') {
            left += strcspn(left, "}");
            right += strcspn(right, "}");
        }
        if (*left++ != *right++)
            return false;
    }
    return *left == *right;
}

static bool
is_doubled(const struct route *const *tables, const struct route *route)
{
    size_t seen = 0;
    for (; *tables; tables++)
        for (const struct route *other = *tables; other->path; other++)
            if (other->method == route->method && same_path(other->path, route->path))
                seen++;
    return seen > 1;
}

struct error *
routes_check(const struct route *const *tables)
{
    for (const struct route *const *table = tables; *table; table++) {
        for (const struct route *route = *table; route->path; route++) {
            const char *fault = row_fault(route);
            if (fault == NULL)
                fault = table_fault(route->in);
            if (fault == NULL)
                fault = table_fault(route->query);
            if (fault == NULL && is_doubled(tables, route))
                fault = "the path is declared twice";
            if (fault)
                return refuse(route, fault);
        }
    }
    return NULL;
}
