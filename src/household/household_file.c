/* household_file.c: what an act does to a household: counting, saving, telling the other slices, feeding the audit log and the indexes. */
#include "household/household_file.h"

#include <string.h>

#include "household/household_index.h"
#include "lumbung/base/text.h"
#include "lumbung/base/time.h"
#include "lumbung/registry.h"

#define OFFSET_MIN 540

int32_t
household_today(const struct tx *tx)
{
    return date_of_instant(tx->now_ms, OFFSET_MIN);
}

size_t
household_file_live(struct arena *arena, const struct household_file *file, struct member_record ***ret_members)
{
    struct member_record **members = ARENA_ARRAY(arena, struct member_record *, file->member_count);
    size_t count = 0;
    for (size_t i = 0; i < file->member_count; i++)
        if (text_equal(file->members[i].row.state, "live"))
            members[count++] = file->members[i].record;
    *ret_members = members;
    return count;
}

struct household_member *
household_file_find(const struct household_file *file, struct id member_id)
{
    for (size_t i = 0; i < file->member_count; i++)
        if (id_equal(file->members[i].row.id, member_id))
            return &file->members[i];
    return NULL;
}

void
household_file_count(struct household_file *file)
{
    file->row.head_id = (struct id){{0}};
    file->row.member_count = 0;
    for (size_t i = 0; i < file->member_count; i++) {
        if (!text_equal(file->members[i].row.state, "live"))
            continue;
        file->row.member_count++;
        if (text_equal(file->members[i].record->relationship, "head"))
            file->row.head_id = file->members[i].row.id;
    }
    struct household_record *record = file->record;
    file->row.roster = record->declared && record->declared->size > file->row.member_count ? "counts_only" : "full";
    record->roster = file->row.roster;
    record->state = file->row.state;
    record->head_member_id = file->row.head_id;
    record->merged_into = file->row.merged_into;
    field_set_present(&household_table, record, "roster");
    field_set_present(&household_table, record, "state");
    field_set_present(&household_table, record, "head_member_id");
    if (!id_is_zero(record->merged_into))
        field_set_present(&household_table, record, "merged_into");
    else
        field_unset(&household_table, record, "merged_into");
}

const char *
household_document(struct arena *arena, const struct field_table *table, const void *record)
{
    struct buffer buffer;
    buffer_init(&buffer, arena);
    field_print(&buffer, NULL, table, record, FIELD_ALL);
    return buffer_text(&buffer);
}

struct household_changes
household_changes_start(struct tx *tx)
{
    return (struct household_changes){.tx = tx, .parts = ARENA_ARRAY(tx->arena, struct audit_part, AUDIT_PARTS_MAX)};
}

/* What `side` has and `other` has not or has otherwise; what only `other` has is null. */
static bool
print_difference(struct arena *arena, const struct json *side, const struct json *other, const char **ret_text)
{
    struct buffer buffer;
    buffer_init(&buffer, arena);
    bool differs = false;
    json_open(&buffer, NULL, '{');
    for (size_t i = 0; i < side->count; i++) {
        const struct json *theirs = json_get(other, side->members[i].name);
        if (theirs && json_equal(side->members[i].value, theirs))
            continue;
        json_print(&buffer, side->members[i].name, side->members[i].value);
        differs = true;
    }
    for (size_t i = 0; i < other->count; i++)
        if (!json_get(side, other->members[i].name)) {
            json_put_null(&buffer, other->members[i].name);
            differs = true;
        }
    json_close(&buffer, '}');
    *ret_text = buffer_text(&buffer);
    return differs;
}

struct error *
household_changes_add(struct household_changes *changes, const char *kind, struct id id, struct id subject, const char *before, const char *after)
{
    struct audit_part part = {.kind = kind, .id = id, .subject = subject, .before = before, .after = after};
    if (before && after) {
        struct arena *arena = changes->tx->arena;
        struct json *old = NULL, *new = NULL;
        TRY(json_parse(arena, before, strlen(before), &old));
        TRY(json_parse(arena, after, strlen(after), &new));
        if (!print_difference(arena, old, new, &part.before))
            return NULL;
        print_difference(arena, new, old, &part.after);
    }
    if (changes->count == AUDIT_PARTS_MAX)
        return error_internal("household: too many parts in one act");
    changes->parts[changes->count++] = part;
    return NULL;
}

struct error *
household_changes_append(struct household_changes *changes, const struct actor *actor, const char *action, struct id household_id, const char *reason)
{
    struct audit_change change = {.action = action, .record_id = household_id, .reason = reason, .parts = changes->parts, .part_count = changes->count};
    return audit_append(changes->tx, actor, &change, NULL);
}

struct error *
household_file_save(struct tx *tx, struct household_file *file, const char *before, struct household_changes *changes)
{
    household_file_count(file);
    TRY(household_pack(tx, file->record, &file->row));
    file->row.version++;
    file->row.changed_at_ms = tx->now_ms;
    TRY(household_store_update(tx, &file->row));
    return household_changes_add(changes, "household", file->row.id, file->row.id, before, household_document(tx->arena, &household_table, file->record));
}

void
household_member_show_state(struct household_member *member)
{
    struct member_record *record = member->record;
    record->household_id = member->row.household_id;
    record->state = member->row.state;
    field_set_present(&member_table, record, "household_id");
    field_set_present(&member_table, record, "state");
    record->joined_on = member->row.joined_on;
    record->left_on = member->row.left_on;
    record->left_reason = member->row.left_reason;
    if (member->row.has_joined_on)
        field_set_present(&member_table, record, "joined_on");
    if (member->row.has_left_on)
        field_set_present(&member_table, record, "left_on");
    if (member->row.left_reason)
        field_set_present(&member_table, record, "left_reason");
}

struct error *
household_member_save(struct tx *tx, struct household_member *member, const char *before, struct household_changes *changes)
{
    household_member_show_state(member);
    TRY(household_member_pack(tx, member->record, &member->row));
    if (before)
        TRY(member_store_update(tx, &member->row));
    else
        TRY(member_store_insert(tx, &member->row));
    return household_changes_add(changes, "member", member->row.id, member->row.id, before, household_document(tx->arena, &member_table, member->record));
}

struct error *
household_tell_event(struct tx *tx, const struct actor *actor, const struct household_event *event)
{
    for (const household_event_hook *hook = household_event_hooks; *hook; hook++)
        TRY((*hook)(tx, actor, event));
    return NULL;
}

struct error *
household_tell(struct tx *tx, const struct actor *actor, const char *kind, struct id household_id, struct id member_id, const char *reason)
{
    struct household_event event = {.kind = kind, .household_id = household_id, .member_id = member_id, .reason = reason};
    return household_tell_event(tx, actor, &event);
}

size_t
household_record_cards(const struct household_record *record, struct household_card ret_cards[LIMIT_FAMILIES + 1])
{
    size_t count = 0;
    const struct family_record *families = record->families.items;
    bool has_first = false;
    for (size_t i = 0; i < record->families.count && count < LIMIT_FAMILIES; i++)
        if (families[i].kk_number) {
            has_first |= families[i].no == 1;
            ret_cards[count++] = (struct household_card){families[i].no, families[i].kk_number};
        }
    if (record->kk_number && !has_first)
        ret_cards[count++] = (struct household_card){1, record->kk_number};
    return count;
}
