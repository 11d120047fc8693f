/* test_export_check.c: exported files against their manifests: the vectors, and each way of tampering that has to be found and named. Also what a
 * workbook cannot hold. */
#include "check.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "export/export_write.h"
#include "lumbung/base/crypto.h"
#include "lumbung/base/json.h"
#include "lumbung/base/text.h"

#define VECTOR_KEY "03a107bff3ce10be1d70dd18e74bc09967e4d6309ba50d5f1ddc8664125531b8"
#define OTHER_KEY "13a107bff3ce10be1d70dd18e74bc09967e4d6309ba50d5f1ddc8664125531b8"

static struct bytes
read_whole(struct arena *arena, const char *path)
{
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    char *text = arena_alloc(arena, 65536);
    size_t length = fread(text, 1, 65535, file);
    fclose(file);
    return (struct bytes){(const uint8_t *)text, length};
}

/* The first `find` becomes `put`. */
static struct bytes
changed(struct arena *arena, struct bytes text, const char *find, const char *put, const char *row)
{
    if (find == NULL)
        return text;
    const char *at = strstr((const char *)text.data, find);
    CHECK_ROW(at != NULL, row);
    size_t before = (size_t)(at - (const char *)text.data), behind = text.length - before - strlen(find);
    char *copy = arena_alloc(arena, before + strlen(put) + behind + 1);
    memcpy(copy, text.data, before);
    memcpy(copy + before, put, strlen(put));
    memcpy(copy + before + strlen(put), at + strlen(find), behind);
    return (struct bytes){(const uint8_t *)copy, before + strlen(put) + behind};
}

static void
set_hex(struct arena *arena, struct json *json, const char *name, const uint8_t *bytes, size_t length)
{
    char *hex = arena_alloc(arena, 2 * length + 1);
    hex_print(bytes, length, hex);
    json_set(arena, json, name, json_make_text(arena, hex));
}

static const char *
canonical(struct arena *arena, const struct json *json)
{
    struct buffer buffer;
    buffer_init(&buffer, arena);
    json_print_canonical(&buffer, json);
    return buffer_text(&buffer);
}

/* What a liar with a key of his own would hand over: size and digest of the file as it is, and a signature that holds. */
static const char *
signed_anew(struct arena *arena, struct bytes manifest, struct bytes file)
{
    struct json *json = NULL;
    uint8_t public_key[SIGN_PUBLIC_SIZE], secret[SIGN_SECRET_SIZE], signature[SIGN_SIZE], digest[SHA256_SIZE];
    assert_null(json_parse(arena, (const char *)manifest.data, manifest.length, &json));
    crypto_sign_keys(public_key, secret);
    sha256_of(file.data, file.length, digest);
    json_remove(json, "signature");
    json_set(arena, json, "bytes", json_make_int(arena, (int64_t)file.length));
    set_hex(arena, json, "sha256", digest, sizeof digest);
    set_hex(arena, json, "public_key", public_key, sizeof public_key);
    const char *text = canonical(arena, json);
    crypto_sign_make(secret, text, strlen(text), signature);
    set_hex(arena, json, "signature", signature, sizeof signature);
    return canonical(arena, json);
}

struct tampering {
    const char *name;
    const char *file_find, *file_put;         /* in the file */
    const char *manifest_find, *manifest_put; /* in the manifest */
    size_t cut;                               /* bytes taken off the file's end */
    bool anew;                                /* signed again by somebody else */
    const char *key;                          /* given with --pubkey */
    const char *said;                         /* NULL: it verifies */
};

static void
check_tampering(const char *path, const struct tampering *row)
{
    struct arena *arena = arena_create();
    struct buffer report;
    char temporary[] = "/tmp/lumbung-check-XXXXXX", said[512] = "";
    struct bytes file = changed(arena, read_whole(arena, path), row->file_find, row->file_put, row->name);
    struct bytes manifest = changed(arena, read_whole(arena, arena_format(arena, "%s.manifest.json", path)), row->manifest_find, row->manifest_put, row->name);
    file.length -= row->cut;
    const char *document = row->anew ? signed_anew(arena, manifest, file) : (const char *)manifest.data;
    int copy = mkstemp(temporary);
    assert_true(copy >= 0 && write(copy, file.data, file.length) == (ssize_t)file.length);
    close(copy);
    buffer_init(&report, arena);
    struct error *error = export_check(arena, temporary, document, strlen(document), row->key, &report);
    unlink(temporary);
    if (error)
        snprintf(said, sizeof said, "%s", error->arguments[0]);
    error_free(error);
    if (row->said == NULL)
        CHECK_TEXT(said, "", row->name);
    else if (strstr(said, row->said) == NULL)
        fail_msg("row \"%s\": said \"%s\", not \"%s\"", row->name, said, row->said);
    arena_destroy(arena);
}

static void
test_csv_tampering(void **state)
{
    (void)state;
    static const struct tampering rows[] = {
        {.name = "as it came"},
        {.name = "as it came, with its key", .key = VECTOR_KEY},
        {.name = "another key", .key = OTHER_KEY, .said = "the public key given is 13a1"},
        {.name = "a short key", .key = "03a1", .said = "the public key given is 03a1"},
        {.name = "an amount changed", .file_find = "75000000,IDR,returned", .file_put = "75000001,IDR,returned", .said = "the sum of amount_minor of IDR returned is 75000001, the manifest says 75000000"},
        {.name = "a payment changed", .file_find = "50000000,25000000", .file_put = "50000009,25000000", .said = "the sum of paid_minor of IDR returned is 50000009"},
        {.name = "a return changed", .file_find = "50000000,25000000", .file_put = "50000000,25000001", .said = "the sum of returned_minor of IDR returned is 25000001"},
        {.name = "a state changed", .file_find = "IDR,pending", .file_put = "IDR,skipped", .said = "a row of IDR skipped is there, the manifest says there is none"},
        {.name = "a currency changed", .file_find = "1000,USD", .file_put = "1000,EUR", .said = "a row of EUR paid is there"},
        {.name = "a name changed", .file_find = "Rina", .file_put = "Rani", .said = "the SHA-256 is"},
        {.name = "a quote lost", .file_find = "dua baris", .file_put = "dua\"baris", .said = "record"},
        {.name = "a row in place of another", .file_find = "\r\n018f0000-0000-7000-8000-000000000002", .file_put = ",,018f0000-0000-7000-8000-000000000002", .said = "the number of rows is 4, the manifest says 5"},
        {.name = "a letter in an amount", .file_find = "75000000,IDR", .file_put = "7500000O,IDR", .said = "record 2: an amount is no whole number"},
        {.name = "a column renamed", .file_find = "paid_minor", .file_put = "paid_majora", .anew = true, .said = "record 1: it is not the head of an export"},
        {.name = "cut by a byte", .cut = 1, .said = "the size in bytes is 2828, the manifest says 2829"},
        {.name = "cut in half", .cut = 1400, .said = "the size in bytes is 1429"},
        {.name = "emptied", .cut = 2829, .said = "the size in bytes is 0"},
        {.name = "a byte more", .file_find = "Seleman", .file_put = "Selemann", .said = "the size in bytes is 2830"},
        {.name = "manifest: rows altered", .manifest_find = "\"rows\":5,", .manifest_put = "\"rows\":4,", .said = "signature does not hold"},
        {.name = "manifest: a total altered", .manifest_find = "150000000", .manifest_put = "150000001", .said = "signature does not hold"},
        {.name = "manifest: who made it altered", .manifest_find = "Audi", .manifest_put = "Hadi", .said = "signature does not hold"},
        {.name = "manifest: the day altered", .manifest_find = "2026-10-06", .manifest_put = "2026-10-07", .said = "signature does not hold"},
        {.name = "manifest: a filter altered", .manifest_find = "2026-10-01", .manifest_put = "2026-09-01", .said = "signature does not hold"},
        {.name = "manifest: the signature altered", .manifest_find = "e0aab807", .manifest_put = "e0aab808", .said = "signature does not hold"},
        {.name = "manifest: the signature cut", .manifest_find = "e0aab807", .manifest_put = "e0aab8", .said = "has no signature"},
        {.name = "manifest: no signature", .manifest_find = "\"signature\"", .manifest_put = "\"autograph\"", .said = "has no signature"},
        {.name = "manifest: another's key", .manifest_find = VECTOR_KEY, .manifest_put = OTHER_KEY, .said = "signature does not hold"},
        {.name = "manifest: no key", .manifest_find = VECTOR_KEY, .manifest_put = "kunci", .said = "public key cannot be read"},
        {.name = "signed anew by a stranger", .anew = true, .key = VECTOR_KEY, .said = "the public key given is 03a1"},
        {.name = "signed anew, nothing else", .anew = true},
        {.name = "signed anew, totals altered", .anew = true, .manifest_find = "\"amount_minor\":150000000", .manifest_put = "\"amount_minor\":150000001", .said = "the sum of amount_minor of IDR paid is 150000000, the manifest says 150000001"},
        {.name = "signed anew, a total's rows altered", .anew = true, .manifest_find = "\"rows\":2", .manifest_put = "\"rows\":3", .said = "the sum of rows of IDR paid is 2, the manifest says 3"},
        {.name = "signed anew, a total left out", .anew = true, .manifest_find = ",{\"amount_minor\":1000,\"currency\":\"USD\",\"paid_minor\":1000,\"returned_minor\":0,\"rows\":1,\"state\":\"paid\"}", .manifest_put = "", .said = "a row of USD paid is there"},
        {.name = "signed anew, a total too many", .anew = true, .manifest_find = "\"totals\":[", .manifest_put = "\"totals\":[{\"amount_minor\":1,\"currency\":\"IDR\",\"paid_minor\":1,\"returned_minor\":0,\"rows\":1,\"state\":\"held\"},", .said = "the number of totals is 4, the manifest says 5"},
        {.name = "signed anew, no totals", .anew = true, .manifest_find = "\"totals\"", .manifest_put = "\"sums\"", .said = "a row of IDR paid is there"},
        {.name = "signed anew, an amount changed", .anew = true, .file_find = "1000,USD", .file_put = "9000,USD", .said = "the sum of amount_minor of USD paid is 9000, the manifest says 1000"},
        {.name = "signed anew, rows altered", .anew = true, .manifest_find = "\"rows\":5,", .manifest_put = "\"rows\":6,", .said = "the number of rows is 5, the manifest says 6"},
        {.name = "signed anew, the last row open", .anew = true, .cut = 2, .said = "record 6: it does not end"},
        {.name = "signed anew, another format", .anew = true, .manifest_find = "\"format\":\"csv\"", .manifest_put = "\"format\":\"ods\"", .said = "names no format"},
        {.name = "signed anew, the other format", .anew = true, .manifest_find = "\"format\":\"csv\"", .manifest_put = "\"format\":\"ndjson\"", .said = "record 1: it is no JSON object"},
    };
    for (size_t i = 0; i < COUNT(rows); i++)
        check_tampering("tests/vectors/export.csv", &rows[i]);
}

static void
test_ndjson_tampering(void **state)
{
    (void)state;
    static const struct tampering rows[] = {
        {.name = "as it came", .key = VECTOR_KEY},
        {.name = "an amount changed", .file_find = "\"amount_minor\":1000", .file_put = "\"amount_minor\":9000", .said = "the sum of amount_minor of USD paid is 9000, the manifest says 1000"},
        {.name = "a state changed", .file_find = "\"pending\"", .file_put = "\"skipped\"", .said = "a row of IDR skipped is there"},
        {.name = "a state that is none", .anew = true, .file_find = "\"pending\"", .file_put = "\"pending since the rice harvest\"", .said = "record 4: its currency or state"},
        {.name = "no currency", .anew = true, .file_find = "\"USD\"", .file_put = "null", .said = "record 5: its currency or state"},
        {.name = "an amount as text", .anew = true, .file_find = "\"paid_minor\":1000", .file_put = "\"paid_minor\":\"1000\"", .said = "record 5: an amount is no whole number"},
        {.name = "an amount gone", .anew = true, .file_find = "\"returned_minor\"", .file_put = "\"refund\"", .said = "record 1: an amount is no whole number"},
        {.name = "two rows in one line", .anew = true, .file_find = "}\n{", .file_put = "}{", .said = "record 1: it is no JSON object"},
        {.name = "an empty line", .anew = true, .file_find = "}\n{", .file_put = "}\n\n{", .said = "record 2: it is no JSON object"},
        {.name = "the last row open", .anew = true, .cut = 1, .said = "record 5: it does not end"},
        {.name = "a payee changed", .file_find = "P-3F9A61C071", .file_put = "P-3F9A61C079", .said = "the SHA-256 is"},
    };
    for (size_t i = 0; i < COUNT(rows); i++)
        check_tampering("tests/vectors/export.ndjson", &rows[i]);
}

static void
test_a_manifest_that_is_none(void **state)
{
    (void)state;
    static const char *const rows[] = {"", "{", "[]", "{}", "null", "{\"signature\":\"00\"}"};
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct arena *arena = arena_create();
        struct buffer report;
        buffer_init(&report, arena);
        struct error *error = export_check(arena, "tests/vectors/export.csv", rows[i], strlen(rows[i]), NULL, &report);
        CHECK_ROW(error && (error->code == ERROR_MALFORMED || error->code == ERROR_TAMPERED), rows[i]);
        error_free(error);
        arena_destroy(arena);
    }
}

static void
test_a_workbook_has_an_end(void **state)
{
    (void)state;
    static const struct { const char *name; enum export_format format; int64_t rows; bool fits; } rows[] = {
        {"none", EXPORT_XLSX, 0, true},
        {"the last that fits", EXPORT_XLSX, 1048575, true},
        {"one too many", EXPORT_XLSX, 1048576, false},
        {"far too many", EXPORT_XLSX, INT64_MAX, false},
        {"a CSV has none", EXPORT_CSV, 1048576, true},
        {"nor has NDJSON", EXPORT_NDJSON, INT64_MAX, true},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct error *error = export_check_rows(rows[i].format, rows[i].rows);
        CHECK_ROW((error == NULL) == rows[i].fits, rows[i].name);
        if (error) {
            struct arena *arena = arena_create();
            struct buffer line;
            buffer_init(&line, arena);
            error_print(&line, error, LANGUAGE_EN);
            CHECK_ROW(strstr(buffer_text(&line), "at most 1048575 rows") && strstr(buffer_text(&line), "choose CSV"), rows[i].name);
            arena_destroy(arena);
        }
        error_free(error);
    }
}

int
main(void)
{
    crypto_start();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_csv_tampering),
        cmocka_unit_test(test_ndjson_tampering),
        cmocka_unit_test(test_a_manifest_that_is_none),
        cmocka_unit_test(test_a_workbook_has_an_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
