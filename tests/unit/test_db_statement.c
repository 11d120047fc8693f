/* test_db_statement.c: the registry of statements, cursors of every kind, and how refusals of the engine become ours. */
#include "db_fixture.h"

STATEMENT_READ(test_basket_by_number, "SELECT number, name, amount, id, data, parent FROM test_basket WHERE number = $1")
STATEMENT_READ(test_swapped, "SELECT $2, $1, $2")
STATEMENT_READ(test_basket_all, "SELECT number FROM test_basket ORDER BY number")
STATEMENT_WRITE(test_basket_raise, "UPDATE test_basket SET amount = amount + $1")
STATEMENT_WRITE(test_basket_take, "DELETE FROM test_basket WHERE number <= $1 RETURNING number")
STATEMENT_WRITE(test_leaf_insert, "INSERT INTO audit_leaf (origin, seq, at_ms, action, leaf) VALUES ($1, $2, 0, 'test', $1)")
STATEMENT_WRITE(test_leaf_update, "UPDATE audit_leaf SET at_ms = 1")
STATEMENT_WRITE(test_leaf_delete, "DELETE FROM audit_leaf")
STATEMENT_READ(test_sum_overflow, "SELECT sum(value) FROM (SELECT 9223372036854775807 AS value UNION ALL SELECT 1)")

static void
registry_sees_every_file(void **state)
{
    (void)state;
    bool is_here = false, is_keyring = false;
    for (size_t i = 0; i < statement_count(); i++) {
        const struct statement *statement = statement_at(i);
        assert_non_null(statement->name);
        assert_non_null(statement->sql);
        is_here = is_here || statement == &test_swapped;
        is_keyring = is_keyring || strcmp(statement->name, "data_key_by_subject") == 0;
        for (size_t j = 0; j < i; j++)
            assert_string_not_equal(statement->name, statement_at(j)->name);
    }
    assert_true(is_here && is_keyring);
}

static void
values_come_back_as_they_went(void **state)
{
    struct fixture *fixture = *state;
    struct db *db;
    bool row;
    struct id id = id_make(TEST_NOW_MS);
    must(db_open(fixture->path, DB_WRITER, NULL, &db));
    struct cursor *cursor = cursor_start(db, &test_basket_insert);
    cursor_bind_int(cursor, 1, 5);
    cursor_bind_text(cursor, 2, "Nasi \xe2\x98\xba");
    cursor_bind_int(cursor, 3, 7);
    cursor_bind_id(cursor, 4, id);
    cursor_bind_bytes(cursor, 5, "a\0b", 3);
    cursor_bind_int_or_null(cursor, 6, true, 3);
    must(cursor_run(cursor, NULL));
    cursor = cursor_start(db, &test_basket_by_number);
    cursor_bind_int(cursor, 1, 5);
    must(cursor_next(cursor, &row));
    assert_true(row);
    assert_int_equal(cursor_int(cursor, 2), 7);
    assert_string_equal(cursor_text(cursor, fixture->arena, 1), "Nasi \xe2\x98\xba");
    assert_true(id_equal(cursor_id(cursor, 3), id));
    struct bytes bytes = cursor_bytes(cursor, fixture->arena, 4);
    assert_int_equal(bytes.length, 3);
    assert_memory_equal(bytes.data, "a\0b", 3);
    assert_true(cursor_is_null(cursor, 5));
    must(cursor_next(cursor, &row));
    assert_false(row);
    cursor_end(cursor);
    db_close(db);
}

static void
nulls_and_empty_bytes_differ(void **state)
{
    struct fixture *fixture = *state;
    struct db *db;
    bool row;
    must(db_open(fixture->path, DB_WRITER, NULL, &db));
    struct cursor *cursor = cursor_start(db, &test_basket_insert);
    cursor_bind_int(cursor, 1, 1);
    cursor_bind_text(cursor, 2, NULL);
    cursor_bind_int(cursor, 3, 0);
    cursor_bind_id(cursor, 4, (struct id){{0}});
    cursor_bind_bytes(cursor, 5, "", 0);
    cursor_bind_null(cursor, 6);
    must(cursor_run(cursor, NULL));
    cursor = cursor_start(db, &test_basket_by_number);
    cursor_bind_int(cursor, 1, 1);
    must(cursor_next(cursor, &row));
    assert_null(cursor_text(cursor, fixture->arena, 1));
    assert_true(id_is_zero(cursor_id(cursor, 3)));
    assert_true(cursor_is_null(cursor, 3));
    assert_false(cursor_is_null(cursor, 4));
    assert_int_equal(cursor_bytes(cursor, fixture->arena, 4).length, 0);
    assert_non_null(cursor_bytes(cursor, fixture->arena, 4).data);
    cursor_end(cursor);
    db_close(db);
}

/* The engine numbers $2, $1 by first appearance; we bind by what is written. */
static void
parameters_go_by_their_number(void **state)
{
    struct fixture *fixture = *state;
    struct db *db;
    bool row;
    must(db_open(fixture->path, DB_READER, NULL, &db));
    struct cursor *cursor = cursor_start(db, &test_swapped);
    cursor_bind_int(cursor, 1, 11);
    cursor_bind_int(cursor, 2, 22);
    must(cursor_next(cursor, &row));
    assert_int_equal(cursor_int(cursor, 0), 22);
    assert_int_equal(cursor_int(cursor, 1), 11);
    assert_int_equal(cursor_int(cursor, 2), 22);
    cursor_end(cursor);
    /* What was bound before is forgotten. */
    cursor = cursor_start(db, &test_swapped);
    must(cursor_next(cursor, &row));
    assert_true(cursor_is_null(cursor, 1));
    cursor_end(cursor);
    db_close(db);
}

static void
rows_are_counted_and_returned(void **state)
{
    struct fixture *fixture = *state;
    struct db *db;
    bool row;
    int64_t changed, seen = 0;
    must(db_open(fixture->path, DB_WRITER, NULL, &db));
    for (int i = 1; i <= 10; i++)
        must(basket_insert(db, i, i, NULL, 0));
    struct cursor *cursor = cursor_start(db, &test_basket_raise);
    cursor_bind_int(cursor, 1, 1);
    must(cursor_run(cursor, &changed));
    assert_int_equal(changed, 10);
    cursor = cursor_start(db, &test_basket_take);
    cursor_bind_int(cursor, 1, 4);
    for (;;) {
        must(cursor_next(cursor, &row));
        if (!row)
            break;
        seen += cursor_int(cursor, 0);
    }
    cursor_end(cursor);
    assert_int_equal(seen, 10);
    db_close(db);
}

static void
constraints_are_mapped(void **state)
{
    struct fixture *fixture = *state;
    struct db *db;
    must(db_open(fixture->path, DB_WRITER, NULL, &db));
    must(basket_insert(db, 1, 1, NULL, 0));
    must_refuse(basket_insert(db, 1, 1, NULL, 0), ERROR_EXISTS, "test_basket.number");
    must_refuse(basket_insert(db, 2, -1, NULL, 0), ERROR_INTERNAL, "CHECK");
    must_refuse(basket_insert(db, 2, 1001, NULL, 0), ERROR_BUDGET, NULL);
    must_refuse(basket_insert(db, 2, 999, NULL, 0), ERROR_INTERNAL, "no such slug");
    struct cursor *cursor = cursor_start(db, &test_basket_insert);
    cursor_bind_int(cursor, 1, 3);
    must_refuse(cursor_run(cursor, NULL), ERROR_INTERNAL, "NOT NULL");
    cursor = cursor_start(db, &test_basket_insert);
    cursor_bind_int(cursor, 1, 3);
    cursor_bind_int(cursor, 3, 3);
    cursor_bind_int(cursor, 6, 99);
    must_refuse(cursor_run(cursor, NULL), ERROR_NOT_FOUND, NULL);
    cursor = cursor_start(db, &test_basket_insert);
    cursor_bind_int(cursor, 1, 3);
    cursor_bind_text(cursor, 3, "three");
    must_refuse(cursor_run(cursor, NULL), ERROR_INTERNAL, "cannot store TEXT");
    int64_t figures[3];
    basket_figures(db, figures);
    assert_int_equal(figures[0], 1);
    db_close(db);
}

static void
unique_name_is_mapped(void **state)
{
    struct fixture *fixture = *state;
    struct db *db;
    must(db_open(fixture->path, DB_WRITER, NULL, &db));
    for (int i = 1; i <= 2; i++) {
        struct cursor *cursor = cursor_start(db, &test_basket_insert);
        cursor_bind_int(cursor, 1, i);
        cursor_bind_text(cursor, 2, "same");
        cursor_bind_int(cursor, 3, 1);
        struct error *error = cursor_run(cursor, NULL);
        if (i == 1)
            must(error);
        else
            must_refuse(error, ERROR_EXISTS, "test_basket.name");
    }
    db_close(db);
}

static void
overflow_of_a_sum_is_an_error(void **state)
{
    struct fixture *fixture = *state;
    struct db *db;
    bool row;
    must(db_open(fixture->path, DB_READER, NULL, &db));
    must_refuse(cursor_next(cursor_start(db, &test_sum_overflow), &row), ERROR_INTERNAL, "overflow");
    db_close(db);
}

static void
audit_cannot_be_rewritten(void **state)
{
    struct fixture *fixture = *state;
    struct db *db;
    must(db_open(fixture->path, DB_WRITER, NULL, &db));
    struct cursor *cursor = cursor_start(db, &test_leaf_insert);
    cursor_bind_bytes(cursor, 1, "0123456789abcdef", 16);
    cursor_bind_int(cursor, 2, 0);
    must(cursor_run(cursor, NULL));
    must_refuse(cursor_run(cursor_start(db, &test_leaf_update), NULL), ERROR_TAMPERED, NULL);
    must_refuse(cursor_run(cursor_start(db, &test_leaf_delete), NULL), ERROR_TAMPERED, NULL);
    /* Also not by the detour of replacing a row. */
    must_refuse(db_execute(db, "INSERT OR REPLACE INTO audit_leaf (origin, seq, at_ms, action, leaf) "
                               "VALUES (CAST('0123456789abcdef' AS BLOB), 0, 5, 'x', x'00')"),
                ERROR_TAMPERED, NULL);
    db_close(db);
}

static void
readers_cannot_write(void **state)
{
    struct fixture *fixture = *state;
    struct db *db;
    must(db_open(fixture->path, DB_READER, NULL, &db));
    must_refuse(db_execute(db, "DELETE FROM job"), ERROR_DISK, NULL);
    must_refuse(db_execute(db, "PRAGMA query_only = OFF; DELETE FROM job"), ERROR_DISK, NULL);
    int64_t figures[3];
    basket_figures(db, figures);
    db_close(db);
}

static void
mistaken_statements_do_not_start(void **state)
{
    struct fixture *fixture = *state;
    struct db *db;
    bool row;
    const struct statement bad[] = {
        {"typo", "SELECT nothing FROM nowhere", false},
        {"two", "SELECT 1; SELECT 2", false},
        {"empty", " ", false},
        {"hidden write", "DELETE FROM job", false},
        {"question", "SELECT ?", false},
        {"word", "SELECT $name", false},
    };
    must(db_open(fixture->path, DB_MIGRATOR, NULL, &db));
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        must_refuse(cursor_next(cursor_start(db, &bad[i]), &row), ERROR_INTERNAL, bad[i].name);
    db_close(db);
}

/* Cursors that an early return left open are swept up by the end of the transaction. */
static void
rollback_ends_open_cursors(void **state)
{
    struct fixture *fixture = *state;
    struct db *db;
    bool row;
    must(db_open(fixture->path, DB_WRITER, NULL, &db));
    must(basket_insert(db, 1, 1, NULL, 0));
    must(db_begin(db, true));
    must(db_savepoint(db));
    must(basket_insert(db, 2, 1, NULL, 0));
    must(cursor_next(cursor_start(db, &test_basket_all), &row));
    db_rollback_to(db);
    assert_true(db_in_transaction(db));
    must(cursor_next(cursor_start(db, &test_basket_all), &row));
    must(db_commit(db));
    assert_false(db_in_transaction(db));
    int64_t figures[3];
    basket_figures(db, figures);
    assert_int_equal(figures[0], 1);
    db_close(db);
}

static void
snapshot_does_not_move(void **state)
{
    struct fixture *fixture = *state;
    struct db *writer, *reader;
    int64_t figures[3];
    must(db_open(fixture->path, DB_WRITER, NULL, &writer));
    must(db_open(fixture->path, DB_READER, NULL, &reader));
    must(basket_insert(writer, 1, 1, NULL, 0));
    must(db_begin(reader, false));
    basket_figures(reader, figures);
    must(basket_insert(writer, 2, 1, NULL, 0));
    basket_figures(reader, figures);
    assert_int_equal(figures[0], 1);
    must(db_commit(reader));
    basket_figures(reader, figures);
    assert_int_equal(figures[0], 2);
    db_close(reader);
    db_close(writer);
}

static void
copy_is_whole_and_never_overwrites(void **state)
{
    struct fixture *fixture = *state;
    struct db *db, *copy;
    int64_t figures[3];
    const char *path = arena_format(fixture->arena, "%s/copy.db", fixture->folder);
    must(db_open(fixture->path, DB_WRITER, NULL, &db));
    for (int i = 1; i <= 100; i++)
        must(basket_insert(db, i, 1, NULL, 0));
    must(db_copy(db, path));
    must_refuse(db_copy(db, path), ERROR_FILE, "exists");
    must(db_open(path, DB_WRITER, NULL, &copy));
    must(db_check_integrity(copy));
    basket_figures(copy, figures);
    assert_int_equal(figures[1], 5050);
    db_close(copy);
    db_close(db);
}

static void
integrity_finds_lost_rows(void **state)
{
    struct fixture *fixture = *state;
    struct db *db;
    fixture_execute(fixture, "PRAGMA foreign_keys = OFF; INSERT INTO test_late VALUES (1, 77)");
    must(db_open(fixture->path, DB_WRITER, NULL, &db));
    must_refuse(db_check_integrity(db), ERROR_DATABASE, "point to nothing");
    db_close(db);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(registry_sees_every_file), DB_TEST(values_come_back_as_they_went), DB_TEST(nulls_and_empty_bytes_differ),
        DB_TEST(parameters_go_by_their_number),     DB_TEST(rows_are_counted_and_returned), DB_TEST(constraints_are_mapped),
        DB_TEST(unique_name_is_mapped),             DB_TEST(overflow_of_a_sum_is_an_error), DB_TEST(audit_cannot_be_rewritten),
        DB_TEST(readers_cannot_write),              DB_TEST(mistaken_statements_do_not_start), DB_TEST(rollback_ends_open_cursors),
        DB_TEST(snapshot_does_not_move),            DB_TEST(copy_is_whole_and_never_overwrites), DB_TEST(integrity_finds_lost_rows),
    };
    return cmocka_run_group_tests_name("db statement", tests, NULL, NULL);
}
