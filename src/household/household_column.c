/* household_column.c: chunks of items, and linear probing. */
#include "household/household_column.h"

#include <string.h>

#define SLOTS_MIN 1024u
#define CHUNKS_FIRST 64u

void *
column_add(struct column *column)
{
    size_t chunk = column->count / COLUMN_CHUNK;
    if (chunk == column->chunk_capacity) {
        size_t capacity = chunk ? 2 * chunk : CHUNKS_FIRST;
        void **chunks = ARENA_ARRAY(column->arena, void *, capacity);
        if (chunk > 0)
            memcpy(chunks, column->chunks, chunk * sizeof *chunks);
        column->chunks = chunks;
        column->chunk_capacity = capacity;
    }
    if (column->count % COLUMN_CHUNK == 0)
        column->chunks[chunk] = arena_alloc(column->arena, COLUMN_CHUNK * column->item_size);
    return column_at(column, column->count++);
}

uint32_t
column_add_run(struct column *column, uint32_t count)
{
    uint32_t taken = column->count % COLUMN_CHUNK;
    if (taken > 0 && taken + count > COLUMN_CHUNK)
        column->count += COLUMN_CHUNK - taken; /* the rest of a chunk is left empty */
    uint32_t first = column->count;
    for (uint32_t i = 0; i < count; i++)
        column_add(column);
    return first;
}

void *
column_at(const struct column *column, uint32_t number)
{
    return (char *)column->chunks[number / COLUMN_CHUNK] + number % COLUMN_CHUNK * column->item_size;
}

/* Where a hash belongs: spread over any size without a division. */
static size_t
home_of(const struct slots *slots, uint32_t hash)
{
    return (size_t)((uint64_t)hash * slots->size >> 32);
}

static void
put(struct slots *slots, struct slot slot)
{
    size_t at = home_of(slots, slot.hash);
    while (slots->items[at].number)
        at = at + 1 == slots->size ? 0 : at + 1;
    slots->items[at] = slot;
    slots->used++;
}

/* By a fifth: doubling would leave half of a large table empty. */
static void
grow(struct slots *slots)
{
    struct slots grown = {.arena = arena_create(), .size = slots->size ? slots->size + slots->size / 5 : SLOTS_MIN};
    if (slots->size < 64 * SLOTS_MIN)
        grown.size = slots->size ? 2 * slots->size : SLOTS_MIN;
    grown.items = ARENA_ARRAY(grown.arena, struct slot, grown.size);
    for (size_t i = 0; i < slots->size; i++)
        if (slots->items[i].number)
            put(&grown, slots->items[i]);
    arena_destroy(slots->arena);
    *slots = grown;
}

void
slots_add(struct slots *slots, uint32_t hash, uint32_t number)
{
    if (10 * (slots->used + 1) > 9 * slots->size)
        grow(slots);
    put(slots, (struct slot){hash, number + 1});
}

uint32_t
slots_next(const struct slots *slots, uint32_t hash, size_t *position)
{
    if (slots->size == 0)
        return COLUMN_NONE;
    size_t at = *position == SIZE_MAX ? home_of(slots, hash) : *position + 1;
    for (;; at++) {
        if (at >= slots->size)
            at = 0;
        if (slots->items[at].number == 0)
            return COLUMN_NONE;
        if (slots->items[at].hash == hash)
            break;
    }
    *position = at;
    return slots->items[at].number - 1;
}
