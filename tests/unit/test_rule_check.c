/* test_rule_check.c: what the language refuses before anything is evaluated, and the character it points at. */
#include "rule_sample.h"

struct refusal {
    const char *text;
    size_t character;
    const char *words; /* part of the message */
};

static const struct refusal syntax[] = {
    { "", 1, "empty" },
    { "   ", 1, "empty" },
    { "1 +", 4, "too early" },
    { "1 + + 2", 5, "expected" },
    { "(1 + 2", 7, "closing )" },
    { "1 + 2)", 6, "does not belong" },
    { "[1, 2", 6, "comma or ]" },
    { "[1 2]", 4, "comma or ]" },
    { "{'a' 1}", 6, "colon" },
    { "{'a': 1", 8, "comma or }" },
    { "size(1,)", 8, "argument is missing" },
    { "a = 1", 3, "==" },
    { "a & b", 3, "&&" },
    { "a | b", 3, "||" },
    { "a # b", 3, "no meaning" },
    { "a @ b", 3, "no meaning" },
    { "true ? 1", 9, "colon" },
    { "'abc", 1, "not closed" },
    { "1 == \"abc'", 6, "not closed" },
    { "'a\nb'", 1, "not closed" },
    { "'''abc''", 1, "not closed" },
    { "'\\q'", 2, "escape" },
    { "'\\x4'", 2, "escape" },
    { "'\\08'", 2, "escape" },
    { "'\\ud800'", 2, "no Unicode" },
    { "'\\U00110000'", 2, "no Unicode" },
    { "b'\\u0041'", 3, "bytes" },
    { "9223372036854775808", 1, "too large" },
    { "18446744073709551616u", 1, "too large" },
    { "1 + 99999999999999999999", 5, "too large" },
    { "0x", 1, "hexadecimal" },
    { "0xZ", 1, "hexadecimal" },
    { "1_000", 2, "letter" },
    { "12abc", 3, "letter" },
    { "750.000.000", 8, "does not belong" },
    { "household.", 11, "field" },
    { "household.1", 10, "does not belong" },
    { "household..rw", 11, "field" },
    { "household[", 11, "too early" },
    { "household['rw'", 15, "closing ]" },
    { "household.`", 11, "backquote" },
    { "household.`a$b`", 13, "backquotes" },
    { "if == 1", 1, "reserved" },
    { "1 == for", 6, "reserved" },
    { "has(household)", 1, "one field" },
    { "has()", 1, "one field" },
    { "has(household.rw, 1)", 1, "one field" },
    { "household.members.all(1, true)", 23, "variable" },
    { "household.members.exists(m)", 19, "a variable and an expression" },
    { "household.members.filter(m, true, 2)", 19, "a variable and an expression" },
    { "'\xc3\xa9\xc3\xa9' == @", 9, "no meaning" },
    { "1 // only a remark\n +", 22, "too early" },
    { "!", 2, "too early" },
    { "in", 1, "reserved" },
    { "a.in", 3, "field" },
};

static const struct refusal types[] = {
    { "housold.rw == '01'", 1, "did you mean 'household'" },
    { "household.rww == '01'", 11, "did you mean 'rw'" },
    { "household.membesr.size() > 1", 11, "did you mean 'members'" },
    { "household.members.exists(m, m.gradee > 3)", 31, "did you mean 'grade'" },
    { "household.members.exists(m, n.grade > 3)", 29, "unknown" },
    { "household.zzzzzz", 11, "household has no field 'zzzzzz'" },
    { "has(household.housing.flor)", 23, "did you mean 'floor'" },
    { "household.members.grade > 3", 19, "list" },
    { "household.rw.x", 14, "no fields" },
    { "household.rw == 1", 14, "quotes" },
    { "household.desil <= '4'", 17, "quotes" },
    { "household.desil + 1.5 > 2.0", 17, "convert" },
    { "household.rw - 'a'", 14, "does not work" },
    { "household.desil % 2.0", 17, "does not work" },
    { "-household.rw", 1, "-" },
    { "!household.rw", 12, "compare it" },
    { "household.rw && true", 11, "conditions" },
    { "true || household.desil", 19, "conditions" },
    { "household.desil ? 1 : 2", 11, "true or false" },
    { "true ? 1 : 'a'", 6, "one type" },
    { "household.desil in 5", 17, "list or a map" },
    { "household.desil in ['1', '2']", 17, "list holds string" },
    { "household.members[true]", 18, "indexed" },
    { "household.desil[0]", 16, "no items" },
    { "household.desil.all(m, true)", 17, "list" },
    { "household.members.exists(m, m.grade)", 31, "true or false" },
    { "age()", 1, "1 argument" },
    { "age('2000-01-01', 2)", 1, "1 argument" },
    { "age(5)", 5, "needs string" },
    { "household.rw.age()", 14, "write age(x)" },
    { "amount('750000')", 8, "needs int" },
    { "amuont(1)", 1, "did you mean 'amount'" },
    { "household.members.exist(m, true)", 19, "did you mean 'exists'" },
    { "contains('a', 'b')", 1, "x.contains" },
    { "'a'.contains(1)", 14, "needs string" },
    { "'a'.sum()", 5, "write sum(x)" },
    { "size()", 1, "1 argument" },
    { "size(1, 2)", 1, "1 argument" },
    { "sum(1)", 5, "needs list" },
    { "sum(['a'])", 5, "numbers" },
    { "top([1], 'a')", 10, "needs int" },
    { "top([1])", 1, "2 arguments" },
    { "least('a', 'b')", 7, "numbers" },
    { "greatest()", 1, "1 to 16" },
    { "household.rw.matches('(a')", 22, "pattern" },
    { "household.rw.matches('a{2000}')", 22, "pattern" },
    { "household.rw.matches('a**|*')", 22, "pattern" },
    { "household.rw.matches('(a)\\\\1')", 22, "pattern" },
    { "household.phone == null", 17, "has(" },
    { "{1.5: 2}", 2, "key" },
    { "{null: 2}", 2, "key" },
};

static void
check_refusals(const struct refusal *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct arena *arena = arena_create();
        struct rule *rule = NULL;
        struct error *error = rule_compile(arena, rows[i].text, "/rule", &sample_schema, RULE_DYN, false, &rule);
        if (!error)
            fail_msg("accepted: %s", rows[i].text);
        assert_int_equal(error->code, ERROR_FIELDS);
        assert_int_equal(error->faults[0].code, FAULT_RULE);
        assert_string_equal(error->faults[0].pointer, "/rule");
        if ((size_t)strtoul(error->faults[0].arguments[0], NULL, 10) != rows[i].character || !strstr(error->faults[0].arguments[2], rows[i].words))
            fail_msg("%s: wanted %zu and '%s', got %s: %s", rows[i].text, rows[i].character, rows[i].words, error->faults[0].arguments[0],
                     error->faults[0].arguments[2]);
        if (strcmp(error->faults[0].arguments[1], error->faults[0].arguments[2]) == 0)
            fail_msg("%s: not in Indonesian: %s", rows[i].text, error->faults[0].arguments[1]);
        error_free(error);
        arena_destroy(arena);
    }
}

static void
test_syntax(void **state)
{
    (void)state;
    check_refusals(syntax, COUNT(syntax));
}

static void
test_types(void **state)
{
    (void)state;
    check_refusals(types, COUNT(types));
}

/* One sentence in each language, the same words and the same character in both. */
static void
test_both_languages(void **state)
{
    static const struct { const char *text, *id, *en; } rows[] = {
        { "household.rww == '01'", "Aturan, karakter ke-11: household tidak memiliki isian 'rww'; mungkin maksud Anda 'rw'?",
          "Rule, character 11: household has no field 'rww'; did you mean 'rw'?" },
        { "zzzzzz", "Aturan, karakter ke-1: nama 'zzzzzz' tidak dikenal; periksa ejaannya atau hapus",
          "Rule, character 1: the name 'zzzzzz' is unknown; check the spelling or remove it" },
        { "(1 + 2", "Aturan, karakter ke-7: aturan berakhir terlalu cepat; diharapkan penutup )",
          "Rule, character 7: the rule ends too early; expected a closing )" },
        { "[1 2]", "Aturan, karakter ke-4: ini tidak pada tempatnya; diharapkan koma atau ]",
          "Rule, character 4: this does not belong here; expected a comma or ]" },
        { "household.desil <= '4'", "Aturan, karakter ke-17: '<=' tidak berlaku antara int dan string; beri tanda kutip pada bilangan, hapus dari teks, atau ubah "
          "dengan string() atau int()",
          "Rule, character 17: '<=' does not work between int and string; put quotes around the number, take them off the text, or convert with "
          "string() or int()" },
        { "greatest()", "Aturan, karakter ke-1: greatest menerima 1 sampai 16 argumen; di sini ada 0",
          "Rule, character 1: greatest takes 1 to 16 arguments; here it has 0" },
        { "household.rw.matches('(a')", "Aturan, karakter ke-22: pola ini tidak dapat dipakai: sebuah kelompok tidak ditutup; tambahkan )",
          "Rule, character 22: the pattern cannot be used: a group is not closed; add )" },
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct arena *arena = arena_create();
        struct rule *rule = NULL;
        struct buffer id, en;
        struct error *error = rule_compile(arena, rows[i].text, "/rule", &sample_schema, RULE_DYN, false, &rule);
        assert_non_null(error);
        buffer_init(&id, arena);
        buffer_init(&en, arena);
        fault_print(&id, &error->faults[0], LANGUAGE_ID);
        fault_print(&en, &error->faults[0], LANGUAGE_EN);
        assert_string_equal(buffer_text(&id), rows[i].id);
        assert_string_equal(buffer_text(&en), rows[i].en);
        error_free(error);
        arena_destroy(arena);
    }
}

/* Every mistake is reported at once. */
static void
test_all_faults(void **state)
{
    struct arena *arena = arena_create();
    struct rule *rule = NULL;

    (void)state;
    struct error *error = rule_compile(arena, "household.rww == '1' && household.desil == 'a' && nobody(1)", "/rule", &sample_schema, RULE_BOOL, false, &rule);
    assert_non_null(error);
    assert_int_equal(error->fault_count, 3);
    assert_string_equal(error->faults[1].arguments[0], "41");
    assert_string_equal(error->faults[2].arguments[0], "51");
    error_free(error);
    arena_destroy(arena);
}

static void
assert_refused(const char *text, enum rule_type want, bool int_too, const char *words)
{
    struct arena *arena = arena_create();
    struct rule *rule = NULL;
    struct error *error = rule_compile(arena, text, "/rule", &sample_schema, want, int_too, &rule);

    assert_non_null(error);
    assert_int_equal(error->faults[0].code, FAULT_RULE);
    if (!strstr(error->faults[0].arguments[2], words))
        fail_msg("wanted '%s', got %s", words, error->faults[0].arguments[2]);
    error_free(error);
    arena_destroy(arena);
}

static void
test_wanted_type(void **state)
{
    struct arena *arena = arena_create();

    (void)state;
    assert_refused("1 + 1", RULE_BOOL, false, "true or false");
    assert_refused("household.members", RULE_BOOL, false, "true or false");
    assert_refused("true", RULE_LIST, true, "list or int");
    assert_refused("1", RULE_LIST, false, "list");
    sample_rule(arena, "1", RULE_LIST, true);
    sample_rule(arena, "[1]", RULE_LIST, true);
    sample_rule(arena, "household.desil <= 4", RULE_BOOL, false);
    arena_destroy(arena);
}

static char *
repeated(const char *open, size_t count, const char *middle, const char *close)
{
    size_t size = count * (strlen(open) + strlen(close)) + strlen(middle) + 1, at = 0;
    char *text = calloc(1, size);

    assert_non_null(text);
    for (size_t i = 0; i < count; i++)
        at += (size_t)snprintf(text + at, size - at, "%s", open);
    at += (size_t)snprintf(text + at, size - at, "%s", middle);
    for (size_t i = 0; i < count; i++)
        at += (size_t)snprintf(text + at, size - at, "%s", close);
    return text;
}

static void
test_nesting_and_length(void **state)
{
    static const struct { const char *open, *middle, *close; } rows[] = {
        { "(", "1", ")" }, { "[", "1", "]" }, { "!", "true", "" }, { "-", "x", "" }, { "{1:", "1", "}" },
        { "", "1", "+1" }, { "", "household", ".rw" }, { "", "household", "[0]" }, { "true?1:", "1", "" }, { "size(", "1", ")" },
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        char *text = repeated(rows[i].open, 1000, rows[i].middle, rows[i].close);
        assert_refused(text, RULE_DYN, false, "too deeply");
        free(text);
    }
    char *text = repeated("true && ", 500, "true", "");
    struct arena *arena = arena_create();
    sample_rule(arena, text, RULE_BOOL, false); /* a long conjunction is not deep */
    arena_destroy(arena);
    free(text);
    text = repeated("true && ", LIMIT_RULE_BYTES / 8, "true", "");
    assert_refused(text, RULE_DYN, false, "too long");
    free(text);
    assert_refused("'\xff'", RULE_DYN, false, "UTF-8");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_syntax),      cmocka_unit_test(test_types),
        cmocka_unit_test(test_both_languages), cmocka_unit_test(test_all_faults), cmocka_unit_test(test_wanted_type),
        cmocka_unit_test(test_nesting_and_length),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
