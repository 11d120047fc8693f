/* test_household_life.c: how long a merge can be taken back and what the past then tells, and which regions receive a household that moves. */
#include "money_fixture.h"

#define MERGE "POST /api/v1/households/{id}/merge"
#define UNMERGE "POST /api/v1/households/{id}/unmerge", "{\"reason\":\"dua rumah\"}"
#define SEND "POST /api/v1/households/{id}/move"

FALLIBLE static struct error *
call(struct money *money, const struct actor *actor, const char *route, const char *body, struct id id, const char **ret_text)
{
    struct money_call made = {.actor = actor, .route = route, .id = id, .body = body};
    struct error *error = lane_run(money->house->trial->lane, step_call, &made, money->house->trial->arena);
    if (!error && made.reply.render)
        made.reply.render(&made.reply.body, made.reply.render_context);
    if (!error && ret_text)
        *ret_text = buffer_text(&made.reply.body);
    return error;
}

static void
merge(struct money *money, struct id into, struct id other)
{
    char text[ID_TEXT_SIZE];
    id_print(other, text);
    must(call(money, &money->house->officer, MERGE, arena_format(money->house->trial->arena, "{\"other_id\":\"%s\"}", text), into, NULL));
}

static void
taken_back_within_30_days(void **state)
{
    struct money *money = *state;
    static const struct { int64_t after_ms; bool goes; } rows[] = {
        {0, true}, {DAY_MS, true}, {30 * DAY_MS, true}, {30 * DAY_MS + 1, false}, {365 * DAY_MS, false},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct id into = money_family(money, (int)(2 * i), NULL), other = money_family(money, (int)(2 * i + 1), NULL);
        merge(money, into, other);
        trial_now += rows[i].after_ms;
        if (rows[i].goes)
            must(call(money, &money->house->officer, UNMERGE, other, NULL));
        else
            must_refuse(call(money, &money->house->officer, UNMERGE, other, NULL), ERROR_UNMERGE, "30 hari");
        const char *counted = arena_format(money->house->trial->arena, "SELECT count(*) FROM household_ended WHERE household_id = %s", money_hex(money, other));
        assert_int_equal(money_sql(money, counted), rows[i].goes ? 0 : 1);
    }
}

struct past { struct money *money; struct id id; int64_t at_ms; const char *text; };

static struct error *
read_past(struct tx *tx, void *context)
{
    struct past *past = context;
    struct buffer body;
    buffer_init(&body, tx->arena);
    TRY(household_print_as_of(tx, &past->money->house->console, past->id, past->at_ms, FIELD_ALL, &body));
    past->text = arena_copy(past->money->house->trial->arena, body.data, body.length);
    return NULL;
}

static const char *
as_of(struct money *money, struct id id, int64_t at_ms)
{
    struct past past = {money, id, at_ms, NULL};
    must(trial_read(money->house->trial, read_past, &past));
    return past.text;
}

/* Before, between and after: the past of both tells what held then. */
static void
the_past_knows_the_merge(void **state)
{
    struct money *money = *state;
    struct id into = money_family(money, 0, NULL), other = money_family(money, 1, NULL);
    int64_t before = trial_now, merged = before + 1000, back = merged + 1000;
    trial_now = merged;
    merge(money, into, other);
    trial_now = back;
    must(call(money, &money->house->officer, UNMERGE, other, NULL));
    const struct { struct id id; int64_t at_ms; const char *state; int live; } rows[] = {
        {into, before, "active", 1}, {other, before, "active", 1}, {into, merged, "active", 2}, {other, merged, "merged", 0}, {into, back, "active", 1}, {other, back, "active", 1},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct json *json = NULL;
        const char *text = as_of(money, rows[i].id, rows[i].at_ms);
        must(json_parse(money->house->trial->arena, text, strlen(text), &json));
        CHECK_ROW(json_get(json, "members")->count == (size_t)rows[i].live, text);
        const char *state_then = json_get_text(json, "state");
        CHECK_ROW(!state_then || text_equal(state_then, rows[i].state), text);
    }
}

static void
abolished_regions_receive_nobody(void **state)
{
    struct money *money = *state;
    const struct actor *officer = &money->house->officer, *maya = &money->maya;
    struct id first = money_family(money, 0, NULL), second = money_family(money, 1, NULL);
    must(call(money, officer, SEND, "{\"to_region\":\"33.08.04.2001\"}", first, NULL));
    money_execute(money, "UPDATE region_code SET until_date = from_date + 1 WHERE code = '33.08.04.2001'");
    struct error *error = call(money, officer, SEND, "{\"to_region\":\"33.08.04.2001\"}", second, NULL);
    assert_non_null(error);
    assert_string_equal(error->faults[0].pointer, "/to_region");
    error_free(error);
    struct id sent = money_sql_id(money, "SELECT id FROM household_move");
    must_refuse(call(money, maya, "POST /api/v1/moves/{id}/accept", "{}", sent, NULL), ERROR_FIELDS, NULL);
    assert_int_equal(money_sql(money, "SELECT count(*) FROM household_move WHERE state = 'sent'"), 1);
    money_execute(money, "UPDATE region_code SET until_date = NULL");
    must(call(money, maya, "POST /api/v1/moves/{id}/accept", "{\"hamlet\":\"Dusun Baru\"}", sent, NULL));
    assert_int_equal(money_sql(money, "SELECT count(*) FROM household_stay s JOIN region g ON g.id = s.region_id WHERE g.code = '33.08.03.2001'"), 1);
}

static struct error *
accept_behind_the_rules(void *context)
{
    static const struct statement cheat = {"cheat", "UPDATE household_move SET state = 'accepted', decided_by = sent_by, decided_at_ms = 1", true};
    struct money *money = context;
    struct db *db;
    TRY(db_open(money->house->trial->fixture->path, DB_MIGRATOR, NULL, &db));
    struct error *error = cursor_run(cursor_start(db, &cheat), NULL);
    db_close(db);
    return error;
}

static void
database_refuses_the_sender(void **state)
{
    struct money *money = *state;
    struct id id = money_family(money, 0, NULL);
    must(call(money, &money->maya, SEND, "{\"to_region\":\"33.08.04.2001\"}", id, NULL));
    must_refuse(call(money, &money->maya, SEND, "{\"to_region\":\"33.08.03.2002\"}", id, NULL), ERROR_EXISTS, NULL);
    must_refuse(accept_behind_the_rules(money), ERROR_INTERNAL, NULL);
    must_refuse(call(money, &money->maya, "POST /api/v1/moves/{id}/accept", "{}", money_sql_id(money, "SELECT id FROM household_move"), NULL), ERROR_OWN_REQUEST, NULL);
    must_refuse(call(money, &money->house->officer, "POST /api/v1/moves/{id}/accept", "{}", money_sql_id(money, "SELECT id FROM household_move"), NULL), ERROR_FORBIDDEN, NULL);
}

static void
objections_have_72_hours(void **state)
{
    struct money *money = *state;
    static const struct { int64_t after_ms; const char *said; } rows[] = {
        {0, "\"overdue\":false"}, {72 * INT64_C(3600000), "\"overdue\":false"}, {72 * INT64_C(3600000) + 1, "\"overdue\":true"},
    };
    money_family(money, 0, NULL);
    struct id consent = money_sql_id(money, "SELECT id FROM household_consent");
    must(call(money, &money->house->officer, "POST /api/v1/consents/{id}/withdraw", "{\"reason\":\"tidak mau\"}", consent, NULL));
    int64_t raised = trial_now;
    for (size_t i = 0; i < COUNT(rows); i++) {
        const char *text = NULL;
        trial_now = raised + rows[i].after_ms;
        must(call(money, &money->maya, "GET /api/v1/objections", "{}", consent, &text));
        CHECK_ROW(strstr(text, rows[i].said) != NULL, text);
    }
    must_refuse(call(money, &money->house->officer, "POST /api/v1/consents/{id}/objection", "{\"decision\":\"accept\",\"reason\":\"sendiri\"}", consent, NULL), ERROR_OWN_REQUEST, NULL);
    must(call(money, &money->maya, "POST /api/v1/consents/{id}/objection", "{\"decision\":\"dismiss\",\"reason\":\"dasar hukum\"}", consent, NULL));
    const char *text = NULL;
    must(call(money, &money->maya, "GET /api/v1/objections", "{}", consent, &text));
    assert_string_equal(text, "{\"items\":[]}");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        MONEY_TEST(taken_back_within_30_days), MONEY_TEST(the_past_knows_the_merge), MONEY_TEST(abolished_regions_receive_nobody), MONEY_TEST(database_refuses_the_sender),
        MONEY_TEST(objections_have_72_hours),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
