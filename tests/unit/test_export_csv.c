/* test_export_csv.c: cells that a spreadsheet would compute, and RFC 4180 both ways: what was written is read back as it was. */
#include "check.h"

#include "import/csv.h"
#include "lumbung/base/crypto.h"
#include "lumbung/export.h"

static const char *
written(struct arena *arena, const char *text)
{
    struct buffer buffer;
    buffer_init(&buffer, arena);
    export_csv_text(&buffer, text);
    return buffer_text(&buffer);
}

static void
test_formula_cells_are_harmless(void **state)
{
    (void)state;
    static const struct { const char *text, *cell; } rows[] = {
        {"=1+1", "\"'=1+1\""},
        {"=HYPERLINK(\"http://x\",\"y\")", "\"'=HYPERLINK(\"\"http://x\"\",\"\"y\"\")\""},
        {"+62", "\"'+62\""},
        {"-5", "\"'-5\""},
        {"@SUM(A1)", "\"'@SUM(A1)\""},
        {"\t=1", "\"'\t=1\""},
        {"\r=1", "\"'\r=1\""},
        {"\n=1", "\"'\n=1\""},
        {"\xef\xbc\x9d" "1", "\"'\xef\xbc\x9d" "1\""},
        {"\xef\xbc\x8b" "1", "\"'\xef\xbc\x8b" "1\""},
        {"\xef\xbc\x8d" "1", "\"'\xef\xbc\x8d" "1\""},
        {"\xef\xbc\xa0" "1", "\"'\xef\xbc\xa0" "1\""},
        {"a=1", "a=1"},
        {"Siti Aminah", "Siti Aminah"},
        {"Siti \"Ami\" Aminah", "\"Siti \"\"Ami\"\" Aminah\""},
        {"a,b", "\"a,b\""},
        {"a;b", "\"a;b\""},
        {"a\nb", "\"a\nb\""},
        {" a", "\" a\""},
        {"a ", "\"a \""},
        {"", ""},
        {NULL, ""},
    };
    struct arena *arena = arena_create();
    for (size_t i = 0; i < COUNT(rows); i++)
        CHECK_TEXT(written(arena, rows[i].text), rows[i].cell, rows[i].text ? rows[i].text : "NULL");
    arena_destroy(arena);
}

/* 1 to 24 characters, mostly those that have a meaning in a CSV. */
static const char *
random_text(char text[64])
{
    static const char *const pieces[] = {"\"", ",", ";", "\r", "\n", "\t", "=", "-", "'", " ", "a", "\xc3\xa9", "\xef\xbc\x9d", "0", "\"\"", "\r\n"};
    uint8_t bytes[25];
    size_t length = 0;
    crypto_random(bytes, sizeof bytes);
    for (size_t i = 0; i <= bytes[24] % 16u; i++) {
        const char *piece = pieces[bytes[i] % COUNT(pieces)];
        memcpy(text + length, piece, strlen(piece));
        length += strlen(piece);
    }
    text[length] = '\0';
    return text;
}

static void
test_random_strings_come_back(void **state)
{
    (void)state;
    struct arena *arena = arena_create();
    for (int i = 0; i < 100000; i++) {
        char text[64];
        const char *cells[CSV_COLUMNS_MAX];
        size_t count = 0;
        struct csv_reader reader;
        struct buffer line;
        arena_reset(arena);
        buffer_init(&line, arena);
        buffer_add(&line, "first,");
        export_csv_text(&line, random_text(text));
        buffer_add(&line, ",last\r\n");
        csv_start(&reader, line.data, line.length, ',');
        assert_null(csv_next(&reader, arena, cells, &count));
        CHECK_ROW(count == 3, text);
        CHECK_TEXT(cells[1][0] == '\'' && text[0] != '\'' ? cells[1] + 1 : cells[1], text, text);
        CHECK_TEXT(cells[2], "last", text);
        CHECK_ROW(strchr("=+-@\t\r\n", cells[1][0]) == NULL, text);
        assert_null(csv_next(&reader, arena, cells, &count));
        assert_int_equal(count, 0);
    }
    arena_destroy(arena);
}

static void
test_open_quotes_are_refused(void **state)
{
    (void)state;
    struct arena *arena = arena_create();
    const char *cells[CSV_COLUMNS_MAX];
    size_t count = 0;
    struct csv_reader reader;
    csv_start(&reader, "a,\"b", 4, ',');
    struct error *error = csv_next(&reader, arena, cells, &count);
    assert_non_null(error);
    assert_int_equal(error->code, ERROR_FILE);
    error_free(error);
    csv_start(&reader, "\xef\xbb\xbf" "a;b \r\n\r\nc;d", 15, ';');
    assert_null(csv_next(&reader, arena, cells, &count));
    assert_string_equal(cells[0], "a");
    assert_string_equal(cells[1], "b ");
    assert_null(csv_next(&reader, arena, cells, &count));
    assert_int_equal(reader.line, 3);
    arena_destroy(arena);
}

int
main(void)
{
    crypto_start();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_formula_cells_are_harmless),
        cmocka_unit_test(test_random_strings_come_back),
        cmocka_unit_test(test_open_quotes_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
