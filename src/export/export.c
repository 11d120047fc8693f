/* export.c: rows of disbursements in the columns of the contract, and the manifest that signs them. */
#include "lumbung/export.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "export/export_read.h"
#include "export/export_store.h"
#include "export/export_write.h"
#include "lumbung/audit.h"
#include "lumbung/base/text.h"
#include "lumbung/base/time.h"
#include "lumbung/household.h"
#include "lumbung/payment.h"
#include "lumbung/registry.h"
#include "lumbung/user.h"

/* In this order; a new column goes to the end. */
static const char *const export_columns[] = {
    "disbursement_id", "reference", "program", "cycle", "batch_id", "batch_digest", "region_code", "region", "household_id", "payee", "amount_minor", "currency",
    "state", "entitled_by", "made_by", "approved_by", "approved_at", "released_by", "released_at", "method", "received_by", "received_at", "officer", "reason",
    "audit_leaf", "cycle_period", "kind", "item", "quantity", "unit", "paid_minor", "returned_minor", "open_minor", "paid_on", "provider_ref",
    "collector_relation", "identified_by", "recorded_at", "distribution", "duty_overlaps",
};
#define EXPORT_COLUMNS (sizeof export_columns / sizeof export_columns[0])

/* Direct-mapped: a batch's and a village's rows come in runs, and a million rows must not need a million look-ups nor a growing memory. */
#define EXPORT_BATCHES_KEPT 256
#define EXPORT_REGIONS_KEPT 4096
#define EXPORT_OFFICERS_KEPT 64

struct export_officer {
    struct id id;
    const char *name;
};

struct exporting {
    struct tx *tx;
    const struct actor *actor;
    const struct export_order *order;
    struct export_writer *writer;
    struct arena *keep; /* what lasts longer than a row */
    struct export_batch *batches;
    struct export_region *regions;
    struct export_officer *officers;
    struct pseudonyms pseudonyms;
    struct export_result *result;
};

/* What a row needs beside itself. */
struct export_around {
    const struct export_batch *batch;
    const struct export_region *region;
    const char *officer, *payee;
    char pseudonym[PSEUDONYM_TEXT_SIZE];
};

static size_t
place_of(struct id id, size_t places)
{
    return (size_t)(id.bytes[15] | id.bytes[14] << 8) % places; /* the random end of a UUID */
}

static struct error *
look_up_batch(struct exporting *exporting, struct id id, const struct export_batch **ret_batch)
{
    struct export_batch *batch = &exporting->batches[place_of(id, EXPORT_BATCHES_KEPT)];
    if (!id_equal(batch->id, id))
        TRY(export_store_batch(exporting->tx, exporting->keep, id, batch));
    *ret_batch = batch;
    return NULL;
}

static struct error *
look_up_region(struct exporting *exporting, struct id id, const struct export_region **ret_region)
{
    struct export_region *region = &exporting->regions[place_of(id, EXPORT_REGIONS_KEPT)];
    if (!id_equal(region->id, id))
        TRY(export_store_region(exporting->tx, exporting->keep, id, region));
    *ret_region = region;
    return NULL;
}

static struct error *
look_up_officer(struct exporting *exporting, struct id id, const char **ret_name)
{
    *ret_name = NULL;
    if (id_is_zero(id))
        return NULL;
    struct export_officer *officer = &exporting->officers[place_of(id, EXPORT_OFFICERS_KEPT)];
    if (!id_equal(officer->id, id)) {
        const char *name = NULL;
        TRY(user_display_name(exporting->tx, id, &name));
        *officer = (struct export_officer){id, arena_text(exporting->keep, name)};
    }
    *ret_name = officer->name;
    return NULL;
}

/* A name for who gave a reason, otherwise a code that is stable, so that repeated payees show. */
static struct error *
export_payee(struct exporting *exporting, const struct export_row *row, struct export_around *around)
{
    if (exporting->order->reason == NULL) {
        household_pseudonyms_print(&exporting->pseudonyms, row->household_id, around->pseudonym);
        around->payee = around->pseudonym;
        return NULL;
    }
    struct batch_payee payee;
    TRY(payment_payee_open(exporting->tx, row->household_id, row->item_id, row->payee_sealed, &payee));
    around->payee = payee.name;
    return NULL;
}

static const char *
duty_overlaps(const struct export_row *row, const struct export_batch *batch)
{
    for (size_t i = 0; i < batch->maker_count; i++)
        if (!id_is_zero(row->recorded_by) && id_equal(batch->makers[i], row->recorded_by))
            return "made=handed_out";
    return NULL;
}

static void
put_what(struct exporting *exporting, const struct export_row *row, const struct export_batch *batch)
{
    struct export_writer *writer = exporting->writer;
    export_put_plain(writer, batch->period);
    export_put_plain(writer, row->goods ? (row->amount_minor ? "cash+goods" : "goods") : "cash");
    export_put_text(writer, row->item);
    export_put_plain(writer, row->quantity);
    export_put_plain(writer, NULL); /* unit: the item's name says it until items are records of their own */
    export_put_int(writer, row->paid_minor);
    export_put_int(writer, row->returned_minor);
    export_put_int(writer, row->open_minor);
}

static void
put_receipt(struct exporting *exporting, const struct export_row *row, const struct export_batch *batch)
{
    struct export_writer *writer = exporting->writer;
    char day[DATE_TEXT_SIZE];
    if (row->received_at_ms)
        date_print(date_of_instant(row->received_at_ms, batch->utc_offset_min), day);
    export_put_plain(writer, row->received_at_ms ? day : NULL);
    export_put_plain(writer, NULL); /* provider_ref: with payment files */
    export_put_text(writer, row->collector_relation);
    export_put_plain(writer, row->identified_by);
    export_put_instant(writer, row->recorded_at_ms);
    export_put_id(writer, row->distribution_id);
    export_put_plain(writer, duty_overlaps(row, batch));
}

static void
put_decision(struct exporting *exporting, const struct export_row *row, const struct export_batch *batch)
{
    struct export_writer *writer = exporting->writer;
    export_put_int(writer, batch->rule_version);
    export_put_text(writer, batch->made_by);
    export_put_text(writer, batch->approved_by);
    export_put_instant(writer, batch->approved_at_ms);
    export_put_text(writer, batch->released_by);
    export_put_instant(writer, row->released_at_ms);
}

static struct error *
export_put_row(struct exporting *exporting, const struct export_row *row, const struct export_around *around)
{
    struct export_writer *writer = exporting->writer;
    const struct export_batch *batch = around->batch;
    export_put_id(writer, row->id);
    export_put_text(writer, row->reference);
    export_put_text(writer, batch->program);
    export_put_text(writer, batch->cycle);
    export_put_id(writer, row->batch_id);
    export_put_plain(writer, batch->digest);
    export_put_text(writer, around->region->code);
    export_put_text(writer, around->region->name);
    export_put_id(writer, row->household_id);
    export_put_text(writer, around->payee);
    export_put_int(writer, row->amount_minor);
    export_put_plain(writer, row->currency);
    export_put_plain(writer, row->state);
    put_decision(exporting, row, batch);
    export_put_text(writer, row->method);
    export_put_text(writer, row->received_by);
    export_put_instant(writer, row->received_at_ms);
    export_put_text(writer, around->officer);
    export_put_text(writer, row->reason);
    if (batch->has_audit_seq)
        export_put_int(writer, batch->audit_seq);
    else
        export_put_plain(writer, NULL);
    put_what(exporting, row, batch);
    put_receipt(exporting, row, batch);
    return export_end_row(writer);
}

/* The statement's bounds are a day wide on both sides: here the day is exact, in the program's own time. */
static bool
is_on_asked_day(const struct export_order *order, const struct export_row *row, const struct export_batch *batch)
{
    if (order->from == 0 && order->to == 0)
        return true;
    int32_t day = date_of_instant(order->by_payment ? row->received_at_ms : row->released_at_ms, batch->utc_offset_min);
    return (order->from == 0 || day >= order->from) && (order->to == 0 || day <= order->to);
}

static struct error *
add_total(struct export_result *result, const struct export_row *row)
{
    struct export_total total = {.amount_minor = row->amount_minor, .paid_minor = row->paid_minor, .returned_minor = row->returned_minor};
    if (strlen(row->currency) >= sizeof total.currency || strlen(row->state) >= sizeof total.state)
        return error_internal("export: a currency or state without room");
    memcpy(total.currency, row->currency, strlen(row->currency));
    memcpy(total.state, row->state, strlen(row->state));
    return export_total_add(&result->totals, &total);
}

static struct error *
export_one_row(struct exporting *exporting, struct export_row *row)
{
    struct export_around around;
    TRY(look_up_batch(exporting, row->batch_id, &around.batch));
    if (!is_on_asked_day(exporting->order, row, around.batch))
        return NULL;
    TRY(look_up_region(exporting, row->region_id, &around.region));
    TRY(look_up_officer(exporting, row->recorded_by, &around.officer));
    TRY(export_payee(exporting, row, &around));
    if (around.batch->has_goods)
        TRY(export_store_goods(exporting->tx, row));
    TRY(add_total(exporting->result, row));
    return export_put_row(exporting, row, &around);
}

/* Every row works in an arena that is emptied behind it: a million rows need the memory of one. */
static struct error *
export_all_rows(struct exporting *exporting)
{
    struct tx *tx = exporting->tx;
    struct arena *kept = tx->arena, *row_arena = arena_create();
    struct cursor *cursor = export_store_start(tx, exporting->actor, exporting->order);
    struct error *error = NULL;
    bool there = true;
    tx->arena = row_arena;
    while (error == NULL && there) {
        struct export_row row;
        arena_reset(row_arena);
        error = export_store_next(cursor, &row, &there);
        if (error == NULL && there)
            error = export_one_row(exporting, &row);
    }
    cursor_end(cursor); /* after a failure of its own it has ended already, and this does nothing */
    tx->arena = kept;
    arena_destroy(row_arena);
    return error;
}

const char *
export_directory(struct tx *tx)
{
    if (tx->registry == NULL || tx->registry->path == NULL)
        return "/tmp";
    char *path = arena_text(tx->arena, tx->registry->path), *slash = strrchr(path, '/');
    if (slash == NULL)
        return ".";
    slash[slash == path] = '\0';
    return path;
}

struct error *
export_check_rows(enum export_format format, int64_t rows)
{
    if (format != EXPORT_XLSX || rows <= EXPORT_SHEET_ROWS_MAX)
        return NULL;
    char most[24], found[24];
    snprintf(most, sizeof most, "%lld", (long long)EXPORT_SHEET_ROWS_MAX);
    snprintf(found, sizeof found, "%lld", (long long)rows);
    return error_with(ERROR_SHEET_ROWS, most, found, NULL);
}

static struct error *
count_rows(struct tx *tx, const struct actor *actor, const struct export_order *order, int64_t *ret_rows)
{
    *ret_rows = -1;
    if (order->format != EXPORT_XLSX)
        return NULL;
    TRY(export_store_count(tx, actor, order, ret_rows));
    return export_check_rows(order->format, *ret_rows);
}

struct error *
export_disbursements(struct tx *tx, const struct actor *actor, const struct export_order *order, struct export_result *ret_result)
{
    int64_t counted = 0;
    TRY(count_rows(tx, actor, order, &counted));
    struct export_result result = {0};
    struct exporting exporting = {.tx = tx, .actor = actor, .order = order, .keep = tx->arena, .result = &result};
    exporting.batches = ARENA_ARRAY(tx->arena, struct export_batch, EXPORT_BATCHES_KEPT);
    exporting.regions = ARENA_ARRAY(tx->arena, struct export_region, EXPORT_REGIONS_KEPT);
    exporting.officers = ARENA_ARRAY(tx->arena, struct export_officer, EXPORT_OFFICERS_KEPT);
    household_pseudonyms_start(tx, actor, &exporting.pseudonyms);
    TRY(export_writer_open(tx->arena, order->format, export_directory(tx), export_columns, EXPORT_COLUMNS, &exporting.writer));
    struct error *error = export_all_rows(&exporting);
    crypto_wipe(&exporting.pseudonyms, sizeof exporting.pseudonyms);
    if (error) {
        export_writer_drop(exporting.writer);
        return error;
    }
    TRY(export_writer_finish(exporting.writer, &result));
    if (counted >= 0 && counted != result.rows) {
        spool_close(result.spool);
        return error_internal("export: %lld rows were counted, %lld written", (long long)counted, (long long)result.rows);
    }
    *ret_result = result;
    return NULL;
}
