/* score_flag.h: flags: ours from the facts, the agency's by expressions, and their counts. */
#ifndef LUMBUNG_SCORE_FLAG_H
#define LUMBUNG_SCORE_FLAG_H

#include "lumbung/rule.h"
#include "lumbung/score.h"

#define SCORE_FLAGS_MAX 100 /* of the agency */
#define SCORE_FLAG_DEPTH 8  /* of flags that rest on flags */

/* Ours alone. */
void score_flag_own(const struct json *facts, int32_t on, struct score_flag ret_flags[SCORE_FLAGS_OWN]);
bool score_flag_is_own(const char *name);

struct score_flag_row {
    struct id id;
    const char *name, *state, *definition;
    int64_t version, created_at_ms;
};
FALLIBLE struct error *score_flag_store_insert(struct tx *tx, const struct actor *actor, const struct score_flag_row *row);
FALLIBLE struct error *score_flag_store_load(struct tx *tx, struct id id, struct score_flag_row *ret_row, bool *ret_found);
/* What expressions may name: active and retired, one a name, in the order of the names. */
FALLIBLE struct error *score_flag_store_current(struct tx *tx, struct score_flag_row **ret_rows, size_t *ret_count);
FALLIBLE struct error *score_flag_store_last_version(struct tx *tx, const char *name, int64_t *ret_version);
FALLIBLE struct error *score_flag_store_replace(struct tx *tx, const char *name);
FALLIBLE struct error *score_flag_store_retire(struct tx *tx, struct id id, bool *ret_retired);

/* An agency's flag, ready to be asked. */
struct score_flag_rule {
    const char *name;
    struct rule *rule;
    const struct json *json;
    bool retired;
};
struct score_flags {
    struct score_flag_rule *rules;
    size_t count;
};
FALLIBLE struct error *score_flag_load(struct tx *tx, struct score_flags **ret_flags);
/* By name, ours or the agency's. *ret_known false: no such flag; a truth of -1 says what is missing in *ret_value, an error for expressions. */
FALLIBLE struct error *score_flag_ask(struct score_context *context, const char *name, struct rule_value *ret_value, bool *ret_known);

/* A new flag, or the next version of one, in use at once. */
FALLIBLE struct error *score_flag_make(struct tx *tx, const struct actor *actor, const struct json *json, struct id *ret_id);
FALLIBLE struct error *score_flag_retire(struct tx *tx, const struct actor *actor, struct id id);

/* Starts the job that counts everybody; ERROR_STATE while one is at work. */
FALLIBLE struct error *score_flag_count(struct tx *tx, const struct actor *actor, struct id *ret_job_id);

struct score_flag_sum {
    const char *flag;  /* "" the households themselves */
    int64_t households, unknown;
};
FALLIBLE struct error *score_flag_store_run_start(struct tx *tx, struct id run_id, int32_t on);
FALLIBLE struct error *score_flag_store_run_finish(struct tx *tx, struct id run_id);
/* The latest finished run. */
FALLIBLE struct error *score_flag_store_run(struct tx *tx, struct id *ret_run_id, int32_t *ret_on, bool *ret_found);
FALLIBLE struct error *score_flag_store_run_open(struct tx *tx, bool *ret_open);
FALLIBLE struct error *score_flag_store_run_drop(struct tx *tx, struct id run_id);
FALLIBLE struct error *score_flag_store_add(struct tx *tx, struct id run_id, struct id region_id, const struct score_flag_sum *sum);
/* Of a region's subtree within the actor's scope. */
FALLIBLE struct error *score_flag_store_sums(struct tx *tx, const struct actor *actor, struct id run_id, struct id region_id, struct score_flag_sum **ret_sums,
                                             size_t *ret_count);
FALLIBLE struct error *score_flag_store_region(struct tx *tx, struct id household_id, struct id *ret_region_id);

#endif
