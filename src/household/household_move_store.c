/* household_move_store.c: SQL of households on their way to another region, and of where they lived before. */
#include "household/household_move.h"

STATEMENT_WRITE(move_insert, "INSERT INTO household_move (id, household_id, from_region_id, to_region_id, state, version, note, sent_by, sent_at_ms) "
                             "VALUES ($1, $2, $3, $4, 'sent', 1, $5, $6, $7)")

struct error *
move_store_insert(struct tx *tx, const struct move_row *row)
{
    struct cursor *cursor = cursor_start(tx->db, &move_insert);
    cursor_bind_id(cursor, 1, row->id);
    cursor_bind_id(cursor, 2, row->household_id);
    cursor_bind_id(cursor, 3, row->from_region_id);
    cursor_bind_id(cursor, 4, row->to_region_id);
    cursor_bind_bytes(cursor, 5, row->note.data, row->note.length);
    cursor_bind_id(cursor, 6, row->sent_by);
    cursor_bind_int(cursor, 7, row->sent_at_ms);
    return cursor_run(cursor, NULL);
}

#define MOVE_COLUMNS \
    "m.id, m.household_id, m.from_region_id, m.to_region_id, m.state, m.version, m.note, m.sent_by, m.sent_at_ms, m.decided_by, m.decided_at_ms, m.reason"

static void
read_move(struct cursor *cursor, struct arena *arena, void *ret_row)
{
    *(struct move_row *)ret_row = (struct move_row){
        .id = cursor_id(cursor, 0), .household_id = cursor_id(cursor, 1), .from_region_id = cursor_id(cursor, 2), .to_region_id = cursor_id(cursor, 3),
        .state = cursor_text(cursor, arena, 4), .version = cursor_int(cursor, 5), .note = cursor_bytes(cursor, arena, 6), .sent_by = cursor_id(cursor, 7),
        .sent_at_ms = cursor_int(cursor, 8), .decided_by = cursor_id(cursor, 9), .decided_at_ms = cursor_int(cursor, 10), .reason = cursor_bytes(cursor, arena, 11),
    };
}

STATEMENT_READ(move_by_id, "SELECT " MOVE_COLUMNS " FROM household_move m WHERE m.id = $1 AND ($2 = 1 OR EXISTS "
                           "(SELECT 1 FROM user_scope s WHERE s.user_id = $3 AND s.region_id IN (m.from_region_id, m.to_region_id)))")

struct error *
move_store_load(struct tx *tx, const struct actor *actor, struct id id, struct move_row *ret_row, bool *ret_found)
{
    struct cursor *cursor = cursor_start(tx->db, &move_by_id);
    cursor_bind_id(cursor, 1, id);
    cursor_bind_int(cursor, 2, actor->all_regions);
    cursor_bind_id(cursor, 3, actor->user_id);
    return cursor_one(cursor, tx->arena, read_move, ret_row, ret_found);
}

STATEMENT_WRITE(move_decide, "UPDATE household_move SET state = $3, decided_by = $4, decided_at_ms = $5, reason = $6, version = version + 1 "
                             "WHERE id = $1 AND version = $2 AND state = 'sent'")

struct error *
move_store_decide(struct tx *tx, const struct move_row *seen, const char *state, struct id by, struct bytes reason, bool *ret_done)
{
    struct cursor *cursor = cursor_start(tx->db, &move_decide);
    cursor_bind_id(cursor, 1, seen->id);
    cursor_bind_int(cursor, 2, seen->version);
    cursor_bind_text(cursor, 3, state);
    cursor_bind_id(cursor, 4, by);
    cursor_bind_int(cursor, 5, tx->now_ms);
    cursor_bind_bytes(cursor, 6, reason.data, reason.length);
    return cursor_run_one(cursor, ret_done);
}

STATEMENT_READ(move_abolished, "SELECT 1 FROM region g WHERE g.id = $1 AND NOT EXISTS (SELECT 1 FROM region_code c WHERE c.code = g.code AND c.region_id = g.id "
                               "AND c.until_date IS NULL)")

struct error *
move_store_abolished(struct tx *tx, struct id region_id, bool *ret_abolished)
{
    struct cursor *cursor = cursor_start(tx->db, &move_abolished);
    cursor_bind_id(cursor, 1, region_id);
    return cursor_exists(cursor, ret_abolished);
}

STATEMENT_READ(move_waiting_all, "SELECT count(*) FROM household_move m WHERE m.state = 'sent' AND m.sent_by <> $1")
STATEMENT_READ(move_waiting_scope, "SELECT count(*) FROM user_scope s CROSS JOIN household_move m WHERE s.user_id = $1 AND m.to_region_id = s.region_id "
                                   "AND m.state = 'sent' AND m.sent_by <> $1")

struct error *
move_store_waiting(struct tx *tx, const struct actor *actor, int64_t *ret_count)
{
    struct cursor *cursor = cursor_start(tx->db, actor->all_regions ? &move_waiting_all : &move_waiting_scope);
    cursor_bind_id(cursor, 1, actor->user_id);
    return cursor_one(cursor, NULL, cursor_read_int, ret_count, NULL);
}

STATEMENT_READ(move_page_all, "SELECT " MOVE_COLUMNS " FROM household_move m WHERE m.state = $2 AND m.id > $3 ORDER BY m.id LIMIT $1")
#define PAGE_REGION(column) "SELECT " MOVE_COLUMNS " FROM household_move m WHERE m." column " = $4 AND m.state = $2 AND m.id > $3 ORDER BY m.id LIMIT $1"
#define PAGE_SCOPE(column) \
    "SELECT " MOVE_COLUMNS " FROM user_scope s CROSS JOIN household_move m WHERE s.user_id = $4 AND m." column " = s.region_id AND m.state = $2 AND s.region_id > $3 " \
    "ORDER BY s.region_id, m.id LIMIT $1"
STATEMENT_READ(move_page_into, PAGE_REGION("to_region_id"))
STATEMENT_READ(move_page_out, PAGE_REGION("from_region_id"))
STATEMENT_READ(move_page_into_scope, PAGE_SCOPE("to_region_id"))
STATEMENT_READ(move_page_out_scope, PAGE_SCOPE("from_region_id"))

static struct error *
page_run(struct tx *tx, struct cursor *cursor, struct id after, struct move_page *page)
{
    size_t more = 0;
    cursor_bind_int(cursor, 1, page->limit - (int64_t)page->count);
    cursor_bind_text(cursor, 2, page->state);
    if (id_is_zero(after))
        cursor_bind_bytes(cursor, 3, "", 0); /* less than every id */
    else
        cursor_bind_id(cursor, 3, after);
    TRY(cursor_fill(cursor, tx->arena, read_move, page->rows + page->count, sizeof *page->rows, page->limit - (int64_t)page->count, &more));
    page->count += more;
    return NULL;
}

struct error *
move_store_page(struct tx *tx, const struct actor *actor, struct move_page *page)
{
    page->rows = ARENA_ARRAY(tx->arena, struct move_row, page->limit);
    page->count = 0;
    if (actor->all_regions)
        return page_run(tx, cursor_start(tx->db, &move_page_all), page->after_id, page);
    if (!id_is_zero(page->after_region)) {
        struct cursor *rest = cursor_start(tx->db, page->incoming ? &move_page_into : &move_page_out);
        cursor_bind_id(rest, 4, page->after_region);
        TRY(page_run(tx, rest, page->after_id, page));
    }
    if (page->count == (size_t)page->limit)
        return NULL;
    struct cursor *cursor = cursor_start(tx->db, page->incoming ? &move_page_into_scope : &move_page_out_scope);
    cursor_bind_id(cursor, 4, actor->user_id);
    return page_run(tx, cursor, page->after_region, page);
}

/* Moved twice on one day: it spent that day where it came from. */
STATEMENT_WRITE(stay_insert, "INSERT INTO household_stay (household_id, until_on, region_id) VALUES ($1, $2, $3) ON CONFLICT (household_id, until_on) DO NOTHING")

struct error *
stay_store_put(struct tx *tx, struct id household_id, int32_t until_on, struct id region_id)
{
    struct cursor *cursor = cursor_start(tx->db, &stay_insert);
    cursor_bind_id(cursor, 1, household_id);
    cursor_bind_int(cursor, 2, until_on);
    cursor_bind_id(cursor, 3, region_id);
    return cursor_run(cursor, NULL);
}

STATEMENT_WRITE(ended_insert, "INSERT INTO household_ended (household_id, ended_on) VALUES ($1, $2) ON CONFLICT (household_id) DO UPDATE SET ended_on = excluded.ended_on")

struct error *
stay_store_end(struct tx *tx, struct id household_id, int32_t ended_on)
{
    struct cursor *cursor = cursor_start(tx->db, &ended_insert);
    cursor_bind_id(cursor, 1, household_id);
    cursor_bind_int(cursor, 2, ended_on);
    return cursor_run(cursor, NULL);
}

STATEMENT_WRITE(ended_delete, "DELETE FROM household_ended WHERE household_id = $1")

struct error *
stay_store_revive(struct tx *tx, struct id household_id)
{
    struct cursor *cursor = cursor_start(tx->db, &ended_delete);
    cursor_bind_id(cursor, 1, household_id);
    return cursor_run(cursor, NULL);
}
