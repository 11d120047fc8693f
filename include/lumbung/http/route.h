/* route.h: one row declares an endpoint. Steps hold no permission code: the pipeline asks for it, the scope goes into every statement. */
#ifndef LUMBUNG_HTTP_ROUTE_H
#define LUMBUNG_HTTP_ROUTE_H

#include "lumbung/base/actor.h"
#include "lumbung/db/tx.h"
#include "lumbung/http/field.h"

enum method { METHOD_NONE, METHOD_GET, METHOD_POST, METHOD_PATCH, METHOD_DELETE };

enum route_kind {
    ROUTE_READ_FAST, /* on the loop thread, microseconds: one record, one page */
    ROUTE_READ_SLOW, /* on the pool: searches, aggregates, eligibility, exports */
    ROUTE_WRITE      /* on the lane, after `prepare` on the pool when there is one */
};
enum route_scope {
    SCOPE_UNSET,
    SCOPE_NONE,   /* not regional */
    SCOPE_REGION, /* every statement takes the actor's scope */
    SCOPE_SELF    /* only the caller's own records */
};
enum key_use { KEY_NONE, KEY_OPTIONAL, KEY_REQUIRED };
enum version_use { VERSION_NONE, VERSION_OPTIONAL, VERSION_REQUIRED };
enum body_use { BODY_NONE, BODY_TABLE /* .in */, BODY_JSON /* free JSON: call->json */, BODY_RAW /* call->body */ };

struct route;

/* What a step is given. All of it lives in the request's arena. */
struct call {
    const struct actor *actor;
    const struct route *route;
    struct id ids[3];         /* the {id} parts of the path, in order; {name} ends with "id" when it is a UUID */
    const char *texts[3];     /* the other parts: codes, names */
    const void *in;           /* BODY_TABLE: the parsed struct */
    const struct json *json;  /* BODY_JSON, and the document behind `in` */
    struct bytes body;        /* BODY_RAW */
    const char *content_type; /* of the body */
    const void *query;        /* the struct of route->query */
    int64_t if_match;         /* the version wanted, -1 when none was sent */
    int limit;                /* of a list */
    struct bytes after;       /* the list's cursor as the step made it; length 0 at the start */
    const char *as;           /* "csv", "ndjson" or "xlsx": the whole list as a file; NULL: a page */
    const char *columns;      /* of that file: dotted names, parted by commas; NULL: all */
    bool finds_nothing;       /* a filter names what cannot be */
    enum language language;
    struct id operation;      /* Idempotency-Key; zero when none */
    const char *remote;       /* address of the client */
    const char *session_token; /* the cookie's or bearer's token; NULL without */
    void *prepared;           /* what the prepare step left */
    void *server;             /* struct server *: only for http's own routes */
};

struct spool;

#define REPLY_HEADERS_MAX 6
struct reply {
    int status;               /* 200 by default */
    struct buffer body;
    const char *content_type; /* NULL: application/json */
    int64_t version;          /* ETag "N"; -1 none */
    struct id record_id;      /* what a write made or changed: kept for replays */
    const char *location;
    const char *session_token; /* sets the session cookie; "" clears it */
    const char *filename;     /* Content-Disposition: attachment */
    struct spool *spool;      /* sent instead of the body and closed by the pipeline; NULL none */
    struct { const char *name; const char *value; } headers[REPLY_HEADERS_MAX];
    size_t header_count;
    struct id *subjects;      /* persons and households that the answer shows: go to the access log */
    size_t subject_count;
    const char *next;         /* set by reply_list_end */
    void *prepared;           /* a prepare step's result */
    /* Prints the body on the loop thread after COMMIT, from the request's memory alone, so that the lane need not; NULL: the step has printed. */
    void (*render)(struct buffer *body, const void *context);
    const void *render_context;
    struct error *refusal;    /* what the step did stands, and yet the caller is refused so; the pipeline owns it */
};

typedef struct error *(*route_step)(struct tx *tx, const struct call *call, struct reply *reply);

struct route {
    enum method method;
    const char *path;             /* "/api/v1/households/{id}" */
    enum route_kind kind;
    enum permission perm;         /* PERM_PUBLIC and PERM_SIGNED_IN are said, never implied */
    enum permission perm_or;      /* a second permission that also admits; 0 (HOUSEHOLD_READ) with has_perm_or false: none */
    bool has_perm_or;
    enum route_scope scope;
    bool step_up;                 /* a second factor not older than 5 minutes */
    enum key_use key;
    enum version_use version;
    enum body_use body;
    size_t body_bytes_max;        /* 0: LIMIT_BODY_BYTES */
    const char *accepts;          /* BODY_RAW: "image/jpeg, image/png" */
    const struct field_table *in;
    const struct field_table *query;
    const struct field_table *out; /* for the OpenAPI document */
    bool list;                    /* takes limit and after, answers {items, next} */
    bool personal;                /* the answer holds persons: no-store, access log */
    const char *action;           /* a write's audit action, "household.register" */
    const char *summary;          /* one English phrase */
    route_step prepare;           /* pool, read transaction, before the lane: Argon2id, rule evaluation, parsing large files */
    bool prepares_fast;           /* `prepare` runs on the loop thread: microseconds, no waiting */
    /* Takes back what `prepare` left outside the database when the act was refused, or was a repeat (`error` NULL). */
    void (*undo)(const struct call *call, const struct error *error);
    route_step step;              /* the work */
    route_step replay;            /* a read that renders the record again for a repeated Idempotency-Key; NULL: {"id"}. call->ids[0] and
                                   * reply->record_id are the record then, whatever the path had */
};

/* Answers of a list: reply_list_begin, then objects with json_open(&reply->body, NULL, '{'), then the end with the next cursor or none. */
void reply_list_begin(struct reply *reply);
void reply_list_end(struct reply *reply, struct arena *arena, const void *next_cursor, size_t length);
/* ERROR_QUERY (400) for one parameter, in the caller's language. */
struct error *query_refusal(struct arena *arena, const char *name, const struct fault *fault, enum language language);
/* "to" may not lie before "from", where both were sent. */
FALLIBLE struct error *query_check_days(const struct call *call, struct arena *arena, int32_t from, int32_t to);
void reply_header(struct reply *reply, const char *name, const char *value);
/* Records that the answer shows this person or household. */
void reply_saw(struct reply *reply, struct arena *arena, struct id subject);

/* Refuses to start when a row lacks what it must say: permission, scope, audit action of a write, doubled paths. */
FALLIBLE struct error *routes_check(const struct route *const *tables);

/* The rows as documents: OpenAPI 3.1, and {routes:[{method,path,permission,kind}]}. */
void routes_print_openapi(struct buffer *buffer, const struct route *const *tables);

#endif
