/* assessment_form_run.c: one form over one set of answers: what is asked, what answers count, what is calculated. The browser's form_run.js does the
   same; tests/vectors/form_cases.jsonl holds both to it. */
#include "assessment/assessment_form_part.h"

#include <math.h>
#include <string.h>

#include "lumbung/base/text.h"
#include "lumbung/base/time.h"

#define NOT_WORKED_OUT 2

/* --- functions -------------------------------------------------------------------------------------------------------------------------- */

static struct rule_value
function_today(void *context, struct arena *arena, const struct rule_value *arguments, size_t count)
{
    (void)arguments;
    (void)count;
    char text[DATE_TEXT_SIZE];
    date_print(((const struct form_run *)context)->facts.on, text);
    return rule_value_make_text(arena_text(arena, text));
}

static struct rule_value
function_age(void *context, struct arena *arena, const struct rule_value *arguments, size_t count)
{
    (void)count;
    int32_t birth = 0;
    if (!date_parse(arena_copy(arena, arguments[0].as.text.data, arguments[0].as.text.length), &birth))
        return rule_value_make_wrong(arena, "age() memerlukan tanggal TTTT-BB-HH", "age() wants a date YYYY-MM-DD", NULL, NULL);
    return rule_value_make_int(date_years_between(birth, ((const struct form_run *)context)->facts.on));
}

/* Half goes up, as on paper forms: round(2.5, 0) is 3, round(-2.5, 0) is -2. */
static struct rule_value
function_round(void *context, struct arena *arena, const struct rule_value *arguments, size_t count)
{
    static const double powers[] = {1, 10, 100, 1000, 10000, 100000, 1000000};
    (void)context;
    (void)count;
    if (arguments[1].as.integer < 0 || arguments[1].as.integer > 6)
        return rule_value_make_wrong(arena, "round() menerima 0 sampai 6 desimal", "round() takes 0 to 6 decimals", NULL, NULL);
    double power = powers[arguments[1].as.integer];
    return (struct rule_value){.kind = RULE_VALUE_DOUBLE, .as.real = floor(arguments[0].as.real * power + 0.5) / power};
}

const struct rule_host_function form_functions[FORM_FUNCTION_COUNT] = {
    {"today", function_today, 0, 0, {RULE_DYN}, RULE_TEXT, NULL, "hari pendataan", "day of the interview"},
    {"age", function_age, 1, 1, {RULE_TEXT}, RULE_INT, NULL, "umur", "age"},
    {"round", function_round, 2, 2, {RULE_DOUBLE, RULE_INT}, RULE_DOUBLE, NULL, "pembulatan", "rounded"},
};

/* --- cells ------------------------------------------------------------------------------------------------------------------------------ */

bool
form_is_given(const struct json *answer)
{
    if (answer == NULL || answer->kind == JSON_NULL)
        return false;
    if (answer->kind == JSON_TEXT)
        return !text_is_blank(answer->text);
    return answer->kind != JSON_ARRAY || answer->count > 0;
}

size_t
form_run_entries(const struct form_run *run, const struct form_question *question)
{
    return question->repeat ? run->entries[question->repeat->index] : 1;
}

struct form_cell *
form_run_cell(const struct form_run *run, const struct form_question *question, size_t entry)
{
    return &run->cells[question->index][question->repeat ? entry : 0];
}

static void
make_cells(struct form_run *run, const struct form_question *question)
{
    size_t count = form_run_entries(run, question);
    run->cells[question->index] = ARENA_ARRAY(run->arena, struct form_cell, count);
    for (size_t i = 0; i < count; i++)
        run->cells[question->index][i].asked = NOT_WORKED_OUT;
}

static void
take_answers(struct form_run *run, const struct json *answers, const struct form_question *repeat, size_t entry)
{
    for (size_t i = 0; answers && answers->kind == JSON_OBJECT && i < answers->count; i++) {
        const struct form_question *question = form_question_find(run->form, answers->members[i].name);
        if (question && question->repeat == repeat)
            form_run_cell(run, question, entry)->given = answers->members[i].value;
    }
}

static struct json *
find_member(const struct form_run *run, const char *id)
{
    for (size_t i = 0; id && run->facts.members && i < run->facts.members->count; i++)
        if (text_equal(json_get_text(run->facts.members->items[i], "id"), id))
            return run->facts.members->items[i];
    return NULL;
}

static void
take_entries(struct form_run *run, const struct form_question *repeat)
{
    const struct json *entries = form_run_cell(run, repeat, 0)->given;
    size_t count = entries && entries->kind == JSON_ARRAY ? entries->count : 0;
    run->entries[repeat->index] = count > FORM_ENTRIES_MAX ? 0 : count;
    for (size_t i = repeat->index + 1; i < repeat->end; i++)
        make_cells(run, &run->form->questions[i]);
    for (size_t i = 0; i < run->entries[repeat->index]; i++)
        take_answers(run, entries->items[i], repeat, i);
}

void
form_run_start(struct form_run *run, struct arena *arena, const struct form *form, const struct form_facts *facts, const struct json *answers)
{
    *run = (struct form_run){.arena = arena, .form = form, .answers = answers};
    if (facts)
        run->facts = *facts;
    run->cells = ARENA_ARRAY(arena, struct form_cell *, form->question_count);
    run->entries = ARENA_ARRAY(arena, size_t, form->question_count);
    for (size_t i = 0; i < form->question_count; i++)
        if (form->questions[i].repeat == NULL)
            make_cells(run, &form->questions[i]);
    take_answers(run, answers, NULL, 0);
    for (size_t i = 0; i < form->question_count; i++)
        if (form_is(&form->questions[i], "repeat"))
            take_entries(run, &form->questions[i]);
}

/* --- evaluation ------------------------------------------------------------------------------------------------------------------------- */

static struct json *
member_of(const struct form_run *run, const struct form_question *repeat, size_t entry)
{
    const struct json *entries = repeat ? form_run_cell(run, repeat, 0)->given : NULL;
    return entries ? find_member(run, json_get_text(entries->items[entry], "member_id")) : NULL;
}

static struct json *
need_value(struct form_run *run, const struct form_need *need, const struct form_asking *asking)
{
    switch (need->kind) {
    case NEED_QUESTION:
        return form_run_value(run, &run->form->questions[need->question], asking->entry);
    case NEED_MEMBER:
        return member_of(run, asking->question->repeat, asking->entry);
    case NEED_VALUE:
        return asking->value;
    case NEED_CHOICE:
        break;
    }
    return asking->choice;
}

/* Names are the form's own and each is there once: they are neither copied nor looked for. */
static void
bind(struct json *object, const char *name, struct json *value)
{
    object->members[object->count++] = (struct json_member){name, value};
}

static struct json *
make_object(struct arena *arena, size_t room)
{
    struct json *object = json_make(arena, JSON_OBJECT);
    object->members = ARENA_ARRAY(arena, struct json_member, room);
    return object;
}

static void
bind_needs(struct form_run *run, const struct form_rule *rule, const struct form_asking *asking, struct json *bindings)
{
    struct json *answers = NULL;
    bool member_bound = false;
    for (size_t i = 0; i < rule->need_count; i++) {
        const struct form_need *need = &rule->needs[i];
        struct json *value = need_value(run, need, asking);
        if (need->among_answers && answers == NULL) {
            answers = make_object(run->arena, rule->need_count); /* has(answers.x) is false when nothing is answered, not missing */
            bind(bindings, "answers", answers);
        }
        bool again = (need->kind == NEED_MEMBER || need->kind == NEED_CHOICE) && member_bound; /* member.age and member.sex are one binding */
        member_bound = member_bound || need->kind == NEED_MEMBER || need->kind == NEED_CHOICE;
        if (value && !again)
            bind(need->among_answers ? answers : bindings, need->name, value);
    }
}

#define FEW_NEEDS 8

struct rule_value
form_run_rule(struct form_run *run, const struct form_rule *rule, const struct form_asking *asking, struct json *ret_missing)
{
    struct json_member few[FEW_NEEDS];
    struct json bindings = {.kind = JSON_OBJECT, .members = few};
    struct rule_inputs inputs = {&bindings, run};
    if (rule->need_count + 1 > FEW_NEEDS)
        bindings.members = ARENA_ARRAY(run->arena, struct json_member, rule->need_count + 1);
    bind_needs(run, rule, asking, &bindings);
    return rule_evaluate(rule->rule, run->arena, &inputs, ret_missing);
}

/* Whether everything that an untold condition lacks was itself not asked. */
static bool
lacks_unasked_only(struct form_run *run, const struct json *missing, size_t entry)
{
    for (size_t i = 0; i < missing->count; i++) {
        const struct form_question *other = form_question_find(run->form, strrchr(missing->items[i]->text, '/') + 1);
        if (other == NULL || form_run_asked(run, other, entry) != 0)
            return false;
    }
    return missing->count > 0;
}

static int
work_out_asked(struct form_run *run, const struct form_question *question, size_t entry)
{
    int around = question->group ? form_run_asked(run, question->group, entry) : 1;
    if (around != 1 || question->relevant == NULL)
        return around;
    struct json missing = {.kind = JSON_ARRAY};
    const struct form_asking asking = {.question = question, .entry = entry};
    struct rule_value value = form_run_rule(run, question->relevant, &asking, &missing);
    if (value.kind == RULE_VALUE_BOOL)
        return value.as.boolean;
    return lacks_unasked_only(run, &missing, entry) ? 0 : -1;
}

int
form_run_asked(struct form_run *run, const struct form_question *question, size_t entry)
{
    struct form_cell *cell = form_run_cell(run, question, entry);
    if (cell->asked == NOT_WORKED_OUT)
        cell->asked = work_out_asked(run, question, entry);
    return cell->asked;
}

static struct json *
make_real(struct arena *arena, double value)
{
    struct json *json = json_make(arena, JSON_REAL);
    json->real = value;
    return json;
}

static struct json *
calculate(struct form_run *run, const struct form_question *question, size_t entry)
{
    const struct form_asking asking = {.question = question, .entry = entry};
    struct rule_value value = form_run_rule(run, question->calculation, &asking, NULL);
    if (value.kind == RULE_VALUE_INT)
        return json_make_int(run->arena, value.as.integer);
    if (value.kind == RULE_VALUE_DOUBLE)
        return isfinite(value.as.real) ? make_real(run->arena, value.as.real) : NULL;
    if (value.kind != RULE_VALUE_TEXT || value.as.text.length == 0)
        return NULL;
    return json_make_text(run->arena, arena_copy(run->arena, value.as.text.data, value.as.text.length));
}

/* An object of the questions from `from` to `to` that have a value. */
static struct json *
gather(struct form_run *run, const struct form_question *repeat, size_t from, size_t to, size_t entry)
{
    struct json *object = make_object(run->arena, to - from + 1);
    struct json *id = repeat ? json_get(form_run_cell(run, repeat, 0)->given->items[entry], "member_id") : NULL;
    if (id && json_get(repeat->json, "per"))
        bind(object, "member_id", id);
    for (size_t i = from; i < to; i++) {
        const struct form_question *question = &run->form->questions[i];
        struct json *value = question->repeat == repeat ? form_run_value(run, question, entry) : NULL;
        if (value)
            bind(object, question->name, value);
    }
    return object;
}

struct json *
form_run_gather(struct form_run *run)
{
    return gather(run, NULL, 0, run->form->question_count, 0);
}

static struct json *
gather_entries(struct form_run *run, const struct form_question *repeat)
{
    struct json *entries = json_make(run->arena, JSON_ARRAY);
    for (size_t i = 0; i < run->entries[repeat->index]; i++)
        json_push(run->arena, entries, gather(run, repeat, repeat->index + 1, repeat->end, i));
    return entries;
}

static struct json *
work_out_value(struct form_run *run, const struct form_question *question, size_t entry)
{
    struct json *given = form_run_cell(run, question, entry)->given;
    if (form_run_asked(run, question, entry) != 1)
        return NULL;
    if (question->calculation)
        return calculate(run, question, entry);
    if (form_is(question, "repeat"))
        return run->entries[question->index] > 0 ? gather_entries(run, question) : NULL;
    if (!form_takes_answer(question) || !form_is_given(given))
        return NULL;
    if (form_is(question, "decimal") && given->kind == JSON_INT)
        return make_real(run->arena, (double)given->integer);
    return given;
}

struct json *
form_run_value(struct form_run *run, const struct form_question *question, size_t entry)
{
    struct form_cell *cell = form_run_cell(run, question, entry);
    if (!cell->valued) {
        cell->value = work_out_value(run, question, entry);
        cell->valued = true;
    }
    return cell->value;
}

int
form_relevance(struct arena *arena, const struct form *form, const struct form_question *question, const struct json *answers)
{
    struct form_run run;
    form_run_start(&run, arena, form, NULL, answers);
    return question->repeat ? -1 : form_run_asked(&run, question, 0);
}
