/* household_register.c: POST /households, imports and the demo come through here. */
#include "household/household_register.h"

#include <string.h>

#include "household/household_index.h"
#include "household/household_print.h"
#include "lumbung/attachment.h"
#include "lumbung/base/text.h"
#include "lumbung/notice.h"
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
    if (!failed && !text_equal(file->row.channel, HOUSEHOLD_OF_REGISTRY))
        failed = notice_check(tx, record->consent->notice_version, record->consent->language, "/consent", &error);
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
                      struct household_changes *changes)
{
    struct consent_draft draft;
    TRY(household_draft_consent(tx, actor, household_id, consent, &draft));
    TRY(consent_store_insert(tx, &draft.row));
    return household_changes_add(changes, "consent", draft.row.id, household_id, NULL, draft.document);
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

static struct error *
insert_member(struct tx *tx, const struct data_key *key, struct household_member *member)
{
    member->row.created_at_ms = tx->now_ms;
    TRY(keyring_store_key(tx, key));
    return member_store_insert(tx, &member->row);
}

static struct error *
insert_rows(struct tx *tx, const struct actor *actor, const struct household_draft *draft, struct household_file *file)
{
    file->row.created_at_ms = file->row.changed_at_ms = tx->now_ms;
    TRY(keyring_store_key(tx, &draft->keys[0]));
    TRY(household_store_insert(tx, &file->row));
    for (size_t i = 0; i < file->member_count; i++)
        TRY(insert_member(tx, &draft->keys[i + 1], &file->members[i]));
    TRY(household_put_cards(tx, file));
    TRY(household_bind_proof(tx, actor, draft->consent.record, &file->row, "/consent/proof"));
    return consent_store_insert(tx, &draft->consent.row);
}

/* A job may be run again: the draft itself stays as it was made. */
static struct household_file
copy_of_draft(struct arena *arena, const struct household_file *draft)
{
    struct household_file file = *draft;
    file.members = ARENA_ARRAY(arena, struct household_member, file.member_count + 1);
    memcpy(file.members, draft->members, file.member_count * sizeof *file.members);
    return file;
}

struct error *
household_register_draft(struct tx *tx, const struct actor *actor, const struct household_record *record, const struct household_draft *draft,
                         struct household_registered *ret_registered)
{
    struct household_index *index = NULL;
    TRY(household_index_of(tx, &index));
    *ret_registered = (struct household_registered){.file = copy_of_draft(tx->arena, &draft->file), .warnings = draft->warnings};
    struct household_file *file = &ret_registered->file;
    TRY(check_against_registry(tx, actor, record, file));
    struct household_row taken;
    bool found = false;
    if (!id_is_zero(record->id))
        TRY(household_store_load(tx, NULL, record->id, &taken, &found));
    if (found)
        return error_with(ERROR_EXISTS, "id", NULL, NULL);
    TRY(insert_rows(tx, actor, draft, file));
    TRY(household_duplicate_search(tx, actor, file, 0, file->member_count, true, &ret_registered->possibles));
    struct audit_change change = {.action = "household.register", .record_id = file->row.id, .parts = draft->parts, .part_count = draft->part_count};
    TRY(audit_append(tx, actor, &change, NULL));
    household_index_feed(tx, index, file, true);
    return NULL;
}

struct error *
household_register(struct tx *tx, const struct actor *actor, const struct household_record *record, const char *channel,
                   struct household_registered *ret_registered)
{
    struct household_draft draft;
    TRY(household_draft_make(tx, actor, record, channel, &draft));
    return household_register_draft(tx, actor, record, &draft, ret_registered);
}

/* The form's own faults, a region and a notice that are not there, in one answer. */
static struct error *
add_registry_faults(struct tx *tx, const struct actor *actor, const struct json *json, struct error *faults)
{
    struct household_row row;
    struct household_record named = {.region = json_get_text(json, "region"), .registered_region = json_get_text(json, "registered_region")};
    const struct json *consent = json_get(json, "consent");
    if (faults->code != ERROR_FIELDS)
        return faults;
    struct error *failed = named.region ? household_find_regions(tx, actor, &named, &row, &faults) : NULL;
    if (!failed && consent && consent->kind == JSON_OBJECT)
        failed = notice_check(tx, json_get_text(consent, "notice_version"), json_get_text(consent, "language"), "/consent", &faults);
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
        return add_registry_faults(tx, actor, json, faults);
    struct household_registered registered;
    TRY(household_register(tx, actor, record, channel, &registered));
    *ret_id = registered.file.row.id;
    return ret_body ? household_print_registered(tx, actor, &registered, ret_body) : NULL;
}
