/* export_store.c: SQL of exports: one streamed statement a file; what batches and regions share is looked up once and kept by the caller. */
#include "export/export_store.h"

#include <string.h>

#include "lumbung/base/time.h"

#define EXPORT_COLUMNS_OF_DISBURSEMENT "d.id, d.batch_id, d.item_id, d.household_id, d.region_id, d.reference, d.currency, d.payee_sealed, d.amount_minor, d.open_minor, d.released_at_ms, "
#define EXPORT_COLUMNS_OF_RECEIPT "r.distribution_id, r.recorded_by, r.method, r.received_by, r.collector_relation, r.identified_by, r.at_ms, r.recorded_at_ms, "
#define EXPORT_FILTER \
    "AND ($1 IS NULL OR d.program_id = $1) AND ($2 IS NULL OR EXISTS (SELECT 1 FROM region_closure k WHERE k.ancestor = $2 AND k.descendant = d.region_id)) " \
    "AND ($3 IS NULL OR d.state = $3) AND ($4 = 1 OR EXISTS (SELECT 1 FROM user_scope s WHERE s.user_id = $5 AND s.region_id = d.region_id)) " \
    "AND ($6 = 1 OR EXISTS (SELECT 1 FROM user_program u WHERE u.user_id = $5 AND u.program_id = d.program_id)) " \
    "AND ($9 IS NULL OR d.batch_id = $9) AND ($10 IS NULL OR d.cycle_id = $10) "
/* The last receipt that was not undone. */
#define EXPORT_RECEIPT_STANDING "r.disbursement_id = d.id AND d.last_received_at_ms IS NOT NULL AND r.kind = 'receipt' " \
    "AND NOT EXISTS (SELECT 1 FROM receipt u WHERE u.reverses_id = r.id) AND NOT EXISTS (SELECT 1 FROM receipt t WHERE t.disbursement_id = d.id AND t.id > r.id " \
    "AND t.kind = 'receipt' AND NOT EXISTS (SELECT 1 FROM receipt u WHERE u.reverses_id = t.id))"

/* $7 and $8 bound the instant in UTC, wide enough for every offset: the exact day is told per row, in its program's own time. */
STATEMENT_READ(export_by_release, "SELECT " EXPORT_COLUMNS_OF_DISBURSEMENT EXPORT_COLUMNS_OF_RECEIPT
               "d.state, coalesce(r.reason, d.held_reason), d.received_minor, d.given_back_minor FROM disbursement d LEFT JOIN receipt r ON " EXPORT_RECEIPT_STANDING
               " WHERE d.released_at_ms >= $7 AND d.released_at_ms < $8 " EXPORT_FILTER "ORDER BY d.released_at_ms, d.id")
STATEMENT_READ(export_by_payment, "SELECT " EXPORT_COLUMNS_OF_DISBURSEMENT EXPORT_COLUMNS_OF_RECEIPT
               "d.state, coalesce(r.reason, d.held_reason), d.received_minor, d.given_back_minor FROM disbursement d JOIN receipt r ON " EXPORT_RECEIPT_STANDING
               " WHERE r.at_ms >= $7 AND r.at_ms < $8 " EXPORT_FILTER "ORDER BY d.released_at_ms, d.id")
/* An event's amount is its own; what is undone counts against what was paid. */
#define EXPORT_EVENT_SELECT "SELECT " EXPORT_COLUMNS_OF_DISBURSEMENT EXPORT_COLUMNS_OF_RECEIPT "r.kind, r.reason, " \
    "CASE r.kind WHEN 'receipt' THEN r.amount_minor WHEN 'reversal' THEN 0 - abs(r.amount_minor) ELSE 0 END, CASE r.kind WHEN 'return' THEN r.amount_minor ELSE 0 END " \
    "FROM receipt r JOIN disbursement d ON d.id = r.disbursement_id "
STATEMENT_READ(export_event_by_release, EXPORT_EVENT_SELECT "WHERE d.released_at_ms >= $7 AND d.released_at_ms < $8 " EXPORT_FILTER "ORDER BY r.id")
STATEMENT_READ(export_event_by_payment, EXPORT_EVENT_SELECT "WHERE r.at_ms >= $7 AND r.at_ms < $8 " EXPORT_FILTER "ORDER BY r.id")

/* Exact, in each program's own days: what a workbook cannot hold is told before any work. */
#define EXPORT_COUNT_BOUNDS(instant) " JOIN program p ON p.id = d.program_id WHERE " instant " >= $7 AND " instant " < $8 AND " instant " + p.utc_offset_min * 60000 >= $11 AND " instant \
    " + p.utc_offset_min * 60000 < $12 " EXPORT_FILTER
STATEMENT_READ(export_count_by_release, "SELECT count(*) FROM disbursement d" EXPORT_COUNT_BOUNDS("d.released_at_ms"))
STATEMENT_READ(export_count_by_payment, "SELECT count(*) FROM disbursement d JOIN receipt r ON " EXPORT_RECEIPT_STANDING EXPORT_COUNT_BOUNDS("r.at_ms"))
STATEMENT_READ(export_count_event_by_release, "SELECT count(*) FROM receipt r JOIN disbursement d ON d.id = r.disbursement_id" EXPORT_COUNT_BOUNDS("d.released_at_ms"))
STATEMENT_READ(export_count_event_by_payment, "SELECT count(*) FROM receipt r JOIN disbursement d ON d.id = r.disbursement_id" EXPORT_COUNT_BOUNDS("r.at_ms"))

static void
bind_filter(struct cursor *cursor, const struct actor *actor, const struct export_order *order)
{
    cursor_bind_id(cursor, 1, order->program_id);
    cursor_bind_id(cursor, 2, order->region_id);
    cursor_bind_text(cursor, 3, order->state);
    cursor_bind_int(cursor, 4, actor->all_regions);
    cursor_bind_id(cursor, 5, actor->user_id);
    cursor_bind_int(cursor, 6, actor->all_programs);
    cursor_bind_int(cursor, 7, order->from == 0 ? INT64_MIN : ((int64_t)order->from - 1) * DAY_MS);
    cursor_bind_int(cursor, 8, order->to == 0 ? INT64_MAX : ((int64_t)order->to + 2) * DAY_MS);
    cursor_bind_id(cursor, 9, order->batch_id);
    cursor_bind_id(cursor, 10, order->cycle_id);
}

struct error *
export_store_count(struct tx *tx, const struct actor *actor, const struct export_order *order, int64_t *ret_rows)
{
    const struct statement *statement = order->by_event ? (order->by_payment ? &export_count_event_by_payment : &export_count_event_by_release)
                                                        : (order->by_payment ? &export_count_by_payment : &export_count_by_release);
    struct cursor *cursor = cursor_start(tx->db, statement);
    bind_filter(cursor, actor, order);
    cursor_bind_int(cursor, 11, order->from == 0 ? INT64_MIN : (int64_t)order->from * DAY_MS);
    cursor_bind_int(cursor, 12, order->to == 0 ? INT64_MAX : ((int64_t)order->to + 1) * DAY_MS);
    return cursor_one(cursor, NULL, cursor_read_int, ret_rows, NULL);
}

struct cursor *
export_store_start(struct tx *tx, const struct actor *actor, const struct export_order *order)
{
    const struct statement *statement = order->by_event ? (order->by_payment ? &export_event_by_payment : &export_event_by_release)
                                                        : (order->by_payment ? &export_by_payment : &export_by_release);
    struct cursor *cursor = cursor_start(tx->db, statement);
    bind_filter(cursor, actor, order);
    return cursor;
}

struct error *
export_store_next(struct cursor *cursor, struct export_row *ret_row, bool *ret_row_there)
{
    TRY(cursor_next(cursor, ret_row_there));
    if (!*ret_row_there)
        return NULL;
    *ret_row = (struct export_row){
        .id = cursor_id(cursor, 0), .batch_id = cursor_id(cursor, 1), .item_id = cursor_id(cursor, 2), .household_id = cursor_id(cursor, 3),
        .region_id = cursor_id(cursor, 4), .reference = cursor_peek_text(cursor, 5), .currency = cursor_peek_text(cursor, 6),
        .payee_sealed = cursor_peek_bytes(cursor, 7), .amount_minor = cursor_int(cursor, 8), .open_minor = cursor_int(cursor, 9),
        .released_at_ms = cursor_int(cursor, 10), .distribution_id = cursor_id(cursor, 11), .recorded_by = cursor_id(cursor, 12),
        .method = cursor_peek_text(cursor, 13), .received_by = cursor_peek_text(cursor, 14), .collector_relation = cursor_peek_text(cursor, 15),
        .identified_by = cursor_peek_text(cursor, 16), .received_at_ms = cursor_int(cursor, 17), .recorded_at_ms = cursor_int(cursor, 18),
        .state = cursor_peek_text(cursor, 19), .reason = cursor_peek_text(cursor, 20), .paid_minor = cursor_int(cursor, 21),
        .returned_minor = cursor_int(cursor, 22),
    };
    return NULL;
}

STATEMENT_READ(export_goods, "SELECT q.item, q.quantity FROM disbursement_part q WHERE q.disbursement_id = $1 AND q.item IS NOT NULL ORDER BY q.part LIMIT 64")

struct error *
export_store_goods(struct tx *tx, struct export_row *row)
{
    struct cursor *cursor = cursor_start(tx->db, &export_goods);
    cursor_bind_id(cursor, 1, row->id);
    for (bool there = true; there;) {
        TRY(cursor_next(cursor, &there));
        if (!there)
            break;
        const char *item = cursor_text(cursor, tx->arena, 0), *quantity = arena_format(tx->arena, "%lld", (long long)cursor_int(cursor, 1));
        row->item = row->goods ? arena_format(tx->arena, "%s; %s", row->item, item) : item;
        row->quantity = row->goods ? arena_format(tx->arena, "%s; %s", row->quantity, quantity) : quantity;
        row->goods++;
    }
    cursor_end(cursor);
    return NULL;
}

STATEMENT_READ(export_batch_row, "SELECT b.digest, b.approved_at_ms, b.rule_version, b.audit_seq, p.name, c.name, c.starts_on, c.ends_on, p.utc_offset_min, "
                                 "EXISTS (SELECT 1 FROM batch_item i JOIN batch_part q ON q.item_id = i.id WHERE i.batch_id = b.id AND q.item IS NOT NULL) "
                                 "FROM batch b JOIN program p ON p.id = b.program_id JOIN cycle c ON c.id = b.cycle_id WHERE b.id = $1")
STATEMENT_READ(export_batch_people, "SELECT d.duty, d.user_id, u.username FROM batch_duty d LEFT JOIN user_account u ON u.id = d.user_id WHERE d.batch_id = $1 "
                                    "ORDER BY d.duty, d.at_ms LIMIT 40")

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
    for (bool row = true; row;) {
        TRY(cursor_next(cursor, &row));
        if (!row)
            break;
        const char *duty = cursor_text(cursor, tx->arena, 0), *name = cursor_is_null(cursor, 2) ? "console" : cursor_text(cursor, tx->arena, 2);
        if (strcmp(duty, "make") == 0) {
            batch->made_by = join_name(keep, batch->made_by, name);
            if (batch->maker_count < EXPORT_MAKERS_MAX)
                batch->makers[batch->maker_count++] = cursor_id(cursor, 1);
        } else if (strcmp(duty, "approve") == 0) {
            batch->approved_by = join_name(keep, batch->approved_by, name);
        } else if (strcmp(duty, "release") == 0) {
            batch->released_by = join_name(keep, batch->released_by, name);
        }
    }
    cursor_end(cursor);
    return NULL;
}

static const char *
read_period(struct arena *keep, int32_t starts_on, int32_t ends_on)
{
    char from[DATE_TEXT_SIZE], to[DATE_TEXT_SIZE];
    date_print(starts_on, from);
    date_print(ends_on, to);
    return arena_format(keep, "%s/%s", from, to);
}

struct error *
export_store_batch(struct tx *tx, struct arena *keep, struct id batch_id, struct export_batch *ret_batch)
{
    struct export_batch batch = {.id = batch_id};
    struct cursor *cursor = cursor_start(tx->db, &export_batch_row);
    cursor_bind_id(cursor, 1, batch_id);
    bool row = false;
    TRY(cursor_next(cursor, &row));
    if (row) {
        struct bytes digest = cursor_bytes(cursor, tx->arena, 0);
        char *hex = arena_alloc(keep, 2 * digest.length + 1);
        hex_print(digest.data, digest.length, hex);
        batch.digest = hex;
        batch.approved_at_ms = cursor_int(cursor, 1);
        batch.rule_version = cursor_int(cursor, 2);
        batch.has_audit_seq = !cursor_is_null(cursor, 3);
        batch.audit_seq = cursor_int(cursor, 3);
        batch.program = cursor_text(cursor, keep, 4);
        batch.cycle = cursor_text(cursor, keep, 5);
        batch.period = read_period(keep, (int32_t)cursor_int(cursor, 6), (int32_t)cursor_int(cursor, 7));
        batch.utc_offset_min = (int)cursor_int(cursor, 8);
        batch.has_goods = cursor_int(cursor, 9) != 0;
    }
    cursor_end(cursor);
    TRY(read_people(tx, keep, &batch));
    *ret_batch = batch;
    return NULL;
}

STATEMENT_READ(export_region_row, "SELECT g.code, g.name FROM region g WHERE g.id = $1")

struct error *
export_store_region(struct tx *tx, struct arena *keep, struct id region_id, struct export_region *ret_region)
{
    struct cursor *cursor = cursor_start(tx->db, &export_region_row);
    cursor_bind_id(cursor, 1, region_id);
    bool row = false;
    TRY(cursor_next(cursor, &row));
    *ret_region = (struct export_region){region_id, row ? cursor_text(cursor, keep, 0) : NULL, row ? cursor_text(cursor, keep, 1) : NULL};
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
    *ret_document = NULL;
    return cursor_one(cursor, tx->arena, cursor_read_text, ret_document, NULL);
}
