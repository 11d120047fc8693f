/* assessment_store.h: rows of forms, assessments and scores. */
#ifndef LUMBUNG_ASSESSMENT_STORE_H
#define LUMBUNG_ASSESSMENT_STORE_H

#include "lumbung/assessment.h"

struct form_row {
    struct id id;
    const char *name, *state, *definition; /* definition: the whole form as JSON */
    int64_t version, created_at_ms;
};
FALLIBLE struct error *form_store_insert(struct tx *tx, const struct actor *actor, const struct form_row *form);
FALLIBLE struct error *form_store_retire(struct tx *tx, const char *name);
FALLIBLE struct error *form_store_load(struct tx *tx, struct id id, struct form_row *ret_form, bool *ret_found);
FALLIBLE struct error *form_store_list(struct tx *tx, struct id after, int limit, struct form_row *ret_rows, size_t *ret_count);
/* The version that took this one's place. */
FALLIBLE struct error *form_store_load_next(struct tx *tx, const char *name, int64_t version, struct form_row *ret_form, bool *ret_found);
/* The version before this one. */
FALLIBLE struct error *form_store_load_last(struct tx *tx, const char *name, int64_t version, struct form_row *ret_form, bool *ret_found);
/* All versions of a form, newest first. */
FALLIBLE struct error *form_store_list_versions(struct tx *tx, const char *name, int limit, struct form_row *ret_rows, size_t *ret_count);
FALLIBLE struct error *form_store_last_version(struct tx *tx, const char *name, int64_t *ret_version);

struct assessment_row {
    struct id id, household_id, form_id, recorded_by;
    int32_t assessed_on;
    struct bytes sealed; /* the answers, under the household's key */
    int64_t recorded_at_ms;
};
FALLIBLE struct error *assessment_store_insert(struct tx *tx, const struct assessment_row *row);
FALLIBLE struct error *assessment_store_load(struct tx *tx, struct id id, struct assessment_row *ret_row, bool *ret_found);
/* Newest first by day of assessment. */
FALLIBLE struct error *assessment_store_list(struct tx *tx, struct id household_id, int limit, struct assessment_row *ret_rows, size_t *ret_count);

struct score_row {
    const char *name, *detail; /* detail: JSON {parts, missing} */
    bool has_value;
    int64_t value;
};
FALLIBLE struct error *score_store_insert(struct tx *tx, struct id assessment_id, const struct score_row *score);
#define SCORES_MAX 16
FALLIBLE struct error *score_store_list(struct tx *tx, struct id assessment_id, struct score_row ret_rows[SCORES_MAX], size_t *ret_count);
/* Of the household's latest assessment that has a score of this name. */
FALLIBLE struct error *score_store_latest(struct tx *tx, struct id household_id, const char *name, int64_t *ret_value, bool *ret_found);

#endif
