/* db_cursor.c: statements and cursors over them. With db_sqlite.c the only file that sees the engine. */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sqlite3.h>

#include "db_private.h"

/* The number n of a parameter "$n", or 0. */
static int
parameter_number(const char *name)
{
    int64_t number;
    if (!name || name[0] != '$' || !text_parse_int(name + 1, &number) || number < 1 || number > 99)
        return 0;
    return (int)number;
}

/* The engine numbers $ parameters by first appearance; we bind by the number that is written. */
static struct error *
map_parameters(struct db *db, struct cursor *cursor)
{
    int count = sqlite3_bind_parameter_count(cursor->prepared);
    for (int i = 1; i <= count; i++) {
        int number = parameter_number(sqlite3_bind_parameter_name(cursor->prepared, i));
        if (number == 0)
            return error_internal("statement %s has a parameter that is not $1, $2 ...", cursor->statement->name);
        if (number > cursor->parameter_count)
            cursor->parameter_count = number;
    }
    cursor->positions = ARENA_ARRAY(db->arena, int, cursor->parameter_count);
    cursor->ids = ARENA_ARRAY(db->arena, struct id, cursor->parameter_count);
    for (int i = 1; i <= count; i++)
        cursor->positions[parameter_number(sqlite3_bind_parameter_name(cursor->prepared, i)) - 1] = i;
    return NULL;
}

struct error *
cursor_prepare(struct db *db, const struct statement *statement, struct cursor *cursor)
{
    const char *rest = NULL;
    cursor->db = db;
    cursor->statement = statement;
    if (sqlite3_prepare_v3(db->handle, statement->sql, -1, cursor->is_single ? 0 : SQLITE_PREPARE_PERSISTENT, &cursor->prepared, &rest) !=
        SQLITE_OK)
        return db_error(db, statement->name);
    if (!cursor->prepared || !text_is_blank(rest))
        return error_internal("statement %s is empty, or more than one", statement->name);
    if (!statement->writes && !sqlite3_stmt_readonly(cursor->prepared))
        return error_internal("statement %s is declared a read but writes", statement->name);
    return map_parameters(db, cursor);
}

static int
compare_cursor(const void *key, const void *element)
{
    uintptr_t wanted = (uintptr_t)key;
    uintptr_t present = (uintptr_t)((const struct cursor *)element)->statement;
    return (wanted > present) - (wanted < present);
}

static struct cursor *
cursor_start_single(struct db *db, const struct statement *statement)
{
    struct cursor *cursor = ARENA_NEW(db->arena, struct cursor);
    cursor->is_single = true;
    cursor->pending = cursor_prepare(db, statement, cursor);
    cursor->is_open = true;
    return cursor;
}

struct cursor *
cursor_start(struct db *db, const struct statement *statement)
{
    if (db->role == DB_MIGRATOR)
        return cursor_start_single(db, statement);
    struct cursor *cursor = bsearch(statement, db->cursors, db->cursor_count, sizeof(*db->cursors), compare_cursor);
    assert(cursor && cursor->prepared && "a write on a reader, or a statement outside the registry");
    assert(!cursor->is_open && "a statement is in use once at a time");
    cursor->is_open = true;
    db->open_count++;
    return cursor;
}

/* The engine's index of $number; 0 when preparing had failed, which cursor_next tells. */
static int
position_of(struct cursor *cursor, int number)
{
    assert(cursor->is_open);
    if (cursor->pending)
        return 0;
    assert(number >= 1 && number <= cursor->parameter_count && cursor->positions[number - 1] != 0);
    return cursor->positions[number - 1];
}

/* Binding fails only for a wrong index, a busy statement or a text beyond the engine's limit: all of them our bugs. */
static void
check_bind(struct cursor *cursor, int status)
{
    if (!cursor->pending)
        assert(status == SQLITE_OK);
}

void
cursor_bind_int(struct cursor *cursor, int number, int64_t value)
{
    check_bind(cursor, sqlite3_bind_int64(cursor->prepared, position_of(cursor, number), value));
}

void
cursor_bind_null(struct cursor *cursor, int number)
{
    check_bind(cursor, sqlite3_bind_null(cursor->prepared, position_of(cursor, number)));
}

void
cursor_bind_text(struct cursor *cursor, int number, const char *value)
{
    check_bind(cursor, sqlite3_bind_text(cursor->prepared, position_of(cursor, number), value, -1, SQLITE_STATIC));
}

void
cursor_bind_bytes(struct cursor *cursor, int number, const void *data, size_t length)
{
    int position = position_of(cursor, number);
    if (data && length == 0)
        check_bind(cursor, sqlite3_bind_zeroblob(cursor->prepared, position, 0));
    else
        check_bind(cursor, sqlite3_bind_blob64(cursor->prepared, position, data, length, SQLITE_STATIC));
}

void
cursor_bind_id(struct cursor *cursor, int number, struct id id)
{
    int position = position_of(cursor, number);
    if (position == 0 || id_is_zero(id)) {
        check_bind(cursor, sqlite3_bind_null(cursor->prepared, position));
        return;
    }
    cursor->ids[number - 1] = id;
    check_bind(cursor, sqlite3_bind_blob(cursor->prepared, position, cursor->ids[number - 1].bytes, (int)sizeof(id.bytes), SQLITE_STATIC));
}

void
cursor_bind_int_or_null(struct cursor *cursor, int number, bool is_null, int64_t value)
{
    if (is_null)
        cursor_bind_null(cursor, number);
    else
        cursor_bind_int(cursor, number, value);
}

struct error *
cursor_next(struct cursor *cursor, bool *ret_row)
{
    assert(cursor->is_open);
    struct error *error = cursor->pending;
    if (!error) {
        int status = sqlite3_step(cursor->prepared);
        if (status == SQLITE_ROW || status == SQLITE_DONE) {
            *ret_row = status == SQLITE_ROW;
            return NULL;
        }
        error = db_error(cursor->db, cursor->statement->name);
    }
    /* A failed cursor is over, so that a caller may simply return the error. */
    cursor->pending = NULL;
    cursor_end(cursor);
    return error;
}

int64_t
cursor_int(const struct cursor *cursor, int column)
{
    assert(cursor->is_open && column < sqlite3_column_count(cursor->prepared));
    return sqlite3_column_int64(cursor->prepared, column);
}

bool
cursor_is_null(const struct cursor *cursor, int column)
{
    assert(cursor->is_open && column < sqlite3_column_count(cursor->prepared));
    return sqlite3_column_type(cursor->prepared, column) == SQLITE_NULL;
}

const char *
cursor_text(struct cursor *cursor, struct arena *arena, int column)
{
    if (cursor_is_null(cursor, column))
        return NULL;
    const char *text = (const char *)sqlite3_column_text(cursor->prepared, column);
    return arena_copy(arena, text ? text : "", (size_t)sqlite3_column_bytes(cursor->prepared, column));
}

const char *
cursor_peek_text(const struct cursor *cursor, int column)
{
    assert(cursor->is_open);
    return (const char *)sqlite3_column_text(cursor->prepared, column);
}

struct bytes
cursor_peek_bytes(const struct cursor *cursor, int column)
{
    assert(cursor->is_open);
    const uint8_t *data = sqlite3_column_blob(cursor->prepared, column);
    return (struct bytes){data, (size_t)sqlite3_column_bytes(cursor->prepared, column)};
}

struct bytes
cursor_bytes(struct cursor *cursor, struct arena *arena, int column)
{
    if (cursor_is_null(cursor, column))
        return (struct bytes){NULL, 0};
    const void *data = sqlite3_column_blob(cursor->prepared, column);
    size_t length = (size_t)sqlite3_column_bytes(cursor->prepared, column);
    const char *copy = arena_copy(arena, data ? data : "", length);
    return (struct bytes){(const uint8_t *)copy, length};
}

struct id
cursor_id(const struct cursor *cursor, int column)
{
    struct id id = {{0}};
    assert(cursor->is_open && column < sqlite3_column_count(cursor->prepared));
    const void *data = sqlite3_column_blob(cursor->prepared, column);
    if (data && sqlite3_column_bytes(cursor->prepared, column) == (int)sizeof(id.bytes))
        memcpy(id.bytes, data, sizeof(id.bytes));
    return id;
}

void
cursor_end(struct cursor *cursor)
{
    if (!cursor->is_open)
        return;
    cursor->is_open = false;
    error_free(cursor->pending);
    cursor->pending = NULL;
    if (cursor->is_single) {
        sqlite3_finalize(cursor->prepared);
        cursor->prepared = NULL;
        return;
    }
    sqlite3_reset(cursor->prepared);
    sqlite3_clear_bindings(cursor->prepared);
    cursor->db->open_count--;
}

void
cursor_end_all(struct db *db)
{
    for (size_t i = 0; db->open_count > 0 && i < db->cursor_count; i++)
        cursor_end(&db->cursors[i]);
}

struct error *
cursor_run(struct cursor *cursor, int64_t *ret_changed)
{
    bool row = true;
    while (row)
        TRY(cursor_next(cursor, &row));
    if (ret_changed)
        *ret_changed = sqlite3_changes64(cursor->db->handle);
    cursor_end(cursor);
    return NULL;
}

struct error *
db_read_int(struct db *db, const char *sql, int64_t *ret_value)
{
    struct sqlite3_stmt *statement = NULL;
    if (sqlite3_prepare_v2(db->handle, sql, -1, &statement, NULL) != SQLITE_OK)
        return db_error(db, "pragma");
    int status = sqlite3_step(statement);
    int64_t value = status == SQLITE_ROW ? sqlite3_column_int64(statement, 0) : 0;
    struct error *error = status == SQLITE_ROW || status == SQLITE_DONE ? NULL : db_error(db, "pragma");
    sqlite3_finalize(statement);
    if (!error)
        *ret_value = value;
    return error;
}
