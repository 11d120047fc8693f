/* assessment_form.c: reading a form: groups and repeats opened into one list in the order of the page, shared lists of choices put in their place. */
#include "assessment/assessment_form_part.h"

#include <stdlib.h>
#include <string.h>

#include "lumbung/base/text.h"

static const struct form_type form_types[] = {
    {"integer", RULE_INT, false, true, false},      {"decimal", RULE_DOUBLE, false, true, false},      {"text", RULE_TEXT, false, false, false},
    {"date", RULE_TEXT, false, false, false},       {"select_one", RULE_TEXT, true, false, false},     {"select_multiple", RULE_LIST, true, false, false},
    {"rank", RULE_LIST, true, false, false},        {"point", RULE_TEXT, false, false, false},         {"photo", RULE_TEXT, false, false, false},
    {"barcode", RULE_TEXT, false, false, false},    {"calculated", RULE_DYN, false, false, false},     {"note", RULE_NULL, false, false, false},
    {"group", RULE_NULL, false, false, true},       {"repeat", RULE_LIST, false, false, true},
};
const char form_type_names[] = "integer, decimal, text, date, select_one, select_multiple, rank, point, photo, barcode, calculated, note, group, repeat";

const struct form_type *
form_type_find(const char *name)
{
    for (size_t i = 0; name && i < sizeof form_types / sizeof form_types[0]; i++)
        if (strcmp(form_types[i].name, name) == 0)
            return &form_types[i];
    return NULL;
}

const struct form_type *
form_type_of(const struct form_question *question)
{
    static const struct form_type unknown = {"", RULE_NULL, false, false, false};
    const struct form_type *type = form_type_find(question->type);
    return type ? type : &unknown;
}

bool
form_is(const struct form_question *question, const char *type)
{
    return text_equal(question->type, type);
}

bool
form_takes_answer(const struct form_question *question)
{
    return form_type_of(question)->answer != RULE_NULL;
}

enum rule_type
form_answer_type(const struct form_question *question)
{
    const struct form_type *result = form_is(question, "calculated") ? form_type_find(json_get_text(question->json, "result")) : NULL;
    return result ? result->answer : form_type_of(question)->answer;
}

/* --- choices ---------------------------------------------------------------------------------------------------------------------------- */

static struct json *
copy_object(struct arena *arena, const struct json *object)
{
    struct json *copy = json_make(arena, JSON_OBJECT);
    for (size_t i = 0; i < object->count; i++)
        json_set(arena, copy, object->members[i].name, object->members[i].value);
    return copy;
}

static struct json *
make_words(struct arena *arena, const struct form *form, const char *id, const char *en)
{
    struct json *words = json_make(arena, JSON_OBJECT);
    for (size_t i = 0; i < form->language_count; i++)
        json_set(arena, words, form->languages[i], json_make_text(arena, strcmp(form->languages[i], "id") == 0 ? id : en));
    return words;
}

static bool
has_choice(const struct json *choices, const char *name)
{
    for (size_t i = 0; i < choices->count; i++)
        if (text_equal(json_get_text(choices->items[i], "name"), name))
            return true;
    return false;
}

static struct json *
with_other(struct arena *arena, const struct form *form, const struct json *choices)
{
    struct json *copy = json_make(arena, JSON_ARRAY), *other = json_make(arena, JSON_OBJECT);
    for (size_t i = 0; i < choices->count; i++)
        json_push(arena, copy, choices->items[i]);
    json_set(arena, other, "name", json_make_text(arena, "other"));
    json_set(arena, other, "label", make_words(arena, form, "Lainnya", "Other"));
    if (!has_choice(choices, "other"))
        json_push(arena, copy, other);
    return copy;
}

static bool
is_true(const struct json *json, const char *name)
{
    const struct json *value = json_get(json, name);
    return value && value->kind == JSON_BOOL && value->boolean;
}

/* `list` names one of /lists; `other` adds a choice of that name. */
static const struct json *
with_choices(struct arena *arena, const struct form *form, const struct json *json, const char *pointer, struct error **error)
{
    const char *list = json_get_text(json, "list");
    struct json *choices = json_get(json, "choices");
    if (list && choices)
        error_add_fault(error, arena_format(arena, "%s/list", pointer), FAULT_CONFLICT, "choices", NULL);
    if (list)
        choices = json_get(json_get(form->json, "lists"), list);
    if (list && choices == NULL)
        error_add_fault(error, arena_format(arena, "%s/list", pointer), FAULT_REFERENCE, list, NULL);
    if (choices == NULL || choices->kind != JSON_ARRAY || (list == NULL && !is_true(json, "other")))
        return json;
    struct json *copy = copy_object(arena, json);
    json_set(arena, copy, "choices", is_true(json, "other") ? with_other(arena, form, choices) : choices);
    return copy;
}

/* --- questions -------------------------------------------------------------------------------------------------------------------------- */

struct place {
    const char *pointer;
    const struct form_question *group, *repeat;
    int depth;
};

static struct form_question *
add_question(struct form *form, const struct json *json, const struct place *place)
{
    struct form_question *question = &form->questions[form->question_count];
    *question = (struct form_question){.json = json, .name = json_get_text(json, "name"), .type = json_get_text(json, "type"), .pointer = place->pointer,
                                       .required = is_true(json, "required"), .index = form->question_count, .end = form->question_count + 1,
                                       .group = place->group, .repeat = place->repeat};
    form->question_count++;
    return question;
}

/* What `other` means in words is a question of its own: NAME_other, asked when that choice is taken. */
static void
add_other(struct arena *arena, struct form *form, const struct form_question *question, const struct place *place)
{
    bool one = form_is(question, "select_one");
    const char *relevant = arena_format(arena, "%s%s%s", one ? "" : "'other' in ", question->name, one ? " == 'other'" : "");
    struct json *json = json_make(arena, JSON_OBJECT);
    json_set(arena, json, "name", json_make_text(arena, arena_format(arena, "%s_other", question->name)));
    json_set(arena, json, "type", json_make_text(arena, "text"));
    json_set(arena, json, "label", make_words(arena, form, "Sebutkan", "Please specify"));
    json_set(arena, json, "required", json_make_bool(arena, true));
    json_set(arena, json, "relevant", json_make_text(arena, relevant));
    struct place other = *place;
    other.pointer = arena_format(arena, "%s/other", place->pointer);
    add_question(form, json, &other);
}

static void read_questions(struct arena *arena, struct form *form, const struct json *questions, const struct place *place, struct error **error);

static void
read_inner(struct arena *arena, struct form *form, struct form_question *question, const struct place *place, struct error **error)
{
    const struct json *inner = json_get(question->json, "questions");
    bool repeat = form_is(question, "repeat");
    struct place inside = {question->pointer, question, repeat ? question : place->repeat, place->depth + 1};
    if (repeat && place->repeat)
        error_add_fault(error, arena_format(arena, "%s/type", place->pointer), FAULT_CONFLICT, "repeat", NULL);
    else if (inside.depth > FORM_DEPTH_MAX)
        error_add_fault(error, arena_format(arena, "%s/questions", place->pointer), FAULT_RANGE, "1", "4");
    else if (inner == NULL || inner->kind != JSON_ARRAY || inner->count == 0)
        error_add_fault(error, arena_format(arena, "%s/questions", place->pointer), FAULT_LENGTH, "1", "500");
    else
        read_questions(arena, form, inner, &inside, error);
    question->end = form->question_count;
}

static void
read_question(struct arena *arena, struct form *form, const struct json *json, const struct place *place, struct error **error)
{
    struct form_question *question = add_question(form, with_choices(arena, form, json, place->pointer, error), place);
    form_check_question(arena, form, question, error);
    if (form_type_of(question)->inner)
        read_inner(arena, form, question, place, error);
    else if (is_true(json, "other") && question->name)
        add_other(arena, form, question, place);
}

static void
read_questions(struct arena *arena, struct form *form, const struct json *questions, const struct place *place, struct error **error)
{
    for (size_t i = 0; i < questions->count; i++) {
        struct place at = *place;
        at.pointer = arena_format(arena, "%s/questions/%zu", place->pointer, i);
        if (form->question_count + 2 > FORM_QUESTIONS_MAX + 1) { /* a question and what its `other` adds */
            error_add_fault(error, "/questions", FAULT_LENGTH, "1", "500");
            return;
        }
        read_question(arena, form, questions->items[i], &at, error);
    }
}

/* --- names ------------------------------------------------------------------------------------------------------------------------------ */

static int
by_name(const void *left, const void *right)
{
    const struct form_question *a = *(const struct form_question *const *)left, *b = *(const struct form_question *const *)right;
    int order = strcmp(a->name, b->name);
    return order != 0 ? order : (a->index > b->index) - (a->index < b->index);
}

/* One name once, wherever it stands: answers of groups lie side by side. */
static void
sort_names(struct arena *arena, struct form *form, struct error **error)
{
    form->by_name = ARENA_ARRAY(arena, const struct form_question *, form->question_count);
    for (size_t i = 0; i < form->question_count; i++) {
        if (form->questions[i].name == NULL)
            return; /* told already */
        form->by_name[i] = &form->questions[i];
        form->questions[i].answer_pointer = arena_format(arena, "/answers/%s", form->questions[i].name);
    }
    qsort(form->by_name, form->question_count, sizeof *form->by_name, by_name);
    for (size_t i = 1; i < form->question_count; i++)
        if (strcmp(form->by_name[i]->name, form->by_name[i - 1]->name) == 0)
            error_add_fault(error, arena_format(arena, "%s/name", form->by_name[i]->pointer), FAULT_DOUBLED, NULL, NULL);
}

const struct form_question *
form_question_find(const struct form *form, const char *name)
{
    size_t low = 0, high = name ? form->question_count : 0;
    while (low < high) {
        size_t middle = (low + high) / 2;
        int order = strcmp(name, form->by_name[middle]->name);
        if (order == 0)
            return form->by_name[middle];
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}

static void
check_lists(struct arena *arena, const struct form *form, struct error **error)
{
    const struct json *lists = json_get(form->json, "lists");
    if (lists == NULL)
        return;
    if (lists->kind != JSON_OBJECT || lists->count > FORM_LISTS_MAX) {
        error_add_fault(error, "/lists", FAULT_TYPE, "an object of at most 200 lists", NULL);
        return;
    }
    for (size_t i = 0; i < lists->count; i++)
        form_check_choices(arena, form, lists->members[i].value, arena_format(arena, "/lists/%s", lists->members[i].name), error);
}

struct error *
form_read(struct arena *arena, const struct json *json, struct form **ret_form)
{
    struct error *error = NULL;
    struct form *form = ARENA_NEW(arena, struct form);
    const struct json *questions = json_get(json, "questions");
    const struct place top = {"", NULL, NULL, 0};
    form->json = json;
    form->name = json_get_text(json, "name");
    form_check_head(arena, form, &error);
    check_lists(arena, form, &error);
    if (questions == NULL || questions->kind != JSON_ARRAY || questions->count == 0 || questions->count > FORM_QUESTIONS_MAX) {
        error_add_fault(&error, "/questions", FAULT_LENGTH, "1", "500");
        return error;
    }
    form->questions = ARENA_ARRAY(arena, struct form_question, FORM_QUESTIONS_MAX + 2);
    read_questions(arena, form, questions, &top, &error);
    sort_names(arena, form, &error);
    if (error == NULL) { /* with a question in doubt, every expression that names it would be at fault too */
        form_read_logic(arena, form, &error);
        form_read_scores(arena, form, &error);
    }
    if (error == NULL)
        *ret_form = form;
    return error;
}
