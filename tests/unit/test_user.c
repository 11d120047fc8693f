/* test_user.c: roles, accounts and their bounds, links, grants that need a second person. */
#include "audit_fixture.h"

#include "lumbung/region.h"
#include "user/user_password.h"
#include "user/user_rules.h"

#define ARRAY_COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* The presets, written out once more by hand: o officer, m manager, p approver, a auditor, x admin. */
static const struct {
    enum permission permission;
    const char *roles;
} matrix[] = {
    {PERM_HOUSEHOLD_READ, "ompa"},     {PERM_HOUSEHOLD_WRITE, "om"},   {PERM_HOUSEHOLD_REVEAL, "om"},   {PERM_CHANGE_APPROVE, "m"},
    {PERM_ASSESSMENT_WRITE, "om"},     {PERM_ELIGIBILITY_CHECK, "ompa"}, {PERM_ENROLLMENT_PROPOSE, "om"}, {PERM_ENROLLMENT_DECIDE, "m"},
    {PERM_PROGRAM_READ, "ompa"},       {PERM_PROGRAM_WRITE, "m"},      {PERM_RULE_APPROVE, "p"},        {PERM_BATCH_READ, "mpa"},
    {PERM_BATCH_MAKE, "m"},            {PERM_BATCH_APPROVE, "mp"},     {PERM_BATCH_RELEASE, "mp"},      {PERM_RECEIPT_READ, "ompa"},
    {PERM_RECEIPT_WRITE, "om"},       {PERM_PAYMENT_FILE, "mp"},      {PERM_PAYMENT_RECONCILE, "mp"},  {PERM_STOCK_WRITE, "m"},
    {PERM_EXPORT_PERSONAL, "ma"},      {PERM_EXPORT_AGGREGATE, "mpa"}, {PERM_GRIEVANCE_READ, "ma"},     {PERM_GRIEVANCE_SENSITIVE, ""},
    {PERM_GRIEVANCE_RESOLVE, ""},      {PERM_AUDIT_READ, "ax"},        {PERM_PRIVACY_MANAGE, ""},       {PERM_USER_MANAGE, "x"},
    {PERM_REGION_MANAGE, "x"},         {PERM_SETTING_MANAGE, "x"},
};

static void
test_matrix(void **state)
{
    static const char letters[] = "ompax";
    (void)state;
    assert_int_equal(ARRAY_COUNT(matrix), PERM_COUNT);
    for (size_t i = 0; i < ARRAY_COUNT(matrix); i++)
        for (int role = 0; role < ROLE_COUNT; role++) {
            bool expected = strchr(matrix[i].roles, letters[role]) != NULL;
            if (((role_permissions((enum role)role) >> matrix[i].permission & 1) != 0) != expected)
                fail_msg("%s, %s: %s", role_name((enum role)role), permission_name(matrix[i].permission), expected ? "missing" : "too much");
        }
    assert_int_equal(role_set_masking(1 << ROLE_AUDITOR), MASKING_PSEUDONYM);
    assert_int_equal(role_set_masking(1 << ROLE_AUDITOR | 1 << ROLE_ADMIN), MASKING_PSEUDONYM);
    assert_int_equal(role_set_masking(1 << ROLE_AUDITOR | 1 << ROLE_OFFICER), MASKING_IDS);
    assert_int_equal(role_set_masking(1 << ROLE_APPROVER), MASKING_IDS);
    assert_true(actor_may(&(struct actor){.kind = ACTOR_NOBODY}, PERM_PUBLIC));
    assert_false(actor_may(&(struct actor){.kind = ACTOR_NOBODY}, PERM_SIGNED_IN));
    struct actor console = user_console_actor();
    assert_true(actor_may(&console, PERM_SETTING_MANAGE) && actor_may(&console, PERM_HOUSEHOLD_READ));
}

static const struct {
    const char *password;
    enum fault_code code;
} bad_passwords[] = {
    {NULL, FAULT_REQUIRED}, {"", FAULT_LENGTH}, {"short", FAULT_LENGTH}, {"elevenchars", FAULT_LENGTH}, {"lumbung2026!!", FAULT_COMMON_PASSWORD},
    {"Password12345", FAULT_COMMON_PASSWORD}, {"passwordpassword", FAULT_COMMON_PASSWORD}, {"123456789012", FAULT_COMMON_PASSWORD},
    {"987654321098", FAULT_COMMON_PASSWORD}, {"aaaaaaaaaaaaaaaa", FAULT_COMMON_PASSWORD}, {"qwertyuiopas", FAULT_COMMON_PASSWORD},
    {"abcdefghijklmnop", FAULT_COMMON_PASSWORD}, {"Rahasia-2026-Desa", FAULT_COMMON_PASSWORD}, {"bismillah1234", FAULT_COMMON_PASSWORD},
    {"IndonesiaMerdeka45", FAULT_COMMON_PASSWORD}, {"desalumbung!!!", FAULT_COMMON_PASSWORD}, {"rina.petugas.1", FAULT_COMMON_PASSWORD},
    {"rinarinarina1", FAULT_COMMON_PASSWORD}, {"correcthorsebatterystaple", FAULT_COMMON_PASSWORD}, {"\xff\xfe twelve bytes", FAULT_LENGTH},
};

static void
test_passwords(void **state)
{
    static const char *const good[] = {"correct horse battery", "kuda lumping menari pelan", "zJ8!kd-Vq02x,", "tikus besar di lumbung padi tua", "\xc3\xa9toile du nord 7 lune"};
    char long_one[1026];
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(bad_passwords); i++) {
        struct error *error = user_password_check(bad_passwords[i].password, "rina");
        if (!error || error->fault_count != 1 || error->faults[0].code != bad_passwords[i].code)
            fail_msg("\"%s\": %s", bad_passwords[i].password ? bad_passwords[i].password : "", error ? fault_slug(error->faults[0].code) : "accepted");
        error_free(error);
    }
    for (size_t i = 0; i < ARRAY_COUNT(good); i++)
        must(user_password_check(good[i], "rina"));
    for (size_t i = 0; i < sizeof long_one; i++)
        long_one[i] = (char)('a' + i * i % 25);
    long_one[1025] = '\0';
    must_refuse(user_password_check(long_one, NULL), ERROR_FIELDS, NULL);
    long_one[1024] = '\0';
    must(user_password_check(long_one, NULL));
}

struct order {
    struct user_new user;
    struct actor actor;
    const char *hash;
    struct id id;
};

static struct error *
add(struct tx *tx, void *context)
{
    struct order *order = context;
    return user_add(tx, &order->actor, &order->user, order->hash, &order->id);
}

FALLIBLE static struct error *
add_user(struct trial *trial, struct actor actor, const char *username, enum role role, struct id *ret_id)
{
    enum role roles[] = {role};
    struct order order = {.user = {.username = username, .display_name = username, .roles = roles, .role_count = 1}, .actor = actor, .hash = "$x"};
    TRY(lane_run(trial->lane, add, &order, trial->arena));
    *ret_id = order.id;
    return NULL;
}

static void
test_add_refusals(void **state)
{
    static const char *const names[] = {NULL, "", "ab", "Rina", "rina rina", "rina@desa", "abcdefghijklmnopqrstuvwxyz0123456789abcde"};
    struct trial *trial = *state;
    struct actor console = user_console_actor();
    struct id id;
    for (size_t i = 0; i < ARRAY_COUNT(names); i++)
        must_refuse(add_user(trial, console, names[i], ROLE_OFFICER, &id), ERROR_FIELDS, NULL);
    must(add_user(trial, console, "rina", ROLE_OFFICER, &id));
    must_refuse(add_user(trial, console, "rina", ROLE_ADMIN, &id), ERROR_EXISTS, NULL);
    static const char *const codes[] = {"1", "2"};
    static const enum role officer[] = {ROLE_OFFICER};
    struct order order = {.user = {.username = "budi", .display_name = "Budi", .roles = officer, .role_count = 1, .region_codes = codes, .region_count = 2}, .actor = console};
    struct error *error = lane_run(trial->lane, add, &order, trial->arena);
    assert_non_null(error);
    assert_int_equal(error->fault_count, 2);
    assert_string_equal(error->faults[1].pointer, "/regions/1");
    error_free(error);
    order.user.region_count = 0;
    order.user.display_name = " ";
    order.user.role_count = 0;
    error = lane_run(trial->lane, add, &order, trial->arena);
    assert_int_equal(error->fault_count, 2);
    error_free(error);
    assert_int_equal(fixture_number(trial->fixture, "SELECT count(*) FROM user_account"), 1);
}

static struct actor
acting(struct id id, const char *name)
{
    return (struct actor){.kind = ACTOR_USER, .user_id = id, .name = name, .permissions = role_permissions(ROLE_ADMIN), .all_regions = true, .all_programs = true};
}

struct change {
    struct actor actor;
    struct id id, grant;
    struct user_patch patch;
    const char *token, *state;
};

static struct error *
change(struct tx *tx, void *context)
{
    struct change *order = context;
    return user_change(tx, &order->actor, order->id, &order->patch);
}

static struct error *
confirm(struct tx *tx, void *context)
{
    struct change *order = context;
    return user_grant_confirm(tx, &order->actor, order->grant, &order->token);
}

static struct error *
withdraw(struct tx *tx, void *context)
{
    struct change *order = context;
    return user_grant_withdraw(tx, &order->actor, order->grant);
}

static struct error *
set_state(struct tx *tx, void *context)
{
    struct change *order = context;
    return user_set_state(tx, &order->actor, order->id, order->state);
}

static struct error *
ask_link(struct tx *tx, void *context)
{
    struct change *order = context;
    return user_link_ask(tx, &order->actor, order->id, &order->token, &order->grant);
}

struct look {
    struct id id;
    struct account account;
    struct grant grants[8];
    size_t count;
    bool alone;
};

static struct error *
look(struct tx *tx, void *context)
{
    struct look *look = context;
    TRY(user_load(tx, look->id, &look->account));
    TRY(user_granted_alone(tx, look->id, &look->alone));
    return grant_list_user(tx, look->id, 8, look->grants, &look->count);
}

static struct look
look_at(struct trial *trial, struct id id)
{
    struct look found = {.id = id};
    must(trial_read(trial, look, &found));
    return found;
}

/* The first admin makes the second alone; from then on another person confirms. */
static void
test_grants(void **state)
{
    struct trial *trial = *state;
    struct id first, second, third, officer;
    must(add_user(trial, user_console_actor(), "first", ROLE_ADMIN, &first));
    must(add_user(trial, acting(first, "first"), "second", ROLE_ADMIN, &second));
    struct look found = look_at(trial, second);
    assert_int_equal(found.account.roles, 1 << ROLE_ADMIN);
    assert_true(found.alone);
    must(add_user(trial, acting(first, "first"), "third", ROLE_MANAGER, &third));
    found = look_at(trial, third);
    assert_int_equal(found.account.roles, 0);
    assert_int_equal(found.count, 1);
    must(add_user(trial, acting(first, "first"), "officer", ROLE_OFFICER, &officer));
    assert_int_equal(look_at(trial, officer).account.roles, 1 << ROLE_OFFICER);
    assert_false(look_at(trial, officer).alone);
    struct change order = {.actor = acting(first, "first"), .grant = found.grants[0].id};
    must_refuse(lane_run(trial->lane, confirm, &order, trial->arena), ERROR_FORBIDDEN, NULL); /* the maker */
    order.actor = acting(third, "third");
    must_refuse(lane_run(trial->lane, confirm, &order, trial->arena), ERROR_FORBIDDEN, NULL); /* the subject */
    must_refuse(lane_run(trial->lane, withdraw, &order, trial->arena), ERROR_FORBIDDEN, NULL);
    order.actor = acting(second, "second");
    must(lane_run(trial->lane, confirm, &order, trial->arena));
    must_refuse(lane_run(trial->lane, confirm, &order, trial->arena), ERROR_STATE, NULL); /* once */
    found = look_at(trial, third);
    assert_int_equal(found.account.roles, 1 << ROLE_MANAGER);
    assert_false(found.alone);
    order.grant = second;
    must_refuse(lane_run(trial->lane, confirm, &order, trial->arena), ERROR_NOT_FOUND, NULL);
    /* The database refuses the same by itself. */
    struct db *db;
    must(db_open(trial->fixture->path, DB_MIGRATOR, NULL, &db));
    struct error *error = db_execute(db, "UPDATE user_role SET confirmed_by = user_id");
    assert_non_null(error);
    error_free(error);
    error = db_execute(db, "UPDATE pending_grant SET decided_by = made_by");
    assert_non_null(error);
    error_free(error);
    db_close(db);
}

static void
test_change(void **state)
{
    struct trial *trial = *state;
    struct id first, second, officer;
    must(add_user(trial, user_console_actor(), "first", ROLE_ADMIN, &first));
    must(add_user(trial, user_console_actor(), "second", ROLE_ADMIN, &second));
    must(add_user(trial, user_console_actor(), "officer", ROLE_OFFICER, &officer));
    struct change order = {.actor = acting(first, "first"), .id = first, .patch = {.has_roles = true, .roles = 1 << ROLE_ADMIN | 1 << ROLE_MANAGER}};
    must_refuse(lane_run(trial->lane, change, &order, trial->arena), ERROR_FORBIDDEN, NULL); /* himself */
    order.id = officer;
    order.patch.roles = 1 << ROLE_OFFICER | 1 << ROLE_APPROVER;
    order.patch.display_name = "Rina Baru";
    must(lane_run(trial->lane, change, &order, trial->arena));
    must(lane_run(trial->lane, change, &order, trial->arena)); /* asked twice, waits once */
    struct look found = look_at(trial, officer);
    assert_int_equal(found.account.roles, 1 << ROLE_OFFICER);
    assert_string_equal(found.account.display_name, "Rina Baru");
    assert_int_equal(found.account.version, 3);
    assert_int_equal(found.count, 1);
    order.grant = found.grants[0].id;
    must(lane_run(trial->lane, withdraw, &order, trial->arena));
    assert_int_equal(look_at(trial, officer).count, 0);
    order.patch = (struct user_patch){.has_roles = true};
    must_refuse(lane_run(trial->lane, change, &order, trial->arena), ERROR_FIELDS, NULL);
    order.state = "disabled";
    must(lane_run(trial->lane, set_state, &order, trial->arena));
    must_refuse(lane_run(trial->lane, set_state, &order, trial->arena), ERROR_STATE, NULL);
    order.id = first;
    must_refuse(lane_run(trial->lane, set_state, &order, trial->arena), ERROR_FORBIDDEN, NULL);
    must_refuse(lane_run(trial->lane, ask_link, &order, trial->arena), ERROR_FORBIDDEN, NULL);
    /* Sealed at rest. */
    assert_int_equal(fixture_number(trial->fixture, "SELECT count(*) FROM user_account WHERE instr(display_name, 'Rina') > 0"), 0);
}

static const char region_csv[] = "code,parent,level,kind,name\n15,,1,provinsi,Jambi\n15.01,15,2,kabupaten,Kerinci\n15.02,15,2,kabupaten,Merangin\n"
                                 "15.01.01,15.01,3,kecamatan,Danau\n";

static struct error *
import_regions(struct tx *tx, void *context)
{
    int64_t rows = 0;
    const struct change *order = context;
    return region_import(tx, &order->actor, region_csv, sizeof region_csv - 1, &rows);
}

static const char *const below[] = {"15.02", "15.01", "15.01.01"}, *const twin[] = {"15.01", "15"}, *const apart[] = {"15.01.01", "15.02"}, *const unknown[] = {"15.01", "99"};

/* What an account cannot be given, and where the fault stands. */
static const struct {
    struct user_patch patch;
    const char *pointer;
    enum fault_code code;
} bad_patches[] = {
    {{.has_roles = true, .roles = 1 << ROLE_AUDITOR | 1 << ROLE_OFFICER}, "/roles", FAULT_CONSTRAINT},
    {{.has_roles = true, .roles = 1 << ROLE_AUDITOR | 1 << ROLE_ADMIN}, "/roles", FAULT_CONSTRAINT},
    {{.has_roles = true, .roles = 0x1f}, "/roles", FAULT_CONSTRAINT},
    {{.has_roles = true}, "/roles", FAULT_REQUIRED},
    {{.has_regions = true, .region_codes = below, .region_count = 3}, "/regions/2", FAULT_CONSTRAINT},
    {{.has_regions = true, .region_codes = twin, .region_count = 2}, "/regions/0", FAULT_CONSTRAINT},
    {{.has_regions = true, .region_codes = unknown, .region_count = 2}, "/regions/1", FAULT_REGION},
    {{.has_programs = true, .program_ids = &(const struct id){{7}}, .program_count = 1}, "/programs/0", FAULT_REFERENCE},
    {{.display_name = "  "}, "/display_name", FAULT_LENGTH},
};

static void
test_bounds(void **state)
{
    struct trial *trial = *state;
    struct id admin, second, officer;
    must(add_user(trial, user_console_actor(), "first", ROLE_ADMIN, &admin));
    must(add_user(trial, user_console_actor(), "second", ROLE_ADMIN, &second));
    must(add_user(trial, user_console_actor(), "officer", ROLE_OFFICER, &officer));
    struct change order = {.actor = acting(admin, "first"), .id = officer};
    must(lane_run(trial->lane, import_regions, &order, trial->arena));
    for (size_t i = 0; i < ARRAY_COUNT(bad_patches); i++) {
        order.patch = bad_patches[i].patch;
        struct error *error = lane_run(trial->lane, change, &order, trial->arena);
        if (!error || error->fault_count != 1 || strcmp(error->faults[0].pointer, bad_patches[i].pointer) != 0 || error->faults[0].code != bad_patches[i].code)
            fail_msg("patch %zu: %s", i, error && error->fault_count ? error->faults[0].pointer : "accepted");
        error_free(error);
    }
    order.patch = (struct user_patch){.has_regions = true, .region_codes = apart, .region_count = 2, .has_roles = true, .roles = 1 << ROLE_OFFICER | 1 << ROLE_MANAGER};
    must(lane_run(trial->lane, change, &order, trial->arena));
    assert_int_equal(fixture_number(trial->fixture, "SELECT count(*) FROM user_region"), 2);
    assert_int_equal(fixture_number(trial->fixture, "SELECT count(*) FROM user_scope"), 2);
    /* A role that waits, then is no longer wanted, is withdrawn; and a waiting one never joins an auditor's. */
    assert_int_equal(look_at(trial, officer).count, 1);
    order.patch = (struct user_patch){.has_roles = true, .roles = 1 << ROLE_OFFICER};
    must(lane_run(trial->lane, change, &order, trial->arena));
    assert_int_equal(look_at(trial, officer).count, 0);
    order.patch.roles = 1 << ROLE_AUDITOR;
    must(lane_run(trial->lane, change, &order, trial->arena));
    assert_int_equal(look_at(trial, officer).account.roles, 1 << ROLE_AUDITOR);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_matrix), cmocka_unit_test(test_passwords), TRIAL_TEST(test_add_refusals), TRIAL_TEST(test_grants),
                                       TRIAL_TEST(test_change), TRIAL_TEST(test_bounds)};
    return cmocka_run_group_tests_name("user", tests, NULL, NULL);
}
