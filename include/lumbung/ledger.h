/* ledger.h: double entry in integer minor units: fund > program > cycle > batch > open > paid. Append-only; an undo is a counter-posting. */
#ifndef LUMBUNG_LEDGER_H
#define LUMBUNG_LEDGER_H

#include "lumbung/base/actor.h"
#include "lumbung/db/tx.h"

/* What an account belongs to:
 *   fund     of a program: what its donors gave, the only one below zero
 *   program  budget that no batch has claimed
 *   cycle    passed through on the way to its batches, and where unclaimed money comes back to before it returns to the program
 *   batch    claimed at submit, not released (also what is held)
 *   open     released by a batch, not received
 *   paid     received */
enum ledger_kind { LEDGER_FUND, LEDGER_PROGRAM, LEDGER_CYCLE, LEDGER_BATCH, LEDGER_OPEN, LEDGER_PAID, LEDGER_KIND_COUNT };

struct ledger_place {
    enum ledger_kind kind;
    struct id owner_id; /* program for fund and program, cycle, batch for the rest */
};

/* One balanced entry moving `amount_minor` > 0 along `places` (at least two): each neighbouring pair gets a debit and a credit.
 * An account that would fall below zero refuses: ERROR_BUDGET with what is left and what was asked. Zero amounts write nothing. */
FALLIBLE struct error *ledger_move(struct tx *tx, const struct actor *actor, const char *kind, struct id record_id, const char *currency,
                                   const struct ledger_place *places, size_t place_count, int64_t amount_minor);
FALLIBLE struct error *ledger_balance(struct tx *tx, struct ledger_place place, int64_t *ret_minor);
/* Brings what the fund gave to a program up (or down, never below what is claimed) to its budget. */
FALLIBLE struct error *ledger_set_budget(struct tx *tx, const struct actor *actor, struct id program_id, const char *currency, int64_t budget_minor);
/* The invariants: every entry balanced, every balance the sum of its postings, all balances sum to zero, none below zero. ERROR_TAMPERED. */
FALLIBLE struct error *ledger_verify(struct tx *tx, struct buffer *report);

#endif
