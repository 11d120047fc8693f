/* payment.h: cycles and batches (payment plans): built, locked into a snapshot, approved by digest, released into disbursements. */
#ifndef LUMBUNG_PAYMENT_H
#define LUMBUNG_PAYMENT_H

#include "lumbung/enrollment.h"

struct batch_digest_line { const char *item_id, *enrollment_id, *payee_member_id, *code, *kind, *item; int64_t quantity; bool has_quantity; int64_t amount_minor; bool has_amount; const char *account_tag; };
struct batch_digest_head { const char *program_id, *cycle_id, *batch_id; int64_t version; const char *currency; int64_t count, total_minor; const char *rule_digest; };
/* API.md, Batch digest: SHA-256 over "lumbung-batch-1" and the lines, which must be sorted by item id and code. */
void batch_digest(const struct batch_digest_head *head, const struct batch_digest_line *lines, size_t count, uint8_t ret_digest[32]);

/* The console's and the demo's way through a batch's life; the same rules as the API. */
FALLIBLE struct error *cycle_create(struct tx *tx, const struct actor *actor, struct id program_id, const struct json *json, struct id *ret_id);
FALLIBLE struct error *batch_create(struct tx *tx, const struct actor *actor, struct id cycle_id, const struct json *json, struct id *ret_id);
FALLIBLE struct error *batch_lock(struct tx *tx, const struct actor *actor, struct id batch_id);
FALLIBLE struct error *batch_submit(struct tx *tx, const struct actor *actor, struct id batch_id);
FALLIBLE struct error *batch_approve(struct tx *tx, const struct actor *actor, struct id batch_id, const char *digest_hex, const char *note);
FALLIBLE struct error *batch_reject(struct tx *tx, const struct actor *actor, struct id batch_id, const char *reason);
FALLIBLE struct error *batch_release(struct tx *tx, const struct actor *actor, struct id batch_id);
FALLIBLE struct error *batch_digest_hex(struct tx *tx, struct id batch_id, const char **ret_hex);
FALLIBLE struct error *batch_recall(struct tx *tx, const struct actor *actor, struct id batch_id, const char *reason);
FALLIBLE struct error *batch_cancel(struct tx *tx, const struct actor *actor, struct id batch_id, const char *reason);
FALLIBLE struct error *batch_withdraw_approval(struct tx *tx, const struct actor *actor, struct id batch_id);
FALLIBLE struct error *batch_exclude_item(struct tx *tx, const struct actor *actor, struct id batch_id, struct id item_id, const char *reason);

/* One released line, told to the slices on the right inside the transaction (src/routes.c lists them). `payee_sealed` opens with
 * payment_payee_open. */
struct payment_line {
    struct id batch_id, item_id, program_id, cycle_id, enrollment_id, household_id, region_id, payee_member_id;
    struct bytes payee_sealed;
    const char *currency;
    int64_t amount_minor;
    const char *lifted; /* what held it and a person let pass; NULL */
};
typedef struct error *(*payment_release_hook)(struct tx *tx, const struct actor *actor, const struct payment_line *line);
extern const payment_release_hook payment_release_hooks[]; /* ends with NULL */

/* Tests an approved line once more, at release and at hand-out: payee_died, death_reported, household_not_active, payee_left, not_enrolled, consent, duplicate,
 * account_changed: the first that holds it and is not among `lifted` (words with blanks between; NULL: none). NULL when it may be paid. */
FALLIBLE struct error *payment_line_test(struct tx *tx, struct id item_id, const char *lifted, const char **ret_reason);
bool payment_is_lifted(const char *lifted, const char *reason);
/* `lifted` and this reason. */
const char *payment_lift(struct arena *arena, const char *lifted, const char *reason);
/* A line that came to nothing no longer keeps its unit out of the cycle's other batches. */
FALLIBLE struct error *payment_unclaim_line(struct tx *tx, struct id batch_id, struct id enrollment_id);
/* Whoever lifts a hold releases a line: ERROR_DUTIES for a maker and for nobody's account. */
FALLIBLE struct error *payment_duty_release(struct tx *tx, const struct actor *actor, struct id batch_id);

/* The payee as frozen at lock; all NULL when the person was erased. */
struct batch_payee {
    const char *name;
    bool is_guardian;
    const char *provider, *number, *holder; /* account, NULL without */
    const char *salt_hex;                   /* of the account's tag */
    const char *hamlet, *rw, *rt;
};
FALLIBLE struct error *payment_payee_open(struct tx *tx, struct id household_id, struct id item_id, struct bytes sealed, struct batch_payee *ret_payee);

/* A part of a line, in the digest's order. */
struct batch_part {
    const char *code, *kind, *item; /* item NULL for cash */
    bool has_quantity, has_amount;
    int64_t quantity, amount_minor;
    struct id member_id;
};
#define BATCH_PARTS_MAX 32
FALLIBLE struct error *payment_parts(struct tx *tx, struct id item_id, struct batch_part ret_parts[BATCH_PARTS_MAX], size_t *ret_count);

/* When nothing of a released batch is open any more it closes. */
FALLIBLE struct error *payment_batch_settle(struct tx *tx, const struct actor *actor, struct id batch_id, bool open);

/* Closing by a person: a released batch, by whoever did not release it (duty reconcile). Then its held lines go back, at most `limit` a call. */
FALLIBLE struct error *payment_batch_begin_close(struct tx *tx, const struct actor *actor, struct id batch_id);
FALLIBLE struct error *payment_batch_give_back_held(struct tx *tx, const struct actor *actor, struct id batch_id, const char *reason, int limit, bool *ret_more);

/* A batch within the actor's scope; ERROR_NOT_FOUND otherwise. */
FALLIBLE struct error *payment_batch_check(struct tx *tx, const struct actor *actor, struct id batch_id);

extern const struct route payment_routes[];

#endif
