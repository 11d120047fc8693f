/* fuzz_rule.c: any bytes as an expression: compiled, explained and evaluated over a small record; nothing may crash or run long. */
#include <stdlib.h>
#include <string.h>

#include "lumbung/rule.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    static const char bindings[] = "{\"x\":{\"a\":1,\"b\":[1,2.5,\"c\",null,true],\"c\":{\"d\":\"e\"}},\"y\":3}";
    struct arena *arena = arena_create();
    struct json *json = NULL;
    struct rule *rule = NULL;
    struct rule_clause *clauses;
    size_t count;

    const char *text = arena_copy(arena, (const char *)bytes, length);
    struct error *error = json_parse(arena, bindings, strlen(bindings), &json);
    if (!error)
        error = rule_compile(arena, text, "/rule", NULL, RULE_DYN, false, &rule);
    if (!error) {
        struct rule_inputs inputs = { .bindings = json };
        struct buffer buffer;
        buffer_init(&buffer, arena);
        struct rule_value value = rule_evaluate(rule, arena, &inputs, json_make(arena, JSON_ARRAY));
        rule_value_print(&buffer, &value, true);
        rule_explain(rule, arena, &inputs, &clauses, &count);
        rule_reads(rule, arena, json_make(arena, JSON_ARRAY));
    }
    error_free(error);
    arena_destroy(arena);
    return 0;
}
