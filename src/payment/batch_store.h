/* batch_store.h: rows of batches, their items, parts, claims, duties and approvals. */
#ifndef LUMBUNG_BATCH_STORE_H
#define LUMBUNG_BATCH_STORE_H

#include "lumbung/payment.h"

struct batch {
    struct id id, program_id, cycle_id, region_id; /* region zero: the whole program */
    const char *kind, *state, *stage;              /* stage: building, locking, releasing while a job works; NULL otherwise */
    struct id stage_job_id;
    int64_t version, rule_version;
    const char *currency;
    int64_t count, total_minor;
    struct bytes digest;                           /* empty until locked */
    struct id made_by;
    int64_t approvals_required;
    bool strict_duties;
    int64_t created_at_ms, locked_at_ms, submitted_at_ms, approved_at_ms, released_at_ms; /* 0: not yet */
    int64_t audit_seq;                             /* of the lock; -1 */
    const char *stage_error;                       /* why the last stage broke off; NULL */
};

struct batch_item {
    struct id id, batch_id, enrollment_id, household_id, region_id, payee_member_id;
    int64_t version, amount_minor;
    struct bytes payee_sealed, account_tag; /* sealed JSON {name, guardian, account?, salt?} under the household's key */
    const char *state, *reason;             /* in, excluded, held */
};

FALLIBLE struct error *batch_store_insert(struct tx *tx, const struct batch *batch);
/* Without a scope: batch_load adds it. */
FALLIBLE struct error *batch_store_load(struct tx *tx, struct id id, struct batch *ret_batch, bool *ret_found);
/* May the actor see a batch of this program and region? */
FALLIBLE struct error *batch_store_visible(struct tx *tx, const struct actor *actor, const struct batch *batch, bool *ret_visible);
/* Moves the state when it still is `from` and no stage is open; *ret_moved false otherwise (a race is decided here, not by an earlier read). */
FALLIBLE struct error *batch_store_move(struct tx *tx, struct id id, const char *from, const char *to, bool *ret_moved);
FALLIBLE struct error *batch_store_set_stage(struct tx *tx, struct id id, const char *stage, struct id job_id);
/* A stage that broke off: `stage` is what stays open (NULL: nothing), `why` is shown until the next one begins. */
FALLIBLE struct error *batch_store_break_stage(struct tx *tx, struct id id, const char *stage, const char *why);
FALLIBLE struct error *batch_store_set_totals(struct tx *tx, struct id id, int64_t count, int64_t total_minor, const uint8_t *digest, int64_t rule_version);
/* Stamps one of locked, submitted, approved, released. */
enum batch_stamp { BATCH_STAMP_LOCKED, BATCH_STAMP_SUBMITTED, BATCH_STAMP_APPROVED, BATCH_STAMP_RELEASED };
FALLIBLE struct error *batch_store_stamp(struct tx *tx, struct id id, enum batch_stamp stamp, int64_t audit_seq);
/* Ends the present version (recall, reject): keeps what it was, then version + 1, draft, digest gone. */
FALLIBLE struct error *batch_store_new_version(struct tx *tx, const struct actor *actor, const struct batch *batch, const char *how, const char *reason);

FALLIBLE struct error *batch_store_add_item(struct tx *tx, const struct batch_item *item, const struct batch_part *parts, size_t part_count);
FALLIBLE struct error *batch_store_clear_items(struct tx *tx, struct id batch_id, int64_t version, bool keep_excluded);
FALLIBLE struct error *batch_store_drop(struct tx *tx, struct id batch_id, int64_t version, struct id enrollment_id, struct id household_id, const char *reason);
FALLIBLE struct error *batch_store_clear_dropped(struct tx *tx, struct id batch_id, int64_t version);
FALLIBLE struct error *batch_store_items(struct tx *tx, struct id batch_id, int64_t version, struct id after, int limit, struct batch_item *ret_items, size_t *ret_count);
FALLIBLE struct error *batch_store_item(struct tx *tx, struct id item_id, struct batch_item *ret_item, bool *ret_found);
FALLIBLE struct error *batch_store_set_item_state(struct tx *tx, struct id item_id, const char *state, const char *reason);
/* Whom a person left out of `version` stays out of the next. */
FALLIBLE struct error *batch_store_carry_excluded(struct tx *tx, struct id batch_id, int64_t version);
FALLIBLE struct error *batch_store_is_excluded(struct tx *tx, struct id batch_id, struct id enrollment_id, bool *ret_excluded);
FALLIBLE struct error *batch_store_sum_items(struct tx *tx, struct id batch_id, int64_t version, int64_t *ret_count, int64_t *ret_total);
/* One line a dropped unit, oldest first. */
struct batch_dropped { struct id enrollment_id, household_id; const char *reason; };
FALLIBLE struct error *batch_store_dropped(struct tx *tx, struct id batch_id, int64_t version, int limit, struct batch_dropped *ret_rows, size_t *ret_count);

/* ERROR_EXISTS when another locked batch holds the claim. */
FALLIBLE struct error *batch_store_claimed_by(struct tx *tx, struct id enrollment_id, struct id cycle_id, const char *purpose, struct id *ret_batch_id, bool *ret_found);
FALLIBLE struct error *batch_store_claim(struct tx *tx, struct id enrollment_id, struct id cycle_id, const char *purpose, struct id batch_id);
FALLIBLE struct error *batch_store_unclaim(struct tx *tx, struct id batch_id);

/* Twice by the same person is one row. The database refuses a maker who approves or releases: ERROR_DUTIES. */
FALLIBLE struct error *batch_store_duty(struct tx *tx, struct id batch_id, const char *duty, struct id user_id);
FALLIBLE struct error *batch_store_has_duty(struct tx *tx, struct id batch_id, const char *duty, struct id user_id, bool *ret_has);

struct batch_approval {
    struct id user_id;
    int64_t at_ms;
    struct bytes digest;
    const char *note;
    bool withdrawn;
};
FALLIBLE struct error *batch_store_approve(struct tx *tx, const struct batch *batch, struct id user_id, const char *note);
FALLIBLE struct error *batch_store_withdraw(struct tx *tx, struct id batch_id, int64_t version, struct id user_id, int64_t *ret_changed);
#define BATCH_APPROVALS_MAX 32
FALLIBLE struct error *batch_store_approvals(struct tx *tx, struct id batch_id, int64_t version, struct batch_approval ret_rows[BATCH_APPROVALS_MAX], size_t *ret_count);

/* The last released batch of the program and region before this one; zero id when none. */
FALLIBLE struct error *batch_store_previous(struct tx *tx, const struct batch *batch, struct id *ret_id, int64_t *ret_version);
/* Payees against the previous batch: new, left, changed amount. */
FALLIBLE struct error *batch_store_change(struct tx *tx, const struct batch *batch, struct id previous_id, int64_t previous_version, int64_t *ret_new, int64_t *ret_left,
                                          int64_t *ret_changed);
struct batch_total { const char *kind, *item; int64_t quantity, amount_minor; };
FALLIBLE struct error *batch_store_totals(struct tx *tx, struct id batch_id, int64_t version, struct batch_total *ret_rows, int limit, size_t *ret_count);

FALLIBLE struct error *batch_store_held(struct tx *tx, const struct batch *batch, int limit, struct batch_item *ret_items, size_t *ret_count);
/* Released lines whose money or goods are not settled, and whether this line was released already. */
FALLIBLE struct error *batch_store_any_open(struct tx *tx, struct id batch_id, bool *ret_any);
FALLIBLE struct error *batch_store_is_released(struct tx *tx, struct id item_id, bool *ret_released);
FALLIBLE struct error *batch_store_names(struct tx *tx, const struct batch *batch, const char **ret_program, const char **ret_cycle);
/* What an approver should look at, with how many lines it touches: made_registered (the maker registered them), guardian_payee, repeated_account. */
struct batch_warning { const char *code; int64_t count; };
FALLIBLE struct error *batch_store_warnings(struct tx *tx, const struct batch *batch, struct batch_warning *ret_rows, int limit, size_t *ret_count);

/* A zero id, NULL and has_days false mean any; a region with all below it; a cycle that touches the days from..to. `after` is the last id of the page
 * before. */
struct batch_filter { struct id program_id, cycle_id, region_id; const char *state; bool has_days; int32_t from, to; struct id after; int limit; };
FALLIBLE struct error *batch_store_list(struct tx *tx, const struct actor *actor, const struct batch_filter *filter, struct batch *ret_rows, size_t *ret_count);
FALLIBLE struct error *batch_store_version(struct tx *tx, struct id batch_id, int64_t version, struct batch *ret_batch, const char **ret_how, const char **ret_reason, bool *ret_found);

#endif
