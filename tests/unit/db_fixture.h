/* db_fixture.h: a fresh registry in a folder of its own for each database test, with a few tables that provoke what the real ones refuse. */
#ifndef TESTS_DB_FIXTURE_H
#define TESTS_DB_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "db/db_private.h"
#include "lumbung/base/buffer.h"
#include "lumbung/base/crypto.h"
#include "lumbung/db/lane.h"
#include "lumbung/db/lock.h"

#define TEST_NOW_MS INT64_C(1780000000000)

struct fixture {
    struct arena *arena;
    const char *folder;
    const char *path;
};

static const char fixture_tables[] =
    "CREATE TABLE test_basket (number INTEGER PRIMARY KEY, name TEXT UNIQUE, amount INTEGER NOT NULL CHECK (amount >= 0), id BLOB, data BLOB,"
    " parent INTEGER REFERENCES test_basket (number)) STRICT;"
    "CREATE TABLE test_late (number INTEGER PRIMARY KEY, parent INTEGER REFERENCES test_basket (number) DEFERRABLE INITIALLY DEFERRED) STRICT;"
    "CREATE TRIGGER test_limit BEFORE INSERT ON test_basket WHEN NEW.amount > 1000 BEGIN SELECT RAISE(ABORT, 'budget'); END;"
    "CREATE TRIGGER test_words BEFORE INSERT ON test_basket WHEN NEW.amount = 999 BEGIN SELECT RAISE(ABORT, 'no such slug'); END;"
    "CREATE TRIGGER test_undo BEFORE INSERT ON test_basket WHEN NEW.amount = 998 BEGIN SELECT RAISE(ROLLBACK, 'internal'); END;";

STATEMENT_WRITE(test_basket_insert, "INSERT INTO test_basket (number, name, amount, id, data, parent) VALUES ($1, $2, $3, $4, $5, $6)")
STATEMENT_READ(test_basket_count, "SELECT count(*), coalesce(sum(number), 0), coalesce(max(number), 0) FROM test_basket")
STATEMENT_WRITE(test_late_insert, "INSERT INTO test_late (number, parent) VALUES ($1, $2)")

/* Fails the test, saying why. */
static inline void
must(struct error *error)
{
    if (!error)
        return;
    struct arena *arena = arena_create();
    struct buffer line;
    buffer_init(&line, arena);
    error_print_line(&line, error);
    fail_msg("%s (%s)", buffer_text(&line), error->cause ? error->cause : "no cause");
}

/* The error has this code, and `word` in an argument, the cause or a member when given. */
static inline void
must_refuse(struct error *error, enum error_code code, const char *word)
{
    assert_non_null(error);
    if (error->code != code)
        fail_msg("%s instead of %s (%s)", error_slug(error->code), error_slug(code), error->cause ? error->cause : "no cause");
    bool is_found = !word || (error->cause && strstr(error->cause, word));
    for (int i = 0; i < ERROR_ARGUMENTS_MAX; i++)
        is_found = is_found || (error->arguments[i] && strstr(error->arguments[i], word));
    for (size_t i = 0; i < error->member_count; i++)
        is_found = is_found || strstr(error->members[i].value, word);
    if (!is_found)
        fail_msg("\"%s\" is missing in: %s", word, error->arguments[1] ? error->arguments[1] : "(nothing)");
    error_free(error);
}

static inline struct fixture *
fixture_folder(void)
{
    struct arena *arena = arena_create();
    struct fixture *fixture = ARENA_NEW(arena, struct fixture);
    const char *base = getenv("TMPDIR");
    char *folder = arena_format(arena, "%s/lumbung-test-XXXXXX", base ? base : P_tmpdir);
    crypto_start();
    assert_non_null(mkdtemp(folder));
    fixture->arena = arena;
    fixture->folder = folder;
    fixture->path = arena_format(arena, "%s/registry.db", folder);
    return fixture;
}

static inline void
fixture_execute(const struct fixture *fixture, const char *sql)
{
    struct db *db;
    must(db_open(fixture->path, DB_MIGRATOR, NULL, &db));
    must(db_execute(db, sql));
    db_close(db);
}

static inline int64_t
fixture_number(const struct fixture *fixture, const char *sql)
{
    struct db *db;
    int64_t value;
    must(db_open(fixture->path, DB_MIGRATOR, NULL, &db));
    must(db_read_int(db, sql, &value));
    db_close(db);
    return value;
}

static inline struct fixture *
fixture_registry(void)
{
    struct fixture *fixture = fixture_folder();
    must(migrate_file(fixture->path, NULL, TEST_NOW_MS));
    fixture_execute(fixture, fixture_tables);
    return fixture;
}

static inline void
fixture_end(struct fixture *fixture)
{
    char *command = arena_format(fixture->arena, "rm -rf '%s'", fixture->folder);
    if (system(command) != 0)
        print_message("could not remove %s\n", fixture->folder);
    arena_destroy(fixture->arena);
}

static inline int
fixture_setup(void **state)
{
    *state = fixture_registry();
    return 0;
}

static inline int
fixture_setup_folder(void **state)
{
    *state = fixture_folder();
    return 0;
}

static inline int
fixture_teardown(void **state)
{
    fixture_end(*state);
    return 0;
}

FALLIBLE static inline struct error *
basket_insert(struct db *db, int64_t number, int64_t amount, const void *data, size_t length)
{
    struct cursor *cursor = cursor_start(db, &test_basket_insert);
    cursor_bind_int(cursor, 1, number);
    cursor_bind_int(cursor, 3, amount);
    cursor_bind_bytes(cursor, 5, data, length);
    return cursor_run(cursor, NULL);
}

/* How many rows, the sum of their numbers, the highest number. */
static inline void
basket_figures(struct db *db, int64_t ret_figures[3])
{
    bool row;
    struct cursor *cursor = cursor_start(db, &test_basket_count);
    must(cursor_next(cursor, &row));
    assert_true(row);
    for (int i = 0; i < 3; i++)
        ret_figures[i] = cursor_int(cursor, i);
    cursor_end(cursor);
}

FALLIBLE static inline struct error *
late_insert(struct db *db, int64_t number, int64_t parent)
{
    struct cursor *cursor = cursor_start(db, &test_late_insert);
    cursor_bind_int(cursor, 1, number);
    cursor_bind_int(cursor, 2, parent);
    return cursor_run(cursor, NULL);
}

#define DB_TEST(function) cmocka_unit_test_setup_teardown(function, fixture_setup, fixture_teardown)
#define DB_TEST_FOLDER(function) cmocka_unit_test_setup_teardown(function, fixture_setup_folder, fixture_teardown)

#endif
