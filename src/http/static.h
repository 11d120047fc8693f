/* static.h: which file of the front end a path means. */
#ifndef LUMBUNG_HTTP_STATIC_H
#define LUMBUNG_HTTP_STATIC_H

#include "http/guard.h"
#include "lumbung/base/embedded.h"

/* "app/main.js" below the front end's folder; every path without an extension is the page of the router, "index.html". NULL: not found. */
const char *static_name(struct arena *arena, const struct target *target);
const struct embedded_file *static_find(struct arena *arena, const char *name);
/* Opens NAME below the folder, following no link; -1 when it is no plain file. */
int static_open(int directory, const char *name, int64_t *ret_bytes, int64_t *ret_changed_ms);
const char *static_type(const char *name);
/* gzip is named and not refused with q=0. */
bool static_takes_gzip(const char *accept_encoding);

#endif
