/* batch_build.c: from the enrolled to the lines of a batch: rule and entitlement anew at the reference date, conflicts, the payee's snapshot. */
#include <string.h>

#include "lumbung/base/money.h"
#include "lumbung/base/text.h"
#include "lumbung/household.h"
#include "lumbung/rule.h"
#include "payment/batch.h"
#include "payment/batch_hash.h"

/* Regular aid of a cycle, arrears of it, each named tranche: what may be paid once an enrollment and cycle. */
static const char *
batch_purpose(const struct batch *batch)
{
    return batch->kind;
}

/* Why this unit is not in the batch; NULL when it is. Short words, shown to the manager and kept. */
static struct error *
batch_refusal(struct tx *tx, const struct batch *batch, const struct enrollment *enrollment, const struct household_view *view, const struct program_answer *answer,
              bool locking, const char **ret_reason)
{
    *ret_reason = NULL;
    bool barred = false, allowed = true, claimed = false;
    struct id other = {{0}};
    TRY(household_payment_barred(tx, enrollment->household_id, &barred));
    TRY(household_processing_allowed(tx, enrollment->household_id, &allowed));
    if (locking)
        TRY(batch_store_claimed_by(tx, enrollment->id, batch->cycle_id, batch_purpose(batch), &other, &claimed));
    if (!text_equal(view->state, "active"))
        *ret_reason = "household_not_active";
    else if (!allowed)
        *ret_reason = "consent";
    else if (barred)
        *ret_reason = "duplicate";
    else if (view->payee_gone) /* its claim stays: a later batch pays once a payee is named */
        *ret_reason = text_equal(view->payee_gone, "died") ? "payee_died" : "payee_left";
    else if (claimed && !id_equal(other, batch->id))
        *ret_reason = "other_batch";
    else if (!text_equal(answer->outcome, "eligible"))
        *ret_reason = answer->outcome;
    else if (answer->part_count == 0)
        *ret_reason = "nothing_due";
    return NULL;
}

static const char *
batch_payee_json(struct tx *tx, const struct household_view *view, const char *salt_hex)
{
    struct buffer json;
    buffer_init(&json, tx->arena);
    json_open(&json, NULL, '{');
    json_put_text(&json, "name", view->payee_name);
    json_put_bool(&json, "guardian", view->payee_is_guardian);
    json_put_text(&json, "hamlet", view->hamlet);
    json_put_text(&json, "rw", view->rw);
    json_put_text(&json, "rt", view->rt);
    if (view->account_number) {
        json_open(&json, "account", '{');
        json_put_text(&json, "provider", view->account_provider);
        json_put_text(&json, "number", view->account_number);
        json_put_text(&json, "holder", view->account_holder);
        json_put_text(&json, "salt", salt_hex);
        json_close(&json, '}');
    }
    json_close(&json, '}');
    return buffer_text(&json);
}

/* BLAKE2b-256(key = this row's salt, provider|number|holder): a changed account shows, the account does not. */
static struct bytes
batch_account_tag(struct tx *tx, const struct household_view *view, const uint8_t salt[32])
{
    if (view->account_number == NULL)
        return (struct bytes){NULL, 0};
    const char *text = arena_format(tx->arena, "%s|%s|%s", view->account_provider ? view->account_provider : "", view->account_number,
                                    view->account_holder ? view->account_holder : "");
    uint8_t *tag = arena_alloc(tx->arena, 32);
    crypto_keyed_hash(salt, text, strlen(text), tag, 32);
    return (struct bytes){tag, 32};
}

static int
batch_compare_parts(const struct batch_part *left, const struct batch_part *right)
{
    int order = strcmp(left->code, right->code);
    return order != 0 ? order : id_compare(left->member_id, right->member_id);
}

/* Parts in the order of the digest: by code, then member. */
static struct batch_part *
batch_parts_of(struct tx *tx, const struct program_answer *answer)
{
    struct batch_part *parts = ARENA_ARRAY(tx->arena, struct batch_part, answer->part_count + 1);
    for (size_t i = 0; i < answer->part_count; i++) {
        const struct program_part *from = &answer->parts[i];
        struct batch_part part = {.code = from->code, .kind = from->kind, .item = from->item, .has_quantity = from->item != NULL && from->quantity > 0,
                                  .quantity = from->quantity, .has_amount = text_equal(from->kind, "cash") || from->amount_minor > 0,
                                  .amount_minor = from->amount_minor, .member_id = from->member_id};
        size_t at = i;
        for (; at > 0 && batch_compare_parts(&part, &parts[at - 1]) < 0; at--)
            parts[at] = parts[at - 1];
        parts[at] = part;
    }
    return parts;
}

static struct error *
batch_add_unit(struct tx *tx, const struct batch *batch, const struct enrollment *enrollment, const struct household_view *view,
               const struct program_answer *answer, bool locking)
{
    uint8_t salt[32];
    char salt_hex[65];
    crypto_random(salt, sizeof salt);
    hex_print(salt, sizeof salt, salt_hex);
    struct batch_item item = {.id = tx_new_id(tx), .batch_id = batch->id, .version = batch->version, .enrollment_id = enrollment->id,
                              .household_id = enrollment->household_id, .region_id = view->region_id, .payee_member_id = view->payee_member_id,
                              .amount_minor = answer->entitlement_minor, .state = "in", .account_tag = batch_account_tag(tx, view, salt)};
    const char *payee = batch_payee_json(tx, view, salt_hex);
    TRY(keyring_seal(tx, enrollment->household_id, "batch_item.payee", item.id, payee, strlen(payee), &item.payee_sealed));
    TRY(batch_store_add_item(tx, &item, batch_parts_of(tx, answer), answer->part_count));
    return locking ? batch_store_claim(tx, enrollment->id, batch->cycle_id, batch_purpose(batch), batch->id) : NULL;
}

struct error *
batch_build_unit(struct tx *tx, const struct batch *batch, const struct program *program, int32_t reference_date, const struct enrollment *enrollment, bool locking)
{
    bool excluded = false;
    TRY(batch_store_is_excluded(tx, batch->id, enrollment->id, &excluded));
    if (excluded)
        return NULL;
    struct actor system = {.kind = ACTOR_SYSTEM, .name = "system", .all_regions = true, .all_programs = true};
    struct household_view view;
    TRY(household_view(tx, &system, enrollment->household_id, &view));
    struct json *facts = NULL;
    TRY(household_facts(tx, enrollment->household_id, reference_date, &facts));
    struct program_unit unit = {enrollment->household_id, enrollment->family_no, enrollment->member_id};
    struct program_answer answer;
    TRY(program_evaluate(tx, program, facts, unit, reference_date, false, &answer));
    if (answer.part_count > BATCH_PARTS_MAX)
        return batch_store_drop(tx, batch->id, batch->version, enrollment->id, enrollment->household_id, "too_many_parts");
    if (answer.entitlement_minor < 0 || answer.entitlement_minor > MONEY_AMOUNT_MAX)
        return batch_store_drop(tx, batch->id, batch->version, enrollment->id, enrollment->household_id, "amount");
    const char *reason = NULL;
    TRY(batch_refusal(tx, batch, enrollment, &view, &answer, locking, &reason));
    if (reason)
        return batch_store_drop(tx, batch->id, batch->version, enrollment->id, enrollment->household_id, reason);
    return batch_add_unit(tx, batch, enrollment, &view, &answer, locking);
}

/* --- the digest over what is stored ------------------------------------------------------------------------------------------------- */

static const char *
batch_id_text(struct tx *tx, struct id id)
{
    if (id_is_zero(id))
        return NULL;
    char *text = arena_alloc(tx->arena, ID_TEXT_SIZE);
    id_print(id, text);
    return text;
}

/* What is paid is a line's own amount, what is hashed are its parts: both must say the same, and the batch's figures too. */
struct digest_sum {
    int64_t count, total_minor;
};

static struct error *
batch_hash_item(struct tx *tx, struct batch_hash *hash, const struct batch_item *item, struct digest_sum *sum)
{
    int64_t amount = 0;
    struct batch_part parts[BATCH_PARTS_MAX];
    size_t count = 0;
    TRY(payment_parts(tx, item->id, parts, &count));
    char tag[65] = "";
    if (item->account_tag.length == 32)
        hex_print(item->account_tag.data, 32, tag);
    struct batch_digest_line line = {.item_id = batch_id_text(tx, item->id), .enrollment_id = batch_id_text(tx, item->enrollment_id),
                                     .payee_member_id = batch_id_text(tx, item->payee_member_id), .account_tag = tag};
    for (size_t i = 0; i < count; i++) {
        line.code = parts[i].code;
        line.kind = parts[i].kind;
        line.item = parts[i].item;
        line.has_quantity = parts[i].has_quantity;
        line.quantity = parts[i].quantity;
        line.has_amount = parts[i].has_amount;
        line.amount_minor = parts[i].amount_minor;
        batch_hash_line(hash, &line);
        if (line.has_amount && !money_add(amount, line.amount_minor, &amount))
            return error_new(ERROR_DIGEST_CHANGED);
    }
    sum->count++;
    if (amount != item->amount_minor || !money_add(sum->total_minor, amount, &sum->total_minor))
        return error_new(ERROR_DIGEST_CHANGED);
    return NULL;
}

struct error *
batch_compute_digest(struct tx *tx, const struct batch *batch, const struct program *program, uint8_t ret_digest[32])
{
    char rule_digest[65];
    hex_print(program->rule_digest, 32, rule_digest);
    struct batch_digest_head head = {.program_id = batch_id_text(tx, batch->program_id), .cycle_id = batch_id_text(tx, batch->cycle_id),
                                     .batch_id = batch_id_text(tx, batch->id), .version = batch->version, .currency = batch->currency,
                                     .count = batch->count, .total_minor = batch->total_minor, .rule_digest = rule_digest};
    struct batch_hash hash;
    batch_hash_start(&hash, tx->arena, &head);
    struct batch_item *items = ARENA_ARRAY(tx->arena, struct batch_item, BATCH_INLINE_MAX);
    struct id after = {{0}};
    size_t count = BATCH_INLINE_MAX;
    struct digest_sum sum = {0};
    while (count == BATCH_INLINE_MAX) {
        TRY(batch_store_items(tx, batch->id, batch->version, after, BATCH_INLINE_MAX, items, &count));
        for (size_t i = 0; i < count; i++) {
            after = items[i].id;
            if (!text_equal(items[i].state, "excluded")) /* held ones were approved too */
                TRY(batch_hash_item(tx, &hash, &items[i], &sum));
        }
    }
    if (sum.count != batch->count || sum.total_minor != batch->total_minor)
        return error_new(ERROR_DIGEST_CHANGED);
    batch_hash_finish(&hash, ret_digest);
    return NULL;
}
