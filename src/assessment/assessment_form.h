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
struct form {
    const struct json *json;
    const char *name;
    struct form_question *questions;
    size_t question_count;
    const struct json *scores;
};

#define FORM_QUESTIONS_MAX 500

/* Reads and checks a form; every fault at once with its pointer, expressions with their character. */
FALLIBLE struct error *form_read(struct arena *arena, const struct json *json, struct form **ret_form);
/* Checks answers against a form: unknown questions, types, choices, relevance, required, constraints: pointers /answers/NAME. An answer to a question
 * that is not relevant is refused. */
FALLIBLE struct error *form_check_answers(struct arena *arena, const struct form *form, const struct json *answers);
/* One score: false in *ret_has when a relevant input is missing. `ret_detail` gets {"parts":[{question, answer, points}],"missing":[names]}. */
void form_score(struct arena *arena, const struct form *form, const struct json *score, const struct json *answers, bool *ret_has, int64_t *ret_value,
                struct buffer *ret_detail);

#endif
