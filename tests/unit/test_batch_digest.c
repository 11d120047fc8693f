/* test_batch_digest.c: the digest against a file that anyone can hash with sha256sum, and what is stored against what is released. */
#include <stdio.h>

#include "money_fixture.h"

#define P "01900000-0000-7000-8000-00000000000"
#define TAG "abababababababababababababababababababababababababababababababab"

static void
matches_the_vector(void **state)
{
    (void)state;
    uint8_t rule[SHA256_SIZE], digest[SHA256_SIZE];
    char rule_hex[65], hex[65], expected[65] = "";
    sha256_of("true\n[]\nIDR", 11, rule);
    hex_print(rule, sizeof rule, rule_hex);
    struct batch_digest_head head = {P "1", P "2", P "3", 2, "IDR", 2, 85000000, rule_hex};
    struct batch_digest_line lines[] = {
        {.item_id = P "4", .enrollment_id = P "5", .payee_member_id = P "6", .code = "cash", .kind = "cash", .has_amount = true, .amount_minor = 75000000, .account_tag = TAG},
        {.item_id = P "4", .enrollment_id = P "5", .payee_member_id = P "6", .code = "rice", .kind = "goods", .item = "beras 10 kg", .has_quantity = true, .quantity = 2,
         .account_tag = TAG},
        {.item_id = P "7", .enrollment_id = P "8", .code = "cash", .kind = "cash", .has_amount = true, .amount_minor = 10000000},
    };
    batch_digest(&head, lines, COUNT(lines), digest);
    hex_print(digest, sizeof digest, hex);
    FILE *file = fopen("tests/vectors/batch_digest.sha256", "r");
    assert_non_null(file);
    assert_int_equal(fread(expected, 1, 64, file), 64);
    fclose(file);
    assert_string_equal(hex, expected);
    lines[2].has_amount = false; /* absent is not zero */
    batch_digest(&head, lines, COUNT(lines), digest);
    hex_print(digest, sizeof digest, hex);
    assert_string_not_equal(hex, expected);
}

static const char drop_guards[] = "DROP TRIGGER batch_frozen; DROP TRIGGER batch_item_frozen; DROP TRIGGER batch_part_no_change; DROP TRIGGER batch_part_no_delete;"
                                  "DROP TRIGGER batch_item_no_delete; DROP TRIGGER batch_approval_kept; DROP TRIGGER program_rule_no_update; PRAGMA foreign_keys = OFF;";

/* With every trigger gone: whoever writes into the file behind the server's back is still not paid. */
static void
release_refuses_what_was_changed(void **state)
{
    struct money *money = *state;
    money->program = PROGRAM("Bantuan", "household", "true", CASH, "100000000000", "");
    MUST(step_program);
    money_enroll_families(money, 3);
    MUST(step_make);
    MUST(step_lock);
    MUST(step_submit);
    MUST(step_approve);
    money_execute(money, drop_guards);
    static const char *const changes[][2] = {
        {"UPDATE batch_part SET amount_minor = amount_minor + 100", "UPDATE batch_part SET amount_minor = amount_minor - 100"},
        {"UPDATE batch_item SET amount_minor = amount_minor + 100", "UPDATE batch_item SET amount_minor = amount_minor - 100"},
        {("UPDATE batch_item SET amount_minor = amount_minor + CASE WHEN id = (SELECT min(id) FROM batch_item) THEN 100 WHEN id = (SELECT max(id) FROM batch_item) "
          "THEN -100 ELSE 0 END"),
         "UPDATE batch_item SET amount_minor = 10000000"},
        {"UPDATE batch_part SET code = 'tunai'", "UPDATE batch_part SET code = 'cash'"},
        {"UPDATE batch_part SET kind = 'voucher'", "UPDATE batch_part SET kind = 'cash'"},
        {"UPDATE batch_part SET item = 'beras'", "UPDATE batch_part SET item = NULL"},
        {"UPDATE batch_part SET quantity = 1", "UPDATE batch_part SET quantity = NULL"},
        {"UPDATE batch_item SET account_tag = zeroblob(32)", "UPDATE batch_item SET account_tag = NULL"},
        {"UPDATE batch_item SET state = 'excluded' WHERE id = (SELECT min(id) FROM batch_item)", "UPDATE batch_item SET state = 'in'"},
        {"UPDATE batch_item SET version = 2 WHERE id = (SELECT min(id) FROM batch_item)", "UPDATE batch_item SET version = 1"},
        {"CREATE TABLE keep AS SELECT id, payee_member_id p, enrollment_id e FROM batch_item; UPDATE batch_item SET payee_member_id = id",
         "UPDATE batch_item SET payee_member_id = (SELECT p FROM keep WHERE keep.id = batch_item.id)"},
        {"UPDATE batch_item SET enrollment_id = id", "UPDATE batch_item SET enrollment_id = (SELECT e FROM keep WHERE keep.id = batch_item.id)"},
        {"UPDATE batch SET total_minor = total_minor - 100", "UPDATE batch SET total_minor = total_minor + 100"},
        {"UPDATE batch SET item_count = 2", "UPDATE batch SET item_count = 3"},
        {"UPDATE batch SET currency = 'USD'", "UPDATE batch SET currency = 'IDR'"},
        {"UPDATE program_rule SET digest = zeroblob(32)", NULL},
    };
    money_execute(money, "CREATE TABLE old_rule AS SELECT digest FROM program_rule");
    for (size_t i = 0; i < COUNT(changes); i++) {
        money_execute(money, arena_format(money->house->trial->arena, "PRAGMA foreign_keys = OFF; %s", changes[i][0]));
        struct error *error = money_try(money, step_release);
        CHECK_ROW(error && error->code == ERROR_DIGEST_CHANGED, changes[i][0]);
        error_free(error);
        money_execute(money, arena_format(money->house->trial->arena, "PRAGMA foreign_keys = OFF; %s",
                                          changes[i][1] ? changes[i][1] : "UPDATE program_rule SET digest = (SELECT digest FROM old_rule)"));
    }
    assert_int_equal(money_sql(money, "SELECT count(*) FROM disbursement"), 0);
    MUST(step_release);
    assert_string_equal(money_state(money), "released");
}

static void
triggers_freeze_what_was_locked(void **state)
{
    struct money *money = *state;
    money->program = PROGRAM("Bantuan", "household", "true", CASH, "100000000000", "");
    MUST(step_program);
    money_enroll_families(money, 1);
    MUST(step_make);
    MUST(step_lock);
    static const char *const writes[] = {
        "UPDATE batch_part SET amount_minor = 1", "DELETE FROM batch_part", "UPDATE batch_item SET amount_minor = 1", "UPDATE batch_item SET household_id = id",
        "UPDATE batch SET approvals_required = 9", "UPDATE batch SET strict_duties = 1", "UPDATE batch SET total_minor = 1", "UPDATE batch SET state = 'released'",
        "UPDATE batch SET state = 'approved'", "UPDATE ledger_posting SET amount_minor = 1", "DELETE FROM batch_duty",
        "INSERT INTO batch_part (item_id, part, code, kind, amount_minor) SELECT id, 9, 'x', 'cash', 1 FROM batch_item",
    };
    MUST(step_submit);
    for (size_t i = 0; i < COUNT(writes); i++) {
        struct db *db;
        must(db_open(money->house->trial->fixture->path, DB_MIGRATOR, NULL, &db));
        struct error *error = db_execute(db, writes[i]);
        CHECK_ROW(error != NULL, writes[i]);
        error_free(error);
        db_close(db);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(matches_the_vector), MONEY_TEST(release_refuses_what_was_changed), MONEY_TEST(triggers_freeze_what_was_locked)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
