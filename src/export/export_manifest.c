/* export_manifest.c: what a file is, signed: rows, totals, digest, filters, and the head of the audit log at that moment. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "export/export_store.h"
#include "lumbung/audit.h"
#include "lumbung/base/crypto.h"
#include "lumbung/base/text.h"
#include "lumbung/base/time.h"
#include "lumbung/db/keyring.h"

static const char *const format_names[EXPORT_FORMAT_COUNT] = {[EXPORT_CSV] = "csv", [EXPORT_NDJSON] = "ndjson", [EXPORT_XLSX] = "xlsx"};

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
    for (size_t i = 0; i < result->total_count; i++) {
        const struct export_total *total = &result->totals[i];
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
    set_text(arena, json, "format", format_names[order->format]);
    json_set(arena, json, "rows", json_make_int(arena, result->rows));
    json_set(arena, json, "bytes", json_make_int(arena, result->bytes));
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

/* --- checking, with no database at hand ----------------------------------------------------------------------------------------------- */

static struct error *
tampered(struct arena *arena, const char *what, const char *found, const char *wanted)
{
    return error_with(ERROR_TAMPERED, arena_format(arena, "%s is %s, the manifest says %s", what, found, wanted), NULL, NULL);
}

static struct error *
check_signature(struct arena *arena, struct json *json, const char *public_key_hex)
{
    uint8_t key[SIGN_PUBLIC_SIZE], signature[SIGN_SIZE];
    const char *own_key = json_get_text(json, "public_key"), *own_signature = json_get_text(json, "signature");
    if (own_key == NULL || own_signature == NULL || !hex_parse(own_signature, signature, sizeof signature))
        return error_with(ERROR_TAMPERED, "the manifest has no signature", NULL, NULL);
    if (public_key_hex && !text_equal(public_key_hex, own_key))
        return tampered(arena, "the public key given", public_key_hex, own_key);
    if (!hex_parse(own_key, key, sizeof key))
        return error_with(ERROR_TAMPERED, "the manifest's public key cannot be read", NULL, NULL);
    struct buffer canonical;
    buffer_init(&canonical, arena);
    json_remove(json, "signature");
    json_print_canonical(&canonical, json);
    if (!crypto_sign_check(key, canonical.data, canonical.length, signature))
        return error_with(ERROR_TAMPERED, "the manifest's signature does not hold: it was changed after signing", NULL, NULL);
    return NULL;
}

struct file_facts {
    int64_t bytes, lines;
    char sha256[65];
};

static struct error *
read_facts(const char *path, struct file_facts *ret_facts)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL)
        return error_with(ERROR_FILE, path, "it cannot be opened", NULL);
    struct sha256 state;
    uint8_t digest[SHA256_SIZE];
    char block[16384];
    bool quoted = false;
    size_t got;
    *ret_facts = (struct file_facts){0};
    sha256_start(&state);
    while ((got = fread(block, 1, sizeof block, file)) > 0) {
        sha256_update(&state, block, got);
        ret_facts->bytes += (int64_t)got;
        for (size_t i = 0; i < got; i++) {
            quoted = quoted != (block[i] == '"');
            ret_facts->lines += block[i] == '\n' && !quoted;
        }
    }
    fclose(file);
    sha256_finish(&state, digest);
    hex_print(digest, sizeof digest, ret_facts->sha256);
    return NULL;
}

/* Rows can be counted in a CSV (its head is no row) and, one a line, in NDJSON; the digest covers every format. */
static struct error *
check_facts(struct arena *arena, const struct json *json, const struct file_facts *facts)
{
    const char *format = json_get_text(json, "format");
    int64_t rows = json_get_int(json, "rows", -1), bytes = json_get_int(json, "bytes", -1);
    int64_t lines = facts->lines - (text_equal(format, "csv") ? 1 : 0);
    if (facts->bytes != bytes)
        return tampered(arena, "the size", arena_format(arena, "%lld bytes", (long long)facts->bytes), arena_format(arena, "%lld", (long long)bytes));
    if (!text_equal(format, "xlsx") && lines != rows)
        return tampered(arena, "the number of rows", arena_format(arena, "%lld", (long long)lines), arena_format(arena, "%lld", (long long)rows));
    if (!text_equal(facts->sha256, json_get_text(json, "sha256")))
        return tampered(arena, "the SHA-256", facts->sha256, json_get_text(json, "sha256") ? json_get_text(json, "sha256") : "nothing");
    return NULL;
}

struct error *
export_check(struct arena *arena, const char *file_path, const char *manifest, size_t manifest_length, const char *public_key_hex, struct buffer *report)
{
    struct json *json = NULL;
    struct file_facts facts;
    TRY(json_parse(arena, manifest, manifest_length, &json));
    TRY(check_signature(arena, json, public_key_hex));
    TRY(read_facts(file_path, &facts));
    TRY(check_facts(arena, json, &facts));
    buffer_format(report, "signature of %s holds\nrows: %lld\nsha256: %s\nmade by %s at %s\ncheckpoint:\n%s", json_get_text(json, "public_key"),
                  (long long)json_get_int(json, "rows", 0), facts.sha256, json_get_text(json, "made_by"), json_get_text(json, "made_at"),
                  json_get_text(json, "checkpoint"));
    return NULL;
}
