/* instance.h: a registry opened for writing by this process: lock, keys, schema, audit tree, lane. */
#ifndef LUMBUNG_COMMAND_INSTANCE_H
#define LUMBUNG_COMMAND_INSTANCE_H

#include "command/instance_store.h"
#include "lumbung/db/lane.h"
#include "lumbung/db/lock.h"
#include "lumbung/registry.h"

struct instance_options {
    const char *path;          /* FILE */
    const char *keys;          /* NULL: FILE.keys */
    bool create;               /* makes file and keys when the file is missing */
    bool is_demo;              /* of a registry that is made */
    struct lane_options lane;  /* db, batch_max and the mutants; the rest is filled in */
};

struct instance {
    struct arena *arena;
    const char *path;
    struct lock *lock;
    struct keyring *keyring;
    struct audit_tree *tree;
    struct lane *lane;
    struct registry registry;
    struct lane_state states[2];
    struct db_options db_options;
};

/* Opens; on failure nothing stays open. Refusals: ERROR_DATABASE (missing, locked by a pid, damaged, newer), ERROR_KEYS. */
FALLIBLE struct error *instance_open(const struct instance_options *options, struct instance **ret_instance);
void instance_close(struct instance *instance);
/* Builds the indexes in memory, for commands that register households without a server. */
FALLIBLE struct error *instance_load_index(struct instance *instance);

/* A read transaction for a command: opened on a reader of its own, closed with instance_read_end. */
FALLIBLE struct error *instance_read_begin(const char *path, const struct db_options *options, struct keyring *keyring, struct registry *registry, struct arena *arena, struct tx *ret_tx);
void instance_read_end(struct tx *tx);

/* ERROR_KEYS when these keys are not the ones that the registry was made with. */
FALLIBLE struct error *instance_check_keys(const struct registry_row *row, const struct keyring *keyring, const char *keys);
/* FILE.keys unless --keys was given. */
const char *instance_keys_path(struct arena *arena, const char *path, const char *keys);

#endif
