/* household_print.c: printing by masking. Prints copies: the registry's records stay as they are. */
#include "household/household_print.h"

#include "household/household_payee.h"
#include "lumbung/base/text.h"
#include "lumbung/region.h"

#define PSEUDONYM_BYTES 5
_Static_assert(PSEUDONYM_TEXT_SIZE == 2 + 2 * PSEUDONYM_BYTES + 1, "P-, the digits, the end");

enum field_part
household_part(const struct actor *actor)
{
    switch (actor->masking) {
    case MASKING_IDS: return FIELD_MASKED;
    case MASKING_NONE: return FIELD_ALL;
    case MASKING_PSEUDONYM: return FIELD_PSEUDONYMOUS;
    }
    return FIELD_PSEUDONYMOUS;
}

void
household_pseudonyms_start(struct tx *tx, const struct actor *actor, struct pseudonyms *ret_pseudonyms)
{
    keyring_tag_key(tx->keyring, "pseudonym", ret_pseudonyms->key);
    id_print(actor->user_id, ret_pseudonyms->text);
    ret_pseudonyms->text[ID_TEXT_SIZE - 1] = '|';
}

void
household_pseudonyms_print(struct pseudonyms *pseudonyms, struct id id, char ret_text[PSEUDONYM_TEXT_SIZE])
{
    static const char digits[] = "0123456789ABCDEF";
    uint8_t tag[CRYPTO_TAG_SIZE];
    char *at = ret_text;
    id_print(id, pseudonyms->text + ID_TEXT_SIZE);
    crypto_keyed_hash(pseudonyms->key, pseudonyms->text, sizeof pseudonyms->text - 1, tag, sizeof tag);
    *at++ = 'P';
    *at++ = '-';
    for (size_t i = 0; i < PSEUDONYM_BYTES; i++) {
        *at++ = digits[tag[i] >> 4];
        *at++ = digits[tag[i] & 15];
    }
    *at = '\0';
}

const char *
household_pseudonym(struct tx *tx, const struct actor *actor, struct id id)
{
    struct pseudonyms pseudonyms;
    char text[PSEUDONYM_TEXT_SIZE];
    household_pseudonyms_start(tx, actor, &pseudonyms);
    household_pseudonyms_print(&pseudonyms, id, text);
    crypto_wipe(&pseudonyms, sizeof pseudonyms);
    return arena_text(tx->arena, text);
}

const char *
household_shown_name(struct tx *tx, const struct actor *actor, struct id id, const char *name)
{
    return actor->masking == MASKING_PSEUDONYM ? household_pseudonym(tx, actor, id) : name;
}

void
household_print_member(struct tx *tx, const struct actor *actor, struct buffer *buffer, const struct household_member *member, enum field_part part)
{
    json_open(buffer, NULL, '{');
    field_print_members(buffer, &member_table, member->record, part);
    if (part == FIELD_PSEUDONYMOUS) {
        json_put_text(buffer, "code", household_pseudonym(tx, actor, member->row.id));
        json_put_bool(buffer, "has_nik", member->row.nik_tag.data != NULL);
    }
    if (member->erased)
        json_put_bool(buffer, "erased", true);
    json_close(buffer, '}');
}

static void
print_roster(struct tx *tx, const struct actor *actor, struct buffer *buffer, const struct household_file *file, enum field_part part, bool live)
{
    json_open(buffer, live ? "members" : "former_members", '[');
    for (size_t i = 0; i < file->member_count; i++)
        if (text_equal(file->members[i].row.state, "live") == live)
            household_print_member(tx, actor, buffer, &file->members[i], part);
    json_close(buffer, ']');
}

/* What is printed beside the file and lies elsewhere in the registry. */
struct beside {
    const char *region_name;
    const struct consent_record **consents;
    size_t consent_count;
};

static struct error *
load_consents(struct tx *tx, struct id household_id, struct beside *beside)
{
    struct consent_row *rows = NULL;
    TRY(consent_store_list(tx, household_id, &rows, &beside->consent_count));
    beside->consents = ARENA_ARRAY(tx->arena, const struct consent_record *, beside->consent_count + 1);
    for (size_t i = 0; i < beside->consent_count; i++) {
        struct consent_record *consent = NULL;
        TRY(household_consent_unpack(tx, &rows[i], &consent));
        beside->consents[i] = consent;
    }
    return NULL;
}

static struct error *
load_beside(struct tx *tx, const struct household_file *file, struct beside *ret_beside)
{
    ret_beside->region_name = file->region_name;
    if (!file->region_name)
        TRY(region_path_text(tx, file->row.region_id, &ret_beside->region_name));
    if (!file->consent)
        return load_consents(tx, file->row.id, ret_beside);
    ret_beside->consents = ARENA_ARRAY(tx->arena, const struct consent_record *, 1);
    ret_beside->consents[0] = file->consent;
    ret_beside->consent_count = 1;
    return NULL;
}

static void
set_server_fields(struct household_record *record, const struct household_row *row)
{
    record->version = row->version;
    record->state = row->state;
    record->member_count = row->member_count;
    record->registered_by = row->registered_by;
    record->created_at = row->created_at_ms;
    record->changed_at = row->changed_at_ms;
    field_set_present(&household_table, record, "version");
    field_set_present(&household_table, record, "state");
    field_set_present(&household_table, record, "member_count");
    if (!id_is_zero(row->registered_by))
        field_set_present(&household_table, record, "registered_by");
    field_set_present(&household_table, record, "created_at");
    field_set_present(&household_table, record, "changed_at");
}

/* The members of an open object. Takes nothing from the database. */
static void
print_file(struct tx *tx, const struct actor *actor, struct buffer *buffer, const struct household_file *file, const struct beside *beside,
           enum field_part part)
{
    struct household_record *copy = ARENA_NEW(tx->arena, struct household_record);
    *copy = *file->record;
    set_server_fields(copy, &file->row);
    static const char *const places[] = {"hamlet", "rw", "rt"};
    for (size_t i = 0; part == FIELD_PSEUDONYMOUS && i < sizeof places / sizeof places[0]; i++)
        field_unset(&household_table, copy, places[i]);
    field_print_members(buffer, &household_table, copy, part);
    json_put_text(buffer, "region_name", beside->region_name);
    if (part == FIELD_PSEUDONYMOUS)
        json_put_text(buffer, "code", household_pseudonym(tx, actor, file->row.id));
    if (file->erased)
        json_put_bool(buffer, "erased", true);
    print_roster(tx, actor, buffer, file, part, true);
    print_roster(tx, actor, buffer, file, part, false);
    json_open(buffer, "consents", '[');
    for (size_t i = 0; i < beside->consent_count; i++)
        field_print(buffer, NULL, &consent_table, beside->consents[i], part);
    json_close(buffer, ']');
}

struct error *
household_print(struct tx *tx, const struct actor *actor, struct buffer *buffer, const struct household_file *file, enum field_part part)
{
    struct beside beside;
    struct household_warnings warnings = {.arena = tx->arena};
    TRY(load_beside(tx, file, &beside));
    TRY(household_warn_standing(tx, file, &warnings));
    json_open(buffer, NULL, '{');
    print_file(tx, actor, buffer, file, &beside, part);
    household_print_warnings(buffer, &warnings);
    json_close(buffer, '}');
    return NULL;
}

static void
print_registered(struct tx *tx, const struct actor *actor, const struct household_registered *registered, const struct beside *beside,
                 struct buffer *buffer)
{
    json_open(buffer, NULL, '{');
    print_file(tx, actor, buffer, &registered->file, beside, household_part(actor));
    household_print_possibles(buffer, &registered->possibles);
    household_print_warnings(buffer, &registered->warnings);
    json_close(buffer, '}');
}

struct error *
household_print_registered(struct tx *tx, const struct actor *actor, const struct household_registered *registered, struct buffer *buffer)
{
    struct beside beside;
    TRY(load_beside(tx, &registered->file, &beside));
    print_registered(tx, actor, registered, &beside, buffer);
    return NULL;
}

struct later {
    struct actor actor;
    struct household_registered registered;
    struct beside beside;
    struct keyring *keyring;
};

static void
render(struct buffer *body, const void *context)
{
    const struct later *later = context;
    struct tx tx = {.arena = body->arena, .keyring = later->keyring}; /* for names and pseudonyms: it has no database */
    print_registered(&tx, &later->actor, &later->registered, &later->beside, body);
}

struct error *
household_print_later(struct tx *tx, const struct actor *actor, const struct household_registered *registered, struct reply *reply)
{
    struct later *later = ARENA_NEW(tx->arena, struct later);
    *later = (struct later){.actor = *actor, .registered = *registered, .keyring = tx->keyring};
    TRY(load_beside(tx, &registered->file, &later->beside));
    reply->render = render;
    reply->render_context = later;
    return NULL;
}
