/* test_enrollment.c: who takes part: refused with the answer, proposed and accepted anew, validated by the village, suspended for good, ended by events. */
#include "money_fixture.h"

static struct error *
step_act(struct tx *tx, void *context)
{
    struct money *money = context;
    return enrollment_act(tx, money->actor ? money->actor : &money->maya, money->row_id, (enum enrollment_act)money->count, REASON);
}

static struct error *
step_state(struct tx *tx, void *context)
{
    struct money *money = context;
    struct enrollment row;
    TRY(enrollment_load(tx, money->row_id, &row));
    money->text = arena_copy(money->house->trial->arena, row.state, strlen(row.state));
    return NULL;
}

static const char *
now_is(struct money *money)
{
    MUST(step_state);
    return money->text;
}

FALLIBLE static struct error *
act(struct money *money, enum enrollment_act what)
{
    money->count = (int)what;
    return money_try(money, step_act);
}

static void
start(struct money *money, const char *unit, const char *rule, const char *more)
{
    money->program = arena_format(money->house->trial->arena, PROGRAM("Bantuan", "%s", "%s", CASH, "100000000", "%s"), unit, rule, more);
    MUST(step_program);
    money->household_id = money_family(money, 1, HOUSE_CHILD);
}

static void
enrolled_once(void **state)
{
    struct money *money = *state;
    start(money, "household", "true", "");
    MUST(step_enroll);
    assert_string_equal(money->text, "enrolled");
    must_refuse(money_try(money, step_enroll), ERROR_EXISTS, NULL);
}

static void
refused_with_its_answer(void **state)
{
    struct money *money = *state;
    start(money, "household", "household.members.exists(m, age(m.birth_date) >= 100)", "");
    MUST(step_enroll);
    assert_string_equal(money->text, "refused");
    assert_int_equal(money_sql(money, "SELECT count(*) FROM enrollment WHERE reason = 'not_eligible' AND answer LIKE '%\"value\":false%'"), 1);
    MUST(step_enroll); /* the past does not stand in the way */
    must_refuse(act(money, ENROLLMENT_ACCEPT), ERROR_STATE, "refused");
}

static void
proposal_is_evaluated_anew(void **state)
{
    struct money *money = *state;
    start(money, "household", "household.members.exists(m, age(m.birth_date) < 12)", "");
    money->actor = &money->house->officer;
    MUST(step_enroll);
    assert_string_equal(money->text, "proposed");
    money->actor = NULL;
    trial_now += INT64_C(2) * 365 * DAY_MS; /* the child is twelve by then */
    must_refuse(act(money, ENROLLMENT_ACCEPT), ERROR_STATE, "not_eligible");
    assert_string_equal(now_is(money), "proposed");
    assert_null(act(money, ENROLLMENT_REFUSE));
    assert_string_equal(now_is(money), "refused");
}

static struct error *
step_keep(struct tx *tx, void *context)
{
    struct money *money = context;
    return enrollment_validate(tx, &money->maya, money->row_id, true, REASON);
}

static void
village_meeting_comes_first(void **state)
{
    struct money *money = *state;
    start(money, "household", "true", ",\"community_validation\":true");
    MUST(step_enroll);
    assert_string_equal(money->text, "eligible");
    must_refuse(act(money, ENROLLMENT_ACCEPT), ERROR_STATE, "meeting");
    MUST(step_keep);
    assert_string_equal(now_is(money), "validated");
    must_refuse(money_try(money, step_keep), ERROR_STATE, "validated");
    must(act(money, ENROLLMENT_ACCEPT));
    assert_string_equal(now_is(money), "enrolled");
}

static void
suspension_survives_a_recheck(void **state)
{
    struct money *money = *state;
    start(money, "household", "true", "");
    MUST(step_enroll);
    must(act(money, ENROLLMENT_SUSPEND));
    int64_t reasons = money_sql(money, "SELECT count(*) FROM enrollment WHERE reason = '" REASON "'");
    must(act(money, ENROLLMENT_RECHECK));
    assert_string_equal(now_is(money), "suspended");
    assert_int_equal(money_sql(money, "SELECT count(*) FROM enrollment WHERE reason = '" REASON "'"), reasons);
    must(act(money, ENROLLMENT_RESUME));
    must_refuse(act(money, ENROLLMENT_RESUME), ERROR_STATE, "enrolled");
}

struct unit_job { struct money *money; struct program_unit unit; };

static struct error *
step_unit(struct tx *tx, void *context)
{
    struct unit_job *job = context;
    struct enrollment made;
    TRY(enrollment_make(tx, &job->money->maya, job->money->program_id, job->unit, &made));
    job->money->row_id = made.id;
    return NULL;
}

static void
refuse_unit(struct money *money, struct program_unit unit, const char *pointer)
{
    struct unit_job job = {money, unit};
    struct error *error = lane_run(money->house->trial->lane, step_unit, &job, money->house->trial->arena);
    assert_non_null(error);
    assert_string_equal(error->faults[0].pointer, pointer);
    error_free(error);
}

static void
units_are_checked(void **state)
{
    struct money *money = *state;
    start(money, "family", "true", "");
    refuse_unit(money, (struct program_unit){.household_id = money->household_id, .family_no = 3}, "/family_no");
    refuse_unit(money, (struct program_unit){.household_id = money->household_id, .member_id = money->household_id}, "/member_id");
    MUST(step_enroll);
    assert_int_equal(money_sql(money, "SELECT family_no FROM enrollment"), 1);
}

static struct error *
step_first_member(struct tx *tx, void *context)
{
    struct money *money = context;
    struct json *facts = NULL;
    TRY(household_facts(tx, money->household_id, 20590, &facts));
    const struct json *members = json_get(json_get(facts, "household"), "members");
    assert_true(id_parse(json_get_text(members->items[1], "id"), &money->item_id));
    return NULL;
}

static struct error *
step_member_died(struct tx *tx, void *context)
{
    struct money *money = context;
    struct household_event event = {.kind = "member.died", .household_id = money->household_id, .member_id = money->item_id};
    return enrollment_on_household_event(tx, &money->maya, &event);
}

static void
death_ends_a_members_enrollment(void **state)
{
    struct money *money = *state;
    start(money, "member", "age(member.birth_date) < 18", "");
    refuse_unit(money, (struct program_unit){.household_id = money->household_id}, "/member_id");
    refuse_unit(money, (struct program_unit){.household_id = money->household_id, .member_id = money->household_id}, "/member_id");
    MUST(step_first_member);
    struct unit_job job = {money, {.household_id = money->household_id, .member_id = money->item_id}};
    must(lane_run(money->house->trial->lane, step_unit, &job, money->house->trial->arena));
    must_refuse(lane_run(money->house->trial->lane, step_unit, &job, money->house->trial->arena), ERROR_EXISTS, NULL);
    MUST(step_member_died);
    assert_string_equal(now_is(money), "exited");
    assert_int_equal(money_sql(money, "SELECT count(*) FROM enrollment WHERE reason = 'died'"), 1);
}

/* --- in bulk -------------------------------------------------------------------------------------------------------------------------- */

static struct error *
step_bulk(struct tx *tx, void *context)
{
    struct money *money = context;
    char text[ID_TEXT_SIZE];
    struct json *input = json_make(tx->arena, JSON_OBJECT);
    id_print(money->program_id, text);
    json_set(tx->arena, input, "program_id", json_make_text(tx->arena, text));
    json_set(tx->arena, input, "dry_run", json_make_bool(tx->arena, money->number == 1));
    return job_make(tx, &money->maya, "enrollment.bulk", input, 120, &money->row_id);
}

static void
bulk_resumes_after_a_restart(void **state)
{
    struct money *money = *state;
    start(money, "household", "household.members.exists(m, age(m.birth_date) < 12)", "");
    for (int i = 2; i < 62; i++)
        (void)money_family(money, i, i % 3 ? NULL : HOUSE_CHILD);
    money->number = 1;
    MUST(step_bulk);
    must(job_run_all(money->house->trial->lane));
    assert_int_equal(money_sql(money, "SELECT count(*) FROM enrollment"), 0);
    assert_int_equal(money_sql(money, "SELECT json_extract(result, '$.enrolled') FROM job"), 21);
    money->number = 0;
    MUST(step_bulk);
    money_execute(money, "CREATE TRIGGER test_stop BEFORE UPDATE OF state ON job WHEN NEW.state = 'done' BEGIN SELECT RAISE(ABORT, 'busy'); END");
    struct error *error = job_run_all(money->house->trial->lane); /* the first chunk stands, the rest is not done */
    assert_non_null(error);
    error_free(error);
    int64_t first = money_sql(money, "SELECT count(*) FROM enrollment");
    assert_true(first > 0 && first < 21);
    money_execute(money, "DROP TRIGGER test_stop; UPDATE job SET state = 'open', finished_at_ms = NULL WHERE state = 'failed'");
    trial_stop_lane(money->house->trial);
    trial_start_lane(money->house->trial);
    must(job_run_all(money->house->trial->lane));
    assert_int_equal(money_sql(money, "SELECT count(*) FROM enrollment WHERE state = 'enrolled'"), 21);
    assert_int_equal(money_sql(money, "SELECT done FROM job ORDER BY id DESC LIMIT 1"), 61);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        MONEY_TEST(enrolled_once), MONEY_TEST(refused_with_its_answer), MONEY_TEST(proposal_is_evaluated_anew), MONEY_TEST(village_meeting_comes_first),
        MONEY_TEST(suspension_survives_a_recheck), MONEY_TEST(units_are_checked), MONEY_TEST(death_ends_a_members_enrollment),
        MONEY_TEST(bulk_resumes_after_a_restart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
