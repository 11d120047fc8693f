/* test_batch_hold.c: what happens to a family between approval, release and hand-out: its line is held with its reason, and the money stays right
 * whether a person lifts or cancels it. */
#include "money_fixture.h"

#define AMOUNT 10000000
#define BUDGET INT64_C(100000000000)
#define MEMBER "SELECT id FROM member WHERE household_id = $ ORDER BY position LIMIT 1"

struct family { struct id id, other; };

struct hold { const char *name, *reason; const char *route, *of, *body; bool of_other; };
static const struct hold holds[] = {
    {"death", "payee_died", "POST /api/v1/members/{id}/death", MEMBER, "{\"on\":\"2026-05-20\"}", false},
    {"leaving", "payee_left", "POST /api/v1/members/{id}/leave", MEMBER, "{\"reason\":\"moved\",\"on\":\"2026-05-20\"}", false},
    {"move", "payee_left", "POST /api/v1/members/{id}/move", MEMBER, "{\"to_household_id\":\"$\",\"on\":\"2026-05-20\"}", false},
    {"merge", "household_not_active", "POST /api/v1/households/{id}/merge", NULL, "{\"other_id\":\"$\"}", true},
    {"dissolution", "household_not_active", "POST /api/v1/households/{id}/dissolve", NULL, "{\"reason\":\"" REASON "\"}", false},
    {"exit", "not_enrolled", "POST /api/v1/enrollments/{id}/exit", "SELECT id FROM enrollment WHERE household_id = $", "{\"code\":\"graduated\"}", false},
    {"suspension", "not_enrolled", "POST /api/v1/enrollments/{id}/suspend", "SELECT id FROM enrollment WHERE household_id = $",
     "{\"reason\":\"" REASON "\"}", false},
    {"withdrawal", "consent", "POST /api/v1/consents/{id}/withdraw", "SELECT id FROM household_consent WHERE household_id = $", "{\"reason\":\"" REASON "\"}", false},
    {"double", "duplicate", "PATCH /api/v1/members/{id}", MEMBER, "{\"nik\":\"$\"}", false},
    {"account", "account_changed", "PATCH /api/v1/households/{id}", NULL,
     "{\"payee\":{\"account\":{\"provider\":\"BNI\",\"number\":\"999888777\",\"holder\":\"Siti\"}}}", false},
};

static const char *
nik_of(struct money *money, size_t number)
{
    return arena_format(money->house->trial->arena, "33080352058%05zu", number * 7 + 10001);
}

static struct id
family_make(struct money *money, size_t number, bool with_nik, const char *basis)
{
    struct arena *arena = money->house->trial->arena;
    const char *nik = with_nik ? arena_format(arena, "\"nik\":\"%s\"", nik_of(money, number)) : "\"id_reason\":\"belum diurus\"";
    const char *form = arena_format(
        arena,
        "{\"region\":\"33.08.03.2001\",\"payee\":{\"account\":{\"provider\":\"BRI\",\"number\":\"12345%05zu\",\"holder\":\"Siti\"}},"
        "\"consent\":{\"notice_version\":\"1\",\"language\":\"id\",\"basis\":\"%s\",\"given_by\":\"Siti\"},\"members\":["
        "{\"name\":\"Siti %c%c\",%s,\"sex\":\"F\",\"birth_date\":\"19%02zu-05-12\",\"relationship\":\"head\"},"
        "{\"name\":\"Budi %c%c\",\"id_reason\":\"belum diurus\",\"sex\":\"M\",\"birth_date\":\"2004-03-%02zu\",\"relationship\":\"child\"}]}",
        number, basis, (char)('A' + number % 26), (char)('a' + number / 26), nik, 40 + number % 40, (char)('A' + number % 26), (char)('k' + number / 26), number % 28 + 1);
    return house_register(money->house, &money->house->officer, form).id;
}

/* A program, a cycle and a family of its own; the other family was registered before and is not enrolled. */
static struct family
family_enrolled(struct money *money, size_t number)
{
    struct family family = {.other = family_make(money, 2 * number, true, "public_task")};
    trial_now += 1000;
    family.id = money->household_id = family_make(money, 2 * number + 1, false, "consent");
    money->program = arena_format(money->house->trial->arena, PROGRAM("Bantuan %zu", "household", "true", CASH, "100000000000", ""), number);
    money->json = NULL;
    money->actor = NULL;
    MUST(step_program);
    MUST(step_enroll);
    return family;
}

/* `text` with the word in place of its $. */
static const char *
fill(struct money *money, const char *text, const char *word)
{
    const char *at = strchr(text, '$');
    return at ? arena_format(money->house->trial->arena, "%.*s%s%s", (int)(at - text), text, word, at + 1) : text;
}

static void
happens(struct money *money, const struct hold *hold, const struct family *family, size_t number)
{
    struct id target = hold->of_other ? family->other : family->id;
    char other[ID_TEXT_SIZE];
    id_print(hold->of_other ? family->id : family->other, other);
    const char *word = strstr(hold->body, "nik") ? nik_of(money, 2 * number) : other;
    if (hold->of)
        target = money_sql_id(money, fill(money, hold->of, money_hex(money, family->id)));
    const struct actor *actor = strstr(hold->route, "enrollments") ? &money->maya : &money->house->officer;
    must(money_call(money, actor, hold->route, target, fill(money, hold->body, word)));
}

static int64_t
balance(struct money *money, const char *kind, struct id owner)
{
    return money_sql(money, arena_format(money->house->trial->arena, "SELECT coalesce(sum(balance_minor), 0) FROM ledger_account WHERE kind = '%s' AND owner_id = %s", kind,
                                         money_hex(money, owner)));
}

static void
money_is(struct money *money, const char *row, int64_t batch, int64_t open, int64_t paid)
{
    CHECK_ROW(balance(money, "batch", money->batch_id) == batch, row);
    CHECK_ROW(balance(money, "open", money->batch_id) == open, row);
    CHECK_ROW(balance(money, "paid", money->batch_id) == paid, row);
    CHECK_ROW(balance(money, "cycle", money->cycle_id) == 0, row);
    CHECK_ROW(balance(money, "program", money->program_id) == BUDGET - batch - open - paid, row);
    CHECK_ROW(balance(money, "fund", money->program_id) == -BUDGET, row);
    MUST(step_verify_ledger);
}

static int64_t
count_of(struct money *money, const char *table, const char *more)
{
    return money_sql(money, arena_format(money->house->trial->arena, "SELECT count(*) FROM %s WHERE batch_id = %s%s", table, money_hex(money, money->batch_id), more));
}

static const char *
receipt(bool collector)
{
    return collector ? "{\"received_by\":\"collector\",\"collector_name\":\"Budi\",\"collector_relation\":\"anak\",\"method\":\"cash\",\"at\":\"2026-05-01T00:00:00Z\"}"
                     : "{\"received_by\":\"payee\",\"method\":\"cash\",\"at\":\"2026-05-01T00:00:00Z\"}";
}

/* POST .../receipt as a phone sends it. */
FALLIBLE static struct error *
hand_out(struct money *money, bool collector)
{
    money->row_id = money_sql_id(money, arena_format(money->house->trial->arena, "SELECT id FROM disbursement WHERE batch_id = %s", money_hex(money, money->batch_id)));
    return money_call(money, &money->house->officer, "POST /api/v1/disbursements/{id}/receipt", money->row_id, receipt(collector));
}

static void
approved(struct money *money)
{
    MUST(step_make);
    MUST(step_lock);
    MUST(step_submit);
    MUST(step_approve);
    MUST(step_load);
}

static void
held_at_release(struct money *money, const struct hold *hold, size_t number)
{
    struct family family = family_enrolled(money, number);
    approved(money);
    must_refuse(money_try(money, step_release_held), ERROR_STATE, "approved");
    happens(money, hold, &family, number);
    MUST(step_release);
    CHECK_ROW(count_of(money, "batch_item", arena_format(money->house->trial->arena, " AND state = 'held' AND reason = '%s'", hold->reason)) == 1, hold->name);
    CHECK_ROW(count_of(money, "disbursement", "") == 0, hold->name);
    CHECK_ROW(count_of(money, "batch_claim", "") == 1, hold->name);
    CHECK_TEXT(money_state(money), "released", hold->name);
    money_is(money, hold->name, AMOUNT, 0, 0);
    const struct actor *const refused[] = {&money->maya, &money->house->console};
    for (size_t i = 0; i < COUNT(refused); i++) {
        money->actor = refused[i];
        must_refuse(money_try(money, step_release_held), ERROR_DUTIES, NULL);
        must_refuse(money_try(money, step_cancel_held), ERROR_DUTIES, NULL);
    }
    money->actor = NULL;
    struct id item = money->item_id;
    money->item_id = family.id;
    must_refuse(money_try(money, step_release_held), ERROR_NOT_FOUND, NULL);
    must_refuse(money_try(money, step_cancel_held), ERROR_NOT_FOUND, NULL);
    money->item_id = item;
    money_is(money, hold->name, AMOUNT, 0, 0);
}

/* Lifted, it is paid although what held it still is so: a person has decided that. */
static void
lifted_lines_are_paid(void **state)
{
    struct money *money = *state;
    for (size_t i = 0; i < COUNT(holds); i++) {
        held_at_release(money, &holds[i], i);
        MUST(step_release_held);
        must_refuse(money_try(money, step_release_held), ERROR_STATE, "in");
        must_refuse(money_try(money, step_cancel_held), ERROR_STATE, "in");
        money_is(money, holds[i].name, 0, AMOUNT, 0);
        bool died = text_equal(holds[i].reason, "payee_died");
        if (died)
            must_refuse(hand_out(money, false), ERROR_STATE, "died");
        must(hand_out(money, died));
        money_is(money, holds[i].name, 0, 0, AMOUNT);
        CHECK_TEXT(money_state(money), "closed", holds[i].name);
        CHECK_ROW(count_of(money, "batch_claim", "") == 1, holds[i].name);
    }
}

/* Cancelled, the money is the program's again and the unit free for another batch of the cycle. */
static void
cancelled_lines_give_money_and_claim_back(void **state)
{
    struct money *money = *state;
    for (size_t i = 0; i < COUNT(holds); i++) {
        held_at_release(money, &holds[i], i);
        MUST(step_cancel_held);
        must_refuse(money_try(money, step_cancel_held), ERROR_STATE, "closed");
        must_refuse(money_try(money, step_release_held), ERROR_STATE, "closed");
        money_is(money, holds[i].name, 0, 0, 0);
        CHECK_TEXT(money_state(money), "closed", holds[i].name);
        CHECK_ROW(count_of(money, "batch_claim", "") == 0, holds[i].name);
        CHECK_ROW(count_of(money, "disbursement", "") == 0, holds[i].name);
    }
}

/* The suspended family is resumed after its line was cancelled: a second batch of the cycle pays it, once. */
static void
freed_unit_is_paid_by_another_batch(void **state)
{
    struct money *money = *state;
    held_at_release(money, &holds[6], 0);
    MUST(step_make);
    must_refuse(money_try(money, step_lock), ERROR_STATE, "empty");
    MUST(step_cancel);
    money->batch_id = money_sql_id(money, "SELECT id FROM batch WHERE state = 'released'");
    MUST(step_load);
    MUST(step_cancel_held);
    must(money_call(money, &money->maya, "POST /api/v1/enrollments/{id}/resume", money_sql_id(money, "SELECT id FROM enrollment"), "{\"reason\":\"" REASON "\"}"));
    money_release(money);
    assert_int_equal(money_sql(money, "SELECT count(*) FROM disbursement WHERE last_received_at_ms IS NOT NULL"), 0);
    must(hand_out(money, false));
    money_is(money, "second batch", 0, 0, AMOUNT);
    MUST(step_make);
    must_refuse(money_try(money, step_lock), ERROR_STATE, "empty");
}

/* --- hand-out -------------------------------------------------------------------------------------------------------------------------- */

static void
row_is(struct money *money, const char *row, const char *expected, const char *reason)
{
    MUST(step_first_row);
    CHECK_TEXT(money->text, expected, row);
    const char *match = reason ? arena_format(money->house->trial->arena, " AND held_reason = '%s'", reason) : " AND held_reason IS NULL";
    CHECK_ROW(count_of(money, "disbursement", match) == 1, row);
}

/* After release: what is told to the line holds it at once, the rest (exit, suspension, double) when somebody wants to hand it out. */
static void
hand_out_tests_the_line_again(void **state)
{
    struct money *money = *state;
    for (size_t i = 0; i < COUNT(holds); i++) {
        const struct hold *hold = &holds[i];
        struct family family = family_enrolled(money, i);
        money_release(money);
        happens(money, hold, &family, i);
        struct error *error = hand_out(money, false);
        CHECK_ROW(error && error->code == ERROR_STATE, hold->name);
        error_free(error);
        row_is(money, hold->name, "held", hold->reason);
        must_refuse(hand_out(money, true), ERROR_STATE, "held");
        money_is(money, hold->name, 0, AMOUNT, 0);
        CHECK_ROW(money_sql(money, arena_format(money->house->trial->arena, "SELECT count(*) FROM receipt WHERE disbursement_id = %s", money_hex(money, money->row_id))) == 0, hold->name);
        static const char lift[] = "POST /api/v1/disbursements/{id}/retry", why[] = "{\"reason\":\"" REASON "\"}";
        must_refuse(money_call(money, &money->maya, lift, money->row_id, why), ERROR_DUTIES, NULL);
        must_refuse(money_call(money, &money->house->console, lift, money->row_id, why), ERROR_DUTIES, NULL);
        must(money_call(money, &money->tuti, lift, money->row_id, why));
        row_is(money, hold->name, "pending", NULL);
        must_refuse(money_call(money, &money->tuti, lift, money->row_id, why), ERROR_STATE, "pending");
        must(hand_out(money, text_equal(hold->reason, "payee_died")));
        row_is(money, hold->name, "paid", NULL);
        money_is(money, hold->name, 0, 0, AMOUNT);
    }
}

/* What was lifted is one thing; another that comes to it holds again. */
static void
each_reason_is_lifted_by_itself(void **state)
{
    struct money *money = *state;
    struct family family = family_enrolled(money, 0);
    money_release(money);
    happens(money, &holds[6], &family, 0);
    must_refuse(hand_out(money, false), ERROR_STATE, "held");
    static const char lift[] = "POST /api/v1/disbursements/{id}/retry", why[] = "{\"reason\":\"" REASON "\"}";
    must(money_call(money, &money->tuti, lift, money->row_id, why));
    happens(money, &holds[8], &family, 0);
    must_refuse(hand_out(money, false), ERROR_STATE, "held");
    row_is(money, "double", "held", "duplicate");
    must(money_call(money, &money->tuti, lift, money->row_id, why));
    happens(money, &holds[9], &family, 0);
    row_is(money, "account", "held", "account_changed");
    must(money_call(money, &money->tuti, lift, money->row_id, why));
    assert_int_equal(count_of(money, "disbursement", " AND lifted = 'not_enrolled duplicate account_changed'"), 1);
    must(hand_out(money, false));
    money_is(money, "all lifted", 0, 0, AMOUNT);
}

/* A partly paid line is held too, and what is left of it goes back. */
static void
rest_of_a_held_line_goes_back(void **state)
{
    struct money *money = *state;
    struct family family = family_enrolled(money, 0);
    money_release(money);
    MUST(step_first_row);
    must(money_call(money, &money->house->officer, "POST /api/v1/disbursements/{id}/receipt", money->row_id,
                    "{\"received_by\":\"payee\",\"method\":\"cash\",\"at\":\"2026-05-01T00:00:00Z\",\"amount_minor\":4000000}"));
    int64_t received_at = trial_now;
    trial_now += DAY_MS;
    happens(money, &holds[5], &family, 0);
    must_refuse(hand_out(money, false), ERROR_STATE, "held");
    row_is(money, "partly", "held", "not_enrolled");
    assert_int_equal(money_sql(money, "SELECT last_received_at_ms FROM disbursement"), received_at); /* a hold is no receipt */
    must(money_call(money, &money->maya, "POST /api/v1/disbursements/{id}/cancel", money->row_id, "{\"reason\":\"" REASON "\"}"));
    money_is(money, "partly", 0, 0, 4000000);
    assert_int_equal(count_of(money, "batch_claim", ""), 1); /* it was paid in part: no second batch pays it in full */
    assert_string_equal(money_state(money), "closed");
}

static void
somebody_elses_event_holds_nothing(void **state)
{
    struct money *money = *state;
    struct family family = family_enrolled(money, 0);
    money_release(money);
    struct id child = money_sql_id(money, arena_format(money->house->trial->arena, "SELECT id FROM member WHERE household_id = %s ORDER BY position DESC LIMIT 1",
                                                       money_hex(money, family.id)));
    must(money_call(money, &money->house->officer, holds[0].route, child, holds[0].body));
    happens(money, &(struct hold){.route = "POST /api/v1/households/{id}/dissolve", .body = "{\"reason\":\"" REASON "\"}", .of_other = true}, &family, 0);
    must(hand_out(money, false));
    money_is(money, "others", 0, 0, AMOUNT);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        MONEY_TEST(lifted_lines_are_paid), MONEY_TEST(cancelled_lines_give_money_and_claim_back), MONEY_TEST(freed_unit_is_paid_by_another_batch),
        MONEY_TEST(hand_out_tests_the_line_again), MONEY_TEST(each_reason_is_lifted_by_itself), MONEY_TEST(rest_of_a_held_line_goes_back),
        MONEY_TEST(somebody_elses_event_holds_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
