/* import_list.h: what an import answers besides the registry: the list of refusals and contradictions, and sums to hold against the source. */
#ifndef LUMBUNG_IMPORT_LIST_H
#define LUMBUNG_IMPORT_LIST_H

#include "import/import_check.h"

void import_list_head(struct buffer *errors);
void import_list_add(struct buffer *errors, const struct contradiction *line);
/* Each fault of a refused household, or what refused it whole, on a line of its own. */
void import_list_error(struct buffer *errors, struct arena *arena, const struct import_map *map, const struct import_row *rows, size_t row_count,
                       const struct error *error);

enum import_part { PART_IN, PART_KNOWN, PART_REFUSED };
struct import_sum { /* of one household; printed added up by region and part */
    const char *region;
    enum import_part part;
    int64_t households, persons, sexes[3]; /* F, M, X */
};
struct import_sums {
    struct arena *arena;
    struct import_sum *items;
    size_t count, capacity;
};
/* `persons` are the household's lines in the file; region and sexes as the map makes them. */
void import_sums_add(struct import_sums *sums, enum import_part part, const struct json *household, size_t persons);
void import_sums_print(const struct import_sums *sums, struct buffer *csv);

#endif
