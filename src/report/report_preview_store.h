/* report_preview_store.h: what of other slices a life event of a household would touch. */
#ifndef LUMBUNG_REPORT_PREVIEW_STORE_H
#define LUMBUNG_REPORT_PREVIEW_STORE_H

#include "lumbung/db/tx.h"

#define PREVIEW_MAX 100

struct preview_enrollment { struct id id, member_id; const char *program, *state; };
FALLIBLE struct error *preview_store_enrollments(struct tx *tx, struct id household_id, struct preview_enrollment *ret_rows, size_t *ret_count);

/* Released and still open, or approved and about to be. */
struct preview_payment { struct id id, member_id, payee_member_id; const char *program, *cycle, *state, *currency; int64_t amount_minor; bool released; };
FALLIBLE struct error *preview_store_payments(struct tx *tx, struct id household_id, bool released, struct preview_payment *ret_rows, size_t *ret_count);

struct preview_case { struct id id; const char *kind; };
FALLIBLE struct error *preview_store_duplicates(struct tx *tx, struct id household_id, struct preview_case *ret_rows, size_t *ret_count);
FALLIBLE struct error *preview_store_changes(struct tx *tx, struct id household_id, struct preview_case *ret_rows, size_t *ret_count);

#endif
