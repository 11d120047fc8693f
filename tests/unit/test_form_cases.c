/* test_form_cases.c: the questionnaire's logic as the server runs it, on the cases that check_form_cases.mjs runs on the browser's. */
#include "check.h"

#include <stdio.h>

#include "assessment/assessment_form.h"
#include "lumbung/base/text.h"
#include "lumbung/base/time.h"

static char *
read_file(struct arena *arena, const char *path)
{
    static char text[256 * 1024];
    FILE *file = fopen(path, "r");
    if (file == NULL)
        return NULL;
    size_t length = fread(text, 1, sizeof text - 1, file);
    fclose(file);
    return arena_copy(arena, text, length);
}

static struct json *
parse(struct arena *arena, const char *text)
{
    struct json *json = NULL;
    struct error *error = json_parse(arena, text, strlen(text), &json);
    assert_null(error);
    return json;
}

static struct form *
read_form(struct arena *arena, const struct json *json)
{
    struct form *form = NULL;
    struct error *error = form_read(arena, json, &form);
    if (error) {
        struct buffer line;
        buffer_init(&line, arena);
        error_print_line(&line, error);
        fail_msg("%s", buffer_text(&line));
    }
    return form;
}

/* The form with one more question that works out the expression. */
static struct form *
with_expression(struct arena *arena, const struct json *written, const struct json *entry)
{
    struct json *copy = json_make(arena, JSON_OBJECT), *questions = json_make(arena, JSON_ARRAY), *question = json_make(arena, JSON_OBJECT);
    json_set(arena, question, "name", json_make_text(arena, "worked_out"));
    json_set(arena, question, "type", json_make_text(arena, "calculated"));
    json_set(arena, question, "result", json_get(entry, "result"));
    json_set(arena, question, "calculation", json_get(entry, "expr"));
    for (size_t i = 0; i < written->count; i++)
        json_set(arena, copy, written->members[i].name, written->members[i].value);
    const struct json *old = json_get(written, "questions");
    for (size_t i = 0; i < old->count; i++)
        json_push(arena, questions, old->items[i]);
    json_push(arena, questions, question);
    json_set(arena, copy, "questions", questions);
    return read_form(arena, copy);
}

static const char *
canonical(struct arena *arena, const struct json *json)
{
    struct buffer text;
    buffer_init(&text, arena);
    if (json)
        json_print_canonical(&text, json);
    else
        buffer_add(&text, "null");
    return buffer_text(&text);
}

static const char *
faults_of(struct arena *arena, const struct error *error)
{
    struct json *faults = json_make(arena, JSON_ARRAY);
    for (size_t i = 0; i < error->fault_count; i++) {
        struct json *pair = json_make(arena, JSON_ARRAY);
        json_push(arena, pair, json_make_text(arena, arena_text(arena, error->faults[i].pointer)));
        json_push(arena, pair, json_make_text(arena, fault_slug(error->faults[i].code)));
        json_push(arena, faults, pair);
    }
    return canonical(arena, faults);
}

static void
run_case(struct arena *arena, const struct form *form, const struct json *entry, const char *line)
{
    const char *on = json_get_text(entry, "on");
    struct form_facts facts = {.members = json_get(entry, "members")};
    struct json *answers = NULL;
    assert_true(date_parse(on ? on : "2026-11-24", &facts.on));
    struct error *error = form_evaluate(arena, form, &facts, json_get(entry, "answers"), &answers);
    if (json_get(entry, "faults")) {
        CHECK_ROW(error != NULL, line);
        CHECK_TEXT(faults_of(arena, error), canonical(arena, json_get(entry, "faults")), line);
    } else {
        CHECK_TEXT(error ? faults_of(arena, error) : "", "", line);
        const struct json *got = json_get(entry, "expr") ? json_get(answers, "worked_out") : answers;
        CHECK_TEXT(canonical(arena, got), canonical(arena, json_get(entry, json_get(entry, "expr") ? "value" : "gives")), line);
    }
    error_free(error);
}

static void
cases_hold(void **state)
{
    (void)state;
    struct arena *arena = arena_create();
    char *text = read_file(arena, "tests/vectors/form_cases.jsonl");
    const struct json *written = NULL;
    struct form *form = NULL;
    size_t count = 0;
    assert_non_null(text);
    for (char *line = strtok_r(text, "\n", &text); line; line = strtok_r(NULL, "\n", &text), count++) {
        const struct json *entry = parse(arena, line);
        if (json_get(entry, "form")) {
            written = json_get(entry, "form");
            form = read_form(arena, written);
        } else {
            run_case(arena, json_get(entry, "expr") ? with_expression(arena, written, entry) : form, entry, line);
        }
    }
    assert_true(count > 150);
    arena_destroy(arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cases_hold),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
