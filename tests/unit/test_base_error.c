/* test_base_error.c: the tables of errors and faults, their sentences, and the log. */
#include "check.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "lumbung/base/buffer.h"
#include "lumbung/base/error.h"
#include "lumbung/base/json.h"
#include "lumbung/base/limits.h"
#include "lumbung/base/log.h"

static bool
is_slug(const char *slug)
{
    return slug[0] && strspn(slug, "abcdefghijklmnopqrstuvwxyz0123456789_") == strlen(slug);
}

static void
slugs_are_unique(void **state)
{
    (void)state;
    for (int i = 0; i < ERROR_COUNT; i++) {
        CHECK_ROW(is_slug(error_slug((enum error_code)i)), error_slug((enum error_code)i));
        CHECK_ROW(error_status((enum error_code)i) >= 400 && error_status((enum error_code)i) < 600, error_slug((enum error_code)i));
        for (int k = 0; k < i; k++)
            CHECK_ROW(strcmp(error_slug((enum error_code)i), error_slug((enum error_code)k)) != 0, error_slug((enum error_code)i));
    }
    for (int i = 0; i < FAULT_COUNT; i++) {
        CHECK_ROW(is_slug(fault_slug((enum fault_code)i)), fault_slug((enum fault_code)i));
        for (int k = 0; k < i; k++)
            CHECK_ROW(strcmp(fault_slug((enum fault_code)i), fault_slug((enum fault_code)k)) != 0, fault_slug((enum fault_code)i));
    }
}

/* Every placeholder that one language uses, the other one uses too. */
static void
check_pair(const char *slug, const char *id, const char *en)
{
    static const char *const places[] = {"{0}", "{1}", "{2}"};

    CHECK_ROW(id[0] && en[0] && strcmp(id, en) != 0, slug);
    for (size_t i = 0; i < COUNT(places); i++)
        CHECK_ROW((strstr(id, places[i]) != NULL) == (strstr(en, places[i]) != NULL), slug);
}

static void
languages_say_the_same(void **state)
{
    (void)state;
#define ERROR_ROW(name, slug, status, retryable, id, en) check_pair(slug, id, en);
#include "lumbung/base/errors.def"
#undef ERROR_ROW
/* The words of a questionnaire, a rule and a workbook, and money, pass through in both languages, one argument each. */
#define FAULT_ROW(name, slug, id, en) \
    if (FAULT_##name != FAULT_CONSTRAINT && FAULT_##name != FAULT_RULE && FAULT_##name != FAULT_EXCEEDS_OPEN && FAULT_##name != FAULT_WORKBOOK) \
        check_pair(slug, id, en);
#include "lumbung/base/faults.def"
#undef FAULT_ROW
}

static const char *
sentence(struct arena *arena, const struct error *error, enum language language)
{
    struct buffer buffer;

    buffer_init(&buffer, arena);
    error_print(&buffer, error, language);
    return buffer_text(&buffer);
}

static void
arguments_are_filled_in(void **state)
{
    struct arena *arena = arena_create();
    struct error *error = error_with(ERROR_STATE, "{1}", "approve", NULL);
    struct error *bare = error_new(ERROR_STATE);

    (void)state;
    assert_string_equal(sentence(arena, error, LANGUAGE_EN), "It is now {1}, so approve cannot be done.");
    assert_string_equal(sentence(arena, error, LANGUAGE_ID), "Keadaannya sekarang {1}, sehingga approve tidak dapat dilakukan.");
    assert_string_equal(sentence(arena, bare, LANGUAGE_EN), "It is now , so  cannot be done.");
    error_in_english(bare, 0, "approved");
    assert_string_equal(sentence(arena, bare, LANGUAGE_EN), "It is now approved, so  cannot be done.");
    assert_string_equal(sentence(arena, bare, LANGUAGE_ID), "Keadaannya sekarang , sehingga  tidak dapat dilakukan.");
    error_free(error);
    error_free(bare);
    error_free(NULL);
    arena_destroy(arena);
}

static void
faults_are_bounded(void **state)
{
    struct arena *arena = arena_create();
    struct error *error = NULL;
    struct buffer buffer;

    (void)state;
    for (int i = 0; i < 3 * LIMIT_FAULTS; i++)
        error_add_fault(&error, arena_format(arena, "/members/%d/nik", i), FAULT_RANGE, "1", "9");
    assert_int_equal(error->fault_count, LIMIT_FAULTS);
    assert_int_equal(error->code, ERROR_FIELDS);
    assert_string_equal(error->faults[99].pointer, "/members/99/nik");
    buffer_init(&buffer, arena);
    fault_print(&buffer, &error->faults[0], LANGUAGE_ID);
    assert_string_equal(buffer_text(&buffer), "Harus antara 1 dan 9.");
    error_free(error);
    arena_destroy(arena);
}

static void
texts_are_copied(void **state)
{
    char text[] = "abc";
    struct error *error = error_with(ERROR_FILE, text, text, text);

    (void)state;
    error_add_member(error, text, text, false);
    text[0] = 'x';
    assert_string_equal(error->arguments[2], "abc");
    assert_string_equal(error->members[0].name, "abc");
    assert_string_equal(error->members[0].value, "abc");
    error_free(error);
}

static void
the_cause_is_not_told(void **state)
{
    struct arena *arena = arena_create();
    struct error *error = error_internal("disk %d of %s", 7, "x");
    struct buffer buffer;

    (void)state;
    assert_string_equal(error->cause, "disk 7 of x");
    assert_int_equal(error_status(error->code), 500);
    assert_true(error_retryable(error->code));
    buffer_init(&buffer, arena);
    error_print_line(&buffer, error);
    assert_null(strstr(buffer_text(&buffer), "disk"));
    error_free(error);
    arena_destroy(arena);
}

static void
a_line_is_one_line(void **state)
{
    struct arena *arena = arena_create();
    struct error *error = error_field("row 2,\ncolumn \x1b[1mnik", FAULT_DIGITS, "16", NULL);
    struct buffer buffer;

    (void)state;
    for (int i = 0; i < 5; i++)
        error_add_fault(&error, "/x", FAULT_REQUIRED, NULL, NULL);
    buffer_init(&buffer, arena);
    error_print_line(&buffer, error);
    assert_string_equal(buffer_text(&buffer), "fields: Some fields need correction. row 2, column  [1mnik: It must be 16 digits 0-9.; "
                                              "/x: This field is required.; /x: This field is required. (and 3 more)");
    error_free(error);
    arena_destroy(arena);
}

static void *
write_events(void *context)
{
    for (int i = 0; i < 200; i++)
        log_event(LOG_LEVEL_WARN, "test", "name", "a\n{\"fake\":1}\x1b[31m \xff", context, NULL);
    return NULL;
}

static void
every_log_line_is_json(void **state)
{
    static char second[] = "second";
    FILE *file = tmpfile();
    int saved = dup(STDERR_FILENO);
    pthread_t threads[4];
    char line[512];
    int lines = 0;

    (void)state;
    assert_non_null(file);
    assert_true(dup2(fileno(file), STDERR_FILENO) >= 0);
    for (size_t i = 0; i < COUNT(threads); i++)
        assert_int_equal(pthread_create(&threads[i], NULL, write_events, second), 0);
    for (size_t i = 0; i < COUNT(threads); i++)
        pthread_join(threads[i], NULL);
    assert_true(dup2(saved, STDERR_FILENO) >= 0);
    close(saved);
    rewind(file);
    for (; fgets(line, sizeof(line), file); lines++) {
        struct arena *arena = arena_create();
        struct json *json = NULL;

        CHECK_ROW(json_parse(arena, line, strlen(line), &json) == NULL, line);
        CHECK_TEXT(json_get_text(json, "level"), "warn", line);
        CHECK_ROW(json_get_text(json, "name") != NULL && json_get(json, "second") != NULL, line);
        arena_destroy(arena);
    }
    assert_int_equal(lines, 800);
    fclose(file);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(slugs_are_unique),  cmocka_unit_test(languages_say_the_same), cmocka_unit_test(arguments_are_filled_in),
        cmocka_unit_test(faults_are_bounded), cmocka_unit_test(texts_are_copied),      cmocka_unit_test(the_cause_is_not_told),
        cmocka_unit_test(a_line_is_one_line), cmocka_unit_test(every_log_line_is_json),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
