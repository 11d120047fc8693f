/* score_flag.c: our own flags, counted from a household's members; of a household that only declared its numbers, from those. */
#include "score/score_flag.h"

#include "lumbung/base/text.h"
#include "lumbung/base/time.h"

#define ELDERLY_AGE 60
#define ADULT_AGE 18
#define DISABLED_GRADE 3 /* Washington Group: a lot of difficulty in at least one function */
#define SEVERE_GRADE 4

static const char *const own_names[SCORE_FLAGS_OWN] = {"elderly_alone", "disability", "severe_disability", "female_headed", "child_headed", "under_five",
                                                       "pregnant", "chronic_illness", "no_income", "no_id"};

bool
score_flag_is_own(const char *name)
{
    for (size_t i = 0; i < SCORE_FLAGS_OWN; i++)
        if (text_equal(own_names[i], name))
            return true;
    return false;
}

struct flag_counts {
    int people, elderly, under5, pregnant, ill, disabled, severe, without_id, with_income, income_known;
    const char *head_sex;
    int head_age; /* -1: no head */
};

static int
worst_grade(const struct json *disability)
{
    int worst = 0;
    for (size_t i = 0; disability && disability->kind == JSON_OBJECT && i < disability->count; i++)
        if (disability->members[i].value->kind == JSON_INT && disability->members[i].value->integer > worst)
            worst = (int)disability->members[i].value->integer;
    return worst;
}

static bool
is_true(const struct json *object, const char *name)
{
    const struct json *value = json_get(object, name);
    return value && value->kind == JSON_BOOL && value->boolean;
}

static void
count_member(const struct json *member, int32_t on, struct flag_counts *counts)
{
    int32_t birth = 0;
    const char *birth_text = json_get_text(member, "birth_date");
    int age = birth_text && date_parse(birth_text, &birth) ? date_years_between(birth, on) : -1;
    int grade = worst_grade(json_get(member, "disability"));
    bool severe = grade >= SEVERE_GRADE || is_true(member, "registered_severe_disability");
    const struct json *income = json_get(member, "income_minor");
    counts->people++;
    counts->elderly += age >= ELDERLY_AGE;
    counts->under5 += age >= 0 && age < 5;
    counts->pregnant += json_get(member, "pregnancy") != NULL;
    counts->ill += is_true(member, "chronic_illness");
    counts->disabled += grade >= DISABLED_GRADE || severe;
    counts->severe += severe;
    counts->without_id += json_get_text(member, "nik") == NULL && age != 0;
    counts->income_known += income != NULL;
    counts->with_income += income && income->integer > 0;
    if (text_equal(json_get_text(member, "relationship"), "head")) {
        counts->head_sex = json_get_text(member, "sex");
        counts->head_age = age;
    }
}

/* What was declared of those who were not named: some there, none there, not said. */
static int
declared_some(const struct json *declared, const char *name, int among_named)
{
    const struct json *value = json_get(declared, name);
    if (among_named > 0)
        return 1;
    return value ? value->integer > 0 : -1;
}

static int
elderly_alone(const struct json *declared, const struct flag_counts *counts)
{
    const struct json *size = json_get(declared, "size");
    if (counts->elderly < counts->people)
        return 0;
    if (declared == NULL)
        return 1;
    return size == NULL ? -1 : size->integer <= counts->people;
}

/* Only some are named: who is among them tells a yes, nobody among them tells nothing. */
static int
some(const struct json *declared, int among_named)
{
    return among_named > 0 ? 1 : declared ? -1 : 0;
}

void
score_flag_own(const struct json *facts, int32_t on, struct score_flag ret_flags[SCORE_FLAGS_OWN])
{
    struct flag_counts counts = {.head_age = -1};
    const struct json *household = json_get(facts, "household"), *members = json_get(household, "members"), *declared = json_get(household, "declared");
    for (size_t i = 0; members && members->kind == JSON_ARRAY && i < members->count; i++)
        count_member(members->items[i], on, &counts);
    const int truths[SCORE_FLAGS_OWN] = {
        elderly_alone(declared, &counts), declared ? declared_some(declared, "disabled", counts.disabled) : counts.disabled > 0, some(declared, counts.severe),
        text_equal(counts.head_sex, "F"), counts.head_age >= 0 && counts.head_age < ADULT_AGE,
        declared ? declared_some(declared, "under5", counts.under5) : counts.under5 > 0,
        declared ? declared_some(declared, "pregnant", counts.pregnant) : counts.pregnant > 0, some(declared, counts.ill),
        counts.with_income > 0 ? 0 : counts.income_known > 0 && declared == NULL ? 1 : -1, some(declared, counts.without_id),
    };
    for (size_t i = 0; i < SCORE_FLAGS_OWN; i++)
        ret_flags[i] = (struct score_flag){own_names[i], counts.people > 0 ? truths[i] : -1, NULL};
}
