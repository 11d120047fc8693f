/* routes.h: the slices' route tables, in dependency order. */
#ifndef LUMBUNG_ROUTES_H
#define LUMBUNG_ROUTES_H

#include "lumbung/http/route.h"

extern const struct route *const route_tables[]; /* ends with NULL */

#endif
