/* household_propose.c: which changes concern head, a known number, account, guardian or death; judged by what differs, never by what the caller says. */
#include "household/household_propose.h"

#include "lumbung/base/text.h"

/* A number that was not known may be added; one that was is changed or taken away. */
static bool
known_differs(const char *old, const char *new)
{
    return old && !text_equal(old, new);
}

static bool
payee_is_sensitive(const struct payee_record *old, const struct payee_record *new)
{
    return household_account_differs(old, new) || household_guardian_differs(old, new);
}

static const struct family_record *
family_of(const struct household_record *record, int64_t no)
{
    const struct family_record *families = record->families.items;
    for (size_t i = 0; i < record->families.count; i++)
        if (families[i].no == no)
            return &families[i];
    return NULL;
}

static bool
family_is_sensitive(const struct family_record *old, const struct family_record *new)
{
    const struct family_record none = {0};
    const struct family_record *left = old ? old : &none, *right = new ? new : &none;
    if (known_differs(left->kk_number, right->kk_number) || payee_is_sensitive(left->payee, right->payee))
        return true;
    return !id_is_zero(left->head_member_id) && !id_equal(left->head_member_id, right->head_member_id);
}

static bool
own_is_sensitive(const struct household_record *old, const struct household_record *new)
{
    if (known_differs(old->kk_number, new->kk_number) || payee_is_sensitive(old->payee, new->payee))
        return true;
    for (int64_t no = 1; no <= LIMIT_FAMILIES; no++)
        if (family_is_sensitive(family_of(old, no), family_of(new, no)))
            return true;
    return false;
}

static bool
member_is_sensitive(const struct member_record *old, const struct member_record *new)
{
    bool was_head = text_equal(old->relationship, "head"), is_head = text_equal(new->relationship, "head");
    return known_differs(old->nik, new->nik) || was_head != is_head;
}

void
household_print_waiting(struct buffer *buffer, struct id request_id)
{
    json_open(buffer, NULL, '{');
    json_put_id(buffer, "change_request_id", request_id);
    json_close(buffer, '}');
}

static struct error *
ask_each(struct household_act *act, struct household_proposal *proposal, struct id *ret_request_id)
{
    const struct household_row *row = &act->answer.file.row;
    proposal->household_id = row->id;
    proposal->region_id = row->region_id;
    proposal->registered_by = row->registered_by;
    proposal->created_at_ms = row->created_at_ms;
    for (const household_gate *gate = household_gates; *gate && id_is_zero(*ret_request_id); gate++)
        TRY((*gate)(act->tx, act->actor, proposal, ret_request_id));
    return NULL;
}

static struct error *
ask_gates(struct household_act *act, struct household_proposal *proposal, struct reply *reply, bool *ret_waits)
{
    struct id request_id = {{0}};
    TRY(ask_each(act, proposal, &request_id));
    *ret_waits = !id_is_zero(request_id);
    if (!*ret_waits)
        return NULL;
    reply->status = 202;
    reply->record_id = request_id;
    reply_saw(reply, act->tx->arena, act->answer.file.row.id);
    household_print_waiting(&reply->body, request_id);
    return NULL;
}

/* Both documents cut down to what differs, as the log has it. */
static struct error *
ask_about(struct household_act *act, struct household_proposal *proposal, struct reply *reply, bool *ret_waits)
{
    struct household_changes difference = household_changes_start(act->tx);
    TRY(household_changes_add(&difference, proposal->kind, (struct id){{0}}, (struct id){{0}}, proposal->before, proposal->after));
    proposal->before = difference.parts[0].before;
    proposal->after = difference.parts[0].after;
    return ask_gates(act, proposal, reply, ret_waits);
}

struct error *
household_propose_own(struct household_act *act, const struct call *call, struct reply *reply, bool *ret_waits)
{
    struct household_row row = act->answer.file.row;
    struct household_record *record = NULL;
    *ret_waits = false;
    TRY(household_patched_own(act, call->json, &row, &record));
    if (!own_is_sensitive(act->answer.file.record, record))
        return NULL;
    struct household_proposal proposal = {.kind = "household", .body = call->json, .before = act->before,
                                          .after = household_document(act->tx->arena, &household_table, record)};
    return ask_about(act, &proposal, reply, ret_waits);
}

struct error *
household_propose_member(struct household_act *act, struct household_member *member, const struct call *call, struct reply *reply, bool *ret_waits)
{
    struct arena *arena = act->tx->arena;
    struct member_record *record = NULL;
    *ret_waits = false;
    TRY(household_patched_member(act, member, call->json, &record));
    if (!member_is_sensitive(member->record, record))
        return NULL;
    struct household_proposal proposal = {.kind = "member", .member_id = member->row.id, .body = call->json,
                                          .before = household_document(arena, &member_table, member->record),
                                          .after = household_document(arena, &member_table, record)};
    return ask_about(act, &proposal, reply, ret_waits);
}

struct error *
household_propose_death(struct household_act *act, const struct household_member *member, int32_t on, const char *note, const struct call *call,
                        struct reply *reply, bool *ret_waits)
{
    struct buffer before, after;
    buffer_init(&before, act->tx->arena);
    buffer_init(&after, act->tx->arena);
    TRY(household_check_end(member, on));
    json_open(&before, NULL, '{');
    json_put_text(&before, "state", "live");
    json_put_null(&before, "left_on");
    json_close(&before, '}');
    json_open(&after, NULL, '{');
    json_put_text(&after, "state", "died");
    json_put_date(&after, "left_on", on);
    json_close(&after, '}');
    struct household_proposal proposal = {.kind = "death", .member_id = member->row.id, .body = call->json, .before = buffer_text(&before),
                                          .after = buffer_text(&after), .note = note};
    return ask_gates(act, &proposal, reply, ret_waits);
}

struct error *
household_patch_waits(struct household_act *act, struct household_member *member, const struct json *patch, bool *ret_waits)
{
    struct arena *arena = act->tx->arena;
    struct household_row row = act->answer.file.row;
    struct household_record *record = NULL;
    struct member_record *changed = NULL;
    struct id request_id = {{0}};
    struct household_proposal proposal = {.kind = member ? "member" : "household", .body = patch};
    bool sensitive = false;
    if (!member) {
        TRY(household_patched_own(act, patch, &row, &record));
        proposal.before = act->before;
        proposal.after = household_document(arena, &household_table, record);
        sensitive = own_is_sensitive(act->answer.file.record, record);
    } else {
        TRY(household_patched_member(act, member, patch, &changed));
        proposal.member_id = member->row.id;
        proposal.before = household_document(arena, &member_table, member->record);
        proposal.after = household_document(arena, &member_table, changed);
        sensitive = member_is_sensitive(member->record, changed);
    }
    if (sensitive)
        TRY(ask_each(act, &proposal, &request_id));
    *ret_waits = !id_is_zero(request_id);
    return NULL;
}

struct error *
household_patch_is_sensitive(struct household_act *act, const struct json *patch, bool *ret_sensitive)
{
    struct household_row row = act->answer.file.row;
    struct household_record *record = NULL;
    TRY(household_patched_own(act, patch, &row, &record));
    *ret_sensitive = own_is_sensitive(act->answer.file.record, record);
    return NULL;
}
