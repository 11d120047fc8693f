/* test_household_choice.c: patches made of choices, what is given up, and the way back. */
#include "check.h"

#include <string.h>

#include "household/household_choice.h"
#include "lumbung/base/text.h"

static struct arena *arena;

static int
setup(void **state)
{
    (void)state;
    arena = arena_create();
    return 0;
}

static int
teardown(void **state)
{
    (void)state;
    arena_destroy(arena);
    return 0;
}

static void
must(struct error *error)
{
    if (error)
        fail_msg("%s", error_slug(error->code));
}

static struct json *
parsed(const char *text)
{
    struct json *json = NULL;
    must(json_parse(arena, text, strlen(text), &json));
    return json;
}

static void
is(const struct json *found, const char *wanted, const char *what)
{
    struct buffer buffer;
    buffer_init(&buffer, arena);
    json_print_canonical(&buffer, found);
    if (strcmp(buffer_text(&buffer), wanted) != 0)
        fail_msg("%s: %s is not %s", what, buffer_text(&buffer), wanted);
}

static void *
sides_of(const struct field_table *table, const char *text)
{
    void *sides = NULL;
    must(field_parse(arena, table, parsed(text), "", FIELD_CREATE, 0, &sides));
    return sides;
}

#define PAIR "\"keep_id\":\"01900000-0000-7000-8000-000000000001\",\"other_id\":\"01900000-0000-7000-8000-000000000002\""

static const struct { bool of_member; const char *sides, *keep, *other, *patch, *lost; } rows[] = {
    {false, "{}", "{\"rt\":\"1\"}", "{\"rt\":\"2\"}", "{}", "{\"rt\":\"2\"}"},
    {false, "{\"rt\":\"keep\"}", "{\"rt\":\"1\"}", "{\"rt\":\"2\"}", "{}", "{\"rt\":\"2\"}"},
    {false, "{\"rt\":\"other\"}", "{\"rt\":\"1\"}", "{\"rt\":\"2\"}", "{\"rt\":\"2\"}", "{}"},
    {false, "{\"rt\":\"other\"}", "{\"rt\":\"1\"}", "{\"rt\":\"1\"}", "{}", "{}"},
    {false, "{\"rt\":\"other\"}", "{\"rt\":\"1\"}", "{}", "{\"rt\":null}", "{}"},
    {false, "{\"rt\":\"keep\"}", "{\"rt\":\"1\"}", "{}", "{}", "{}"},
    {false, "{\"rt\":\"other\"}", "{}", "{}", "{}", "{}"},
    {false, "{\"rt\":\"other\"}", "{}", "{\"rt\":null}", "{}", "{}"},
    {false, "{\"housing\":{\"floor\":\"other\"}}", "{\"housing\":{\"floor\":\"earth\",\"wall\":\"wood\"}}", "{\"housing\":{\"floor\":\"tile\",\"wall\":\"brick\"}}",
     "{\"housing\":{\"floor\":\"tile\"}}", "{\"housing\":{\"wall\":\"brick\"}}"},
    {false, "{\"housing\":{\"floor\":\"other\"}}", "{}", "{\"housing\":{\"floor\":\"tile\"}}", "{\"housing\":{\"floor\":\"tile\"}}", "{}"},
    {false, "{\"housing\":{\"floor\":\"other\"}}", "{\"housing\":{\"floor\":\"earth\"}}", "{}", "{\"housing\":{\"floor\":null}}", "{}"},
    {false, "{\"location\":\"other\"}", "{\"location\":{\"accuracy_m\":3,\"lat\":1,\"lon\":2}}", "{\"location\":{\"lat\":4,\"lon\":2}}",
     "{\"location\":{\"accuracy_m\":null,\"lat\":4,\"lon\":2}}", "{}"},
    {false, "{}", "{\"payee\":{\"member_id\":\"x\"}}", "{\"payee\":{\"member_id\":\"y\"}}", "{}", "{}"},
    {true, "{" PAIR ",\"nik\":\"other\"}", "{\"id_reason\":\"lost\"}", "{\"nik\":\"3308034505870001\"}", "{\"id_reason\":null,\"nik\":\"3308034505870001\"}", "{}"},
    {true, "{" PAIR ",\"nik\":\"other\"}", "{\"nik\":\"3308034505870001\"}", "{\"id_reason\":\"lost\"}", "{\"id_reason\":\"lost\",\"nik\":null}", "{}"},
    {true, "{" PAIR ",\"birth_date\":\"other\"}", "{\"birth_date\":\"1987-05-05\"}", "{\"age_on\":\"2026-01-01\",\"age_years\":40}",
     "{\"age_on\":\"2026-01-01\",\"age_years\":40,\"birth_date\":null}", "{}"},
    {true, "{" PAIR ",\"in_school\":\"other\"}", "{\"grade\":3,\"in_school\":true,\"school_level\":\"primary\"}", "{\"in_school\":false}",
     "{\"grade\":null,\"in_school\":false,\"school_level\":null}", "{}"},
    {true, "{" PAIR ",\"name\":\"keep\"}", "{\"name\":\"Siti\",\"relationship\":\"head\"}", "{\"name\":\"Sity\",\"relationship\":\"wife\"}", "{}", "{\"name\":\"Sity\"}"},
};

static void
makes_patches(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        const struct field_table *table = rows[i].of_member ? &member_sides_table : &household_sides_table;
        struct json *patch = NULL, *lost = NULL;
        household_choice_patch(arena, table, sides_of(table, rows[i].sides), parsed(rows[i].keep), parsed(rows[i].other), &patch, &lost);
        is(patch, rows[i].patch, rows[i].sides);
        is(lost, rows[i].lost, rows[i].sides);
    }
    struct json *patch = NULL, *lost = NULL;
    household_choice_patch(arena, &household_sides_table, NULL, parsed("{\"rt\":\"1\"}"), parsed("{\"rt\":\"2\"}"), &patch, &lost);
    is(patch, "{}", "no sides");
}

/* What is laid back and what no longer can be; NULL: refused. */
static const struct { const char *now, *before, *after, *patch; } backs[] = {
    {"{\"rt\":\"2\"}", "{\"rt\":\"1\"}", "{\"rt\":\"2\"}", "{\"rt\":\"1\"}"},
    {"{\"rt\":\"2\"}", "{\"rt\":null}", "{\"rt\":\"2\"}", "{\"rt\":null}"},
    {"{}", "{\"rt\":\"1\"}", "{\"rt\":null}", "{\"rt\":\"1\"}"},
    {"{\"rt\":\"3\"}", "{\"rt\":\"1\"}", "{\"rt\":\"2\"}", NULL},
    {"{}", "{\"rt\":\"1\"}", "{\"rt\":\"2\"}", NULL},
    {"{\"rt\":\"2\"}", "{\"rt\":\"1\"}", "{\"rt\":null}", NULL},
    {"{\"rt\":\"2\",\"rw\":\"9\"}", "{\"rt\":\"1\"}", "{\"rt\":\"2\"}", "{\"rt\":\"1\"}"},
    {"{\"housing\":{\"floor\":\"tile\",\"water\":\"pump\"}}", "{\"housing\":{\"floor\":\"earth\"}}", "{\"housing\":{\"floor\":\"tile\",\"water\":\"pump\"}}",
     "{\"housing\":{\"floor\":\"earth\",\"water\":null}}"},
    {"{\"housing\":{\"floor\":\"tile\"}}", "{\"housing\":{\"floor\":\"earth\"}}", "{\"housing\":{\"floor\":\"tile\",\"water\":\"pump\"}}", NULL},
    {"{\"head_member_id\":\"b\"}", "{\"head_member_id\":\"a\"}", "{\"head_member_id\":\"c\"}", "{}"},
};

static void
lays_back(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(backs); i++) {
        struct json *patch = NULL;
        bool may = household_choice_back(arena, &household_sides_table, parsed(backs[i].now), parsed(backs[i].before), parsed(backs[i].after), &patch);
        if (may != (backs[i].patch != NULL))
            fail_msg("%s: %s", backs[i].now, may ? "laid back over another's change" : "refused");
        if (may)
            is(patch, backs[i].patch, backs[i].now);
    }
}

static const struct { bool of_member; const char *body, *pointer; } refusals[] = {
    {false, "{\"payee\":\"other\"}", "/payee"}, {false, "{\"rt\":\"mine\"}", "/rt"}, {false, "{\"rt\":true}", "/rt"}, {false, "{\"housing\":\"other\"}", "/housing"},
    {false, "{\"housing\":{\"garden\":\"other\"}}", "/housing/garden"}, {false, "{\"members\":\"other\"}", "/members"}, {false, "{\"version\":\"other\"}", "/version"},
    {false, "{\"consent\":\"other\"}", "/consent"}, {true, "{" PAIR ",\"relationship\":\"other\"}", "/relationship"}, {true, "{" PAIR ",\"state\":\"other\"}", "/state"},
    {true, "{" PAIR ",\"id_reason\":\"other\"}", "/id_reason"}, {true, "{\"name\":\"other\"}", "/keep_id"}, {true, "{" PAIR ",\"age_years\":\"other\"}", "/age_years"},
};

static void
refuses_what_it_does_not_know(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(refusals); i++) {
        void *sides = NULL;
        struct error *error = field_parse(arena, refusals[i].of_member ? &member_sides_table : &household_sides_table, parsed(refusals[i].body), "", FIELD_CREATE, 0, &sides);
        if (!error || error->fault_count == 0 || !text_equal(error->faults[0].pointer, refusals[i].pointer))
            fail_msg("%s: %s", refusals[i].body, error && error->fault_count ? error->faults[0].pointer : "accepted");
        error_free(error);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test_setup_teardown(makes_patches, setup, teardown), cmocka_unit_test_setup_teardown(lays_back, setup, teardown),
                                       cmocka_unit_test_setup_teardown(refuses_what_it_does_not_know, setup, teardown)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
