/* pipeline.c: the one way of every request. Steps hold no permission code: it is asked for here, before the work and again inside the lane. */
#include "http/pipeline.h"

#include <string.h>

#include "lumbung/base/text.h"

#define STEP_UP_MS (5 * 60 * 1000)

static struct error *
head_guard(struct request *request)
{
    const char *reason = guard_check(request->version, request->headers, request->header_count, &request->facts);
    request->call.language = language_choose(request->facts.accept_language);
    if (reason == NULL)
        reason = guard_target(request->arena, request->raw_target, &request->target);
    if (reason == NULL)
        return NULL;
    /* After such a request nobody can say where the next one begins. */
    request->must_close = true;
    return error_with(ERROR_MALFORMED, reason, NULL, NULL);
}

static bool
is_api(const struct target *target)
{
    return target->segment_count > 0 && strcmp(target->segments[0], "api") == 0;
}

static enum pipeline_next
head_route(struct request *request)
{
    request->method = method_parse(request->method_name);
    router_match(request->gate->router, request->method, &request->target, &request->match);
    request->route = request->match.route;
    if (request->route)
        return NEXT_BODY;
    if (!request->match.path_known && request->method == METHOD_GET && !is_api(&request->target))
        return NEXT_STATIC;
    bool exists = request->match.path_known || (!is_api(&request->target) && !request->target.odd);
    request->error = error_new(exists ? ERROR_METHOD : ERROR_NOT_FOUND);
    return NEXT_ANSWER;
}

static void
start_call(struct request *request)
{
    struct call *call = &request->call;
    call->actor = &request->actor;
    call->route = request->route;
    memcpy(call->ids, request->match.ids, sizeof call->ids);
    memcpy(call->texts, request->match.texts, sizeof call->texts);
    call->server = request->gate->server;
    reply_start(&request->reply, request->arena);
    buffer_init(&request->body, request->arena);
}

static bool
has_credentials(const struct request *request)
{
    return request->credentials.session_token || request->credentials.bearer_token;
}

static struct error *
authenticate(struct tx *tx, struct request *request)
{
    memset(&request->actor, 0, sizeof request->actor);
    if (!has_credentials(request) || request->gate->config->authenticate == NULL)
        return NULL;
    return request->gate->config->authenticate(tx, &request->credentials, &request->actor);
}

static struct error *
check_fresh(const struct actor *actor, int64_t now_ms)
{
    bool fresh = actor->second_factor_at_ms > 0 && now_ms - actor->second_factor_at_ms <= STEP_UP_MS && now_ms >= actor->second_factor_at_ms;
    return fresh ? NULL : error_new(ERROR_STEP_UP);
}

static struct error *
check_permission(const struct request *request, int64_t now_ms)
{
    const struct route *route = request->route;
    const struct actor *actor = &request->actor;
    if (route->perm != PERM_PUBLIC && actor->kind == ACTOR_NOBODY)
        return error_new(ERROR_UNAUTHENTICATED);
    bool is_own = route->perm == PERM_PUBLIC || (route->perm == PERM_SIGNED_IN && route->scope == SCOPE_SELF);
    if (actor->own_account_only && !is_own)
        return error_new(ERROR_SECOND_FACTOR);
    if (!actor_may(actor, route->perm) && !(route->has_perm_or && actor_may(actor, route->perm_or)))
        return error_new(ERROR_FORBIDDEN);
    return route->step_up ? check_fresh(actor, now_ms) : NULL;
}

/* The whole of a list is more than its pages: where it shows persons it needs what an export needs. */
static struct error *
check_file(const struct request *request, int64_t now_ms)
{
    if (request->call.as == NULL || !request->route->personal)
        return NULL;
    return actor_may(&request->actor, PERM_EXPORT_PERSONAL) ? check_fresh(&request->actor, now_ms) : error_new(ERROR_FORBIDDEN);
}

static struct tx
reading_tx(const struct request *request, struct db *reader)
{
    const struct server_config *config = request->gate->config;
    return (struct tx){.db = reader, .arena = request->arena, .now_ms = config->now_ms(), .keyring = config->keyring, .registry = config->registry};
}

static struct error *
run_read(struct tx *tx, struct request *request)
{
    if (request->call.as) {
        request->call.finds_nothing = request->empty_list;
        return request->gate->config->list_file(tx, &request->call, &request->reply);
    }
    if (!request->empty_list)
        return request->route->step(tx, &request->call, &request->reply);
    reply_list_begin(&request->reply);
    reply_list_end(&request->reply, request->arena, NULL, 0);
    return NULL;
}

/* Is there work that the loop thread can do at once, inside the transaction that asked who it is? */
static bool
runs_at_once(const struct request *request)
{
    bool has_body = request->facts.chunked || request->facts.content_length > 0;
    return request->route->kind == ROUTE_READ_FAST && request->call.as == NULL && request->route->body == BODY_NONE && !has_body;
}

static struct error *
head_checks(struct tx *tx, struct request *request)
{
    TRY(authenticate(tx, request));
    TRY(request_check_origin(request));
    TRY(check_permission(request, tx->now_ms));
    TRY(request_parse_query(request));
    TRY(check_file(request, tx->now_ms));
    TRY(request_parse_headers(request));
    TRY(request_check_body_head(request));
    return runs_at_once(request) ? run_read(tx, request) : NULL;
}

/* The server's own endpoints tell nothing of the registry: no session, no transaction. */
static bool
is_own_endpoint(const struct request *request)
{
    return request->route->perm == PERM_PUBLIC && runs_at_once(request) && !is_api(&request->target);
}

static struct error *
run_own(struct request *request)
{
    TRY(request_parse_query(request));
    struct tx tx = reading_tx(request, NULL);
    return run_read(&tx, request);
}

enum pipeline_next
pipeline_head(struct request *request, struct db *reader)
{
    request->error = head_guard(request);
    if (request->error)
        return NEXT_ANSWER;
    enum pipeline_next next = head_route(request);
    if (next != NEXT_BODY)
        return next;
    start_call(request);
    if (is_own_endpoint(request)) {
        request->error = run_own(request);
        return NEXT_ANSWER;
    }
    request->error = request_read_credentials(request);
    if (request->error)
        return NEXT_ANSWER;
    struct tx tx = reading_tx(request, reader);
    request->error = db_begin(reader, false);
    if (request->error)
        return NEXT_ANSWER;
    request->error = head_checks(&tx, request);
    db_rollback(reader);
    return request->error || runs_at_once(request) ? NEXT_ANSWER : NEXT_BODY;
}

enum pipeline_next
pipeline_body(struct request *request, struct db *reader)
{
    request->error = request_parse_body(request);
    if (request->error)
        return NEXT_ANSWER;
    const struct route *route = request->route;
    if (route->kind == ROUTE_READ_SLOW || request->call.as || (route->prepare && !route->prepares_fast))
        return NEXT_POOL;
    bool goes_straight = route->kind == ROUTE_WRITE && !route->prepare;
    return goes_straight ? NEXT_LANE : pipeline_reading(request, reader);
}

enum pipeline_next
pipeline_reading(struct request *request, struct db *reader)
{
    request->error = db_begin(reader, false);
    if (request->error)
        return NEXT_ANSWER;
    struct tx tx = reading_tx(request, reader);
    bool writes = request->route->kind == ROUTE_WRITE;
    if (writes)
        request->error = request->route->prepare(&tx, &request->call, &request->reply);
    else
        request->error = run_read(&tx, request);
    db_rollback(reader);
    request->call.prepared = request->reply.prepared;
    return writes && request->error == NULL ? NEXT_LANE : NEXT_ANSWER;
}

static bool
has_key(const struct request *request)
{
    return request->actor.kind != ACTOR_NOBODY && !id_is_zero(request->actor.user_id) && !id_is_zero(request->call.operation);
}

/* Binds the key to the address and the body: the tag is keyed, so the row tells nothing about a NIK in the body. */
static struct bytes
tag_body(const struct tx *tx, const struct request *request)
{
    struct buffer bytes;
    buffer_init(&bytes, tx->arena);
    buffer_add(&bytes, request->raw_target);
    buffer_char(&bytes, '\n');
    buffer_bytes(&bytes, request->body.data, request->body.length);
    uint8_t *tag = arena_alloc(tx->arena, CRYPTO_TAG_SIZE);
    keyring_tag_bytes(tx->keyring, "body", bytes.data, bytes.length, tag);
    return (struct bytes){tag, CRYPTO_TAG_SIZE};
}

static bool
is_same_operation(const struct stored_operation *stored, const struct request *request, struct bytes tag)
{
    return strcmp(stored->method, method_name(request->method)) == 0 && strcmp(stored->route, request->route->path) == 0 &&
           stored->body_tag.length == tag.length && crypto_equal(stored->body_tag.data, tag.data, tag.length);
}

/* Renders today's record for an effect that is already there. */
static struct error *
replay(struct tx *tx, struct request *request, const struct stored_operation *stored)
{
    if (!is_same_operation(stored, request, tag_body(tx, request)))
        return error_new(ERROR_KEY_REUSED);
    struct reply *reply = &request->reply;
    reply->status = (int)stored->status;
    reply->record_id = stored->record_id;
    reply->version = stored->version;
    request->replayed = true;
    /* So that the record's own read can serve as the replay of what made it. */
    if (!id_is_zero(stored->record_id))
        request->call.ids[0] = stored->record_id;
    if (request->route->replay) {
        TRY(request->route->replay(tx, &request->call, reply));
        reply->status = (int)stored->status;
    } else if (stored->status != 204) {
        json_open(&reply->body, NULL, '{');
        json_put_id(&reply->body, "id", stored->record_id);
        json_close(&reply->body, '}');
    }
    return NULL;
}

static struct error *
apply_new(struct tx *tx, struct request *request)
{
    size_t leaves = tx->leaf_count;
    TRY(request->route->step(tx, &request->call, &request->reply));
    struct reply *reply = &request->reply;
    /* Our own bug, but one that must not stop the service: the act is rolled back and logged. */
    if (tx->leaf_count == leaves)
        return error_internal("%s left no audit leaf", request->route->action);
    if (!has_key(request) || reply->refusal || reply->status < 200 || reply->status > 299)
        return NULL;
    struct stored_operation stored = {.method = method_name(request->method), .route = request->route->path, .body_tag = tag_body(tx, request),
                                      .status = reply->status, .record_id = reply->record_id, .version = reply->version};
    return idempotency_insert(tx, request->actor.user_id, request->call.operation, &stored);
}

/* The key first, on what was true when the request came; then everything again, on what is true now. */
struct error *
pipeline_apply(struct tx *tx, void *context)
{
    struct request *request = context;
    error_free(request->reply.refusal); /* of a batch that is tried again */
    reply_start(&request->reply, request->arena);
    request->replayed = false;
    memcpy(request->call.ids, request->match.ids, sizeof request->call.ids);
    struct id user_id = request->actor.user_id;
    struct stored_operation stored;
    bool found = false;
    if (has_key(request))
        TRY(idempotency_find(tx, user_id, request->call.operation, &found, &stored));
    TRY(authenticate(tx, request));
    if (!id_equal(user_id, request->actor.user_id))
        return error_new(ERROR_UNAUTHENTICATED);
    TRY(check_permission(request, tx->now_ms));
    return found ? replay(tx, request, &stored) : apply_new(tx, request);
}

void
pipeline_done(struct request *request, struct error *error)
{
    if (error)
        error_free(request->reply.refusal);
    request->error = error ? error : request->reply.refusal;
    request->reply.refusal = NULL;
    bool is_kept = error == NULL && !request->replayed;
    if (!is_kept && request->route->undo && request->call.prepared)
        request->route->undo(&request->call, error);
}
