/* command_restore.c: `lumbung restore`: a backup under a new name, only when all of it verifies; never over anything. */
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "command/archive.h"
#include "command/backup_parts.h"
#include "command/command.h"
#include "command/instance.h"
#include "command/instance_store.h"
#include "command/key_file.h"
#include "command/reading.h"
#include "lumbung/attachment.h"
#include "lumbung/audit.h"
#include "lumbung/base/text.h"
#include "lumbung/base/time.h"
#include "lumbung/ledger.h"
#include "lumbung/user.h"

#define RESTORE_USAGE "lumbung restore OUT --db FILE [--keys DIR] | lumbung restore --keys OUT --db FILE [--to DIR] [--passphrase-stdin]"

struct restoring {
    struct arena *arena;
    const char *db, *blobs, *note; /* all beside the name that it will have: only what verifies gets that name */
    struct backup_parts parts;
    bool has_db;
};

/* Where an entry goes; NULL: nowhere. */
static const char *
restore_path(struct restoring *restoring, const char *name)
{
    if (text_equal(name, "lumbung.db"))
        return restoring->db;
    if (text_equal(name, "checkpoint"))
        return restoring->note;
    if (!text_begins(name, "blobs/") || strlen(name) < 9)
        return NULL;
    const char *slash = strrchr(name, '/');
    mkdir(restoring->blobs, 0700);
    mkdir(arena_format(restoring->arena, "%s/%.*s", restoring->blobs, (int)(slash - name - 6), name + 6), 0700);
    return arena_format(restoring->arena, "%s/%s", restoring->blobs, name + 6);
}

static struct error *
restore_entry(void *context, int archive, const char *name, int64_t size)
{
    struct restoring *restoring = context;
    restoring->has_db = restoring->has_db || text_equal(name, "lumbung.db");
    return backup_parts_take(&restoring->parts, archive, name, size, restore_path(restoring, name));
}

static struct error *
restore_check_signature(const struct restoring *restoring, const struct keyring *keyring)
{
    char key[2 * SIGN_PUBLIC_SIZE + 1];
    const char *signer = NULL;
    hex_print(keyring_sign_public(keyring), SIGN_PUBLIC_SIZE, key);
    return backup_parts_check_signature(&restoring->parts, key, &signer);
}

/* Everything is checked before the registry may be used: also that its log goes as far as the head that was signed when it was backed up. */
static struct error *
restore_verify(struct arena *arena, const struct restoring *restoring, const char *keys)
{
    struct reading reading;
    struct buffer report;
    struct bytes note;
    buffer_init(&report, arena);
    TRY(file_read(arena, restoring->note, &note));
    TRY(reading_open(arena, restoring->db, keys, &reading));
    reading.registry.blob_directory = restoring->blobs;
    struct error *error = restore_check_signature(restoring, reading.keyring);
    if (error == NULL)
        error = db_check_integrity(reading.tx.db);
    if (error == NULL)
        error = audit_verify(&reading.tx, (const char *)note.data, &report);
    if (error == NULL)
        error = ledger_verify(&reading.tx, &report);
    if (error == NULL)
        error = attachment_verify(&reading.tx, &report);
    reading_close(&reading);
    return error;
}

struct restore_origin {
    const char *note;
    struct id origin;
};

static struct error *
restore_renew(struct tx *tx, void *context)
{
    struct restore_origin *restored = context;
    TRY(audit_checkpoint(tx, &restored->note));
    restored->origin = tx_new_id(tx);
    return registry_row_renew_origin(tx, restored->origin);
}

/* The new origin's first leaf names the last origin, its size and root. */
static struct error *
restore_first_leaf(struct tx *tx, void *context)
{
    const struct restore_origin *restored = context;
    struct actor actor = user_console_actor();
    struct buffer after;
    buffer_init(&after, tx->arena);
    json_open(&after, NULL, '{');
    json_put_text(&after, "last_checkpoint", restored->note);
    json_close(&after, '}');
    struct audit_part part = {.kind = "registry", .id = restored->origin, .after = buffer_text(&after)};
    struct audit_change change = {.action = "registry.restore", .record_id = restored->origin, .parts = &part, .part_count = 1};
    return audit_append(tx, &actor, &change, NULL);
}

static struct error *
restore_step(struct arena *arena, const struct instance_options *open, struct error *(*apply)(struct tx *, void *), struct restore_origin *restored)
{
    struct instance *instance = NULL;
    TRY(instance_open(open, &instance));
    struct error *error = lane_run(instance->lane, apply, restored, arena);
    instance_close(instance);
    return error;
}

static int
remove_entry(const char *path, const struct stat *facts, int kind, struct FTW *place)
{
    (void)facts, (void)kind, (void)place;
    return remove(path);
}

/* What a restore leaves beside the registry; after a failure all of it. */
static void
restore_clean(const struct restoring *restoring)
{
    static const char *const tails[] = {"", "-wal", "-shm", ".lock", ".sock", ".access"};
    for (size_t i = 0; i < sizeof tails / sizeof tails[0]; i++)
        unlink(arena_format(restoring->arena, "%s%s", restoring->db, tails[i]));
    unlink(restoring->note);
    nftw(restoring->blobs, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
}

/* The photos first: a registry that has its name has all of its parts. */
static struct error *
restore_name(const struct restoring *restoring, const char *db)
{
    if (rename(restoring->blobs, arena_format(restoring->arena, "%s.blobs", db)) != 0 && errno != ENOENT)
        return error_with(ERROR_FILE, arena_format(restoring->arena, "%s.blobs", db), strerror(errno), NULL);
    return rename(restoring->db, db) == 0 ? NULL : error_with(ERROR_FILE, db, strerror(errno), NULL);
}

static struct error *
restore_steps(struct restoring *restoring, const char *archive, const char *db, const char *keys)
{
    struct instance_options open = {.path = restoring->db, .keys = keys};
    struct restore_origin restored = {0};
    TRY(archive_read(archive, restore_entry, restoring));
    if (!restoring->has_db)
        return error_with(ERROR_FILE, archive, "it holds no registry", NULL);
    TRY(backup_parts_check(&restoring->parts));
    TRY(restore_verify(restoring->arena, restoring, keys));
    TRY(restore_step(restoring->arena, &open, restore_renew, &restored));
    TRY(restore_step(restoring->arena, &open, restore_first_leaf, &restored));
    return restore_name(restoring, db);
}

static struct error *
restore_run(struct arena *arena, const char *archive, const char *db, const char *keys)
{
    struct restoring restoring = {arena, arena_format(arena, "%s.restoring", db), arena_format(arena, "%s.restoring.blobs", db),
                                  arena_format(arena, "%s.restoring.checkpoint", db), .has_db = false};
    backup_parts_start(&restoring.parts, arena);
    const char *folder = instance_keys_path(arena, db, keys);
    if (access(db, F_OK) == 0)
        return error_with(ERROR_FILE, db, "it exists already; restore never overwrites", NULL);
    if (access(folder, F_OK) != 0)
        return error_with(ERROR_KEYS, folder, "they are missing; take them out of their own backup (restore --keys), put them there or name them with --keys DIR", NULL);
    restore_clean(&restoring); /* of a restore that was interrupted */
    struct error *error = restore_steps(&restoring, archive, db, folder);
    restore_clean(&restoring);
    return error;
}

static struct error *
restore_registry(struct arena *arena, const char *archive, const char *db, const char *keys)
{
    TRY(restore_run(arena, archive, db, keys));
    printf("restored and verified %s; the audit log goes on under a new origin\n", db);
    return NULL;
}

static struct error *
restore_keys(struct arena *arena, struct options *options, const char *db, const char *to, const char *file)
{
    const char *passphrase = NULL, *directory = instance_keys_path(arena, db, to);
    TRY(key_file_passphrase(arena, options, false, &passphrase));
    TRY(options_rest(options, RESTORE_USAGE));
    TRY(key_file_open(arena, file, directory, passphrase));
    printf("the keys are in %s\n", directory);
    return NULL;
}

static struct error *
restore_words(struct arena *arena, struct options *options)
{
    const char *db = options_value(options, "--db"), *keys = options_value(options, "--keys"), *to = options_value(options, "--to"), *archive = options_word(options);
    if (db && keys && archive == NULL)
        return restore_keys(arena, options, db, to, keys);
    TRY(options_rest(options, RESTORE_USAGE));
    if (db == NULL || archive == NULL || to)
        return error_with(ERROR_USAGE, RESTORE_USAGE, NULL, NULL);
    return restore_registry(arena, archive, db, keys);
}

int
command_restore(int argc, char **argv)
{
    struct arena *arena = arena_create();
    struct options options;
    options_start(&options, arena, argc, argv);
    struct error *error = restore_words(arena, &options);
    int code = error ? command_fail("restore", error) : EXIT_DONE;
    arena_destroy(arena);
    return code;
}
