/* test_ledger_random.c: a batch's money belongs to its live version alone; and whatever people do in whatever order, every figure agrees after each act. */
#include "money_fixture.h"

#include "demo/demo_random.h"

#define AMOUNT 10000000
#define FAMILIES 5
#define BUDGET 120000000 /* twelve lines, and four kinds of batches want twenty */
#define SEEDS 20
#define ACTS 200

static void
start(struct money *money)
{
    money->program = PROGRAM("Bantuan", "household", "true", CASH, "120000000", "");
    MUST(step_program);
    money_enroll_families(money, FAMILIES);
}

/* Each row counts what must not be; all are zero after every act. */
static const struct { const char *what, *sql; } laws[] = {
    {"entry not balanced", "SELECT count(*) FROM (SELECT 1 FROM ledger_posting GROUP BY entry_id HAVING sum(amount_minor) <> 0)"},
    {"sum of postings", "SELECT coalesce(sum(amount_minor), 0) FROM ledger_posting"},
    {"balance is not its postings", "SELECT count(*) FROM ledger_account a WHERE balance_minor <> coalesce((SELECT sum(amount_minor) FROM ledger_posting p WHERE p.account_id = a.id), 0)"},
    {"below zero", "SELECT count(*) FROM ledger_account WHERE balance_minor < 0 AND kind <> 'fund'"},
    {"money rests in a cycle", "SELECT coalesce(sum(balance_minor), 0) FROM ledger_account WHERE kind = 'cycle'"},
    {"committed + paid + free is not the budget",
     "SELECT count(*) FROM (SELECT coalesce(sum(balance_minor) FILTER (WHERE kind <> 'fund'), 0) AS all_of_it, coalesce(sum(balance_minor) FILTER (WHERE kind = 'fund'), 0) "
     "AS given, (SELECT budget_minor FROM program) AS budget FROM ledger_account) WHERE all_of_it <> -given OR (given <> 0 AND all_of_it <> budget)"},
    {"claim of the live version",
     "SELECT count(*) FROM batch b WHERE coalesce((SELECT balance_minor FROM ledger_account WHERE kind = 'batch' AND owner_id = b.id), 0) <> CASE "
     "WHEN state IN ('in_approval', 'approved') THEN (SELECT coalesce(sum(amount_minor), 0) FROM batch_item i WHERE i.batch_id = b.id AND i.version = b.version AND i.state = 'in') "
     "WHEN state IN ('released', 'closed') THEN (SELECT coalesce(sum(amount_minor), 0) FROM batch_item i WHERE i.batch_id = b.id AND i.version = b.version AND i.state = 'held') "
     "ELSE 0 END"},
    {"open money", "SELECT count(*) FROM batch b WHERE coalesce((SELECT balance_minor FROM ledger_account WHERE kind = 'open' AND owner_id = b.id), 0) <> "
                   "(SELECT coalesce(sum(open_minor), 0) FROM disbursement d WHERE d.batch_id = b.id)"},
    {"paid money", "SELECT count(*) FROM batch b WHERE coalesce((SELECT balance_minor FROM ledger_account WHERE kind = 'paid' AND owner_id = b.id), 0) <> "
                   "(SELECT coalesce(sum(r.amount_minor), 0) FROM receipt r JOIN disbursement d ON d.id = r.disbursement_id WHERE d.batch_id = b.id)"},
    {"a line that does not add up", "SELECT count(*) FROM disbursement d WHERE amount_minor <> received_minor + open_minor + given_back_minor OR received_minor <> "
                                    "(SELECT coalesce(sum(amount_minor), 0) FROM receipt r WHERE r.disbursement_id = d.id)"},
    {"units claimed by the live version",
     "SELECT count(*) FROM batch b WHERE (SELECT count(*) FROM batch_claim c WHERE c.batch_id = b.id) <> CASE WHEN state IN ('draft', 'cancelled') THEN 0 ELSE "
     "(SELECT count(*) FROM batch_item i LEFT JOIN disbursement d ON d.item_id = i.id WHERE i.batch_id = b.id AND i.version = b.version "
     "AND i.state IN ('in', 'held') AND (d.id IS NULL OR d.state <> 'cancelled' OR d.received_minor > 0)) END"},
    {"a unit paid twice in a cycle", "SELECT count(*) FROM (SELECT 1 FROM disbursement d JOIN batch b ON b.id = d.batch_id WHERE d.received_minor > 0 "
                                     "GROUP BY d.enrollment_id, d.cycle_id, b.kind HAVING count(*) > 1)"},
    {"closed with something open", "SELECT count(*) FROM batch b WHERE b.state = 'closed' AND EXISTS (SELECT 1 FROM disbursement d WHERE d.batch_id = b.id AND d.open_minor > 0)"},
};

/* One connection that looks on: opening it for each of thousands of questions would take longer than the acts. */
static struct db *eye;

static int
eye_setup(void **state)
{
    int failed = money_setup(state);
    struct money *money = *state;
    must(db_open(money->house->trial->fixture->path, DB_MIGRATOR, NULL, &eye));
    return failed;
}

static int
eye_teardown(void **state)
{
    db_close(eye);
    return money_teardown(state);
}

#define EYE_TEST(function) cmocka_unit_test_setup_teardown(function, eye_setup, eye_teardown)

static int64_t
seen(const char *sql)
{
    int64_t number = -1;
    must(db_read_int(eye, sql, &number));
    return number;
}

static void
laws_hold(const char *after)
{
    for (size_t i = 0; i < COUNT(laws); i++) {
        int64_t wrong = seen(laws[i].sql);
        if (wrong != 0)
            fail_msg("%s: %s (%lld)", after, laws[i].what, (long long)wrong);
    }
}

/* The laws see what they are for: each is broken once by raw SQL. */
static void
laws_can_fail(void **state)
{
    struct money *money = *state;
    start(money);
    money_release(money);
    static const char *const breaks[] = {
        "INSERT INTO ledger_posting SELECT entry_id, 99, account_id, 5 FROM ledger_posting LIMIT 1", "UPDATE ledger_account SET balance_minor = balance_minor + 1 WHERE kind = 'open'",
        "UPDATE program SET budget_minor = 7", "UPDATE batch_item SET state = 'held' WHERE id = (SELECT min(id) FROM batch_item)",
        "UPDATE disbursement SET open_minor = 0, given_back_minor = amount_minor", "DELETE FROM batch_claim WHERE enrollment_id = (SELECT min(enrollment_id) FROM batch_claim)",
    };
    laws_hold("before");
    for (size_t i = 0; i < COUNT(breaks); i++) {
        int64_t wrong = 0;
        must(db_execute(eye, "BEGIN IMMEDIATE"));
        must(db_execute(eye, breaks[i]));
        for (size_t j = 0; j < COUNT(laws); j++)
            wrong += seen(laws[j].sql) != 0;
        must(db_execute(eye, "ROLLBACK"));
        CHECK_ROW(wrong > 0, breaks[i]);
    }
}

/* The kept sums are what the rows say when they are counted anew. */
static struct error *
step_recount(struct tx *tx, void *context)
{
    (void)context;
    bool sums = false, counts = false;
    TRY(disbursement_store_miscounted(tx, &sums));
    TRY(enrollment_miscounted(tx, &counts));
    return sums || counts ? error_with(ERROR_TAMPERED, sums ? "sums" : "counts", NULL, NULL) : NULL;
}

static void
recount_can_fail(void **state)
{
    struct money *money = *state;
    start(money);
    money_release(money);
    MUST(step_recount);
    static const struct { const char *broken, *mended, *what; } rows[] = {
        {"UPDATE disbursement_total SET lines = lines + 1", "UPDATE disbursement_total SET lines = lines - 1", "sums"},
        {"UPDATE disbursement_sum SET open_minor = open_minor - 1", "UPDATE disbursement_sum SET open_minor = open_minor + 1", "sums"},
        {"UPDATE disbursement SET state = 'held'", "UPDATE disbursement SET state = 'pending'", "sums"},
        {"UPDATE enrollment_sum SET enrollments = enrollments + 1", "UPDATE enrollment_sum SET enrollments = enrollments - 1", "counts"},
        {"INSERT INTO enrollment_sum SELECT program_id, region_id, 'refused', 1 FROM enrollment_sum", "DELETE FROM enrollment_sum WHERE state = 'refused'", "counts"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        money_execute(money, rows[i].broken);
        must_refuse(money_try(money, step_recount), ERROR_TAMPERED, rows[i].what);
        money_execute(money, rows[i].mended);
        MUST(step_recount);
    }
}

static int64_t
claimed(void)
{
    return seen("SELECT coalesce(sum(balance_minor), 0) FROM ledger_account WHERE kind = 'batch'");
}

/* Three versions of five, four and three lines: rejected, recalled after an approval, approved. The money claimed is the live version's alone. */
static void
money_follows_the_live_version(void **state)
{
    struct money *money = *state;
    start(money);
    MUST(step_make);
    for (int version = 1; version <= 3; version++) {
        int64_t lines = FAMILIES + 1 - version;
        MUST(step_lock);
        assert_int_equal(claimed(), 0);
        MUST(step_submit);
        must_refuse(money_try(money, step_submit), ERROR_STATE, "in_approval");
        assert_int_equal(claimed(), lines * AMOUNT);
        MUST(step_approve);
        assert_int_equal(seen("SELECT count(*) FROM batch_claim"), lines);
        assert_int_equal(seen("SELECT version FROM batch"), version);
        laws_hold("approved");
        if (version == 3)
            break;
        MUST(version == 1 ? step_reject : step_recall);
        assert_int_equal(claimed(), 0);
        assert_int_equal(seen("SELECT balance_minor FROM ledger_account WHERE kind = 'program'"), BUDGET);
        must_refuse(money_try(money, step_release), ERROR_STATE, "draft");
        must_refuse(money_try(money, step_approve), ERROR_NOT_FOUND, NULL); /* nothing to sign */
        assert_string_equal(money_state(money), "draft");
        MUST(step_exclude);
        laws_hold("draft");
    }
    assert_int_equal(seen("SELECT count(*) FROM batch_version"), 2);
    assert_int_equal(seen("SELECT sum(total_minor) FROM batch_version"), 9 * AMOUNT);
    assert_int_equal(seen("SELECT sum(amount_minor) FROM ledger_posting p JOIN ledger_entry e ON e.id = p.entry_id WHERE e.kind = 'batch.claim' AND amount_minor > 0"),
                     2 * 12 * AMOUNT); /* program to cycle to batch, for each of five, four and three lines */
    MUST(step_release);
    assert_int_equal(seen("SELECT count(*) FROM disbursement d JOIN batch_item i ON i.id = d.item_id WHERE i.version = 3"), 3);
    assert_int_equal(seen("SELECT count(*) FROM disbursement"), 3);
    laws_hold("released");
}

/* --- at random ---------------------------------------------------------------------------------------------------------------------------- */

static struct demo_random dice;
static bool idle; /* the drawn act had nothing to act on */

static struct id
seen_id(const char *sql)
{
    bool row = false;
    struct statement statement = {"seen_id", sql, false};
    struct cursor *cursor = cursor_start(eye, &statement);
    must(cursor_next(cursor, &row));
    assert_true(row);
    struct id id = cursor_id(cursor, 0);
    cursor_end(cursor);
    return id;
}

/* One of the rows that the query finds, drawn; false when there is none. */
static bool
draw(struct money *money, const char *rows, struct id *ret_id)
{
    int64_t count = seen(arena_format(money->house->trial->arena, "SELECT count(*) FROM (%s)", rows));
    idle = count == 0;
    if (idle)
        return false;
    *ret_id = seen_id(arena_format(money->house->trial->arena, "%s ORDER BY id LIMIT 1 OFFSET %d", rows, demo_below(&dice, (int)count)));
    return true;
}

FALLIBLE static struct error *
act_make(struct money *money)
{
    static const char *const kinds[] = {"{}", "{\"kind\":\"arrears\"}", "{\"kind\":\"correction\"}", "{\"kind\":\"tranche\"}"};
    money->json = kinds[demo_below(&dice, 4)];
    return money_try(money, step_make);
}

FALLIBLE static struct error *
act_on_batch(struct money *money, struct error *(*step)(struct tx *tx, void *context), const char *states)
{
    const char *rows = demo_chance(&dice, 90) ? arena_format(money->house->trial->arena, "SELECT id FROM batch WHERE state IN (%s)", states) : "SELECT id FROM batch WHERE 1";
    if (!draw(money, rows, &money->batch_id))
        return NULL;
    if (seen("SELECT count(*) FROM batch_item WHERE state = 'held'") > 0 && demo_chance(&dice, 90)) {
        draw(money, "SELECT id FROM batch_item WHERE state = 'held'", &money->item_id);
        if (step == step_release_held || step == step_cancel_held)
            money->batch_id = seen_id(arena_format(money->house->trial->arena, "SELECT batch_id FROM batch_item WHERE id = %s", money_hex(money, money->item_id)));
    } else {
        draw(money, arena_format(money->house->trial->arena, "SELECT id FROM batch_item WHERE batch_id = %s", money_hex(money, money->batch_id)), &money->item_id);
    }
    idle = false;
    const struct actor *const people[] = {NULL, NULL, NULL, NULL, NULL, NULL, &money->mira, &money->hendra, &money->tuti};
    money->actor = people[demo_below(&dice, 9)];
    struct error *error = money_try(money, step);
    money->actor = NULL;
    return error;
}

FALLIBLE static struct error *
act_on_line(struct money *money, const char *act, const char *states)
{
    struct arena *arena = money->house->trial->arena;
    const char *rows = demo_chance(&dice, 90) ? arena_format(arena, "SELECT id FROM disbursement WHERE state IN (%s)", states) : "SELECT id FROM disbursement";
    if (!draw(money, rows, &money->row_id))
        return NULL;
    int64_t amount = (int64_t)(1 + demo_below(&dice, 10)) * (AMOUNT / 10);
    const char *body = "{\"reason\":\"" REASON "\"}";
    if (text_equal(act, "receipt"))
        body = demo_chance(&dice, 50) ? "{\"received_by\":\"payee\",\"method\":\"cash\",\"at\":\"2026-05-01T00:00:00Z\"}"
                                      : arena_format(arena, "{\"received_by\":\"payee\",\"method\":\"cash\",\"at\":\"2026-05-01T00:00:00Z\",\"amount_minor\":%lld}", (long long)amount);
    else if (text_equal(act, "return"))
        body = arena_format(arena, "{\"reason\":\"" REASON "\",\"amount_minor\":%lld}", (long long)amount);
    const struct actor *const people[] = {&money->maya, &money->mira, &money->tuti};
    return money_call(money, people[demo_below(&dice, 3)], arena_format(arena, "POST /api/v1/disbursements/{id}/%s", act), money->row_id, body);
}

FALLIBLE static struct error *
act_on_enrollment(struct money *money)
{
    struct id id;
    bool suspended = demo_chance(&dice, 55);
    if (!draw(money, suspended ? "SELECT id FROM enrollment WHERE state = 'suspended'" : "SELECT id FROM enrollment WHERE state = 'enrolled'", &id))
        return NULL;
    return money_call(money, &money->maya, suspended ? "POST /api/v1/enrollments/{id}/resume" : "POST /api/v1/enrollments/{id}/suspend", id, "{\"reason\":\"" REASON "\"}");
}

FALLIBLE static struct error *
act_relocate(struct money *money)
{
    struct id id;
    if (!draw(money, "SELECT id FROM household WHERE 1", &id))
        return NULL;
    return money_call(money, &money->house->officer, "PATCH /api/v1/households/{id}", id,
                      demo_chance(&dice, 50) ? "{\"region\":\"33.08.03.2001\"}" : "{\"region\":\"33.08.03.2002\"}");
}

FALLIBLE static struct error *
act_close(struct money *money)
{
    if (!draw(money, "SELECT id FROM batch WHERE state = 'released'", &money->batch_id))
        return NULL;
    TRY(money_call(money, &money->mira, "POST /api/v1/batches/{id}/close", money->batch_id, "{\"reason\":\"" REASON "\"}"));
    return job_run_all(money->house->trial->lane);
}

enum { ACT_MAKE, ACT_ENROLLMENT, ACT_RELOCATE, ACT_CLOSE, ACT_BATCH, ACT_LINE };
static const struct act { const char *name; int weight, what; struct error *(*step)(struct tx *tx, void *context); const char *states; } acts[] = {
    {"make", 3, ACT_MAKE, NULL, NULL}, {"suspend or resume", 12, ACT_ENROLLMENT, NULL, NULL}, {"close", 1, ACT_CLOSE, NULL, NULL},
    {"relocate", 6, ACT_RELOCATE, NULL, NULL},
    {"lock", 10, ACT_BATCH, step_lock, "'draft'"}, {"exclude", 2, ACT_BATCH, step_exclude, "'draft'"}, {"submit", 10, ACT_BATCH, step_submit, "'locked'"},
    {"recall", 1, ACT_BATCH, step_recall, "'locked', 'in_approval', 'approved'"}, {"cancel", 1, ACT_BATCH, step_cancel, "'draft', 'locked', 'in_approval', 'approved'"},
    {"approve", 12, ACT_BATCH, step_approve, "'in_approval'"}, {"withdraw", 2, ACT_BATCH, step_withdraw, "'approved'"},
    {"reject", 1, ACT_BATCH, step_reject, "'in_approval', 'approved'"}, {"release", 14, ACT_BATCH, step_release, "'approved'"},
    {"lift", 8, ACT_BATCH, step_release_held, "'released'"}, {"cancel held", 4, ACT_BATCH, step_cancel_held, "'released'"},
    {"receipt", 14, ACT_LINE, NULL, "'pending', 'partly_paid', 'uncollected'"}, {"return", 4, ACT_LINE, NULL, "'paid', 'partly_paid'"},
    {"reverse", 4, ACT_LINE, NULL, "'paid', 'partly_paid'"}, {"retry", 4, ACT_LINE, NULL, "'returned', 'held', 'uncollected'"},
    {"cancel", 2, ACT_LINE, NULL, "'pending', 'partly_paid', 'returned', 'held'"},
};

static size_t
draw_act(void)
{
    int all = 0, at;
    for (size_t i = 0; i < COUNT(acts); i++)
        all += acts[i].weight;
    at = demo_below(&dice, all);
    for (size_t i = 0;; i++)
        if ((at -= acts[i].weight) < 0)
            return i;
}

FALLIBLE static struct error *
perform(struct money *money, const struct act *act)
{
    switch (act->what) {
    case ACT_MAKE: return act_make(money);
    case ACT_ENROLLMENT: return act_on_enrollment(money);
    case ACT_RELOCATE: return act_relocate(money);
    case ACT_CLOSE: return act_close(money);
    case ACT_BATCH: return act_on_batch(money, act->step, act->states);
    default: return act_on_line(money, act->name, act->states);
    }
}

static bool
is_refusal(const struct error *error)
{
    static const enum error_code codes[] = {ERROR_STATE, ERROR_BUDGET, ERROR_DUTIES, ERROR_NOT_FOUND, ERROR_FIELDS, ERROR_ALREADY_RECEIVED};
    for (size_t i = 0; i < COUNT(codes); i++)
        if (error->code == codes[i])
            return true;
    return false;
}

static void
run_seed(struct money *money, uint64_t seed, int done[], int refused[])
{
    dice = (struct demo_random){seed};
    start(money);
    for (int i = 0; i < ACTS;) {
        size_t which = draw_act();
        idle = false;
        int64_t postings = seen("SELECT count(*) FROM ledger_posting"), leaves = seen("SELECT count(*) FROM audit_leaf");
        struct error *error = perform(money, &acts[which]);
        if (idle)
            continue;
        i++;
        const char *row = arena_format(money->house->trial->arena, "seed %d act %d %s: %s", (int)seed, i, acts[which].name, error ? error_slug(error->code) : "done");
        CHECK_ROW(!error || is_refusal(error), row);
        CHECK_ROW(!error || seen("SELECT count(*) FROM ledger_posting") == postings, row);
        refused[which] += error != NULL;
        done[which] += !error && seen("SELECT count(*) FROM audit_leaf") > leaves;
        error_free(error);
        laws_hold(row);
        MUST(step_recount);
    }
    MUST(step_verify_ledger);
}

static void
figures_agree_after_every_act(void **state)
{
    int done[COUNT(acts)] = {0}, refused[COUNT(acts)] = {0}, refusals = 0;
    for (uint64_t seed = 1; seed <= SEEDS; seed++) { /* a registry of its own each */
        assert_int_equal(eye_setup(state), 0);
        run_seed(*state, seed, done, refused);
        assert_int_equal(eye_teardown(state), 0);
    }
    for (size_t i = 0; i < COUNT(acts); i++) { /* every act happened, so the test is not blind */
        print_message("%-18s done %4d refused %4d\n", acts[i].name, done[i], refused[i]);
        CHECK_ROW(done[i] > 0, acts[i].name);
        refusals += refused[i];
    }
    assert_true(refusals > SEEDS * ACTS / 10);
}

/* A test of figures, not of the disk: in memory where the machine has such a folder. */
int
main(void)
{
    if (access("/dev/shm", W_OK) == 0)
        setenv("TMPDIR", "/dev/shm", 0);
    const struct CMUnitTest tests[] = {EYE_TEST(laws_can_fail), MONEY_TEST(recount_can_fail), EYE_TEST(money_follows_the_live_version), cmocka_unit_test(figures_agree_after_every_act)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
