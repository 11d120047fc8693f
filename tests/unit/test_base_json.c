/* test_base_json.c: what is refused as JSON, what is read, how it is printed. */
#include "check.h"

#include <time.h>

#include "lumbung/base/json.h"
#include "lumbung/base/limits.h"

#define T(text) (text), sizeof(text) - 1

struct refusal {
    const char *text;
    size_t length;
    const char *says; /* part of the sentence */
};

static const struct refusal refusals[] = {
    {T(""), "byte"},
    {T(" "), "byte"},
    {T("{"), "ends too early"},
    {T("[1"), "ends too early"},
    {T("\"abc"), "ends too early"},
    {T("{\"a\":1}x"), "something follows"},
    {T("{} {}"), "something follows"},
    {T("1 2"), "something follows"},
    {T("{\"a\":1}\0"), "byte"},
    {T("\0{}"), "byte"},
    {T("\xef\xbb\xbf{}"), "byte order mark"},
    {T("{\"a\":1,\"a\":2}"), "doubled key"},
    {T("{\"a\":{\"b\":1,\"b\":1}}"), "doubled key"},
    {T("{\"a\":1,\"\\u0061\":2}"), "doubled key"},
    {T("[\"\\u0000\"]"), "U+0000"},
    {T("{\"\\u0000\":1}"), "U+0000"},
    {T("[\"a\0b\"]"), "byte"},
    {T("[\"\xc0\xaf\"]"), "not UTF-8"},
    {T("[\"\xe0\x80\xaf\"]"), "not UTF-8"},
    {T("[\"\xed\xa0\x80\"]"), "not UTF-8"},
    {T("[\"\xf4\x90\x80\x80\"]"), "not UTF-8"},
    {T("[\"\xff\"]"), "not UTF-8"},
    {T("[\"\xe2\x82\"]"), "byte"},
    {T("[\"\\ud800\"]"), "byte"},
    {T("[\"\\udc00\"]"), "byte"},
    {T("[\"\\ud800\\u0041\"]"), "byte"},
    {T("[9223372036854775808]"), "out of range"},
    {T("[-9223372036854775809]"), "out of range"},
    {T("[99999999999999999999999]"), "out of range"},
    {T("[1e999]"), "out of range"},
    {T("[-1e999]"), "out of range"},
    {T("[NaN]"), "byte"},
    {T("[Infinity]"), "byte"},
    {T("[-Infinity]"), "byte"},
    {T("[01]"), "byte"},
    {T("[+1]"), "byte"},
    {T("[1.]"), "byte"},
    {T("[.5]"), "byte"},
    {T("[1e]"), "byte"},
    {T("[0x10]"), "byte"},
    {T("[1,]"), "byte"},
    {T("[,1]"), "byte"},
    {T("{\"a\":1,}"), "byte"},
    {T("{a:1}"), "byte"},
    {T("{'a':1}"), "byte"},
    {T("{1:1}"), "byte"},
    {T("{\"a\"}"), "byte"},
    {T("{\"a\":}"), "byte"},
    {T("[1 2]"), "byte"},
    {T("[1]]"), "something follows"},
    {T("[True]"), "byte"},
    {T("nul"), "byte"},
    {T("/* */1"), "byte"},
    {T("[\"a\nb\"]"), "byte"},
    {T("[\"\\x41\"]"), "byte"},
    {T("[\"\\u12\"]"), "byte"},
    {T("[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]"), "nested too deeply"},
    {T("[[[[[[[[[[[[[[[[[[[[[[[[["), "nested too deeply"},
};

static void
documents_are_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(refusals); i++) {
        struct arena *arena = arena_create();
        struct json *json = NULL;
        struct error *error = json_parse(arena, refusals[i].text, refusals[i].length, &json);

        CHECK_ROW(error != NULL, refusals[i].text);
        CHECK_ROW(json == NULL, refusals[i].text);
        CHECK_ROW(error->code == ERROR_MALFORMED, refusals[i].text);
        CHECK_ROW(strstr(error->arguments[0], "byte") != NULL, refusals[i].text);
        if (!strstr(error->arguments[0], refusals[i].says))
            fail_msg("row \"%s\": \"%s\" does not say \"%s\"", refusals[i].text, error->arguments[0], refusals[i].says);
        error_free(error);
        arena_destroy(arena);
    }
}

static void
refusals_do_not_quote_the_text(void **state)
{
    static const char text[] = "{\"nik\":\"3273010101800001\" oops}";
    struct arena *arena = arena_create();
    struct json *json;
    struct error *error = json_parse(arena, T(text), &json);

    (void)state;
    assert_non_null(error);
    assert_null(strstr(error->arguments[0], "3273"));
    assert_null(strstr(error->arguments[0], "oops"));
    error_free(error);
    arena_destroy(arena);
}

static void
bombs_are_refused_fast(void **state)
{
    struct arena *arena = arena_create();
    struct buffer bomb;
    struct json *json;
    struct error *error;
    clock_t start = clock();

    (void)state;
    buffer_init(&bomb, arena);
    buffer_char(&bomb, '[');
    for (int i = 0; i < 1000000; i++)
        buffer_add(&bomb, i ? ",1" : "1");
    buffer_char(&bomb, ']');
    error = json_parse(arena, bomb.data, bomb.length, &json);
    assert_non_null(error);
    assert_non_null(strstr(error->arguments[0], "too many values"));
    error_free(error);
    buffer_init(&bomb, arena);
    for (int i = 0; i < 1000000; i++)
        buffer_char(&bomb, '[');
    error = json_parse(arena, bomb.data, bomb.length, &json);
    assert_non_null(error);
    error_free(error);
    assert_true(clock() - start < CLOCKS_PER_SEC);
    arena_destroy(arena);
}

static void
hundred_thousand_keys_parse_in_linear_time(void **state)
{
    struct arena *arena = arena_create();
    struct buffer text;
    struct json *json = NULL;
    clock_t start;

    (void)state;
    buffer_init(&text, arena);
    for (int i = 0; i < 100000; i++) {
        buffer_add(&text, i ? ",\"k" : "{\"k");
        buffer_int(&text, i);
        buffer_add(&text, "\":1");
    }
    buffer_char(&text, '}');
    start = clock();
    assert_null(json_parse(arena, text.data, text.length, &json));
    assert_int_equal(json->count, 100000);
    /* Far below what a quadratic table would take, far above what a slow machine with sanitizers does. */
    assert_true(clock() - start < CLOCKS_PER_SEC);
    arena_destroy(arena);
}

static void
brackets_in_strings_do_not_count(void **state)
{
    static const char text[] = "[\"[[[[[[[[[[[[[[[[[[[[\\\"[[[[[[[[[[[[[[[[[[\\\\\",\"]\"]";
    struct arena *arena = arena_create();
    struct json *json;

    (void)state;
    assert_null(json_parse(arena, T(text), &json));
    assert_int_equal(json->count, 2);
    assert_null(json_parse(arena, T("[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]"), &json));
    arena_destroy(arena);
}

static void
values_survive_a_round(void **state)
{
    static const char *const rows[] = {
        "null", "true", "false", "0", "-1", "9223372036854775807", "-9223372036854775808", "1.5", "-6.2088", "0.1", "1.0", "\"\"",
        "\"a\\\"b\\\\c\\n\\r\\t\"", "\"\\u0001\\u001f\\u007f\"", "\"\xc3\xa9\xf0\x9f\x98\x80\"", "[]", "{}", "[1,[2,[]],{\"a\":null}]",
        "{\"b\":1,\"a\":[true,\"x\"],\"\":{}}",
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct arena *arena = arena_create();
        struct buffer buffer;
        struct json *json = NULL;
        struct json *again = NULL;

        CHECK_ROW(json_parse(arena, rows[i], strlen(rows[i]), &json) == NULL, rows[i]);
        buffer_init(&buffer, arena);
        json_print(&buffer, NULL, json);
        CHECK_TEXT(buffer_text(&buffer), rows[i], rows[i]);
        CHECK_ROW(json_parse(arena, buffer.data, buffer.length, &again) == NULL, rows[i]);
        CHECK_ROW(json_equal(json, again), rows[i]);
        arena_destroy(arena);
    }
}

static void
canonical_print_sorts_bytewise(void **state)
{
    static const char text[] = "{ \"b\" : {\"z\":1, \"Z\":2}, \"aa\":[{\"2\":0,\"10\":0}], \"a\":1}";
    struct arena *arena = arena_create();
    struct buffer buffer;
    struct json *json;

    (void)state;
    assert_null(json_parse(arena, T(text), &json));
    buffer_init(&buffer, arena);
    json_print_canonical(&buffer, json);
    assert_string_equal(buffer_text(&buffer), "{\"a\":1,\"aa\":[{\"10\":0,\"2\":0}],\"b\":{\"Z\":2,\"z\":1}}");
    arena_destroy(arena);
}

static void
values_are_built_and_changed(void **state)
{
    struct arena *arena = arena_create();
    struct json *object = json_make(arena, JSON_OBJECT);
    struct json *array = NULL;
    struct buffer buffer;

    (void)state;
    assert_null(json_parse(arena, T("[0,1,2]"), &array));
    for (int i = 3; i < 100; i++)
        json_push(arena, array, json_make_int(arena, i));
    for (int i = 0; i < 100; i++) {
        assert_int_equal(array->items[i]->integer, i);
        json_set(arena, object, arena_format(arena, "k%d", i), json_make_int(arena, i));
    }
    for (int i = 0; i < 98; i++)
        json_remove(object, arena_format(arena, "k%d", i));
    json_remove(object, "absent");
    json_set(arena, object, "k99", json_make_text(arena, NULL));
    json_set(arena, object, "t", json_make_bool(arena, true));
    buffer_init(&buffer, arena);
    json_print(&buffer, NULL, object);
    assert_string_equal(buffer_text(&buffer), "{\"k98\":98,\"k99\":null,\"t\":true}");
    assert_int_equal(json_get_int(object, "k98", -1), 98);
    assert_int_equal(json_get_int(object, "t", -1), -1);
    assert_null(json_get_text(object, "k98"));
    assert_null(json_get(NULL, "x"));
    assert_null(json_get(array, "x"));
    arena_destroy(arena);
}

static void
printers_put_the_commas(void **state)
{
    struct arena *arena = arena_create();
    struct buffer buffer;
    const struct id zero = {{0}};
    const uint8_t bytes[] = {0x00, 0xff};

    (void)state;
    buffer_init(&buffer, arena);
    json_open(&buffer, NULL, '{');
    json_put_int(&buffer, "a", -5);
    json_open(&buffer, "list", '[');
    json_close(&buffer, ']');
    json_open(&buffer, "two", '[');
    json_put_bool(&buffer, NULL, false);
    json_put_null(&buffer, NULL);
    json_open(&buffer, NULL, '{');
    json_close(&buffer, '}');
    json_close(&buffer, ']');
    json_put_text(&buffer, "t", NULL);
    json_put_id(&buffer, "id", zero);
    json_put_date(&buffer, "d", 0);
    json_put_instant(&buffer, "i", 1);
    json_put_raw(&buffer, "r", "[1]");
    json_put_raw(&buffer, "n", NULL);
    json_put_hex(&buffer, "h", bytes, 2);
    json_close(&buffer, '}');
    assert_string_equal(buffer_text(&buffer), "{\"a\":-5,\"list\":[],\"two\":[false,null,{}],\"t\":null,\"id\":null,\"d\":\"1970-01-01\","
                                              "\"i\":\"1970-01-01T00:00:00.001Z\",\"r\":[1],\"n\":null,\"h\":\"00ff\"}");
    arena_destroy(arena);
}

static void
bad_bytes_never_reach_a_reply(void **state)
{
    struct arena *arena = arena_create();
    struct buffer buffer;

    (void)state;
    buffer_init(&buffer, arena);
    json_quote(&buffer, T("a\xff\xc0\xaf\xe2\x82 \x1b[0m\n{\"fake\":1}\0"));
    assert_string_equal(buffer_text(&buffer), "\"a\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd \\u001b[0m\\n{\\\"fake\\\":1}\\u0000\"");
    arena_destroy(arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(documents_are_refused),
        cmocka_unit_test(refusals_do_not_quote_the_text),
        cmocka_unit_test(bombs_are_refused_fast),
        cmocka_unit_test(hundred_thousand_keys_parse_in_linear_time),
        cmocka_unit_test(brackets_in_strings_do_not_count),
        cmocka_unit_test(values_survive_a_round),
        cmocka_unit_test(canonical_print_sorts_bytewise),
        cmocka_unit_test(values_are_built_and_changed),
        cmocka_unit_test(printers_put_the_commas),
        cmocka_unit_test(bad_bytes_never_reach_a_reply),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
