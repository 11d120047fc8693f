/* test_ledger.c: money is never made, lost or overspent: refusals with words, budgets raised and lowered, and a long random interleaving. */
#include "money_fixture.h"

static void
start(struct money *money, const char *budget, int families)
{
    money->program = arena_format(money->house->trial->arena, PROGRAM("Bantuan", "household", "true", CASH, "%s", ""), budget);
    MUST(step_program);
    money_enroll_families(money, families);
}

static void
over_budget_says_left_and_asked(void **state)
{
    struct money *money = *state;
    start(money, "19999900", 2); /* two lines of Rp100.000 want 20000000 */
    MUST(step_make);
    MUST(step_lock);
    struct error *error = money_try(money, step_submit);
    assert_non_null(error);
    assert_int_equal(error->code, ERROR_BUDGET);
    assert_non_null(strstr(error->arguments[0], "199.999"));
    assert_non_null(strstr(error->arguments[1], "200.000"));
    struct buffer said;
    buffer_init(&said, money->house->trial->arena);
    error_print(&said, error, LANGUAGE_EN);
    assert_string_equal(buffer_text(&said), "Above the budget: Rp199,999 is left, Rp200,000 was asked.");
    error_free(error);
    assert_string_equal(money_state(money), "locked");
    assert_int_equal(money_sql(money, "SELECT count(*) FROM ledger_entry"), 0);
    money_execute(money, "UPDATE program SET budget_minor = 20000000");
    MUST(step_submit);
    assert_int_equal(money_sql(money, "SELECT sum(balance_minor) FROM ledger_account"), 0);
    MUST(step_recall);
    money_execute(money, "UPDATE program SET budget_minor = 100");
    MUST(step_lock);
    must_refuse(money_try(money, step_submit), ERROR_BUDGET, NULL);
    MUST(step_verify_ledger);
    assert_int_equal(money_sql(money, "SELECT balance_minor FROM ledger_account WHERE kind = 'program'"), 20000000);
}

static void
recall_after_approval_returns_the_money(void **state)
{
    struct money *money = *state;
    start(money, "20000000", 2);
    MUST(step_make);
    MUST(step_lock);
    MUST(step_submit);
    MUST(step_approve);
    assert_int_equal(money_sql(money, "SELECT balance_minor FROM ledger_account WHERE kind = 'batch'"), 20000000);
    MUST(step_recall);
    assert_int_equal(money_sql(money, "SELECT balance_minor FROM ledger_account WHERE kind = 'batch'"), 0);
    assert_int_equal(money_sql(money, "SELECT balance_minor FROM ledger_account WHERE kind = 'program'"), 20000000);
    MUST(step_verify_ledger);
}

static void
goods_alone_need_no_money(void **state)
{
    struct money *money = *state;
    money->program = PROGRAM("Beras", "household", "true", "[{'code':'beras','kind':'goods','item':'beras 10 kg','quantity':1}]", "0", "");
    MUST(step_program);
    money_enroll_families(money, 2);
    money_release(money);
    assert_int_equal(money_sql(money, "SELECT count(*) FROM ledger_entry"), 0);
    assert_int_equal(money_sql(money, "SELECT count(*) FROM disbursement WHERE amount_minor = 0"), 2);
    assert_string_equal(money_state(money), "released");
}

struct move { struct money *money; enum ledger_kind from, to; int64_t amount; };

static struct error *
step_move(struct tx *tx, void *context)
{
    struct move *move = context;
    const struct ledger_place chain[] = {{move->from, move->money->program_id}, {move->to, move->money->program_id}};
    return ledger_move(tx, &move->money->maya, "test", move->money->program_id, "IDR", chain, 2, move->amount);
}

static void
no_account_below_zero(void **state)
{
    struct money *money = *state;
    start(money, "100", 0);
    static const struct { enum ledger_kind from, to; int64_t amount; enum error_code code; } rows[] = {
        {LEDGER_PROGRAM, LEDGER_CYCLE, 100, ERROR_BUDGET}, {LEDGER_OPEN, LEDGER_PAID, 1, ERROR_BUDGET}, {LEDGER_FUND, LEDGER_PROGRAM, -100, ERROR_INTERNAL}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct move move = {money, rows[i].from, rows[i].to, rows[i].amount};
        must_refuse(lane_run(money->house->trial->lane, step_move, &move, money->house->trial->arena), rows[i].code, NULL);
    }
    struct move give = {money, LEDGER_FUND, LEDGER_PROGRAM, 100};
    must(lane_run(money->house->trial->lane, step_move, &give, money->house->trial->arena));
    struct db *db;
    must(db_open(money->house->trial->fixture->path, DB_MIGRATOR, NULL, &db));
    struct error *error = db_execute(db, "UPDATE ledger_account SET balance_minor = -1 WHERE kind = 'program'");
    assert_non_null(error);
    error_free(error);
    must(db_execute(db, "UPDATE ledger_account SET balance_minor = balance_minor + 100"));
    db_close(db);
    must_refuse(money_try(money, step_verify_ledger), ERROR_TAMPERED, NULL);
}

/* Figure 6 in process: eight batches whose sum is more than the budget, 200 acts in a drawn order. Whatever happens, nothing is overspent. */
static void
never_overspends(void **state)
{
    struct money *money = *state;
    start(money, "35000000", 1);
    struct id batches[8];
    static struct error *(*const steps[])(struct tx *tx, void *context) = {step_lock, step_submit, step_submit, step_recall, step_approve, step_release, step_cancel, step_lock};
    for (size_t i = 0; i < COUNT(batches); i++) {
        MUST(step_make);
        batches[i] = money->batch_id;
    }
    uint32_t seed = 7, done = 0, refused = 0;
    for (int i = 0; i < 200; i++) {
        seed = seed * 1664525u + 1013904223u;
        money->batch_id = batches[seed >> 16 & 7];
        struct error *error = money_try(money, steps[seed >> 24 & 7]);
        money_execute(money, "DELETE FROM batch_claim"); /* let the same family be in all of them: only the money stands between */
        refused += error != NULL;
        done += error == NULL;
        if (error)
            assert_true(error->code == ERROR_STATE || error->code == ERROR_BUDGET || error->code == ERROR_NOT_FOUND);
        error_free(error);
        assert_true(money_sql(money, "SELECT coalesce(sum(balance_minor), 0) FROM ledger_account") == 0);
        assert_true(money_sql(money, "SELECT coalesce(sum(amount_minor), 0) FROM disbursement") <= 35000000);
        assert_true(money_sql(money, "SELECT coalesce(sum(total_minor), 0) FROM batch WHERE state IN ('in_approval', 'approved', 'released', 'closed')") <= 35000000);
    }
    assert_true(done > 20 && refused > 20);
    MUST(step_verify_ledger);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {MONEY_TEST(over_budget_says_left_and_asked), MONEY_TEST(recall_after_approval_returns_the_money),
                                       MONEY_TEST(goods_alone_need_no_money), MONEY_TEST(no_account_below_zero), MONEY_TEST(never_overspends)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
