/* region_tree.h: an import of regions in memory: the file's rows, the tree that they make with the regions already there, and what changes. */
#ifndef LUMBUNG_REGION_TREE_H
#define LUMBUNG_REGION_TREE_H

#include "lumbung/base/arena.h"
#include "lumbung/base/error.h"
#include "lumbung/base/id.h"

#define REGION_LEVEL_MAX 15
#define REGION_NONE ((size_t)-1)

/* One row of the file, checked by itself. */
struct region_row {
    int64_t line;
    const char *code, *parent; /* parent "": a root */
    int level;
    const char *kind, *name, *folded;
};
struct region_rows {
    struct region_row *rows;
    size_t count;
};
/* Reads `code,parent,level,kind,name` (columns in any order, RFC 4180 quotes, byte order mark, LF or CRLF). ERROR_FIELDS names "row 12, column level". */
FALLIBLE struct error *region_csv_parse(struct arena *arena, const char *csv, size_t length, struct region_rows *ret_rows);

enum region_change { REGION_SAME, REGION_NEW, REGION_CHANGED };

struct region_node {
    struct id id;
    const char *code, *kind, *name, *folded;
    int level;
    size_t parent;       /* index; REGION_NONE: a root */
    int64_t line;        /* in the file; 0: not in it */
    enum region_change change;
    bool moved;          /* under another parent than before */
    bool closed;         /* by an earlier edition; a file that lists it opens it again */
    bool listed;         /* the file has rows under it: set by who compares */
};
struct region_tree {
    struct region_node *nodes;
    size_t count;
    size_t *order;       /* parents first; a subtree is a run */
    size_t *run;         /* run[i]: length of the subtree that begins at order[i] */
    size_t new_count, changed_count;
    bool moved;
};
/* Lays the file over the existing nodes (parent set, change REGION_SAME). ERROR_FIELDS: doubled codes, unknown parents, a level not below its parent's,
 * a cycle. New nodes get ids in tree order. */
FALLIBLE struct error *region_tree_plan(struct arena *arena, const struct region_node *existing, size_t existing_count, const struct region_rows *rows,
                                        int64_t now_ms, struct region_tree *ret_tree);

#endif
