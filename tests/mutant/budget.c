/* budget.c: mutant of figure 6: select what is left, then update. A balance is read before the lane, reckoned in memory and written back,
 * instead of being moved by the trigger of each posting; its CHECK is gone. */
#include "before_lane.h"

#include <stdlib.h>

#include "ledger/ledger_store.h"

#define ACCOUNTS_MAX 16 /* of one job */

const struct schema_cut schema_cuts[] = {
    {"CHECK (balance_minor >= 0 OR kind = 'fund')", "CHECK (owner_id IS NOT NULL)"},
    {"CREATE TRIGGER ledger_posting_balance ", "CREATE TEMP TRIGGER ledger_posting_balance "},
    {0},
};

STATEMENT_WRITE(mutant_balance_set, "UPDATE ledger_account SET balance_minor = $2 WHERE id = $1")

struct error *__real_ledger_store_account(struct tx *tx, const char *kind, struct id owner_id, const char *currency, struct id *ret_id,
                                          int64_t *ret_balance);
struct error *__wrap_ledger_store_account(struct tx *tx, const char *kind, struct id owner_id, const char *currency, struct id *ret_id,
                                          int64_t *ret_balance);
struct error *__real_ledger_store_posting(struct tx *tx, struct id entry_id, int line, struct id account_id, int64_t amount_minor);
struct error *__wrap_ledger_store_posting(struct tx *tx, struct id entry_id, int line, struct id account_id, int64_t amount_minor);

struct remembered {
    struct id id;
    int64_t balance_minor;
};
static struct remembered accounts[ACCOUNTS_MAX]; /* the lane thread's, of one job */
static size_t account_count;
static int64_t accounts_job;

static struct remembered *
account_of(struct id id)
{
    if (accounts_job != before_lane_job())
        account_count = 0;
    accounts_job = before_lane_job();
    for (size_t i = 0; i < account_count; i++)
        if (id_equal(accounts[i].id, id))
            return &accounts[i];
    return NULL;
}

struct error *
__wrap_ledger_store_account(struct tx *tx, const char *kind, struct id owner_id, const char *currency, struct id *ret_id,
                            int64_t *ret_balance)
{
    TRY(__real_ledger_store_account(tx, kind, owner_id, currency, ret_id, ret_balance));
    struct remembered *account = account_of(*ret_id);
    if (account == NULL) {
        if (account_count == ACCOUNTS_MAX)
            abort();
        struct tx early = before_lane(tx);
        int64_t balance = 0;
        TRY(ledger_store_balance(&early, kind, owner_id, &balance));
        account = &accounts[account_count++];
        *account = (struct remembered){*ret_id, balance != 0 ? balance : *ret_balance};
    }
    *ret_balance = account->balance_minor;
    return NULL;
}

struct error *
__wrap_ledger_store_posting(struct tx *tx, struct id entry_id, int line, struct id account_id, int64_t amount_minor)
{
    TRY(__real_ledger_store_posting(tx, entry_id, line, account_id, amount_minor));
    struct remembered *account = account_of(account_id);
    if (account == NULL)
        abort();
    account->balance_minor += amount_minor;
    struct cursor *cursor = cursor_start(tx->db, &mutant_balance_set);
    cursor_bind_id(cursor, 1, account_id);
    cursor_bind_int(cursor, 2, account->balance_minor);
    return cursor_run(cursor, NULL);
}
