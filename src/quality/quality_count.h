/* quality_count.h: counts of findings over an area, and the households behind each. */
#ifndef LUMBUNG_QUALITY_COUNT_H
#define LUMBUNG_QUALITY_COUNT_H

#include "lumbung/quality.h"
#include "need/need_index.h"

#define QUALITY_DIMENSIONS 5
/* The checks of a dimension, as bits. */
extern const uint16_t quality_dimension_checks[QUALITY_DIMENSIONS];
/* Bits of a check or of a whole dimension; 0: no such word; all of them for NULL. */
uint16_t quality_bits_of(const char *word);
const char *quality_check_word(size_t check);

struct quality_counts {
    int64_t households, faulty, checks[NEED_ISSUES], dimensions[QUALITY_DIMENSIONS];
};
struct quality_officer {
    struct id id;
    struct quality_counts counts;
};
/* Under the index's lock; `officers` (may be NULL) has room for need_index_officers. */
void quality_count(const struct need_index *index, size_t first, size_t run, int32_t today, struct quality_counts *ret_counts, struct quality_officer *officers);

struct quality_row { struct id household_id; uint16_t issues; };
struct quality_list {
    uint16_t bits;              /* any of them */
    bool has_officer;
    struct id officer_id, after;
    struct quality_row *rows;   /* ascending by id */
    size_t count, limit;
};
/* The first `limit` households behind `after`. */
void quality_collect(const struct need_index *index, size_t first, size_t run, int32_t today, struct quality_list *list);

#endif
