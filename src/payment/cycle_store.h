/* cycle_store.h: rows of `cycle`. */
#ifndef LUMBUNG_CYCLE_STORE_H
#define LUMBUNG_CYCLE_STORE_H

#include "payment/batch.h"

FALLIBLE struct error *cycle_store_insert(struct tx *tx, const struct cycle *cycle);
FALLIBLE struct error *cycle_store_load(struct tx *tx, struct id id, struct cycle *ret_cycle, bool *ret_found);
FALLIBLE struct error *cycle_store_list(struct tx *tx, struct id program_id, struct id after, int limit, struct cycle *ret_rows, size_t *ret_count);
/* Batches that are neither cancelled nor released. */
FALLIBLE struct error *cycle_store_busy_batches(struct tx *tx, struct id cycle_id, int64_t *ret_count);
FALLIBLE struct error *cycle_store_close(struct tx *tx, struct id id);

#endif
