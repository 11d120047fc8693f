/* region.c: imports of the administrative tree, paths in words. */
#include "lumbung/region.h"

#include <string.h>

#include "lumbung/audit.h"
#include "region/region_store.h"

static struct region_op
op_of(const struct region_tree *tree, const struct region_node *node)
{
    const struct region_node *parent = node->parent == REGION_NONE ? NULL : &tree->nodes[node->parent];
    return (struct region_op){
        .verb = node->change == REGION_NEW ? REGION_OP_ADD : node->closed ? REGION_OP_REOPEN : node->moved ? REGION_OP_MOVE : REGION_OP_CHANGE,
        .id = node->id, .parent_id = parent ? parent->id : (struct id){{0}}, .level = node->level, .code = node->code, .kind = node->kind, .name = node->name,
        .folded = node->folded};
}

struct error *
region_plan_make(struct tx *tx, const char *csv, size_t length, struct region_plan *ret_plan)
{
    struct region_rows rows;
    struct region_node *existing = NULL;
    struct region_tree tree;
    size_t existing_count = 0;
    uint8_t digest[SHA256_SIZE];
    TRY(region_csv_parse(tx->arena, csv, length, &rows));
    TRY(region_nodes_load(tx, &existing, &existing_count));
    TRY(region_tree_plan(tx->arena, existing, existing_count, &rows, tx->now_ms, &tree));
    sha256_of(csv, length, digest);
    char *hex = arena_alloc(tx->arena, 2 * SHA256_SIZE + 1);
    hex_print(digest, SHA256_SIZE, hex);
    struct region_plan plan = {.rows = (int64_t)rows.count, .added = (int64_t)tree.new_count, .changed = (int64_t)tree.changed_count, .digest = hex,
                               .ops = ARENA_ARRAY(tx->arena, struct region_op, tree.new_count + tree.changed_count)};
    for (size_t i = 0; i < tree.count; i++)
        if (tree.nodes[tree.order[i]].change != REGION_SAME)
            plan.ops[plan.op_count++] = op_of(&tree, &tree.nodes[tree.order[i]]);
    *ret_plan = plan;
    return NULL;
}

struct error *
region_plan_trace(struct tx *tx, const struct actor *actor, const struct region_plan *plan)
{
    struct buffer text;
    buffer_init(&text, tx->arena);
    json_open(&text, NULL, '{');
    json_put_int(&text, "rows", plan->rows);
    json_put_int(&text, "added", plan->added);
    json_put_int(&text, "changed", plan->changed);
    json_put_text(&text, "sha256", plan->digest);
    json_close(&text, '}');
    struct audit_part part = {.kind = "region", .after = buffer_text(&text)};
    struct audit_change change = {.action = "region.import", .parts = &part, .part_count = 1};
    return audit_append(tx, actor, &change, NULL);
}

struct error *
region_import(struct tx *tx, const struct actor *actor, const char *csv, size_t length, int64_t *ret_rows)
{
    struct region_plan plan;
    TRY(region_plan_make(tx, csv, length, &plan));
    TRY(region_ops_apply(tx, plan.ops, plan.op_count));
    if (plan.op_count > 0)
        TRY(region_scope_rewrite(tx, (struct id){{0}}));
    TRY(region_plan_trace(tx, actor, &plan));
    *ret_rows = plan.rows;
    return NULL;
}

struct error *
region_path_text(struct tx *tx, struct id id, const char **ret_text)
{
    struct buffer text;
    buffer_init(&text, tx->arena);
    for (int depth = 0; !id_is_zero(id) && depth <= REGION_LEVEL_MAX; depth++) {
        if (depth > 0)
            buffer_add(&text, ", ");
        TRY(region_add_name(tx, id, &text, &id));
    }
    *ret_text = buffer_text(&text);
    return NULL;
}
