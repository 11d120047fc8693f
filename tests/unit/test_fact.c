/* test_fact.c: facts of other registries: mappings and rows refused at their place, found by number within the area, newest day, contradictions, rules. */
#include "money_fixture.h"

#include "fact/fact_import.h"
#include "lumbung/base/time.h"
#include "program/program_vocabulary.h"

#define COLUMNS "\"columns\":[\"NIK\",\"DESIL\",\"STATUS\"]"
#define NUMBER "\"number\":{\"column\":\"NIK\",\"kind\":\"nik\"}"
#define DESIL "\"desil\":{\"column\":\"DESIL\",\"type\":\"integer\",\"least\":1,\"most\":10}"
#define STATUS "\"status\":{\"column\":\"STATUS\",\"type\":\"choice\",\"values\":{\"AKTIF\":\"active\",\"MATI\":\"dead\"}}"
#define ROW(line, nik, desil, status) "{\"line\":" #line ",\"cells\":[\"" nik "\",\"" desil "\",\"" status "\"]}"
#define EDITION(edition, day) "\"source\":\"dtsen\",\"edition\":\"" edition "\",\"as_of\":\"" day "\""
#define FILE_OF(edition, number, facts, rows) "{" edition "," number ",\"facts\":{" facts "},\"not_found\":[\"TIDAK ADA\"]," COLUMNS ",\"rows\":[" rows "]}"
#define FACTS_OF(edition, rows) FILE_OF(edition, NUMBER, DESIL "," STATUS, rows)
#define FIRST EDITION("T1", "2019-03-01")
#define SECOND EDITION("T2", "2019-06-01")
#define SITI "3308035205870001"

struct load { struct money *money; const struct actor *actor; bool keep; struct fact_outcome outcome; };

static struct error *
step_facts(struct tx *tx, void *context)
{
    struct load *load = context;
    struct json *json = NULL;
    void *in = NULL;
    TRY(parse_text(tx, load->money->json, &json));
    TRY(field_parse(tx->arena, &fact_in_table, json, "", FIELD_CREATE, INT32_MAX, &in));
    return fact_import(tx, load->actor, in, load->keep, &load->outcome);
}

FALLIBLE static struct error *
load_as(struct money *money, const struct actor *actor, const char *json, bool keep, struct fact_outcome *ret_outcome)
{
    struct load load = {money, actor, keep, {0}};
    money->json = json;
    struct error *error = lane_run(money->house->trial->lane, step_facts, &load, money->house->trial->arena);
    *ret_outcome = load.outcome;
    return error;
}

static struct fact_outcome
load(struct money *money, const char *json)
{
    struct fact_outcome outcome;
    must(load_as(money, &money->maya, json, true, &outcome));
    return outcome;
}

static void
mappings_refused(void **state)
{
    struct money *money = *state;
    static const struct { const char *file, *pointer; } rows[] = {
        {FILE_OF("\"source\":\"Data Terpadu\",\"edition\":\"T1\",\"as_of\":\"2019-03-01\"", NUMBER, DESIL, ROW(2, SITI, "1", "")), "/source"},
        {FILE_OF("\"edition\":\"T1\",\"as_of\":\"2019-03-01\"", NUMBER, DESIL, ROW(2, SITI, "1", "")), "/source"},
        {FILE_OF("\"source\":\"dtsen\",\"edition\":\"T1\"", NUMBER, DESIL, ROW(2, SITI, "1", "")), "/as_of"},
        {FILE_OF(FIRST, "\"number\":{\"column\":\"NIKK\",\"kind\":\"nik\"}", DESIL, ROW(2, SITI, "1", "")), "/number/column"},
        {FILE_OF(FIRST, "\"number\":{\"column\":\"NIK\",\"kind\":\"phone\"}", DESIL, ROW(2, SITI, "1", "")), "/number/kind"},
        {FILE_OF(FIRST, "\"number\":{\"kind\":\"nik\"}", DESIL, ROW(2, SITI, "1", "")), "/number/column"},
        {FILE_OF(FIRST, NUMBER, "", ROW(2, SITI, "1", "")), "/facts"},
        {FILE_OF(FIRST, NUMBER, "\"Desil\":{\"column\":\"DESIL\",\"type\":\"integer\"}", ROW(2, SITI, "1", "")), "/facts/Desil"},
        {FILE_OF(FIRST, NUMBER, "\"desil\":{\"column\":\"DESIL\",\"type\":\"decimal\"}", ROW(2, SITI, "1", "")), "/facts/desil/type"},
        {FILE_OF(FIRST, NUMBER, "\"desil\":{\"column\":\"GONE\",\"type\":\"integer\"}", ROW(2, SITI, "1", "")), "/facts/desil/column"},
        {FILE_OF(FIRST, NUMBER, "\"desil\":{\"column\":\"DESIL\",\"type\":\"integer\",\"least\":5,\"most\":1}", ROW(2, SITI, "1", "")), "/facts/desil/most"},
        {FILE_OF(FIRST, NUMBER, "\"desil\":{\"column\":\"DESIL\",\"type\":\"choice\"}", ROW(2, SITI, "1", "")), "/facts/desil/values"},
        {FILE_OF(FIRST, NUMBER, "\"desil\":{\"column\":\"DESIL\",\"type\":\"choice\",\"values\":{\"1\":1.5}}", ROW(2, SITI, "1", "")), "/facts/desil/values/1"},
        {FILE_OF(FIRST, NUMBER, "\"desil\":{\"column\":\"DESIL\",\"type\":\"integer\",\"colour\":1}", ROW(2, SITI, "1", "")), "/facts/desil/colour"},
        {FILE_OF(FIRST, NUMBER, DESIL, ""), "/rows"},
        {FILE_OF(FIRST, NUMBER, DESIL, "{\"line\":2,\"cells\":[1,2,3]}"), "/rows/0/cells"},
        {FILE_OF(FIRST, NUMBER, DESIL, "{\"line\":2,\"cell\":[]}"), "/rows/0/cell"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct fact_outcome outcome;
        struct error *error = load_as(money, &money->maya, rows[i].file, true, &outcome);
        CHECK_ROW(error && error->code == ERROR_FIELDS, rows[i].file);
        CHECK_TEXT(error->faults[0].pointer, rows[i].pointer, rows[i].file);
        error_free(error);
    }
    assert_int_equal(money_sql(money, "SELECT count(*) FROM fact_edition"), 0);
}

static struct id
siti(struct money *money)
{
    return house_register(money->house, &money->house->officer, "{\"region\":\"33.08.03.2001\",\"kk_number\":\"3308031203150007\"," HOUSE_CONSENT ",\"members\":[" HOUSE_HEAD "," HOUSE_CHILD "]}").id;
}

static void
rows_refused_with_line_column_and_value(void **state)
{
    struct money *money = *state;
    static const struct { const char *row, *column, *value; enum fact_refusal why; } rows[] = {
        {ROW(7, "", "3", "AKTIF"), "NIK", "", FACT_REFUSED_EMPTY}, {ROW(7, "33080352058700", "3", "AKTIF"), "NIK", "33080352058700", FACT_REFUSED_DIGITS},
        {ROW(7, "3,30804E+15", "3", "AKTIF"), "NIK", "3,30804E+15", FACT_REFUSED_DIGITS}, {ROW(7, SITI, "tiga", "AKTIF"), "DESIL", "tiga", FACT_REFUSED_INTEGER},
        {ROW(7, SITI, "3.5", "AKTIF"), "DESIL", "3.5", FACT_REFUSED_INTEGER}, {ROW(7, SITI, "11", "AKTIF"), "DESIL", "11", FACT_REFUSED_RANGE},
        {ROW(7, SITI, "0", "AKTIF"), "DESIL", "0", FACT_REFUSED_RANGE}, {ROW(7, SITI, "3", "PINDAH"), "STATUS", "PINDAH", FACT_REFUSED_VALUE},
        {"{\"line\":7,\"cells\":[\"" SITI "\",\"3\"]}", "NIK", NULL, FACT_REFUSED_CELLS},
    };
    siti(money);
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct fact_outcome outcome = load(money, arena_format(money->house->trial->arena, FACTS_OF(FIRST, "%s"), rows[i].row));
        CHECK_ROW(outcome.refused_count == 1 && outcome.accepted == 0 && outcome.refused[0].line == 7, rows[i].row);
        CHECK_TEXT(outcome.refused[0].column, rows[i].column, rows[i].row);
        if (rows[i].value)
            CHECK_TEXT(outcome.refused[0].value, rows[i].value, rows[i].row);
        CHECK_ROW(outcome.refused[0].why == rows[i].why, rows[i].row);
    }
    struct fact_outcome outcome = load(money, FACTS_OF(FIRST, ROW(2, SITI, "3", "AKTIF") "," ROW(3, SITI, "3", "AKTIF") "," ROW(4, SITI, "4", "AKTIF")));
    assert_int_equal(outcome.accepted, 2);
    assert_int_equal(outcome.refused[0].why, FACT_REFUSED_DOUBLED);
    assert_int_equal(outcome.refused[0].line, 4);
    assert_int_equal(money_sql(money, "SELECT count(*) FROM external_fact"), 2);
}

/* The value of money->text, "-" missing, "?" differing. */
static struct error *
step_newest(struct tx *tx, void *context)
{
    struct money *money = context;
    struct json *value = NULL;
    enum fact_found found;
    struct buffer text;
    TRY(fact_newest(tx, money->household_id, (struct id){{0}}, 0, money->text, &value, &found));
    buffer_init(&text, money->house->trial->arena);
    json_open(&text, NULL, '[');
    json_print(&text, NULL, value);
    money->text = found == FACT_NONE ? "-" : found == FACT_DIFFERS ? "?" : buffer_text(&text) + 1;
    return NULL;
}

static const char *
newest(struct money *money, const char *key)
{
    money->text = key;
    MUST(step_newest);
    return money->text;
}

static void
newest_day_holds_and_a_gap_takes_nothing(void **state)
{
    struct money *money = *state;
    struct fact_outcome outcome;
    money->household_id = siti(money);
    must(load_as(money, &money->maya, FACTS_OF(FIRST, ROW(2, SITI, "3", "AKTIF")), false, &outcome));
    assert_int_equal(outcome.accepted, 1);
    assert_string_equal(newest(money, "desil"), "-"); /* a trial */
    load(money, FACTS_OF(SECOND, ROW(2, SITI, "5", "AKTIF")));
    load(money, FACTS_OF(FIRST, ROW(2, SITI, "3", "MATI")));
    assert_string_equal(newest(money, "desil"), "5"); /* an older edition that comes later */
    assert_string_equal(newest(money, "status"), "\"active\"");
    load(money, FACTS_OF(EDITION("T3", "2019-09-01"), ROW(2, SITI, "TIDAK ADA", "")));
    assert_string_equal(newest(money, "desil"), "5");
    load(money, FACTS_OF(EDITION("T3", "2019-09-01"), ROW(2, SITI, "", "MATI")));
    assert_string_equal(newest(money, "desil"), "5");
    assert_string_equal(newest(money, "status"), "\"dead\"");
    assert_string_equal(newest(money, "gone"), "-");
    outcome = load(money, FACTS_OF(SECOND, ROW(2, SITI, "5", "AKTIF") "," ROW(3, "3308035205870099", "2", "AKTIF") "," ROW(4, "3308035205870098", "TIDAK ADA", "TIDAK ADA")));
    assert_int_equal(outcome.accepted, 1);
    assert_int_equal(outcome.unmatched, 1);
    assert_int_equal(outcome.not_found, 1);
    assert_int_equal(money_sql(money, "SELECT count(*) FROM external_fact"), 5);
    assert_int_equal(money_sql(money, "SELECT accepted * 100 + unmatched * 10 + not_found FROM fact_edition WHERE edition = 'T2'"), 111);
    must_refuse(load_as(money, &money->maya, FACTS_OF(EDITION("T2", "2019-07-01"), ROW(2, SITI, "5", "")), true, &outcome), ERROR_FIELDS, NULL);
    assert_int_equal(money_sql(money, "SELECT count(*) FROM external_fact WHERE instr(sealed, 'active') > 0"), 0); /* sealed */
}

static void
found_within_the_area_and_once(void **state)
{
    struct money *money = *state;
    struct fact_outcome outcome;
    siti(money);
    must(load_as(money, &money->house->officer, FACTS_OF(FIRST, ROW(2, SITI, "3", "")), false, &outcome));
    assert_int_equal(outcome.accepted, 1);
    house_register(money->house, &money->house->console, "{\"region\":\"33.08.04.2001\"," HOUSE_CONSENT ",\"members\":[{\"name\":\"Jauh\",\"nik\":\"3308045205870002\",\"sex\":\"F\",\"birth_date\":\"1987-05-12\",\"relationship\":\"head\"}]}");
    must(load_as(money, &money->house->officer, FACTS_OF(FIRST, ROW(2, "3308045205870002", "3", "")), false, &outcome));
    assert_int_equal(outcome.unmatched, 1); /* outside is like nobody */
    house_register(money->house, &money->house->officer, "{\"region\":\"33.08.03.2002\"," HOUSE_CONSENT ",\"members\":[" HOUSE_HEAD "]}");
    outcome = load(money, FACTS_OF(FIRST, ROW(2, SITI, "3", "")));
    assert_int_equal(outcome.refused[0].why, FACT_REFUSED_AMBIGUOUS);
}

static struct error *
step_rule(struct tx *tx, void *context)
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

static void
rules_never_exclude_by_a_gap(void **state)
{
    struct money *money = *state;
    static const struct { const char *rule, *outcome; } rows[] = {
        {"external('desil') <= 4", "eligible"}, {"external('desil') > 4", "not_eligible"}, {"external('status') == 'active'", "eligible"},
        {"external('nik_status') == 'active'", "undetermined"}, {"external('nik_status') == 'x' || external('desil') <= 4", "eligible"},
        {"external('family_id') == 'A'", "undetermined"},
    };
    money->program = PROGRAM("Bantuan", "household", "true", CASH, "100000000", "");
    MUST(step_program);
    money->household_id = house_register(money->house, &money->house->officer,
        "{\"region\":\"33.08.03.2001\",\"kk_number\":\"3308031203150007\"," HOUSE_CONSENT ",\"members\":[" HOUSE_HEAD ",{\"name\":\"Budi Santoso\",\"nik\":\"3308031203850002\",\"sex\":\"M\",\"birth_date\":\"1985-03-12\",\"relationship\":\"husband\"}]}").id;
    load(money, FACTS_OF(FIRST, ROW(2, SITI, "3", "AKTIF")));
    load(money, FILE_OF(SECOND, "\"number\":{\"column\":\"NIK\",\"kind\":\"kk\"}", DESIL, ROW(2, "3308031203150007", "4", "")));
    load(money, FILE_OF(EDITION("T3", "2019-09-01"), NUMBER, "\"family_id\":{\"column\":\"STATUS\",\"type\":\"text\"}", ROW(2, SITI, "", "A") "," ROW(3, "3308031203850002", "", "B")));
    for (size_t i = 0; i < COUNT(rows); i++) {
        money->text = rows[i].rule;
        MUST(step_rule);
        CHECK_TEXT(money->text, rows[i].outcome, rows[i].rule);
    }
    assert_string_equal(newest(money, "family_id"), "?"); /* two people of one day contradict each other */
    assert_string_equal(newest(money, "desil"), "4");     /* the card's is newer than the person's */
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        MONEY_TEST(mappings_refused), MONEY_TEST(rows_refused_with_line_column_and_value), MONEY_TEST(newest_day_holds_and_a_gap_takes_nothing),
        MONEY_TEST(found_within_the_area_and_once), MONEY_TEST(rules_never_exclude_by_a_gap),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
