/* test_score_compute.c: definitions refused at the right place; the vectors; the published tables and the documented formula to the last digit. */
#include "check.h"

#include <stdio.h>

#include "lumbung/base/text.h"
#include "lumbung/base/time.h"
#include "score/score_definition.h"

#define LABEL "\"label\":{\"id\":\"a\",\"en\":\"b\"}"
#define INDICATOR(name, input, what) "{\"name\":\"" name "\"," LABEL ",\"input\":\"" input "\"," what "}"
#define SIZE(what) INDICATOR("size", "size(household.members)", what)
#define DEFINITION(indicators, more) "{\"name\":\"Uji\"," LABEL ",\"indicators\":[" indicators "]" more "}"
#define ROWS(rows) DEFINITION(SIZE("\"coefficient\":1"), ",\"lookup\":{\"lines\":[\"nl100\"],\"rows\":[" rows "]}")

static struct json *
parse(struct arena *arena, const char *text)
{
    struct json *json = NULL;
    struct error *error = json_parse(arena, text, strlen(text), &json);
    assert_null(error);
    return json;
}

static void
definitions_refused(void **state)
{
    (void)state;
    static const struct { const char *definition, *pointer, *code; } rows[] = {
        {"[]", "", "type"},
        {"{" LABEL ",\"indicators\":[" SIZE("\"coefficient\":1") "]}", "/name", "length"},
        {"{\"name\":\"a:b\"," LABEL ",\"indicators\":[" SIZE("\"coefficient\":1") "]}", "/name", "text"},
        {"{\"name\":\"40\"," LABEL ",\"indicators\":[" SIZE("\"coefficient\":1") "]}", "/name", "text"},
        {"{\"name\":\"Uji\",\"indicators\":[" SIZE("\"coefficient\":1") "]}", "/label/id", "required"},
        {"{\"name\":\"Uji\"," LABEL "}", "/indicators", "required"},
        {DEFINITION("", ""), "/indicators", "length"},
        {DEFINITION(SIZE("\"coefficient\":1"), ",\"colour\":1"), "/colour", "unknown"},
        {DEFINITION(SIZE("\"coefficient\":1"), ",\"constant\":39.84"), "/constant", "decimal"},
        {DEFINITION(SIZE("\"coefficient\":1"), ",\"constant\":\"39,84\""), "/constant", "decimal"},
        {DEFINITION(SIZE("\"coefficient\":1"), ",\"constant\":true"), "/constant", "decimal"},
        {DEFINITION(SIZE("\"coefficient\":1"), ",\"least\":5,\"most\":1"), "/most", "conflict"},
        {DEFINITION(SIZE("\"coefficient\":\"1.0000000000000000001\""), ""), "/indicators/0/coefficient", "decimal"},
        {DEFINITION(SIZE("\"coefficient\":-2.85"), ""), "/indicators/0/coefficient", "decimal"},
        {DEFINITION(SIZE("\"weight\":1"), ""), "/indicators/0/weight", "unknown"},
        {DEFINITION(SIZE("\"coefficient\":1,\"points\":{\"1\":1}"), ""), "/indicators/0", "code"},
        {DEFINITION(SIZE("\"coefficient\":1,\"step\":1"), ""), "/indicators/0/step", "unknown"},
        {DEFINITION(SIZE("\"coefficient\":1") "," SIZE("\"coefficient\":1"), ""), "/indicators/1/name", "doubled"},
        {DEFINITION(INDICATOR("Size", "1", "\"coefficient\":1"), ""), "/indicators/0/name", "text"},
        {DEFINITION(INDICATOR("a", "", "\"coefficient\":1"), ""), "/indicators/0/input", "required"},
        {DEFINITION(INDICATOR("a", "household.memberz.size()", "\"coefficient\":1"), ""), "/indicators/0/input", "rule"},
        {DEFINITION(INDICATOR("a", "1 +", "\"coefficient\":1"), ""), "/indicators/0/input", "rule"},
        {DEFINITION(INDICATOR("a", "amount(1)", "\"coefficient\":1"), ""), "/indicators/0/input", "rule"},
        {DEFINITION(INDICATOR("a", "household.rt", "\"coefficient\":1"), ""), "/indicators/0/input", "type"},
        {DEFINITION(INDICATOR("a", "household.members", "\"ranges\":[{\"points\":1}]"), ""), "/indicators/0/input", "type"},
        {DEFINITION(INDICATOR("a", "household.rt", "\"points\":{}"), ""), "/indicators/0/points", "type"},
        {DEFINITION(INDICATOR("a", "household.rt", "\"points\":{\"01\":1.5}"), ""), "/indicators/0/points/01", "decimal"},
        {DEFINITION(INDICATOR("a", "household.rt", "\"points\":{\"01\":1},\"least\":1"), ""), "/indicators/0/least", "conflict"},
        {DEFINITION(SIZE("\"ranges\":[]"), ""), "/indicators/0/ranges", "length"},
        {DEFINITION(SIZE("\"ranges\":[{\"from\":1,\"to\":2}]"), ""), "/indicators/0/ranges/0/points", "required"},
        {DEFINITION(SIZE("\"ranges\":[{\"from\":3,\"to\":2,\"points\":1}]"), ""), "/indicators/0/ranges/0/to", "conflict"},
        {DEFINITION(SIZE("\"ranges\":[{\"to\":2,\"points\":1},{\"from\":2,\"points\":0}]"), ""), "/indicators/0/ranges/1/from", "overlap"},
        {DEFINITION(SIZE("\"ranges\":[{\"to\":2,\"points\":1},{\"from\":4,\"points\":0}]"), ""), "/indicators/0/ranges/1/from", "gap"},
        {DEFINITION(SIZE("\"step\":\"0.1\",\"ranges\":[{\"to\":2,\"points\":1},{\"from\":\"2.2\",\"points\":0}]"), ""), "/indicators/0/ranges/1/from", "gap"},
        {DEFINITION(SIZE("\"ranges\":[{\"points\":1},{\"from\":4,\"points\":0}]"), ""), "/indicators/0/ranges/1/from", "overlap"},
        {DEFINITION(SIZE("\"step\":0,\"ranges\":[{\"to\":2,\"points\":1}]"), ""), "/indicators/0/step", "range"},
        {ROWS("{\"from\":0,\"to\":0,\"values\":[]}"), "/lookup/rows/0/values", "length"},
        {ROWS("{\"from\":0,\"to\":0,\"values\":[null]}"), "/lookup/rows/0/values/0", "required"},
        {ROWS("{\"from\":0,\"to\":0,\"values\":[66.3]}"), "/lookup/rows/0/values/0", "decimal"},
        {ROWS("{\"from\":0,\"to\":0,\"values\":[1]},{\"from\":2,\"to\":2,\"values\":[1]}"), "/lookup/rows/1/from", "gap"},
        {ROWS("{\"from\":0,\"to\":1,\"values\":[1]},{\"from\":1,\"to\":2,\"values\":[1]}"), "/lookup/rows/1/from", "overlap"},
        {DEFINITION(SIZE("\"coefficient\":1"), ",\"lookup\":{\"lines\":[\"a\",\"a\"],\"rows\":[{\"values\":[1,2]}]}"), "/lookup/lines/1", "doubled"},
        {DEFINITION(SIZE("\"coefficient\":1"), ",\"lookup\":{\"lines\":[\"a\"]}"), "/lookup/rows", "required"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct arena *arena = arena_create();
        struct score_definition *definition = NULL;
        struct error *error = score_definition_read(arena, parse(arena, rows[i].definition), &definition);
        CHECK_ROW(error != NULL && error->fault_count > 0 && definition == NULL, rows[i].definition);
        CHECK_TEXT(error->faults[0].pointer, rows[i].pointer, rows[i].definition);
        CHECK_TEXT(fault_slug(error->faults[0].code), rows[i].code, rows[i].definition);
        error_free(error);
        arena_destroy(arena);
    }
}

/* --- vectors ------------------------------------------------------------------------------------------------------------------------------ */

static struct score_result
compute(struct arena *arena, const struct json *json, struct json *household)
{
    struct score_definition *definition = NULL;
    struct error *error = score_definition_read(arena, json, &definition);
    if (error)
        fail_msg("%s: %s", error->faults[0].pointer, fault_slug(error->faults[0].code));
    struct json *facts = json_make(arena, JSON_OBJECT);
    json_set(arena, facts, "household", household);
    struct score_context context = {.facts = facts};
    assert_true(date_parse("2026-11-24", &context.on));
    struct rule_inputs inputs = {facts, &context};
    struct score_result result;
    score_compute(arena, definition, &inputs, &result);
    return result;
}

static const char *
value_text(struct arena *arena, const struct score_result *result)
{
    char text[DECIMAL_TEXT_SIZE];
    decimal_print(result->value, text);
    return result->has_value ? arena_text(arena, text) : NULL;
}

static void
check_vector(struct arena *arena, const struct json *vector)
{
    const char *about = json_get_text(vector, "about");
    struct score_result result = compute(arena, json_get(vector, "definition"), json_get(vector, "household"));
    const char *wanted = json_get_text(vector, "value"), *value = value_text(arena, &result);
    CHECK_ROW((wanted == NULL) == (value == NULL), about);
    if (wanted)
        CHECK_TEXT(value, wanted, about);
    const struct json *lines = json_get(vector, "lines"), *kept = json_get(result.detail, "lines");
    CHECK_ROW((lines == NULL) == (kept == NULL), about);
    CHECK_ROW(lines == NULL || json_equal(lines, kept), about);
    const struct json *missing = json_get(vector, "missing"), *refused = json_get(vector, "refused");
    CHECK_ROW(json_get(result.detail, "missing")->count == (missing ? missing->count : 0), about);
    CHECK_ROW(json_get(result.detail, "refused")->count == (refused ? refused->count : 0), about);
    for (size_t i = 0; missing && i < missing->count; i++)
        CHECK_TEXT(json_get_text(json_get(result.detail, "missing")->items[i], "indicator"), missing->items[i]->text, about);
    for (size_t i = 0; refused && i < refused->count; i++) {
        const struct json *entry = json_get(result.detail, "refused")->items[i];
        CHECK_TEXT(arena_format(arena, "%s:%s", json_get_text(entry, "indicator"), json_get_text(entry, "code")), refused->items[i]->text, about);
    }
}

static void
vectors_hold(void **state)
{
    (void)state;
    FILE *file = fopen("tests/vectors/scores.jsonl", "r");
    char line[4096];
    int count = 0;
    assert_non_null(file);
    while (fgets(line, sizeof line, file)) {
        struct arena *arena = arena_create();
        check_vector(arena, parse(arena, line));
        arena_destroy(arena);
        count++;
    }
    fclose(file);
    assert_true(count >= 15);
}

/* --- published tables ---------------------------------------------------------------------------------------------------------------------- */

/* "score","nl100",... and rows of numbers, as a definition whose only indicator is the number of points. */
static const char *
definition_of_table(struct arena *arena, FILE *file, char *head, size_t size)
{
    struct buffer buffer;
    char line[4096];
    buffer_init(&buffer, arena);
    assert_non_null(fgets(head, (int)size, file));
    head[strcspn(head, "\r\n")] = '\0';
    assert_memory_equal(head, "\"score\",", 8);
    buffer_format(&buffer, "{\"name\":\"PPI\"," LABEL ",\"indicators\":[" INDICATOR("points", "household.needs.points", "\"coefficient\":1") "],\"lookup\":{\"lines\":[%s],\"rows\":[", head + 8);
    for (int rows = 0; fgets(line, sizeof line, file); rows++) {
        char *next = NULL, *score = strtok_r(line, ",\r\n", &next), *cell;
        buffer_format(&buffer, "%s{\"from\":%s,\"to\":%s,\"values\":[", rows ? "," : "", score, score);
        for (int i = 0; (cell = strtok_r(NULL, ",\r\n", &next)) != NULL; i++)
            buffer_format(&buffer, "%s\"%s\"", i ? "," : "", cell);
        buffer_add(&buffer, "]}");
    }
    buffer_add(&buffer, "]}}");
    return buffer_text(&buffer);
}

/* Is it the same number, digit by digit, however the file writes it? */
static bool
is_number(const char *text, const char *wanted)
{
    struct decimal left, right;
    return decimal_parse(text, &left) && decimal_parse(wanted, &right) && decimal_compare(left, right) == 0;
}

static int
check_table(const char *path, int first)
{
    struct arena *arena = arena_create();
    FILE *file = fopen(path, "r");
    char head[1024], line[4096];
    int checked = 0;
    if (file == NULL) {
        arena_destroy(arena);
        return -1;
    }
    const struct json *definition = parse(arena, definition_of_table(arena, file, head, sizeof head));
    const struct json *names = json_get(json_get(definition, "lookup"), "lines");
    rewind(file);
    assert_non_null(fgets(line, sizeof line, file));
    for (int score = first; fgets(line, sizeof line, file); score++) {
        char *next = NULL, *cell = strtok_r(line, ",\r\n", &next);
        assert_string_equal(cell, arena_format(arena, "%d", score));
        struct score_result result = compute(arena, definition, parse(arena, arena_format(arena, "{\"needs\":{\"points\":%d}}", score)));
        assert_true(is_number(value_text(arena, &result), cell));
        for (size_t i = 0; i < names->count; i++, checked++)
            CHECK_ROW(is_number(json_get_text(json_get(result.detail, "lines"), names->items[i]->text), strtok_r(NULL, ",\r\n", &next)), path);
    }
    const int outside[] = {first - 1, 101};
    for (size_t i = 0; i < COUNT(outside); i++) {
        struct score_result result = compute(arena, definition, parse(arena, arena_format(arena, "{\"needs\":{\"points\":%d}}", outside[i])));
        assert_null(json_get(result.detail, "lines"));
        assert_int_equal(json_get(result.detail, "refused")->count, 1);
    }
    fclose(file);
    arena_destroy(arena);
    return checked;
}

static void
published_tables_to_the_last_digit(void **state)
{
    (void)state;
    static const struct { const char *path; int first, cells; } rows[] = {
        {"../shared/data/ppi/ppiIDN2012.csv", 0, 101 * 3}, {"../shared/data/ppi/ppiIDN2012_a.csv", 0, 101 * 8},
        {"../shared/data/ppi/ppiIDN2020.csv", 1, 100 * 19}, {"../shared/data/ppi/ppiIDN2023.csv", 0, 101 * 9},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        int checked = check_table(rows[i].path, rows[i].first);
        if (checked < 0)
            skip();
        assert_int_equal(checked, rows[i].cells);
    }
}

/* --- the documented formula ----------------------------------------------------------------------------------------------------------------- */

/* Numbers as they stand in the file: parsed, they would have gone through binary. */
static const char *
number_behind(struct arena *arena, const char *text, const char *key, const char **ret_end)
{
    const char *at = strstr(text, key);
    if (at == NULL)
        return NULL;
    at += strlen(key);
    size_t length = strspn(at, "-0123456789.");
    *ret_end = at + length;
    return arena_copy(arena, at, length);
}

static const char *
definition_of_formula(struct arena *arena, const char *text, int *ret_terms)
{
    struct buffer buffer;
    const char *at = text, *coefficient;
    buffer_init(&buffer, arena);
    buffer_format(&buffer, "{\"name\":\"PMT\"," LABEL ",\"least\":0,\"most\":100,\"constant\":\"%s\",\"indicators\":[", number_behind(arena, text, "\"constant\":", &at));
    at = text;
    for (*ret_terms = 0; (at = strstr(at, "\"var\":\"")) != NULL; (*ret_terms)++) {
        at += strlen("\"var\":\"");
        const char *name = arena_copy(arena, at, strcspn(at, "\""));
        coefficient = number_behind(arena, at, "\"coef\":", &at);
        char lower[64] = "v_"; /* an indicator begins with a small letter, the file says D_female */
        for (size_t i = 0; name[i] && i < sizeof lower - 3; i++)
            lower[i + 2] = (char)(name[i] >= 'A' && name[i] <= 'Z' ? name[i] + 32 : name[i]);
        buffer_format(&buffer, "%s{\"name\":\"%s\"," LABEL ",\"input\":\"household.needs.%s\",\"coefficient\":\"%s\"}", *ret_terms ? "," : "", lower, name, coefficient);
    }
    buffer_add(&buffer, "]}");
    return buffer_text(&buffer);
}

static void
documented_formula_to_the_last_digit(void **state)
{
    (void)state;
    static const struct { const char *needs, *value, *sum; } rows[] = {
        {"{\"dwelling_wall_material\":0,\"drinking_water_source\":0,\"household_size\":0,\"D_female\":0,\"D_elderly\":0,\"D_child\":0}", "39.84", "39.84"},
        {"{\"dwelling_wall_material\":1,\"drinking_water_source\":1,\"household_size\":4,\"D_female\":1,\"D_elderly\":0,\"D_child\":1}", "26.4", "26.4"},
        {"{\"dwelling_wall_material\":3,\"drinking_water_source\":2,\"household_size\":1,\"D_female\":0,\"D_elderly\":1,\"D_child\":0}", "62.19", "62.19"},
        {"{\"dwelling_wall_material\":0.5,\"drinking_water_source\":0.25,\"household_size\":2,\"D_female\":1,\"D_elderly\":1,\"D_child\":1}", "17.775", "17.775"},
        {"{\"dwelling_wall_material\":0,\"drinking_water_source\":0,\"household_size\":14,\"D_female\":1,\"D_elderly\":1,\"D_child\":1}", "0", "-21.2"},
        {"{\"dwelling_wall_material\":10,\"drinking_water_source\":10,\"household_size\":1,\"D_female\":0,\"D_elderly\":0,\"D_child\":0}", "100", "162.99"},
        {"{\"dwelling_wall_material\":1,\"drinking_water_source\":1,\"household_size\":4,\"D_female\":1,\"D_elderly\":0}", NULL, NULL},
    };
    char text[4096] = "";
    FILE *file = fopen("../shared/data/pmt-formula/openg2p-nsr-mock.json", "r");
    if (file == NULL)
        skip();
    assert_true(fread(text, 1, sizeof text - 1, file) > 0);
    fclose(file);
    struct arena *arena = arena_create();
    int terms = 0;
    const struct json *definition = parse(arena, definition_of_formula(arena, text, &terms));
    assert_int_equal(terms, 6);
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct score_result result = compute(arena, definition, parse(arena, arena_format(arena, "{\"needs\":%s}", rows[i].needs)));
        CHECK_ROW(result.has_value == (rows[i].value != NULL), rows[i].needs);
        if (rows[i].value == NULL) {
            CHECK_TEXT(json_get_text(json_get(result.detail, "missing")->items[0], "indicator"), "v_d_child", rows[i].needs);
            continue;
        }
        CHECK_TEXT(value_text(arena, &result), rows[i].value, rows[i].needs);
        CHECK_TEXT(json_get_text(result.detail, "sum"), rows[i].sum, rows[i].needs);
    }
    arena_destroy(arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(definitions_refused), cmocka_unit_test(vectors_hold), cmocka_unit_test(published_tables_to_the_last_digit),
        cmocka_unit_test(documented_formula_to_the_last_digit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
