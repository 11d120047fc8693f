/* tx.c: the small services that a transaction offers to domain code. */
#include "lumbung/db/tx.h"

struct id
tx_new_id(const struct tx *tx)
{
    return id_make(tx->now_ms);
}

void
tx_after_commit(struct tx *tx, void (*run)(void *context), void *context)
{
    struct tx_hook *hook = ARENA_NEW(tx->arena, struct tx_hook);
    hook->run = run;
    hook->context = context;
    /* A tx built by hand (a test, a command) may have left the end unset. */
    if (!tx->after_commit_end)
        tx->after_commit_end = &tx->after_commit;
    *tx->after_commit_end = hook;
    tx->after_commit_end = &hook->next;
}
