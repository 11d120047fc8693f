/* test_base_text.c: UTF-8, forbidden characters, folding, numbers, hexadecimal and base64. */
#include "check.h"

#include "lumbung/base/text.h"

#define T(text) (text), sizeof(text) - 1

static void
utf8_is_strict(void **state)
{
    static const struct {
        const char *text;
        size_t length;
        bool valid;
    } rows[] = {
        {T("\x80"), false}, {T("\xbf"), false}, {T("\xc0\x80"), false}, {T("\xc0\xaf"), false}, {T("\xc1\xbf"), false}, {T("\xe0\x80\x80"), false},
        {T("\xe0\x9f\xbf"), false}, {T("\xf0\x80\x80\xaf"), false}, {T("\xf0\x8f\xbf\xbf"), false}, {T("\xed\xa0\x80"), false},
        {T("\xed\xbf\xbf"), false}, {T("\xed\xa0\xbd\xed\xb8\x80"), false}, {T("\xf4\x90\x80\x80"), false}, {T("\xf5\x80\x80\x80"), false},
        {T("\xff"), false}, {T("\xfe"), false}, {T("\xc3"), false}, {T("\xe2\x82"), false}, {T("\xf0\x9f\x98"), false}, {T("a\xc3("), false},
        {T("\xfc\x80\x80\x80\x80\xaf"), false},
        {T(""), true}, {T("abc"), true}, {T("\xc2\x80"), true}, {T("\xdf\xbf"), true}, {T("\xe0\xa0\x80"), true}, {T("\xed\x9f\xbf"), true},
        {T("\xee\x80\x80"), true}, {T("\xf0\x90\x80\x80"), true}, {T("\xf4\x8f\xbf\xbf"), true},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++)
        CHECK_ROW(text_utf8_valid(rows[i].text, rows[i].length) == rows[i].valid, rows[i].text);
    assert_int_equal(text_characters("a\xc3\xa9\xf0\x9f\x98\x80"), 3);
}

static void
hidden_characters_are_found(void **state)
{
    static const char *const unclean[] = {
        "a\x01", "a\x1b[31m", "a\x7f", "a\rb", "\xc2\x85", "\xc2\xad", "\xd8\x9c", "\xe2\x80\x8b", "\xe2\x80\x8c", "\xe2\x80\x8d", "\xe2\x80\x8e",
        "\xe2\x80\x8f", "\xe2\x80\xa8", "\xe2\x80\xa9", "\xe2\x80\xaa", "\xe2\x80\xab", "\xe2\x80\xac", "\xe2\x80\xad", "\xe2\x80\xae", "\xe2\x81\xa0",
        "\xe2\x81\xa6", "\xe2\x81\xa7", "\xe2\x81\xa8", "\xe2\x81\xa9", "\xef\xbb\xbf", "\xe3\x85\xa4", "\xef\xbf\xbe", "\xef\xbf\xbf",
        "\xf3\xa0\x81\x81", "\xf3\xa0\x80\x80", "\xf0\x9f\xbf\xbe", "\xff", "\xed\xa0\x80",
    };
    static const char *const clean[] = {"", "Siti Aminah", "Ma'ruf", "\xc3\x89lo\xc3\xafse", "\xd9\x85\xd8\xad\xd9\x85\xd8\xaf", "\xf0\x9f\x98\x80", "O\xe2\x80\x99\x42rien"};

    (void)state;
    for (size_t i = 0; i < COUNT(unclean); i++) {
        CHECK_ROW(!text_is_clean(unclean[i], false), unclean[i]);
        CHECK_ROW(!text_is_clean(unclean[i], true), unclean[i]);
    }
    for (size_t i = 0; i < COUNT(clean); i++)
        CHECK_ROW(text_is_clean(clean[i], false), clean[i]);
    assert_false(text_is_clean("a\nb", false));
    assert_false(text_is_clean("a\tb", false));
    assert_true(text_is_clean("a\n\tb", true));
}

static void
numbers_are_whole(void **state)
{
    static const char *const refused[] = {"", "-", "+1", " 1", "1 ", "1.0", "1e3", "0x1", "--1", "1-", "9223372036854775808", "-9223372036854775809",
                                          "99999999999999999999", "\xd9\xa1", "a"};
    static const struct {
        const char *text;
        int64_t value;
    } read[] = {{"0", 0}, {"-0", 0}, {"007", 7}, {"9223372036854775807", INT64_MAX}, {"-9223372036854775808", INT64_MIN}};
    int64_t value = 77;

    (void)state;
    for (size_t i = 0; i < COUNT(refused); i++)
        CHECK_ROW(!text_parse_int(refused[i], &value) && value == 77, refused[i]);
    assert_false(text_parse_int(NULL, &value));
    for (size_t i = 0; i < COUNT(read); i++)
        CHECK_ROW(text_parse_int(read[i].text, &value) && value == read[i].value, read[i].text);
}

static void
digits_are_ascii(void **state)
{
    (void)state;
    assert_true(text_is_digits("3273010101800001", 16));
    assert_false(text_is_digits("327301010180001", 16));
    assert_false(text_is_digits("32730101018000011", 16));
    assert_false(text_is_digits("327301010180000a", 16));
    assert_false(text_is_digits("327301010180 001", 16));
    assert_false(text_is_digits("\xd9\xa3\xd9\xa2\xd9\xa7\xd9\xa3\xd9\xa0\xd9\xa1\xd9\xa0\xd9\xa1", 16));
    assert_false(text_is_digits("\xef\xbc\x91", 1));
    assert_false(text_is_digits("", 1));
    assert_false(text_is_digits(NULL, 0));
}

static void
comparisons(void **state)
{
    (void)state;
    assert_true(text_equal(NULL, NULL));
    assert_false(text_equal(NULL, ""));
    assert_false(text_equal("a", "A"));
    assert_true(text_equal("a", "a"));
    assert_true(text_begins("abc", "ab"));
    assert_false(text_begins("a", "ab"));
    assert_false(text_begins(NULL, "a"));
    assert_true(text_is_blank(NULL));
    assert_true(text_is_blank(" \t\n"));
    assert_false(text_is_blank(" a"));
}

static void
texts_are_normalized(void **state)
{
    static const struct {
        const char *from;
        const char *to;
    } rows[] = {
        {"", ""}, {"   ", ""}, {"  Siti   Aminah ", "Siti Aminah"}, {"a\t b", "a b"}, {"a\xc2\xa0\xe3\x80\x80" "b", "a b"},
        {"e\xcc\x81", "\xc3\xa9"}, {"\xe2\x84\xab", "\xc3\x85"}, {"a \n\n b", "a\nb"}, {"\na\n", "a"},
    };
    struct arena *arena = arena_create();

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++)
        CHECK_TEXT(text_normalize(arena, rows[i].from), rows[i].to, rows[i].from);
    assert_string_equal(text_fold(arena, " \xc3\x89LO\xc3\x8fSE  Kab. X "), "eloise kab. x");
    assert_string_equal(text_fold(arena, "ABC-1"), "abc-1");
    assert_string_equal(text_fold(arena, "\xef\xbc\xa1\xef\xbc\xa2"), "ab");
    arena_destroy(arena);
}

static void
names_fold_to_one(void **state)
{
    static const struct {
        const char *from;
        const char *to;
    } rows[] = {
        {"Moch. Soekarno", "muhammad sukarno"}, {"Muh Sukarno", "muhammad sukarno"}, {"M. Sukarno", "muhammad sukarno"},
        {"M.Nur", "muhammad nur"}, {"MOHAMMAD NUR", "muhammad nur"}, {"Mohd. Noer", "muhammad nur"}, {"Mhd Nur", "muhammad nur"},
        {"Abd. Rahman", "abdul rahman"}, {"Abdoel Rahman", "abdul rahman"}, {"ABD RAHMAN", "abdul rahman"},
        {"Ahmad bin Yusuf", "ahmad yusuf"}, {"Siti binti Yusuf", "siti yusuf"}, {"Achmad", "ahmad"},
        {"Djoko Tjahjono", "joko cahjono"}, {"Sjarifuddin", "syarifuddin"}, {"Soetjipto", "sucipto"},
        {"H. Ahmad Fauzi, S.Pd., M.Si.", "ahmad fauzi"}, {"Dr. Ir. Siti Aminah", "siti aminah"}, {"Hj. Aminah", "aminah"},
        {"Ma'ruf Amin", "maruf amin"}, {"Ma\xe2\x80\x99ruf  Amin", "maruf amin"}, {"Nur-Aini", "nur aini"}, {"Jos\xc3\xa9", "jose"},
        {"Suparno", "suparno"}, {"Haji", "haji"}, {"M", "m"}, {"Siti M", "siti m"}, {"", ""}, {"...", ""}, {"  ", ""},
        {"Mochtar", "mochtar"}, {"Abdi", "abdi"}, {"Bintang", "bintang"}, {"Hasan", "hasan"},
    };
    struct arena *arena = arena_create();

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++)
        CHECK_TEXT(text_fold_name(arena, rows[i].from), rows[i].to, rows[i].from);
    /* A hundred words are more than anyone has; none is written past the list. */
    assert_true(strlen(text_fold_name(arena, "a b c d e f g h i j k l m n o p q r s t u v w x y z a b c d e f g h i j k l m n o p")) < 80);
    arena_destroy(arena);
}

static void
hexadecimal_is_strict(void **state)
{
    static const char *const refused[] = {"", "00", "0011223", "001122334", "0011223g", "00 11223", "0x112233"};
    uint8_t bytes[4] = {7, 7, 7, 7};
    char text[9];

    (void)state;
    for (size_t i = 0; i < COUNT(refused); i++)
        CHECK_ROW(!hex_parse(refused[i], bytes, 4) && bytes[0] == 7, refused[i]);
    assert_false(hex_parse(NULL, bytes, 4));
    assert_true(hex_parse("00aBfF10", bytes, 4));
    hex_print(bytes, 4, text);
    assert_string_equal(text, "00abff10");
}

static void
base64_refuses(void **state)
{
    static const struct {
        const char *text;
        bool url;
    } rows[] = {
        {"A", false}, {"A===", false}, {"AA", false}, {"AA=", false}, {"AA===", false}, {"AAA", false}, {"====", false}, {"AB==", false},
        {"AAB=", false}, {"AA==AAAA", false}, {"A-==", false}, {"AAA_", false}, {"AA A", false}, {"AAAA\n", false}, {"=AAA", false},
        {"A", true}, {"AA==", true}, {"AB", true}, {"AAB", true}, {"AA+A", true}, {"AA/A", true}, {"AAAAA", true},
    };
    struct arena *arena = arena_create();
    struct bytes bytes = {NULL, 77};

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++)
        CHECK_ROW(!base64_parse(arena, rows[i].text, rows[i].url, &bytes) && bytes.length == 77, rows[i].text);
    assert_false(base64_parse(arena, NULL, true, &bytes));
    arena_destroy(arena);
}

static void
base64_of_rfc_4648(void **state)
{
    static const char *const rows[][3] = {{"", "", ""}, {"f", "Zg==", "Zg"}, {"fo", "Zm8=", "Zm8"}, {"foo", "Zm9v", "Zm9v"}, {"foob", "Zm9vYg==", "Zm9vYg"},
                                          {"fooba", "Zm9vYmE=", "Zm9vYmE"}, {"foobar", "Zm9vYmFy", "Zm9vYmFy"}, {"\xff\xef\xbe", "/+++", "_---"}};
    struct arena *arena = arena_create();

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        for (int url = 0; url < 2; url++) {
            size_t length = strlen(rows[i][0]);
            char *text = base64_print(arena, (const uint8_t *)rows[i][0], length, url);
            struct bytes bytes;

            CHECK_TEXT(text, rows[i][1 + url], rows[i][0]);
            CHECK_ROW(base64_parse(arena, text, url, &bytes) && bytes.length == length, text);
            assert_memory_equal(bytes.data, rows[i][0], length);
        }
    }
    arena_destroy(arena);
}

static void
language_tags_are_read(void **state)
{
    (void)state;
    static const struct { const char *text, *tag; } rows[] = {
        {"id", "id"}, {"EN", "en"}, {"ms-arab", "ms-Arab"}, {"en-gb", "en-GB"}, {"es-419", "es-419"}, {"zh-cmn-Hans-CN", "zh-cmn-Hans-CN"}, {"de-ch-1996", "de-CH-1996"},
        {"sl-rozaj", "sl-rozaj"}, {"bjn-Arab-ID", "bjn-Arab-ID"}, {"id-u-ca-buddhist", "id-u-ca-buddhist"}, {"jv-x-ngoko", "jv-x-ngoko"}, {"ace", "ace"},
    };
    static const char *const refused[] = {
        "", "i", "x", "1d", "id-", "-id", "id--ID", "id_ID", "Bahasa Indonesia", "bahasaindonesia", "id ID", "id-a", "id-u", "jv-x", "en-GB-GB", "en-1", "id-\xc3\xa9", "zh-cmn-wuu-yue-hak",
        "id-Latn-Arab", "id-abcdefghi", "id-x-", "en-aaaaa-bbbbb-ccccc-ddddd-eeeee-fffff",
    };
    struct arena *arena = arena_create();
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const char *tag = NULL;
        if (!text_language_tag(arena, rows[i].text, &tag))
            fail_msg("%s is refused", rows[i].text);
        assert_string_equal(tag, rows[i].tag);
    }
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
        const char *tag = "untouched";
        if (text_language_tag(arena, refused[i], &tag))
            fail_msg("%s is taken as %s", refused[i], tag);
        assert_string_equal(tag, "untouched");
    }
    arena_destroy(arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(utf8_is_strict),       cmocka_unit_test(hidden_characters_are_found), cmocka_unit_test(numbers_are_whole),
        cmocka_unit_test(digits_are_ascii),     cmocka_unit_test(comparisons),                 cmocka_unit_test(texts_are_normalized),
        cmocka_unit_test(names_fold_to_one),    cmocka_unit_test(hexadecimal_is_strict),       cmocka_unit_test(base64_refuses),
        cmocka_unit_test(base64_of_rfc_4648),   cmocka_unit_test(language_tags_are_read),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
