/* export_manifest.c: what a file is, signed: rows, totals, digest, filters, and the head of the audit log at that moment. */
#include <string.h>

#include "export/export_store.h"
#include "lumbung/audit.h"
#include "lumbung/base/crypto.h"
#include "lumbung/base/text.h"
#include "lumbung/base/time.h"
#include "lumbung/db/keyring.h"

const char *const export_format_names[EXPORT_FORMAT_COUNT] = {[EXPORT_CSV] = "csv", [EXPORT_NDJSON] = "ndjson", [EXPORT_XLSX] = "xlsx"};

static void
set_text(struct arena *arena, struct json *object, const char *name, const char *value)
{
    json_set(arena, object, name, json_make_text(arena, value));
}

static void
set_hex(struct arena *arena, struct json *object, const char *name, const uint8_t *bytes, size_t length)
{
    char *hex = arena_alloc(arena, 2 * length + 1);
    hex_print(bytes, length, hex);
    set_text(arena, object, name, hex);
}

static struct json *
manifest_totals(struct arena *arena, const struct export_result *result)
{
    struct json *totals = json_make(arena, JSON_ARRAY);
    for (size_t i = 0; i < result->totals.count; i++) {
        const struct export_total *total = &result->totals.list[i];
        struct json *row = json_make(arena, JSON_OBJECT);
        set_text(arena, row, "currency", total->currency);
        set_text(arena, row, "state", total->state);
        json_set(arena, row, "rows", json_make_int(arena, total->rows));
        json_set(arena, row, "amount_minor", json_make_int(arena, total->amount_minor));
        json_set(arena, row, "paid_minor", json_make_int(arena, total->paid_minor));
        json_set(arena, row, "returned_minor", json_make_int(arena, total->returned_minor));
        json_push(arena, totals, row);
    }
    return totals;
}

/* A note's first line names the log: "lumbung/ORIGIN". */
static const char *
origin_of_note(struct arena *arena, const char *note)
{
    const char *slash = strchr(note, '/');
    return slash ? arena_copy(arena, slash + 1, strcspn(slash + 1, "\n")) : "";
}

static struct error *
manifest_body(struct tx *tx, const struct actor *actor, struct id id, const struct export_order *order, const struct export_result *result, struct json **ret_json)
{
    struct arena *arena = tx->arena;
    struct json *json = json_make(arena, JSON_OBJECT), *filters = NULL;
    const char *note = NULL;
    char id_text[ID_TEXT_SIZE], at[INSTANT_TEXT_SIZE];
    id_print(id, id_text);
    instant_print(tx->now_ms, at);
    TRY(audit_checkpoint(tx, &note));
    TRY(json_parse(arena, order->filters, strlen(order->filters), &filters));
    json_set(arena, json, "lumbung_manifest", json_make_int(arena, 1));
    set_text(arena, json, "id", id_text);
    set_text(arena, json, "kind", "disbursements");
    set_text(arena, json, "format", export_format_names[order->format]);
    json_set(arena, json, "rows", json_make_int(arena, result->rows));
    json_set(arena, json, "bytes", json_make_int(arena, spool_bytes(result->spool)));
    set_hex(arena, json, "sha256", result->sha256, sizeof result->sha256);
    json_set(arena, json, "totals", manifest_totals(arena, result));
    json_set(arena, json, "filters", filters);
    json_set(arena, json, "personal", json_make_bool(arena, order->reason != NULL));
    set_text(arena, json, "rows_are", order->by_event ? "event" : "disbursement");
    set_text(arena, json, "origin", origin_of_note(arena, note));
    set_text(arena, json, "made_by", actor->name);
    set_text(arena, json, "made_at", at);
    set_text(arena, json, "checkpoint", note);
    set_hex(arena, json, "public_key", keyring_sign_public(tx->keyring), SIGN_PUBLIC_SIZE);
    *ret_json = json;
    return NULL;
}

struct error *
export_manifest_make(struct tx *tx, const struct actor *actor, const struct export_order *order, const struct export_result *result, struct id *ret_id,
                     const char **ret_json)
{
    struct id id = tx_new_id(tx);
    struct json *json = NULL;
    struct buffer canonical, document;
    uint8_t signature[SIGN_SIZE];
    TRY(manifest_body(tx, actor, id, order, result, &json));
    buffer_init(&canonical, tx->arena);
    json_print_canonical(&canonical, json);
    keyring_sign(tx->keyring, canonical.data, canonical.length, signature);
    set_hex(tx->arena, json, "signature", signature, sizeof signature);
    buffer_init(&document, tx->arena);
    json_print_canonical(&document, json);
    TRY(export_store_manifest_insert(tx, id, actor->user_id, buffer_text(&document)));
    struct audit_part part = {.kind = "export", .id = id, .after = buffer_text(&document)};
    struct audit_change change = {.action = "export.disbursements", .record_id = id, .reason = order->reason, .parts = &part, .part_count = 1};
    *ret_id = id;
    *ret_json = buffer_text(&document);
    return audit_append(tx, actor, &change, NULL);
}
