/* test_db_rows.c: whole reads and single writes: what they give, where they stop, and that the cursor is over whatever happens. */
#include "db_fixture.h"

/* The row whose number is $2 makes its own step fail. */
#define NUMBER_OR_FAIL "CASE WHEN number = $2 THEN abs(-9223372036854775807 - number / number) ELSE number END"
STATEMENT_READ(test_rows_list, "SELECT " NUMBER_OR_FAIL ", name FROM test_basket WHERE number <= $1 ORDER BY number")
STATEMENT_READ(test_rows_one, "SELECT number, name FROM test_basket WHERE number = $1")
STATEMENT_READ(test_rows_values, "SELECT id FROM test_basket WHERE number = $1")
STATEMENT_READ(test_rows_names, "SELECT name FROM test_basket ORDER BY number")

STATEMENT_READ(test_rows_ints, "SELECT number, number * 2, CASE WHEN number = $2 THEN abs(-9223372036854775807 - number / number) ELSE number * 3 END "
                               "FROM test_basket WHERE number >= $1 ORDER BY number")
STATEMENT_WRITE(test_rows_price, "UPDATE test_basket SET amount = $2 WHERE number >= $1 AND amount <> $2")

#define NONE_FAILS (-1)
#define NUMBER_MAX 100
#define UNTOUCHED 77

struct basket {
    int64_t number;
    const char *name;
};

static void
read_basket(struct cursor *cursor, struct arena *arena, void *ret_row)
{
    *(struct basket *)ret_row = (struct basket){cursor_int(cursor, 0), cursor_text(cursor, arena, 1)};
}

/* A reader may ask further while the row is open. */
static void
read_basket_again(struct cursor *cursor, struct arena *arena, void *ret_row)
{
    struct cursor *other = cursor_start(cursor->db, &test_rows_one);
    cursor_bind_int(other, 1, cursor_int(cursor, 0));
    must(cursor_one(other, arena, read_basket, ret_row, NULL));
}

/* Baskets 1 to NUMBER_MAX; the third has no name. */
static struct db *
open_filled(struct fixture *fixture)
{
    struct db *db;
    must(db_open(fixture->path, DB_WRITER, NULL, &db));
    for (int64_t number = 1; number <= NUMBER_MAX; number++) {
        struct cursor *cursor = cursor_start(db, &test_basket_insert);
        cursor_bind_int(cursor, 1, number);
        cursor_bind_text(cursor, 2, number == 3 ? NULL : arena_format(fixture->arena, "basket %d", (int)number));
        cursor_bind_int(cursor, 3, 0);
        cursor_bind_bytes(cursor, 4, "0123456789abcdef", 16);
        must(cursor_run(cursor, NULL));
    }
    return db;
}

static struct cursor *
list_start(struct db *db, int64_t up_to, int64_t failing)
{
    struct cursor *cursor = cursor_start(db, &test_rows_list);
    cursor_bind_int(cursor, 1, up_to);
    cursor_bind_int(cursor, 2, failing);
    return cursor;
}

static struct cursor *
one_start(struct db *db, const struct statement *statement, int64_t number)
{
    struct cursor *cursor = cursor_start(db, statement);
    cursor_bind_int(cursor, 1, number);
    return cursor;
}

static void
must_be_numbered(const struct basket *baskets, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        char name[32];
        snprintf(name, sizeof name, "basket %zu", i + 1);
        assert_int_equal(baskets[i].number, i + 1);
        if (i == 2)
            assert_null(baskets[i].name);
        else
            assert_string_equal(baskets[i].name, name);
    }
}

static void
collects_all_rows_and_grows(void **state)
{
    static const size_t sizes[] = {1, 2, 7, 8, 9, 16, 17, NUMBER_MAX};
    struct fixture *fixture = *state;
    struct db *db = open_filled(fixture);
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        struct basket *baskets = NULL;
        size_t count = UNTOUCHED;
        must(cursor_collect(list_start(db, (int64_t)sizes[i], NONE_FAILS), fixture->arena, read_basket, &baskets, sizeof *baskets, &count));
        assert_int_equal(count, sizes[i]);
        must_be_numbered(baskets, count);
        assert_int_equal(db->open_count, 0);
    }
    db_close(db);
}

static void
collects_nothing_from_no_rows(void **state)
{
    struct fixture *fixture = *state;
    struct db *db = open_filled(fixture);
    struct basket basket, *baskets = &basket;
    size_t count = UNTOUCHED, used = arena_used(fixture->arena);
    must(cursor_collect(list_start(db, 0, NONE_FAILS), fixture->arena, read_basket, &baskets, sizeof *baskets, &count));
    assert_null(baskets);
    assert_int_equal(count, 0);
    assert_int_equal(arena_used(fixture->arena), used);
    assert_int_equal(db->open_count, 0);
    db_close(db);
}

static void
fill_stops_at_its_limit(void **state)
{
    static const struct { int64_t rows, limit; size_t count; } cases[] = {
        {0, 5, 0}, {3, 5, 3}, {5, 5, 5}, {6, 5, 5}, {NUMBER_MAX, 5, 5}, {NUMBER_MAX, 1, 1}, {NUMBER_MAX, 0, 0}, {NUMBER_MAX, -1, 0},
    };
    struct fixture *fixture = *state;
    struct db *db = open_filled(fixture);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct basket baskets[6] = {0};
        size_t count = UNTOUCHED;
        must(cursor_fill(list_start(db, cases[i].rows, NONE_FAILS), fixture->arena, read_basket, baskets, sizeof *baskets, cases[i].limit, &count));
        assert_int_equal(count, cases[i].count);
        must_be_numbered(baskets, count);
        assert_int_equal(baskets[count].number, 0);
        assert_int_equal(db->open_count, 0);
    }
    db_close(db);
}

/* The fifth step fails: a limit of four never takes it. */
static void
fill_takes_no_step_behind_its_limit(void **state)
{
    struct fixture *fixture = *state;
    struct db *db = open_filled(fixture);
    struct basket baskets[6];
    size_t count = UNTOUCHED;
    must(cursor_fill(list_start(db, NUMBER_MAX, 5), fixture->arena, read_basket, baskets, sizeof *baskets, 4, &count));
    assert_int_equal(count, 4);
    count = UNTOUCHED;
    must_refuse(cursor_fill(list_start(db, NUMBER_MAX, 5), fixture->arena, read_basket, baskets, sizeof *baskets, 5, &count), ERROR_INTERNAL, "test_rows_list");
    assert_int_equal(count, UNTOUCHED);
    assert_int_equal(db->open_count, 0);
    db_close(db);
}

static void
failing_step_leaves_the_outputs(void **state)
{
    static const int64_t failing[] = {1, 2, 8, 9, 17, NUMBER_MAX};
    struct fixture *fixture = *state;
    struct db *db = open_filled(fixture);
    for (size_t i = 0; i < sizeof failing / sizeof failing[0]; i++) {
        struct basket basket, *baskets = &basket;
        size_t count = UNTOUCHED;
        must_refuse(cursor_collect(list_start(db, NUMBER_MAX, failing[i]), fixture->arena, read_basket, &baskets, sizeof *baskets, &count), ERROR_INTERNAL,
                    "test_rows_list");
        assert_ptr_equal(baskets, &basket);
        assert_int_equal(count, UNTOUCHED);
        assert_int_equal(db->open_count, 0);
    }
    struct basket basket = {UNTOUCHED, NULL};
    bool found = true;
    must_refuse(cursor_one(list_start(db, NUMBER_MAX, 1), fixture->arena, read_basket, &basket, &found), ERROR_INTERNAL, "test_rows_list");
    assert_true(found);
    assert_int_equal(basket.number, UNTOUCHED);
    must_refuse(cursor_exists(list_start(db, NUMBER_MAX, 1), &found), ERROR_INTERNAL, "test_rows_list");
    assert_true(found);
    assert_int_equal(db->open_count, 0);
    db_close(db);
}

static void
one_takes_the_first_row_or_none(void **state)
{
    struct fixture *fixture = *state;
    struct db *db = open_filled(fixture);
    struct basket basket = {UNTOUCHED, NULL};
    bool found = true;
    must(cursor_one(one_start(db, &test_rows_one, NUMBER_MAX + 1), fixture->arena, read_basket, &basket, &found));
    assert_false(found);
    assert_int_equal(basket.number, UNTOUCHED);
    must(cursor_one(list_start(db, NUMBER_MAX, 2), fixture->arena, read_basket, &basket, &found)); /* the second step, which would fail, is not taken */
    assert_true(found);
    must_be_numbered(&basket, 1);
    must(cursor_one(one_start(db, &test_rows_one, 2), fixture->arena, read_basket, &basket, NULL));
    assert_string_equal(basket.name, "basket 2");
    assert_int_equal(db->open_count, 0);
    db_close(db);
}

static void
ints_go_each_to_its_place(void **state)
{
    static const struct { int64_t from, failing; bool fails; int64_t first, second, third; } cases[] = {
        {7, NONE_FAILS, false, 7, 14, 21}, {7, 8, false, 7, 14, 21}, {NUMBER_MAX + 1, NONE_FAILS, false, UNTOUCHED, UNTOUCHED, UNTOUCHED},
        {7, 7, true, UNTOUCHED, UNTOUCHED, UNTOUCHED},
    };
    struct fixture *fixture = *state;
    struct db *db = open_filled(fixture);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        int64_t first = UNTOUCHED, second = UNTOUCHED, third = UNTOUCHED;
        struct cursor *cursor = one_start(db, &test_rows_ints, cases[i].from);
        cursor_bind_int(cursor, 2, cases[i].failing);
        struct error *error = cursor_one_ints(cursor, (int64_t *[]){&first, &second, &third}, 3);
        assert_int_equal(error != NULL, cases[i].fails);
        error_free(error);
        assert_int_equal(first, cases[i].first);
        assert_int_equal(second, cases[i].second);
        assert_int_equal(third, cases[i].third);
        assert_int_equal(db->open_count, 0);
    }
    db_close(db);
}

static void
exists_tells_a_row_from_none(void **state)
{
    struct fixture *fixture = *state;
    struct db *db = open_filled(fixture);
    bool exists = false;
    must(cursor_exists(one_start(db, &test_rows_one, 3), &exists));
    assert_true(exists);
    must(cursor_exists(one_start(db, &test_rows_one, NUMBER_MAX + 1), &exists));
    assert_false(exists);
    assert_int_equal(db->open_count, 0);
    db_close(db);
}

static void
run_one_tells_a_changed_row(void **state)
{
    static const struct { int64_t from, amount; bool changed; } cases[] = {
        {NUMBER_MAX, 5, true}, {NUMBER_MAX, 5, false}, {NUMBER_MAX + 1, 6, false}, {NUMBER_MAX - 1, 7, false}, {NUMBER_MAX, 8, true},
    };
    struct fixture *fixture = *state;
    struct db *db = open_filled(fixture);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct cursor *cursor = one_start(db, &test_rows_price, cases[i].from);
        bool changed = !cases[i].changed;
        cursor_bind_int(cursor, 2, cases[i].amount);
        must(cursor_run_one(cursor, &changed));
        assert_int_equal(changed, cases[i].changed);
        assert_int_equal(db->open_count, 0);
    }
    struct cursor *cursor = one_start(db, &test_rows_price, NUMBER_MAX);
    bool changed = true;
    cursor_bind_int(cursor, 2, -1);
    must_refuse(cursor_run_one(cursor, &changed), ERROR_INTERNAL, NULL);
    assert_true(changed);
    assert_int_equal(db->open_count, 0);
    db_close(db);
}

static void
ready_readers_take_the_first_column(void **state)
{
    struct fixture *fixture = *state;
    struct db *db = open_filled(fixture);
    int64_t number = 0;
    struct id id = {{0}};
    struct bytes bytes = {NULL, 0};
    const char **names = NULL;
    size_t count = 0;
    must(cursor_one(one_start(db, &test_rows_one, 9), NULL, cursor_read_int, &number, NULL));
    assert_int_equal(number, 9);
    must(cursor_one(one_start(db, &test_rows_values, 9), NULL, cursor_read_id, &id, NULL));
    assert_memory_equal(id.bytes, "0123456789abcdef", 16);
    must(cursor_one(one_start(db, &test_rows_values, 9), fixture->arena, cursor_read_bytes, &bytes, NULL));
    assert_int_equal(bytes.length, 16);
    assert_memory_equal(bytes.data, "0123456789abcdef", 16);
    must(cursor_collect(cursor_start(db, &test_rows_names), fixture->arena, cursor_read_text, &names, sizeof *names, &count));
    assert_int_equal(count, NUMBER_MAX);
    assert_null(names[2]);
    assert_string_equal(names[NUMBER_MAX - 1], "basket 100");
    db_close(db);
}

static void
readers_may_start_other_cursors(void **state)
{
    struct fixture *fixture = *state;
    struct db *db = open_filled(fixture);
    struct basket *baskets = NULL;
    size_t count = 0;
    must(cursor_collect(list_start(db, 20, NONE_FAILS), fixture->arena, read_basket_again, &baskets, sizeof *baskets, &count));
    assert_int_equal(count, 20);
    must_be_numbered(baskets, count);
    assert_int_equal(db->open_count, 0);
    db_close(db);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        DB_TEST(collects_all_rows_and_grows),
        DB_TEST(collects_nothing_from_no_rows),
        DB_TEST(fill_stops_at_its_limit),
        DB_TEST(fill_takes_no_step_behind_its_limit),
        DB_TEST(failing_step_leaves_the_outputs),
        DB_TEST(one_takes_the_first_row_or_none),
        DB_TEST(ints_go_each_to_its_place),
        DB_TEST(exists_tells_a_row_from_none),
        DB_TEST(run_one_tells_a_changed_row),
        DB_TEST(ready_readers_take_the_first_column),
        DB_TEST(readers_may_start_other_cursors),
    };
    return cmocka_run_group_tests_name("db rows", tests, NULL, NULL);
}
