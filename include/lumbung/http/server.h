/* server.h: the HTTP server: one epoll loop of our own around the library, a small pool for slow reads, the lane for writes. It knows no
 * domain: who is asking and what is recorded reach it as functions. */
#ifndef LUMBUNG_HTTP_SERVER_H
#define LUMBUNG_HTTP_SERVER_H

#include "lumbung/db/lane.h"
#include "lumbung/http/route.h"

/* What a request brought to say who it is. */
struct credentials {
    const char *session_token; /* cookie; NULL without */
    const char *bearer_token;  /* Authorization: Bearer; NULL without */
    const char *remote;
};

/* One line of the access log: a read of persons, a denial, a failed sign-in. */
struct access {
    int64_t at_ms;
    const struct actor *actor;
    const char *route;         /* "GET /api/v1/households/{id}" */
    int status;
    const char *remote;
    const struct id *subjects;
    size_t subject_count;
};

struct server_config {
    const char *address;       /* "127.0.0.1" */
    int port;                  /* 0 picks one */
    const char *tls_certificate, *tls_key; /* PEM file paths; NULL: plain */
    const char *behind_proxy;  /* CIDR whose X-Forwarded-For is believed; NULL */
    const char *static_directory; /* NULL: the embedded files */
    const char *db_path;       /* readers are opened on it */
    struct lane *lane;
    struct keyring *keyring;
    struct registry *registry;
    const struct route *const *tables; /* ends with NULL */
    bool is_demo;
    /* Fills the actor (ACTOR_NOBODY without or with stale credentials); called on the loop thread for reads, and again inside the savepoint for writes. */
    struct error *(*authenticate)(struct tx *tx, const struct credentials *credentials, struct actor *ret_actor);
    /* False when the access queue is full: personal data is then refused with 503. */
    bool (*record_access)(struct registry *registry, const struct access *access);
    /* True when the in-memory indexes are loaded. */
    bool (*is_ready)(struct registry *registry);
    /* The whole of a list as a file, page after page through its own step; NULL: lists have no file. */
    struct error *(*list_file)(struct tx *tx, const struct call *call, struct reply *reply);
    void (*print_metrics)(struct registry *registry, struct buffer *buffer);
    int64_t (*now_ms)(void);   /* NULL: time_now_ms */
};

struct server;
/* Binds and prepares; the port is bound on return. ERROR_FILE for certificate faults, ERROR_USAGE for a port in use or a non-loopback address without TLS. */
FALLIBLE struct error *server_open(const struct server_config *config, struct server **ret_server);
int server_port(const struct server *server);
/* Serves until server_stop: quiesce, drain, answer what is in flight (10 s at most). */
void server_run(struct server *server);
/* Async-signal-safe. */
void server_stop(struct server *server);
void server_close(struct server *server);

/* http's own routes: /healthz /readyz /metrics /openapi.json. */
extern const struct route server_routes[];

#endif
