/* fact_store.c: SQL of facts of other registries. */
#include "fact/fact_store.h"

static void
read_edition(struct cursor *cursor, struct arena *arena, void *ret_row)
{
    *(struct fact_edition *)ret_row = (struct fact_edition){
        .id = cursor_id(cursor, 0), .source = cursor_text(cursor, arena, 1), .edition = cursor_text(cursor, arena, 2), .as_of = (int32_t)cursor_int(cursor, 3),
        .accepted = cursor_int(cursor, 4), .unmatched = cursor_int(cursor, 5), .not_found = cursor_int(cursor, 6), .refused = cursor_int(cursor, 7),
        .imported_at_ms = cursor_int(cursor, 8),
    };
}

#define EDITION_SELECT "SELECT id, source, edition, as_of, accepted, unmatched, not_found, refused, imported_at_ms FROM fact_edition "
STATEMENT_READ(fact_edition_by_name, EDITION_SELECT "WHERE source = $1 AND edition = $2")

struct error *
fact_store_edition(struct tx *tx, const char *source, const char *edition, struct fact_edition *ret_edition, bool *ret_found)
{
    struct cursor *cursor = cursor_start(tx->db, &fact_edition_by_name);
    cursor_bind_text(cursor, 1, source);
    cursor_bind_text(cursor, 2, edition);
    return cursor_one(cursor, tx->arena, read_edition, ret_edition, ret_found);
}

STATEMENT_WRITE(fact_edition_insert, "INSERT INTO fact_edition (id, source, edition, as_of, accepted, unmatched, not_found, refused, imported_at_ms, imported_by) "
                                     "VALUES ($1, $2, $3, $4, 0, 0, 0, 0, $5, $6)")

struct error *
fact_store_edition_insert(struct tx *tx, const struct actor *actor, const struct fact_edition *edition)
{
    struct cursor *cursor = cursor_start(tx->db, &fact_edition_insert);
    cursor_bind_id(cursor, 1, edition->id);
    cursor_bind_text(cursor, 2, edition->source);
    cursor_bind_text(cursor, 3, edition->edition);
    cursor_bind_int(cursor, 4, edition->as_of);
    cursor_bind_int(cursor, 5, tx->now_ms);
    cursor_bind_id(cursor, 6, actor->user_id);
    return cursor_run(cursor, NULL);
}

STATEMENT_WRITE(fact_edition_update, "UPDATE fact_edition SET accepted = $2, unmatched = $3, not_found = $4, refused = $5, imported_at_ms = $6 WHERE id = $1")

struct error *
fact_store_edition_update(struct tx *tx, const struct fact_edition *edition)
{
    struct cursor *cursor = cursor_start(tx->db, &fact_edition_update);
    cursor_bind_id(cursor, 1, edition->id);
    cursor_bind_int(cursor, 2, edition->accepted);
    cursor_bind_int(cursor, 3, edition->unmatched);
    cursor_bind_int(cursor, 4, edition->not_found);
    cursor_bind_int(cursor, 5, edition->refused);
    cursor_bind_int(cursor, 6, tx->now_ms);
    return cursor_run(cursor, NULL);
}

STATEMENT_READ(fact_edition_page, EDITION_SELECT "WHERE id < $1 ORDER BY id DESC LIMIT $2")

struct error *
fact_store_editions(struct tx *tx, struct id before, int limit, struct fact_edition *ret_rows, size_t *ret_count)
{
    struct cursor *cursor = cursor_start(tx->db, &fact_edition_page);
    cursor_bind_bytes(cursor, 1, before.bytes, sizeof before.bytes);
    cursor_bind_int(cursor, 2, limit);
    return cursor_fill(cursor, tx->arena, read_edition, ret_rows, sizeof *ret_rows, limit, ret_count);
}

STATEMENT_READ(fact_by_number, "SELECT id FROM external_fact WHERE tag = $1 AND key = $2 AND edition_id = $3")

struct error *
fact_store_find(struct tx *tx, const uint8_t tag[CRYPTO_TAG_SIZE], const char *key, struct id edition_id, struct id *ret_id, bool *ret_found)
{
    struct cursor *cursor = cursor_start(tx->db, &fact_by_number);
    cursor_bind_bytes(cursor, 1, tag, CRYPTO_TAG_SIZE);
    cursor_bind_text(cursor, 2, key);
    cursor_bind_id(cursor, 3, edition_id);
    return cursor_one(cursor, NULL, cursor_read_id, ret_id, ret_found);
}

STATEMENT_WRITE(fact_insert, "INSERT INTO external_fact (id, tag, key, edition_id, subject_id, sealed, as_of) VALUES ($1, $2, $3, $4, $5, $6, $7)")

struct error *
fact_store_insert(struct tx *tx, const struct fact_row *row)
{
    struct cursor *cursor = cursor_start(tx->db, &fact_insert);
    cursor_bind_id(cursor, 1, row->id);
    cursor_bind_bytes(cursor, 2, row->tag, CRYPTO_TAG_SIZE);
    cursor_bind_text(cursor, 3, row->key);
    cursor_bind_id(cursor, 4, row->edition_id);
    cursor_bind_id(cursor, 5, row->subject_id);
    cursor_bind_bytes(cursor, 6, row->sealed.data, row->sealed.length);
    cursor_bind_int(cursor, 7, row->as_of);
    return cursor_run(cursor, NULL);
}

STATEMENT_WRITE(fact_update, "UPDATE external_fact SET subject_id = $2, sealed = $3 WHERE id = $1")

struct error *
fact_store_update(struct tx *tx, const struct fact_row *row)
{
    struct cursor *cursor = cursor_start(tx->db, &fact_update);
    cursor_bind_id(cursor, 1, row->id);
    cursor_bind_id(cursor, 2, row->subject_id);
    cursor_bind_bytes(cursor, 3, row->sealed.data, row->sealed.length);
    return cursor_run(cursor, NULL);
}

static void
read_fact(struct cursor *cursor, struct arena *arena, void *ret_row)
{
    *(struct fact_row *)ret_row = (struct fact_row){
        .id = cursor_id(cursor, 0), .subject_id = cursor_id(cursor, 1), .key = cursor_text(cursor, arena, 2), .sealed = cursor_bytes(cursor, arena, 3),
        .as_of = (int32_t)cursor_int(cursor, 4), .source = cursor_text(cursor, arena, 5), .edition = cursor_text(cursor, arena, 6),
        .family_no = (int)cursor_int(cursor, 7), .member_id = cursor_id(cursor, 8),
    };
}

#define FACT_SELECT(family, member) "SELECT f.id, f.subject_id, f.key, f.sealed, f.as_of, e.source, e.edition, " family ", " member " FROM "
#define FACT_ORDER " ORDER BY f.as_of DESC, f.id DESC LIMIT 2000"
STATEMENT_READ(fact_of_members, FACT_SELECT("m.family_no", "m.id") "member m CROSS JOIN external_fact f CROSS JOIN fact_edition e WHERE m.household_id = $1 AND "
                                "m.state = 'live' AND f.tag = m.nik_tag AND e.id = f.edition_id" FACT_ORDER)

struct error *
fact_store_of_members(struct tx *tx, struct id household_id, struct fact_row **ret_rows, size_t *ret_count)
{
    struct cursor *cursor = cursor_start(tx->db, &fact_of_members);
    cursor_bind_id(cursor, 1, household_id);
    return cursor_collect(cursor, tx->arena, read_fact, ret_rows, sizeof **ret_rows, ret_count);
}

STATEMENT_READ(fact_of_cards, FACT_SELECT("c.family_no", "NULL") "household_card c CROSS JOIN external_fact f CROSS JOIN fact_edition e WHERE c.household_id = $1 AND "
                              "f.tag = c.kk_tag AND e.id = f.edition_id" FACT_ORDER)

struct error *
fact_store_of_cards(struct tx *tx, struct id household_id, struct fact_row **ret_rows, size_t *ret_count)
{
    struct cursor *cursor = cursor_start(tx->db, &fact_of_cards);
    cursor_bind_id(cursor, 1, household_id);
    return cursor_collect(cursor, tx->arena, read_fact, ret_rows, sizeof **ret_rows, ret_count);
}
