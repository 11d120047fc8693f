/* cursor_rows.c: reads and writes by a cursor from its first step to its end. */
#include <string.h>

#include "lumbung/base/arena.h"
#include "lumbung/db/db.h"

void
cursor_read_int(struct cursor *cursor, struct arena *arena, void *ret_int)
{
    (void)arena;
    *(int64_t *)ret_int = cursor_int(cursor, 0);
}

void
cursor_read_id(struct cursor *cursor, struct arena *arena, void *ret_id)
{
    (void)arena;
    *(struct id *)ret_id = cursor_id(cursor, 0);
}

void
cursor_read_text(struct cursor *cursor, struct arena *arena, void *ret_text)
{
    *(const char **)ret_text = cursor_text(cursor, arena, 0);
}

void
cursor_read_bytes(struct cursor *cursor, struct arena *arena, void *ret_bytes)
{
    *(struct bytes *)ret_bytes = cursor_bytes(cursor, arena, 0);
}

struct error *
cursor_run_one(struct cursor *cursor, bool *ret_changed)
{
    int64_t changed = 0;
    TRY(cursor_run(cursor, &changed));
    *ret_changed = changed == 1;
    return NULL;
}

struct error *
cursor_exists(struct cursor *cursor, bool *ret_exists)
{
    TRY(cursor_next(cursor, ret_exists));
    cursor_end(cursor);
    return NULL;
}

struct error *
cursor_one(struct cursor *cursor, struct arena *arena, cursor_reader read, void *ret_row, bool *ret_found)
{
    bool found = false;
    TRY(cursor_next(cursor, &found));
    if (found)
        read(cursor, arena, ret_row);
    cursor_end(cursor);
    if (ret_found)
        *ret_found = found;
    return NULL;
}

struct error *
cursor_one_ints(struct cursor *cursor, int64_t *const ret_ints[], size_t count)
{
    bool found = false;
    TRY(cursor_next(cursor, &found));
    for (size_t i = 0; found && i < count; i++)
        *ret_ints[i] = cursor_int(cursor, (int)i);
    cursor_end(cursor);
    return NULL;
}

struct error *
cursor_fill(struct cursor *cursor, struct arena *arena, cursor_reader read, void *ret_rows, size_t row_size, int64_t limit, size_t *ret_count)
{
    int64_t count = 0;
    for (bool row = true; count < limit; count++) {
        TRY(cursor_next(cursor, &row));
        if (!row)
            break;
        read(cursor, arena, (char *)ret_rows + (size_t)count * row_size);
    }
    cursor_end(cursor);
    *ret_count = (size_t)count;
    return NULL;
}

struct error *
cursor_collect(struct cursor *cursor, struct arena *arena, cursor_reader read, void *ret_rows, size_t row_size, size_t *ret_count)
{
    char *rows = NULL;
    size_t count = 0, capacity = 0;
    for (bool row = true;; count++) {
        TRY(cursor_next(cursor, &row));
        if (!row)
            break;
        rows = arena_grow(arena, rows, count, &capacity, row_size);
        read(cursor, arena, rows + count * row_size);
    }
    cursor_end(cursor);
    memcpy(ret_rows, &rows, sizeof rows);
    *ret_count = count;
    return NULL;
}
