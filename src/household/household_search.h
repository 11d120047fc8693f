/* household_search.h: the search step and its body. */
#ifndef LUMBUNG_HOUSEHOLD_SEARCH_H
#define LUMBUNG_HOUSEHOLD_SEARCH_H

#include "lumbung/household.h"

extern const struct field_table household_search_table;
struct error *household_search_step(struct tx *tx, const struct call *call, struct reply *reply);

#endif
