/* household_store.c: rows of `household` and its family cards. */
#include "household/household_store.h"

#define HOUSEHOLD_COLUMNS                                                                                                     \
    "h.id, h.region_id, h.registered_region_id, h.state, h.merged_into, h.version, h.head_id, h.roster, h.hamlet, h.rw, h.rt, " \
    "h.member_count, h.channel, h.registered_by, h.phone_tag, h.facts, h.sealed, h.created_at_ms, h.changed_at_ms"

static void
read_household(struct cursor *cursor, struct arena *arena, void *ret_row)
{
    *(struct household_row *)ret_row = (struct household_row){
        .id = cursor_id(cursor, 0),
        .region_id = cursor_id(cursor, 1),
        .registered_region_id = cursor_id(cursor, 2),
        .state = cursor_text(cursor, arena, 3),
        .merged_into = cursor_id(cursor, 4),
        .version = cursor_int(cursor, 5),
        .head_id = cursor_id(cursor, 6),
        .roster = cursor_text(cursor, arena, 7),
        .hamlet = cursor_text(cursor, arena, 8),
        .rw = cursor_text(cursor, arena, 9),
        .rt = cursor_text(cursor, arena, 10),
        .member_count = cursor_int(cursor, 11),
        .channel = cursor_text(cursor, arena, 12),
        .registered_by = cursor_id(cursor, 13),
        .phone_tag = cursor_bytes(cursor, arena, 14),
        .facts = cursor_text(cursor, arena, 15),
        .sealed = cursor_bytes(cursor, arena, 16),
        .created_at_ms = cursor_int(cursor, 17),
        .changed_at_ms = cursor_int(cursor, 18),
    };
}

STATEMENT_WRITE(household_insert_row,
                "INSERT INTO household (id, region_id, registered_region_id, state, merged_into, version, head_id, roster, hamlet, rw, rt, "
                "member_count, phone_tag, facts, sealed, changed_at_ms, channel, registered_by, created_at_ms) "
                "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)")
STATEMENT_WRITE(household_update_row,
                "UPDATE household SET region_id = $2, registered_region_id = $3, state = $4, merged_into = $5, version = $6, head_id = $7, "
                "roster = $8, hamlet = $9, rw = $10, rt = $11, member_count = $12, phone_tag = $13, facts = $14, sealed = $15, "
                "changed_at_ms = $16 WHERE id = $1 AND version = $6 - 1")

/* The sixteen parameters that both writes share. */
static void
bind_household(struct cursor *cursor, const struct household_row *row)
{
    cursor_bind_id(cursor, 1, row->id);
    cursor_bind_id(cursor, 2, row->region_id);
    cursor_bind_id(cursor, 3, row->registered_region_id);
    cursor_bind_text(cursor, 4, row->state);
    cursor_bind_id(cursor, 5, row->merged_into);
    cursor_bind_int(cursor, 6, row->version);
    cursor_bind_id(cursor, 7, row->head_id);
    cursor_bind_text(cursor, 8, row->roster);
    cursor_bind_text(cursor, 9, row->hamlet);
    cursor_bind_text(cursor, 10, row->rw);
    cursor_bind_text(cursor, 11, row->rt);
    cursor_bind_int(cursor, 12, row->member_count);
    cursor_bind_bytes(cursor, 13, row->phone_tag.data, row->phone_tag.length);
    cursor_bind_text(cursor, 14, row->facts);
    cursor_bind_bytes(cursor, 15, row->sealed.data, row->sealed.length);
    cursor_bind_int(cursor, 16, row->changed_at_ms);
}

struct error *
household_store_insert(struct tx *tx, const struct household_row *row)
{
    struct cursor *cursor = cursor_start(tx->db, &household_insert_row);
    bind_household(cursor, row);
    cursor_bind_text(cursor, 17, row->channel);
    cursor_bind_id(cursor, 18, row->registered_by);
    cursor_bind_int(cursor, 19, row->created_at_ms);
    return cursor_run(cursor, NULL);
}

struct error *
household_store_update(struct tx *tx, const struct household_row *row)
{
    struct cursor *cursor = cursor_start(tx->db, &household_update_row);
    bind_household(cursor, row);
    int64_t changed = 0;
    TRY(cursor_run(cursor, &changed));
    return changed == 1 ? NULL : error_new(ERROR_STALE);
}

STATEMENT_READ(household_by_id, "SELECT " HOUSEHOLD_COLUMNS " FROM household h WHERE h.id = $1")
STATEMENT_READ(household_by_id_scoped, "SELECT " HOUSEHOLD_COLUMNS " FROM household h WHERE h.id = $1 AND EXISTS "
                                       "(SELECT 1 FROM user_scope s WHERE s.user_id = $2 AND s.region_id = h.region_id)")

struct error *
household_store_load(struct tx *tx, const struct actor *actor, struct id id, struct household_row *ret_row, bool *ret_found)
{
    bool scoped = actor && !actor->all_regions;
    struct cursor *cursor = cursor_start(tx->db, scoped ? &household_by_id_scoped : &household_by_id);
    cursor_bind_id(cursor, 1, id);
    if (scoped)
        cursor_bind_id(cursor, 2, actor->user_id);
    return cursor_one(cursor, tx->arena, read_household, ret_row, ret_found);
}

STATEMENT_READ(household_transition_exists, "SELECT 1 FROM household_transition WHERE from_state = $1 AND to_state = $2")

struct error *
household_store_may_become(struct tx *tx, const char *from, const char *to, bool *ret_may)
{
    struct cursor *cursor = cursor_start(tx->db, &household_transition_exists);
    cursor_bind_text(cursor, 1, from);
    cursor_bind_text(cursor, 2, to);
    return cursor_exists(cursor, ret_may);
}

STATEMENT_WRITE(household_card_insert, "INSERT INTO household_card (household_id, family_no, kk_tag) VALUES ($1, $2, $3)")

struct error *
household_store_card_put(struct tx *tx, struct id household_id, int64_t family_no, const uint8_t tag[CRYPTO_TAG_SIZE])
{
    struct cursor *cursor = cursor_start(tx->db, &household_card_insert);
    cursor_bind_id(cursor, 1, household_id);
    cursor_bind_int(cursor, 2, family_no);
    cursor_bind_bytes(cursor, 3, tag, CRYPTO_TAG_SIZE);
    return cursor_run(cursor, NULL);
}

STATEMENT_WRITE(household_cards_delete, "DELETE FROM household_card WHERE household_id = $1")

struct error *
household_store_cards_clear(struct tx *tx, struct id household_id)
{
    struct cursor *cursor = cursor_start(tx->db, &household_cards_delete);
    cursor_bind_id(cursor, 1, household_id);
    return cursor_run(cursor, NULL);
}

STATEMENT_READ(household_card_matches, "SELECT 1 FROM household_card WHERE household_id = $1 AND kk_tag = $2")

struct error *
household_store_card_match(struct tx *tx, struct id household_id, const uint8_t tag[CRYPTO_TAG_SIZE], bool *ret_match)
{
    struct cursor *cursor = cursor_start(tx->db, &household_card_matches);
    cursor_bind_id(cursor, 1, household_id);
    cursor_bind_bytes(cursor, 2, tag, CRYPTO_TAG_SIZE);
    return cursor_exists(cursor, ret_match);
}

/* Lists: first the rest of the region where the last page ended, then the regions behind it. Each is a seek in (region_id, id).
 * $1 how many, $2 whether only active ones, $3 the place after which, $4 whose. */
STATEMENT_READ(household_page_region,
               "SELECT " HOUSEHOLD_COLUMNS " FROM household h WHERE h.region_id = $4 AND h.id > $3 AND (h.state = 'active' OR $2 = 0) "
               "ORDER BY h.id LIMIT $1")
STATEMENT_READ(household_page_subtree,
               "SELECT " HOUSEHOLD_COLUMNS " FROM region_closure c CROSS JOIN household h "
               "WHERE h.region_id = c.descendant AND c.ancestor = $4 AND c.descendant > $3 AND (h.state = 'active' OR $2 = 0) ORDER BY c.descendant, h.id LIMIT $1")
STATEMENT_READ(household_page_scope,
               "SELECT " HOUSEHOLD_COLUMNS " FROM user_scope s CROSS JOIN household h "
               "WHERE h.region_id = s.region_id AND s.user_id = $4 AND s.region_id > $3 AND (h.state = 'active' OR $2 = 0) ORDER BY s.region_id, h.id LIMIT $1")
STATEMENT_READ(household_page_all,
               "SELECT " HOUSEHOLD_COLUMNS " FROM household h WHERE h.region_id > $3 AND (h.state = 'active' OR $2 = 0) "
               "ORDER BY h.region_id, h.id LIMIT $1")

static struct error *
page_run(struct tx *tx, struct cursor *cursor, struct id after, struct household_page *page)
{
    size_t more = 0;
    cursor_bind_int(cursor, 1, page->limit - (int64_t)page->count);
    cursor_bind_int(cursor, 2, page->only_active);
    if (id_is_zero(after))
        cursor_bind_bytes(cursor, 3, "", 0); /* less than every id */
    else
        cursor_bind_id(cursor, 3, after);
    TRY(cursor_fill(cursor, tx->arena, read_household, page->rows + page->count, sizeof *page->rows, page->limit - (int64_t)page->count, &more));
    page->count += more;
    return NULL;
}

struct error *
household_store_page(struct tx *tx, const struct actor *actor, struct household_page *page)
{
    page->rows = ARENA_ARRAY(tx->arena, struct household_row, page->limit);
    page->count = 0;
    if (!id_is_zero(page->after_region)) {
        struct cursor *rest = cursor_start(tx->db, &household_page_region);
        cursor_bind_id(rest, 4, page->after_region);
        TRY(page_run(tx, rest, page->after_id, page));
    }
    if (page->count == (size_t)page->limit)
        return NULL;
    bool all = id_is_zero(page->region_id);
    const struct statement *statement = !all ? &household_page_subtree : actor->all_regions ? &household_page_all : &household_page_scope;
    struct cursor *cursor = cursor_start(tx->db, statement);
    if (!all)
        cursor_bind_id(cursor, 4, page->region_id);
    else if (!actor->all_regions)
        cursor_bind_id(cursor, 4, actor->user_id);
    return page_run(tx, cursor, page->after_region, page);
}

STATEMENT_READ(household_scope_regions, "SELECT region_id FROM user_scope WHERE user_id = $1 ORDER BY region_id")

struct error *
household_store_regions(struct tx *tx, const struct actor *actor, struct id **ret_ids, size_t *ret_count)
{
    struct cursor *cursor = cursor_start(tx->db, &household_scope_regions);
    cursor_bind_id(cursor, 1, actor->user_id);
    return cursor_collect(cursor, tx->arena, cursor_read_id, ret_ids, sizeof **ret_ids, ret_count);
}

STATEMENT_READ(household_each_row, "SELECT " HOUSEHOLD_COLUMNS " FROM household h")

struct error *
household_store_each(struct tx *tx, struct error *(*visit)(void *context, struct arena *arena, const struct household_row *row), void *context)
{
    struct cursor *cursor = cursor_start(tx->db, &household_each_row);
    struct arena *arena = arena_create();
    struct error *error;
    bool found = false;
    while ((error = cursor_next(cursor, &found)) == NULL && found) {
        struct household_row row;
        arena_reset(arena);
        read_household(cursor, arena, &row);
        if ((error = visit(context, arena, &row)) != NULL)
            break;
    }
    arena_destroy(arena);
    cursor_end(cursor);
    return error;
}

STATEMENT_READ(household_each_card_row, "SELECT household_id, kk_tag FROM household_card")

struct error *
household_store_each_card(struct tx *tx, struct error *(*visit)(void *context, struct id household_id, struct bytes tag), void *context)
{
    struct cursor *cursor = cursor_start(tx->db, &household_each_card_row);
    struct arena *arena = arena_create();
    struct error *error;
    bool found = false;
    while ((error = cursor_next(cursor, &found)) == NULL && found) {
        arena_reset(arena);
        if ((error = visit(context, cursor_id(cursor, 0), cursor_bytes(cursor, arena, 1))) != NULL)
            break;
    }
    arena_destroy(arena);
    cursor_end(cursor);
    return error;
}
