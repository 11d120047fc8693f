/* test_export_sheet.c: workbooks read back: what the writer makes verifies, and what shows other numbers than were signed, or could, is named. */
#include "check.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <zlib.h>

#include "export/export_write.h"
#include "lumbung/base/crypto.h"
#include "lumbung/base/json.h"
#include "lumbung/base/text.h"

#define TEXT(place, text) "<c r=\"" place "\" t=\"inlineStr\"><is><t>" text "</t></is></c>"
#define NUMBER(place, number) "<c r=\"" place "\"><v>" number "</v></c>"
#define HEAD "<row r=\"1\">" TEXT("A1", "id") TEXT("B1", "currency") TEXT("C1", "state") TEXT("D1", "amount_minor") TEXT("E1", "paid_minor") TEXT("F1", "returned_minor") "</row>"
#define ROW(n, amount, paid) "<row r=\"" n "\">" TEXT("A" n, "a &amp; b") TEXT("B" n, "IDR") TEXT("C" n, "paid") NUMBER("D" n, amount) NUMBER("E" n, paid) NUMBER("F" n, "0") "</row>"
#define OPENED "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<worksheet xmlns=\"x\"><dimension ref=\"A1:F3\"/><sheetViews><sheetView workbookViewId=\"0\"/></sheetViews><sheetFormatPr defaultRowHeight=\"15\"/>"
#define CLOSED "<pageMargins left=\"0.7\"/></worksheet>"
#define SHEET(rows) OPENED "<sheetData>" rows "</sheetData>" CLOSED
#define GOOD SHEET(HEAD ROW("2", "75000000", "75000000") ROW("3", "9007199254740991", "0"))

/* How an archive is made wrongly. */
enum wrong { AS_IT_SHOULD, STORED, BAD_SUM, BAD_SIZE, TWO_SHEETS, NO_SHEET, CUT, A_COMMENT, DAMAGED };

static void
put_number(struct buffer *buffer, uint32_t number, size_t size)
{
    for (size_t i = 0; i < size; i++)
        buffer_char(buffer, (char)(number >> (8 * i)));
}

struct part { const char *name; const uint8_t *packed; uint32_t packed_length, length, sum, offset; bool stored; };

static void
put_facts(struct buffer *buffer, const struct part *part)
{
    put_number(buffer, part->stored ? 0 : 8, 2);
    put_number(buffer, 0, 4);
    put_number(buffer, part->sum, 4);
    put_number(buffer, part->packed_length, 4);
    put_number(buffer, part->length, 4);
    put_number(buffer, (uint32_t)strlen(part->name), 2);
    put_number(buffer, 0, 2);
}

static struct part
part_of(struct arena *arena, const char *name, const char *text, enum wrong wrong)
{
    struct part part = {.name = name, .length = (uint32_t)strlen(text), .stored = wrong == STORED};
    uint8_t *packed = arena_alloc(arena, compressBound(part.length) + 16);
    z_stream stream = {.next_in = (z_const Bytef *)(uintptr_t)text, .avail_in = part.length, .next_out = packed, .avail_out = (unsigned)compressBound(part.length) + 16};
    assert_int_equal(deflateInit2(&stream, 6, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY), Z_OK);
    assert_int_equal(deflate(&stream, Z_FINISH), Z_STREAM_END);
    part.packed_length = (uint32_t)stream.total_out;
    deflateEnd(&stream);
    if (wrong == DAMAGED)
        memset(packed + part.packed_length / 2, 0xff, 8);
    part.packed = part.stored ? (const uint8_t *)text : packed;
    part.packed_length = part.stored ? part.length : part.packed_length;
    part.sum = (uint32_t)crc32(0, (const uint8_t *)text, part.length) ^ (wrong == BAD_SUM);
    part.length += wrong == BAD_SIZE;
    return part;
}

static struct bytes
archive_of(struct arena *arena, const char *sheet, enum wrong wrong)
{
    struct part parts[] = {part_of(arena, "xl/workbook.xml", "<workbook/>", AS_IT_SHOULD), part_of(arena, wrong == NO_SHEET ? "xl/leaf.xml" : "xl/worksheets/sheet1.xml", sheet, wrong),
                           part_of(arena, wrong == TWO_SHEETS ? "xl/worksheets/sheet2.xml" : "docProps/app.xml", "<x/>", AS_IT_SHOULD)};
    struct buffer buffer;
    buffer_init(&buffer, arena);
    for (size_t i = 0; i < COUNT(parts); i++) {
        parts[i].offset = (uint32_t)buffer.length;
        put_number(&buffer, 0x04034b50, 4);
        put_number(&buffer, 20, 4);
        put_facts(&buffer, &parts[i]);
        buffer_add(&buffer, parts[i].name);
        buffer_bytes(&buffer, (const char *)parts[i].packed, parts[i].packed_length);
    }
    uint32_t directory = (uint32_t)buffer.length;
    for (size_t i = 0; i < COUNT(parts); i++) {
        put_number(&buffer, 0x02014b50, 4);
        put_number(&buffer, 20, 2);
        put_number(&buffer, 20, 4);
        put_facts(&buffer, &parts[i]);
        for (int j = 0; j < 5; j++)
            put_number(&buffer, 0, 2);
        put_number(&buffer, parts[i].offset, 4);
        buffer_add(&buffer, parts[i].name);
    }
    uint32_t size = (uint32_t)buffer.length - directory;
    put_number(&buffer, 0x06054b50, 4);
    put_number(&buffer, 0, 4);
    put_number(&buffer, COUNT(parts), 2);
    put_number(&buffer, COUNT(parts), 2);
    put_number(&buffer, size, 4);
    put_number(&buffer, directory, 4);
    put_number(&buffer, 0, 2);
    buffer_add(&buffer, wrong == A_COMMENT ? "see the other sheet" : "");
    return (struct bytes){(const uint8_t *)buffer.data, buffer.length - (wrong == CUT ? 40 : 0)};
}

/* Two rows of Rp750.000 and of the greatest number that a cell holds exactly, signed by a key of the test's own. */
static const char *
manifest_of(struct arena *arena, struct bytes file)
{
    uint8_t public_key[SIGN_PUBLIC_SIZE], secret[SIGN_SECRET_SIZE], signature[SIGN_SIZE], digest[SHA256_SIZE];
    char digest_hex[2 * SHA256_SIZE + 1], key_hex[2 * SIGN_PUBLIC_SIZE + 1], signature_hex[2 * SIGN_SIZE + 1];
    struct json *json = NULL;
    struct buffer text, whole;
    crypto_sign_keys(public_key, secret);
    sha256_of(file.data, file.length, digest);
    hex_print(digest, sizeof digest, digest_hex);
    hex_print(public_key, sizeof public_key, key_hex);
    const char *plain = arena_format(arena, "{\"format\":\"xlsx\",\"rows\":2,\"bytes\":%zu,\"sha256\":\"%s\",\"public_key\":\"%s\",\"totals\":[{\"currency\":\"IDR\",\"state\":\"paid\",\"rows\":2,"
                                            "\"amount_minor\":9007199329740991,\"paid_minor\":75000000,\"returned_minor\":0}]}", file.length, digest_hex, key_hex);
    assert_null(json_parse(arena, plain, strlen(plain), &json));
    buffer_init(&text, arena);
    json_print_canonical(&text, json);
    crypto_sign_make(secret, text.data, text.length, signature);
    hex_print(signature, sizeof signature, signature_hex);
    json_set(arena, json, "signature", json_make_text(arena, signature_hex));
    buffer_init(&whole, arena);
    json_print_canonical(&whole, json);
    return buffer_text(&whole);
}

static void
check_said(struct arena *arena, struct bytes file, const char *wanted, const char *row)
{
    char path[] = "/tmp/lumbung-sheet-XXXXXX", said[512] = "";
    struct buffer report;
    int copy = mkstemp(path);
    assert_true(copy >= 0 && write(copy, file.data, file.length) == (ssize_t)file.length);
    close(copy);
    buffer_init(&report, arena);
    const char *manifest = manifest_of(arena, file);
    struct error *error = export_check(arena, path, manifest, strlen(manifest), NULL, &report);
    unlink(path);
    if (error)
        snprintf(said, sizeof said, "%s", error->arguments[0]);
    error_free(error);
    if (wanted ? strstr(said, wanted) == NULL : said[0] != '\0')
        fail_msg("row \"%s\": said \"%s\", not \"%s\"", row, said, wanted ? wanted : "");
    if (!wanted)
        CHECK_ROW(strstr(buffer_text(&report), "IDR paid: 2 rows, amount 9007199329740991, paid 75000000, returned 0"), row);
}

#define ODD "it holds what no export has"

static void
sheets(void **state)
{
    (void)state;
    static const struct { const char *name, *sheet; enum wrong wrong; const char *said; } rows[] = {
        {"as it should be", GOOD, AS_IT_SHOULD, NULL},
        {"line feeds between", OPENED "\n<sheetData>\n" HEAD "\n" ROW("2", "75000000", "75000000") ROW("3", "9007199254740991", "0") "\n</sheetData>" CLOSED, AS_IT_SHOULD, NULL},
        {"an amount changed", SHEET(HEAD ROW("2", "75000001", "75000000") ROW("3", "9007199254740991", "0")), AS_IT_SHOULD, "the sum of amount_minor of IDR paid is 9007199329740992"},
        {"a payment changed", SHEET(HEAD ROW("2", "75000000", "0") ROW("3", "9007199254740991", "0")), AS_IT_SHOULD, "the sum of paid_minor of IDR paid is 0, the manifest says 75000000"},
        {"a row lost", SHEET(HEAD ROW("2", "75000000", "75000000")), AS_IT_SHOULD, "the number of rows is 1, the manifest says 2"},
        {"a row more", SHEET(HEAD ROW("2", "75000000", "75000000") ROW("3", "9007199254740991", "0") ROW("4", "0", "0")), AS_IT_SHOULD, "the number of rows is 3"},
        {"the head gone", SHEET(ROW("2", "75000000", "75000000") ROW("3", "9007199254740991", "0")), AS_IT_SHOULD, "record 1: it is not the head of an export"},
        {"no row at all", SHEET(""), AS_IT_SHOULD, "the number of rows is 0"},
        {"an amount with a letter", SHEET(HEAD ROW("2", "7500000O", "0")), AS_IT_SHOULD, "record 2: an amount is no whole number"},
        {"an amount with a point", SHEET(HEAD ROW("2", "750000.5", "0")), AS_IT_SHOULD, "record 2: an amount is no whole number"},
        {"an amount gone", SHEET(HEAD "<row r=\"2\">" TEXT("B2", "IDR") TEXT("C2", "paid") "</row>"), AS_IT_SHOULD, "record 2: an amount is no whole number"},
        {"a currency too long", SHEET(HEAD "<row r=\"2\">" TEXT("B2", "RUPIAH") TEXT("C2", "paid") NUMBER("D2", "1") NUMBER("E2", "0") NUMBER("F2", "0") "</row>"), AS_IT_SHOULD, "record 2: its currency or state"},
        {"a formula", SHEET(HEAD "<row r=\"2\"><c r=\"D2\"><f>1+1</f><v>2</v></c></row>"), AS_IT_SHOULD, "record 2: " ODD},
        {"a shared text", SHEET(HEAD "<row r=\"2\"><c r=\"B2\" t=\"s\"><v>4</v></c></row>"), AS_IT_SHOULD, "record 2: " ODD},
        {"two values in a cell", SHEET(HEAD "<row r=\"2\"><c r=\"D2\"><v>7</v><v>5</v></c></row>"), AS_IT_SHOULD, "record 2: " ODD},
        {"a cell twice", SHEET(HEAD "<row r=\"2\">" NUMBER("D2", "7") NUMBER("D2", "8") "</row>"), AS_IT_SHOULD, "record 2: " ODD},
        {"a cell without a place", SHEET(HEAD "<row r=\"2\"><c><v>7</v></c></row>"), AS_IT_SHOULD, "record 2: " ODD},
        {"a cell in a cell", SHEET(HEAD "<row r=\"2\"><c r=\"A2\"><c r=\"B2\"></c></c></row>"), AS_IT_SHOULD, "record 2: " ODD},
        {"a cell outside the rows", SHEET(HEAD NUMBER("A2", "7")), AS_IT_SHOULD, "record 2: " ODD},
        {"a value outside a cell", SHEET(HEAD "<row r=\"2\"><v>7</v></row>"), AS_IT_SHOULD, "record 2: " ODD},
        {"a row in a row", SHEET(HEAD "<row r=\"2\"><row r=\"3\"></row></row>"), AS_IT_SHOULD, "record 2: " ODD},
        {"a comment", SHEET(HEAD "<!-- " ROW("2", "1", "1") " -->"), AS_IT_SHOULD, "record 2: " ODD},
        {"a CDATA section", SHEET(HEAD "<row r=\"2\"><c r=\"D2\"><v><![CDATA[7]]></v></c></row>"), AS_IT_SHOULD, "record 2: " ODD},
        {"a document type", "<!DOCTYPE x [<!ENTITY y \"7\">]>" GOOD, AS_IT_SHOULD, "record 1: " ODD},
        {"an entity of its own", SHEET(HEAD "<row r=\"2\">" NUMBER("D2", "&y;") "</row>"), AS_IT_SHOULD, "record 2: " ODD},
        {"an entity without end", SHEET(HEAD "<row r=\"2\">" NUMBER("D2", "&amplitude") "</row>"), AS_IT_SHOULD, "record 2: " ODD},
        {"text between the cells", SHEET(HEAD "<row r=\"2\">7</row>"), AS_IT_SHOULD, "record 2: " ODD},
        {"rows twice", OPENED "<sheetData>" HEAD "</sheetData><sheetData>" ROW("2", "1", "1") "</sheetData>" CLOSED, AS_IT_SHOULD, "record 2: " ODD},
        {"rows outside", OPENED HEAD CLOSED, AS_IT_SHOULD, "record 1: " ODD},
        {"cut inside a row", OPENED "<sheetData>" HEAD "<row r=\"2\">" NUMBER("D2", "7"), AS_IT_SHOULD, "record 2: it does not end"},
        {"cut behind a row", OPENED "<sheetData>" HEAD ROW("2", "75000000", "75000000") ROW("3", "9007199254740991", "0"), AS_IT_SHOULD, "record 4: it does not end"},
        {"no packing", GOOD, STORED, NULL},
        {"a wrong checksum", GOOD, BAD_SUM, "not what its checksum says"},
        {"a wrong length", GOOD, BAD_SIZE, "not what its checksum says"},
        {"two sheets", GOOD, TWO_SHEETS, "it does not hold one sheet and no other"},
        {"no sheet", GOOD, NO_SHEET, "it does not hold one sheet and no other"},
        {"cut short", GOOD, CUT, "it is no archive of a spreadsheet"},
        {"a comment behind", GOOD, A_COMMENT, "it is no archive of a spreadsheet"},
        {"bytes changed inside", GOOD, DAMAGED, ODD},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct arena *arena = arena_create();
        check_said(arena, archive_of(arena, rows[i].sheet, rows[i].wrong), rows[i].said, rows[i].name);
        arena_destroy(arena);
    }
}

static void
no_archives(void **state)
{
    (void)state;
    static const struct { const char *name, *text; const char *said; } rows[] = {
        {"nothing", "", "it is no archive of a spreadsheet"}, {"a word", "workbook", "it is no archive of a spreadsheet"}, {"a text", "id,currency,state,amount_minor\r\n", "it is no archive of a spreadsheet"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct arena *arena = arena_create();
        check_said(arena, (struct bytes){(const uint8_t *)rows[i].text, strlen(rows[i].text)}, rows[i].said, rows[i].name);
        arena_destroy(arena);
    }
}

/* As the export makes it, with texts that need care. */
static void
what_the_writer_makes(void **state)
{
    (void)state;
    static const char *const columns[] = {"payee", "returned_minor", "currency", "note", "state", "amount_minor", "paid_minor"};
    static const int64_t amounts[][2] = {{75000000, 75000000}, {INT64_C(9007199254740991), 0}};
    struct arena *arena = arena_create();
    char path[] = "/tmp/lumbung-sheet-XXXXXX";
    int file = mkstemp(path);
    assert_true(file >= 0);
    struct export_sheet *sheet = export_sheet_open(arena, file, "/tmp", columns, COUNT(columns));
    for (size_t i = 0; i < COUNT(amounts); i++) {
        export_sheet_text(sheet, "Siti <b> & \"Co\"\n=1+1 ]]> \x01");
        export_sheet_int(sheet, 0);
        export_sheet_text(sheet, "IDR");
        export_sheet_text(sheet, NULL);
        export_sheet_text(sheet, "paid");
        export_sheet_int(sheet, amounts[i][0]);
        export_sheet_int(sheet, amounts[i][1]);
        export_sheet_end_row(sheet);
    }
    assert_true(export_sheet_close(sheet));
    uint8_t *bytes = arena_alloc(arena, 65536);
    ssize_t length = pread(file, bytes, 65536, 0);
    assert_true(length > 0);
    close(file);
    unlink(path);
    check_said(arena, (struct bytes){bytes, (size_t)length}, NULL, "the writer's");
    arena_destroy(arena);
}

int
main(void)
{
    crypto_start();
    const struct CMUnitTest tests[] = {cmocka_unit_test(sheets), cmocka_unit_test(no_archives), cmocka_unit_test(what_the_writer_makes)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
