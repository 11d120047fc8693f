/* household_event.c: people leave, die and move; households part, join and end. The past stays readable, the slices to the right are told. */
#include <string.h>

#include "household/household_choice.h"
#include "household/household_codes.h"
#include "household/household_index.h"
#include "household/household_move.h"
#include "household/household_payee.h"
#include "lumbung/base/text.h"

/* An act on the last live member would leave an active household of nobody. Only his death does. */
static struct error *
refuse_last(const struct household_act *act, size_t going)
{
    return (int64_t)going >= act->answer.file.row.member_count ? error_new(ERROR_LAST_MEMBER) : NULL;
}

struct error *
household_check_end(const struct household_member *member, int32_t on)
{
    if (on < member->row.birth_earliest)
        return error_field("/on", FAULT_CONFLICT, "birth_date", NULL);
    if (member->row.has_joined_on && on < member->row.joined_on)
        return error_field("/on", FAULT_CONFLICT, "joined_on", NULL);
    return NULL;
}

struct error *
household_end_member(struct household_act *act, struct household_member *member, const char *state, const char *reason, int32_t on)
{
    struct household_file *file = &act->answer.file;
    const char *before = household_document(act->tx->arena, &member_table, member->record);
    TRY(household_check_end(member, on));
    if (!text_equal(state, "died"))
        TRY(refuse_last(act, 1));
    household_payee_goes(file, member->row.id);
    member->row.state = state;
    member->row.has_left_on = true;
    member->row.left_on = on;
    member->row.left_reason = reason;
    TRY(household_member_save(act->tx, member, before, &act->changes));
    const char *kind = text_equal(state, "died") ? "member.died" : "member.left";
    return household_tell(act->tx, act->actor, kind, file->row.id, member->row.id, reason);
}

/* The member row goes to the other household; a row of the past keeps where he was. */
static struct error *
put_elsewhere(struct household_act *from, struct household_member *member, struct household_act *to, const char *relationship, int32_t on)
{
    struct tx *tx = from->tx;
    const char *before = household_document(tx->arena, &member_table, member->record);
    TRY(member_store_past_put(tx, &member->row, on, to->answer.file.row.id));
    household_payee_goes(&from->answer.file, member->row.id);
    household_index_part(tx, from->index, &from->answer.file.row, member->row.id);
    struct household_file *target = &to->answer.file;
    struct household_member *moved = &target->members[target->member_count];
    *moved = *member;
    moved->record = ARENA_NEW(tx->arena, struct member_record);
    *moved->record = *member->record;
    moved->record->relationship = relationship;
    moved->record->family_no = 1;
    field_set_present(&member_table, moved->record, "family_no");
    moved->row.household_id = target->row.id;
    moved->row.position = target->member_count ? target->members[target->member_count - 1].row.position + 1 : 0;
    moved->row.has_joined_on = true;
    moved->row.joined_on = on;
    target->member_count++;
    TRY(household_member_save(tx, moved, before, &from->changes));
    /* The other household's history begins with him as he is now. */
    return household_changes_add(&to->changes, "member", moved->row.id, moved->row.id, NULL,
                                 household_document(tx->arena, &member_table, moved->record));
}

void
household_forget_member(struct household_file *file, struct household_member *member)
{
    size_t position = (size_t)(member - file->members);
    memmove(member, member + 1, (file->member_count - position - 1) * sizeof *member);
    file->member_count--;
}

struct error *
household_tell_moved(struct household_act *act, struct id member_id, struct id to_household_id, const char *reason)
{
    return household_tell_event(act->tx, act->actor,
                                &(struct household_event){.kind = "member.moved", .household_id = act->answer.file.row.id, .member_id = member_id, .other_id = to_household_id, .reason = reason});
}

struct error *
household_move_member(struct household_act *act, struct household_member *member, struct id to_household_id, const char *relationship, int32_t on)
{
    struct household_act other;
    if (id_equal(to_household_id, act->answer.file.row.id))
        return error_field("/to_household_id", FAULT_CONFLICT, "household_id", NULL);
    struct error *error = household_act_start(act->tx, act->actor, to_household_id, -1, &other);
    if (error && error->code == ERROR_NOT_FOUND) {
        error_free(error);
        return error_field("/to_household_id", FAULT_REFERENCE, "household", NULL);
    }
    TRY(error);
    if (text_equal(relationship, "head") && !id_is_zero(other.answer.file.row.head_id))
        return error_field("/relationship", FAULT_ONE_HEAD, NULL, NULL);
    TRY(household_check_end(member, on));
    if (other.answer.file.row.member_count >= LIMIT_MEMBERS)
        return error_field("/to_household_id", FAULT_LENGTH, "1", "40");
    TRY(refuse_last(act, 1));
    struct id member_id = member->row.id;
    TRY(put_elsewhere(act, member, &other, relationship, on));
    household_forget_member(&act->answer.file, member);
    TRY(household_act_finish(&other, "household.member_arrive", NULL));
    return household_tell_moved(act, member_id, to_household_id, NULL);
}

struct error *
household_end(struct household_act *act, const char *state, struct id merged_into)
{
    struct household_file *file = &act->answer.file;
    bool may = false;
    TRY(household_store_may_become(act->tx, file->row.state, state, &may));
    if (!may)
        return error_state(&household_states, file->row.state, BARRED_END_HOUSEHOLD);
    file->row.state = state;
    file->row.merged_into = merged_into;
    return stay_store_end(act->tx, file->row.id, household_today(act->tx));
}

static struct error *
find_parting(const struct household_act *act, const struct array *member_ids, struct household_member **parting)
{
    const struct id *ids = member_ids->items;
    for (size_t i = 0; i < member_ids->count; i++) {
        const char *pointer = arena_format(act->tx->arena, "/member_ids/%zu", i);
        parting[i] = household_file_find(&act->answer.file, ids[i]);
        if (!parting[i] || !text_equal(parting[i]->row.state, "live"))
            return error_field(pointer, FAULT_REFERENCE, "member", NULL);
        for (size_t j = 0; j < i; j++)
            if (parting[j] == parting[i])
                return error_field(pointer, FAULT_DOUBLED, NULL, NULL);
    }
    if (member_ids->count == 0)
        return error_field("/member_ids", FAULT_LENGTH, "1", "40");
    return refuse_last(act, member_ids->count);
}

/* A new household without members, in the region of the old one unless the form names another; consent goes with the people. */
static struct error *
make_split(struct household_act *act, struct household_record *record, struct household_act *other)
{
    struct tx *tx = act->tx;
    *other = (struct household_act){.tx = tx, .actor = act->actor, .index = act->index, .changes = household_changes_start(tx)};
    other->answer.warnings.arena = tx->arena;
    struct household_file *file = &other->answer.file;
    if (!record->region) {
        record->region = act->answer.file.record->region;
        field_set_present(&household_table, record, "region");
    }
    struct error *error = NULL;
    household_check_record(tx->arena, record, household_today(tx), &error);
    struct error *failed = household_find_regions(tx, act->actor, record, &file->row, &error);
    if (failed)
        error_free(error);
    TRY(failed);
    TRY(error);
    record->id = file->row.id = tx_new_id(tx);
    record->channel = file->row.channel = "split";
    field_set_present(&household_table, record, "id");
    field_set_present(&household_table, record, "channel");
    file->record = record;
    file->row.state = "active";
    file->row.version = 1;
    file->row.registered_by = act->actor->user_id;
    file->row.created_at_ms = file->row.changed_at_ms = tx->now_ms;
    file->members = ARENA_ARRAY(tx->arena, struct household_member, act->answer.file.member_count + 1);
    household_file_count(file);
    TRY(household_pack(tx, record, &file->row));
    TRY(household_store_insert(tx, &file->row));
    TRY(household_put_cards(tx, file));
    return household_changes_add(&other->changes, "household", file->row.id, file->row.id, NULL,
                                 household_document(tx->arena, &household_table, record));
}

static struct error *
copy_consents(struct household_act *act, struct household_act *other)
{
    struct consent_row *rows = NULL;
    size_t count = 0;
    TRY(consent_store_list(act->tx, act->answer.file.row.id, &rows, &count));
    for (size_t i = 0; i < count; i++) {
        struct consent_record *consent = NULL;
        if (rows[i].is_withdrawn)
            continue;
        TRY(household_consent_unpack(act->tx, &rows[i], &consent));
        TRY(household_add_consent(act->tx, act->actor, other->answer.file.row.id, consent, &other->changes));
    }
    return NULL;
}

struct error *
household_split(struct household_act *act, const struct array *member_ids, struct household_record *record, const struct json *enrollments, int32_t on,
                struct id *ret_new_id)
{
    struct household_member *parting[LIMIT_MEMBERS];
    if (member_ids->count > LIMIT_MEMBERS)
        return error_field("/member_ids", FAULT_LENGTH, "1", "40");
    TRY(find_parting(act, member_ids, parting));
    for (size_t i = 0; i < member_ids->count; i++)
        TRY(household_check_end(parting[i], on));
    struct household_act other;
    TRY(make_split(act, record, &other));
    TRY(copy_consents(act, &other));
    bool has_head = false;
    for (size_t i = 0; i < member_ids->count; i++)
        has_head |= text_equal(parting[i]->record->relationship, "head");
    struct id gone[LIMIT_MEMBERS];
    for (size_t i = 0; i < member_ids->count; i++) {
        bool is_head = has_head ? text_equal(parting[i]->record->relationship, "head") : i == 0;
        gone[i] = parting[i]->row.id;
        TRY(put_elsewhere(act, parting[i], &other, is_head ? "head" : "other_family", on));
    }
    for (size_t i = 0; i < member_ids->count; i++)
        household_forget_member(&act->answer.file, household_file_find(&act->answer.file, gone[i]));
    const char *before = household_document(act->tx->arena, &household_table, other.answer.file.record);
    other.before = before;
    TRY(household_act_finish(&other, "household.register", NULL));
    *ret_new_id = other.answer.file.row.id;
    for (size_t i = 0; i < member_ids->count; i++)
        TRY(household_tell_moved(act, gone[i], *ret_new_id, NULL));
    return household_tell_event(act->tx, act->actor, &(struct household_event){.kind = "household.split", .household_id = act->answer.file.row.id,
                                                                              .other_id = *ret_new_id, .enrollments = enrollments});
}

/* What was chosen is a part of the leaf, so that it can be undone. */
static struct error *
keep_choice(struct household_act *other, const struct json *enrollments)
{
    struct buffer choice;
    struct id id = other->answer.file.row.id;
    if (!enrollments)
        return NULL;
    buffer_init(&choice, other->tx->arena);
    json_print(&choice, NULL, enrollments);
    return household_changes_add(&other->changes, "merge", id, id, NULL, buffer_text(&choice));
}

/* Who was entered twice ends where he stands; the record of the kept one is his. */
static struct error *
end_double(struct household_act *act, struct household_member *member)
{
    const char *before = household_document(act->tx->arena, &member_table, member->record);
    member->row.state = "left";
    member->row.left_reason = "entered_in_error";
    member->row.has_left_on = true;
    member->row.left_on = household_today(act->tx);
    return household_member_save(act->tx, member, before, &act->changes);
}

static size_t
count_coming(const struct household_file *leaving, const struct household_combining *combining)
{
    size_t count = 0;
    for (size_t i = 0; i < leaving->member_count; i++)
        count += text_equal(leaving->members[i].row.state, "live") && !household_combine_pairs(combining, leaving->members[i].row.id);
    return count;
}

/* All live members of the other come over, or end there as the same person. */
static struct error *
take_members(struct household_act *act, struct household_act *other, const struct household_combining *combining, int32_t on, struct id *gone, size_t *ret_count)
{
    struct household_file *file = &act->answer.file, *leaving = &other->answer.file;
    size_t count = 0;
    struct household_member *members = ARENA_ARRAY(act->tx->arena, struct household_member, file->member_count + leaving->member_count + 1);
    memcpy(members, file->members, file->member_count * sizeof *members);
    file->members = members;
    for (size_t i = leaving->member_count; i-- > 0;) {
        struct household_member *member = &leaving->members[i];
        if (!text_equal(member->row.state, "live"))
            continue;
        if (household_combine_pairs(combining, member->row.id)) {
            TRY(end_double(other, member));
            continue;
        }
        const char *relationship = text_equal(member->record->relationship, "head") ? "other_family" : member->record->relationship;
        TRY(put_elsewhere(other, member, act, relationship, on));
        gone[count++] = member->row.id;
        household_forget_member(leaving, member);
    }
    *ret_count = count;
    return NULL;
}

struct error *
household_join(struct household_act *act, const struct household_joining *joining, int32_t on)
{
    struct household_act other;
    struct household_combining *combining = NULL;
    struct household_file *file = &act->answer.file, *leaving = &other.answer.file;
    struct id gone[LIMIT_MEMBERS];
    size_t count = 0;
    if (id_equal(joining->other_id, file->row.id))
        return error_field("/other_id", FAULT_CONFLICT, "id", NULL);
    TRY(household_act_start(act->tx, act->actor, joining->other_id, -1, &other));
    if (joining->choices)
        TRY(household_combine_start(act, &other, joining->choices, &combining));
    if (file->row.member_count + (int64_t)count_coming(leaving, combining) > LIMIT_MEMBERS)
        return error_field("/other_id", FAULT_LENGTH, "1", "40");
    TRY(take_members(act, &other, combining, on, gone, &count));
    TRY(household_end(&other, "merged", file->row.id));
    TRY(keep_choice(&other, joining->enrollments));
    TRY(household_act_finish(&other, "household.merge", joining->reason));
    for (size_t i = 0; i < count; i++)
        TRY(household_tell_moved(&other, gone[i], file->row.id, "merge"));
    TRY(household_tell_event(act->tx, act->actor, &(struct household_event){.kind = "household.merged", .household_id = leaving->row.id, .reason = joining->reason,
                                                                           .other_id = file->row.id, .enrollments = joining->enrollments}));
    return combining ? household_combine_finish(combining, act) : NULL;
}

struct error *
household_fold_double(struct tx *tx, const struct actor *actor, struct id kept_id, struct id other_id, const char *reason)
{
    struct household_act act;
    TRY(household_act_start(tx, actor, other_id, -1, &act));
    struct household_file *file = &act.answer.file;
    for (size_t i = 0; i < file->member_count; i++)
        if (text_equal(file->members[i].row.state, "live") && !file->members[i].erased)
            TRY(end_double(&act, &file->members[i]));
    TRY(household_end(&act, "merged", kept_id));
    TRY(household_act_finish(&act, "household.merge", reason));
    return household_tell(tx, actor, "household.merged", other_id, (struct id){{0}}, reason);
}
