/* rule_command.c: `lumbung rule eval` and `lumbung rule test`. */
#include <stdio.h>
#include <string.h>

#include "rules/rule_node.h"

static int
usage(void)
{
    fputs("lumbung: usage: lumbung rule eval --expr E [--bindings JSON] [--typed], or lumbung rule test CASES.jsonl...\n", stderr);
    return 2;
}

/* One line on stderr; a fault of the expression with its character and the place in the text. */
static int
refuse(struct arena *arena, struct error *error, const char *expression)
{
    struct buffer buffer;

    buffer_init(&buffer, arena);
    if (error->fault_count > 0 && error->faults[0].code == FAULT_RULE)
        for (size_t i = 0; i < error->fault_count; i++)
            buffer_format(&buffer, "%scharacter %s: %s", i ? "; " : "", error->faults[i].arguments[0], error->faults[i].arguments[2]);
    else
        error_print_line(&buffer, error);
    while (buffer.length > 0 && buffer.data[buffer.length - 1] == '\n')
        buffer.length--;
    fprintf(stderr, "lumbung: %s: %s\n", expression ? "the expression is refused" : "the bindings are refused", buffer_text(&buffer));
    error_free(error);
    return 2;
}

/* Bindings are typed when each of them is an object with one member named after a type: {"x":{"int":"5"}}. */
static bool
are_typed(struct arena *arena, const struct json *bindings)
{
    if (bindings->count == 0)
        return false;
    for (size_t i = 0; i < bindings->count; i++)
        if (rule_value_of_typed(arena, bindings->members[i].value).kind == RULE_VALUE_ERROR)
            return false;
    return true;
}

static int
evaluate(struct arena *arena, const char *expression, const char *bindings_text, bool typed)
{
    struct json *bindings = NULL, *missing = json_make(arena, JSON_ARRAY);
    struct rule *rule;
    struct buffer buffer;
    struct rule_value value;

    struct error *error = bindings_text ? json_parse(arena, bindings_text, strlen(bindings_text), &bindings) : NULL;
    if (error)
        return refuse(arena, error, NULL);
    if (bindings && bindings->kind != JSON_OBJECT) {
        fputs("lumbung: the bindings must be a JSON object of names and values, as in '{\"x\": 5}'\n", stderr);
        return 2;
    }
    error = rule_compile(arena, expression, "--expr", NULL, RULE_DYN, false, &rule);
    if (error)
        return refuse(arena, error, expression);
    if (bindings && are_typed(arena, bindings)) {
        typed = true;
        value = rule_evaluate_typed(rule, arena, bindings);
    } else {
        struct rule_inputs inputs = { .bindings = bindings };
        value = rule_evaluate(rule, arena, &inputs, missing);
    }
    if (value.kind == RULE_VALUE_ERROR) {
        fprintf(stderr, "lumbung: the expression cannot be evaluated: %s\n", rule_wrong_text(arena, value.as.error.wrong, LANGUAGE_EN));
        return 1;
    }
    buffer_init(&buffer, arena);
    rule_value_print(&buffer, &value, typed);
    puts(buffer_text(&buffer));
    return 0;
}

static int
command_eval(struct arena *arena, int argc, char **argv)
{
    const char *expression = NULL, *bindings = NULL;
    bool typed = false;

    for (int i = 2; i < argc; i++) {
        if (strcmp(argv[i], "--typed") == 0)
            typed = true;
        else if (strcmp(argv[i], "--expr") == 0 && i + 1 < argc)
            expression = argv[++i];
        else if (strcmp(argv[i], "--bindings") == 0 && i + 1 < argc)
            bindings = argv[++i];
        else
            return usage();
    }
    return expression ? evaluate(arena, expression, bindings, typed) : usage();
}

/* The whole file in the arena; NULL when it cannot be read. */
static const char *
read_file(struct arena *arena, const char *path, size_t *ret_length)
{
    FILE *file = fopen(path, "rb");
    struct buffer buffer;
    char block[16384];
    size_t size;

    if (!file)
        return NULL;
    buffer_init(&buffer, arena);
    while ((size = fread(block, 1, sizeof block, file)) > 0 && buffer.length <= LIMIT_BODY_IMPORT_BYTES)
        buffer_bytes(&buffer, block, size);
    bool bad = ferror(file) || buffer.length > LIMIT_BODY_IMPORT_BYTES;
    fclose(file);
    *ret_length = buffer.length;
    return bad ? NULL : buffer_text(&buffer);
}

/* All files form one run, with one closing line. */
static int
command_test(struct arena *arena, int argc, char **argv)
{
    struct buffer all, out;

    if (argc < 3)
        return usage();
    buffer_init(&all, arena);
    for (int i = 2; i < argc; i++) {
        size_t length = 0;
        const char *text = argv[i][0] == '-' ? NULL : read_file(arena, argv[i], &length);
        if (!text) {
            fprintf(stderr, "lumbung: %s cannot be read; name a file of conformance cases, one JSON object a line\n", argv[i]);
            return 2;
        }
        buffer_bytes(&all, text, length);
        buffer_char(&all, '\n');
    }
    buffer_init(&out, arena);
    size_t failed = rule_run_cases(arena, all.data, all.length, &out);
    fputs(buffer_text(&out), stdout);
    return failed > 0 ? 1 : 0;
}

int
rule_command(int argc, char **argv)
{
    if (argc < 2 || (strcmp(argv[1], "eval") != 0 && strcmp(argv[1], "test") != 0))
        return usage();
    struct arena *arena = arena_create();
    int code = strcmp(argv[1], "eval") == 0 ? command_eval(arena, argc, argv) : command_test(arena, argc, argv);
    arena_destroy(arena);
    return code;
}
