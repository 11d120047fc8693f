/* db_private.h: what the files of the driver share. The engine's types are named by tag only, so that including this includes no engine. */
#ifndef LUMBUNG_DB_PRIVATE_H
#define LUMBUNG_DB_PRIVATE_H

#include "lumbung/base/arena.h"
#include "lumbung/db/db.h"
#include "lumbung/db/migrate.h"

struct sqlite3;
struct sqlite3_stmt;

#define DB_APPLICATION_ID 0x4c554d42 /* "LUMB" in the file's header */
#define DB_CONTROL_COUNT 7

struct cursor {
    const struct statement *statement;
    struct db *db;
    struct sqlite3_stmt *prepared;
    int *positions;        /* the engine's parameter index of $n, at n - 1; 0: none */
    struct id *ids;        /* copies of bound ids, one a parameter: they must outlive the call */
    int parameter_count;   /* the highest n */
    bool is_open;
    bool is_single;        /* prepared for one use (migrator) */
    struct error *pending; /* what went wrong in preparing it */
};

struct db {
    struct sqlite3 *handle;
    struct arena *arena; /* holds this struct too */
    const char *path;
    enum db_role role;
    struct cursor *cursors; /* ascending by the statement's address */
    size_t cursor_count;
    size_t open_count;      /* cursors that were started and not ended */
    struct sqlite3_stmt *controls[DB_CONTROL_COUNT];
    int wal_pages;          /* after the last commit on this connection */
};

/* The engine's last error on this connection as ours; `where` (a statement's name) is for the log. Never NULL. */
struct error *db_error(struct db *db, const char *where);
/* ERROR_DATABASE: what is wrong with the file and what to do. */
struct error *db_refuse(const char *path, const char *remedy);
/* Looks at the folder and the file itself: the remedy for a file that the engine could not open, or NULL when both look sound. `create`:
 * a missing file is fine. */
const char *db_file_remedy(struct arena *arena, const char *path, bool create);

/* The name of a VFS over `vfs` (NULL: the system's) that syncs a registry's file piece by piece while it is written; `vfs` itself when there is no
 * memory for it. Lives as long as the process. Any thread. */
const char *db_pace(const char *vfs);

/* Written into the file, so only once it is known to be ours. */
FALLIBLE struct error *db_use_wal(struct db *db);

/* Prepares `statement` into `cursor`; refuses parameters that are not $1.. and reads that write. */
FALLIBLE struct error *cursor_prepare(struct db *db, const struct statement *statement, struct cursor *cursor);
void cursor_end_all(struct db *db);
/* First column of the first row of a constant text; 0 when there is none. */
FALLIBLE struct error *db_read_int(struct db *db, const char *sql, int64_t *ret_value);

/* migrate_file with another list than the compiled-in one, for tests. */
FALLIBLE struct error *migrate_with(const char *path, const struct db_options *options, int64_t now_ms, const struct migration *list,
                                    size_t count);

#endif
