/* command_backup.c: `lumbung backup`: database, photos and the signed list of their digests as one file, taken while serving. The keys are not in it:
 * a stolen backup tells nobody's name. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "command/backup_parts.h"
#include "command/command.h"
#include "command/instance.h"
#include "command/key_file.h"
#include "command/reading.h"
#include "lumbung/audit.h"

#define BACKUP_USAGE "lumbung backup --db FILE OUT [--keys DIR] | lumbung backup --keys OUT --db FILE [--from DIR] [--passphrase-stdin]"

static struct error *
backup_blobs(struct backup_parts *parts, int archive, const char *directory, const char *prefix)
{
    DIR *folder = opendir(directory);
    if (folder == NULL)
        return errno == ENOENT ? NULL : error_with(ERROR_FILE, directory, strerror(errno), NULL);
    struct error *error = NULL;
    for (struct dirent *entry = readdir(folder); entry && error == NULL; entry = readdir(folder)) {
        if (entry->d_name[0] == '.' || strstr(entry->d_name, ".new")) /* one that is being written: no row speaks of it */
            continue;
        const char *path = arena_format(parts->arena, "%s/%s", directory, entry->d_name), *name = arena_format(parts->arena, "%s/%s", prefix, entry->d_name);
        struct stat facts;
        if (stat(path, &facts) != 0)
            continue; /* gone in between: its row was never committed */
        error = S_ISDIR(facts.st_mode) ? backup_blobs(parts, archive, path, name) : backup_parts_add(parts, archive, name, path);
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
    struct backup_parts parts;
    backup_parts_start(&parts, arena);
    unlink(copy);
    struct error *error = db_copy(reading->tx.db, copy);
    if (error == NULL)
        error = backup_note(reading, note);
    if (error == NULL)
        error = backup_parts_add(&parts, archive, "lumbung.db", copy);
    if (error == NULL)
        error = backup_parts_add(&parts, archive, "checkpoint", note);
    if (error == NULL)
        error = backup_blobs(&parts, archive, reading->registry.blob_directory, "blobs");
    unlink(copy);
    unlink(note);
    return error ? error : backup_parts_end(&parts, archive, reading->keyring);
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

static struct error *
backup_registry(struct arena *arena, const char *db, const char *keys, const char *out)
{
    TRY(backup_run(arena, db, keys, out));
    printf("backed up to %s; keep %s safe and apart: without the keys it cannot be read\n", out, instance_keys_path(arena, db, keys));
    return NULL;
}

static struct error *
backup_keys(struct arena *arena, struct options *options, const char *db, const char *from, const char *out)
{
    const char *passphrase = NULL, *directory = instance_keys_path(arena, db, from);
    TRY(key_file_passphrase(arena, options, true, &passphrase));
    TRY(options_rest(options, BACKUP_USAGE));
    TRY(key_file_write(arena, directory, out, passphrase));
    printf("the keys in %s are sealed in %s; keep it apart from the backups, and the passphrase apart from it\n", directory, out);
    return NULL;
}

/* `--keys` names the directory as everywhere, unless there is nothing else to write: then it is the keys themselves. */
static struct error *
backup_words(struct arena *arena, struct options *options)
{
    const char *db = options_value(options, "--db"), *keys = options_value(options, "--keys"), *from = options_value(options, "--from"), *out = options_word(options);
    if (db && keys && out == NULL)
        return backup_keys(arena, options, db, from, keys);
    TRY(options_rest(options, BACKUP_USAGE));
    if (db == NULL || out == NULL || from)
        return error_with(ERROR_USAGE, BACKUP_USAGE, NULL, NULL);
    return backup_registry(arena, db, keys, out);
}

int
command_backup(int argc, char **argv)
{
    struct arena *arena = arena_create();
    struct options options;
    options_start(&options, arena, argc, argv);
    struct error *error = backup_words(arena, &options);
    int code = error ? command_fail("backup", error) : EXIT_DONE;
    arena_destroy(arena);
    return code;
}
