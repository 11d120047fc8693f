/* import_check.h: what the lines of one household say against each other, before it is registered. */
#ifndef LUMBUNG_IMPORT_CHECK_H
#define LUMBUNG_IMPORT_CHECK_H

#include "import/import_map.h"

struct import_row {
    int64_t line;
    const char *const *cells;
    size_t count;
};

/* One line of the list: `refuses` when the household cannot come in for it. */
struct contradiction {
    int64_t line;
    const char *column, *value, *reason, *remedy;
    bool refuses;
};
struct contradictions {
    struct contradiction *items;
    size_t count, capacity;
};

/* `row_count` rows were read of the household's `row_total` in the file; `household` and its members are what the map made of them. */
void import_check(struct arena *arena, const struct import_map *map, const struct import_row *rows, size_t row_count, size_t row_total,
                  const struct json *household, struct contradictions *found);

#endif
