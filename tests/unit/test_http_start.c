/* test_http_start.c: how a server starts and stops: under load, behind a proxy, with a folder of pages, and what it refuses to start with. */
#include "http_fixture.h"

#include <stdatomic.h>
#include <sys/stat.h>

#define NOTE_PATH "/api/v1/notes/" NOTE_ID

static atomic_int written;
static atomic_int next_number;

static void *
write_until_stopped(void *context)
{
    const struct http *http = context;
    struct client client;
    client_open(&client, http->port);
    for (;;) {
        char body[64];
        snprintf(body, sizeof body, "{\"number\":%d}", atomic_fetch_add(&next_number, 1) + 1000);
        int status = client_post(&client, "POST /api/v1/notes", AUTH, body);
        if (status == 201)
            atomic_fetch_add(&written, 1);
        else
            break;
    }
    client_close(&client);
    return NULL;
}

static void
test_stop_under_load(void **state)
{
    struct http *http = *state;
    pthread_t threads[8];
    written = next_number = 0;
    for (int i = 0; i < 8; i++)
        pthread_create(&threads[i], NULL, write_until_stopped, http);
    usleep(400000);
    int64_t began_ms = time_monotonic_ms();
    http_stop(http);
    assert_true(time_monotonic_ms() - began_ms < 4000);
    for (int i = 0; i < 8; i++)
        pthread_join(threads[i], NULL);
    assert_true(written > 50);
    int64_t stored = fixture_number(http->fixture, "SELECT count(*) FROM test_basket");
    assert_true(stored >= written && stored <= written + 8);
}

static void
test_stop_with_slow_work(void **state)
{
    struct http *http = *state;
    struct client client;
    client_open(&client, http->port);
    const char *text = "POST /api/v1/slow HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n" AUTH "Content-Length: 14\r\n\r\n{\"number\":500}";
    client_send(&client, text, strlen(text));
    usleep(100000);
    struct client idle;
    client_open(&idle, http->port);
    usleep(50000);
    http_stop(http);
    assert_true(client_read(&client, false));
    assert_int_equal(client.status, 200);
    assert_false(client_fill(&idle));
    client_close(&client);
    client_close(&idle);
}

static void
write_text(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static void
test_static_folder(void **state)
{
    struct http *http = http_new();
    *state = http;
    struct arena *arena = http->fixture->arena;
    const char *folder = arena_format(arena, "%s/front", http->fixture->folder);
    assert_int_equal(mkdir(folder, 0700), 0);
    assert_int_equal(mkdir(arena_format(arena, "%s/app", folder), 0700), 0);
    write_text(arena_format(arena, "%s/index.html", folder), "<title>front</title>");
    write_text(arena_format(arena, "%s/app/main.js", folder), "start();");
    write_text(arena_format(arena, "%s/.env", folder), "secret");
    write_text(arena_format(arena, "%s/secret.txt", http->fixture->folder), "secret");
    assert_int_equal(symlink("../secret.txt", arena_format(arena, "%s/link.txt", folder)), 0);
    assert_int_equal(symlink("..", arena_format(arena, "%s/up", folder)), 0);
    http_start(http, (struct server_config){.static_directory = folder}, NULL);
    static const struct { const char *path; int status; const char *text; } rows[] = {
        {"/", 200, "front"}, {"/index.html", 200, "front"}, {"/households", 200, "front"}, {"/households/018f/edit", 200, "front"}, {"/app/main.js", 200, "start"},
        {"/app/none.js", 404, NULL}, {"/app/", 404, NULL}, {"/../secret.txt", 404, NULL}, {"/%2e%2e/secret.txt", 404, NULL}, {"/..%2fsecret.txt", 404, NULL},
        {"/app/../../secret.txt", 404, NULL}, {"//etc/passwd", 404, NULL}, {"/%252e%252e%252fsecret.txt", 404, NULL}, {"/..\\secret.txt", 404, NULL},
        {"/app%5c..%5c..%5csecret.txt", 404, NULL}, {"/link.txt", 404, NULL}, {"/up/secret.txt", 404, NULL}, {"/.env", 404, NULL}, {"/.git/config", 404, NULL},
        {"/registry.db", 404, NULL}, {"/registry.db-wal", 404, NULL}, {"/index.html~", 404, NULL}, {"/app.", 404, NULL}, {"/./index.html", 404, NULL},
        {"/app%00.js", 400, NULL}, {"/app/main.js/", 404, NULL}, {"/api/none.js", 404, NULL}, {"/api", 404, NULL},
    };
    struct client client;
    client_open(&client, http->port);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        int status = client_get(&client, rows[i].path, "");
        if (status != rows[i].status || (rows[i].text && !strstr(client.body, rows[i].text)) || strstr(client.body, "secret"))
            fail_msg("%s: %d %s", rows[i].path, status, client.body);
        if (status == 400) {
            client_close(&client);
            client_open(&client, http->port);
        }
    }
    assert_int_equal(client_get(&client, "/app/main.js", ""), 200);
    assert_string_equal(client_header(&client, "Content-Type"), "text/javascript; charset=utf-8");
    char again[1280];
    snprintf(again, sizeof again, "If-None-Match: %s\r\n", client_header(&client, "ETag"));
    assert_int_equal(client_get(&client, "/app/main.js", again), 304);
    client_close(&client);
}

static void
test_proxy(void **state)
{
    struct http *http = http_new();
    *state = http;
    http_start(http, (struct server_config){.behind_proxy = "127.0.0.0/8"}, NULL);
    struct client client;
    client_open(&client, http->port);
    assert_int_equal(client_get(&client, NOTE_PATH, AUTH "X-Forwarded-For: 6.6.6.6, 9.8.7.6\r\n"), 200);
    assert_non_null(strstr(client.body, "\"9.8.7.6\""));
    assert_string_equal(client_header(&client, "Strict-Transport-Security"), "max-age=31536000; includeSubDomains");
    assert_int_equal(client_get(&client, NOTE_PATH, AUTH "X-Forwarded-For: <script>\r\n"), 200);
    assert_non_null(strstr(client.body, "\"127.0.0.1\""));
    assert_int_equal(client_get(&client, NOTE_PATH, "Cookie: session=officer\r\n"), 401);
    assert_int_equal(client_get(&client, NOTE_PATH, "Cookie: __Host-session=officer\r\n"), 200);
    assert_int_equal(client_post(&client, "POST /api/v1/session", "", "{\"number\":1}"), 204);
    assert_string_equal(client_header(&client, "Set-Cookie"), "__Host-session=fresh; Path=/; HttpOnly; SameSite=Strict; Secure");
    client_close(&client);
    http_stop(http);
    http_start(http, (struct server_config){0}, NULL);
    client_open(&client, http->port);
    assert_int_equal(client_get(&client, NOTE_PATH, AUTH "X-Forwarded-For: 9.8.7.6\r\n"), 200);
    assert_non_null(strstr(client.body, "\"127.0.0.1\""));
    client_close(&client);
}

static void
test_refused_starts(void **state)
{
    struct http *http = *state;
    struct server_config config = {.address = "0.0.0.0", .db_path = http->fixture->path, .tables = note_tables};
    struct server *server;
    must_refuse(server_open(&config, &server), ERROR_USAGE, "--tls-cert");
    config.address = "::";
    must_refuse(server_open(&config, &server), ERROR_USAGE, "--tls-cert");
    config.address = "localhost";
    must_refuse(server_open(&config, &server), ERROR_USAGE, "numeric");
    config.address = "127.0.0.1";
    config.port = http->port;
    must_refuse(server_open(&config, &server), ERROR_USAGE, "in use");
    config.port = 0;
    config.behind_proxy = "10.0.0.0/33";
    must_refuse(server_open(&config, &server), ERROR_USAGE, "--behind-proxy");
    config.behind_proxy = NULL;
    config.tls_certificate = config.tls_key = "/nonexistent.pem";
    must_refuse(server_open(&config, &server), ERROR_FILE, "nonexistent");
    config.tls_certificate = config.tls_key = http->fixture->path;
    must_refuse(server_open(&config, &server), ERROR_FILE, "PEM");
}

#define HTTP_TEST(function) cmocka_unit_test_setup_teardown(function, http_setup, http_teardown)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        HTTP_TEST(test_stop_under_load), HTTP_TEST(test_stop_with_slow_work), HTTP_TEST(test_refused_starts),
        cmocka_unit_test_setup_teardown(test_static_folder, NULL, http_teardown), cmocka_unit_test_setup_teardown(test_proxy, NULL, http_teardown),
    };
    return cmocka_run_group_tests_name("http start", tests, NULL, NULL);
}
