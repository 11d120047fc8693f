/* household_payee.h: the payee and the account holder of a household, once they may be gone. */
#ifndef LUMBUNG_HOUSEHOLD_PAYEE_H
#define LUMBUNG_HOUSEHOLD_PAYEE_H

#include "household/household_check.h"
#include "household/household_file.h"

const struct member_row *household_row_find(const struct member_row *rows, size_t count, struct id id);

/* "died" or "left" when the member whom the payee names, or the member whose name the account bears, is no longer of the household; otherwise
 * NULL. `rows`: its members, also those who left or died. A guardian outside is no member. */
FALLIBLE struct error *household_payee_gone(struct tx *tx, struct id household_id, const struct payee_record *payee, const struct member_row *rows,
                                            size_t count, const char **ret_gone);
/* An account that names no member is the head's: as he goes, it is written down whose it was. */
void household_payee_goes(struct household_file *file, struct id member_id);
/* no_members, no_head, payee_died, payee_left: what holds until somebody does something about it. */
FALLIBLE struct error *household_warn_standing(struct tx *tx, const struct household_file *file, struct household_warnings *warnings);

#endif
