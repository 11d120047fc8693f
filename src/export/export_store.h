/* export_store.h: the rows that exports are made of, and stored manifests. */
#ifndef LUMBUNG_EXPORT_STORE_H
#define LUMBUNG_EXPORT_STORE_H

#include "lumbung/export.h"

/* One row as read: texts are the engine's own, until the next row. */
struct export_row {
    struct id id, batch_id, item_id, household_id, region_id, distribution_id, recorded_by;
    const char *reference, *currency, *state, *method, *received_by, *reason, *collector_relation, *identified_by;
    struct bytes payee_sealed;
    int64_t amount_minor, paid_minor, open_minor, returned_minor, released_at_ms, received_at_ms, recorded_at_ms;
    const char *item;     /* goods of all parts: "kg beras" or "kg beras; liter minyak"; NULL: none */
    const char *quantity; /* in the same order */
    int64_t goods;        /* how many parts are goods */
};
struct cursor *export_store_start(struct tx *tx, const struct actor *actor, const struct export_order *order);
/* How many rows an order gives. */
FALLIBLE struct error *export_store_count(struct tx *tx, const struct actor *actor, const struct export_order *order, int64_t *ret_rows);
FALLIBLE struct error *export_store_next(struct cursor *cursor, struct export_row *ret_row, bool *ret_row_there);
FALLIBLE struct error *export_store_goods(struct tx *tx, struct export_row *row);

#define EXPORT_MAKERS_MAX 8

/* What all rows of a batch share: looked up once. */
struct export_batch {
    struct id id;
    const char *digest, *program, *cycle, *period, *made_by, *approved_by, *released_by;
    int64_t approved_at_ms, rule_version, audit_seq;
    int utc_offset_min;
    bool has_goods, has_audit_seq;
    struct id makers[EXPORT_MAKERS_MAX];
    size_t maker_count;
};
FALLIBLE struct error *export_store_batch(struct tx *tx, struct arena *keep, struct id batch_id, struct export_batch *ret_batch);

struct export_region {
    struct id id;
    const char *code, *name;
};
FALLIBLE struct error *export_store_region(struct tx *tx, struct arena *keep, struct id region_id, struct export_region *ret_region);

FALLIBLE struct error *export_store_manifest_insert(struct tx *tx, struct id id, struct id actor_id, const char *document);
/* One's own, or anyone's for who reads the audit log. */
FALLIBLE struct error *export_store_manifest(struct tx *tx, const struct actor *actor, struct id id, bool any, const char **ret_document);

#endif
