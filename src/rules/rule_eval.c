/* rule_eval.c: walks the tree. Errors are values: && and || absorb them, everything else hands them on. */
#include <stdio.h>
#include <string.h>

#include "rules/rule_node.h"

struct rule_value
rule_value_make_error(const struct rule_wrong *wrong, const char *missing)
{
    struct rule_value value = { .kind = RULE_VALUE_ERROR };

    value.as.error.wrong = wrong;
    value.as.error.missing = missing;
    return value;
}

struct rule_value
rule_value_make_wrong(struct arena *arena, const char *id, const char *en, const char *word, const char *missing)
{
    struct rule_wrong *wrong = ARENA_NEW(arena, struct rule_wrong);
    *wrong = (struct rule_wrong){.text = {[LANGUAGE_ID] = id, [LANGUAGE_EN] = en}, .word = word};
    return rule_value_make_error(wrong, missing);
}

struct rule_value
rule_value_fault(enum rule_fault_code code)
{
    return rule_value_make_error(rule_wrong_at(code), NULL);
}

struct rule_value
rule_value_fault_word(struct arena *arena, enum rule_fault_code code, const char *word, const char *missing)
{
    struct rule_wrong *wrong = ARENA_NEW(arena, struct rule_wrong);

    *wrong = *rule_wrong_at(code);
    wrong->word = word;
    return rule_value_make_error(wrong, missing);
}

struct rule_value
rule_value_make_int(int64_t integer)
{
    struct rule_value value = { .kind = RULE_VALUE_INT };

    value.as.integer = integer;
    return value;
}

struct rule_value
rule_value_make_bool(bool boolean)
{
    struct rule_value value = { .kind = RULE_VALUE_BOOL };

    value.as.boolean = boolean;
    return value;
}

struct rule_value
rule_value_make_text(const char *text)
{
    struct rule_value value = { .kind = RULE_VALUE_TEXT };

    value.as.text.data = text;
    value.as.text.length = strlen(text);
    return value;
}

struct rule_value
rule_value_no_overload(void)
{
    return rule_value_fault(RULE_FAULT_TYPES_MISFIT);
}

struct rule_value
rule_eval_too_long(void)
{
    return rule_value_fault(RULE_FAULT_STEPS);
}

bool
rule_eval_charge(struct rule_evaluation *evaluation, size_t steps)
{
    if (steps > evaluation->steps) {
        evaluation->steps = 0;
        return false;
    }
    evaluation->steps -= steps;
    return true;
}

void
rule_eval_note_missing(struct rule_evaluation *evaluation, const char *pointer)
{
    struct json *missing = evaluation->missing;

    if (!missing || !pointer || evaluation->quiet > 0 || missing->count >= LIMIT_FAULTS)
        return;
    for (size_t i = 0; i < missing->count; i++)
        if (strcmp(missing->items[i]->text, pointer) == 0)
            return;
    json_push(evaluation->arena, missing, json_make_text(evaluation->arena, pointer));
}

static struct rule_value
eval_literal(struct rule_evaluation *evaluation, const struct rule_node *node)
{
    (void)evaluation;
    return node->value;
}

static struct rule_value
eval_local(struct rule_evaluation *evaluation, const struct rule_node *node)
{
    return evaluation->locals[node->slot];
}

static struct rule_value
eval_list(struct rule_evaluation *evaluation, const struct rule_node *node)
{
    struct rule_value list = { .kind = RULE_VALUE_LIST }, first = { .kind = RULE_VALUE_NULL };

    list.as.list.count = node->count;
    list.as.list.items = ARENA_ARRAY(evaluation->arena, struct rule_value, node->count);
    for (size_t i = 0; i < node->count; i++) {
        list.as.list.items[i] = rule_eval(evaluation, node->arguments[i]);
        if (list.as.list.items[i].kind == RULE_VALUE_ERROR && first.kind != RULE_VALUE_ERROR)
            first = list.as.list.items[i];
    }
    return first.kind == RULE_VALUE_ERROR ? first : list;
}

static bool
is_key(const struct rule_value *value)
{
    return value->kind == RULE_VALUE_BOOL || value->kind == RULE_VALUE_INT || value->kind == RULE_VALUE_UINT || value->kind == RULE_VALUE_TEXT;
}

static struct rule_value
eval_map(struct rule_evaluation *evaluation, const struct rule_node *node)
{
    struct rule_value map = { .kind = RULE_VALUE_MAP }, found;
    size_t count = node->count / 2;

    map.as.map.keys = ARENA_ARRAY(evaluation->arena, struct rule_value, count);
    map.as.map.values = ARENA_ARRAY(evaluation->arena, struct rule_value, count);
    for (size_t i = 0; i < count; i++) {
        struct rule_value key = rule_eval(evaluation, node->arguments[2 * i]), value = rule_eval(evaluation, node->arguments[2 * i + 1]);
        if (key.kind == RULE_VALUE_ERROR)
            return key;
        if (value.kind == RULE_VALUE_ERROR)
            return value;
        if (!is_key(&key))
            return rule_value_fault(RULE_FAULT_KEY_KIND);
        if (rule_map_find(evaluation, &map, &key, &found))
            return rule_value_fault(RULE_FAULT_KEY_TWICE);
        map.as.map.keys[i] = key;
        map.as.map.values[i] = value;
        map.as.map.count = i + 1;
    }
    return map;
}

static struct rule_value
eval_not(struct rule_evaluation *evaluation, const struct rule_node *node)
{
    struct rule_value value = rule_eval(evaluation, node->arguments[0]);

    if (value.kind == RULE_VALUE_BOOL)
        value.as.boolean = !value.as.boolean;
    else if (value.kind != RULE_VALUE_ERROR)
        return rule_value_no_overload();
    return value;
}

static struct rule_value
eval_negate(struct rule_evaluation *evaluation, const struct rule_node *node)
{
    struct rule_value value = rule_eval(evaluation, node->arguments[0]);

    if (value.kind == RULE_VALUE_ERROR)
        return value;
    if (value.kind == RULE_VALUE_DOUBLE) {
        value.as.real = -value.as.real;
        return value;
    }
    if (value.kind != RULE_VALUE_INT)
        return rule_value_no_overload();
    if (value.as.integer == INT64_MIN)
        return rule_value_fault(RULE_FAULT_NUMBER_BEYOND);
    value.as.integer = -value.as.integer;
    return value;
}

/* && stops at false, || at true; an error is forgotten when another operand decides. */
static struct rule_value
eval_logic(struct rule_evaluation *evaluation, const struct rule_node *node)
{
    bool decisive = node->kind == NODE_OR;
    struct rule_value answer = rule_value_make_bool(!decisive);

    for (size_t i = 0; i < node->count; i++) {
        struct rule_value value = rule_eval(evaluation, node->arguments[i]);
        if (value.kind == RULE_VALUE_BOOL && value.as.boolean == decisive)
            return value;
        if (value.kind != RULE_VALUE_BOOL && answer.kind != RULE_VALUE_ERROR)
            answer = value.kind == RULE_VALUE_ERROR ? value : rule_value_no_overload();
    }
    return answer;
}

static struct rule_value
eval_conditional(struct rule_evaluation *evaluation, const struct rule_node *node)
{
    struct rule_value test = rule_eval(evaluation, node->arguments[0]);

    if (test.kind == RULE_VALUE_ERROR)
        return test;
    if (test.kind != RULE_VALUE_BOOL)
        return rule_value_no_overload();
    return rule_eval(evaluation, node->arguments[test.as.boolean ? 1 : 2]);
}

struct rule_value
rule_eval(struct rule_evaluation *evaluation, const struct rule_node *node)
{
    static struct rule_value (*const evaluators[NODE_KIND_COUNT])(struct rule_evaluation *, const struct rule_node *) = {
        [NODE_LITERAL] = eval_literal,     [NODE_VARIABLE] = rule_eval_variable, [NODE_LOCAL] = eval_local,
        [NODE_SELECT] = rule_eval_select,  [NODE_HAS] = rule_eval_has,           [NODE_INDEX] = rule_eval_index,
        [NODE_CALL] = rule_eval_call,      [NODE_LIST] = eval_list,              [NODE_MAP] = eval_map,
        [NODE_NOT] = eval_not,             [NODE_NEGATE] = eval_negate,          [NODE_AND] = eval_logic,
        [NODE_OR] = eval_logic,            [NODE_CONDITIONAL] = eval_conditional, [NODE_BINARY] = rule_eval_binary,
        [NODE_LOOP] = rule_eval_loop,
    };

    if (evaluation->steps == 0)
        return rule_eval_too_long();
    evaluation->steps--;
    return evaluators[node->kind](evaluation, node);
}
