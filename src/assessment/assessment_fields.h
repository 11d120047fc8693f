/* assessment_fields.h: what the assessment calls take, and the acts behind them. */
#ifndef LUMBUNG_ASSESSMENT_FIELDS_H
#define LUMBUNG_ASSESSMENT_FIELDS_H

#include "assessment/assessment_form.h"
#include "assessment/assessment_store.h"

struct assessment_in {
    struct presence presence;
    struct id form_id;
    struct json *answers;
    int32_t assessed_on;
};
extern const struct field_table assessment_in_table;

struct form_difference_query {
    struct presence presence;
    struct id from;
};
extern const struct field_table form_difference_table;

struct form_workbook_query {
    struct presence presence;
    const char *name, *language;
};
extern const struct field_table form_workbook_table;
#define FORM_WORKBOOK_TYPE "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#define FORM_WORKBOOK_BYTES_MAX (4 * 1024 * 1024)

FALLIBLE struct error *form_workbook_prepare(struct tx *tx, const struct call *call, struct reply *reply);
FALLIBLE struct error *form_workbook_get_step(struct tx *tx, const struct call *call, struct reply *reply);
FALLIBLE struct error *form_versions_step(struct tx *tx, const struct call *call, struct reply *reply);
FALLIBLE struct error *form_difference_step(struct tx *tx, const struct call *call, struct reply *reply);
FALLIBLE struct error *form_check_step(struct tx *tx, const struct call *call, struct reply *reply);
FALLIBLE struct error *assessment_form_make(struct tx *tx, const struct actor *actor, const struct json *json, struct id *ret_id);
FALLIBLE struct error *assessment_form_load(struct tx *tx, struct id id, struct form_row *ret_row, struct form **ret_form);
/* `form`: of in->form_id, opened before the lane (a version never changes), or NULL. */
FALLIBLE struct error *assessment_record(struct tx *tx, const struct actor *actor, struct id household_id, const struct assessment_in *in,
                                         const struct form *form, struct id *ret_id);
/* The members that entries of a form may be about, when it asks by member. */
FALLIBLE struct error *assessment_facts(struct tx *tx, struct id household_id, const struct form *form, int32_t on, struct form_facts *ret_facts);
/* Each photo among checked answers is an attachment of this actor, and from now on of the household. */
FALLIBLE struct error *assessment_bind_photos(struct tx *tx, const struct actor *actor, struct id household_id, const struct form *form,
                                              const struct json *answers);
/* The answers, NULL when the household was erased. */
FALLIBLE struct error *assessment_open_answers(struct tx *tx, const struct assessment_row *row, struct json **ret_answers);
FALLIBLE struct error *assessment_print(struct tx *tx, struct id id, struct buffer *buffer, const char *key, bool whole);

#endif
