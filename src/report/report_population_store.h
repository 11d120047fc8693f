/* report_population_store.h: who lived in a region on a day, by sex and birth date. */
#ifndef LUMBUNG_REPORT_POPULATION_STORE_H
#define LUMBUNG_REPORT_POPULATION_STORE_H

#include "lumbung/db/tx.h"

/* In the subtree of `region_id`; zero: all that the actor may see. Each sex and birth date is told once. */
struct population_filter { int32_t on; struct id region_id; };
typedef void (*population_visit)(void *context, const char *sex, int32_t birth_date, int64_t count);
FALLIBLE struct error *population_store_each(struct tx *tx, const struct actor *actor, const struct population_filter *filter, population_visit visit, void *context);

#endif
