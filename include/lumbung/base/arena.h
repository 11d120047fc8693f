/* arena.h: memory that is given back all at once. One owner at a time; a request or a job has one arena and dies with it. */
#ifndef LUMBUNG_BASE_ARENA_H
#define LUMBUNG_BASE_ARENA_H

#include <stddef.h>

struct arena;

/* A new arena. Never NULL: true exhaustion aborts the process, which WAL and the supervisor make safe. */
struct arena *arena_create(void);

/* Zeroed memory, aligned to 16 bytes, valid until reset or destroy. `size` may be 0. */
void *arena_alloc(struct arena *arena, size_t size);

/* A NUL-terminated copy of `length` bytes. */
char *arena_copy(struct arena *arena, const char *text, size_t length);

/* A copy of a NUL-terminated string; NULL stays NULL. */
char *arena_text(struct arena *arena, const char *text);

/* A formatted string. */
char *arena_format(struct arena *arena, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Room for one more item behind `count` of them: `items` itself while *capacity suffices, else a copy twice as large. NULL and 0 at the start. */
void *arena_grow(struct arena *arena, void *items, size_t count, size_t *capacity, size_t item_size);

/* Bytes handed out since creation or the last reset. */
size_t arena_used(const struct arena *arena);

/* Forgets everything that was handed out, keeping one block. */
void arena_reset(struct arena *arena);

/* Frees the arena; NULL is allowed. */
void arena_destroy(struct arena *arena);

#define ARENA_NEW(arena, type) ((type *)arena_alloc((arena), sizeof(type)))
#define ARENA_ARRAY(arena, type, count) ((type *)arena_alloc((arena), sizeof(type) * (size_t)(count)))

#endif
