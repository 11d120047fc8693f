/* disbursement.c: what may happen to a released line. At every COMMIT: amount = received + open + given back, and the ledger moves with it. */
#include "disbursement/disbursement_fields.h"

#include <string.h>

#include "disbursement/disbursement_private.h"
#include "lumbung/audit.h"
#include "lumbung/base/money.h"
#include "lumbung/base/text.h"
#include "lumbung/base/time.h"
#include "lumbung/disbursement.h"
#include "lumbung/household.h"
#include "lumbung/ledger.h"
#include "lumbung/region.h"
#include "lumbung/user.h"

#define CLOCK_SKEW_MS (5 * 60 * 1000) /* a phone's clock may run ahead by this much */

struct error *
disbursement_load(struct tx *tx, const struct actor *actor, struct id id, struct disbursement *ret_row)
{
    bool found = false;
    TRY(disbursement_store_load(tx, actor, id, ret_row, &found));
    return found ? NULL : error_new(ERROR_NOT_FOUND);
}

/* Reference = f(payee, batch, count of a person's retries): a queue's resend repeats it, a retry makes a new one. */
const char *
disbursement_reference(struct tx *tx, struct id item_id, int64_t retries)
{
    uint8_t bytes[24], digest[SHA256_SIZE];
    memcpy(bytes, item_id.bytes, 16);
    for (size_t i = 0; i < 8; i++)
        bytes[16 + i] = (uint8_t)((uint64_t)retries >> (8 * i));
    sha256_of(bytes, sizeof bytes, digest);
    char hex[65];
    hex_print(digest, SHA256_SIZE, hex);
    hex[16] = '\0';
    return arena_format(tx->arena, "LB-%s", hex);
}

struct error *
disbursement_on_release(struct tx *tx, const struct actor *actor, const struct payment_line *line)
{
    (void)actor; /* the batch's own leaf says who released: its digest covers every line */
    struct disbursement row = {.id = tx_new_id(tx), .batch_id = line->batch_id, .item_id = line->item_id, .program_id = line->program_id,
                               .cycle_id = line->cycle_id, .enrollment_id = line->enrollment_id, .household_id = line->household_id,
                               .region_id = line->region_id, .payee_member_id = line->payee_member_id, .payee_sealed = line->payee_sealed,
                               .currency = line->currency, .amount_minor = line->amount_minor, .lifted = line->lifted,
                               .reference = disbursement_reference(tx, line->item_id, 0)};
    TRY(disbursement_store_insert(tx, &row));
    struct batch_part parts[BATCH_PARTS_MAX];
    size_t count = 0;
    TRY(payment_parts(tx, line->item_id, parts, &count));
    for (size_t i = 0; i < count; i++)
        TRY(disbursement_store_insert_part(tx, row.id, (int64_t)i, &parts[i]));
    return NULL;
}

static const char *
disbursement_state_json(struct tx *tx, const struct disbursement *row)
{
    struct buffer json;
    buffer_init(&json, tx->arena);
    json_open(&json, NULL, '{');
    json_put_text(&json, "state", row->state);
    json_put_text(&json, "reference", row->reference);
    json_put_int(&json, "received_minor", row->received_minor);
    json_put_int(&json, "open_minor", row->open_minor);
    json_put_int(&json, "given_back_minor", row->given_back_minor);
    json_put_text(&json, "held_reason", row->held_reason);
    json_close(&json, '}');
    return buffer_text(&json);
}

/* Moves the row from what was seen to what it becomes, and leaves the leaf. Somebody faster: the state decides, not the earlier read. */
struct error *
disbursement_apply(struct tx *tx, const struct actor *actor, const char *action, const struct disbursement *seen, const struct disbursement *now,
                   const char *reason)
{
    bool moved = false;
    TRY(disbursement_store_move(tx, seen, now, &moved));
    if (!moved)
        return error_state(&situation_codes, "changed", BARRED_STORE);
    struct audit_part part = {.kind = "disbursement", .id = seen->id, .subject = seen->household_id, .before = disbursement_state_json(tx, seen),
                              .after = disbursement_state_json(tx, now)};
    struct audit_change change = {.action = action, .record_id = seen->id, .reason = reason, .parts = &part, .part_count = 1};
    TRY(audit_append(tx, actor, &change, NULL));
    bool open = false;
    TRY(disbursement_store_any_open(tx, seen->batch_id, &open));
    return payment_batch_settle(tx, actor, seen->batch_id, open);
}

/* --- receiving ----------------------------------------------------------------------------------------------------------------------- */

static bool
disbursement_goods_open(const struct disbursement_part *parts, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (parts[i].part.has_quantity && parts[i].received_quantity < parts[i].part.quantity)
            return true;
    return false;
}

/* When, where and by whom the first pick-up was: the words that a second collector gets to hear. */
static struct error *
disbursement_already_received(struct tx *tx, const struct disbursement *row)
{
    struct receipt *receipts = ARENA_ARRAY(tx->arena, struct receipt, RECEIPTS_MAX);
    size_t count = 0;
    TRY(receipt_store_list(tx, row->id, receipts, &count));
    const struct receipt *first = NULL;
    for (size_t i = 0; i < count && first == NULL; i++)
        if (text_equal(receipts[i].kind, "receipt") && !receipts[i].reversed)
            first = &receipts[i];
    if (first == NULL)
        return error_state(&disbursement_state_codes, row->state, BARRED_RECEIVE);
    char at[INSTANT_TEXT_SIZE];
    instant_print(first->at_ms, at);
    const char *place = NULL, *by = NULL;
    TRY(region_path_text(tx, row->region_id, &place));
    if (!id_is_zero(first->recorded_by))
        TRY(user_display_name(tx, first->recorded_by, &by));
    struct error *error = error_with(ERROR_ALREADY_RECEIVED, at, place, NULL);
    error_add_member(error, "at", at, false);
    error_add_member(error, "place", place, false);
    error_add_member(error, "by", by, false);
    return error;
}

static struct error *
receive_check_words(const struct tx *tx, const struct receipt_in *in)
{
    struct error *error = NULL;
    bool collector = text_equal(in->received_by, "collector");
    if (collector && text_is_blank(in->collector_name))
        error_add_fault(&error, "/collector_name", FAULT_REQUIRED, NULL, NULL);
    if (collector && text_is_blank(in->collector_relation))
        error_add_fault(&error, "/collector_relation", FAULT_REQUIRED, NULL, NULL);
    if (!collector && in->collector_name)
        error_add_fault(&error, "/collector_name", FAULT_CONFLICT, "received_by", NULL);
    if (text_equal(in->identified_by, "known_by_witness") && text_is_blank(in->witness))
        error_add_fault(&error, "/witness", FAULT_REQUIRED, NULL, NULL);
    if (in->at_ms > tx->now_ms + CLOCK_SKEW_MS)
        error_add_fault(&error, "/at", FAULT_FUTURE, NULL, NULL);
    return error;
}

/* The amount: what is open when none is said; never more. */
static struct error *
receive_amount(struct tx *tx, const struct disbursement *row, const struct receipt_in *in, int64_t *ret_amount)
{
    if (!field_present(&receipt_in_table, in, "amount_minor")) {
        *ret_amount = field_present(&receipt_in_table, in, "parts") && row->amount_minor == 0 ? 0 : row->open_minor;
        return NULL;
    }
    const struct currency *currency = currency_find(row->currency);
    if (currency && in->amount_minor % currency->step != 0)
        return error_field("/amount_minor", FAULT_MONEY, arena_format(tx->arena, "%lld", (long long)currency->step), NULL);
    if (in->amount_minor > row->open_minor)
        return error_field("/amount_minor", FAULT_EXCEEDS_OPEN, money_text(tx->arena, row->open_minor, row->currency, LANGUAGE_ID),
                           money_text(tx->arena, row->open_minor, row->currency, LANGUAGE_EN));
    *ret_amount = in->amount_minor;
    return NULL;
}

static const struct receipt_part_in *
receive_find_part(const struct receipt_in *in, const char *code)
{
    const struct receipt_part_in *items = in->parts.items;
    for (size_t i = 0; i < in->parts.count; i++)
        if (text_equal(items[i].code, code))
            return &items[i];
    return NULL;
}

static struct error *
receive_check_parts(struct tx *tx, const struct receipt_in *in, const struct disbursement_part *parts, size_t count)
{
    struct error *error = NULL;
    const struct receipt_part_in *items = in->parts.items;
    for (size_t i = 0; i < in->parts.count; i++) {
        int64_t open = 0;
        bool known = false;
        for (size_t j = 0; j < count; j++)
            if (parts[j].part.has_quantity && text_equal(parts[j].part.code, items[i].code)) {
                known = true;
                open += parts[j].part.quantity - parts[j].received_quantity;
            }
        if (!known)
            error_add_fault(&error, arena_format(tx->arena, "/parts/%zu/code", i), FAULT_REFERENCE, items[i].code, NULL);
        else if (receive_find_part(in, items[i].code) != &items[i])
            error_add_fault(&error, arena_format(tx->arena, "/parts/%zu/code", i), FAULT_CONFLICT, "an earlier part", NULL);
        else if (items[i].quantity > open)
            error_add_fault(&error, arena_format(tx->arena, "/parts/%zu/quantity", i), FAULT_EXCEEDS_OPEN, arena_format(tx->arena, "%lld", (long long)open),
                            arena_format(tx->arena, "%lld", (long long)open));
    }
    return error;
}

/* How much of this part was handed over. A code may stand for several members' parts: what was said fills them one after the other. */
static int64_t
receive_quantity(const struct receipt_in *in, bool said, const struct disbursement_part *parts, size_t at)
{
    int64_t open = parts[at].part.quantity - parts[at].received_quantity;
    const struct receipt_part_in *part = said ? receive_find_part(in, parts[at].part.code) : NULL;
    if (!said)
        return open;
    int64_t left = part ? part->quantity : 0;
    for (size_t i = 0; i < at; i++)
        if (parts[i].part.has_quantity && text_equal(parts[i].part.code, parts[at].part.code))
            left -= parts[i].taken;
    return left < open ? left : open;
}

/* Writes the goods received; `quantities` gets them as JSON for the receipt. */
static struct error *
receive_goods(struct tx *tx, const struct disbursement *row, const struct receipt_in *in, struct disbursement_part *parts, size_t count, struct buffer *quantities)
{
    bool said = field_present(&receipt_in_table, in, "parts");
    json_open(quantities, NULL, '{');
    for (size_t i = 0; i < count; i++) {
        if (!parts[i].part.has_quantity)
            continue;
        int64_t quantity = receive_quantity(in, said, parts, i);
        if (quantity == 0)
            continue;
        parts[i].taken = quantity;
        parts[i].received_quantity += quantity;
        TRY(disbursement_store_set_quantity(tx, row->id, parts[i].number, parts[i].received_quantity));
        json_put_int(quantities, arena_format(tx->arena, "%lld", (long long)parts[i].number), quantity);
    }
    json_close(quantities, '}');
    return NULL;
}

static struct error *
receive_seal(struct tx *tx, const struct disbursement *row, const struct receipt_in *in, struct receipt *receipt)
{
    struct buffer json;
    buffer_init(&json, tx->arena);
    json_open(&json, NULL, '{');
    json_put_text(&json, "collector_name", in->collector_name);
    json_put_text(&json, "witness", in->witness);
    json_put_text(&json, "note", in->note);
    json_close(&json, '}');
    return keyring_seal(tx, row->household_id, "receipt", receipt->id, json.data, json.length, &receipt->sealed);
}

static bool
disbursement_can_receive(const struct disbursement *row)
{
    return text_equal(row->state, "pending") || text_equal(row->state, "sent") || text_equal(row->state, "partly_paid") || text_equal(row->state, "uncollected");
}

/* The payee's death was let pass: the household keeps its claim, and somebody of it may collect, named and with his relation. */
static struct error *
receive_check_alive(struct tx *tx, const struct disbursement *row, const struct receipt_in *in)
{
    const char *state = "live", *name = NULL;
    struct id household;
    if (!id_is_zero(row->payee_member_id))
        TRY(household_member_state(tx, row->payee_member_id, &state, &household, &name));
    if (text_equal(state, "died") && !text_equal(in->received_by, "collector"))
        return error_state(&situation_codes, "payee_died", BARRED_RECEIVE);
    return NULL;
}

struct error *
disbursement_receive(struct tx *tx, const struct actor *actor, struct id id, const struct receipt_in *in, const char **ret_held)
{
    struct disbursement row;
    struct disbursement_part parts[BATCH_PARTS_MAX];
    size_t count = 0;
    TRY(disbursement_load(tx, actor, id, &row));
    TRY(disbursement_store_parts(tx, id, parts, &count));
    TRY(receive_check_words(tx, in));
    if (row.open_minor == 0 && !disbursement_goods_open(parts, count))
        return disbursement_already_received(tx, &row);
    if (!disbursement_can_receive(&row))
        return error_state(&disbursement_state_codes, row.state, BARRED_RECEIVE);
    TRY(disbursement_test_again(tx, actor, &row, ret_held));
    if (*ret_held)
        return NULL;
    TRY(receive_check_alive(tx, &row, in));
    struct receipt receipt = {.id = tx_new_id(tx), .disbursement_id = id, .kind = "receipt", .method = in->method, .received_by = in->received_by,
                              .identified_by = in->identified_by, .collector_relation = in->collector_relation, .signature_id = in->signature,
                              .photo_id = in->photo, .distribution_id = in->distribution_id, .at_ms = in->at_ms, .recorded_by = actor->user_id};
    TRY(receive_amount(tx, &row, in, &receipt.amount_minor));
    TRY(receive_check_parts(tx, in, parts, count));
    struct buffer quantities;
    buffer_init(&quantities, tx->arena);
    TRY(receive_goods(tx, &row, in, parts, count, &quantities));
    receipt.quantities = buffer_text(&quantities);
    if (receipt.amount_minor == 0 && text_equal(receipt.quantities, "{}"))
        return error_field("/amount_minor", FAULT_REQUIRED, NULL, NULL); /* a receipt of nothing */
    TRY(receive_seal(tx, &row, in, &receipt));
    TRY(receipt_store_insert(tx, &receipt));
    const struct ledger_place chain[] = {{LEDGER_OPEN, row.batch_id}, {LEDGER_PAID, row.batch_id}};
    TRY(ledger_move(tx, actor, "receipt", id, row.currency, chain, 2, receipt.amount_minor));
    struct disbursement now = row;
    now.received_minor += receipt.amount_minor;
    now.open_minor -= receipt.amount_minor;
    now.state = now.open_minor == 0 && !disbursement_goods_open(parts, count) ? "paid" : "partly_paid";
    return disbursement_apply(tx, actor, "disbursement.receive", &row, &now, NULL);
}

struct error *
disbursement_receive_json(struct tx *tx, const struct actor *actor, struct id disbursement_id, const struct json *json)
{
    void *in = NULL;
    const char *held = NULL;
    TRY(field_parse(tx->arena, &receipt_in_table, json, "", FIELD_CREATE, INT32_MAX, &in));
    TRY(disbursement_receive(tx, actor, disbursement_id, in, &held));
    return held ? disbursement_held_error(held) : NULL;
}

struct error *
disbursement_attempt(struct tx *tx, const struct actor *actor, struct id id, const struct attempt_in *in)
{
    struct disbursement row;
    TRY(disbursement_load(tx, actor, id, &row));
    if (in->at_ms > tx->now_ms + CLOCK_SKEW_MS)
        return error_field("/at", FAULT_FUTURE, NULL, NULL);
    if (!disbursement_can_receive(&row))
        return error_state(&disbursement_state_codes, row.state, BARRED_ATTEMPT);
    struct attempt attempt = {.id = tx_new_id(tx), .outcome = in->outcome, .note = in->note, .at_ms = in->at_ms, .recorded_by = actor->user_id};
    TRY(attempt_store_insert(tx, id, &attempt));
    struct audit_part part = {.kind = "attempt", .id = attempt.id, .subject = row.household_id,
                              .after = arena_format(tx->arena, "{\"outcome\":\"%s\"}", in->outcome)};
    struct audit_change change = {.action = "disbursement.attempt", .record_id = id, .reason = in->note, .parts = &part, .part_count = 1};
    return audit_append(tx, actor, &change, NULL);
}

struct error *
disbursement_attempt_json(struct tx *tx, const struct actor *actor, struct id disbursement_id, const struct json *json)
{
    void *in = NULL;
    TRY(field_parse(tx->arena, &attempt_in_table, json, "", FIELD_CREATE, INT32_MAX, &in));
    return disbursement_attempt(tx, actor, disbursement_id, in);
}
