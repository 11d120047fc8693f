/* household_duplicate.c: looks an entry up in the indexes, compares with the registry, and keeps a case for each pair that is not yet known. */
#include "household/household_duplicate.h"

#include "household/household_index.h"
#include "lumbung/base/text.h"
#include "lumbung/region.h"

/* Shared cards and phones are normal in a village: a few pairs tell enough. */
#define HITS_MAX 5
#define LOOKED_AT_MAX 32

struct search {
    struct tx *tx;
    const struct actor *actor;
    const struct household_file *file;
    struct household_index *index;
    struct household_possibles *possibles;
};

static struct error *
add_possible(struct search *search, const struct duplicate_row *row, const struct household_row *other)
{
    struct household_possibles *possibles = search->possibles;
    bool visible = false;
    TRY(region_in_scope(search->tx, search->actor, other->region_id, &visible));
    possibles->items = arena_grow(search->tx->arena, possibles->items, possibles->count, &possibles->capacity, sizeof *possibles->items);
    possibles->items[possibles->count++] = (struct household_possible){row->id, other->id, row->kind, visible};
    return NULL;
}

/* `other_member` and `own_member` are zero for cards and phones. */
static struct error *
note_pair(struct search *search, const char *kind, struct id own_member, const struct household_row *other, struct id other_member, bool *ret_open)
{
    const struct household_row *own = &search->file->row;
    bool own_is_later = own->created_at_ms > other->created_at_ms || (own->created_at_ms == other->created_at_ms && id_compare(own->id, other->id) > 0);
    struct duplicate_row row = {
        .kind = kind,
        .earlier_household = own_is_later ? other->id : own->id,
        .later_household = own_is_later ? own->id : other->id,
        .earlier_member = own_is_later ? other_member : own_member,
        .later_member = own_is_later ? own_member : other_member,
        .region_id = own_is_later ? own->region_id : other->region_id,
        .made_at_ms = search->tx->now_ms,
    };
    struct duplicate_row known;
    bool found = false;
    *ret_open = false;
    TRY(duplicate_store_find(search->tx, &row, &known, &found));
    if (found && !text_equal(known.state, "open") && !text_equal(known.state, "unsure"))
        return NULL; /* a person has decided */
    *ret_open = true;
    if (found)
        return add_possible(search, &known, other);
    row.id = tx_new_id(search->tx);
    TRY(duplicate_store_insert(search->tx, &row));
    return add_possible(search, &row, other);
}

/* Is this hit of the index a live member of another live household who bears the same number, or name and birth date? */
static struct error *
compare_member(struct search *search, struct household_member *own, struct id hit, bool by_name, struct household_row *ret_other,
               bool *ret_same)
{
    struct member_row row;
    bool found = false;
    *ret_same = false;
    TRY(member_store_load(search->tx, hit, &row, &found));
    if (!found || !text_equal(row.state, "live") || id_equal(row.household_id, search->file->row.id))
        return NULL;
    if (!by_name) {
        *ret_same = row.nik_tag.length == CRYPTO_TAG_SIZE && crypto_equal(row.nik_tag.data, own->row.nik_tag.data, CRYPTO_TAG_SIZE);
    } else if (row.birth_earliest == row.birth_latest && row.birth_date == own->row.birth_date) {
        struct household_member other = {0};
        TRY(household_member_unpack(search->tx, &row, &other));
        *ret_same = !other.erased && text_equal(household_folded_name(search->tx, &other), household_folded_name(search->tx, own));
    }
    if (!*ret_same)
        return NULL;
    TRY(household_store_load(search->tx, NULL, row.household_id, ret_other, ret_same));
    *ret_same = *ret_same && text_equal(ret_other->state, "active");
    return NULL;
}

static struct error *
search_member(struct search *search, struct household_member *own, enum household_tag_kind tag_kind, const uint8_t *tag, const char *kind,
              const struct id *known, size_t known_count, struct id *ret_ids, size_t *ret_count)
{
    struct id hits[LOOKED_AT_MAX];
    size_t count = household_index_find_tag(search->index, tag_kind, tag, hits, LOOKED_AT_MAX);
    *ret_count = 0;
    for (size_t i = 0; i < count && *ret_count < HITS_MAX; i++) {
        bool again = id_equal(hits[i], own->row.id);
        for (size_t j = 0; j < known_count; j++)
            again |= id_equal(hits[i], known[j]); /* the same number says it already */
        struct household_row other;
        bool same = false;
        if (!again)
            TRY(compare_member(search, own, hits[i], tag_kind == HOUSEHOLD_TAG_NAME, &other, &same));
        bool open = false;
        if (same)
            TRY(note_pair(search, kind, own->row.id, &other, hits[i], &open));
        if (same && ret_ids)
            ret_ids[*ret_count] = hits[i];
        *ret_count += same;
    }
    return NULL;
}

static struct error *
search_members(struct search *search, size_t first, size_t last)
{
    for (size_t i = first; i < last; i++) {
        struct household_member *own = &search->file->members[i];
        if (own->erased || !text_equal(own->row.state, "live"))
            continue;
        struct id same_number[HITS_MAX];
        size_t count = 0, named = 0;
        if (own->row.nik_tag.data)
            TRY(search_member(search, own, HOUSEHOLD_TAG_NIK, own->row.nik_tag.data, "nik", NULL, 0, same_number, &count));
        if (own->row.birth_earliest != own->row.birth_latest)
            continue;
        TRY(search_member(search, own, HOUSEHOLD_TAG_NAME, household_name_tag(search->tx, own), "name", same_number, count, NULL, &named));
    }
    return NULL;
}

static struct error *
search_households(struct search *search, enum household_tag_kind tag_kind, const uint8_t *tag, const char *kind)
{
    struct id hits[LOOKED_AT_MAX];
    size_t count = household_index_find_tag(search->index, tag_kind, tag, hits, LOOKED_AT_MAX), noted = 0;
    for (size_t i = 0; i < count && noted < HITS_MAX; i++) {
        struct household_row other;
        bool found = false, same = false, open = false;
        if (id_equal(hits[i], search->file->row.id))
            continue;
        TRY(household_store_load(search->tx, NULL, hits[i], &other, &found));
        if (!found || !text_equal(other.state, "active"))
            continue;
        if (tag_kind == HOUSEHOLD_TAG_KK)
            TRY(household_store_card_match(search->tx, other.id, tag, &same));
        else
            same = other.phone_tag.length == CRYPTO_TAG_SIZE && crypto_equal(other.phone_tag.data, tag, CRYPTO_TAG_SIZE);
        if (same)
            TRY(note_pair(search, kind, (struct id){{0}}, &other, (struct id){{0}}, &open));
        noted += open;
    }
    return NULL;
}

static struct error *
search_own(struct search *search)
{
    struct household_card cards[LIMIT_FAMILIES + 1];
    size_t count = household_record_cards(search->file->record, cards);
    for (size_t i = 0; i < count; i++) {
        uint8_t tag[CRYPTO_TAG_SIZE];
        keyring_tag(search->tx->keyring, "kk", cards[i].kk_number, tag);
        TRY(search_households(search, HOUSEHOLD_TAG_KK, tag, "kk"));
    }
    if (search->file->row.phone_tag.data)
        TRY(search_households(search, HOUSEHOLD_TAG_PHONE, search->file->row.phone_tag.data, "phone"));
    return NULL;
}

struct error *
household_duplicate_search(struct tx *tx, const struct actor *actor, const struct household_file *file, size_t first_member, size_t last_member,
                           bool own, struct household_possibles *possibles)
{
    struct search search = {.tx = tx, .actor = actor, .file = file, .possibles = possibles};
    TRY(household_index_of(tx, &search.index));
    if (!search.index)
        return NULL;
    TRY(search_members(&search, first_member, last_member));
    return own ? search_own(&search) : NULL;
}

void
household_print_possibles(struct buffer *buffer, const struct household_possibles *possibles)
{
    json_open(buffer, "possible_duplicates", '[');
    for (size_t i = 0; i < possibles->count; i++) {
        json_open(buffer, NULL, '{');
        json_put_id(buffer, "case_id", possibles->items[i].case_id);
        json_put_text(buffer, "kind", possibles->items[i].kind);
        if (possibles->items[i].visible)
            json_put_id(buffer, "household_id", possibles->items[i].household_id);
        json_close(buffer, '}');
    }
    json_close(buffer, ']');
}
