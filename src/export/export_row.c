/* export_row.c: the cells of a record that are added up, found by the head, and the totals that they give. */
#include "export/export_row.h"

#include <stdio.h>
#include <string.h>

#include "lumbung/base/money.h"
#include "lumbung/base/text.h"

const char *const export_row_columns[WANTED_COUNT] = {"currency", "state", "amount_minor", "paid_minor", "returned_minor"};

struct error *
export_total_add(struct export_totals *totals, const struct export_total *row)
{
    struct export_total *total = NULL;
    for (size_t i = 0; i < totals->count && total == NULL; i++)
        if (text_equal(totals->list[i].currency, row->currency) && text_equal(totals->list[i].state, row->state))
            total = &totals->list[i];
    if (total == NULL) {
        if (totals->count == EXPORT_TOTALS_MAX)
            return error_internal("export: too many kinds of totals");
        total = &totals->list[totals->count++];
        *total = (struct export_total){0};
        memcpy(total->currency, row->currency, sizeof total->currency);
        memcpy(total->state, row->state, sizeof total->state);
    }
    total->rows++;
    if (!money_add(total->amount_minor, row->amount_minor, &total->amount_minor) || !money_add(total->paid_minor, row->paid_minor, &total->paid_minor) ||
        !money_add(total->returned_minor, row->returned_minor, &total->returned_minor))
        return error_internal("export: a sum overflows");
    return NULL;
}

struct error *
export_row_bad(const struct row_reader *reader, const char *what)
{
    char text[160];
    snprintf(text, sizeof text, "record %lld: %s", (long long)reader->number, what);
    return error_with(ERROR_TAMPERED, text, NULL, NULL);
}

struct error *
export_row_add(struct row_reader *reader, const char *currency, const char *state, const int64_t sums[3])
{
    struct export_total row = {.amount_minor = sums[0], .paid_minor = sums[1], .returned_minor = sums[2]};
    if (currency == NULL || strlen(currency) >= sizeof row.currency || state == NULL || strlen(state) >= sizeof row.state)
        return export_row_bad(reader, "its currency or state is none of an export");
    memcpy(row.currency, currency, strlen(currency));
    memcpy(row.state, state, strlen(state));
    reader->facts->rows++;
    return export_total_add(&reader->facts->totals, &row);
}

static struct error *
end_head(struct row_reader *reader)
{
    for (int i = 0; i < WANTED_COUNT; i++)
        if (reader->places[i] < 0)
            return export_row_bad(reader, "it is not the head of an export");
    return NULL;
}

static struct error *
end_record(struct row_reader *reader)
{
    int64_t sums[3];
    if (reader->number == 1)
        return end_head(reader);
    for (int i = 0; i < 3; i++)
        if (!text_parse_int(reader->values[WANTED_AMOUNT + i], &sums[i]))
            return export_row_bad(reader, "an amount is no whole number");
    return export_row_add(reader, reader->values[WANTED_CURRENCY], reader->values[WANTED_STATE], sums);
}

void
export_row_cell(struct row_reader *reader)
{
    size_t length = reader->length < CELL_MAX ? reader->length : CELL_MAX - 1;
    reader->cell[length] = '\0';
    for (int i = 0; i < WANTED_COUNT; i++) {
        if (reader->number == 1 && text_equal(reader->cell, export_row_columns[i]))
            reader->places[i] = reader->column;
        else if (reader->number > 1 && reader->places[i] == reader->column)
            memcpy(reader->values[i], reader->cell, length + 1);
    }
    reader->column++;
    reader->length = 0;
    reader->after_quote = false;
}

struct error *
export_row_end(struct row_reader *reader)
{
    TRY(end_record(reader));
    memset(reader->values, 0, sizeof reader->values);
    reader->number++;
    reader->column = 0;
    reader->any = false;
    return NULL;
}
