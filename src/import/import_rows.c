/* import_rows.c: one pass over the file that keeps a place and a key of each row, and no cell. */
#include "import/import_rows.h"

#include <string.h>

#include "lumbung/base/crypto.h"
#include "lumbung/base/text.h"

#define ROWS_MAX 10000000
#define SLOTS_AT_FIRST 1024

static size_t *
find_slot(const struct rows *rows, const uint8_t key[ROWS_KEY_SIZE])
{
    uint64_t hash;
    memcpy(&hash, key, sizeof hash);
    size_t slot = (size_t)hash & (rows->slot_count - 1);
    while (rows->slots[slot] != 0 && memcmp(rows->groups[rows->slots[slot] - 1].key, key, ROWS_KEY_SIZE) != 0)
        slot = (slot + 1) & (rows->slot_count - 1);
    return &rows->slots[slot];
}

static void
widen(struct rows *rows, struct arena *arena)
{
    rows->slot_count = rows->slot_count ? rows->slot_count * 2 : SLOTS_AT_FIRST;
    rows->slots = ARENA_ARRAY(arena, size_t, rows->slot_count);
    for (size_t i = 0; i < rows->group_count; i++)
        *find_slot(rows, rows->groups[i].key) = i + 1;
}

/* Cells are cut of blanks, so that `12 ` and `12` are one household. */
static void
key_of_cells(struct arena *arena, const struct import_map *map, const char *const *cells, size_t count, size_t time, uint8_t ret_key[ROWS_KEY_SIZE])
{
    struct buffer key;
    buffer_init(&key, arena);
    for (size_t i = 0; i < map->key_count; i++) {
        buffer_add(&key, map->key_columns[i] < count ? text_normalize(arena, cells[map->key_columns[i]]) : "");
        buffer_char(&key, '\n');
    }
    for (size_t i = 0; map->key_count == 0 && i < count; i++) {
        buffer_add(&key, cells[i]);
        buffer_char(&key, '\n');
    }
    if (map->key_count == 0)
        buffer_format(&key, "%zu", time);
    crypto_keyed_hash(NULL, key.data, key.length, ret_key, ROWS_KEY_SIZE);
}

struct room {
    size_t places, groups;
};

static void
add_row(struct rows *rows, struct room *room, struct arena *arena, const struct rows_place *place, const uint8_t key[ROWS_KEY_SIZE])
{
    rows->places = arena_grow(arena, rows->places, rows->count, &room->places, sizeof *rows->places);
    rows->places[rows->count] = *place;
    size_t *slot = find_slot(rows, key);
    if (*slot == 0) {
        rows->groups = arena_grow(arena, rows->groups, rows->group_count, &room->groups, sizeof *rows->groups);
        struct rows_group *group = &rows->groups[rows->group_count];
        *group = (struct rows_group){.first = rows->count, .last = rows->count};
        memcpy(group->key, key, ROWS_KEY_SIZE);
        *slot = ++rows->group_count;
    }
    struct rows_group *group = &rows->groups[*slot - 1];
    if (group->count++ > 0)
        rows->places[group->last].next = rows->count;
    group->last = rows->count++;
    if (rows->group_count * 2 > rows->slot_count)
        widen(rows, arena);
}

/* Two rows with the same cells are two households when the map names no key: they are told apart by which time they come. */
static void
add_whole_row(struct rows *rows, struct room *room, struct arena *arena, struct arena *row_arena, const struct import_map *map, const char *const *cells,
              size_t count, const struct rows_place *place)
{
    uint8_t key[ROWS_KEY_SIZE];
    key_of_cells(row_arena, map, cells, count, 0, key);
    size_t known = *find_slot(rows, key);
    if (known != 0 && map->key_count == 0)
        key_of_cells(row_arena, map, cells, count, ++rows->groups[known - 1].times, key);
    add_row(rows, room, arena, place, key);
}

struct error *
rows_read(struct arena *arena, const struct import_map *map, struct csv_reader reader, struct rows *ret_rows)
{
    struct arena *row_arena = arena_create();
    struct rows rows = {0};
    struct room room = {0};
    struct error *error = NULL;
    size_t count = 1;
    widen(&rows, arena);
    while (error == NULL && count > 0) {
        const char *cells[CSV_COLUMNS_MAX];
        arena_reset(row_arena);
        error = csv_next(&reader, row_arena, cells, &count);
        if (error == NULL && rows.count == ROWS_MAX)
            error = error_with(ERROR_FILE, "the CSV", "it has more than 10,000,000 rows; split it by region", NULL);
        if (error == NULL && count > 0)
            add_whole_row(&rows, &room, arena, row_arena, map, cells, count, &(struct rows_place){reader.record, reader.line, ROWS_NONE});
    }
    arena_destroy(row_arena);
    *ret_rows = rows;
    return error;
}
