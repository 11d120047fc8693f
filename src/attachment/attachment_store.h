/* attachment_store.h: rows of `attachment`. */
#ifndef LUMBUNG_ATTACHMENT_STORE_H
#define LUMBUNG_ATTACHMENT_STORE_H

#include "lumbung/attachment.h"

struct attachment_row {
    struct attachment attachment;
    struct id subject_id, region_id, added_by;
    struct bytes sealed_key;
    int64_t created_at_ms;
};
FALLIBLE struct error *attachment_store_insert(struct tx *tx, const struct attachment_row *row);
/* Only what the actor added, or what was bound to a region of his. */
FALLIBLE struct error *attachment_store_load(struct tx *tx, const struct actor *actor, struct id id, struct attachment_row *ret_row, bool *ret_found);
FALLIBLE struct error *attachment_store_exists(struct tx *tx, struct id id, bool *ret_exists);
/* The next in the order of ids behind `after`, of all regions. */
FALLIBLE struct error *attachment_store_next(struct tx *tx, struct id after, struct attachment_row *ret_row, bool *ret_found);
FALLIBLE struct error *attachment_store_bind(struct tx *tx, struct id id, struct id subject_id, struct id region_id, struct bytes sealed_key);

#endif
