/* household_index.c: keyed values of numbers and names, and folded texts, over two columns of records: members and households. */
#include "household/household_index.h"

#include <pthread.h>
#include <string.h>

#include "household/household_texts.h"
#include "lumbung/base/text.h"

#define SAME_TAG_MAX 64 /* a number that so many bear ("000000") tells nobody apart, and would make a long row of slots */
#define GOOD_SCORE 80 /* below it a second look, which forgives more, may find better */

/* Numbers of other items where an id would take four times the room. */
struct bearer {
    uint32_t text, next; /* COLUMN_NONE: none */
};
struct household_item {
    struct id id;
    uint32_t region, first_member;
    struct bearer place;
};
struct member_item {
    struct id id;
    uint32_t household, sibling;
    struct bearer name;
};

struct household_index {
    pthread_rwlock_t lock;
    struct arena *arena;
    struct slots tags[HOUSEHOLD_TAG_KINDS];
    struct column households, members, regions;
    struct slots household_slots, region_slots;
    struct texts names, places;
};

struct household_index *
household_index_create(void)
{
    struct arena *arena = arena_create();
    struct household_index *index = ARENA_NEW(arena, struct household_index);
    *index = (struct household_index){
        .arena = arena,
        .households = {.arena = arena, .item_size = sizeof(struct household_item)},
        .members = {.arena = arena, .item_size = sizeof(struct member_item)},
        .regions = {.arena = arena, .item_size = sizeof(struct id)},
    };
    texts_init(&index->names, arena);
    texts_init(&index->places, arena);
    /* Writers first: searches that follow each other must not keep the lane out. */
    pthread_rwlockattr_t attributes;
    pthread_rwlockattr_init(&attributes);
    pthread_rwlockattr_setkind_np(&attributes, PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP);
    pthread_rwlock_init(&index->lock, &attributes);
    pthread_rwlockattr_destroy(&attributes);
    return index;
}

void
household_index_free(struct household_index *index)
{
    if (!index)
        return;
    for (size_t i = 0; i < HOUSEHOLD_TAG_KINDS; i++)
        arena_destroy(index->tags[i].arena);
    arena_destroy(index->household_slots.arena);
    arena_destroy(index->region_slots.arena);
    texts_free(&index->names);
    texts_free(&index->places);
    pthread_rwlock_destroy(&index->lock);
    arena_destroy(index->arena);
}

/* Tags are keyed hashes and ids end in random bytes: four of them are a hash already. */
static uint32_t
hash_bytes(const uint8_t *bytes)
{
    uint32_t hash;
    memcpy(&hash, bytes, sizeof hash);
    return hash * UINT32_C(0x9E3779B1);
}

static struct household_item *
household_at(const struct household_index *index, uint32_t number)
{
    return column_at(&index->households, number);
}

static struct member_item *
member_at(const struct household_index *index, uint32_t number)
{
    return column_at(&index->members, number);
}

static uint32_t
region_number(struct household_index *index, struct id id)
{
    uint32_t hash = hash_bytes(id.bytes + 12), number;
    size_t position = SIZE_MAX;
    while ((number = slots_next(&index->region_slots, hash, &position)) != COLUMN_NONE)
        if (id_equal(*(struct id *)column_at(&index->regions, number), id))
            return number;
    *(struct id *)column_add(&index->regions) = id;
    slots_add(&index->region_slots, hash, index->regions.count - 1);
    return index->regions.count - 1;
}

static uint32_t
find_household(const struct household_index *index, struct id id)
{
    uint32_t hash = hash_bytes(id.bytes + 12), number;
    size_t position = SIZE_MAX;
    while ((number = slots_next(&index->household_slots, hash, &position)) != COLUMN_NONE)
        if (id_equal(household_at(index, number)->id, id))
            return number;
    return COLUMN_NONE;
}

static uint32_t
household_number(struct household_index *index, struct id id)
{
    uint32_t number = find_household(index, id);
    if (number != COLUMN_NONE)
        return number;
    struct household_item *household = column_add(&index->households);
    *household = (struct household_item){.id = id, .region = COLUMN_NONE, .first_member = COLUMN_NONE, .place = {COLUMN_NONE, COLUMN_NONE}};
    slots_add(&index->household_slots, hash_bytes(id.bytes + 12), index->households.count - 1);
    return index->households.count - 1;
}

/* A household's members are few: a chain finds one without a table of millions. */
static uint32_t
member_number(struct household_index *index, struct id id, uint32_t household)
{
    struct household_item *owner = household_at(index, household);
    for (uint32_t number = owner->first_member; number != COLUMN_NONE; number = member_at(index, number)->sibling)
        if (id_equal(member_at(index, number)->id, id))
            return number;
    struct member_item *member = column_add(&index->members);
    *member = (struct member_item){.id = id, .household = household, .sibling = owner->first_member, .name = {COLUMN_NONE, COLUMN_NONE}};
    owner->first_member = index->members.count - 1;
    return index->members.count - 1;
}

static bool
is_of_member(enum household_tag_kind kind)
{
    return kind == HOUSEHOLD_TAG_NIK || kind == HOUSEHOLD_TAG_NAME;
}

void
household_index_add_tag(struct household_index *index, enum household_tag_kind kind, const uint8_t tag[CRYPTO_TAG_SIZE], struct id household_id,
                        struct id member_id)
{
    uint32_t hash = hash_bytes(tag), same = 0, present;
    size_t position = SIZE_MAX;
    pthread_rwlock_wrlock(&index->lock);
    uint32_t number = household_number(index, household_id);
    if (is_of_member(kind))
        number = member_number(index, member_id, number);
    while ((present = slots_next(&index->tags[kind], hash, &position)) != COLUMN_NONE && present != number && same < SAME_TAG_MAX)
        same++;
    if (present == COLUMN_NONE && same < SAME_TAG_MAX)
        slots_add(&index->tags[kind], hash, number);
    pthread_rwlock_unlock(&index->lock);
}

size_t
household_index_find_tag(struct household_index *index, enum household_tag_kind kind, const uint8_t tag[CRYPTO_TAG_SIZE], struct id *ret_ids,
                         size_t limit)
{
    uint32_t hash = hash_bytes(tag), number;
    size_t count = 0, position = SIZE_MAX;
    pthread_rwlock_rdlock(&index->lock);
    while (count < limit && (number = slots_next(&index->tags[kind], hash, &position)) != COLUMN_NONE) {
        struct id id = is_of_member(kind) ? member_at(index, number)->id : household_at(index, number)->id;
        size_t i = 0;
        while (i < count && !id_equal(ret_ids[i], id)) /* who moved lies in two households */
            i++;
        ret_ids[i] = id;
        count += i == count;
    }
    pthread_rwlock_unlock(&index->lock);
    return count;
}

static struct bearer *
bearer_at(const struct household_index *index, bool is_place, uint32_t number)
{
    return is_place ? &household_at(index, number)->place : &member_at(index, number)->name;
}

static void
leave_text(struct household_index *index, bool is_place, uint32_t number)
{
    struct bearer *bearer = bearer_at(index, is_place, number);
    uint32_t *link = &texts_at(is_place ? &index->places : &index->names, bearer->text)->first;
    while (*link != number)
        link = &bearer_at(index, is_place, *link)->next;
    *link = bearer->next;
    bearer->text = COLUMN_NONE;
}

static void
bear_text(struct household_index *index, bool is_place, uint32_t number, const char *folded)
{
    struct texts *texts = is_place ? &index->places : &index->names;
    struct bearer *bearer = bearer_at(index, is_place, number);
    bool is_blank = !folded || !folded[0];
    if (bearer->text != COLUMN_NONE && !is_blank && text_equal(texts_at(texts, bearer->text)->text, folded))
        return;
    if (bearer->text != COLUMN_NONE)
        leave_text(index, is_place, number);
    if (is_blank)
        return;
    bearer->text = texts_put(texts, folded);
    bearer->next = texts_at(texts, bearer->text)->first;
    texts_at(texts, bearer->text)->first = number;
}

void
household_index_put_place(struct household_index *index, struct id household_id, struct id region_id, const char *folded)
{
    pthread_rwlock_wrlock(&index->lock);
    uint32_t number = household_number(index, household_id);
    household_at(index, number)->region = region_number(index, region_id);
    bear_text(index, true, number, folded);
    pthread_rwlock_unlock(&index->lock);
}

void
household_index_put_name(struct household_index *index, struct id member_id, struct id household_id, struct id region_id, const char *folded)
{
    pthread_rwlock_wrlock(&index->lock);
    uint32_t household = household_number(index, household_id);
    household_at(index, household)->region = region_number(index, region_id);
    bear_text(index, false, member_number(index, member_id, household), folded);
    pthread_rwlock_unlock(&index->lock);
}

static bool
region_visible(const struct household_regions *regions, struct id region_id)
{
    if (!regions)
        return true;
    size_t low = 0, high = regions->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = id_compare(regions->ids[middle], region_id);
        if (order == 0)
            return true;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return false;
}

/* Keeps the hits ascending from the worst at 0 by shifting: limits are small. */
static size_t
hit_insert(struct household_hit *hits, size_t count, size_t limit, const struct household_hit *hit)
{
    if (count == limit && hits[count - 1].score >= hit->score)
        return count;
    size_t position = count < limit ? count++ : count - 1;
    while (position > 0 && hits[position - 1].score < hit->score) {
        hits[position] = hits[position - 1];
        position--;
    }
    hits[position] = *hit;
    return count;
}

#define ALIKE 4          /* so many of one spelling, then the next ones come a point lower */
#define ALIKE_POINTS 10

struct hits {
    struct household_hit *items;
    size_t count, limit;
};

static int
alike_score(int score, int before)
{
    int less = before / ALIKE < ALIKE_POINTS ? before / ALIKE : ALIKE_POINTS;
    return score > less ? score - less : 1;
}

/* All who bear a text that was asked for score alike. Of one that is nearly it the first few do, so that they leave room for other spellings. The walk
 * ends when none of them can still be among the best. */
static void
add_bearers(const struct household_index *index, bool is_place, uint32_t first, int score, const struct household_regions *regions,
            struct hits *hits)
{
    int asked = score, listed = 0;
    for (uint32_t number = first; number != COLUMN_NONE; number = bearer_at(index, is_place, number)->next) {
        if (asked < 100)
            score = alike_score(asked, listed);
        if (hits->count == hits->limit && hits->items[hits->count - 1].score >= score)
            return;
        const struct household_item *household = household_at(index, is_place ? number : member_at(index, number)->household);
        if (!region_visible(regions, *(struct id *)column_at(&index->regions, household->region)))
            continue;
        struct household_hit hit = {is_place ? (struct id){{0}} : member_at(index, number)->id, household->id, score};
        hits->count = hit_insert(hits->items, hits->count, hits->limit, &hit);
        listed++;
    }
}

/* Scores what the scan of one chunk left over. */
static void
search_chunk(const struct household_index *index, bool is_place, uint32_t start, uint32_t count, const struct spelling_query *query, bool again,
             const struct household_regions *regions, struct hits *hits)
{
    const struct texts *texts = is_place ? &index->places : &index->names;
    uint32_t numbers[COLUMN_CHUNK];
    size_t found = spelling_scan(query, column_at(&texts->spellings, start), count, again, numbers);
    for (size_t i = 0; i < found; i++) {
        const struct text_entry *entry = texts_at(texts, start + numbers[i]);
        if (entry->first == COLUMN_NONE)
            continue;
        int score = spelling_score(query, entry->text);
        if (is_place)
            score = score * 9 / 10; /* a person's name outranks a street's */
        if (score > 0)
            add_bearers(index, is_place, entry->first, score, regions, hits);
    }
}

/* The lock is taken anew for each chunk: the lane must not wait for a walk over millions. */
static void
search_texts(struct household_index *index, bool is_place, const struct spelling_query *query, bool again, const struct household_regions *regions,
             struct hits *hits)
{
    const struct column *entries = is_place ? &index->places.entries : &index->names.entries;
    for (uint32_t start = 0;; start += COLUMN_CHUNK) {
        pthread_rwlock_rdlock(&index->lock);
        uint32_t left = entries->count > start ? entries->count - start : 0, count = left < COLUMN_CHUNK ? left : COLUMN_CHUNK;
        if (count > 0)
            search_chunk(index, is_place, start, count, query, again, regions, hits);
        pthread_rwlock_unlock(&index->lock);
        if (count < COLUMN_CHUNK)
            return;
    }
}

static void
search_all(struct household_index *index, const struct spelling_query *name, const struct spelling_query *place, bool again,
           const struct household_regions *regions, struct hits *hits)
{
    hits->count = 0;
    if (name)
        search_texts(index, false, name, again, regions, hits);
    if (place)
        search_texts(index, true, place, again, regions, hits);
}

size_t
household_index_search(struct household_index *index, struct arena *arena, const char *folded_name, const char *folded_place,
                       const struct household_regions *regions, struct household_hit *ret_hits, size_t limit)
{
    struct spelling_query *name = spelling_query_make(arena, folded_name), *place = spelling_query_make(arena, folded_place);
    struct hits hits = {ret_hits, 0, limit};
    search_all(index, name, place, false, regions, &hits);
    if (hits.count == 0 || ret_hits[0].score < GOOD_SCORE)
        search_all(index, name, place, true, regions, &hits);
    return hits.count;
}

int
household_index_score(const char *query, const char *text)
{
    struct arena *arena = arena_create();
    struct spelling_query *made = spelling_query_make(arena, query);
    int score = made ? spelling_score(made, text) : 0;
    arena_destroy(arena);
    return score;
}
