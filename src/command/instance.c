/* instance.c: opening and closing a registry for the commands that write. */
#include "command/instance.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "command/instance_store.h"
#include "lumbung/audit.h"
#include "lumbung/base/time.h"
#include "lumbung/db/migrate.h"
#include "lumbung/household.h"
#include "lumbung/need.h"

const char *
instance_keys_path(struct arena *arena, const char *path, const char *keys)
{
    return keys ? keys : arena_format(arena, "%s.keys", path);
}

static struct error *
instance_missing(const char *path)
{
    return error_with(ERROR_DATABASE, path, "it does not exist; `lumbung serve` or `lumbung demo` makes one", NULL);
}

struct error *
instance_check_keys(const struct registry_row *row, const struct keyring *keyring, const char *keys)
{
    uint8_t fingerprint[8];
    keyring_fingerprint(keyring, fingerprint);
    if (row->key_fingerprint.length != sizeof fingerprint || memcmp(row->key_fingerprint.data, fingerprint, sizeof fingerprint) != 0)
        return error_with(ERROR_KEYS, keys ? keys : "FILE.keys", "they belong to another registry; give the right ones with --keys DIR", NULL);
    return NULL;
}

/* Makes the registry's row in a new file, or checks that these keys belong to it. */
static struct error *
instance_check_row(struct tx *tx, const struct instance_options *options, struct keyring *keyring, int *ret_is_demo)
{
    uint8_t fingerprint[8];
    keyring_fingerprint(keyring, fingerprint);
    struct registry_row row;
    bool found = false;
    TRY(registry_row_load(tx, &row, &found));
    if (!found) {
        row = (struct registry_row){.id = tx_new_id(tx), .origin = tx_new_id(tx), .name = "Lumbung", .key_fingerprint = {fingerprint, sizeof fingerprint},
                                    .is_demo = options->is_demo};
        TRY(registry_row_insert(tx, &row));
    }
    TRY(instance_check_keys(&row, keyring, options->keys));
    *ret_is_demo = row.is_demo;
    return NULL;
}

/* The first transaction: the row, then the audit tree's frontier. */
static struct error *
instance_prepare(struct instance *instance, const struct instance_options *options)
{
    struct db *db = NULL;
    TRY(db_open(instance->path, DB_MIGRATOR, &instance->db_options, &db)); /* for these few statements alone */
    struct tx tx = {.db = db, .arena = instance->arena, .now_ms = time_now_ms(), .keyring = instance->keyring, .writable = true};
    struct error *error = db_begin(db, true);
    if (error == NULL)
        error = instance_check_row(&tx, options, instance->keyring, &instance->registry.is_demo);
    if (error == NULL)
        error = db_commit(db);
    else
        db_rollback(db);
    if (error == NULL)
        error = audit_tree_open(db, instance->arena, &instance->tree);
    db_close(db);
    return error;
}

static struct error *
instance_start_lane(struct instance *instance, const struct instance_options *options)
{
    instance->registry.audit_tree = instance->tree;
    instance->states[0] = audit_tree_state(instance->tree);
    struct lane_options lane = options->lane;
    lane.keyring = instance->keyring;
    lane.registry = &instance->registry;
    lane.states = instance->states;
    TRY(lane_start(instance->path, &lane, &instance->lane));
    instance->registry.lane = instance->lane;
    return NULL;
}

static struct error *
instance_open_steps(struct instance *instance, const struct instance_options *options)
{
    bool exists = access(options->path, F_OK) == 0;
    if (!exists && !options->create)
        return instance_missing(options->path);
    TRY(lock_take(options->path, &instance->lock));
    TRY(keyring_open(instance_keys_path(instance->arena, options->path, options->keys), !exists, &instance->keyring));
    TRY(migrate_file(options->path, &instance->db_options, time_now_ms()));
    TRY(instance_prepare(instance, options));
    return instance_start_lane(instance, options);
}

struct error *
instance_open(const struct instance_options *options, struct instance **ret_instance)
{
    struct arena *arena = arena_create();
    struct instance *instance = ARENA_NEW(arena, struct instance);
    instance->arena = arena;
    instance->path = arena_text(arena, options->path);
    instance->db_options = options->lane.db;
    instance->registry.path = instance->path;
    instance->registry.blob_directory = arena_format(arena, "%s.blobs", options->path);
    struct error *error = instance_open_steps(instance, options);
    if (error) {
        instance_close(instance);
        return error;
    }
    *ret_instance = instance;
    return NULL;
}

struct error *
instance_load_index(struct instance *instance)
{
    struct tx tx;
    TRY(instance_read_begin(instance->path, NULL, instance->keyring, &instance->registry, instance->arena, &tx));
    static const bool stop = false;
    struct error *error = household_index_build(&tx, &stop, &instance->registry.household_index);
    instance_read_end(&tx);
    return error;
}

void
instance_close(struct instance *instance)
{
    if (instance == NULL)
        return;
    if (instance->lane)
        lane_stop(instance->lane);
    household_index_free(instance->registry.household_index);
    need_index_free(instance->registry.need_index);
    keyring_close(instance->keyring);
    if (instance->lock)
        lock_drop(instance->lock);
    arena_destroy(instance->arena);
}

struct error *
instance_read_begin(const char *path, const struct db_options *options, struct keyring *keyring, struct registry *registry, struct arena *arena, struct tx *ret_tx)
{
    struct db *db = NULL;
    TRY(db_open(path, DB_READER, options, &db));
    struct error *error = db_begin(db, false);
    if (error) {
        db_close(db);
        return error;
    }
    *ret_tx = (struct tx){.db = db, .arena = arena, .now_ms = time_now_ms(), .keyring = keyring, .registry = registry};
    return NULL;
}

void
instance_read_end(struct tx *tx)
{
    db_rollback(tx->db);
    db_close(tx->db);
}
