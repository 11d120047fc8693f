/* region_difference.c: what a file of regions would change, told before it is imported: added, renamed, moved, otherwise changed, and what the file leaves out. */
#include "lumbung/region.h"

#include <string.h>

#include "region/region_store.h"

#define SHOWN_MAX 200 /* of each list; the counts are whole */

struct difference {
    const struct region_node *before; /* as they are now; the first of the tree's nodes, in the same order */
    size_t before_count;
    struct region_tree tree;
};

static const char *
parent_code(const struct region_node *nodes, const struct region_node *node)
{
    return node->parent == REGION_NONE ? NULL : nodes[node->parent].code;
}

static bool
is_added(const struct difference *difference, size_t at)
{
    return difference->tree.nodes[at].change == REGION_NEW;
}

static bool
is_renamed(const struct difference *difference, size_t at)
{
    return at < difference->before_count && strcmp(difference->before[at].name, difference->tree.nodes[at].name) != 0;
}

static bool
is_moved(const struct difference *difference, size_t at)
{
    return difference->tree.nodes[at].moved;
}

static bool
is_changed(const struct difference *difference, size_t at)
{
    if (at >= difference->before_count)
        return false;
    const struct region_node *before = &difference->before[at], *after = &difference->tree.nodes[at];
    return before->level != after->level || strcmp(before->kind, after->kind) != 0;
}

/* Not in the file, though the file lists others under the same parent: perhaps closed or joined to another. */
static bool
is_absent(const struct difference *difference, size_t at)
{
    const struct region_node *node = &difference->tree.nodes[at];
    return node->line == 0 && !node->closed && node->parent != REGION_NONE && difference->tree.nodes[node->parent].listed;
}

static void
print_node(struct buffer *body, const struct difference *difference, size_t at)
{
    const struct region_node *nodes = difference->tree.nodes, *node = &nodes[at];
    bool known = at < difference->before_count;
    json_open(body, NULL, '{');
    json_put_text(body, "code", node->code);
    json_put_text(body, "name", node->name);
    json_put_text(body, "kind", node->kind);
    json_put_int(body, "level", node->level);
    json_put_text(body, "parent", parent_code(nodes, node));
    json_put_text(body, "name_before", known ? difference->before[at].name : NULL);
    json_put_text(body, "kind_before", known ? difference->before[at].kind : NULL);
    json_put_text(body, "parent_before", known ? parent_code(difference->before, &difference->before[at]) : NULL);
    json_close(body, '}');
}

static void
print_list(struct buffer *body, const char *name, const struct difference *difference, bool (*belongs)(const struct difference *, size_t))
{
    size_t count = 0;
    json_open(body, name, '{');
    json_open(body, "items", '[');
    for (size_t i = 0; i < difference->tree.count; i++)
        if (belongs(difference, i) && count++ < SHOWN_MAX)
            print_node(body, difference, i);
    json_close(body, ']');
    json_put_int(body, "count", (int64_t)count);
    json_close(body, '}');
}

static void
mark_listed(struct region_tree *tree)
{
    for (size_t i = 0; i < tree->count; i++)
        if (tree->nodes[i].line != 0 && tree->nodes[i].parent != REGION_NONE)
            tree->nodes[tree->nodes[i].parent].listed = true;
}

struct error *
region_difference_print(struct tx *tx, const char *csv, size_t length, struct buffer *body)
{
    struct region_rows rows;
    struct region_node *existing = NULL;
    struct difference difference = {0};
    TRY(region_csv_parse(tx->arena, csv, length, &rows));
    TRY(region_nodes_load(tx, &existing, &difference.before_count));
    TRY(region_tree_plan(tx->arena, existing, difference.before_count, &rows, tx->now_ms, &difference.tree));
    difference.before = existing;
    mark_listed(&difference.tree);
    json_open(body, NULL, '{');
    json_put_int(body, "rows", (int64_t)rows.count);
    json_put_int(body, "present", (int64_t)difference.before_count);
    print_list(body, "added", &difference, is_added);
    print_list(body, "renamed", &difference, is_renamed);
    print_list(body, "moved", &difference, is_moved);
    print_list(body, "changed", &difference, is_changed);
    print_list(body, "absent", &difference, is_absent);
    json_close(body, '}');
    return NULL;
}
