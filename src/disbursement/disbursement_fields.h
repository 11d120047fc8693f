/* disbursement_fields.h: what the calls of disbursements take. */
#ifndef LUMBUNG_DISBURSEMENT_FIELDS_H
#define LUMBUNG_DISBURSEMENT_FIELDS_H

#include "disbursement/disbursement_store.h"
#include "lumbung/job.h"

struct receipt_part_in {
    struct presence presence;
    const char *code;
    int64_t quantity;
};

struct receipt_in {
    struct presence presence;
    const char *received_by, *collector_name, *collector_relation, *identified_by, *witness, *method, *note;
    int64_t at_ms, amount_minor;
    struct array parts; /* struct receipt_part_in */
    struct id signature, photo, distribution_id;
};
extern const struct field_table receipt_in_table;

struct attempt_in {
    struct presence presence;
    const char *outcome, *note;
    int64_t at_ms;
};
extern const struct field_table attempt_in_table;

struct return_in {
    struct presence presence;
    int64_t amount_minor;
    const char *reason;
};
extern const struct field_table return_in_table;

struct undo_in {
    struct presence presence;
    const char *reason;
};
extern const struct field_table undo_in_table;

struct disbursement_query {
    struct presence presence;
    struct id batch, household, cycle, program;
    int32_t from, to;
    const char *state, *region;
};
extern const struct field_table disbursement_query_table;

extern const struct code_list disbursement_state_codes, receipt_method_codes, received_by_codes, identified_by_codes, attempt_outcome_codes;

/* The acts. Each loads within the scope, refuses by state and sums, posts, and leaves its audit leaf under the disbursement's id. */
/* *ret_held: NULL when it was received; otherwise the line was put on hold for this reason and nothing was received. */
FALLIBLE struct error *disbursement_receive(struct tx *tx, const struct actor *actor, struct id id, const struct receipt_in *in, const char **ret_held);
FALLIBLE struct error *disbursement_reverse(struct tx *tx, const struct actor *actor, struct id id, const char *reason);
FALLIBLE struct error *disbursement_return(struct tx *tx, const struct actor *actor, struct id id, const struct return_in *in);
FALLIBLE struct error *disbursement_attempt(struct tx *tx, const struct actor *actor, struct id id, const struct attempt_in *in);
/* failed, returned, uncollected, held > pending under a new reference; who lifts a hold has the releaser's duty. Cancel gives the open rest back to the
 * program: these and pending > cancelled, partly_paid > closed_short; of what nothing was received the claim is given back too. */
FALLIBLE struct error *disbursement_retry(struct tx *tx, const struct actor *actor, struct id id, const char *reason);
FALLIBLE struct error *disbursement_cancel(struct tx *tx, const struct actor *actor, struct id id, const char *reason);
/* What is open of a released batch goes back to the program, in a job; the batch closes with its last line. Refused while a line is sent or unknown. */
FALLIBLE struct error *disbursement_close_batch(struct tx *tx, const struct actor *actor, struct id batch_id, const char *reason, struct id *ret_job_id);
extern const struct job_kind disbursement_close_job;

FALLIBLE struct error *disbursement_load(struct tx *tx, const struct actor *actor, struct id id, struct disbursement *ret_row);
FALLIBLE struct error *disbursement_print(struct tx *tx, const struct actor *actor, const struct disbursement *row, struct buffer *buffer, bool whole);

#endif
