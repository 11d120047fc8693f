/* rule_cases.c: runs conformance cases: a line names an expression, bindings, and the value or the error that must come out. */
#include <string.h>

#include "rules/rule_node.h"

static const char *
error_text(struct arena *arena, struct error *error)
{
    struct buffer buffer;

    buffer_init(&buffer, arena);
    error_print_line(&buffer, error);
    error_free(error);
    return buffer_text(&buffer);
}

/* What is wrong with a case, or NULL. */
static const char *
run_case(struct arena *arena, const struct json *record)
{
    const char *expression = json_get_text(record, "expr");
    const struct json *wanted = json_get(record, "value"), *lenient = json_get(record, "disable_check");
    bool fails = json_get(record, "error") != NULL;
    struct rule *rule;
    struct error *error;
    struct buffer buffer;

    if (!expression || (!wanted && !fails))
        return "the case needs expr, and value or error";
    if (lenient && lenient->boolean)
        error = rule_compile_lenient(arena, expression, "/expr", &rule);
    else
        error = rule_compile(arena, expression, "/expr", NULL, RULE_DYN, false, &rule);
    if (error) {
        const char *text = error_text(arena, error);
        return fails ? NULL : text;
    }
    struct rule_value value = rule_evaluate_typed(rule, arena, json_get(record, "bindings"));
    if (fails && value.kind == RULE_VALUE_ERROR)
        return NULL;
    if (wanted && value.kind != RULE_VALUE_ERROR) {
        struct rule_value expected = rule_value_of_typed(arena, wanted);
        struct rule_evaluation comparison = { .arena = arena, .steps = LIMIT_RULE_STEPS };
        /* the language takes 1 and 1u for equal; a case does not */
        if (expected.kind == value.kind && rule_value_equal(&comparison, &expected, &value))
            return NULL;
    }
    buffer_init(&buffer, arena);
    buffer_add(&buffer, "gives ");
    rule_value_print(&buffer, &value, true);
    return buffer_text(&buffer);
}

size_t
rule_run_cases(struct arena *arena, const char *text, size_t length, struct buffer *out)
{
    size_t passed = 0, failed = 0, line = 0;

    for (size_t begin = 0; begin < length; line++) {
        const char *end = memchr(text + begin, '\n', length - begin);
        size_t size = end ? (size_t)(end - text) - begin : length - begin;
        const char *at = text + begin, *name = NULL, *wrong;
        struct json *record = NULL;
        begin += size + 1;
        if (size == 0 || (size == 1 && at[0] == '\r'))
            continue;
        struct error *error = json_parse(arena, at, size, &record);
        wrong = error ? error_text(arena, error) : run_case(arena, record);
        passed += wrong == NULL;
        failed += wrong != NULL;
        name = json_get_text(record, "expr");
        if (wrong)
            buffer_format(out, "line %zu: %s: %s\n", line + 1, name ? name : "?", wrong);
    }
    buffer_format(out, "%zu passed, %zu failed\n", passed, failed);
    return failed;
}
