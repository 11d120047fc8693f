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
    struct id member_id;         /* of a rule about a member; zero */
    int family_no;               /* of a rule about a family or member; 0 */
    const char *region_code;
    int32_t on;
    struct error *error;         /* a database fault met inside a function: the expression fails closed and this is passed on */
    struct score_flags *flags;   /* the agency's own, compiled when the first is asked for */
    int depth;                   /* of flags that rest on flags */
};

/* Everything that a household's expressions read today, its answers too; ERROR_NOT_FOUND when it is no active household. */
FALLIBLE struct error *score_context_load(struct tx *tx, struct id household_id, struct score_context *ret_context, int64_t *ret_version);
/* The same facts with every uncertain birth date at its earliest or latest; NULL when all are certain. */
struct json *score_facts_at(struct arena *arena, const struct json *facts, bool latest);

/* The vulnerability flags on the context's day. Ours: elderly_alone, disability, severe_disability, female_headed, child_headed, under_five, pregnant,
 * chronic_illness, no_income, no_id; and those that the agency defines by an expression. */
#define SCORE_FLAGS_OWN 10
struct score_flag {
    const char *name;
    int truth;                   /* 1, 0, -1 cannot be told */
    const struct json *label;    /* {"id","en"} of an agency's; NULL for ours */
};
/* All in use; one that turns inside the possible range of a birth date cannot be told. */
FALLIBLE struct error *score_flag_list(struct score_context *context, struct score_flag **ret_flags, size_t *ret_count);
/* Does an active household bear this flag today? *ret_known false: there is no such flag. A filter of lists. */
FALLIBLE struct error *score_flag_filter(struct tx *tx, struct id household_id, const char *name, bool *ret_bears, bool *ret_known);
/* A name that expressions may use. */
FALLIBLE struct error *score_flag_exists(struct tx *tx, const char *name, bool *ret_exists);
/* Counts flags anew each day, once somebody has counted them. */
FALLIBLE struct error *score_flag_daily(struct tx *tx);

/* The latest value of a score of a household, of a definition in use or of a questionnaire; "NAME:LINE" asks for a line of its look-up table.
 * *ret_found false when it was never scored or an input was missing. */
FALLIBLE struct error *score_value(struct tx *tx, struct id household_id, const char *name, struct decimal *ret_value, bool *ret_found);
/* Gives a household every score in use anew; told when an assessment was recorded. */
FALLIBLE struct error *score_household(struct tx *tx, const struct actor *actor, struct id household_id);

extern const struct job_kind score_job, score_flag_job;
extern const struct code_list score_state_codes, flag_state_codes;
extern const struct route score_routes[], score_flag_routes[];

#endif
