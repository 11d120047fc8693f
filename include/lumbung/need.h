/* need.h: the needs map: need, coverage and gap by region, category and group of persons, out of a columnar index in memory. */
#ifndef LUMBUNG_NEED_H
#define LUMBUNG_NEED_H

#include "lumbung/http/route.h"

struct need_index;
struct need_index *need_index_create(void);
void need_index_free(struct need_index *index); /* NULL allowed */
/* One portion of work in a read transaction of its own: some households of the first count, or what the log tells since. *ret_idle: nothing was left
 * to do. While a count is under way, GET /needs answers ERROR_LOADING. */
FALLIBLE struct error *need_index_work(struct tx *tx, struct need_index *index, bool *ret_idle);
/* Whoever counts in the foreground (commands, tests): works until nothing is left. */
FALLIBLE struct error *need_index_finish(struct tx *tx, struct need_index *index);

/* Under the index's read lock, which the caller gives back by need_index_unlock: what happened a moment ago is in. ERROR_LOADING as above. */
FALLIBLE struct error *need_index_lock(struct tx *tx, struct need_index **ret_index);
void need_index_unlock(struct need_index *index);

extern const struct code_list need_category_codes, need_group_codes;
extern const struct route need_routes[];

#endif
