/* batch_acts.c: what people do with a batch: make, exclude, lock, submit, recall, cancel, approve, withdraw, reject, release. Each is a staircase of
 * refusals, then the work; the database guards duties, states and budget once more. */
#include <string.h>

#include "lumbung/audit.h"
#include "lumbung/base/text.h"
#include "lumbung/ledger.h"
#include "payment/batch.h"
#include "payment/payment_fields.h"

struct error *
batch_load(struct tx *tx, const struct actor *actor, struct id batch_id, struct batch *ret_batch)
{
    bool found = false, visible = false;
    TRY(batch_store_load(tx, batch_id, ret_batch, &found));
    if (found)
        TRY(batch_store_visible(tx, actor, ret_batch, &visible));
    return found && visible ? NULL : error_new(ERROR_NOT_FOUND);
}

struct error *
payment_batch_check(struct tx *tx, const struct actor *actor, struct id batch_id)
{
    struct batch batch;
    return batch_load(tx, actor, batch_id, &batch);
}

struct error *
batch_wrong_state(const struct batch *batch, enum barred act)
{
    return batch->stage ? error_state(&batch_stage_codes, batch->stage, act) : error_state(&batch_state_codes, batch->state, act);
}

struct error *
batch_move(struct tx *tx, const struct batch *batch, const char *from, const char *to, enum barred act)
{
    bool moved = false;
    TRY(batch_store_move(tx, batch->id, from, to, &moved));
    return moved ? NULL : batch_wrong_state(batch, act);
}

static const char *
batch_state_json(struct tx *tx, const struct batch *batch)
{
    struct buffer json;
    buffer_init(&json, tx->arena);
    json_open(&json, NULL, '{');
    json_put_text(&json, "state", batch->state);
    json_put_text(&json, "stage", batch->stage);
    json_put_int(&json, "version", batch->version);
    json_put_int(&json, "count", batch->count);
    json_put_int(&json, "total_minor", batch->total_minor);
    json_put_text(&json, "currency", batch->currency);
    json_put_hex(&json, "digest", batch->digest.data, batch->digest.length);
    json_close(&json, '}');
    return buffer_text(&json);
}

struct error *
batch_record(struct tx *tx, const struct actor *actor, const char *action, const struct batch *before, const char *reason, int64_t *ret_seq)
{
    struct batch now;
    bool found = false;
    TRY(batch_store_load(tx, before->id, &now, &found));
    struct audit_part part = {.kind = "batch", .id = before->id, .before = batch_state_json(tx, before), .after = batch_state_json(tx, &now)};
    struct audit_change change = {.action = action, .record_id = before->id, .reason = reason, .parts = &part, .part_count = 1};
    return audit_append(tx, actor, &change, ret_seq);
}

struct error *
batch_digest_hex(struct tx *tx, struct id batch_id, const char **ret_hex)
{
    struct batch batch;
    bool found = false;
    TRY(batch_store_load(tx, batch_id, &batch, &found));
    if (!found || batch.digest.length != SHA256_SIZE)
        return error_new(ERROR_NOT_FOUND);
    char *hex = arena_alloc(tx->arena, 65);
    hex_print(batch.digest.data, SHA256_SIZE, hex);
    *ret_hex = hex;
    return NULL;
}

/* The maker's acts are refused to whoever approved or released, and stamp him as a maker. */
static struct error *
batch_as_maker(struct tx *tx, const struct actor *actor, const struct batch *batch)
{
    return batch_store_duty(tx, batch->id, "make", actor->user_id);
}

struct error *
batch_lock(struct tx *tx, const struct actor *actor, struct id batch_id)
{
    struct batch batch;
    TRY(batch_load(tx, actor, batch_id, &batch));
    if (batch.stage || !text_equal(batch.state, "draft"))
        return batch_wrong_state(&batch, BARRED_LOCK);
    TRY(batch_as_maker(tx, actor, &batch));
    return batch_stage_begin(tx, actor, &batch, "locking");
}

/* The last step of a lock: the digest over what is stored, then the state. An empty list is no list to approve. */
struct error *
batch_finish_lock(struct tx *tx, const struct actor *actor, const struct batch *batch)
{
    if (batch->count == 0)
        return error_state(&situation_codes, "empty", BARRED_LOCK);
    struct program *program = NULL;
    TRY(program_load_version(tx, batch->program_id, batch->rule_version, &program));
    uint8_t digest[SHA256_SIZE];
    TRY(batch_compute_digest(tx, batch, program, digest));
    TRY(batch_store_set_totals(tx, batch->id, batch->count, batch->total_minor, digest, batch->rule_version));
    TRY(batch_move(tx, batch, "draft", "locked", BARRED_LOCK));
    int64_t seq = -1;
    TRY(batch_record(tx, actor, "batch.lock", batch, NULL, &seq));
    return batch_store_stamp(tx, batch->id, BATCH_STAMP_LOCKED, seq);
}

/* The money is claimed here: program > cycle > batch. Over the budget nobody can submit, however many try at once. */
static struct error *
batch_claim_money(struct tx *tx, const struct actor *actor, const struct batch *batch)
{
    const struct ledger_place chain[] = {{LEDGER_PROGRAM, batch->program_id}, {LEDGER_CYCLE, batch->cycle_id}, {LEDGER_BATCH, batch->id}};
    return ledger_move(tx, actor, "batch.claim", batch->id, batch->currency, chain, 3, batch->total_minor);
}

static struct error *
batch_unclaim_money(struct tx *tx, const struct actor *actor, const struct batch *batch)
{
    const struct ledger_place chain[] = {{LEDGER_BATCH, batch->id}, {LEDGER_CYCLE, batch->cycle_id}, {LEDGER_PROGRAM, batch->program_id}};
    return ledger_move(tx, actor, "batch.unclaim", batch->id, batch->currency, chain, 3, batch->total_minor);
}

struct error *
batch_submit(struct tx *tx, const struct actor *actor, struct id batch_id)
{
    struct batch batch;
    TRY(batch_load(tx, actor, batch_id, &batch));
    TRY(batch_move(tx, &batch, "locked", "in_approval", BARRED_SUBMIT));
    TRY(batch_as_maker(tx, actor, &batch));
    static const struct actor system = {.kind = ACTOR_SYSTEM, .name = "system", .all_regions = true, .all_programs = true};
    struct program *program = NULL;
    TRY(program_load(tx, &system, batch.program_id, &program));
    TRY(ledger_set_budget(tx, actor, program->id, program->currency, program->budget_minor));
    TRY(batch_claim_money(tx, actor, &batch));
    TRY(batch_store_stamp(tx, batch.id, BATCH_STAMP_SUBMITTED, -1));
    return batch_record(tx, actor, "batch.submit", &batch, NULL, NULL);
}

static bool
batch_holds_money(const struct batch *batch)
{
    return text_equal(batch->state, "in_approval") || text_equal(batch->state, "approved");
}

/* Back to a draft as a new version: recall by the maker's side, reject by an approver. */
static struct error *
batch_reopen(struct tx *tx, const struct actor *actor, const struct batch *batch, const char *how, const char *reason)
{
    if (batch_holds_money(batch))
        TRY(batch_unclaim_money(tx, actor, batch));
    TRY(batch_store_unclaim(tx, batch->id));
    TRY(batch_move(tx, batch, batch->state, "draft", text_equal(how, "recall") ? BARRED_RECALL : BARRED_REJECT));
    TRY(batch_store_new_version(tx, actor, batch, how, reason));
    TRY(batch_store_carry_excluded(tx, batch->id, batch->version));
    struct batch next = *batch;
    next.version++;
    next.state = "draft";
    next.digest = (struct bytes){NULL, 0};
    TRY(batch_record(tx, actor, arena_format(tx->arena, "batch.%s", how), batch, reason, NULL));
    return batch_stage_begin(tx, actor, &next, "building");
}

struct error *
batch_recall(struct tx *tx, const struct actor *actor, struct id batch_id, const char *reason)
{
    struct batch batch;
    TRY(batch_load(tx, actor, batch_id, &batch));
    if (batch.stage || !(text_equal(batch.state, "locked") || batch_holds_money(&batch)))
        return batch_wrong_state(&batch, BARRED_RECALL);
    TRY(batch_as_maker(tx, actor, &batch));
    return batch_reopen(tx, actor, &batch, "recall", reason);
}

struct error *
batch_reject(struct tx *tx, const struct actor *actor, struct id batch_id, const char *reason)
{
    struct batch batch;
    TRY(batch_load(tx, actor, batch_id, &batch));
    if (batch.stage || !batch_holds_money(&batch))
        return batch_wrong_state(&batch, BARRED_REJECT);
    TRY(batch_store_duty(tx, batch.id, "approve", actor->user_id));
    return batch_reopen(tx, actor, &batch, "reject", reason);
}

struct error *
batch_cancel(struct tx *tx, const struct actor *actor, struct id batch_id, const char *reason)
{
    struct batch batch;
    TRY(batch_load(tx, actor, batch_id, &batch));
    if (batch.stage || !(text_equal(batch.state, "draft") || text_equal(batch.state, "locked") || batch_holds_money(&batch)))
        return batch_wrong_state(&batch, BARRED_CANCEL);
    TRY(batch_as_maker(tx, actor, &batch));
    if (batch_holds_money(&batch))
        TRY(batch_unclaim_money(tx, actor, &batch));
    TRY(batch_store_unclaim(tx, batch.id));
    TRY(batch_move(tx, &batch, batch.state, "cancelled", BARRED_CANCEL));
    return batch_record(tx, actor, "batch.cancel", &batch, reason, NULL);
}

static int64_t
batch_count_approvals(const struct batch_approval *rows, size_t count)
{
    int64_t live = 0;
    for (size_t i = 0; i < count; i++)
        live += !rows[i].withdrawn;
    return live;
}

struct error *
batch_approve(struct tx *tx, const struct actor *actor, struct id batch_id, const char *digest_hex, const char *note)
{
    struct batch batch;
    TRY(batch_load(tx, actor, batch_id, &batch));
    if (batch.stage || !text_equal(batch.state, "in_approval"))
        return batch_wrong_state(&batch, BARRED_APPROVE);
    if (id_is_zero(actor->user_id))
        return error_new(ERROR_DUTIES); /* N of M counts distinct people, and the console is none */
    uint8_t digest[SHA256_SIZE];
    if (digest_hex == NULL || !hex_parse(digest_hex, digest, sizeof digest) || memcmp(digest, batch.digest.data, sizeof digest) != 0)
        return error_new(ERROR_DIGEST_CHANGED);
    TRY(batch_store_duty(tx, batch.id, "approve", actor->user_id));
    TRY(batch_store_approve(tx, &batch, actor->user_id, note));
    struct batch_approval rows[BATCH_APPROVALS_MAX];
    size_t count = 0;
    TRY(batch_store_approvals(tx, batch.id, batch.version, rows, &count));
    if (batch_count_approvals(rows, count) >= batch.approvals_required) {
        TRY(batch_move(tx, &batch, "in_approval", "approved", BARRED_APPROVE));
        TRY(batch_store_stamp(tx, batch.id, BATCH_STAMP_APPROVED, -1));
    }
    return batch_record(tx, actor, "batch.approve", &batch, note, NULL);
}

struct error *
batch_withdraw_approval(struct tx *tx, const struct actor *actor, struct id batch_id)
{
    struct batch batch;
    TRY(batch_load(tx, actor, batch_id, &batch));
    if (batch.stage || !batch_holds_money(&batch))
        return batch_wrong_state(&batch, BARRED_WITHDRAW_APPROVAL);
    int64_t changed = 0;
    TRY(batch_store_withdraw(tx, batch.id, batch.version, actor->user_id, &changed));
    if (changed == 0)
        return error_state(&situation_codes, "not_approved_by_you", BARRED_WITHDRAW_APPROVAL);
    if (text_equal(batch.state, "approved"))
        TRY(batch_move(tx, &batch, "approved", "in_approval", BARRED_WITHDRAW_APPROVAL));
    return batch_record(tx, actor, "batch.withdraw_approval", &batch, NULL, NULL);
}

struct error *
batch_release(struct tx *tx, const struct actor *actor, struct id batch_id)
{
    struct batch batch;
    TRY(batch_load(tx, actor, batch_id, &batch));
    bool resumes = text_equal(batch.stage, BATCH_STAGE_INTERRUPTED); /* some lines are out, the rest waits */
    if ((batch.stage && !resumes) || !text_equal(batch.state, "approved"))
        return batch_wrong_state(&batch, BARRED_RELEASE);
    TRY(payment_duty_release(tx, actor, batch.id));
    uint8_t digest[SHA256_SIZE];
    struct program *program = NULL;
    TRY(program_load_version(tx, batch.program_id, batch.rule_version, &program));
    TRY(batch_compute_digest(tx, &batch, program, digest)); /* pay exactly the approved list */
    if (batch.digest.length != SHA256_SIZE || memcmp(digest, batch.digest.data, sizeof digest) != 0)
        return error_new(ERROR_DIGEST_CHANGED);
    return batch_stage_begin(tx, actor, &batch, "releasing");
}

struct error *
batch_finish_release(struct tx *tx, const struct actor *actor, const struct batch *batch)
{
    TRY(batch_store_stamp(tx, batch->id, BATCH_STAMP_RELEASED, -1));
    TRY(batch_move(tx, batch, "approved", "released", BARRED_RELEASE));
    TRY(batch_record(tx, actor, "batch.release", batch, NULL, NULL));
    bool open = false;
    TRY(batch_store_any_open(tx, batch->id, &open));
    return payment_batch_settle(tx, actor, batch->id, open);
}

struct error *
batch_exclude_item(struct tx *tx, const struct actor *actor, struct id batch_id, struct id item_id, const char *reason)
{
    struct batch batch;
    struct batch_item item;
    bool found = false;
    TRY(batch_load(tx, actor, batch_id, &batch));
    TRY(batch_store_item(tx, item_id, &item, &found));
    if (!found || !id_equal(item.batch_id, batch.id) || item.version != batch.version)
        return error_new(ERROR_NOT_FOUND);
    if (batch.stage || !text_equal(batch.state, "draft"))
        return batch_wrong_state(&batch, BARRED_EXCLUDE);
    TRY(batch_as_maker(tx, actor, &batch));
    TRY(batch_store_set_item_state(tx, item.id, "excluded", reason));
    int64_t count = 0, total = 0;
    TRY(batch_store_sum_items(tx, batch.id, batch.version, &count, &total));
    TRY(batch_store_set_totals(tx, batch.id, count, total, NULL, batch.rule_version));
    return batch_record(tx, actor, "batch.exclude", &batch, reason, NULL);
}

struct error *
batch_budget_left(struct tx *tx, const struct batch *batch, int64_t *ret_minor)
{
    static const struct actor system = {.kind = ACTOR_SYSTEM, .name = "system", .all_regions = true, .all_programs = true};
    struct program *program = NULL;
    int64_t fund = 0, left = 0;
    TRY(program_load(tx, &system, batch->program_id, &program));
    TRY(ledger_balance(tx, (struct ledger_place){LEDGER_FUND, batch->program_id}, &fund));
    TRY(ledger_balance(tx, (struct ledger_place){LEDGER_PROGRAM, batch->program_id}, &left));
    *ret_minor = left + program->budget_minor + fund; /* what the budget was raised by and no submit has booked yet */
    return NULL;
}
