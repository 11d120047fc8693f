/* job_http.c: GET and DELETE of a job: its maker and administrators see it. */
#include "lumbung/job.h"

#include "job/job_store.h"
#include "lumbung/audit.h"

static struct error *
job_load_own(struct tx *tx, const struct call *call, struct job_row *ret_row)
{
    bool found = false;
    TRY(job_store_load(tx, call->ids[0], ret_row, &found));
    if (!found || (!id_equal(ret_row->actor_id, call->actor->user_id) && !actor_may(call->actor, PERM_SETTING_MANAGE)))
        return error_new(ERROR_NOT_FOUND);
    return NULL;
}

static struct error *
job_get_step(struct tx *tx, const struct call *call, struct reply *reply)
{
    struct job_row row;
    TRY(job_load_own(tx, call, &row));
    json_open(&reply->body, NULL, '{');
    json_put_id(&reply->body, "id", row.id);
    json_put_text(&reply->body, "kind", row.kind);
    json_put_text(&reply->body, "state", row.state);
    json_put_int(&reply->body, "done", row.done);
    json_put_int(&reply->body, "total", row.total);
    json_put_raw(&reply->body, "result", row.result);
    json_close(&reply->body, '}');
    return NULL;
}

static const struct code states[] = {
    {"open", "berjalan", "running"}, {"done", "selesai", "done"}, {"failed", "gagal", "failed"}, {"cancelled", "dibatalkan", "cancelled"},
};
const struct code_list job_state_codes = CODE_LIST("job_state", 1, states);

static struct error *
job_cancel_step(struct tx *tx, const struct call *call, struct reply *reply)
{
    struct job_row row;
    TRY(job_load_own(tx, call, &row));
    int64_t changed = 0;
    TRY(job_break(tx, &row, "cancelled", "cancelled", &changed));
    if (changed == 0)
        return error_state(&job_state_codes, row.state, BARRED_CANCEL_JOB);
    struct audit_part part = {.kind = "job", .id = row.id, .before = "{\"state\":\"open\"}", .after = "{\"state\":\"cancelled\"}"};
    struct audit_change change = {.action = call->route->action, .record_id = row.id, .parts = &part, .part_count = 1};
    TRY(audit_append(tx, call->actor, &change, NULL));
    reply->status = 204;
    return NULL;
}

void
job_answer(struct reply *reply, struct id job_id)
{
    reply->status = 202;
    reply->record_id = job_id;
    json_open(&reply->body, NULL, '{');
    json_put_id(&reply->body, "job_id", job_id);
    json_close(&reply->body, '}');
}

struct error *
job_replay_step(struct tx *tx, const struct call *call, struct reply *reply)
{
    (void)tx;
    job_answer(reply, call->ids[0]);
    return NULL;
}

const struct route job_routes[] = {
    {.method = METHOD_GET, .path = "/api/v1/jobs/{id}", .kind = ROUTE_READ_FAST, .perm = PERM_SIGNED_IN, .scope = SCOPE_SELF,
     .summary = "State and progress of a job", .step = job_get_step},
    {.method = METHOD_DELETE, .path = "/api/v1/jobs/{id}", .kind = ROUTE_WRITE, .perm = PERM_SIGNED_IN, .scope = SCOPE_SELF,
     .action = "job.cancel", .summary = "Cancel a job", .step = job_cancel_step},
    {0},
};
