/* test_disbursement.c: receipts and their refusals, counter-postings, returns, retries, cancels, death: amount = received + open + given back. */
#include "money_fixture.h"

#define AT "\"at\":\"2026-05-01T02:00:00Z\""
#define TAKEN "\"received_by\":\"payee\",\"method\":\"cash\"," AT

static void
start(struct money *money, const char *entitlement)
{
    money->program = arena_format(money->house->trial->arena, PROGRAM("Bantuan", "household", "true", "%s", "100000000000", ""), entitlement);
    MUST(step_program);
    money_enroll_families(money, 1);
    money_release(money);
    MUST(step_first_row);
}

static struct error *
step_drift(struct tx *tx, void *context)
{
    (void)context;
    struct id id;
    bool found = false;
    TRY(disbursement_store_drifted(tx, &id, &found));
    assert_false(found);
    return ledger_verify(tx, NULL);
}

static void
figures(struct money *money, const char *state, int64_t received, int64_t open, int64_t back)
{
    MUST(step_first_row);
    assert_string_equal(money->text, state);
    assert_int_equal(money_sql(money, "SELECT received_minor FROM disbursement"), received);
    assert_int_equal(money_sql(money, "SELECT open_minor FROM disbursement"), open);
    assert_int_equal(money_sql(money, "SELECT given_back_minor FROM disbursement"), back);
    assert_int_equal(money_sql(money, "SELECT coalesce(sum(balance_minor), 0) FROM ledger_account WHERE kind = 'paid'"), received);
    assert_int_equal(money_sql(money, "SELECT coalesce(sum(balance_minor), 0) FROM ledger_account WHERE kind = 'open'"), open);
    MUST(step_drift);
}

static void
receive(struct money *money, const char *json)
{
    money->json = json;
    MUST(step_receive);
}

static void
refuses(void **state)
{
    struct money *money = *state;
    start(money, "[{'code':'cash','kind':'cash','amount_minor':amount(100000)},{'code':'beras','kind':'goods','item':'beras','quantity':3}]");
    static const struct { const char *json, *pointer; enum fault_code fault; } rows[] = {
        {"{" TAKEN ",\"amount_minor\":10000100}", "/amount_minor", FAULT_EXCEEDS_OPEN},
        {"{" TAKEN ",\"amount_minor\":150}", "/amount_minor", FAULT_MONEY},
        {"{" TAKEN ",\"amount_minor\":-100}", "/amount_minor", FAULT_COUNT},
        {"{" TAKEN ",\"amount_minor\":0,\"parts\":[]}", "/amount_minor", FAULT_REQUIRED},
        {"{" TAKEN ",\"parts\":[{\"code\":\"gula\",\"quantity\":1}]}", "/parts/0/code", FAULT_REFERENCE},
        {"{" TAKEN ",\"parts\":[{\"code\":\"beras\",\"quantity\":4}]}", "/parts/0/quantity", FAULT_EXCEEDS_OPEN},
        {"{" TAKEN ",\"parts\":[{\"code\":\"beras\",\"quantity\":1},{\"code\":\"beras\",\"quantity\":1}]}", "/parts/1/code", FAULT_CONFLICT},
        {"{\"received_by\":\"collector\",\"method\":\"cash\"," AT "}", "/collector_name", FAULT_REQUIRED},
        {"{\"received_by\":\"collector\",\"collector_name\":\"Budi\",\"method\":\"cash\"," AT "}", "/collector_relation", FAULT_REQUIRED},
        {"{" TAKEN ",\"collector_name\":\"Budi\"}", "/collector_name", FAULT_CONFLICT},
        {"{" TAKEN ",\"identified_by\":\"known_by_witness\"}", "/witness", FAULT_REQUIRED},
        {"{\"received_by\":\"payee\",\"method\":\"cash\",\"at\":\"2026-12-01T00:00:00Z\"}", "/at", FAULT_FUTURE},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        money->json = rows[i].json;
        struct error *error = money_try(money, step_receive);
        CHECK_ROW(error && error->code == ERROR_FIELDS && error->fault_count > 0, rows[i].json);
        CHECK_TEXT(error->faults[0].pointer, rows[i].pointer, rows[i].json);
        CHECK_ROW(rows[i].fault == FAULT_COUNT || error->faults[0].code == rows[i].fault, rows[i].json);
        error_free(error);
    }
    figures(money, "pending", 0, 10000000, 0);
    assert_int_equal(money_sql(money, "SELECT count(*) FROM receipt"), 0);
    assert_int_equal(money_sql(money, "SELECT received_quantity FROM disbursement_part WHERE code = 'beras'"), 0);
}

static void
part_then_rest_then_nothing(void **state)
{
    struct money *money = *state;
    start(money, "[{'code':'cash','kind':'cash','amount_minor':amount(100000)},{'code':'beras','kind':'goods','item':'beras','quantity':3}]");
    receive(money, "{" TAKEN ",\"amount_minor\":4000000,\"parts\":[{\"code\":\"beras\",\"quantity\":1}]}");
    figures(money, "partly_paid", 4000000, 6000000, 0);
    receive(money, "{" TAKEN ",\"amount_minor\":6000000,\"parts\":[]}");
    figures(money, "partly_paid", 10000000, 0, 0); /* two sacks are open */
    assert_string_equal(money_state(money), "released");
    receive(money, "{" TAKEN "}");
    figures(money, "paid", 10000000, 0, 0);
    assert_string_equal(money_state(money), "closed");
    struct error *error = money_try(money, step_receive);
    assert_non_null(error);
    assert_int_equal(error->code, ERROR_ALREADY_RECEIVED);
    assert_string_equal(error->members[0].name, "at");
    assert_string_equal(error->members[0].value, "2026-05-01T02:00:00.000Z");
    assert_non_null(strstr(error->members[1].value, "Giritengah"));
    assert_string_equal(error->members[2].value, "Rina");
    error_free(error);
}

static struct error *
step_reverse(struct tx *tx, void *context)
{
    struct money *money = context;
    return disbursement_reverse(tx, money->actor ? money->actor : &money->house->officer, money->row_id, REASON);
}
static struct error *
step_return(struct tx *tx, void *context)
{
    struct money *money = context;
    struct return_in in = {.amount_minor = money->number, .reason = REASON};
    return disbursement_return(tx, &money->maya, money->row_id, &in);
}
static struct error *
step_retry(struct tx *tx, void *context)
{
    struct money *money = context;
    return disbursement_retry(tx, money->actor ? money->actor : &money->maya, money->row_id, REASON);
}
static struct error *
step_cancel_row(struct tx *tx, void *context)
{
    struct money *money = context;
    return disbursement_cancel(tx, &money->maya, money->row_id, REASON);
}

static void
reversal_undoes_money_and_goods(void **state)
{
    struct money *money = *state;
    start(money, "[{'code':'cash','kind':'cash','amount_minor':amount(100000)},{'code':'beras','kind':'goods','item':'beras','quantity':3}]");
    must_refuse(money_try(money, step_reverse), ERROR_STATE, "pending");
    receive(money, "{" TAKEN ",\"amount_minor\":4000000,\"parts\":[{\"code\":\"beras\",\"quantity\":1}]}");
    receive(money, "{" TAKEN "}");
    assert_string_equal(money_state(money), "closed");
    MUST(step_reverse);
    assert_string_equal(money_state(money), "released"); /* a closed batch opens with its line */
    figures(money, "partly_paid", 4000000, 6000000, 0);
    assert_int_equal(money_sql(money, "SELECT received_quantity FROM disbursement_part WHERE code = 'beras'"), 1);
    MUST(step_reverse);
    figures(money, "pending", 0, 10000000, 0);
    assert_int_equal(money_sql(money, "SELECT received_quantity FROM disbursement_part WHERE code = 'beras'"), 0);
    must_refuse(money_try(money, step_reverse), ERROR_STATE, NULL);
    receive(money, "{" TAKEN "}");
    trial_now += 25 * 3600 * INT64_C(1000);
    must_refuse(money_try(money, step_reverse), ERROR_DUTIES, NULL);
    money->actor = &money->maya;
    MUST(step_reverse);
    figures(money, "pending", 0, 10000000, 0);
    assert_int_equal(money_sql(money, "SELECT count(*) FROM receipt"), 6);
}

static void
parts_of_one_code_share_a_quantity(void **state)
{
    struct money *money = *state;
    start(money, "[{'code':'kit','kind':'goods','item':'kit','quantity':2,'member_id':household.members[0].id},{'code':'kit','kind':'goods','item':'kit','quantity':1}]");
    money->json = "{" TAKEN ",\"parts\":[{\"code\":\"kit\",\"quantity\":4}]}";
    struct error *error = money_try(money, step_receive);
    assert_non_null(error);
    assert_int_equal(error->code, ERROR_FIELDS);
    error_free(error);
    receive(money, "{" TAKEN ",\"parts\":[{\"code\":\"kit\",\"quantity\":2}]}");
    assert_int_equal(money_sql(money, "SELECT sum(received_quantity) FROM disbursement_part"), 2);
    receive(money, "{" TAKEN ",\"parts\":[{\"code\":\"kit\",\"quantity\":1}]}");
    figures(money, "paid", 0, 0, 0);
    MUST(step_reverse);
    assert_int_equal(money_sql(money, "SELECT sum(received_quantity) FROM disbursement_part"), 2);
}

static void
return_retry_cancel(void **state)
{
    struct money *money = *state;
    start(money, CASH);
    must_refuse(money_try(money, step_return), ERROR_STATE, "pending");
    must_refuse(money_try(money, step_retry), ERROR_STATE, "pending");
    receive(money, "{" TAKEN "}");
    money->number = 10000100;
    must_refuse(money_try(money, step_return), ERROR_FIELDS, NULL);
    money->number = 50;
    must_refuse(money_try(money, step_return), ERROR_FIELDS, NULL);
    money->number = 4000000;
    MUST(step_return);
    figures(money, "returned", 6000000, 4000000, 0);
    assert_string_equal(money_state(money), "released");
    int64_t references = money_sql(money, "SELECT count(*) FROM disbursement WHERE retries = 0");
    assert_int_equal(references, 1);
    MUST(step_retry);
    figures(money, "pending", 6000000, 4000000, 0);
    receive(money, "{" TAKEN "}");
    figures(money, "paid", 10000000, 0, 0);
    MUST(step_reverse);
    figures(money, "partly_paid", 6000000, 4000000, 0);
    must_refuse(money_try(money, step_reverse), ERROR_STATE, "returned"); /* part of that receipt came back already */
    receive(money, "{" TAKEN "}");
    money->number = 10000000;
    MUST(step_return);
    MUST(step_cancel_row);
    figures(money, "cancelled", 0, 0, 10000000);
    assert_string_equal(money_state(money), "closed");
    assert_int_equal(money_sql(money, "SELECT balance_minor FROM ledger_account WHERE kind = 'program'"), INT64_C(100000000000));
}

static struct error *
step_died(struct tx *tx, void *context)
{
    struct money *money = context;
    struct disbursement row;
    TRY(disbursement_load(tx, &money->maya, money->row_id, &row));
    struct household_event event = {.kind = "member.died", .household_id = row.household_id, .member_id = row.payee_member_id};
    return disbursement_on_household_event(tx, &money->maya, &event);
}

static void
death_holds_at_once(void **state)
{
    struct money *money = *state;
    start(money, CASH);
    MUST(step_died);
    figures(money, "held", 0, 10000000, 0);
    money->json = "{" TAKEN "}";
    must_refuse(money_try(money, step_receive), ERROR_STATE, "held");
    money_execute(money, "UPDATE member SET state = 'died', left_on = 20590");
    must_refuse(money_try(money, step_retry), ERROR_DUTIES, NULL); /* the maker lifts no hold */
    money->actor = &money->tuti;
    MUST(step_retry);
    money->actor = NULL;
    must_refuse(money_try(money, step_receive), ERROR_STATE, "died");
    receive(money, "{\"received_by\":\"collector\",\"collector_name\":\"Budi\",\"collector_relation\":\"anak\",\"method\":\"cash\"," AT "}");
    figures(money, "paid", 10000000, 0, 0);
}

/* --- what is not collected ---------------------------------------------------------------------------------------------------------------- */

static int64_t
balance(struct money *money, const char *kind)
{
    return money_sql(money, arena_format(money->house->trial->arena, "SELECT coalesce(sum(balance_minor), 0) FROM ledger_account WHERE kind = '%s'", kind));
}

static void
cancelled_before_hand_out(void **state)
{
    struct money *money = *state;
    start(money, CASH);
    MUST(step_cancel_row);
    figures(money, "cancelled", 0, 0, 10000000);
    assert_int_equal(balance(money, "program"), INT64_C(100000000000));
    assert_int_equal(money_sql(money, "SELECT count(*) FROM batch_claim"), 0);
    assert_string_equal(money_state(money), "closed");
    must_refuse(money_try(money, step_cancel_row), ERROR_STATE, "cancelled");
    must_refuse(money_try(money, step_retry), ERROR_STATE, "cancelled");
    must_refuse(money_try(money, step_reverse), ERROR_STATE, "cancelled");
    money->json = "{" TAKEN "}";
    must_refuse(money_try(money, step_receive), ERROR_STATE, "cancelled");
    money->json = NULL;
    money_release(money); /* the unit is free for another batch of the cycle */
    MUST(step_first_row);
    receive(money, "{" TAKEN "}");
    assert_int_equal(balance(money, "program"), INT64_C(100000000000) - 10000000);
    money->json = NULL;
    MUST(step_make);
    must_refuse(money_try(money, step_lock), ERROR_STATE, "empty");
}

/* In part collected, in money or in goods: the rest goes back, the unit stays paid in this cycle. */
static void
rest_is_closed_short(void **state)
{
    struct money *money = *state;
    start(money, "[{'code':'cash','kind':'cash','amount_minor':amount(100000)},{'code':'beras','kind':'goods','item':'beras','quantity':3}]");
    receive(money, "{" TAKEN ",\"amount_minor\":0,\"parts\":[{\"code\":\"beras\",\"quantity\":1}]}");
    MUST(step_cancel_row);
    figures(money, "closed_short", 0, 0, 10000000);
    assert_int_equal(money_sql(money, "SELECT count(*) FROM batch_claim"), 1);
    assert_string_equal(money_state(money), "closed");
    must_refuse(money_try(money, step_cancel_row), ERROR_STATE, "closed_short");
    must_refuse(money_try(money, step_reverse), ERROR_STATE, "closed_short");
    must_refuse(money_try(money, step_receive), ERROR_STATE, NULL);
}

#define CLOSE "POST /api/v1/batches/{id}/close"
#define WHY "{\"reason\":\"" REASON "\"}"

static void
person_closes_a_batch(void **state)
{
    struct money *money = *state;
    money->program = PROGRAM("Bantuan", "household", "true", CASH, "100000000000", "");
    MUST(step_program);
    money_enroll_families(money, 5);
    MUST(step_make);
    must_refuse(money_call(money, &money->mira, CLOSE, money->batch_id, WHY), ERROR_STATE, "draft");
    MUST(step_lock);
    MUST(step_submit);
    MUST(step_approve);
    must_refuse(money_call(money, &money->mira, CLOSE, money->batch_id, WHY), ERROR_STATE, "approved");
    money_execute(money, "UPDATE enrollment SET state = 'suspended' WHERE id = (SELECT max(enrollment_id) FROM batch_item)");
    MUST(step_release);
    must_refuse(money_call(money, &money->tuti, CLOSE, money->batch_id, WHY), ERROR_DUTIES, NULL); /* who released does not close */
    must_refuse(money_call(money, &money->house->console, CLOSE, money->batch_id, WHY), ERROR_DUTIES, NULL);
    must_refuse(money_call(money, &money->house->officer, CLOSE, money->program_id, WHY), ERROR_NOT_FOUND, NULL);
    MUST(step_first_row);
    receive(money, "{" TAKEN "}");
    money->row_id = money_sql_id(money, "SELECT id FROM disbursement WHERE state = 'pending' ORDER BY id LIMIT 1");
    receive(money, "{" TAKEN ",\"amount_minor\":4000000}");
    money_execute(money, "UPDATE disbursement SET state = 'sent' WHERE id = (SELECT max(id) FROM disbursement)");
    must_refuse(money_call(money, &money->mira, CLOSE, money->batch_id, WHY), ERROR_STATE, "sent");
    money_execute(money, "UPDATE disbursement SET state = 'failed' WHERE state = 'sent'");
    must(money_call(money, &money->mira, CLOSE, money->batch_id, WHY));
    must(job_run_all(money->house->trial->lane));
    assert_string_equal(money_state(money), "closed");
    assert_int_equal(money_sql(money, "SELECT count(*) FROM disbursement WHERE state = 'cancelled'"), 2);
    assert_int_equal(money_sql(money, "SELECT count(*) FROM disbursement WHERE state = 'closed_short'"), 1);
    assert_int_equal(money_sql(money, "SELECT count(*) FROM disbursement WHERE state = 'paid'"), 1);
    assert_int_equal(money_sql(money, "SELECT count(*) FROM batch_item WHERE state = 'cancelled'"), 1);
    assert_int_equal(money_sql(money, "SELECT count(*) FROM batch_claim"), 2);
    assert_int_equal(balance(money, "batch") + balance(money, "open"), 0);
    assert_int_equal(balance(money, "paid"), 14000000);
    assert_int_equal(balance(money, "program"), INT64_C(100000000000) - 14000000);
    MUST(step_drift);
    must_refuse(money_call(money, &money->mira, CLOSE, money->batch_id, WHY), ERROR_STATE, "closed");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        MONEY_TEST(refuses), MONEY_TEST(part_then_rest_then_nothing), MONEY_TEST(reversal_undoes_money_and_goods), MONEY_TEST(parts_of_one_code_share_a_quantity),
        MONEY_TEST(return_retry_cancel), MONEY_TEST(death_holds_at_once), MONEY_TEST(cancelled_before_hand_out),
        MONEY_TEST(rest_is_closed_short), MONEY_TEST(person_closes_a_batch),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
