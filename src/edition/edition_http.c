/* edition_http.c: whole files of regions and lists of changes, compared and applied. */
#include "edition/edition.h"
#include "lumbung/audit.h"
#include "lumbung/base/json.h"
#include "lumbung/base/limits.h"

static const char *
body_text(const struct call *call)
{
    return (const char *)call->body.data;
}

/* On the pool: the file is read and planned before the lane sees it. */
static struct error *
import_prepare(struct tx *tx, const struct call *call, struct reply *reply)
{
    struct edition_import_plan *plan = ARENA_NEW(tx->arena, struct edition_import_plan);
    TRY(edition_import_plan(tx, body_text(call), call->body.length, plan));
    reply->prepared = plan;
    return NULL;
}

static struct error *
import_step(struct tx *tx, const struct call *call, struct reply *reply)
{
    struct id job_id;
    TRY(edition_import_start(tx, call->actor, call->prepared, &job_id));
    job_answer(reply, job_id);
    return NULL;
}

static struct error *
difference_step(struct tx *tx, const struct call *call, struct reply *reply)
{
    return region_difference_print(tx, body_text(call), call->body.length, &reply->body);
}

static struct error *
preview_step(struct tx *tx, const struct call *call, struct reply *reply)
{
    struct edition edition;
    TRY(edition_read(tx, body_text(call), call->body.length, &edition));
    return edition_preview_print(tx, &edition, &reply->body);
}

/* What was given; what it does to each region and household, the job's leaves tell. */
static struct error *
leave_trace(struct tx *tx, const struct call *call, size_t rows)
{
    uint8_t digest[SHA256_SIZE];
    struct buffer text;
    buffer_init(&text, tx->arena);
    sha256_of(call->body.data, call->body.length, digest);
    json_open(&text, NULL, '{');
    json_put_int(&text, "rows", (int64_t)rows);
    json_put_hex(&text, "sha256", digest, sizeof digest);
    json_close(&text, '}');
    struct audit_part part = {.kind = "region", .after = buffer_text(&text)};
    struct audit_change change = {.action = "region.edition", .parts = &part, .part_count = 1};
    return audit_append(tx, call->actor, &change, NULL);
}

static struct error *
change_step(struct tx *tx, const struct call *call, struct reply *reply)
{
    struct edition edition;
    struct id job_id;
    TRY(edition_check_alone(tx));
    TRY(edition_read(tx, body_text(call), call->body.length, &edition));
    struct json *input = json_make(tx->arena, JSON_OBJECT);
    json_set(tx->arena, input, "rows", edition_to_json(tx->arena, &edition));
    TRY(job_make(tx, call->actor, edition_change_job.kind, input, 0, &job_id));
    job_answer(reply, job_id);
    return leave_trace(tx, call, edition.count);
}

const struct route edition_routes[] = {
    {.method = METHOD_POST, .path = "/api/v1/regions/import", .kind = ROUTE_WRITE, .perm = PERM_REGION_MANAGE, .scope = SCOPE_NONE, .key = KEY_OPTIONAL,
     .body = BODY_RAW, .body_bytes_max = LIMIT_BODY_IMPORT_BYTES, .accepts = "text/csv", .action = "region.import", .prepare = import_prepare,
     .step = import_step, .replay = job_replay_step, .summary = "the administrative tree as CSV, code,parent,level,kind,name, in a job"},
    {.method = METHOD_POST, .path = "/api/v1/regions/difference", .kind = ROUTE_READ_SLOW, .perm = PERM_REGION_MANAGE, .scope = SCOPE_NONE, .body = BODY_RAW,
     .body_bytes_max = LIMIT_BODY_IMPORT_BYTES, .accepts = "text/csv", .step = difference_step,
     .summary = "what an import of this CSV would add, rename, move, change, and what it leaves out; nothing is written"},
    {.method = METHOD_POST, .path = "/api/v1/regions/changes/preview", .kind = ROUTE_READ_SLOW, .perm = PERM_REGION_MANAGE, .scope = SCOPE_NONE,
     .body = BODY_RAW, .body_bytes_max = LIMIT_BODY_IMPORT_BYTES, .accepts = "text/csv", .step = preview_step,
     .summary = "what changes of the codes mean, change,code,to,name,hamlet,rw,rt: which households go where, and which stay; nothing is written"},
    {.method = METHOD_POST, .path = "/api/v1/regions/changes", .kind = ROUTE_WRITE, .perm = PERM_REGION_MANAGE, .scope = SCOPE_NONE, .key = KEY_OPTIONAL,
     .body = BODY_RAW, .body_bytes_max = LIMIT_BODY_IMPORT_BYTES, .accepts = "text/csv", .action = "region.edition", .step = change_step,
     .replay = job_replay_step, .summary = "applies changes of the codes (renamed, recoded, split, merged, abolished) in a job"},
    {.method = METHOD_NONE},
};
