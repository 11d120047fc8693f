/* test_base_arena.c: arena and buffer. */
#include "check.h"

#include "lumbung/base/arena.h"
#include "lumbung/base/buffer.h"

static void
memory_is_zeroed_and_aligned(void **state)
{
    struct arena *arena = arena_create();

    (void)state;
    for (int round = 0; round < 3; round++) {
        for (size_t size = 0; size < 3000; size += 37) {
            unsigned char *memory = arena_alloc(arena, size);

            assert_int_equal((uintptr_t)memory % 16, 0);
            for (size_t i = 0; i < size; i++)
                assert_int_equal(memory[i], 0);
            memset(memory, 0xff, size);
        }
        assert_true(arena_used(arena) >= 3000 / 37 * 1500);
        arena_reset(arena);
        assert_int_equal(arena_used(arena), 0);
    }
    arena_destroy(arena);
    arena_destroy(NULL);
}

static void
large_blocks_do_not_overlap(void **state)
{
    struct arena *arena = arena_create();
    char *small = arena_text(arena, "small");
    char *large = arena_alloc(arena, 5000000);
    char *after = arena_text(arena, "after");

    (void)state;
    memset(large, 'x', 5000000);
    assert_string_equal(small, "small");
    assert_string_equal(after, "after");
    assert_null(arena_text(arena, NULL));
    assert_string_equal(arena_copy(arena, "abcdef", 3), "abc");
    assert_string_equal(arena_format(arena, "%s-%d", "a", 7), "a-7");
    arena_destroy(arena);
}

static void
growing_keeps_the_items(void **state)
{
    struct arena *arena = arena_create();
    int *items = NULL;
    size_t capacity = 0;

    (void)state;
    for (size_t count = 0; count < 1000; count++) {
        int *before = items;
        bool had_room = count < capacity;

        items = arena_grow(arena, items, count, &capacity, sizeof *items);
        assert_true(count < capacity);
        if (had_room)
            assert_ptr_equal(items, before);
        items[count] = (int)count;
    }
    for (size_t i = 0; i < 1000; i++)
        assert_int_equal(items[i], i);
    arena_destroy(arena);
}

static void
buffers_keep_what_was_written(void **state)
{
    struct arena *arena = arena_create();
    struct buffer one;
    struct buffer two;

    (void)state;
    buffer_init(&one, arena);
    buffer_init(&two, arena);
    assert_string_equal(buffer_text(&one), "");
    for (int i = 0; i < 20000; i++) {
        buffer_int(&one, i);
        buffer_char(&two, (char)('a' + i % 26));
    }
    assert_int_equal(one.length, 10 + 180 + 2700 + 36000 + 50000);
    assert_int_equal(two.length, 20000);
    for (size_t i = 0; i < two.length; i++)
        assert_int_equal(two.data[i], 'a' + i % 26);
    assert_memory_equal(buffer_text(&one) + one.length - 10, "1999819999", 10);
    arena_destroy(arena);
}

static void
integers_print(void **state)
{
    static const struct {
        int64_t value;
        const char *text;
    } rows[] = {{0, "0"}, {-1, "-1"}, {10, "10"}, {INT64_MAX, "9223372036854775807"}, {INT64_MIN, "-9223372036854775808"}};

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct arena *arena = arena_create();
        struct buffer buffer;

        buffer_init(&buffer, arena);
        buffer_int(&buffer, rows[i].value);
        CHECK_TEXT(buffer_text(&buffer), rows[i].text, rows[i].text);
        arena_destroy(arena);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(memory_is_zeroed_and_aligned),
        cmocka_unit_test(large_blocks_do_not_overlap),
        cmocka_unit_test(growing_keeps_the_items),
        cmocka_unit_test(buffers_keep_what_was_written),
        cmocka_unit_test(integers_print),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
