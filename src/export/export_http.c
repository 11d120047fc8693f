/* export_http.c: the calls of exports. The file is spooled on the pool; its manifest and audit leaf are written through the lane before the first byte
 * leaves: an export that the log does not know is not sent. */
#include <string.h>

#include "export/export_person.h"
#include "export/export_store.h"
#include "lumbung/audit.h"
#include "lumbung/base/text.h"
#include "lumbung/region.h"
#include "lumbung/registry.h"

struct export_query {
    struct presence presence;
    int32_t from, to;
    const char *date, *region, *state, *reason, *rows;
    struct id program, batch, cycle;
};

static const struct code date_kinds[] = {{"released", "dicairkan", "released"}, {"paid", "diterima", "received"}};
static const struct code_list date_codes = CODE_LIST("export_date", 1, date_kinds);

static const struct code row_kinds[] = {{"disbursement", "penyaluran", "disbursement"}, {"event", "kejadian", "event"}};
static const struct code_list row_codes = CODE_LIST("export_rows", 1, row_kinds);

static const struct field export_query_fields[] = {
    {"from", offsetof(struct export_query, from), FIELD_DATE, 0, 0, 0, NULL, NULL, "first day, in the program's own offset"},
    {"to", offsetof(struct export_query, to), FIELD_DATE, 0, 0, 0, NULL, NULL, "last day, inclusive"},
    {"date", offsetof(struct export_query, date), FIELD_CODE, 0, 0, 0, &date_codes, NULL, "which day: of release (default) or of receipt"},
    {"program", offsetof(struct export_query, program), FIELD_ID, 0, 0, 0, NULL, NULL, NULL},
    {"batch", offsetof(struct export_query, batch), FIELD_ID, 0, 0, 0, NULL, NULL, NULL},
    {"cycle", offsetof(struct export_query, cycle), FIELD_ID, 0, 0, 0, NULL, NULL, NULL},
    {"region", offsetof(struct export_query, region), FIELD_TEXT, 0, 1, 40, NULL, NULL, NULL},
    {"state", offsetof(struct export_query, state), FIELD_TEXT, 0, 1, 40, NULL, NULL, NULL},
    {"rows", offsetof(struct export_query, rows), FIELD_CODE, 0, 0, 0, &row_codes, NULL, "a row for each disbursement (default), or for each receipt, reversal and return"},
    {"reason", offsetof(struct export_query, reason), FIELD_TEXT, 0, 3, 500, NULL, NULL, "why names are needed; without one payees are pseudonyms"},
};
static FIELD_TABLE(export_query_table, "ExportQuery", struct export_query, export_query_fields);

static void
put_day(struct buffer *json, const char *name, bool given, int32_t day)
{
    if (given)
        json_put_date(json, name, day);
}

/* What was asked, for the manifest. */
static const char *
export_filters(struct tx *tx, const struct export_query *query)
{
    struct buffer json;
    buffer_init(&json, tx->arena);
    json_open(&json, NULL, '{');
    put_day(&json, "from", field_present(&export_query_table, query, "from"), query->from);
    put_day(&json, "to", field_present(&export_query_table, query, "to"), query->to);
    json_put_text(&json, "date", query->date ? query->date : "released");
    json_put_text(&json, "rows", query->rows ? query->rows : "disbursement");
    if (!id_is_zero(query->program))
        json_put_id(&json, "program", query->program);
    if (!id_is_zero(query->batch))
        json_put_id(&json, "batch", query->batch);
    if (!id_is_zero(query->cycle))
        json_put_id(&json, "cycle", query->cycle);
    if (query->region)
        json_put_text(&json, "region", query->region);
    if (query->state)
        json_put_text(&json, "state", query->state);
    json_close(&json, '}');
    return buffer_text(&json);
}

struct export_store_job {
    const struct actor *actor;
    const struct export_order *order;
    const struct export_result *result;
    struct id id;
};

static struct error *
export_store_apply(struct tx *tx, void *context)
{
    struct export_store_job *job = context;
    const char *document = NULL;
    return export_manifest_make(tx, job->actor, job->order, job->result, &job->id, &document);
}

static enum export_format
export_format_of(const char *path)
{
    const char *dot = strrchr(path, '.');
    return text_equal(dot, ".xlsx") ? EXPORT_XLSX : text_equal(dot, ".ndjson") ? EXPORT_NDJSON : EXPORT_CSV;
}

static struct error *
export_reply(struct tx *tx, const struct call *call, const struct export_order *order, struct export_result *result, struct reply *reply)
{
    static const struct { const char *type, *name; } formats[EXPORT_FORMAT_COUNT] = {
        [EXPORT_CSV] = {"text/csv; charset=utf-8", "penyaluran.csv"}, [EXPORT_NDJSON] = {"application/x-ndjson", "penyaluran.ndjson"},
        [EXPORT_XLSX] = {"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "penyaluran.xlsx"}};
    struct export_store_job job = {call->actor, order, result, {{0}}};
    TRY(lane_run(tx->registry->lane, export_store_apply, &job, tx->arena));
    char id[ID_TEXT_SIZE];
    id_print(job.id, id);
    reply->content_type = formats[order->format].type;
    reply->filename = formats[order->format].name;
    reply->spool = result->spool;
    reply_header(reply, "Lumbung-Manifest", arena_format(tx->arena, "/api/v1/exports/manifests/%s", id));
    return NULL;
}

static struct error *
export_step(struct tx *tx, const struct call *call, struct reply *reply)
{
    const struct export_query *query = call->query;
    struct region region = {0};
    TRY(query_check_days(call, tx->arena, query->from, query->to));
    if (query->region)
        TRY(region_by_code(tx, call->actor, query->region, &region));
    struct export_order order = {.format = export_format_of(call->route->path), .from = query->from, .to = query->to, .by_payment = text_equal(query->date, "paid"), .by_event = text_equal(query->rows, "event"),
                                 .program_id = query->program, .region_id = region.id, .batch_id = query->batch, .cycle_id = query->cycle, .state = query->state, .reason = query->reason,
                                 .filters = export_filters(tx, query)};
    struct export_result result;
    TRY(export_disbursements(tx, call->actor, &order, &result));
    struct error *error = export_reply(tx, call, &order, &result, reply);
    if (error)
        spool_close(result.spool);
    return error;
}

static struct error *
export_manifest_step(struct tx *tx, const struct call *call, struct reply *reply)
{
    const char *document = NULL;
    TRY(export_store_manifest(tx, call->actor, call->ids[0], actor_may(call->actor, PERM_AUDIT_READ), &document));
    if (document == NULL)
        return error_new(ERROR_NOT_FOUND);
    buffer_add(&reply->body, document);
    return NULL;
}

#define EXPORT_ROUTE(extension, summary_text) \
    {.method = METHOD_GET, .path = "/api/v1/exports/disbursements." extension, .kind = ROUTE_READ_SLOW, .perm = PERM_EXPORT_PERSONAL, .scope = SCOPE_REGION, \
     .step_up = true, .personal = true, .query = &export_query_table, .summary = (summary_text), .step = export_step}

const struct route export_routes[] = {
    EXPORT_ROUTE("csv", "Disbursement records as CSV, with a signed manifest"),
    EXPORT_ROUTE("ndjson", "Disbursement records, a JSON object a line"),
    EXPORT_ROUTE("xlsx", "Disbursement records as a workbook"),
    {.method = METHOD_GET, .path = "/api/v1/exports/manifests/{id}", .kind = ROUTE_READ_FAST, .perm = PERM_EXPORT_PERSONAL, .perm_or = PERM_AUDIT_READ,
     .has_perm_or = true, .scope = SCOPE_SELF, .summary = "The signed manifest of an export", .step = export_manifest_step},
    {.method = METHOD_GET, .path = "/api/v1/members/{id}/file", .kind = ROUTE_READ_SLOW, .perm = PERM_EXPORT_PERSONAL, .scope = SCOPE_REGION, .step_up = true,
     .personal = true, .query = &export_person_query_table, .summary = "All that is held of one person, for him to take along", .step = export_person_step},
    {0},
};
