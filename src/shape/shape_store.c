/* shape_store.c: SQL of outlines. */
#include "shape/shape_store.h"

STATEMENT_WRITE(shape_put, "INSERT INTO region_shape (region_id, source, rings, imported_at_ms) VALUES ($1, $2, $3, $4) ON CONFLICT (region_id) DO UPDATE SET "
                           "source = excluded.source, rings = excluded.rings, imported_at_ms = excluded.imported_at_ms")

struct error *
shape_store_put(struct tx *tx, struct id region_id, const char *source, const char *rings)
{
    struct cursor *cursor = cursor_start(tx->db, &shape_put);
    cursor_bind_id(cursor, 1, region_id);
    cursor_bind_text(cursor, 2, source);
    cursor_bind_text(cursor, 3, rings);
    cursor_bind_int(cursor, 4, tx->now_ms);
    return cursor_run(cursor, NULL);
}

static void
read_region(struct cursor *cursor, struct arena *arena, void *ret_row)
{
    *(struct shape_region *)ret_row = (struct shape_region){cursor_id(cursor, 0), cursor_id(cursor, 1), cursor_text(cursor, arena, 2), cursor_text(cursor, arena, 3)};
}

STATEMENT_READ(shape_regions_level, "SELECT id, parent_id, code, folded FROM region WHERE level = $1 ORDER BY code")
STATEMENT_READ(shape_regions_all, "SELECT id, parent_id, code, folded FROM region ORDER BY level, code")

struct error *
shape_store_regions(struct tx *tx, int64_t level, struct shape_region **ret_rows, size_t *ret_count)
{
    struct cursor *cursor = cursor_start(tx->db, level < 0 ? &shape_regions_all : &shape_regions_level);
    if (level >= 0)
        cursor_bind_int(cursor, 1, level);
    return cursor_collect(cursor, tx->arena, read_region, ret_rows, sizeof **ret_rows, ret_count);
}

static void
read_shape(struct cursor *cursor, struct arena *arena, void *ret_row)
{
    *(struct shape_row *)ret_row = (struct shape_row){cursor_text(cursor, arena, 0), cursor_text(cursor, arena, 1), cursor_text(cursor, arena, 2)};
}

#define CHILD_SHAPES(parent) "SELECT r.code, s.source, s.rings FROM region r JOIN region_shape s ON s.region_id = r.id WHERE r.parent_id " parent " ORDER BY r.code"
STATEMENT_READ(shape_children, CHILD_SHAPES("= $1"))
STATEMENT_READ(shape_roots, CHILD_SHAPES("IS NULL"))

struct error *
shape_store_children(struct tx *tx, struct id parent_id, struct shape_row **ret_rows, size_t *ret_count)
{
    struct cursor *cursor = cursor_start(tx->db, id_is_zero(parent_id) ? &shape_roots : &shape_children);
    if (!id_is_zero(parent_id))
        cursor_bind_id(cursor, 1, parent_id);
    return cursor_collect(cursor, tx->arena, read_shape, ret_rows, sizeof **ret_rows, ret_count);
}
