/* household_steps.h: the steps and bodies of the slice's endpoints, for the table of routes. */
#ifndef LUMBUNG_HOUSEHOLD_STEPS_H
#define LUMBUNG_HOUSEHOLD_STEPS_H

#include "household/household_change.h"

/* The household as the act left it, with warnings and possible duplicates. */
FALLIBLE struct error *household_answer(const struct household_act *act, const struct call *call, struct reply *reply, int status);
/* What the caller may see: masked, or in full when he asks for it with a fresh second factor. ERROR_FORBIDDEN, ERROR_STEP_UP. */
FALLIBLE struct error *household_choose_part(struct tx *tx, const struct call *call, bool reveal, enum field_part *ret_part);

extern const struct field_table household_withdrawal_table, household_leave_table, household_death_table, household_move_table, household_nik_table,
    household_split_table, household_merge_table, household_dissolve_table, household_conflict_table, household_read_query_table, household_list_query_table;

struct error *household_consent_step(struct tx *tx, const struct call *call, struct reply *reply);
struct error *household_withdraw_step(struct tx *tx, const struct call *call, struct reply *reply);
struct error *household_leave_step(struct tx *tx, const struct call *call, struct reply *reply);
struct error *household_death_step(struct tx *tx, const struct call *call, struct reply *reply);
struct error *household_move_step(struct tx *tx, const struct call *call, struct reply *reply);
struct error *household_confirm_nik_step(struct tx *tx, const struct call *call, struct reply *reply);
struct error *household_split_step(struct tx *tx, const struct call *call, struct reply *reply);
struct error *household_merge_step(struct tx *tx, const struct call *call, struct reply *reply);
struct error *household_dissolve_step(struct tx *tx, const struct call *call, struct reply *reply);
struct error *household_unmerge_step(struct tx *tx, const struct call *call, struct reply *reply);
struct error *household_conflict_step(struct tx *tx, const struct call *call, struct reply *reply);
struct error *household_codes_step(struct tx *tx, const struct call *call, struct reply *reply);
struct error *household_code_list_step(struct tx *tx, const struct call *call, struct reply *reply);
struct error *household_get_step(struct tx *tx, const struct call *call, struct reply *reply);
struct error *household_list_step(struct tx *tx, const struct call *call, struct reply *reply);
struct error *household_history_step(struct tx *tx, const struct call *call, struct reply *reply);

#endif
