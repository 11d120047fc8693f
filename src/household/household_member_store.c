/* household_member_store.c: rows of `member`, `member_past` and `household_consent`. */
#include "household/household_store.h"

#include <string.h>

#define MEMBER_COLUMNS                                                                                                          \
    "m.id, m.household_id, m.position, m.family_no, m.state, m.sex, m.birth_date, m.birth_earliest, m.birth_latest, "            \
    "m.relationship, m.joined_on, m.left_on, m.left_reason, m.nik_tag, m.facts, m.sealed, m.created_at_ms"

static void
read_member(struct cursor *cursor, struct arena *arena, void *ret_row)
{
    *(struct member_row *)ret_row = (struct member_row){
        .id = cursor_id(cursor, 0),
        .household_id = cursor_id(cursor, 1),
        .position = cursor_int(cursor, 2),
        .family_no = cursor_int(cursor, 3),
        .state = cursor_text(cursor, arena, 4),
        .sex = cursor_text(cursor, arena, 5),
        .birth_date = (int32_t)cursor_int(cursor, 6),
        .birth_earliest = (int32_t)cursor_int(cursor, 7),
        .birth_latest = (int32_t)cursor_int(cursor, 8),
        .relationship = cursor_text(cursor, arena, 9),
        .has_joined_on = !cursor_is_null(cursor, 10),
        .joined_on = (int32_t)cursor_int(cursor, 10),
        .has_left_on = !cursor_is_null(cursor, 11),
        .left_on = (int32_t)cursor_int(cursor, 11),
        .left_reason = cursor_text(cursor, arena, 12),
        .nik_tag = cursor_bytes(cursor, arena, 13),
        .facts = cursor_text(cursor, arena, 14),
        .sealed = cursor_bytes(cursor, arena, 15),
        .created_at_ms = cursor_int(cursor, 16),
    };
}

STATEMENT_WRITE(member_insert_row,
                "INSERT INTO member (id, household_id, position, family_no, state, sex, birth_date, birth_earliest, birth_latest, relationship, "
                "joined_on, left_on, left_reason, nik_tag, facts, sealed, created_at_ms) "
                "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)")
STATEMENT_WRITE(member_update_row,
                "UPDATE member SET household_id = $2, position = $3, family_no = $4, state = $5, sex = $6, birth_date = $7, birth_earliest = $8, "
                "birth_latest = $9, relationship = $10, joined_on = $11, left_on = $12, left_reason = $13, nik_tag = $14, facts = $15, "
                "sealed = $16 WHERE id = $1")

static void
bind_member(struct cursor *cursor, const struct member_row *row)
{
    cursor_bind_id(cursor, 1, row->id);
    cursor_bind_id(cursor, 2, row->household_id);
    cursor_bind_int(cursor, 3, row->position);
    cursor_bind_int(cursor, 4, row->family_no);
    cursor_bind_text(cursor, 5, row->state);
    cursor_bind_text(cursor, 6, row->sex);
    cursor_bind_int(cursor, 7, row->birth_date);
    cursor_bind_int(cursor, 8, row->birth_earliest);
    cursor_bind_int(cursor, 9, row->birth_latest);
    cursor_bind_text(cursor, 10, row->relationship);
    cursor_bind_int_or_null(cursor, 11, !row->has_joined_on, row->joined_on);
    cursor_bind_int_or_null(cursor, 12, !row->has_left_on, row->left_on);
    cursor_bind_text(cursor, 13, row->left_reason);
    cursor_bind_bytes(cursor, 14, row->nik_tag.data, row->nik_tag.length);
    cursor_bind_text(cursor, 15, row->facts);
    cursor_bind_bytes(cursor, 16, row->sealed.data, row->sealed.length);
}

struct error *
member_store_insert(struct tx *tx, const struct member_row *row)
{
    struct cursor *cursor = cursor_start(tx->db, &member_insert_row);
    bind_member(cursor, row);
    cursor_bind_int(cursor, 17, row->created_at_ms);
    return cursor_run(cursor, NULL);
}

struct error *
member_store_update(struct tx *tx, const struct member_row *row)
{
    struct cursor *cursor = cursor_start(tx->db, &member_update_row);
    bind_member(cursor, row);
    return cursor_run(cursor, NULL);
}

STATEMENT_READ(member_by_id, "SELECT " MEMBER_COLUMNS " FROM member m WHERE m.id = $1")

struct error *
member_store_load(struct tx *tx, struct id id, struct member_row *ret_row, bool *ret_found)
{
    struct cursor *cursor = cursor_start(tx->db, &member_by_id);
    cursor_bind_id(cursor, 1, id);
    return cursor_one(cursor, tx->arena, read_member, ret_row, ret_found);
}

STATEMENT_READ(member_by_household, "SELECT " MEMBER_COLUMNS " FROM member m WHERE m.household_id = $1 ORDER BY m.position")

struct error *
member_store_list(struct tx *tx, struct id household_id, struct member_row **ret_rows, size_t *ret_count)
{
    struct cursor *cursor = cursor_start(tx->db, &member_by_household);
    cursor_bind_id(cursor, 1, household_id);
    return cursor_collect(cursor, tx->arena, read_member, ret_rows, sizeof **ret_rows, ret_count);
}

STATEMENT_WRITE(member_past_insert,
                "INSERT INTO member_past (household_id, member_id, left_on, joined_on, to_household_id) VALUES ($1, $2, $3, $4, $5)")

struct error *
member_store_past_put(struct tx *tx, const struct member_row *row, int32_t left_on, struct id to_household_id)
{
    struct cursor *cursor = cursor_start(tx->db, &member_past_insert);
    cursor_bind_id(cursor, 1, row->household_id);
    cursor_bind_id(cursor, 2, row->id);
    cursor_bind_int(cursor, 3, left_on);
    cursor_bind_int_or_null(cursor, 4, !row->has_joined_on, row->joined_on);
    cursor_bind_id(cursor, 5, to_household_id);
    return cursor_run(cursor, NULL);
}

STATEMENT_WRITE(member_past_delete, "DELETE FROM member_past WHERE household_id = $1 AND member_id = $2 AND to_household_id = $3")

struct error *
member_store_past_take(struct tx *tx, struct id household_id, struct id member_id, struct id to_household_id)
{
    struct cursor *cursor = cursor_start(tx->db, &member_past_delete);
    cursor_bind_id(cursor, 1, household_id);
    cursor_bind_id(cursor, 2, member_id);
    cursor_bind_id(cursor, 3, to_household_id);
    return cursor_run(cursor, NULL);
}

STATEMENT_READ(member_past_on,
               "SELECT " MEMBER_COLUMNS " FROM member_past p JOIN member m ON m.id = p.member_id "
               "WHERE p.household_id = $1 AND p.left_on > $2 AND (p.joined_on IS NULL OR p.joined_on <= $2) ORDER BY p.member_id")

struct error *
member_store_list_past(struct tx *tx, struct id household_id, int32_t on, struct member_row **ret_rows, size_t *ret_count)
{
    struct cursor *cursor = cursor_start(tx->db, &member_past_on);
    cursor_bind_id(cursor, 1, household_id);
    cursor_bind_int(cursor, 2, on);
    return cursor_collect(cursor, tx->arena, read_member, ret_rows, sizeof **ret_rows, ret_count);
}

STATEMENT_READ(member_moved,
               "SELECT " MEMBER_COLUMNS " FROM member_past p JOIN member m ON m.id = p.member_id WHERE p.household_id = $1 ORDER BY p.member_id, p.left_on")

struct error *
member_store_list_moved(struct tx *tx, struct id household_id, struct member_row **ret_rows, size_t *ret_count)
{
    struct cursor *cursor = cursor_start(tx->db, &member_moved);
    cursor_bind_id(cursor, 1, household_id);
    return cursor_collect(cursor, tx->arena, read_member, ret_rows, sizeof **ret_rows, ret_count);
}

STATEMENT_READ(member_id_in_order, "SELECT id FROM member ORDER BY id")

struct error *
member_store_spans(struct tx *tx, size_t span, struct id **ret_firsts, size_t *ret_count)
{
    struct cursor *cursor = cursor_start(tx->db, &member_id_in_order);
    struct error *error;
    size_t seen = 0, count = 0, room = 0;
    struct id *firsts = NULL;
    bool found = false;
    for (; (error = cursor_next(cursor, &found)) == NULL && found; seen++) {
        if (seen % span != 0)
            continue;
        if (count == room) {
            room = room ? 2 * room : 64;
            struct id *wider = ARENA_ARRAY(tx->arena, struct id, room);
            if (count > 0)
                memcpy(wider, firsts, count * sizeof *firsts);
            firsts = wider;
        }
        firsts[count++] = cursor_id(cursor, 0);
    }
    cursor_end(cursor);
    *ret_firsts = firsts;
    *ret_count = count;
    return error;
}

STATEMENT_READ(member_seed_row, "SELECT m.id, m.household_id, h.region_id, m.state, m.birth_date, m.birth_earliest, m.birth_latest, m.nik_tag, m.sealed, "
                                "k.epoch, k.wrapped FROM member m JOIN household h ON h.id = m.household_id LEFT JOIN data_key k ON k.subject_id = m.id "
                                "WHERE m.id >= $1 AND m.id < $2")

static void
read_seed(struct cursor *cursor, struct arena *arena, struct member_seed *ret_seed)
{
    *ret_seed = (struct member_seed){
        .row = {.id = cursor_id(cursor, 0),
                .household_id = cursor_id(cursor, 1),
                .state = cursor_text(cursor, arena, 3),
                .birth_date = (int32_t)cursor_int(cursor, 4),
                .birth_earliest = (int32_t)cursor_int(cursor, 5),
                .birth_latest = (int32_t)cursor_int(cursor, 6),
                .nik_tag = cursor_bytes(cursor, arena, 7),
                .sealed = cursor_bytes(cursor, arena, 8)},
        .region_id = cursor_id(cursor, 2),
        .key_epoch = cursor_int(cursor, 9),
        .wrapped_key = cursor_bytes(cursor, arena, 10),
    };
}

struct error *
member_store_seeds(struct tx *tx, struct id first, struct id end, struct error *(*visit)(void *context, struct arena *arena, const struct member_seed *seed),
                   void *context)
{
    struct cursor *cursor = cursor_start(tx->db, &member_seed_row);
    cursor_bind_id(cursor, 1, first);
    cursor_bind_id(cursor, 2, end);
    struct arena *arena = arena_create();
    struct error *error;
    bool found = false;
    while ((error = cursor_next(cursor, &found)) == NULL && found) {
        struct member_seed seed;
        arena_reset(arena);
        read_seed(cursor, arena, &seed);
        if ((error = visit(context, arena, &seed)) != NULL)
            break;
    }
    arena_destroy(arena);
    cursor_end(cursor);
    return error;
}

#define CONSENT_COLUMNS "id, household_id, basis, purposes, facts, sealed, taken_by, at_ms, withdrawn_at_ms, withdrawal"

static void
read_consent(struct cursor *cursor, struct arena *arena, void *ret_row)
{
    *(struct consent_row *)ret_row = (struct consent_row){
        .id = cursor_id(cursor, 0),
        .household_id = cursor_id(cursor, 1),
        .basis = cursor_text(cursor, arena, 2),
        .purposes = cursor_text(cursor, arena, 3),
        .facts = cursor_text(cursor, arena, 4),
        .sealed = cursor_bytes(cursor, arena, 5),
        .taken_by = cursor_id(cursor, 6),
        .at_ms = cursor_int(cursor, 7),
        .is_withdrawn = !cursor_is_null(cursor, 8),
        .withdrawn_at_ms = cursor_int(cursor, 8),
        .withdrawal = cursor_text(cursor, arena, 9),
    };
}

STATEMENT_WRITE(consent_insert_row,
                "INSERT INTO household_consent (id, household_id, basis, purposes, facts, sealed, taken_by, at_ms) "
                "VALUES ($1, $2, $3, $4, $5, $6, $7, $8)")

struct error *
consent_store_insert(struct tx *tx, const struct consent_row *row)
{
    struct cursor *cursor = cursor_start(tx->db, &consent_insert_row);
    cursor_bind_id(cursor, 1, row->id);
    cursor_bind_id(cursor, 2, row->household_id);
    cursor_bind_text(cursor, 3, row->basis);
    cursor_bind_text(cursor, 4, row->purposes);
    cursor_bind_text(cursor, 5, row->facts);
    cursor_bind_bytes(cursor, 6, row->sealed.data, row->sealed.length);
    cursor_bind_id(cursor, 7, row->taken_by);
    cursor_bind_int(cursor, 8, row->at_ms);
    return cursor_run(cursor, NULL);
}

STATEMENT_READ(consent_by_id, "SELECT " CONSENT_COLUMNS " FROM household_consent WHERE id = $1")

struct error *
consent_store_load(struct tx *tx, struct id id, struct consent_row *ret_row, bool *ret_found)
{
    struct cursor *cursor = cursor_start(tx->db, &consent_by_id);
    cursor_bind_id(cursor, 1, id);
    return cursor_one(cursor, tx->arena, read_consent, ret_row, ret_found);
}

STATEMENT_READ(consent_by_household, "SELECT " CONSENT_COLUMNS " FROM household_consent WHERE household_id = $1 ORDER BY id")

struct error *
consent_store_list(struct tx *tx, struct id household_id, struct consent_row **ret_rows, size_t *ret_count)
{
    struct cursor *cursor = cursor_start(tx->db, &consent_by_household);
    cursor_bind_id(cursor, 1, household_id);
    return cursor_collect(cursor, tx->arena, read_consent, ret_rows, sizeof **ret_rows, ret_count);
}

STATEMENT_WRITE(consent_withdraw_row, "UPDATE household_consent SET withdrawn_at_ms = $2, withdrawal = $3 WHERE id = $1 AND withdrawn_at_ms IS NULL")

struct error *
consent_store_withdraw(struct tx *tx, struct id id, const char *withdrawal)
{
    struct cursor *cursor = cursor_start(tx->db, &consent_withdraw_row);
    cursor_bind_id(cursor, 1, id);
    cursor_bind_int(cursor, 2, tx->now_ms);
    cursor_bind_text(cursor, 3, withdrawal);
    int64_t changed = 0;
    TRY(cursor_run(cursor, &changed));
    return changed == 1 ? NULL : error_state(&situation_codes, "withdrawn", BARRED_WITHDRAW);
}
