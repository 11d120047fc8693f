/* command_backup.c: `lumbung backup` and `lumbung restore`: database, photos and manifest as one file, taken while serving. The keys are not in it:
 * a stolen backup tells nobody's name. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "command/archive.h"
#include "command/command.h"
#include "command/instance.h"
#include "command/instance_store.h"
#include "command/reading.h"
#include "lumbung/audit.h"
#include "lumbung/base/text.h"
#include "lumbung/base/time.h"
#include "lumbung/ledger.h"
#include "lumbung/user.h"

#define BACKUP_USAGE "lumbung backup --db FILE OUT"
#define RESTORE_USAGE "lumbung restore OUT --db FILE [--keys DIR]"

/* --- backup ---------------------------------------------------------------------------------------------------------------------------- */

static struct error *
backup_blobs(struct arena *arena, int archive, const char *directory, const char *prefix)
{
    DIR *folder = opendir(directory);
    if (folder == NULL)
        return errno == ENOENT ? NULL : error_with(ERROR_FILE, directory, strerror(errno), NULL);
    struct error *error = NULL;
    for (struct dirent *entry = readdir(folder); entry && error == NULL; entry = readdir(folder)) {
        if (entry->d_name[0] == '.')
            continue;
        const char *path = arena_format(arena, "%s/%s", directory, entry->d_name), *name = arena_format(arena, "%s/%s", prefix, entry->d_name);
        struct stat facts;
        if (stat(path, &facts) != 0)
            continue; /* gone in between: its row was never committed */
        error = S_ISDIR(facts.st_mode) ? backup_blobs(arena, archive, path, name) : archive_add(archive, name, path);
    }
    closedir(folder);
    return error;
}

static struct error *
backup_note(struct reading *reading, const char *path)
{
    const char *note = NULL;
    TRY(audit_checkpoint(&reading->tx, &note));
    return file_write(path, note, strlen(note));
}

/* The copy of the database first, then the photos: what a row speaks of was written before the row. */
static struct error *
backup_write(struct arena *arena, struct reading *reading, const char *out, int archive)
{
    const char *copy = arena_format(arena, "%s.copying", out), *note = arena_format(arena, "%s.checkpoint", out);
    unlink(copy);
    struct error *error = db_copy(reading->tx.db, copy);
    if (error == NULL)
        error = backup_note(reading, note);
    if (error == NULL)
        error = archive_add(archive, "lumbung.db", copy);
    if (error == NULL)
        error = archive_add(archive, "checkpoint", note);
    if (error == NULL)
        error = backup_blobs(arena, archive, reading->registry.blob_directory, "blobs");
    unlink(copy);
    unlink(note);
    return error ? error : archive_end(archive);
}

static struct error *
backup_run(struct arena *arena, const char *db, const char *keys, const char *out)
{
    struct reading reading;
    TRY(reading_open(arena, db, keys, &reading));
    int archive = open(out, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    struct error *error = archive < 0 ? error_with(ERROR_FILE, out, errno == EEXIST ? "it exists already; choose another name" : strerror(errno), NULL)
                                      : backup_write(arena, &reading, out, archive);
    if (archive >= 0)
        close(archive);
    if (error && archive >= 0)
        unlink(out);
    reading_close(&reading);
    return error;
}

int
command_backup(int argc, char **argv)
{
    struct arena *arena = arena_create();
    struct options options;
    options_start(&options, arena, argc, argv);
    const char *db = options_value(&options, "--db"), *keys = options_value(&options, "--keys"), *out = options_word(&options);
    struct error *error = options_rest(&options, BACKUP_USAGE);
    if (error == NULL && (db == NULL || out == NULL))
        error = error_with(ERROR_USAGE, BACKUP_USAGE, NULL, NULL);
    if (error == NULL)
        error = backup_run(arena, db, keys, out);
    if (error == NULL)
        printf("backed up to %s; keep %s safe and apart: without the keys it cannot be read\n", out, instance_keys_path(arena, db, keys));
    int code = error ? command_fail("backup", error) : EXIT_DONE;
    arena_destroy(arena);
    return code;
}

/* --- restore --------------------------------------------------------------------------------------------------------------------------- */

struct restoring {
    struct arena *arena;
    const char *db, *blobs, *note; /* all beside the name that it will have: only what verifies gets that name */
    bool has_db;
};

static struct error *
restore_entry(void *context, int archive, const char *name, int64_t size)
{
    struct restoring *restoring = context;
    if (text_equal(name, "lumbung.db")) {
        restoring->has_db = true;
        return archive_extract(archive, size, restoring->db);
    }
    if (text_equal(name, "checkpoint"))
        return archive_extract(archive, size, restoring->note);
    if (!text_begins(name, "blobs/") || strlen(name) < 9)
        return NULL;
    const char *slash = strrchr(name, '/');
    mkdir(restoring->blobs, 0700);
    mkdir(arena_format(restoring->arena, "%s/%.*s", restoring->blobs, (int)(slash - name - 6), name + 6), 0700);
    return archive_extract(archive, size, arena_format(restoring->arena, "%s/%s", restoring->blobs, name + 6));
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
    struct error *error = db_check_integrity(reading.tx.db);
    if (error == NULL)
        error = audit_verify(&reading.tx, (const char *)note.data, &report);
    if (error == NULL)
        error = ledger_verify(&reading.tx, &report);
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
    TRY(restore_verify(restoring->arena, restoring, keys));
    TRY(restore_step(restoring->arena, &open, restore_renew, &restored));
    TRY(restore_step(restoring->arena, &open, restore_first_leaf, &restored));
    return restore_name(restoring, db);
}

static struct error *
restore_run(struct arena *arena, const char *archive, const char *db, const char *keys)
{
    struct restoring restoring = {arena, arena_format(arena, "%s.restoring", db), arena_format(arena, "%s.restoring.blobs", db),
                                  arena_format(arena, "%s.restoring.checkpoint", db), false};
    const char *folder = instance_keys_path(arena, db, keys);
    if (access(db, F_OK) == 0)
        return error_with(ERROR_FILE, db, "it exists already; restore never overwrites", NULL);
    if (access(folder, F_OK) != 0)
        return error_with(ERROR_KEYS, folder, "they are missing; put the registry's keys there or name them with --keys DIR", NULL);
    restore_clean(&restoring); /* of a restore that was interrupted */
    struct error *error = restore_steps(&restoring, archive, db, folder);
    restore_clean(&restoring);
    return error;
}

int
command_restore(int argc, char **argv)
{
    struct arena *arena = arena_create();
    struct options options;
    options_start(&options, arena, argc, argv);
    const char *db = options_value(&options, "--db"), *keys = options_value(&options, "--keys"), *archive = options_word(&options);
    struct error *error = options_rest(&options, RESTORE_USAGE);
    if (error == NULL && (db == NULL || archive == NULL))
        error = error_with(ERROR_USAGE, RESTORE_USAGE, NULL, NULL);
    if (error == NULL)
        error = restore_run(arena, archive, db, keys);
    if (error == NULL)
        printf("restored and verified %s; the audit log goes on under a new origin\n", db);
    int code = error ? command_fail("restore", error) : EXIT_DONE;
    arena_destroy(arena);
    return code;
}
