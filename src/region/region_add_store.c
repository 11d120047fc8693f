/* region_add_store.c: new regions by the thousand: their rows, their codes and the pairs of the closure, several rows a statement. */
#include <stdlib.h>
#include <string.h>

#include "lumbung/base/time.h"
#include "region/region_store.h"

#define GROUP 2000 /* regions whose pairs are laid in order before they are written: neighbours in the key cost less */

struct pair {
    struct id ancestor, descendant;
};

/* Rows through two statements: one that takes `at_once` rows (1: there is none), one for the rest. `bind` binds a row from parameter `first` on. */
struct shape {
    const struct statement *many, *one;
    size_t at_once;
    int parameters; /* of one row */
    void (*bind)(struct cursor *cursor, int first, const void *row);
};

static struct error *
write_rows(struct tx *tx, const struct shape *shape, const void *rows, size_t size, size_t count)
{
    for (size_t at = 0; at < count;) {
        size_t taken = count - at >= shape->at_once ? shape->at_once : 1;
        struct cursor *cursor = cursor_start(tx->db, taken > 1 ? shape->many : shape->one);
        for (size_t i = 0; i < taken; i++)
            shape->bind(cursor, 1 + (int)i * shape->parameters, (const char *)rows + (at + i) * size);
        TRY(cursor_run(cursor, NULL));
        at += taken;
    }
    return NULL;
}

/* One by one: with several rows a statement the engine looks for whoever names each new region, in every table that names regions. */
STATEMENT_WRITE(region_add, "INSERT INTO region (id, parent_id, level, kind, name, folded, code, version) VALUES ($1, $2, $3, $4, $5, $6, $7, 1)")

static void
bind_row(struct cursor *cursor, int first, const void *row)
{
    const struct region_op *op = row;
    cursor_bind_id(cursor, first, op->id);
    cursor_bind_id(cursor, first + 1, op->parent_id);
    cursor_bind_int(cursor, first + 2, op->level);
    cursor_bind_text(cursor, first + 3, op->kind);
    cursor_bind_text(cursor, first + 4, op->name);
    cursor_bind_text(cursor, first + 5, op->folded);
    cursor_bind_text(cursor, first + 6, op->code);
}

struct bearing {
    const char *code;
    int32_t from_date;
    struct id region_id;
};

#define ADD_CODES "INSERT INTO region_code (code, from_date, until_date, region_id) VALUES "
#define AGAIN " ON CONFLICT (code, from_date) DO UPDATE SET until_date = NULL, region_id = excluded.region_id"
STATEMENT_WRITE(region_code_add, ADD_CODES "($1, $2, NULL, $3)" AGAIN)
STATEMENT_WRITE(region_code_add_eight, ADD_CODES "($1, $2, NULL, $3), ($4, $5, NULL, $6), ($7, $8, NULL, $9), ($10, $11, NULL, $12), ($13, $14, NULL, $15), "
                                                 "($16, $17, NULL, $18), ($19, $20, NULL, $21), ($22, $23, NULL, $24)" AGAIN)

static void
bind_bearing(struct cursor *cursor, int first, const void *row)
{
    const struct bearing *bearing = row;
    cursor_bind_text(cursor, first, bearing->code);
    cursor_bind_int(cursor, first + 1, bearing->from_date);
    cursor_bind_id(cursor, first + 2, bearing->region_id);
}

#define ADD_PAIRS "INSERT INTO region_closure (ancestor, descendant) VALUES "
STATEMENT_WRITE(region_closure_add, ADD_PAIRS "($1, $2)")
STATEMENT_WRITE(region_closure_add_sixteen, ADD_PAIRS "($1, $2), ($3, $4), ($5, $6), ($7, $8), ($9, $10), ($11, $12), ($13, $14), ($15, $16), ($17, $18), "
                                                      "($19, $20), ($21, $22), ($23, $24), ($25, $26), ($27, $28), ($29, $30), ($31, $32)")

static void
bind_pair(struct cursor *cursor, int first, const void *row)
{
    const struct pair *pair = row;
    cursor_bind_id(cursor, first, pair->ancestor);
    cursor_bind_id(cursor, first + 1, pair->descendant);
}

static const struct shape row_shape = {NULL, &region_add, 1, 7, bind_row};
static const struct shape code_shape = {&region_code_add_eight, &region_code_add, 8, 3, bind_bearing};
static const struct shape pair_shape = {&region_closure_add_sixteen, &region_closure_add, 16, 2, bind_pair};

struct error *
region_code_begin(struct tx *tx, struct id id, const char *code, int32_t from_date)
{
    struct bearing bearing = {code, from_date, id};
    return write_rows(tx, &code_shape, &bearing, sizeof bearing, 1);
}

STATEMENT_READ(region_parent_of, "SELECT parent_id FROM region WHERE id = $1")

struct error *
region_chain_load(struct tx *tx, struct id id, struct id *ret_ids, size_t *ret_count)
{
    *ret_count = 0;
    while (!id_is_zero(id) && *ret_count < REGION_CHAIN_MAX) {
        ret_ids[(*ret_count)++] = id;
        struct cursor *cursor = cursor_start(tx->db, &region_parent_of);
        cursor_bind_id(cursor, 1, id);
        id = (struct id){{0}};
        TRY(cursor_one(cursor, NULL, cursor_read_id, &id, NULL));
    }
    return NULL;
}

static int
compare_pairs(const void *a, const void *b)
{
    return memcmp(a, b, sizeof(struct pair));
}

/* The rows of these regions are written; `pairs` has room for REGION_CHAIN_MAX of each. */
static struct error *
write_pairs(struct tx *tx, const struct region_op *ops, size_t count, struct pair *pairs)
{
    struct id above[REGION_CHAIN_MAX];
    size_t above_count = 0, pair_count = 0;
    for (size_t i = 0; i < count; i++) {
        /* siblings come one after another */
        if (i == 0 || !id_equal(ops[i].parent_id, ops[i - 1].parent_id))
            TRY(region_chain_load(tx, ops[i].parent_id, above, &above_count));
        for (size_t k = 0; k < above_count; k++)
            pairs[pair_count++] = (struct pair){above[k], ops[i].id};
        pairs[pair_count++] = (struct pair){ops[i].id, ops[i].id};
    }
    qsort(pairs, pair_count, sizeof *pairs, compare_pairs);
    return write_rows(tx, &pair_shape, pairs, sizeof *pairs, pair_count);
}

static struct error *
add_group(struct tx *tx, const struct region_op *ops, size_t count, struct bearing *bearings, struct pair *pairs)
{
    int32_t today = date_of_instant(tx->now_ms, 0);
    for (size_t i = 0; i < count; i++)
        bearings[i] = (struct bearing){ops[i].code, today, ops[i].id};
    TRY(write_rows(tx, &row_shape, ops, sizeof *ops, count));
    TRY(write_rows(tx, &code_shape, bearings, sizeof *bearings, count));
    return write_pairs(tx, ops, count, pairs);
}

struct error *
region_add_all(struct tx *tx, const struct region_op *ops, size_t count)
{
    size_t room = count < GROUP ? count : GROUP;
    struct bearing *bearings = ARENA_ARRAY(tx->arena, struct bearing, room);
    struct pair *pairs = ARENA_ARRAY(tx->arena, struct pair, room * REGION_CHAIN_MAX);
    for (size_t at = 0; at < count; at += GROUP)
        TRY(add_group(tx, &ops[at], count - at < GROUP ? count - at : GROUP, bearings, pairs));
    return NULL;
}
