/* region.c: imports of the administrative tree, paths in words. */
#include "lumbung/region.h"

#include <string.h>

#include "lumbung/audit.h"
#include "lumbung/base/time.h"
#include "region/region_store.h"

static struct id
parent_id(const struct region_tree *tree, const struct region_node *node)
{
    return node->parent == REGION_NONE ? (struct id){{0}} : tree->nodes[node->parent].id;
}

/* Parents come first in the tree's order, as the foreign key wants. */
static struct error *
write_nodes(struct tx *tx, const struct region_tree *tree)
{
    int32_t today = date_of_instant(tx->now_ms, 0);
    for (size_t i = 0; i < tree->count; i++) {
        const struct region_node *node = &tree->nodes[tree->order[i]];
        if (node->change == REGION_NEW)
            TRY(region_insert(tx, node, parent_id(tree, node)));
        if (node->change == REGION_CHANGED)
            TRY(region_update(tx, node, parent_id(tree, node)));
    }
    for (size_t i = 0; i < tree->count; i++) {
        const struct region_node *node = &tree->nodes[tree->order[i]];
        if (node->change == REGION_NEW)
            TRY(region_code_insert(tx, node, today));
    }
    return NULL;
}

/* A subtree is a run of the order, so the pairs come in the order of the key and are appended. After a move all are written anew. */
static struct error *
write_closure(struct tx *tx, const struct region_tree *tree)
{
    if (tree->moved)
        TRY(region_closure_clear(tx));
    for (size_t i = 0; i < tree->count; i++) {
        struct id ancestor = tree->nodes[tree->order[i]].id;
        for (size_t j = i; j < i + tree->run[i]; j++) {
            const struct region_node *node = &tree->nodes[tree->order[j]];
            if (tree->moved || node->change == REGION_NEW)
                TRY(region_closure_insert(tx, ancestor, node->id));
        }
    }
    return NULL;
}

static struct error *
leave_trace(struct tx *tx, const struct actor *actor, const char *csv, size_t length, const struct region_rows *rows, const struct region_tree *tree)
{
    uint8_t digest[SHA256_SIZE];
    struct buffer text;
    buffer_init(&text, tx->arena);
    sha256_of(csv, length, digest);
    json_open(&text, NULL, '{');
    json_put_int(&text, "rows", (int64_t)rows->count);
    json_put_int(&text, "added", (int64_t)tree->new_count);
    json_put_int(&text, "changed", (int64_t)tree->changed_count);
    json_put_hex(&text, "sha256", digest, sizeof digest);
    json_close(&text, '}');
    struct audit_part part = {.kind = "region", .after = buffer_text(&text)};
    struct audit_change change = {.action = "region.import", .parts = &part, .part_count = 1};
    return audit_append(tx, actor, &change, NULL);
}

struct error *
region_import(struct tx *tx, const struct actor *actor, const char *csv, size_t length, int64_t *ret_rows)
{
    struct region_rows rows;
    struct region_node *existing = NULL;
    struct region_tree tree;
    size_t existing_count = 0;
    TRY(region_csv_parse(tx->arena, csv, length, &rows));
    TRY(region_nodes_load(tx, &existing, &existing_count));
    TRY(region_tree_plan(tx->arena, existing, existing_count, &rows, tx->now_ms, &tree));
    TRY(write_nodes(tx, &tree));
    if (tree.moved || tree.new_count > 0) {
        TRY(write_closure(tx, &tree));
        TRY(region_scope_rewrite(tx, (struct id){{0}}));
    }
    TRY(leave_trace(tx, actor, csv, length, &rows, &tree));
    *ret_rows = (int64_t)rows.count;
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
