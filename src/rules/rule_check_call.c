/* rule_check_call.c: operators between types, calls of functions, and the nearest name for a mistyped one. */
#include <string.h>

#include "rules/rule_node.h"

/* Swaps of neighbours count as one change, as fingers do them. */
static size_t
edit_distance(const char *left, const char *right)
{
    size_t rows[3][48], left_length = strlen(left), right_length = strlen(right);

    if (left_length > 47 || right_length > 47)
        return SIZE_MAX;
    for (size_t j = 0; j <= right_length; j++)
        rows[0][j] = j;
    for (size_t i = 1; i <= left_length; i++) {
        size_t *now = rows[i % 3], *before = rows[(i + 2) % 3], *earlier = rows[(i + 1) % 3];
        now[0] = i;
        for (size_t j = 1; j <= right_length; j++) {
            size_t best = before[j - 1] + (left[i - 1] != right[j - 1]);
            best = before[j] + 1 < best ? before[j] + 1 : best;
            best = now[j - 1] + 1 < best ? now[j - 1] + 1 : best;
            if (i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1] && earlier[j - 2] + 1 < best)
                best = earlier[j - 2] + 1;
            now[j] = best;
        }
    }
    return rows[left_length % 3][right_length];
}

void
rule_suggest(struct rule_suggestion *suggestion, const char *candidate)
{
    size_t distance = edit_distance(suggestion->wanted, candidate);
    size_t length = strlen(suggestion->wanted), allowed = length < 4 ? 1 : length < 6 ? 2 : 1 + length / 4;

    if (distance > allowed || distance >= strlen(candidate))
        return;
    if (!suggestion->best || distance < suggestion->distance) {
        suggestion->best = candidate;
        suggestion->distance = distance;
    }
}

struct rule_said
rule_suggest_say(struct arena *arena, const struct rule_suggestion *suggestion)
{
    return suggestion->best ? RULE_SAY(arena, NEAR, rule_word(suggestion->best)) : rule_said(RULE_FAULT_NOTHING_NEAR);
}

static const struct rule_builtin *
find_builtin(const char *name)
{
    for (size_t i = 0; i < rule_builtin_count; i++)
        if (strcmp(rule_builtins[i].name, name) == 0)
            return &rule_builtins[i];
    return NULL;
}

static const struct rule_host_function *
find_host(const struct rule_schema *schema, const char *name)
{
    for (size_t i = 0; schema && i < schema->function_count; i++)
        if (strcmp(schema->functions[i].name, name) == 0)
            return &schema->functions[i];
    return NULL;
}

static void
fault_unknown(struct rule_checker *checker, const struct rule_node *node)
{
    static const char *const macros[] = { "has", "all", "exists", "exists_one", "map", "filter" };
    struct rule_suggestion near = { .wanted = node->name };

    for (size_t i = 0; i < rule_builtin_count; i++)
        rule_suggest(&near, rule_builtins[i].name);
    for (size_t i = 0; checker->schema && i < checker->schema->function_count; i++)
        rule_suggest(&near, checker->schema->functions[i].name);
    for (size_t i = 0; i < sizeof macros / sizeof macros[0]; i++)
        if (node->method == (i > 0))
            rule_suggest(&near, macros[i]);
    rule_check_fault(checker, node, RULE_SAY(checker->arena, UNKNOWN_FUNCTION, rule_word(node->name), rule_suggest_say(checker->arena, &near)));
}

static void
check_arity(struct rule_checker *checker, const struct rule_node *node, size_t least, size_t most)
{
    size_t given = node->count - node->method;

    least -= node->method ? 1 : 0;
    most -= node->method ? 1 : 0;
    if (given >= least && given <= most)
        return;
    enum rule_fault_code code = least < most ? RULE_FAULT_ARGUMENTS_RANGE : least == 1 ? RULE_FAULT_ARGUMENTS_ONE : RULE_FAULT_ARGUMENTS;
    const struct rule_said words[] = { rule_word(node->name), rule_count(checker->arena, least), rule_count(checker->arena, given),
                                       rule_count(checker->arena, most) };
    rule_check_fault(checker, node, rule_say(checker->arena, code, words, 4));
}

static void
check_argument_types(struct rule_checker *checker, const struct rule_node *node, const enum rule_type *types, size_t type_count)
{
    for (size_t i = 0; i < node->count && i < type_count; i++) {
        enum rule_type given = node->arguments[i]->shape.type;
        if (types[i] == RULE_DYN || given == RULE_DYN || given == types[i])
            continue;
        rule_check_fault(checker, node->arguments[i], RULE_SAY(checker->arena, ARGUMENT_TYPE, rule_word(node->name), rule_type_word(types[i]),
                                                                  rule_type_word(given)));
    }
}

/* A pattern written in the rule is compiled with it, so that its mistakes show at once. */
static void
check_pattern(struct rule_checker *checker, struct rule_node *node)
{
    const struct rule_node *pattern = node->arguments[1];

    if (pattern->kind != NODE_LITERAL || pattern->value.kind != RULE_VALUE_TEXT)
        return;
    enum rule_fault_code wrong;
    if (!rule_regex_compile(checker->arena, pattern->value.as.text.data, pattern->value.as.text.length, &node->regex, &wrong))
        rule_check_fault(checker, pattern, RULE_SAY(checker->arena, PATTERN, rule_said(wrong)));
}

static void
check_builtin(struct rule_checker *checker, struct rule_node *node)
{
    const struct rule_builtin *builtin = node->builtin;

    if (node->method && !builtin->method) {
        rule_check_fault(checker, node, RULE_SAY(checker->arena, AS_FUNCTION, rule_word(node->name)));
        node->builtin = NULL;
        return;
    }
    if (!node->method && !builtin->global) {
        rule_check_fault(checker, node, RULE_SAY(checker->arena, AS_METHOD, rule_word(node->name)));
        node->builtin = NULL;
        return;
    }
    check_arity(checker, node, builtin->arguments_min, builtin->arguments_max);
    if (node->count < builtin->arguments_min || node->count > builtin->arguments_max) {
        node->builtin = NULL;
        return;
    }
    check_argument_types(checker, node, builtin->arguments, sizeof builtin->arguments / sizeof builtin->arguments[0]);
    node->shape = rule_shape_of(builtin->result);
    if (strcmp(node->name, "top") == 0 && node->arguments[0]->shape.type == RULE_LIST)
        node->shape = node->arguments[0]->shape;
    if (strcmp(node->name, "matches") == 0)
        check_pattern(checker, node);
    bool over_numbers = strcmp(node->name, "sum") == 0 || strcmp(node->name, "least") == 0 || strcmp(node->name, "greatest") == 0;
    if (over_numbers && node->count == 1 && node->arguments[0]->shape.type == RULE_LIST) {
        struct rule_shape element = rule_shape_element(node->arguments[0]->shape);
        if (rule_type_numeric(element.type))
            node->shape = element;
        else if (element.type != RULE_DYN)
            rule_check_fault(checker, node->arguments[0], RULE_SAY(checker->arena, LIST_OF_NUMBERS, rule_word(node->name), rule_type_word(element.type)));
    }
}

/* least(1, 2) and the like: the type of the arguments when they share it. */
static void
check_variadic(struct rule_checker *checker, struct rule_node *node)
{
    enum rule_type type = node->arguments[0]->shape.type;

    for (size_t i = 0; i < node->count; i++) {
        enum rule_type given = node->arguments[i]->shape.type;
        if (given != RULE_DYN && !rule_type_numeric(given) && (node->count > 1 || given != RULE_LIST))
            rule_check_fault(checker, node->arguments[i], RULE_SAY(checker->arena, NUMBERS, rule_word(node->name), rule_type_word(given)));
        if (given != type)
            type = RULE_DYN;
    }
    if (node->count > 1)
        node->shape = rule_shape_of(rule_type_numeric(type) ? type : RULE_DYN);
}

void
rule_check_call(struct rule_checker *checker, struct rule_node *node)
{
    node->builtin = find_builtin(node->name);
    node->host = node->builtin ? NULL : find_host(checker->schema, node->name);
    if (!node->builtin && !node->host) { /* its arguments may be meant for a macro: faults in them would only confuse */
        fault_unknown(checker, node);
        return;
    }
    for (size_t i = 0; i < node->count; i++)
        rule_check(checker, node->arguments[i]);
    if (node->builtin) {
        check_builtin(checker, node);
        if (node->builtin && (strcmp(node->name, "least") == 0 || strcmp(node->name, "greatest") == 0))
            check_variadic(checker, node);
    } else if (node->method) {
        rule_check_fault(checker, node, RULE_SAY(checker->arena, AS_FUNCTION, rule_word(node->name)));
        node->host = NULL;
    } else {
        check_arity(checker, node, node->host->arguments_min, node->host->arguments_max);
        check_argument_types(checker, node, node->host->arguments, sizeof node->host->arguments / sizeof node->host->arguments[0]);
        node->shape = (struct rule_shape){ .type = node->host->result, .record = node->host->result_record };
    }
}

static const char *const operator_words[OP_COUNT] = {
    [OP_EQUAL] = "==",     [OP_NOT_EQUAL] = "!=", [OP_LESS] = "<", [OP_LESS_EQUAL] = "<=", [OP_GREATER] = ">", [OP_GREATER_EQUAL] = ">=",
    [OP_IN] = "in",        [OP_ADD] = "+",        [OP_SUBTRACT] = "-", [OP_MULTIPLY] = "*", [OP_DIVIDE] = "/", [OP_MODULO] = "%",
};

static void
fault_operands(struct rule_checker *checker, const struct rule_node *node, enum rule_type left, enum rule_type right)
{
    enum rule_fault_code remedy = RULE_FAULT_ONE_TYPE;

    if (rule_type_numeric(left) && rule_type_numeric(right))
        remedy = RULE_FAULT_CONVERT;
    else if ((left == RULE_TEXT && rule_type_numeric(right)) || (right == RULE_TEXT && rule_type_numeric(left)))
        remedy = RULE_FAULT_QUOTES;
    else if (left == right)
        remedy = RULE_FAULT_OTHER_TYPES;
    rule_check_fault(checker, node, RULE_SAY(checker->arena, OPERANDS, rule_word(operator_words[node->operator]), rule_type_word(left),
                                             rule_type_word(right), rule_said(remedy)));
}

static void
check_comparison(struct rule_checker *checker, struct rule_node *node, enum rule_type left, enum rule_type right)
{
    bool equality = node->operator == OP_EQUAL || node->operator == OP_NOT_EQUAL;
    bool same = left == right || (rule_type_numeric(left) && rule_type_numeric(right));

    node->shape = rule_shape_of(RULE_BOOL);
    if (equality && (left == RULE_NULL || right == RULE_NULL)) {
        const struct rule_node *other = node->arguments[left == RULE_NULL ? 1 : 0];
        if (other->kind == NODE_SELECT && other->field)
            rule_check_fault(checker, node, rule_said(RULE_FAULT_NOT_NULL));
        return;
    }
    if (left == RULE_DYN || right == RULE_DYN || (equality && same))
        return;
    bool ordered = rule_type_numeric(left) || left == RULE_TEXT || left == RULE_BYTES || left == RULE_BOOL;
    if (!same || !ordered)
        fault_operands(checker, node, left, right);
}

static void
check_arithmetic(struct rule_checker *checker, struct rule_node *node, enum rule_type left, enum rule_type right)
{
    enum rule_type known = left == RULE_DYN ? right : left;
    bool fits = known == RULE_INT || known == RULE_UINT || (known == RULE_DOUBLE && node->operator != OP_MODULO);

    if (node->operator == OP_ADD)
        fits = fits || known == RULE_TEXT || known == RULE_BYTES || known == RULE_LIST;
    if (known == RULE_DYN)
        return;
    if (!fits || (left != RULE_DYN && right != RULE_DYN && left != right)) {
        fault_operands(checker, node, left == RULE_DYN ? right : left, right == RULE_DYN ? left : right);
        return;
    }
    node->shape = rule_shape_of(known);
    if (known == RULE_LIST && left == right && node->arguments[0]->shape.element && node->arguments[1]->shape.element &&
        node->arguments[0]->shape.element->type == node->arguments[1]->shape.element->type)
        node->shape = node->arguments[0]->shape;
}

void
rule_check_binary(struct rule_checker *checker, struct rule_node *node)
{
    struct rule_node *left = node->arguments[0], *right = node->arguments[1];

    rule_check(checker, left);
    rule_check(checker, right);
    if (node->operator < OP_IN) {
        check_comparison(checker, node, left->shape.type, right->shape.type);
    } else if (node->operator == OP_IN) {
        struct rule_shape element = rule_shape_element(right->shape);
        enum rule_type item = right->shape.type == RULE_LIST ? element.type : RULE_DYN, wanted = left->shape.type;
        node->shape = rule_shape_of(RULE_BOOL);
        if (right->shape.type != RULE_LIST && right->shape.type != RULE_MAP && right->shape.type != RULE_DYN)
            rule_check_fault(checker, node, RULE_SAY(checker->arena, IN, rule_type_word(right->shape.type)));
        else if (item != RULE_DYN && wanted != RULE_DYN && item != wanted && !(rule_type_numeric(item) && rule_type_numeric(wanted)))
            rule_check_fault(checker, node, RULE_SAY(checker->arena, IN_TYPES, rule_type_word(item), rule_type_word(wanted)));
    } else {
        check_arithmetic(checker, node, left->shape.type, right->shape.type);
    }
}
