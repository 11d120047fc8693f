/* db_sqlite.c: connections, transactions and copies. The engine's header is included here, in db_cursor.c and in db_pace.c, nowhere else; a
 * second engine would be files beside these. */
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sqlite3.h>

#include "db_private.h"
#include "lumbung/base/buffer.h"

#define BUSY_WAIT_MS 5000
#define PAGE_BYTES 4096 /* the engine's default, which we keep */
#define CACHE_BYTES_WRITER (INT64_C(16) << 20)
#define CACHE_BYTES_READER (INT64_C(4) << 20)

enum control { CONTROL_BEGIN_READ, CONTROL_BEGIN_WRITE, CONTROL_COMMIT, CONTROL_ROLLBACK, CONTROL_SAVEPOINT, CONTROL_RELEASE, CONTROL_ROLLBACK_TO };

static pthread_once_t engine_once = PTHREAD_ONCE_INIT;

static const char *const control_texts[DB_CONTROL_COUNT] = {
    [CONTROL_BEGIN_READ] = "BEGIN",
    [CONTROL_BEGIN_WRITE] = "BEGIN IMMEDIATE",
    [CONTROL_COMMIT] = "COMMIT",
    [CONTROL_ROLLBACK] = "ROLLBACK",
    [CONTROL_SAVEPOINT] = "SAVEPOINT job",
    [CONTROL_RELEASE] = "RELEASE job",
    [CONTROL_ROLLBACK_TO] = "ROLLBACK TO job",
};

/* A trigger speaks in slugs: RAISE(ABORT, 'duties'). */
static struct error *
error_of_trigger(const char *message, const char *where)
{
    for (int code = 0; code < ERROR_COUNT; code++)
        if (text_equal(message, error_slug((enum error_code)code)))
            return error_new((enum error_code)code);
    return error_internal("%s: a trigger said: %s", where, message);
}

/* "UNIQUE constraint failed: user.name" is for people "user.name": words of the domain, no data. */
static struct error *
error_of_unique(const char *message)
{
    const char *colon = strstr(message, ": ");
    return error_with(ERROR_EXISTS, colon ? colon + 2 : message, NULL, NULL);
}

static struct error *
error_of_constraint(int code, const char *message, const char *where)
{
    switch (code) {
    case SQLITE_CONSTRAINT_UNIQUE:
    case SQLITE_CONSTRAINT_PRIMARYKEY:
    case SQLITE_CONSTRAINT_ROWID:
        return error_of_unique(message);
    case SQLITE_CONSTRAINT_FOREIGNKEY:
        return error_new(ERROR_NOT_FOUND);
    case SQLITE_CONSTRAINT_TRIGGER:
        return error_of_trigger(message, where);
    default:
        return error_internal("%s: %s", where, message);
    }
}

struct error *
db_error(struct db *db, const char *where)
{
    int code = sqlite3_extended_errcode(db->handle);
    const char *message = sqlite3_errmsg(db->handle);
    switch (code & 0xff) {
    case SQLITE_CONSTRAINT:
        return error_of_constraint(code, message, where);
    case SQLITE_FULL:
    case SQLITE_IOERR:
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
        return error_new(ERROR_DISK);
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return error_new(ERROR_BUSY);
    case SQLITE_INTERRUPT:
        return error_new(ERROR_CANCELLED);
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        return db_refuse(db->path, "it is damaged; stop the server and restore a backup");
    default:
        return error_internal("%s: %s (%d)", where, message, code);
    }
}

struct error *
db_refuse(const char *path, const char *remedy)
{
    return error_with(ERROR_DATABASE, path, remedy, NULL);
}

static struct error *
run_control(struct db *db, enum control control)
{
    struct sqlite3_stmt *statement = db->controls[control];
    int status = sqlite3_step(statement);
    struct error *error = status == SQLITE_DONE ? NULL : db_error(db, control_texts[control]);
    sqlite3_reset(statement);
    return error;
}

struct error *
db_execute(struct db *db, const char *sql)
{
    if (sqlite3_exec(db->handle, sql, NULL, NULL, NULL) != SQLITE_OK)
        return db_error(db, "execute");
    return NULL;
}

static int
note_wal(void *context, sqlite3 *handle, const char *name, int pages)
{
    (void)handle;
    (void)name;
    ((struct db *)context)->wal_pages = pages;
    return SQLITE_OK;
}

/* A pragma cannot take a parameter; the value is a number of ours. */
static struct error *
set_number(struct db *db, const char *pragma, int64_t value)
{
    char text[80];
    snprintf(text, sizeof(text), "PRAGMA %s = %lld", pragma, (long long)value);
    return db_execute(db, text);
}

static struct error *
configure(struct db *db, const struct db_options *options)
{
    int64_t cache = options->cache_bytes;
    if (cache <= 0)
        cache = db->role == DB_READER ? CACHE_BYTES_READER : CACHE_BYTES_WRITER;
    sqlite3_busy_timeout(db->handle, BUSY_WAIT_MS);
    sqlite3_db_config(db->handle, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
    sqlite3_db_config(db->handle, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
    sqlite3_db_config(db->handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    /* recursive_triggers: without it INSERT OR REPLACE would delete past the append-only triggers. */
    TRY(db_execute(db, "PRAGMA foreign_keys = ON; PRAGMA recursive_triggers = ON; PRAGMA trusted_schema = OFF; "
                       "PRAGMA wal_autocheckpoint = 0; PRAGMA secure_delete = ON; PRAGMA cell_size_check = ON; PRAGMA temp_store = MEMORY; "
                       "PRAGMA journal_size_limit = 67108864"));
    TRY(db_execute(db, options->synchronous_normal ? "PRAGMA synchronous = NORMAL" : "PRAGMA synchronous = FULL"));
    TRY(set_number(db, "cache_size", -(cache / 1024)));
    if (options->mmap_bytes > 0)
        TRY(set_number(db, "mmap_size", options->mmap_bytes));
    sqlite3_wal_hook(db->handle, note_wal, db); /* after wal_autocheckpoint, which would take the hook away */
    return NULL;
}

struct error *
db_use_wal(struct db *db)
{
    return db_execute(db, "PRAGMA journal_mode = WAL");
}

/* The file is a registry of exactly this program's schema. */
static struct error *
check_schema(struct db *db)
{
    int64_t application, version;
    size_t count;
    const struct migration *list = migration_list(&count);
    int latest = count > 0 ? list[count - 1].version : 0;
    TRY(db_read_int(db, "PRAGMA application_id", &application));
    if (application != DB_APPLICATION_ID)
        return db_refuse(db->path, "it is not a registry of this program; name another file");
    TRY(db_read_int(db, "PRAGMA user_version", &version));
    if (version == latest)
        return NULL;
    return db_refuse(db->path, arena_format(db->arena, "its schema is version %d, this program's is %d; %s", (int)version, latest,
                                            version > latest ? "use the newer program" : "start the server once to bring it up to date"));
}

static int
compare_statements(const void *left, const void *right)
{
    uintptr_t first = (uintptr_t)((const struct cursor *)left)->statement;
    uintptr_t second = (uintptr_t)((const struct cursor *)right)->statement;
    return (first > second) - (first < second);
}

static struct error *
prepare_statements(struct db *db)
{
    db->cursor_count = statement_count();
    db->cursors = ARENA_ARRAY(db->arena, struct cursor, db->cursor_count);
    for (size_t i = 0; i < db->cursor_count; i++)
        db->cursors[i].statement = statement_at(i);
    qsort(db->cursors, db->cursor_count, sizeof(*db->cursors), compare_statements);
    for (size_t i = 0; i < db->cursor_count; i++)
        if (db->role == DB_WRITER || !db->cursors[i].statement->writes)
            TRY(cursor_prepare(db, db->cursors[i].statement, &db->cursors[i]));
    return NULL;
}

static struct error *
prepare_controls(struct db *db)
{
    for (int i = 0; i < DB_CONTROL_COUNT; i++)
        if (sqlite3_prepare_v3(db->handle, control_texts[i], -1, SQLITE_PREPARE_PERSISTENT, &db->controls[i], NULL) != SQLITE_OK)
            return db_error(db, control_texts[i]);
    return NULL;
}

static struct error *
set_up(struct db *db, const struct db_options *options)
{
    TRY(configure(db, options));
    TRY(prepare_controls(db));
    if (db->role == DB_MIGRATOR)
        return NULL;
    TRY(check_schema(db));
    TRY(prepare_statements(db));
    if (db->role == DB_READER)
        TRY(db_execute(db, "PRAGMA query_only = ON"));
    return NULL;
}

static int
open_flags(enum db_role role)
{
    int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
    if (role == DB_READER)
        return flags | SQLITE_OPEN_READONLY;
    return flags | SQLITE_OPEN_READWRITE | (role == DB_MIGRATOR ? SQLITE_OPEN_CREATE : 0);
}

/* While opening, what the engine calls a full disk or no database is for people a file or folder to look after. */
static struct error *
explain_open(struct db *db, struct error *error)
{
    int code = sqlite3_errcode(db->handle) & 0xff; /* which of the many READONLY it is does not matter */
    bool file_fault = code == SQLITE_CANTOPEN || code == SQLITE_READONLY || code == SQLITE_NOTADB || code == SQLITE_CORRUPT;
    if (error && !file_fault)
        return error;
    const char *remedy = db_file_remedy(db->arena, db->path, db->role == DB_MIGRATOR);
    if (!remedy)
        remedy = code == SQLITE_CANTOPEN || code == SQLITE_READONLY ? "it cannot be opened for writing; check its folder, owner and mode"
                                                                    : "it is damaged; restore a backup";
    error_free(error);
    return db_refuse(db->path, remedy);
}

/* The engine's count of its memory takes a lock at every allocation, and nobody asks for it. */
static void
start_engine(void)
{
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

/* "file:PATH?immutable=1", with what would end the path written as %XX. */
static const char *
immutable_uri(struct arena *arena, const char *path)
{
    struct buffer uri;
    buffer_init(&uri, arena);
    buffer_add(&uri, "file:");
    for (; *path; path++) {
        if (strchr("%?#", *path))
            buffer_format(&uri, "%%%02X", (unsigned)(unsigned char)*path);
        else
            buffer_char(&uri, *path);
    }
    buffer_add(&uri, "?immutable=1");
    return buffer_text(&uri);
}

static int
open_handle(struct db *db, const struct db_options *options)
{
    if (!options->immutable)
        return sqlite3_open_v2(db->path, &db->handle, open_flags(db->role), options->is_paced ? db_pace(options->vfs) : options->vfs);
    return sqlite3_open_v2(immutable_uri(db->arena, db->path), &db->handle, open_flags(db->role) | SQLITE_OPEN_URI, options->vfs);
}

struct error *
db_open(const char *path, enum db_role role, const struct db_options *options, struct db **ret_db)
{
    static const struct db_options defaults = {0};
    struct arena *arena = arena_create();
    struct db *db = ARENA_NEW(arena, struct db);
    db->arena = arena;
    db->path = arena_text(arena, path);
    db->role = role;
    if (!options)
        options = &defaults;
    struct error *error = NULL;
    pthread_once(&engine_once, start_engine);
    if (open_handle(db, options) != SQLITE_OK)
        error = explain_open(db, NULL);
    else if ((error = set_up(db, options)) != NULL)
        error = explain_open(db, error);
    if (error) {
        db_close(db);
        return error;
    }
    *ret_db = db;
    return NULL;
}

static struct error *
set_up_side(struct db *db, const char *schema, const struct statement *const *statements, size_t count)
{
    static const struct db_options options = {.synchronous_normal = true};
    TRY(configure(db, &options));
    TRY(db_use_wal(db));
    TRY(prepare_controls(db));
    TRY(db_execute(db, schema));
    db->role = DB_WRITER; /* what follows finds prepared statements */
    db->cursors = ARENA_ARRAY(db->arena, struct cursor, count);
    db->cursor_count = count;
    for (size_t i = 0; i < count; i++)
        db->cursors[i].statement = statements[i];
    qsort(db->cursors, count, sizeof(*db->cursors), compare_statements);
    for (size_t i = 0; i < count; i++)
        TRY(cursor_prepare(db, db->cursors[i].statement, &db->cursors[i]));
    return NULL;
}

struct error *
db_open_side(const char *path, const char *schema, const struct statement *const *statements, size_t count, struct db **ret_db)
{
    struct arena *arena = arena_create();
    struct db *db = ARENA_NEW(arena, struct db);
    db->arena = arena;
    db->path = arena_text(arena, path);
    db->role = DB_MIGRATOR; /* makes the file when it is missing */
    struct error *error = NULL;
    if (sqlite3_open_v2(path, &db->handle, open_flags(db->role), NULL) != SQLITE_OK)
        error = explain_open(db, NULL);
    else if ((error = set_up_side(db, schema, statements, count)) != NULL)
        error = explain_open(db, error);
    if (error) {
        db_close(db);
        return error;
    }
    *ret_db = db;
    return NULL;
}

void
db_close(struct db *db)
{
    if (!db)
        return;
    for (size_t i = 0; i < db->cursor_count; i++) {
        cursor_end(&db->cursors[i]);
        sqlite3_finalize(db->cursors[i].prepared);
    }
    for (int i = 0; i < DB_CONTROL_COUNT; i++)
        sqlite3_finalize(db->controls[i]);
    sqlite3_close_v2(db->handle);
    arena_destroy(db->arena);
}

struct error *
db_begin(struct db *db, bool write)
{
    return run_control(db, write ? CONTROL_BEGIN_WRITE : CONTROL_BEGIN_READ);
}

struct error *
db_commit(struct db *db)
{
    cursor_end_all(db);
    return run_control(db, CONTROL_COMMIT);
}

/* Rolling back cannot fail in a way that matters: whatever the engine says, what was written since BEGIN is not in the file. */
void
db_rollback(struct db *db)
{
    cursor_end_all(db);
    if (db_in_transaction(db))
        error_free(run_control(db, CONTROL_ROLLBACK));
}

struct error *
db_savepoint(struct db *db)
{
    return run_control(db, CONTROL_SAVEPOINT);
}

struct error *
db_release(struct db *db)
{
    cursor_end_all(db);
    return run_control(db, CONTROL_RELEASE);
}

void
db_rollback_to(struct db *db)
{
    cursor_end_all(db);
    /* A full disk may have ended the transaction, and the savepoint with it. */
    if (!db_in_transaction(db))
        return;
    struct error *error = run_control(db, CONTROL_ROLLBACK_TO);
    if (!error)
        error = run_control(db, CONTROL_RELEASE);
    if (error)
        db_rollback(db); /* the caller sees that the transaction is gone */
    error_free(error);
}

bool
db_in_transaction(const struct db *db)
{
    return sqlite3_get_autocommit(db->handle) == 0;
}

int64_t
db_wal_bytes(const struct db *db)
{
    return (int64_t)db->wal_pages * PAGE_BYTES;
}

struct error *
db_checkpoint(struct db *db, bool truncate)
{
    int mode = truncate ? SQLITE_CHECKPOINT_TRUNCATE : SQLITE_CHECKPOINT_PASSIVE;
    int status = sqlite3_wal_checkpoint_v2(db->handle, NULL, mode, NULL, NULL);
    /* A passive one does what it can: a reader that holds a part back is no failure. */
    if (status == SQLITE_OK || (!truncate && (status & 0xff) == SQLITE_BUSY))
        return NULL;
    return db_error(db, "checkpoint");
}

/* One step copies all of one snapshot; writers go on in the WAL meanwhile. */
static struct error *
copy_all(struct db *db, struct db *target)
{
    sqlite3_backup *backup = sqlite3_backup_init(target->handle, "main", db->handle, "main");
    if (!backup)
        return db_error(target, "copy");
    int status = sqlite3_backup_step(backup, -1);
    sqlite3_backup_finish(backup);
    return status == SQLITE_DONE ? NULL : db_error(target, "copy");
}

struct error *
db_copy(struct db *db, const char *path)
{
    int file = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (file < 0)
        return error_with(ERROR_FILE, path, errno == EEXIST ? "it exists already" : "it cannot be created", NULL);
    close(file);
    struct db target = {.arena = db->arena, .path = path};
    struct error *error = NULL;
    if (sqlite3_open_v2(path, &target.handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, NULL) != SQLITE_OK)
        error = db_error(&target, "copy");
    else
        error = copy_all(db, &target);
    sqlite3_close_v2(target.handle);
    if (error)
        unlink(path);
    return error;
}

struct error *
db_check_integrity(struct db *db)
{
    int64_t broken_keys;
    struct sqlite3_stmt *statement = NULL;
    if (sqlite3_prepare_v2(db->handle, "PRAGMA integrity_check(1)", -1, &statement, NULL) != SQLITE_OK)
        return db_error(db, "integrity");
    bool is_sound = sqlite3_step(statement) == SQLITE_ROW && strcmp((const char *)sqlite3_column_text(statement, 0), "ok") == 0;
    sqlite3_finalize(statement);
    if (!is_sound)
        return db_refuse(db->path, "its pages or indexes are damaged; restore a backup");
    TRY(db_read_int(db, "SELECT count(*) FROM pragma_foreign_key_check", &broken_keys));
    if (broken_keys > 0)
        return db_refuse(db->path, "it holds rows that point to nothing; restore a backup");
    return NULL;
}
