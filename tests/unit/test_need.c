/* test_need.c: needs counted by region, category and group, as of a day, covered and not, as definitions say; and what definitions may not say. */
#include "money_fixture.h"

#include "assessment/assessment_fields.h"
#include "need/need_table.h"

#define TODAY 20602 /* of TEST_NOW_MS, seven hours east */


static struct need_index *index_now;

static struct error *
step_count(struct tx *tx, void *context)
{
    (void)context;
    return need_index_finish(tx, index_now);
}

static int
need_setup(void **state)
{
    int failed = money_setup(state);
    index_now = need_index_create();
    return failed;
}

static int
need_teardown(void **state)
{
    need_index_free(index_now);
    return money_teardown(state);
}
#define NEED_TEST(function) cmocka_unit_test_setup_teardown(function, need_setup, need_teardown)

static size_t
place_of(const char *code)
{
    for (size_t i = 0; i < index_now->place_count; i++)
        if (strcmp(index_now->places[i].code, code) == 0)
            return i;
    fail_msg("no region %s", code);
    return 0;
}

static void
count(const char *code, int32_t as_of, struct need_counts *ret_counts)
{
    size_t place = place_of(code);
    need_index_count(index_now, place, index_now->places[place].run, as_of, ret_counts);
}

static int64_t
figure(const char *code, const char *category, enum need_figure figure, enum need_group group, int32_t as_of)
{
    struct need_counts counts;
    int number = need_category_find(category);
    assert_true(number >= 0);
    count(code, as_of, &counts);
    const struct need_sums *sums = &counts.plain;
    return figure == NEED_PEOPLE ? sums->people.lane[group] : figure == NEED_KNOWN ? sums->known[number].lane[group]
           : figure == NEED_NEED ? sums->need[number].lane[group] : figure == NEED_COVERED ? sums->covered[number].lane[group] : -1;
}

static struct error *
step_define(struct tx *tx, void *context)
{
    struct money *money = context;
    struct json *json = NULL;
    int64_t version;
    TRY(parse_text(tx, money->json, &json));
    return need_definitions_make(tx, &money->maya, json, &version);
}

static struct error *
step_assess(struct tx *tx, void *context)
{
    struct money *money = context;
    struct json *form = NULL, *in = NULL;
    struct form *open;
    struct id form_id, id;
    TRY(parse_text(tx, "{\"name\":\"Uji\",\"title\":{\"id\":\"Uji\",\"en\":\"Test\"},\"languages\":[\"id\",\"en\"],\"questions\":[{\"name\":\"hungry\",\"type\":\"select_one\","
                       "\"label\":{\"id\":\"Lapar?\",\"en\":\"Hungry?\"},\"choices\":[{\"name\":\"yes\",\"label\":{\"id\":\"Ya\",\"en\":\"Yes\"}},{\"name\":\"no\",\"label\":{\"id\":\"Tidak\","
                       "\"en\":\"No\"}}],\"required\":true},{\"name\":\"w\",\"type\":\"decimal\",\"label\":{\"id\":\"Bobot\",\"en\":\"Weight\"},\"required\":false}]}", &form));
    TRY(assessment_form_make(tx, &money->house->console, form, &form_id));
    TRY(assessment_open_form(tx, form_id, &open));
    char form_text[ID_TEXT_SIZE];
    id_print(form_id, form_text);
    TRY(parse_text(tx, arena_format(tx->arena, "{\"form_id\":\"%s\",%s}", form_text, money->text), &in));
    return assessment_record_json(tx, &money->house->officer, money->household_id, open, in, &id);
}

static void
assess(struct money *money, const char *answers, const char *on)
{
    money->text = arena_format(money->house->trial->arena, "\"answers\":{%s},\"assessed_on\":\"%s\"", answers, on);
    MUST(step_assess);
}

#define HUNGER "{\"needs\":[{\"category\":\"food\",\"household\":\"household.needs.hungry == 'yes'\",\"covered_by\":{\"categories\":[\"direct_aid\"]}}," \
               "{\"category\":\"schooling\",\"member\":\"age(member.birth_date) >= 7 && age(member.birth_date) <= 18 && member.in_school == false\"}]}"
#define OUT_OF_SCHOOL "{\"name\":\"Budi Santoso\",\"id_reason\":\"belum diurus\",\"sex\":\"M\",\"birth_date\":\"2015-03-02\",\"relationship\":\"child\",\"in_school\":false}"

static void
define(struct money *money, const char *definitions)
{
    money->json = definitions;
    MUST(step_define);
}

static void
need_follows_the_answers_of_its_day(void **state)
{
    struct money *money = *state;
    define(money, HUNGER);
    money->household_id = money_family(money, 1, HOUSE_CHILD);
    MUST(step_count);
    assert_int_equal(figure("33", "food", NEED_PEOPLE, NEED_ALL, TODAY), 2);
    assert_int_equal(figure("33", "food", NEED_KNOWN, NEED_ALL, TODAY), 0);
    assess(money, "\"hungry\":\"yes\"", "2026-03-01");
    assess(money, "\"hungry\":\"no\"", "2026-05-01");
    MUST(step_count);
    int32_t before = date_from_parts(2026, 2, 28), hungry = date_from_parts(2026, 4, 1);
    assert_int_equal(figure("33", "food", NEED_NEED, NEED_HOUSEHOLDS, hungry), 1);
    assert_int_equal(figure("33", "food", NEED_NEED, NEED_ALL, hungry), 2);
    assert_int_equal(figure("33", "food", NEED_NEED, NEED_HOUSEHOLDS, TODAY), 0);
    assert_int_equal(figure("33", "food", NEED_KNOWN, NEED_HOUSEHOLDS, TODAY), 1);
    assert_int_equal(figure("33", "food", NEED_PEOPLE, NEED_HOUSEHOLDS, before), 0);
}

static void
groups_add_up_to_all(void **state)
{
    struct money *money = *state;
    define(money, HUNGER);
    money->household_id = money_family(money, 1, HOUSE_CHILD);
    assess(money, "\"hungry\":\"yes\"", "2026-03-01");
    MUST(step_count);
    static const struct { enum need_group group; int64_t persons; } groups[] = {
        {NEED_ALL, 2}, {NEED_GROUP_FEMALE, 1}, {NEED_GROUP_MALE, 1}, {NEED_GROUP_OTHER_SEX, 0}, {NEED_GROUP_UNDER_5, 0}, {NEED_GROUP_5_17, 1}, {NEED_GROUP_60_UP, 1},
        {NEED_GROUP_18_59, 0}, {NEED_GROUP_DISABLED, 0}, {NEED_GROUP_NOT_DISABLED, 2}, {NEED_HOUSEHOLDS, 1}};
    for (size_t i = 0; i < COUNT(groups); i++)
        assert_int_equal(figure("33", "food", NEED_NEED, groups[i].group, TODAY), groups[i].persons);
}

static void
regions_add_up_and_hold_no_others(void **state)
{
    struct money *money = *state;
    define(money, HUNGER);
    money->household_id = money_family(money, 1, OUT_OF_SCHOOL);
    MUST(step_count);
    static const char *const holding[] = {"33", "33.08", "33.08.03", "33.08.03.2001"}, *const empty[] = {"33.08.03.2002", "33.08.04", "33.08.04.2001"};
    for (size_t i = 0; i < COUNT(holding); i++)
        assert_int_equal(figure(holding[i], "schooling", NEED_NEED, NEED_ALL, TODAY), 1);
    for (size_t i = 0; i < COUNT(empty); i++)
        assert_int_equal(figure(empty[i], "schooling", NEED_PEOPLE, NEED_ALL, TODAY), 0);
}

static void
a_need_may_concern_some_members_only(void **state)
{
    struct money *money = *state;
    define(money, HUNGER);
    money_family(money, 1, OUT_OF_SCHOOL);
    money_family(money, 2, HOUSE_CHILD);
    MUST(step_count);
    assert_int_equal(figure("33", "schooling", NEED_KNOWN, NEED_HOUSEHOLDS, TODAY), 2);
    assert_int_equal(figure("33", "schooling", NEED_NEED, NEED_HOUSEHOLDS, TODAY), 1);
    assert_int_equal(figure("33", "schooling", NEED_NEED, NEED_ALL, TODAY), 1);
    assert_int_equal(figure("33", "schooling", NEED_NEED, NEED_GROUP_FEMALE, TODAY), 0);
}

static void
enrolled_is_covered_until_suspended(void **state)
{
    struct money *money = *state;
    define(money, HUNGER);
    money->program = PROGRAM("Beras", "household", "true", CASH, "100000000", "");
    MUST(step_program);
    money->household_id = money_family(money, 1, NULL);
    assess(money, "\"hungry\":\"yes\"", "2026-03-01");
    MUST(step_count);
    assert_int_equal(figure("33", "food", NEED_COVERED, NEED_HOUSEHOLDS, TODAY), 0);
    MUST(step_enroll);
    MUST(step_count);
    assert_int_equal(figure("33", "food", NEED_COVERED, NEED_HOUSEHOLDS, TODAY), 1);
    assert_int_equal(figure("33", "food", NEED_COVERED, NEED_HOUSEHOLDS, TODAY - 1), 0);
    money_execute(money, "UPDATE enrollment SET state = 'suspended'");
    money_execute(money, "UPDATE enrollment SET changed_at_ms = created_at_ms + 3 * 86400000");
    define(money, HUNGER);
    MUST(step_count);
    assert_int_equal(figure("33", "food", NEED_COVERED, NEED_HOUSEHOLDS, TODAY + 2), 1);
    assert_int_equal(figure("33", "food", NEED_COVERED, NEED_HOUSEHOLDS, TODAY + 3), 0);
}

static void
new_definitions_count_everything_anew(void **state)
{
    struct money *money = *state;
    money_family(money, 1, OUT_OF_SCHOOL);
    MUST(step_count);
    assert_int_equal(figure("33", "schooling", NEED_NEED, NEED_ALL, TODAY), 1);
    define(money, "{\"needs\":[{\"category\":\"schooling\",\"household\":\"household.members.size() > 5\"}]}");
    MUST(step_count);
    assert_int_equal(figure("33", "schooling", NEED_NEED, NEED_ALL, TODAY), 0);
    assert_false(index_now->definitions.defined[need_category_find("food")]);
}

static void
weights_count_for_more_than_one(void **state)
{
    struct money *money = *state;
    struct need_counts counts;
    define(money, "{\"needs\":[{\"category\":\"food\",\"household\":\"household.needs.hungry == 'yes'\"}],\"weight\":\"household.needs.w\"}");
    static const char *const answers[] = {"\"hungry\":\"yes\",\"w\":2.5", "\"hungry\":\"yes\"", "\"hungry\":\"no\",\"w\":7"};
    for (size_t i = 0; i < COUNT(answers); i++) {
        money->household_id = money_family(money, (int)i, HOUSE_CHILD);
        assess(money, answers[i], "2026-03-01");
    }
    MUST(step_count);
    count("33", TODAY, &counts);
    int food = need_category_find("food");
    assert_int_equal(counts.plain.need[food].lane[NEED_HOUSEHOLDS], 2);
    assert_int_equal(counts.weighted.need[food].lane[NEED_HOUSEHOLDS], 3500);
    assert_int_equal(counts.weighted.need[food].lane[NEED_ALL], 7000);
    assert_int_equal(counts.weighted.known[food].lane[NEED_HOUSEHOLDS], 10500);
}

/* The same, by whatever way the index came to know. */
static void
following_gives_what_counting_gives(void **state)
{
    struct money *money = *state;
    struct need_counts followed, counted;
    define(money, HUNGER);
    MUST(step_count);
    money->program = PROGRAM("Beras", "household", "true", CASH, "100000000", "");
    MUST(step_program);
    for (int i = 0; i < 12; i++) {
        money->household_id = money_family(money, i, i % 2 ? OUT_OF_SCHOOL : HOUSE_CHILD);
        if (i % 3 == 0)
            assess(money, "\"hungry\":\"yes\"", "2026-04-01");
        if (i % 4 == 0)
            MUST(step_enroll);
        if (i % 5 == 0)
            MUST(step_count);
    }
    MUST(step_count);
    count("33", TODAY, &followed);
    need_index_free(index_now);
    index_now = need_index_create();
    MUST(step_count);
    count("33", TODAY, &counted);
    assert_memory_equal(&followed, &counted, sizeof counted);
    assert_int_equal(counted.plain.need[need_category_find("food")].lane[NEED_HOUSEHOLDS], 4);
}

static void
a_household_that_does_not_open_stops_nobody(void **state)
{
    struct money *money = *state;
    define(money, HUNGER);
    for (int i = 0; i < 3; i++) {
        money->household_id = money_family(money, i, HOUSE_CHILD);
        assess(money, "\"hungry\":\"yes\"", "2026-03-01");
    }
    money_execute(money, "UPDATE assessment SET sealed = zeroblob(60) WHERE id = (SELECT min(id) FROM assessment)");
    MUST(step_count);
    assert_int_equal(figure("33", "food", NEED_NEED, NEED_HOUSEHOLDS, TODAY), 2);
}

static void
definitions_are_refused(void **state)
{
    struct money *money = *state;
    static const struct { const char *text, *pointer; } rows[] = {
        {"[]", ""}, {"{}", "/needs"}, {"{\"needs\":{}}", "/needs"}, {"{\"needs\":[]}", "/needs"}, {"{\"needs\":[1]}", "/needs/0"},
        {"{\"needs\":[{\"category\":\"shoes\",\"household\":\"true\"}]}", "/needs/0/category"},
        {"{\"needs\":[{\"household\":\"true\"}]}", "/needs/0/category"},
        {"{\"needs\":[{\"category\":\"food\"}]}", "/needs/0/household"},
        {"{\"needs\":[{\"category\":\"food\",\"household\":\"true\"},{\"category\":\"food\",\"household\":\"true\"}]}", "/needs/1/category"},
        {"{\"needs\":[{\"category\":\"food\",\"household\":1}]}", "/needs/0/household"},
        {"{\"needs\":[{\"category\":\"food\",\"household\":\"1 + 1\"}]}", "/needs/0/household"},
        {"{\"needs\":[{\"category\":\"food\",\"household\":\"household.nedes.x\"}]}", "/needs/0/household"},
        {"{\"needs\":[{\"category\":\"food\",\"household\":\"member.grade == 1\"}]}", "/needs/0/household"},
        {"{\"needs\":[{\"category\":\"food\",\"member\":\"member.shoes == 1\"}]}", "/needs/0/member"},
        {"{\"needs\":[{\"category\":\"food\",\"household\":\"true\",\"covered_by\":[]}]}", "/needs/0/covered_by"},
        {"{\"needs\":[{\"category\":\"food\",\"household\":\"true\",\"covered_by\":{\"categories\":\"health\"}}]}", "/needs/0/covered_by/categories"},
        {"{\"needs\":[{\"category\":\"food\",\"household\":\"true\",\"covered_by\":{\"categories\":[\"money\"]}}]}", "/needs/0/covered_by/categories/0"},
        {"{\"needs\":[{\"category\":\"food\",\"household\":\"true\",\"covered_by\":{\"programs\":[\"x\"]}}]}", "/needs/0/covered_by/programs/0"},
        {"{\"needs\":[{\"category\":\"food\",\"household\":\"true\",\"covered_by\":{\"funds\":[]}}]}", "/needs/0/covered_by/funds"},
        {"{\"needs\":[{\"category\":\"food\",\"household\":\"true\",\"colour\":1}]}", "/needs/0/colour"},
        {"{\"needs\":[{\"category\":\"food\",\"household\":\"true\"}],\"weight\":2}", "/weight"},
        {"{\"needs\":[{\"category\":\"food\",\"household\":\"true\"}],\"weight\":\"household.\"}", "/weight"},
        {"{\"needs\":[{\"category\":\"food\",\"household\":\"true\"}],\"more\":1}", "/more"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        money->json = rows[i].text;
        struct error *error = money_try(money, step_define);
        assert_non_null(error);
        assert_int_equal(error->code, ERROR_FIELDS);
        bool found = false;
        for (size_t j = 0; j < error->fault_count; j++)
            found = found || strcmp(error->faults[j].pointer, rows[i].pointer) == 0;
        if (!found)
            fail_msg("%s: at %s, not at %s", rows[i].text, error->faults[0].pointer, rows[i].pointer);
        error_free(error);
    }
    assert_int_equal(money_sql(money, "SELECT count(*) FROM need_definition"), 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        NEED_TEST(need_follows_the_answers_of_its_day), NEED_TEST(groups_add_up_to_all), NEED_TEST(regions_add_up_and_hold_no_others),
        NEED_TEST(a_need_may_concern_some_members_only), NEED_TEST(enrolled_is_covered_until_suspended), NEED_TEST(new_definitions_count_everything_anew),
        NEED_TEST(weights_count_for_more_than_one), NEED_TEST(following_gives_what_counting_gives), NEED_TEST(a_household_that_does_not_open_stops_nobody), NEED_TEST(definitions_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
