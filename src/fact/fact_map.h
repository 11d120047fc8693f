/* fact_map.h: which column is the number, which columns are facts of which kind, and what a row says by that. Pure: no storage. */
#ifndef LUMBUNG_FACT_MAP_H
#define LUMBUNG_FACT_MAP_H

#include "fact/fact_import.h"

enum fact_type { FACT_INTEGER, FACT_TEXT, FACT_CHOICE };
struct fact_map_key {
    const char *key, *column_name;
    size_t column;
    enum fact_type type;
    const struct json *values; /* FACT_CHOICE: as written in the file to what is kept */
    int64_t least, most;
};
struct fact_map {
    bool is_card;              /* the number is a family card's */
    const char *number_column;
    size_t number, column_count;
    struct fact_map_key keys[FACT_KEYS_MAX];
    size_t key_count;
    const struct json *not_found; /* texts that say that the other registry does not know him; NULL none */
};
struct fact_map_row {
    int64_t line;
    const struct json *cells;
    const char *number;        /* set by reading */
    struct json **values;      /* by key; NULL: empty or not found */
};
FALLIBLE struct error *fact_map_read(struct arena *arena, const struct fact_in *in, struct fact_map **ret_map, struct fact_map_row **ret_rows, size_t *ret_count);
/* False: refused, with why. *ret_told false: the row says of none of the keys anything. */
bool fact_map_row_read(struct arena *arena, const struct fact_map *map, struct fact_map_row *row, struct fact_refused *ret_refused, bool *ret_told);

#endif
