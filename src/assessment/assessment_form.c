/* assessment_form.c: reading a form and checking what was answered. A client's word is never trusted: relevance and constraints run here again. */
#include "assessment/assessment_form.h"

#include <string.h>

#include "lumbung/base/text.h"
#include "lumbung/base/time.h"

static const char *const question_types[] = {"integer", "decimal", "text", "date", "select_one", "select_multiple", "note"};

static bool
known_type(const char *type)
{
    for (size_t i = 0; i < sizeof question_types / sizeof question_types[0]; i++)
        if (text_equal(type, question_types[i]))
            return true;
    return false;
}

static bool
valid_name(const char *name)
{
    if (name == NULL || name[0] < 'a' || name[0] > 'z' || strlen(name) > 60)
        return false;
    return strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_") == strlen(name);
}

/* A label is {"id": ..., "en": ...}: both languages, or it is no label. */
static bool
valid_label(const struct json *label)
{
    return !text_is_blank(json_get_text(label, "id")) && !text_is_blank(json_get_text(label, "en"));
}

static void
take_faults(struct error **into, struct error *from)
{
    for (size_t i = 0; from && i < from->fault_count; i++)
        error_add_fault(into, from->faults[i].pointer, from->faults[i].code, from->faults[i].arguments[0], from->faults[i].arguments[1]);
    error_free(from);
}

static struct rule *
read_expression(struct arena *arena, const struct json *question, const char *name, const char *pointer, struct error **error)
{
    const struct json *text = json_get(question, name);
    struct rule *rule = NULL;
    if (text == NULL)
        return NULL;
    const char *at = arena_format(arena, "%s/%s", pointer, name);
    if (text->kind != JSON_TEXT)
        error_add_fault(error, at, FAULT_TYPE, "a text", NULL);
    else
        take_faults(error, rule_compile(arena, text->text, at, &(const struct rule_schema){0}, RULE_BOOL, false, &rule));
    return rule;
}

static void
check_choices(struct arena *arena, const struct json *question, const char *pointer, struct error **error)
{
    const struct json *choices = json_get(question, "choices");
    if (choices == NULL || choices->kind != JSON_ARRAY || choices->count == 0) {
        error_add_fault(error, arena_format(arena, "%s/choices", pointer), FAULT_REQUIRED, NULL, NULL);
        return;
    }
    for (size_t i = 0; i < choices->count; i++) {
        if (!valid_name(json_get_text(choices->items[i], "name")))
            error_add_fault(error, arena_format(arena, "%s/choices/%zu/name", pointer, i), FAULT_TEXT, NULL, NULL);
        if (!valid_label(json_get(choices->items[i], "label")))
            error_add_fault(error, arena_format(arena, "%s/choices/%zu/label", pointer, i), FAULT_REQUIRED, NULL, NULL);
    }
}

static void
read_question(struct arena *arena, const struct form *form, size_t index, const struct json *json, struct error **error)
{
    const char *pointer = arena_format(arena, "/questions/%zu", index);
    struct form_question *question = &form->questions[index];
    question->json = json;
    question->name = json_get_text(json, "name");
    question->type = json_get_text(json, "type");
    const struct json *required = json_get(json, "required");
    question->required = required && required->kind == JSON_BOOL && required->boolean;
    if (!valid_name(question->name))
        error_add_fault(error, arena_format(arena, "%s/name", pointer), FAULT_TEXT, NULL, NULL);
    if (!known_type(question->type))
        error_add_fault(error, arena_format(arena, "%s/type", pointer), FAULT_CODE, "integer, decimal, text, date, select_one, select_multiple, note", NULL);
    if (!valid_label(json_get(json, "label")))
        error_add_fault(error, arena_format(arena, "%s/label", pointer), FAULT_REQUIRED, NULL, NULL);
    for (size_t i = 0; i < index; i++)
        if (text_equal(form->questions[i].name, question->name))
            error_add_fault(error, arena_format(arena, "%s/name", pointer), FAULT_DOUBLED, NULL, NULL);
    if (text_equal(question->type, "select_one") || text_equal(question->type, "select_multiple"))
        check_choices(arena, json, pointer, error);
    question->relevant = read_expression(arena, json, "relevant", pointer, error);
    question->constraint = read_expression(arena, json, "constraint", pointer, error);
}

static const struct form_question *
find_question(const struct form *form, const char *name)
{
    for (size_t i = 0; i < form->question_count; i++)
        if (text_equal(form->questions[i].name, name))
            return &form->questions[i];
    return NULL;
}

static void
check_scores(struct arena *arena, const struct form *form, struct error **error)
{
    for (size_t i = 0; form->scores && i < form->scores->count; i++) {
        const struct json *score = form->scores->items[i], *weights = json_get(score, "weights");
        if (text_is_blank(json_get_text(score, "name")))
            error_add_fault(error, arena_format(arena, "/scores/%zu/name", i), FAULT_REQUIRED, NULL, NULL);
        if (weights == NULL || weights->kind != JSON_ARRAY || weights->count == 0)
            error_add_fault(error, arena_format(arena, "/scores/%zu/weights", i), FAULT_REQUIRED, NULL, NULL);
        for (size_t j = 0; weights && j < weights->count; j++)
            if (find_question(form, json_get_text(weights->items[j], "question")) == NULL)
                error_add_fault(error, arena_format(arena, "/scores/%zu/weights/%zu/question", i, j), FAULT_REFERENCE,
                                json_get_text(weights->items[j], "question"), NULL);
    }
}

struct error *
form_read(struct arena *arena, const struct json *json, struct form **ret_form)
{
    struct error *error = NULL;
    struct form *form = ARENA_NEW(arena, struct form);
    const struct json *questions = json_get(json, "questions");
    form->json = json;
    form->name = json_get_text(json, "name");
    form->scores = json_get(json, "scores");
    if (text_is_blank(form->name))
        error_add_fault(&error, "/name", FAULT_REQUIRED, NULL, NULL);
    if (questions == NULL || questions->kind != JSON_ARRAY || questions->count == 0 || questions->count > FORM_QUESTIONS_MAX) {
        error_add_fault(&error, "/questions", FAULT_LENGTH, "1", "500");
        return error;
    }
    if (form->scores && form->scores->kind != JSON_ARRAY)
        error_add_fault(&error, "/scores", FAULT_TYPE, "a list", NULL);
    form->question_count = questions->count;
    form->questions = ARENA_ARRAY(arena, struct form_question, questions->count);
    for (size_t i = 0; i < questions->count; i++)
        read_question(arena, form, i, questions->items[i], &error);
    if (error == NULL)
        check_scores(arena, form, &error);
    *ret_form = form;
    return error;
}

/* --- answers -------------------------------------------------------------------------------------------------------------------------- */

static bool
is_choice(const struct form_question *question, const struct json *answer)
{
    const struct json *choices = json_get(question->json, "choices");
    for (size_t i = 0; answer->kind == JSON_TEXT && choices && i < choices->count; i++)
        if (text_equal(json_get_text(choices->items[i], "name"), answer->text))
            return true;
    return false;
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
    if (text_equal(question->type, "text"))
        return answer->kind == JSON_TEXT && text_is_clean(answer->text, true) && text_characters(answer->text) <= 2000 ? NULL : "a text";
    if (!text_equal(question->type, "select_multiple"))
        return "nothing: a note takes no answer";
    for (size_t i = 0; i < answer->count; i++)
        if (answer->kind != JSON_ARRAY || !is_choice(question, answer->items[i]))
            return "a list of the choices";
    return answer->kind == JSON_ARRAY ? NULL : "a list of the choices";
}

static bool
in_range(const struct form_question *question, const struct json *answer)
{
    if (answer->kind != JSON_INT)
        return true;
    return answer->integer >= json_get_int(question->json, "min", INT64_MIN) && answer->integer <= json_get_int(question->json, "max", INT64_MAX);
}

/* 1 true, 0 false or cannot be told: relevance that rests on something unanswered is not given. */
static bool
holds(struct arena *arena, const struct rule *rule, const struct json *answers)
{
    struct rule_inputs inputs = {answers, NULL};
    struct rule_value value = rule_evaluate(rule, arena, &inputs, NULL);
    return value.kind == RULE_VALUE_BOOL && value.as.boolean;
}

static bool
is_relevant(struct arena *arena, const struct form_question *question, const struct json *answers)
{
    return question->relevant == NULL || holds(arena, question->relevant, answers);
}

static void
check_answer(struct arena *arena, const struct form_question *question, const struct json *answers, struct error **error)
{
    const struct json *answer = json_get(answers, question->name);
    const char *pointer = arena_format(arena, "/answers/%s", question->name);
    bool given = answer && answer->kind != JSON_NULL, relevant = is_relevant(arena, question, answers);
    if (!given) {
        if (question->required && relevant && !text_equal(question->type, "note"))
            error_add_fault(error, pointer, FAULT_REQUIRED, NULL, NULL);
        return;
    }
    const char *wanted = wrong_type(question, answer);
    if (!relevant)
        error_add_fault(error, pointer, FAULT_CONFLICT, "the answers that make it relevant", NULL);
    else if (wanted)
        error_add_fault(error, pointer, FAULT_TYPE, wanted, NULL);
    else if (!in_range(question, answer))
        error_add_fault(error, pointer, FAULT_RANGE, arena_format(arena, "%lld", (long long)json_get_int(question->json, "min", 0)),
                        arena_format(arena, "%lld", (long long)json_get_int(question->json, "max", INT64_MAX)));
    else if (question->constraint && !holds(arena, question->constraint, answers))
        error_add_fault(error, pointer, FAULT_CONFLICT, json_get_text(json_get(question->json, "constraint_message"), "en"), NULL);
}

struct error *
form_check_answers(struct arena *arena, const struct form *form, const struct json *answers)
{
    struct error *error = NULL;
    if (answers == NULL || answers->kind != JSON_OBJECT)
        return error_field("/answers", FAULT_REQUIRED, NULL, NULL);
    for (size_t i = 0; i < answers->count; i++)
        if (find_question(form, answers->members[i].name) == NULL)
            error_add_fault(&error, arena_format(arena, "/answers/%s", answers->members[i].name), FAULT_UNKNOWN, NULL, NULL);
    for (size_t i = 0; i < form->question_count; i++)
        check_answer(arena, &form->questions[i], answers, &error);
    return error;
}

/* --- scores --------------------------------------------------------------------------------------------------------------------------- */

/* Points of one answer: by choice (each of several adds), or per unit of a number. */
static int64_t
points_of(const struct json *weight, const struct json *answer)
{
    const struct json *points = json_get(weight, "points");
    if (answer->kind == JSON_TEXT)
        return json_get_int(points, answer->text, 0);
    if (answer->kind == JSON_INT) {
        int64_t product = 0, most = json_get_int(weight, "most", INT64_MAX);
        if (__builtin_mul_overflow(answer->integer, json_get_int(weight, "per_unit", 0), &product))
            return most;
        return product < most ? product : most;
    }
    int64_t sum = 0;
    for (size_t i = 0; answer->kind == JSON_ARRAY && i < answer->count; i++)
        sum += json_get_int(points, answer->items[i]->text, 0);
    return sum;
}

void
form_score(struct arena *arena, const struct form *form, const struct json *score, const struct json *answers, bool *ret_has, int64_t *ret_value,
           struct buffer *ret_detail)
{
    const struct json *weights = json_get(score, "weights");
    struct json *missing = json_make(arena, JSON_ARRAY);
    *ret_value = 0;
    json_open(ret_detail, NULL, '{');
    json_open(ret_detail, "parts", '[');
    for (size_t i = 0; weights && i < weights->count; i++) {
        const char *name = json_get_text(weights->items[i], "question");
        const struct form_question *question = find_question(form, name);
        const struct json *answer = json_get(answers, name);
        if (question == NULL || !is_relevant(arena, question, answers))
            continue; /* a question that was not asked gives no points and lacks nothing */
        if (answer == NULL || answer->kind == JSON_NULL) {
            json_push(arena, missing, json_make_text(arena, name));
            continue;
        }
        int64_t points = points_of(weights->items[i], answer);
        *ret_value += points;
        json_open(ret_detail, NULL, '{');
        json_put_text(ret_detail, "question", name);
        json_print(ret_detail, "answer", answer);
        json_put_int(ret_detail, "points", points);
        json_close(ret_detail, '}');
    }
    json_close(ret_detail, ']');
    json_print(ret_detail, "missing", missing);
    json_close(ret_detail, '}');
    *ret_has = missing->count == 0;
}
