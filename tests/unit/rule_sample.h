/* rule_sample.h: a small vocabulary and a few host functions for the tests of the eligibility language. */
#ifndef LUMBUNG_TESTS_RULE_SAMPLE_H
#define LUMBUNG_TESTS_RULE_SAMPLE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lumbung/base/limits.h"
#include "lumbung/rule.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const struct rule_field pregnancy_fields[] = {
    { .name = "due_on", .type = RULE_TEXT },
    { .name = "number", .type = RULE_INT },
};
static const struct rule_record pregnancy_record = { "pregnancy", pregnancy_fields, COUNT(pregnancy_fields) };
static const struct rule_field member_fields[] = {
    { .name = "name", .type = RULE_TEXT, .label_id = "nama", .label_en = "name" },
    { .name = "birth_date", .type = RULE_TEXT, .label_id = "tanggal lahir", .label_en = "birth date" },
    { .name = "relationship", .type = RULE_TEXT, .label_id = "hubungan", .label_en = "relationship" },
    { .name = "in_school", .type = RULE_BOOL, .label_id = "bersekolah", .label_en = "in school" },
    { .name = "school_level", .type = RULE_TEXT, .label_id = "jenjang", .label_en = "school level" },
    { .name = "grade", .type = RULE_INT, .label_id = "kelas", .label_en = "grade" },
    { .name = "income_minor", .type = RULE_INT },
    { .name = "registered_severe_disability", .type = RULE_BOOL },
    { .name = "pregnancy", .type = RULE_MAP, .record = &pregnancy_record, .label_id = "kehamilan", .label_en = "pregnancy" },
};
static const struct rule_record member_record = { "member", member_fields, COUNT(member_fields) };
static const struct rule_field housing_fields[] = {
    { .name = "floor", .type = RULE_TEXT },
    { .name = "floor_area", .type = RULE_DOUBLE },
};
static const struct rule_record housing_record = { "housing", housing_fields, COUNT(housing_fields) };
static const struct rule_field household_fields[] = {
    { .name = "region", .type = RULE_TEXT, .label_id = "wilayah", .label_en = "region" },
    { .name = "rw", .type = RULE_TEXT },
    { .name = "desil", .type = RULE_INT, .label_id = "desil keluarga", .label_en = "family decile" },
    { .name = "phone", .type = RULE_TEXT, .label_id = "nomor telepon", .label_en = "phone number" },
    { .name = "housing", .type = RULE_MAP, .record = &housing_record },
    { .name = "members", .type = RULE_LIST, .record = &member_record, .label_id = "anggota", .label_en = "members" },
};
static const struct rule_record household_record = { "household", household_fields, COUNT(household_fields) };
static const struct rule_field root_fields[] = {
    { .name = "household", .type = RULE_MAP, .record = &household_record },
    { .name = "member", .type = RULE_MAP, .record = &member_record },
};
static const struct rule_record root_record = { "root", root_fields, COUNT(root_fields) };

/* Whole years on 1 July 2026, enough for dates written YYYY-MM-DD. */
static inline struct rule_value
sample_wrong(const char *en, const char *missing)
{
    static struct rule_wrong wrong;

    wrong = (struct rule_wrong){ .text = { [LANGUAGE_ID] = "salah", [LANGUAGE_EN] = en } };
    return rule_value_make_error(&wrong, missing);
}

static inline struct rule_value
sample_age(void *context, struct arena *arena, const struct rule_value *arguments, size_t count)
{
    (void)context;
    (void)arena;
    (void)count;
    const char *date = arguments[0].as.text.data;
    int year = 0, month = 0;
    if (sscanf(date, "%d-%d", &year, &month) != 2)
        return sample_wrong("the birth date cannot be read", NULL);
    return rule_value_make_int(2026 - year - (month > 7));
}

static inline struct rule_value
sample_amount(void *context, struct arena *arena, const struct rule_value *arguments, size_t count)
{
    int64_t minor;

    (void)context;
    (void)arena;
    (void)count;
    if (__builtin_mul_overflow(arguments[0].as.integer, (int64_t)100, &minor))
        return sample_wrong("the amount is too large", NULL);
    return rule_value_make_int(minor);
}

/* A score that nobody took. */
static inline struct rule_value
sample_score(void *context, struct arena *arena, const struct rule_value *arguments, size_t count)
{
    (void)context;
    (void)count;
    return sample_wrong("this score is missing", arena_format(arena, "/scores/%s", arguments[0].as.text.data));
}

static inline struct rule_value
sample_tariff(void *context, struct arena *arena, const struct rule_value *arguments, size_t count)
{
    (void)context;
    (void)arena;
    (void)count;
    return rule_value_make_int(strncmp(arguments[1].as.text.data, "94", 2) == 0 ? 150 : 100);
}

static const struct rule_host_function sample_functions[] = {
    { "age", sample_age, 1, 1, { RULE_TEXT }, RULE_INT, NULL, "umur", "age" },
    { "amount", sample_amount, 1, 1, { RULE_INT }, RULE_INT, NULL, "Rp{0}", "Rp{0}" },
    { "score", sample_score, 1, 1, { RULE_TEXT }, RULE_INT, NULL, "skor {0}", "{0} score" },
    { "tariff", sample_tariff, 2, 2, { RULE_TEXT, RULE_TEXT }, RULE_INT, NULL, NULL, NULL },
};
static const struct rule_schema sample_schema = { &root_record, sample_functions, COUNT(sample_functions), "household" };

static inline struct json *
sample_json(struct arena *arena, const char *text)
{
    struct json *json = NULL;

    assert_null(json_parse(arena, text, strlen(text), &json));
    return json;
}

static inline struct rule *
sample_rule(struct arena *arena, const char *text, enum rule_type want, bool int_too)
{
    struct rule *rule = NULL;
    struct error *error = rule_compile(arena, text, "/rule", &sample_schema, want, int_too, &rule);

    if (error && error->fault_count > 0)
        fail_msg("%s: character %s: %s", text, error->faults[0].arguments[0], error->faults[0].arguments[2]);
    assert_null(error);
    return rule;
}

/* Evaluates against bindings with the sample vocabulary. */
static inline struct rule_value
sample_value(struct arena *arena, const char *text, const char *bindings, struct json *missing)
{
    struct rule_inputs inputs = { .bindings = sample_json(arena, bindings) };

    return rule_evaluate(sample_rule(arena, text, RULE_DYN, false), arena, &inputs, missing);
}

#endif
