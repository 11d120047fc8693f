/* db.h: one connection, named statements prepared at boot, cursors over them. db_sqlite.c is the only file that sees the engine. */
#ifndef LUMBUNG_DB_DB_H
#define LUMBUNG_DB_DB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lumbung/base/error.h"
#include "lumbung/base/id.h"
#include "lumbung/base/text.h"

/* A statement: a named constant directly above the function that runs it. Parameters are $1..$9, bound by their number.
 *     STATEMENT_READ(household_by_id, "SELECT ... WHERE id = $1")
 *     STATEMENT_WRITE(household_insert, "INSERT ...")
 * Reads are prepared on every connection, writes on the lane's only. The linker collects them all (a section of pointers), so that
 * every statement of the program is prepared before the first request: a typo is a failed start. SQL must be legal on SQLite and PostgreSQL. */
struct statement {
    const char *name;
    const char *sql;
    bool writes;
};

#if defined(__clang__)
#define STATEMENT_SECTION __attribute__((section("lumbung_statements"), used))
#else
#define STATEMENT_SECTION __attribute__((section("lumbung_statements"), used, no_reorder))
#endif
#define STATEMENT_DEFINE(statement_name, text, is_write)                                        \
    static const struct statement statement_name = {#statement_name, (text), (is_write)};       \
    static const struct statement *const statement_name##_entry STATEMENT_SECTION = &statement_name;
#define STATEMENT_READ(statement_name, text) STATEMENT_DEFINE(statement_name, text, false)
#define STATEMENT_WRITE(statement_name, text) STATEMENT_DEFINE(statement_name, text, true)

size_t statement_count(void);
const struct statement *statement_at(size_t index);

enum db_role {
    DB_WRITER,   /* the lane's: the only one that can write */
    DB_READER,   /* read-only, query_only */
    DB_MIGRATOR  /* before the statements can be prepared */
};

struct db;

struct db_options {
    int64_t cache_bytes;  /* 0: default (16 MB for the writer) */
    int64_t mmap_bytes;   /* 0: none */
    const char *vfs;      /* NULL: the system's */
    bool is_paced;        /* the file is synced in small pieces while it is written, so that commits beside it need not wait long */
    bool immutable;       /* DB_READER: nobody writes the file, nothing is made beside it, no lock is taken: for a medium that cannot be written */
    bool synchronous_normal; /* only for the mutant of the power-loss test: FULL otherwise */
};

/* Opens FILE (WAL, synchronous FULL, foreign keys on, autocheckpoint off, secure_delete on). DB_WRITER and DB_READER prepare their statements.
 * Refusals: ERROR_DATABASE naming what and what to do (damaged, newer schema, not a registry, read-only folder). */
FALLIBLE struct error *db_open(const char *path, enum db_role role, const struct db_options *options, struct db **ret_db);
void db_close(struct db *db); /* NULL allowed */
/* A registry whose folder this user cannot write, and that nobody works on: no -wal lies beside it. */
bool db_is_at_rest(const char *path);

/* Opens or makes a small database of its own beside the registry (the access log): WAL, synchronous NORMAL, `schema` is run (IF NOT EXISTS), and only
 * `statements`, which stay outside the linker's list, are prepared. One thread at a time. ERROR_DATABASE as db_open. */
FALLIBLE struct error *db_open_side(const char *path, const char *schema, const struct statement *const *statements, size_t count, struct db **ret_db);

/* A cursor over a prepared statement: bind, step, read columns, end. A statement is in use once at a time on a connection. */
struct cursor;
struct cursor *cursor_start(struct db *db, const struct statement *statement);
void cursor_bind_int(struct cursor *cursor, int number, int64_t value);
void cursor_bind_null(struct cursor *cursor, int number);
void cursor_bind_text(struct cursor *cursor, int number, const char *value);           /* NULL binds null; must live until end */
void cursor_bind_bytes(struct cursor *cursor, int number, const void *data, size_t length); /* data NULL binds null */
void cursor_bind_id(struct cursor *cursor, int number, struct id id);                  /* the zero id binds null */
void cursor_bind_int_or_null(struct cursor *cursor, int number, bool is_null, int64_t value);
/* true in *ret_row while there is a row. Constraint failures: unique ERROR_EXISTS, check ERROR_INTERNAL, foreign key ERROR_NOT_FOUND; full disk or I/O
 * ERROR_DISK; a trigger's RAISE(ABORT, 'slug') gives the error of that slug, e.g. 'duties', 'budget', 'state'. */
FALLIBLE struct error *cursor_next(struct cursor *cursor, bool *ret_row);
int64_t cursor_int(const struct cursor *cursor, int column); /* columns count from 0 */
bool cursor_is_null(const struct cursor *cursor, int column);
const char *cursor_text(struct cursor *cursor, struct arena *arena, int column); /* a copy; NULL for null */
struct bytes cursor_bytes(struct cursor *cursor, struct arena *arena, int column); /* a copy; {NULL,0} for null */
/* The row's own bytes, not copied: they hold until the next cursor_next or cursor_end. */
const char *cursor_peek_text(const struct cursor *cursor, int column);      /* NULL for null */
struct bytes cursor_peek_bytes(const struct cursor *cursor, int column);
struct id cursor_id(const struct cursor *cursor, int column);              /* zero for null */
void cursor_end(struct cursor *cursor);
/* Steps to the end and ends. `ret_changed` may be NULL. */
FALLIBLE struct error *cursor_run(struct cursor *cursor, int64_t *ret_changed);
/* The same for a write that finds one row or none: whether it changed one. */
FALLIBLE struct error *cursor_run_one(struct cursor *cursor, bool *ret_changed);

/* Whole reads. All of them end the cursor, also when they fail; errors are those of cursor_next, and then neither count nor found is touched.
 * A reader takes one row out of the cursor's present one; what it copies goes into `arena`. It may start other cursors, but not end this one. */
typedef void (*cursor_reader)(struct cursor *cursor, struct arena *arena, void *ret_row);
/* Readers of the first column alone, into an int64_t, a struct id, a const char * (NULL for null), a struct bytes. */
void cursor_read_int(struct cursor *cursor, struct arena *arena, void *ret_int);
void cursor_read_id(struct cursor *cursor, struct arena *arena, void *ret_id);
void cursor_read_text(struct cursor *cursor, struct arena *arena, void *ret_text);
void cursor_read_bytes(struct cursor *cursor, struct arena *arena, void *ret_bytes);
/* Whether there is a row. */
FALLIBLE struct error *cursor_exists(struct cursor *cursor, bool *ret_exists);
/* The first row. Without one, *ret_row stays as it was; `ret_found` may be NULL. */
FALLIBLE struct error *cursor_one(struct cursor *cursor, struct arena *arena, cursor_reader read, void *ret_row, bool *ret_found);
/* The first `count` columns of the first row, each to its own place; without a row they stay as they were. */
FALLIBLE struct error *cursor_one_ints(struct cursor *cursor, int64_t *const ret_ints[], size_t count);
/* Not more than `limit` rows of `row_size` bytes, into the caller's array. */
FALLIBLE struct error *cursor_fill(struct cursor *cursor, struct arena *arena, cursor_reader read, void *ret_rows, size_t row_size, int64_t limit,
                                   size_t *ret_count);
/* All rows, into an array in `arena` that grows with them; `ret_rows` is the address of the pointer to it, which is NULL when there are none. */
FALLIBLE struct error *cursor_collect(struct cursor *cursor, struct arena *arena, cursor_reader read, void *ret_rows, size_t row_size, size_t *ret_count);

/* Transactions: used by the lane, the migrator and read snapshots; domain code never calls these. */
FALLIBLE struct error *db_begin(struct db *db, bool write);
FALLIBLE struct error *db_commit(struct db *db);
void db_rollback(struct db *db);
FALLIBLE struct error *db_savepoint(struct db *db);
FALLIBLE struct error *db_release(struct db *db);
void db_rollback_to(struct db *db);  /* and releases */
bool db_in_transaction(const struct db *db);
/* A constant SQL text run once: migrations and pragmas only. */
FALLIBLE struct error *db_execute(struct db *db, const char *sql);
FALLIBLE struct error *db_checkpoint(struct db *db, bool truncate);
/* How much of the write-ahead log is in use, as of the last COMMIT on this connection. */
int64_t db_wal_bytes(const struct db *db);
/* Consistent copy into a new file while others write. */
FALLIBLE struct error *db_copy(struct db *db, const char *path);
FALLIBLE struct error *db_check_integrity(struct db *db);

#endif
