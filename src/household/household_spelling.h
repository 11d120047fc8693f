/* household_spelling.h: words that are spelled alike: 128-bit bigram signatures sort out, Damerau-Levenshtein decides. */
#ifndef LUMBUNG_HOUSEHOLD_SPELLING_H
#define LUMBUNG_HOUSEHOLD_SPELLING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lumbung/base/arena.h"

struct spelling {
    uint64_t low, high; /* bit per hashed pair of neighbouring bytes; word edges count as a byte */
};
struct spelling spelling_of(const char *folded);

struct spelling_query;
/* NULL for a blank text. At most 8 words of at most 32 bytes count. */
struct spelling_query *spelling_query_make(struct arena *arena, const char *folded);
/* Numbers of the signatures among `count` that may hold the query: with one mistake in all, or `again` with as many as are forgiven. */
size_t spelling_scan(const struct spelling_query *query, const struct spelling *spellings, size_t count, bool again, uint32_t *ret_numbers);
/* 0 when a word finds no partner; otherwise up to 100. */
int spelling_score(const struct spelling_query *query, const char *folded);

/* Insertions, deletions, replacements and swaps of neighbours; more than `limit` answers limit + 1. */
int spelling_distance(const char *left, int left_length, const char *right, int right_length, int limit);

#endif
