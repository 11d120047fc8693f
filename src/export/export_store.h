/* export_store.h: the rows that exports are made of, and stored manifests. */
#ifndef LUMBUNG_EXPORT_STORE_H
#define LUMBUNG_EXPORT_STORE_H

#include "lumbung/export.h"

/* One row as read: texts live in the arena of `tx` at the time of reading. */
struct export_row {
    struct id id, batch_id, item_id, household_id, payee_member_id, distribution_id, recorded_by;
    const char *reference, *program, *cycle, *region_code, *region, *currency, *state, *method, *received_by, *reason, *collector_relation, *identified_by, *item;
    struct bytes payee_sealed;
    int64_t amount_minor, received_minor, open_minor, returned_minor, quantity, released_at_ms, received_at_ms, recorded_at_ms;
    int32_t cycle_starts_on, cycle_ends_on;
    int utc_offset_min;
};
struct cursor *export_store_start(struct tx *tx, const struct actor *actor, const struct export_order *order);
FALLIBLE struct error *export_store_next(struct tx *tx, struct cursor *cursor, struct export_row *ret_row, bool *ret_row_there);

/* What all rows of a batch share. */
struct export_batch {
    struct id id;
    const char *digest, *made_by, *approved_by, *released_by, *overlaps;
    int64_t approved_at_ms, rule_version, audit_seq;
};
FALLIBLE struct error *export_store_batch(struct tx *tx, struct arena *keep, struct id batch_id, struct export_batch *ret_batch);

FALLIBLE struct error *export_store_manifest_insert(struct tx *tx, struct id id, struct id actor_id, const char *document);
/* One's own, or anyone's for who reads the audit log. */
FALLIBLE struct error *export_store_manifest(struct tx *tx, const struct actor *actor, struct id id, bool any, const char **ret_document);

#endif
