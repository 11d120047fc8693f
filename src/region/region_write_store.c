/* region_write_store.c: what changes the tree: rows, codes that they bear, and the pairs of the closure. */
#include "region/region_store.h"

#include "lumbung/base/text.h"
#include "lumbung/base/time.h"

STATEMENT_WRITE(region_add, "INSERT INTO region (id, parent_id, level, kind, name, folded, code, version) VALUES ($1, $2, $3, $4, $5, $6, $7, 1)")

static struct error *
insert_row(struct tx *tx, const struct region_op *op)
{
    struct cursor *cursor = cursor_start(tx->db, &region_add);
    cursor_bind_id(cursor, 1, op->id);
    cursor_bind_id(cursor, 2, op->parent_id);
    cursor_bind_int(cursor, 3, op->level);
    cursor_bind_text(cursor, 4, op->kind);
    cursor_bind_text(cursor, 5, op->name);
    cursor_bind_text(cursor, 6, op->folded);
    cursor_bind_text(cursor, 7, op->code);
    return cursor_run(cursor, NULL);
}

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

STATEMENT_WRITE(region_code_add, "INSERT INTO region_code (code, from_date, until_date, region_id) VALUES ($1, $2, NULL, $3) "
                                 "ON CONFLICT (code, from_date) DO UPDATE SET until_date = NULL, region_id = excluded.region_id")

static struct error *
begin_code(struct tx *tx, struct id id, const char *code, int32_t from_date)
{
    struct cursor *cursor = cursor_start(tx->db, &region_code_add);
    cursor_bind_text(cursor, 1, code);
    cursor_bind_int(cursor, 2, from_date);
    cursor_bind_id(cursor, 3, id);
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

STATEMENT_READ(region_parent_of, "SELECT parent_id FROM region WHERE id = $1")

_Static_assert(REGION_CHAIN_MAX >= REGION_LEVEL_MAX + 2, "a chain holds every level");

/* `id` and all above it, as the rows say now. */
static struct error *
load_chain(struct tx *tx, struct id id, struct region_chain *ret_chain)
{
    ret_chain->count = 0;
    while (!id_is_zero(id) && ret_chain->count < REGION_CHAIN_MAX) {
        ret_chain->ids[ret_chain->count++] = id;
        struct cursor *cursor = cursor_start(tx->db, &region_parent_of);
        cursor_bind_id(cursor, 1, id);
        id = (struct id){{0}};
        TRY(cursor_one(cursor, NULL, cursor_read_id, &id, NULL));
    }
    return NULL;
}

STATEMENT_WRITE(region_closure_add, "INSERT INTO region_closure (ancestor, descendant) VALUES ($1, $2)")
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

static struct error *
add_new(struct tx *tx, const struct region_op *op, int32_t today, struct region_chain *chain)
{
    TRY(insert_row(tx, op));
    TRY(begin_code(tx, op->id, op->code, today));
    if (chain->count == 0 || !id_equal(chain->ids[0], op->parent_id))
        TRY(load_chain(tx, op->parent_id, chain));
    for (size_t i = 0; i < chain->count; i++)
        TRY(run_pair(tx, &region_closure_add, chain->ids[i], op->id));
    return run_pair(tx, &region_closure_add, op->id, op->id);
}

/* The whole subtree leaves what was above it, and joins what is above it now. */
static struct error *
move_subtree(struct tx *tx, const struct region_op *op)
{
    struct region_chain chain;
    TRY(load_chain(tx, op->id, &chain));
    for (size_t i = 1; i < chain.count; i++)
        TRY(run_pair(tx, &region_closure_leave, chain.ids[i], op->id));
    TRY(update_row(tx, op));
    TRY(load_chain(tx, op->id, &chain));
    for (size_t i = 1; i < chain.count; i++)
        TRY(run_pair(tx, &region_closure_join, chain.ids[i], op->id));
    return NULL;
}

struct error *
region_op_apply(struct tx *tx, const struct region_op *op, struct region_chain *chain)
{
    int32_t today = date_of_instant(tx->now_ms, 0);
    if (op->verb == REGION_OP_MOVE || op->verb == REGION_OP_REOPEN)
        chain->count = 0; /* what was above a region may be elsewhere now */
    switch (op->verb) {
    case REGION_OP_ADD: return add_new(tx, op, today, chain);
    case REGION_OP_CHANGE: return update_row(tx, op);
    case REGION_OP_MOVE: return move_subtree(tx, op);
    case REGION_OP_REOPEN:
        TRY(begin_code(tx, op->id, op->code, today));
        return move_subtree(tx, op);
    }
    return error_internal("region: unknown op");
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
    return begin_code(tx, id, code, on);
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
