/* test_rule_explain.c: clauses with their truth, and their words in both languages. */
#include "rule_sample.h"

static const struct { const char *text, *id, *en; } words[] = {
    { "household.desil <= 4", "desil keluarga paling banyak 4", "family decile is at most 4" },
    { "household.desil < 4", "desil keluarga kurang dari 4", "family decile is less than 4" },
    { "household.desil == 4", "desil keluarga sama dengan 4", "family decile is 4" },
    { "household.desil != 4", "desil keluarga tidak sama dengan 4", "family decile is not 4" },
    { "household.desil >= 4", "desil keluarga paling sedikit 4", "family decile is at least 4" },
    { "4 < household.desil", "desil keluarga lebih dari 4", "family decile is more than 4" },
    { "!(household.desil > 4)", "desil keluarga paling banyak 4", "family decile is at most 4" },
    { "household.desil in [1, 2, 3]", "desil keluarga adalah salah satu dari 1, 2 atau 3", "family decile is one of 1, 2 or 3" },
    { "!(household.desil in [1])", "desil keluarga bukan salah satu dari 1", "family decile is not one of 1" },
    { "has(household.phone)", "nomor telepon tercatat", "phone number is recorded" },
    { "!has(household.phone)", "nomor telepon tidak tercatat", "phone number is not recorded" },
    { "household.housing.floor == 'earth'", "housing floor sama dengan earth", "housing floor is earth" },
    { "household.rw == '01' || household.rw == '02'", "rw sama dengan 01 atau rw sama dengan 02", "rw is 01 or rw is 02" },
    { "household.members.exists(m, age(m.birth_date) >= 70)", "ada anggota dengan umur paling sedikit 70", "there is a member where age is at least 70" },
    { "!household.members.exists(m, m.in_school)", "tidak ada anggota yang bersekolah", "there is no member where in school" },
    { "household.members.all(m, m.grade <= 9)", "semua anggota memenuhi: kelas paling banyak 9", "for every member: grade is at most 9" },
    { "household.members.exists_one(m, m.grade == 1)", "tepat satu anggota dengan kelas sama dengan 1", "there is exactly one member where grade is 1" },
    { "size(household.members) > 5", "jumlah anggota lebih dari 5", "number of members is more than 5" },
    { "size(household.members.filter(m, m.in_school)) >= 2", "jumlah anggota yang bersekolah paling sedikit 2",
      "number of members where in school is at least 2" },
    { "size(household.phone) > 5", "panjang nomor telepon lebih dari 5", "length of phone number is more than 5" },
    { "member.in_school == false", "tidak bersekolah", "not in school" },
    { "member.income_minor < amount(1500000)", "income minor kurang dari Rp1.500.000", "income minor is less than Rp1,500,000" },
    { "score('PMT') < 30", "skor PMT kurang dari 30", "PMT score is less than 30" },
    { "household.region.startsWith('33.')", "wilayah berawalan 33.", "region starts with 33." },
    { "member.relationship == 'foster_child'", "hubungan sama dengan foster child", "relationship is foster child" },
    { "!(member.in_school && member.grade > 3)", "tidak benar bahwa (bersekolah dan kelas lebih dari 3)",
      "it is not true that (in school and grade is more than 3)" },
};

static void
test_words(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(words); i++) {
        struct arena *arena = arena_create();
        struct rule_clause *clauses;
        size_t count;
        rule_explain(sample_rule(arena, words[i].text, RULE_BOOL, false), arena, NULL, &clauses, &count);
        assert_int_equal(count, 1);
        assert_string_equal(clauses[0].expression, words[i].text);
        assert_string_equal(clauses[0].text_id, words[i].id);
        assert_string_equal(clauses[0].text_en, words[i].en);
        assert_int_equal(clauses[0].truth, -1);
        arena_destroy(arena);
    }
}

/* A clause that cannot be told says why, unless something is missing: that is told by its pointer. */
static void
test_wrong(void **state)
{
    static const struct { const char *text, *id; size_t missing; } rows[] = {
        { "1 / (household.desil - 5) > 0", "pembagian dengan nol", 0 }, { "household.phone != ''", NULL, 1 }, { "household.desil == 5", NULL, 0 },
    };
    struct arena *arena = arena_create();
    struct rule_inputs inputs = { .bindings = sample_json(arena, "{\"household\":{\"desil\":5}}") };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct rule_clause *clauses;
        size_t count;
        rule_explain(sample_rule(arena, rows[i].text, RULE_BOOL, false), arena, &inputs, &clauses, &count);
        assert_int_equal(clauses[0].missing->count, rows[i].missing);
        assert_int_equal(clauses[0].wrong != NULL, rows[i].id != NULL);
        if (rows[i].id)
            assert_string_equal(rule_wrong_text(arena, clauses[0].wrong, LANGUAGE_ID), rows[i].id);
    }
    arena_destroy(arena);
}

/* All clauses are told, whatever the first ones say; brackets around a conjunction make no difference. */
static void
test_clauses(void **state)
{
    static const int truths[] = { 0, 1, -1, 1, -1 };
    struct arena *arena = arena_create();
    struct rule_clause *clauses;
    size_t count;
    struct rule_inputs inputs = { .bindings = sample_json(arena, "{\"household\":{\"desil\":5,\"rw\":\"01\",\"members\":[{\"in_school\":true},{}]}}") };

    (void)state;
    struct rule *rule = sample_rule(arena, "household.desil <= 4 && (household.rw == '01' && household.phone != '') && "
                                           "household.members.exists(m, m.in_school) && household.members.all(m, m.in_school)", RULE_BOOL, false);
    rule_explain(rule, arena, &inputs, &clauses, &count);
    assert_int_equal(count, COUNT(truths));
    for (size_t i = 0; i < count; i++)
        assert_int_equal(clauses[i].truth, truths[i]);
    assert_int_equal(clauses[2].missing->count, 1);
    assert_string_equal(clauses[2].missing->items[0]->text, "/phone");
    assert_int_equal(clauses[3].missing->count, 0);
    assert_string_equal(clauses[4].missing->items[0]->text, "/members/1/in_school");
    assert_string_equal(clauses[1].expression, "household.rw == '01'");
    arena_destroy(arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_words), cmocka_unit_test(test_clauses), cmocka_unit_test(test_wrong) };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
