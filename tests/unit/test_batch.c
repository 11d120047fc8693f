/* test_batch.c: a batch's life: every act in every state, versions, exclusions, what is tested again at release, large ones in chunks, broken jobs. */
#include "money_fixture.h"

static void
start(struct money *money, int families)
{
    money->program = PROGRAM("Bantuan", "household", "true", CASH, "100000000000", "");
    MUST(step_program);
    money_enroll_families(money, families);
}

static const struct { const char *name, *from; struct error *(*step)(struct tx *tx, void *context); } acts[] = {
    {"lock", "draft", step_lock}, {"submit", "locked", step_submit}, {"recall", "locked in_approval approved", step_recall},
    {"cancel", "draft locked in_approval approved", step_cancel}, {"approve", "in_approval", step_approve}, {"withdraw", "approved", step_withdraw},
    {"reject", "in_approval approved", step_reject}, {"release", "approved", step_release}, {"exclude", "draft", step_exclude},
};
static const char *const states[] = {"draft", "locked", "in_approval", "approved", "released", "reconciled", "closed", "cancelled"};

static void
bring_to(struct money *money, const char *state)
{
    static const struct { const char *state; struct error *(*steps[6])(struct tx *tx, void *context); } ways[] = {
        {"draft", {step_make}}, {"locked", {step_make, step_lock}}, {"in_approval", {step_make, step_lock, step_submit}},
        {"approved", {step_make, step_lock, step_submit, step_approve}}, {"released", {step_make, step_lock, step_submit, step_approve, step_release}},
        {"reconciled", {step_make, step_lock, step_submit, step_approve, step_release}}, {"closed", {step_make, step_lock, step_submit, step_approve, step_release}},
        {"cancelled", {step_make, step_cancel}}};
    for (size_t i = 0; i < COUNT(ways); i++)
        for (size_t j = 0; text_equal(ways[i].state, state) && j < 6 && ways[i].steps[j]; j++)
            MUST(ways[i].steps[j]);
    if (text_equal(state, "reconciled") || text_equal(state, "closed"))
        money_execute(money, arena_format(money->house->trial->arena, "UPDATE batch SET state = '%s' WHERE state = 'released'", state));
    assert_string_equal(money_state(money), state);
}

/* Each act in each state, on a batch of its own: the allowed ones move, the others change nothing. */
static void
moves_only_where_allowed(void **state)
{
    struct money *money = *state;
    start(money, 1);
    for (size_t i = 0; i < COUNT(states); i++)
        for (size_t j = 0; j < COUNT(acts); j++) {
            money_execute(money, "DELETE FROM batch_claim");
            bring_to(money, states[i]);
            struct error *error = money_try(money, acts[j].step);
            bool allowed = strstr(acts[j].from, states[i]) != NULL;
            const char *row = arena_format(money->house->trial->arena, "%s in %s: %s", acts[j].name, states[i], error ? error_slug(error->code) : "done");
            CHECK_ROW(allowed == (error == NULL), row);
            CHECK_ROW(!error || error->code == ERROR_STATE || error->code == ERROR_NOT_FOUND, row);
            error_free(error);
            if (!allowed)
                CHECK_TEXT(money_state(money), states[i], row);
        }
    MUST(step_verify_ledger);
}

/* All 64 ordered pairs by raw SQL: the table of transitions is the only way. */
static void
pairs_by_raw_sql(void **state)
{
    struct money *money = *state;
    start(money, 1);
    static const char allowed[] = " draft>locked locked>in_approval approved>in_approval released>reconciled released>closed reconciled>closed locked>draft "
                                  "in_approval>draft approved>draft draft>cancelled locked>cancelled in_approval>cancelled approved>cancelled approved>released "
                                  "closed>released ";
    for (size_t i = 0; i < COUNT(states); i++)
        for (size_t j = 0; j < COUNT(states); j++) {
            money_execute(money, "DELETE FROM batch_claim");
            bring_to(money, states[i]);
            struct arena *arena = money->house->trial->arena;
            char id[33];
            hex_print(money->batch_id.bytes, 16, id);
            struct db *db;
            must(db_open(money->house->trial->fixture->path, DB_MIGRATOR, NULL, &db));
            struct error *error = db_execute(db, arena_format(arena, "UPDATE batch SET state = '%s' WHERE id = x'%s'", states[j], id));
            db_close(db);
            const char *pair = arena_format(arena, " %s>%s ", states[i], states[j]);
            CHECK_ROW((error == NULL) == (i == j || strstr(allowed, pair) != NULL), pair);
            error_free(error);
        }
}

static void
empty_list_is_not_locked(void **state)
{
    struct money *money = *state;
    start(money, 0);
    MUST(step_make);
    must_refuse(money_try(money, step_lock), ERROR_STATE, "empty");
    assert_string_equal(money_state(money), "draft");
}

static void
exclusion_outlives_a_recall(void **state)
{
    struct money *money = *state;
    start(money, 3);
    MUST(step_make);
    assert_string_equal(money_state(money), "draft");
    MUST(step_exclude);
    MUST(step_lock);
    assert_int_equal(money_sql(money, "SELECT item_count FROM batch"), 2);
    MUST(step_submit);
    MUST(step_reject);
    assert_int_equal(money_sql(money, "SELECT version FROM batch"), 2);
    assert_int_equal(money_sql(money, "SELECT item_count FROM batch"), 2);
    assert_int_equal(money_sql(money, "SELECT count(*) FROM batch_item WHERE version = 1 AND state = 'in'"), 2);
    assert_int_equal(money_sql(money, "SELECT count(*) FROM batch_version WHERE version = 1 AND digest IS NOT NULL AND how = 'reject'"), 1);
    MUST(step_lock);
    MUST(step_recall);
    assert_int_equal(money_sql(money, "SELECT item_count FROM batch WHERE version = 3"), 2);
    assert_int_equal(money_sql(money, "SELECT count(*) FROM batch_claim"), 0);
}

static void
second_batch_of_a_cycle_drops_who_is_claimed(void **state)
{
    struct money *money = *state;
    start(money, 2);
    MUST(step_make);
    MUST(step_lock);
    MUST(step_make);
    must_refuse(money_try(money, step_lock), ERROR_STATE, "empty");
    money->json = "{\"kind\":\"correction\"}";
    MUST(step_make);
    MUST(step_lock);
}

/* --- release -------------------------------------------------------------------------------------------------------------------------- */

static void
release_holds_and_a_person_decides(void **state)
{
    struct money *money = *state;
    start(money, 2);
    MUST(step_make);
    MUST(step_lock);
    MUST(step_submit);
    MUST(step_approve);
    assert_string_equal(money_state(money), "approved"); /* and the first line's id */
    char id[33];
    hex_print(money->item_id.bytes, 16, id);
    struct arena *arena = money->house->trial->arena;
    money_execute(money, arena_format(arena, "UPDATE enrollment SET state = 'suspended' WHERE id = (SELECT enrollment_id FROM batch_item WHERE id = x'%s')", id));
    MUST(step_release);
    assert_int_equal(money_sql(money, "SELECT count(*) FROM batch_item WHERE state = 'held' AND reason = 'not_enrolled'"), 1);
    assert_int_equal(money_sql(money, "SELECT count(*) FROM disbursement"), 1);
    assert_int_equal(money_sql(money, "SELECT balance_minor FROM ledger_account WHERE kind = 'batch'"), 10000000);
    money->actor = &money->maya;
    must_refuse(money_try(money, step_release_held), ERROR_DUTIES, NULL);
    must_refuse(money_try(money, step_cancel_held), ERROR_DUTIES, NULL);
    money->actor = NULL;
    MUST(step_first_row);
    money->json = "{\"received_by\":\"payee\",\"method\":\"cash\",\"at\":\"2026-05-01T00:00:00Z\"}";
    MUST(step_receive);
    assert_string_equal(money_state(money), "released"); /* what is held is not finished */
    hex_parse(id, money->item_id.bytes, 16);
    MUST(step_release_held);
    must_refuse(money_try(money, step_release_held), ERROR_STATE, "in");
    assert_int_equal(money_sql(money, "SELECT count(*) FROM disbursement"), 2);
    assert_int_equal(money_sql(money, "SELECT balance_minor FROM ledger_account WHERE kind = 'batch'"), 0);
    MUST(step_verify_ledger);
}

static void
cancelled_held_line_gives_its_money_back(void **state)
{
    struct money *money = *state;
    start(money, 1);
    MUST(step_make);
    MUST(step_lock);
    MUST(step_submit);
    MUST(step_approve);
    money_execute(money, "UPDATE enrollment SET state = 'suspended'");
    MUST(step_release);
    assert_string_equal(money_state(money), "released");
    MUST(step_cancel_held);
    assert_string_equal(money_state(money), "closed");
    assert_int_equal(money_sql(money, "SELECT balance_minor FROM ledger_account WHERE kind = 'program'"), 100000000000);
    MUST(step_verify_ledger);
}

/* What can happen to a family between approval and release: each holds its line with its own word. */
static void
release_tests_each_line_again(void **state)
{
    struct money *money = *state;
    start(money, 1);
    static const struct { const char *happens, *undo, *reason; } rows[] = {
        {"UPDATE member SET state = 'died', left_on = 20590", "UPDATE member SET state = 'live', left_on = NULL", "payee_died"},
        {"UPDATE household SET state = 'dissolved'", NULL, "household_not_active"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        money_execute(money, "DELETE FROM batch_claim");
        MUST(step_make);
        MUST(step_lock);
        MUST(step_submit);
        MUST(step_approve);
        money_execute(money, rows[i].happens);
        MUST(step_release);
        int64_t held = money_sql(money, arena_format(money->house->trial->arena, "SELECT count(*) FROM batch_item WHERE state = 'held' AND reason = '%s'", rows[i].reason));
        CHECK_ROW(held == 1, rows[i].reason);
        if (rows[i].undo)
            money_execute(money, rows[i].undo);
        (void)money_state(money);
        MUST(step_cancel_held);
    }
    assert_int_equal(money_sql(money, "SELECT count(*) FROM disbursement"), 0);
    MUST(step_verify_ledger);
}

/* --- who sees it ---------------------------------------------------------------------------------------------------------------------- */

static struct error *
step_sees(struct tx *tx, void *context)
{
    struct money *money = context;
    struct batch batch;
    return batch_load(tx, money->actor, money->batch_id, &batch);
}

struct reading { struct money *money; const struct route *routes; const char *path; struct id id; };

static struct error *
step_reading(struct tx *tx, void *context)
{
    struct reading *reading = context;
    for (const struct route *route = reading->routes; route->path; route++) {
        if (route->method != METHOD_GET || strcmp(route->path, reading->path) != 0)
            continue;
        struct reply reply = {0};
        buffer_init(&reply.body, tx->arena);
        struct call call = {.actor = reading->money->actor, .route = route, .ids = {reading->id}, .limit = 50};
        return route->step(tx, &call, &reply);
    }
    fail_msg("no route %s", reading->path);
    return NULL;
}

static void
out_of_scope_is_not_found(void **state)
{
    struct money *money = *state;
    start(money, 1);
    money->json = "{\"region\":\"33.08.04\"}";
    MUST(step_make);
    money->actor = &money->house->officer; /* of 33.08.03 */
    must_refuse(money_try(money, step_sees), ERROR_NOT_FOUND, NULL);
    struct reading items = {money, payment_routes, "/api/v1/batches/{id}", money->batch_id};
    must_refuse(trial_read(money->house->trial, step_reading, &items), ERROR_NOT_FOUND, NULL);
    struct reading counts = {money, enrollment_routes, "/api/v1/programs/{id}/enrollment-counts", money->batch_id};
    must_refuse(trial_read(money->house->trial, step_reading, &counts), ERROR_NOT_FOUND, NULL);
    counts.id = money->program_id;
    must(trial_read(money->house->trial, step_reading, &counts));
}

/* The presets of the roles against what each call asks for. */
static void
permissions_match_the_presets(void **state)
{
    (void)state;
    static const struct { const char *path; bool officer, manager, approver, auditor; } rows[] = {
        {"/lock", false, true, false, false}, {"/submit", false, true, false, false}, {"/recall", false, true, false, false}, {"/batches/{id}/cancel", false, true, false, false},
        {"/exclude", false, true, false, false}, {"/approve", false, true, true, false}, {"/reject", false, true, true, false}, {"/withdraw-approval", false, true, true, false},
        {"/release", false, true, true, false}, {"/release-held", false, true, true, false}, {"/cancel-held", false, true, true, false},
        {"/receipt", true, true, false, false}, {"/accept", false, true, false, false}, {"/activate", false, true, false, false},
    };
    static const struct route *const tables[] = {payment_routes, disbursement_routes, enrollment_routes, program_routes};
    size_t met = 0;
    for (size_t t = 0; t < COUNT(tables); t++)
        for (const struct route *route = tables[t]; route->path; route++)
            for (size_t i = 0; i < COUNT(rows); i++) {
                size_t length = strlen(route->path), tail = strlen(rows[i].path);
                if (route->method != METHOD_POST || length < tail || strcmp(route->path + length - tail, rows[i].path) != 0)
                    continue;
                const bool expected[] = {rows[i].officer, rows[i].manager, rows[i].approver, rows[i].auditor};
                static const enum role roles[] = {ROLE_OFFICER, ROLE_MANAGER, ROLE_APPROVER, ROLE_AUDITOR};
                for (size_t j = 0; j < COUNT(roles); j++)
                    CHECK_ROW(((role_permissions(roles[j]) >> route->perm & 1) != 0) == expected[j], route->path);
                met++;
            }
    assert_true(met >= COUNT(rows));
}

/* --- in chunks ------------------------------------------------------------------------------------------------------------------------ */

/* Many enrollments without registering as many families: rows of the first are doubled under new ids (the keys of one household serve all). */
static void
multiply(struct money *money, int count)
{
    money_execute(money, arena_format(money->house->trial->arena,
                                      "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d) INSERT INTO enrollment SELECT randomblob(16), program_id, "
                                      "household_id, i + 10, member_id, state, reason, answer, rule_version, entitlement_minor, evaluated_on, made_by, decided_by, "
                                      "created_at_ms, changed_at_ms FROM enrollment JOIN n",
                                      count - 1));
    money_recount(money);
}

static void
work_jobs(struct money *money)
{
    must(job_run_all(money->house->trial->lane));
}

static void
large_batch_goes_through_jobs(void **state)
{
    struct money *money = *state;
    start(money, 1);
    multiply(money, 450);
    MUST(step_make);
    assert_int_equal(money_sql(money, "SELECT count(*) FROM batch WHERE stage = 'building'"), 1);
    must_refuse(money_try(money, step_lock), ERROR_STATE, "building");
    must_refuse(money_try(money, step_cancel), ERROR_STATE, "building");
    work_jobs(money);
    assert_int_equal(money_sql(money, "SELECT item_count FROM batch WHERE stage IS NULL"), 450);
    MUST(step_lock);
    must_refuse(money_try(money, step_submit), ERROR_STATE, "locking");
    work_jobs(money);
    assert_string_equal(money_state(money), "locked");
    MUST(step_submit);
    MUST(step_approve);
    MUST(step_release);
    must_refuse(money_try(money, step_recall), ERROR_STATE, "releasing");
    must_refuse(money_try(money, step_release), ERROR_STATE, "releasing");
    work_jobs(money);
    assert_string_equal(money_state(money), "released");
    assert_int_equal(money_sql(money, "SELECT count(*) FROM disbursement"), 450);
    assert_int_equal(money_sql(money, "SELECT balance_minor FROM ledger_account WHERE kind = 'open'"), INT64_C(4500000000));
    MUST(step_verify_ledger);
}

static void
broken_stages_leave_a_way_out(void **state)
{
    struct money *money = *state;
    start(money, 1);
    multiply(money, 300);
    money_execute(money, "CREATE TRIGGER test_break BEFORE INSERT ON batch_item WHEN (SELECT count(*) FROM batch_item) >= 150 BEGIN SELECT RAISE(ABORT, 'internal'); END");
    MUST(step_make);
    struct error *error = job_run_all(money->house->trial->lane);
    assert_non_null(error);
    error_free(error);
    assert_int_equal(money_sql(money, "SELECT count(*) FROM job WHERE state = 'failed'"), 1);
    assert_int_equal(money_sql(money, "SELECT count(*) FROM batch WHERE stage IS NULL AND stage_error IS NOT NULL AND item_count = 0"), 1);
    assert_int_equal(money_sql(money, "SELECT count(*) FROM batch_item"), 0);
    MUST(step_lock);
    error = job_run_all(money->house->trial->lane);
    assert_non_null(error);
    error_free(error);
    assert_int_equal(money_sql(money, "SELECT count(*) FROM batch_claim"), 0);
    money_execute(money, "DROP TRIGGER test_break");
    MUST(step_lock);
    work_jobs(money);
    MUST(step_submit);
    MUST(step_approve);
    money_execute(money, "CREATE TRIGGER test_break BEFORE INSERT ON disbursement WHEN (SELECT count(*) FROM disbursement) >= 150 BEGIN SELECT RAISE(ABORT, 'internal'); END");
    MUST(step_release);
    error = job_run_all(money->house->trial->lane);
    assert_non_null(error);
    error_free(error);
    assert_int_equal(money_sql(money, "SELECT count(*) FROM disbursement"), 100);
    must_refuse(money_try(money, step_recall), ERROR_STATE, "release_interrupted");
    must_refuse(money_try(money, step_cancel), ERROR_STATE, "release_interrupted");
    must_refuse(money_try(money, step_withdraw), ERROR_STATE, "release_interrupted");
    MUST(step_verify_ledger);
    money_execute(money, "DROP TRIGGER test_break");
    MUST(step_release);
    work_jobs(money);
    assert_string_equal(money_state(money), "released");
    assert_int_equal(money_sql(money, "SELECT count(*) FROM disbursement"), 300);
    MUST(step_verify_ledger);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        MONEY_TEST(moves_only_where_allowed), MONEY_TEST(pairs_by_raw_sql), MONEY_TEST(empty_list_is_not_locked), MONEY_TEST(exclusion_outlives_a_recall),
        MONEY_TEST(second_batch_of_a_cycle_drops_who_is_claimed), MONEY_TEST(release_holds_and_a_person_decides),
        MONEY_TEST(cancelled_held_line_gives_its_money_back), MONEY_TEST(large_batch_goes_through_jobs), MONEY_TEST(broken_stages_leave_a_way_out), MONEY_TEST(release_tests_each_line_again),
        MONEY_TEST(out_of_scope_is_not_found), cmocka_unit_test(permissions_match_the_presets),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
