/* test_assessment_form.c: forms refused at the right place, answers checked again on the server, scores strict about their inputs. */
#include "check.h"

#include "assessment/assessment_form.h"
#include "lumbung/base/text.h"

#define LABEL "\"label\":{\"id\":\"a\",\"en\":\"b\"}"
#define YESNO "\"choices\":[{\"name\":\"yes\"," LABEL "},{\"name\":\"no\"," LABEL "}]"
#define ILL "{\"name\":\"ill\",\"type\":\"select_one\",\"required\":true," LABEL "," YESNO "}"
#define CARE "{\"name\":\"care\",\"type\":\"select_one\",\"required\":true,\"relevant\":\"ill == 'yes'\"," LABEL "," YESNO "}"
#define WHY "{\"name\":\"why\",\"type\":\"select_multiple\",\"relevant\":\"care == 'no'\"," LABEL "," YESNO "}"
#define MEALS "{\"name\":\"meals\",\"type\":\"integer\",\"min\":0,\"max\":6,\"constraint\":\"value != 5\"," LABEL "}"
#define FORM(questions, scores) "{\"name\":\"Uji\",\"questions\":[" questions "],\"scores\":[" scores "]}"
#define SCORE(name, weights) "{\"name\":\"" name "\"," LABEL ",\"weights\":[" weights "]}"
#define WHOLE FORM(ILL "," CARE "," WHY "," MEALS, SCORE("S", "{\"question\":\"ill\",\"points\":{\"yes\":4}},{\"question\":\"care\",\"points\":{\"no\":3}}," \
    "{\"question\":\"why\",\"points\":{\"yes\":2,\"no\":1}},{\"question\":\"meals\",\"expression\":\"6 - meals\"}"))

static struct json *
parse(struct arena *arena, const char *text)
{
    struct json *json = NULL;
    struct error *error = json_parse(arena, text, strlen(text), &json);
    assert_null(error);
    return json;
}

static void
forms_refused(void **state)
{
    (void)state;
    static const struct { const char *form, *pointer; } rows[] = {
        {"{\"questions\":[" ILL "]}", "/name"},
        {"{\"name\":\"Uji\"}", "/questions"},
        {"{\"name\":\"Uji\",\"questions\":[]}", "/questions"},
        {"{\"name\":\"Uji\",\"colour\":1,\"questions\":[" ILL "]}", "/colour"},
        {"{\"name\":\"Uji\",\"languages\":[\"fr\"],\"questions\":[" ILL "]}", "/languages/0"},
        {FORM(ILL "," ILL, ""), "/questions/1/name"},
        {FORM("{\"name\":\"value\",\"type\":\"text\"," LABEL "}", ""), "/questions/0/name"},
        {FORM("{\"name\":\"A b\",\"type\":\"text\"," LABEL "}", ""), "/questions/0/name"},
        {FORM("{\"name\":\"a\",\"type\":\"colour\"," LABEL "}", ""), "/questions/0/type"},
        {FORM("{\"name\":\"a\",\"type\":\"text\",\"label\":{\"id\":\"a\"}}", ""), "/questions/0/label/en"},
        {FORM("{\"name\":\"a\",\"type\":\"select_one\"," LABEL "}", ""), "/questions/0/choices"},
        {FORM("{\"name\":\"a\",\"type\":\"text\"," LABEL "," YESNO "}", ""), "/questions/0/choices"},
        {FORM("{\"name\":\"a\",\"type\":\"text\",\"min\":1," LABEL "}", ""), "/questions/0/min"},
        {FORM("{\"name\":\"a\",\"type\":\"integer\",\"min\":3,\"max\":1," LABEL "}", ""), "/questions/0/max"},
        {FORM("{\"name\":\"a\",\"type\":\"text\",\"relevant\":\"ilness == 'yes'\"," LABEL "}," ILL, ""), "/questions/0/relevant"},
        {FORM("{\"name\":\"a\",\"type\":\"text\",\"relevant\":\"1 + 1\"," LABEL "}", ""), "/questions/0/relevant"},
        {FORM("{\"name\":\"a\",\"type\":\"text\",\"relevant\":\"value == 'x'\"," LABEL "}", ""), "/questions/0/relevant"},
        {FORM("{\"name\":\"a\",\"type\":\"integer\",\"constraint\":\"value &&\"," LABEL "}", ""), "/questions/0/constraint"},
        {FORM(ILL, SCORE("S", "{\"question\":\"gone\",\"points\":{}}")), "/scores/0/weights/0/question"},
        {FORM(ILL, SCORE("S", "{\"question\":\"ill\",\"points\":{\"maybe\":1}}")), "/scores/0/weights/0/points/maybe"},
        {FORM(ILL, SCORE("S", "{\"question\":\"ill\",\"points\":{\"yes\":1.5}}")), "/scores/0/weights/0/points/yes"},
        {FORM(ILL, SCORE("S", "{\"question\":\"ill\",\"per_unit\":2}")), "/scores/0/weights/0/per_unit"},
        {FORM(ILL, SCORE("S", "{\"question\":\"ill\"}")), "/scores/0/weights/0"},
        {FORM(ILL, SCORE("S", "{\"question\":\"ill\",\"expression\":\"ill\"}")), "/scores/0/weights/0/expression"},
        {FORM(ILL, SCORE("S", "{\"question\":\"ill\",\"points\":{}}") "," SCORE("S", "{\"question\":\"ill\",\"points\":{}}")), "/scores/1/name"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct arena *arena = arena_create();
        struct form *form = NULL;
        struct error *error = form_read(arena, parse(arena, rows[i].form), &form);
        CHECK_ROW(error != NULL && error->fault_count > 0 && form == NULL, rows[i].form);
        CHECK_TEXT(error->faults[0].pointer, rows[i].pointer, rows[i].form);
        error_free(error);
        arena_destroy(arena);
    }
}

static struct form *
whole(struct arena *arena)
{
    struct form *form = NULL;
    struct error *error = form_read(arena, parse(arena, WHOLE), &form);
    assert_null(error);
    return form;
}

static void
answers_checked(void **state)
{
    (void)state;
    static const struct { const char *answers, *pointer; } rows[] = { /* NULL: in order */
        {"{\"ill\":\"no\"}", NULL},
        {"{\"ill\":\"yes\",\"care\":\"no\",\"why\":[\"yes\",\"no\"],\"meals\":3}", NULL},
        {"{}", "/answers/ill"},
        {"{\"ill\":null}", "/answers/ill"},
        {"{\"ill\":\"\"}", "/answers/ill"},
        {"{\"ill\":\"maybe\"}", "/answers/ill"},
        {"{\"ill\":1}", "/answers/ill"},
        {"{\"ill\":\"no\",\"colour\":\"red\"}", "/answers/colour"},
        {"{\"ill\":\"yes\"}", "/answers/care"},
        {"{\"ill\":\"no\",\"care\":\"yes\"}", "/answers/care"},
        {"{\"ill\":\"yes\",\"care\":\"no\",\"why\":[\"yes\",\"yes\"]}", "/answers/why"},
        {"{\"ill\":\"yes\",\"care\":\"no\",\"why\":\"yes\"}", "/answers/why"},
        {"{\"ill\":\"no\",\"meals\":7}", "/answers/meals"},
        {"{\"ill\":\"no\",\"meals\":-1}", "/answers/meals"},
        {"{\"ill\":\"no\",\"meals\":2.5}", "/answers/meals"},
        {"{\"ill\":\"no\",\"meals\":5}", "/answers/meals"},
        {"[]", "/answers"},
    };
    struct arena *arena = arena_create();
    const struct form *form = whole(arena);
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct error *error = form_check_answers(arena, form, parse(arena, rows[i].answers));
        CHECK_ROW((error == NULL) == (rows[i].pointer == NULL), rows[i].answers);
        if (error)
            CHECK_TEXT(error->faults[0].pointer, rows[i].pointer, rows[i].answers);
        error_free(error);
    }
    arena_destroy(arena);
}

static void
scores_are_strict(void **state)
{
    (void)state;
    static const struct { const char *answers; bool has; int64_t value; const char *missing; } rows[] = {
        {"{\"ill\":\"yes\",\"care\":\"no\",\"why\":[\"yes\",\"no\"],\"meals\":2}", true, 4 + 3 + 3 + 4, "[]"},
        {"{\"ill\":\"no\",\"meals\":6}", true, 0, "[]"}, /* care and, through it, why were not asked */
        {"{\"ill\":\"no\"}", false, 0, "[\"meals\"]"},
        {"{\"ill\":\"yes\",\"care\":\"no\",\"meals\":6}", false, 0, "[\"why\"]"},
        {"{\"meals\":6}", false, 0, "[\"ill\",\"care\",\"why\"]"},
    };
    struct arena *arena = arena_create();
    const struct form *form = whole(arena);
    for (size_t i = 0; i < COUNT(rows); i++) {
        bool has = false;
        int64_t value = 0;
        struct buffer detail, missing;
        buffer_init(&detail, arena);
        buffer_init(&missing, arena);
        form_score_answers(arena, form, &form->scores[0], parse(arena, rows[i].answers), &has, &value, &detail);
        json_print(&missing, NULL, json_get(parse(arena, buffer_text(&detail)), "missing"));
        CHECK_TEXT(buffer_text(&missing), rows[i].missing, rows[i].answers);
        CHECK_ROW(has == rows[i].has && (!has || value == rows[i].value), rows[i].answers);
    }
    arena_destroy(arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(forms_refused),
        cmocka_unit_test(answers_checked),
        cmocka_unit_test(scores_are_strict),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
