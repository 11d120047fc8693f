/* report_http.c: GET /me/tasks. */
#include <string.h>

#include "lumbung/change.h"
#include "lumbung/quality.h"
#include "lumbung/report.h"
#include "report/report_steps.h"
#include "report/report_store.h"

/* "/salur/" and the id, then what follows; a list of one's own has no id. A link is data, never a format. */
static const char *
task_link(struct arena *arena, const char *link, const char *id)
{
    const char *star = strchr(link, '*');
    if (!star)
        return link;
    return arena_format(arena, "%.*s%s%s", (int)(star - link), link, id, star + 1);
}

static void
print_task(struct reply *reply, struct arena *arena, const char *kind, struct id id, const char *title, const char *link, int64_t count)
{
    char text[ID_TEXT_SIZE];
    id_print(id, text);
    json_open(&reply->body, NULL, '{');
    json_put_text(&reply->body, "kind", kind);
    json_put_id(&reply->body, "id", id);
    json_put_text(&reply->body, "title", title);
    json_put_int(&reply->body, "count", count);
    json_put_null(&reply->body, "due_on");
    json_put_text(&reply->body, "link", task_link(arena, link, text));
    json_close(&reply->body, '}');
}

/* The states that wait, for whom, and where the work is done. */
static const struct task_kind {
    const char *kind, *state, *link;
    enum permission perm;
    bool not_touched, open_lines;
} task_kinds[] = {
    {"approve", "in_approval", "/daftar-bayar/*/setujui", PERM_BATCH_APPROVE, true, false},
    {"release", "approved", "/daftar-bayar/*", PERM_BATCH_RELEASE, false, false},
    {"draft", "draft", "/daftar-bayar/*", PERM_BATCH_MAKE, false, false},
    {"submit", "locked", "/daftar-bayar/*", PERM_BATCH_MAKE, false, false},
    {"distribute", "released", "/salur/*", PERM_RECEIPT_WRITE, false, true},
};

static struct error *
print_batch_tasks(struct tx *tx, const struct call *call, const struct task_kind *kind, struct reply *reply)
{
    struct task_batch *rows = ARENA_ARRAY(tx->arena, struct task_batch, TASKS_MAX);
    size_t count = 0;
    TRY(report_store_batches(tx, call->actor, kind->state, kind->not_touched, rows, &count));
    for (size_t i = 0; i < count; i++) {
        int64_t lines = rows[i].count;
        if (kind->open_lines)
            TRY(report_store_open_lines(tx, call->actor, rows[i].id, &lines));
        if (lines > 0 || !kind->open_lines)
            print_task(reply, tx->arena, kind->kind, rows[i].id, arena_format(tx->arena, "%s, %s", rows[i].program, rows[i].cycle), kind->link, lines);
    }
    return NULL;
}

static struct error *
print_changes(struct tx *tx, const struct call *call, struct reply *reply)
{
    int64_t changes = 0, moves = 0, objections = 0;
    TRY(household_count_objections(tx, call->actor, &objections));
    if (objections > 0)
        print_task(reply, tx->arena, "objections", (struct id){{0}}, NULL, "/keberatan", objections);
    TRY(change_count_waiting(tx, call->actor, &changes));
    TRY(household_count_arriving(tx, call->actor, &moves));
    if (changes > 0)
        print_task(reply, tx->arena, "changes", (struct id){{0}}, NULL, "/perubahan", changes);
    if (moves > 0)
        print_task(reply, tx->arena, "moves", (struct id){{0}}, NULL, "/pindah", moves);
    return NULL;
}

static struct error *
tasks_step(struct tx *tx, const struct call *call, struct reply *reply)
{
    json_open(&reply->body, NULL, '{');
    json_open(&reply->body, "items", '[');
    for (size_t i = 0; i < sizeof task_kinds / sizeof task_kinds[0]; i++)
        if (actor_may(call->actor, task_kinds[i].perm))
            TRY(print_batch_tasks(tx, call, &task_kinds[i], reply));
    if (actor_may(call->actor, PERM_ENROLLMENT_DECIDE)) {
        struct task_proposals *rows = ARENA_ARRAY(tx->arena, struct task_proposals, TASKS_MAX);
        size_t count = 0;
        TRY(report_store_proposals(tx, call->actor, rows, &count));
        for (size_t i = 0; i < count; i++)
            print_task(reply, tx->arena, "proposals", rows[i].program_id, rows[i].program, "/kepesertaan?program=*&state=proposed", rows[i].count);
    }
    TRY(print_changes(tx, call, reply));
    if (actor_may(call->actor, PERM_HOUSEHOLD_WRITE)) {
        int64_t corrections = 0;
        TRY(quality_count_tasks(tx, call->actor->user_id, &corrections));
        if (corrections > 0)
            print_task(reply, tx->arena, "correct", call->actor->user_id, NULL, "/mutu/tugas", corrections);
    }
    json_close(&reply->body, ']');
    json_close(&reply->body, '}');
    return NULL;
}

const struct route report_routes[] = {
    {.method = METHOD_GET, .path = "/api/v1/me/tasks", .kind = ROUTE_READ_SLOW, .perm = PERM_SIGNED_IN, .scope = SCOPE_REGION,
     .summary = "What waits for the caller", .step = tasks_step},
    {.method = METHOD_GET, .path = "/api/v1/reports/population", .kind = ROUTE_READ_SLOW, .perm = PERM_HOUSEHOLD_READ, .perm_or = PERM_EXPORT_AGGREGATE,
     .has_perm_or = true, .scope = SCOPE_REGION, .query = &population_query_table, .summary = "Live people by age and sex on a day", .step = report_population_step},
    {.method = METHOD_GET, .path = "/api/v1/households/{id}/preview", .kind = ROUTE_READ_SLOW, .perm = PERM_HOUSEHOLD_READ, .scope = SCOPE_REGION, .personal = true,
     .query = &preview_query_table, .summary = "What a life event would touch", .step = report_preview_step},
    {0},
};
