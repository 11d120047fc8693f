/* test_score_flag.c: our flags member by member and day by day, the agency's with what is wrong with them, circles, uncertain births, rules and counts. */
#include "money_fixture.h"

#include "lumbung/base/time.h"
#include "lumbung/score.h"
#include "program/program_vocabulary.h"
#include "score/score_act.h"
#include "score/score_flag.h"

#define LABEL "\"label\":{\"id\":\"a\",\"en\":\"b\"}"
#define FLAG(name, expression) "{\"name\":\"" name "\"," LABEL ",\"expression\":\"" expression "\"}"
#define HEAD(more) "{\"relationship\":\"head\",\"nik\":\"*\"" more "}"
#define BORN(date) ",\"birth_date\":\"" date "\""

static int
own_truth(struct arena *arena, const char *household, const char *name, const char *on)
{
    struct score_flag flags[SCORE_FLAGS_OWN];
    struct json *json = NULL, *facts = json_make(arena, JSON_OBJECT);
    int32_t day = 0;
    must(json_parse(arena, household, strlen(household), &json));
    json_set(arena, facts, "household", json);
    assert_true(date_parse(on, &day));
    score_flag_own(facts, day, flags);
    for (size_t i = 0; i < SCORE_FLAGS_OWN; i++)
        if (strcmp(flags[i].name, name) == 0)
            return flags[i].truth;
    fail_msg("no flag %s", name);
    return 0;
}

#define MEMBERS(members) "{\"members\":[" members "]}"
#define COUNTED(members, declared) "{\"members\":[" members "],\"declared\":{" declared "}}"

static void
ours_by_member_and_day(void **state)
{
    (void)state;
    static const struct { const char *household, *flag, *on; int truth; } rows[] = {
        {MEMBERS(HEAD(BORN("1966-11-24"))), "elderly_alone", "2026-11-24", 1}, {MEMBERS(HEAD(BORN("1966-11-24"))), "elderly_alone", "2026-11-23", 0},
        {MEMBERS(HEAD(BORN("1950-01-01")) "," HEAD(BORN("2020-01-01"))), "elderly_alone", "2026-11-24", 0},
        {MEMBERS(HEAD(BORN("2021-11-24"))), "under_five", "2026-11-23", 1}, {MEMBERS(HEAD(BORN("2021-11-24"))), "under_five", "2026-11-24", 0},
        {MEMBERS(HEAD(BORN("2008-11-25"))), "child_headed", "2026-11-24", 1}, {MEMBERS(HEAD(BORN("2008-11-24"))), "child_headed", "2026-11-24", 0},
        {MEMBERS(HEAD(",\"sex\":\"F\"")), "female_headed", "2026-11-24", 1}, {MEMBERS(HEAD(",\"sex\":\"M\"")), "female_headed", "2026-11-24", 0},
        {MEMBERS("{\"relationship\":\"child\",\"sex\":\"F\"}"), "female_headed", "2026-11-24", 0},
        {MEMBERS(HEAD(",\"disability\":{\"seeing\":2,\"walking\":2}")), "disability", "2026-11-24", 0},
        {MEMBERS(HEAD(",\"disability\":{\"seeing\":1,\"walking\":3}")), "disability", "2026-11-24", 1},
        {MEMBERS(HEAD(",\"disability\":{\"walking\":3}")), "severe_disability", "2026-11-24", 0},
        {MEMBERS(HEAD(",\"disability\":{\"walking\":4}")), "severe_disability", "2026-11-24", 1},
        {MEMBERS(HEAD(",\"registered_severe_disability\":true")), "disability", "2026-11-24", 1},
        {MEMBERS(HEAD(",\"pregnancy\":{}")), "pregnant", "2026-11-24", 1}, {MEMBERS(HEAD("")), "pregnant", "2026-11-24", 0},
        {MEMBERS(HEAD(",\"chronic_illness\":false")), "chronic_illness", "2026-11-24", 0}, {MEMBERS(HEAD(",\"chronic_illness\":true")), "chronic_illness", "2026-11-24", 1},
        {MEMBERS(HEAD("")), "no_income", "2026-11-24", -1}, {MEMBERS(HEAD(",\"income_minor\":0")), "no_income", "2026-11-24", 1},
        {MEMBERS(HEAD(",\"income_minor\":0") "," HEAD(",\"income_minor\":100")), "no_income", "2026-11-24", 0},
        {MEMBERS("{\"relationship\":\"child\",\"birth_date\":\"2026-01-01\"}"), "no_id", "2026-11-24", 0},
        {MEMBERS("{\"relationship\":\"child\",\"birth_date\":\"2025-01-01\"}"), "no_id", "2026-11-24", 1},
        {MEMBERS(""), "elderly_alone", "2026-11-24", -1}, {"{}", "no_id", "2026-11-24", -1},
        /* a household that only declared its numbers: who is named is not all */
        {COUNTED(HEAD(BORN("1950-01-01")), "\"size\":5"), "elderly_alone", "2026-11-24", 0}, {COUNTED(HEAD(BORN("1950-01-01")), "\"size\":1"), "elderly_alone", "2026-11-24", 1},
        {COUNTED(HEAD(BORN("1950-01-01")), ""), "elderly_alone", "2026-11-24", -1}, {COUNTED(HEAD(BORN("1990-01-01")), ""), "elderly_alone", "2026-11-24", 0},
        {COUNTED(HEAD(""), "\"under5\":2"), "under_five", "2026-11-24", 1}, {COUNTED(HEAD(""), "\"under5\":0"), "under_five", "2026-11-24", 0},
        {COUNTED(HEAD(""), "\"size\":3"), "under_five", "2026-11-24", -1}, {COUNTED(HEAD(""), "\"disabled\":1"), "disability", "2026-11-24", 1},
        {COUNTED(HEAD(""), "\"pregnant\":1"), "pregnant", "2026-11-24", 1}, {COUNTED(HEAD(""), "\"size\":3"), "chronic_illness", "2026-11-24", -1},
        {COUNTED(HEAD(",\"chronic_illness\":true"), "\"size\":3"), "chronic_illness", "2026-11-24", 1}, {COUNTED(HEAD(",\"income_minor\":0"), "\"size\":3"), "no_income", "2026-11-24", -1},
    };
    struct arena *arena = arena_create();
    for (size_t i = 0; i < COUNT(rows); i++)
        CHECK_ROW(own_truth(arena, rows[i].household, rows[i].flag, rows[i].on) == rows[i].truth, rows[i].household);
    arena_destroy(arena);
}

static struct error *
step_flag(struct tx *tx, void *context)
{
    struct money *money = context;
    struct json *json = NULL;
    TRY(parse_text(tx, money->json, &json));
    return score_flag_make(tx, &money->maya, json, &money->item_id);
}

static void
make(struct money *money, const char *flag)
{
    money->json = flag;
    MUST(step_flag);
}

static struct error *
step_score(struct tx *tx, void *context)
{
    struct money *money = context;
    struct json *json = NULL;
    TRY(parse_text(tx, money->json, &json));
    TRY(score_make(tx, &money->maya, json, &money->row_id));
    return score_start(tx, &money->maya, money->row_id, &money->batch_id);
}
#define SCORE(name, input) "{\"name\":\"" name "\"," LABEL ",\"indicators\":[{\"name\":\"x\"," LABEL ",\"input\":\"" input "\",\"coefficient\":1}]}"

static void
the_agency_s_are_checked(void **state)
{
    struct money *money = *state;
    static const struct { const char *flag, *pointer, *code; } rows[] = {
        {"[]", "", "type"}, {"{" LABEL ",\"expression\":\"true\"}", "/name", "required"}, {FLAG("Besar", "true"), "/name", "text"},
        {FLAG("elderly_alone", "true"), "/name", "conflict"}, {"{\"name\":\"a\",\"expression\":\"true\"}", "/label/id", "required"},
        {"{\"name\":\"a\"," LABEL "}", "/expression", "required"}, {"{\"name\":\"a\"," LABEL ",\"expression\":\"true\",\"colour\":1}", "/colour", "unknown"},
        {FLAG("a", "size(household.members)"), "/expression", "rule"}, {FLAG("a", "household.membres.size() > 1"), "/expression", "rule"},
        {FLAG("a", "size(household.members) >"), "/expression", "rule"}, {FLAG("a", "household.rt > 3"), "/expression", "rule"},
        {FLAG("a", "flag('gone')"), "/expression", "reference"}, {FLAG("a", "score('GONE') > 3"), "/expression", "reference"},
        {FLAG("a", "household.needs.gone == 'x'"), "/expression", "reference"}, {FLAG("a", "!flag('a')"), "/expression", "circle"},
        {FLAG("large", "flag('larger')"), "/expression", "circle"}, {FLAG("large", "score('BESAR') > 1"), "/expression", "circle"},
    };
    make(money, FLAG("large", "size(household.members) >= 5"));
    make(money, FLAG("larger", "flag('large') && size(household.members) >= 7"));
    money->json = SCORE("BESAR", "flag('larger')");
    MUST(step_score);
    for (size_t i = 0; i < COUNT(rows); i++) {
        money->json = rows[i].flag;
        struct error *error = money_try(money, step_flag);
        CHECK_ROW(error && error->code == ERROR_FIELDS, rows[i].flag);
        CHECK_TEXT(error->faults[0].pointer, rows[i].pointer, rows[i].flag);
        CHECK_TEXT(fault_slug(error->faults[0].code), rows[i].code, rows[i].flag);
        error_free(error);
    }
    money->json = SCORE("LAIN", "flag('gone')");
    must_refuse(money_try(money, step_score), ERROR_FIELDS, NULL);
    assert_int_equal(money_sql(money, "SELECT count(*) FROM flag_definition"), 2);
}

struct ask { struct money *money; const char *name; int truth; };

static struct error *
step_ask(struct tx *tx, void *context)
{
    struct ask *ask = context;
    struct score_context loaded;
    struct score_flag *flags = NULL;
    int64_t version = 0;
    size_t count = 0;
    TRY(score_context_load(tx, ask->money->household_id, &loaded, &version));
    TRY(score_flag_list(&loaded, &flags, &count));
    ask->truth = -2;
    for (size_t i = 0; i < count; i++)
        if (strcmp(flags[i].name, ask->name) == 0)
            ask->truth = flags[i].truth;
    return NULL;
}

static int
truth(struct money *money, const char *name)
{
    struct ask ask = {money, name, 0};
    must(lane_run(money->house->trial->lane, step_ask, &ask, money->house->trial->arena));
    return ask.truth;
}

static struct error *
step_retire(struct tx *tx, void *context)
{
    struct money *money = context;
    return score_flag_retire(tx, &money->maya, money->item_id);
}

static void
a_new_version_holds_at_once(void **state)
{
    struct money *money = *state;
    money->household_id = money_family(money, 0, "{\"name\":\"Anak\",\"id_reason\":\"belum\",\"sex\":\"M\",\"birth_date\":\"2018-01-01\",\"relationship\":\"child\"}");
    make(money, FLAG("large", "size(household.members) >= 5"));
    make(money, FLAG("both", "flag('large') && flag('female_headed')"));
    assert_int_equal(truth(money, "both"), 0);
    make(money, FLAG("large", "size(household.members) >= 2"));
    assert_int_equal(truth(money, "both"), 1);
    assert_int_equal(money_sql(money, "SELECT count(*) FROM flag_definition WHERE state = 'active'"), 2);
    MUST(step_retire);
    must_refuse(money_try(money, step_retire), ERROR_STATE, NULL);
    assert_int_equal(truth(money, "large"), -2); /* offered no more */
    assert_int_equal(truth(money, "both"), 1);   /* but what names it still works */
}

/* The outcome of the rule money->text. */
static struct error *
step_outcome(struct tx *tx, void *context)
{
    struct money *money = context;
    struct program *program = NULL;
    struct program_answer answer;
    struct json *facts = NULL;
    int32_t today = date_of_instant(tx->now_ms, 420);
    TRY(program_load(tx, &money->maya, money->program_id, &program));
    TRY(rule_compile(tx->arena, money->text, "/rule", vocabulary_schema("household"), RULE_BOOL, false, &program->compiled_rule));
    TRY(household_facts(tx, money->household_id, today, &facts));
    TRY(program_evaluate(tx, program, facts, (struct program_unit){.household_id = money->household_id}, today, false, &answer));
    money->text = answer.outcome;
    return NULL;
}

/* Born somewhere in 1966: sixty in November 2026 or not yet. */
static void
uncertain_births_cannot_be_told(void **state)
{
    struct money *money = *state;
    static const struct rule_row { const char *rule, *outcome; } rows[] = {
        {"flag('elderly_alone')", "undetermined"}, {"flag('female_headed')", "eligible"}, {"flag('old')", "undetermined"}, {"flag('gone')", "undetermined"},
    };
    money->household_id = house_register(money->house, &money->house->officer,
        "{\"region\":\"33.08.03.2001\"," HOUSE_CONSENT ",\"members\":[{\"name\":\"Mbah Surip\",\"id_reason\":\"belum\",\"sex\":\"F\",\"age_years\":59,\"age_on\":\"2020-06-01\",\"birth_date_precision\":\"estimate\",\"relationship\":\"head\"}]}").id;
    make(money, FLAG("old", "household.members.exists(m, age(m.birth_date) >= 60)"));
    money_execute(money, "UPDATE member SET birth_date = (SELECT max(created_at_ms) / 86400000 - 60 * 365 - 15 FROM household), birth_earliest = (SELECT max(created_at_ms) / 86400000 - 62 * 365 FROM household), "
                         "birth_latest = (SELECT max(created_at_ms) / 86400000 - 58 * 365 FROM household)");
    assert_int_equal(truth(money, "elderly_alone"), -1);
    assert_int_equal(truth(money, "old"), -1);
    assert_int_equal(truth(money, "female_headed"), 1);
    money->json = SCORE("TUA", "household.members.exists(m, age(m.birth_date) >= 60)");
    MUST(step_score);
    must(job_run_all(money->house->trial->lane));
    assert_int_equal(money_sql(money, "SELECT count(*) FROM household_score WHERE value IS NULL"), 1); /* a score that turns is none */
    money->program = PROGRAM("Bantuan", "household", "true", CASH, "100000000", "");
    MUST(step_program);
    for (size_t i = 0; i < COUNT(rows); i++) {
        money->text = rows[i].rule;
        MUST(step_outcome);
        CHECK_TEXT(money->text, rows[i].outcome, rows[i].rule);
    }
}

/* Five people, of whom one is named: what counts members cannot be told, what was declared can. */
static void
declared_numbers_are_not_members(void **state)
{
    struct money *money = *state;
    money->household_id = house_register(money->house, &money->house->officer,
        "{\"region\":\"33.08.03.2001\",\"declared\":{\"size\":5,\"under5\":1}," HOUSE_CONSENT ",\"members\":[" HOUSE_HEAD "]}").id;
    make(money, FLAG("large", "size(household.members) >= 3"));
    make(money, FLAG("many", "household.declared.size >= 3"));
    make(money, FLAG("young_and_many", "flag('under_five') && flag('many')"));
    static const struct { const char *name; int truth; } rows[] = {{"large", -1}, {"many", 1}, {"young_and_many", 1}, {"under_five", 1}, {"elderly_alone", 0}, {"chronic_illness", -1}};
    for (size_t i = 0; i < COUNT(rows); i++)
        CHECK_ROW(truth(money, rows[i].name) == rows[i].truth, rows[i].name);
}

static struct error *
step_count(struct tx *tx, void *context)
{
    struct money *money = context;
    return score_flag_count(tx, &money->maya, &money->batch_id);
}

static struct error *
step_sums(struct tx *tx, void *context)
{
    struct money *money = context;
    struct score_flag_sum *sums = NULL;
    struct region region;
    struct id run_id;
    int32_t on = 0;
    size_t count = 0;
    bool found = false;
    TRY(score_flag_store_run(tx, &run_id, &on, &found));
    TRY(region_by_code(tx, &money->house->console, "33", &region));
    TRY(score_flag_store_sums(tx, money->actor, run_id, region.id, &sums, &count));
    money->number = -1;
    for (size_t i = 0; found && i < count; i++)
        if (strcmp(sums[i].flag, money->text) == 0)
            money->number = sums[i].households;
    return NULL;
}

static int64_t
counted(struct money *money, const struct actor *actor, const char *flag)
{
    money->actor = actor;
    money->text = flag;
    MUST(step_sums);
    return money->number;
}

static struct error *
step_daily(struct tx *tx, void *context)
{
    struct money *money = context;
    tx->now_ms += (int64_t)money->count * DAY_MS;
    return score_flag_daily(tx);
}

static void
counts_by_region_and_day(void **state)
{
    struct money *money = *state;
    const char *far = "{\"region\":\"33.08.04.2001\"," HOUSE_CONSENT ",\"members\":[" HOUSE_HEAD "]}";
    for (int i = 0; i < 130; i++)
        money_family(money, i, NULL);
    house_register(money->house, &money->house->console, far);
    make(money, FLAG("single", "size(household.members) == 1"));
    assert_int_equal(counted(money, &money->maya, "single"), -1);
    MUST(step_daily); /* nobody has counted yet: nothing is due */
    assert_int_equal(money_sql(money, "SELECT count(*) FROM job"), 0);
    MUST(step_count);
    must_refuse(money_try(money, step_count), ERROR_STATE, NULL);
    must(job_run_all(money->house->trial->lane));
    static const struct { const char *flag; int64_t all, own; } rows[] = {{"", 131, 130}, {"single", 131, 130}, {"female_headed", 131, 130}, {"under_five", 0, 0}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        CHECK_ROW(counted(money, &money->maya, rows[i].flag) == rows[i].all, rows[i].flag);
        CHECK_ROW(counted(money, &money->house->officer, rows[i].flag) == rows[i].own, rows[i].flag);
    }
    MUST(step_daily); /* of today already */
    assert_int_equal(money_sql(money, "SELECT count(*) FROM job"), 1);
    money->count = 1;
    MUST(step_daily);
    MUST(step_daily); /* one a day */
    assert_int_equal(money_sql(money, "SELECT count(*) FROM job"), 2);
    must(job_run_all(money->house->trial->lane));
    assert_int_equal(money_sql(money, "SELECT count(*) FROM flag_run"), 1);
    assert_int_equal(counted(money, &money->maya, ""), 131);
}

static struct error *
step_broken(struct tx *tx, void *context)
{
    struct money *money = context;
    char text[ID_TEXT_SIZE];
    struct json *input = json_make(tx->arena, JSON_OBJECT);
    id_print(money_sql_id(money, "SELECT id FROM flag_run WHERE finished_at_ms IS NULL"), text);
    json_set(tx->arena, input, "run_id", json_make_text(tx->arena, text));
    return score_flag_job.broken(tx, &money->maya, money->batch_id, input, "cancelled");
}

static void
a_stopped_count_leaves_the_last(void **state)
{
    struct money *money = *state;
    money_family(money, 0, NULL);
    MUST(step_count);
    must(job_run_all(money->house->trial->lane));
    MUST(step_count);
    MUST(step_broken);
    assert_int_equal(money_sql(money, "SELECT count(*) FROM flag_run"), 1);
    assert_int_equal(counted(money, &money->maya, ""), 1);
    MUST(step_count);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ours_by_member_and_day), MONEY_TEST(the_agency_s_are_checked), MONEY_TEST(a_new_version_holds_at_once),
        MONEY_TEST(uncertain_births_cannot_be_told), MONEY_TEST(declared_numbers_are_not_members), MONEY_TEST(counts_by_region_and_day), MONEY_TEST(a_stopped_count_leaves_the_last),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
