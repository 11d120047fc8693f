/* import_rows.h: which rows of a file make one household: found by their key, wherever in the file they stand. */
#ifndef LUMBUNG_IMPORT_ROWS_H
#define LUMBUNG_IMPORT_ROWS_H

#include "import/import_map.h"

#define ROWS_KEY_SIZE 16
#define ROWS_NONE ((size_t)-1)

struct rows_place {
    const char *at;     /* the record in the text */
    int64_t line;
    size_t next;        /* row of the same household; ROWS_NONE */
};
struct rows_group {
    size_t first, last, count;
    size_t times;               /* without a key: how often the same cells came again */
    uint8_t key[ROWS_KEY_SIZE]; /* digest of the key's cells; without a key of the row's own cells and which time they come */
};
struct rows {
    struct rows_place *places;
    size_t count;
    struct rows_group *groups; /* in the order of their first rows */
    size_t group_count;
    size_t *slots;             /* of the table of groups by key; the group's number plus one */
    size_t slot_count;
};
/* Reads every record behind the head once. ERROR_FILE: what the reader says, or a file of more than 10,000,000 rows. */
FALLIBLE struct error *rows_read(struct arena *arena, const struct import_map *map, struct csv_reader reader, struct rows *ret_rows);

#endif
