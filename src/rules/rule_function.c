/* rule_function.c: calls, and the functions that need no host: size, text tests, sum, top, least, greatest. */
#include <stdlib.h>
#include <string.h>

#include "rules/rule_node.h"

static struct rule_value
call_size(struct rule_evaluation *evaluation, const struct rule_value *arguments, size_t count)
{
    const struct rule_value *value = &arguments[0];
    int64_t size = 0;

    (void)count;
    switch (value->kind) {
    case RULE_VALUE_TEXT:
        if (!rule_eval_charge(evaluation, value->as.text.length / 8))
            return rule_eval_too_long();
        for (size_t i = 0; i < value->as.text.length; i++)
            size += ((unsigned char)value->as.text.data[i] & 0xC0) != 0x80;
        return rule_value_make_int(size);
    case RULE_VALUE_BYTES:
        return rule_value_make_int((int64_t)value->as.text.length);
    case RULE_VALUE_LIST:
        return rule_value_make_int((int64_t)value->as.list.count);
    case RULE_VALUE_MAP:
        return rule_value_make_int((int64_t)value->as.map.count);
    case RULE_VALUE_RECORD:
        return rule_value_make_int((int64_t)value->as.record->count);
    case RULE_VALUE_NULL:
    case RULE_VALUE_BOOL:
    case RULE_VALUE_INT:
    case RULE_VALUE_UINT:
    case RULE_VALUE_DOUBLE:
    case RULE_VALUE_TYPE:
    case RULE_VALUE_ERROR:
        break;
    }
    return rule_value_no_overload();
}

static bool
both_text(const struct rule_value *arguments)
{
    return arguments[0].kind == RULE_VALUE_TEXT && arguments[1].kind == RULE_VALUE_TEXT;
}

static struct rule_value
call_contains(struct rule_evaluation *evaluation, const struct rule_value *arguments, size_t count)
{
    (void)count;
    if (!both_text(arguments))
        return rule_value_no_overload();
    if (!rule_eval_charge(evaluation, (arguments[0].as.text.length + arguments[1].as.text.length) / 8))
        return rule_eval_too_long();
    return rule_value_make_bool(memmem(arguments[0].as.text.data, arguments[0].as.text.length, arguments[1].as.text.data,
                                       arguments[1].as.text.length) != NULL);
}

static struct rule_value
call_starts(struct rule_evaluation *evaluation, const struct rule_value *arguments, size_t count)
{
    (void)evaluation;
    (void)count;
    if (!both_text(arguments))
        return rule_value_no_overload();
    size_t length = arguments[1].as.text.length;
    return rule_value_make_bool(length <= arguments[0].as.text.length && memcmp(arguments[0].as.text.data, arguments[1].as.text.data, length) == 0);
}

static struct rule_value
call_ends(struct rule_evaluation *evaluation, const struct rule_value *arguments, size_t count)
{
    (void)evaluation;
    (void)count;
    if (!both_text(arguments))
        return rule_value_no_overload();
    size_t length = arguments[1].as.text.length, whole = arguments[0].as.text.length;
    return rule_value_make_bool(length <= whole && memcmp(arguments[0].as.text.data + (whole - length), arguments[1].as.text.data, length) == 0);
}

struct rule_value
rule_matches(struct rule_evaluation *evaluation, const struct rule_regex *regex, const struct rule_value *text)
{
    size_t work = 0;

    if (text->kind != RULE_VALUE_TEXT)
        return rule_value_no_overload();
    bool found = rule_regex_search(regex, evaluation->arena, text->as.text.data, text->as.text.length, &work);
    return rule_eval_charge(evaluation, work / 4) ? rule_value_make_bool(found) : rule_eval_too_long();
}

static struct rule_value
call_matches(struct rule_evaluation *evaluation, const struct rule_value *arguments, size_t count)
{
    struct rule_regex *regex;

    (void)count;
    if (!both_text(arguments))
        return rule_value_no_overload();
    if (!rule_eval_charge(evaluation, 4000))
        return rule_eval_too_long();
    enum rule_fault_code wrong;
    if (!rule_regex_compile(evaluation->arena, arguments[1].as.text.data, arguments[1].as.text.length, &regex, &wrong))
        return rule_value_fault(wrong);
    return rule_matches(evaluation, regex, &arguments[0]);
}

static struct rule_value
call_sum(struct rule_evaluation *evaluation, const struct rule_value *arguments, size_t count)
{
    struct rule_value total = rule_value_make_int(0);

    (void)count;
    if (arguments[0].kind != RULE_VALUE_LIST || !rule_eval_charge(evaluation, arguments[0].as.list.count))
        return rule_value_no_overload();
    for (size_t i = 0; i < arguments[0].as.list.count; i++) {
        const struct rule_value *item = &arguments[0].as.list.items[i];
        if (!rule_value_numeric(item))
            return rule_value_fault(RULE_FAULT_SUM_NUMBERS);
        total = i == 0 ? *item : rule_value_arithmetic(evaluation, OP_ADD, &total, item);
        if (total.kind == RULE_VALUE_ERROR)
            return total;
    }
    return total;
}

static int
descending(const void *left, const void *right)
{
    return -rule_value_compare(left, right);
}

static struct rule_value
call_top(struct rule_evaluation *evaluation, const struct rule_value *arguments, size_t count)
{
    struct rule_value list = arguments[0];

    (void)count;
    if (list.kind != RULE_VALUE_LIST || arguments[1].kind != RULE_VALUE_INT)
        return rule_value_no_overload();
    if (arguments[1].as.integer < 0)
        return rule_value_fault(RULE_FAULT_TOP_COUNT);
    if (!rule_eval_charge(evaluation, list.as.list.count * 4))
        return rule_eval_too_long();
    for (size_t i = 0; i < list.as.list.count; i++)
        if (list.as.list.items[i].kind != RULE_VALUE_INT)
            return rule_value_fault(RULE_FAULT_TOP_INTS);
    list.as.list.items = ARENA_ARRAY(evaluation->arena, struct rule_value, list.as.list.count);
    if (list.as.list.count > 0)
        memcpy(list.as.list.items, arguments[0].as.list.items, list.as.list.count * sizeof *list.as.list.items);
    if (list.as.list.count > 1)
        qsort(list.as.list.items, list.as.list.count, sizeof *list.as.list.items, descending);
    if ((uint64_t)arguments[1].as.integer < list.as.list.count)
        list.as.list.count = (size_t)arguments[1].as.integer;
    return list;
}

static struct rule_value
extreme(struct rule_evaluation *evaluation, const struct rule_value *arguments, size_t count, int sign)
{
    if (count == 1 && arguments[0].kind == RULE_VALUE_LIST) {
        count = arguments[0].as.list.count;
        arguments = arguments[0].as.list.items;
    }
    if (count == 0)
        return rule_value_fault(RULE_FAULT_EMPTY_LIST);
    if (!rule_eval_charge(evaluation, count))
        return rule_eval_too_long();
    const struct rule_value *best = &arguments[0];
    for (size_t i = 0; i < count; i++) {
        if (!rule_value_numeric(&arguments[i]))
            return rule_value_no_overload();
        if (rule_value_compare(&arguments[i], best) == sign)
            best = &arguments[i];
    }
    return *best;
}

static struct rule_value
call_least(struct rule_evaluation *evaluation, const struct rule_value *arguments, size_t count)
{
    return extreme(evaluation, arguments, count, -1);
}

static struct rule_value
call_greatest(struct rule_evaluation *evaluation, const struct rule_value *arguments, size_t count)
{
    return extreme(evaluation, arguments, count, 1);
}

#define TEXT_TEST { RULE_TEXT, RULE_TEXT, RULE_DYN }, RULE_BOOL
const struct rule_builtin rule_builtins[] = {
    { "size", call_size, 1, 1, true, true, { 0 }, RULE_INT, "jumlah {0}", "number of {0}" },
    { "contains", call_contains, 2, 2, false, true, TEXT_TEST, "{0} mengandung {1}", "{0} contains {1}" },
    { "startsWith", call_starts, 2, 2, false, true, TEXT_TEST, "{0} berawalan {1}", "{0} starts with {1}" },
    { "endsWith", call_ends, 2, 2, false, true, TEXT_TEST, "{0} berakhiran {1}", "{0} ends with {1}" },
    { "matches", call_matches, 2, 2, true, true, TEXT_TEST, "{0} cocok dengan pola {1}", "{0} matches the pattern {1}" },
    { "sum", call_sum, 1, 1, true, false, { RULE_LIST }, RULE_DYN, "total {0}", "total of {0}" },
    { "top", call_top, 2, 2, true, false, { RULE_LIST, RULE_INT }, RULE_LIST, "{1} terbesar dari {0}", "the {1} largest of {0}" },
    { "least", call_least, 1, RULE_ARGUMENTS_MAX, true, false, { 0 }, RULE_DYN, "yang terkecil dari {*}", "the smallest of {*}" },
    { "greatest", call_greatest, 1, RULE_ARGUMENTS_MAX, true, false, { 0 }, RULE_DYN, "yang terbesar dari {*}", "the largest of {*}" },
    { "int", rule_convert_int, 1, 1, true, false, { 0 }, RULE_INT, "{0}", "{0}" },
    { "uint", rule_convert_uint, 1, 1, true, false, { 0 }, RULE_UINT, "{0}", "{0}" },
    { "double", rule_convert_double, 1, 1, true, false, { 0 }, RULE_DOUBLE, "{0}", "{0}" },
    { "string", rule_convert_text, 1, 1, true, false, { 0 }, RULE_TEXT, "{0}", "{0}" },
    { "bytes", rule_convert_bytes, 1, 1, true, false, { 0 }, RULE_BYTES, "{0}", "{0}" },
    { "bool", rule_convert_bool, 1, 1, true, false, { 0 }, RULE_BOOL, "{0}", "{0}" },
    { "type", rule_convert_type, 1, 1, true, false, { 0 }, RULE_TYPE, "jenis {0}", "type of {0}" },
    { "dyn", rule_convert_dyn, 1, 1, true, false, { 0 }, RULE_DYN, "{0}", "{0}" },
};
const size_t rule_builtin_count = sizeof rule_builtins / sizeof rule_builtins[0];

struct rule_value
rule_eval_call(struct rule_evaluation *evaluation, const struct rule_node *node)
{
    struct rule_value arguments[RULE_ARGUMENTS_MAX], first = { .kind = RULE_VALUE_NULL };

    if ((!node->builtin && !node->host) || node->count > RULE_ARGUMENTS_MAX)
        return rule_value_fault_word(evaluation->arena, RULE_FAULT_NO_FUNCTION, node->name, NULL);
    for (size_t i = 0; i < node->count; i++) {
        arguments[i] = rule_eval(evaluation, node->arguments[i]);
        if (arguments[i].kind == RULE_VALUE_ERROR && first.kind != RULE_VALUE_ERROR)
            first = arguments[i];
    }
    if (first.kind == RULE_VALUE_ERROR)
        return first;
    if (node->regex)
        return rule_matches(evaluation, node->regex, &arguments[0]);
    if (node->builtin)
        return node->builtin->call(evaluation, arguments, node->count);
    for (size_t i = 0; i < node->count && i < 4; i++) {
        static const enum rule_value_kind kinds[] = {
            [RULE_BOOL] = RULE_VALUE_BOOL, [RULE_INT] = RULE_VALUE_INT, [RULE_UINT] = RULE_VALUE_UINT, [RULE_DOUBLE] = RULE_VALUE_DOUBLE,
            [RULE_TEXT] = RULE_VALUE_TEXT, [RULE_BYTES] = RULE_VALUE_BYTES, [RULE_LIST] = RULE_VALUE_LIST,
        };
        enum rule_type wanted = node->host->arguments[i];
        if (wanted >= RULE_BOOL && wanted <= RULE_LIST && arguments[i].kind != kinds[wanted])
            return rule_value_no_overload();
    }
    struct rule_value value = node->host->call(evaluation->context, evaluation->arena, arguments, node->count);
    if (value.kind == RULE_VALUE_ERROR)
        rule_eval_note_missing(evaluation, value.as.error.missing);
    return value;
}
