/* test_program.c: rules refused at their character, versions, answers that fail closed, and the real programs' amounts to the rupiah. */
#include "money_fixture.h"

#include "lumbung/base/money.h"
#include "program/program_fields.h"

static struct error *
step_create(struct tx *tx, void *context)
{
    struct money *money = context;
    struct json *json = NULL;
    TRY(parse_text(tx, money->program, &json));
    return program_create_json(tx, &money->maya, json, &money->program_id);
}

static void
faults_point(void **state)
{
    struct money *money = *state;
    static const struct { const char *program, *pointer; } rows[] = {
        {PROGRAM("Uji", "household", "household.memberz.size() > 1", CASH, "100", ""), "/rule"},
        {PROGRAM("Uji", "household", "true &&", CASH, "100", ""), "/rule"},
        {PROGRAM("Uji", "household", "flag('elderly_alonee')", CASH, "100", ""), "/rule"},
        {PROGRAM("Uji", "household", "true", "flag('gone') ? 0 : amount(1)", "100", ""), "/entitlement"},
        {PROGRAM("Uji", "household", "1 + 1", CASH, "100", ""), "/rule"},
        {PROGRAM("Uji", "household", "member.sex == 'F'", CASH, "100", ""), "/rule"},
        {PROGRAM("Uji", "household", "true", "[{'code':", "100", ""), "/entitlement"},
        {PROGRAM("Uji", "household", "true", "'seratus'", "100", ""), "/entitlement"},
        {PROGRAM("Uji", "household", "true", CASH, "150", ""), "/budget_minor"},
        {PROGRAM("Uji", "household", "true", CASH, "100", ",\"ends_on\":\"2019-01-01\""), "/ends_on"},
        {PROGRAM("Uji", "household", "true", CASH, "100", ",\"approvals_required\":0"), "/approvals_required"},
        {PROGRAM("Uji", "village", "true", CASH, "100", ""), "/unit"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        money->program = rows[i].program;
        struct error *error = money_try(money, step_create);
        CHECK_ROW(error && error->code == ERROR_FIELDS && error->fault_count > 0, rows[i].program);
        CHECK_ROW(strncmp(error->faults[0].pointer, rows[i].pointer, strlen(rows[i].pointer)) == 0, rows[i].program);
        error_free(error);
    }
    assert_int_equal(money_sql(money, "SELECT count(*) FROM program"), 0);
}

struct change { struct money *money; const char *json; int64_t version; };

static struct error *
step_change(struct tx *tx, void *context)
{
    struct change *change = context;
    struct json *json = NULL;
    void *in = NULL;
    struct program *program = NULL, *old = NULL;
    TRY(parse_text(tx, change->json, &json));
    TRY(field_parse(tx->arena, &program_in_table, json, "", FIELD_PATCH, INT32_MAX, &in));
    TRY(program_change(tx, &change->money->maya, change->money->program_id, in, change->version, &program));
    TRY(program_load_version(tx, change->money->program_id, 1, &old));
    assert_string_equal(old->rule, "true");
    change->money->number = program->rule_version;
    return NULL;
}

FALLIBLE static struct error *
change(struct money *money, int64_t version, const char *json)
{
    struct change job = {money, json, version};
    return lane_run(money->house->trial->lane, step_change, &job, money->house->trial->arena);
}

static void
rules_are_versioned(void **state)
{
    struct money *money = *state;
    money->program = PROGRAM("Bantuan", "household", "true", CASH, "1000", ",\"approvals_required\":2,\"strict_duties\":true");
    MUST(step_program);
    int64_t version = money_sql(money, "SELECT version FROM program");
    must_refuse(change(money, version + 1, "{\"budget_minor\":2000}"), ERROR_STALE, NULL);
    must(change(money, version, "{\"budget_minor\":2000}"));
    assert_int_equal(money->number, 1);
    must(change(money, version + 1, "{\"rule\":\"household.members.size() > 1\"}"));
    assert_int_equal(money->number, 2);
    must_refuse(change(money, version + 2, "{\"approvals_required\":1}"), ERROR_FIELDS, NULL);
    must_refuse(change(money, version + 2, "{\"strict_duties\":false}"), ERROR_FIELDS, NULL);
    must_refuse(change(money, version + 2, "{\"unit\":\"member\"}"), ERROR_FIELDS, NULL);
    must_refuse(change(money, version + 2, "{\"currency\":\"USD\"}"), ERROR_FIELDS, NULL);
    must_refuse(change(money, version + 2, "{\"rule\":\"nonsense(\"}"), ERROR_FIELDS, NULL);
    must(change(money, version + 2, "{\"approvals_required\":3}"));
    assert_int_equal(money_sql(money, "SELECT count(*) FROM program_rule"), 2);
}

static void
refuse_field(struct money *money, int64_t version, const char *json, const char *pointer, const char *words)
{
    struct error *error = change(money, version, json);
    struct buffer text;
    CHECK_ROW(error && error->code == ERROR_FIELDS && error->fault_count == 1 && strcmp(error->faults[0].pointer, pointer) == 0, json);
    buffer_init(&text, money->house->trial->arena);
    fault_print(&text, &error->faults[0], LANGUAGE_EN);
    CHECK_ROW(strstr(buffer_text(&text), words), buffer_text(&text));
    error_free(error);
}

/* The budget never falls below what is claimed, open or paid; a period never loses its cycles; a name is one program's. */
static void
changes_stay_within(void **state)
{
    struct money *money = *state;
    int64_t total = 0;
    money->program = PROGRAM("Bantuan", "household", "true", CASH, "100000000000", "");
    MUST(step_program);
    money_enroll_families(money, 3);
    int64_t version = money_sql(money, "SELECT version FROM program");
    must(change(money, version++, "{\"budget_minor\":100000000000}"));
    MUST(step_make);
    MUST(step_lock);
    must(change(money, version++, "{\"budget_minor\":0}")); /* nothing is claimed before it is submitted */
    must_refuse(money_try(money, step_submit), ERROR_BUDGET, NULL);
    must(change(money, version++, "{\"budget_minor\":100000000000}"));
    MUST(step_submit);
    total = money_sql(money, "SELECT total_minor FROM batch");
    assert_true(total > 0 && total % 100 == 0);
    struct buffer words;
    buffer_init(&words, money->house->trial->arena);
    money_print(&words, total, "IDR", LANGUAGE_EN);
    refuse_field(money, version, "{\"budget_minor\":0}", "/budget_minor", buffer_text(&words));
    refuse_field(money, version, arena_format(money->house->trial->arena, "{\"budget_minor\":%lld}", (long long)total - 100), "/budget_minor", buffer_text(&words));
    must(change(money, version++, arena_format(money->house->trial->arena, "{\"budget_minor\":%lld}", (long long)total)));
    MUST(step_approve);
    MUST(step_release); /* open money counts as well */
    refuse_field(money, version, arena_format(money->house->trial->arena, "{\"budget_minor\":%lld}", (long long)total - 100), "/budget_minor", buffer_text(&words));
    refuse_field(money, version, "{\"starts_on\":\"2090-01-01\"}", "/starts_on", "first cycle");
    refuse_field(money, version, "{\"ends_on\":\"2020-01-02\"}", "/ends_on", "last cycle");
    assert_int_equal(money_sql(money, "SELECT version FROM program"), version);
}

static void
names_are_one_programs(void **state)
{
    struct money *money = *state;
    money->program = PROGRAM("Bantuan", "household", "true", CASH, "1000", "");
    MUST(step_program);
    must_refuse(money_try(money, step_create), ERROR_FIELDS, NULL);
    money->program = PROGRAM("Bantuan Dua", "household", "true", CASH, "1000", "");
    MUST(step_create);
    refuse_field(money, 1, "{\"name\":\"Bantuan\"}", "/name", "Another program");
    must(change(money, 1, "{\"name\":\"Bantuan Tiga\"}"));
}

struct ask { struct money *money; const char *facts; struct id member_id; struct program_answer answer; };

static struct error *
step_ask(struct tx *tx, void *context)
{
    struct ask *ask = context;
    struct program *program = NULL;
    struct json *facts = NULL;
    TRY(program_load(tx, &ask->money->maya, ask->money->program_id, &program));
    if (ask->facts)
        TRY(parse_text(tx, ask->facts, &facts));
    else
        TRY(household_facts(tx, ask->money->household_id, date_of_instant(tx->now_ms, 420), &facts));
    struct program_unit unit = {.household_id = ask->facts ? (struct id){{0}} : ask->money->household_id, .member_id = ask->member_id};
    return program_evaluate(tx, program, facts, unit, date_of_instant(tx->now_ms, 420), false, &ask->answer);
}

static struct program_answer
answer_of(struct money *money, const char *facts, struct id member_id)
{
    struct ask ask = {money, facts, member_id, {0}};
    must(lane_run(money->house->trial->lane, step_ask, &ask, money->house->trial->arena));
    return ask.answer;
}

static void
make(struct money *money, const char *unit, const char *rule, const char *entitlement)
{
    static int number;
    money->program = arena_format(money->house->trial->arena, PROGRAM("Program %d", "%s", "%s", "%s", "100000000000", ""), ++number, unit, rule, entitlement);
    MUST(step_program);
}

#define FACTS(members) "{\"household\":{\"region\":\"33.08.03.2001\",\"members\":[" members "]}}"

static void
fails_closed(void **state)
{
    struct money *money = *state;
    make(money, "household", "household.members.exists(m, age(m.birth_date) < 7)", CASH);
    struct program_answer answer = answer_of(money, FACTS("{\"birth_date\":\"2024-01-01\"}"), (struct id){{0}});
    assert_string_equal(answer.outcome, "eligible");
    assert_int_equal(answer.entitlement_minor, 10000000);
    answer = answer_of(money, FACTS("{}"), (struct id){{0}});
    assert_string_equal(answer.outcome, "undetermined");
    assert_true(answer.missing->count > 0);
    assert_int_equal(answer.entitlement_minor, 0);
    /* 2019 alone: seven in the one half of the year, six in the other. */
    answer = answer_of(money, FACTS("{\"birth_date\":\"2019-07-01\",\"birth_earliest\":\"2019-01-01\",\"birth_latest\":\"2019-12-31\"}"), (struct id){{0}});
    assert_string_equal(answer.outcome, "undetermined");
    answer = answer_of(money, FACTS("{\"birth_date\":\"2022-07-01\",\"birth_earliest\":\"2022-01-01\",\"birth_latest\":\"2022-12-31\"}"), (struct id){{0}});
    assert_string_equal(answer.outcome, "eligible");
    make(money, "household", "true", "sum(household.members.map(m, age(m.birth_date) < 7, amount(1000)))");
    answer = answer_of(money, FACTS("{\"birth_date\":\"2019-07-01\",\"birth_earliest\":\"2019-01-01\",\"birth_latest\":\"2019-12-31\"}"), (struct id){{0}});
    assert_string_equal(answer.outcome, "undetermined"); /* the amount turns inside the year */
    assert_int_equal(answer.entitlement_minor, 0);
}

static void
entitlement_faults(void **state)
{
    struct money *money = *state;
    static const char *const said[] = {
        "setiap bagian memerlukan code", "setiap bagian memerlukan kind", "bagian uang tunai memerlukan", "bagian barang memerlukan", "bukan kelipatan", "di luar batas",
        "dua bagian memiliki code", "setiap bagian memerlukan code", "pembagian dengan nol", "skor 'pmt' rumah tangga ini belum ada",
    };
    static const char *const bad[] = {
        "[{'kind':'cash','amount_minor':100}]", "[{'code':'a','kind':'gold','amount_minor':100}]", "[{'code':'a','kind':'cash'}]", "[{'code':'a','kind':'goods','quantity':1}]",
        "[{'code':'a','kind':'cash','amount_minor':150}]", "[{'code':'a','kind':'cash','amount_minor':-100}]",
        "[{'code':'a','kind':'cash','amount_minor':100},{'code':'a','kind':'cash','amount_minor':100}]", "[{'code':'a|b','kind':'cash','amount_minor':100}]",
        "100 / (size(household.members) - 1)", "amount(score('pmt'))",
    };
    for (size_t i = 0; i < COUNT(bad); i++) {
        make(money, "household", "true", bad[i]);
        struct program_answer answer = answer_of(money, FACTS("{\"birth_date\":\"2024-01-01\"}"), (struct id){{0}});
        CHECK_TEXT(answer.outcome, "undetermined", bad[i]);
        CHECK_ROW(answer.entitlement_error && answer.part_count == 0 && answer.entitlement_minor == 0, bad[i]);
        struct buffer id, en;
        buffer_init(&id, money->house->trial->arena);
        buffer_init(&en, money->house->trial->arena);
        program_answer_print(&id, NULL, &answer, LANGUAGE_ID);
        program_answer_print(&en, NULL, &answer, LANGUAGE_EN);
        CHECK_ROW(strstr(buffer_text(&id), said[i]) && !strstr(buffer_text(&en), said[i]) && strstr(buffer_text(&en), "entitlement_error"), bad[i]);
    }
}

#define PKH \
    "sum(top(top(household.members.map(m, has(m.pregnancy), amount(750000)), 2) + top(household.members.map(m, age(m.birth_date) <= 6, amount(750000)), 2)" \
    " + household.members.map(m, has(m.school_level) && m.school_level == 'primary', amount(225000))" \
    " + household.members.map(m, has(m.school_level) && m.school_level == 'lower_secondary', amount(375000))" \
    " + household.members.map(m, has(m.school_level) && m.school_level == 'upper_secondary', amount(500000))" \
    " + top(household.members.map(m, age(m.birth_date) >= 70, amount(600000)), 1)" \
    " + top(household.members.map(m, has(m.registered_severe_disability) && m.registered_severe_disability, amount(600000)), 1), 4))"
#define CHILD(name, born) "{\"name\":\"" name "\",\"id_reason\":\"belum diurus\",\"sex\":\"M\",\"birth_date\":\"" born "\",\"relationship\":\"child\""

static void
real_programs_to_the_rupiah(void **state)
{
    struct money *money = *state;
    static const struct { const char *others; int64_t rupiah; } rows[] = {
        {NULL, 0}, {CHILD("Ani", "2023-05-01") "}", 750000},
        {CHILD("Ani", "2023-05-01") "}," CHILD("Ina", "2022-05-01") "}," CHILD("Adi", "2021-05-01") "}", 1500000},
        {CHILD("Budi", "2016-05-01") ",\"in_school\":true,\"school_level\":\"primary\",\"grade\":4}", 225000},
        {CHILD("Ani", "2023-05-01") "}," CHILD("Ina", "2022-05-01") "}," CHILD("Budi", "2016-05-01") ",\"in_school\":true,\"school_level\":\"primary\",\"grade\":4},"
         CHILD("Dewa", "2012-05-01") ",\"in_school\":true,\"school_level\":\"lower_secondary\",\"grade\":8},"
         CHILD("Eko", "2009-05-01") ",\"in_school\":true,\"school_level\":\"upper_secondary\",\"grade\":11}", 750000 + 750000 + 500000 + 375000},
    };
    make(money, "household", "true", PKH);
    for (size_t i = 0; i < COUNT(rows); i++) {
        money->household_id = money_family(money, (int)i + 40, rows[i].others);
        struct program_answer answer = answer_of(money, NULL, (struct id){{0}});
        CHECK_ROW(answer.entitlement_minor == rows[i].rupiah * 100, rows[i].others ? rows[i].others : "mother alone");
        CHECK_TEXT(answer.outcome, "eligible", "a program for all");
    }
    make(money, "household", "true", "[{'code':'material','kind':'cash','amount_minor':amount(17500000)},{'code':'wage','kind':'cash','amount_minor':amount(2500000)}]");
    struct program_answer answer = answer_of(money, NULL, (struct id){{0}});
    assert_int_equal(answer.part_count, 2);
    assert_int_equal(answer.entitlement_minor, INT64_C(2000000000));
}

static struct error *
step_simulate(struct tx *tx, void *context)
{
    struct money *money = context;
    struct program *program = NULL;
    struct simulation_in in = {0};
    struct buffer body;
    buffer_init(&body, tx->arena);
    TRY(program_load(tx, &money->maya, money->program_id, &program));
    TRY(program_simulate(tx, &money->maya, program, &in, &body));
    money->text = arena_copy(money->house->trial->arena, buffer_text(&body), body.length);
    return NULL;
}

static void
simulation_counts(void **state)
{
    struct money *money = *state;
    make(money, "household", "household.members.size() > 1", CASH);
    for (int i = 0; i < 5; i++)
        (void)money_family(money, i, i < 2 ? HOUSE_CHILD : NULL);
    must(trial_read(money->house->trial, step_simulate, money));
    assert_non_null(strstr(money->text, "20000000"));
    assert_int_equal(money_sql(money, "SELECT count(*) FROM enrollment"), 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {MONEY_TEST(faults_point), MONEY_TEST(rules_are_versioned), MONEY_TEST(fails_closed), MONEY_TEST(entitlement_faults),
                                       MONEY_TEST(real_programs_to_the_rupiah), MONEY_TEST(simulation_counts), MONEY_TEST(changes_stay_within),
                                       MONEY_TEST(names_are_one_programs)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
