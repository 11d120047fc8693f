/* request.h: one request on its way through the pipeline. It lives in its own arena and has one owner at a time: loop, pool or lane. */
#ifndef LUMBUNG_HTTP_REQUEST_H
#define LUMBUNG_HTTP_REQUEST_H

#include "http/guard.h"
#include "http/router.h"
#include "lumbung/http/server.h"

#define ANSWER_HEADERS_MAX 28

/* What the pipeline needs of the server around it. */
struct gate {
    const struct server_config *config;
    const struct router *router;
    struct server *server;
    bool is_secure; /* TLS, ours or the proxy's: Secure cookies and HSTS */
    bool over_tls;  /* ours */
};

/* What goes over the wire, still without any library. */
struct answer {
    int status;
    const char *data;
    size_t length;
    struct spool *spool; /* NULL none; owned */
    int file; /* of the front end, while developing; -1 none; owned */
    int64_t file_bytes;
    struct { const char *name; const char *value; } headers[ANSWER_HEADERS_MAX];
    size_t header_count;
};

enum pipeline_next {
    NEXT_ANSWER, /* pipeline_answer, then send */
    NEXT_BODY,   /* receive the body, then pipeline_body */
    NEXT_POOL,   /* pipeline_reading on a pool thread */
    NEXT_LANE,   /* pipeline_apply on the lane */
    NEXT_STATIC  /* a file of the front end */
};

struct request {
    struct arena *arena;
    const struct gate *gate;
    const char *method_name;
    const char *version;
    const char *raw_target;
    const char *peer; /* address of the connection */
    bool from_proxy;
    bool is_head;
    size_t header_count;
    struct guard_facts facts;
    enum method method;
    const struct route *route;
    struct credentials credentials;
    struct actor actor;
    struct call call;
    struct reply reply;
    struct buffer body;
    size_t body_bytes_max;
    bool empty_list;      /* a filter names a word that exists nowhere */
    bool replayed;
    bool must_close;
    struct error *error;
    struct lane_job job;
    struct request *next; /* in the free list, the pool's queue or the done list */
    /* the loop's own: see server_private.h */
    void *connection;
    void *handle; /* the library's connection */
    enum pipeline_next pending;
    bool head_done, ready, busy, abandoned, is_drained;
    int64_t received;
    /* From here on nothing is cleared between requests: each is set by the stage that makes it. `match` is the first of them. */
    struct match match;
    struct target target;
    struct answer answer;
    struct header headers[GUARD_HEADERS_MAX];
};

#endif
