/* ledger_store.h: accounts, entries and postings. */
#ifndef LUMBUNG_LEDGER_STORE_H
#define LUMBUNG_LEDGER_STORE_H

#include "lumbung/db/tx.h"

/* Finds or makes the account; `ret_balance` is its balance now. */
FALLIBLE struct error *ledger_store_account(struct tx *tx, const char *kind, struct id owner_id, const char *currency, struct id *ret_id, int64_t *ret_balance);
FALLIBLE struct error *ledger_store_balance(struct tx *tx, const char *kind, struct id owner_id, int64_t *ret_balance);
FALLIBLE struct error *ledger_store_entry(struct tx *tx, struct id entry_id, const char *kind, struct id record_id, struct id actor_id);
FALLIBLE struct error *ledger_store_posting(struct tx *tx, struct id entry_id, int line, struct id account_id, int64_t amount_minor);
/* Each finds one row that breaks an invariant; *ret_found false when none does. */
FALLIBLE struct error *ledger_store_unbalanced(struct tx *tx, struct id *ret_entry, bool *ret_found);
FALLIBLE struct error *ledger_store_drifted(struct tx *tx, struct id *ret_account, bool *ret_found);
FALLIBLE struct error *ledger_store_totals(struct tx *tx, int64_t *ret_accounts, int64_t *ret_entries, int64_t *ret_sum, int64_t *ret_negative);

#endif
