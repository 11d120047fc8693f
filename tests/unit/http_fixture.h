/* http_fixture.h: a server with a few routes that provoke every rule of the pipeline, on a fresh registry, and a client that speaks raw bytes. */
#ifndef TESTS_HTTP_FIXTURE_H
#define TESTS_HTTP_FIXTURE_H

#include "db_fixture.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <strings.h>
#include <sys/socket.h>

#include "http/server_private.h"
#include "lumbung/base/time.h"
#include "lumbung/http/spool.h"

#define NOTE_ID "018f0000-0000-7000-8000-000000000001"
#define OTHER_ID "018f0000-0000-7000-8000-0000000000ff"
#define AUTH "Authorization: Bearer officer\r\n"

struct note {
    struct presence presence;
    int64_t number;
    const char *text;
};
static const struct field note_fields[] = {
    {.name = "number", .offset = offsetof(struct note, number), .kind = FIELD_INT, .flags = FIELD_REQUIRED, .minimum = 1, .maximum = 1000000},
    {.name = "text", .offset = offsetof(struct note, text), .kind = FIELD_TEXT, .maximum = 20},
};
static FIELD_TABLE(note_table, "note", struct note, note_fields);

struct note_query {
    struct presence presence;
    const char *kind;
    int64_t number;
    const char *text;
};
static const struct code note_kinds[] = {{"plain", "polos", "plain"}, {"rich", "kaya", "rich"}};
static const struct code_list note_kind_list = CODE_LIST("note_kind", 1, note_kinds);
static const struct field note_query_fields[] = {
    {.name = "kind", .offset = offsetof(struct note_query, kind), .kind = FIELD_CODE, .codes = &note_kind_list},
    {.name = "number", .offset = offsetof(struct note_query, number), .kind = FIELD_INT},
    {.name = "q", .offset = offsetof(struct note_query, text), .kind = FIELD_TEXT},
};
static FIELD_TABLE(note_query_table, "note_query", struct note_query, note_query_fields);

static int access_lines; /* read after the server has answered */
static bool access_full;

static struct error *
note_print(const struct call *call, struct reply *reply, struct id id)
{
    json_open(&reply->body, NULL, '{');
    json_put_id(&reply->body, "id", id);
    json_put_text(&reply->body, "remote", call->remote);
    json_close(&reply->body, '}');
    reply->version = 3;
    return NULL;
}

static struct error *
note_get(struct tx *tx, const struct call *call, struct reply *reply)
{
    struct id id;
    assert_true(id_parse(NOTE_ID, &id));
    if (!id_equal(call->ids[0], id))
        return error_new(ERROR_NOT_FOUND);
    reply_saw(reply, tx->arena, id);
    return note_print(call, reply, id);
}

static struct error *
note_list(struct tx *tx, const struct call *call, struct reply *reply)
{
    reply_list_begin(reply);
    for (int i = 0; i < call->limit && i < 3; i++)
        json_put_int(&reply->body, NULL, i);
    reply_list_end(reply, tx->arena, call->after.length ? NULL : "abc", call->after.length ? 0 : 3);
    return NULL;
}

static struct error *
note_add(struct tx *tx, const struct call *call, struct reply *reply)
{
    const struct note *note = call->in;
    TRY(basket_insert(tx->db, note->number, 1, NULL, 0));
    tx->leaf_count++;
    reply->status = 201;
    reply->record_id = tx_new_id(tx);
    reply->location = "/api/v1/notes/x";
    return note_print(call, reply, reply->record_id);
}

static struct error *
note_replay(struct tx *tx, const struct call *call, struct reply *reply)
{
    (void)tx;
    return note_print(call, reply, call->ids[0]);
}

static struct error *
note_change(struct tx *tx, const struct call *call, struct reply *reply)
{
    if (call->if_match != 3) {
        struct error *error = error_new(ERROR_STALE);
        error_add_member(error, "current", "{\"version\":3}", true);
        return error;
    }
    tx->leaf_count++;
    return note_print(call, reply, call->ids[0]);
}

static struct error *
note_silent(struct tx *tx, const struct call *call, struct reply *reply)
{
    (void)call;
    (void)reply;
    return basket_insert(tx->db, 900001, 1, NULL, 0);
}

/* Stays, and is refused all the same. */
static struct error *
note_stand(struct tx *tx, const struct call *call, struct reply *reply)
{
    const struct note *note = call->in;
    tx->leaf_count++;
    reply->refusal = error_with(ERROR_STATE, "held", "stand", NULL);
    return basket_insert(tx->db, note->number, 1, NULL, 0);
}

static struct error *
note_prepare(struct tx *tx, const struct call *call, struct reply *reply)
{
    const struct note *note = call->in;
    if (note->number == 13)
        return error_field("/number", FAULT_CONFLICT, "luck", NULL);
    reply->prepared = arena_text(tx->arena, "made on the pool");
    return NULL;
}

static struct error *
note_prepared(struct tx *tx, const struct call *call, struct reply *reply)
{
    tx->leaf_count++;
    json_open(&reply->body, NULL, '{');
    json_put_text(&reply->body, "prepared", call->prepared);
    json_close(&reply->body, '}');
    return NULL;
}

static struct error *
note_slow(struct tx *tx, const struct call *call, struct reply *reply)
{
    (void)tx;
    const struct note *note = call->in;
    usleep((useconds_t)(note->number * 1000));
    json_open(&reply->body, NULL, '{');
    json_put_int(&reply->body, "slept", note->number);
    json_close(&reply->body, '}');
    return NULL;
}

static struct error *
note_raw(struct tx *tx, const struct call *call, struct reply *reply)
{
    (void)tx;
    json_open(&reply->body, NULL, '{');
    json_put_int(&reply->body, "bytes", (int64_t)call->body.length);
    json_close(&reply->body, '}');
    return NULL;
}

static struct error *
note_file(struct tx *tx, const struct call *call, struct reply *reply)
{
    (void)tx;
    (void)call;
    TRY(spool_open("/tmp", &reply->spool));
    for (int i = 0; i < 100000; i++)
        TRY(spool_write(reply->spool, (char[]){"0123456789"}, 10));
    reply->content_type = "text/csv; charset=utf-8";
    reply->filename = "a\"\r\nX: y.csv";
    return NULL;
}

static struct error *
sign_in(struct tx *tx, const struct call *call, struct reply *reply)
{
    const struct note *note = call->in;
    tx->leaf_count++;
    if (note->number == 2)
        return error_new(ERROR_SIGN_IN_FAILED);
    reply->session_token = note->number == 3 ? "" : "fresh";
    reply->status = 204;
    return NULL;
}

#define NOTE(verb, where, how) .method = METHOD_##verb, .path = (where), .kind = ROUTE_##how, .perm = PERM_HOUSEHOLD_READ, .scope = SCOPE_NONE, .summary = "test"
#define WRITES .action = "note.write", .body = BODY_TABLE, .in = &note_table
static const struct route note_routes[] = {
    {NOTE(GET, "/api/v1/notes/{id}", READ_FAST), .step = note_get, .personal = true},
    {NOTE(GET, "/api/v1/notes", READ_FAST), .step = note_list, .list = true, .query = &note_query_table},
    {NOTE(POST, "/api/v1/notes", WRITE), WRITES, .step = note_add, .replay = note_replay, .key = KEY_OPTIONAL},
    {NOTE(POST, "/api/v1/payouts", WRITE), WRITES, .step = note_add, .key = KEY_REQUIRED},
    {NOTE(PATCH, "/api/v1/notes/{id}", WRITE), WRITES, .step = note_change, .version = VERSION_REQUIRED},
    {NOTE(DELETE, "/api/v1/notes/{id}", WRITE), .action = "note.remove", .step = note_change, .version = VERSION_OPTIONAL},
    {NOTE(POST, "/api/v1/standing", WRITE), WRITES, .step = note_stand, .key = KEY_REQUIRED},
    {NOTE(POST, "/api/v1/silent", WRITE), .action = "note.silent", .step = note_silent},
    {NOTE(POST, "/api/v1/prepared", WRITE), WRITES, .prepare = note_prepare, .step = note_prepared},
    {NOTE(POST, "/api/v1/slow", READ_SLOW), .body = BODY_TABLE, .in = &note_table, .step = note_slow},
    {NOTE(POST, "/api/v1/raw", READ_FAST), .body = BODY_RAW, .accepts = "text/csv, image/png", .body_bytes_max = 3 * 1024 * 1024, .step = note_raw},
    {NOTE(GET, "/api/v1/file", READ_SLOW), .step = note_file},
    {.method = METHOD_POST, .path = "/api/v1/session", .kind = ROUTE_WRITE, .perm = PERM_PUBLIC, .scope = SCOPE_SELF, .summary = "test", WRITES, .step = sign_in},
    {.method = METHOD_GET, .path = "/api/v1/users", .kind = ROUTE_READ_FAST, .perm = PERM_USER_MANAGE, .scope = SCOPE_NONE, .summary = "test", .step = note_list},
    {NOTE(POST, "/api/v1/release", WRITE), .action = "note.release", .step_up = true, .step = note_change},
    {0},
};
static const struct route *const note_tables[] = {note_routes, NULL};

static struct error *
note_authenticate(struct tx *tx, const struct credentials *credentials, struct actor *ret_actor)
{
    (void)tx;
    const char *token = credentials->bearer_token ? credentials->bearer_token : credentials->session_token;
    if (token == NULL || strcmp(token, "officer") != 0)
        return NULL;
    ret_actor->kind = ACTOR_USER;
    ret_actor->user_id.bytes[15] = 7;
    ret_actor->permissions = UINT64_C(1) << PERM_HOUSEHOLD_READ;
    return NULL;
}

static bool
note_access(struct registry *registry, const struct access *access)
{
    (void)registry;
    (void)access;
    __atomic_add_fetch(&access_lines, 1, __ATOMIC_SEQ_CST);
    return !__atomic_load_n(&access_full, __ATOMIC_SEQ_CST);
}

struct http {
    struct fixture *fixture;
    struct keyring *keyring;
    struct lane *lane;
    struct server *server;
    pthread_t thread;
    int port;
    bool running;
};

static inline void *
http_serve(void *context)
{
    server_run(context);
    return NULL;
}

static inline void
http_start(struct http *http, struct server_config config, const struct server_timing *timing)
{
    struct lane_options options = {.keyring = http->keyring};
    must(lane_start(http->fixture->path, &options, &http->lane));
    config.address = "127.0.0.1";
    config.db_path = http->fixture->path;
    config.lane = http->lane;
    config.keyring = http->keyring;
    config.tables = note_tables;
    config.authenticate = note_authenticate;
    config.record_access = note_access;
    must(server_open(&config, &http->server));
    if (timing)
        server_set_timing(http->server, *timing);
    http->port = server_port(http->server);
    assert_int_equal(pthread_create(&http->thread, NULL, http_serve, http->server), 0);
    http->running = true;
}

static inline void
http_stop(struct http *http)
{
    if (!http->running)
        return;
    http->running = false;
    server_stop(http->server);
    pthread_join(http->thread, NULL);
    server_close(http->server);
    lane_stop(http->lane);
}

static inline struct http *
http_new(void)
{
    struct fixture *fixture = fixture_registry();
    struct http *http = ARENA_NEW(fixture->arena, struct http);
    http->fixture = fixture;
    signal(SIGPIPE, SIG_IGN);
    must(keyring_open(arena_format(fixture->arena, "%s/keys", fixture->folder), true, &http->keyring));
    access_full = false;
    return http;
}

static inline int
http_setup(void **state)
{
    struct http *http = http_new();
    http_start(http, (struct server_config){0}, NULL);
    *state = http;
    return 0;
}

static inline int
http_teardown(void **state)
{
    struct http *http = *state;
    http_stop(http);
    keyring_close(http->keyring);
    fixture_end(http->fixture);
    return 0;
}

/* A client that sends bytes as they are given. */
#define CLIENT_BYTES (2 * 1024 * 1024)
struct client {
    int socket;
    char *data;
    size_t length;
    int status;       /* of the last answer read */
    char headers[4096];
    char *body;       /* NUL-terminated */
    size_t body_length;
};

static inline int
client_socket(int port)
{
    int handle = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    if (connect(handle, (const struct sockaddr *)&address, sizeof address) != 0) {
        close(handle);
        return -1;
    }
    struct timeval patience = {.tv_sec = 5};
    setsockopt(handle, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    return handle;
}

static inline void
client_open(struct client *client, int port)
{
    memset(client, 0, sizeof *client);
    client->data = malloc(CLIENT_BYTES + 1);
    client->body = malloc(CLIENT_BYTES + 1);
    client->socket = client_socket(port);
}

static inline void
client_close(struct client *client)
{
    if (client->socket >= 0)
        close(client->socket);
    free(client->data);
    free(client->body);
}

static inline void
client_send(struct client *client, const char *bytes, size_t length)
{
    while (length > 0) {
        ssize_t sent = send(client->socket, bytes, length, MSG_NOSIGNAL);
        if (sent <= 0)
            return;
        bytes += sent;
        length -= (size_t)sent;
    }
}

static inline const char *
client_header(const struct client *client, const char *name)
{
    static _Thread_local char value[1024];
    size_t length = strlen(name);
    for (const char *line = strstr(client->headers, "\r\n"); line && line[2]; line = strstr(line + 2, "\r\n")) {
        const char *at = line + 2;
        if (strncasecmp(at, name, length) == 0 && at[length] == ':') {
            at += length + 1 + strspn(at + length + 1, " ");
            size_t size = strcspn(at, "\r");
            memcpy(value, at, size);
            value[size] = '\0';
            return value;
        }
    }
    return NULL;
}

static inline bool
client_fill(struct client *client)
{
    ssize_t got = recv(client->socket, client->data + client->length, CLIENT_BYTES - client->length, 0);
    if (got <= 0)
        return false;
    client->length += (size_t)got;
    client->data[client->length] = '\0';
    return true;
}

/* Reads one whole answer; false when the connection ended. `is_head`: without its body. */
static inline bool
client_read(struct client *client, bool is_head)
{
    client->status = 0;
    client->data[client->length] = '\0';
    char *end;
    while ((end = strstr(client->data, "\r\n\r\n")) == NULL)
        if (!client_fill(client))
            return false;
    size_t head = (size_t)(end - client->data) + 4;
    assert_true(head < sizeof client->headers);
    memcpy(client->headers, client->data, head);
    client->headers[head] = '\0';
    client->status = atoi(client->headers + 9);
    const char *text = client_header(client, "Content-Length");
    size_t length = text && !is_head && client->status != 304 && client->status != 204 ? (size_t)atol(text) : 0;
    while (client->length < head + length)
        if (!client_fill(client))
            return false;
    memcpy(client->body, client->data + head, length);
    client->body[length] = '\0';
    client->body_length = length;
    memmove(client->data, client->data + head + length, client->length - head - length);
    client->length -= head + length;
    return true;
}

static inline int
client_ask(struct client *client, const char *request)
{
    client_send(client, request, strlen(request));
    return client_read(client, strncmp(request, "HEAD ", 5) == 0) ? client->status : 0;
}

/* A request with a JSON body, extra header lines given whole. */
static inline int
client_post(struct client *client, const char *line, const char *headers, const char *body)
{
    char *text = NULL;
    int length = asprintf(&text, "%s HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: %zu\r\n%s\r\n%s", line, strlen(body), headers, body);
    assert_true(length > 0);
    int status = client_ask(client, text);
    free(text);
    return status;
}

static inline int
client_get(struct client *client, const char *path, const char *headers)
{
    char text[2048];
    snprintf(text, sizeof text, "GET %s HTTP/1.1\r\nHost: localhost\r\n%s\r\n", path, headers);
    return client_ask(client, text);
}

#endif
