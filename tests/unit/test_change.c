/* test_change.c: when a change waits for another person, what a reported death holds, where a request goes with its household, what an erased person leaves,
 * and that the database itself refuses a maker who approves. */
#include "money_fixture.h"

#define HOUR_MS INT64_C(3600000)
#define PATCH_OWN "PATCH /api/v1/households/{id}", "{\"payee\":{\"account\":{\"provider\":\"BRI\",\"number\":\"777777\",\"holder\":\"Siti\"}}}"
#define DEATH "POST /api/v1/members/{id}/death", "{\"on\":\"2026-05-20\"}"

static struct id
family_of(struct money *money, size_t number, const char *account_holder)
{
    return house_register(money->house, &money->house->officer, arena_format(money->house->trial->arena,
        "{\"region\":\"33.08.03.2001\",\"payee\":{\"account\":{\"provider\":\"BRI\",\"number\":\"1234\",\"holder\":\"%s\"}}," HOUSE_CONSENT ",\"members\":["
        "{\"name\":\"Siti %c\",\"id_reason\":\"x\",\"sex\":\"F\",\"birth_date\":\"1950-05-12\",\"relationship\":\"head\"},"
        "{\"name\":\"Budi Utomo\",\"id_reason\":\"x\",\"sex\":\"M\",\"birth_date\":\"2010-03-01\",\"relationship\":\"child\"},"
        "{\"name\":\"Yuli\",\"id_reason\":\"x\",\"sex\":\"F\",\"birth_date\":\"1992-03-01\",\"relationship\":\"other_family\"}]}", account_holder, (char)('A' + number % 26))).id;
}

static struct id
member_of(struct money *money, struct id household_id, int position)
{
    return money_sql_id(money, arena_format(money->house->trial->arena, "SELECT id FROM member WHERE household_id = %s AND position = %d", money_hex(money, household_id), position));
}

/* 202, or the error. */
FALLIBLE static struct error *
ask(struct money *money, const struct actor *actor, const char *route, const char *body, struct id id, bool *ret_waits)
{
    struct money_call call = {.actor = actor, .route = route, .id = id, .body = body};
    struct error *error = lane_run(money->house->trial->lane, step_call, &call, money->house->trial->arena);
    *ret_waits = !error && call.reply.status == 202;
    return error;
}

static struct id
open_request(struct money *money, struct id household_id)
{
    return money_sql_id(money, arena_format(money->house->trial->arena, "SELECT id FROM change_request WHERE household_id = %s AND state = 'open' ORDER BY id DESC", money_hex(money, household_id)));
}

static void
set_up_program(struct money *money, const char *unit)
{
    static int programs;
    money->program = arena_format(money->house->trial->arena, PROGRAM("Bantuan %d", "%s", "true", CASH, "100000000000", ""), programs++, unit);
    money->json = NULL;
    money->actor = NULL;
    MUST(step_program);
}

static void
waits_once_enrolled(void **state)
{
    struct money *money = *state;
    const struct actor *officer = &money->house->officer, *maya = &money->maya, *console = &money->house->console;
    const struct { const char *name, *enrollment; const struct actor *who; int64_t after_ms; bool waits; } rows[] = {
        {"not enrolled", NULL, maya, 0, false},
        {"not enrolled, a year later", NULL, maya, 365 * 24 * HOUR_MS, false},
        {"enrolled", "enrolled", maya, 0, true},
        {"paused", "suspended", maya, 0, true},
        {"left the program", "exited", maya, 0, false},
        {"proposed", "proposed", maya, 0, false},
        {"who registered it, at once", "enrolled", officer, 0, false},
        {"who registered it, before 72 hours", "enrolled", officer, 72 * HOUR_MS - 1, false},
        {"who registered it, at 72 hours", "enrolled", officer, 72 * HOUR_MS, true},
        {"the console", "enrolled", console, 365 * 24 * HOUR_MS, false},
    };
    set_up_program(money, "household");
    for (size_t i = 0; i < COUNT(rows); i++) {
        bool waits = false;
        struct id id = money->household_id = family_of(money, i, "Siti");
        if (rows[i].enrollment) {
            bool proposed = text_equal(rows[i].enrollment, "proposed");
            money->actor = proposed ? officer : NULL;
            MUST(step_enroll);
            assert_string_equal(money->text, proposed ? "proposed" : "enrolled");
            money_execute(money, arena_format(money->house->trial->arena, "UPDATE enrollment SET state = '%s' WHERE household_id = %s", rows[i].enrollment, money_hex(money, id)));
        }
        trial_now += rows[i].after_ms;
        must(ask(money, rows[i].who, PATCH_OWN, id, &waits));
        CHECK_ROW(waits == rows[i].waits, rows[i].name);
        must(ask(money, rows[i].who, DEATH, member_of(money, id, 2), &waits));
        CHECK_ROW(waits == rows[i].waits, rows[i].name);
    }
    money_recount(money);
}

/* position: 0 the head and payee, 1 the pupil, 2 another. */
static void
reported_death_holds(void **state)
{
    struct money *money = *state;
    static const struct { const char *name, *unit, *holder; int dies; bool holds; } rows[] = {
        {"the payee", "household", "Koperasi Desa", 0, true}, {"whose account it is", "household", "YULI", 2, true}, {"another", "household", "Koperasi Desa", 2, false},
        {"the pupil", "member", "Koperasi Desa", 1, true}, {"another than the pupil", "member", "Koperasi Desa", 2, false},
    };
    for (size_t i = 0; i < 2 * COUNT(rows); i++) {
        bool before = i % 2, waits = false;
        const char *name = rows[i / 2].name;
        set_up_program(money, rows[i / 2].unit);
        money->household_id = family_of(money, i, rows[i / 2].holder);
        struct program_unit unit = {.household_id = money->household_id};
        if (text_equal(rows[i / 2].unit, "member"))
            unit.member_id = member_of(money, money->household_id, 1);
        char text[2][ID_TEXT_SIZE];
        id_print(unit.household_id, text[0]);
        id_print(unit.member_id, text[1]);
        struct arena *arena = money->house->trial->arena;
        const char *body = id_is_zero(unit.member_id) ? arena_format(arena, "{\"household_id\":\"%s\"}", text[0])
                                                      : arena_format(arena, "{\"household_id\":\"%s\",\"member_id\":\"%s\"}", text[0], text[1]);
        must(money_call(money, &money->maya, "POST /api/v1/programs/{id}/enrollments", money->program_id, body));
        MUST(step_make);
        MUST(step_lock);
        MUST(step_submit);
        MUST(step_approve);
        if (!before)
            MUST(step_release);
        must(ask(money, &money->maya, DEATH, member_of(money, money->household_id, rows[i / 2].dies), &waits));
        CHECK_ROW(waits, name);
        if (before)
            MUST(step_release);
        const char *batch = money_hex(money, money->batch_id);
        int64_t held = money_sql(money, arena_format(arena, "SELECT (SELECT count(*) FROM disbursement WHERE batch_id = %s AND held_reason = 'death_reported') + "
                                                            "(SELECT count(*) FROM batch_item WHERE batch_id = %s AND state = 'held' AND reason = 'death_reported')", batch, batch));
        CHECK_ROW((held == 1) == rows[i / 2].holds, name);
        MUST(step_verify_ledger);
    }
}

#define LIES "SELECT count(*) FROM change_request c JOIN household h ON h.id = c.household_id WHERE c.region_id = h.region_id AND c.household_id = %s"

static void
goes_along(void **state)
{
    struct money *money = *state;
    struct arena *arena = money->house->trial->arena;
    bool waits = false;
    char elsewhere[ID_TEXT_SIZE];
    set_up_program(money, "household");
    struct id id = money->household_id = family_of(money, 0, "Siti"), other = family_of(money, 1, "Siti"), yuli = member_of(money, id, 2);
    MUST(step_enroll);
    must(ask(money, &money->maya, DEATH, yuli, &waits));
    must(money_call(money, &money->house->officer, "PATCH /api/v1/households/{id}", id, "{\"region\":\"33.08.03.2002\"}"));
    assert_int_equal(money_sql(money, arena_format(arena, LIES, money_hex(money, id))), 1);
    id_print(other, elsewhere);
    must(money_call(money, &money->house->officer, "POST /api/v1/members/{id}/move", yuli, arena_format(arena, "{\"to_household_id\":\"%s\",\"on\":\"2026-05-20\"}", elsewhere)));
    assert_int_equal(money_sql(money, arena_format(arena, LIES, money_hex(money, other))), 1);
    must(money_call(money, &money->mira, "POST /api/v1/change-requests/{id}/approve", open_request(money, other), "{}"));
    assert_int_equal(money_sql(money, arena_format(arena, "SELECT count(*) FROM member WHERE id = %s AND state = 'died'", money_hex(money, yuli))), 1);
}

static struct error *
forget_member(struct tx *tx, void *context)
{
    struct money *money = context;
    struct audit_change change = {.action = "test.erase", .record_id = money->household_id};
    TRY(keyring_forget(tx, money->row_id));
    return audit_append(tx, &money->house->console, &change, NULL);
}

/* His number goes with his key; what is left can only be rejected. */
static void
erased_leaves_nothing(void **state)
{
    struct money *money = *state;
    bool waits = false;
    set_up_program(money, "household");
    struct id id = money->household_id = family_of(money, 0, "Siti");
    MUST(step_enroll);
    money->row_id = member_of(money, id, 1);
    must(ask(money, &money->maya, "PATCH /api/v1/members/{id}", "{\"nik\":\"3308030103100001\"}", money->row_id, &waits));
    assert_false(waits);
    must(ask(money, &money->maya, "PATCH /api/v1/members/{id}", "{\"nik\":\"3308030103100002\"}", money->row_id, &waits));
    assert_true(waits);
    MUST(forget_member);
    struct money_call got = {.actor = &money->mira, .route = "GET /api/v1/change-requests/{id}", .id = open_request(money, id), .body = "{}"};
    must(lane_run(money->house->trial->lane, step_call, &got, money->house->trial->arena));
    assert_non_null(strstr(buffer_text(&got.reply.body), "\"changes\":[]"));
    must_refuse(money_call(money, &money->mira, "POST /api/v1/change-requests/{id}/approve", got.id, "{}"), ERROR_STALE, NULL);
    must_refuse(money_call(money, &money->maya, "POST /api/v1/change-requests/{id}/seen", got.id, "{}"), ERROR_STATE, NULL);
    must(money_call(money, &money->mira, "POST /api/v1/change-requests/{id}/reject", got.id, "{\"reason\":\"sudah dihapus\"}"));
    assert_int_equal(money_sql(money, "SELECT count(*) FROM change_unseen"), 1);
    must_refuse(money_call(money, &money->mira, "POST /api/v1/change-requests/{id}/seen", got.id, "{}"), ERROR_FORBIDDEN, NULL);
    for (int i = 0; i < 2; i++) /* twice is no fault */
        must(money_call(money, &money->maya, "POST /api/v1/change-requests/{id}/seen", got.id, "{}"));
    assert_int_equal(money_sql(money, "SELECT count(*) FROM change_unseen"), 0);
    assert_int_equal(money_sql(money, arena_format(money->house->trial->arena, "SELECT count(*) FROM data_key WHERE subject_id = %s", money_hex(money, money->row_id))), 0);
}

static struct error *
approve_behind_the_rules(struct tx *tx, void *context)
{
    static const struct statement cheat = {"cheat", "UPDATE change_request SET state = 'approved', decided_by = made_by, decided_at_ms = 1", true};
    (void)tx;
    struct money *money = context;
    struct db *db;
    TRY(db_open(money->house->trial->fixture->path, DB_MIGRATOR, NULL, &db));
    struct error *error = cursor_run(cursor_start(db, &cheat), NULL);
    db_close(db);
    return error;
}

static void
database_refuses_the_maker(void **state)
{
    struct money *money = *state;
    bool waits = false;
    set_up_program(money, "household");
    money->household_id = family_of(money, 0, "Siti");
    MUST(step_enroll);
    must(ask(money, &money->maya, DEATH, member_of(money, money->household_id, 2), &waits));
    must_refuse(ask(money, &money->mira, DEATH, member_of(money, money->household_id, 2), &waits), ERROR_EXISTS, NULL);
    must_refuse(approve_behind_the_rules(NULL, money), ERROR_INTERNAL, NULL);
    must_refuse(money_call(money, &money->maya, "POST /api/v1/change-requests/{id}/approve", open_request(money, money->household_id), "{}"), ERROR_OWN_REQUEST, NULL);
    must_refuse(money_call(money, &money->house->console, "POST /api/v1/change-requests/{id}/approve", open_request(money, money->household_id), "{}"), ERROR_OWN_REQUEST, NULL);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        MONEY_TEST(waits_once_enrolled), MONEY_TEST(reported_death_holds), MONEY_TEST(goes_along), MONEY_TEST(erased_leaves_nothing), MONEY_TEST(database_refuses_the_maker),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
