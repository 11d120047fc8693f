/* tx.h: what domain code works in: a connection inside a transaction (or a read snapshot), the time, an arena and the keys. */
#ifndef LUMBUNG_DB_TX_H
#define LUMBUNG_DB_TX_H

#include "lumbung/base/actor.h"
#include "lumbung/base/arena.h"
#include "lumbung/db/db.h"
#include "lumbung/db/keyring.h"

struct lane;

#define TX_KNOWN_KEYS 8

/* Data keys that this act has opened already: one registration seals under each several times. */
struct tx_keys {
    struct id subjects[TX_KNOWN_KEYS]; /* the zero id: unused */
    uint8_t keys[TX_KNOWN_KEYS][CRYPTO_KEY_SIZE];
    unsigned next; /* the oldest gives way */
};

struct tx {
    struct db *db;
    struct arena *arena;
    int64_t now_ms;               /* the time of this act: domain code takes no other clock */
    struct keyring *keyring;
    struct registry *registry;    /* the process's in-memory structures (src/registry.h of the slices); may be NULL in tests */
    bool writable;
    size_t leaf_count;            /* audit leaves appended by this act: a write without one is refused by the pipeline */
    struct tx_hook *after_commit; /* run in order on the lane thread once the batch is durable; dropped on failure */
    struct tx_hook **after_commit_end;
    struct tx_keys known; /* the keyring's own */
};

struct tx_hook {
    void (*run)(void *context);
    void *context; /* in the tx's arena */
    struct tx_hook *next;
};

struct id tx_new_id(const struct tx *tx);
/* Feeds an in-memory structure after COMMIT; never run when the act fails. */
void tx_after_commit(struct tx *tx, void (*run)(void *context), void *context);

#endif
