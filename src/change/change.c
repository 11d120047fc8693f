/* change.c: what waits for another person: asked, compared with the present, decided. What is approved is what is made: the fields that were asked for,
 * as long as they still are what they were. */
#include "change/change.h"

#include <string.h>

#include "lumbung/attachment.h"
#include "lumbung/base/text.h"
#include "lumbung/base/time.h"

#define HOUR_MS INT64_C(3600000)

static struct id
subject_of(const struct change_row *row)
{
    return id_is_zero(row->member_id) ? row->household_id : row->member_id;
}

static struct error *
seal(struct tx *tx, const struct change_row *row, const char *place, const char *text, struct bytes *ret_sealed)
{
    *ret_sealed = (struct bytes){NULL, 0};
    return text ? keyring_seal(tx, subject_of(row), place, row->id, text, strlen(text), ret_sealed) : NULL;
}

static struct error *
unseal(struct tx *tx, const struct change_row *row, const char *place, struct bytes sealed, const char **ret_text)
{
    struct bytes plain = {NULL, 0};
    if (sealed.data)
        TRY(keyring_unseal(tx, subject_of(row), place, row->id, sealed, &plain));
    *ret_text = (const char *)plain.data;
    return NULL;
}

static struct error *
append_leaf(struct tx *tx, const struct actor *actor, const char *action, const struct change_row *row, struct id subject, const char *before,
            const char *after, const char *reason)
{
    struct audit_part part = {.kind = "change_request", .id = row->id, .subject = subject, .before = before, .after = after};
    struct audit_change change = {.action = action, .record_id = row->household_id, .reason = reason, .parts = &part, .part_count = 1};
    return audit_append(tx, actor, &change, NULL);
}

static struct error *
make(struct tx *tx, const struct actor *actor, const struct household_proposal *proposal, struct change_row *row)
{
    struct buffer content;
    buffer_init(&content, tx->arena);
    json_open(&content, NULL, '{');
    json_print(&content, "body", proposal->body);
    json_put_raw(&content, "before", proposal->before);
    json_put_raw(&content, "after", proposal->after);
    json_close(&content, '}');
    *row = (struct change_row){.id = tx_new_id(tx), .kind = proposal->kind, .state = "open", .version = 1, .household_id = proposal->household_id,
                               .member_id = proposal->member_id, .region_id = proposal->region_id, .made_by = actor->user_id, .made_at_ms = tx->now_ms};
    TRY(seal(tx, row, "change_request.sealed", buffer_text(&content), &row->sealed));
    TRY(seal(tx, row, "change_request.note", proposal->note, &row->note));
    struct error *error = change_store_insert(tx, row);
    if (error && error->code == ERROR_EXISTS) {
        error_free(error);
        return error_with(ERROR_EXISTS, "change_request", NULL, NULL);
    }
    TRY(error);
    return append_leaf(tx, actor, "change.request", row, subject_of(row), proposal->before, proposal->after, proposal->note);
}

struct error *
change_gate(struct tx *tx, const struct actor *actor, const struct household_proposal *proposal, struct id *ret_request_id)
{
    struct change_row row;
    bool enrolled = false;
    if (actor->kind != ACTOR_USER)
        return NULL;
    bool is_own = id_equal(actor->user_id, proposal->registered_by);
    if (is_own && tx->now_ms - proposal->created_at_ms < LIMIT_OWN_CORRECTION_HOURS * HOUR_MS)
        return NULL;
    TRY(change_store_enrolled(tx, proposal->household_id, &enrolled));
    if (!enrolled)
        return NULL;
    TRY(make(tx, actor, proposal, &row));
    if (text_equal(row.kind, "death"))
        TRY(household_tell(tx, actor, "member.death_reported", row.household_id, row.member_id, NULL));
    *ret_request_id = row.id;
    return NULL;
}

struct error *
change_open(struct tx *tx, const struct change_row *row, struct change_content *ret_content)
{
    const char *text = NULL;
    struct json *json = NULL;
    *ret_content = (struct change_content){0};
    TRY(unseal(tx, row, "change_request.note", row->note, &ret_content->note));
    TRY(unseal(tx, row, "change_request.reason", row->reason, &ret_content->reason));
    TRY(unseal(tx, row, "change_request.sealed", row->sealed, &text));
    if (!text)
        return NULL;
    TRY(json_parse(tx->arena, text, strlen(text), &json));
    ret_content->body = json_get(json, "body");
    ret_content->before = json_get(json, "before");
    ret_content->after = json_get(json, "after");
    struct buffer sides[2];
    for (size_t i = 0; i < 2; i++) {
        buffer_init(&sides[i], tx->arena);
        json_print(&sides[i], NULL, i == 0 ? ret_content->before : ret_content->after);
    }
    ret_content->before_text = buffer_text(&sides[0]);
    ret_content->after_text = buffer_text(&sides[1]);
    return NULL;
}

static bool
is_null(const struct json *value)
{
    return !value || value->kind == JSON_NULL;
}

struct error *
change_outdated(struct tx *tx, const struct household_file *file, const struct change_row *row, const struct change_content *content, bool *ret_outdated)
{
    struct json *now = NULL;
    const struct household_member *member = id_is_zero(row->member_id) ? NULL : household_file_find(file, row->member_id);
    bool is_gone = !id_is_zero(row->member_id) && (!member || !text_equal(member->row.state, "live"));
    *ret_outdated = is_gone || !text_equal(file->row.state, "active") || !content->before;
    if (*ret_outdated || text_equal(row->kind, "death"))
        return NULL;
    const char *document = member ? household_document(tx->arena, &member_table, member->record) : household_document(tx->arena, &household_table, file->record);
    TRY(json_parse(tx->arena, document, strlen(document), &now));
    for (size_t i = 0; i < content->before->count; i++) {
        const struct json *then = content->before->members[i].value, *today = json_get(now, content->before->members[i].name);
        *ret_outdated |= is_null(then) != is_null(today) || (!is_null(then) && !json_equal(then, today));
    }
    return NULL;
}

static struct error *
check_present(struct tx *tx, const struct actor *actor, const struct change_row *row)
{
    struct household_file file;
    struct change_content content;
    bool outdated = false;
    TRY(household_file_load(tx, actor, row->household_id, &file));
    TRY(change_open(tx, row, &content));
    TRY(change_outdated(tx, &file, row, &content, &outdated));
    return outdated ? error_new(ERROR_STALE) : NULL;
}

struct error *
change_check(struct tx *tx, const struct actor *actor, const struct change_row *row, enum change_decision decision)
{
    static const enum barred acts[] = {BARRED_APPROVE, BARRED_REJECT, BARRED_WITHDRAW};
    bool is_own = id_equal(row->made_by, actor->user_id);
    if (!text_equal(row->state, "open"))
        return error_state(&change_state_codes, row->state, acts[decision]);
    if (decision == CHANGE_WITHDRAW)
        return is_own ? NULL : error_new(ERROR_FORBIDDEN);
    if (is_own || actor->kind != ACTOR_USER)
        return error_new(ERROR_OWN_REQUEST);
    return decision == CHANGE_APPROVE ? check_present(tx, actor, row) : NULL;
}

static struct error *
apply_member(struct tx *tx, const struct actor *actor, const struct change_row *row, const struct json *body, const char *reason)
{
    struct household_act act;
    struct household_member *member = NULL;
    bool is_death = text_equal(row->kind, "death");
    int32_t on = 0;
    TRY(household_act_start_member(tx, actor, row->member_id, -1, &act, &member));
    if (is_death && !date_parse(json_get_text(body, "on"), &on))
        return error_internal("a reported death without its day");
    if (is_death)
        TRY(household_end_member(&act, member, "died", NULL, on));
    else
        TRY(household_change_member(&act, member, body));
    return household_act_finish(&act, is_death ? "household.member_death" : act.event ? act.event : "household.member_change", reason);
}

static struct error *
apply_own(struct tx *tx, const struct actor *actor, const struct change_row *row, const struct json *body, const char *reason)
{
    struct household_act act;
    TRY(household_act_start(tx, actor, row->household_id, -1, &act));
    TRY(household_change_own(&act, body));
    return household_act_finish(&act, act.event ? act.event : "household.change", reason);
}

static struct error *
append_decision(struct tx *tx, const struct actor *actor, const struct change_row *row, enum change_decision decision, const char *state, const char *reason)
{
    static const char *const actions[] = {"change.approve", "change.reject", "change.withdraw"};
    return append_leaf(tx, actor, actions[decision], row, row->household_id, "{\"state\":\"open\"}", arena_format(tx->arena, "{\"state\":\"%s\"}", state), reason);
}

struct error *
change_decide(struct tx *tx, const struct actor *actor, struct change_row *row, enum change_decision decision, const char *reason)
{
    static const char *const states[] = {"approved", "rejected", "withdrawn"};
    struct change_content content;
    struct bytes sealed;
    bool done = false;
    TRY(change_check(tx, actor, row, decision));
    TRY(change_open(tx, row, &content));
    /* Whoever was erased gets no new key: the log keeps the reason under the household's. */
    TRY(seal(tx, row, "change_request.reason", content.body ? reason : NULL, &sealed));
    TRY(change_store_decide(tx, row, states[decision], actor->user_id, sealed, &done));
    if (!done)
        return error_state(&change_state_codes, states[decision], BARRED_DECIDE);
    TRY(append_decision(tx, actor, row, decision, states[decision], reason));
    if (decision == CHANGE_REJECT)
        TRY(change_store_unseen_put(tx, row->made_by, row->id));
    if (text_equal(row->kind, "death"))
        TRY(household_tell(tx, actor, "member.death_decided", row->household_id, row->member_id, NULL));
    if (decision == CHANGE_APPROVE && !id_is_zero(row->member_id))
        TRY(apply_member(tx, actor, row, content.body, content.note));
    if (decision == CHANGE_APPROVE && id_is_zero(row->member_id))
        TRY(apply_own(tx, actor, row, content.body, content.note));
    return change_store_load(tx, NULL, row->id, row, &done);
}

struct error *
change_see(struct tx *tx, const struct actor *actor, const struct change_row *row)
{
    if (!id_equal(row->made_by, actor->user_id))
        return error_new(ERROR_FORBIDDEN);
    if (!text_equal(row->state, "rejected"))
        return error_state(&change_state_codes, row->state, BARRED_SEE);
    TRY(change_store_unseen_take(tx, actor->user_id, row->id));
    return append_leaf(tx, actor, "change.see", row, row->household_id, NULL, "{\"seen\":true}", NULL);
}

struct error *
change_prove(struct tx *tx, const struct actor *actor, const struct change_row *row, const char *note, struct id evidence_id)
{
    struct change_content content;
    struct bytes sealed;
    bool done = false;
    if (!text_equal(row->state, "open"))
        return error_state(&change_state_codes, row->state, BARRED_PROVE);
    if (!id_equal(row->made_by, actor->user_id))
        return error_new(ERROR_FORBIDDEN);
    TRY(change_open(tx, row, &content));
    if (!content.body)
        return error_state(&situation_codes, "erased", BARRED_PROVE);
    if (!id_is_zero(evidence_id)) {
        struct error *error = attachment_bind(tx, actor, evidence_id, row->household_id, row->region_id);
        if (error && error->code == ERROR_NOT_FOUND) {
            error_free(error);
            return error_field("/evidence_id", FAULT_REFERENCE, "attachment", NULL);
        }
        TRY(error);
    }
    TRY(seal(tx, row, "change_request.note", note ? note : content.note, &sealed));
    TRY(change_store_prove(tx, row, sealed, id_is_zero(evidence_id) ? row->evidence_id : evidence_id, &done));
    if (!done)
        return error_state(&change_state_codes, row->state, BARRED_PROVE);
    return append_leaf(tx, actor, "change.prove", row, row->household_id, NULL, id_is_zero(evidence_id) ? "{\"evidence\":false}" : "{\"evidence\":true}", note);
}

struct error *
change_reported_dead(struct tx *tx, struct id household_id, struct id ret_members[CHANGE_REPORTED_MAX], size_t *ret_count)
{
    return change_store_dead(tx, household_id, ret_members, CHANGE_REPORTED_MAX, ret_count);
}

struct error *
change_count_waiting(struct tx *tx, const struct actor *actor, int64_t *ret_count)
{
    *ret_count = 0;
    return actor_may(actor, PERM_CHANGE_APPROVE) ? change_store_waiting(tx, actor, ret_count) : NULL;
}

/* Scope follows the household, and a member's request follows the member. */
struct error *
change_on_household_event(struct tx *tx, const struct actor *actor, const struct household_event *event)
{
    (void)actor;
    if (text_equal(event->kind, "household.relocated"))
        return change_store_relocate(tx, event->household_id, event->to_region_id);
    return text_equal(event->kind, "member.moved") ? change_store_follow(tx, event->member_id, event->other_id) : NULL;
}
