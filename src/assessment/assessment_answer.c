/* assessment_answer.c: checking what was answered. A client's word is never trusted: relevance and constraints run here again. */
#include "assessment/assessment_form.h"

#include <string.h>

#include "lumbung/base/text.h"
#include "lumbung/base/time.h"

#define RELEVANCE_DEPTH 16 /* of questions that rest on questions; a circle ends here, untold */

static bool
is_choice(const struct form_question *question, const struct json *answer)
{
    const struct json *choices = json_get(question->json, "choices");
    for (size_t i = 0; answer->kind == JSON_TEXT && choices && i < choices->count; i++)
        if (text_equal(json_get_text(choices->items[i], "name"), answer->text))
            return true;
    return false;
}

/* A list of different choices: one ticked twice would count its points twice. */
static bool
are_choices(const struct form_question *question, const struct json *answer)
{
    if (answer->kind != JSON_ARRAY)
        return false;
    for (size_t i = 0; i < answer->count; i++) {
        if (!is_choice(question, answer->items[i]))
            return false;
        for (size_t j = 0; j < i; j++)
            if (strcmp(answer->items[i]->text, answer->items[j]->text) == 0)
                return false;
    }
    return true;
}

/* NULL when the answer is of the question's type; otherwise what it should be. */
static const char *
wrong_type(const struct form_question *question, const struct json *answer)
{
    int32_t date;
    if (text_equal(question->type, "integer"))
        return answer->kind == JSON_INT ? NULL : "an integer";
    if (text_equal(question->type, "decimal"))
        return answer->kind == JSON_INT || answer->kind == JSON_REAL ? NULL : "a number";
    if (text_equal(question->type, "date"))
        return answer->kind == JSON_TEXT && date_parse(answer->text, &date) ? NULL : "a day YYYY-MM-DD";
    if (text_equal(question->type, "select_one"))
        return is_choice(question, answer) ? NULL : "one of the choices";
    if (text_equal(question->type, "select_multiple"))
        return are_choices(question, answer) ? NULL : "a list of the choices, each once";
    if (text_equal(question->type, "text"))
        return answer->kind == JSON_TEXT && text_is_clean(answer->text, true) && text_characters(answer->text) <= 2000 ? NULL : "a text";
    return "nothing: a note takes no answer";
}

static bool
in_range(const struct form_question *question, const struct json *answer)
{
    int64_t min = json_get_int(question->json, "min", INT64_MIN), max = json_get_int(question->json, "max", INT64_MAX);
    if (answer->kind == JSON_INT)
        return answer->integer >= min && answer->integer <= max;
    return answer->kind != JSON_REAL || (answer->real >= (double)min && answer->real <= (double)max);
}

/* An empty list and an empty text are no answer: required questions want more. */
static bool
is_given(const struct json *answer)
{
    if (answer == NULL || answer->kind == JSON_NULL)
        return false;
    if (answer->kind == JSON_TEXT)
        return !text_is_blank(answer->text);
    return answer->kind != JSON_ARRAY || answer->count > 0;
}

/* --- relevance ------------------------------------------------------------------------------------------------------------------------ */

static int relevance(struct arena *arena, const struct form *form, const struct form_question *question, const struct json *answers, int depth);

/* Whether everything that an untold condition lacks was itself not asked. */
static bool
lacks_unasked_only(struct arena *arena, const struct form *form, const struct json *missing, const struct json *answers, int depth)
{
    for (size_t i = 0; i < missing->count; i++) {
        const struct form_question *other = form_question_find(form, missing->items[i]->text + 1); /* behind the slash of the pointer */
        if (other == NULL || relevance(arena, form, other, answers, depth - 1) != 0)
            return false;
    }
    return missing->count > 0;
}

static int
relevance(struct arena *arena, const struct form *form, const struct form_question *question, const struct json *answers, int depth)
{
    if (question->relevant == NULL)
        return 1;
    if (depth == 0)
        return -1;
    struct json *missing = json_make(arena, JSON_ARRAY);
    struct rule_inputs inputs = {answers, NULL};
    struct rule_value value = rule_evaluate(question->relevant, arena, &inputs, missing);
    if (value.kind == RULE_VALUE_BOOL)
        return value.as.boolean;
    return lacks_unasked_only(arena, form, missing, answers, depth) ? 0 : -1;
}

int
form_relevance(struct arena *arena, const struct form *form, const struct form_question *question, const struct json *answers)
{
    return relevance(arena, form, question, answers, RELEVANCE_DEPTH);
}

/* --- checks --------------------------------------------------------------------------------------------------------------------------- */

/* A constraint that cannot be evaluated is not met: it fails closed, as rules do. */
static bool
meets_constraint(struct arena *arena, const struct form_question *question, const struct json *answers, struct json *answer)
{
    struct json *bindings = json_make(arena, JSON_OBJECT);
    for (size_t i = 0; i < answers->count; i++)
        json_set(arena, bindings, answers->members[i].name, answers->members[i].value);
    json_set(arena, bindings, "value", answer);
    struct rule_inputs inputs = {bindings, NULL};
    struct rule_value value = rule_evaluate(question->constraint, arena, &inputs, NULL);
    return value.kind == RULE_VALUE_BOOL && value.as.boolean;
}

static void
add_range_fault(struct arena *arena, const struct form_question *question, const char *pointer, struct error **error)
{
    const struct json *min = json_get(question->json, "min"), *max = json_get(question->json, "max");
    error_add_fault(error, pointer, FAULT_RANGE, min ? arena_format(arena, "%lld", (long long)min->integer) : "-",
                    max ? arena_format(arena, "%lld", (long long)max->integer) : "-");
}

static void
add_constraint_fault(const struct form_question *question, const char *pointer, struct error **error)
{
    const struct json *message = json_get(question->json, "constraint_message");
    if (message)
        error_add_fault(error, pointer, FAULT_CONSTRAINT, json_get_text(message, "id"), json_get_text(message, "en"));
    else
        error_add_fault(error, pointer, FAULT_CONSTRAINT, "Tidak memenuhi syarat pertanyaan ini.", "It does not meet the condition of this question.");
}

static void
check_answer(struct arena *arena, const struct form *form, const struct form_question *question, const struct json *answers, struct error **error)
{
    struct json *answer = json_get(answers, question->name);
    const char *pointer = arena_format(arena, "/answers/%s", question->name);
    int relevant = form_relevance(arena, form, question, answers);
    if (!is_given(answer)) {
        if (question->required && relevant == 1 && !text_equal(question->type, "note"))
            error_add_fault(error, pointer, FAULT_REQUIRED, NULL, NULL);
        return;
    }
    const char *wanted = wrong_type(question, answer);
    if (relevant != 1)
        error_add_fault(error, pointer, FAULT_CONFLICT, "the answers that make it relevant", NULL);
    else if (wanted)
        error_add_fault(error, pointer, FAULT_TYPE, wanted, NULL);
    else if (!in_range(question, answer))
        add_range_fault(arena, question, pointer, error);
    else if (question->constraint && !meets_constraint(arena, question, answers, answer))
        add_constraint_fault(question, pointer, error);
}

struct error *
form_check_answers(struct arena *arena, const struct form *form, const struct json *answers)
{
    struct error *error = NULL;
    if (answers == NULL || answers->kind != JSON_OBJECT)
        return error_field("/answers", FAULT_REQUIRED, NULL, NULL);
    for (size_t i = 0; i < answers->count; i++)
        if (form_question_find(form, answers->members[i].name) == NULL)
            error_add_fault(&error, arena_format(arena, "/answers/%s", answers->members[i].name), FAULT_UNKNOWN, NULL, NULL);
    for (size_t i = 0; i < form->question_count; i++)
        check_answer(arena, form, &form->questions[i], answers, &error);
    return error;
}
