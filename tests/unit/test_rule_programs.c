/* test_rule_programs.c: entitlements of real programmes, to the rupiah: cash components with caps, a scholarship by grade, housing. */
#include "rule_sample.h"

/* Stage amounts of a conditional cash programme: caps by component, and at most four people a family. */
static const char components[] =
    "sum(top("
    "  top(household.members.map(m, has(m.pregnancy), amount(750000)), 2)"
    "  + top(household.members.map(m, age(m.birth_date) <= 6, amount(750000)), 2)"
    "  + household.members.map(m, has(m.school_level) && m.school_level == 'primary', amount(225000))"
    "  + household.members.map(m, has(m.school_level) && m.school_level == 'lower_secondary', amount(375000))"
    "  + household.members.map(m, has(m.school_level) && m.school_level == 'upper_secondary', amount(500000))"
    "  + top(household.members.map(m, age(m.birth_date) >= 70, amount(600000)), 1)"
    "  + top(household.members.map(m, has(m.registered_severe_disability) && m.registered_severe_disability, amount(600000)), 1)"
    ", 4))";

/* Half in the first and the final grade of a level. */
static const char scholarship[] =
    "{'primary': amount(450000), 'lower_secondary': amount(750000), 'upper_secondary': amount(1800000)}[member.school_level]"
    " / (member.grade in [1, 6, 7, 9, 10, 12] ? 2 : 1)";

static const char housing[] =
    "[{'code': 'material', 'kind': 'cash', 'amount_minor': amount(17500000) / 100 * tariff('HOUSING', household.region)},"
    " {'code': 'wage', 'kind': 'cash', 'amount_minor': amount(2500000)}]";

static const char mother[] = "{\"name\":\"Siti\",\"birth_date\":\"1990-02-01\",\"pregnancy\":{\"due_on\":\"2026-09-01\"}}";
static const char adult[] = "{\"name\":\"Agus\",\"birth_date\":\"1988-02-01\"}";
static const char toddler[] = "{\"name\":\"Ani\",\"birth_date\":\"2023-05-01\"}";
static const char pupil[] = "{\"name\":\"Budi\",\"birth_date\":\"2016-05-01\",\"school_level\":\"primary\",\"grade\":4}";
static const char junior[] = "{\"name\":\"Dewi\",\"birth_date\":\"2012-05-01\",\"school_level\":\"lower_secondary\",\"grade\":8}";
static const char senior[] = "{\"name\":\"Eko\",\"birth_date\":\"2009-05-01\",\"school_level\":\"upper_secondary\",\"grade\":11}";
static const char elder[] = "{\"name\":\"Mbah\",\"birth_date\":\"1950-05-01\"}";
static const char disabled[] = "{\"name\":\"Joko\",\"birth_date\":\"1985-05-01\",\"registered_severe_disability\":true}";

static void
assert_components(int64_t rupiah, size_t count, const char *const *members)
{
    struct arena *arena = arena_create();
    struct buffer buffer;

    buffer_init(&buffer, arena);
    buffer_add(&buffer, "{\"household\":{\"members\":[");
    for (size_t i = 0; i < count; i++)
        buffer_format(&buffer, "%s%s", i ? "," : "", members[i]);
    buffer_add(&buffer, "]}}");
    struct rule_inputs inputs = { .bindings = sample_json(arena, buffer_text(&buffer)) };
    struct rule_value value = rule_evaluate(sample_rule(arena, components, RULE_LIST, true), arena, &inputs, NULL);
    assert_int_equal(value.kind, RULE_VALUE_INT);
    assert_int_equal(value.as.integer, rupiah * 100);
    arena_destroy(arena);
}
#define ASSERT_COMPONENTS(rupiah, ...) assert_components(rupiah, COUNT(((const char *const[]){ __VA_ARGS__ })), (const char *const[]){ __VA_ARGS__ })

static void
test_components(void **state)
{
    (void)state;
    ASSERT_COMPONENTS(0, adult);
    ASSERT_COMPONENTS(750000, mother, adult);
    ASSERT_COMPONENTS(1500000, mother, mother, mother);
    ASSERT_COMPONENTS(1500000, toddler, toddler, toddler, adult);
    ASSERT_COMPONENTS(225000, pupil, adult);
    ASSERT_COMPONENTS(1100000, pupil, junior, senior);
    ASSERT_COMPONENTS(600000, elder, elder);
    ASSERT_COMPONENTS(600000, disabled, disabled, adult);
    ASSERT_COMPONENTS(1200000, elder, disabled);
    ASSERT_COMPONENTS(900000, pupil, pupil, pupil, pupil, pupil);             /* four people at most */
    ASSERT_COMPONENTS(2850000, mother, toddler, toddler, elder, pupil, junior); /* the four largest */
    ASSERT_COMPONENTS(2075000, mother, elder, pupil, senior);
}

static struct rule_value
scholarship_of(struct arena *arena, const char *level, const char *grade, struct json *missing)
{
    const char *bindings = grade ? arena_format(arena, "{\"member\":{\"school_level\":\"%s\",\"grade\":%s}}", level, grade)
                                 : arena_format(arena, "{\"member\":{\"school_level\":\"%s\"}}", level);

    return sample_value(arena, scholarship, bindings, missing);
}

static void
test_scholarship(void **state)
{
    static const struct { const char *level, *grade; int64_t rupiah; } rows[] = {
        { "primary", "1", 225000 },         { "primary", "2", 450000 },         { "primary", "5", 450000 },          { "primary", "6", 225000 },
        { "lower_secondary", "7", 375000 }, { "lower_secondary", "8", 750000 }, { "lower_secondary", "9", 375000 },
        { "upper_secondary", "10", 900000 }, { "upper_secondary", "11", 1800000 }, { "upper_secondary", "12", 900000 },
    };
    struct arena *arena = arena_create();
    struct json *missing = json_make(arena, JSON_ARRAY);

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct rule_value value = scholarship_of(arena, rows[i].level, rows[i].grade, NULL);
        assert_int_equal(value.kind, RULE_VALUE_INT);
        assert_int_equal(value.as.integer, rows[i].rupiah * 100);
    }
    assert_int_equal(scholarship_of(arena, "kindergarten", "1", NULL).kind, RULE_VALUE_ERROR);
    assert_int_equal(scholarship_of(arena, "primary", NULL, missing).kind, RULE_VALUE_ERROR);
    assert_int_equal(missing->count, 1);
    assert_string_equal(missing->items[0]->text, "/member/grade");
    arena_destroy(arena);
}

static int64_t
part_amount(struct arena *arena, const struct rule_value *parts, size_t i, const char *code)
{
    struct rule_value value;

    assert_true(rule_value_get(arena, &parts->as.list.items[i], "code", &value));
    assert_string_equal(value.as.text.data, code);
    assert_false(rule_value_get(arena, &parts->as.list.items[i], "nothing", &value));
    assert_true(rule_value_get(arena, &parts->as.list.items[i], "amount_minor", &value));
    assert_int_equal(value.kind, RULE_VALUE_INT);
    return value.as.integer;
}

static void
test_housing(void **state)
{
    struct arena *arena = arena_create();

    (void)state;
    struct rule_value parts = sample_value(arena, housing, "{\"household\":{\"region\":\"33.01\"}}", NULL);
    assert_int_equal(parts.kind, RULE_VALUE_LIST);
    assert_int_equal(parts.as.list.count, 2);
    assert_int_equal(part_amount(arena, &parts, 0, "material"), INT64_C(1750000000));
    assert_int_equal(part_amount(arena, &parts, 1, "wage"), INT64_C(250000000));
    parts = sample_value(arena, housing, "{\"household\":{\"region\":\"94.01\"}}", NULL);
    assert_int_equal(part_amount(arena, &parts, 0, "material"), INT64_C(2625000000));
    assert_int_equal(sample_value(arena, housing, "{\"household\":{}}", NULL).kind, RULE_VALUE_ERROR);
    arena_destroy(arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_components), cmocka_unit_test(test_scholarship), cmocka_unit_test(test_housing) };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
