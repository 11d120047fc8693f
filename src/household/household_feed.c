/* household_feed.c: keeps the indexes in memory in step with the registry: each act feeds them. */
#include <string.h>

#include "household/household_file.h"
#include "household/household_index.h"
#include "lumbung/base/text.h"
#include "lumbung/registry.h"

struct error *
household_index_of(const struct tx *tx, struct household_index **ret_index)
{
    *ret_index = NULL;
    if (!tx->registry)
        return NULL;
    /* Set once by the thread that builds it. */
    *ret_index = __atomic_load_n(&tx->registry->household_index, __ATOMIC_ACQUIRE);
    return *ret_index ? NULL : error_new(ERROR_LOADING);
}

const char *
household_folded_name(const struct tx *tx, struct household_member *member)
{
    if (!member->folded || member->folded_from != member->record->name) {
        member->folded_from = member->record->name;
        member->folded = text_fold_name(tx->arena, member->folded_from);
    }
    return member->folded;
}

static const uint8_t *
make_name_tag(const struct tx *tx, const char *folded, int32_t birth_date)
{
    struct buffer text;
    buffer_init(&text, tx->arena);
    buffer_add(&text, folded);
    buffer_char(&text, '|');
    buffer_int(&text, birth_date);
    uint8_t *tag = arena_alloc(tx->arena, CRYPTO_TAG_SIZE);
    keyring_tag_bytes(tx->keyring, "name", text.data, text.length, tag);
    return tag;
}

const uint8_t *
household_name_tag(const struct tx *tx, struct household_member *member)
{
    const char *folded = household_folded_name(tx, member);
    if (!member->name_tag || member->name_tag_folded != folded || member->name_tag_birth != member->row.birth_date) {
        member->name_tag = make_name_tag(tx, folded, member->row.birth_date);
        member->name_tag_folded = folded;
        member->name_tag_birth = member->row.birth_date;
    }
    return member->name_tag;
}

/* A text to put after COMMIT. */
struct pending_text {
    struct household_index *index;
    struct id member_id; /* zero: the household's place */
    struct id household_id, region_id;
    const char *folded;
};

static void
put_text(void *context)
{
    const struct pending_text *text = context;
    if (id_is_zero(text->member_id))
        household_index_put_place(text->index, text->household_id, text->region_id, text->folded);
    else
        household_index_put_name(text->index, text->member_id, text->household_id, text->region_id, text->folded);
}

static void
put_now_or_later(struct tx *tx, const struct pending_text *text, bool now)
{
    struct pending_text *copy = ARENA_NEW(tx->arena, struct pending_text);
    *copy = *text;
    if (now)
        put_text(copy);
    else
        tx_after_commit(tx, put_text, copy);
}

void
household_index_feed_member(struct tx *tx, struct household_index *index, const struct household_row *household,
                            struct household_member *member, bool is_new)
{
    if (!index || member->erased)
        return;
    if (member->row.nik_tag.data)
        household_index_add_tag(index, HOUSEHOLD_TAG_NIK, member->row.nik_tag.data, household->id, member->row.id);
    if (member->row.birth_earliest == member->row.birth_latest)
        household_index_add_tag(index, HOUSEHOLD_TAG_NAME, household_name_tag(tx, member), household->id, member->row.id);
    bool listed = text_equal(member->row.state, "live");
    struct pending_text text = {index, member->row.id, household->id, household->region_id, listed ? household_folded_name(tx, member) : ""};
    put_now_or_later(tx, &text, is_new);
}

void
household_index_part(struct tx *tx, struct household_index *index, const struct household_row *household, struct id member_id)
{
    struct pending_text text = {index, member_id, household->id, household->region_id, ""};
    if (index)
        put_now_or_later(tx, &text, false);
}

void
household_index_feed_own(struct tx *tx, struct household_index *index, const struct household_file *file, bool is_new)
{
    struct household_card cards[LIMIT_FAMILIES + 1];
    size_t count = household_record_cards(file->record, cards);
    for (size_t i = 0; i < count; i++) {
        uint8_t tag[CRYPTO_TAG_SIZE];
        keyring_tag(tx->keyring, "kk", cards[i].kk_number, tag);
        household_index_add_tag(index, HOUSEHOLD_TAG_KK, tag, file->row.id, (struct id){{0}});
    }
    if (file->row.phone_tag.data)
        household_index_add_tag(index, HOUSEHOLD_TAG_PHONE, file->row.phone_tag.data, file->row.id, (struct id){{0}});
    const struct household_record *record = file->record;
    bool has_place = record->hamlet || record->address;
    if (!has_place && is_new)
        return;
    const char *place = has_place ? arena_format(tx->arena, "%s %s", record->hamlet ? record->hamlet : "", record->address ? record->address : "") : "";
    struct pending_text text = {index, (struct id){{0}}, file->row.id, file->row.region_id, text_fold(tx->arena, place)};
    put_now_or_later(tx, &text, is_new);
}

void
household_index_feed(struct tx *tx, struct household_index *index, const struct household_file *file, bool is_new)
{
    if (!index)
        return;
    household_index_feed_own(tx, index, file, is_new);
    for (size_t i = 0; i < file->member_count; i++)
        household_index_feed_member(tx, index, &file->row, &file->members[i], is_new);
}
