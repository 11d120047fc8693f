/* assessment_submission.c: the XML of a filled-in form as answers. */
#include "assessment/assessment_submission.h"

#include <ctype.h>
#include <string.h>

#include "assessment/assessment_form_part.h"
#include "lumbung/base/text.h"

static const char *
trim(struct arena *arena, const char *text)
{
    while (isspace((unsigned char)*text))
        text++;
    size_t length = strlen(text);
    while (length > 0 && isspace((unsigned char)text[length - 1]))
        length--;
    return arena_copy(arena, text, length);
}

static struct json *
number_of(struct arena *arena, const char *text)
{
    struct json *json = NULL;
    struct error *error = json_parse(arena, text, strlen(text), &json);
    error_free(error);
    return json && (json->kind == JSON_INT || json->kind == JSON_REAL) ? json : NULL;
}

static struct json *
names_of(struct arena *arena, const char *text)
{
    struct json *list = json_make(arena, JSON_ARRAY);
    for (size_t length; *text; text += length) {
        length = strcspn(text, " \t\n");
        if (length > 0)
            json_push(arena, list, json_make_text(arena, arena_copy(arena, text, length)));
        length += text[length] != '\0';
    }
    return list;
}

static struct json *
answer_of(struct arena *arena, const struct form_question *question, const char *text)
{
    const char *bare = trim(arena, text);
    enum rule_type type = question ? form_answer_type(question) : RULE_TEXT;
    struct json *number = type == RULE_INT || type == RULE_DOUBLE ? number_of(arena, bare) : NULL;
    if (number)
        return number;
    if (type == RULE_LIST)
        return names_of(arena, bare);
    return json_make_text(arena, question && form_is(question, "text") ? text : bare);
}

static void read_answers(struct arena *arena, const struct form *form, const struct xml_element *element, struct json *answers, struct submission *submission);

static void
read_entry(struct arena *arena, const struct form *form, const struct xml_element *element, struct json *answers, struct submission *submission)
{
    struct json *entries = json_get(answers, element->name), *entry = json_make(arena, JSON_OBJECT);
    if (entries == NULL) {
        entries = json_make(arena, JSON_ARRAY);
        json_set(arena, answers, element->name, entries);
    }
    read_answers(arena, form, element, entry, submission);
    json_push(arena, entries, entry);
}

static void
read_meta(struct arena *arena, const struct xml_element *meta, struct submission *submission)
{
    for (size_t i = 0; i < meta->child_count; i++) {
        const char *text = trim(arena, meta->children[i]->text);
        if (strcmp(meta->children[i]->name, "instanceID") == 0)
            submission->instance_id = text;
        if (strcmp(meta->children[i]->name, "deprecatedID") == 0)
            submission->deprecated_id = text;
    }
}

/* Groups lie around their questions and leave no trace in the answers; what the phone's own server adds is no answer. */
static void
read_answers(struct arena *arena, const struct form *form, const struct xml_element *element, struct json *answers, struct submission *submission)
{
    for (size_t i = 0; i < element->child_count; i++) {
        const struct xml_element *child = element->children[i];
        const struct form_question *question = form_question_find(form, child->name);
        if (strcmp(child->name, "meta") == 0)
            read_meta(arena, child, submission);
        else if (strcmp(child->name, "formhub") == 0)
            continue;
        else if (question && form_is(question, "group"))
            read_answers(arena, form, child, answers, submission);
        else if (question && form_is(question, "repeat"))
            read_entry(arena, form, child, answers, submission);
        else if (!text_is_blank(child->text))
            json_set(arena, answers, child->name, answer_of(arena, question, child->text));
    }
}

struct error *
submission_read(struct arena *arena, const struct form *form, const char *text, size_t length, struct submission *ret_submission)
{
    struct xml_element *root = NULL;
    *ret_submission = (struct submission){.answers = json_make(arena, JSON_OBJECT)};
    TRY(xml_read(arena, text, length, &root));
    const char *id = xml_attribute(root, "id");
    if (!text_equal(id ? id : root->name, form->name))
        return error_field("/form_id", FAULT_CONFLICT, form->name, NULL);
    read_answers(arena, form, root, ret_submission->answers, ret_submission);
    return NULL;
}
