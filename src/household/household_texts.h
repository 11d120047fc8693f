/* household_texts.h: names or places for searching: each spelling is kept once, with its signature and the first of those who bear it. Who bears a
 * text, and the chain from one to the next, is the owner's. */
#ifndef LUMBUNG_HOUSEHOLD_TEXTS_H
#define LUMBUNG_HOUSEHOLD_TEXTS_H

#include "household/household_column.h"
#include "household/household_spelling.h"

struct text_entry {
    const char *text;
    uint32_t first; /* bearer, or COLUMN_NONE */
};
struct texts {
    struct arena *arena;
    struct column spellings, entries; /* apart: a search reads all signatures and few texts */
    struct slots slots;
    char *pool;
    size_t pool_left;
};

void texts_init(struct texts *texts, struct arena *arena);
void texts_free(struct texts *texts);
/* The number of a text, which is added when it is new. */
uint32_t texts_put(struct texts *texts, const char *text);
struct text_entry *texts_at(const struct texts *texts, uint32_t number);

#endif
