/* test_rule_eval.c: values, missing inputs, bounds, and the conformance cases when they are at hand. */
#include "rule_sample.h"

static const char family[] =
    "{\"household\":{\"region\":\"33.01\",\"rw\":\"02\",\"desil\":3,\"members\":["
    "{\"name\":\"Siti\",\"birth_date\":\"1990-02-01\",\"relationship\":\"head\",\"in_school\":false},"
    "{\"name\":\"Budi\",\"birth_date\":\"2015-05-01\",\"relationship\":\"child\",\"in_school\":true,\"school_level\":\"primary\",\"grade\":5},"
    "{\"name\":\"Ani\",\"birth_date\":\"2019-05-01\",\"relationship\":\"child\",\"in_school\":true,\"school_level\":\"primary\",\"grade\":null}]}}";

/* Printed value; errors print as error: message. */
static void
assert_gives(const char *text, const char *bindings, const char *wanted)
{
    struct arena *arena = arena_create();
    struct buffer buffer;
    struct rule_value value = sample_value(arena, text, bindings, NULL);

    buffer_init(&buffer, arena);
    buffer_add(&buffer, value.kind == RULE_VALUE_ERROR ? "error: " : "");
    if (value.kind == RULE_VALUE_ERROR)
        buffer_add(&buffer, rule_wrong_text(arena, value.as.error.wrong, LANGUAGE_EN));
    else
        rule_value_print(&buffer, &value, false);
    if (value.kind == RULE_VALUE_ERROR ? strncmp(buffer_text(&buffer), wanted, strlen(wanted)) != 0 : strcmp(buffer_text(&buffer), wanted) != 0)
        fail_msg("%s: wanted %s, got %s", text, wanted, buffer_text(&buffer));
    arena_destroy(arena);
}

static void
test_values(void **state)
{
    static const struct { const char *text, *wanted; } rows[] = {
        { "household.desil <= 4 && household.region.startsWith('33.')", "true" },
        { "household.members.exists(m, age(m.birth_date) >= 18)", "true" },
        { "household.members.all(m, m.relationship in ['head', 'child'])", "true" },
        { "size(household.members.filter(m, m.in_school))", "2" },
        { "household.members.map(m, m.in_school, m.name)", "[\"Budi\",\"Ani\"]" },
        { "sum([1, 2, 3])", "6" },
        { "sum([])", "0" },
        { "sum(household.members.map(m, age(m.birth_date)))", "54" },
        { "top([5, 1, 9, 7], 2)", "[9,7]" },
        { "top([5, 1], 5)", "[5,1]" },
        { "top([], 3)", "[]" },
        { "top([1], 0)", "[]" },
        { "least([5, 1, 9])", "1" },
        { "greatest(5, 1, 9)", "9" },
        { "least(3)", "3" },
        { "1u < 2 && 2.5 > 2 && 1 == 1.0 && 9223372036854775807 < 18446744073709551615u", "true" },
        { "9007199254740993 > 9007199254740992.0", "true" },
        { "-1 < 0u && -1.5 < 0u", "true" },
        { "int('42') + int(2.9) + int(3u)", "47" },
        { "string(1.5) + string(2) + string(true)", "\"1.52true\"" },
        { "double('1e3')", "1000" },
        { "type(1) == int && type(type(1)) == type && type([]) == list", "true" },
        { "bytes('abc') == b'abc'", "true" },
        { "bool('true')", "true" },
        { "'abc'.matches('^a.c$') && !'xabc'.matches('^abc')", "true" },
        { "'a1b22'.matches('([a-z]\\\\d+){2}')", "true" },
        { "'kelurahan'.matches('desa|dusun|kelurahan|nagari')", "true" },
        { "'\xc3\xa9'.matches('^.$')", "true" },
        { "'ab'.matches('^[^a]')", "false" },
        { "'aaaa'.matches('^a{2,3}$')", "false" },
        { "'aaa'.matches('^(a|aa)+$')", "true" },
        { "has(household.phone)", "false" },
        { "has(household.housing.floor)", "false" },
        { "has(household.rw) && has(household.members)", "true" },
        { "household.members[1].grade == 5", "true" },
        { "false && household.phone == 'x'", "false" },
        { "household.phone == 'x' && false", "false" },
        { "household.phone == 'x' || true", "true" },
        { "household.members.exists(m, m.grade == 5)", "true" },
        { "household.members.all(m, m.grade == 4)", "false" },
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++)
        assert_gives(rows[i].text, family, rows[i].wanted);
}

static void
test_errors(void **state)
{
    static const struct { const char *text, *wanted; } rows[] = {
        { "9223372036854775807 + household.desil", "error: the result is too large" },
        { "amount(9223372036854775807)", "error: the amount is too large" },
        { "sum([9223372036854775807, 1])", "error: the result is too large" },
        { "1 / (household.desil - 3)", "error: divide by zero" },
        { "1 % (household.desil - 3)", "error: modulus by zero" },
        { "-(-9223372036854775807 - 1)", "error: the number is too large" },
        { "int('abc')", "error: the text cannot be read" },
        { "int('99999999999999999999')", "error: the text cannot be read" },
        { "int(1e30)", "error: the value lies outside" },
        { "uint(-1)", "error: the value lies outside" },
        { "string(b'\\xff')", "error: the bytes" },
        { "top([1], -1)", "error: top needs" },
        { "top(dyn(['a']), 1)", "error: top sorts" },
        { "least([])", "error: the list is empty" },
        { "household.members[3]", "error: the index lies outside" },
        { "household.members[-1]", "error: the index lies outside" },
        { "household.rw.matches(household.rw + '(')", "error: a group is not closed" },
        { "age('soon')", "error: the birth date" },
        { "dyn(1) && true", "error: the types do not fit" },
        { "{'a': 1, 'a': 2}", "error: a key is repeated" },
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++)
        assert_gives(rows[i].text, family, rows[i].wanted);
}

/* What cannot be evaluated is said in both languages, with the word that it is about. */
static void
test_errors_in_both_languages(void **state)
{
    static const struct { const char *text, *id, *en; } rows[] = {
        { "1 / (household.desil - 3)", "pembagian dengan nol", "divide by zero" },
        { "household.phone == 'x'", "'phone' belum tercatat", "no such key: 'phone' is missing" },
        { "{'a': 1}['b'] == 1", "kunci itu tidak ada", "no such key" },
        { "{'a': 1}.b == 1", "kunci 'b' tidak ada", "no such key: 'b'" },
        { "household.members[3].name == 'x'", "nomor urutnya di luar daftar", "the index lies outside the list" },
        { "household.rw.matches(household.rw + '(')", "sebuah kelompok tidak ditutup; tambahkan )", "a group is not closed; add )" },
        { "dyn(household.rw) + 1 == 2", "jenis nilainya tidak cocok untuk operasi ini", "the types do not fit this operation" },
    };
    struct arena *arena = arena_create();

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct rule_value value = sample_value(arena, rows[i].text, family, NULL);
        assert_int_equal(value.kind, RULE_VALUE_ERROR);
        assert_string_equal(rule_wrong_text(arena, value.as.error.wrong, LANGUAGE_ID), rows[i].id);
        assert_string_equal(rule_wrong_text(arena, value.as.error.wrong, LANGUAGE_EN), rows[i].en);
    }
    arena_destroy(arena);
}

static void
assert_missing(const char *text, const char *bindings, const char *wanted)
{
    struct arena *arena = arena_create();
    struct json *missing = json_make(arena, JSON_ARRAY);
    struct rule_value value = sample_value(arena, text, bindings, missing);
    struct buffer buffer;

    buffer_init(&buffer, arena);
    for (size_t i = 0; i < missing->count; i++)
        buffer_format(&buffer, "%s%s", i ? " " : "", missing->items[i]->text);
    assert_int_equal(value.kind, RULE_VALUE_ERROR);
    assert_non_null(value.as.error.missing);
    assert_string_equal(buffer_text(&buffer), wanted);
    arena_destroy(arena);
}

static void
test_missing(void **state)
{
    (void)state;
    assert_missing("household.phone == 'x'", family, "/phone");
    assert_missing("household.members[2].grade > 3", family, "/members/2/grade");
    assert_missing("household.members.exists(m, m.grade > 6)", family, "/members/0/grade /members/2/grade");
    assert_missing("household.members.exists(m, m.grade > 6 || m.grade == 1)", family, "/members/0/grade /members/2/grade");
    assert_missing("household.housing.floor == 'earth'", family, "/housing");
    assert_missing("household.phone == 'x' && household.housing.floor_area < 8.0", family, "/phone /housing");
    assert_missing("household.phone + household.members[0].school_level == ''", family, "/phone /members/0/school_level");
    assert_missing("member.grade > 1", family, "/member");
    assert_missing("score('PMT') < 30", family, "/scores/PMT");
    assert_missing("!(household.phone == 'x')", family, "/phone");
    assert_missing("household.phone == 'x' ? 1 : 2", family, "/phone");
    assert_missing("sum(household.members.map(m, m.income_minor))", family,
                   "/members/0/income_minor /members/1/income_minor /members/2/income_minor");
}

/* An integer in JSON serves where the schema says double. */
static void
test_whole_double(void **state)
{
    (void)state;
    assert_gives("household.housing.floor_area / 2.0 > 3.9", "{\"household\":{\"housing\":{\"floor_area\":8}}}", "true");
}

/* An answer of another kind than wanted fails closed. */
static void
test_wanted_at_run_time(void **state)
{
    struct arena *arena = arena_create();
    struct rule_inputs inputs = { .bindings = sample_json(arena, family) };

    (void)state;
    struct rule *rule = sample_rule(arena, "dyn(household.desil)", RULE_BOOL, false);
    assert_int_equal(rule_evaluate(rule, arena, &inputs, NULL).kind, RULE_VALUE_ERROR);
    rule = sample_rule(arena, "dyn(household.rw)", RULE_LIST, true);
    assert_int_equal(rule_evaluate(rule, arena, &inputs, NULL).kind, RULE_VALUE_ERROR);
    arena_destroy(arena);
}

static void
test_step_limit(void **state)
{
    static const char *const rows[] = {
        "[1,1,1,1,1,1,1,1,1,1].all(a, [1,1,1,1,1,1,1,1,1,1].all(b, [1,1,1,1,1,1,1,1,1,1].all(c, [1,1,1,1,1,1,1,1,1,1].all(d, "
        "[1,1,1,1,1,1,1,1,1,1].all(e, [1,1,1,1,1,1,1,1,1,1].all(f, [1,1,1,1,1,1,1,1,1,1].all(g, a + b > 0)))))))",
        "['aaaaaaaaaaaaaaaa'].map(a, a+a+a+a+a+a+a+a).map(a, a+a+a+a+a+a+a+a).map(a, a+a+a+a+a+a+a+a).map(a, a+a+a+a+a+a+a+a)"
        ".map(a, a+a+a+a+a+a+a+a).map(a, a+a+a+a+a+a+a+a).map(a, a+a+a+a+a+a+a+a).map(a, a+a+a+a+a+a+a+a).size() > 0",
        "[[1]].map(a, a+a+a+a+a+a+a+a).map(a, a+a+a+a+a+a+a+a).map(a, a+a+a+a+a+a+a+a).map(a, a+a+a+a+a+a+a+a).map(a, a+a+a+a+a+a+a+a)"
        ".map(a, a+a+a+a+a+a+a+a).map(a, a+a+a+a+a+a+a+a).map(a, a+a+a+a+a+a+a+a).exists(a, a == a) || true",
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++)
        assert_gives(rows[i], family, "error: the rule takes too many steps");
}

static void
test_reads(void **state)
{
    static const char *const wanted[] = { "household.rw", "household.members", "member.grade", "score:PMT", "household.housing", "housing.floor" };
    struct arena *arena = arena_create();
    struct json *names = json_make(arena, JSON_ARRAY);

    (void)state;
    rule_reads(sample_rule(arena, "household.rw == '1' && household.members.exists(m, m.grade > 2 && m.grade < 5) && score('PMT') < 3 && "
                                  "has(household.housing.floor)", RULE_BOOL, false), arena, names);
    assert_int_equal(names->count, COUNT(wanted));
    for (size_t i = 0; i < names->count; i++) {
        bool found = false;
        for (size_t k = 0; k < COUNT(wanted); k++)
            found = found || strcmp(names->items[i]->text, wanted[k]) == 0;
        if (!found)
            fail_msg("not expected: %s", names->items[i]->text);
    }
    arena_destroy(arena);
}

static void
test_typed_print(void **state)
{
    struct arena *arena = arena_create();
    struct buffer buffer;

    (void)state;
    buffer_init(&buffer, arena);
    struct rule_value value = sample_value(arena, "[1, 2u, 1.5, 'a', b'a', true, null, {'k': 1}, int]", family, NULL);
    rule_value_print(&buffer, &value, true);
    assert_string_equal(buffer_text(&buffer), "{\"list\":[{\"int\":\"1\"},{\"uint\":\"2\"},{\"double\":\"1.5\"},{\"string\":\"a\"},{\"bytes\":\"61\"},"
                                              "{\"bool\":true},{\"null\":null},{\"map\":[[{\"string\":\"k\"},{\"int\":\"1\"}]]},{\"type\":\"int\"}]}");
    arena_destroy(arena);
}

/* A wrong expectation must be told as a failure. */
static void
test_cases_fail(void **state)
{
    static const char text[] = "{\"expr\":\"1 + 1\",\"value\":{\"int\":\"2\"}}\n{\"expr\":\"1 + 1\",\"value\":{\"int\":\"3\"}}\n"
                               "{\"expr\":\"1\",\"value\":{\"uint\":\"1\"}}\n{\"expr\":\"1\",\"error\":[\"x\"]}\n{\"expr\":\"1/0\",\"error\":[\"x\"]}\n{}\n";
    struct arena *arena = arena_create();
    struct buffer out;

    (void)state;
    buffer_init(&out, arena);
    assert_int_equal(rule_run_cases(arena, text, strlen(text), &out), 4);
    assert_non_null(strstr(buffer_text(&out), "2 passed, 4 failed\n"));
    arena_destroy(arena);
}

static void
test_conformance(void **state)
{
    static const char *const names[] = { "basic", "logic", "integer_math", "lists", "fields", "string", "macros" };
    size_t files = 0;

    (void)state;
    for (size_t i = 0; i < COUNT(names); i++) {
        struct arena *arena = arena_create();
        struct buffer text, out;
        char path[128], block[4096];
        size_t size;
        snprintf(path, sizeof path, "../shared/data/cel-conformance/%s.jsonl", names[i]);
        FILE *file = fopen(path, "rb");
        buffer_init(&text, arena);
        buffer_init(&out, arena);
        while (file && (size = fread(block, 1, sizeof block, file)) > 0)
            buffer_bytes(&text, block, size);
        if (file) {
            files++;
            fclose(file);
            if (rule_run_cases(arena, text.data, text.length, &out) > 0)
                fail_msg("%s", buffer_text(&out));
        }
        arena_destroy(arena);
    }
    if (files == 0) {
        print_message("the conformance cases are not at hand; skipped\n");
        skip();
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_values),       cmocka_unit_test(test_errors), cmocka_unit_test(test_errors_in_both_languages),
        cmocka_unit_test(test_missing),      cmocka_unit_test(test_whole_double),
        cmocka_unit_test(test_wanted_at_run_time), cmocka_unit_test(test_step_limit),
        cmocka_unit_test(test_reads),        cmocka_unit_test(test_typed_print),
        cmocka_unit_test(test_cases_fail),   cmocka_unit_test(test_conformance),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
