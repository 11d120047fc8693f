/* assessment_form.h: a form as data: questions in groups and repeats, their logic, and scores by weights. */
#ifndef LUMBUNG_ASSESSMENT_FORM_H
#define LUMBUNG_ASSESSMENT_FORM_H

#include "lumbung/assessment.h"
#include "lumbung/rule.h"

enum form_need_kind { NEED_QUESTION, NEED_MEMBER, NEED_VALUE, NEED_CHOICE };
/* One name that an expression reads: it is evaluated over these alone. */
struct form_need {
    enum form_need_kind kind;
    bool among_answers;    /* written answers.NAME, so that has() can ask for it */
    size_t question;       /* NEED_QUESTION: which */
    const char *name;
};
struct form_rule {
    struct rule *rule;
    struct form_need *needs;
    size_t need_count;
};

struct form_question {
    const char *name, *type;      /* a type of form_types */
    const struct json *json;      /* the question as written, its choices filled in from /lists */
    struct form_rule *relevant, *constraint, *calculation, *filter; /* NULL: always, none */
    bool required;
    const char *pointer;          /* "/questions/2/questions/0" */
    const char *answer_pointer;   /* "/answers/NAME" */
    size_t index, end;            /* its place in form->questions; end: behind its last inner question */
    const struct form_question *group, *repeat; /* the nearest one around it, the repeat around it; NULL: none */
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
struct form_scope; /* what the expressions of one place may name */
struct form {
    const struct json *json;
    const char *name;
    const char **languages;       /* the words of a question are there in each of them */
    size_t language_count;
    struct form_question *questions; /* flat, in the order of the page: a group, then what it holds */
    size_t question_count;
    const struct form_question **by_name;
    struct form_scope **scopes;   /* of the form itself, then of each repeat by its index + 1 */
    struct form_score *scores;
    size_t score_count;
};

#define FORM_QUESTIONS_MAX 500
#define FORM_CHOICES_MAX 200
#define FORM_LISTS_MAX 200
#define FORM_LANGUAGES_MAX 12
#define FORM_DEPTH_MAX 4          /* groups inside groups */
#define FORM_ENTRIES_MAX 100      /* of one repeat */
#define FORM_SCORES_MAX 16
#define FORM_POINTS_MAX 1000000 /* of one choice or one unit, up or down */

/* Reads and checks a form; every fault at once with its pointer, expressions with their character. Expressions know the questions by name, so that a
 * misspelt one is found here and not at a family's door; a constraint also knows `value`, the answer itself, a filter `choice`, whatever stands in a
 * repeat by member `member`, and all of them `answers`, for has(answers.NAME). */
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

/* What is known besides the answers. */
struct form_facts {
    int32_t on;                   /* the day of the interview: today() and ages are as of it */
    const struct json *members;   /* [{id, age?, sex?, relationship?}]; NULL: not known, and entries by member are not compared with them */
};
/* Checks answers against a form: unknown questions, types, choices, relevance, required, constraints, what is calculated: pointers /answers/NAME and
 * /answers/REPEAT/0/NAME. An answer to a question that is not relevant is refused. `ret_answers` gets them in the order of the form with what the
 * server calculated; what the client calculated otherwise is refused. */
FALLIBLE struct error *form_evaluate(struct arena *arena, const struct form *form, const struct form_facts *facts, const struct json *answers,
                                     struct json **ret_answers);
FALLIBLE struct error *form_check_answers(struct arena *arena, const struct form *form, const struct json *answers);
/* One score: false in *ret_has when a relevant input is missing. `ret_detail` gets {"parts":[{question, answer, points}],"missing":[names]}. */
void form_score_answers(struct arena *arena, const struct form *form, const struct form_score *score, const struct json *answers, bool *ret_has,
                        int64_t *ret_value, struct buffer *ret_detail);

#endif
