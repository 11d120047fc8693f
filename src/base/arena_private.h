/* arena_private.h: what buffers may ask of an arena beyond arena.h: bytes without zeroing, and growth in place. */
#ifndef LUMBUNG_BASE_ARENA_PRIVATE_H
#define LUMBUNG_BASE_ARENA_PRIVATE_H

#include <stdbool.h>
#include <stddef.h>

#include "lumbung/base/arena.h"

/* Like arena_alloc, but the bytes are not zeroed. */
void *arena_take(struct arena *arena, size_t size);
/* Grows the newest allocation where it lies; false when it is not the newest or the block is full. */
bool arena_extend(struct arena *arena, void *memory, size_t old_size, size_t new_size);

#endif
