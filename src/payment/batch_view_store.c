/* batch_view_store.c: SQL of a batch's lines as people look through them. One statement a page, the last amounts in it. */
#include "payment/batch_view_store.h"

#include "payment/batch_item_columns.h"

#define VIEW_COLUMNS BATCH_ITEM_COLUMNS ", l.amount_minor - l.given_back_minor, l.released_at_ms, l.batch_id "
/* The enrollment's newest line elsewhere that was released; $6 is when the batch itself was: what came later is not the last. By the order of making,
 * so that one step into the index finds it: by the order of release every earlier cycle of every payee would be read. */
#define VIEW_LAST \
    "LEFT JOIN disbursement l ON l.id = (SELECT d.id FROM batch_item o JOIN disbursement d ON d.item_id = o.id WHERE o.enrollment_id = i.enrollment_id " \
    "AND d.batch_id <> i.batch_id AND d.state <> 'cancelled' AND d.released_at_ms < $6 ORDER BY o.id DESC LIMIT 1) "
#define VIEW_SCOPE "($4 = 1 OR EXISTS (SELECT 1 FROM user_scope s WHERE s.user_id = $3 AND s.region_id = i.region_id)) "

STATEMENT_READ(batch_view_page,
               "SELECT " VIEW_COLUMNS "FROM batch_item i CROSS JOIN household h " VIEW_LAST
               "WHERE i.batch_id = $1 AND i.version = $2 AND i.id > $7 AND h.id = i.household_id AND " VIEW_SCOPE
               "AND ($8 IS NULL OR EXISTS (SELECT 1 FROM region_closure k WHERE k.ancestor = $8 AND k.descendant = i.region_id)) "
               "AND ($9 IS NULL OR h.hamlet = $9) AND ($10 IS NULL OR h.rw = $10) AND ($11 IS NULL OR h.rt = $11) "
               "AND ($12 IS NULL OR abs(i.amount_minor - (l.amount_minor - l.given_back_minor)) * 100 > (l.amount_minor - l.given_back_minor) * $12) "
               "ORDER BY i.id LIMIT $5")
STATEMENT_READ(batch_view_at,
               "SELECT " VIEW_COLUMNS "FROM (SELECT n.id, row_number() OVER (ORDER BY n.id) - 1 AS place FROM batch_item n "
               "WHERE n.batch_id = $1 AND n.version = $2 AND n.state = 'in') q CROSS JOIN batch_item i " VIEW_LAST
               "WHERE q.place IN ($7, $8, $9, $10, $11, $12, $13, $14, $15, $16) AND i.id = q.id AND " VIEW_SCOPE "ORDER BY i.id LIMIT $5")

static struct cursor *
view_start(struct tx *tx, const struct actor *actor, const struct batch *batch, const struct batch_view_filter *filter)
{
    struct cursor *cursor = cursor_start(tx->db, filter->position_count ? &batch_view_at : &batch_view_page);
    cursor_bind_id(cursor, 1, batch->id);
    cursor_bind_int(cursor, 2, filter->version);
    cursor_bind_id(cursor, 3, actor->user_id);
    cursor_bind_int(cursor, 4, actor->all_regions);
    cursor_bind_int(cursor, 5, filter->limit);
    cursor_bind_int(cursor, 6, batch->released_at_ms ? batch->released_at_ms : INT64_MAX);
    if (filter->position_count) {
        for (int i = 0; i < BATCH_POSITIONS_MAX; i++)
            cursor_bind_int(cursor, 7 + i, (size_t)i < filter->position_count ? filter->positions[i] : -1);
        return cursor;
    }
    cursor_bind_bytes(cursor, 7, filter->after.bytes, sizeof filter->after.bytes);
    cursor_bind_id(cursor, 8, filter->region_id);
    cursor_bind_text(cursor, 9, filter->hamlet);
    cursor_bind_text(cursor, 10, filter->rw);
    cursor_bind_text(cursor, 11, filter->rt);
    cursor_bind_int_or_null(cursor, 12, !filter->has_changed, filter->changed);
    return cursor;
}

static void
read_view(struct cursor *cursor, struct arena *arena, void *ret_row)
{
    struct batch_view *view = ret_row;
    batch_read_item(cursor, arena, &view->item);
    view->has_last = !cursor_is_null(cursor, BATCH_ITEM_COLUMN_COUNT);
    view->last_amount_minor = cursor_int(cursor, BATCH_ITEM_COLUMN_COUNT);
    view->last_released_at_ms = cursor_int(cursor, BATCH_ITEM_COLUMN_COUNT + 1);
    view->last_batch_id = cursor_id(cursor, BATCH_ITEM_COLUMN_COUNT + 2);
}

struct error *
batch_view_list(struct tx *tx, const struct actor *actor, const struct batch *batch, const struct batch_view_filter *filter, struct batch_view *ret_rows,
                size_t *ret_count)
{
    return cursor_fill(view_start(tx, actor, batch, filter), tx->arena, read_view, ret_rows, sizeof *ret_rows, filter->limit, ret_count);
}

static void
read_place(struct cursor *cursor, struct arena *arena, void *ret_row)
{
    *(struct batch_place *)ret_row = (struct batch_place){
        .region = cursor_text(cursor, arena, 0), .region_name = cursor_text(cursor, arena, 1), .hamlet = cursor_text(cursor, arena, 2),
        .rw = cursor_text(cursor, arena, 3), .rt = cursor_text(cursor, arena, 4), .count = cursor_int(cursor, 5),
        .amount_minor = cursor_int(cursor, 6),
    };
}

#define PLACE_IN "WHERE i.batch_id = $1 AND i.version = $2 AND i.state = 'in' AND " VIEW_SCOPE
STATEMENT_READ(batch_view_regions, "SELECT g.code, g.name, NULL, NULL, NULL, count(*), sum(i.amount_minor) FROM batch_item i JOIN region g ON g.id = i.region_id " PLACE_IN
                                   "GROUP BY g.code, g.name ORDER BY g.code LIMIT $5")
STATEMENT_READ(batch_view_hamlets, "SELECT g.code, g.name, h.hamlet, h.rw, h.rt, count(*), sum(i.amount_minor) FROM batch_item i CROSS JOIN household h "
                                   "JOIN region g ON g.id = i.region_id " PLACE_IN "AND h.id = i.household_id AND i.region_id = $6 "
                                   "GROUP BY g.code, g.name, h.hamlet, h.rw, h.rt ORDER BY h.hamlet, h.rw, h.rt LIMIT $5")

/* What was released is counted beside its lines, by the region of the line: a line stays counted whatever becomes of it, as it stays in the list. */
#define PLACE_KEPT(from) \
    "SELECT g.code, g.name, NULL, NULL, NULL, sum(s.lines), sum(s.amount_minor) FROM " from " CROSS JOIN disbursement_sum s CROSS JOIN region g " \
    "WHERE s.batch_id = $1 AND g.id = s.region_id AND "
#define PLACE_GROUP " GROUP BY g.code, g.name HAVING sum(s.lines) > 0 ORDER BY g.code LIMIT $2"
STATEMENT_READ(batch_view_kept_all, PLACE_KEPT("region r") "s.region_id = r.id" PLACE_GROUP)
STATEMENT_READ(batch_view_kept_below, PLACE_KEPT("region_closure c") "c.ancestor = $3 AND s.region_id = c.descendant" PLACE_GROUP)
STATEMENT_READ(batch_view_kept_scope, PLACE_KEPT("user_scope o") "o.user_id = $3 AND s.region_id = o.region_id" PLACE_GROUP)

static struct cursor *
kept_places_start(struct tx *tx, const struct actor *actor, const struct batch *batch)
{
    bool everywhere = actor->all_regions && id_is_zero(batch->region_id);
    struct cursor *cursor = cursor_start(tx->db, everywhere ? &batch_view_kept_all : actor->all_regions ? &batch_view_kept_below : &batch_view_kept_scope);
    cursor_bind_id(cursor, 1, batch->id);
    cursor_bind_int(cursor, 2, BATCH_PLACES_MAX);
    if (!everywhere)
        cursor_bind_id(cursor, 3, actor->all_regions ? batch->region_id : actor->user_id);
    return cursor;
}

struct error *
batch_view_places(struct tx *tx, const struct actor *actor, const struct batch *batch, struct id region_id, struct batch_place *ret_rows, size_t *ret_count)
{
    bool inside = !id_is_zero(region_id);
    if (!inside && batch->released_at_ms != 0)
        return cursor_fill(kept_places_start(tx, actor, batch), tx->arena, read_place, ret_rows, sizeof *ret_rows, BATCH_PLACES_MAX, ret_count);
    struct cursor *cursor = cursor_start(tx->db, inside ? &batch_view_hamlets : &batch_view_regions);
    cursor_bind_id(cursor, 1, batch->id);
    cursor_bind_int(cursor, 2, batch->version);
    cursor_bind_id(cursor, 3, actor->user_id);
    cursor_bind_int(cursor, 4, actor->all_regions);
    cursor_bind_int(cursor, 5, BATCH_PLACES_MAX);
    if (inside)
        cursor_bind_id(cursor, 6, region_id);
    return cursor_fill(cursor, tx->arena, read_place, ret_rows, sizeof *ret_rows, BATCH_PLACES_MAX, ret_count);
}
