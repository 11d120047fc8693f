/* audit_http.c: the log over HTTP: events, the signed head, proofs, who read whom. */
#include <string.h>

#include "audit/audit_note.h"
#include "audit/audit_store.h"
#include "lumbung/access_log.h"
#include "lumbung/audit.h"
#include "lumbung/base/limits.h"
#include "lumbung/base/time.h"
#include "lumbung/registry.h"

struct events_query {
    struct presence presence;
    const char *actor, *action, *from, *to;
    struct id record;
};
static const struct field events_query_fields[] = {
    {"actor", offsetof(struct events_query, actor), FIELD_TEXT, 0, 1, 64, NULL, NULL, "user name or id"},
    {"action", offsetof(struct events_query, action), FIELD_TEXT, 0, 1, 64, NULL, NULL, "such as household.register"},
    {"record", offsetof(struct events_query, record), FIELD_ID, 0, 0, 0, NULL, NULL, "the record whose history it is"},
    {"from", offsetof(struct events_query, from), FIELD_TEXT, 0, 1, 40, NULL, NULL, "first day (UTC) or instant"},
    {"to", offsetof(struct events_query, to), FIELD_TEXT, 0, 1, 40, NULL, NULL, "last day (UTC) or instant"},
};
static FIELD_TABLE(events_query, "audit_events_query", struct events_query, events_query_fields);

/* Where a page ended. */
struct events_cursor {
    int64_t at_ms, seq;
};

/* A day means its first or last millisecond. */
static struct error *
parse_when(const char *name, const char *text, bool is_end, int64_t absent, int64_t *ret_at_ms)
{
    int32_t day = 0;
    *ret_at_ms = absent;
    if (!text)
        return NULL;
    if (date_parse(text, &day)) {
        *ret_at_ms = (int64_t)day * DAY_MS + (is_end ? DAY_MS - 1 : 0);
        return NULL;
    }
    if (instant_parse(text, ret_at_ms))
        return NULL;
    return error_with(ERROR_QUERY, name, "YYYY-MM-DD or an RFC 3339 time", NULL);
}

/* *ret_nobody when the actor is not known: then the list is empty. */
static struct error *
find_actor(struct tx *tx, const char *actor, struct id *ret_id, bool *ret_nobody)
{
    *ret_nobody = false;
    if (!actor || id_parse(actor, ret_id))
        return NULL;
    TRY(audit_username_load(tx, actor, ret_id));
    *ret_nobody = id_is_zero(*ret_id);
    return NULL;
}

static void
print_event(const struct tx *tx, struct buffer *body, const struct audit_event *event)
{
    uint8_t hash[SHA256_SIZE];
    tree_leaf_hash(event->leaf.data, event->leaf.length, hash);
    json_open(body, NULL, '{');
    json_put_int(body, "seq", event->seq);
    json_put_id(body, "origin", event->origin);
    json_put_instant(body, "at", event->at_ms);
    json_put_id(body, "actor_id", event->actor_id);
    json_put_text(body, "by", audit_actor_name(tx->arena, event->leaf, event->username));
    json_put_text(body, "action", event->action);
    json_put_text(body, "kind", event->kind);
    json_put_id(body, "record_id", event->record_id);
    json_put_hex(body, "leaf_hash", hash, sizeof hash);
    json_close(body, '}');
}

static struct error *
events_step(struct tx *tx, const struct call *call, struct reply *reply)
{
    const struct events_query *query = call->query;
    struct audit_filter filter = {.action = query->action,
                                  .record_id = query->record,
                                  .limit = call->limit + 1,
                                  .before_ms = INT64_MAX,
                                  .before_seq = INT64_MAX};
    bool nobody = false;
    size_t count = 0;
    TRY(parse_when("from", query->from, false, INT64_MIN, &filter.from_ms));
    TRY(parse_when("to", query->to, true, INT64_MAX, &filter.to_ms));
    TRY(find_actor(tx, query->actor, &filter.actor_id, &nobody));
    if (call->after.length == sizeof(struct events_cursor)) {
        struct events_cursor after;
        memcpy(&after, call->after.data, sizeof after);
        filter.before_ms = after.at_ms;
        filter.before_seq = after.seq;
    }
    struct audit_event *events = ARENA_ARRAY(tx->arena, struct audit_event, filter.limit);
    if (!nobody)
        TRY(audit_events_load(tx, &filter, events, &count));
    bool more = count > (size_t)call->limit;
    size_t shown = more ? (size_t)call->limit : count;
    reply_list_begin(reply);
    for (size_t i = 0; i < shown; i++)
        print_event(tx, &reply->body, &events[i]);
    struct events_cursor next = {0, 0};
    if (more)
        next = (struct events_cursor){events[shown - 1].at_ms, events[shown - 1].seq};
    reply_list_end(reply, tx->arena, more ? &next : NULL, more ? sizeof next : 0);
    return NULL;
}

static struct error *
checkpoint_step(struct tx *tx, const struct call *call, struct reply *reply)
{
    (void)call;
    const char *note = NULL;
    TRY(audit_checkpoint(tx, &note));
    reply->content_type = "text/plain; charset=utf-8";
    buffer_add(&reply->body, note);
    return NULL;
}

static struct error *
key_step(struct tx *tx, const struct call *call, struct reply *reply)
{
    (void)call;
    const char *key = NULL;
    TRY(audit_verifier_key(tx, &key));
    reply->content_type = "text/plain; charset=utf-8";
    buffer_add(&reply->body, key);
    buffer_char(&reply->body, '\n');
    return NULL;
}

static void
print_hashes(struct buffer *body, uint8_t (*hashes)[SHA256_SIZE], size_t count)
{
    json_open(body, "hashes", '[');
    for (size_t i = 0; i < count; i++)
        json_put_hex(body, NULL, hashes[i], SHA256_SIZE);
    json_close(body, ']');
}

struct proof_query {
    struct presence presence;
    int64_t leaf;
};
static const struct field proof_query_fields[] = {
    {"leaf", offsetof(struct proof_query, leaf), FIELD_INT, FIELD_REQUIRED, 0, INT64_MAX, NULL, NULL, "sequence number of the entry"},
};
static FIELD_TABLE(proof_query, "audit_proof_query", struct proof_query, proof_query_fields);

static struct error *
proof_step(struct tx *tx, const struct call *call, struct reply *reply)
{
    const struct proof_query *query = call->query;
    if (!field_present(&proof_query, query, "leaf"))
        return error_with(ERROR_QUERY, "leaf", "it is required", NULL);
    struct audit_proof *proof = ARENA_NEW(tx->arena, struct audit_proof);
    const char *note = NULL;
    TRY(audit_prove(tx, query->leaf, proof));
    TRY(audit_checkpoint(tx, &note));
    struct buffer *body = &reply->body;
    json_open(body, NULL, '{');
    json_put_int(body, "seq", proof->seq);
    json_put_hex(body, "leaf", proof->leaf.data, proof->leaf.length);
    json_put_hex(body, "leaf_hash", proof->leaf_hash, SHA256_SIZE);
    json_put_int(body, "index", proof->seq);
    json_put_int(body, "size", proof->size);
    json_put_hex(body, "root", proof->root, SHA256_SIZE);
    print_hashes(body, proof->hashes, proof->count);
    json_put_text(body, "checkpoint", note);
    json_close(body, '}');
    return NULL;
}

struct consistency_query {
    struct presence presence;
    int64_t from, to;
};
static const struct field consistency_query_fields[] = {
    {"from", offsetof(struct consistency_query, from), FIELD_INT, FIELD_REQUIRED, 1, INT64_MAX, NULL, NULL, "the older tree's size"},
    {"to", offsetof(struct consistency_query, to), FIELD_INT, 0, 1, INT64_MAX, NULL, NULL, "the newer tree's size; the present one when absent"},
};
static FIELD_TABLE(consistency_query, "audit_consistency_query", struct consistency_query, consistency_query_fields);

static struct error *
consistency_step(struct tx *tx, const struct call *call, struct reply *reply)
{
    const struct consistency_query *query = call->query;
    struct audit_source rows = {.db = tx->db, .arena = tx->arena};
    int64_t size = 0;
    TRY(audit_origin_load(tx->db, &rows.origin));
    TRY(audit_size_load(tx->db, rows.origin, &size));
    int64_t to = field_present(&consistency_query, query, "to") ? query->to : size;
    if (!field_present(&consistency_query, query, "from") || query->from < 1 || query->from > to)
        return error_with(ERROR_QUERY, "from", "1 to the newer size", NULL);
    if (to > size)
        return error_with(ERROR_QUERY, "to", "the log is shorter", NULL);
    struct tree_source source = audit_source_of(&rows);
    struct tree_proof proof;
    uint8_t from_root[SHA256_SIZE], to_root[SHA256_SIZE];
    TRY(tree_prove_consistency(&source, query->from, to, &proof));
    TRY(tree_range_root(&source, 0, query->from, from_root));
    TRY(tree_range_root(&source, 0, to, to_root));
    json_open(&reply->body, NULL, '{');
    json_put_int(&reply->body, "from", query->from);
    json_put_int(&reply->body, "to", to);
    json_put_hex(&reply->body, "from_root", from_root, sizeof from_root);
    json_put_hex(&reply->body, "to_root", to_root, sizeof to_root);
    print_hashes(&reply->body, proof.hashes, proof.count);
    json_close(&reply->body, '}');
    return NULL;
}

struct access_query {
    struct presence presence;
    struct id household;
    const char *user, *from, *to;
};
static const struct field access_query_fields[] = {
    {"household", offsetof(struct access_query, household), FIELD_ID, 0, 0, 0, NULL, NULL, "household or person that was read"},
    {"user", offsetof(struct access_query, user), FIELD_TEXT, 0, 1, 64, NULL, NULL, "user name or id of the reader"},
    {"from", offsetof(struct access_query, from), FIELD_TEXT, 0, 1, 40, NULL, NULL, "first day (UTC) or instant"},
    {"to", offsetof(struct access_query, to), FIELD_TEXT, 0, 1, 40, NULL, NULL, "last day (UTC) or instant"},
};
static FIELD_TABLE(access_query, "audit_access_query", struct access_query, access_query_fields);

static void
print_access(struct buffer *body, const struct access_row *row)
{
    json_open(body, NULL, '{');
    json_put_instant(body, "at", row->at_ms);
    json_put_id(body, "user_id", row->actor_id);
    json_put_text(body, "by", row->actor_name);
    json_put_text(body, "route", row->route);
    json_put_int(body, "status", row->status);
    json_put_text(body, "remote", row->remote);
    json_open(body, "subject_ids", '[');
    for (size_t i = 0; i < row->subject_count; i++)
        json_put_id(body, NULL, row->subjects[i]);
    json_close(body, ']');
    json_close(body, '}');
}

static struct error *
access_step(struct tx *tx, const struct call *call, struct reply *reply)
{
    const struct access_query *query = call->query;
    struct access_filter filter = {.subject_id = query->household, .before_seq = INT64_MAX, .limit = call->limit + 1};
    bool nobody = false;
    size_t count = 0;
    TRY(parse_when("from", query->from, false, 0, &filter.from_ms));
    TRY(parse_when("to", query->to, true, INT64_MAX, &filter.to_ms));
    TRY(find_actor(tx, query->user, &filter.actor_id, &nobody));
    if (call->after.length == sizeof filter.before_seq)
        memcpy(&filter.before_seq, call->after.data, sizeof filter.before_seq);
    struct access_row *rows = ARENA_ARRAY(tx->arena, struct access_row, filter.limit);
    if (!nobody && tx->registry && tx->registry->access_log)
        TRY(access_log_query(tx->registry->access_log, tx->arena, &filter, rows, &count));
    bool more = count > (size_t)call->limit;
    size_t shown = more ? (size_t)call->limit : count;
    reply_list_begin(reply);
    for (size_t i = 0; i < shown; i++)
        print_access(&reply->body, &rows[i]);
    reply_list_end(reply, tx->arena, more ? &rows[shown - 1].seq : NULL, more ? sizeof rows[0].seq : 0);
    return NULL;
}

const struct route audit_routes[] = {
    {.method = METHOD_GET, .path = "/api/v1/audit/events", .kind = ROUTE_READ_SLOW, .perm = PERM_AUDIT_READ, .scope = SCOPE_NONE, .list = true,
     .query = &events_query, .step = events_step, .summary = "entries of the audit log, newest first"},
    {.method = METHOD_GET, .path = "/api/v1/audit/checkpoint", .kind = ROUTE_READ_FAST, .perm = PERM_PUBLIC, .scope = SCOPE_NONE, .step = checkpoint_step,
     .summary = "the log's signed head, a C2SP note"},
    {.method = METHOD_GET, .path = "/api/v1/audit/key", .kind = ROUTE_READ_FAST, .perm = PERM_PUBLIC, .scope = SCOPE_NONE, .step = key_step,
     .summary = "the verifier key of the log's notes"},
    {.method = METHOD_GET, .path = "/api/v1/audit/proof", .kind = ROUTE_READ_SLOW, .perm = PERM_AUDIT_READ, .perm_or = PERM_RECEIPT_READ, .has_perm_or = true,
     .scope = SCOPE_NONE, .query = &proof_query, .step = proof_step, .summary = "that an entry is in the log"},
    {.method = METHOD_GET, .path = "/api/v1/audit/consistency", .kind = ROUTE_READ_SLOW, .perm = PERM_PUBLIC, .scope = SCOPE_NONE,
     .query = &consistency_query, .step = consistency_step, .summary = "that an older log is the beginning of a newer one"},
    {.method = METHOD_GET, .path = "/api/v1/audit/access", .kind = ROUTE_READ_SLOW, .perm = PERM_AUDIT_READ, .scope = SCOPE_NONE, .list = true,
     .query = &access_query, .step = access_step, .summary = "who read whom, newest first"},
    {.method = METHOD_NONE},
};
