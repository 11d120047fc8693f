/* export_check.c: a file against its manifest, with no database at hand: signature, size, rows, totals, digest. */
#include <string.h>
#include <sys/stat.h>

#include "export/export_read.h"
#include "lumbung/base/crypto.h"
#include "lumbung/base/json.h"

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

static struct error *
check_number(struct arena *arena, const char *what, int64_t found, int64_t wanted)
{
    if (found == wanted)
        return NULL;
    return tampered(arena, what, arena_format(arena, "%lld", (long long)found), arena_format(arena, "%lld", (long long)wanted));
}

static size_t
count_of(const struct json *totals)
{
    return totals && totals->kind == JSON_ARRAY ? totals->count : 0;
}

static const struct json *
find_total(const struct json *totals, const struct export_total *total)
{
    for (size_t i = 0; i < count_of(totals); i++) {
        const struct json *row = totals->items[i];
        if (text_equal(json_get_text(row, "currency"), total->currency) && text_equal(json_get_text(row, "state"), total->state))
            return row;
    }
    return NULL;
}

static struct error *
check_total(struct arena *arena, const struct json *totals, const struct export_total *total)
{
    const struct { const char *name; int64_t value; } sums[] = {
        {"rows", total->rows}, {"amount_minor", total->amount_minor}, {"paid_minor", total->paid_minor}, {"returned_minor", total->returned_minor}};
    const struct json *wanted = find_total(totals, total);
    if (wanted == NULL)
        return tampered(arena, arena_format(arena, "a row of %s %s", total->currency, total->state), "there", "there is none");
    for (size_t i = 0; i < sizeof sums / sizeof sums[0]; i++)
        TRY(check_number(arena, arena_format(arena, "the sum of %s of %s %s", sums[i].name, total->currency, total->state), sums[i].value,
                         json_get_int(wanted, sums[i].name, INT64_MIN)));
    return NULL;
}

/* What the rows add up to, kind by kind; as many kinds here as there. */
static struct error *
check_totals(struct arena *arena, const struct json *json, const struct export_totals *found)
{
    const struct json *totals = json_get(json, "totals");
    for (size_t i = 0; i < found->count; i++)
        TRY(check_total(arena, totals, &found->list[i]));
    return check_number(arena, "the number of totals", (int64_t)found->count, (int64_t)count_of(totals));
}

/* Rows and totals first: they name what was changed, where the digest says only that something was. */
static struct error *
check_facts(struct arena *arena, const struct json *json, const struct export_facts *facts)
{
    TRY(check_number(arena, "the number of rows", facts->rows, json_get_int(json, "rows", -1)));
    TRY(check_totals(arena, json, &facts->totals));
    if (!text_equal(facts->sha256, json_get_text(json, "sha256")))
        return tampered(arena, "the SHA-256", facts->sha256, json_get_text(json, "sha256") ? json_get_text(json, "sha256") : "nothing");
    return NULL;
}

/* First, and before anything is read: what was cut short would end inside a row. */
static struct error *
check_size(struct arena *arena, const struct json *json, const char *path)
{
    struct stat facts;
    if (stat(path, &facts) != 0 || !S_ISREG(facts.st_mode))
        return error_with(ERROR_FILE, path, "it cannot be opened", NULL);
    return check_number(arena, "the size in bytes", facts.st_size, json_get_int(json, "bytes", -1));
}

static struct error *
manifest_format(const struct json *json, enum export_format *ret_format)
{
    for (size_t i = 0; i < EXPORT_FORMAT_COUNT; i++)
        if (text_equal(json_get_text(json, "format"), export_format_names[i])) {
            *ret_format = (enum export_format)i;
            return NULL;
        }
    return error_with(ERROR_TAMPERED, "the manifest names no format: csv, ndjson or xlsx", NULL, NULL);
}

static void
report_totals(struct buffer *report, const struct export_totals *totals)
{
    for (size_t i = 0; i < totals->count; i++) {
        const struct export_total *total = &totals->list[i];
        buffer_format(report, "%s %s: %lld rows, amount %lld, paid %lld, returned %lld (minor units)\n", total->currency, total->state, (long long)total->rows,
                      (long long)total->amount_minor, (long long)total->paid_minor, (long long)total->returned_minor);
    }
}

struct error *
export_check(struct arena *arena, const char *file_path, const char *manifest, size_t manifest_length, const char *public_key_hex, struct buffer *report)
{
    struct json *json = NULL;
    struct export_facts *facts = ARENA_NEW(arena, struct export_facts);
    enum export_format format = EXPORT_CSV;
    TRY(json_parse(arena, manifest, manifest_length, &json));
    TRY(check_signature(arena, json, public_key_hex));
    TRY(manifest_format(json, &format));
    TRY(check_size(arena, json, file_path));
    TRY(export_read(file_path, format, facts));
    TRY(check_facts(arena, json, facts));
    buffer_format(report, "signature of %s holds\nrows: %lld\n", json_get_text(json, "public_key"), (long long)json_get_int(json, "rows", 0));
    report_totals(report, &facts->totals);
    buffer_format(report, "sha256: %s\nmade by %s at %s\ncheckpoint:\n%s", facts->sha256, json_get_text(json, "made_by"), json_get_text(json, "made_at"),
                  json_get_text(json, "checkpoint"));
    return NULL;
}
