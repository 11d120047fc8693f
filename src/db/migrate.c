/* migrate.c: brings a registry file to the present schema. What was applied is recorded with its digest, so that an edited migration or a
 * file of a newer program is refused instead of half understood. */
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "db_private.h"
#include "lumbung/base/crypto.h"
#include "lumbung/base/embedded.h"

#define MIGRATIONS_MAX 512
#define FOLDER "migrations/"

/* The record of what was applied: not in the registry of statements, since it is read before the schema is known. */
static const char schema_sql[] = "CREATE TABLE schema_migration (version INTEGER PRIMARY KEY, name TEXT NOT NULL, sha256 BLOB NOT NULL, "
                                 "applied_at_ms INTEGER NOT NULL) STRICT";
static const struct statement record_list = {"migration_record_list", "SELECT version, name, sha256 FROM schema_migration ORDER BY version", false};
static const struct statement record_insert = {
    "migration_record_insert", "INSERT INTO schema_migration (version, name, sha256, applied_at_ms) VALUES ($1, $2, $3, $4)", true};
static const struct statement broken_first = {
    "migration_broken_first", "SELECT \"table\", \"parent\" FROM pragma_foreign_key_check LIMIT 1", false};

static struct migration embedded_list[MIGRATIONS_MAX];
static size_t embedded_count;
static pthread_once_t embedded_once = PTHREAD_ONCE_INIT;

/* "migrations/0001_base.sql" is version 1; other files in the folder are none. */
static int
version_of(const char *path)
{
    size_t length = strlen(path);
    const char *name = path + strlen(FOLDER);
    if (!text_begins(path, FOLDER) || length < strlen(FOLDER) + 10 || strcmp(path + length - 4, ".sql") != 0 || name[4] != '_')
        return 0;
    int version = 0;
    for (int i = 0; i < 4; i++) {
        if (name[i] < '0' || name[i] > '9')
            return 0;
        version = version * 10 + (name[i] - '0');
    }
    return version;
}

static int
compare_versions(const void *left, const void *right)
{
    return ((const struct migration *)left)->version - ((const struct migration *)right)->version;
}

static void
gather(void)
{
    for (size_t i = 0; i < embedded_file_count && embedded_count < MIGRATIONS_MAX; i++) {
        const struct embedded_file *file = &embedded_files[i];
        int version = version_of(file->path);
        if (version > 0)
            embedded_list[embedded_count++] =
                (struct migration){version, file->path + strlen(FOLDER), (const char *)file->data, file->length};
    }
    qsort(embedded_list, embedded_count, sizeof(embedded_list[0]), compare_versions);
}

const struct migration *
migration_list(size_t *ret_count)
{
    pthread_once(&embedded_once, gather);
    *ret_count = embedded_count;
    return embedded_list;
}

struct run {
    struct db *db;
    struct arena *arena;
    const char *path;
    const struct migration *list;
    size_t count;
    int64_t now_ms;
};

static struct error *
check_one_record(struct run *run, struct cursor *cursor, size_t position)
{
    int version = (int)cursor_int(cursor, 0);
    const struct migration *migration = &run->list[position];
    uint8_t digest[SHA256_SIZE];
    if (position >= run->count || migration->version != version)
        return db_refuse(run->path, arena_format(run->arena, "it records migration %d, which this program does not have; use the program that wrote it",
                                                 version));
    sha256_of(migration->sql, migration->length, digest);
    struct bytes recorded = cursor_bytes(cursor, run->arena, 2);
    if (recorded.length != sizeof(digest) || memcmp(recorded.data, digest, sizeof(digest)) != 0)
        return db_refuse(run->path, arena_format(run->arena, "migration %s differs from the one that was applied; use the program that wrote it",
                                                 migration->name));
    return NULL;
}

/* The recorded migrations are the first ones of our list, unchanged. */
static struct error *
check_records(struct run *run, size_t *ret_applied)
{
    struct cursor *cursor = cursor_start(run->db, &record_list);
    size_t applied = 0;
    bool row = true;
    while (true) {
        TRY(cursor_next(cursor, &row));
        if (!row)
            break;
        struct error *error = check_one_record(run, cursor, applied);
        if (error) {
            cursor_end(cursor);
            return error;
        }
        applied++;
    }
    cursor_end(cursor);
    *ret_applied = applied;
    return NULL;
}

static struct error *
start_schema(struct run *run)
{
    TRY(db_begin(run->db, true));
    struct error *error = db_execute(run->db, schema_sql);
    if (!error) /* a pragma takes no parameter; the number is a constant */
        error = db_execute(run->db, arena_format(run->arena, "PRAGMA application_id = %d", DB_APPLICATION_ID));
    if (!error)
        error = db_commit(run->db);
    if (error)
        db_rollback(run->db);
    return error;
}

/* Empty file: becomes a registry. Ours: go on. Anything else is refused before a byte is written. */
static struct error *
recognise(struct run *run, bool *ret_is_new)
{
    int64_t application, version, tables;
    int latest = run->count > 0 ? run->list[run->count - 1].version : 0;
    TRY(db_read_int(run->db, "PRAGMA application_id", &application));
    TRY(db_read_int(run->db, "PRAGMA user_version", &version));
    TRY(db_read_int(run->db, "SELECT count(*) FROM sqlite_schema", &tables));
    *ret_is_new = application == 0 && version == 0 && tables == 0;
    if (*ret_is_new)
        return NULL;
    if (application != DB_APPLICATION_ID)
        return db_refuse(run->path, "it is a database of another program; name another file");
    if (version > latest)
        return db_refuse(run->path, arena_format(run->arena, "its schema is version %d, this program knows up to %d; use the newer program",
                                                 (int)version, latest));
    return NULL;
}

static struct error *
check_keys(struct run *run, const struct migration *migration)
{
    struct cursor *cursor = cursor_start(run->db, &broken_first);
    bool row;
    TRY(cursor_next(cursor, &row));
    struct error *error = NULL;
    if (row)
        error = db_refuse(run->path, arena_format(run->arena, "migration %s was undone: rows of %s would point to nothing in %s", migration->name,
                                                  cursor_text(cursor, run->arena, 0), cursor_text(cursor, run->arena, 1)));
    cursor_end(cursor);
    return error;
}

static struct error *
record(struct run *run, const struct migration *migration)
{
    uint8_t digest[SHA256_SIZE];
    sha256_of(migration->sql, migration->length, digest);
    struct cursor *cursor = cursor_start(run->db, &record_insert);
    cursor_bind_int(cursor, 1, migration->version);
    cursor_bind_text(cursor, 2, migration->name);
    cursor_bind_bytes(cursor, 3, digest, sizeof(digest));
    cursor_bind_int(cursor, 4, run->now_ms);
    TRY(cursor_run(cursor, NULL));
    return db_execute(run->db, arena_format(run->arena, "PRAGMA user_version = %d", migration->version));
}

static struct error *
apply_inside(struct run *run, const struct migration *migration)
{
    TRY(db_execute(run->db, migrate_translate(run->arena, migration->sql, migration->length, true)));
    /* A migration that ended the transaction itself would not be undone by what follows. */
    if (!db_in_transaction(run->db))
        return error_internal("migration %s ends its transaction", migration->name);
    TRY(check_keys(run, migration));
    return record(run, migration);
}

static struct error *
apply(struct run *run, const struct migration *migration)
{
    TRY(db_begin(run->db, true));
    struct error *error = apply_inside(run, migration);
    if (!error)
        error = db_commit(run->db);
    if (error)
        db_rollback(run->db);
    return error;
}

static struct error *
apply_missing(struct run *run)
{
    size_t applied;
    bool is_new;
    TRY(recognise(run, &is_new));
    TRY(db_use_wal(run->db));
    if (is_new)
        TRY(start_schema(run));
    TRY(check_records(run, &applied));
    /* Rebuilding a table drops and renames it: with foreign keys on, that would touch the rows that point to it. The switch has no
     * effect inside a transaction, hence here; the check before COMMIT takes its place. */
    TRY(db_execute(run->db, "PRAGMA foreign_keys = OFF"));
    for (size_t i = applied; i < run->count; i++)
        TRY(apply(run, &run->list[i]));
    return NULL;
}

struct error *
migrate_with(const char *path, const struct db_options *options, int64_t now_ms, const struct migration *list, size_t count)
{
    struct run run = {.arena = arena_create(), .path = path, .list = list, .count = count, .now_ms = now_ms};
    const char *remedy = db_file_remedy(run.arena, path, true);
    struct error *error = remedy ? db_refuse(path, remedy) : NULL;
    if (!error) {
        /* Made here, so that neither the file nor its log can be read by others. */
        int file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
        if (file >= 0)
            close(file);
        error = db_open(path, DB_MIGRATOR, options, &run.db);
    }
    if (!error)
        error = apply_missing(&run);
    db_close(run.db);
    arena_destroy(run.arena);
    return error;
}

struct error *
migrate_file(const char *path, const struct db_options *options, int64_t now_ms)
{
    size_t count;
    const struct migration *list = migration_list(&count);
    return migrate_with(path, options, now_ms, list, count);
}
