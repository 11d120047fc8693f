/* instance_store.h: the one row that says which registry a file is. */
#ifndef LUMBUNG_COMMAND_INSTANCE_STORE_H
#define LUMBUNG_COMMAND_INSTANCE_STORE_H

#include "lumbung/db/tx.h"

struct registry_row {
    struct id id, origin;
    const char *name;
    struct bytes key_fingerprint;
    bool is_demo;
};

FALLIBLE struct error *registry_row_load(struct tx *tx, struct registry_row *ret_row, bool *ret_found);
FALLIBLE struct error *registry_row_insert(struct tx *tx, const struct registry_row *row);
/* A restore renews the origin, so that two living copies never share a sequence. */
FALLIBLE struct error *registry_row_renew_origin(struct tx *tx, struct id origin);

#endif
