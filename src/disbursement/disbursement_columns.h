/* disbursement_columns.h: what every statement that reads whole lines shares: the columns, the scope, and how they are read. */
#ifndef LUMBUNG_DISBURSEMENT_COLUMNS_H
#define LUMBUNG_DISBURSEMENT_COLUMNS_H

#include "disbursement/disbursement_store.h"

#define DISBURSEMENT_COLUMNS \
    "d.id, d.batch_id, d.item_id, d.program_id, d.cycle_id, d.enrollment_id, d.household_id, d.region_id, d.payee_member_id, d.payee_sealed, d.currency, " \
    "d.state, d.held_reason, d.reference, d.amount_minor, d.received_minor, d.open_minor, d.given_back_minor, d.retries, d.released_at_ms, d.lifted"

/* Where the household lives now, or the region that paid. $1 whose scope, $2 all regions, $3 all programs. */
#define DISBURSEMENT_SCOPE \
    " AND ($2 = 1 OR EXISTS (SELECT 1 FROM user_scope s WHERE s.user_id = $1 AND s.region_id = d.region_id) OR EXISTS (SELECT 1 FROM household h " \
    "JOIN user_scope s ON s.region_id = h.region_id WHERE h.id = d.household_id AND s.user_id = $1))" \
    " AND ($3 = 1 OR EXISTS (SELECT 1 FROM user_program u WHERE u.user_id = $1 AND u.program_id = d.program_id))"

void disbursement_bind_scope(struct cursor *cursor, const struct actor *actor);
/* A cursor_reader of struct disbursement. */
void disbursement_read_row(struct cursor *cursor, struct arena *arena, void *ret_row);

#endif
