/* region.h: the administrative tree. Households point to a region's id; official codes are dated rows, since they change. */
#ifndef LUMBUNG_REGION_H
#define LUMBUNG_REGION_H

#include "lumbung/http/route.h"

struct region {
    struct id id, parent_id;
    int level;
    const char *code, *kind, *name, *parent_code;
    bool has_children;
};

/* By present official code, within the actor's scope; ERROR_NOT_FOUND otherwise. */
FALLIBLE struct error *region_by_code(struct tx *tx, const struct actor *actor, const char *code, struct region *ret_region);
/* Without a scope: for records that a caller may already see, NIK decoding and rules. *ret_found false when absent. */
FALLIBLE struct error *region_find_code(struct tx *tx, const char *code, struct region *ret_region, bool *ret_found);
FALLIBLE struct error *region_by_id(struct tx *tx, struct id id, struct region *ret_region);
/* "Seleman, Danau Kerinci, Kerinci, Jambi": from the region up, without the top levels when `levels` > 0. */
FALLIBLE struct error *region_path_text(struct tx *tx, struct id id, const char **ret_text);
/* Is `descendant` in the subtree of `ancestor` (or the same)? */
FALLIBLE struct error *region_contains(struct tx *tx, struct id ancestor, struct id descendant, bool *ret_contains);
/* May the actor work in this region? */
FALLIBLE struct error *region_in_scope(struct tx *tx, const struct actor *actor, struct id region_id, bool *ret_in_scope);
/* Imports a CSV (`code,parent,level,kind,name`; any depth and script; parents before or after children): new codes are added, names updated.
 * All or nothing; refusals name line, column, value, reason and remedy. Rewrites closure and user_scope. */
FALLIBLE struct error *region_import(struct tx *tx, const struct actor *actor, const char *csv, size_t length, int64_t *ret_rows);

/* {rows, present, added, renamed, moved, changed, absent: {count, items[200]}}: what that import would do; writes nothing, refuses what it would refuse. */
FALLIBLE struct error *region_difference_print(struct tx *tx, const char *csv, size_t length, struct buffer *body);

/* Rewrites user_scope, the flattening of users' regions, of one user (zero id: of all). */
FALLIBLE struct error *region_scope_rewrite(struct tx *tx, struct id user_id);

extern const struct route region_routes[];

#endif
