/* assessment.h: questionnaires as data, answers, scores with their breakdown. */
#ifndef LUMBUNG_ASSESSMENT_H
#define LUMBUNG_ASSESSMENT_H

#include "lumbung/http/route.h"

/* The latest value of a score of a household by name; *ret_found false when it was never scored or an input was missing. */
FALLIBLE struct error *assessment_score(struct tx *tx, struct id household_id, const char *name, int64_t *ret_value, bool *ret_found);
/* Answers of the latest assessment as JSON, NULL without: rules see them as household.needs. */
FALLIBLE struct error *assessment_latest_answers(struct tx *tx, struct id household_id, struct json **ret_answers);
/* Makes the default questionnaire when the registry has none. */
FALLIBLE struct error *assessment_make_default_form(struct tx *tx, const struct actor *actor);
/* The first questionnaire in use; ERROR_NOT_FOUND without one. */
FALLIBLE struct error *assessment_active_form(struct tx *tx, struct id *ret_id);
/* A questionnaire, read once for many records; ERROR_NOT_FOUND. */
struct form;
FALLIBLE struct error *assessment_open_form(struct tx *tx, struct id id, struct form **ret_form);
/* Records an assessment from JSON of API.md's shape, answered on this form. */
FALLIBLE struct error *assessment_record_json(struct tx *tx, const struct actor *actor, struct id household_id, const struct form *form, const struct json *json,
                                              struct id *ret_id);

/* Told inside the transaction that an assessment of this household was recorded (src/routes.c lists them). */
typedef struct error *(*assessment_hook)(struct tx *tx, const struct actor *actor, struct id household_id);
extern const assessment_hook assessment_hooks[]; /* defined in src/routes.c, ends with NULL */

extern const struct route assessment_routes[];

#endif
