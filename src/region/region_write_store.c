/* region_write_store.c: what changes the tree: rows, codes that they bear, and the pairs of the closure. New regions: region_add_store.c. */
#include "region/region_store.h"

#include "lumbung/base/text.h"
#include "lumbung/base/time.h"

STATEMENT_WRITE(region_change, "UPDATE region SET parent_id = $2, level = $3, kind = $4, name = $5, folded = $6, closed_on = NULL, version = version + 1 "
                               "WHERE id = $1")

static struct error *
update_row(struct tx *tx, const struct region_op *op)
{
    struct cursor *cursor = cursor_start(tx->db, &region_change);
    cursor_bind_id(cursor, 1, op->id);
    cursor_bind_id(cursor, 2, op->parent_id);
    cursor_bind_int(cursor, 3, op->level);
    cursor_bind_text(cursor, 4, op->kind);
    cursor_bind_text(cursor, 5, op->name);
    cursor_bind_text(cursor, 6, op->folded);
    return cursor_run(cursor, NULL);
}

/* A code that ends on the day it began has held for that day. */
STATEMENT_WRITE(region_code_end, "UPDATE region_code SET until_date = CASE WHEN from_date < $2 THEN $2 ELSE from_date + 1 END "
                                 "WHERE code = (SELECT code FROM region WHERE id = $1) AND until_date IS NULL")

static struct error *
end_code(struct tx *tx, struct id id, int32_t until_date)
{
    struct cursor *cursor = cursor_start(tx->db, &region_code_end);
    cursor_bind_id(cursor, 1, id);
    cursor_bind_int(cursor, 2, until_date);
    return cursor_run(cursor, NULL);
}

STATEMENT_WRITE(region_closure_leave, "DELETE FROM region_closure WHERE ancestor = $1 AND descendant IN (SELECT descendant FROM region_closure WHERE ancestor = $2)")
STATEMENT_WRITE(region_closure_join, "INSERT INTO region_closure (ancestor, descendant) SELECT $1, descendant FROM region_closure WHERE ancestor = $2")

static struct error *
run_pair(struct tx *tx, const struct statement *statement, struct id first, struct id second)
{
    struct cursor *cursor = cursor_start(tx->db, statement);
    cursor_bind_id(cursor, 1, first);
    cursor_bind_id(cursor, 2, second);
    return cursor_run(cursor, NULL);
}

/* The whole subtree leaves what was above it, and joins what is above it now. */
static struct error *
move_subtree(struct tx *tx, const struct region_op *op)
{
    struct id chain[REGION_CHAIN_MAX];
    size_t count;
    TRY(region_chain_load(tx, op->id, chain, &count));
    for (size_t i = 1; i < count; i++)
        TRY(run_pair(tx, &region_closure_leave, chain[i], op->id));
    TRY(update_row(tx, op));
    TRY(region_chain_load(tx, op->id, chain, &count));
    for (size_t i = 1; i < count; i++)
        TRY(run_pair(tx, &region_closure_join, chain[i], op->id));
    return NULL;
}

static struct error *
reopen(struct tx *tx, const struct region_op *op)
{
    TRY(region_code_begin(tx, op->id, op->code, date_of_instant(tx->now_ms, 0)));
    return move_subtree(tx, op);
}

struct error *
region_ops_apply(struct tx *tx, const struct region_op *ops, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        size_t end = i;
        while (end < count && ops[end].verb == REGION_OP_ADD)
            end++;
        TRY(region_add_all(tx, &ops[i], end - i));
        if ((i = end) == count)
            return NULL;
        switch (ops[i].verb) {
        case REGION_OP_CHANGE: TRY(update_row(tx, &ops[i])); break;
        case REGION_OP_MOVE: TRY(move_subtree(tx, &ops[i])); break;
        case REGION_OP_REOPEN: TRY(reopen(tx, &ops[i])); break;
        case REGION_OP_ADD: break; /* done above */
        }
    }
    return NULL;
}

STATEMENT_WRITE(region_rename, "UPDATE region SET name = $2, folded = $3, version = version + 1 WHERE id = $1")

struct error *
region_set_name(struct tx *tx, struct id id, const char *name)
{
    struct cursor *cursor = cursor_start(tx->db, &region_rename);
    cursor_bind_id(cursor, 1, id);
    cursor_bind_text(cursor, 2, name);
    cursor_bind_text(cursor, 3, text_fold(tx->arena, name));
    return cursor_run(cursor, NULL);
}

STATEMENT_WRITE(region_recode, "UPDATE region SET code = $2, version = version + 1 WHERE id = $1")

struct error *
region_set_code(struct tx *tx, struct id id, const char *code, int32_t on)
{
    TRY(end_code(tx, id, on));
    struct cursor *cursor = cursor_start(tx->db, &region_recode);
    cursor_bind_id(cursor, 1, id);
    cursor_bind_text(cursor, 2, code);
    TRY(cursor_run(cursor, NULL));
    return region_code_begin(tx, id, code, on);
}

STATEMENT_WRITE(region_close_row, "UPDATE region SET closed_on = $2, version = version + 1 WHERE id = $1 AND closed_on IS NULL")

struct error *
region_close(struct tx *tx, struct id id, int32_t on)
{
    TRY(end_code(tx, id, on));
    struct cursor *cursor = cursor_start(tx->db, &region_close_row);
    cursor_bind_id(cursor, 1, id);
    cursor_bind_int(cursor, 2, on);
    return cursor_run(cursor, NULL);
}

STATEMENT_READ(region_users, "SELECT DISTINCT user_id FROM user_region WHERE user_id > $1 ORDER BY user_id LIMIT $2")

struct error *
region_scope_rewrite_next(struct tx *tx, struct id after, int limit, struct id *ret_last)
{
    struct id *users = ARENA_ARRAY(tx->arena, struct id, limit);
    size_t count = 0;
    struct cursor *cursor = cursor_start(tx->db, &region_users);
    cursor_bind_bytes(cursor, 1, after.bytes, sizeof after.bytes);
    cursor_bind_int(cursor, 2, limit);
    TRY(cursor_fill(cursor, tx->arena, cursor_read_id, users, sizeof *users, limit, &count));
    for (size_t i = 0; i < count; i++)
        TRY(region_scope_rewrite(tx, users[i]));
    *ret_last = count == (size_t)limit ? users[count - 1] : (struct id){{0}};
    return NULL;
}
