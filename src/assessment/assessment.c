/* assessment.c: recording an assessment with its scores; the flags; what rules ask. */
#include <string.h>

#include "assessment/assessment_form.h"
#include "assessment/assessment_fields.h"
#include "assessment/assessment_store.h"
#include "lumbung/audit.h"
#include "lumbung/base/text.h"
#include "lumbung/base/time.h"
#include "lumbung/household.h"

#define ELDERLY_AGE 60
#define SEVERE_GRADE 4

struct error *
assessment_form_make(struct tx *tx, const struct actor *actor, const struct json *json, struct id *ret_id)
{
    struct form *form = NULL;
    struct buffer definition;
    int64_t last = 0;
    TRY(form_read(tx->arena, json, &form));
    TRY(form_store_last_version(tx, form->name, &last));
    buffer_init(&definition, tx->arena);
    json_print(&definition, NULL, json);
    struct form_row row = {.id = tx_new_id(tx), .name = form->name, .version = last + 1, .definition = buffer_text(&definition)};
    TRY(form_store_retire(tx, form->name)); /* a new version takes the place of the old, which stays readable */
    TRY(form_store_insert(tx, actor, &row));
    struct audit_part part = {.kind = "form", .id = row.id, .after = row.definition};
    struct audit_change change = {.action = "form.create", .record_id = row.id, .parts = &part, .part_count = 1};
    *ret_id = row.id;
    return audit_append(tx, actor, &change, NULL);
}

struct error *
assessment_active_form(struct tx *tx, struct id *ret_id)
{
    struct form_row row;
    size_t count = 0;
    TRY(form_store_list(tx, (struct id){{0}}, 1, &row, &count));
    if (count == 0)
        return error_new(ERROR_NOT_FOUND);
    *ret_id = row.id;
    return NULL;
}

struct error *
assessment_form_load(struct tx *tx, struct id id, struct form_row *ret_row, struct form **ret_form)
{
    bool found = false;
    struct json *json = NULL;
    TRY(form_store_load(tx, id, ret_row, &found));
    if (!found)
        return error_new(ERROR_NOT_FOUND);
    TRY(json_parse(tx->arena, ret_row->definition, strlen(ret_row->definition), &json));
    return form_read(tx->arena, json, ret_form);
}

static struct error *
record_scores(struct tx *tx, const struct form *form, struct id assessment_id, const struct json *answers)
{
    for (size_t i = 0; i < form->score_count; i++) {
        struct score_row score = {.name = form->scores[i].name};
        struct buffer detail;
        buffer_init(&detail, tx->arena);
        form_score_answers(tx->arena, form, &form->scores[i], answers, &score.has_value, &score.value, &detail);
        score.detail = buffer_text(&detail);
        TRY(score_store_insert(tx, assessment_id, &score));
    }
    return NULL;
}

static struct error *
check_day(const struct tx *tx, int32_t assessed_on)
{
    int32_t today = date_of_instant(tx->now_ms, 540); /* the earliest zone of the country: today there is today somewhere */
    return assessed_on > today ? error_field("/assessed_on", FAULT_FUTURE, NULL, NULL) : NULL;
}

/* Whoever asked before a new version came sends what he asked; from the next day on the new version is asked. */
static struct error *
check_version(struct tx *tx, const struct form_row *form, int32_t assessed_on)
{
    struct form_row next;
    bool found = false;
    char day[DATE_TEXT_SIZE];
    TRY(form_store_load_next(tx, form->name, form->version, &next, &found));
    int32_t since = found ? date_of_instant(next.created_at_ms, 540) : 0;
    if (!found || assessed_on <= since)
        return NULL;
    date_print(since, day);
    return error_field("/form_id", FAULT_REPLACED, arena_format(tx->arena, "%lld", (long long)next.version), day);
}

struct error *
assessment_open_form(struct tx *tx, struct id id, struct form **ret_form)
{
    struct form_row row;
    return assessment_form_load(tx, id, &row, ret_form);
}

static struct error *
record_with(struct tx *tx, const struct actor *actor, struct id household_id, const struct form *form, const struct assessment_in *in, struct id *ret_id)
{
    const char *state = NULL;
    TRY(household_state(tx, actor, household_id, &state));
    if (!text_equal(state, "active"))
        return error_with(ERROR_STATE, state, "assess", NULL);
    TRY(check_day(tx, in->assessed_on));
    struct form_facts facts;
    struct json *checked = NULL;
    TRY(assessment_facts(tx, household_id, form, in->assessed_on, &facts));
    TRY(form_evaluate(tx->arena, form, &facts, in->answers, &checked));
    TRY(assessment_bind_photos(tx, actor, household_id, form, checked));
    struct buffer answers;
    buffer_init(&answers, tx->arena);
    json_print(&answers, NULL, checked);
    struct assessment_row assessment = {.id = tx_new_id(tx), .household_id = household_id, .form_id = in->form_id, .assessed_on = in->assessed_on,
                                        .recorded_by = actor->user_id};
    TRY(keyring_seal(tx, household_id, "assessment.answers", assessment.id, answers.data, answers.length, &assessment.sealed));
    TRY(assessment_store_insert(tx, &assessment));
    TRY(record_scores(tx, form, assessment.id, checked));
    struct audit_part part = {.kind = "assessment", .id = assessment.id, .subject = household_id, .after = buffer_text(&answers)};
    struct audit_change change = {.action = "assessment.record", .record_id = household_id, .parts = &part, .part_count = 1};
    *ret_id = assessment.id;
    return audit_append(tx, actor, &change, NULL);
}

struct error *
assessment_record(struct tx *tx, const struct actor *actor, struct id household_id, const struct assessment_in *in, struct id *ret_id)
{
    const char *state = NULL;
    struct form *form = NULL;
    struct form_row row;
    TRY(household_state(tx, actor, household_id, &state)); /* whoever may not see the household hears nothing of its form */
    struct error *error = assessment_form_load(tx, in->form_id, &row, &form);
    if (error && error->code == ERROR_NOT_FOUND) {
        error_free(error);
        return error_field("/form_id", FAULT_REFERENCE, "a form", NULL);
    }
    TRY(error);
    TRY(check_version(tx, &row, in->assessed_on));
    return record_with(tx, actor, household_id, form, in, ret_id);
}

struct error *
assessment_record_json(struct tx *tx, const struct actor *actor, struct id household_id, const struct form *form, const struct json *json, struct id *ret_id)
{
    void *in = NULL;
    TRY(field_parse(tx->arena, &assessment_in_table, json, "", FIELD_CREATE, INT32_MAX, &in));
    return record_with(tx, actor, household_id, form, in, ret_id);
}

struct error *
assessment_open_answers(struct tx *tx, const struct assessment_row *row, struct json **ret_answers)
{
    struct bytes plain;
    *ret_answers = NULL;
    TRY(keyring_unseal(tx, row->household_id, "assessment.answers", row->id, row->sealed, &plain));
    return plain.data ? json_parse(tx->arena, (const char *)plain.data, plain.length, ret_answers) : NULL;
}

struct error *
assessment_score(struct tx *tx, struct id household_id, const char *name, int64_t *ret_value, bool *ret_found)
{
    return score_store_latest(tx, household_id, name, ret_value, ret_found);
}

struct error *
assessment_latest_answers(struct tx *tx, struct id household_id, struct json **ret_answers)
{
    struct assessment_row row;
    size_t count = 0;
    *ret_answers = NULL;
    TRY(assessment_store_list(tx, household_id, 1, &row, &count));
    return count == 1 ? assessment_open_answers(tx, &row, ret_answers) : NULL;
}

/* --- flags ---------------------------------------------------------------------------------------------------------------------------- */

struct flag_counts {
    int people, elderly, under5, pregnant, ill, disabled, severe, without_id, with_income, income_known, adults;
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
json_is_true_member(const struct json *object, const char *name)
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
    bool severe = grade >= SEVERE_GRADE || json_is_true_member(member, "registered_severe_disability");
    const struct json *income = json_get(member, "income_minor");
    counts->people++;
    counts->elderly += age >= ELDERLY_AGE;
    counts->adults += age >= 18;
    counts->under5 += age >= 0 && age < 5;
    counts->pregnant += json_get(member, "pregnancy") != NULL;
    counts->ill += json_is_true_member(member, "chronic_illness");
    counts->disabled += grade >= 3 || severe; /* Washington Group: a lot of difficulty in at least one function */
    counts->severe += severe;
    counts->without_id += json_get_text(member, "nik") == NULL && age != 0;
    counts->income_known += income != NULL;
    counts->with_income += income && income->integer > 0;
    if (text_equal(json_get_text(member, "relationship"), "head")) {
        counts->head_sex = json_get_text(member, "sex");
        counts->head_age = age;
    }
}

void
assessment_flags(const struct json *facts, int32_t on, struct assessment_flag ret_flags[ASSESSMENT_FLAGS])
{
    struct flag_counts counts = {.head_age = -1};
    const struct json *members = json_get(json_get(facts, "household"), "members");
    for (size_t i = 0; members && members->kind == JSON_ARRAY && i < members->count; i++)
        count_member(members->items[i], on, &counts);
    bool known = counts.people > 0; /* a head count alone tells no flag */
    const struct { const char *name; int truth; } flags[ASSESSMENT_FLAGS] = {
        {"elderly_alone", counts.people > 0 && counts.elderly == counts.people}, {"disability", counts.disabled > 0}, {"severe_disability", counts.severe > 0},
        {"female_headed", text_equal(counts.head_sex, "F")}, {"child_headed", counts.head_age >= 0 && counts.head_age < 18}, {"under_five", counts.under5 > 0},
        {"pregnant", counts.pregnant > 0}, {"chronic_illness", counts.ill > 0},
        {"no_income", counts.with_income > 0 ? 0 : counts.income_known > 0 ? 1 : -1}, {"no_id", counts.without_id > 0},
    };
    for (size_t i = 0; i < ASSESSMENT_FLAGS; i++)
        ret_flags[i] = (struct assessment_flag){flags[i].name, known ? flags[i].truth : -1};
}
