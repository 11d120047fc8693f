/* test_household_draft.c: a registration made ready outside the lane: nothing is written before its turn, and it is stored once, however often it is tried. */
#include "household_fixture.h"

#include "household/household_register.h"

static const char two_people[] = HOUSE_FORM("\"kk_number\":\"3308031207100001\",\"phone\":\"081234567890\",", HOUSE_HEAD "," HOUSE_CHILD);

struct drafted {
    struct house *house;
    const char *form;
    const struct household_record *record;
    struct household_draft draft;
    struct household_registered registered;
    bool fails;
};

static struct error *
parse_record(struct tx *tx, const char *form, const struct household_record **ret_record)
{
    struct json *json = NULL;
    void *record = NULL;
    TRY(json_parse(tx->arena, form, strlen(form), &json));
    TRY(field_parse(tx->arena, &household_table, json, "", FIELD_CREATE, household_today(tx), &record));
    *ret_record = record;
    return NULL;
}

static struct error *
make_draft(struct tx *tx, void *context)
{
    struct drafted *drafted = context;
    TRY(parse_record(tx, drafted->form, &drafted->record));
    return household_draft_make(tx, &drafted->house->officer, drafted->record, "test", &drafted->draft);
}

static struct error *
write_draft(struct tx *tx, void *context)
{
    struct drafted *drafted = context;
    TRY(household_register_draft(tx, &drafted->house->officer, drafted->record, &drafted->draft, &drafted->registered));
    return drafted->fails ? error_new(ERROR_STATE) : NULL;
}

static int64_t
rows(struct house *house)
{
    return fixture_number(house->trial->fixture,
                          "SELECT (SELECT count(*) FROM household) + (SELECT count(*) FROM member) + (SELECT count(*) FROM household_consent) +"
                          " (SELECT count(*) FROM data_key) + (SELECT count(*) FROM audit_leaf) + (SELECT count(*) FROM audit_part)");
}

static struct error *
read_history(struct tx *tx, void *context)
{
    struct drafted *drafted = context;
    struct audit_entry *entries = NULL;
    size_t count = 0;
    TRY(audit_history(tx, drafted->draft.file.row.id, INT64_MAX, &entries, &count));
    assert_int_equal(count, 4);
    static const char *const kinds[] = {"household", "member", "member", "consent"};
    static const char *const words[] = {"Kalitengah", "Siti Aminah", "Budi Santoso", "public_task"};
    for (size_t i = 0; i < count; i++) {
        assert_string_equal(entries[i].kind, kinds[i]);
        assert_non_null(strstr(entries[i].after, words[i]));
        assert_null(entries[i].before);
    }
    return NULL;
}

static void
a_draft_is_no_row_until_its_turn(void **state)
{
    struct house *house = *state;
    struct drafted drafted = {.house = house, .form = two_people};
    int64_t before = rows(house);
    must(trial_read(house->trial, make_draft, &drafted));
    assert_int_equal(rows(house), before);
    must(lane_run(house->trial->lane, write_draft, &drafted, house->trial->arena));
    assert_int_equal(rows(house), before + 1 + 2 + 1 + 3 + 1 + 4);
    must(trial_read(house->trial, read_history, &drafted));
}

static void
a_draft_that_failed_is_tried_again_and_stored_once(void **state)
{
    struct house *house = *state;
    struct drafted drafted = {.house = house, .form = two_people, .fails = true};
    int64_t before = rows(house);
    must(trial_read(house->trial, make_draft, &drafted));
    must_refuse(lane_run(house->trial->lane, write_draft, &drafted, house->trial->arena), ERROR_STATE, NULL);
    assert_int_equal(rows(house), before);
    drafted.fails = false;
    must(lane_run(house->trial->lane, write_draft, &drafted, house->trial->arena));
    int64_t after = rows(house);
    must_refuse(lane_run(house->trial->lane, write_draft, &drafted, house->trial->arena), ERROR_EXISTS, NULL);
    assert_int_equal(rows(house), after);
    must(trial_read(house->trial, read_history, &drafted));
}

/* The same person may not be two subjects, nor two subjects one. */
static void
an_id_that_is_somebody_is_refused(void **state)
{
    struct house *house = *state;
    struct drafted first = {.house = house, .form = two_people};
    must(trial_read(house->trial, make_draft, &first));
    must(lane_run(house->trial->lane, write_draft, &first, house->trial->arena));
    char taken[ID_TEXT_SIZE];
    id_print(first.draft.file.members[1].row.id, taken);
    static const char own[] = "0190163d-8694-739b-aea5-966c26f8ad91";
    const char *forms[] = {
        arena_format(house->trial->arena, HOUSE_FORM("\"id\":\"%s\",", HOUSE_HEAD), taken),
        arena_format(house->trial->arena, HOUSE_FORM("\"id\":\"%s\",", "{\"id\":\"%s\",\"name\":\"Ani\",\"id_reason\":\"x\",\"sex\":\"F\",\"birth_date\":\"1987-05-12\",\"relationship\":\"head\"}"),
                     own, own),
    };
    int64_t before = rows(house);
    for (size_t i = 0; i < COUNT(forms); i++) {
        struct house_job job;
        struct error *error = house_try(house, &house->officer, forms[i], &job);
        CHECK_ROW(error && (error->code == ERROR_EXISTS || error->code == ERROR_FIELDS), forms[i]);
        error_free(error);
        assert_int_equal(rows(house), before);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        HOUSE_TEST(a_draft_is_no_row_until_its_turn),
        HOUSE_TEST(a_draft_that_failed_is_tried_again_and_stored_once),
        HOUSE_TEST(an_id_that_is_somebody_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
