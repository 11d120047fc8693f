/* assessment_score.c: scores by weights: how a form writes them, and what answers give. Strict: one input missing, no value. */
#include "assessment/assessment_form.h"

#include <string.h>

#include "lumbung/base/text.h"

static const char *const score_members[] = {"name", "label", "weights", NULL};
static const char *const weight_members[] = {"question", "points", "per_unit", "most", "expression", NULL};

/* --- reading -------------------------------------------------------------------------------------------------------------------------- */

static bool
is_points(const struct json *value)
{
    return value && value->kind == JSON_INT && value->integer >= -FORM_POINTS_MAX && value->integer <= FORM_POINTS_MAX;
}

static void
check_points(struct arena *arena, const struct form_question *question, const struct json *points, const char *pointer, struct error **error)
{
    const struct json *choices = json_get(question->json, "choices");
    if (choices == NULL) {
        error_add_fault(error, pointer, FAULT_CONFLICT, question->type, NULL);
        return;
    }
    if (points->kind != JSON_OBJECT)
        error_add_fault(error, pointer, FAULT_TYPE, "an object", NULL);
    for (size_t i = 0; points->kind == JSON_OBJECT && i < points->count; i++) {
        const char *at = arena_format(arena, "%s/%s", pointer, points->members[i].name);
        bool known = false;
        for (size_t j = 0; j < choices->count; j++)
            known = known || text_equal(json_get_text(choices->items[j], "name"), points->members[i].name);
        if (!known)
            error_add_fault(error, at, FAULT_REFERENCE, points->members[i].name, NULL);
        else if (!is_points(points->members[i].value))
            error_add_fault(error, at, FAULT_RANGE, "-1000000", "1000000");
    }
}

/* Points by choice, per unit, or an expression: exactly one of the three. */
static void
read_weight(struct arena *arena, const struct form *form, const struct json *json, const char *pointer, struct form_weight *weight, struct error **error)
{
    const struct json *points = json_get(json, "points"), *per_unit = json_get(json, "per_unit"), *most = json_get(json, "most");
    form_check_members(arena, json, weight_members, pointer, error);
    weight->question = form_question_find(form, json_get_text(json, "question"));
    if (weight->question == NULL || text_equal(weight->question->type, "note")) {
        error_add_fault(error, arena_format(arena, "%s/question", pointer), FAULT_REFERENCE, json_get_text(json, "question"), NULL);
        return;
    }
    if (weight->question->repeat)
        error_add_fault(error, arena_format(arena, "%s/question", pointer), FAULT_REPEATED, weight->question->repeat->name, NULL);
    if ((points != NULL) + (per_unit != NULL) + (json_get(json, "expression") != NULL) != 1)
        error_add_fault(error, pointer, FAULT_CODE, "points, per_unit, expression", NULL);
    if (points)
        check_points(arena, weight->question, points, arena_format(arena, "%s/points", pointer), error);
    if (per_unit && !text_equal(weight->question->type, "integer"))
        error_add_fault(error, arena_format(arena, "%s/per_unit", pointer), FAULT_CONFLICT, weight->question->type, NULL);
    else if (per_unit && !is_points(per_unit))
        error_add_fault(error, arena_format(arena, "%s/per_unit", pointer), FAULT_RANGE, "-1000000", "1000000");
    if (most && (!is_points(most) || per_unit == NULL))
        error_add_fault(error, arena_format(arena, "%s/most", pointer), FAULT_CONFLICT, "per_unit", NULL);
    weight->points = points;
    weight->per_unit = json_get_int(json, "per_unit", 0);
    weight->most = json_get_int(json, "most", INT64_MAX);
    weight->expression = form_read_expression(arena, json, "expression", pointer, form_schema(arena, form, NULL), RULE_INT, error);
}

static void
read_score(struct arena *arena, const struct form *form, size_t index, const struct json *json, struct error **error)
{
    const char *pointer = arena_format(arena, "/scores/%zu", index);
    struct form_score *score = &form->scores[index];
    const struct json *weights = json_get(json, "weights");
    score->name = json_get_text(json, "name");
    form_check_members(arena, json, score_members, pointer, error);
    form_check_label(arena, json, "label", true, pointer, error);
    if (text_is_blank(score->name) || !text_is_clean(score->name, false) || strlen(score->name) > 60)
        error_add_fault(error, arena_format(arena, "%s/name", pointer), FAULT_LENGTH, "1", "60");
    for (size_t i = 0; i < index; i++)
        if (score->name && text_equal(form->scores[i].name, score->name))
            error_add_fault(error, arena_format(arena, "%s/name", pointer), FAULT_DOUBLED, NULL, NULL);
    if (weights == NULL || weights->kind != JSON_ARRAY || weights->count == 0 || weights->count > FORM_QUESTIONS_MAX) {
        error_add_fault(error, arena_format(arena, "%s/weights", pointer), FAULT_LENGTH, "1", "500");
        return;
    }
    score->weight_count = weights->count;
    score->weights = ARENA_ARRAY(arena, struct form_weight, weights->count);
    for (size_t i = 0; i < weights->count; i++)
        read_weight(arena, form, weights->items[i], arena_format(arena, "%s/weights/%zu", pointer, i), &score->weights[i], error);
}

void
form_read_scores(struct arena *arena, struct form *form, struct error **error)
{
    const struct json *scores = json_get(form->json, "scores");
    if (scores == NULL)
        return;
    if (scores->kind != JSON_ARRAY || scores->count > FORM_SCORES_MAX) {
        error_add_fault(error, "/scores", FAULT_LENGTH, "0", "16");
        return;
    }
    form->score_count = scores->count;
    form->scores = ARENA_ARRAY(arena, struct form_score, scores->count);
    for (size_t i = 0; i < scores->count; i++)
        read_score(arena, form, i, scores->items[i], error);
}

/* --- computing ------------------------------------------------------------------------------------------------------------------------ */

struct tally {
    struct arena *arena;
    const struct json *answers;
    struct json *missing;
    int64_t value;
    bool broken; /* an overflow or an expression without an answer: no value either */
};

static void
add_missing(struct tally *tally, const char *name)
{
    for (size_t i = 0; i < tally->missing->count; i++)
        if (strcmp(tally->missing->items[i]->text, name) == 0)
            return;
    json_push(tally->arena, tally->missing, json_make_text(tally->arena, name));
}

/* An expression over the answers; what it lacks is missing under its own name. */
static bool
points_of_expression(struct tally *tally, const struct form_weight *weight, int64_t *ret_points)
{
    struct json *missing = json_make(tally->arena, JSON_ARRAY);
    struct rule_inputs inputs = {tally->answers, NULL};
    struct rule_value value = rule_evaluate(weight->expression, tally->arena, &inputs, missing);
    if (value.kind == RULE_VALUE_INT) {
        *ret_points = value.as.integer;
        return true;
    }
    for (size_t i = 0; i < missing->count; i++)
        add_missing(tally, missing->items[i]->text + 1);
    if (missing->count == 0)
        tally->broken = true;
    return false;
}

/* By choice (each of several adds), or per unit of a number. */
static bool
points_of(struct tally *tally, const struct form_weight *weight, const struct json *answer, int64_t *ret_points)
{
    *ret_points = 0;
    if (weight->expression)
        return points_of_expression(tally, weight, ret_points);
    if (answer->kind == JSON_TEXT)
        *ret_points = json_get_int(weight->points, answer->text, 0);
    for (size_t i = 0; answer->kind == JSON_ARRAY && i < answer->count; i++)
        *ret_points += json_get_int(weight->points, answer->items[i]->text, 0);
    if (answer->kind != JSON_INT)
        return true;
    if (__builtin_mul_overflow(answer->integer, weight->per_unit, ret_points)) {
        tally->broken = true;
        return false;
    }
    if (*ret_points > weight->most)
        *ret_points = weight->most;
    return true;
}

static void
add_weight(struct tally *tally, const struct form *form, const struct form_weight *weight, struct buffer *detail)
{
    const struct json *answer = json_get(tally->answers, weight->question->name);
    bool given = answer && answer->kind != JSON_NULL;
    int64_t points = 0;
    if (!given && form_relevance(tally->arena, form, weight->question, tally->answers) == 0)
        return; /* a question that was not asked gives no points and lacks nothing */
    if (!given) {
        add_missing(tally, weight->question->name);
        return;
    }
    if (!points_of(tally, weight, answer, &points))
        return;
    if (__builtin_add_overflow(tally->value, points, &tally->value))
        tally->broken = true;
    json_open(detail, NULL, '{');
    json_put_text(detail, "question", weight->question->name);
    json_print(detail, "answer", answer);
    json_put_int(detail, "points", points);
    json_close(detail, '}');
}

void
form_score_answers(struct arena *arena, const struct form *form, const struct form_score *score, const struct json *answers, bool *ret_has,
                   int64_t *ret_value, struct buffer *ret_detail)
{
    struct tally tally = {.arena = arena, .answers = answers, .missing = json_make(arena, JSON_ARRAY)};
    json_open(ret_detail, NULL, '{');
    json_open(ret_detail, "parts", '[');
    for (size_t i = 0; i < score->weight_count; i++)
        add_weight(&tally, form, &score->weights[i], ret_detail);
    json_close(ret_detail, ']');
    json_print(ret_detail, "missing", tally.missing);
    json_close(ret_detail, '}');
    *ret_has = tally.missing->count == 0 && !tally.broken;
    *ret_value = tally.value;
}
