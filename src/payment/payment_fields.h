/* payment_fields.h: what the payment calls take. */
#ifndef LUMBUNG_PAYMENT_FIELDS_H
#define LUMBUNG_PAYMENT_FIELDS_H

#include "payment/batch.h"

struct cycle_in {
    struct presence presence;
    const char *name;
    int32_t starts_on, ends_on, reference_date;
};
extern const struct field_table cycle_in_table;

struct batch_in {
    struct presence presence;
    const char *region;
    struct array exclude; /* enrollment ids */
    const char *kind;
};
extern const struct field_table batch_in_table;

struct reason_in {
    struct presence presence;
    const char *reason;
};
extern const struct field_table reason_in_table;

struct approve_in {
    struct presence presence;
    const char *digest, *note;
};
extern const struct field_table approve_in_table;

struct batch_query {
    struct presence presence;
    struct id program, cycle;
    const char *region, *state, *may, *month;
};
extern const struct field_table batch_query_table;

struct version_query {
    struct presence presence;
    int64_t version;
};
extern const struct field_table version_query_table;

struct batch_items_query {
    struct presence presence;
    int64_t version, changed;
    const char *region, *hamlet, *rw, *rt, *positions;
};
extern const struct field_table batch_items_query_table;

struct batch_places_query {
    struct presence presence;
    const char *region;
};
extern const struct field_table batch_places_query_table;

extern const struct code_list batch_kind_codes, batch_state_codes, batch_stage_codes, item_state_codes, cycle_state_codes;

FALLIBLE struct error *cycle_make(struct tx *tx, const struct actor *actor, struct id program_id, const struct cycle_in *in, struct cycle *ret_cycle);
FALLIBLE struct error *cycle_close(struct tx *tx, const struct actor *actor, struct id cycle_id, struct cycle *ret_cycle);
void cycle_print(struct buffer *buffer, const char *key, const struct cycle *cycle);
FALLIBLE struct error *batch_make(struct tx *tx, const struct actor *actor, struct id cycle_id, const struct batch_in *in, struct id *ret_id);

#endif
