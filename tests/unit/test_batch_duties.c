/* test_batch_duties.c: who may not do what: by the acts and by raw SQL; N of M distinct people; withdrawn verdicts. */
#include "money_fixture.h"

static void
start(struct money *money, const char *more)
{
    money->program = arena_format(money->house->trial->arena, PROGRAM("Bantuan", "household", "true", CASH, "100000000000", "%s"), more);
    MUST(step_program);
    money_enroll_families(money, 1);
    MUST(step_make);
    MUST(step_lock);
    MUST(step_submit);
}

static struct error *
raw(struct money *money, const char *sql)
{
    struct db *db;
    must(db_open(money->house->trial->fixture->path, DB_MIGRATOR, NULL, &db));
    struct error *error = db_execute(db, sql);
    db_close(db);
    return error;
}

static void
maker_decides_nothing(void **state)
{
    struct money *money = *state;
    start(money, "");
    money->actor = &money->maya;
    must_refuse(money_try(money, step_approve), ERROR_DUTIES, NULL);
    must_refuse(money_try(money, step_reject), ERROR_DUTIES, NULL);
    money->actor = NULL;
    MUST(step_approve);
    money->actor = &money->maya;
    must_refuse(money_try(money, step_release), ERROR_DUTIES, NULL);
    static const char *const writes[] = {
        "INSERT INTO batch_duty SELECT batch_id, 'approve', user_id, 0 FROM batch_duty WHERE duty = 'make'",
        "INSERT INTO batch_duty SELECT batch_id, 'release', user_id, 0 FROM batch_duty WHERE duty = 'make'",
        "INSERT INTO batch_duty SELECT batch_id, 'make', user_id, 0 FROM batch_duty WHERE duty = 'approve'",
        "UPDATE batch_duty SET duty = 'x'", "DELETE FROM batch_duty",
        ("INSERT INTO batch_approval SELECT d.batch_id, b.version, d.user_id, b.digest, NULL, 0, NULL FROM batch_duty d JOIN batch b ON b.id = d.batch_id "
         "WHERE d.duty = 'make'"),
    };
    for (size_t i = 0; i < COUNT(writes); i++) {
        struct error *error = raw(money, writes[i]);
        CHECK_ROW(error && (error->code == ERROR_DUTIES || (i == 5 && error->code == ERROR_DIGEST_CHANGED)), writes[i]);
        error_free(error);
    }
    /* An approver does not become a maker by taking the batch back. */
    money->actor = &money->hendra;
    must_refuse(money_try(money, step_recall), ERROR_DUTIES, NULL);
    money->actor = &money->house->console;
    must_refuse(money_try(money, step_release), ERROR_DUTIES, NULL);
}

static void
two_of_two_are_two_people(void **state)
{
    struct money *money = *state;
    start(money, ",\"approvals_required\":2");
    MUST(step_approve);
    MUST(step_approve); /* once more by the same person counts once */
    assert_string_equal(money_state(money), "in_approval");
    money->actor = &money->tuti;
    MUST(step_approve);
    assert_string_equal(money_state(money), "approved");
    MUST(step_withdraw);
    assert_string_equal(money_state(money), "in_approval");
    must_refuse(money_try(money, step_withdraw), ERROR_STATE, "not_approved_by_you");
    must_refuse(raw(money, "UPDATE batch SET state = 'approved'"), ERROR_STATE, NULL);
    must_refuse(money_try(money, step_release), ERROR_STATE, "in_approval");
    MUST(step_approve);
    assert_string_equal(money_state(money), "approved");
    assert_int_equal(money_sql(money, "SELECT count(*) FROM batch_approval WHERE withdrawn_at_ms IS NULL"), 2);
    MUST(step_release); /* an approver may release unless duties are strict */
}

static void
strict_duties_differ(void **state)
{
    struct money *money = *state;
    start(money, ",\"strict_duties\":true");
    MUST(step_approve);
    money->actor = &money->hendra;
    must_refuse(money_try(money, step_release), ERROR_DUTIES, NULL);
    money->actor = NULL;
    MUST(step_release);
    must_refuse(raw(money, "INSERT INTO batch_duty SELECT batch_id, 'reconcile', user_id, 0 FROM batch_duty WHERE duty = 'approve'"), ERROR_DUTIES, NULL);
}

static void
reconciler_did_not_release(void **state)
{
    struct money *money = *state;
    start(money, "");
    MUST(step_approve);
    MUST(step_release);
    must_refuse(raw(money, "INSERT INTO batch_duty SELECT batch_id, 'reconcile', user_id, 0 FROM batch_duty WHERE duty = 'release'"), ERROR_DUTIES, NULL);
}

static void
old_verdicts_die_with_their_version(void **state)
{
    struct money *money = *state;
    start(money, ",\"approvals_required\":2");
    MUST(step_approve);
    MUST(step_recall);
    MUST(step_lock);
    MUST(step_submit);
    money->actor = &money->tuti;
    MUST(step_approve);
    assert_string_equal(money_state(money), "in_approval");
    must_refuse(raw(money, "INSERT INTO batch_approval SELECT batch_id, 2, user_id, digest, NULL, 0, NULL FROM batch_approval WHERE version = 1"), ERROR_DIGEST_CHANGED, NULL);
    must_refuse(raw(money, "UPDATE batch_approval SET version = 2 WHERE version = 1"), ERROR_TAMPERED, NULL);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {MONEY_TEST(maker_decides_nothing), MONEY_TEST(two_of_two_are_two_people), MONEY_TEST(strict_duties_differ),
                                       MONEY_TEST(reconciler_did_not_release), MONEY_TEST(old_verdicts_die_with_their_version)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
