/* disbursement_http.c: the calls of disbursements: lists, one with everything on a page, receipts and what undoes them. */
#include <string.h>

#include "disbursement/disbursement_fields.h"
#include "disbursement/disbursement_private.h"
#include "lumbung/base/money.h"
#include "lumbung/base/text.h"
#include "lumbung/region.h"
#include "lumbung/user.h"

static void
print_parts(struct buffer *buffer, const struct disbursement_part *parts, size_t count)
{
    json_open(buffer, "parts", '[');
    for (size_t i = 0; i < count; i++) {
        json_open(buffer, NULL, '{');
        json_put_text(buffer, "code", parts[i].part.code);
        json_put_text(buffer, "kind", parts[i].part.kind);
        if (parts[i].part.has_amount)
            json_put_int(buffer, "amount_minor", parts[i].part.amount_minor);
        if (parts[i].part.item)
            json_put_text(buffer, "item", parts[i].part.item);
        if (parts[i].part.has_quantity) {
            json_put_int(buffer, "quantity", parts[i].part.quantity);
            json_put_int(buffer, "received_quantity", parts[i].received_quantity);
        }
        if (!id_is_zero(parts[i].part.member_id))
            json_put_id(buffer, "member_id", parts[i].part.member_id);
        json_close(buffer, '}');
    }
    json_close(buffer, ']');
}

static struct error *
print_who(struct tx *tx, struct buffer *buffer, const char *key, struct id user_id)
{
    const char *name = NULL;
    if (!id_is_zero(user_id))
        TRY(user_display_name(tx, user_id, &name));
    json_put_text(buffer, key, name);
    return NULL;
}

static struct error *
print_receipt_words(struct tx *tx, const struct disbursement *row, const struct receipt *receipt, struct buffer *buffer)
{
    struct bytes plain = {NULL, 0};
    if (receipt->sealed.length > 0)
        TRY(keyring_unseal(tx, row->household_id, "receipt", receipt->id, receipt->sealed, &plain));
    if (plain.data == NULL)
        return NULL;
    struct json *words = NULL;
    TRY(json_parse(tx->arena, (const char *)plain.data, plain.length, &words));
    json_put_text(buffer, "collector_name", json_get_text(words, "collector_name"));
    json_put_text(buffer, "witness", json_get_text(words, "witness"));
    json_put_text(buffer, "note", json_get_text(words, "note"));
    return NULL;
}

static struct error *
print_receipts(struct tx *tx, const struct actor *actor, const struct disbursement *row, struct buffer *buffer)
{
    struct receipt *rows = ARENA_ARRAY(tx->arena, struct receipt, RECEIPTS_MAX);
    size_t count = 0;
    TRY(receipt_store_list(tx, row->id, rows, &count));
    json_open(buffer, "receipts", '[');
    for (size_t i = 0; i < count; i++) {
        json_open(buffer, NULL, '{');
        json_put_id(buffer, "id", rows[i].id);
        json_put_text(buffer, "kind", rows[i].kind);
        json_put_id(buffer, "reverses_id", rows[i].reverses_id);
        json_put_bool(buffer, "reversed", rows[i].reversed);
        json_put_int(buffer, "amount_minor", rows[i].amount_minor);
        json_put_raw(buffer, "quantities", rows[i].quantities);
        json_put_text(buffer, "method", rows[i].method);
        json_put_text(buffer, "received_by", rows[i].received_by);
        json_put_text(buffer, "identified_by", rows[i].identified_by);
        json_put_text(buffer, "collector_relation", rows[i].collector_relation);
        if (actor->masking != MASKING_PSEUDONYM)
            TRY(print_receipt_words(tx, row, &rows[i], buffer));
        json_put_text(buffer, "reason", rows[i].reason);
        json_put_id(buffer, "signature", rows[i].signature_id);
        json_put_id(buffer, "photo", rows[i].photo_id);
        json_put_instant(buffer, "at", rows[i].at_ms);
        json_put_instant(buffer, "recorded_at", rows[i].recorded_at_ms);
        TRY(print_who(tx, buffer, "officer", rows[i].recorded_by));
        json_close(buffer, '}');
    }
    json_close(buffer, ']');
    return NULL;
}

static struct error *
print_attempts(struct tx *tx, const struct disbursement *row, struct buffer *buffer)
{
    struct attempt *rows = ARENA_ARRAY(tx->arena, struct attempt, RECEIPTS_MAX);
    size_t count = 0;
    TRY(attempt_store_list(tx, row->id, rows, &count));
    json_open(buffer, "attempts", '[');
    for (size_t i = 0; i < count; i++) {
        json_open(buffer, NULL, '{');
        json_put_text(buffer, "outcome", rows[i].outcome);
        json_put_text(buffer, "note", rows[i].note);
        json_put_instant(buffer, "at", rows[i].at_ms);
        TRY(print_who(tx, buffer, "officer", rows[i].recorded_by));
        json_close(buffer, '}');
    }
    json_close(buffer, ']');
    return NULL;
}

static struct error *
print_payee(struct tx *tx, const struct actor *actor, const struct disbursement *row, struct buffer *buffer)
{
    if (actor->masking == MASKING_PSEUDONYM) {
        json_put_text(buffer, "payee", household_pseudonym(tx, actor, row->household_id));
        return NULL;
    }
    struct batch_payee payee;
    TRY(payment_payee_open(tx, row->household_id, row->item_id, row->payee_sealed, &payee));
    json_put_text(buffer, "payee", payee.name);
    json_put_bool(buffer, "guardian", payee.is_guardian);
    json_put_text(buffer, "hamlet", payee.hamlet);
    json_put_text(buffer, "rw", payee.rw);
    json_put_text(buffer, "rt", payee.rt);
    return NULL;
}

struct error *
disbursement_print(struct tx *tx, const struct actor *actor, const struct disbursement *row, struct buffer *buffer, bool whole)
{
    struct disbursement_part parts[BATCH_PARTS_MAX];
    size_t count = 0;
    struct region region;
    TRY(disbursement_store_parts(tx, row->id, parts, &count));
    TRY(region_by_id(tx, row->region_id, &region));
    json_open(buffer, NULL, '{');
    json_put_id(buffer, "id", row->id);
    json_put_id(buffer, "batch_id", row->batch_id);
    json_put_id(buffer, "program_id", row->program_id);
    json_put_id(buffer, "cycle_id", row->cycle_id);
    json_put_id(buffer, "household_id", row->household_id);
    TRY(print_payee(tx, actor, row, buffer));
    json_put_text(buffer, "region", region.code);
    json_put_text(buffer, "region_name", region.name);
    json_put_int(buffer, "amount_minor", row->amount_minor);
    json_put_text(buffer, "currency", row->currency);
    print_parts(buffer, parts, count);
    json_put_int(buffer, "received_minor", row->received_minor);
    json_put_int(buffer, "open_minor", row->open_minor);
    json_put_int(buffer, "given_back_minor", row->given_back_minor);
    json_put_text(buffer, "state", row->state);
    json_put_text(buffer, "held_reason", row->held_reason);
    json_put_text(buffer, "reference", row->reference);
    json_put_instant(buffer, "released_at", row->released_at_ms);
    TRY(print_receipts(tx, actor, row, buffer));
    if (whole)
        TRY(print_attempts(tx, row, buffer));
    json_close(buffer, '}');
    return NULL;
}

static struct error *
disbursement_reply(struct tx *tx, const struct call *call, struct reply *reply)
{
    struct disbursement row;
    TRY(disbursement_load(tx, call->actor, call->ids[0], &row));
    reply->record_id = row.id;
    reply_saw(reply, tx->arena, row.household_id);
    return disbursement_print(tx, call->actor, &row, &reply->body, true);
}

static struct error *
disbursement_list(struct tx *tx, const struct call *call, const struct disbursement_filter *filter, struct reply *reply)
{
    struct disbursement *rows = ARENA_ARRAY(tx->arena, struct disbursement, filter->limit);
    size_t count = 0;
    TRY(disbursement_store_list(tx, call->actor, filter, rows, &count));
    reply_list_begin(reply);
    for (size_t i = 0; i < count; i++) {
        reply_saw(reply, tx->arena, rows[i].household_id);
        TRY(disbursement_print(tx, call->actor, &rows[i], &reply->body, false));
    }
    bool more = count == (size_t)filter->limit;
    reply_list_end(reply, tx->arena, more ? rows[count - 1].id.bytes : NULL, more ? 16 : 0);
    return NULL;
}

static struct disbursement_filter
disbursement_page_of(const struct call *call)
{
    struct disbursement_filter filter = {.limit = call->limit};
    if (call->after.length == sizeof filter.after.bytes)
        memcpy(filter.after.bytes, call->after.data, sizeof filter.after.bytes);
    return filter;
}

/* *ret_none: an unknown filter value, which finds nothing, never everything. */
static struct error *
disbursement_filter_of(struct tx *tx, const struct call *call, struct disbursement_filter *ret_filter, bool *ret_none)
{
    const struct disbursement_query *query = call->query;
    struct disbursement_filter filter = disbursement_page_of(call);
    TRY(query_check_days(call, tx->arena, query->from, query->to));
    filter.batch_id = query->batch;
    filter.household_id = query->household;
    filter.cycle_id = query->cycle;
    filter.program_id = query->program;
    filter.state = query->state;
    filter.has_from = field_present(&disbursement_query_table, query, "from");
    filter.has_to = field_present(&disbursement_query_table, query, "to");
    filter.from = query->from;
    filter.to = query->to;
    struct region region = {0};
    struct error *error = query->region ? region_by_code(tx, call->actor, query->region, &region) : NULL;
    *ret_none = error != NULL;
    error_free(error);
    filter.region_id = region.id;
    *ret_filter = filter;
    return NULL;
}

static struct error *
disbursement_list_step(struct tx *tx, const struct call *call, struct reply *reply)
{
    struct disbursement_filter filter;
    bool none = false;
    TRY(disbursement_filter_of(tx, call, &filter, &none));
    if (!none)
        return disbursement_list(tx, call, &filter, reply);
    reply_list_begin(reply);
    reply_list_end(reply, tx->arena, NULL, 0);
    return NULL;
}

static struct error *
disbursement_of_household_step(struct tx *tx, const struct call *call, struct reply *reply)
{
    struct household_view view;
    TRY(household_view(tx, call->actor, call->ids[0], &view));
    struct disbursement_filter filter = disbursement_page_of(call);
    filter.household_id = view.id;
    return disbursement_list(tx, call, &filter, reply);
}

static void
print_sum(struct buffer *buffer, const struct disbursement_sum *sum)
{
    json_open(buffer, NULL, '{');
    json_put_text(buffer, "currency", sum->currency);
    if (sum->state)
        json_put_text(buffer, "state", sum->state);
    json_put_int(buffer, "count", sum->count);
    json_put_int(buffer, "amount_minor", sum->amount_minor);
    json_put_int(buffer, "received_minor", sum->received_minor);
    json_put_int(buffer, "open_minor", sum->open_minor);
    json_put_int(buffer, "given_back_minor", sum->given_back_minor);
    json_close(buffer, '}');
}

static bool
sum_add(struct disbursement_sum *total, const struct disbursement_sum *row)
{
    total->count += row->count;
    return money_add(total->amount_minor, row->amount_minor, &total->amount_minor) && money_add(total->received_minor, row->received_minor, &total->received_minor) &&
           money_add(total->open_minor, row->open_minor, &total->open_minor) &&
           money_add(total->given_back_minor, row->given_back_minor, &total->given_back_minor);
}

/* Rows come by currency: what is added up is always of one. */
static struct error *
print_totals(struct buffer *buffer, const struct disbursement_sum *rows, size_t count)
{
    json_open(buffer, "totals", '[');
    for (size_t i = 0; i < count;) {
        struct disbursement_sum total = {.currency = rows[i].currency};
        for (; i < count && text_equal(rows[i].currency, total.currency); i++)
            if (!sum_add(&total, &rows[i]))
                return error_internal("disbursements: a sum overflows");
        print_sum(buffer, &total);
    }
    json_close(buffer, ']');
    return NULL;
}

static struct error *
disbursement_sums_step(struct tx *tx, const struct call *call, struct reply *reply)
{
    struct disbursement_sum *rows = ARENA_ARRAY(tx->arena, struct disbursement_sum, DISBURSEMENT_SUMS_MAX);
    struct disbursement_filter filter;
    size_t count = 0;
    bool none = false;
    TRY(disbursement_filter_of(tx, call, &filter, &none));
    if (!none)
        TRY(disbursement_store_sums(tx, call->actor, &filter, rows, DISBURSEMENT_SUMS_MAX, &count));
    json_open(&reply->body, NULL, '{');
    json_open(&reply->body, "states", '[');
    for (size_t i = 0; i < count; i++)
        print_sum(&reply->body, &rows[i]);
    json_close(&reply->body, ']');
    TRY(print_totals(&reply->body, rows, count));
    json_close(&reply->body, '}');
    return NULL;
}

#define DISBURSEMENT_STEP(name, work)                                     \
    static struct error *                                                 \
    name(struct tx *tx, const struct call *call, struct reply *reply)     \
    {                                                                     \
        TRY(work);                                                        \
        return disbursement_reply(tx, call, reply);                       \
    }
#define UNDO_REASON (((const struct undo_in *)call->in)->reason)

static struct error *
disbursement_get_step(struct tx *tx, const struct call *call, struct reply *reply)
{
    return disbursement_reply(tx, call, reply);
}

/* A hold at hand-out stands, and the caller is refused. */
static struct error *
disbursement_receive_step(struct tx *tx, const struct call *call, struct reply *reply)
{
    const char *held = NULL;
    TRY(disbursement_receive(tx, call->actor, call->ids[0], call->in, &held));
    if (held == NULL)
        return disbursement_reply(tx, call, reply);
    reply->refusal = disbursement_held_error(held);
    return NULL;
}

static struct error *
batch_close_step(struct tx *tx, const struct call *call, struct reply *reply)
{
    struct id job_id;
    TRY(disbursement_close_batch(tx, call->actor, call->ids[0], UNDO_REASON, &job_id));
    job_answer(reply, job_id);
    return NULL;
}

DISBURSEMENT_STEP(disbursement_attempt_step, disbursement_attempt(tx, call->actor, call->ids[0], call->in))
DISBURSEMENT_STEP(disbursement_return_step, disbursement_return(tx, call->actor, call->ids[0], call->in))
DISBURSEMENT_STEP(disbursement_reverse_step, disbursement_reverse(tx, call->actor, call->ids[0], UNDO_REASON))
DISBURSEMENT_STEP(disbursement_retry_step, disbursement_retry(tx, call->actor, call->ids[0], UNDO_REASON))
DISBURSEMENT_STEP(disbursement_cancel_step, disbursement_cancel(tx, call->actor, call->ids[0], UNDO_REASON))

#define DISBURSEMENT_ACT(path_text, permission, table, action_text, summary_text, step_function) \
    .method = METHOD_POST, .path = "/api/v1/disbursements/{id}/" path_text, .kind = ROUTE_WRITE, .perm = (permission), .scope = SCOPE_REGION, \
    .key = KEY_REQUIRED, .personal = true, .body = BODY_TABLE, .in = &(table), .action = (action_text), .summary = (summary_text), \
    .step = (step_function), .replay = disbursement_get_step

const struct route disbursement_routes[] = {
    {.method = METHOD_GET, .path = "/api/v1/disbursements", .kind = ROUTE_READ_SLOW, .perm = PERM_RECEIPT_READ, .scope = SCOPE_REGION, .personal = true,
     .query = &disbursement_query_table, .list = true, .summary = "Released lines", .step = disbursement_list_step},
    {.method = METHOD_GET, .path = "/api/v1/disbursements/{id}", .kind = ROUTE_READ_FAST, .perm = PERM_RECEIPT_READ, .scope = SCOPE_REGION, .personal = true,
     .summary = "A line with its receipts", .step = disbursement_get_step},
    {.method = METHOD_GET, .path = "/api/v1/households/{id}/disbursements", .kind = ROUTE_READ_SLOW, .perm = PERM_HOUSEHOLD_READ, .scope = SCOPE_REGION,
     .personal = true, .list = true, .summary = "What a household was paid", .step = disbursement_of_household_step},
    {.method = METHOD_POST, .path = "/api/v1/batches/{id}/close", .kind = ROUTE_WRITE, .perm = PERM_PAYMENT_RECONCILE, .scope = SCOPE_REGION, .key = KEY_REQUIRED,
     .body = BODY_TABLE, .in = &undo_in_table, .action = "batch.close", .summary = "Give what is open of a released batch back to the program, in a job",
     .step = batch_close_step, .replay = job_replay_step},
    {.method = METHOD_GET, .path = "/api/v1/disbursements/sums", .kind = ROUTE_READ_SLOW, .perm = PERM_RECEIPT_READ, .scope = SCOPE_REGION,
     .query = &disbursement_query_table, .summary = "Counts and sums of all released lines of a filter, by state", .step = disbursement_sums_step},
    {DISBURSEMENT_ACT("receipt", PERM_RECEIPT_WRITE, receipt_in_table, "disbursement.receive", "Record a receipt", disbursement_receive_step)},
    {DISBURSEMENT_ACT("attempts", PERM_RECEIPT_WRITE, attempt_in_table, "disbursement.attempt", "Record that it could not be handed over", disbursement_attempt_step)},
    {DISBURSEMENT_ACT("reverse", PERM_RECEIPT_WRITE, undo_in_table, "disbursement.reverse", "Undo the last receipt by counter-postings", disbursement_reverse_step)},
    {DISBURSEMENT_ACT("return", PERM_RECEIPT_WRITE, return_in_table, "disbursement.return", "Money that came back", disbursement_return_step)},
    {DISBURSEMENT_ACT("retry", PERM_PAYMENT_RECONCILE, undo_in_table, "disbursement.retry", "Try again under a new reference", disbursement_retry_step)},
    {DISBURSEMENT_ACT("cancel", PERM_PAYMENT_RECONCILE, undo_in_table, "disbursement.cancel", "Give the open rest back to the program", disbursement_cancel_step)},
    {0},
};
