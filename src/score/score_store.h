/* score_store.h: rows of score definitions and of what households were given. */
#ifndef LUMBUNG_SCORE_STORE_H
#define LUMBUNG_SCORE_STORE_H

#include "lumbung/score.h"

struct score_definition_row {
    struct id id, job_id;
    const char *name, *state, *definition; /* definition: the whole as JSON */
    int64_t version, created_at_ms;
};
#define SCORE_DEFINITIONS_MAX 200 /* in use or at work */

FALLIBLE struct error *score_definition_store_insert(struct tx *tx, const struct actor *actor, const struct score_definition_row *row);
FALLIBLE struct error *score_definition_store_load(struct tx *tx, struct id id, struct score_definition_row *ret_row, bool *ret_found);
FALLIBLE struct error *score_definition_store_last_version(struct tx *tx, const char *name, int64_t *ret_version);
/* Every version, the newest first. */
FALLIBLE struct error *score_definition_store_list(struct tx *tx, struct id before, int limit, struct score_definition_row *ret_rows, size_t *ret_count);
/* Those in use (`scoring` too when wanted), in the order of their names. */
FALLIBLE struct error *score_definition_store_in_use(struct tx *tx, bool scoring, struct score_definition_row **ret_rows, size_t *ret_count);
FALLIBLE struct error *score_definition_store_active(struct tx *tx, const char *name, struct id *ret_id, bool *ret_found);
/* *ret_moved false when it is not in the state `from` any more. */
FALLIBLE struct error *score_definition_store_move(struct tx *tx, struct id id, const char *from, const char *to, struct id job_id, bool *ret_moved);
FALLIBLE struct error *score_definition_store_retire(struct tx *tx, const char *name);

struct household_score_row {
    struct id id, household_id, definition_id;
    const char *value;    /* NULL: none */
    struct bytes sealed;  /* the breakdown, under the household's key */
    int64_t household_version, scored_at_ms, confirmed_at_ms;
    int32_t scored_on;
    const char *name;     /* of the definition; filled by the lists */
    int64_t version;
    const char *state;
};
#define SCORE_HISTORY_MAX 100

FALLIBLE struct error *household_score_store_insert(struct tx *tx, const struct household_score_row *row);
/* The same value again: only when it was seen last. */
FALLIBLE struct error *household_score_store_confirm(struct tx *tx, struct id id, int64_t household_version, int32_t on);
FALLIBLE struct error *household_score_store_latest(struct tx *tx, struct id household_id, struct id definition_id, struct household_score_row *ret_row,
                                                    bool *ret_found);
/* Of every definition, the newest definition first, in it the newest value. */
FALLIBLE struct error *household_score_store_list(struct tx *tx, struct id household_id, struct household_score_row *ret_rows, size_t *ret_count);
/* The version of a household that scores are computed for; *ret_found false when it is gone, merged or dissolved. */
FALLIBLE struct error *household_score_store_household(struct tx *tx, struct id household_id, int64_t *ret_version, bool *ret_found);
/* How many households a job will visit. */
FALLIBLE struct error *household_score_store_total(struct tx *tx, int64_t *ret_total);

#endif
