/* test_http_route.c: matching, and the rows that must not start. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "http/pipeline.h"
#include "lumbung/base/json.h"

static struct error *
step(struct tx *tx, const struct call *call, struct reply *reply)
{
    (void)tx;
    (void)call;
    (void)reply;
    return NULL;
}

#define READ(where) .method = METHOD_GET, .path = (where), .kind = ROUTE_READ_FAST, .perm = PERM_SIGNED_IN, .scope = SCOPE_NONE, .step = step, .summary = "s"
#define WRITE(verb, where) .method = METHOD_##verb, .path = (where), .kind = ROUTE_WRITE, .perm = PERM_SIGNED_IN, .scope = SCOPE_NONE, .step = step, .summary = "s", .action = "a.b"

static const struct route first_routes[] = {
    {READ("/")}, {READ("/healthz")}, {READ("/api/v1/households")}, {WRITE(POST, "/api/v1/households")}, {READ("/api/v1/households/{id}")},
    {WRITE(PATCH, "/api/v1/households/{id}")}, {WRITE(POST, "/api/v1/households/search")}, {READ("/api/v1/households/{id}/history")}, {0},
};
static const struct route second_routes[] = {
    {READ("/api/v1/codes/{name}")}, {READ("/api/v1/{kind}/about")}, {READ("/api/v1/codes/about")},
    {WRITE(POST, "/api/v1/batches/{id}/items/{item_id}/exclude")}, {READ("/api/v1/exports/disbursements.csv")}, {0},
};
static const struct route *const tables[] = {first_routes, second_routes, NULL};

#define ID1 "018f0000-0000-7000-8000-000000000001"
#define ID2 "018f0000-0000-7000-8000-000000000002"

static const struct { enum method method; const char *path; const char *route; bool known; } matches[] = {
    {METHOD_GET, "/", "/", true}, {METHOD_GET, "/healthz", "/healthz", true}, {METHOD_POST, "/healthz", NULL, true}, {METHOD_NONE, "/healthz", NULL, true},
    {METHOD_GET, "/api/v1/households", "/api/v1/households", true}, {METHOD_POST, "/api/v1/households", "/api/v1/households", true},
    {METHOD_DELETE, "/api/v1/households", NULL, true}, {METHOD_GET, "/api/v1/households/" ID1, "/api/v1/households/{id}", true},
    {METHOD_PATCH, "/api/v1/households/" ID1, "/api/v1/households/{id}", true}, {METHOD_POST, "/api/v1/households/" ID1, NULL, true},
    {METHOD_POST, "/api/v1/households/search", "/api/v1/households/search", true}, {METHOD_GET, "/api/v1/households/search", NULL, true},
    {METHOD_GET, "/api/v1/households/x", NULL, false}, {METHOD_GET, "/api/v1/households/" ID1 "/history", "/api/v1/households/{id}/history", true},
    {METHOD_GET, "/api/v1/households/" ID1 "/histor", NULL, false}, {METHOD_GET, "/api/v1/codes/sex", "/api/v1/codes/{name}", true},
    {METHOD_GET, "/api/v1/codes/about", "/api/v1/codes/about", true}, {METHOD_GET, "/api/v1/other/about", "/api/v1/{kind}/about", true},
    {METHOD_POST, "/api/v1/batches/" ID1 "/items/" ID2 "/exclude", "/api/v1/batches/{id}/items/{item_id}/exclude", true},
    {METHOD_GET, "/api/v1/exports/disbursements.csv", "/api/v1/exports/disbursements.csv", true}, {METHOD_GET, "/api/v1", NULL, false},
    {METHOD_GET, "/api/v1/Households", NULL, false}, {METHOD_GET, "/api/v1/households/", NULL, false}, {METHOD_GET, "//api/v1/households", NULL, false},
    {METHOD_GET, "/api/v1/hous%65holds", "/api/v1/households", true}, {METHOD_GET, "/api%2fv1/households", NULL, false},
};

static void
test_matches(void **state)
{
    (void)state;
    struct arena *arena = arena_create();
    struct router *router = router_make(arena, tables);
    for (size_t i = 0; i < sizeof matches / sizeof matches[0]; i++) {
        struct target target;
        struct match match;
        assert_null(guard_target(arena, matches[i].path, &target));
        router_match(router, matches[i].method, &target, &match);
        const char *path = match.route ? match.route->path : NULL;
        if (match.path_known != matches[i].known || (path == NULL) != (matches[i].route == NULL) || (path && strcmp(path, matches[i].route) != 0))
            fail_msg("%s: %s, %s", matches[i].path, path ? path : "none", match.path_known ? "known" : "unknown");
    }
    struct target target;
    struct match match;
    assert_null(guard_target(arena, "/api/v1/batches/" ID1 "/items/" ID2 "/exclude", &target));
    router_match(router, METHOD_POST, &target, &match);
    assert_int_equal(match.id_count, 2);
    assert_int_equal(match.ids[1].bytes[15], 2);
    assert_true(match.allows[METHOD_POST] && !match.allows[METHOD_GET]);
    assert_null(guard_target(arena, "/api/v1/codes/sex", &target));
    router_match(router, METHOD_GET, &target, &match);
    assert_string_equal(match.texts[0], "sex");
    arena_destroy(arena);
}

static const struct field_table some_table = {"t", sizeof(struct presence), NULL, 0, NULL};

static void
test_checks(void **state)
{
    (void)state;
    static const struct { const char *what; struct route row; bool sound; } rows[] = {
        {"sound read", {READ("/a")}, true},
        {"sound write", {WRITE(POST, "/a")}, true},
        {"scope unsaid", {.method = METHOD_GET, .path = "/a", .perm = PERM_PUBLIC, .step = step, .summary = "s"}, false},
        {"permission out of range", {.method = METHOD_GET, .path = "/a", .perm = PERM_COUNT, .scope = SCOPE_NONE, .step = step, .summary = "s"}, false},
        {"no method", {.path = "/a", .perm = PERM_PUBLIC, .scope = SCOPE_NONE, .step = step, .summary = "s"}, false},
        {"no slash", {READ("a")}, false},
        {"no step", {.method = METHOD_GET, .path = "/a", .perm = PERM_PUBLIC, .scope = SCOPE_NONE, .summary = "s"}, false},
        {"no summary", {.method = METHOD_GET, .path = "/a", .perm = PERM_PUBLIC, .scope = SCOPE_NONE, .step = step}, false},
        {"write without action", {.method = METHOD_POST, .path = "/a", .kind = ROUTE_WRITE, .perm = PERM_PUBLIC, .scope = SCOPE_NONE, .step = step, .summary = "s"}, false},
        {"GET that writes", {WRITE(GET, "/a")}, false},
        {"PATCH that reads", {.method = METHOD_PATCH, .path = "/a", .perm = PERM_PUBLIC, .scope = SCOPE_NONE, .step = step, .summary = "s"}, false},
        {"read with a key", {READ("/a"), .key = KEY_OPTIONAL}, false},
        {"read with prepare", {READ("/a"), .prepare = step}, false},
        {"GET with a body", {READ("/a"), .body = BODY_JSON}, false},
        {"body without table", {WRITE(POST, "/a"), .body = BODY_TABLE}, false},
        {"body with table", {WRITE(POST, "/a"), .body = BODY_TABLE, .in = &some_table}, true},
        {"raw without types", {WRITE(POST, "/a"), .body = BODY_RAW}, false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct route table[] = {rows[i].row, {0}};
        const struct route *const one[] = {table, NULL};
        struct error *error = routes_check(one);
        if ((error == NULL) != rows[i].sound)
            fail_msg("%s: %s", rows[i].what, error ? error->cause : "passed");
        error_free(error);
    }
    const struct route twice[] = {{READ("/a/{id}/b")}, {READ("/a/{other_id}/b")}, {0}};
    const struct route *const doubled[] = {twice, NULL};
    struct error *error = routes_check(doubled);
    assert_non_null(error);
    error_free(error);
    assert_null(routes_check(tables));
}

static void
test_document(void **state)
{
    (void)state;
    struct arena *arena = arena_create();
    struct buffer buffer;
    struct json *json = NULL;
    buffer_init(&buffer, arena);
    routes_print_openapi(&buffer, tables);
    assert_null(json_parse(arena, buffer.data, buffer.length, &json));
    assert_string_equal(json_get_text(json, "openapi"), "3.1.0");
    const struct json *paths = json_get(json, "paths");
    assert_int_equal(paths->count, 11);
    const struct json *one = json_get(paths, "/api/v1/households/{id}");
    assert_non_null(json_get(one, "get"));
    assert_non_null(json_get(one, "patch"));
    assert_string_equal(json_get_text(json_get(one, "patch"), "x-permission"), "signed_in");
    arena_destroy(arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_matches), cmocka_unit_test(test_checks), cmocka_unit_test(test_document)};
    return cmocka_run_group_tests_name("http route", tests, NULL, NULL);
}
