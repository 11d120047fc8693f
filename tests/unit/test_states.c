/* test_states.c: every state that the database knows has its word in both languages, since refusals and pages say it. */
#include "money_fixture.h"

#include "payment/payment_fields.h"

/* Their states are never said by themselves. */
static const char *const silent[] = {"pending_grant_state", "form_state"};

STATEMENT_READ(state_tables, "SELECT name FROM sqlite_master WHERE type = 'table' AND name LIKE '%\\_state' ESCAPE '\\' ORDER BY name")

static bool
is_silent(const char *table)
{
    for (size_t i = 0; i < COUNT(silent); i++)
        if (strcmp(silent[i], table) == 0)
            return true;
    return false;
}

static const struct code_list *
list_of(const char *table)
{
    for (const struct code_list *const *list = code_lists; *list; list++)
        if (strcmp((*list)->name, table) == 0)
            return *list;
    return NULL;
}

/* Counts the words of a table; what has none fails. */
static size_t
check_table(struct db *db, struct arena *arena, const char *table)
{
    struct statement names = {table, arena_format(arena, "SELECT name FROM %s", table), false};
    const struct code_list *list = list_of(table);
    size_t count = 0;
    bool row = false;
    CHECK_ROW(list != NULL, table);
    struct cursor *cursor = cursor_start(db, &names);
    for (; must(cursor_next(cursor, &row)), row; count++)
        CHECK_ROW(code_find(list, cursor_text(cursor, arena, 0)) != NULL, cursor_text(cursor, arena, 0));
    cursor_end(cursor);
    CHECK_ROW(count == list->count, table);
    return count;
}

static void
every_state_has_its_word(void **state)
{
    struct money *money = *state;
    struct arena *arena = money->house->trial->arena;
    struct db *db;
    size_t words = 0;
    bool row = false;
    must(db_open(money->house->trial->fixture->path, DB_MIGRATOR, NULL, &db));
    struct cursor *cursor = cursor_start(db, &state_tables);
    while (must(cursor_next(cursor, &row)), row)
        if (!is_silent(cursor_text(cursor, arena, 0)))
            words += check_table(db, arena, cursor_text(cursor, arena, 0));
    cursor_end(cursor);
    db_close(db);
    assert_true(words > 40);
}

/* The lists of words that no table holds. */
static void
every_word_is_said_in_both_languages(void **state)
{
    static const struct code_list *const lists[] = {&situation_codes, &batch_stage_codes, &item_state_codes, &job_state_codes};
    (void)state;
    for (size_t i = 0; i < COUNT(lists); i++)
        for (size_t j = 0; j < lists[i]->count; j++) {
            const struct code *code = &lists[i]->codes[j];
            CHECK_ROW(code_find(lists[i], code->word) == code && code->label_id[0] && code->label_en[0] && strcmp(code->label_id, code->label_en) != 0, code->word);
        }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {MONEY_TEST(every_state_has_its_word), cmocka_unit_test(every_word_is_said_in_both_languages)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
