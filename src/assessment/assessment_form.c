/* assessment_form.c: reading a form: what may be asked, in which words, under which conditions. */
#include "assessment/assessment_form.h"

#include <string.h>

#include "lumbung/base/text.h"

static const char *const question_types[] = {"integer", "decimal", "text", "date", "select_one", "select_multiple", "note"};
#define QUESTION_TYPES "integer, decimal, text, date, select_one, select_multiple, note"

/* id, version and state are the server's: whoever sends back a form that he fetched may leave them in. */
static const char *const form_members[] = {"id", "version", "state", "name", "title", "languages", "questions", "scores", NULL};
static const char *const question_members[] = {"name", "type", "label", "hint", "choices", "relevant", "constraint", "constraint_message", "required",
                                               "min", "max", NULL};
static const char *const choice_members[] = {"name", "label", NULL};

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

static bool
is_select(const char *type)
{
    return text_equal(type, "select_one") || text_equal(type, "select_multiple");
}

static bool
is_number(const char *type)
{
    return text_equal(type, "integer") || text_equal(type, "decimal");
}

void
form_check_members(struct arena *arena, const struct json *object, const char *const *names, const char *pointer, struct error **error)
{
    if (object == NULL || object->kind != JSON_OBJECT) {
        error_add_fault(error, pointer, FAULT_TYPE, "an object", NULL);
        return;
    }
    for (size_t i = 0; i < object->count; i++) {
        const char *const *name = names;
        while (*name && strcmp(*name, object->members[i].name) != 0)
            name++;
        if (*name == NULL)
            error_add_fault(error, arena_format(arena, "%s/%s", pointer, object->members[i].name), FAULT_UNKNOWN, NULL, NULL);
    }
}

/* A label is {"id": ..., "en": ...}: both languages, or it is no label. */
void
form_check_label(struct arena *arena, const struct json *json, const char *name, bool required, const char *pointer, struct error **error)
{
    const struct json *label = json_get(json, name);
    if (label == NULL && !required)
        return;
    static const char *const languages[] = {"id", "en"};
    for (size_t i = 0; i < 2; i++) {
        const char *text = json_get_text(label, languages[i]);
        const char *at = arena_format(arena, "%s/%s/%s", pointer, name, languages[i]);
        if (text_is_blank(text))
            error_add_fault(error, at, FAULT_REQUIRED, NULL, NULL);
        else if (!text_is_clean(text, true))
            error_add_fault(error, at, FAULT_TEXT, NULL, NULL);
    }
}

struct rule *
form_read_expression(struct arena *arena, const struct json *json, const char *name, const char *pointer, const struct rule_schema *schema,
                     enum rule_type want, struct error **error)
{
    const struct json *text = json_get(json, name);
    struct rule *rule = NULL;
    if (text == NULL)
        return NULL;
    const char *at = arena_format(arena, "%s/%s", pointer, name);
    if (text->kind != JSON_TEXT)
        error_add_fault(error, at, FAULT_TYPE, "a text", NULL);
    else
        error_take_faults(error, rule_compile(arena, text->text, at, schema, want, false, &rule));
    return rule;
}

static enum rule_type
answer_type(const char *type)
{
    if (text_equal(type, "integer"))
        return RULE_INT;
    if (text_equal(type, "decimal"))
        return RULE_DYN; /* 2 and 2.5 are both answers, of different types to the language */
    return text_equal(type, "select_multiple") ? RULE_LIST : RULE_TEXT;
}

const struct rule_schema *
form_schema(struct arena *arena, const struct form *form, const struct form_question *own)
{
    struct rule_schema *schema = ARENA_NEW(arena, struct rule_schema);
    struct rule_record *record = ARENA_NEW(arena, struct rule_record);
    struct rule_field *fields = ARENA_ARRAY(arena, struct rule_field, form->question_count + 1);
    size_t count = 0;
    for (size_t i = 0; i < form->question_count; i++)
        if (form->questions[i].name && !text_equal(form->questions[i].type, "note"))
            fields[count++] = (struct rule_field){.name = form->questions[i].name, .type = answer_type(form->questions[i].type)};
    if (own)
        fields[count++] = (struct rule_field){.name = "value", .type = answer_type(own->type)};
    *record = (struct rule_record){.name = "answers", .fields = fields, .field_count = count};
    schema->root = record;
    return schema;
}

static void
check_choices(struct arena *arena, const struct json *question, const char *pointer, struct error **error)
{
    const struct json *choices = json_get(question, "choices");
    if (choices == NULL || choices->kind != JSON_ARRAY || choices->count == 0 || choices->count > FORM_CHOICES_MAX) {
        error_add_fault(error, arena_format(arena, "%s/choices", pointer), FAULT_LENGTH, "1", "200");
        return;
    }
    for (size_t i = 0; i < choices->count; i++) {
        const char *at = arena_format(arena, "%s/choices/%zu", pointer, i), *name = json_get_text(choices->items[i], "name");
        form_check_members(arena, choices->items[i], choice_members, at, error);
        form_check_label(arena, choices->items[i], "label", true, at, error);
        if (!valid_name(name))
            error_add_fault(error, arena_format(arena, "%s/name", at), FAULT_TEXT, NULL, NULL);
        for (size_t j = 0; j < i; j++)
            if (name && text_equal(json_get_text(choices->items[j], "name"), name))
                error_add_fault(error, arena_format(arena, "%s/name", at), FAULT_DOUBLED, NULL, NULL);
    }
}

static void
check_bound(struct arena *arena, const struct form_question *question, const char *name, const char *pointer, struct error **error)
{
    const struct json *bound = json_get(question->json, name);
    const char *at = arena_format(arena, "%s/%s", pointer, name);
    if (bound == NULL)
        return;
    if (!is_number(question->type))
        error_add_fault(error, at, FAULT_CONFLICT, question->type, NULL);
    else if (bound->kind != JSON_INT)
        error_add_fault(error, at, FAULT_TYPE, "an integer", NULL);
}

static void
check_bounds(struct arena *arena, const struct form_question *question, const char *pointer, struct error **error)
{
    check_bound(arena, question, "min", pointer, error);
    check_bound(arena, question, "max", pointer, error);
    if (json_get_int(question->json, "min", INT64_MIN) > json_get_int(question->json, "max", INT64_MAX))
        error_add_fault(error, arena_format(arena, "%s/max", pointer), FAULT_CONFLICT, "min", NULL);
}

static void
check_name(struct arena *arena, const struct form *form, size_t index, const char *pointer, struct error **error)
{
    const char *name = form->questions[index].name, *at = arena_format(arena, "%s/name", pointer);
    if (!valid_name(name) || strcmp(name, "value") == 0) { /* `value` is what a constraint calls the answer */
        error_add_fault(error, at, FAULT_TEXT, NULL, NULL);
        return;
    }
    for (size_t i = 0; i < index; i++)
        if (text_equal(form->questions[i].name, name))
            error_add_fault(error, at, FAULT_DOUBLED, NULL, NULL);
}

static void
read_question(struct arena *arena, const struct form *form, size_t index, const struct json *json, struct error **error)
{
    const char *pointer = arena_format(arena, "/questions/%zu", index);
    struct form_question *question = &form->questions[index];
    const struct json *required = json_get(json, "required");
    question->json = json;
    question->name = json_get_text(json, "name");
    question->type = json_get_text(json, "type");
    question->required = required && required->kind == JSON_BOOL && required->boolean;
    form_check_members(arena, json, question_members, pointer, error);
    check_name(arena, form, index, pointer, error);
    if (!known_type(question->type))
        error_add_fault(error, arena_format(arena, "%s/type", pointer), FAULT_CODE, QUESTION_TYPES, NULL);
    if (required && required->kind != JSON_BOOL)
        error_add_fault(error, arena_format(arena, "%s/required", pointer), FAULT_TYPE, "true or false", NULL);
    form_check_label(arena, json, "label", true, pointer, error);
    form_check_label(arena, json, "hint", false, pointer, error);
    form_check_label(arena, json, "constraint_message", false, pointer, error);
    check_bounds(arena, question, pointer, error);
    if (is_select(question->type))
        check_choices(arena, json, pointer, error);
    else if (json_get(json, "choices"))
        error_add_fault(error, arena_format(arena, "%s/choices", pointer), FAULT_CONFLICT, question->type, NULL);
}

/* After all names are known: a condition may rest on any question. */
static void
read_logic(struct arena *arena, const struct form *form, struct error **error)
{
    const struct rule_schema *schema = form_schema(arena, form, NULL);
    for (size_t i = 0; i < form->question_count; i++) {
        struct form_question *question = &form->questions[i];
        const char *pointer = arena_format(arena, "/questions/%zu", i);
        question->relevant = form_read_expression(arena, question->json, "relevant", pointer, schema, RULE_BOOL, error);
        if (json_get(question->json, "constraint"))
            question->constraint = form_read_expression(arena, question->json, "constraint", pointer, form_schema(arena, form, question), RULE_BOOL, error);
    }
}

static void
check_languages(struct arena *arena, const struct json *json, struct error **error)
{
    const struct json *languages = json_get(json, "languages");
    if (languages == NULL)
        return;
    if (languages->kind != JSON_ARRAY || languages->count == 0) {
        error_add_fault(error, "/languages", FAULT_TYPE, "a list", NULL);
        return;
    }
    for (size_t i = 0; i < languages->count; i++) {
        const char *language = languages->items[i]->kind == JSON_TEXT ? languages->items[i]->text : NULL;
        if (!text_equal(language, "id") && !text_equal(language, "en"))
            error_add_fault(error, arena_format(arena, "/languages/%zu", i), FAULT_CODE, "id, en", NULL);
    }
}

static void
check_head(struct arena *arena, const struct form *form, struct error **error)
{
    form_check_members(arena, form->json, form_members, "", error);
    if (text_is_blank(form->name))
        error_add_fault(error, "/name", FAULT_REQUIRED, NULL, NULL);
    else if (!text_is_clean(form->name, false))
        error_add_fault(error, "/name", FAULT_TEXT, NULL, NULL);
    else if (text_characters(form->name) > 200)
        error_add_fault(error, "/name", FAULT_LENGTH, "1", "200");
    form_check_label(arena, form->json, "title", false, "", error);
    check_languages(arena, form->json, error);
}

const struct form_question *
form_question_find(const struct form *form, const char *name)
{
    for (size_t i = 0; name && i < form->question_count; i++)
        if (text_equal(form->questions[i].name, name))
            return &form->questions[i];
    return NULL;
}

struct error *
form_read(struct arena *arena, const struct json *json, struct form **ret_form)
{
    struct error *error = NULL;
    struct form *form = ARENA_NEW(arena, struct form);
    const struct json *questions = json_get(json, "questions");
    form->json = json;
    form->name = json_get_text(json, "name");
    check_head(arena, form, &error);
    if (questions == NULL || questions->kind != JSON_ARRAY || questions->count == 0 || questions->count > FORM_QUESTIONS_MAX) {
        error_add_fault(&error, "/questions", FAULT_LENGTH, "1", "500");
        return error;
    }
    form->question_count = questions->count;
    form->questions = ARENA_ARRAY(arena, struct form_question, questions->count);
    for (size_t i = 0; i < questions->count; i++)
        read_question(arena, form, i, questions->items[i], &error);
    if (error == NULL) { /* with a question in doubt, every expression that names it would be at fault too */
        read_logic(arena, form, &error);
        form_read_scores(arena, form, &error);
    }
    if (error == NULL)
        *ret_form = form;
    return error;
}
