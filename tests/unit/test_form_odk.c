/* test_form_odk.c: the real forms, submissions and tables of ../shared/data/odk-forms; skipped where they are not. */
#include "workbook_fixture.h"

#include "assessment/assessment_submission.h"
#include "assessment/assessment_xlsform.h"
#include "lumbung/base/text.h"

#define FOLDER "../shared/data/odk-forms/"

static struct form *
open_form(struct arena *arena, const char *path, const char *name)
{
    const struct xlsform_options options = {.name = name, .language = strstr(path, "arabic") ? NULL : "en"};
    struct bytes bytes = file_bytes(arena, path);
    struct workbook *book = NULL;
    struct json *json = NULL;
    struct form *form = NULL;
    if (bytes.data == NULL) {
        print_message("%s is not there\n", path);
        skip();
    }
    struct error *error = workbook_read(arena, bytes.data, bytes.length, &book);
    if (error == NULL)
        error = xlsform_read(arena, book, &options, &json);
    if (error == NULL)
        error = form_read(arena, json, &form);
    struct buffer line;
    buffer_init(&line, arena);
    if (error)
        error_print_line(&line, error);
    CHECK_TEXT(buffer_text(&line), "", path);
    return form;
}

static const char *
slurp(struct arena *arena, const char *path)
{
    struct bytes bytes = file_bytes(arena, path);
    assert_non_null(bytes.data);
    return arena_copy(arena, (const char *)bytes.data, bytes.length);
}

static struct submission
load(struct arena *arena, const struct form *form, const char *path)
{
    const char *text = slurp(arena, path);
    struct submission submission;
    struct error *error = submission_read(arena, form, text, strlen(text), &submission);
    if (error == NULL)
        error = form_check_answers(arena, form, submission.answers);
    struct buffer line;
    buffer_init(&line, arena);
    if (error)
        error_print_line(&line, error);
    CHECK_TEXT(buffer_text(&line), "", path);
    return submission;
}

static void
forms_convert(void **state)
{
    (void)state;
    static const struct { const char *path; size_t questions, languages; } rows[] = {
        {FOLDER "tutorial/tutorial.xlsx", 6, 1}, {FOLDER "tutorial/tutorial_arabic_labels.xlsx", 6, 2},
        {FOLDER "csv_export/tutorial.xlsx", 6, 1}, {FOLDER "csv_export/tutorial_w_repeats.xlsx", 9, 1},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct arena *arena = arena_create();
        const struct form *form = open_form(arena, rows[i].path, "tutorial");
        CHECK_ROW(form->question_count == rows[i].questions && form->language_count == rows[i].languages, rows[i].path);
        arena_destroy(arena);
    }
}

static void
submissions_load(void **state)
{
    (void)state;
    static const struct { const char *name, *instance, *deprecated; } rows[] = {
        {"tutorial_2012-06-27_11-27-53.xml", NULL, NULL},
        {"tutorial_2012-06-27_11-27-53_w_uuid.xml", "uuid:729f173c688e482486a48661700455ff", NULL},
        {"tutorial_2012-06-27_11-27-53_w_uuid_same_instanceID.xml", "uuid:729f173c688e482486a48661700455ff", NULL},
        {"tutorial_2012-06-27_11-27-53_w_uuid_edited.xml", "uuid:2d8c59eb-94e9-485d-a679-b28ffe2e9b98", "uuid:729f173c688e482486a48661700455ff"},
        {"tutorial_2012-06-27_11-27-53_w_uuid_edited_again.xml", "uuid:6e3a2d84-9780-4549-a0de-974a257276a6", "uuid:2d8c59eb-94e9-485d-a679-b28ffe2e9b98"},
        {"tutorial_2012-06-27_11-27-53_w_xform_uuid.xml", NULL, NULL},
        {"tutorial_unicode_submission.xml", NULL, NULL},
    };
    struct arena *arena = arena_create();
    const struct form *form = open_form(arena, FOLDER "tutorial/tutorial.xlsx", "tutorial");
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct submission submission = load(arena, form, arena_format(arena, FOLDER "tutorial/instances/%s", rows[i].name));
        CHECK_ROW(text_equal(submission.instance_id, rows[i].instance) && text_equal(submission.deprecated_id, rows[i].deprecated), rows[i].name);
        CHECK_ROW(json_get_int(submission.answers, "age", 0) == 23 && json_get(submission.answers, "web_browsers")->count == 3, rows[i].name);
    }
    arena_destroy(arena);
}

static void
other_forms_refused(void **state)
{
    (void)state;
    static const char *const names[] = {"tutorial_2012-06-27_11-27-53_bad_id_string.xml", "tutorial_invalid_id_string_2012-06-27_11-27-53.xml"};
    struct arena *arena = arena_create();
    const struct form *form = open_form(arena, FOLDER "tutorial/tutorial.xlsx", "tutorial");
    for (size_t i = 0; i < COUNT(names); i++) {
        const char *text = slurp(arena, arena_format(arena, FOLDER "tutorial/instances/%s", names[i]));
        struct submission submission;
        struct error *error = submission_read(arena, form, text, strlen(text), &submission);
        CHECK_ROW(error != NULL && strcmp(error->faults[0].pointer, "/form_id") == 0, names[i]);
        error_free(error);
    }
    arena_destroy(arena);
}

/* The first line, and the columns of the others, up to what the phone's server adds about its own keeping. */
static const char *
first_columns(struct arena *arena, const char *csv, const char *last)
{
    struct buffer text;
    size_t keep = 1;
    const char *end = strstr(csv, last);
    assert_non_null(end);
    for (const char *at = csv; at < end; at++)
        keep += *at == ',';
    buffer_init(&text, arena);
    for (size_t column = 0; *csv; csv++) {
        column = *csv == '\n' ? 0 : column + (*csv == ',');
        if (column < keep)
            buffer_char(&text, *csv);
    }
    return buffer_text(&text);
}

static void
tables_equal(void **state)
{
    (void)state;
    static const struct { const char *form, *submission, *table; } rows[] = {
        {"tutorial.xlsx", "tutorial.xml", "tutorial.csv"}, {"tutorial_w_repeats.xlsx", "tutorial_w_repeats.xml", "tutorial_w_repeats.csv"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct arena *arena = arena_create();
        const struct form *form = open_form(arena, arena_format(arena, FOLDER "csv_export/%s", rows[i].form), arena_copy(arena, rows[i].form, strcspn(rows[i].form, ".")));
        struct submission submission = load(arena, form, arena_format(arena, FOLDER "csv_export/%s", rows[i].submission));
        struct buffer csv;
        buffer_init(&csv, arena);
        submission_print_csv(arena, form, &submission, 1, &csv);
        CHECK_TEXT(buffer_text(&csv), first_columns(arena, slurp(arena, arena_format(arena, FOLDER "csv_export/%s", rows[i].table)), "meta/instanceID"), rows[i].table);
        arena_destroy(arena);
    }
}

/* --- without ../shared ------------------------------------------------------------------------------------------------------------------ */

static struct form *
own_form(struct arena *arena)
{
    static const char text[] = "{\"name\":\"uji\",\"languages\":[\"id\"],\"questions\":[{\"name\":\"g\",\"type\":\"group\",\"questions\":[{\"name\":\"a\",\"type\":\"text\",\"label\":{\"id\":\"A\"}},"
                               "{\"name\":\"n\",\"type\":\"integer\",\"label\":{\"id\":\"N\"}}]},{\"name\":\"r\",\"type\":\"repeat\",\"questions\":[{\"name\":\"d\",\"type\":\"decimal\",\"label\":{\"id\":\"D\"}},"
                               "{\"name\":\"m\",\"type\":\"select_multiple\",\"label\":{\"id\":\"M\"},\"choices\":[{\"name\":\"x\",\"label\":{\"id\":\"X\"}},{\"name\":\"y\",\"label\":{\"id\":\"Y\"}}]}]}]}";
    struct json *json = NULL;
    struct form *form = NULL;
    assert_null(json_parse(arena, text, strlen(text), &json));
    assert_null(form_read(arena, json, &form));
    return form;
}

static void
submissions_read(void **state)
{
    (void)state;
    static const struct { const char *xml, *outcome; } rows[] = { /* answers, or the pointer or code of the refusal */
        {"<uji id='uji'><g><a>x</a><n>3</n></g></uji>", "{\"a\":\"x\",\"n\":3}"},
        {"<uji><r><d>1.5</d></r><r><m>y x</m></r></uji>", "{\"r\":[{\"d\":1.5},{\"m\":[\"y\",\"x\"]}]}"},
        {"<uji><g><n> 4 </n><a>  </a></g></uji>", "{\"n\":4}"},
        {"<uji><g><n>four</n></g></uji>", "/answers/n"},
        {"<uji><g><n>2.5</n></g></uji>", "/answers/n"},
        {"<uji><colour>red</colour></uji>", "/answers/colour"},
        {"<uji><r><m>x z</m></r></uji>", "/answers/r/0/m"},
        {"<uji><d>1</d></uji>", "/answers/d"},
        {"<other/>", "/form_id"},
        {"<uji id='other'/>", "/form_id"},
        {"<uji>", "workbook"},
        {"", "workbook"},
        {"<!DOCTYPE uji [<!ENTITY a 'aaaa'>]><uji><g><a>&a;</a></g></uji>", "workbook"},
    };
    struct arena *arena = arena_create();
    const struct form *form = own_form(arena);
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct submission submission;
        struct buffer text;
        struct error *error = submission_read(arena, form, rows[i].xml, strlen(rows[i].xml), &submission);
        if (error == NULL)
            error = form_check_answers(arena, form, submission.answers);
        buffer_init(&text, arena);
        if (error == NULL)
            json_print(&text, NULL, submission.answers);
        else
            buffer_add(&text, error->fault_count > 0 ? error->faults[0].pointer : error_slug(error->code));
        CHECK_TEXT(buffer_text(&text), rows[i].outcome, rows[i].xml);
        error_free(error);
    }
    arena_destroy(arena);
}

static void
tables_printed(void **state)
{
    (void)state;
    static const char *const xml[] = {"<uji><g><a>=1+1</a><n>-3</n></g><r><d>1.5</d></r></uji>", "<uji><g><a>say \"hi\", you</a></g><r><m>x</m></r><r/><meta><instanceID>uuid:1</instanceID></meta></uji>"};
    struct arena *arena = arena_create();
    const struct form *form = own_form(arena);
    struct submission submissions[2];
    struct buffer csv;
    for (size_t i = 0; i < 2; i++)
        assert_null(submission_read(arena, form, xml[i], strlen(xml[i]), &submissions[i]));
    buffer_init(&csv, arena);
    submission_print_csv(arena, form, submissions, 2, &csv);
    CHECK_TEXT(buffer_text(&csv),
               "g/a,g/n,r[1]/d,r[1]/m/x,r[1]/m/y,r[2]/d,r[2]/m/x,r[2]/m/y,meta/instanceID\n"
               "'=1+1,-3,1.5,n/a,n/a,n/a,n/a,n/a,n/a\n"
               "\"say \"\"hi\"\", you\",n/a,n/a,True,False,n/a,n/a,n/a,uuid:1\n", "csv");
    arena_destroy(arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(forms_convert), cmocka_unit_test(submissions_load), cmocka_unit_test(other_forms_refused),
        cmocka_unit_test(tables_equal),  cmocka_unit_test(submissions_read), cmocka_unit_test(tables_printed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
