/* test_quality.c: what each check finds in one household and what it lets pass; who may be handed a correction, once, and who closes it. */
#include "money_fixture.h"

#include "need/need_index.h"
#include "quality/quality.h"
#include "quality/quality_count.h"

#define TODAY "2026-06-01"
#define HEAD(birth) "{\"relationship\":\"head\",\"sex\":\"F\",\"nik\":\"*\",\"birth_date\":\"" birth "\"}"
#define ONE(kind, birth, more) "{\"relationship\":\"" kind "\",\"nik\":\"*\",\"birth_date\":\"" birth "\"" more "}"
#define HOUSE(members) "{\"members\":[" members "]}"
#define ANSWERS(people, school) "{\"people\":" people ",\"school_age\":\"" school "\"}"
#define BIT(issue) (1u << NEED_ISSUE_##issue)

static const struct row {
    const char *household, *answers;
    unsigned found;
    int64_t cards, cases;
    const char *roster;
} rows[] = {
    {HOUSE(HEAD("1980-01-01")), ANSWERS("1", "no"), 0, 1, 0, "full"},
    {HOUSE(HEAD("1980-01-01")), "{}", 0, 1, 0, "full"},
    {HOUSE(HEAD("1980-01-01")), NULL, BIT(NO_ASSESSMENT), 1, 0, "full"},
    {HOUSE(HEAD("1980-01-01")), "{}", BIT(NO_CARD), 0, 0, "full"},
    {HOUSE(HEAD("1980-01-01")), "{}", BIT(DUPLICATE), 1, 2, "full"},
    {HOUSE("{\"relationship\":\"head\",\"birth_date\":\"1980-01-01\"}"), "{}", BIT(NO_ID), 1, 0, "full"},
    {HOUSE(HEAD("1980-01-01") ",{\"relationship\":\"child\",\"birth_date\":\"2026-01-01\"}"), "{}", 0, 1, 0, "full"},
    {HOUSE(HEAD("1920-01-01")), "{}", BIT(AGE), 1, 0, "full"},
    {HOUSE(HEAD("1921-06-02")), "{}", 0, 1, 0, "full"},
    {HOUSE(HEAD("2015-01-01")), "{}", BIT(CHILD_HEAD), 1, 0, "full"},
    {HOUSE(HEAD("2011-06-01")), "{}", 0, 1, 0, "full"},
    {HOUSE(HEAD("1990-01-01") "," ONE("child", "2001-01-01", "")), "{}", BIT(PARENT_AGE), 1, 0, "full"},
    {HOUSE(HEAD("1990-01-01") "," ONE("child", "2002-01-01", "")), "{}", 0, 1, 0, "full"},
    {HOUSE(HEAD("1990-01-01") "," ONE("parent", "1985-01-01", "")), "{}", BIT(PARENT_AGE), 1, 0, "full"},
    {HOUSE(ONE("child", "2001-01-01", "") "," HEAD("1990-01-01")), "{}", BIT(PARENT_AGE), 1, 0, "full"},
    {HOUSE(HEAD("1980-01-01")), ANSWERS("2", "no"), BIT(PEOPLE), 1, 0, "full"},
    {HOUSE(HEAD("1980-01-01") "," ONE("child", "2015-01-01", "")), ANSWERS("2", "no"), BIT(SCHOOL), 1, 0, "full"},
    {HOUSE(HEAD("1980-01-01")), ANSWERS("1", "yes"), BIT(SCHOOL), 1, 0, "full"},
    {HOUSE(HEAD("1980-01-01") "," ONE("child", "2015-01-01", "")), ANSWERS("2", "yes"), 0, 1, 0, "full"},
    {HOUSE(HEAD("1980-01-01") "," ONE("child", "2015-01-01", ",\"grade\":5,\"in_school\":true")), "{}", 0, 1, 0, "full"},
    {HOUSE(HEAD("1980-01-01") "," ONE("child", "2015-01-01", ",\"grade\":5,\"in_school\":false")), "{}", BIT(GRADE), 1, 0, "full"},
    {HOUSE(HEAD("1980-01-01") "," ONE("child", "2020-01-01", ",\"grade\":9,\"in_school\":true")), "{}", BIT(GRADE), 1, 0, "full"},
    {HOUSE(HEAD("1980-01-01") "," ONE("sibling", "2008-06-01", ",\"consent\":\"by_head\"")), "{}", BIT(CONSENT), 1, 0, "full"},
    {HOUSE(HEAD("1980-01-01") "," ONE("sibling", "2008-06-02", ",\"consent\":\"by_head\"")), "{}", 0, 1, 0, "full"},
    {HOUSE(HEAD("1980-01-01") "," ONE("sibling", "1990-01-01", ",\"consent\":\"own\"")), "{}", 0, 1, 0, "full"},
    {HOUSE(HEAD("1980-01-01") "," ONE("sibling", "1990-01-01", ",\"consent\":\"refused\"")), "{}", 0, 1, 0, "full"},
    {HOUSE(HEAD("1980-01-01") "," ONE("sibling", "1990-01-01", "")), "{}", 0, 1, 0, "full"},
    {"{}", ANSWERS("4", "yes"), BIT(COUNTS_ONLY), 1, 0, "counts_only"},
};

static void
each_check_finds_its_own(void **state)
{
    struct money *money = *state;
    int32_t today = 0;
    assert_true(date_parse(TODAY, &today));
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct json *household = NULL, *answers = NULL;
        must(json_parse(money->house->trial->arena, rows[i].household, strlen(rows[i].household), &household));
        if (rows[i].answers)
            must(json_parse(money->house->trial->arena, rows[i].answers, strlen(rows[i].answers), &answers));
        struct need_issue_input input = {household, answers, today, rows[i].cards, rows[i].cases, rows[i].roster};
        CHECK_ROW(need_issues(&input) == rows[i].found, rows[i].household);
    }
}

static void
every_check_has_one_dimension(void **state)
{
    (void)state;
    for (size_t check = 0; check < NEED_ISSUES; check++) {
        size_t dimensions = 0;
        for (size_t i = 0; i < QUALITY_DIMENSIONS; i++)
            dimensions += quality_dimension_checks[i] >> check & 1;
        assert_int_equal(dimensions, 1);
        assert_int_equal(quality_bits_of(quality_check_word(check)), 1u << check);
    }
    assert_int_equal(quality_bits_of("shoes"), 0);
    assert_int_equal(quality_bits_of("freshness"), BIT(STALE));
}

static struct need_index *index_now;

static struct error *
step_count(struct tx *tx, void *context)
{
    (void)context;
    return need_index_finish(tx, index_now);
}

/* Pages by id give each household once, whatever the length of a page. */
static void
pages_hold_every_household_once(void **state)
{
    struct money *money = *state;
    struct quality_counts counts;
    index_now = need_index_create();
    for (int i = 0; i < 23; i++)
        money_family(money, i, HOUSE_CHILD);
    MUST(step_count);
    quality_count(index_now, 0, index_now->place_count, 20602, &counts, NULL);
    assert_int_equal(counts.checks[NEED_ISSUE_NO_ASSESSMENT], 23);
    assert_int_equal(counts.checks[NEED_ISSUE_STALE], 0);
    quality_count(index_now, 0, index_now->place_count, 20602 + NEED_STALE_DAYS + 1, &counts, NULL);
    assert_int_equal(counts.checks[NEED_ISSUE_STALE], 23);
    for (size_t limit = 1; limit <= 25; limit += 6) {
        struct quality_row page[25];
        struct quality_list list = {.bits = BIT(NO_ASSESSMENT), .rows = page, .limit = limit};
        size_t found = 0;
        do {
            list.count = 0;
            quality_collect(index_now, 0, index_now->place_count, 20602, &list);
            for (size_t i = 1; i < list.count; i++)
                assert_true(id_compare(page[i - 1].household_id, page[i].household_id) < 0);
            found += list.count;
            if (list.count)
                list.after = page[list.count - 1].household_id;
        } while (list.count > 0);
        assert_int_equal(found, 23);
    }
    need_index_free(index_now);
}

static struct error *
step_hand_out(struct tx *tx, void *context)
{
    struct money *money = context;
    struct quality_order order = {&money->household_id, 1, money->reason, money->text, false, 0};
    return quality_hand_out(tx, money->actor ? money->actor : &money->maya, &order, &money->number);
}

static struct error *
step_close(struct tx *tx, void *context)
{
    struct money *money = context;
    return quality_close(tx, money->actor, money->row_id, "done");
}

static void
corrections_go_to_who_can_make_them(void **state)
{
    struct money *money = *state;
    static const struct { const char *check, *user; enum error_code code; } refusals[] = {
        {"shoes", "rina", ERROR_FIELDS}, {"completeness", "rina", ERROR_FIELDS}, {"no_card", "nobody", ERROR_FIELDS}, {"no_card", "hendra", ERROR_FIELDS}};
    money->household_id = money_family(money, 1, NULL);
    for (size_t i = 0; i < COUNT(refusals); i++) {
        money->reason = refusals[i].check;
        money->text = refusals[i].user;
        must_refuse(money_try(money, step_hand_out), refusals[i].code, NULL);
    }
    assert_int_equal(money_sql(money, "SELECT count(*) FROM quality_task"), 0);
    money->text = "mira";
    money->reason = "no_card";
    MUST(step_hand_out);
    assert_int_equal(money->number, 1);
    must_refuse(money_try(money, step_hand_out), ERROR_EXISTS, NULL);
    money->row_id = money_sql_id(money, "SELECT id FROM quality_task");
    money->actor = &money->house->officer;
    must_refuse(money_try(money, step_close), ERROR_NOT_FOUND, NULL);
    money->actor = &money->mira;
    MUST(step_close);
    must_refuse(money_try(money, step_close), ERROR_STATE, NULL);
    money->actor = NULL;
    MUST(step_hand_out); /* what was closed may be handed out again */
    assert_int_equal(money_sql(money, "SELECT count(*) FROM audit_leaf WHERE action LIKE 'quality.%'"), 3);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        MONEY_TEST(each_check_finds_its_own), MONEY_TEST(every_check_has_one_dimension), MONEY_TEST(pages_hold_every_household_once),
        MONEY_TEST(corrections_go_to_who_can_make_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
