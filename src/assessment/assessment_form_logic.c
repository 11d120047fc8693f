/* assessment_form_logic.c: the expressions of a form: what they may name, what each needs, and that they do not go in a circle. */
#include "assessment/assessment_form_part.h"

#include <string.h>

#include "lumbung/base/text.h"

/* One schema a type of `value`, made when it is first wanted; the first is the one without. */
enum { SCOPE_KINDS = RULE_ERROR + 2 };
struct form_scope {
    struct rule_field *fields;
    size_t field_count;
    const struct rule_schema *schemas[SCOPE_KINDS];
};

static const struct rule_field member_fields[] = {
    {.name = "id", .type = RULE_TEXT}, {.name = "age", .type = RULE_INT}, {.name = "sex", .type = RULE_TEXT}, {.name = "relationship", .type = RULE_TEXT},
};
static const struct rule_record member_record = {"member", member_fields, sizeof member_fields / sizeof member_fields[0]};

static const struct rule_record *
make_record(struct arena *arena, const char *name, const struct rule_field *fields, size_t count)
{
    struct rule_record *record = ARENA_NEW(arena, struct rule_record);
    *record = (struct rule_record){.name = name, .fields = fields, .field_count = count};
    return record;
}

/* What one entry of a repeat holds, seen from outside. */
static const struct rule_record *
entry_record(struct arena *arena, const struct form *form, const struct form_question *repeat)
{
    struct rule_field *fields = ARENA_ARRAY(arena, struct rule_field, repeat->end - repeat->index);
    size_t count = 0;
    for (size_t i = repeat->index + 1; i < repeat->end; i++)
        if (form_takes_answer(&form->questions[i]))
            fields[count++] = (struct rule_field){.name = form->questions[i].name, .type = form_answer_type(&form->questions[i])};
    return make_record(arena, repeat->name, fields, count);
}

/* Outside of repeats: all that stands outside, and repeats as lists. Inside one: what it holds too, and the member. */
static struct form_scope *
make_scope(struct arena *arena, const struct form *form, const struct form_question *repeat)
{
    struct form_scope *scope = ARENA_NEW(arena, struct form_scope);
    scope->fields = ARENA_ARRAY(arena, struct rule_field, form->question_count + 2);
    for (size_t i = 0; i < form->question_count; i++) {
        const struct form_question *question = &form->questions[i];
        if (!form_takes_answer(question) || (question->repeat && question->repeat != repeat))
            continue;
        struct rule_field *field = &scope->fields[scope->field_count++];
        *field = (struct rule_field){.name = question->name, .type = form_answer_type(question)};
        if (form_is(question, "repeat"))
            field->record = entry_record(arena, form, question);
    }
    struct rule_field answers = {.name = "answers", .type = RULE_MAP, .record = make_record(arena, "answers", scope->fields, scope->field_count)};
    if (repeat && json_get(repeat->json, "per"))
        scope->fields[scope->field_count++] = (struct rule_field){.name = "member", .type = RULE_MAP, .record = &member_record};
    scope->fields[scope->field_count++] = answers;
    return scope;
}

static const struct rule_schema *
make_schema(struct arena *arena, const struct form_scope *scope, const struct rule_field *more)
{
    struct rule_schema *schema = ARENA_NEW(arena, struct rule_schema);
    struct rule_field *fields = ARENA_ARRAY(arena, struct rule_field, scope->field_count + 1);
    memcpy(fields, scope->fields, scope->field_count * sizeof *fields);
    if (more)
        fields[scope->field_count] = *more;
    *schema = (struct rule_schema){.root = make_record(arena, "answers", fields, scope->field_count + (more != NULL)), .functions = form_functions,
                                   .function_count = FORM_FUNCTION_COUNT};
    return schema;
}

static struct form_scope *
scope_of(const struct form *form, const struct form_question *place)
{
    const struct form_question *repeat = place && form_is(place, "repeat") && place->group == NULL ? NULL : place ? place->repeat : NULL;
    return form->scopes[repeat ? repeat->index + 1 : 0];
}

static const struct rule_schema *
schema_of(struct arena *arena, struct form_scope *scope, const struct form_question *own)
{
    size_t kind = own ? (size_t)form_answer_type(own) + 1 : 0;
    if (scope->schemas[kind] == NULL) {
        struct rule_field value = {.name = "value", .type = own ? form_answer_type(own) : RULE_DYN};
        scope->schemas[kind] = make_schema(arena, scope, own ? &value : NULL);
    }
    return scope->schemas[kind];
}

const struct rule_schema *
form_schema(struct arena *arena, const struct form *form, const struct form_question *own)
{
    return schema_of(arena, form->scopes[own && own->repeat ? own->repeat->index + 1 : 0], own);
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

/* --- needs ------------------------------------------------------------------------------------------------------------------------------ */

static void
read_need(const struct form *form, const char *path, struct form_need *need)
{
    if (text_begins(path, "member."))
        *need = (struct form_need){.kind = NEED_MEMBER, .name = "member"};
    else if (strcmp(path, "value") == 0)
        *need = (struct form_need){.kind = NEED_VALUE, .name = "value"};
    else if (text_begins(path, "choice."))
        *need = (struct form_need){.kind = NEED_CHOICE, .name = "choice"};
    else {
        need->among_answers = text_begins(path, "answers.");
        need->name = need->among_answers ? path + strlen("answers.") : path;
        need->question = form_question_find(form, need->name)->index;
    }
}

static struct form_rule *
read_rule(struct arena *arena, const struct form *form, const struct form_question *question, const char *name, const struct rule_schema *schema,
          enum rule_type want, struct error **error)
{
    struct rule *rule = form_read_expression(arena, question->json, name, question->pointer, schema, want, error);
    if (rule == NULL)
        return NULL;
    struct form_rule *read = ARENA_NEW(arena, struct form_rule);
    struct json *names = json_make(arena, JSON_ARRAY);
    rule_variables(rule, arena, names);
    read->rule = rule;
    read->needs = ARENA_ARRAY(arena, struct form_need, names->count);
    for (size_t i = 0; i < names->count; i++) {
        char *path = arena_text(arena, names->items[i]->text), *dot = strchr(path, '.');
        if (strcmp(path, "answers") == 0 || strcmp(path, "member") == 0 || strcmp(path, "choice") == 0) {
            error_add_fault(error, arena_format(arena, "%s/%s", question->pointer, name), FAULT_REFERENCE, path, NULL);
            return NULL;
        }
        if (dot && !text_begins(path, "answers.") && !text_begins(path, "member.") && !text_begins(path, "choice."))
            *dot = '\0'; /* what is asked of an answer itself */
        read_need(form, path, &read->needs[read->need_count++]);
    }
    return read;
}

/* A filter knows the choice that it is asked about: its name and its facts. */
static const struct rule_schema *
choice_schema(struct arena *arena, const struct form_scope *scope, const struct form_question *question)
{
    const struct json *choices = json_get(question->json, "choices");
    struct rule_field *fields = ARENA_ARRAY(arena, struct rule_field, 33);
    size_t count = 0;
    fields[count++] = (struct rule_field){.name = "name", .type = RULE_TEXT};
    for (size_t i = 0; choices && i < choices->count; i++) {
        const struct json *facts = json_get(choices->items[i], "facts");
        for (size_t j = 0; facts && j < facts->count && count < 33; j++) {
            size_t known = 0;
            while (known < count && strcmp(fields[known].name, facts->members[j].name) != 0)
                known++;
            if (known == count)
                fields[count++] = (struct rule_field){.name = facts->members[j].name, .type = RULE_TEXT};
        }
    }
    struct rule_field choice = {.name = "choice", .type = RULE_MAP, .record = make_record(arena, "choice", fields, count)};
    return make_schema(arena, scope, &choice);
}

static void
read_expressions(struct arena *arena, struct form *form, struct form_question *question, struct error **error)
{
    struct form_scope *scope = scope_of(form, question);
    const struct rule_schema *plain = schema_of(arena, scope, NULL);
    question->relevant = read_rule(arena, form, question, "relevant", plain, RULE_BOOL, error);
    if (json_get(question->json, "calculation"))
        question->calculation = read_rule(arena, form, question, "calculation", plain, form_answer_type(question), error);
    if (json_get(question->json, "constraint"))
        question->constraint = read_rule(arena, form, question, "constraint", schema_of(arena, scope, question), RULE_BOOL, error);
    if (json_get(question->json, "filter"))
        question->filter = read_rule(arena, form, question, "filter", choice_schema(arena, scope, question), RULE_BOOL, error);
}

/* --- circles ---------------------------------------------------------------------------------------------------------------------------- */

enum { UNSEEN, OPEN, DONE };
struct walk {
    struct arena *arena;
    const struct form *form;
    struct error **error;
    char *seen;
    size_t *path, length;
};

static void
add_circle(struct walk *walk, size_t index)
{
    const struct form_question *question = &walk->form->questions[index];
    struct buffer names;
    size_t start = walk->length;
    buffer_init(&names, walk->arena);
    while (start > 0 && walk->path[start - 1] != index)
        start--;
    for (size_t i = start == 0 ? 0 : start - 1; i < walk->length; i++)
        buffer_format(&names, "%s, ", walk->form->questions[walk->path[i]].name);
    buffer_add(&names, question->name);
    error_add_fault(walk->error, arena_format(walk->arena, "%s/%s", question->pointer, question->calculation ? "calculation" : "relevant"), FAULT_CIRCLE,
                    buffer_text(&names), NULL);
}

static void visit(struct walk *walk, size_t index);

static void
visit_needs(struct walk *walk, const struct form_rule *rule)
{
    for (size_t i = 0; rule && i < rule->need_count; i++) {
        const struct form_need *need = &rule->needs[i];
        const struct form_question *question = &walk->form->questions[need->question];
        if (need->kind != NEED_QUESTION)
            continue;
        visit(walk, need->question);
        for (size_t j = question->index + 1; j < question->end; j++) /* a repeat is what it holds */
            visit(walk, j);
    }
}

/* Relevance and calculation must be workable one after the other; constraints and filters come when all is known. */
static void
visit(struct walk *walk, size_t index)
{
    const struct form_question *question = &walk->form->questions[index];
    if (walk->seen[index] == DONE)
        return;
    if (walk->seen[index] == OPEN) {
        add_circle(walk, index);
        return;
    }
    walk->seen[index] = OPEN;
    walk->path[walk->length++] = index;
    if (question->group)
        visit(walk, question->group->index);
    visit_needs(walk, question->relevant);
    visit_needs(walk, question->calculation);
    walk->length--;
    walk->seen[index] = DONE;
}

static void
refuse_circles(struct arena *arena, const struct form *form, struct error **error)
{
    struct walk walk = {.arena = arena, .form = form, .error = error};
    walk.seen = ARENA_ARRAY(arena, char, form->question_count);
    walk.path = ARENA_ARRAY(arena, size_t, form->question_count + 1);
    for (size_t i = 0; i < form->question_count; i++)
        visit(&walk, i);
}

/* After all names are known: a condition may rest on any question. */
void
form_read_logic(struct arena *arena, struct form *form, struct error **error)
{
    form->scopes = ARENA_ARRAY(arena, struct form_scope *, form->question_count + 1);
    form->scopes[0] = make_scope(arena, form, NULL);
    for (size_t i = 0; i < form->question_count; i++)
        if (form_is(&form->questions[i], "repeat"))
            form->scopes[i + 1] = make_scope(arena, form, &form->questions[i]);
    for (size_t i = 0; i < form->question_count; i++)
        read_expressions(arena, form, &form->questions[i], error);
    if (*error == NULL)
        refuse_circles(arena, form, error);
}
