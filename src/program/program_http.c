/* program_http.c: the calls of programs. */
#include <string.h>

#include "lumbung/base/text.h"
#include "lumbung/base/time.h"
#include "lumbung/household.h"
#include "lumbung/user.h"
#include "program/program_fields.h"
#include "program/program_store.h"

#define SHOWN_RULES 50

static struct error *
print_rules(struct tx *tx, const struct program *program, struct buffer *buffer)
{
    struct program_rule_row *rows = ARENA_ARRAY(tx->arena, struct program_rule_row, SHOWN_RULES);
    size_t count = 0;
    TRY(program_store_rules(tx, program->id, rows, SHOWN_RULES, &count));
    json_open(buffer, "rules", '[');
    for (size_t i = 0; i < count; i++) {
        const char *by = NULL;
        if (!id_is_zero(rows[i].created_by))
            TRY(user_display_name(tx, rows[i].created_by, &by));
        json_open(buffer, NULL, '{');
        json_put_int(buffer, "rule_version", rows[i].rule_version);
        json_put_instant(buffer, "at", rows[i].created_at_ms);
        json_put_text(buffer, "by", by);
        json_put_text(buffer, "rule", rows[i].rule);
        json_put_text(buffer, "entitlement", rows[i].entitlement);
        json_close(buffer, '}');
    }
    json_close(buffer, ']');
    return NULL;
}

static struct error *
print_money(struct tx *tx, const struct program *program, struct buffer *buffer)
{
    struct program_money money;
    TRY(program_store_money(tx, program->id, &money));
    json_put_int(buffer, "claimed_minor", money.claimed_minor);
    json_put_int(buffer, "open_minor", money.open_minor);
    json_put_int(buffer, "paid_minor", money.paid_minor);
    json_put_int(buffer, "left_minor", program->budget_minor - money.claimed_minor - money.open_minor - money.paid_minor);
    json_put_int(buffer, "enrolled", money.enrolled);
    json_put_int(buffer, "waiting", money.waiting);
    return NULL;
}

struct error *
program_print(struct tx *tx, const struct program *program, struct buffer *buffer, const char *key, bool whole)
{
    json_open(buffer, key, '{');
    json_put_id(buffer, "id", program->id);
    json_put_text(buffer, "name", program->name);
    json_put_text(buffer, "category", program->category);
    json_put_text(buffer, "owner", program->owner);
    json_put_text(buffer, "currency", program->currency);
    json_put_text(buffer, "unit", program->unit);
    json_put_text(buffer, "state", program->state);
    json_put_text(buffer, "rule", program->rule);
    json_put_text(buffer, "entitlement", program->entitlement);
    json_put_int(buffer, "rule_version", program->rule_version);
    json_put_int(buffer, "budget_minor", program->budget_minor);
    json_put_date(buffer, "starts_on", program->starts_on);
    if (program->ends_on)
        json_put_date(buffer, "ends_on", program->ends_on);
    else
        json_put_null(buffer, "ends_on");
    json_put_int(buffer, "utc_offset_min", program->utc_offset_min);
    json_put_bool(buffer, "community_validation", program->community_validation);
    json_put_int(buffer, "approvals_required", program->approvals_required);
    json_put_bool(buffer, "strict_duties", program->strict_duties);
    json_put_int(buffer, "version", program->version);
    if (whole) {
        TRY(print_money(tx, program, buffer));
        TRY(print_rules(tx, program, buffer));
    }
    json_close(buffer, '}');
    return NULL;
}

static struct error *
program_reply(struct tx *tx, const struct program *program, struct reply *reply)
{
    reply->record_id = program->id;
    reply->version = program->version;
    return program_print(tx, program, &reply->body, NULL, true);
}

static struct error *
program_create_step(struct tx *tx, const struct call *call, struct reply *reply)
{
    struct program *program = NULL;
    TRY(program_make(tx, call->actor, call->in, &program));
    reply->status = 201;
    return program_reply(tx, program, reply);
}

static struct error *
program_get_step(struct tx *tx, const struct call *call, struct reply *reply)
{
    struct program *program = NULL;
    TRY(program_load(tx, call->actor, call->ids[0], &program));
    return program_reply(tx, program, reply);
}

static struct error *
program_patch_step(struct tx *tx, const struct call *call, struct reply *reply)
{
    struct program *program = NULL;
    TRY(program_change(tx, call->actor, call->ids[0], call->in, call->if_match, &program));
    return program_reply(tx, program, reply);
}

static struct error *
program_activate_step(struct tx *tx, const struct call *call, struct reply *reply)
{
    TRY(program_activate(tx, call->actor, call->ids[0]));
    return program_get_step(tx, call, reply);
}

static struct error *
program_close_step(struct tx *tx, const struct call *call, struct reply *reply)
{
    TRY(program_close(tx, call->actor, call->ids[0]));
    return program_get_step(tx, call, reply);
}

static struct error *
program_list_row(struct tx *tx, const struct program *program, struct buffer *body)
{
    struct buffer one;
    buffer_init(&one, tx->arena);
    TRY(program_print(tx, program, &one, NULL, false));
    one.length--; /* its closing bracket: the money of a list row goes in before it */
    TRY(print_money(tx, program, &one));
    json_close(&one, '}');
    json_put_raw(body, NULL, buffer_text(&one));
    return NULL;
}

static struct error *
program_name_row(struct tx *tx, const struct program *program, struct buffer *body)
{
    (void)tx;
    json_open(body, NULL, '{');
    json_put_id(body, "id", program->id);
    json_put_text(body, "name", program->name);
    json_put_text(body, "state", program->state);
    json_close(body, '}');
    return NULL;
}

static struct error *
program_page(struct tx *tx, const struct call *call, struct reply *reply, struct error *(*print)(struct tx *, const struct program *, struct buffer *))
{
    struct id after = {{0}};
    if (call->after.length == sizeof after.bytes)
        memcpy(after.bytes, call->after.data, sizeof after.bytes);
    struct program *rows = ARENA_ARRAY(tx->arena, struct program, call->limit);
    size_t count = 0;
    TRY(program_store_list(tx, call->actor, after, call->limit, rows, &count));
    reply_list_begin(reply);
    for (size_t i = 0; i < count; i++)
        TRY(print(tx, &rows[i], &reply->body));
    bool more = count == (size_t)call->limit;
    reply_list_end(reply, tx->arena, more ? rows[count - 1].id.bytes : NULL, more ? 16 : 0);
    return NULL;
}

static struct error *
program_list_step(struct tx *tx, const struct call *call, struct reply *reply)
{
    return program_page(tx, call, reply, program_list_row);
}

/* For who bounds accounts to programs without reading the programs themselves. */
static struct error *
program_names_step(struct tx *tx, const struct call *call, struct reply *reply)
{
    return program_page(tx, call, reply, program_name_row);
}

/* The facts: of a registered household in the caller's scope, or of the unsaved one in the request. */
static struct error *
eligibility_facts(struct tx *tx, const struct call *call, const struct eligibility_in *in, int32_t on, struct reply *reply, struct json **ret_facts)
{
    if (!id_is_zero(in->household_id)) {
        struct household_view view;
        TRY(household_view(tx, call->actor, in->household_id, &view));
        reply_saw(reply, tx->arena, view.id);
        return household_facts(tx, view.id, on, ret_facts);
    }
    if (in->household == NULL || in->household->kind != JSON_OBJECT)
        return error_field("/household_id", FAULT_REQUIRED, NULL, NULL);
    *ret_facts = json_make(tx->arena, JSON_OBJECT);
    json_set(tx->arena, *ret_facts, "household", in->household);
    return NULL;
}

static struct error *
program_eligibility_step(struct tx *tx, const struct call *call, struct reply *reply)
{
    const struct eligibility_in *in = call->in;
    struct program *program = NULL;
    struct json *facts = NULL;
    TRY(program_load(tx, call->actor, call->ids[0], &program));
    if (in->rule)
        program->rule = in->rule;
    if (in->entitlement)
        program->entitlement = in->entitlement;
    if (in->rule || in->entitlement)
        TRY(program_compile(tx, program));
    int32_t on = field_present(&eligibility_in_table, in, "on") ? in->on : date_of_instant(tx->now_ms, program->utc_offset_min);
    TRY(eligibility_facts(tx, call, in, on, reply, &facts));
    struct program_unit unit = {in->household_id, (int)in->family_no, in->member_id};
    if (text_equal(program->unit, "family") && unit.family_no == 0)
        unit.family_no = 1;
    if (text_equal(program->unit, "member") && id_is_zero(unit.member_id))
        return error_field("/member_id", FAULT_REQUIRED, NULL, NULL);
    if (!text_equal(program->unit, "family"))
        unit.family_no = 0;
    struct program_answer answer;
    TRY(program_evaluate(tx, program, facts, unit, on, true, &answer));
    program_answer_print(&reply->body, NULL, &answer, call->language);
    return NULL;
}

static struct error *
program_simulation_step(struct tx *tx, const struct call *call, struct reply *reply)
{
    struct program *program = NULL;
    TRY(program_load(tx, call->actor, call->ids[0], &program));
    return program_simulate(tx, call->actor, program, call->in, &reply->body);
}

const struct route program_routes[] = {
    {.method = METHOD_GET, .path = "/api/v1/programs", .kind = ROUTE_READ_FAST, .perm = PERM_PROGRAM_READ, .scope = SCOPE_REGION, .list = true,
     .summary = "Programs", .step = program_list_step},
    {.method = METHOD_GET, .path = "/api/v1/program-names", .kind = ROUTE_READ_FAST, .perm = PERM_PROGRAM_READ, .perm_or = PERM_USER_MANAGE, .has_perm_or = true,
     .scope = SCOPE_REGION, .list = true, .summary = "Names of programs", .step = program_names_step},
    {.method = METHOD_POST, .path = "/api/v1/programs", .kind = ROUTE_WRITE, .perm = PERM_PROGRAM_WRITE, .scope = SCOPE_REGION, .key = KEY_OPTIONAL,
     .body = BODY_TABLE, .in = &program_in_table, .action = "program.create", .summary = "Make a program", .step = program_create_step,
     .replay = program_get_step},
    {.method = METHOD_GET, .path = "/api/v1/programs/{id}", .kind = ROUTE_READ_FAST, .perm = PERM_PROGRAM_READ, .scope = SCOPE_REGION,
     .summary = "A program with its money and rule versions", .step = program_get_step},
    {.method = METHOD_PATCH, .path = "/api/v1/programs/{id}", .kind = ROUTE_WRITE, .perm = PERM_PROGRAM_WRITE, .scope = SCOPE_REGION, .key = KEY_OPTIONAL,
     .version = VERSION_REQUIRED, .body = BODY_TABLE, .in = &program_in_table, .action = "program.change", .summary = "Change a program",
     .step = program_patch_step, .replay = program_get_step},
    {.method = METHOD_POST, .path = "/api/v1/programs/{id}/activate", .kind = ROUTE_WRITE, .perm = PERM_PROGRAM_WRITE, .scope = SCOPE_REGION,
     .key = KEY_OPTIONAL, .action = "program.activate", .summary = "Activate", .step = program_activate_step, .replay = program_get_step},
    {.method = METHOD_POST, .path = "/api/v1/programs/{id}/close", .kind = ROUTE_WRITE, .perm = PERM_PROGRAM_WRITE, .scope = SCOPE_REGION,
     .key = KEY_OPTIONAL, .action = "program.close", .summary = "Close", .step = program_close_step, .replay = program_get_step},
    {.method = METHOD_POST, .path = "/api/v1/programs/{id}/eligibility", .kind = ROUTE_READ_SLOW, .perm = PERM_ELIGIBILITY_CHECK, .scope = SCOPE_REGION,
     .personal = true, .body = BODY_TABLE, .body_bytes_max = 256 * 1024, .in = &eligibility_in_table, .summary = "Would this household get it, and why",
     .step = program_eligibility_step},
    {.method = METHOD_POST, .path = "/api/v1/programs/{id}/simulations", .kind = ROUTE_READ_SLOW, .perm = PERM_PROGRAM_WRITE, .scope = SCOPE_REGION,
     .body = BODY_TABLE, .in = &simulation_in_table, .summary = "Counts and cost of a rule", .step = program_simulation_step},
    {0},
};
