/* test_http_server.c: the pipeline through a real server: sessions, origins, permissions, versions, repeated operations, bodies. */
#include "http_fixture.h"

#include <stdatomic.h>

#define KEY(last) "Idempotency-Key: \"018f0000-0000-7000-8000-00000000000" last "\"\r\n"
#define NOTE_PATH "/api/v1/notes/" NOTE_ID

struct row {
    const char *line;    /* "POST /path" */
    const char *headers;
    const char *body;    /* NULL: GET without */
    int status;
    const char *code;    /* in the body */
};

static void
run_rows(struct http *http, const struct row *rows, size_t count)
{
    struct client client;
    client_open(&client, http->port);
    for (size_t i = 0; i < count; i++) {
        const struct row *row = &rows[i];
        int status = row->body ? client_post(&client, row->line, row->headers, row->body) : client_get(&client, row->line, row->headers);
        if (status != row->status || (row->code && strstr(client.body, row->code) == NULL))
            fail_msg("%s %s: %d %s", row->line, row->headers, status, client.body);
        const char *closed = client_header(&client, "Connection");
        if (status == 0 || (closed && strcasecmp(closed, "close") == 0)) {
            client_close(&client);
            client_open(&client, http->port);
        }
    }
    client_close(&client);
}

static void
test_reads(void **state)
{
    static const struct row rows[] = {
        {NOTE_PATH, "", NULL, 401, "unauthenticated"},
        {NOTE_PATH, "Authorization: Bearer wrong\r\n", NULL, 401, "unauthenticated"},
        {NOTE_PATH, "Cookie: session=officer\r\n", NULL, 200, NOTE_ID},
        {NOTE_PATH, "Cookie: a=b; session=officer; c=d\r\n", NULL, 200, NOTE_ID},
        {NOTE_PATH, "Cookie: session=officer; session=officer\r\n", NULL, 401, NULL},
        {NOTE_PATH, "Cookie: __Host-session=officer\r\n", NULL, 401, NULL},
        {NOTE_PATH, AUTH, NULL, 200, NOTE_ID},
        {NOTE_PATH, AUTH "If-None-Match: \"3\"\r\n", NULL, 304, NULL},
        {NOTE_PATH, AUTH "If-None-Match: \"4\"\r\n", NULL, 200, NULL},
        {"/api/v1/notes/" OTHER_ID, AUTH, NULL, 404, "not_found"},
        {"/api/v1/notes/18", AUTH, NULL, 404, "not_found"},
        {"/api/v1/nothing", AUTH, NULL, 404, "not_found"},
        {"/api/v1/notes/", AUTH, NULL, 404, "not_found"},
        {"/api//v1/notes", AUTH, NULL, 404, "not_found"},
        {"/api/v1/users", AUTH, NULL, 403, "forbidden"},
        {"/api/v1/notes?limit=2", AUTH, NULL, 200, "{\"items\":[0,1],\"next\":\"YWJj\"}"},
        {"/api/v1/notes?after=YWJj", AUTH, NULL, 200, "\"next\":null"},
        {"/api/v1/notes?limit=0", AUTH, NULL, 400, "query"},
        {"/api/v1/notes?limit=201", AUTH, NULL, 400, "query"},
        {"/api/v1/notes?limit=1e1", AUTH, NULL, 400, "query"},
        {"/api/v1/notes?limit=%2B5", AUTH, NULL, 400, "query"},
        {"/api/v1/notes?after=%21", AUTH, NULL, 400, "query"},
        {"/api/v1/notes?unknown=1", AUTH, NULL, 400, "unknown"},
        {"/api/v1/notes?number=x", AUTH, NULL, 400, "number"},
        {"/api/v1/notes?kind=plain&number=5&q=a+b", AUTH, NULL, 200, "[0,1,2]"},
        {"/api/v1/notes?kind=", AUTH, NULL, 200, "[0,1,2]"},
        {"/api/v1/notes?kind=strange", AUTH, NULL, 200, "{\"items\":[],\"next\":null}"},
        {NOTE_PATH "?limit=1", AUTH, NULL, 400, "limit"},
        {"/readyz", "", NULL, 200, "ready"},
        {"/metrics", "", NULL, 200, "lumbung_http_answered_total"},
        {"/openapi.json", "", NULL, 200, "\"/api/v1/notes/{id}\":{\"get\""},
        {"/healthz?x=1", "", NULL, 400, "query"},
    };
    run_rows(*state, rows, sizeof rows / sizeof rows[0]);
}

static void
test_refused_writes(void **state)
{
    static const struct row rows[] = {
        {"POST /api/v1/notes", "", "{}", 401, "unauthenticated"},
        {"POST /api/v1/notes", AUTH, "{}", 422, "/number"},
        {"POST /api/v1/notes", AUTH, "{\"number\":0,\"text\":1,\"role\":\"admin\"}", 422, "/role"},
        {"POST /api/v1/notes", AUTH, "{\"number\":\"5\"}", 422, "type"},
        {"POST /api/v1/notes", AUTH, "{\"number\":1.0}", 422, "type"},
        {"POST /api/v1/notes", AUTH, "{\"number\":1,\"number\":2}", 400, "malformed"},
        {"POST /api/v1/notes", AUTH, "{\"number\":1}x", 400, "malformed"},
        {"POST /api/v1/notes", AUTH, "[]", 422, "object"},
        {"POST /api/v1/notes", AUTH, "", 422, "required"},
        {"POST /api/v1/notes", AUTH "Idempotency-Key: 018f0000-0000-7000-8000-000000000009\r\n", "{\"number\":1}", 400, "key_required"},
        {"POST /api/v1/notes", AUTH "Idempotency-Key: \"abc\"\r\n", "{\"number\":1}", 400, "key_required"},
        {"POST /api/v1/payouts", AUTH, "{\"number\":1}", 400, "key_required"},
        {"POST /api/v1/release", AUTH, "{}", 403, "step_up"},
        {"POST /api/v1/silent", AUTH, "{\"role\":1}", 422, "unknown"},
        {"POST /api/v1/silent", AUTH, "", 500, "internal"},
        {"PATCH " NOTE_PATH, AUTH, "{}", 428, "version_required"},
        {"PATCH " NOTE_PATH, AUTH "If-Match: *\r\n", "{}", 428, "version_required"},
        {"PATCH " NOTE_PATH, AUTH "If-Match: 3\r\n", "{}", 400, "If-Match"},
        {"PATCH " NOTE_PATH, AUTH "If-Match: W/\"3\"\r\n", "{}", 400, "If-Match"},
        {"PATCH " NOTE_PATH, AUTH "If-Match: \"99999999999999999999\"\r\n", "{}", 400, "If-Match"},
        {"PATCH " NOTE_PATH, AUTH "If-Match: \"2\"\r\n", "{}", 412, "\"current\":{\"version\":3}"},
        {"PATCH " NOTE_PATH, AUTH "If-Match: \"3\"\r\n", "{\"number\":null}", 422, "required"},
        {"PATCH " NOTE_PATH, AUTH "If-Match: \"3\"\r\n", "{\"text\":null}", 200, NOTE_ID},
        {"DELETE " NOTE_PATH, AUTH "If-Match: \"3\"\r\n", "", 200, NOTE_ID},
        {"POST /api/v1/prepared", AUTH, "{\"number\":1}", 200, "made on the pool"},
        {"POST /api/v1/prepared", AUTH, "{\"number\":13}", 422, "conflict"},
        {"POST /api/v1/slow", AUTH, "{\"number\":1}", 200, "slept"},
        /* from pages: an own origin and the mark */
        {"POST /api/v1/notes", "Cookie: session=officer\r\n", "{}", 403, "origin"},
        {"POST /api/v1/notes", "Cookie: session=officer\r\nX-Requested-With: lumbung\r\n", "{}", 403, "origin"},
        {"POST /api/v1/notes", "Cookie: session=officer\r\nOrigin: http://localhost\r\n", "{}", 403, "origin"},
        {"POST /api/v1/notes", "Cookie: session=officer\r\nX-Requested-With: lumbung\r\nOrigin: https://evil.example\r\n", "{}", 403, "origin"},
        {"POST /api/v1/notes", "Cookie: session=officer\r\nX-Requested-With: lumbung\r\nOrigin: null\r\n", "{}", 403, "origin"},
        {"POST /api/v1/notes", "Cookie: session=officer\r\nX-Requested-With: lumbung\r\nSec-Fetch-Site: same-site\r\n", "{}", 403, "origin"},
        {"POST /api/v1/notes", "Cookie: session=officer\r\nX-Requested-With: lumbung\r\nSec-Fetch-Site: cross-site\r\nOrigin: http://localhost\r\n", "{}", 403,
         "origin"},
        {"POST /api/v1/notes", "Cookie: session=officer\r\nX-Requested-With: lumbung\r\nOrigin: http://localhost\r\n", "{}", 422, "required"},
        {"POST /api/v1/notes", "Cookie: session=officer\r\nX-Requested-With: lumbung\r\nSec-Fetch-Site: same-origin\r\n", "{}", 422, "required"},
        {"POST /api/v1/session", "Sec-Fetch-Site: cross-site\r\n", "{\"number\":1}", 403, "origin"},
        {"POST /api/v1/session", "", "{\"number\":2}", 401, "sign_in_failed"},
    };
    run_rows(*state, rows, sizeof rows / sizeof rows[0]);
    struct http *http = *state;
    assert_int_equal(fixture_number(http->fixture, "SELECT count(*) FROM test_basket"), 0);
}

static void
test_media_types(void **state)
{
    struct http *http = *state;
    static const struct { const char *path, *type; int status; } rows[] = {
        {"/api/v1/notes", "text/plain", 415}, {"/api/v1/notes", "application/x-www-form-urlencoded", 415}, {"/api/v1/notes", "application/jsonx", 415},
        {"/api/v1/notes", "application/json; charset=utf-16", 415}, {"/api/v1/notes", "application/json; charset=UTF-8", 422},
        {"/api/v1/raw", "application/json", 415}, {"/api/v1/raw", "text/csv; header=present", 200}, {"/api/v1/raw", "image/png", 200},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct client client;
        char text[512];
        client_open(&client, http->port);
        snprintf(text, sizeof text, "POST %s HTTP/1.1\r\nHost: a\r\n" AUTH "Content-Type: %s\r\nContent-Length: 2\r\n\r\n{}", rows[i].path, rows[i].type);
        assert_int_equal(client_ask(&client, text), rows[i].status);
        client_close(&client);
    }
}

static int
send_large(struct http *http, const char *head, size_t bytes, bool chunked)
{
    struct client client;
    client_open(&client, http->port);
    client_send(&client, head, strlen(head));
    char block[4096 + 8];
    for (size_t sent = 0; sent < bytes; sent += 4096) {
        int at = chunked ? sprintf(block, "1000\r\n") : 0;
        memset(block + at, ' ', 4096);
        if (chunked)
            memcpy(block + at + 4096, "\r\n", 2);
        client_send(&client, block, 4096 + (size_t)at + (chunked ? 2 : 0));
    }
    if (chunked)
        client_send(&client, "0\r\n\r\n", 5);
    int status = client_read(&client, false) ? client.status : 0;
    if (status == 200)
        assert_non_null(strstr(client.body, "\"bytes\":1048576"));
    client_close(&client);
    return status;
}

static void
test_bodies(void **state)
{
    struct http *http = *state;
#define LARGE(verb, path, type, how) verb " " path " HTTP/1.1\r\nHost: a\r\n" AUTH "If-Match: \"3\"\r\nContent-Type: " type "\r\n" how "\r\n\r\n"
    assert_int_equal(send_large(http, LARGE("POST", "/api/v1/notes", "application/json", "Content-Length: 65537"), 65537, false), 413);
    assert_int_equal(send_large(http, LARGE("PATCH", NOTE_PATH, "application/json", "Content-Length: 131072"), 131072, false), 413);
    assert_int_equal(send_large(http, LARGE("POST", "/api/v1/notes", "application/json", "Transfer-Encoding: chunked"), 131072, true), 413);
    assert_int_equal(send_large(http, LARGE("PATCH", NOTE_PATH, "application/json", "Transfer-Encoding: chunked"), 131072, true), 413);
    assert_int_equal(send_large(http, LARGE("POST", "/api/v1/raw", "text/csv", "Content-Length: 10000000000"), 0, false), 413);
    assert_int_equal(send_large(http, LARGE("POST", "/api/v1/raw", "text/csv", "Content-Length: 1048576"), 1048576, false), 200);
    assert_int_equal(send_large(http, LARGE("POST", "/api/v1/raw", "text/csv", "Transfer-Encoding: chunked"), 1048576, true), 200);
    /* Refused before the body: the connection goes on. */
    struct client client;
    client_open(&client, http->port);
    assert_int_equal(client_post(&client, "POST /api/v1/notes", "", "{\"number\":1}"), 401);
    assert_int_equal(client_get(&client, "/healthz", ""), 200);
    assert_int_equal(client_ask(&client, "POST /api/v1/raw HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Type: text/csv\r\nContent-Length: 2\r\n" AUTH "\r\n"), 100);
    assert_int_equal(client_ask(&client, "ab"), 200);
    assert_non_null(strstr(client.body, "\"bytes\":2"));
    client_close(&client);
}

static void
test_headers(void **state)
{
    struct http *http = *state;
    struct client client;
    client_open(&client, http->port);
    static const char *const paths[] = {"/healthz", NOTE_PATH, "/api/v1/none", "/", "/api/v1/users", "/api/v1/notes?x=1", "/none.js", "/openapi.json"};
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
        client_get(&client, paths[i], AUTH "Origin: https://evil.example\r\n");
        assert_string_equal(client_header(&client, "X-Content-Type-Options"), "nosniff");
        assert_string_equal(client_header(&client, "Referrer-Policy"), "no-referrer");
        assert_string_equal(client_header(&client, "Cross-Origin-Opener-Policy"), "same-origin");
        assert_non_null(strstr(client_header(&client, "Content-Security-Policy"), "default-src 'self'; script-src 'self'; object-src 'none'"));
        assert_true((strstr(client_header(&client, "Content-Security-Policy"), "sandbox") != NULL) == (client.body[0] == '{'));
        assert_null(client_header(&client, "Access-Control-Allow-Origin"));
        assert_null(client_header(&client, "Strict-Transport-Security"));
        if (client.body[0] == '{')
            assert_string_equal(client_header(&client, "Cache-Control"), "no-store");
    }
    client_get(&client, NOTE_PATH, AUTH);
    assert_string_equal(client_header(&client, "ETag"), "\"3\"");
    client_get(&client, "/api/v1/notes?q=a&limit=2&after=eHg", AUTH);
    assert_null(client_header(&client, "Link"));
    client_get(&client, "/api/v1/notes?q=a&limit=2", AUTH);
    assert_string_equal(client_header(&client, "Link"), "</api/v1/notes?q=a&limit=2&after=YWJj>; rel=\"next\"");
    assert_int_equal(client_ask(&client, "HEAD " NOTE_PATH " HTTP/1.1\r\nHost: a\r\n" AUTH "\r\n"), 200);
    assert_true(atoi(client_header(&client, "Content-Length")) > 20);
    assert_int_equal(client_get(&client, "/api/v1/file", AUTH), 200);
    assert_int_equal(client.body_length, 1000000);
    for (size_t i = 0; i < client.body_length; i++)
        assert_int_equal(client.body[i], '0' + (int)(i % 10));
    assert_string_equal(client_header(&client, "Content-Disposition"), "attachment; filename=\"a___X: y.csv\"; filename*=UTF-8''a%22%0D%0AX%3A%20y.csv");
    assert_int_equal(client_post(&client, "POST /api/v1/session", "", "{\"number\":1}"), 204);
    assert_string_equal(client_header(&client, "Set-Cookie"), "session=fresh; Path=/; HttpOnly; SameSite=Strict");
    assert_int_equal(client_post(&client, "POST /api/v1/session", "", "{\"number\":3}"), 204);
    assert_string_equal(client_header(&client, "Set-Cookie"), "session=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0");
    assert_string_equal(client_header(&client, "Clear-Site-Data"), "\"cookies\"");
    client_close(&client);
}

static void
test_languages(void **state)
{
    struct http *http = *state;
    static const struct { const char *header, *language; } rows[] = {
        {"", "id"}, {"Accept-Language: en\r\n", "en"}, {"Accept-Language: en-GB,en;q=0.9\r\n", "en"}, {"Accept-Language: id, en;q=0.8\r\n", "id"},
        {"Accept-Language: id;q=0.5, en;q=0.8\r\n", "en"}, {"Accept-Language: fr\r\n", "id"}, {"Accept-Language: en;q=0\r\n", "id"},
    };
    struct client client;
    client_open(&client, http->port);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_int_equal(client_get(&client, "/api/v1/none", rows[i].header), 404);
        assert_string_equal(client_header(&client, "Content-Language"), rows[i].language);
        assert_string_equal(client_header(&client, "Content-Type"), "application/problem+json");
        assert_non_null(strstr(client.body, rows[i].language[0] == 'e' ? "It does not exist" : "Tidak ada"));
    }
    client_close(&client);
}

static void
test_not_found_equal(void **state)
{
    struct http *http = *state;
    struct client client;
    char first[2048];
    client_open(&client, http->port);
    client_get(&client, "/api/v1/notes/" OTHER_ID, AUTH);
    snprintf(first, sizeof first, "%s", client.body);
    client_get(&client, "/api/v1/notes/018f0000-0000-7000-8000-0000000000fe", AUTH);
    assert_string_equal(first, client.body);
    client_get(&client, "/api/v1/elsewhere/1", AUTH);
    assert_string_equal(first, client.body);
    client_close(&client);
}

static void
test_access(void **state)
{
    struct http *http = *state;
    struct client client;
    client_open(&client, http->port);
    access_lines = 0;
    client_get(&client, NOTE_PATH, AUTH);
    client_get(&client, "/api/v1/users", AUTH);
    client_get(&client, NOTE_PATH, "");
    client_get(&client, "/api/v1/notes", AUTH);
    assert_int_equal(access_lines, 3);
    access_full = true;
    assert_int_equal(client_get(&client, NOTE_PATH, AUTH), 503);
    assert_string_equal(client_header(&client, "Retry-After"), "1");
    assert_null(strstr(client.body, NOTE_ID));
    assert_int_equal(client_get(&client, "/api/v1/notes", AUTH), 200);
    access_full = false;
    client_close(&client);
}

static void
test_operations(void **state)
{
    struct http *http = *state;
    struct client client;
    char first[512];
    client_open(&client, http->port);
    assert_int_equal(client_post(&client, "POST /api/v1/notes", AUTH KEY("1"), "{\"number\":0}"), 422); /* a refused form may be corrected */
    assert_int_equal(client_post(&client, "POST /api/v1/notes", AUTH KEY("1"), "{\"number\":1}"), 201);
    assert_null(client_header(&client, "Idempotent-Replay"));
    snprintf(first, sizeof first, "%s", client.body);
    assert_int_equal(client_post(&client, "POST /api/v1/notes", AUTH KEY("1"), "{\"number\":1}"), 201);
    assert_string_equal(client_header(&client, "Idempotent-Replay"), "1");
    assert_string_equal(first, client.body);
    assert_string_equal(client_header(&client, "ETag"), "\"3\"");
    assert_int_equal(client_post(&client, "POST /api/v1/notes", AUTH KEY("1"), "{\"number\":2}"), 422);
    assert_non_null(strstr(client.body, "key_reused"));
    assert_int_equal(client_post(&client, "POST /api/v1/payouts", AUTH KEY("1"), "{\"number\":1}"), 422);
    assert_non_null(strstr(client.body, "key_reused"));
    assert_int_equal(client_post(&client, "POST /api/v1/notes", AUTH KEY("2"), "{\"number\":1}"), 409); /* the database's own guard; not stored */
    assert_int_equal(client_post(&client, "POST /api/v1/notes", AUTH KEY("2"), "{\"number\":2}"), 201);
    assert_int_equal(client_post(&client, "POST /api/v1/payouts", AUTH KEY("3"), "{\"number\":3}"), 201);
    assert_int_equal(client_post(&client, "POST /api/v1/payouts", AUTH KEY("3"), "{\"number\":3}"), 201);
    assert_non_null(strstr(client.body, "{\"id\":\"")); /* without a replay step: the id alone */
    client_close(&client);
    http_stop(http);
    assert_int_equal(fixture_number(http->fixture, "SELECT count(*) FROM test_basket"), 3);
    assert_int_equal(fixture_number(http->fixture, "SELECT count(*) FROM idempotency"), 3);
}

/* What such a step did is there; its key is not used up; and a step that fails leaves no refusal behind. */
static void
test_standing_refusal(void **state)
{
    struct http *http = *state;
    static const char basket[] = "SELECT count(*) FROM test_basket WHERE number = 700001";
    struct client client;
    client_open(&client, http->port);
    assert_int_equal(client_post(&client, "POST /api/v1/standing", AUTH KEY("7"), "{\"number\":700001}"), 409);
    assert_non_null(strstr(client.body, "\"code\":\"state\""));
    assert_int_equal(fixture_number(http->fixture, basket), 1);
    assert_int_equal(client_post(&client, "POST /api/v1/standing", AUTH KEY("7"), "{\"number\":700001}"), 409);
    assert_non_null(strstr(client.body, "\"code\":\"exists\"")); /* tried again, not replayed: the row is there already */
    assert_int_equal(fixture_number(http->fixture, basket), 1);
    client_close(&client);
}

static atomic_int replays, firsts;

static void *
ask_same(void *context)
{
    const struct http *http = context;
    struct client client;
    client_open(&client, http->port);
    for (int i = 0; i < 20; i++) {
        char headers[256];
        snprintf(headers, sizeof headers, AUTH "Idempotency-Key: \"018f0000-0000-7000-8000-0000000001%02d\"\r\n", i);
        char body[64];
        snprintf(body, sizeof body, "{\"number\":%d}", 100 + i);
        if (client_post(&client, "POST /api/v1/payouts", headers, body) == 201)
            atomic_fetch_add(client_header(&client, "Idempotent-Replay") ? &replays : &firsts, 1);
    }
    client_close(&client);
    return NULL;
}

static void
test_same_key_at_once(void **state)
{
    struct http *http = *state;
    pthread_t threads[8];
    replays = firsts = 0;
    for (int i = 0; i < 8; i++)
        pthread_create(&threads[i], NULL, ask_same, http);
    for (int i = 0; i < 8; i++)
        pthread_join(threads[i], NULL);
    assert_int_equal(firsts, 20);
    assert_int_equal(replays, 140);
    http_stop(http);
    assert_int_equal(fixture_number(http->fixture, "SELECT count(*) FROM test_basket"), 20);
}

#define HTTP_TEST(function) cmocka_unit_test_setup_teardown(function, http_setup, http_teardown)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        HTTP_TEST(test_reads), HTTP_TEST(test_refused_writes), HTTP_TEST(test_media_types), HTTP_TEST(test_bodies), HTTP_TEST(test_headers),
        HTTP_TEST(test_languages), HTTP_TEST(test_not_found_equal), HTTP_TEST(test_access), HTTP_TEST(test_operations), HTTP_TEST(test_standing_refusal), HTTP_TEST(test_same_key_at_once),
    };
    return cmocka_run_group_tests_name("http server", tests, NULL, NULL);
}
