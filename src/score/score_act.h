/* score_act.h: the acts behind the score calls. */
#ifndef LUMBUNG_SCORE_ACT_H
#define LUMBUNG_SCORE_ACT_H

#include "score/score_definition.h"
#include "score/score_store.h"

/* A new version, as a draft. */
FALLIBLE struct error *score_make(struct tx *tx, const struct actor *actor, const struct json *json, struct id *ret_id);
FALLIBLE struct error *score_load(struct tx *tx, struct id id, struct score_definition_row *ret_row, struct score_definition **ret_definition);
/* Scores everybody by it, and then takes it into use in place of the version before; one in use is computed anew. */
FALLIBLE struct error *score_start(struct tx *tx, const struct actor *actor, struct id id, struct id *ret_job_id);
/* Faults for questions and scores that are not there, and for scores that rest on themselves. */
FALLIBLE struct error *score_check_references(struct tx *tx, const struct score_definition *definition);
/* What scores of one household read; ERROR_NOT_FOUND when it is gone. */
struct score_subject {
    struct score_context context;
    int64_t version;
};
FALLIBLE struct error *score_subject_load(struct tx *tx, struct id household_id, struct score_subject *ret_subject);
FALLIBLE struct error *score_subject_compute(struct score_subject *subject, const struct score_definition *definition, struct score_result *ret_result);
/* Computes and keeps: another row when something changed, otherwise the last row confirmed. */
FALLIBLE struct error *score_keep(struct score_subject *subject, struct id definition_id, const struct score_definition *definition,
                                  struct score_result *ret_result);
FALLIBLE struct error *score_open_detail(struct tx *tx, const struct household_score_row *row, struct json **ret_detail);

#endif
