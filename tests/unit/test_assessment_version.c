/* test_assessment_version.c: an interview on a version that was replaced: taken when it was asked before, refused when after. */
#include "household_fixture.h"

#include "assessment/assessment_fields.h"
#include "lumbung/base/time.h"
#include "lumbung/household.h"

#define QUESTION(name) "{\"name\":\"" name "\",\"type\":\"integer\",\"label\":{\"id\":\"a\",\"en\":\"b\"}}"

struct versions {
    struct house *house;
    struct id old_id, new_id;
};

static struct error *
make_form(struct tx *tx, const struct actor *actor, const char *text, struct id *ret_id)
{
    struct json *json = NULL;
    TRY(json_parse(tx->arena, text, strlen(text), &json));
    return assessment_form_make(tx, actor, json, ret_id);
}

static struct error *
make_versions(struct tx *tx, void *context)
{
    struct versions *versions = context;
    TRY(make_form(tx, &versions->house->console, "{\"name\":\"Uji\",\"questions\":[" QUESTION("rooms") "]}", &versions->old_id));
    tx->now_ms += 10 * DAY_MS;
    return make_form(tx, &versions->house->console, "{\"name\":\"Uji\",\"questions\":[" QUESTION("beds") "]}", &versions->new_id);
}

/* The pointer of the fault, "" when it was taken. */
static const char *
try_record(struct tx *tx, const struct versions *versions, struct id household_id, struct id form_id, const char *answers, int days)
{
    struct assessment_in in = {.form_id = form_id, .assessed_on = date_of_instant(tx->now_ms, 540) + days};
    struct id id;
    must(json_parse(tx->arena, answers, strlen(answers), &in.answers));
    struct error *error = assessment_record(tx, &versions->house->officer, household_id, &in, NULL, &id);
    const char *pointer = error == NULL ? "" : error->fault_count > 0 ? arena_text(tx->arena, error->faults[0].pointer) : error_slug(error->code);
    error_free(error);
    return pointer;
}

static struct error *
record_on_days(struct tx *tx, void *context)
{
    struct versions *versions = context;
    static const struct { bool old; const char *answers; int days; const char *pointer; } rows[] = {
        {true, "{\"rooms\":1}", -25, ""},   /* while it was in use */
        {true, "{\"rooms\":1}", -20, ""},   /* on the day of the change */
        {true, "{\"rooms\":1}", -19, "/form_id"},
        {true, "{\"rooms\":1}", 0, "/form_id"},
        {true, "{\"beds\":1}", 0, "/form_id"},
        {true, "{\"beds\":1}", -25, "/answers/beds"},
        {false, "{\"beds\":1}", 0, ""},
        {false, "{\"rooms\":1}", 0, "/answers/rooms"},
        {false, "{\"beds\":1}", 2, "/assessed_on"},
    };
    struct id household_id;
    struct json *json = NULL;
    static const char form[] = HOUSE_FORM("", HOUSE_HEAD);
    TRY(json_parse(tx->arena, form, strlen(form), &json));
    TRY(household_register_json(tx, &versions->house->officer, json, "visit", &household_id, NULL));
    tx->now_ms += 30 * DAY_MS;
    for (size_t i = 0; i < COUNT(rows); i++)
        CHECK_TEXT(try_record(tx, versions, household_id, rows[i].old ? versions->old_id : versions->new_id, rows[i].answers, rows[i].days), rows[i].pointer,
                   arena_format(tx->arena, "row %zu", i));
    return NULL;
}

static void
replaced_versions(void **state)
{
    struct house *house = *state;
    struct versions versions = {.house = house};
    trial_write(house->trial, make_versions, &versions);
    trial_write(house->trial, record_on_days, &versions);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        HOUSE_TEST(replaced_versions),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
