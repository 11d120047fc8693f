/* arena.c: blocks that double up to 1 MiB; larger requests get a block of their own. */
#include "base/arena_private.h"

#include <assert.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ARENA_ALIGN 16
#define ARENA_BLOCK_FIRST 8192
#define ARENA_BLOCK_MAX (1 << 20)

struct arena_block {
    struct arena_block *next;
    size_t size, used;
    _Alignas(ARENA_ALIGN) unsigned char bytes[];
};

struct arena {
    struct arena_block *blocks; /* newest first */
    size_t next_size, used;
};

static void *
arena_memory(size_t size)
{
    void *memory = malloc(size);
    if (memory == NULL)
        abort(); /* true exhaustion: nothing acknowledged is lost, the supervisor starts us again */
    return memory;
}

static struct arena_block *
arena_add_block(struct arena *arena, size_t size)
{
    struct arena_block *block = arena_memory(sizeof *block + size);
    block->next = arena->blocks;
    block->size = size;
    block->used = 0;
    arena->blocks = block;
    return block;
}

struct arena *
arena_create(void)
{
    struct arena *arena = arena_memory(sizeof *arena);
    *arena = (struct arena){.next_size = ARENA_BLOCK_FIRST};
    arena_add_block(arena, ARENA_BLOCK_FIRST);
    return arena;
}

/* Never 0, so that two allocations never share an address. */
static size_t
arena_round(size_t size)
{
    if (size > SIZE_MAX / 2)
        abort();
    return ((size ? size : 1) + ARENA_ALIGN - 1) & ~(size_t)(ARENA_ALIGN - 1);
}

void *
arena_take(struct arena *arena, size_t size)
{
    size_t rounded = arena_round(size);
    struct arena_block *block = arena->blocks;
    if (block->size - block->used < rounded) {
        if (arena->next_size < ARENA_BLOCK_MAX)
            arena->next_size *= 2;
        block = arena_add_block(arena, rounded > arena->next_size ? rounded : arena->next_size);
    }
    void *memory = block->bytes + block->used;
    block->used += rounded;
    arena->used += rounded;
    return memory;
}

bool
arena_extend(struct arena *arena, void *memory, size_t old_size, size_t new_size)
{
    struct arena_block *block = arena->blocks;
    size_t old_rounded = arena_round(old_size), new_rounded = arena_round(new_size);
    if ((unsigned char *)memory + old_rounded != block->bytes + block->used || new_rounded < old_rounded)
        return false;
    if (block->size - block->used < new_rounded - old_rounded)
        return false;
    block->used += new_rounded - old_rounded;
    arena->used += new_rounded - old_rounded;
    return true;
}

void *
arena_alloc(struct arena *arena, size_t size)
{
    void *memory = arena_take(arena, size);
    memset(memory, 0, size);
    return memory;
}

char *
arena_copy(struct arena *arena, const char *text, size_t length)
{
    char *copy = arena_take(arena, length + 1);
    if (length > 0)
        memcpy(copy, text, length);
    copy[length] = '\0';
    return copy;
}

char *
arena_text(struct arena *arena, const char *text)
{
    return text ? arena_copy(arena, text, strlen(text)) : NULL;
}

char *
arena_format(struct arena *arena, const char *format, ...)
{
    va_list arguments;
    assert(format);
    va_start(arguments, format);
    int length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    if (length < 0)
        abort();
    char *text = arena_take(arena, (size_t)length + 1);
    va_start(arguments, format);
    vsnprintf(text, (size_t)length + 1, format, arguments);
    va_end(arguments);
    return text;
}

void *
arena_grow(struct arena *arena, void *items, size_t count, size_t *capacity, size_t item_size)
{
    if (count < *capacity)
        return items;
    *capacity = *capacity > 0 ? 2 * *capacity : 8;
    void *larger = arena_alloc(arena, *capacity * item_size);
    if (count > 0)
        memcpy(larger, items, count * item_size);
    return larger;
}

size_t
arena_used(const struct arena *arena)
{
    return arena->used;
}

static void
arena_free_blocks(struct arena_block *block)
{
    while (block) {
        struct arena_block *next = block->next;
        free(block);
        block = next;
    }
}

void
arena_reset(struct arena *arena)
{
    struct arena_block *kept = arena->blocks;
    while (kept->next && kept->size > ARENA_BLOCK_MAX / 4) { /* an unusually large block is not kept */
        struct arena_block *next = kept->next;
        free(kept);
        kept = next;
    }
    arena_free_blocks(kept->next);
    kept->next = NULL;
    kept->used = 0;
    arena->blocks = kept;
    arena->used = 0;
}

void
arena_destroy(struct arena *arena)
{
    if (arena == NULL)
        return;
    arena_free_blocks(arena->blocks);
    free(arena);
}
