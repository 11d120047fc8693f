/* assessment.h: questionnaires as data, answers, scores with their breakdown and vulnerability flags. */
#ifndef LUMBUNG_ASSESSMENT_H
#define LUMBUNG_ASSESSMENT_H

#include "lumbung/http/route.h"

/* The latest value of a score of a household by name; *ret_found false when it was never scored or an input was missing. */
FALLIBLE struct error *assessment_score(struct tx *tx, struct id household_id, const char *name, int64_t *ret_value, bool *ret_found);
/* The vulnerability flags on a day, from household facts: elderly_alone, disability, severe_disability, female_headed, child_headed, under_five,
 * pregnant, chronic_illness, no_income, no_id. */
#define ASSESSMENT_FLAGS 10
struct assessment_flag { const char *name; int truth; /* 1, 0, -1 cannot be told */ };
void assessment_flags(const struct json *facts, int32_t on, struct assessment_flag ret_flags[ASSESSMENT_FLAGS]);
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

/* A form from an XLSForm workbook, in order; faults point at sheet and row. `language` is that of labels without one, NULL: the settings', else id. */
FALLIBLE struct error *assessment_form_from_workbook(struct arena *arena, struct bytes bytes, const char *name, const char *language, struct json **ret_json);
/* Stores it as the next version of its name. */
FALLIBLE struct error *assessment_form_store(struct tx *tx, const struct actor *actor, const struct json *json, int64_t *ret_version);
/* The newest version of a name as a workbook; ERROR_NOT_FOUND. */
FALLIBLE struct error *assessment_form_to_workbook(struct tx *tx, const char *name, struct bytes *ret_bytes);
/* Submissions that phones made (XML), checked against their form, as one table. */
struct assessment_table;
FALLIBLE struct error *assessment_table_start(struct arena *arena, const struct json *form, struct assessment_table **ret_table);
FALLIBLE struct error *assessment_table_add(struct assessment_table *table, const char *xml, size_t length);
void assessment_table_print(const struct assessment_table *table, struct buffer *csv);

extern const struct route assessment_routes[];

#endif
