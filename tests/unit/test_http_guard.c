/* test_http_guard.c: the rules for headers and targets on plain arrays. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "http/guard.h"
#include "http/static.h"

struct head_case {
    const char *name;
    const char *version;
    const char *pairs[8]; /* name, value, ... NULL */
    bool sound;
};

static const struct head_case heads[] = {
    {"least", "HTTP/1.1", {"Host", "a"}, true},
    {"1.0 without host", "HTTP/1.0", {NULL}, true},
    {"port", "HTTP/1.1", {"Host", "localhost:8080"}, true},
    {"IPv6", "HTTP/1.1", {"Host", "[::1]:8080"}, true},
    {"length", "HTTP/1.1", {"Host", "a", "Content-Length", "15"}, true},
    {"chunked", "HTTP/1.1", {"Host", "a", "transfer-encoding", "Chunked"}, true},
    {"tab in a value", "HTTP/1.1", {"Host", "a", "X", "a\tb"}, true},
    {"no host", "HTTP/1.1", {NULL}, false},
    {"two hosts", "HTTP/1.1", {"Host", "a", "host", "a"}, false},
    {"host with user", "HTTP/1.1", {"Host", "u@a"}, false},
    {"host list", "HTTP/1.1", {"Host", "a, b"}, false},
    {"2.0", "HTTP/2.0", {"Host", "a"}, false},
    {"lower case version", "http/1.1", {"Host", "a"}, false},
    {"0.9", "HTTP/0.9", {"Host", "a"}, false},
    {"two lengths", "HTTP/1.1", {"Host", "a", "Content-Length", "1", "Content-Length", "1"}, false},
    {"empty length", "HTTP/1.1", {"Host", "a", "Content-Length", ""}, false},
    {"blank length", "HTTP/1.1", {"Host", "a", "Content-Length", " 1"}, false},
    {"huge length", "HTTP/1.1", {"Host", "a", "Content-Length", "9999999999999999"}, false},
    {"both", "HTTP/1.1", {"Host", "a", "Content-Length", "1", "Transfer-Encoding", "chunked"}, false},
    {"chunked on 1.0", "HTTP/1.0", {"Transfer-Encoding", "chunked"}, false},
    {"chunked twice", "HTTP/1.1", {"Host", "a", "Transfer-Encoding", "chunked", "Transfer-Encoding", "chunked"}, false},
    {"chunked, chunked", "HTTP/1.1", {"Host", "a", "Transfer-Encoding", "chunked, chunked"}, false},
    {"xchunked", "HTTP/1.1", {"Host", "a", "Transfer-Encoding", "xchunked"}, false},
    {"blank in a name", "HTTP/1.1", {"Host", "a", "Transfer-Encoding ", "chunked"}, false},
    {"empty name", "HTTP/1.1", {"Host", "a", "", "x"}, false},
    {"name above ASCII", "HTTP/1.1", {"Host", "a", "X\xc3\xa9", "x"}, false},
    {"line end in a value", "HTTP/1.1", {"Host", "a", "X", "a\r\nb"}, false},
    {"DEL in a value", "HTTP/1.1", {"Host", "a", "X", "a\x7f"}, false},
    {"two cookies", "HTTP/1.1", {"Host", "a", "Cookie", "a=1", "Cookie", "b=2"}, false},
    {"two origins", "HTTP/1.1", {"Host", "a", "Origin", "x", "origin", "y"}, false},
    {"two conditions", "HTTP/1.1", {"Host", "a", "If-Match", "\"1\"", "If-Match", "\"2\""}, false},
    {"wonders", "HTTP/1.1", {"Host", "a", "Expect", "wonders"}, false},
};

static void
test_heads(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof heads / sizeof heads[0]; i++) {
        struct header headers[4];
        size_t count = 0;
        for (const char *const *pair = heads[i].pairs; pair[0]; pair += 2)
            headers[count++] = (struct header){pair[0], pair[1], strlen(pair[0]), strlen(pair[1])};
        struct guard_facts facts;
        const char *reason = guard_check(heads[i].version, headers, count, &facts);
        if ((reason == NULL) != heads[i].sound)
            fail_msg("%s: %s", heads[i].name, reason ? reason : "passed");
    }
}

static void
test_facts(void **state)
{
    (void)state;
    struct header headers[] = {
        {"Host", "a", 4, 1}, {"CONTENT-LENGTH", "12", 14, 2}, {"X-Forwarded-For", "1.1.1.1", 15, 7}, {"x-forwarded-for", "2.2.2.2", 15, 7}, {"Expect", "100-continue", 6, 12},
    };
    struct guard_facts facts;
    assert_null(guard_check("HTTP/1.1", headers, 5, &facts));
    assert_int_equal(facts.content_length, 12);
    assert_string_equal(facts.forwarded_for, "2.2.2.2");
    assert_true(facts.wants_continue);
    assert_false(facts.chunked);
    assert_null(facts.cookie);
    headers[0].value_length = 3; /* a NUL cut the text short */
    headers[0].value = "a\0b";
    assert_non_null(guard_check("HTTP/1.1", headers, 5, &facts));
    assert_non_null(guard_check("HTTP/1.1", headers, GUARD_HEADERS_MAX + 1, &facts));
}

static const struct { const char *raw; bool sound; bool odd; size_t segments; const char *last; } targets[] = {
    {"/", true, false, 0, NULL}, {"/a", true, false, 1, "a"}, {"/a/b-c_d", true, false, 2, "b-c_d"}, {"/a%20b", true, false, 1, "a b"}, {"/a%2fb", true, true, 0, NULL},
    {"/a%5cb", true, true, 0, NULL}, {"/%252e", true, false, 1, "%2e"}, {"/%2e%2e", true, true, 0, NULL}, {"/../a", true, true, 1, "a"}, {"//a", true, true, 1, "a"},
    {"/a/", true, true, 1, "a"}, {"/./a", true, true, 1, "a"}, {"/%c3%a9", true, false, 1, "\xc3\xa9"}, {"/a+b", true, false, 1, "a+b"},
    {"/1/2/3/4/5/6/7/8/9/10/11/12/13", true, true, 12, "12"}, {"", false, false, 0, NULL}, {"a", false, false, 0, NULL}, {"*", false, false, 0, NULL},
    {"http://a/b", false, false, 0, NULL}, {"/%", false, false, 0, NULL}, {"/%1", false, false, 0, NULL}, {"/%g1", false, false, 0, NULL}, {"/%00", false, false, 0, NULL},
    {"/%0a", false, false, 0, NULL}, {"/%7f", false, false, 0, NULL}, {"/%ff", false, false, 0, NULL}, {"/%ed%a0%80", false, false, 0, NULL}, {"/a b", false, false, 0, NULL},
    {"/a\x01", false, false, 0, NULL}, {"/a#b", false, false, 0, NULL}, {"/?a=%zz", false, false, 0, NULL}, {"/?a&a", false, false, 0, NULL}, {"/?a=1&b=2&a=3", false, false, 0, NULL},
    {"/?a=1&%61=2", false, false, 0, NULL},
};

static void
test_targets(void **state)
{
    (void)state;
    struct arena *arena = arena_create();
    for (size_t i = 0; i < sizeof targets / sizeof targets[0]; i++) {
        struct target target;
        const char *reason = guard_target(arena, targets[i].raw, &target);
        if ((reason == NULL) != targets[i].sound)
            fail_msg("%s: %s", targets[i].raw, reason ? reason : "passed");
        if (reason)
            continue;
        if (target.odd != targets[i].odd || target.segment_count != targets[i].segments)
            fail_msg("%s: odd %d, %zu parts", targets[i].raw, target.odd, target.segment_count);
        if (targets[i].last)
            assert_string_equal(target.segments[target.segment_count - 1], targets[i].last);
    }
    struct target target;
    assert_null(guard_target(arena, "/x?a=1+2%2B3&b=&c&&d=%3d", &target));
    assert_int_equal(target.parameter_count, 4);
    assert_string_equal(target.parameters[0].value, "1 2+3");
    assert_string_equal(target.parameters[1].value, "");
    assert_string_equal(target.parameters[2].value, "");
    assert_string_equal(target.parameters[3].value, "=");
    char many[400] = "/?";
    for (int i = 0; i < 33; i++)
        snprintf(many + strlen(many), 16, "p%d=1&", i);
    assert_non_null(guard_target(arena, many, &target));
    arena_destroy(arena);
}

static void
test_gzip(void **state)
{
    (void)state;
    static const struct { const char *header; bool takes; } rows[] = {
        {NULL, false}, {"", false}, {"gzip", true}, {"br, gzip", true}, {"gzip;q=0.5", true}, {"gzip; q=0.5, br", true}, {"gzip;q=0", false}, {"gzip;q=0.0", false},
        {"gzip;q=0.000, br", false}, {"gzip;q=1", true}, {"identity", false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (static_takes_gzip(rows[i].header) != rows[i].takes)
            fail_msg("%s", rows[i].header);
}

static void
test_static_names(void **state)
{
    (void)state;
    static const struct { const char *raw, *name; } rows[] = {
        {"/", "index.html"}, {"/app/main.js", "app/main.js"}, {"/households/new", "index.html"}, {"/sw.js", "sw.js"}, {"/.env", NULL}, {"/a/.git", NULL}, {"/a~", NULL},
        {"/a%20b", NULL}, {"/..", NULL}, {"/a%2f..", NULL}, {"/a/", NULL}, {"/%c3%a9", NULL}, {"/a:b", NULL}, {"/package.json", "package.json"},
    };
    struct arena *arena = arena_create();
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct target target;
        assert_null(guard_target(arena, rows[i].raw, &target));
        const char *name = static_name(arena, &target);
        if ((name == NULL) != (rows[i].name == NULL) || (name && strcmp(name, rows[i].name) != 0))
            fail_msg("%s: %s", rows[i].raw, name ? name : "none");
    }
    assert_null(static_find(arena, "none.js"));
    assert_null(static_find(arena, "../migrations/0001_base.sql"));
    assert_null(static_find(arena, ""));
    assert_string_equal(static_type("a.html"), "text/html; charset=utf-8");
    assert_string_equal(static_type("a.exe"), "application/octet-stream");
    arena_destroy(arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_heads), cmocka_unit_test(test_facts), cmocka_unit_test(test_targets), cmocka_unit_test(test_gzip), cmocka_unit_test(test_static_names),
    };
    return cmocka_run_group_tests_name("http guard", tests, NULL, NULL);
}
