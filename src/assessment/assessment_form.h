/* assessment_form.h: a form as data: questions, their logic, and scores by weights. */
#ifndef LUMBUNG_ASSESSMENT_FORM_H
#define LUMBUNG_ASSESSMENT_FORM_H

#include "lumbung/assessment.h"
#include "lumbung/rule.h"

struct form_question {
    const char *name, *type;      /* integer, decimal, text, date, select_one, select_multiple, note */
    const struct json *json;      /* the question as written */
    struct rule *relevant, *constraint; /* NULL: always, none */
    bool required;
};
/* What one question adds to a score: points by choice, points a unit of a number, or an expression over the answers. */
struct form_weight {
    const struct form_question *question;
    const struct json *points;    /* choice to points; NULL: another kind */
    int64_t per_unit, most;       /* most: no more than this for the question, by default without bound */
    struct rule *expression;      /* NULL: another kind */
};
struct form_score {
    const char *name;
    struct form_weight *weights;
    size_t weight_count;
};
struct form {
    const struct json *json;
    const char *name;
    struct form_question *questions;
    size_t question_count;
    struct form_score *scores;
    size_t score_count;
};

#define FORM_QUESTIONS_MAX 500
#define FORM_CHOICES_MAX 200
#define FORM_SCORES_MAX 16
#define FORM_POINTS_MAX 1000000 /* of one choice or one unit, up or down */

/* Reads and checks a form; every fault at once with its pointer, expressions with their character. Expressions know the questions by name, so that a
 * misspelt one is found here and not at a family's door; a constraint also knows `value`, the answer itself. */
FALLIBLE struct error *form_read(struct arena *arena, const struct json *json, struct form **ret_form);
const struct form_question *form_question_find(const struct form *form, const char *name);
/* What the expressions of a form may name; `own` (may be NULL): the question whose answer is `value`. */
const struct rule_schema *form_schema(struct arena *arena, const struct form *form, const struct form_question *own);
/* Reads /scores of a form whose questions are in order. */
void form_read_scores(struct arena *arena, struct form *form, struct error **error);
/* Refuses members of `object` that are not among `names` (ended by NULL), and an `object` that is none. */
void form_check_members(struct arena *arena, const struct json *object, const char *const *names, const char *pointer, struct error **error);
void form_check_label(struct arena *arena, const struct json *json, const char *name, bool required, const char *pointer, struct error **error);
/* Compiles the text member `name`, NULL when it is absent or faulty. */
struct rule *form_read_expression(struct arena *arena, const struct json *json, const char *name, const char *pointer, const struct rule_schema *schema,
                                  enum rule_type want, struct error **error);

/* 1 asked, 0 not asked, -1 cannot be told. What rests only on questions that were themselves not asked is not asked. */
int form_relevance(struct arena *arena, const struct form *form, const struct form_question *question, const struct json *answers);
/* Checks answers against a form: unknown questions, types, choices, relevance, required, constraints: pointers /answers/NAME. An answer to a question
 * that is not relevant is refused. */
FALLIBLE struct error *form_check_answers(struct arena *arena, const struct form *form, const struct json *answers);
/* One score: false in *ret_has when a relevant input is missing. `ret_detail` gets {"parts":[{question, answer, points}],"missing":[names]}. */
void form_score_answers(struct arena *arena, const struct form *form, const struct form_score *score, const struct json *answers, bool *ret_has,
                        int64_t *ret_value, struct buffer *ret_detail);

#endif
