/* assessment_form_part.h: what the files that read and run a form share. */
#ifndef LUMBUNG_ASSESSMENT_FORM_PART_H
#define LUMBUNG_ASSESSMENT_FORM_PART_H

#include "assessment/assessment_form.h"

struct form_type {
    const char *name;
    enum rule_type answer;   /* as expressions see it; RULE_NULL: it takes no answer */
    bool choices, number, inner;
};
const struct form_type *form_type_find(const char *name); /* NULL: unknown */
const struct form_type *form_type_of(const struct form_question *question); /* never NULL once the form was read */
extern const char form_type_names[]; /* for a fault */
bool form_is(const struct form_question *question, const char *type);
bool form_takes_answer(const struct form_question *question);
/* What a calculation gives: integer, decimal or text. */
enum rule_type form_answer_type(const struct form_question *question);

/* Words in every language of the form. */
void form_check_words(struct arena *arena, const struct form *form, const struct json *json, const char *name, bool required, const char *pointer,
                      struct error **error);
void form_check_choices(struct arena *arena, const struct form *form, const struct json *choices, const char *pointer, struct error **error);
void form_check_question(struct arena *arena, const struct form *form, const struct form_question *question, struct error **error);
void form_check_head(struct arena *arena, struct form *form, struct error **error);
/* Compiles what the questions say in expressions, and refuses circles. */
void form_read_logic(struct arena *arena, struct form *form, struct error **error);

/* One run of a form over answers: what is asked and what it is worth, worked out when it is wanted and once. */
struct form_cell {
    int asked;               /* 2: not worked out yet */
    bool valued;
    struct json *given;
    struct json *value;      /* what others see of it; NULL: nothing */
};
struct form_run {
    struct arena *arena;
    const struct form *form;
    struct form_facts facts;
    const struct json *answers;
    struct form_cell **cells; /* by question, then by entry of its repeat */
    size_t *entries;          /* by question: how many entries a repeat has */
};
void form_run_start(struct form_run *run, struct arena *arena, const struct form *form, const struct form_facts *facts, const struct json *answers);
int form_run_asked(struct form_run *run, const struct form_question *question, size_t entry);
/* The answer that counts, NULL without: of a question that is not asked there is none. */
struct json *form_run_value(struct form_run *run, const struct form_question *question, size_t entry);
/* Around which question a rule is evaluated: all names of one rule mean the same entry. */
struct form_asking {
    const struct form_question *question;
    size_t entry;
    struct json *value, *choice; /* of a constraint, of a filter; NULL otherwise */
};
struct rule_value form_run_rule(struct form_run *run, const struct form_rule *rule, const struct form_asking *asking, struct json *ret_missing);
/* All answers that count, in the order of the form, with what was calculated. */
struct json *form_run_gather(struct form_run *run);
size_t form_run_entries(const struct form_run *run, const struct form_question *question); /* of the repeat around it; 1 without */
struct form_cell *form_run_cell(const struct form_run *run, const struct form_question *question, size_t entry);
/* An empty list and an empty text are no answer. */
bool form_is_given(const struct json *answer);

extern const struct rule_host_function form_functions[];
#define FORM_FUNCTION_COUNT 3

#endif
