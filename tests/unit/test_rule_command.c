/* test_rule_command.c: `rule eval` and `rule test` as a user meets them: what is printed, where, and the exit code. */
#include <unistd.h>

#include "rule_sample.h"

static char output[2][4096];

/* Runs the command with both streams caught. */
static int
run(char **argv)
{
    FILE *files[2] = { tmpfile(), tmpfile() };
    int argc = 0, kept[2];

    while (argv[argc])
        argc++;
    for (int i = 0; i < 2; i++) {
        assert_non_null(files[i]);
        fflush(i ? stderr : stdout);
        kept[i] = dup(i + 1);
        dup2(fileno(files[i]), i + 1);
    }
    int code = rule_command(argc, argv);
    for (int i = 0; i < 2; i++) {
        fflush(i ? stderr : stdout);
        dup2(kept[i], i + 1);
        close(kept[i]);
        rewind(files[i]);
        size_t size = fread(output[i], 1, sizeof output[i] - 1, files[i]);
        output[i][size] = '\0';
        fclose(files[i]);
    }
    return code;
}

/* argv as writable texts, which the signature of main asks for. */
static int
run_texts(struct arena *arena, size_t count, const char *const *texts)
{
    char **argv = ARENA_ARRAY(arena, char *, count + 1);

    for (size_t i = 0; i < count; i++)
        argv[i] = arena_text(arena, texts[i]);
    return run(argv);
}
#define RUN(...) run_texts(arena, COUNT(((const char *const[]){ __VA_ARGS__ })), (const char *const[]){ __VA_ARGS__ })

static void
test_eval(void **state)
{
    struct arena *arena = arena_create();

    (void)state;
    assert_int_equal(RUN("rule", "eval", "--expr", "1 + x", "--bindings", "{\"x\":4}"), 0);
    assert_string_equal(output[0], "5\n");
    assert_string_equal(output[1], "");
    assert_int_equal(RUN("rule", "eval", "--expr", "x", "--bindings", "{\"x\":{\"uint\":\"4\"}}"), 0);
    assert_string_equal(output[0], "{\"uint\":\"4\"}\n");
    assert_int_equal(RUN("rule", "eval", "--typed", "--expr", "'a'"), 0);
    assert_string_equal(output[0], "{\"string\":\"a\"}\n");
    assert_int_equal(RUN("rule", "eval", "--expr", "1 / 0"), 1);
    assert_string_equal(output[0], "");
    assert_string_equal(output[1], "lumbung: the expression cannot be evaluated: divide by zero\n");
    assert_int_equal(RUN("rule", "eval", "--expr", "1 + x"), 1);
    arena_destroy(arena);
}

static void
test_refused(void **state)
{
    struct arena *arena = arena_create();

    (void)state;
    assert_int_equal(RUN("rule", "eval", "--expr", "true & false"), 2);
    assert_string_equal(output[1], "lumbung: the expression is refused: character 6: a single & has no meaning; write && for and\n");
    assert_int_equal(RUN("rule", "eval", "--expr", "x", "--bindings", "[1]"), 2);
    assert_int_equal(RUN("rule", "eval", "--expr", "x", "--bindings", "{\"x\":"), 2);
    assert_int_equal(RUN("rule", "eval", "--expr"), 2);
    assert_int_equal(RUN("rule", "eval"), 2);
    assert_int_equal(RUN("rule", "eval", "--what", "1"), 2);
    assert_int_equal(RUN("rule", "nothing"), 2);
    assert_int_equal(RUN("rule"), 2);
    assert_int_equal(RUN("rule", "test"), 2);
    assert_int_equal(RUN("rule", "test", "no-such-file.jsonl"), 2);
    assert_non_null(strstr(output[1], "no-such-file.jsonl"));
    arena_destroy(arena);
}

static void
test_cases(void **state)
{
    struct arena *arena = arena_create();
    char path[] = "rule-cases-XXXXXX";
    static const char cases[] = "{\"expr\":\"1 + 1\",\"value\":{\"int\":\"2\"}}\n{\"expr\":\"1\",\"value\":{\"int\":\"2\"}}\n";
    int file = mkstemp(path);

    (void)state;
    assert_true(file >= 0);
    assert_int_equal(write(file, cases, sizeof cases - 1), (ssize_t)(sizeof cases - 1));
    close(file);
    int code = RUN("rule", "test", path);
    unlink(path);
    assert_int_equal(code, 1);
    assert_string_equal(output[0], "line 2: 1: gives {\"int\":\"1\"}\n1 passed, 1 failed\n");
    arena_destroy(arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_eval), cmocka_unit_test(test_refused), cmocka_unit_test(test_cases) };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
