/* router.h: finds the row of a request. */
#ifndef LUMBUNG_HTTP_ROUTER_H
#define LUMBUNG_HTTP_ROUTER_H

#include "http/guard.h"
#include "lumbung/http/route.h"

struct router;

/* Splits the paths of all tables; the router lives in the arena. */
struct router *router_make(struct arena *arena, const struct route *const *tables);

struct match {
    const struct route *route; /* NULL: no row for this method */
    bool path_known;
    bool allows[METHOD_DELETE + 1]; /* by enum method, for Allow */
    struct id ids[3];
    size_t id_count;
    const char *texts[3];
};

/* Literal parts win over parameters, from the left. An {..id} part that is no UUID is an unknown path. */
void router_match(const struct router *router, enum method method, const struct target *target, struct match *ret_match);

enum method method_parse(const char *name); /* HEAD is GET; METHOD_NONE for all others */
const char *method_name(enum method method);

#endif
