/* pipeline.h: guard, route, session, origin, permission, second factor, body, work, answer: in this order, once, for every endpoint. */
#ifndef LUMBUNG_HTTP_PIPELINE_H
#define LUMBUNG_HTTP_PIPELINE_H

#include "http/request.h"

/* After the headers. A refusal is in request->error with NEXT_ANSWER. `reader` is the caller's own connection. */
enum pipeline_next pipeline_head(struct request *request, struct db *reader);
/* After the whole body is in request->body. */
enum pipeline_next pipeline_body(struct request *request, struct db *reader);
/* Reads, and what writes prepare, in a read transaction: NEXT_ANSWER or NEXT_LANE. */
enum pipeline_next pipeline_reading(struct request *request, struct db *reader);
/* The lane's job; the context is the request. */
struct error *pipeline_apply(struct tx *tx, void *context);
/* Lane thread, after COMMIT or failure: a refusal that the step left stands as the answer; what was prepared for nothing is taken back. */
void pipeline_done(struct request *request, struct error *error);
/* Turns reply or error into request->answer, and tells the access log. Loop thread. */
void pipeline_answer(struct request *request);

/* Pieces, each in its own file. */
FALLIBLE struct error *request_read_credentials(struct request *request);
FALLIBLE struct error *request_check_origin(const struct request *request);
FALLIBLE struct error *request_parse_query(struct request *request);
FALLIBLE struct error *request_parse_headers(struct request *request);
FALLIBLE struct error *request_check_body_head(struct request *request);
FALLIBLE struct error *request_parse_body(struct request *request);
enum language language_choose(const char *accept_language);

void reply_start(struct reply *reply, struct arena *arena);
void problem_print(struct buffer *buffer, const struct error *error, enum language language);
/* Seconds for Retry-After; 0 none. */
int problem_retry_after(const struct error *error);

void answer_header(struct answer *answer, const char *name, const char *value);
/* The headers that every answer of ours has. `is_document` for HTML and its parts: they are no sandbox. */
void answer_security(struct answer *answer, const struct gate *gate, bool is_document);

/* Stored outcomes of writes, so that a resend is compared, not repeated. */
struct stored_operation {
    const char *method, *route;
    struct bytes body_tag;
    int64_t status;
    struct id record_id;
    int64_t version;
};
FALLIBLE struct error *idempotency_find(struct tx *tx, struct id actor_id, struct id operation, bool *ret_found, struct stored_operation *ret_stored);
FALLIBLE struct error *idempotency_insert(struct tx *tx, struct id actor_id, struct id operation, const struct stored_operation *stored);

#endif
