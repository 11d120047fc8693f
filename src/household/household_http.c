/* household_http.c: the endpoints of households, members, consents, duplicates and code lists. */
#include "household/household_choice.h"
#include "household/household_propose.h"
#include "household/household_search.h"
#include "household/household_steps.h"
#include "lumbung/base/text.h"

struct error *
household_answer(const struct household_act *act, const struct call *call, struct reply *reply, int status)
{
    (void)call;
    const struct household_file *file = &act->answer.file;
    reply->status = status;
    reply->version = file->row.version;
    reply->record_id = file->row.id;
    reply_saw(reply, act->tx->arena, file->row.id);
    return household_print_later(act->tx, act->actor, &act->answer, reply);
}

/* A repeated write shows the record as it is today. */
static struct error *
household_replay_step(struct tx *tx, const struct call *call, struct reply *reply)
{
    struct household_file file;
    if (reply->status == 202) {
        household_print_waiting(&reply->body, reply->record_id);
        return NULL;
    }
    TRY(household_file_load(tx, call->actor, reply->record_id, &file));
    reply->version = file.row.version;
    reply_saw(reply, tx->arena, file.row.id);
    return household_print(tx, call->actor, &reply->body, &file, household_part(call->actor));
}

static struct error *
household_register_prepare(struct tx *tx, const struct call *call, struct reply *reply)
{
    struct household_draft *draft = ARENA_NEW(tx->arena, struct household_draft);
    reply->prepared = draft;
    return household_draft_make(tx, call->actor, call->in, "web", draft);
}

static struct error *
household_register_step(struct tx *tx, const struct call *call, struct reply *reply)
{
    struct household_act act = {.tx = tx, .actor = call->actor};
    TRY(household_register_draft(tx, call->actor, call->in, call->prepared, &act.answer));
    char text[ID_TEXT_SIZE];
    id_print(act.answer.file.row.id, text);
    reply->location = arena_format(tx->arena, "/api/v1/households/%s", text);
    return household_answer(&act, call, reply, 201);
}

static struct error *
household_patch_step(struct tx *tx, const struct call *call, struct reply *reply)
{
    struct household_act act;
    bool waits = false;
    TRY(household_act_start(tx, call->actor, call->ids[0], call->if_match, &act));
    TRY(household_propose_own(&act, call, reply, &waits));
    if (waits)
        return NULL;
    TRY(household_change_own(&act, call->json));
    TRY(household_act_finish(&act, act.event ? act.event : call->route->action, NULL));
    return household_answer(&act, call, reply, 200);
}

static struct error *
household_member_add_step(struct tx *tx, const struct call *call, struct reply *reply)
{
    struct household_act act;
    TRY(household_act_start(tx, call->actor, call->ids[0], call->if_match, &act));
    TRY(household_add_member(&act, call->in));
    TRY(household_act_finish(&act, call->route->action, NULL));
    return household_answer(&act, call, reply, 201);
}

static struct error *
household_member_patch_step(struct tx *tx, const struct call *call, struct reply *reply)
{
    struct household_act act;
    struct household_member *member = NULL;
    bool waits = false;
    TRY(household_act_start_member(tx, call->actor, call->ids[0], call->if_match, &act, &member));
    TRY(household_propose_member(&act, member, call, reply, &waits));
    if (waits)
        return NULL;
    TRY(household_change_member(&act, member, call->json));
    TRY(household_act_finish(&act, act.event ? act.event : call->route->action, NULL));
    return household_answer(&act, call, reply, 200);
}

#define READS .perm = PERM_HOUSEHOLD_READ, .scope = SCOPE_REGION, .personal = true
#define WRITES .kind = ROUTE_WRITE, .perm = PERM_HOUSEHOLD_WRITE, .scope = SCOPE_REGION, .personal = true, .body = BODY_TABLE
#define ANSWERS .out = &household_table, .replay = household_replay_step

const struct route household_routes[] = {
    {.method = METHOD_POST, .path = "/api/v1/households", WRITES, ANSWERS, .in = &household_table, .key = KEY_OPTIONAL, .action = "household.register",
     .summary = "Register a household", .prepare = household_register_prepare, .prepares_fast = true, .step = household_register_step},
    {.method = METHOD_GET, .path = "/api/v1/households", READS, .kind = ROUTE_READ_SLOW, .query = &household_list_query_table, .list = true,
     .summary = "Households of a region", .step = household_list_step},
    {.method = METHOD_POST, .path = "/api/v1/households/search", READS, .kind = ROUTE_READ_SLOW, .body = BODY_TABLE, .in = &household_search_table,
     .summary = "Search by name, address or number", .step = household_search_step},
    {.method = METHOD_GET, .path = "/api/v1/households/{id}", READS, .kind = ROUTE_READ_FAST, .query = &household_read_query_table, .out = &household_table,
     .summary = "A household, now or as of an instant", .step = household_get_step},
    {.method = METHOD_PATCH, .path = "/api/v1/households/{id}", WRITES, ANSWERS, .in = &household_table, .key = KEY_OPTIONAL, .version = VERSION_REQUIRED,
     .action = "household.change", .summary = "Correct a household's own fields", .step = household_patch_step},
    {.method = METHOD_GET, .path = "/api/v1/households/{id}/history", READS, .kind = ROUTE_READ_SLOW, .summary = "What changed, when, by whom and why",
     .step = household_history_step},
    {.method = METHOD_POST, .path = "/api/v1/households/{id}/members", WRITES, ANSWERS, .in = &member_table, .key = KEY_OPTIONAL,
     .version = VERSION_OPTIONAL, .action = "household.member_add", .summary = "Someone joins", .step = household_member_add_step},
    {.method = METHOD_PATCH, .path = "/api/v1/members/{id}", WRITES, ANSWERS, .in = &member_table, .key = KEY_OPTIONAL, .version = VERSION_REQUIRED,
     .action = "household.member_change", .summary = "Correct a member, under the household's version", .step = household_member_patch_step},
    {.method = METHOD_POST, .path = "/api/v1/members/{id}/leave", WRITES, ANSWERS, .in = &household_leave_table, .key = KEY_OPTIONAL,
     .version = VERSION_OPTIONAL, .action = "household.member_leave", .summary = "A member leaves", .step = household_leave_step},
    {.method = METHOD_POST, .path = "/api/v1/members/{id}/death", WRITES, ANSWERS, .in = &household_death_table, .key = KEY_OPTIONAL,
     .version = VERSION_OPTIONAL, .action = "household.member_death", .summary = "A member died", .step = household_death_step},
    {.method = METHOD_POST, .path = "/api/v1/members/{id}/move", WRITES, ANSWERS, .in = &household_move_table, .key = KEY_OPTIONAL,
     .version = VERSION_OPTIONAL, .action = "household.member_move", .summary = "A member moves to another household", .step = household_move_step},
    {.method = METHOD_POST, .path = "/api/v1/members/{id}/confirm-nik", READS, .kind = ROUTE_READ_FAST, .body = BODY_TABLE, .in = &household_nik_table,
     .summary = "Does this number belong to the member? The number is not shown", .step = household_confirm_nik_step},
    {.method = METHOD_POST, .path = "/api/v1/households/{id}/split", WRITES, ANSWERS, .in = &household_split_table, .key = KEY_OPTIONAL,
     .version = VERSION_OPTIONAL, .action = "household.split", .summary = "Members part into a new household", .step = household_split_step},
    {.method = METHOD_POST, .path = "/api/v1/households/{id}/merge", WRITES, ANSWERS, .in = &household_merge_table, .key = KEY_OPTIONAL,
     .version = VERSION_OPTIONAL, .action = "household.merge", .summary = "Another household joins this one", .step = household_merge_step},
    {.method = METHOD_GET, .path = "/api/v1/households/{id}/comparison", .perm = PERM_HOUSEHOLD_WRITE, .scope = SCOPE_REGION, .personal = true, .kind = ROUTE_READ_SLOW, .query = &household_comparison_query_table,
     .summary = "Two households side by side: what differs, who is one person", .step = household_comparison_step},
    {.method = METHOD_POST, .path = "/api/v1/households/{id}/unmerge", WRITES, ANSWERS, .in = &household_dissolve_table, .key = KEY_OPTIONAL,
     .version = VERSION_OPTIONAL, .action = "household.unmerge", .summary = "Take a merge back, within 30 days", .step = household_unmerge_step},
    {.method = METHOD_POST, .path = "/api/v1/households/{id}/dissolve", WRITES, ANSWERS, .in = &household_dissolve_table, .key = KEY_OPTIONAL,
     .version = VERSION_OPTIONAL, .action = "household.dissolve", .summary = "The household ends", .step = household_dissolve_step},
    {.method = METHOD_POST, .path = "/api/v1/households/{id}/conflicts", WRITES, ANSWERS, .in = &household_conflict_table, .key = KEY_OPTIONAL,
     .action = "household.conflict", .summary = "Keep what was entered and gave way to another's change", .step = household_conflict_step},
    {.method = METHOD_POST, .path = "/api/v1/households/{id}/consents", WRITES, ANSWERS, .in = &consent_table, .key = KEY_OPTIONAL,
     .version = VERSION_OPTIONAL, .action = "household.consent", .summary = "Record a consent or another basis", .step = household_consent_step},
    {.method = METHOD_POST, .path = "/api/v1/consents/{id}/withdraw", WRITES, ANSWERS, .in = &household_withdrawal_table, .key = KEY_OPTIONAL,
     .version = VERSION_OPTIONAL, .action = "household.consent_withdraw", .summary = "Withdraw a consent, or object", .step = household_withdraw_step},
    {.method = METHOD_GET, .path = "/api/v1/duplicates", READS, .kind = ROUTE_READ_SLOW, .query = &duplicate_query_table, .list = true,
     .summary = "Pairs that may be one", .step = household_duplicate_list_step},
    {.method = METHOD_POST, .path = "/api/v1/duplicates/{id}/decide", WRITES, .in = &duplicate_decision_table, .key = KEY_OPTIONAL,
     .action = "duplicate.decide", .summary = "Decide whether a pair is one", .step = household_duplicate_decide_step},
    {.method = METHOD_GET, .path = "/api/v1/codes", .kind = ROUTE_READ_FAST, .perm = PERM_SIGNED_IN, .scope = SCOPE_NONE, .summary = "The code lists",
     .step = household_codes_step},
    {.method = METHOD_GET, .path = "/api/v1/codes/{name}", .kind = ROUTE_READ_FAST, .perm = PERM_SIGNED_IN, .scope = SCOPE_NONE,
     .summary = "A code list with its labels", .step = household_code_list_step},
    {0},
};
