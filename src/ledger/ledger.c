/* ledger.c: the rules of the ledger: balanced entries along a chain of accounts, none below zero but the fund. */
#include "lumbung/ledger.h"

#include "ledger/ledger_store.h"
#include "lumbung/base/money.h"

static const char *const ledger_kind_names[LEDGER_KIND_COUNT] = {
    [LEDGER_FUND] = "fund", [LEDGER_PROGRAM] = "program", [LEDGER_CYCLE] = "cycle", [LEDGER_BATCH] = "batch", [LEDGER_OPEN] = "open", [LEDGER_PAID] = "paid",
};

/* The database refuses a negative balance too; asking first gives the words: what is left, what was asked. */
static struct error *
ledger_check_left(struct tx *tx, const struct ledger_place *place, int64_t balance_minor, int64_t amount_minor, const char *currency)
{
    if (place->kind == LEDGER_FUND || balance_minor >= amount_minor)
        return NULL;
    struct error *error = error_with(ERROR_BUDGET, money_text(tx->arena, balance_minor, currency, LANGUAGE_ID),
                                     money_text(tx->arena, amount_minor, currency, LANGUAGE_ID), NULL);
    error_in_english(error, 0, money_text(tx->arena, balance_minor, currency, LANGUAGE_EN));
    error_in_english(error, 1, money_text(tx->arena, amount_minor, currency, LANGUAGE_EN));
    return error;
}

struct error *
ledger_move(struct tx *tx, const struct actor *actor, const char *kind, struct id record_id, const char *currency, const struct ledger_place *places,
            size_t place_count, int64_t amount_minor)
{
    if (amount_minor == 0)
        return NULL;
    if (amount_minor < 0 || place_count < 2)
        return error_internal("ledger: %s moves %lld over %zu accounts", kind, (long long)amount_minor, place_count);
    struct id *accounts = ARENA_ARRAY(tx->arena, struct id, place_count);
    for (size_t i = 0; i < place_count; i++) {
        int64_t balance = 0;
        TRY(ledger_store_account(tx, ledger_kind_names[places[i].kind], places[i].owner_id, currency, &accounts[i], &balance));
        if (i == 0)
            TRY(ledger_check_left(tx, &places[i], balance, amount_minor, currency));
    }
    struct id entry_id = tx_new_id(tx);
    TRY(ledger_store_entry(tx, entry_id, kind, record_id, actor->user_id));
    int line = 0;
    for (size_t i = 0; i + 1 < place_count; i++) {
        /* The credit first: a chain's inner account is filled before it is emptied, so that no balance is negative in between. */
        TRY(ledger_store_posting(tx, entry_id, line++, accounts[i + 1], amount_minor));
        TRY(ledger_store_posting(tx, entry_id, line++, accounts[i], -amount_minor));
    }
    return NULL;
}

struct error *
ledger_balance(struct tx *tx, struct ledger_place place, int64_t *ret_minor)
{
    return ledger_store_balance(tx, ledger_kind_names[place.kind], place.owner_id, ret_minor);
}

struct error *
ledger_set_budget(struct tx *tx, const struct actor *actor, struct id program_id, const char *currency, int64_t budget_minor)
{
    struct ledger_place fund = {LEDGER_FUND, program_id}, program = {LEDGER_PROGRAM, program_id};
    int64_t given = 0;
    TRY(ledger_balance(tx, fund, &given));
    int64_t difference = 0;
    if (!money_add(budget_minor, given, &difference)) /* the fund's balance is minus what it gave */
        return error_internal("ledger: budget overflows");
    if (difference >= 0)
        return ledger_move(tx, actor, "budget.raise", program_id, currency, (const struct ledger_place[]){fund, program}, 2, difference);
    return ledger_move(tx, actor, "budget.lower", program_id, currency, (const struct ledger_place[]){program, fund}, 2, -difference);
}

static struct error *
ledger_bad(struct tx *tx, const char *what, struct id id)
{
    char text[ID_TEXT_SIZE];
    id_print(id, text);
    return error_with(ERROR_TAMPERED, arena_format(tx->arena, "ledger: %s %s", what, text), NULL, NULL);
}

struct error *
ledger_verify(struct tx *tx, struct buffer *report)
{
    struct id id;
    bool found = false;
    TRY(ledger_store_unbalanced(tx, &id, &found));
    if (found)
        return ledger_bad(tx, "an entry is not balanced:", id);
    TRY(ledger_store_drifted(tx, &id, &found));
    if (found)
        return ledger_bad(tx, "a balance is not the sum of its postings:", id);
    int64_t accounts = 0, entries = 0, sum = 0, negative = 0;
    TRY(ledger_store_totals(tx, &accounts, &entries, &sum, &negative));
    if (sum != 0 || negative != 0)
        return error_with(ERROR_TAMPERED, "ledger: the balances do not sum to zero, or one is below zero", NULL, NULL);
    if (report)
        buffer_format(report, "ledger: %lld accounts, %lld entries, all balanced\n", (long long)accounts, (long long)entries);
    return NULL;
}
