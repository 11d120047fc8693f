/* batch_print.c: a batch as people see it: totals, who did what, what changed against the last one, what this caller may do next. */
#include <string.h>

#include "lumbung/audit.h"
#include "lumbung/base/text.h"
#include "lumbung/household.h"
#include "lumbung/region.h"
#include "lumbung/user.h"
#include "payment/batch.h"
#include "payment/batch_view.h"

#define BATCH_SHOWN_DROPPED 200

struct error *
payment_payee_open(struct tx *tx, struct id household_id, struct id item_id, struct bytes sealed, struct batch_payee *ret_payee)
{
    *ret_payee = (struct batch_payee){0};
    struct bytes plain;
    TRY(keyring_unseal(tx, household_id, "batch_item.payee", item_id, sealed, &plain));
    if (plain.data == NULL)
        return NULL; /* the person was erased: the money stays, the name is gone */
    struct json *json = NULL;
    TRY(json_parse(tx->arena, (const char *)plain.data, plain.length, &json));
    const struct json *account = json_get(json, "account"), *guardian = json_get(json, "guardian");
    *ret_payee = (struct batch_payee){.name = json_get_text(json, "name"), .is_guardian = guardian && guardian->boolean,
                                      .provider = json_get_text(account, "provider"), .number = json_get_text(account, "number"),
                                      .holder = json_get_text(account, "holder"),
                                      .salt_hex = json_get_text(account, "salt"), .hamlet = json_get_text(json, "hamlet"),
                                      .rw = json_get_text(json, "rw"), .rt = json_get_text(json, "rt")};
    return NULL;
}

static struct error *
print_person(struct tx *tx, struct buffer *buffer, const char *key, struct id user_id)
{
    if (id_is_zero(user_id)) {
        json_put_text(buffer, key, "console");
        return NULL;
    }
    const char *name = NULL;
    TRY(user_display_name(tx, user_id, &name));
    json_put_text(buffer, key, name);
    return NULL;
}

static struct error *
print_approvals(struct tx *tx, const struct batch *batch, struct buffer *buffer)
{
    struct batch_approval rows[BATCH_APPROVALS_MAX];
    size_t count = 0;
    TRY(batch_store_approvals(tx, batch->id, batch->version, rows, &count));
    json_open(buffer, "approvals", '[');
    for (size_t i = 0; i < count; i++) {
        if (rows[i].withdrawn)
            continue;
        json_open(buffer, NULL, '{');
        TRY(print_person(tx, buffer, "by", rows[i].user_id));
        json_put_id(buffer, "by_id", rows[i].user_id);
        json_put_instant(buffer, "at", rows[i].at_ms);
        json_put_hex(buffer, "digest", rows[i].digest.data, rows[i].digest.length);
        json_put_text(buffer, "note", rows[i].note);
        json_close(buffer, '}');
    }
    json_close(buffer, ']');
    return NULL;
}

/* What this caller may do next: his permissions, the state and his duties so far. */
static struct error *
print_may(struct tx *tx, const struct actor *actor, const struct batch *batch, struct buffer *buffer)
{
    bool is_maker = false, has_approved = false, has_released = false, stands = false;
    struct batch_approval rows[BATCH_APPROVALS_MAX];
    size_t row_count = 0;
    TRY(batch_store_approvals(tx, batch->id, batch->version, rows, &row_count));
    for (size_t i = 0; i < row_count; i++)
        stands = stands || (!rows[i].withdrawn && id_equal(rows[i].user_id, actor->user_id)); /* a withdrawn approval may be given again */
    TRY(batch_store_has_duty(tx, batch->id, "make", actor->user_id, &is_maker));
    TRY(batch_store_has_duty(tx, batch->id, "approve", actor->user_id, &has_approved));
    TRY(batch_store_has_duty(tx, batch->id, "release", actor->user_id, &has_released));
    bool make = actor_may(actor, PERM_BATCH_MAKE) && !has_approved, approve = actor_may(actor, PERM_BATCH_APPROVE) && !is_maker;
    bool release = actor_may(actor, PERM_BATCH_RELEASE) && !is_maker && !(batch->strict_duties && has_approved);
    bool close = actor_may(actor, PERM_PAYMENT_RECONCILE) && !has_released && !(batch->strict_duties && (is_maker || has_approved));
    bool draft = text_equal(batch->state, "draft"), locked = text_equal(batch->state, "locked"), waiting = text_equal(batch->state, "in_approval"),
         approved = text_equal(batch->state, "approved"), idle = batch->stage == NULL, resumes = text_equal(batch->stage, BATCH_STAGE_INTERRUPTED);
    const struct { const char *act; bool may; } acts[] = {
        {"exclude", make && draft}, {"lock", make && draft}, {"submit", make && locked}, {"recall", make && (locked || waiting || approved)},
        {"cancel", make && (draft || locked || waiting || approved)}, {"approve", approve && waiting && !stands},
        {"withdraw-approval", approve && (waiting || approved) && stands}, {"reject", approve && (waiting || approved)},
        {"release", release && approved}, {"close", close && text_equal(batch->state, "released")},
    };
    json_open(buffer, "may", '[');
    for (size_t i = 0; i < sizeof acts / sizeof acts[0]; i++)
        if (acts[i].may && (idle || (resumes && text_equal(acts[i].act, "release"))))
            json_put_text(buffer, NULL, acts[i].act);
    json_close(buffer, ']');
    return NULL;
}

static struct error *
print_totals(struct tx *tx, const struct batch *batch, struct buffer *buffer)
{
    struct batch_total rows[64];
    size_t count = 0;
    TRY(batch_store_totals(tx, batch->id, batch->version, rows, 64, &count));
    json_open(buffer, "totals", '[');
    for (size_t i = 0; i < count; i++) {
        json_open(buffer, NULL, '{');
        json_put_text(buffer, "kind", rows[i].kind);
        json_put_text(buffer, "item", rows[i].item);
        json_put_int(buffer, "quantity", rows[i].quantity);
        json_put_int(buffer, "amount_minor", rows[i].amount_minor);
        json_close(buffer, '}');
    }
    json_close(buffer, ']');
    return NULL;
}

static struct error *
print_change(struct tx *tx, const struct batch *batch, struct buffer *buffer)
{
    struct id previous = {{0}};
    int64_t version = 0, added = 0, left = 0, changed = 0;
    TRY(batch_store_previous(tx, batch, &previous, &version));
    if (!id_is_zero(previous))
        TRY(batch_store_change(tx, batch, previous, version, &added, &left, &changed));
    json_open(buffer, "change", '{');
    json_put_int(buffer, "new", id_is_zero(previous) ? batch->count : added);
    json_put_int(buffer, "left", left);
    json_put_int(buffer, "changed_amount", changed);
    json_put_id(buffer, "previous_batch_id", previous);
    json_close(buffer, '}');
    return NULL;
}

static struct error *
print_dropped(struct tx *tx, const struct batch *batch, struct buffer *buffer)
{
    struct batch_dropped *rows = ARENA_ARRAY(tx->arena, struct batch_dropped, BATCH_SHOWN_DROPPED);
    size_t count = 0;
    TRY(batch_store_dropped(tx, batch->id, batch->version, BATCH_SHOWN_DROPPED, rows, &count));
    json_open(buffer, "dropped", '[');
    for (size_t i = 0; i < count; i++) {
        json_open(buffer, NULL, '{');
        json_put_id(buffer, "household_id", rows[i].household_id);
        json_put_id(buffer, "enrollment_id", rows[i].enrollment_id);
        json_put_text(buffer, "reason", rows[i].reason);
        json_close(buffer, '}');
    }
    json_close(buffer, ']');
    return NULL;
}

/* Overlaps of duty and repeated guardians or accounts, for the approver's eye. */
static struct error *
print_warnings(struct tx *tx, const struct batch *batch, struct buffer *buffer)
{
    struct batch_warning rows[16];
    size_t count = 0;
    TRY(batch_store_warnings(tx, batch, rows, 16, &count));
    json_open(buffer, "warnings", '[');
    for (size_t i = 0; i < count; i++) {
        json_open(buffer, NULL, '{');
        json_put_text(buffer, "code", rows[i].code);
        json_put_int(buffer, "count", rows[i].count);
        json_close(buffer, '}');
    }
    json_close(buffer, ']');
    return NULL;
}

static struct error *
print_step(struct tx *tx, struct buffer *buffer, const char *step, struct id actor_id, int64_t at_ms)
{
    json_open(buffer, NULL, '{');
    json_put_text(buffer, "step", step);
    TRY(print_person(tx, buffer, "by", actor_id));
    json_put_instant(buffer, "at", at_ms);
    json_close(buffer, '}');
    return NULL;
}

/* Who took each step of this version and when; approvals are listed apart. A step that was not reached, or was undone, is not there. */
static struct error *
print_steps(struct tx *tx, const struct batch *batch, struct buffer *buffer)
{
    const struct { const char *step, *action; bool reached; } steps[] = {
        {"locked", "batch.lock", batch->locked_at_ms != 0}, {"submitted", "batch.submit", batch->submitted_at_ms != 0},
        {"released", "batch.release", batch->released_at_ms != 0}, {"closed", "batch.close", text_equal(batch->state, "closed")},
        {"cancelled", "batch.cancel", text_equal(batch->state, "cancelled")},
    };
    json_open(buffer, "steps", '[');
    TRY(print_step(tx, buffer, "made", batch->made_by, batch->created_at_ms));
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        struct id actor_id = {{0}};
        int64_t at_ms = 0;
        if (steps[i].reached)
            TRY(audit_last_act(tx, batch->id, steps[i].action, &actor_id, &at_ms));
        if (at_ms != 0)
            TRY(print_step(tx, buffer, steps[i].step, actor_id, at_ms));
    }
    json_close(buffer, ']');
    return NULL;
}

static struct error *
print_place(struct tx *tx, const struct batch *batch, struct buffer *buffer)
{
    if (id_is_zero(batch->region_id)) {
        json_put_null(buffer, "region");
        return NULL;
    }
    struct region region;
    TRY(region_by_id(tx, batch->region_id, &region));
    json_put_text(buffer, "region", region.code);
    json_put_text(buffer, "region_name", region.name);
    return NULL;
}

static void
print_instant(struct buffer *buffer, const char *key, int64_t at_ms)
{
    if (at_ms == 0)
        json_put_null(buffer, key);
    else
        json_put_instant(buffer, key, at_ms);
}

static struct error *
print_head(struct tx *tx, const struct batch *batch, struct buffer *buffer)
{
    json_put_id(buffer, "id", batch->id);
    json_put_id(buffer, "program_id", batch->program_id);
    json_put_id(buffer, "cycle_id", batch->cycle_id);
    const char *program = NULL, *cycle = NULL;
    TRY(batch_store_names(tx, batch, &program, &cycle));
    json_put_text(buffer, "program", program);
    json_put_text(buffer, "cycle", cycle);
    TRY(print_place(tx, batch, buffer));
    json_put_text(buffer, "kind", batch->kind);
    json_put_text(buffer, "state", batch->state);
    json_put_text(buffer, "stage", batch->stage);
    json_put_text(buffer, "stage_error", batch->stage_error);
    json_put_id(buffer, "job_id", batch->stage_job_id);
    json_put_int(buffer, "version", batch->version);
    json_put_int(buffer, "rule_version", batch->rule_version);
    json_put_int(buffer, "count", batch->count);
    json_put_int(buffer, "total_minor", batch->total_minor);
    json_put_text(buffer, "currency", batch->currency);
    if (batch->digest.length)
        json_put_hex(buffer, "digest", batch->digest.data, batch->digest.length);
    else
        json_put_null(buffer, "digest");
    TRY(print_person(tx, buffer, "made_by", batch->made_by));
    json_put_id(buffer, "made_by_id", batch->made_by);
    json_put_int(buffer, "approvals_required", batch->approvals_required);
    json_put_bool(buffer, "strict_duties", batch->strict_duties);
    print_instant(buffer, "created_at", batch->created_at_ms);
    print_instant(buffer, "locked_at", batch->locked_at_ms);
    print_instant(buffer, "submitted_at", batch->submitted_at_ms);
    print_instant(buffer, "approved_at", batch->approved_at_ms);
    print_instant(buffer, "released_at", batch->released_at_ms);
    return NULL;
}

struct error *
batch_print(struct tx *tx, const struct actor *actor, const struct batch *batch, struct buffer *buffer, const char *key, bool whole)
{
    json_open(buffer, key, '{');
    TRY(print_head(tx, batch, buffer));
    TRY(print_approvals(tx, batch, buffer));
    TRY(print_may(tx, actor, batch, buffer));
    if (whole) {
        TRY(print_steps(tx, batch, buffer));
        TRY(print_totals(tx, batch, buffer));
        TRY(print_change(tx, batch, buffer));
        TRY(print_warnings(tx, batch, buffer));
        TRY(print_dropped(tx, batch, buffer));
        TRY(batch_print_held(tx, actor, batch, buffer));
        int64_t left = 0;
        TRY(batch_budget_left(tx, batch, &left));
        json_put_int(buffer, "budget_left_minor", left);
    }
    json_close(buffer, '}');
    return NULL;
}

static void
print_parts(struct buffer *buffer, const struct batch_part *parts, size_t count)
{
    json_open(buffer, "parts", '[');
    for (size_t i = 0; i < count; i++) {
        json_open(buffer, NULL, '{');
        json_put_text(buffer, "code", parts[i].code);
        json_put_text(buffer, "kind", parts[i].kind);
        if (parts[i].has_amount)
            json_put_int(buffer, "amount_minor", parts[i].amount_minor);
        if (parts[i].item)
            json_put_text(buffer, "item", parts[i].item);
        if (parts[i].has_quantity)
            json_put_int(buffer, "quantity", parts[i].quantity);
        if (!id_is_zero(parts[i].member_id))
            json_put_id(buffer, "member_id", parts[i].member_id);
        json_close(buffer, '}');
    }
    json_close(buffer, ']');
}

/* Names in full for those who decide, a stable code for the auditor, accounts cut to their last four. */
static void
print_payee(struct tx *tx, struct buffer *buffer, const struct actor *actor, const struct batch_item *item, const struct batch_payee *payee)
{
    if (actor->masking == MASKING_PSEUDONYM) {
        json_put_text(buffer, "payee", household_pseudonym(tx, actor, item->household_id));
        return;
    }
    json_put_text(buffer, "payee", payee->name);
    json_put_bool(buffer, "guardian", payee->is_guardian);
    if (payee->number == NULL)
        return;
    json_open(buffer, "account", '{');
    json_put_text(buffer, "provider", payee->provider);
    struct buffer masked;
    buffer_init(&masked, buffer->arena);
    field_mask(&masked, payee->number);
    json_put_text(buffer, "number", buffer_text(&masked));
    json_close(buffer, '}');
}

/* Without its closing brace. */
static struct error *
print_item(struct tx *tx, const struct actor *actor, const struct batch *batch, const struct batch_item *item, struct buffer *buffer)
{
    struct batch_part parts[BATCH_PARTS_MAX];
    size_t count = 0;
    struct batch_payee payee;
    struct region region;
    TRY(payment_parts(tx, item->id, parts, &count));
    TRY(payment_payee_open(tx, item->household_id, item->id, item->payee_sealed, &payee));
    TRY(region_by_id(tx, item->region_id, &region));
    json_open(buffer, NULL, '{');
    json_put_id(buffer, "id", item->id);
    json_put_id(buffer, "enrollment_id", item->enrollment_id);
    json_put_id(buffer, "household_id", item->household_id);
    print_payee(tx, buffer, actor, item, &payee);
    json_put_text(buffer, "region", region.code);
    json_put_text(buffer, "region_name", region.name);
    json_put_int(buffer, "amount_minor", item->amount_minor);
    json_put_text(buffer, "currency", batch->currency);
    print_parts(buffer, parts, count);
    json_put_text(buffer, "state", item->state);
    json_put_text(buffer, "reason", item->reason);
    return NULL;
}

struct error *
batch_item_print(struct tx *tx, const struct actor *actor, const struct batch *batch, const struct batch_item *item, struct buffer *buffer)
{
    TRY(print_item(tx, actor, batch, item, buffer));
    json_close(buffer, '}');
    return NULL;
}

struct error *
batch_view_print(struct tx *tx, const struct actor *actor, const struct batch *batch, const struct batch_view *view, struct buffer *buffer)
{
    TRY(print_item(tx, actor, batch, &view->item, buffer));
    if (view->has_last) {
        json_put_int(buffer, "last_amount_minor", view->last_amount_minor);
        json_put_int(buffer, "change_minor", view->item.amount_minor - view->last_amount_minor);
        json_put_id(buffer, "last_batch_id", view->last_batch_id);
        json_put_instant(buffer, "last_released_at", view->last_released_at_ms);
    } else {
        json_put_null(buffer, "last_amount_minor");
    }
    json_close(buffer, '}');
    return NULL;
}

struct error *
batch_print_held(struct tx *tx, const struct actor *actor, const struct batch *batch, struct buffer *buffer)
{
    struct batch_item *items = ARENA_ARRAY(tx->arena, struct batch_item, BATCH_SHOWN_DROPPED);
    size_t count = 0;
    TRY(batch_store_held(tx, batch, BATCH_SHOWN_DROPPED, items, &count));
    json_open(buffer, "held", '[');
    for (size_t i = 0; i < count; i++)
        TRY(batch_item_print(tx, actor, batch, &items[i], buffer));
    json_close(buffer, ']');
    return NULL;
}
