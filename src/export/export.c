/* export.c: rows of disbursements in the columns of the contract, and the manifest that signs them. */
#include "lumbung/export.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "export/export_store.h"
#include "export/export_write.h"
#include "lumbung/audit.h"
#include "lumbung/base/money.h"
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

struct exporting {
    struct tx *tx;
    const struct actor *actor;
    const struct export_order *order;
    struct export_writer *writer;
    struct arena *keep;         /* what lasts longer than a row */
    struct export_batch batch;  /* of the last row */
    struct id officer_id;       /* of the last row, with his name */
    const char *officer;
    int64_t amount_minor, received_minor;
};

static void
put_id(struct exporting *exporting, struct id id)
{
    char text[ID_TEXT_SIZE];
    id_print(id, text);
    export_put_text(exporting->writer, id_is_zero(id) ? NULL : text);
}

static void
put_instant(struct exporting *exporting, int64_t at_ms)
{
    char text[INSTANT_TEXT_SIZE];
    instant_print(at_ms, text);
    export_put_text(exporting->writer, at_ms == 0 ? NULL : text);
}

/* A name for who gave a reason, otherwise a code that is stable, so that repeated payees show. */
static struct error *
export_payee(struct exporting *exporting, const struct export_row *row, const char **ret_payee)
{
    if (exporting->order->reason == NULL) {
        *ret_payee = household_pseudonym(exporting->tx, exporting->actor, row->household_id);
        return NULL;
    }
    struct batch_payee payee;
    TRY(payment_payee_open(exporting->tx, row->household_id, row->item_id, row->payee_sealed, &payee));
    *ret_payee = payee.name;
    return NULL;
}

static struct error *
export_look_up(struct exporting *exporting, const struct export_row *row)
{
    if (!id_equal(exporting->batch.id, row->batch_id))
        TRY(export_store_batch(exporting->tx, exporting->keep, row->batch_id, &exporting->batch));
    if (id_is_zero(row->recorded_by) || id_equal(row->recorded_by, exporting->officer_id))
        return NULL;
    const char *name = NULL;
    TRY(user_display_name(exporting->tx, row->recorded_by, &name));
    exporting->officer_id = row->recorded_by;
    exporting->officer = arena_text(exporting->keep, name);
    return NULL;
}

static void
put_period(struct exporting *exporting, const struct export_row *row)
{
    char from[DATE_TEXT_SIZE], to[DATE_TEXT_SIZE];
    date_print(row->cycle_starts_on, from);
    date_print(row->cycle_ends_on, to);
    export_put_text(exporting->writer, arena_format(exporting->tx->arena, "%s/%s", from, to));
}

static void
put_what(struct exporting *exporting, const struct export_row *row)
{
    struct export_writer *writer = exporting->writer;
    put_period(exporting, row);
    export_put_text(writer, row->item ? (row->amount_minor ? "cash+goods" : "goods") : "cash");
    export_put_text(writer, row->item);
    if (row->item)
        export_put_int(writer, row->quantity);
    else
        export_put_text(writer, NULL);
    export_put_text(writer, NULL); /* unit: the item's name says it until items are records of their own */
    export_put_int(writer, row->received_minor);
    export_put_int(writer, row->returned_minor);
    export_put_int(writer, row->open_minor);
}

static void
put_receipt(struct exporting *exporting, const struct export_row *row)
{
    struct export_writer *writer = exporting->writer;
    char day[DATE_TEXT_SIZE];
    date_print(date_of_instant(row->received_at_ms, row->utc_offset_min), day);
    export_put_text(writer, row->received_at_ms ? day : NULL);
    export_put_text(writer, NULL); /* provider_ref: with payment files */
    export_put_text(writer, row->collector_relation);
    export_put_text(writer, row->identified_by);
    put_instant(exporting, row->recorded_at_ms);
    put_id(exporting, row->distribution_id);
    export_put_text(writer, exporting->batch.overlaps);
}

static struct error *
export_put_row(struct exporting *exporting, const struct export_row *row)
{
    struct export_writer *writer = exporting->writer;
    const struct export_batch *batch = &exporting->batch;
    const char *payee = NULL;
    TRY(export_look_up(exporting, row));
    TRY(export_payee(exporting, row, &payee));
    put_id(exporting, row->id);
    export_put_text(writer, row->reference);
    export_put_text(writer, row->program);
    export_put_text(writer, row->cycle);
    put_id(exporting, row->batch_id);
    export_put_text(writer, batch->digest);
    export_put_text(writer, row->region_code);
    export_put_text(writer, row->region);
    put_id(exporting, row->household_id);
    export_put_text(writer, payee);
    export_put_int(writer, row->amount_minor);
    export_put_text(writer, row->currency);
    export_put_text(writer, row->state);
    export_put_int(writer, batch->rule_version);
    export_put_text(writer, batch->made_by);
    export_put_text(writer, batch->approved_by);
    put_instant(exporting, batch->approved_at_ms);
    export_put_text(writer, batch->released_by);
    put_instant(exporting, row->released_at_ms);
    export_put_text(writer, row->method);
    export_put_text(writer, row->received_by);
    put_instant(exporting, row->received_at_ms);
    export_put_text(writer, id_is_zero(row->recorded_by) ? NULL : exporting->officer);
    export_put_text(writer, row->reason);
    export_put_int(writer, batch->audit_seq);
    put_what(exporting, row);
    put_receipt(exporting, row);
    return export_end_row(writer);
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
        error = export_store_next(tx, cursor, &row, &there);
        if (error == NULL && there)
            error = export_put_row(exporting, &row);
        if (error == NULL && there && (!money_add(exporting->amount_minor, row.amount_minor, &exporting->amount_minor) ||
                                       !money_add(exporting->received_minor, row.received_minor, &exporting->received_minor)))
            error = error_internal("export: a sum overflows");
    }
    if (error == NULL)
        cursor_end(cursor);
    tx->arena = kept;
    arena_destroy(row_arena);
    return error;
}

static const char *
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
export_disbursements(struct tx *tx, const struct actor *actor, const struct export_order *order, struct export_result *ret_result)
{
    struct exporting exporting = {.tx = tx, .actor = actor, .order = order, .keep = tx->arena};
    TRY(export_writer_open(tx->arena, order->format, export_directory(tx), export_columns, EXPORT_COLUMNS, &exporting.writer));
    struct error *error = export_all_rows(&exporting);
    if (error) {
        export_writer_drop(exporting.writer);
        return error;
    }
    *ret_result = (struct export_result){.amount_minor = exporting.amount_minor, .received_minor = exporting.received_minor};
    return export_writer_finish(exporting.writer, ret_result);
}
