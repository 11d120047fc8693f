/* score_reference.h: what expressions of scores and flags may refer to: questions, scores and flags that are there, and no circle among them. */
#ifndef LUMBUNG_SCORE_REFERENCE_H
#define LUMBUNG_SCORE_REFERENCE_H

#include "lumbung/rule.h"
#include "lumbung/score.h"

struct score_known;
FALLIBLE struct error *score_reference_load(struct tx *tx, struct score_known **ret_known);
/* Faults at `pointer` for everything that `rule` names and that is not there, or that leads back to `own` ("score:NAME", "flag:NAME"). */
void score_reference_check(struct arena *arena, const struct score_known *known, const struct rule *rule, const char *own, const char *pointer, struct error **error);
/* Is it the name of a score of a questionnaire in use? */
void score_reference_of_form(const struct score_known *known, const char *name, bool *ret_taken);
/* "score:NAME" and "flag:NAME" of what expressions read, without the lines, each once. */
void score_reference_keys(struct arena *arena, const struct json *reads, struct json *ret_keys);

#endif
