/* test_job.c: a failed chunk ends its own job and no other, says a code and no cause; a cancelled one frees its batch; who may see and cancel; rights are asked
 * at each chunk. */
#include <sched.h>

#include "money_fixture.h"

static struct error *
step_two_jobs(struct tx *tx, void *context)
{
    struct money *money = context;
    struct json *input = json_make(tx->arena, JSON_OBJECT);
    TRY(job_make(tx, &money->maya, "enrollment.bulk", input, 1, &money->row_id)); /* without a program: its chunk fails */
    char text[ID_TEXT_SIZE];
    id_print(money->program_id, text);
    json_set(tx->arena, input, "program_id", json_make_text(tx->arena, text));
    return job_make(tx, &money->maya, "enrollment.bulk", input, 1, &money->item_id);
}

static void
failure_ends_one_job(void **state)
{
    struct money *money = *state;
    money->program = PROGRAM("Bantuan", "household", "true", CASH, "100000000", "");
    MUST(step_program);
    MUST(step_two_jobs);
    struct error *error = job_run_all(money->house->trial->lane);
    must_refuse(error, ERROR_INTERNAL, NULL);
    assert_int_equal(money_sql(money, "SELECT count(*) FROM job WHERE state = 'failed' AND json_extract(result, '$.error') = 'internal'"), 1);
    assert_int_equal(money_sql(money, "SELECT count(*) FROM job WHERE state = 'open'"), 1);
    must(job_run_all(money->house->trial->lane));
    assert_int_equal(money_sql(money, "SELECT count(*) FROM job WHERE state = 'done'"), 1);
    must(job_run_all(money->house->trial->lane));
}

static void
unknown_kind_fails(void **state)
{
    struct money *money = *state;
    MUST(step_two_jobs);
    money_execute(money, "UPDATE job SET kind = 'gone'");
    must(job_run_all(money->house->trial->lane));
    assert_int_equal(money_sql(money, "SELECT count(*) FROM job WHERE state = 'failed'"), 2);
}

static const struct route *
job_route(enum method method)
{
    for (const struct route *route = job_routes; route->path; route++)
        if (route->method == method)
            return route;
    fail_msg("no such route");
    return NULL;
}

static struct error *
step_cancel_job(struct tx *tx, void *context)
{
    struct money *money = context;
    struct reply reply = {0};
    buffer_init(&reply.body, tx->arena);
    struct call call = {.actor = money->actor, .route = job_route(METHOD_DELETE), .ids = {money->row_id}};
    return call.route->step(tx, &call, &reply);
}

static struct error *
step_job_of_batch(struct tx *tx, void *context)
{
    struct money *money = context;
    struct batch batch;
    TRY(batch_load(tx, &money->maya, money->batch_id, &batch));
    money->row_id = batch.stage_job_id;
    return NULL;
}

static void
cancelled_job_frees_its_batch(void **state)
{
    struct money *money = *state;
    money->program = PROGRAM("Bantuan", "household", "true", CASH, "100000000000", "");
    MUST(step_program);
    money_enroll_families(money, 1);
    money_execute(money, "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 249) INSERT INTO enrollment SELECT randomblob(16), program_id, household_id, i + 10, "
                         "member_id, state, reason, answer, rule_version, entitlement_minor, evaluated_on, made_by, decided_by, created_at_ms, changed_at_ms FROM enrollment JOIN n");
    money_recount(money);
    MUST(step_make);
    MUST(step_job_of_batch);
    money->actor = &money->mira;
    must_refuse(money_try(money, step_cancel_job), ERROR_NOT_FOUND, NULL);
    money->actor = &money->maya;
    MUST(step_cancel_job);
    must_refuse(money_try(money, step_cancel_job), ERROR_STATE, "cancelled");
    assert_int_equal(money_sql(money, "SELECT count(*) FROM batch WHERE stage IS NULL AND stage_error = 'cancelled'"), 1);
    money->actor = NULL;
    MUST(step_lock);
    must(job_run_all(money->house->trial->lane));
    assert_string_equal(money_state(money), "locked");
    assert_int_equal(money_sql(money, "SELECT item_count FROM batch WHERE stage_error IS NULL"), 250);
}

/* --- rights that were taken away meanwhile -------------------------------------------------------------------------------------------------- */

static const struct { const char *what, *sql; } losses[] = {
    {"role", "UPDATE user_role SET role = 'auditor' WHERE user_id = %s"},
    {"all roles", "DELETE FROM user_role WHERE user_id = %s"},
    {"account", "UPDATE user_account SET state = 'disabled' WHERE id = %s"},
    {"region", "INSERT INTO user_region SELECT %s, region_id FROM region_code WHERE code = '33.08.04'"},
    {"program", "INSERT INTO user_program VALUES (%s, zeroblob(16))"},
};

static void
lose(struct money *money, size_t loss, struct id user_id)
{
    const char *at = strstr(losses[loss].sql, "%s");
    money_execute(money, arena_format(money->house->trial->arena, "%.*s%s%s", (int)(at - losses[loss].sql), losses[loss].sql, money_hex(money, user_id), at + 2));
}

/* Runs the open job's first chunk alone. */
static void
first_chunk(struct money *money, const char *what)
{
    money_execute(money, "CREATE TRIGGER test_stop BEFORE UPDATE OF done ON job WHEN OLD.done > 0 BEGIN SELECT RAISE(ABORT, 'busy'); END");
    must_refuse(job_run_all(money->house->trial->lane), ERROR_BUSY, NULL);
    money_execute(money, "DROP TRIGGER test_stop");
    CHECK_ROW(money_sql(money, "SELECT count(*) FROM job WHERE state = 'open' AND done > 0") == 1, what);
}

static void
stops_forbidden(struct money *money, size_t loss)
{
    lose(money, loss, money->actor->user_id);
    must_refuse(job_run_all(money->house->trial->lane), ERROR_FORBIDDEN, NULL);
    CHECK_ROW(money_sql(money, "SELECT count(*) FROM job WHERE state = 'open'") == 0, losses[loss].what);
    CHECK_ROW(money_sql(money, "SELECT count(*) FROM job WHERE state = 'failed' AND json_extract(result, '$.error') = 'forbidden'") == 1, losses[loss].what);
    must(job_run_all(money->house->trial->lane));
}

static void
crowd(struct money *money)
{
    money->program = PROGRAM("Bantuan", "household", "true", CASH, "100000000000", "");
    MUST(step_program);
    money_enroll_families(money, 1);
    money_execute(money, "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 249) INSERT INTO enrollment SELECT randomblob(16), program_id, household_id, i + 10, "
                         "member_id, state, reason, answer, rule_version, entitlement_minor, evaluated_on, made_by, decided_by, created_at_ms, changed_at_ms FROM enrollment JOIN n");
    money_recount(money);
    money->json = "{\"region\":\"33.08.03\"}";
}

/* A half-built list is cleared, and a colleague goes on. */
static void
building_stops(struct money *money, size_t loss)
{
    crowd(money);
    money->actor = &money->maya;
    MUST(step_make);
    first_chunk(money, losses[loss].what);
    CHECK_ROW(money_sql(money, "SELECT count(*) FROM batch_item") == 100, losses[loss].what);
    stops_forbidden(money, loss);
    CHECK_ROW(money_sql(money, "SELECT count(*) FROM batch WHERE state = 'draft' AND stage IS NULL AND stage_error = 'forbidden' AND item_count = 0") == 1, losses[loss].what);
    CHECK_ROW(money_sql(money, "SELECT (SELECT count(*) FROM batch_item) + (SELECT count(*) FROM batch_part) + (SELECT count(*) FROM batch_claim)") == 0, losses[loss].what);
    money->actor = &money->mira;
    MUST(step_lock);
    must(job_run_all(money->house->trial->lane));
    CHECK_TEXT(money_state(money), "locked", losses[loss].what);
    CHECK_ROW(money_sql(money, "SELECT item_count FROM batch") == 250, losses[loss].what);
}

/* What is released stays released, the rest waits for another releaser; the money agrees at every moment. */
static void
releasing_stops(struct money *money, size_t loss)
{
    crowd(money);
    MUST(step_make);
    must(job_run_all(money->house->trial->lane));
    MUST(step_lock);
    must(job_run_all(money->house->trial->lane));
    MUST(step_submit);
    MUST(step_approve);
    money->actor = &money->tuti;
    MUST(step_release);
    first_chunk(money, losses[loss].what);
    stops_forbidden(money, loss);
    CHECK_ROW(money_sql(money, "SELECT count(*) FROM batch WHERE state = 'approved' AND stage = 'release_interrupted' AND stage_error = 'forbidden'") == 1, losses[loss].what);
    CHECK_ROW(money_sql(money, "SELECT count(*) FROM disbursement") == 100, losses[loss].what);
    CHECK_ROW(money_sql(money, "SELECT balance_minor FROM ledger_account WHERE kind = 'open'") == INT64_C(1000000000), losses[loss].what);
    CHECK_ROW(money_sql(money, "SELECT balance_minor FROM ledger_account WHERE kind = 'batch'") == INT64_C(1500000000), losses[loss].what);
    MUST(step_verify_ledger);
    money->actor = &money->hendra;
    MUST(step_release);
    must(job_run_all(money->house->trial->lane));
    CHECK_TEXT(money_state(money), "released", losses[loss].what);
    CHECK_ROW(money_sql(money, "SELECT count(*) FROM disbursement") == 250, losses[loss].what);
    CHECK_ROW(money_sql(money, "SELECT balance_minor FROM ledger_account WHERE kind = 'open'") == INT64_C(2500000000), losses[loss].what);
    MUST(step_verify_ledger);
}

static struct error *
step_bulk_of_region(struct tx *tx, void *context)
{
    struct money *money = context;
    char text[ID_TEXT_SIZE];
    struct region region;
    struct json *input = json_make(tx->arena, JSON_OBJECT);
    TRY(region_by_code(tx, &money->house->console, "33.08.03", &region));
    id_print(money->program_id, text);
    json_set(tx->arena, input, "program_id", json_make_text(tx->arena, text));
    id_print(region.id, text);
    json_set(tx->arena, input, "region_id", json_make_text(tx->arena, text));
    return job_make(tx, &money->maya, "enrollment.bulk", input, 60, &money->row_id);
}

/* Whom the first chunk enrolled is enrolled; the rest is not. */
static void
bulk_stops(struct money *money, size_t loss)
{
    money->program = PROGRAM("Bantuan", "household", "true", CASH, "100000000", "");
    MUST(step_program);
    for (int i = 0; i < 60; i++)
        (void)money_family(money, i, NULL);
    money->actor = &money->maya;
    MUST(step_bulk_of_region);
    first_chunk(money, losses[loss].what);
    stops_forbidden(money, loss);
    CHECK_ROW(money_sql(money, "SELECT count(*) FROM enrollment WHERE state = 'enrolled'") == 50, losses[loss].what);
    CHECK_ROW(money_sql(money, "SELECT done FROM job") == 50, losses[loss].what);
}

static void
rights_are_asked_at_each_chunk(void **state)
{
    static void (*const works[])(struct money *money, size_t loss) = {building_stops, releasing_stops, bulk_stops};
    for (size_t i = 0; i < COUNT(works); i++)
        for (size_t loss = 0; loss < COUNT(losses); loss++) { /* a registry of its own each */
            assert_int_equal(money_setup(state), 0);
            works[i](*state, loss);
            assert_int_equal(money_teardown(state), 0);
        }
}

/* The runner's thread: made in a transaction, woken by its COMMIT, and past a job that fails. */
static void
runner_works_and_stops(void **state)
{
    struct money *money = *state;
    money->program = PROGRAM("Bantuan", "household", "true", CASH, "100000000", "");
    MUST(step_program);
    struct job_runner *runner = NULL;
    must(job_runner_start(money->house->trial->lane, &money->house->trial->registry, &runner));
    MUST(step_two_jobs);
    int64_t until = time_monotonic_ms() + 5000;
    while (money_sql(money, "SELECT count(*) FROM job WHERE state = 'open'") > 0 && time_monotonic_ms() < until)
        sched_yield();
    job_runner_stop(runner);
    money->house->trial->registry.job_runner = NULL;
    assert_int_equal(money_sql(money, "SELECT count(*) FROM job WHERE state = 'failed'"), 1);
    assert_int_equal(money_sql(money, "SELECT count(*) FROM job WHERE state = 'done'"), 1);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {MONEY_TEST(failure_ends_one_job), MONEY_TEST(unknown_kind_fails), MONEY_TEST(cancelled_job_frees_its_batch),
                                       MONEY_TEST(runner_works_and_stops), cmocka_unit_test(rights_are_asked_at_each_chunk)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
