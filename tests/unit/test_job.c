/* test_job.c: a failed chunk ends its own job and no other, says a code and no cause; a cancelled one frees its batch; who may see and cancel. */
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
                                       MONEY_TEST(runner_works_and_stops)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
