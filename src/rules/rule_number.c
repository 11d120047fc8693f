/* rule_number.c: equality, order and arithmetic of values; int, uint and double compare as the numbers they are. */
#include <math.h>
#include <string.h>

#include "rules/rule_node.h"

bool
rule_value_numeric(const struct rule_value *value)
{
    return value->kind == RULE_VALUE_INT || value->kind == RULE_VALUE_UINT || value->kind == RULE_VALUE_DOUBLE;
}

static int
order(bool less, bool equal)
{
    return less ? -1 : equal ? 0 : 1;
}

/* A whole number of either sign against a double, without losing digits. */
static int
compare_real(bool negative, uint64_t magnitude, double real)
{
    double whole = trunc(real);

    if (isnan(real))
        return 2;
    if (negative != (real < 0))
        return magnitude == 0 && real == 0 ? 0 : negative ? -1 : 1;
    double size = fabs(whole);
    int result;
    if (size >= 18446744073709551616.0)
        result = -1;
    else if ((uint64_t)size != magnitude)
        result = magnitude < (uint64_t)size ? -1 : 1;
    else
        result = fabs(real) > size ? -1 : 0;
    return negative ? -result : result;
}

static int
compare_numbers(const struct rule_value *left, const struct rule_value *right)
{
    if (left->kind == RULE_VALUE_DOUBLE && right->kind == RULE_VALUE_DOUBLE) {
        if (isnan(left->as.real) || isnan(right->as.real))
            return 2;
        return order(left->as.real < right->as.real, left->as.real == right->as.real);
    }
    if (left->kind == RULE_VALUE_DOUBLE) {
        int result = compare_numbers(right, left);
        return result == 2 ? 2 : -result;
    }
    bool negative = left->kind == RULE_VALUE_INT && left->as.integer < 0;
    uint64_t magnitude = left->kind == RULE_VALUE_UINT ? left->as.unsigned_integer
                         : negative                    ? 0 - (uint64_t)left->as.integer
                                                       : (uint64_t)left->as.integer;
    if (right->kind == RULE_VALUE_DOUBLE)
        return compare_real(negative, magnitude, right->as.real);
    bool right_negative = right->kind == RULE_VALUE_INT && right->as.integer < 0;
    if (negative || right_negative) {
        if (negative && right_negative)
            return order(left->as.integer < right->as.integer, left->as.integer == right->as.integer);
        return negative ? -1 : 1;
    }
    uint64_t other = right->kind == RULE_VALUE_UINT ? right->as.unsigned_integer : (uint64_t)right->as.integer;
    return order(magnitude < other, magnitude == other);
}

static int
compare_bytes(const struct rule_value *left, const struct rule_value *right)
{
    size_t shorter = left->as.text.length < right->as.text.length ? left->as.text.length : right->as.text.length;
    int result = shorter ? memcmp(left->as.text.data, right->as.text.data, shorter) : 0;

    if (result != 0)
        return result < 0 ? -1 : 1;
    return order(left->as.text.length < right->as.text.length, left->as.text.length == right->as.text.length);
}

int
rule_value_compare(const struct rule_value *left, const struct rule_value *right)
{
    if (rule_value_numeric(left) && rule_value_numeric(right))
        return compare_numbers(left, right);
    if (left->kind != right->kind)
        return 2;
    if (left->kind == RULE_VALUE_TEXT || left->kind == RULE_VALUE_BYTES)
        return compare_bytes(left, right);
    if (left->kind == RULE_VALUE_BOOL)
        return order(left->as.boolean < right->as.boolean, left->as.boolean == right->as.boolean);
    return 2;
}

static size_t
map_count(const struct rule_value *map)
{
    return map->kind == RULE_VALUE_RECORD ? map->as.record->count : map->as.map.count;
}

static bool
maps_equal(struct rule_evaluation *evaluation, const struct rule_value *left, const struct rule_value *right)
{
    struct rule_value key, value, other;

    if (map_count(left) != map_count(right))
        return false;
    for (size_t i = 0; i < map_count(left); i++) {
        if (left->kind == RULE_VALUE_RECORD) {
            key = rule_value_make_text(left->as.record->members[i].name);
            value = rule_value_of_json(evaluation->arena, left->as.record->members[i].value);
        } else {
            key = left->as.map.keys[i];
            value = left->as.map.values[i];
        }
        if (!rule_map_find(evaluation, right, &key, &other) || !rule_value_equal(evaluation, &value, &other))
            return false;
    }
    return true;
}

/* Values of different kinds are simply unequal. */
bool
rule_value_equal(struct rule_evaluation *evaluation, const struct rule_value *left, const struct rule_value *right)
{
    bool left_map = left->kind == RULE_VALUE_MAP || left->kind == RULE_VALUE_RECORD;

    if (!rule_eval_charge(evaluation, 1))
        return false;
    if (rule_value_numeric(left) && rule_value_numeric(right))
        return compare_numbers(left, right) == 0;
    if (left_map && (right->kind == RULE_VALUE_MAP || right->kind == RULE_VALUE_RECORD))
        return maps_equal(evaluation, left, right);
    if (left->kind != right->kind)
        return false;
    if (left->kind == RULE_VALUE_LIST) {
        if (left->as.list.count != right->as.list.count)
            return false;
        for (size_t i = 0; i < left->as.list.count; i++)
            if (!rule_value_equal(evaluation, &left->as.list.items[i], &right->as.list.items[i]))
                return false;
        return true;
    }
    if (left->kind == RULE_VALUE_TYPE)
        return compare_bytes(left, right) == 0;
    return left->kind == RULE_VALUE_NULL || rule_value_compare(left, right) == 0;
}

static struct rule_value
overflow(void)
{
    return rule_value_fault(RULE_FAULT_OVERFLOW);
}

static struct rule_value
int_arithmetic(enum rule_operator operator, int64_t left, int64_t right)
{
    int64_t result = 0;
    bool bad = false;

    if (operator == OP_ADD)
        bad = __builtin_add_overflow(left, right, &result);
    else if (operator == OP_SUBTRACT)
        bad = __builtin_sub_overflow(left, right, &result);
    else if (operator == OP_MULTIPLY)
        bad = __builtin_mul_overflow(left, right, &result);
    else if (right == 0)
        return rule_value_fault(operator == OP_DIVIDE ? RULE_FAULT_DIVIDE_ZERO : RULE_FAULT_MODULUS_ZERO);
    else if (right == -1)
        bad = operator == OP_DIVIDE && __builtin_sub_overflow((int64_t)0, left, &result);
    else
        result = operator == OP_DIVIDE ? left / right : left % right;
    return bad ? overflow() : rule_value_make_int(result);
}

static struct rule_value
uint_arithmetic(enum rule_operator operator, uint64_t left, uint64_t right)
{
    struct rule_value value = { .kind = RULE_VALUE_UINT };
    uint64_t result = 0;
    bool bad = false;

    if (operator == OP_ADD)
        bad = __builtin_add_overflow(left, right, &result);
    else if (operator == OP_SUBTRACT)
        bad = __builtin_sub_overflow(left, right, &result);
    else if (operator == OP_MULTIPLY)
        bad = __builtin_mul_overflow(left, right, &result);
    else if (right == 0)
        return rule_value_fault(operator == OP_DIVIDE ? RULE_FAULT_DIVIDE_ZERO : RULE_FAULT_MODULUS_ZERO);
    else
        result = operator == OP_DIVIDE ? left / right : left % right;
    value.as.unsigned_integer = result;
    return bad ? overflow() : value;
}

static struct rule_value
real_arithmetic(enum rule_operator operator, double left, double right)
{
    struct rule_value value = { .kind = RULE_VALUE_DOUBLE };

    if (operator == OP_ADD)
        value.as.real = left + right;
    else if (operator == OP_SUBTRACT)
        value.as.real = left - right;
    else if (operator == OP_MULTIPLY)
        value.as.real = left * right;
    else if (operator == OP_DIVIDE)
        value.as.real = right != 0 ? left / right : left == 0 || isnan(left) ? (double)NAN
                                                : (signbit(left) != 0) == (signbit(right) != 0) ? (double)INFINITY : -(double)INFINITY;
    else
        return rule_value_no_overload();
    return value;
}

/* Joined texts, bytes and lists are paid for by length, so that doubling cannot fill the memory. */
static struct rule_value
concatenate(struct rule_evaluation *evaluation, const struct rule_value *left, const struct rule_value *right)
{
    struct rule_value value = *left;

    if (left->kind == RULE_VALUE_LIST) {
        size_t count = left->as.list.count + right->as.list.count;
        if (!rule_eval_charge(evaluation, count))
            return rule_eval_too_long();
        value.as.list.items = ARENA_ARRAY(evaluation->arena, struct rule_value, count);
        value.as.list.count = count;
        for (size_t i = 0; i < count; i++)
            value.as.list.items[i] = i < left->as.list.count ? left->as.list.items[i] : right->as.list.items[i - left->as.list.count];
        return value;
    }
    size_t length = left->as.text.length + right->as.text.length;
    if (!rule_eval_charge(evaluation, length / 8))
        return rule_eval_too_long();
    char *text = arena_alloc(evaluation->arena, length + 1);
    memcpy(text, left->as.text.data, left->as.text.length);
    memcpy(text + left->as.text.length, right->as.text.data, right->as.text.length);
    value.as.text.data = text;
    value.as.text.length = length;
    return value;
}

struct rule_value
rule_value_arithmetic(struct rule_evaluation *evaluation, enum rule_operator operator, const struct rule_value *left,
                      const struct rule_value *right)
{
    if (left->kind != right->kind)
        return rule_value_no_overload();
    if (left->kind == RULE_VALUE_INT)
        return int_arithmetic(operator, left->as.integer, right->as.integer);
    if (left->kind == RULE_VALUE_UINT)
        return uint_arithmetic(operator, left->as.unsigned_integer, right->as.unsigned_integer);
    if (left->kind == RULE_VALUE_DOUBLE)
        return real_arithmetic(operator, left->as.real, right->as.real);
    if (operator == OP_ADD && (left->kind == RULE_VALUE_TEXT || left->kind == RULE_VALUE_BYTES || left->kind == RULE_VALUE_LIST))
        return concatenate(evaluation, left, right);
    return rule_value_no_overload();
}

static struct rule_value
contains(struct rule_evaluation *evaluation, const struct rule_value *needle, const struct rule_value *hay)
{
    struct rule_value found;

    if (hay->kind == RULE_VALUE_MAP || hay->kind == RULE_VALUE_RECORD)
        return rule_value_make_bool(rule_map_find(evaluation, hay, needle, &found));
    if (hay->kind != RULE_VALUE_LIST)
        return rule_value_no_overload();
    for (size_t i = 0; i < hay->as.list.count; i++)
        if (rule_value_equal(evaluation, &hay->as.list.items[i], needle))
            return rule_value_make_bool(true);
    return rule_value_make_bool(false);
}

static struct rule_value
relation(enum rule_operator operator, const struct rule_value *left, const struct rule_value *right)
{
    int result = rule_value_compare(left, right);
    bool less = operator == OP_LESS || operator == OP_LESS_EQUAL;
    bool equal = operator == OP_LESS_EQUAL || operator == OP_GREATER_EQUAL;

    if (result == 2)
        return rule_value_numeric(left) && rule_value_numeric(right) ? rule_value_make_bool(false) : rule_value_no_overload();
    return rule_value_make_bool((result == 0 && equal) || (less ? result < 0 : result > 0));
}

struct rule_value
rule_eval_binary(struct rule_evaluation *evaluation, const struct rule_node *node)
{
    struct rule_value left = rule_eval(evaluation, node->arguments[0]), right = rule_eval(evaluation, node->arguments[1]), value;

    if (left.kind == RULE_VALUE_ERROR)
        return left;
    if (right.kind == RULE_VALUE_ERROR)
        return right;
    if (node->operator == OP_EQUAL || node->operator == OP_NOT_EQUAL)
        value = rule_value_make_bool(rule_value_equal(evaluation, &left, &right) == (node->operator == OP_EQUAL));
    else if (node->operator == OP_IN)
        value = contains(evaluation, &left, &right);
    else if (node->operator < OP_IN)
        value = relation(node->operator, &left, &right);
    else
        value = rule_value_arithmetic(evaluation, node->operator, &left, &right);
    return evaluation->steps == 0 ? rule_eval_too_long() : value; /* a comparison cut short proves nothing */
}
