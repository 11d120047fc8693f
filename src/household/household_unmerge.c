/* household_unmerge.c: a merge taken back: the log knows who came and how he was before; nothing is taken back that was changed since. */
#include <string.h>

#include "household/household_choice.h"
#include "household/household_index.h"
#include "household/household_move.h"
#include "lumbung/base/text.h"
#include "lumbung/base/time.h"

/* The leaf of the merge: its parts, and what was chosen for enrollments. */
struct merge_leaf {
    struct audit_entry *entries;
    size_t count;
    int64_t at_ms;
    const struct json *enrollments;
    bool *came; /* by entry: the member came over from the target */
};

static struct error *
refuse(const char *id, const char *en)
{
    struct error *error = error_with(ERROR_UNMERGE, id, NULL, NULL);
    error_in_english(error, 0, en);
    return error;
}

static struct error *
find_leaf(struct tx *tx, struct id household_id, struct merge_leaf *ret_leaf)
{
    struct audit_entry *entries = NULL;
    size_t count = 0;
    int64_t seq = -1;
    *ret_leaf = (struct merge_leaf){0};
    TRY(audit_history(tx, household_id, INT64_MAX, &entries, &count));
    for (size_t i = 0; i < count; i++)
        if (text_equal(entries[i].action, "household.merge") && entries[i].seq != seq) {
            seq = entries[i].seq;
            *ret_leaf = (struct merge_leaf){.entries = &entries[i], .at_ms = entries[i].at_ms};
        }
    for (size_t i = 0; ret_leaf->entries && i < count; i++)
        ret_leaf->count += entries[i].seq == seq;
    for (size_t i = 0; i < ret_leaf->count; i++)
        if (text_equal(ret_leaf->entries[i].kind, "merge") && ret_leaf->entries[i].after) {
            struct json *choice = NULL;
            TRY(json_parse(tx->arena, ret_leaf->entries[i].after, strlen(ret_leaf->entries[i].after), &choice));
            ret_leaf->enrollments = choice;
        }
    return NULL;
}

/* Both sides of the undone part must still be told apart by what stands there now. */
static bool
still_is(const struct json *now, const struct json *after)
{
    for (size_t i = 0; i < after->count; i++) {
        const struct json *present = json_get(now, after->members[i].name), *then = after->members[i].value;
        bool gone = !present || present->kind == JSON_NULL, was_gone = then->kind == JSON_NULL;
        if (gone != was_gone || (!gone && !json_equal(present, then)))
            return false;
    }
    return true;
}

static void
lay_back(struct arena *arena, struct json *document, const struct json *before)
{
    for (size_t i = 0; i < before->count; i++) {
        if (before->members[i].value->kind == JSON_NULL)
            json_remove(document, before->members[i].name);
        else
            json_set(arena, document, before->members[i].name, before->members[i].value);
    }
}

static void
set_row(struct household_member *member)
{
    const struct member_record *record = member->record;
    member->row.household_id = record->household_id;
    member->row.state = record->state;
    member->row.has_joined_on = field_present(&member_table, record, "joined_on");
    member->row.joined_on = record->joined_on;
    member->row.has_left_on = field_present(&member_table, record, "left_on");
    member->row.left_on = record->left_on;
    member->row.left_reason = record->left_reason;
}

static int64_t
next_position(const struct household_file *file)
{
    int64_t next = 0;
    for (size_t i = 0; i < file->member_count; i++)
        next = file->members[i].row.position >= next ? file->members[i].row.position + 1 : next;
    return next;
}

/* `from` holds him now: the target of a merge, or, where he ended as entered in error, the household itself. `queues`: he takes his place behind those
 * who are back already. */
static struct error *
bring_back(struct household_act *act, struct household_act *from, const struct audit_entry *entry, bool queues)
{
    struct tx *tx = act->tx;
    struct household_file *file = &act->answer.file;
    struct json *document = NULL, *before = NULL, *after = NULL;
    void *record = NULL;
    struct household_member *member = household_file_find(&from->answer.file, entry->id);
    if (!member || member->erased || !entry->before || !entry->after)
        return refuse("seorang anggota sudah tidak di sana", "a member is no longer there");
    const char *text = household_document(tx->arena, &member_table, member->record);
    TRY(json_parse(tx->arena, text, strlen(text), &document));
    TRY(json_parse(tx->arena, entry->before, strlen(entry->before), &before));
    TRY(json_parse(tx->arena, entry->after, strlen(entry->after), &after));
    if (!still_is(document, after) || (from != act && !text_equal(member->row.state, "live")))
        return refuse("data seorang anggota berubah sejak itu", "a member changed since then");
    lay_back(tx->arena, document, before);
    TRY(field_parse(tx->arena, &member_table, document, "", FIELD_STORED, 0, &record));
    struct household_member *back = member;
    int64_t position = queues ? next_position(file) : member->row.position;
    if (from != act) {
        TRY(member_store_past_take(tx, file->row.id, entry->id, from->answer.file.row.id));
        household_index_part(tx, from->index, &from->answer.file.row, entry->id);
        back = &file->members[file->member_count++];
        *back = *member;
        household_forget_member(&from->answer.file, member);
    }
    back->row.position = position;
    back->record = record;
    set_row(back);
    TRY(household_member_save(tx, back, text, &act->changes));
    if (from == act)
        return NULL;
    return household_changes_add(&from->changes, "member", entry->id, entry->id, text, household_document(tx->arena, &member_table, back->record));
}

static struct error *
start_ended(struct tx *tx, const struct actor *actor, struct id household_id, int64_t if_match, struct household_act *act)
{
    *act = (struct household_act){.tx = tx, .actor = actor};
    act->answer.warnings.arena = tx->arena;
    TRY(household_index_of(tx, &act->index));
    TRY(household_file_load(tx, actor, household_id, &act->answer.file));
    const struct household_row *row = &act->answer.file.row;
    if (if_match >= 0 && if_match != row->version)
        return household_refuse_stale(act);
    if (!text_equal(row->state, "merged") || act->answer.file.erased)
        return act->answer.file.erased ? error_state(&situation_codes, "erased", BARRED_UNMERGE) : error_state(&household_states, row->state, BARRED_UNMERGE);
    act->before = household_document(tx->arena, &household_table, act->answer.file.record);
    act->changes = household_changes_start(tx);
    return NULL;
}

static struct error *
start_target(struct household_act *act, struct household_act *target)
{
    struct error *error = household_act_start(act->tx, act->actor, act->answer.file.row.merged_into, -1, target);
    if (!error || (error->code != ERROR_STATE && error->code != ERROR_NOT_FOUND))
        return error;
    error_free(error);
    return refuse("rumah tangga tempat bergabung tidak aktif lagi, atau di luar wilayah Anda", "the household that it joined is no longer active, or outside your area");
}

static void
make_room(struct household_act *act, size_t more)
{
    struct household_file *file = &act->answer.file;
    struct household_member *members = ARENA_ARRAY(act->tx->arena, struct household_member, file->member_count + more + 1);
    if (file->member_count > 0)
        memcpy(members, file->members, file->member_count * sizeof *members);
    file->members = members;
}

/* Those whom the merge moved are taken in the order in which they stood. */
static struct error *
bring_all_back(struct household_act *act, struct household_act *target, struct merge_leaf *leaf, bool *ret_moved)
{
    make_room(act, leaf->count);
    leaf->came = ARENA_ARRAY(act->tx->arena, bool, leaf->count + 1);
    for (size_t i = 0; i < leaf->count; i++) {
        leaf->came[i] = text_equal(leaf->entries[i].kind, "member") && !household_file_find(&act->answer.file, leaf->entries[i].id);
        *ret_moved |= leaf->came[i];
    }
    for (size_t i = leaf->count; i-- > 0;)
        if (text_equal(leaf->entries[i].kind, "member"))
            TRY(bring_back(act, leaf->came[i] ? target : act, &leaf->entries[i], *ret_moved));
    struct member_record **live = NULL;
    return household_file_live(act->tx->arena, &target->answer.file, &live) == 0 ? error_new(ERROR_LAST_MEMBER) : NULL;
}

/* The leaf of the target that says what it took of this household: its parts; count 0 when nothing was chosen. */
static struct error *
find_choices(struct household_act *target, struct id other_id, struct merge_leaf *ret_leaf)
{
    struct audit_entry *entries = NULL;
    size_t count = 0;
    int64_t seq = -1;
    *ret_leaf = (struct merge_leaf){0};
    TRY(audit_history(target->tx, target->answer.file.row.id, INT64_MAX, &entries, &count));
    for (size_t i = 0; i < count; i++)
        if (text_equal(entries[i].kind, "merge_choices") && id_equal(entries[i].id, other_id))
            seq = entries[i].seq;
    for (size_t i = 0; i < count; i++)
        if (entries[i].seq == seq) {
            ret_leaf->entries = ret_leaf->count ? ret_leaf->entries : &entries[i];
            ret_leaf->count++;
        }
    return NULL;
}

static struct error *
back_patch(struct household_act *target, const struct audit_entry *entry, const struct field_table *sides, const char *document, struct json **ret_patch)
{
    struct arena *arena = target->tx->arena;
    struct json *now = NULL, *before = NULL, *after = NULL;
    TRY(json_parse(arena, document, strlen(document), &now));
    TRY(json_parse(arena, entry->before, strlen(entry->before), &before));
    TRY(json_parse(arena, entry->after, strlen(entry->after), &after));
    if (!household_choice_back(arena, sides, now, before, after, ret_patch))
        return refuse("data yang dipilih saat penggabungan berubah sejak itu", "what was chosen at the merge changed since then");
    return NULL;
}

static struct error *
lay_entry_back(struct household_act *target, const struct audit_entry *entry)
{
    struct household_file *file = &target->answer.file;
    struct arena *arena = target->tx->arena;
    struct json *patch = NULL;
    if (text_equal(entry->kind, "household")) {
        TRY(back_patch(target, entry, &household_sides_table, household_document(arena, &household_table, file->record), &patch));
        return patch->count > 0 ? household_change_own(target, patch) : NULL;
    }
    struct household_member *member = household_file_find(file, entry->id);
    if (!member || member->erased || !text_equal(member->row.state, "live"))
        return refuse("seorang anggota sudah tidak di sana", "a member is no longer there");
    TRY(back_patch(target, entry, &member_sides_table, household_document(arena, &member_table, member->record), &patch));
    return patch->count > 0 ? household_change_member(target, member, patch) : NULL;
}

/* What the target took of this household's values goes; what it had before comes again. */
static struct error *
lay_choices_back(struct household_act *target, struct id other_id, bool *ret_changed)
{
    struct merge_leaf leaf;
    TRY(find_choices(target, other_id, &leaf));
    *ret_changed = leaf.count > 0;
    for (size_t i = 0; i < leaf.count; i++) {
        const struct audit_entry *entry = &leaf.entries[i];
        if (!entry->before || !entry->after || (!text_equal(entry->kind, "household") && !text_equal(entry->kind, "member")))
            continue;
        struct error *error = lay_entry_back(target, entry);
        if (!error || error->code != ERROR_FIELDS)
            TRY(error);
        if (!error)
            continue;
        error_free(error);
        return refuse("nilai yang dulu tidak dapat dikembalikan", "what stood there before can no longer stand there");
    }
    return NULL;
}

static struct error *
tell_back(struct household_act *act, struct household_act *target, const struct merge_leaf *leaf)
{
    struct id id = act->answer.file.row.id;
    for (size_t i = 0; i < leaf->count; i++)
        if (leaf->came[i])
            TRY(household_tell_moved(target, leaf->entries[i].id, id, NULL));
    return household_tell_event(act->tx, act->actor, &(struct household_event){.kind = "household.unmerged", .household_id = id,
                                                                              .other_id = target->answer.file.row.id, .enrollments = leaf->enrollments});
}

struct error *
household_unmerge(struct tx *tx, const struct actor *actor, struct id household_id, int64_t if_match, const char *reason, struct household_act *act)
{
    struct household_act target;
    struct merge_leaf leaf;
    bool moved = false, changed = false;
    TRY(start_ended(tx, actor, household_id, if_match, act));
    TRY(find_leaf(tx, household_id, &leaf));
    if (!leaf.entries || tx->now_ms - leaf.at_ms > LIMIT_UNMERGE_DAYS * DAY_MS)
        return refuse("sudah lebih dari 30 hari", "it was more than 30 days ago");
    TRY(start_target(act, &target));
    TRY(bring_all_back(act, &target, &leaf, &moved));
    act->answer.file.row.state = "active";
    act->answer.file.row.merged_into = (struct id){{0}};
    TRY(stay_store_revive(tx, household_id));
    TRY(household_act_finish(act, "household.unmerge", reason));
    TRY(lay_choices_back(&target, household_id, &changed));
    if (moved || changed)
        TRY(household_act_finish(&target, "household.unmerge", reason));
    TRY(duplicate_store_reopen(tx, household_id, target.answer.file.row.id));
    return tell_back(act, &target, &leaf);
}
