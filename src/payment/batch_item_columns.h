/* batch_item_columns.h: what every statement that reads whole lines of a batch shares. */
#ifndef LUMBUNG_BATCH_ITEM_COLUMNS_H
#define LUMBUNG_BATCH_ITEM_COLUMNS_H

#include "payment/batch_store.h"

#define BATCH_ITEM_COLUMNS \
    "i.id, i.batch_id, i.version, i.enrollment_id, i.household_id, i.region_id, i.payee_member_id, i.payee_sealed, i.account_tag, i.amount_minor, i.state, i.reason"
#define BATCH_ITEM_COLUMN_COUNT 12

/* A cursor_reader of struct batch_item. */
void batch_read_item(struct cursor *cursor, struct arena *arena, void *ret_row);

#endif
