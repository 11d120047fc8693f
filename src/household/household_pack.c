/* household_pack.c: between records and rows: plain fields are JSON for rules and counts, personal ones are sealed under their subject's key. */
#include <string.h>

#include "household/household_file.h"
#include "household/household_phone.h"
#include "lumbung/base/text.h"
#include "lumbung/region.h"

static struct bytes
text_bytes(struct buffer *buffer)
{
    return (struct bytes){(const uint8_t *)buffer->data, buffer->length};
}

/* The sealed half: personal fields in whole. `plain` names objects without anything personal, which the printer would open for nothing. */
static struct error *
seal_record(struct tx *tx, const struct field_table *table, const void *record, const char *const *plain, struct id subject, const char *place,
            struct id row, struct bytes *ret_sealed)
{
    void *copy = arena_alloc(tx->arena, table->size);
    memcpy(copy, record, table->size);
    for (; *plain; plain++)
        field_unset(table, copy, *plain);
    struct buffer buffer;
    buffer_init(&buffer, tx->arena);
    field_print(&buffer, NULL, table, copy, FIELD_PERSONAL_ONLY);
    struct bytes text = text_bytes(&buffer);
    return keyring_seal(tx, subject, place, row, text.data, text.length, ret_sealed);
}

/* Of payee and families, which hold names and numbers and are sealed in whole, rules may read who they are. */
static void
print_plain_families(struct buffer *buffer, const struct household_record *record)
{
    if (record->payee && !id_is_zero(record->payee->member_id)) {
        json_open(buffer, "payee", '{');
        json_put_id(buffer, "member_id", record->payee->member_id);
        json_close(buffer, '}');
    }
    if (record->families.count == 0)
        return;
    const struct family_record *families = record->families.items;
    json_open(buffer, "families", '[');
    for (size_t i = 0; i < record->families.count; i++) {
        json_open(buffer, NULL, '{');
        json_put_int(buffer, "no", families[i].no);
        if (!id_is_zero(families[i].head_member_id))
            json_put_id(buffer, "head_member_id", families[i].head_member_id);
        json_close(buffer, '}');
    }
    json_close(buffer, ']');
}

struct error *
household_pack(struct tx *tx, const struct household_record *record, struct household_row *row)
{
    static const char *const plain[] = {"housing", "declared", "consent", "members", NULL};
    struct buffer facts;
    buffer_init(&facts, tx->arena);
    json_open(&facts, NULL, '{');
    field_print_members(&facts, &household_table, record, FIELD_PLAIN_ONLY);
    print_plain_families(&facts, record);
    json_close(&facts, '}');
    row->facts = buffer_text(&facts);
    row->hamlet = record->hamlet;
    row->rw = record->rw;
    row->rt = record->rt;
    row->phone_tag = (struct bytes){NULL, 0};
    if (record->phone) {
        uint8_t *tag = arena_alloc(tx->arena, CRYPTO_TAG_SIZE);
        keyring_tag(tx->keyring, "phone", household_phone_key(tx->arena, record->phone), tag);
        row->phone_tag = (struct bytes){tag, CRYPTO_TAG_SIZE};
    }
    return seal_record(tx, &household_table, record, plain, row->id, "household.sealed", row->id, &row->sealed);
}

struct error *
household_member_pack(struct tx *tx, const struct member_record *record, struct member_row *row)
{
    static const char *const plain[] = {"disability", "pregnancy", NULL};
    struct buffer facts;
    buffer_init(&facts, tx->arena);
    field_print(&facts, NULL, &member_table, record, FIELD_PLAIN_ONLY);
    row->facts = buffer_text(&facts);
    struct birth birth = household_record_birth(record);
    row->family_no = record->family_no ? record->family_no : 1;
    row->sex = record->sex;
    row->birth_date = birth.date;
    row->birth_earliest = birth.earliest;
    row->birth_latest = birth.latest;
    row->relationship = record->relationship;
    row->nik_tag = (struct bytes){NULL, 0};
    if (record->nik) {
        uint8_t *tag = arena_alloc(tx->arena, CRYPTO_TAG_SIZE);
        keyring_tag(tx->keyring, "nik", record->nik, tag);
        row->nik_tag = (struct bytes){tag, CRYPTO_TAG_SIZE};
    }
    return seal_record(tx, &member_table, record, plain, row->id, "member.sealed", row->id, &row->sealed);
}

struct error *
household_consent_pack(struct tx *tx, const struct consent_record *record, struct consent_row *row)
{
    static const char *const plain[] = {NULL};
    struct buffer facts, purposes;
    buffer_init(&facts, tx->arena);
    field_print(&facts, NULL, &consent_table, record, FIELD_PLAIN_ONLY);
    row->facts = buffer_text(&facts);
    row->basis = record->basis;
    row->purposes = NULL;
    if (record->purposes.count > 0) {
        buffer_init(&purposes, tx->arena);
        const char *const *words = record->purposes.items;
        for (size_t i = 0; i < record->purposes.count; i++)
            buffer_format(&purposes, "%s%s", i ? " " : "", words[i]);
        row->purposes = buffer_text(&purposes);
    }
    return seal_record(tx, &consent_table, record, plain, row->household_id, "household_consent.sealed", row->id, &row->sealed);
}

/* Sealed members win over the plain ones; objects that both have are joined. */
static void
join_objects(struct arena *arena, struct json *target, const struct json *source)
{
    for (size_t i = 0; i < source->count; i++) {
        const char *name = source->members[i].name;
        struct json *value = source->members[i].value, *present = json_get(target, name);
        if (present && present->kind == JSON_OBJECT && value->kind == JSON_OBJECT)
            join_objects(arena, present, value);
        else
            json_set(arena, target, name, value);
    }
}

static struct error *
unpack(struct tx *tx, const struct field_table *table, const char *facts, struct bytes sealed, struct id subject, const char *place, struct id row,
       void **ret_record, bool *ret_erased)
{
    struct json *json = NULL;
    TRY(json_parse(tx->arena, facts, strlen(facts), &json));
    struct bytes plain = {NULL, 0};
    TRY(keyring_unseal(tx, subject, place, row, sealed, &plain));
    *ret_erased = plain.data == NULL;
    if (plain.data) {
        struct json *personal = NULL;
        TRY(json_parse(tx->arena, (const char *)plain.data, plain.length, &personal));
        join_objects(tx->arena, json, personal);
    }
    return field_parse(tx->arena, table, json, "", FIELD_STORED, 0, ret_record);
}

struct error *
household_member_unpack(struct tx *tx, const struct member_row *row, struct household_member *ret_member)
{
    void *record = NULL;
    *ret_member = (struct household_member){.row = *row};
    TRY(unpack(tx, &member_table, row->facts, row->sealed, row->id, "member.sealed", row->id, &record, &ret_member->erased));
    ret_member->record = record;
    return NULL;
}

struct error *
household_consent_unpack(struct tx *tx, const struct consent_row *row, struct consent_record **ret_record)
{
    void *record = NULL;
    bool erased = false;
    TRY(unpack(tx, &consent_table, row->facts, row->sealed, row->household_id, "household_consent.sealed", row->id, &record, &erased));
    struct consent_record *consent = record;
    if (row->is_withdrawn) {
        consent->withdrawn_at = row->withdrawn_at_ms;
        consent->withdrawal = row->withdrawal;
        field_set_present(&consent_table, consent, "withdrawn_at");
        field_set_present(&consent_table, consent, "withdrawal");
    }
    *ret_record = consent;
    return NULL;
}

/* Codes of regions change: the record shows the present ones, not those of the day when it was written. */
static struct error *
set_region_codes(struct tx *tx, struct household_file *file)
{
    struct region region;
    TRY(region_by_id(tx, file->row.region_id, &region));
    file->record->region = region.code;
    if (!id_is_zero(file->row.registered_region_id)) {
        TRY(region_by_id(tx, file->row.registered_region_id, &region));
        file->record->registered_region = region.code;
    }
    return NULL;
}

static struct error *
load_own(struct tx *tx, const struct household_row *row, struct household_file *ret_file)
{
    *ret_file = (struct household_file){.row = *row};
    void *record = NULL;
    TRY(unpack(tx, &household_table, row->facts, row->sealed, row->id, "household.sealed", row->id, &record, &ret_file->erased));
    ret_file->record = record;
    return set_region_codes(tx, ret_file);
}

struct error *
household_file_load_own(struct tx *tx, const struct actor *actor, struct id id, struct household_file *ret_file)
{
    struct household_row row;
    bool found = false;
    TRY(household_store_load(tx, actor, id, &row, &found));
    return found ? load_own(tx, &row, ret_file) : error_new(ERROR_NOT_FOUND);
}

struct error *
household_file_load(struct tx *tx, const struct actor *actor, struct id id, struct household_file *ret_file)
{
    TRY(household_file_load_own(tx, actor, id, ret_file));
    struct member_row *rows = NULL;
    TRY(member_store_list(tx, id, &rows, &ret_file->member_count));
    ret_file->members = ARENA_ARRAY(tx->arena, struct household_member, ret_file->member_count + 1); /* room for one that joins */
    for (size_t i = 0; i < ret_file->member_count; i++)
        TRY(household_member_unpack(tx, &rows[i], &ret_file->members[i]));
    return NULL;
}

struct error *
household_file_load_member(struct tx *tx, const struct actor *actor, struct id member_id, struct household_file *ret_file,
                           struct household_member **ret_member)
{
    struct member_row row;
    bool found = false;
    TRY(member_store_load(tx, member_id, &row, &found));
    if (!found)
        return error_new(ERROR_NOT_FOUND);
    TRY(household_file_load(tx, actor, row.household_id, ret_file));
    *ret_member = household_file_find(ret_file, member_id);
    return *ret_member ? NULL : error_internal("member outside his household");
}
