/* score.h: scores as data with versions: weights, look-up tables and linear formulas over what is known of a household, exact to the last digit;
 * what expressions of rules, scores and flags are evaluated in. */
#ifndef LUMBUNG_SCORE_H
#define LUMBUNG_SCORE_H

#include "lumbung/base/decimal.h"
#include "lumbung/http/route.h"
#include "lumbung/job.h"

/* What the functions of an expression work on: one household on one day. */
struct score_context {
    struct tx *tx;
    const struct json *facts;    /* {"household": {...}}, as household_facts gives them */
    struct id household_id;      /* zero for an unsaved household */
    const char *region_code;
    int32_t on;
    struct error *error;         /* a database fault met inside a function: the expression fails closed and this is passed on */
};

/* The latest value of a score of a household, of a definition in use or of a questionnaire; "NAME:LINE" asks for a line of its look-up table.
 * *ret_found false when it was never scored or an input was missing. */
FALLIBLE struct error *score_value(struct tx *tx, struct id household_id, const char *name, struct decimal *ret_value, bool *ret_found);
/* Gives a household every score in use anew; told when an assessment was recorded. */
FALLIBLE struct error *score_household(struct tx *tx, const struct actor *actor, struct id household_id);

extern const struct job_kind score_job;
extern const struct route score_routes[];

#endif
