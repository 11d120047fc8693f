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
struct error *payment_on_household_event(struct tx *tx, const struct actor *actor, const struct household_event *event);

extern const struct route payment_routes[];

#endif
