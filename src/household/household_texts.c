/* household_texts.c: interning. Texts lie one behind the other in blocks. */
#include "household/household_texts.h"

#include <string.h>

#define POOL_BLOCK 65536u

void
texts_init(struct texts *texts, struct arena *arena)
{
    *texts = (struct texts){
        .arena = arena,
        .spellings = {.arena = arena, .item_size = sizeof(struct spelling)},
        .entries = {.arena = arena, .item_size = sizeof(struct text_entry)},
    };
}

void
texts_free(struct texts *texts)
{
    arena_destroy(texts->slots.arena);
}

/* FNV-1a, folded to 32 bits. */
static uint32_t
hash_text(const char *text)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    for (; *text; text++)
        hash = (hash ^ (unsigned char)*text) * UINT64_C(0x100000001b3);
    return (uint32_t)(hash ^ hash >> 32);
}

static const char *
keep(struct texts *texts, const char *text)
{
    size_t size = strlen(text) + 1;
    if (size > POOL_BLOCK / 16)
        return arena_text(texts->arena, text);
    if (size > texts->pool_left) {
        texts->pool = arena_alloc(texts->arena, POOL_BLOCK);
        texts->pool_left = POOL_BLOCK;
    }
    char *kept = memcpy(texts->pool, text, size);
    texts->pool += size;
    texts->pool_left -= size;
    return kept;
}

struct text_entry *
texts_at(const struct texts *texts, uint32_t number)
{
    return column_at(&texts->entries, number);
}

uint32_t
texts_put(struct texts *texts, const char *text)
{
    uint32_t hash = hash_text(text), number;
    size_t position = SIZE_MAX;
    while ((number = slots_next(&texts->slots, hash, &position)) != COLUMN_NONE)
        if (strcmp(texts_at(texts, number)->text, text) == 0)
            return number;
    number = texts->entries.count;
    struct text_entry *entry = column_add(&texts->entries);
    struct spelling *spelling = column_add(&texts->spellings);
    *entry = (struct text_entry){keep(texts, text), COLUMN_NONE};
    *spelling = spelling_of(text);
    slots_add(&texts->slots, hash, number);
    return number;
}
