/* household_index.c: open-addressing tables from keyed values to records, and the texts that are searched by their bigrams. */
#include "household/household_index.h"

#include <pthread.h>
#include <string.h>

#include "household/household_spelling.h"
#include "lumbung/base/text.h"

#define CHUNK 4096
#define SLOTS_MIN 1024
#define SAME_TAG_MAX 64 /* a number that so many bear ("000000") tells nobody apart, and would make a long row of slots */
#define GOOD_SCORE 80 /* below it a second look, which forgives more, may find better */

struct tag_slot {
    uint8_t tag[CRYPTO_TAG_SIZE];
    struct id record_id; /* zero: empty */
};
/* Tables double in arenas of their own, so that the old ones are given back. */
struct tag_table {
    struct arena *arena;
    struct tag_slot *slots;
    size_t slot_count, used;
};

struct text_entry {
    struct id record_id, household_id, region_id;
    const char *text;
    bool is_place;
};
/* Signatures lie close together: a search reads all of them and few of the rest. */
struct text_chunk {
    struct spelling spellings[CHUNK];
    struct text_entry entries[CHUNK];
};
struct text_slots {
    struct arena *arena;
    uint32_t *slots; /* entry number + 1 */
    size_t slot_count;
};

struct household_index {
    pthread_rwlock_t lock;
    struct arena *arena;
    struct tag_table tags[HOUSEHOLD_TAG_KINDS];
    struct text_chunk **chunks;
    size_t chunk_capacity, entry_count;
    struct text_slots by_record;
};

struct household_index *
household_index_create(void)
{
    struct arena *arena = arena_create();
    struct household_index *index = ARENA_NEW(arena, struct household_index);
    index->arena = arena;
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
    arena_destroy(index->by_record.arena);
    pthread_rwlock_destroy(&index->lock);
    arena_destroy(index->arena);
}

/* Tags are keyed hashes and ids end in random bytes: a few of them are a hash already. */
static size_t
hash_bytes(const uint8_t *bytes)
{
    uint64_t hash;
    memcpy(&hash, bytes, sizeof hash);
    return (size_t)(hash * UINT64_C(0x9E3779B97F4A7C15) >> 16);
}

static void
tag_table_put(struct tag_table *table, const struct tag_slot *entry)
{
    size_t mask = table->slot_count - 1, same = 0;
    for (size_t i = hash_bytes(entry->tag) & mask;; i = (i + 1) & mask) {
        struct tag_slot *slot = &table->slots[i];
        if (id_is_zero(slot->record_id)) {
            *slot = *entry;
            table->used++;
            return;
        }
        if (memcmp(slot->tag, entry->tag, CRYPTO_TAG_SIZE) != 0)
            continue;
        if (id_equal(slot->record_id, entry->record_id) || ++same == SAME_TAG_MAX)
            return;
    }
}

static void
tag_table_grow(struct tag_table *table)
{
    struct tag_table grown = {.arena = arena_create(), .slot_count = table->slot_count ? 2 * table->slot_count : SLOTS_MIN};
    grown.slots = ARENA_ARRAY(grown.arena, struct tag_slot, grown.slot_count);
    for (size_t i = 0; i < table->slot_count; i++)
        if (!id_is_zero(table->slots[i].record_id))
            tag_table_put(&grown, &table->slots[i]);
    arena_destroy(table->arena);
    *table = grown;
}

void
household_index_add_tag(struct household_index *index, enum household_tag_kind kind, const uint8_t tag[CRYPTO_TAG_SIZE], struct id record_id)
{
    struct tag_slot entry = {.record_id = record_id};
    memcpy(entry.tag, tag, CRYPTO_TAG_SIZE);
    pthread_rwlock_wrlock(&index->lock);
    struct tag_table *table = &index->tags[kind];
    if (10 * (table->used + 1) > 7 * table->slot_count)
        tag_table_grow(table);
    tag_table_put(table, &entry);
    pthread_rwlock_unlock(&index->lock);
}

size_t
household_index_find_tag(struct household_index *index, enum household_tag_kind kind, const uint8_t tag[CRYPTO_TAG_SIZE], struct id *ret_ids,
                         size_t limit)
{
    size_t count = 0;
    pthread_rwlock_rdlock(&index->lock);
    const struct tag_table *table = &index->tags[kind];
    size_t mask = table->slot_count - 1;
    for (size_t i = hash_bytes(tag) & mask; table->slot_count > 0 && count < limit; i = (i + 1) & mask) {
        const struct tag_slot *slot = &table->slots[i];
        if (id_is_zero(slot->record_id))
            break;
        if (memcmp(slot->tag, tag, CRYPTO_TAG_SIZE) == 0)
            ret_ids[count++] = slot->record_id;
    }
    pthread_rwlock_unlock(&index->lock);
    return count;
}

static struct text_entry *
entry_at(const struct household_index *index, size_t number)
{
    return &index->chunks[number / CHUNK]->entries[number % CHUNK];
}

/* The slot of a record, or the empty one where it would go. */
static uint32_t *
record_slot(const struct household_index *index, const struct text_slots *slots, struct id record_id)
{
    size_t mask = slots->slot_count - 1;
    for (size_t i = hash_bytes(record_id.bytes + 8) & mask;; i = (i + 1) & mask)
        if (slots->slots[i] == 0 || id_equal(entry_at(index, slots->slots[i] - 1)->record_id, record_id))
            return &slots->slots[i];
}

static void
text_slots_grow(struct household_index *index)
{
    struct text_slots grown = {.arena = arena_create(), .slot_count = index->by_record.slot_count ? 2 * index->by_record.slot_count : SLOTS_MIN};
    grown.slots = ARENA_ARRAY(grown.arena, uint32_t, grown.slot_count);
    for (size_t i = 0; i < index->entry_count; i++)
        *record_slot(index, &grown, entry_at(index, i)->record_id) = (uint32_t)i + 1;
    arena_destroy(index->by_record.arena);
    index->by_record = grown;
}

static struct text_entry *
entry_make(struct household_index *index)
{
    size_t chunk = index->entry_count / CHUNK;
    if (chunk == index->chunk_capacity) {
        size_t capacity = index->chunk_capacity ? 2 * index->chunk_capacity : 64;
        struct text_chunk **chunks = ARENA_ARRAY(index->arena, struct text_chunk *, capacity);
        if (chunk > 0)
            memcpy(chunks, index->chunks, chunk * sizeof *chunks);
        index->chunks = chunks;
        index->chunk_capacity = capacity;
    }
    if (index->entry_count % CHUNK == 0)
        index->chunks[chunk] = ARENA_NEW(index->arena, struct text_chunk);
    return entry_at(index, index->entry_count);
}

void
household_index_put_text(struct household_index *index, struct id record_id, struct id household_id, struct id region_id, bool is_place,
                         const char *folded)
{
    pthread_rwlock_wrlock(&index->lock);
    if (2 * (index->entry_count + 1) > index->by_record.slot_count)
        text_slots_grow(index);
    uint32_t *slot = record_slot(index, &index->by_record, record_id);
    struct text_entry *entry = *slot ? entry_at(index, *slot - 1) : entry_make(index);
    if (*slot == 0)
        *slot = (uint32_t)++index->entry_count;
    size_t number = *slot - 1;
    entry->record_id = record_id;
    entry->household_id = household_id;
    entry->region_id = region_id;
    entry->is_place = is_place;
    if (!folded || !entry->text || !text_equal(folded, entry->text))
        entry->text = arena_text(index->arena, folded ? folded : "");
    index->chunks[number / CHUNK]->spellings[number % CHUNK] = spelling_of(entry->text);
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

struct hits {
    struct household_hit *items;
    size_t count, limit;
};

/* Scores what the scan of one chunk left over. */
static void
search_chunk(const struct text_chunk *chunk, size_t count, const struct spelling_query *query, bool places, bool again,
             const struct household_regions *regions, struct hits *hits)
{
    uint32_t numbers[CHUNK];
    size_t found = spelling_scan(query, chunk->spellings, count, again, numbers);
    for (size_t i = 0; i < found; i++) {
        const struct text_entry *entry = &chunk->entries[numbers[i]];
        if (entry->is_place != places || !region_visible(regions, entry->region_id))
            continue;
        struct household_hit hit = {entry->record_id, entry->household_id, places, spelling_score(query, entry->text)};
        if (places)
            hit.score = hit.score * 9 / 10; /* a person's name outranks a street's */
        if (hit.score > 0)
            hits->count = hit_insert(hits->items, hits->count, hits->limit, &hit);
    }
}

/* The lock is taken anew for each chunk: the lane must not wait for a walk over millions. */
static void
search_all(struct household_index *index, const struct spelling_query *name, const struct spelling_query *place, bool again,
           const struct household_regions *regions, struct hits *hits)
{
    hits->count = 0;
    for (size_t start = 0;; start += CHUNK) {
        pthread_rwlock_rdlock(&index->lock);
        size_t left = index->entry_count > start ? index->entry_count - start : 0, count = left < CHUNK ? left : CHUNK;
        if (name && count > 0)
            search_chunk(index->chunks[start / CHUNK], count, name, false, again, regions, hits);
        if (place && count > 0)
            search_chunk(index->chunks[start / CHUNK], count, place, true, again, regions, hits);
        pthread_rwlock_unlock(&index->lock);
        if (count < CHUNK)
            return;
    }
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
