/* test_plans.c: the engine's plan of every registered statement, reads and writes: no table that grows with people, payments or what was done is walked
 * from end to end, but by the few that must read all of it. Plans depend on the schema alone: nothing ever runs ANALYZE. */
#include "money_fixture.h"

#include <ctype.h>

static const char *const grown[] = {
    "household", "member", "member_past", "household_card", "household_consent", "duplicate_case", "attachment", "assessment", "enrollment", "batch_item", "batch_part",
    "batch_claim", "batch_dropped", "disbursement", "disbursement_part", "disbursement_attempt", "receipt", "ledger_entry", "ledger_posting", "ledger_account",
    "audit_leaf", "audit_part", "audit_node", "data_key", "assessment_score", "idempotency", "job", "disbursement_sum", "enrollment_sum", "change_request", "household_score", "flag_count", "external_fact", "household_move", "household_stay", "household_ended", "change_unseen",
};

/* Who reads a whole table, and why that is his work. */
static const struct exempt { const char *name, *why; } exempt[] = {
    {"member_id_in_order", "the index of names and numbers is built in memory at start"},
    {"household_each_row", "the same"},
    {"household_each_card_row", "the same"},
    {"disbursement_drifted", "verify"},
    {"disbursement_total_kept_alone", "verify counts anew"},
    {"disbursement_total_counted_alone", "the same"},
    {"disbursement_sum_kept_alone", "the same"},
    {"disbursement_sum_counted_alone", "the same"},
    {"enrollment_sum_kept_alone", "the same"},
    {"enrollment_sum_counted_alone", "the same"},
    {"ledger_unbalanced", "verify"},
    {"ledger_drifted", "verify"},
    {"ledger_totals", "verify"},
    {"score_households_total", "how many a job will visit, once when it starts"},
};

static bool
is_word(char character)
{
    return isalnum((unsigned char)character) || character == '_';
}

static bool
begins_word(const char *at, const char *word)
{
    size_t length = strlen(word);
    return strncmp(at, word, length) == 0 && !is_word(at[length]);
}

/* Does `name`, in the plan, stand for `table` in the statement? */
static bool
stands_for(const char *sql, const char *name, size_t length, const char *table)
{
    if (strlen(table) == length && strncmp(name, table, length) == 0)
        return true;
    for (const char *at = sql; (at = strstr(at, table)) != NULL; at++) {
        const char *alias = at + strlen(table);
        if ((at > sql && is_word(at[-1])) || *alias != ' ')
            continue;
        alias += begins_word(alias + 1, "AS") ? 4 : 1;
        if (strncmp(alias, name, length) == 0 && !is_word(alias[length]))
            return true;
    }
    return false;
}

static const char *
walked_table(const char *sql, const char *step)
{
    bool scan = strncmp(step, "SCAN ", 5) == 0, made_index = strstr(step, " USING AUTOMATIC ") != NULL; /* of the whole table, for this one question */
    const char *name = step + (scan ? 5 : 7);
    size_t length = scan || made_index ? strcspn(name, " ") : 0;
    for (size_t i = 0; length > 0 && i < COUNT(grown); i++)
        if (stands_for(sql, name, length, grown[i]))
            return grown[i];
    return NULL;
}

static bool
may_walk(const char *name)
{
    for (size_t i = 0; i < COUNT(exempt); i++)
        if (strcmp(exempt[i].name, name) == 0)
            return true;
    return false;
}

/* The first grown table that the statement walks; NULL: none. */
static const char *
walks(struct db *db, struct arena *arena, const struct statement *statement)
{
    struct statement plan = {statement->name, arena_format(arena, "EXPLAIN QUERY PLAN %s", statement->sql), statement->writes};
    struct cursor *cursor = cursor_start(db, &plan);
    const char *table = NULL;
    bool row = false;
    while (must(cursor_next(cursor, &row)), row)
        if (table == NULL && (table = walked_table(statement->sql, cursor_text(cursor, arena, 3))) != NULL)
            table = arena_format(arena, "%s: %s", table, cursor_text(cursor, arena, 3));
    cursor_end(cursor);
    return table;
}

static void
nothing_walks_what_grows(void **state)
{
    struct money *money = *state;
    struct arena *arena = money->house->trial->arena;
    struct db *db;
    size_t faults = 0;
    must(db_open(money->house->trial->fixture->path, DB_MIGRATOR, NULL, &db));
    for (size_t i = 0; i < statement_count(); i++) {
        const struct statement *statement = statement_at(i);
        const char *table = walks(db, arena, statement);
        if (table && !may_walk(statement->name)) {
            printf("%s walks %s\n", statement->name, table);
            faults++;
        }
    }
    db_close(db);
    assert_int_equal(faults, 0);
    assert_true(statement_count() > 250);
}

/* A word of the list that no statement bears, or that no longer walks anything, is a leftover. */
static void
every_exemption_is_needed(void **state)
{
    struct money *money = *state;
    struct db *db;
    must(db_open(money->house->trial->fixture->path, DB_MIGRATOR, NULL, &db));
    for (size_t i = 0; i < COUNT(exempt); i++) {
        bool needed = false;
        for (size_t j = 0; j < statement_count(); j++)
            needed |= strcmp(statement_at(j)->name, exempt[i].name) == 0 && walks(db, money->house->trial->arena, statement_at(j)) != NULL;
        CHECK_ROW(needed && exempt[i].why[0], exempt[i].name);
    }
    db_close(db);
}

/* The test itself must see a walk, under whatever name. */
static void
a_walk_is_seen(void **state)
{
    struct money *money = *state;
    static const struct { const char *sql; bool walks; } rows[] = {
        {"SELECT id FROM household", true}, {"SELECT h.id FROM household h", true}, {"SELECT x.id FROM household AS x ORDER BY x.id LIMIT 5", true},
        {"SELECT count(*) FROM disbursement d WHERE d.held_reason = 'consent'", true}, {"SELECT b.id FROM batch b JOIN receipt z ON z.kind = b.kind", true},
        {"SELECT id FROM household WHERE id = $1", false}, {"SELECT code FROM region_code", false},
        {"SELECT count(*) FROM disbursement WHERE batch_id = $1", false}, {"UPDATE enrollment SET reason = NULL", true},
    };
    struct db *db;
    must(db_open(money->house->trial->fixture->path, DB_MIGRATOR, NULL, &db));
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct statement statement = {"row", rows[i].sql, strncmp(rows[i].sql, "SELECT", 6) != 0};
        CHECK_ROW((walks(db, money->house->trial->arena, &statement) != NULL) == rows[i].walks, rows[i].sql);
    }
    db_close(db);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {MONEY_TEST(nothing_walks_what_grows), MONEY_TEST(every_exemption_is_needed), MONEY_TEST(a_walk_is_seen)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
