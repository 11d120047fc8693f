/* household_column.h: two containers for indexes of millions that must neither move nor waste: numbered items in chunks, and a table from 32-bit
 * hashes to numbers that is full to nine tenths. Their memory dies with the arena, the table's old one as soon as it has grown. */
#ifndef LUMBUNG_HOUSEHOLD_COLUMN_H
#define LUMBUNG_HOUSEHOLD_COLUMN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lumbung/base/arena.h"

#define COLUMN_CHUNK 4096u
#define COLUMN_NONE UINT32_MAX

struct column {
    struct arena *arena;
    size_t item_size;
    void **chunks;
    size_t chunk_capacity;
    uint32_t count;
};
/* A zeroed item at the end; its number is count - 1. */
void *column_add(struct column *column);
/* `count` zeroed items side by side, at most COLUMN_CHUNK of them; the number of the first. */
uint32_t column_add_run(struct column *column, uint32_t count);
void *column_at(const struct column *column, uint32_t number);

struct slot { uint32_t hash, number; }; /* number + 1; 0: empty */
struct slots {
    struct arena *arena; /* its own */
    struct slot *items;
    size_t size, used;
};
void slots_add(struct slots *slots, uint32_t hash, uint32_t number);
/* The next number under a hash, COLUMN_NONE at the end; `*position` begins as SIZE_MAX. Different keys may share a hash. */
uint32_t slots_next(const struct slots *slots, uint32_t hash, size_t *position);

#endif
