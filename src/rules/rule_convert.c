/* rule_convert.c: conversions between types: int, uint, double, string, bytes, bool, type, dyn. */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lumbung/base/text.h"
#include "rules/rule_node.h"

/* The shortest decimal that reads back as the same double. */
void
rule_double_print(struct buffer *buffer, double real)
{
    char text[40];

    if (isnan(real) || isinf(real)) {
        buffer_add(buffer, isnan(real) ? "NaN" : real < 0 ? "-Infinity" : "Infinity");
        return;
    }
    for (int digits = 15; digits <= 17; digits++) {
        snprintf(text, sizeof text, "%.*g", digits, real);
        if (strtod(text, NULL) == real)
            break;
    }
    buffer_add(buffer, text);
}

static struct rule_value
out_of_range(void)
{
    return rule_value_fault(RULE_FAULT_TYPE_RANGE);
}

static struct rule_value
not_readable(void)
{
    return rule_value_fault(RULE_FAULT_NOT_READABLE);
}

/* The text of a string value when it is short and holds no NUL, else NULL. */
static const char *
short_text(struct rule_evaluation *evaluation, const struct rule_value *value)
{
    if (value->kind != RULE_VALUE_TEXT || value->as.text.length == 0 || value->as.text.length > 64 ||
        memchr(value->as.text.data, '\0', value->as.text.length))
        return NULL;
    return arena_copy(evaluation->arena, value->as.text.data, value->as.text.length);
}

struct rule_value
rule_convert_int(struct rule_evaluation *evaluation, const struct rule_value *arguments, size_t count)
{
    const struct rule_value *value = &arguments[0];
    int64_t integer;

    (void)count;
    if (value->kind == RULE_VALUE_INT)
        return *value;
    if (value->kind == RULE_VALUE_UINT)
        return value->as.unsigned_integer > INT64_MAX ? out_of_range() : rule_value_make_int((int64_t)value->as.unsigned_integer);
    if (value->kind == RULE_VALUE_DOUBLE) {
        if (!(value->as.real > -9223372036854775808.0 && value->as.real < 9223372036854775808.0))
            return out_of_range();
        return rule_value_make_int((int64_t)value->as.real);
    }
    if (value->kind != RULE_VALUE_TEXT)
        return rule_value_no_overload();
    const char *text = short_text(evaluation, value);
    return text && text_parse_int(text, &integer) ? rule_value_make_int(integer) : not_readable();
}

struct rule_value
rule_convert_uint(struct rule_evaluation *evaluation, const struct rule_value *arguments, size_t count)
{
    struct rule_value result = { .kind = RULE_VALUE_UINT };
    const struct rule_value *value = &arguments[0];

    (void)count;
    if (value->kind == RULE_VALUE_UINT)
        return *value;
    if (value->kind == RULE_VALUE_INT) {
        result.as.unsigned_integer = (uint64_t)value->as.integer;
        return value->as.integer < 0 ? out_of_range() : result;
    }
    if (value->kind == RULE_VALUE_DOUBLE) {
        if (!(value->as.real >= 0 && value->as.real < 18446744073709551616.0))
            return out_of_range();
        result.as.unsigned_integer = (uint64_t)value->as.real;
        return result;
    }
    if (value->kind != RULE_VALUE_TEXT)
        return rule_value_no_overload();
    const char *text = short_text(evaluation, value);
    if (!text || strspn(text, "0123456789") != strlen(text))
        return not_readable();
    errno = 0;
    result.as.unsigned_integer = strtoull(text, NULL, 10);
    return errno ? out_of_range() : result;
}

struct rule_value
rule_convert_double(struct rule_evaluation *evaluation, const struct rule_value *arguments, size_t count)
{
    struct rule_value result = { .kind = RULE_VALUE_DOUBLE };
    const struct rule_value *value = &arguments[0];
    char *end;

    (void)count;
    if (value->kind == RULE_VALUE_DOUBLE)
        return *value;
    if (value->kind == RULE_VALUE_INT) {
        result.as.real = (double)value->as.integer;
        return result;
    }
    if (value->kind == RULE_VALUE_UINT) {
        result.as.real = (double)value->as.unsigned_integer;
        return result;
    }
    if (value->kind != RULE_VALUE_TEXT)
        return rule_value_no_overload();
    const char *text = short_text(evaluation, value);
    if (!text || text[0] == ' ' || strchr(text, 'x') || strchr(text, 'X'))
        return not_readable();
    result.as.real = strtod(text, &end);
    return *end ? not_readable() : result;
}

struct rule_value
rule_convert_text(struct rule_evaluation *evaluation, const struct rule_value *arguments, size_t count)
{
    struct rule_value value = arguments[0];
    struct buffer buffer;

    (void)count;
    if (value.kind == RULE_VALUE_TEXT)
        return value;
    if (value.kind == RULE_VALUE_BYTES) {
        value.kind = RULE_VALUE_TEXT;
        return text_utf8_valid(value.as.text.data, value.as.text.length) ? value
               : rule_value_fault(RULE_FAULT_BYTES_NO_TEXT);
    }
    if (value.kind == RULE_VALUE_BOOL)
        return rule_value_make_text(value.as.boolean ? "true" : "false");
    buffer_init(&buffer, evaluation->arena);
    if (value.kind == RULE_VALUE_INT)
        buffer_int(&buffer, value.as.integer);
    else if (value.kind == RULE_VALUE_UINT)
        buffer_format(&buffer, "%llu", (unsigned long long)value.as.unsigned_integer);
    else if (value.kind == RULE_VALUE_DOUBLE)
        rule_double_print(&buffer, value.as.real);
    else
        return rule_value_no_overload();
    return rule_value_make_text(buffer_text(&buffer));
}

struct rule_value
rule_convert_bytes(struct rule_evaluation *evaluation, const struct rule_value *arguments, size_t count)
{
    struct rule_value value = arguments[0];

    (void)evaluation;
    (void)count;
    if (value.kind != RULE_VALUE_TEXT && value.kind != RULE_VALUE_BYTES)
        return rule_value_no_overload();
    value.kind = RULE_VALUE_BYTES;
    return value;
}

struct rule_value
rule_convert_bool(struct rule_evaluation *evaluation, const struct rule_value *arguments, size_t count)
{
    static const char *const yes[] = { "1", "t", "true", "TRUE", "True" }, *const no[] = { "0", "f", "false", "FALSE", "False" };

    (void)count;
    if (arguments[0].kind == RULE_VALUE_BOOL)
        return arguments[0];
    if (arguments[0].kind != RULE_VALUE_TEXT)
        return rule_value_no_overload();
    const char *text = short_text(evaluation, &arguments[0]);
    for (size_t i = 0; text && i < sizeof yes / sizeof yes[0]; i++)
        if (strcmp(text, yes[i]) == 0 || strcmp(text, no[i]) == 0)
            return rule_value_make_bool(strcmp(text, yes[i]) == 0);
    return not_readable();
}

const char *
rule_value_type_name(enum rule_value_kind kind)
{
    static const char *const names[] = {
        [RULE_VALUE_NULL] = "null_type", [RULE_VALUE_BOOL] = "bool",   [RULE_VALUE_INT] = "int",     [RULE_VALUE_UINT] = "uint",
        [RULE_VALUE_DOUBLE] = "double",  [RULE_VALUE_TEXT] = "string", [RULE_VALUE_BYTES] = "bytes", [RULE_VALUE_LIST] = "list",
        [RULE_VALUE_MAP] = "map",        [RULE_VALUE_RECORD] = "map",  [RULE_VALUE_TYPE] = "type",   [RULE_VALUE_ERROR] = "error",
    };

    return names[kind];
}

struct rule_value
rule_convert_type(struct rule_evaluation *evaluation, const struct rule_value *arguments, size_t count)
{
    struct rule_value value = rule_value_make_text(rule_value_type_name(arguments[0].kind));

    (void)evaluation;
    (void)count;
    value.kind = RULE_VALUE_TYPE;
    return value;
}

struct rule_value
rule_convert_dyn(struct rule_evaluation *evaluation, const struct rule_value *arguments, size_t count)
{
    (void)evaluation;
    (void)count;
    return arguments[0];
}
