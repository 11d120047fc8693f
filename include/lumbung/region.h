/* region.h: the administrative tree. Households point to a region's id; official codes are dated rows, since they change. */
#ifndef LUMBUNG_REGION_H
#define LUMBUNG_REGION_H

#include "lumbung/http/route.h"

struct region {
    struct id id, parent_id;
    int level;
    const char *code, *kind, *name, *parent_code;
    bool has_children; /* that are not closed */
    bool is_closed;    /* an edition of the codes ended it: found by its id and region_find_code alone */
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

/* One step of an import: applied in their order, each leaves a whole tree with its closure. */
enum region_verb { REGION_OP_ADD, REGION_OP_CHANGE, REGION_OP_MOVE, REGION_OP_REOPEN };
struct region_op {
    enum region_verb verb;
    struct id id, parent_id; /* zero: a root */
    int level;
    const char *code, *kind, *name, *folded;
};
struct region_plan {
    struct region_op *ops;
    size_t op_count;
    int64_t rows, added, changed;
    const char *digest; /* of the file, SHA-256 in hex */
};
/* What region_import would do, in a read transaction; refuses what it would refuse. */
FALLIBLE struct error *region_plan_make(struct tx *tx, const char *csv, size_t length, struct region_plan *ret_plan);
/* Applies them in their order. */
FALLIBLE struct error *region_ops_apply(struct tx *tx, const struct region_op *ops, size_t count);
/* The leaf of an import. */
FALLIBLE struct error *region_plan_trace(struct tx *tx, const struct actor *actor, const struct region_plan *plan);

/* Single acts of an edition of the codes, in force from the day `on`. Each needs region_scope_rewrite when it changes who stands below whom. */
FALLIBLE struct error *region_set_name(struct tx *tx, struct id id, const char *name);
FALLIBLE struct error *region_set_code(struct tx *tx, struct id id, const char *code, int32_t on);
FALLIBLE struct error *region_close(struct tx *tx, struct id id, int32_t on);
/* Rewrites the scope of the next `limit` users behind `after`; *ret_last: the last of them, zero when it was everyone. */
FALLIBLE struct error *region_scope_rewrite_next(struct tx *tx, struct id after, int limit, struct id *ret_last);

/* {rows, present, added, renamed, moved, changed, absent: {count, items[200]}}: what that import would do; writes nothing, refuses what it would refuse. */
FALLIBLE struct error *region_difference_print(struct tx *tx, const char *csv, size_t length, struct buffer *body);

/* Rewrites user_scope, the flattening of users' regions, of one user (zero id: of all). */
FALLIBLE struct error *region_scope_rewrite(struct tx *tx, struct id user_id);

extern const struct route region_routes[];

#endif
