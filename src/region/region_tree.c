/* region_tree.c: lays a file of regions over the tree that is there, refuses what makes no tree, and orders it parents first. */
#include "region/region_tree.h"

#include <string.h>

#include "lumbung/base/text.h"

/* Codes to node indexes: open addressing, at most half full. */
struct code_map {
    const struct region_node *nodes;
    size_t *slots; /* index + 1; 0: free */
    size_t mask;
};

static size_t
code_hash(const char *code)
{
    size_t hash = 1469598103934665603u;
    for (; *code != '\0'; code++)
        hash = (hash ^ (unsigned char)*code) * 1099511628211u;
    return hash ^ hash >> 29;
}

static size_t *
map_slot(const struct code_map *map, const char *code)
{
    size_t at = code_hash(code) & map->mask;
    while (map->slots[at] != 0 && strcmp(map->nodes[map->slots[at] - 1].code, code) != 0)
        at = (at + 1) & map->mask;
    return &map->slots[at];
}

struct plan {
    struct arena *arena;
    struct region_tree *tree;
    struct code_map map;
    int64_t now_ms;
    struct error *faults;
};

static void
fault(struct plan *plan, const struct region_node *node, const char *column, enum fault_code code, const char *argument)
{
    error_add_fault(&plan->faults, arena_format(plan->arena, "row %lld, column %s", (long long)node->line, column), code, argument, NULL);
}

static void
plan_start(struct plan *plan, const struct region_node *existing, size_t existing_count, size_t row_count)
{
    size_t capacity = existing_count + row_count, slots = 16;
    while (slots < capacity * 2)
        slots *= 2;
    plan->tree->nodes = ARENA_ARRAY(plan->arena, struct region_node, capacity);
    plan->map = (struct code_map){plan->tree->nodes, ARENA_ARRAY(plan->arena, size_t, slots), slots - 1};
    for (size_t i = 0; i < existing_count; i++) {
        plan->tree->nodes[i] = existing[i];
        *map_slot(&plan->map, existing[i].code) = i + 1;
    }
    plan->tree->count = existing_count;
}

/* One row of the file: a new node, or the present one with its new words. */
static void
lay_row(struct plan *plan, const struct region_row *row)
{
    struct region_tree *tree = plan->tree;
    size_t *slot = map_slot(&plan->map, row->code);
    bool known = *slot != 0;
    struct region_node *node = known ? &tree->nodes[*slot - 1] : &tree->nodes[tree->count];
    if (known && node->line != 0) {
        struct region_node twin = {.line = row->line};
        fault(plan, &twin, "code", FAULT_DOUBLED, NULL);
        return;
    }
    bool changed = !known || node->closed || node->level != row->level || strcmp(node->kind, row->kind) != 0 || strcmp(node->name, row->name) != 0;
    if (!known) {
        node->parent = REGION_NONE;
        node->code = row->code;
        *slot = ++tree->count;
    }
    node->change = known ? (changed ? REGION_CHANGED : REGION_SAME) : REGION_NEW;
    node->line = row->line;
    node->level = row->level;
    node->kind = row->kind;
    node->name = row->name;
    node->folded = row->folded;
}

/* Parents are found once all rows are laid: they may come after their children. */
static void
link_row(struct plan *plan, const struct region_row *row)
{
    struct region_node *node = &plan->tree->nodes[*map_slot(&plan->map, row->code) - 1];
    if (node->line != row->line)
        return;
    size_t parent = row->parent[0] != '\0' ? *map_slot(&plan->map, row->parent) : 0;
    const struct region_node *above = parent == 0 ? NULL : &plan->tree->nodes[parent - 1];
    if (row->parent[0] != '\0' && (above == NULL || (above->closed && above->line == 0))) {
        fault(plan, node, "parent", FAULT_REFERENCE, row->parent);
        return;
    }
    size_t index = parent == 0 ? REGION_NONE : parent - 1;
    if (node->change != REGION_NEW && node->parent != index) {
        node->change = REGION_CHANGED;
        node->moved = true;
        plan->tree->moved = true;
    }
    node->parent = index;
}

/* A level must be below its parent's, which also bounds the depth. Parents and cycles are known to be sound by then. */
static void
check_levels(struct plan *plan)
{
    struct region_tree *tree = plan->tree;
    for (size_t i = 0; i < tree->count; i++) {
        const struct region_node *node = &tree->nodes[i];
        if (node->parent == REGION_NONE || node->level > tree->nodes[node->parent].level)
            continue;
        struct region_node at = *node;
        if (at.line == 0)
            at.line = tree->nodes[node->parent].line;
        fault(plan, &at, "level", FAULT_CONFLICT, arena_format(plan->arena, "level %d of %s", tree->nodes[node->parent].level, tree->nodes[node->parent].code));
    }
}

/* The line of the file that closes a cycle: the last of its nodes there. */
static void
fault_cycle(struct plan *plan, size_t start)
{
    struct region_tree *tree = plan->tree;
    size_t at = start, named = start;
    do {
        if (tree->nodes[at].line > tree->nodes[named].line)
            named = at;
        at = tree->nodes[at].parent;
    } while (at != start);
    const struct region_node *node = &tree->nodes[named];
    fault(plan, node, "parent", FAULT_CONFLICT, arena_format(plan->arena, "%s: a cycle of regions", tree->nodes[node->parent].code));
}

/* Follows each node's parents to a root or to a node that is known to reach one. */
static void
check_cycles(struct plan *plan)
{
    struct region_tree *tree = plan->tree;
    size_t *turn = ARENA_ARRAY(plan->arena, size_t, tree->count);
    for (size_t i = 0; i < tree->count; i++) {
        size_t at = i;
        while (at != REGION_NONE && turn[at] == 0) {
            turn[at] = i + 1;
            at = tree->nodes[at].parent;
        }
        if (at != REGION_NONE && turn[at] == i + 1)
            fault_cycle(plan, at);
    }
}

/* Parents first, each subtree a run, siblings as they came. */
static void
order_nodes(struct plan *plan)
{
    struct region_tree *tree = plan->tree;
    size_t count = tree->count, filled = 0;
    size_t *first = ARENA_ARRAY(plan->arena, size_t, count + 1), *next = ARENA_ARRAY(plan->arena, size_t, count);
    size_t *position = ARENA_ARRAY(plan->arena, size_t, count);
    for (size_t i = count; i-- > 0;) {
        size_t parent = tree->nodes[i].parent == REGION_NONE ? count : tree->nodes[i].parent;
        next[i] = first[parent];
        first[parent] = i + 1;
    }
    tree->order = ARENA_ARRAY(plan->arena, size_t, count);
    tree->run = ARENA_ARRAY(plan->arena, size_t, count);
    size_t at = first[count];
    while (at != 0) {
        size_t node = at - 1;
        position[node] = filled;
        tree->order[filled++] = node;
        at = first[node];
        while (at == 0 && node != REGION_NONE) {
            tree->run[position[node]] = filled - position[node];
            at = next[node];
            node = tree->nodes[node].parent;
        }
    }
}

static void
name_new(struct plan *plan)
{
    struct region_tree *tree = plan->tree;
    for (size_t i = 0; i < tree->count; i++) {
        struct region_node *node = &tree->nodes[tree->order[i]];
        if (node->change == REGION_NEW)
            node->id = id_make(plan->now_ms);
        tree->new_count += node->change == REGION_NEW ? 1 : 0;
        tree->changed_count += node->change == REGION_CHANGED ? 1 : 0;
    }
}

struct error *
region_tree_plan(struct arena *arena, const struct region_node *existing, size_t existing_count, const struct region_rows *rows, int64_t now_ms,
                 struct region_tree *ret_tree)
{
    struct region_tree tree = {0};
    struct plan plan = {.arena = arena, .tree = &tree, .now_ms = now_ms};
    plan_start(&plan, existing, existing_count, rows->count);
    for (size_t i = 0; i < rows->count; i++)
        lay_row(&plan, &rows->rows[i]);
    for (size_t i = 0; i < rows->count; i++)
        link_row(&plan, &rows->rows[i]);
    if (!plan.faults)
        check_cycles(&plan);
    if (!plan.faults)
        check_levels(&plan);
    if (plan.faults)
        return plan.faults;
    order_nodes(&plan);
    name_new(&plan);
    *ret_tree = tree;
    return NULL;
}
