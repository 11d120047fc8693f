/* ledger_store.c: SQL of the ledger. Balances follow their postings by a trigger, so that no code path can move one without the other. */
#include "ledger/ledger_store.h"

STATEMENT_READ(ledger_account_find, "SELECT id, balance_minor FROM ledger_account WHERE kind = $1 AND owner_id = $2")

static struct error *
ledger_find(struct tx *tx, const char *kind, struct id owner_id, struct id *ret_id, int64_t *ret_balance, bool *ret_found)
{
    struct cursor *cursor = cursor_start(tx->db, &ledger_account_find);
    cursor_bind_text(cursor, 1, kind);
    cursor_bind_id(cursor, 2, owner_id);
    struct error *error = cursor_next(cursor, ret_found);
    if (error == NULL && *ret_found) {
        *ret_id = cursor_id(cursor, 0);
        *ret_balance = cursor_int(cursor, 1);
    }
    cursor_end(cursor);
    return error;
}

STATEMENT_WRITE(ledger_account_insert, "INSERT INTO ledger_account (id, kind, owner_id, currency, balance_minor) VALUES ($1, $2, $3, $4, 0)")

struct error *
ledger_store_account(struct tx *tx, const char *kind, struct id owner_id, const char *currency, struct id *ret_id, int64_t *ret_balance)
{
    bool found = false;
    TRY(ledger_find(tx, kind, owner_id, ret_id, ret_balance, &found));
    if (found)
        return NULL;
    *ret_id = tx_new_id(tx);
    *ret_balance = 0;
    struct cursor *cursor = cursor_start(tx->db, &ledger_account_insert);
    cursor_bind_id(cursor, 1, *ret_id);
    cursor_bind_text(cursor, 2, kind);
    cursor_bind_id(cursor, 3, owner_id);
    cursor_bind_text(cursor, 4, currency);
    return cursor_run(cursor, NULL);
}

struct error *
ledger_store_balance(struct tx *tx, const char *kind, struct id owner_id, int64_t *ret_balance)
{
    struct id id;
    bool found = false;
    int64_t balance = 0;
    TRY(ledger_find(tx, kind, owner_id, &id, &balance, &found));
    *ret_balance = found ? balance : 0;
    return NULL;
}

STATEMENT_WRITE(ledger_entry_insert, "INSERT INTO ledger_entry (id, at_ms, kind, record_id, actor_id) VALUES ($1, $2, $3, $4, $5)")

struct error *
ledger_store_entry(struct tx *tx, struct id entry_id, const char *kind, struct id record_id, struct id actor_id)
{
    struct cursor *cursor = cursor_start(tx->db, &ledger_entry_insert);
    cursor_bind_id(cursor, 1, entry_id);
    cursor_bind_int(cursor, 2, tx->now_ms);
    cursor_bind_text(cursor, 3, kind);
    cursor_bind_id(cursor, 4, record_id);
    cursor_bind_id(cursor, 5, actor_id);
    return cursor_run(cursor, NULL);
}

STATEMENT_WRITE(ledger_posting_insert, "INSERT INTO ledger_posting (entry_id, line, account_id, amount_minor) VALUES ($1, $2, $3, $4)")

struct error *
ledger_store_posting(struct tx *tx, struct id entry_id, int line, struct id account_id, int64_t amount_minor)
{
    struct cursor *cursor = cursor_start(tx->db, &ledger_posting_insert);
    cursor_bind_id(cursor, 1, entry_id);
    cursor_bind_int(cursor, 2, line);
    cursor_bind_id(cursor, 3, account_id);
    cursor_bind_int(cursor, 4, amount_minor);
    return cursor_run(cursor, NULL);
}

static struct error *
ledger_find_bad(struct tx *tx, const struct statement *statement, struct id *ret_id, bool *ret_found)
{
    struct cursor *cursor = cursor_start(tx->db, statement);
    return cursor_one(cursor, NULL, cursor_read_id, ret_id, ret_found);
}

STATEMENT_READ(ledger_unbalanced, "SELECT entry_id FROM ledger_posting GROUP BY entry_id HAVING sum(amount_minor) <> 0 ORDER BY entry_id LIMIT 1")

struct error *
ledger_store_unbalanced(struct tx *tx, struct id *ret_entry, bool *ret_found)
{
    return ledger_find_bad(tx, &ledger_unbalanced, ret_entry, ret_found);
}

STATEMENT_READ(ledger_drifted, "SELECT a.id FROM ledger_account a WHERE a.balance_minor <> "
                               "coalesce((SELECT sum(p.amount_minor) FROM ledger_posting p WHERE p.account_id = a.id), 0) ORDER BY a.id LIMIT 1")

struct error *
ledger_store_drifted(struct tx *tx, struct id *ret_account, bool *ret_found)
{
    return ledger_find_bad(tx, &ledger_drifted, ret_account, ret_found);
}

STATEMENT_READ(ledger_totals, "SELECT (SELECT count(*) FROM ledger_account), (SELECT count(*) FROM ledger_entry), "
                              "coalesce((SELECT sum(balance_minor) FROM ledger_account), 0), "
                              "(SELECT count(*) FROM ledger_account WHERE balance_minor < 0 AND kind <> 'fund')")

struct error *
ledger_store_totals(struct tx *tx, int64_t *ret_accounts, int64_t *ret_entries, int64_t *ret_sum, int64_t *ret_negative)
{
    struct cursor *cursor = cursor_start(tx->db, &ledger_totals);
    return cursor_one_ints(cursor, (int64_t *[]){ret_accounts, ret_entries, ret_sum, ret_negative}, 4);
}
