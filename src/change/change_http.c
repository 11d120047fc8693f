/* change_http.c: the endpoints of change requests. */
#include <string.h>

#include "change/change.h"
#include "household/household_steps.h"
#include "lumbung/base/text.h"

static const struct code kind_words[] = {{"household", "Data rumah tangga", "Household"}, {"member", "Data anggota", "Member"}, {"death", "Kematian", "Death"}};
const struct code_list change_kind_codes = CODE_LIST("change_kind", 1, kind_words);
static const struct code state_words[] = {
    {"open", "menunggu", "waiting"}, {"approved", "disetujui", "approved"}, {"rejected", "ditolak", "rejected"}, {"withdrawn", "ditarik", "withdrawn"}};
const struct code_list change_state_codes = CODE_LIST("change_request_state", 1, state_words);
static const struct code decision_words[] = {{"approve", "setujui", "approve"}, {"reject", "tolak", "reject"}};
const struct code_list change_decision_codes = CODE_LIST("change_decision", 1, decision_words);

struct change_query { struct presence presence; const char *state; struct id household; bool unseen; };
static const struct field change_query_fields[] = {
    {.name = "state", .offset = offsetof(struct change_query, state), .kind = FIELD_TEXT, .minimum = 1, .maximum = 20, .about = "open by default"},
    {.name = "household", .offset = offsetof(struct change_query, household), .kind = FIELD_ID, .about = "of this one only"},
    {.name = "unseen", .offset = offsetof(struct change_query, unseen), .kind = FIELD_BOOL, .about = "the caller's own that were rejected and that he has not opened yet"},
};
static FIELD_TABLE(change_query_table, "ChangeRequestQuery", struct change_query, change_query_fields);

struct change_read { struct presence presence; bool reveal; };
static const struct field change_read_fields[] = {
    {.name = "reveal", .offset = offsetof(struct change_read, reveal), .kind = FIELD_BOOL, .about = "numbers in full; needs household.reveal and a fresh second factor"},
};
static FIELD_TABLE(change_read_table, "ChangeRequestRead", struct change_read, change_read_fields);

struct change_words { struct presence presence; const char *reason; };
static const struct field approve_fields[] = {
    {.name = "reason", .offset = offsetof(struct change_words, reason), .kind = FIELD_TEXT, .flags = FIELD_LINES, .minimum = 3, .maximum = LIMIT_TEXT},
};
static FIELD_TABLE(change_approve_table, "ChangeApproval", struct change_words, approve_fields);
static const struct field reject_fields[] = {
    {.name = "reason", .offset = offsetof(struct change_words, reason), .kind = FIELD_TEXT, .flags = FIELD_REQUIRED | FIELD_LINES, .minimum = 3, .maximum = LIMIT_TEXT},
};
static FIELD_TABLE(change_reject_table, "ChangeRejection", struct change_words, reject_fields);

struct change_evidence { struct presence presence; struct id evidence_id; const char *note; };
static const struct field evidence_fields[] = {
    {.name = "evidence_id", .offset = offsetof(struct change_evidence, evidence_id), .kind = FIELD_ID, .about = "an attachment of the caller"},
    {.name = "note", .offset = offsetof(struct change_evidence, note), .kind = FIELD_TEXT, .flags = FIELD_PERSONAL | FIELD_LINES, .minimum = 3, .maximum = LIMIT_TEXT,
     .about = "why, in the words of who asks"},
};
static FIELD_TABLE(change_evidence_table, "ChangeEvidence", struct change_evidence, evidence_fields);

struct change_bulk { struct presence presence; const char *decision; struct array ids; const char *reason; };
static const struct field bulk_fields[] = {
    {.name = "decision", .offset = offsetof(struct change_bulk, decision), .kind = FIELD_CODE, .flags = FIELD_REQUIRED, .codes = &change_decision_codes},
    {.name = "ids", .offset = offsetof(struct change_bulk, ids), .kind = FIELD_IDS, .flags = FIELD_REQUIRED, .minimum = 1, .maximum = LIMIT_CHANGE_BULK},
    {.name = "reason", .offset = offsetof(struct change_bulk, reason), .kind = FIELD_TEXT, .flags = FIELD_LINES, .minimum = 3, .maximum = LIMIT_TEXT,
     .about = "required to reject"},
};
static FIELD_TABLE(change_bulk_table, "ChangeDecisions", struct change_bulk, bulk_fields);

static struct error *
list_step(struct tx *tx, const struct call *call, struct reply *reply)
{
    const struct change_query *query = call->query;
    struct change_page page = {.state = query && query->state ? query->state : "open", .limit = call->limit + 1};
    uint8_t cursor[2 * sizeof(struct id)];
    if (query && query->unseen) {
        if (query->state || !id_is_zero(query->household))
            return query_refusal(tx->arena, "unseen", &(struct fault){.code = FAULT_CONFLICT, .arguments = {query->state ? "state" : "household"}}, call->language);
        page.unseen = true;
        page.state = "rejected";
    }
    if (query)
        page.household_id = query->household;
    if (call->after.length == sizeof cursor) {
        memcpy(&page.after_region, call->after.data, sizeof(struct id));
        memcpy(&page.after_id, call->after.data + sizeof(struct id), sizeof(struct id));
    }
    TRY(change_store_page(tx, call->actor, &page));
    size_t shown = page.count > (size_t)call->limit ? (size_t)call->limit : page.count;
    reply_list_begin(reply);
    for (size_t i = 0; i < shown; i++)
        TRY(change_print(tx, call->actor, reply, &page.rows[i], household_part(call->actor)));
    if (page.count > shown) {
        memcpy(cursor, &page.rows[shown - 1].region_id, sizeof(struct id));
        memcpy(cursor + sizeof(struct id), &page.rows[shown - 1].id, sizeof(struct id));
    }
    reply_list_end(reply, tx->arena, page.count > shown ? cursor : NULL, page.count > shown ? sizeof cursor : 0);
    return NULL;
}

static struct error *
load(struct tx *tx, const struct actor *actor, struct id id, struct change_row *ret_row)
{
    bool found = false;
    TRY(change_store_load(tx, actor, id, ret_row, &found));
    return found ? NULL : error_new(ERROR_NOT_FOUND);
}

static struct error *
answer(struct tx *tx, const struct call *call, struct reply *reply, const struct change_row *row, enum field_part part)
{
    reply->record_id = row->id;
    reply->version = row->version;
    return change_print(tx, call->actor, reply, row, part);
}

static struct error *
get_step(struct tx *tx, const struct call *call, struct reply *reply)
{
    const struct change_read *query = call->query;
    enum field_part part;
    struct change_row row;
    TRY(household_choose_part(tx, call, query && query->reveal, &part));
    TRY(load(tx, call->actor, call->ids[0], &row));
    return answer(tx, call, reply, &row, part);
}

static struct error *
stale(struct tx *tx, const struct call *call, const struct change_row *row)
{
    struct reply current = {.version = -1};
    buffer_init(&current.body, tx->arena);
    TRY(change_print(tx, call->actor, &current, row, household_part(call->actor)));
    struct error *error = error_new(ERROR_STALE);
    error_add_member(error, "current", buffer_text(&current.body), true);
    return error;
}

static struct error *
decide(struct tx *tx, const struct call *call, struct reply *reply, enum change_decision decision)
{
    const struct change_words *words = call->in;
    struct change_row row;
    TRY(load(tx, call->actor, call->ids[0], &row));
    if (call->if_match >= 0 && call->if_match != row.version)
        return stale(tx, call, &row);
    struct error *error = change_decide(tx, call->actor, &row, decision, words->reason);
    if (error && error->code == ERROR_STALE && error->member_count == 0) {
        error_free(error);
        return stale(tx, call, &row);
    }
    TRY(error);
    return answer(tx, call, reply, &row, household_part(call->actor));
}

static struct error *
approve_step(struct tx *tx, const struct call *call, struct reply *reply)
{
    return decide(tx, call, reply, CHANGE_APPROVE);
}

static struct error *
reject_step(struct tx *tx, const struct call *call, struct reply *reply)
{
    return decide(tx, call, reply, CHANGE_REJECT);
}

static struct error *
withdraw_step(struct tx *tx, const struct call *call, struct reply *reply)
{
    return decide(tx, call, reply, CHANGE_WITHDRAW);
}

static struct error *
evidence_step(struct tx *tx, const struct call *call, struct reply *reply)
{
    const struct change_evidence *evidence = call->in;
    struct change_row row;
    TRY(load(tx, call->actor, call->ids[0], &row));
    if (id_is_zero(evidence->evidence_id) && !evidence->note)
        return error_field("/evidence_id", FAULT_REQUIRED, NULL, NULL);
    TRY(change_prove(tx, call->actor, &row, evidence->note, evidence->evidence_id));
    TRY(load(tx, call->actor, row.id, &row));
    return answer(tx, call, reply, &row, household_part(call->actor));
}

static struct error *
see_step(struct tx *tx, const struct call *call, struct reply *reply)
{
    struct change_row row;
    TRY(load(tx, call->actor, call->ids[0], &row));
    TRY(change_see(tx, call->actor, &row));
    return answer(tx, call, reply, &row, household_part(call->actor));
}

static void
print_skipped(struct buffer *skipped, struct id id, const struct error *error, enum language language)
{
    struct buffer detail;
    buffer_init(&detail, skipped->arena);
    error_print(&detail, error, language);
    json_open(skipped, NULL, '{');
    json_put_id(skipped, "id", id);
    json_put_text(skipped, "code", error_slug(error->code));
    json_put_text(skipped, "detail", buffer_text(&detail));
    json_close(skipped, '}');
}

/* What would be refused by itself is told and left; the others are decided together. */
static struct error *
decide_one(struct tx *tx, const struct call *call, struct id id, enum change_decision decision, struct buffer *skipped, struct reply *reply)
{
    const struct change_bulk *bulk = call->in;
    struct change_row row;
    struct error *error = load(tx, call->actor, id, &row);
    if (!error)
        error = change_check(tx, call->actor, &row, decision);
    if (error && error_status(error->code) < 500) {
        print_skipped(skipped, id, error, call->language);
        error_free(error);
        return NULL;
    }
    TRY(error);
    TRY(change_decide(tx, call->actor, &row, decision, bulk->reason));
    reply->record_id = row.id;
    reply_saw(reply, tx->arena, row.household_id);
    json_put_id(&reply->body, NULL, id);
    return NULL;
}

static struct error *
bulk_step(struct tx *tx, const struct call *call, struct reply *reply)
{
    const struct change_bulk *bulk = call->in;
    bool rejects = text_equal(bulk->decision, "reject");
    const struct id *ids = bulk->ids.items;
    struct buffer skipped;
    buffer_init(&skipped, tx->arena);
    if (rejects && !bulk->reason)
        return error_field("/reason", FAULT_REQUIRED, NULL, NULL);
    size_t before = tx->leaf_count;
    json_open(&reply->body, NULL, '{');
    json_open(&reply->body, "decided", '[');
    json_open(&skipped, NULL, '[');
    for (size_t i = 0; i < bulk->ids.count; i++)
        TRY(decide_one(tx, call, ids[i], rejects ? CHANGE_REJECT : CHANGE_APPROVE, &skipped, reply));
    json_close(&reply->body, ']');
    json_close(&skipped, ']');
    if (tx->leaf_count == before)
        return error_field("/ids", FAULT_CONSTRAINT, "Tidak satu pun dapat diputuskan; muat ulang daftarnya.", "None of them can be decided; load the list again.");
    json_put_raw(&reply->body, "skipped", buffer_text(&skipped));
    json_close(&reply->body, '}');
    return NULL;
}

#define READS .kind = ROUTE_READ_SLOW, .perm = PERM_HOUSEHOLD_READ, .scope = SCOPE_REGION, .personal = true
#define DECIDES .method = METHOD_POST, .kind = ROUTE_WRITE, .perm = PERM_CHANGE_APPROVE, .scope = SCOPE_REGION, .personal = true, .body = BODY_TABLE, .key = KEY_OPTIONAL
#define ASKS .method = METHOD_POST, .kind = ROUTE_WRITE, .perm = PERM_HOUSEHOLD_WRITE, .scope = SCOPE_REGION, .personal = true, .body = BODY_TABLE, .key = KEY_OPTIONAL

const struct route change_routes[] = {
    {.method = METHOD_GET, .path = "/api/v1/change-requests", READS, .query = &change_query_table, .list = true, .summary = "Changes that wait for another person",
     .step = list_step},
    {.method = METHOD_GET, .path = "/api/v1/change-requests/{id}", READS, .query = &change_read_table, .summary = "One, before and after", .step = get_step},
    {.path = "/api/v1/change-requests/{id}/approve", DECIDES, .in = &change_approve_table, .version = VERSION_OPTIONAL, .step_up = true,
     .action = "change.approve", .summary = "Make the change that another person asked for", .step = approve_step, .replay = get_step},
    {.path = "/api/v1/change-requests/{id}/reject", DECIDES, .in = &change_reject_table, .version = VERSION_OPTIONAL, .action = "change.reject",
     .summary = "Leave it as it is", .step = reject_step, .replay = get_step},
    {.path = "/api/v1/change-requests/bulk", DECIDES, .in = &change_bulk_table, .step_up = true, .action = "change.bulk",
     .summary = "Decide several; what cannot be decided is told and left", .step = bulk_step},
    {.path = "/api/v1/change-requests/{id}/withdraw", ASKS, .in = &change_approve_table, .version = VERSION_OPTIONAL, .action = "change.withdraw",
     .summary = "Take one's own request back", .step = withdraw_step, .replay = get_step},
    {.path = "/api/v1/change-requests/{id}/evidence", ASKS, .in = &change_evidence_table, .action = "change.prove",
     .summary = "Say why, and add a paper", .step = evidence_step, .replay = get_step},
    {.method = METHOD_POST, .path = "/api/v1/change-requests/{id}/seen", .kind = ROUTE_WRITE, .perm = PERM_HOUSEHOLD_WRITE, .scope = SCOPE_REGION, .personal = true,
     .key = KEY_OPTIONAL, .action = "change.see", .summary = "Whoever asked has read that it was rejected", .step = see_step, .replay = get_step},
    {0},
};
