/* test_score.c: scores of a registry: what a definition may refer to, everybody scored by a job before it holds, history, and what rules see. */
#include "money_fixture.h"

#include "assessment/assessment_fields.h"
#include "lumbung/score.h"
#include "program/program_vocabulary.h"
#include "score/score_act.h"

#define LABEL "\"label\":{\"id\":\"a\",\"en\":\"b\"}"
#define DEFINITION(name, input, coefficient, more) \
    "{\"name\":\"" name "\"," LABEL ",\"indicators\":[{\"name\":\"size\"," LABEL ",\"input\":\"" input "\",\"coefficient\":\"" coefficient "\"}]" more "}"
#define SIZE(name, coefficient) DEFINITION(name, "size(household.members)", coefficient, "")
#define FORM                                                                                                                                     \
    "{\"name\":\"Uji\",\"questions\":[{\"name\":\"people\",\"type\":\"integer\"," LABEL "}],\"scores\":[{\"name\":\"NEEDS\"," LABEL              \
    ",\"weights\":[{\"question\":\"people\",\"per_unit\":2}]}]}"

static struct error *
step_form(struct tx *tx, void *context)
{
    struct money *money = context;
    struct json *json = NULL;
    TRY(parse_text(tx, FORM, &json));
    return assessment_form_make(tx, &money->maya, json, &money->row_id);
}

static struct error *
step_define(struct tx *tx, void *context)
{
    struct money *money = context;
    struct json *json = NULL;
    TRY(parse_text(tx, money->json, &json));
    return score_make(tx, &money->maya, json, &money->item_id);
}

static struct error *
step_start(struct tx *tx, void *context)
{
    struct money *money = context;
    return score_start(tx, &money->maya, money->item_id, &money->batch_id);
}

static void
use(struct money *money, const char *definition)
{
    money->json = definition;
    MUST(step_define);
    MUST(step_start);
    must(job_run_all(money->house->trial->lane));
}

/* The value of the score money->text, "-" without one. */
static struct error *
step_value(struct tx *tx, void *context)
{
    struct money *money = context;
    struct decimal value;
    char text[DECIMAL_TEXT_SIZE] = "-";
    bool found = false;
    TRY(score_value(tx, money->household_id, money->text, &value, &found));
    if (found)
        decimal_print(value, text);
    money->text = arena_text(money->house->trial->arena, text);
    return NULL;
}

static const char *
value(struct money *money, const char *name)
{
    money->text = name;
    MUST(step_value);
    return money->text;
}

static void
references_are_checked(void **state)
{
    struct money *money = *state;
    static const struct { const char *definition, *pointer, *code; } rows[] = {
        {DEFINITION("A", "household.needs.peeple", "1", ""), "/indicators/0/input", "reference"},
        {DEFINITION("A", "score('GONE')", "1", ""), "/indicators/0/input", "reference"},
        {DEFINITION("A", "score('NEEDS:nl100')", "1", ""), "/indicators/0/input", "reference"},
        {DEFINITION("A", "score_between('GONE', '0', '40')", "1", ""), "/indicators/0/input", "reference"},
        {DEFINITION("A", "score('BASE:ppp')", "1", ""), "/indicators/0/input", "reference"},
        {DEFINITION("A", "score('A')", "1", ""), "/indicators/0/input", "circle"},
        {DEFINITION("BASE", "score('TOP')", "1", ""), "/indicators/0/input", "circle"},
        {DEFINITION("NEEDS", "1", "1", ""), "/name", "conflict"},
    };
    MUST(step_form);
    use(money, SIZE("BASE", "1"));
    use(money, DEFINITION("TOP", "score('BASE') + score('NEEDS')", "1", ""));
    for (size_t i = 0; i < COUNT(rows); i++) {
        money->json = rows[i].definition;
        struct error *error = money_try(money, step_define);
        CHECK_ROW(error && error->code == ERROR_FIELDS && error->fault_count == 1, rows[i].definition);
        CHECK_TEXT(error->faults[0].pointer, rows[i].pointer, rows[i].definition);
        CHECK_TEXT(fault_slug(error->faults[0].code), rows[i].code, rows[i].definition);
        error_free(error);
    }
    assert_int_equal(money_sql(money, "SELECT count(*) FROM score_definition"), 2);
}

/* Two drafts that were in order when they were written, and would make a circle together. */
static void
circle_is_refused_when_taken_into_use(void **state)
{
    struct money *money = *state;
    use(money, SIZE("A", "1"));
    money->json = DEFINITION("B", "score('A')", "1", "");
    MUST(step_define);
    struct id second = money->item_id;
    use(money, SIZE("B", "1"));
    money->json = DEFINITION("A", "score('B')", "1", "");
    MUST(step_define);
    MUST(step_start);
    must(job_run_all(money->house->trial->lane));
    money->item_id = second;
    must_refuse(money_try(money, step_start), ERROR_FIELDS, NULL);
}

static void
everybody_is_scored_before_it_holds(void **state)
{
    struct money *money = *state;
    for (int i = 0; i < 120; i++)
        money->household_id = money_family(money, i, NULL);
    money->json = SIZE("UKURAN", "2.5");
    MUST(step_define);
    assert_string_equal(value(money, "UKURAN"), "-");
    MUST(step_start);
    assert_string_equal(value(money, "UKURAN"), "-");
    assert_int_equal(money_sql(money, "SELECT total FROM job"), 120);
    must_refuse(money_try(money, step_start), ERROR_STATE, NULL);
    must(job_run_all(money->house->trial->lane));
    assert_string_equal(value(money, "UKURAN"), "2.5");
    assert_int_equal(money_sql(money, "SELECT count(*) FROM household_score WHERE value = '2.5'"), 120);
    assert_int_equal(money_sql(money, "SELECT json_extract(result, '$.scored') FROM job"), 120);
    assert_int_equal(money_sql(money, "SELECT done FROM job"), 120);
}

/* What a cancelled or failed job does. */
static struct error *
step_break(struct tx *tx, void *context)
{
    struct money *money = context;
    char text[ID_TEXT_SIZE];
    struct json *input = json_make(tx->arena, JSON_OBJECT);
    id_print(money->item_id, text);
    json_set(tx->arena, input, "score_id", json_make_text(tx->arena, text));
    return score_job.broken(tx, &money->maya, money->batch_id, input, "cancelled");
}

static void
stopped_version_is_a_draft_again(void **state)
{
    struct money *money = *state;
    money->household_id = money_family(money, 0, NULL);
    use(money, SIZE("UKURAN", "1"));
    MUST(step_break); /* in use: it stays so */
    assert_int_equal(money_sql(money, "SELECT count(*) FROM score_definition WHERE state = 'active'"), 1);
    money->json = SIZE("UKURAN", "3");
    MUST(step_define);
    MUST(step_start);
    MUST(step_break);
    assert_int_equal(money_sql(money, "SELECT count(*) FROM score_definition WHERE state = 'draft'"), 1);
    assert_string_equal(value(money, "UKURAN"), "1");
}

static void
next_version_takes_the_place_whole(void **state)
{
    struct money *money = *state;
    money->household_id = money_family(money, 0, NULL);
    use(money, SIZE("UKURAN", "1"));
    use(money, SIZE("UKURAN", "1"));
    assert_string_equal(value(money, "UKURAN"), "1");
    money->json = SIZE("UKURAN", "3");
    MUST(step_define);
    MUST(step_start);
    assert_string_equal(value(money, "UKURAN"), "1"); /* the old one holds until everybody has the new */
    must(job_run_all(money->house->trial->lane));
    assert_string_equal(value(money, "UKURAN"), "3");
    assert_int_equal(money_sql(money, "SELECT count(*) FROM score_definition WHERE state = 'active'"), 1);
    assert_int_equal(money_sql(money, "SELECT definition_version FROM score_definition WHERE state = 'active'"), 3);
    assert_int_equal(money_sql(money, "SELECT count(*) FROM household_score"), 3); /* what he had stays: the history */
}

/* Who may no longer write programs computes nothing on; the version is a draft again, and a colleague goes on. */
static void
rights_are_asked_at_each_chunk(void **state)
{
    (void)state;
    static const char *const losses[] = {"UPDATE user_role SET role = 'auditor' WHERE user_id = (SELECT id FROM user_account WHERE username = 'maya')",
                                         "DELETE FROM user_role WHERE user_id = (SELECT id FROM user_account WHERE username = 'maya')",
                                         "UPDATE user_account SET state = 'disabled' WHERE username = 'maya'"};
    for (size_t i = 0; i < COUNT(losses); i++) {
        void *own = NULL;
        assert_int_equal(money_setup(&own), 0);
        struct money *money = own;
        money->household_id = money_family(money, 0, NULL);
        money->json = SIZE("UKURAN", "3");
        MUST(step_define);
        MUST(step_start);
        money_execute(money, losses[i]);
        must_refuse(job_run_all(money->house->trial->lane), ERROR_FORBIDDEN, NULL);
        CHECK_ROW(money_sql(money, "SELECT count(*) FROM score_definition WHERE state = 'draft'") == 1, losses[i]);
        CHECK_ROW(money_sql(money, "SELECT count(*) FROM household_score") == 0, losses[i]);
        money->maya = money->mira;
        MUST(step_start);
        must(job_run_all(money->house->trial->lane));
        CHECK_TEXT(value(money, "UKURAN"), "3", losses[i]);
        assert_int_equal(money_teardown(&own), 0);
    }
}

/* The same again confirms the row; only another value or breakdown is a new one. */
static struct error *
step_again(struct tx *tx, void *context)
{
    struct money *money = context;
    return score_household(tx, &money->maya, money->household_id);
}

static void
same_value_is_confirmed(void **state)
{
    struct money *money = *state;
    money->household_id = money_family(money, 0, NULL);
    use(money, SIZE("UKURAN", "1"));
    MUST(step_again);
    assert_int_equal(money_sql(money, "SELECT count(*) FROM household_score"), 1);
    money_execute(money, "UPDATE household SET version = version + 1");
    MUST(step_again);
    assert_int_equal(money_sql(money, "SELECT count(*) FROM household_score s JOIN household h ON h.id = s.household_id AND h.version = s.household_version"), 1);
    money_execute(money, "UPDATE member SET birth_earliest = 30000, birth_latest = 30000, birth_date = 30000"); /* nobody was born yet */
    MUST(step_again);
    assert_int_equal(money_sql(money, "SELECT count(*) FROM household_score"), 2);
    assert_string_equal(value(money, "UKURAN"), "0");
}

static struct error *
step_assess(struct tx *tx, void *context)
{
    struct money *money = context;
    struct form *form = NULL;
    struct json *json = NULL;
    char id[ID_TEXT_SIZE];
    id_print(money->row_id, id);
    TRY(assessment_open_form(tx, money->row_id, &form));
    TRY(parse_text(tx, arena_format(tx->arena, "{\"form_id\":\"%s\",\"assessed_on\":\"2020-01-01\",\"answers\":{\"people\":%d}}", id, money->count), &json));
    return assessment_record_json(tx, &money->house->officer, money->household_id, form, json, &money->batch_id);
}

/* What rests on another score is computed behind it, in the act that recorded the answers. */
static void
assessment_gives_every_score(void **state)
{
    struct money *money = *state;
    MUST(step_form);
    money->household_id = money_family(money, 0, NULL);
    use(money, DEFINITION("Z", "household.needs.people", "1.5", ",\"lookup\":{\"lines\":[\"half\"],\"rows\":[{\"from\":0,\"to\":10,\"values\":[\"0.125\"]}],\"step\":\"0.5\"}"));
    use(money, DEFINITION("A", "score('NEEDS')", "10", ""));
    use(money, DEFINITION("B", "score_between('Z', '4.5', '4.5')", "1", ""));
    assert_string_equal(value(money, "Z"), "-");
    money->count = 3;
    MUST(step_assess);
    static const struct { const char *name, *value; } rows[] = {{"NEEDS", "6"}, {"Z", "4.5"}, {"Z:half", "0.125"}, {"Z:gone", "-"}, {"A", "60"}, {"B", "1"}, {"GONE", "-"}};
    for (size_t i = 0; i < COUNT(rows); i++)
        CHECK_TEXT(value(money, rows[i].name), rows[i].value, rows[i].name);
    money->count = 8;
    MUST(step_assess);
    assert_string_equal(value(money, "Z"), "12");
    assert_string_equal(value(money, "Z:half"), "-"); /* beyond the table */
    assert_string_equal(value(money, "B"), "0");
}

struct rule_row { const char *rule, *outcome; };
struct rule_try { struct money *money; const struct rule_row *row; };

static struct error *
step_rule(struct tx *tx, void *context)
{
    struct rule_try *trial = context;
    struct program *program = NULL;
    struct program_answer answer;
    struct json *facts = NULL;
    struct rule *rule = NULL;
    TRY(program_load(tx, &trial->money->maya, trial->money->program_id, &program));
    TRY(rule_compile(tx->arena, trial->row->rule, "/rule", vocabulary_schema("household"), RULE_BOOL, false, &rule));
    program->compiled_rule = rule;
    TRY(household_facts(tx, trial->money->household_id, 20000, &facts));
    TRY(program_evaluate(tx, program, facts, (struct program_unit){.household_id = trial->money->household_id}, 20000, false, &answer));
    CHECK_TEXT(answer.outcome, trial->row->outcome, trial->row->rule);
    return NULL;
}

static void
rules_read_them_exactly(void **state)
{
    struct money *money = *state;
    static const struct rule_row rows[] = {
        {"score('BULAT') == 40", "eligible"}, {"score('BULAT') < 40", "not_eligible"}, {"score('PECAHAN') <= 40", "undetermined"},
        {"score_between('PECAHAN', '40', '40.000000000000001')", "eligible"}, {"score_between('PECAHAN', '0', '40')", "not_eligible"},
        {"score_between('BULAT', '40', '40')", "eligible"}, {"score_between('BULAT', 'x', '40')", "undetermined"},
        {"score_between('GONE', '0', '40')", "undetermined"}, {"score('GONE') < 1 || true", "eligible"},
    };
    money->program = PROGRAM("Bantuan", "household", "true", CASH, "100000000", "");
    MUST(step_program);
    money->household_id = money_family(money, 0, NULL);
    use(money, SIZE("BULAT", "40"));
    use(money, SIZE("PECAHAN", "40.000000000000001"));
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct rule_try trial = {money, &rows[i]};
        must(lane_run(money->house->trial->lane, step_rule, &trial, money->house->trial->arena));
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        MONEY_TEST(references_are_checked), MONEY_TEST(circle_is_refused_when_taken_into_use), MONEY_TEST(everybody_is_scored_before_it_holds),
        MONEY_TEST(next_version_takes_the_place_whole), MONEY_TEST(stopped_version_is_a_draft_again), cmocka_unit_test(rights_are_asked_at_each_chunk), MONEY_TEST(same_value_is_confirmed), MONEY_TEST(assessment_gives_every_score),
        MONEY_TEST(rules_read_them_exactly),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
