/* change.h: the slice's own: a request opened, compared with the present, decided. */
#ifndef LUMBUNG_CHANGE_PRIVATE_H
#define LUMBUNG_CHANGE_PRIVATE_H

#include "change/change_store.h"
#include "household/household_change.h"

/* What was asked, opened; all NULL when the person was erased. */
struct change_content {
    const struct json *body, *before, *after;
    const char *before_text, *after_text;
    const char *note, *reason;
};
FALLIBLE struct error *change_open(struct tx *tx, const struct change_row *row, struct change_content *ret_content);
/* Does one of its fields hold today something else than when it was asked? */
FALLIBLE struct error *change_outdated(struct tx *tx, const struct household_file *file, const struct change_row *row, const struct change_content *content,
                                       bool *ret_outdated);

enum change_decision { CHANGE_APPROVE, CHANGE_REJECT, CHANGE_WITHDRAW };
/* NULL when this caller may decide so now. ERROR_STATE decided already, ERROR_OWN_REQUEST, ERROR_FORBIDDEN to withdraw another's, ERROR_STALE. */
FALLIBLE struct error *change_check(struct tx *tx, const struct actor *actor, const struct change_row *row, enum change_decision decision);
FALLIBLE struct error *change_decide(struct tx *tx, const struct actor *actor, struct change_row *row, enum change_decision decision, const char *reason);
/* Whoever asked has read that it was rejected. ERROR_FORBIDDEN for another's, ERROR_STATE unless it was. */
FALLIBLE struct error *change_see(struct tx *tx, const struct actor *actor, const struct change_row *row);
/* Words and a paper of whoever asked; bound to the household. */
FALLIBLE struct error *change_prove(struct tx *tx, const struct actor *actor, const struct change_row *row, const char *note, struct id evidence_id);

/* A member of the list or the answer itself. */
FALLIBLE struct error *change_print(struct tx *tx, const struct actor *actor, struct reply *reply, const struct change_row *row, enum field_part part);

#endif
