/* rule_eval_loop.c: all, exists, exists_one, map and filter over the items of a list or the keys of a map. */
#include <string.h>

#include "rules/rule_node.h"

struct range {
    size_t count;
    const struct rule_value *items; /* NULL: the names of `record` */
    const struct json *record;
};

static bool
range_of(const struct rule_value *value, struct range *ret_range)
{
    *ret_range = (struct range){ .count = 0 };
    if (value->kind == RULE_VALUE_LIST) {
        ret_range->count = value->as.list.count;
        ret_range->items = value->as.list.items;
    } else if (value->kind == RULE_VALUE_MAP) {
        ret_range->count = value->as.map.count;
        ret_range->items = value->as.map.keys;
    } else if (value->kind == RULE_VALUE_RECORD) {
        ret_range->count = value->as.record->count;
        ret_range->record = value->as.record;
    } else {
        return false;
    }
    return true;
}

static void
bind(struct rule_evaluation *evaluation, const struct rule_node *node, const struct range *range, size_t i)
{
    evaluation->locals[node->slot] = range->items ? range->items[i] : rule_value_make_text(range->record->members[i].name);
}

static struct rule_value
condition(struct rule_evaluation *evaluation, const struct rule_node *node)
{
    struct rule_value value = rule_eval(evaluation, node);

    return value.kind == RULE_VALUE_BOOL || value.kind == RULE_VALUE_ERROR ? value : rule_value_no_overload();
}

/* all is a long &&, exists a long ||: an item that decides makes errors of others irrelevant. */
static struct rule_value
loop_until(struct rule_evaluation *evaluation, const struct rule_node *node, const struct range *range)
{
    bool decisive = node->loop == LOOP_EXISTS;
    struct rule_value answer = rule_value_make_bool(!decisive);

    for (size_t i = 0; i < range->count && evaluation->steps > 0; i++) {
        bind(evaluation, node, range, i);
        struct rule_value value = condition(evaluation, node->arguments[1]);
        if (value.kind == RULE_VALUE_BOOL && value.as.boolean == decisive)
            return value;
        if (value.kind == RULE_VALUE_ERROR && answer.kind != RULE_VALUE_ERROR)
            answer = value;
    }
    return evaluation->steps == 0 ? rule_eval_too_long() : answer;
}

static struct rule_value
loop_count(struct rule_evaluation *evaluation, const struct rule_node *node, const struct range *range)
{
    struct rule_value fault = { .kind = RULE_VALUE_NULL };
    size_t hits = 0;

    for (size_t i = 0; i < range->count && evaluation->steps > 0; i++) {
        bind(evaluation, node, range, i);
        struct rule_value value = condition(evaluation, node->arguments[1]);
        if (value.kind == RULE_VALUE_ERROR && fault.kind != RULE_VALUE_ERROR)
            fault = value;
        hits += value.kind == RULE_VALUE_BOOL && value.as.boolean;
    }
    if (evaluation->steps == 0)
        return rule_eval_too_long();
    return fault.kind == RULE_VALUE_ERROR ? fault : rule_value_make_bool(hits == 1);
}

/* map(x, e), map(x, p, e) and filter(x, p). All items are visited, so that every missing input is told at once. */
static struct rule_value
loop_collect(struct rule_evaluation *evaluation, const struct rule_node *node, const struct range *range)
{
    struct rule_value list = { .kind = RULE_VALUE_LIST }, fault = { .kind = RULE_VALUE_NULL };
    bool filter = node->loop == LOOP_FILTER || node->count == 3;

    list.as.list.items = ARENA_ARRAY(evaluation->arena, struct rule_value, range->count);
    for (size_t i = 0; i < range->count && evaluation->steps > 0; i++) {
        bind(evaluation, node, range, i);
        struct rule_value item = evaluation->locals[node->slot];
        if (filter) {
            struct rule_value test = condition(evaluation, node->arguments[1]);
            if (test.kind == RULE_VALUE_ERROR && fault.kind != RULE_VALUE_ERROR)
                fault = test;
            if (test.kind == RULE_VALUE_ERROR || !test.as.boolean)
                continue;
        }
        if (node->loop == LOOP_MAP)
            item = rule_eval(evaluation, node->arguments[node->count - 1]);
        if (item.kind == RULE_VALUE_ERROR && fault.kind != RULE_VALUE_ERROR)
            fault = item;
        list.as.list.items[list.as.list.count++] = item;
    }
    if (evaluation->steps == 0)
        return rule_eval_too_long();
    return fault.kind == RULE_VALUE_ERROR ? fault : list;
}

struct rule_value
rule_eval_loop(struct rule_evaluation *evaluation, const struct rule_node *node)
{
    struct rule_value operand = rule_eval(evaluation, node->arguments[0]);
    struct range range;

    if (operand.kind == RULE_VALUE_ERROR)
        return operand;
    if (!range_of(&operand, &range))
        return rule_value_fault(RULE_FAULT_LOOP_KIND);
    switch (node->loop) {
    case LOOP_ALL:
    case LOOP_EXISTS:
        return loop_until(evaluation, node, &range);
    case LOOP_EXISTS_ONE:
        return loop_count(evaluation, node, &range);
    case LOOP_MAP:
    case LOOP_FILTER:
        break;
    }
    return loop_collect(evaluation, node, &range);
}
