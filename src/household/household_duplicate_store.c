/* household_duplicate_store.c: rows of `duplicate_case`. */
#include "household/household_duplicate.h"
#include "lumbung/base/text.h"

#define DUPLICATE_COLUMNS \
    "d.id, d.kind, d.state, d.earlier_household, d.later_household, d.earlier_member, d.later_member, d.region_id, d.made_at_ms, d.decided_by, d.decided_at_ms"

static void
read_case(struct cursor *cursor, struct arena *arena, void *ret_row)
{
    *(struct duplicate_row *)ret_row = (struct duplicate_row){
        .id = cursor_id(cursor, 0),
        .kind = cursor_text(cursor, arena, 1),
        .state = cursor_text(cursor, arena, 2),
        .earlier_household = cursor_id(cursor, 3),
        .later_household = cursor_id(cursor, 4),
        .earlier_member = cursor_id(cursor, 5),
        .later_member = cursor_id(cursor, 6),
        .region_id = cursor_id(cursor, 7),
        .made_at_ms = cursor_int(cursor, 8),
        .decided_by = cursor_id(cursor, 9),
        .decided_at_ms = cursor_int(cursor, 10),
    };
}

STATEMENT_WRITE(duplicate_insert_row,
                "INSERT INTO duplicate_case (id, kind, state, earlier_household, later_household, earlier_member, later_member, region_id, made_at_ms) "
                "VALUES ($1, $2, 'open', $3, $4, $5, $6, $7, $8)")

struct error *
duplicate_store_insert(struct tx *tx, const struct duplicate_row *row)
{
    struct cursor *cursor = cursor_start(tx->db, &duplicate_insert_row);
    cursor_bind_id(cursor, 1, row->id);
    cursor_bind_text(cursor, 2, row->kind);
    cursor_bind_id(cursor, 3, row->earlier_household);
    cursor_bind_id(cursor, 4, row->later_household);
    cursor_bind_id(cursor, 5, row->earlier_member);
    cursor_bind_id(cursor, 6, row->later_member);
    cursor_bind_id(cursor, 7, row->region_id);
    cursor_bind_int(cursor, 8, row->made_at_ms);
    return cursor_run(cursor, NULL);
}

STATEMENT_READ(duplicate_by_id, "SELECT " DUPLICATE_COLUMNS " FROM duplicate_case d WHERE d.id = $1")
STATEMENT_READ(duplicate_by_id_scoped,
               "SELECT " DUPLICATE_COLUMNS " FROM duplicate_case d WHERE d.id = $1 AND EXISTS "
               "(SELECT 1 FROM user_scope s WHERE s.user_id = $2 AND s.region_id = d.region_id)")

struct error *
duplicate_store_load(struct tx *tx, const struct actor *actor, struct id id, struct duplicate_row *ret_row, bool *ret_found)
{
    struct cursor *cursor = cursor_start(tx->db, actor->all_regions ? &duplicate_by_id : &duplicate_by_id_scoped);
    cursor_bind_id(cursor, 1, id);
    if (!actor->all_regions)
        cursor_bind_id(cursor, 2, actor->user_id);
    return cursor_one(cursor, tx->arena, read_case, ret_row, ret_found);
}

STATEMENT_READ(duplicate_of_pair,
               "SELECT " DUPLICATE_COLUMNS " FROM duplicate_case d WHERE d.later_household = $1 AND d.kind = $2 AND d.earlier_household = $3 "
               "AND d.later_member IS NOT DISTINCT FROM $4 AND d.earlier_member IS NOT DISTINCT FROM $5 AND d.state <> 'cleared'")

static struct error *
find_ordered(struct tx *tx, const struct duplicate_row *like, struct duplicate_row *ret_row, bool *ret_found)
{
    struct cursor *cursor = cursor_start(tx->db, &duplicate_of_pair);
    cursor_bind_id(cursor, 1, like->later_household);
    cursor_bind_text(cursor, 2, like->kind);
    cursor_bind_id(cursor, 3, like->earlier_household);
    cursor_bind_id(cursor, 4, like->later_member);
    cursor_bind_id(cursor, 5, like->earlier_member);
    return cursor_one(cursor, tx->arena, read_case, ret_row, ret_found);
}

struct error *
duplicate_store_find(struct tx *tx, const struct duplicate_row *like, struct duplicate_row *ret_row, bool *ret_found)
{
    TRY(find_ordered(tx, like, ret_row, ret_found));
    if (*ret_found)
        return NULL;
    struct duplicate_row turned = *like;
    turned.earlier_household = like->later_household;
    turned.later_household = like->earlier_household;
    turned.earlier_member = like->later_member;
    turned.later_member = like->earlier_member;
    return find_ordered(tx, &turned, ret_row, ret_found);
}

STATEMENT_WRITE(duplicate_decide_row,
                "UPDATE duplicate_case SET state = $3, decided_by = $4, decided_at_ms = $5, reason = $6 WHERE id = $1 AND state = $2")

struct error *
duplicate_store_decide(struct tx *tx, struct id id, const char *from, const char *to, struct id by, struct bytes reason)
{
    struct cursor *cursor = cursor_start(tx->db, &duplicate_decide_row);
    cursor_bind_id(cursor, 1, id);
    cursor_bind_text(cursor, 2, from);
    cursor_bind_text(cursor, 3, to);
    cursor_bind_id(cursor, 4, by);
    cursor_bind_int(cursor, 5, tx->now_ms);
    cursor_bind_bytes(cursor, 6, reason.data, reason.length);
    int64_t changed = 0;
    TRY(cursor_run(cursor, &changed));
    return changed == 1 ? NULL : error_state(&situation_codes, "changed", BARRED_DECIDE);
}

STATEMENT_WRITE(duplicate_clear_later,
                "UPDATE duplicate_case SET state = 'cleared' WHERE later_household = $1 AND kind = $2 AND later_member = $3 AND state IN ('open', 'unsure')")
STATEMENT_WRITE(duplicate_clear_earlier,
                "UPDATE duplicate_case SET state = 'cleared' WHERE earlier_household = $1 AND kind = $2 AND earlier_member = $3 AND state IN ('open', 'unsure')")

struct error *
duplicate_store_clear(struct tx *tx, struct id household_id, struct id member_id, const char *kind)
{
    const struct statement *const statements[] = {&duplicate_clear_later, &duplicate_clear_earlier};
    for (size_t i = 0; i < 2; i++) {
        struct cursor *cursor = cursor_start(tx->db, statements[i]);
        cursor_bind_id(cursor, 1, household_id);
        cursor_bind_text(cursor, 2, kind);
        cursor_bind_id(cursor, 3, member_id);
        TRY(cursor_run(cursor, NULL));
    }
    return NULL;
}

STATEMENT_WRITE(duplicate_reopen_rows, "UPDATE duplicate_case SET state = 'open', decided_by = NULL, decided_at_ms = NULL, reason = NULL "
                                       "WHERE later_household = $1 AND earlier_household = $2 AND state = 'same'")

struct error *
duplicate_store_reopen(struct tx *tx, struct id one, struct id other)
{
    for (int turn = 0; turn < 2; turn++) {
        struct cursor *cursor = cursor_start(tx->db, &duplicate_reopen_rows);
        cursor_bind_id(cursor, 1, turn ? one : other);
        cursor_bind_id(cursor, 2, turn ? other : one);
        TRY(cursor_run(cursor, NULL));
    }
    return NULL;
}

STATEMENT_WRITE(duplicate_move_rows, "UPDATE duplicate_case SET region_id = $2 WHERE later_household = $1")

struct error *
duplicate_store_move(struct tx *tx, struct id household_id, struct id region_id)
{
    struct cursor *cursor = cursor_start(tx->db, &duplicate_move_rows);
    cursor_bind_id(cursor, 1, household_id);
    cursor_bind_id(cursor, 2, region_id);
    return cursor_run(cursor, NULL);
}

/* Only while both still live under that number somewhere: who died or left no longer bars anyone. */
STATEMENT_READ(duplicate_bars_payment,
               "SELECT 1 FROM duplicate_case d JOIN member e ON e.id = d.earlier_member JOIN member l ON l.id = d.later_member "
               "WHERE d.later_household = $1 AND d.kind = 'nik' AND d.state IN ('open', 'unsure') AND e.state = 'live' AND l.state = 'live' LIMIT 1")

struct error *
duplicate_store_bars(struct tx *tx, struct id household_id, bool *ret_bars)
{
    struct cursor *cursor = cursor_start(tx->db, &duplicate_bars_payment);
    cursor_bind_id(cursor, 1, household_id);
    return cursor_exists(cursor, ret_bars);
}

/* $1 how many, $2 state; the last is the kind, NULL for all. By scope: the rest of the region $3 behind the id $4 first, then the regions behind it of the user $4. Whoever may see
 * all regions pages by id alone. */
STATEMENT_READ(duplicate_page_region,
               "SELECT " DUPLICATE_COLUMNS " FROM duplicate_case d WHERE d.state = $2 AND d.region_id = $3 AND d.id > $4 "
               "AND ($5 IS NULL OR d.kind = $5) ORDER BY d.id LIMIT $1")
STATEMENT_READ(duplicate_page_all,
               "SELECT " DUPLICATE_COLUMNS " FROM duplicate_case d WHERE d.state = $2 AND d.id > $3 AND ($4 IS NULL OR d.kind = $4) ORDER BY d.id LIMIT $1")
STATEMENT_READ(duplicate_page_scope,
               "SELECT " DUPLICATE_COLUMNS " FROM user_scope s CROSS JOIN duplicate_case d "
               "WHERE d.region_id = s.region_id AND s.user_id = $4 AND d.state = $2 AND s.region_id > $3 "
               "AND ($5 IS NULL OR d.kind = $5) ORDER BY s.region_id, d.id LIMIT $1")

static struct error *
page_run(struct tx *tx, struct cursor *cursor, struct id after, int kind_at, struct duplicate_page *page)
{
    cursor_bind_int(cursor, 1, page->limit - (int64_t)page->count);
    cursor_bind_text(cursor, 2, page->state);
    cursor_bind_text(cursor, kind_at, page->kind);
    if (id_is_zero(after))
        cursor_bind_bytes(cursor, 3, "", 0); /* less than every id */
    else
        cursor_bind_id(cursor, 3, after);
    size_t more = 0;
    TRY(cursor_fill(cursor, tx->arena, read_case, page->rows + page->count, sizeof *page->rows, page->limit - (int64_t)page->count, &more));
    page->count += more;
    return NULL;
}

struct error *
duplicate_store_page(struct tx *tx, const struct actor *actor, struct duplicate_page *page)
{
    page->rows = ARENA_ARRAY(tx->arena, struct duplicate_row, page->limit);
    page->count = 0;
    if (actor->all_regions)
        return page_run(tx, cursor_start(tx->db, &duplicate_page_all), page->after_id, 4, page);
    if (!id_is_zero(page->after_region)) {
        struct cursor *rest = cursor_start(tx->db, &duplicate_page_region);
        cursor_bind_id(rest, 4, page->after_id);
        TRY(page_run(tx, rest, page->after_region, 5, page));
    }
    if (page->count == (size_t)page->limit)
        return NULL;
    struct cursor *cursor = cursor_start(tx->db, &duplicate_page_scope);
    cursor_bind_id(cursor, 4, actor->user_id);
    return page_run(tx, cursor, page->after_region, 5, page);
}
