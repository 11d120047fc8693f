/* household_register.c: POST /households, imports and the demo come through here. */
#include "household/household_register.h"

#include <string.h>

#include "household/household_index.h"
#include "household/household_nik.h"
#include "household/household_print.h"
#include "lumbung/attachment.h"
#include "lumbung/base/text.h"
#include "lumbung/region.h"

static struct error *
find_region(struct tx *tx, const struct actor *actor, const char *code, const char *pointer, struct id *ret_id, struct error **error)
{
    struct region region;
    struct error *found = region_by_code(tx, actor, code, &region);
    if (found && found->code != ERROR_NOT_FOUND)
        return found;
    if (found) {
        error_free(found);
        error_add_fault(error, pointer, FAULT_REGION, code, NULL);
        return NULL;
    }
    *ret_id = region.id;
    return NULL;
}

struct error *
household_find_regions(struct tx *tx, const struct actor *actor, const struct household_record *record, struct household_row *row,
                       struct error **error)
{
    TRY(find_region(tx, actor, record->region, "/region", &row->region_id, error));
    row->registered_region_id = (struct id){{0}};
    if (!record->registered_region)
        return NULL;
    /* The card may be from anywhere: it needs no scope. */
    struct region region;
    bool found = false;
    TRY(region_find_code(tx, record->registered_region, &region, &found));
    if (found)
        row->registered_region_id = region.id;
    else
        error_add_fault(error, "/registered_region", FAULT_REGION, record->registered_region, NULL);
    return NULL;
}

/* Copies of record and members in the act's own memory, with the ids that the form left open. */
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
        member->row = (struct member_row){.id = member->record->id, .household_id = file->row.id, .position = (int64_t)i, .state = "live",
                                          .created_at_ms = tx->now_ms};
    }
}

static struct error *
check_members_are_new(struct tx *tx, const struct household_record *record, struct error **error)
{
    const struct member_record *members = record->members.items;
    for (size_t i = 0; i < record->members.count; i++) {
        struct member_row row;
        bool found = false;
        if (!id_is_zero(members[i].id))
            TRY(member_store_load(tx, members[i].id, &row, &found));
        if (found)
            error_add_fault(error, arena_format(tx->arena, "/members/%zu/id", i), FAULT_CONFLICT, "anggota rumah tangga lain / a member of another household",
                            NULL);
    }
    return NULL;
}

static struct error *
check_against_registry(struct tx *tx, const struct actor *actor, const struct household_record *record, struct household_file *file)
{
    struct error *error = NULL, *failed = household_find_regions(tx, actor, record, &file->row, &error);
    if (!failed)
        failed = check_members_are_new(tx, record, &error);
    if (failed) {
        error_free(error);
        return failed;
    }
    return error;
}

struct error *
household_put_cards(struct tx *tx, const struct household_file *file)
{
    struct household_card cards[LIMIT_FAMILIES + 1];
    size_t count = household_record_cards(file->record, cards);
    for (size_t i = 0; i < count; i++) {
        uint8_t tag[CRYPTO_TAG_SIZE];
        keyring_tag(tx->keyring, "kk", cards[i].kk_number, tag);
        TRY(household_store_card_put(tx, file->row.id, cards[i].family_no, tag));
    }
    return NULL;
}

struct error *
household_add_consent(struct tx *tx, const struct actor *actor, struct id household_id, const struct consent_record *consent,
                      struct household_changes *changes, const struct consent_record **ret_consent)
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
    struct consent_row row = {.id = copy->id, .household_id = household_id, .taken_by = copy->taken_by, .at_ms = copy->at};
    TRY(household_consent_pack(tx, copy, &row));
    TRY(consent_store_insert(tx, &row));
    if (ret_consent)
        *ret_consent = copy;
    return household_changes_add(changes, "consent", copy->id, household_id, NULL, household_document(tx->arena, &consent_table, copy));
}

struct error *
household_bind_proof(struct tx *tx, const struct actor *actor, const struct consent_record *consent, const struct household_row *row, const char *pointer)
{
    if (id_is_zero(consent->proof))
        return NULL;
    struct error *error = attachment_bind(tx, actor, consent->proof, row->id, row->region_id);
    if (!error || error->code != ERROR_NOT_FOUND)
        return error;
    error_free(error);
    return error_field(pointer, FAULT_REFERENCE, "attachment", NULL);
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
insert_rows(struct tx *tx, const struct actor *actor, const struct household_record *record, struct household_file *file,
            struct household_changes *changes)
{
    household_file_count(file);
    TRY(household_pack(tx, file->record, &file->row));
    TRY(household_store_insert(tx, &file->row));
    TRY(household_changes_add(changes, "household", file->row.id, file->row.id, NULL,
                              household_document(tx->arena, &household_table, file->record)));
    for (size_t i = 0; i < file->member_count; i++)
        TRY(household_member_save(tx, &file->members[i], NULL, changes));
    TRY(household_put_cards(tx, file));
    TRY(household_bind_proof(tx, actor, record->consent, &file->row, "/consent/proof"));
    return household_add_consent(tx, actor, file->row.id, record->consent, changes, &file->consent);
}

static struct error *
collect_all_warnings(struct tx *tx, const struct household_record *record, struct household_registered *registered)
{
    registered->warnings = (struct household_warnings){.arena = tx->arena};
    for (size_t i = 0; i < registered->file.member_count; i++)
        TRY(household_collect_warnings(tx, registered->file.members[i].record, arena_format(tx->arena, "/members/%zu", i), &registered->warnings));
    if (text_equal(record->consent->form, "oral") && !record->consent->witness)
        household_warn(&registered->warnings, "/consent/witness", "oral_without_witness");
    return NULL;
}

struct error *
household_register(struct tx *tx, const struct actor *actor, const struct household_record *record, const char *channel,
                   struct household_registered *ret_registered)
{
    struct household_index *index = NULL;
    TRY(household_index_of(tx, &index));
    *ret_registered = (struct household_registered){0};
    struct household_file *file = &ret_registered->file;
    make_file(tx, record, file);
    TRY(check_against_registry(tx, actor, record, file));
    struct household_row taken;
    bool found = false;
    if (!id_is_zero(record->id))
        TRY(household_store_load(tx, NULL, record->id, &taken, &found));
    if (found)
        return error_with(ERROR_EXISTS, "id", NULL, NULL);
    file->row.state = "active";
    file->row.version = 1;
    file->row.channel = file->record->channel = channel;
    file->row.registered_by = actor->user_id;
    file->row.created_at_ms = file->row.changed_at_ms = tx->now_ms;
    field_set_present(&household_table, file->record, "channel");
    struct household_changes changes = household_changes_start(tx);
    TRY(insert_rows(tx, actor, record, file, &changes));
    TRY(collect_all_warnings(tx, record, ret_registered));
    TRY(household_duplicate_search(tx, actor, file, 0, file->member_count, true, &ret_registered->possibles));
    TRY(household_changes_append(&changes, actor, "household.register", file->row.id, NULL));
    household_index_feed(tx, index, file, true);
    return NULL;
}

/* The form's own faults and a region that is not there, in one answer. */
static struct error *
add_region_faults(struct tx *tx, const struct actor *actor, const struct json *json, struct error *faults)
{
    struct household_row row;
    struct household_record named = {.region = json_get_text(json, "region"), .registered_region = json_get_text(json, "registered_region")};
    if (faults->code != ERROR_FIELDS || !named.region)
        return faults;
    struct error *failed = household_find_regions(tx, actor, &named, &row, &faults);
    if (!failed)
        return faults;
    error_free(faults);
    return failed;
}

struct error *
household_register_json(struct tx *tx, const struct actor *actor, const struct json *json, const char *channel, struct id *ret_id,
                        struct buffer *ret_body)
{
    void *record = NULL;
    struct error *faults = field_parse(tx->arena, &household_table, json, "", FIELD_CREATE, household_today(tx), &record);
    if (faults)
        return add_region_faults(tx, actor, json, faults);
    struct household_registered registered;
    TRY(household_register(tx, actor, record, channel, &registered));
    *ret_id = registered.file.row.id;
    return ret_body ? household_print_registered(tx, actor, &registered, ret_body) : NULL;
}
