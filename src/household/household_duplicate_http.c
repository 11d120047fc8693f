/* household_duplicate_http.c: the list of pairs that may be one, and a person's decision. */
#include <string.h>

#include "household/household_choice.h"
#include "household/household_codes.h"
#include "household/household_propose.h"
#include "lumbung/base/text.h"
#include "lumbung/base/limits.h"

struct duplicate_query {
    struct presence presence;
    const char *state, *kind;
};
static const struct field duplicate_query_fields[] = {
    {.name = "state", .offset = offsetof(struct duplicate_query, state), .kind = FIELD_TEXT, .minimum = 1, .maximum = 20, .about = "open by default"},
    {.name = "kind", .offset = offsetof(struct duplicate_query, kind), .kind = FIELD_CODE, .codes = &household_duplicate_kind, .about = "all when absent"},
};
FIELD_TABLE(duplicate_query_table, "DuplicateQuery", struct duplicate_query, duplicate_query_fields);

struct duplicate_decision {
    struct presence presence;
    const char *decision;
    struct id keep_id;
    struct json *fields, *enrollments;
    struct household_choices *choices;
    const char *reason;
};
#define AT(member) .name = #member, .offset = offsetof(struct duplicate_decision, member)
static const struct field duplicate_decision_fields[] = {
    {AT(decision), .kind = FIELD_CODE, .flags = FIELD_REQUIRED, .codes = &household_duplicate_decision},
    {AT(keep_id), .kind = FIELD_ID, .about = "with same: the household that stays"},
    {AT(fields), .kind = FIELD_JSON, .about = "a merge patch for the household that stays"},
    {AT(choices), .kind = FIELD_OBJECT, .table = &household_choices_table, .about = "with keep_id: whose value of each field is kept, and who is one person"},
    {AT(enrollments), .kind = FIELD_JSON, .about = "with choices, of the household that ends: {id: end or go}"},
    {AT(reason), .kind = FIELD_TEXT, .flags = FIELD_REQUIRED, .minimum = 1, .maximum = LIMIT_TEXT},
};
FIELD_TABLE(duplicate_decision_table, "DuplicateDecision", struct duplicate_decision, duplicate_decision_fields);

static struct error *
print_side(struct tx *tx, const struct call *call, struct reply *reply, const char *key, struct id household_id, struct id member_id)
{
    struct household_file file;
    struct error *error = household_file_load(tx, call->actor, household_id, &file);
    if (error && error->code == ERROR_NOT_FOUND) { /* outside the caller's area: that there is one is all he learns */
        error_free(error);
        json_put_null(&reply->body, key);
        return NULL;
    }
    TRY(error);
    const struct household_member *member = household_file_find(&file, member_id), *head = household_file_find(&file, file.row.head_id);
    json_open(&reply->body, key, '{');
    json_put_id(&reply->body, "household_id", household_id);
    json_put_id(&reply->body, "member_id", member_id);
    json_put_text(&reply->body, "head", head ? household_shown_name(tx, call->actor, head->row.id, head->record->name) : NULL);
    json_put_text(&reply->body, "name", member ? household_shown_name(tx, call->actor, member_id, member->record->name) : NULL);
    if (member) {
        json_put_date(&reply->body, "birth_date", member->row.birth_date);
        json_put_text(&reply->body, "sex", member->record->sex);
    }
    json_put_text(&reply->body, "region", file.record->region);
    json_put_text(&reply->body, "hamlet", file.record->hamlet);
    json_put_text(&reply->body, "rw", file.record->rw);
    json_put_text(&reply->body, "rt", file.record->rt);
    json_put_text(&reply->body, "state", file.row.state);
    json_put_instant(&reply->body, "created_at", file.row.created_at_ms);
    json_close(&reply->body, '}');
    reply_saw(reply, tx->arena, household_id);
    return NULL;
}

static struct error *
print_case(struct tx *tx, const struct call *call, struct reply *reply, const struct duplicate_row *row)
{
    json_open(&reply->body, NULL, '{');
    json_put_id(&reply->body, "id", row->id);
    json_put_text(&reply->body, "kind", row->kind);
    json_put_text(&reply->body, "state", row->state);
    json_put_instant(&reply->body, "made_at", row->made_at_ms);
    TRY(print_side(tx, call, reply, "earlier", row->earlier_household, row->earlier_member));
    TRY(print_side(tx, call, reply, "later", row->later_household, row->later_member));
    if (row->decided_at_ms > 0)
        json_put_instant(&reply->body, "decided_at", row->decided_at_ms);
    json_close(&reply->body, '}');
    return NULL;
}

struct error *
household_duplicate_list_step(struct tx *tx, const struct call *call, struct reply *reply)
{
    const struct duplicate_query *query = call->query;
    struct duplicate_page page = {.state = query && query->state ? query->state : "open", .limit = call->limit + 1, .kind = query ? query->kind : NULL};
    if (call->after.length == 2 * sizeof(struct id)) {
        memcpy(&page.after_region, call->after.data, sizeof(struct id));
        memcpy(&page.after_id, call->after.data + sizeof(struct id), sizeof(struct id));
    }
    TRY(duplicate_store_page(tx, call->actor, &page));
    size_t shown = page.count > (size_t)call->limit ? (size_t)call->limit : page.count;
    reply_list_begin(reply);
    for (size_t i = 0; i < shown; i++)
        TRY(print_case(tx, call, reply, &page.rows[i]));
    uint8_t cursor[2 * sizeof(struct id)];
    if (page.count > shown) {
        memcpy(cursor, &page.rows[shown - 1].region_id, sizeof(struct id));
        memcpy(cursor + sizeof(struct id), &page.rows[shown - 1].id, sizeof(struct id));
    }
    reply_list_end(reply, tx->arena, page.count > shown ? cursor : NULL, page.count > shown ? sizeof cursor : 0);
    return NULL;
}

/* The two whom the case is about are said to be one person: choices that leave them two would contradict the decision. */
static struct error *
check_pair_named(const struct household_choices *choices, const struct duplicate_row *row, bool keeps_earlier)
{
    struct id kept = keeps_earlier ? row->earlier_member : row->later_member, other = keeps_earlier ? row->later_member : row->earlier_member;
    const struct member_sides *pairs = choices->members.items;
    if (id_is_zero(kept) || id_is_zero(other))
        return NULL;
    for (size_t i = 0; i < choices->members.count; i++)
        if (id_equal(pairs[i].keep_id, kept) && id_equal(pairs[i].other_id, other))
            return NULL;
    return error_field("/choices/members", FAULT_CONSTRAINT, "Kedua orang dari kasus ini harus menjadi satu pasangan di dalamnya.",
                       "The two people of this case must be one of its pairs.");
}

static struct error *
join_chosen(struct tx *tx, const struct call *call, const struct duplicate_decision *decision, const struct duplicate_row *row, struct id other, bool keeps_earlier)
{
    struct household_act act;
    if (decision->fields)
        return error_field("/fields", FAULT_CONFLICT, "choices", NULL);
    if (decision->enrollments && decision->enrollments->kind != JSON_OBJECT)
        return error_field("/enrollments", FAULT_TYPE, "object", NULL);
    if (id_equal(decision->keep_id, other))
        return error_field("/keep_id", FAULT_CONFLICT, "household", NULL);
    TRY(check_pair_named(decision->choices, row, keeps_earlier));
    TRY(household_act_start(tx, call->actor, decision->keep_id, -1, &act));
    TRY(household_join(&act, &(struct household_joining){other, decision->enrollments, decision->reason, decision->choices}, household_today(tx)));
    return household_act_finish(&act, "household.merge", decision->reason);
}

static struct error *
merge_pair(struct tx *tx, const struct call *call, const struct duplicate_decision *decision, const struct duplicate_row *row)
{
    bool keeps_earlier = id_equal(decision->keep_id, row->earlier_household);
    if (!keeps_earlier && !id_equal(decision->keep_id, row->later_household))
        return error_field("/keep_id", FAULT_REFERENCE, "household", NULL);
    struct id other = keeps_earlier ? row->later_household : row->earlier_household;
    if (decision->choices)
        return join_chosen(tx, call, decision, row, other, keeps_earlier);
    if (decision->enrollments)
        return error_field("/enrollments", FAULT_CONFLICT, "choices", NULL);
    if (decision->fields) {
        struct household_act act;
        if (decision->fields->kind != JSON_OBJECT)
            return error_field("/fields", FAULT_TYPE, "object", NULL);
        void *checked = NULL;
        TRY(field_parse(tx->arena, &household_table, decision->fields, "/fields", FIELD_PATCH, household_today(tx), &checked));
        bool sensitive = false;
        TRY(household_act_start(tx, call->actor, decision->keep_id, -1, &act));
        TRY(household_patch_is_sensitive(&act, decision->fields, &sensitive));
        if (sensitive)
            return error_field("/fields", FAULT_CONSTRAINT, "Nomor, rekening, dan wali diubah di halaman rumah tangga itu sendiri.",
                               "Numbers, account and guardian are changed on the household's own page.");
        TRY(household_change_own(&act, decision->fields));
        TRY(household_act_finish(&act, "household.change", decision->reason));
    }
    return household_fold_double(tx, call->actor, decision->keep_id, other, decision->reason);
}

static struct error *
record_decision(struct tx *tx, const struct call *call, const struct duplicate_decision *decision, const struct duplicate_row *row)
{
    struct bytes sealed = {NULL, 0};
    TRY(keyring_seal(tx, row->later_household, "duplicate_case.reason", row->id, decision->reason, strlen(decision->reason), &sealed));
    TRY(duplicate_store_decide(tx, row->id, row->state, decision->decision, call->actor->user_id, sealed));
    struct buffer before, after;
    buffer_init(&before, tx->arena);
    buffer_init(&after, tx->arena);
    json_open(&before, NULL, '{');
    json_put_text(&before, "state", row->state);
    json_close(&before, '}');
    json_open(&after, NULL, '{');
    json_put_text(&after, "state", decision->decision);
    json_put_text(&after, "kind", row->kind);
    json_put_id(&after, "earlier_household", row->earlier_household);
    json_put_id(&after, "later_household", row->later_household);
    json_put_id(&after, "keep_id", decision->keep_id);
    json_close(&after, '}');
    struct audit_part part = {.kind = "duplicate", .id = row->id, .subject = row->later_household, .before = buffer_text(&before), .after = buffer_text(&after)};
    struct audit_change change = {.action = "duplicate.decide", .record_id = row->later_household, .reason = decision->reason, .parts = &part, .part_count = 1};
    return audit_append(tx, call->actor, &change, NULL);
}

struct error *
household_duplicate_decide_step(struct tx *tx, const struct call *call, struct reply *reply)
{
    const struct duplicate_decision *decision = call->in;
    struct duplicate_row row;
    bool found = false;
    TRY(duplicate_store_load(tx, call->actor, call->ids[0], &row, &found));
    if (!found)
        return error_new(ERROR_NOT_FOUND);
    if (!text_equal(row.state, "open") && !text_equal(row.state, "unsure"))
        return error_state(&household_duplicate_state, row.state, BARRED_DECIDE);
    bool merges = text_equal(decision->decision, "same") && !id_is_zero(decision->keep_id);
    if (!merges && (!id_is_zero(decision->keep_id) || decision->fields || decision->choices || decision->enrollments))
        return error_field(decision->choices ? "/choices" : decision->fields ? "/fields" : decision->enrollments ? "/enrollments" : "/keep_id", FAULT_CONFLICT, "decision", NULL);
    TRY(record_decision(tx, call, decision, &row));
    if (merges)
        TRY(merge_pair(tx, call, decision, &row));
    TRY(duplicate_store_load(tx, call->actor, row.id, &row, &found));
    reply->record_id = row.id;
    return print_case(tx, call, reply, &row);
}
