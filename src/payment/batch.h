/* batch.h: inside the payment slice: loading with scope, working in stages, and what an act leaves in the audit log. */
#ifndef LUMBUNG_BATCH_H
#define LUMBUNG_BATCH_H

#include "lumbung/job.h"
#include "lumbung/payment.h"
#include "payment/batch_store.h"

#define BATCH_INLINE_MAX 200 /* lines worked at once; more are worked in a job's chunks */
#define BATCH_CHUNK 100
#define BATCH_STAGE_INTERRUPTED "release_interrupted" /* some lines are released, the rest is not: only a release goes on from here */

/* Within the actor's scope; ERROR_NOT_FOUND otherwise. */
FALLIBLE struct error *batch_load(struct tx *tx, const struct actor *actor, struct id batch_id, struct batch *ret_batch);
/* ERROR_STATE with what the batch is now and what was asked. */
struct error *batch_wrong_state(const struct batch *batch, enum barred act);
/* Moves from -> to or fails with ERROR_STATE. */
FALLIBLE struct error *batch_move(struct tx *tx, const struct batch *batch, const char *from, const char *to, enum barred act);
/* One audit leaf of an act on a batch: state, version, count, total and digest before and after. */
FALLIBLE struct error *batch_record(struct tx *tx, const struct actor *actor, const char *action, const struct batch *before, const char *reason, int64_t *ret_seq);

/* The stages that a job may carry: building, locking, releasing. Each works `BATCH_CHUNK` lines; position NULL at the start and at the end. */
FALLIBLE struct error *batch_stage_begin(struct tx *tx, const struct actor *actor, const struct batch *batch, const char *stage);
/* "batch.stage". Failed or cancelled, the batch takes acts again, with the reason shown. */
extern const struct job_kind batch_job_kind;

/* A line held at release: lifted by a person it becomes a disbursement, cancelled its money goes back to the program. Both ask for the releaser's
 * duty, and a maker is refused: ERROR_DUTIES. */
FALLIBLE struct error *batch_release_held(struct tx *tx, const struct actor *actor, struct id batch_id, struct id item_id, const char *reason);
FALLIBLE struct error *batch_cancel_held(struct tx *tx, const struct actor *actor, struct id batch_id, struct id item_id, const char *reason);

/* One unit into the batch: evaluated anew at the reference date; dropped with its reason when it no longer qualifies. */
FALLIBLE struct error *batch_build_unit(struct tx *tx, const struct batch *batch, const struct program *program, int32_t reference_date,
                                        const struct enrollment *enrollment, bool locking);
FALLIBLE struct error *batch_compute_digest(struct tx *tx, const struct batch *batch, const struct program *program, uint8_t ret_digest[32]);
FALLIBLE struct error *batch_finish_lock(struct tx *tx, const struct actor *actor, const struct batch *batch);
/* One approved line, tested again: told to the release hooks and added to *released_minor, or held with a reason. */
FALLIBLE struct error *batch_release_item(struct tx *tx, const struct actor *actor, const struct batch *batch, const struct batch_item *item,
                                          int64_t *released_minor);
FALLIBLE struct error *batch_finish_release(struct tx *tx, const struct actor *actor, const struct batch *batch);

/* The batch as the API shows it, with what this caller may do next. */
FALLIBLE struct error *batch_print(struct tx *tx, const struct actor *actor, const struct batch *batch, struct buffer *buffer, const char *key, bool whole);
FALLIBLE struct error *batch_item_print(struct tx *tx, const struct actor *actor, const struct batch *batch, const struct batch_item *item, struct buffer *buffer);

FALLIBLE struct error *batch_print_held(struct tx *tx, const struct actor *actor, const struct batch *batch, struct buffer *buffer);
/* What the program's budget still allows, beside this batch's own claim. */
FALLIBLE struct error *batch_budget_left(struct tx *tx, const struct batch *batch, int64_t *ret_minor);

struct cycle {
    struct id id, program_id;
    const char *name, *state;
    int32_t starts_on, ends_on, reference_date;
    int64_t version;
};
FALLIBLE struct error *cycle_load(struct tx *tx, const struct actor *actor, struct id cycle_id, struct cycle *ret_cycle);

#endif
