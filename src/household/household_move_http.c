/* household_move_http.c: sending a household to another region, the inbox of the receiving side, and its answer. */
#include <string.h>

#include "household/household_move.h"
#include "household/household_steps.h"
#include "lumbung/base/limits.h"
#include "lumbung/base/text.h"
#include "lumbung/region.h"
#include "lumbung/user.h"

static const struct code state_words[] = {
    {"sent", "dikirim", "sent"}, {"accepted", "diterima", "accepted"}, {"refused", "ditolak", "refused"}, {"withdrawn", "ditarik", "withdrawn"}};
const struct code_list household_move_states = CODE_LIST("household_move_state", 1, state_words);

struct move_send { struct presence presence; const char *to_region, *note; };
static const struct field send_fields[] = {
    {.name = "to_region", .offset = offsetof(struct move_send, to_region), .kind = FIELD_TEXT, .flags = FIELD_REQUIRED, .minimum = 1, .maximum = 40,
     .about = "official code of the region where it will live"},
    {.name = "note", .offset = offsetof(struct move_send, note), .kind = FIELD_TEXT, .flags = FIELD_PERSONAL | FIELD_LINES, .minimum = 1, .maximum = LIMIT_TEXT},
};
static FIELD_TABLE(move_send_table, "HouseholdMoveOut", struct move_send, send_fields);

struct move_accept { struct presence presence; const char *hamlet, *rw, *rt, *address; };
#define PLACE(member, most) {.name = #member, .offset = offsetof(struct move_accept, member), .kind = FIELD_TEXT, .minimum = 1, .maximum = most}
static const struct field accept_fields[] = {PLACE(hamlet, LIMIT_NAME), PLACE(rw, 5), PLACE(rt, 5), PLACE(address, LIMIT_NAME)};
static FIELD_TABLE(move_accept_table, "HouseholdMoveIn", struct move_accept, accept_fields);

struct move_reason { struct presence presence; const char *reason; };
static const struct field refuse_fields[] = {
    {.name = "reason", .offset = offsetof(struct move_reason, reason), .kind = FIELD_TEXT, .flags = FIELD_REQUIRED | FIELD_LINES, .minimum = 3, .maximum = LIMIT_TEXT},
};
static FIELD_TABLE(move_refuse_table, "HouseholdMoveRefusal", struct move_reason, refuse_fields);
static const struct field withdraw_fields[] = {
    {.name = "reason", .offset = offsetof(struct move_reason, reason), .kind = FIELD_TEXT, .flags = FIELD_LINES, .minimum = 3, .maximum = LIMIT_TEXT},
};
static FIELD_TABLE(move_withdraw_table, "HouseholdMoveWithdrawal", struct move_reason, withdraw_fields);

struct move_query { struct presence presence; const char *state, *direction; };
static const struct field query_fields[] = {
    {.name = "state", .offset = offsetof(struct move_query, state), .kind = FIELD_TEXT, .minimum = 1, .maximum = 20, .about = "sent by default"},
    {.name = "direction", .offset = offsetof(struct move_query, direction), .kind = FIELD_TEXT, .minimum = 1, .maximum = 20, .about = "in (the inbox) by default, or out"},
};
static FIELD_TABLE(move_query_table, "HouseholdMoveQuery", struct move_query, query_fields);

static struct error *
print_words(struct tx *tx, const struct call *call, struct reply *reply, const struct move_row *row)
{
    const struct { const char *key, *place; struct bytes sealed; } words[] = {{"note", "household_move.note", row->note}, {"reason", "household_move.reason", row->reason}};
    for (size_t i = 0; i < 2; i++) {
        struct bytes plain = {NULL, 0};
        if (words[i].sealed.data && call->actor->masking != MASKING_PSEUDONYM)
            TRY(keyring_unseal(tx, row->household_id, words[i].place, row->id, words[i].sealed, &plain));
        json_put_text(&reply->body, words[i].key, (const char *)plain.data);
    }
    return NULL;
}

static struct error *
print_region(struct tx *tx, struct reply *reply, const char *key, struct id id)
{
    struct region region;
    const char *path = NULL;
    TRY(region_by_id(tx, id, &region));
    TRY(region_path_text(tx, id, &path));
    json_put_text(&reply->body, key, region.code);
    json_put_text(&reply->body, arena_format(tx->arena, "%s_name", key), path);
    return NULL;
}

static struct error *
print_may(struct tx *tx, const struct call *call, struct reply *reply, const struct move_row *row)
{
    static const char *const acts[] = {"accept", "refuse", "withdraw"};
    json_open(&reply->body, "may", '[');
    for (size_t i = 0; actor_may(call->actor, PERM_HOUSEHOLD_WRITE) && i < 3; i++) {
        struct error *error = household_move_check(tx, call->actor, row, acts[i]);
        if (!error)
            json_put_text(&reply->body, NULL, acts[i]);
        error_free(error);
    }
    json_close(&reply->body, ']');
    return NULL;
}

/* The receiver learns who comes, and how many; the rest once it is his. */
static struct error *
print_move(struct tx *tx, const struct call *call, struct reply *reply, const struct move_row *row)
{
    struct household_file file;
    const char *sent_by = NULL, *decided_by = NULL;
    TRY(household_file_load(tx, NULL, row->household_id, &file));
    const struct household_member *head = household_file_find(&file, file.row.head_id);
    TRY(user_display_name(tx, row->sent_by, &sent_by));
    if (!id_is_zero(row->decided_by))
        TRY(user_display_name(tx, row->decided_by, &decided_by));
    json_open(&reply->body, NULL, '{');
    json_put_id(&reply->body, "id", row->id);
    json_put_text(&reply->body, "state", row->state);
    json_put_int(&reply->body, "version", row->version);
    json_put_id(&reply->body, "household_id", row->household_id);
    json_put_text(&reply->body, "head", head ? household_shown_name(tx, call->actor, head->row.id, head->record->name) : NULL);
    json_put_int(&reply->body, "member_count", file.row.member_count);
    TRY(print_region(tx, reply, "from_region", row->from_region_id));
    TRY(print_region(tx, reply, "to_region", row->to_region_id));
    json_put_text(&reply->body, "sent_by", sent_by);
    json_put_instant(&reply->body, "sent_at", row->sent_at_ms);
    json_put_text(&reply->body, "decided_by", decided_by);
    if (row->decided_at_ms > 0)
        json_put_instant(&reply->body, "decided_at", row->decided_at_ms);
    TRY(print_words(tx, call, reply, row));
    TRY(print_may(tx, call, reply, row));
    json_close(&reply->body, '}');
    reply_saw(reply, tx->arena, row->household_id);
    return NULL;
}

static struct error *
answer(struct tx *tx, const struct call *call, struct reply *reply, const struct move_row *row, int status)
{
    reply->status = status;
    reply->record_id = row->id;
    reply->version = row->version;
    return print_move(tx, call, reply, row);
}

static struct error *
send_step(struct tx *tx, const struct call *call, struct reply *reply)
{
    const struct move_send *send = call->in;
    struct household_act act;
    struct move_row row;
    TRY(household_act_start(tx, call->actor, call->ids[0], call->if_match, &act));
    TRY(household_move_send(&act, send->to_region, send->note, &row));
    return answer(tx, call, reply, &row, 201);
}

static struct error *
load(struct tx *tx, const struct call *call, struct move_row *ret_row)
{
    bool found = false;
    TRY(move_store_load(tx, call->actor, call->ids[0], ret_row, &found));
    if (!found)
        return error_new(ERROR_NOT_FOUND);
    return call->if_match >= 0 && call->if_match != ret_row->version ? error_new(ERROR_STALE) : NULL;
}

static struct error *
get_step(struct tx *tx, const struct call *call, struct reply *reply)
{
    struct move_row row;
    TRY(load(tx, call, &row));
    return answer(tx, call, reply, &row, 200);
}

static struct error *
accept_step(struct tx *tx, const struct call *call, struct reply *reply)
{
    struct move_row row;
    TRY(load(tx, call, &row));
    TRY(household_move_accept(tx, call->actor, &row, call->json));
    return answer(tx, call, reply, &row, 200);
}

static struct error *
end(struct tx *tx, const struct call *call, struct reply *reply, const char *state)
{
    const struct move_reason *in = call->in;
    struct move_row row;
    TRY(load(tx, call, &row));
    TRY(household_move_end(tx, call->actor, &row, state, in->reason));
    return answer(tx, call, reply, &row, 200);
}

static struct error *
refuse_step(struct tx *tx, const struct call *call, struct reply *reply)
{
    return end(tx, call, reply, "refused");
}

static struct error *
withdraw_step(struct tx *tx, const struct call *call, struct reply *reply)
{
    return end(tx, call, reply, "withdrawn");
}

static struct error *
list_step(struct tx *tx, const struct call *call, struct reply *reply)
{
    const struct move_query *query = call->query;
    struct move_page page = {.state = query && query->state ? query->state : "sent", .incoming = !query || !text_equal(query->direction, "out"), .limit = call->limit + 1};
    uint8_t cursor[2 * sizeof(struct id)];
    if (call->after.length == sizeof cursor) {
        memcpy(&page.after_region, call->after.data, sizeof(struct id));
        memcpy(&page.after_id, call->after.data + sizeof(struct id), sizeof(struct id));
    }
    TRY(move_store_page(tx, call->actor, &page));
    size_t shown = page.count > (size_t)call->limit ? (size_t)call->limit : page.count;
    reply_list_begin(reply);
    for (size_t i = 0; i < shown; i++)
        TRY(print_move(tx, call, reply, &page.rows[i]));
    if (page.count > shown) {
        const struct move_row *last = &page.rows[shown - 1];
        memcpy(cursor, page.incoming ? &last->to_region_id : &last->from_region_id, sizeof(struct id));
        memcpy(cursor + sizeof(struct id), &last->id, sizeof(struct id));
    }
    reply_list_end(reply, tx->arena, page.count > shown ? cursor : NULL, page.count > shown ? sizeof cursor : 0);
    return NULL;
}

#define READS .method = METHOD_GET, .kind = ROUTE_READ_SLOW, .perm = PERM_HOUSEHOLD_READ, .scope = SCOPE_REGION, .personal = true
#define WRITES \
    .method = METHOD_POST, .kind = ROUTE_WRITE, .perm = PERM_HOUSEHOLD_WRITE, .scope = SCOPE_REGION, .personal = true, .body = BODY_TABLE, .key = KEY_OPTIONAL, \
    .version = VERSION_OPTIONAL, .replay = get_step

const struct route household_move_routes[] = {
    {.path = "/api/v1/households/{id}/move", WRITES, .in = &move_send_table, .action = "household.move_send", .summary = "Send a household to another region", .step = send_step},
    {.path = "/api/v1/moves", READS, .query = &move_query_table, .list = true, .summary = "Households on their way", .step = list_step},
    {.path = "/api/v1/moves/{id}", READS, .summary = "One on its way", .step = get_step},
    {.path = "/api/v1/moves/{id}/accept", WRITES, .in = &move_accept_table, .action = "household.move_accept", .summary = "It lives here now", .step = accept_step},
    {.path = "/api/v1/moves/{id}/refuse", WRITES, .in = &move_refuse_table, .action = "household.move_refuse", .summary = "It does not live here", .step = refuse_step},
    {.path = "/api/v1/moves/{id}/withdraw", WRITES, .in = &move_withdraw_table, .action = "household.move_withdraw", .summary = "Take back what was sent",
     .step = withdraw_step},
    {0},
};
