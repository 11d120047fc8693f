/* assessment.c: recording an assessment with its scores; what rules ask. */
#include <string.h>

#include "assessment/assessment_form.h"
#include "assessment/assessment_fields.h"
#include "assessment/assessment_store.h"
#include "lumbung/audit.h"
#include "lumbung/base/text.h"
#include "lumbung/base/time.h"
#include "lumbung/household.h"

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

static struct error *
open_row(struct tx *tx, const struct form_row *row, struct form **ret_form)
{
    struct json *json = NULL;
    TRY(json_parse(tx->arena, row->definition, strlen(row->definition), &json));
    return form_read(tx->arena, json, ret_form);
}

struct error *
assessment_form_load(struct tx *tx, struct id id, struct form_row *ret_row, struct form **ret_form)
{
    bool found = false;
    TRY(form_store_load(tx, id, ret_row, &found));
    return found ? open_row(tx, ret_row, ret_form) : error_new(ERROR_NOT_FOUND);
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
        return error_state(&household_states, state, BARRED_ASSESS);
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
    for (const assessment_hook *hook = assessment_hooks; *hook; hook++)
        TRY((*hook)(tx, actor, household_id));
    return audit_append(tx, actor, &change, NULL);
}

struct error *
assessment_record(struct tx *tx, const struct actor *actor, struct id household_id, const struct assessment_in *in, const struct form *form,
                  struct id *ret_id)
{
    const char *state = NULL;
    bool found = false;
    struct form *opened = NULL;
    struct form_row row;
    TRY(household_state(tx, actor, household_id, &state)); /* whoever may not see the household hears nothing of its form */
    TRY(form_store_load(tx, in->form_id, &row, &found));
    if (!found)
        return error_field("/form_id", FAULT_REFERENCE, "a form", NULL);
    TRY(check_version(tx, &row, in->assessed_on));
    if (form == NULL)
        TRY(open_row(tx, &row, &opened));
    return record_with(tx, actor, household_id, form ? form : opened, in, ret_id);
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
