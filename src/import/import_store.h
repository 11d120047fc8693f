/* import_store.h: rows of files that came in before. */
#ifndef LUMBUNG_IMPORT_STORE_H
#define LUMBUNG_IMPORT_STORE_H

#include "lumbung/db/tx.h"

struct import_tags {
    uint8_t source[CRYPTO_TAG_SIZE], key[CRYPTO_TAG_SIZE], content[CRYPTO_TAG_SIZE];
};
/* *ret_same: with the same content as now. */
FALLIBLE struct error *import_store_find(struct tx *tx, const struct import_tags *tags, bool *ret_found, bool *ret_same);
FALLIBLE struct error *import_store_insert(struct tx *tx, const struct import_tags *tags, struct id household_id);

#endif
