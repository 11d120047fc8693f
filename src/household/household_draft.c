/* household_draft.c: a registration made ready outside the lane, where everyone waits. */
#include "household/household_draft.h"

#include "household/household_nik.h"
#include "lumbung/base/text.h"
#include "lumbung/region.h"

/* Copies of record and members in the request's own memory, with the ids that the form left open. */
static void
make_file(struct tx *tx, const struct household_record *record, struct household_file *file)
{
    *file = (struct household_file){.record = ARENA_NEW(tx->arena, struct household_record), .member_count = record->members.count};
    *file->record = *record;
    field_unset(&household_table, file->record, "members");
    field_unset(&household_table, file->record, "consent");
    file->row.id = id_is_zero(record->id) ? tx_new_id(tx) : record->id;
    file->record->id = file->row.id;
    field_set_present(&household_table, file->record, "id");
    file->members = ARENA_ARRAY(tx->arena, struct household_member, file->member_count + 1);
    const struct member_record *members = record->members.items;
    for (size_t i = 0; i < file->member_count; i++) {
        struct household_member *member = &file->members[i];
        member->record = ARENA_NEW(tx->arena, struct member_record);
        *member->record = members[i];
        if (id_is_zero(member->record->id))
            member->record->id = tx_new_id(tx);
        field_set_present(&member_table, member->record, "id");
        member->row = (struct member_row){.id = member->record->id, .household_id = file->row.id, .position = (int64_t)i, .state = "live"};
    }
}

struct error *
household_collect_warnings(struct tx *tx, const struct member_record *member, const char *pointer, struct household_warnings *warnings)
{
    int32_t today = household_today(tx);
    household_warn_member(warnings, member, pointer, today);
    if (!member->nik)
        return NULL;
    struct household_nik nik = household_nik_decode(member->nik, false, household_record_birth(member).date, today);
    struct region region;
    bool found = false;
    TRY(region_find_code(tx, nik.region, &region, &found));
    if (!found)
        household_warn(warnings, arena_format(tx->arena, "%s/nik", pointer), "nik_region");
    return NULL;
}

static struct error *
collect_all_warnings(struct tx *tx, const struct consent_record *consent, struct household_draft *draft)
{
    draft->warnings = (struct household_warnings){.arena = tx->arena};
    for (size_t i = 0; i < draft->file.member_count; i++)
        TRY(household_collect_warnings(tx, draft->file.members[i].record, arena_format(tx->arena, "/members/%zu", i), &draft->warnings));
    if (text_equal(consent->form, "oral") && !consent->witness)
        household_warn(&draft->warnings, "/consent/witness", "oral_without_witness");
    return NULL;
}

struct error *
household_draft_consent(struct tx *tx, const struct actor *actor, struct id household_id, const struct consent_record *consent,
                        struct consent_draft *ret_draft)
{
    struct consent_record *copy = ARENA_NEW(tx->arena, struct consent_record);
    *copy = *consent;
    copy->id = tx_new_id(tx);
    copy->taken_by = actor->user_id;
    if (!field_present(&consent_table, consent, "at"))
        copy->at = tx->now_ms;
    field_set_present(&consent_table, copy, "id");
    field_set_present(&consent_table, copy, "at");
    if (!id_is_zero(copy->taken_by))
        field_set_present(&consent_table, copy, "taken_by");
    *ret_draft = (struct consent_draft){.record = copy, .document = household_document(tx->arena, &consent_table, copy)};
    ret_draft->row = (struct consent_row){.id = copy->id, .household_id = household_id, .taken_by = copy->taken_by, .at_ms = copy->at};
    return household_consent_pack(tx, copy, &ret_draft->row);
}

static void
start_row(const struct actor *actor, const char *channel, struct household_file *file)
{
    file->row.state = "active";
    file->row.version = 1;
    file->row.channel = file->record->channel = channel;
    file->row.registered_by = actor->user_id;
    field_set_present(&household_table, file->record, "channel");
    household_file_count(file);
}

static void
add_part(struct arena *arena, const char *kind, struct id id, struct id subject, const char *document, struct household_draft *draft)
{
    struct audit_part *part = &draft->parts[draft->part_count++];
    *part = (struct audit_part){.kind = kind, .id = id, .subject = subject, .after = document};
    part->ready = audit_part_ready(arena, part);
}

static struct error *
pack_own(struct tx *tx, struct household_draft *draft)
{
    struct household_file *file = &draft->file;
    keyring_make_key(tx, file->row.id, &draft->keys[0]);
    TRY(household_pack(tx, file->record, &file->row));
    add_part(tx->arena, "household", file->row.id, file->row.id, household_document(tx->arena, &household_table, file->record), draft);
    return NULL;
}

/* Each key is made directly before what is sealed under it: the act knows only the last few. */
static struct error *
pack_member(struct tx *tx, size_t at, struct household_draft *draft)
{
    struct household_member *member = &draft->file.members[at];
    keyring_make_key(tx, member->row.id, &draft->keys[at + 1]);
    household_member_show_state(member);
    TRY(household_member_pack(tx, member->record, &member->row));
    household_name_tag(tx, member);
    add_part(tx->arena, "member", member->row.id, member->row.id, household_document(tx->arena, &member_table, member->record), draft);
    return NULL;
}

static struct error *
name_region(struct tx *tx, struct household_file *file)
{
    struct region region;
    bool found = false;
    TRY(region_find_code(tx, file->record->region, &region, &found));
    return found ? region_path_text(tx, region.id, &file->region_name) : NULL;
}

struct error *
household_draft_make(struct tx *tx, const struct actor *actor, const struct household_record *record, const char *channel,
                     struct household_draft *ret_draft)
{
    struct household_draft draft = {0};
    struct household_file *file = &draft.file;
    make_file(tx, record, file);
    start_row(actor, channel, file);
    draft.keys = ARENA_ARRAY(tx->arena, struct data_key, file->member_count + 1);
    draft.parts = ARENA_ARRAY(tx->arena, struct audit_part, file->member_count + 2);
    TRY(pack_own(tx, &draft));
    TRY(household_draft_consent(tx, actor, file->row.id, record->consent, &draft.consent));
    for (size_t i = 0; i < file->member_count; i++)
        TRY(pack_member(tx, i, &draft));
    file->consent = draft.consent.record;
    add_part(tx->arena, "consent", draft.consent.row.id, file->row.id, draft.consent.document, &draft);
    TRY(name_region(tx, file));
    TRY(collect_all_warnings(tx, record->consent, &draft));
    *ret_draft = draft;
    return NULL;
}
