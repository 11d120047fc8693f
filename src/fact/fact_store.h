/* fact_store.h: rows of editions and of facts. */
#ifndef LUMBUNG_FACT_STORE_H
#define LUMBUNG_FACT_STORE_H

#include "lumbung/base/crypto.h"
#include "lumbung/fact.h"

struct fact_edition {
    struct id id;
    const char *source, *edition;
    int32_t as_of;
    int64_t accepted, unmatched, not_found, refused, imported_at_ms;
};
FALLIBLE struct error *fact_store_edition(struct tx *tx, const char *source, const char *edition, struct fact_edition *ret_edition, bool *ret_found);
FALLIBLE struct error *fact_store_edition_insert(struct tx *tx, const struct actor *actor, const struct fact_edition *edition);
FALLIBLE struct error *fact_store_edition_update(struct tx *tx, const struct fact_edition *edition);
/* The newest first. */
FALLIBLE struct error *fact_store_editions(struct tx *tx, struct id before, int limit, struct fact_edition *ret_rows, size_t *ret_count);

struct fact_row {
    struct id id, subject_id, edition_id;
    const uint8_t *tag;
    const char *key, *source, *edition;
    int32_t as_of;
    struct bytes sealed;
    struct id member_id;
    int family_no;
};
FALLIBLE struct error *fact_store_find(struct tx *tx, const uint8_t tag[CRYPTO_TAG_SIZE], const char *key, struct id edition_id, struct id *ret_id, bool *ret_found);
FALLIBLE struct error *fact_store_insert(struct tx *tx, const struct fact_row *row);
FALLIBLE struct error *fact_store_update(struct tx *tx, const struct fact_row *row);
FALLIBLE struct error *fact_store_of_members(struct tx *tx, struct id household_id, struct fact_row **ret_rows, size_t *ret_count);
FALLIBLE struct error *fact_store_of_cards(struct tx *tx, struct id household_id, struct fact_row **ret_rows, size_t *ret_count);

#endif
