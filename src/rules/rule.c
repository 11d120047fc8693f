/* rule.c: the doors of the floor: compile, evaluate, explain clause by clause, and list what a rule reads. */
#include <string.h>

#include "lumbung/base/text.h"
#include "rules/rule_node.h"

static struct error *
check_source(const char *text, const char *pointer)
{
    struct error *error = NULL;
    size_t length = strlen(text);

    if (length > LIMIT_RULE_BYTES)
        rule_fault(&error, pointer, text, LIMIT_RULE_BYTES, rule_said(RULE_FAULT_TOO_LONG));
    else if (!text_utf8_valid(text, length))
        rule_fault(&error, pointer, text, 0, rule_said(RULE_FAULT_NO_UTF8));
    return error;
}

static struct error *
compile(struct arena *arena, const char *text, const char *pointer, const struct rule_schema *schema, struct rule *rule, bool lenient)
{
    TRY(check_source(text, pointer));
    rule->length = strlen(text);
    rule->text = arena_copy(arena, text, rule->length);
    rule->base = schema ? schema->base : NULL;
    rule->has_schema = schema && schema->root;
    struct rule_parser parser = { .arena = arena, .text = rule->text, .length = rule->length, .pointer = pointer };
    rule->root = rule_parse(&parser);
    rule->node_count = parser.node_count;
    if (!rule->root)
        return parser.error;
    struct rule_checker checker = { .arena = arena, .rule = rule, .schema = schema, .pointer = pointer, .lenient = lenient };
    rule_check(&checker, rule->root);
    if (!checker.error)
        rule_check_want(&checker);
    return checker.error;
}

struct error *
rule_compile(struct arena *arena, const char *text, const char *pointer, const struct rule_schema *schema, enum rule_type want, bool int_too,
             struct rule **ret_rule)
{
    struct rule *rule = ARENA_NEW(arena, struct rule);

    rule->want = want;
    rule->int_too = int_too;
    TRY(compile(arena, text, pointer, schema, rule, false));
    *ret_rule = rule;
    return NULL;
}

struct error *
rule_compile_lenient(struct arena *arena, const char *text, const char *pointer, struct rule **ret_rule)
{
    struct rule *rule = ARENA_NEW(arena, struct rule);

    rule->want = RULE_DYN;
    TRY(compile(arena, text, pointer, NULL, rule, true));
    *ret_rule = rule;
    return NULL;
}

void
rule_evaluation_open(struct rule_evaluation *evaluation, const struct rule *rule, struct arena *arena, const struct rule_inputs *inputs)
{
    *evaluation = (struct rule_evaluation){ .rule = rule, .arena = arena, .steps = LIMIT_RULE_STEPS };
    evaluation->bindings = inputs ? inputs->bindings : NULL;
    evaluation->context = inputs ? inputs->context : NULL;
    evaluation->variables = ARENA_ARRAY(arena, struct rule_value, rule->variable_count);
    evaluation->present = ARENA_ARRAY(arena, bool, rule->variable_count);
    evaluation->locals = ARENA_ARRAY(arena, struct rule_value, rule->local_count);
    evaluation->hints = ARENA_ARRAY(arena, uint16_t, rule->node_count);
    for (size_t i = 0; evaluation->bindings && i < rule->variable_count; i++) {
        const struct json *found = json_get(evaluation->bindings, rule->variables[i]);
        evaluation->present[i] = found != NULL;
        if (found)
            evaluation->variables[i] = rule_value_of_json(arena, found);
    }
}

struct rule_value
rule_evaluate_typed(const struct rule *rule, struct arena *arena, const struct json *bindings)
{
    struct rule_evaluation evaluation;

    rule_evaluation_open(&evaluation, rule, arena, NULL);
    for (size_t i = 0; bindings && i < rule->variable_count; i++) {
        const struct json *found = json_get(bindings, rule->variables[i]);
        evaluation.present[i] = found != NULL;
        if (found)
            evaluation.variables[i] = rule_value_of_typed(arena, found);
    }
    return rule_eval(&evaluation, rule->root);
}

static bool
is_wanted(const struct rule *rule, enum rule_value_kind kind)
{
    if (rule->want == RULE_DYN || kind == RULE_VALUE_ERROR || (rule->int_too && kind == RULE_VALUE_INT))
        return true;
    return (rule->want == RULE_BOOL && kind == RULE_VALUE_BOOL) || (rule->want == RULE_INT && kind == RULE_VALUE_INT) ||
           (rule->want == RULE_LIST && kind == RULE_VALUE_LIST) || (rule->want == RULE_TEXT && kind == RULE_VALUE_TEXT) ||
           (rule->want == RULE_DOUBLE && kind == RULE_VALUE_DOUBLE);
}

struct rule_value
rule_evaluate(const struct rule *rule, struct arena *arena, const struct rule_inputs *inputs, struct json *ret_missing)
{
    struct rule_evaluation evaluation;

    rule_evaluation_open(&evaluation, rule, arena, inputs);
    evaluation.missing = ret_missing;
    struct rule_value value = rule_eval(&evaluation, rule->root);
    if (!is_wanted(rule, value.kind))
        return rule_value_make_error(arena_format(arena, "the rule must answer %s, but it answers %s",
                                                  rule->want == RULE_BOOL ? "true or false" : "an amount or a list of parts",
                                                  rule_value_type_name(value.kind)),
                                     NULL);
    return value;
}

static size_t
count_clauses(const struct rule_node *node)
{
    size_t count = 0;

    if (node->kind != NODE_AND)
        return 1;
    for (size_t i = 0; i < node->count; i++)
        count += count_clauses(node->arguments[i]);
    return count;
}

static void
explain_clause(const struct rule *rule, const struct rule_node *node, struct arena *arena, const struct rule_inputs *inputs,
               struct rule_clause *clause)
{
    struct rule_evaluation evaluation;
    struct buffer id, en;

    buffer_init(&id, arena);
    buffer_init(&en, arena);
    rule_phrase(&id, node, LANGUAGE_ID);
    rule_phrase(&en, node, LANGUAGE_EN);
    clause->expression = arena_copy(arena, rule->text + node->begin, node->end - node->begin);
    clause->text_id = buffer_text(&id);
    clause->text_en = buffer_text(&en);
    clause->truth = -1;
    clause->missing = json_make(arena, JSON_ARRAY);
    if (!inputs)
        return;
    rule_evaluation_open(&evaluation, rule, arena, inputs);
    evaluation.missing = clause->missing;
    struct rule_value value = rule_eval(&evaluation, node);
    if (value.kind == RULE_VALUE_BOOL) {
        clause->truth = value.as.boolean;
        clause->missing = json_make(arena, JSON_ARRAY); /* what is absent did not matter */
    }
}

static void
explain_node(const struct rule *rule, const struct rule_node *node, struct arena *arena, const struct rule_inputs *inputs,
             struct rule_clause *clauses, size_t *count)
{
    if (node->kind != NODE_AND) {
        explain_clause(rule, node, arena, inputs, &clauses[(*count)++]);
        return;
    }
    for (size_t i = 0; i < node->count; i++)
        explain_node(rule, node->arguments[i], arena, inputs, clauses, count);
}

void
rule_explain(const struct rule *rule, struct arena *arena, const struct rule_inputs *inputs, struct rule_clause **ret_clauses, size_t *ret_count)
{
    size_t count = 0;

    *ret_clauses = ARENA_ARRAY(arena, struct rule_clause, count_clauses(rule->root));
    explain_node(rule, rule->root, arena, inputs, *ret_clauses, &count);
    *ret_count = count;
}

static void
add_name(struct arena *arena, struct json *names, const char *name)
{
    for (size_t i = 0; i < names->count; i++)
        if (strcmp(names->items[i]->text, name) == 0)
            return;
    json_push(arena, names, json_make_text(arena, name));
}

/* The dotted path of a chain of fields, or NULL when it does not begin at a variable. */
static const char *
dotted(struct arena *arena, const struct rule_node *node)
{
    if (node->kind == NODE_VARIABLE || node->kind == NODE_LOCAL)
        return node->name;
    if (node->kind != NODE_SELECT && node->kind != NODE_HAS)
        return NULL;
    const char *front = dotted(arena, node->arguments[0]);
    return front ? arena_format(arena, "%s.%s", front, node->name) : NULL;
}

static void
reads(const struct rule_node *node, struct arena *arena, struct json *names)
{
    bool select = node->kind == NODE_SELECT || node->kind == NODE_HAS;

    if (select && node->record) {
        add_name(arena, names, arena_format(arena, "%s.%s", node->record->name, node->name));
    } else if (select && dotted(arena, node)) {
        add_name(arena, names, dotted(arena, node));
        return;
    } else if (node->kind == NODE_VARIABLE && !(node->field && node->field->record)) {
        add_name(arena, names, node->name);
    }
    if (node->kind == NODE_CALL && node->host)
        for (size_t i = 0; i < node->count; i++)
            if (node->arguments[i]->kind == NODE_LITERAL && node->arguments[i]->value.kind == RULE_VALUE_TEXT)
                add_name(arena, names, arena_format(arena, "%s:%s", node->name, node->arguments[i]->value.as.text.data));
    for (size_t i = 0; i < node->count; i++)
        reads(node->arguments[i], arena, names);
}

void
rule_reads(const struct rule *rule, struct arena *arena, struct json *ret_names)
{
    reads(rule->root, arena, ret_names);
}

/* A variable with the field asked of it, or alone. */
static void
variables(const struct rule_node *node, struct arena *arena, struct json *names)
{
    bool field = (node->kind == NODE_SELECT || node->kind == NODE_HAS) && node->arguments[0]->kind == NODE_VARIABLE;

    if (field)
        add_name(arena, names, arena_format(arena, "%s.%s", node->arguments[0]->name, node->name));
    else if (node->kind == NODE_VARIABLE)
        add_name(arena, names, node->name);
    for (size_t i = 0; !field && i < node->count; i++)
        variables(node->arguments[i], arena, names);
}

void
rule_variables(const struct rule *rule, struct arena *arena, struct json *ret_names)
{
    variables(rule->root, arena, ret_names);
}
