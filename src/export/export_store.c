/* export_store.c: SQL of exports: one joined statement a file, streamed. */
#include "export/export_store.h"

#include <string.h>

#include "lumbung/base/time.h"

#define EXPORT_SELECT \
    "SELECT d.id, d.batch_id, d.item_id, d.household_id, d.payee_member_id, r.distribution_id, r.recorded_by, d.reference, p.name, c.name, g.code, g.name, " \
    "d.currency, d.state, r.method, r.received_by, coalesce(r.reason, d.held_reason), r.collector_relation, r.identified_by, " \
    "(SELECT q.item FROM disbursement_part q WHERE q.disbursement_id = d.id AND q.item IS NOT NULL ORDER BY q.part LIMIT 1), d.payee_sealed, " \
    "d.amount_minor, d.received_minor, d.open_minor, d.given_back_minor, " \
    "(SELECT q.quantity FROM disbursement_part q WHERE q.disbursement_id = d.id AND q.item IS NOT NULL ORDER BY q.part LIMIT 1), " \
    "d.released_at_ms, r.at_ms, r.recorded_at_ms, c.starts_on, c.ends_on, p.utc_offset_min " \
    "FROM disbursement d JOIN program p ON p.id = d.program_id JOIN cycle c ON c.id = d.cycle_id JOIN region g ON g.id = d.region_id " \
    "LEFT JOIN receipt r ON r.id = (SELECT t.id FROM receipt t WHERE t.disbursement_id = d.id AND t.kind = 'receipt' AND NOT EXISTS " \
    "(SELECT 1 FROM receipt u WHERE u.reverses_id = t.id) ORDER BY t.id DESC LIMIT 1) "
#define EXPORT_FILTER \
    "AND ($1 IS NULL OR d.program_id = $1) AND ($2 IS NULL OR EXISTS (SELECT 1 FROM region_closure k WHERE k.ancestor = $2 AND k.descendant = d.region_id)) " \
    "AND ($3 IS NULL OR d.state = $3) AND ($4 = 1 OR EXISTS (SELECT 1 FROM user_scope s WHERE s.user_id = $5 AND s.region_id = d.region_id)) " \
    "AND ($6 = 1 OR EXISTS (SELECT 1 FROM user_program u WHERE u.user_id = $5 AND u.program_id = d.program_id)) ORDER BY d.id"

/* The days are local to each program: the bounds in UTC are shifted by its offset. */
STATEMENT_READ(export_by_release, EXPORT_SELECT "WHERE d.released_at_ms + p.utc_offset_min * 60000 >= $7 AND d.released_at_ms + p.utc_offset_min * 60000 < $8 " EXPORT_FILTER)
STATEMENT_READ(export_by_payment, EXPORT_SELECT "WHERE r.at_ms + p.utc_offset_min * 60000 >= $7 AND r.at_ms + p.utc_offset_min * 60000 < $8 " EXPORT_FILTER)

struct cursor *
export_store_start(struct tx *tx, const struct actor *actor, const struct export_order *order)
{
    struct cursor *cursor = cursor_start(tx->db, order->by_payment ? &export_by_payment : &export_by_release);
    cursor_bind_id(cursor, 1, order->program_id);
    cursor_bind_id(cursor, 2, order->region_id);
    cursor_bind_text(cursor, 3, order->state);
    cursor_bind_int(cursor, 4, actor->all_regions);
    cursor_bind_id(cursor, 5, actor->user_id);
    cursor_bind_int(cursor, 6, actor->all_programs);
    cursor_bind_int(cursor, 7, (int64_t)order->from * DAY_MS);
    cursor_bind_int(cursor, 8, order->to == 0 ? INT64_MAX : ((int64_t)order->to + 1) * DAY_MS);
    return cursor;
}

struct error *
export_store_next(struct tx *tx, struct cursor *cursor, struct export_row *ret_row, bool *ret_row_there)
{
    TRY(cursor_next(cursor, ret_row_there));
    if (!*ret_row_there)
        return NULL;
    struct arena *arena = tx->arena;
    *ret_row = (struct export_row){
        .id = cursor_id(cursor, 0), .batch_id = cursor_id(cursor, 1), .item_id = cursor_id(cursor, 2), .household_id = cursor_id(cursor, 3),
        .payee_member_id = cursor_id(cursor, 4), .distribution_id = cursor_id(cursor, 5), .recorded_by = cursor_id(cursor, 6),
        .reference = cursor_text(cursor, arena, 7), .program = cursor_text(cursor, arena, 8), .cycle = cursor_text(cursor, arena, 9),
        .region_code = cursor_text(cursor, arena, 10), .region = cursor_text(cursor, arena, 11), .currency = cursor_text(cursor, arena, 12),
        .state = cursor_text(cursor, arena, 13), .method = cursor_text(cursor, arena, 14), .received_by = cursor_text(cursor, arena, 15),
        .reason = cursor_text(cursor, arena, 16), .collector_relation = cursor_text(cursor, arena, 17), .identified_by = cursor_text(cursor, arena, 18),
        .item = cursor_text(cursor, arena, 19), .payee_sealed = cursor_bytes(cursor, arena, 20), .amount_minor = cursor_int(cursor, 21),
        .received_minor = cursor_int(cursor, 22), .open_minor = cursor_int(cursor, 23), .returned_minor = cursor_int(cursor, 24),
        .quantity = cursor_int(cursor, 25), .released_at_ms = cursor_int(cursor, 26), .received_at_ms = cursor_int(cursor, 27),
        .recorded_at_ms = cursor_int(cursor, 28), .cycle_starts_on = (int32_t)cursor_int(cursor, 29), .cycle_ends_on = (int32_t)cursor_int(cursor, 30),
        .utc_offset_min = (int)cursor_int(cursor, 31),
    };
    return NULL;
}

STATEMENT_READ(export_batch_row, "SELECT b.digest, b.approved_at_ms, b.rule_version, b.audit_seq FROM batch b WHERE b.id = $1")
STATEMENT_READ(export_batch_people, "SELECT d.duty, u.username FROM batch_duty d JOIN user_account u ON u.id = d.user_id WHERE d.batch_id = $1 ORDER BY d.duty, d.at_ms LIMIT 40")
STATEMENT_READ(export_batch_overlap, "SELECT count(*) FROM disbursement x JOIN receipt r ON r.disbursement_id = x.id JOIN batch_duty m ON m.batch_id = x.batch_id "
                                     "AND m.duty = 'make' AND m.user_id = r.recorded_by WHERE x.batch_id = $1")

static const char *
join_name(struct arena *keep, const char *list, const char *name)
{
    return list ? arena_format(keep, "%s %s", list, name) : arena_text(keep, name);
}

static struct error *
read_people(struct tx *tx, struct arena *keep, struct export_batch *batch)
{
    struct cursor *cursor = cursor_start(tx->db, &export_batch_people);
    cursor_bind_id(cursor, 1, batch->id);
    bool row = true;
    while (row) {
        TRY(cursor_next(cursor, &row));
        if (!row)
            break;
        const char *duty = cursor_text(cursor, tx->arena, 0), *name = cursor_text(cursor, tx->arena, 1);
        if (strcmp(duty, "make") == 0)
            batch->made_by = join_name(keep, batch->made_by, name);
        if (strcmp(duty, "approve") == 0)
            batch->approved_by = join_name(keep, batch->approved_by, name);
        if (strcmp(duty, "release") == 0)
            batch->released_by = join_name(keep, batch->released_by, name);
    }
    cursor_end(cursor);
    return NULL;
}

struct error *
export_store_batch(struct tx *tx, struct arena *keep, struct id batch_id, struct export_batch *ret_batch)
{
    *ret_batch = (struct export_batch){.id = batch_id, .audit_seq = -1};
    struct cursor *cursor = cursor_start(tx->db, &export_batch_row);
    cursor_bind_id(cursor, 1, batch_id);
    bool row = false;
    TRY(cursor_next(cursor, &row));
    if (row) {
        struct bytes digest = cursor_bytes(cursor, tx->arena, 0);
        char *hex = arena_alloc(keep, 2 * digest.length + 1);
        hex_print(digest.data, digest.length, hex);
        ret_batch->digest = hex;
        ret_batch->approved_at_ms = cursor_int(cursor, 1);
        ret_batch->rule_version = cursor_int(cursor, 2);
        ret_batch->audit_seq = cursor_is_null(cursor, 3) ? -1 : cursor_int(cursor, 3);
    }
    cursor_end(cursor);
    TRY(read_people(tx, keep, ret_batch));
    cursor = cursor_start(tx->db, &export_batch_overlap);
    cursor_bind_id(cursor, 1, batch_id);
    TRY(cursor_next(cursor, &row));
    ret_batch->overlaps = row && cursor_int(cursor, 0) > 0 ? "made=handed_out" : "";
    cursor_end(cursor);
    return NULL;
}

STATEMENT_WRITE(export_manifest_insert, "INSERT INTO export_manifest (id, actor_id, made_at_ms, document) VALUES ($1, $2, $3, $4)")

struct error *
export_store_manifest_insert(struct tx *tx, struct id id, struct id actor_id, const char *document)
{
    struct cursor *cursor = cursor_start(tx->db, &export_manifest_insert);
    cursor_bind_id(cursor, 1, id);
    cursor_bind_id(cursor, 2, actor_id);
    cursor_bind_int(cursor, 3, tx->now_ms);
    cursor_bind_text(cursor, 4, document);
    return cursor_run(cursor, NULL);
}

STATEMENT_READ(export_manifest_by_id, "SELECT document FROM export_manifest WHERE id = $1 AND ($2 = 1 OR actor_id = $3)")

struct error *
export_store_manifest(struct tx *tx, const struct actor *actor, struct id id, bool any, const char **ret_document)
{
    struct cursor *cursor = cursor_start(tx->db, &export_manifest_by_id);
    cursor_bind_id(cursor, 1, id);
    cursor_bind_int(cursor, 2, any);
    cursor_bind_id(cursor, 3, actor->user_id);
    bool row = false;
    TRY(cursor_next(cursor, &row));
    *ret_document = row ? cursor_text(cursor, tx->arena, 0) : NULL;
    cursor_end(cursor);
    return NULL;
}
