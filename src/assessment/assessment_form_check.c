/* assessment_form_check.c: what one question may say: its name, its words in every language, its choices, bounds and default. */
#include "assessment/assessment_form_part.h"

#include <string.h>

#include "lumbung/base/text.h"
#include "lumbung/base/time.h"

/* id, version and state are the server's: whoever sends back a form that he fetched may leave them in. */
#define LANGUAGE_MAX 20

static const char *const form_members[] = {"id", "version", "state", "name", "title", "languages", "lists", "questions", "scores", NULL};
static const char *const question_members[] = {"name", "type", "label", "hint", "guidance", "choices", "list", "other", "filter", "relevant", "constraint",
                                               "constraint_message", "required", "required_message", "min", "max", "default", "calculation", "result",
                                               "per", "questions", NULL};
static const char *const choice_members[] = {"name", "label", "facts", NULL};
/* Words that expressions give a sense of their own. */
static const char *const reserved[] = {"value", "answers", "member", "choice", "true", "false", "null", "in", NULL};
static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
static const char name_characters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.";

static bool
is_name(const char *name, bool of_question)
{
    if (name == NULL || name[0] == '\0' || strlen(name) > 60)
        return false;
    if (of_question && strchr(letters, name[0]) == NULL)
        return false;
    return strspn(name, name_characters) == strlen(name) && !(of_question && strpbrk(name, "-."));
}

static bool
is_reserved(const char *name)
{
    for (const char *const *word = reserved; *word; word++)
        if (strcmp(*word, name) == 0)
            return true;
    return false;
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

static void
check_words_of(struct arena *arena, const struct json *words, const char *language, const char *pointer, struct error **error)
{
    const char *text = json_get_text(words, language), *at = arena_format(arena, "%s/%s", pointer, language);
    if (text_is_blank(text))
        error_add_fault(error, at, FAULT_REQUIRED, NULL, NULL);
    else if (!text_is_clean(text, true))
        error_add_fault(error, at, FAULT_TEXT, NULL, NULL);
    else if (text_characters(text) > 2000)
        error_add_fault(error, at, FAULT_LENGTH, "1", "2000");
}

void
form_check_words(struct arena *arena, const struct form *form, const struct json *json, const char *name, bool required, const char *pointer,
                 struct error **error)
{
    const struct json *words = json_get(json, name);
    if (words == NULL && !required)
        return;
    for (size_t i = 0; i < form->language_count; i++)
        check_words_of(arena, words, form->languages[i], arena_format(arena, "%s/%s", pointer, name), error);
}

/* A label is {"id": ..., "en": ...}: both languages, or it is no label. */
void
form_check_label(struct arena *arena, const struct json *json, const char *name, bool required, const char *pointer, struct error **error)
{
    static const char *both[] = {"id", "en"};
    const struct form form = {.languages = both, .language_count = 2};
    form_check_words(arena, &form, json, name, required, pointer, error);
}

/* --- the head --------------------------------------------------------------------------------------------------------------------------- */

/* Labels are kept under the tag as it was written. */
static bool
is_language(struct arena *arena, const char *tag)
{
    const char *usual = NULL;
    return tag && strlen(tag) <= LANGUAGE_MAX && text_language_tag(arena, tag, &usual);
}

static void
read_languages(struct arena *arena, struct form *form, struct error **error)
{
    static const char *both[] = {"id", "en"};
    const struct json *languages = json_get(form->json, "languages");
    form->languages = both;
    form->language_count = 2;
    if (languages == NULL)
        return;
    if (languages->kind != JSON_ARRAY || languages->count == 0 || languages->count > FORM_LANGUAGES_MAX) {
        error_add_fault(error, "/languages", FAULT_LENGTH, "1", "12");
        return;
    }
    form->languages = ARENA_ARRAY(arena, const char *, languages->count);
    form->language_count = 0;
    for (size_t i = 0; i < languages->count; i++) {
        const char *tag = languages->items[i]->kind == JSON_TEXT ? languages->items[i]->text : NULL;
        if (!is_language(arena, tag)) {
            error_add_fault(error, arena_format(arena, "/languages/%zu", i), FAULT_LANGUAGE, NULL, NULL);
            continue;
        }
        for (size_t j = 0; j < form->language_count; j++)
            if (strcmp(form->languages[j], tag) == 0)
                error_add_fault(error, arena_format(arena, "/languages/%zu", i), FAULT_DOUBLED, NULL, NULL);
        form->languages[form->language_count++] = tag;
    }
}

void
form_check_head(struct arena *arena, struct form *form, struct error **error)
{
    form_check_members(arena, form->json, form_members, "", error);
    read_languages(arena, form, error);
    if (text_is_blank(form->name))
        error_add_fault(error, "/name", FAULT_REQUIRED, NULL, NULL);
    else if (!text_is_clean(form->name, false))
        error_add_fault(error, "/name", FAULT_TEXT, NULL, NULL);
    else if (text_characters(form->name) > 200)
        error_add_fault(error, "/name", FAULT_LENGTH, "1", "200");
    form_check_words(arena, form, form->json, "title", false, "", error);
}

/* --- one question ----------------------------------------------------------------------------------------------------------------------- */

/* What a filter may ask of a choice beside its name: plain texts. */
static void
check_facts(struct arena *arena, const struct json *choice, const char *pointer, struct error **error)
{
    const struct json *facts = json_get(choice, "facts");
    if (facts == NULL)
        return;
    if (facts->kind != JSON_OBJECT)
        error_add_fault(error, arena_format(arena, "%s/facts", pointer), FAULT_TYPE, "an object of texts", NULL);
    for (size_t i = 0; facts->kind == JSON_OBJECT && i < facts->count; i++) {
        const char *name = facts->members[i].name, *at = arena_format(arena, "%s/facts/%s", pointer, name);
        if (!is_name(name, true) || strcmp(name, "name") == 0)
            error_add_fault(error, at, FAULT_TEXT, NULL, NULL);
        else if (facts->members[i].value->kind != JSON_TEXT)
            error_add_fault(error, at, FAULT_TYPE, "a text", NULL);
    }
}

void
form_check_choices(struct arena *arena, const struct form *form, const struct json *choices, const char *pointer, struct error **error)
{
    if (choices == NULL || choices->kind != JSON_ARRAY || choices->count == 0 || choices->count > FORM_CHOICES_MAX) {
        error_add_fault(error, pointer, FAULT_LENGTH, "1", "200");
        return;
    }
    for (size_t i = 0; i < choices->count; i++) {
        const char *at = arena_format(arena, "%s/%zu", pointer, i), *name = json_get_text(choices->items[i], "name");
        form_check_members(arena, choices->items[i], choice_members, at, error);
        form_check_words(arena, form, choices->items[i], "label", true, at, error);
        check_facts(arena, choices->items[i], at, error);
        if (!is_name(name, false))
            error_add_fault(error, arena_format(arena, "%s/name", at), FAULT_TEXT, NULL, NULL);
        for (size_t j = 0; j < i; j++)
            if (name && text_equal(json_get_text(choices->items[j], "name"), name))
                error_add_fault(error, arena_format(arena, "%s/name", at), FAULT_DOUBLED, NULL, NULL);
    }
}

static void
check_bounds(struct arena *arena, const struct form_question *question, struct error **error)
{
    static const char *const names[] = {"min", "max"};
    for (size_t i = 0; i < 2; i++) {
        const struct json *bound = json_get(question->json, names[i]);
        const char *at = arena_format(arena, "%s/%s", question->pointer, names[i]);
        if (bound && !form_type_of(question)->number)
            error_add_fault(error, at, FAULT_CONFLICT, question->type, NULL);
        else if (bound && bound->kind != JSON_INT)
            error_add_fault(error, at, FAULT_TYPE, "an integer", NULL);
    }
    if (json_get_int(question->json, "min", INT64_MIN) > json_get_int(question->json, "max", INT64_MAX))
        error_add_fault(error, arena_format(arena, "%s/max", question->pointer), FAULT_CONFLICT, "min", NULL);
}

static bool
offers(const struct form_question *question, const struct json *name)
{
    const struct json *choices = json_get(question->json, "choices");
    for (size_t i = 0; choices && name->kind == JSON_TEXT && i < choices->count; i++)
        if (text_equal(json_get_text(choices->items[i], "name"), name->text))
            return true;
    return false;
}

static bool
default_fits(const struct form_question *question, const struct json *value)
{
    int32_t date;
    if (form_is(question, "integer"))
        return value->kind == JSON_INT;
    if (form_is(question, "decimal"))
        return value->kind == JSON_INT || value->kind == JSON_REAL;
    if (form_is(question, "date"))
        return value->kind == JSON_TEXT && date_parse(value->text, &date);
    if (form_is(question, "text"))
        return value->kind == JSON_TEXT && text_is_clean(value->text, true);
    if (form_is(question, "select_one"))
        return value->kind == JSON_TEXT && offers(question, value);
    for (size_t i = 0; value->kind == JSON_ARRAY && i < value->count; i++)
        if (!offers(question, value->items[i]))
            return false;
    return value->kind == JSON_ARRAY && form_is(question, "select_multiple");
}

/* Members that a question of this type cannot have. */
static void
check_fitting(struct arena *arena, const struct form_question *question, struct error **error)
{
    const struct { const char *name; bool fits, needed; } rows[] = {
        {"choices", form_type_of(question)->choices, false},          {"list", form_type_of(question)->choices, false},
        {"filter", form_type_of(question)->choices, false},           {"questions", form_type_of(question)->inner, false},
        {"calculation", form_is(question, "calculated"), true},       {"result", form_is(question, "calculated"), true},
        {"per", form_is(question, "repeat"), false},                  {"constraint", form_takes_answer(question) && !form_is(question, "calculated"), false},
        {"other", form_is(question, "select_one") || form_is(question, "select_multiple"), false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        bool there = json_get(question->json, rows[i].name) != NULL;
        const char *at = arena_format(arena, "%s/%s", question->pointer, rows[i].name);
        if (there && !rows[i].fits)
            error_add_fault(error, at, FAULT_CONFLICT, question->type, NULL);
        else if (!there && rows[i].fits && rows[i].needed)
            error_add_fault(error, at, FAULT_REQUIRED, NULL, NULL);
    }
}

static void
check_flag(struct arena *arena, const struct form_question *question, const char *name, struct error **error)
{
    const struct json *flag = json_get(question->json, name);
    if (flag && flag->kind != JSON_BOOL)
        error_add_fault(error, arena_format(arena, "%s/%s", question->pointer, name), FAULT_TYPE, "true or false", NULL);
}

static void
check_codes(struct arena *arena, const struct form_question *question, struct error **error)
{
    const struct json *result = json_get(question->json, "result"), *per = json_get(question->json, "per");
    const struct form_type *type = result ? form_type_find(json_get_text(question->json, "result")) : NULL;
    if (result && (type == NULL || !(type->number || strcmp(type->name, "text") == 0)))
        error_add_fault(error, arena_format(arena, "%s/result", question->pointer), FAULT_CODE, "integer, decimal, text", NULL);
    if (per && !text_equal(json_get_text(question->json, "per"), "member"))
        error_add_fault(error, arena_format(arena, "%s/per", question->pointer), FAULT_CODE, "member", NULL);
}

void
form_check_question(struct arena *arena, const struct form *form, const struct form_question *question, struct error **error)
{
    const char *pointer = question->pointer;
    const struct json *json = question->json, *standard = json_get(json, "default");
    bool silent = form_is(question, "calculated") || form_type_of(question)->inner;
    form_check_members(arena, json, question_members, pointer, error);
    if (!is_name(question->name, true) || is_reserved(question->name))
        error_add_fault(error, arena_format(arena, "%s/name", pointer), FAULT_TEXT, NULL, NULL);
    if (form_type_find(question->type) == NULL) {
        error_add_fault(error, arena_format(arena, "%s/type", pointer), FAULT_CODE, form_type_names, NULL);
        return;
    }
    check_flag(arena, question, "required", error);
    check_flag(arena, question, "other", error);
    form_check_words(arena, form, json, "label", !silent, pointer, error);
    form_check_words(arena, form, json, "hint", false, pointer, error);
    form_check_words(arena, form, json, "guidance", false, pointer, error);
    form_check_words(arena, form, json, "constraint_message", false, pointer, error);
    form_check_words(arena, form, json, "required_message", false, pointer, error);
    check_fitting(arena, question, error);
    check_bounds(arena, question, error);
    check_codes(arena, question, error);
    if (form_type_of(question)->choices && json_get(json, "list") == NULL)
        form_check_choices(arena, form, json_get(json, "choices"), arena_format(arena, "%s/choices", pointer), error);
    if (standard && !default_fits(question, standard))
        error_add_fault(error, arena_format(arena, "%s/default", pointer), FAULT_CONFLICT, question->type, NULL);
}
