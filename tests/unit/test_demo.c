/* test_demo.c: invented families: the same seed makes the same, some houses hold two families, and every date lies where it must on any day. */
#include "check.h"

#include "demo/demo_family.h"
#include "demo/demo_programs.h"
#include "lumbung/base/arena.h"
#include "lumbung/base/buffer.h"
#include "lumbung/base/id.h"
#include "lumbung/base/text.h"
#include "lumbung/base/time.h"

#define VILLAGE "15.01.01.2001"
#define FAMILIES 400

static const char *
family_text(struct arena *arena, struct demo_random *random, int serial, int32_t today)
{
    struct buffer text;
    buffer_init(&text, arena);
    json_print(&text, NULL, demo_family(arena, random, VILLAGE, serial, today));
    return buffer_text(&text);
}

static void
same_seed_same_families(void **state)
{
    (void)state;
    struct arena *arena = arena_create();
    struct demo_random one = {2026}, two = {2026}, other = {2027};
    int same = 0;
    for (int i = 0; i < FAMILIES; i++) {
        const char *text = family_text(arena, &one, i, 20781);
        assert_string_equal(text, family_text(arena, &two, i, 20781));
        same += text_equal(text, family_text(arena, &other, i, 20781));
    }
    assert_int_equal(same, 0);
    arena_destroy(arena);
}

static int32_t
date_at(const struct json *object, const char *name)
{
    int32_t date = 0;
    assert_true(date_parse(json_get_text(object, name), &date));
    return date;
}

static void
check_members(const struct json *family, int32_t today, int ret_of_family[3])
{
    const struct json *members = json_get(family, "members");
    int heads = 0;
    for (size_t i = 0; i < members->count; i++) {
        const struct json *member = members->items[i], *pregnancy = json_get(member, "pregnancy");
        int64_t number = json_get_int(member, "family_no", 1);
        assert_in_range(number, 1, 2);
        ret_of_family[number]++;
        heads += text_equal(json_get_text(member, "relationship"), "head");
        int32_t birth = date_at(member, "birth_date");
        assert_true(birth < today && birth > today - 97 * 366);
        if (pregnancy)
            assert_in_range(date_at(pregnancy, "due_on") - today, 1, 280);
    }
    assert_int_equal(heads, 1);
}

/* The second family has a card of its own and a head who is one of its members. */
static void
check_second(const struct json *family, bool has_second)
{
    const struct json *families = json_get(family, "families"), *members = json_get(family, "members");
    assert_int_equal(families != NULL, has_second);
    if (!has_second)
        return;
    struct id id;
    assert_int_equal(families->count, 2);
    assert_null(json_get(family, "kk_number"));
    assert_string_not_equal(json_get_text(families->items[0], "kk_number"), json_get_text(families->items[1], "kk_number"));
    const char *head = json_get_text(families->items[1], "head_member_id");
    assert_true(head && id_parse(head, &id));
    bool found = false;
    for (size_t i = 0; i < members->count; i++)
        found |= text_equal(json_get_text(members->items[i], "id"), head) && json_get_int(members->items[i], "family_no", 1) == 2;
    assert_true(found);
}

static void
some_houses_hold_two_families(void **state)
{
    (void)state;
    static const char *const days[] = {"2024-02-29", "2026-11-24", "2031-01-01", "2031-12-31"};
    for (size_t d = 0; d < COUNT(days); d++) {
        struct arena *arena = arena_create();
        struct demo_random random = {d};
        int32_t today = 0;
        int second = 0;
        assert_true(date_parse(days[d], &today));
        for (int i = 0; i < FAMILIES; i++) {
            int of_family[3] = {0};
            const struct json *family = demo_family(arena, &random, VILLAGE, i, today);
            check_members(family, today, of_family);
            check_second(family, of_family[2] > 0);
            CHECK_ROW(of_family[2] == 0 || of_family[2] >= 2, days[d]);
            second += of_family[2] > 0;
        }
        CHECK_ROW(second > FAMILIES / 25 && second < FAMILIES / 4, days[d]);
        arena_destroy(arena);
    }
}

static void
programs_run_around_today(void **state)
{
    (void)state;
    static const char *const days[] = {"2026-01-01", "2026-12-31", "2032-06-15"};
    struct arena *arena = arena_create();
    for (size_t d = 0; d < COUNT(days); d++)
        for (int i = 0; i < DEMO_PROGRAMS; i++) {
            int32_t today = 0;
            struct json *program = NULL;
            assert_true(date_parse(days[d], &today));
            assert_null(demo_program(arena, i, 100, today, &program));
            CHECK_ROW(date_at(program, "starts_on") <= today - 365, days[d]); /* the period before today's lies within */
            CHECK_ROW(date_at(program, "ends_on") >= today + 365, days[d]);
        }
    arena_destroy(arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(same_seed_same_families), cmocka_unit_test(some_houses_hold_two_families),
                                       cmocka_unit_test(programs_run_around_today)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
