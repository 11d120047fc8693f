/* change_store.c: SQL of change requests. */
#include "change/change_store.h"

/* Of a table further right: whether there is one is all that is asked. */
STATEMENT_READ(change_enrolled, "SELECT 1 FROM enrollment WHERE household_id = $1 AND state IN ('enrolled', 'suspended') LIMIT 1")

struct error *
change_store_enrolled(struct tx *tx, struct id household_id, bool *ret_enrolled)
{
    struct cursor *cursor = cursor_start(tx->db, &change_enrolled);
    cursor_bind_id(cursor, 1, household_id);
    return cursor_exists(cursor, ret_enrolled);
}

STATEMENT_WRITE(change_insert, "INSERT INTO change_request (id, kind, state, version, household_id, member_id, region_id, sealed, note, made_by, made_at_ms) "
                               "VALUES ($1, $2, 'open', 1, $3, $4, $5, $6, $7, $8, $9)")

struct error *
change_store_insert(struct tx *tx, const struct change_row *row)
{
    struct cursor *cursor = cursor_start(tx->db, &change_insert);
    cursor_bind_id(cursor, 1, row->id);
    cursor_bind_text(cursor, 2, row->kind);
    cursor_bind_id(cursor, 3, row->household_id);
    cursor_bind_id(cursor, 4, row->member_id);
    cursor_bind_id(cursor, 5, row->region_id);
    cursor_bind_bytes(cursor, 6, row->sealed.data, row->sealed.length);
    cursor_bind_bytes(cursor, 7, row->note.data, row->note.length);
    cursor_bind_id(cursor, 8, row->made_by);
    cursor_bind_int(cursor, 9, row->made_at_ms);
    return cursor_run(cursor, NULL);
}

#define CHANGE_COLUMNS \
    "c.id, c.kind, c.state, c.version, c.household_id, c.member_id, c.region_id, c.sealed, c.note, c.evidence_id, c.made_by, c.made_at_ms, c.decided_by, " \
    "c.decided_at_ms, c.reason"

static void
read_change(struct cursor *cursor, struct arena *arena, void *ret_row)
{
    *(struct change_row *)ret_row = (struct change_row){
        .id = cursor_id(cursor, 0), .kind = cursor_text(cursor, arena, 1), .state = cursor_text(cursor, arena, 2), .version = cursor_int(cursor, 3),
        .household_id = cursor_id(cursor, 4), .member_id = cursor_id(cursor, 5), .region_id = cursor_id(cursor, 6), .sealed = cursor_bytes(cursor, arena, 7),
        .note = cursor_bytes(cursor, arena, 8), .evidence_id = cursor_id(cursor, 9), .made_by = cursor_id(cursor, 10), .made_at_ms = cursor_int(cursor, 11),
        .decided_by = cursor_id(cursor, 12), .decided_at_ms = cursor_int(cursor, 13), .reason = cursor_bytes(cursor, arena, 14),
    };
}

STATEMENT_READ(change_by_id, "SELECT " CHANGE_COLUMNS " FROM change_request c WHERE c.id = $1")
STATEMENT_READ(change_by_id_scoped, "SELECT " CHANGE_COLUMNS " FROM change_request c WHERE c.id = $1 AND EXISTS "
                                    "(SELECT 1 FROM user_scope s WHERE s.user_id = $2 AND s.region_id = c.region_id)")

struct error *
change_store_load(struct tx *tx, const struct actor *actor, struct id id, struct change_row *ret_row, bool *ret_found)
{
    bool all = actor == NULL || actor->all_regions;
    struct cursor *cursor = cursor_start(tx->db, all ? &change_by_id : &change_by_id_scoped);
    cursor_bind_id(cursor, 1, id);
    if (!all)
        cursor_bind_id(cursor, 2, actor->user_id);
    return cursor_one(cursor, tx->arena, read_change, ret_row, ret_found);
}

STATEMENT_WRITE(change_decide_row, "UPDATE change_request SET state = $3, decided_by = $4, decided_at_ms = $5, reason = $6, version = version + 1 "
                                   "WHERE id = $1 AND version = $2 AND state = 'open'")

struct error *
change_store_decide(struct tx *tx, const struct change_row *seen, const char *state, struct id by, struct bytes reason, bool *ret_done)
{
    struct cursor *cursor = cursor_start(tx->db, &change_decide_row);
    cursor_bind_id(cursor, 1, seen->id);
    cursor_bind_int(cursor, 2, seen->version);
    cursor_bind_text(cursor, 3, state);
    cursor_bind_id(cursor, 4, by);
    cursor_bind_int(cursor, 5, tx->now_ms);
    cursor_bind_bytes(cursor, 6, reason.data, reason.length);
    return cursor_run_one(cursor, ret_done);
}

STATEMENT_WRITE(change_prove_row, "UPDATE change_request SET note = $3, evidence_id = $4, version = version + 1 WHERE id = $1 AND version = $2 AND state = 'open'")

struct error *
change_store_prove(struct tx *tx, const struct change_row *seen, struct bytes note, struct id evidence_id, bool *ret_done)
{
    struct cursor *cursor = cursor_start(tx->db, &change_prove_row);
    cursor_bind_id(cursor, 1, seen->id);
    cursor_bind_int(cursor, 2, seen->version);
    cursor_bind_bytes(cursor, 3, note.data, note.length);
    cursor_bind_id(cursor, 4, evidence_id);
    return cursor_run_one(cursor, ret_done);
}

STATEMENT_WRITE(change_unseen_insert, "INSERT INTO change_unseen (user_id, request_id) VALUES ($1, $2) ON CONFLICT (user_id, request_id) DO NOTHING")
STATEMENT_WRITE(change_unseen_delete, "DELETE FROM change_unseen WHERE user_id = $1 AND request_id = $2")
STATEMENT_READ(change_unseen_one, "SELECT 1 FROM change_unseen WHERE user_id = $1 AND request_id = $2")

static struct cursor *
start_unseen(struct tx *tx, const struct statement *statement, struct id user_id, struct id request_id)
{
    struct cursor *cursor = cursor_start(tx->db, statement);
    cursor_bind_id(cursor, 1, user_id);
    cursor_bind_id(cursor, 2, request_id);
    return cursor;
}

struct error *
change_store_unseen_put(struct tx *tx, struct id user_id, struct id request_id)
{
    return cursor_run(start_unseen(tx, &change_unseen_insert, user_id, request_id), NULL);
}

struct error *
change_store_unseen_take(struct tx *tx, struct id user_id, struct id request_id)
{
    return cursor_run(start_unseen(tx, &change_unseen_delete, user_id, request_id), NULL);
}

struct error *
change_store_unseen_is(struct tx *tx, struct id user_id, struct id request_id, bool *ret_unseen)
{
    return cursor_exists(start_unseen(tx, &change_unseen_one, user_id, request_id), ret_unseen);
}

STATEMENT_WRITE(change_relocate_rows, "UPDATE change_request SET region_id = $2 WHERE household_id = $1")

struct error *
change_store_relocate(struct tx *tx, struct id household_id, struct id region_id)
{
    struct cursor *cursor = cursor_start(tx->db, &change_relocate_rows);
    cursor_bind_id(cursor, 1, household_id);
    cursor_bind_id(cursor, 2, region_id);
    return cursor_run(cursor, NULL);
}

STATEMENT_WRITE(change_follow_rows, "UPDATE change_request SET household_id = $2, region_id = (SELECT h.region_id FROM household h WHERE h.id = $2) "
                                    "WHERE member_id = $1 AND state = 'open'")

struct error *
change_store_follow(struct tx *tx, struct id member_id, struct id household_id)
{
    struct cursor *cursor = cursor_start(tx->db, &change_follow_rows);
    cursor_bind_id(cursor, 1, member_id);
    cursor_bind_id(cursor, 2, household_id);
    return cursor_run(cursor, NULL);
}

STATEMENT_READ(change_dead, "SELECT member_id FROM change_request WHERE household_id = $1 AND state = 'open' AND kind = 'death'")

struct error *
change_store_dead(struct tx *tx, struct id household_id, struct id *ret_members, size_t limit, size_t *ret_count)
{
    struct cursor *cursor = cursor_start(tx->db, &change_dead);
    cursor_bind_id(cursor, 1, household_id);
    return cursor_fill(cursor, NULL, cursor_read_id, ret_members, sizeof *ret_members, (int64_t)limit, ret_count);
}

STATEMENT_READ(change_waiting_all, "SELECT count(*) FROM change_request c WHERE c.state = 'open' AND c.made_by <> $1")
STATEMENT_READ(change_waiting_scope, "SELECT count(*) FROM user_scope s CROSS JOIN change_request c WHERE s.user_id = $1 AND c.region_id = s.region_id "
                                     "AND c.state = 'open' AND c.made_by <> $1")

struct error *
change_store_waiting(struct tx *tx, const struct actor *actor, int64_t *ret_count)
{
    struct cursor *cursor = cursor_start(tx->db, actor->all_regions ? &change_waiting_all : &change_waiting_scope);
    cursor_bind_id(cursor, 1, actor->user_id);
    return cursor_one(cursor, NULL, cursor_read_int, ret_count, NULL);
}

STATEMENT_READ(change_page_all, "SELECT " CHANGE_COLUMNS " FROM change_request c WHERE c.state = $2 AND c.id > $3 ORDER BY c.id LIMIT $1")
STATEMENT_READ(change_page_region, "SELECT " CHANGE_COLUMNS " FROM change_request c WHERE c.region_id = $4 AND c.state = $2 AND c.id > $3 ORDER BY c.id LIMIT $1")
STATEMENT_READ(change_page_scope, "SELECT " CHANGE_COLUMNS " FROM user_scope s CROSS JOIN change_request c WHERE s.user_id = $4 AND c.region_id = s.region_id "
                                  "AND c.state = $2 AND s.region_id > $3 ORDER BY s.region_id, c.id LIMIT $1")
STATEMENT_READ(change_page_household, "SELECT " CHANGE_COLUMNS " FROM change_request c WHERE c.household_id = $4 AND c.state = $2 AND c.id > $3 AND ($6 = 1 OR EXISTS "
                                      "(SELECT 1 FROM user_scope s WHERE s.user_id = $5 AND s.region_id = c.region_id)) ORDER BY c.id LIMIT $1")
STATEMENT_READ(change_page_unseen, "SELECT " CHANGE_COLUMNS " FROM change_unseen u CROSS JOIN change_request c WHERE u.user_id = $4 AND u.request_id > $3 AND c.id = u.request_id "
                                   "AND c.state = $2 AND ($5 = 1 OR EXISTS (SELECT 1 FROM user_scope s WHERE s.user_id = $4 AND s.region_id = c.region_id)) "
                                   "ORDER BY u.request_id LIMIT $1")

static struct error *
page_run(struct tx *tx, struct cursor *cursor, struct id after, struct change_page *page)
{
    size_t more = 0;
    cursor_bind_int(cursor, 1, page->limit - (int64_t)page->count);
    cursor_bind_text(cursor, 2, page->state);
    if (id_is_zero(after))
        cursor_bind_bytes(cursor, 3, "", 0); /* less than every id */
    else
        cursor_bind_id(cursor, 3, after);
    TRY(cursor_fill(cursor, tx->arena, read_change, page->rows + page->count, sizeof *page->rows, page->limit - (int64_t)page->count, &more));
    page->count += more;
    return NULL;
}

static struct error *
page_household(struct tx *tx, const struct actor *actor, struct change_page *page)
{
    struct cursor *cursor = cursor_start(tx->db, &change_page_household);
    cursor_bind_id(cursor, 4, page->household_id);
    cursor_bind_id(cursor, 5, actor->user_id);
    cursor_bind_int(cursor, 6, actor->all_regions);
    return page_run(tx, cursor, page->after_id, page);
}

static struct error *
page_unseen(struct tx *tx, const struct actor *actor, struct change_page *page)
{
    struct cursor *cursor = cursor_start(tx->db, &change_page_unseen);
    cursor_bind_id(cursor, 4, actor->user_id);
    cursor_bind_int(cursor, 5, actor->all_regions);
    return page_run(tx, cursor, page->after_id, page);
}

struct error *
change_store_page(struct tx *tx, const struct actor *actor, struct change_page *page)
{
    page->rows = ARENA_ARRAY(tx->arena, struct change_row, page->limit);
    page->count = 0;
    if (page->unseen)
        return page_unseen(tx, actor, page);
    if (!id_is_zero(page->household_id))
        return page_household(tx, actor, page);
    if (actor->all_regions)
        return page_run(tx, cursor_start(tx->db, &change_page_all), page->after_id, page);
    if (!id_is_zero(page->after_region)) {
        struct cursor *rest = cursor_start(tx->db, &change_page_region);
        cursor_bind_id(rest, 4, page->after_region);
        TRY(page_run(tx, rest, page->after_id, page));
    }
    if (page->count == (size_t)page->limit)
        return NULL;
    struct cursor *cursor = cursor_start(tx->db, &change_page_scope);
    cursor_bind_id(cursor, 4, actor->user_id);
    return page_run(tx, cursor, page->after_region, page);
}
