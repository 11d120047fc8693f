/* test_base_id.c: UUIDs, their order and their refusals. */
#include "check.h"

#include <pthread.h>
#include <stdlib.h>

#include "lumbung/base/crypto.h"
#include "lumbung/base/id.h"

#define PER_THREAD 20000

static void
texts_are_refused(void **state)
{
    static const char *const rows[] = {
        "", "0192f0c1", "0192f0c1-0000-7000-8000-00000000000", "0192f0c1-0000-7000-8000-0000000000000", "0192f0c1x0000-7000-8000-000000000000",
        "0192f0c100007000800000000000000000000", "{192f0c1-0000-7000-8000-00000000000}", "0192f0c1-0000-7000-8000-00000000000g",
        " 192f0c1-0000-7000-8000-000000000000", "0192f0c1-0000-7000-80000-00000000000", "0192f0c-10000-7000-8000-000000000000",
    };
    struct id id = {{7}};

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++)
        CHECK_ROW(!id_parse(rows[i], &id) && id.bytes[0] == 7, rows[i]);
    assert_false(id_parse(NULL, &id));
}

static void
texts_go_round(void **state)
{
    struct id id;
    struct id zero = {{0}};
    char text[ID_TEXT_SIZE];

    (void)state;
    assert_true(id_parse("0192F0C1-abcd-7EF0-8123-456789abcdef", &id));
    id_print(id, text);
    assert_string_equal(text, "0192f0c1-abcd-7ef0-8123-456789abcdef");
    assert_false(id_is_zero(id));
    assert_true(id_is_zero(zero));
    assert_true(id_equal(id, id));
    assert_true(id_compare(zero, id) < 0);
}

static void
ids_grow_even_when_the_clock_does_not(void **state)
{
    struct id last = id_make(INT64_C(1795489200000));

    (void)state;
    for (int i = 0; i < 30000; i++) {
        /* The clock stands, then steps back an hour. */
        struct id next = id_make(INT64_C(1795489200000) - (i > 10000 ? 3600000 : 0));

        assert_true(id_compare(last, next) < 0);
        assert_int_equal(next.bytes[6] >> 4, 7);
        assert_int_equal(next.bytes[8] >> 6, 2);
        last = next;
    }
}

static void
ids_carry_the_milliseconds(void **state)
{
    int64_t now_ms = INT64_C(1895489200123);
    struct id id = id_make(now_ms);
    int64_t read = 0;

    (void)state;
    for (int i = 0; i < 6; i++)
        read = read << 8 | id.bytes[i];
    assert_int_equal(read, now_ms);
}

static void *
make_many(void *context)
{
    struct id *ids = context;

    for (int i = 0; i < PER_THREAD; i++)
        ids[i] = id_make(INT64_C(1895489200124));
    return NULL;
}

static int
compare(const void *left, const void *right)
{
    return id_compare(*(const struct id *)left, *(const struct id *)right);
}

static void
threads_never_make_the_same(void **state)
{
    static struct id ids[4 * PER_THREAD];
    pthread_t threads[4];

    (void)state;
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, make_many, ids + i * PER_THREAD), 0);
    for (size_t i = 0; i < 4; i++)
        pthread_join(threads[i], NULL);
    qsort(ids, COUNT(ids), sizeof(ids[0]), compare);
    for (size_t i = 1; i < COUNT(ids); i++)
        assert_true(id_compare(ids[i - 1], ids[i]) < 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_are_refused),
        cmocka_unit_test(texts_go_round),
        cmocka_unit_test(ids_grow_even_when_the_clock_does_not),
        cmocka_unit_test(ids_carry_the_milliseconds),
        cmocka_unit_test(threads_never_make_the_same),
    };

    crypto_start();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
