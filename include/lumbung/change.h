/* change.h: changes of an enrolled household that wait for another person: head, a known number, account, guardian and death. */
#ifndef LUMBUNG_CHANGE_H
#define LUMBUNG_CHANGE_H

#include "lumbung/household.h"

/* The household slice's gate: stores what was asked for and says so, or lets it through: the household is not enrolled, or whoever registered it
 * corrects it within 72 hours. ERROR_EXISTS for a second report of one death. */
FALLIBLE struct error *change_gate(struct tx *tx, const struct actor *actor, const struct household_proposal *proposal, struct id *ret_request_id);

/* Members of the household whose reported death waits for a decision. */
#define CHANGE_REPORTED_MAX 40
FALLIBLE struct error *change_reported_dead(struct tx *tx, struct id household_id, struct id ret_members[CHANGE_REPORTED_MAX], size_t *ret_count);

/* Open requests that the actor may decide. */
FALLIBLE struct error *change_count_waiting(struct tx *tx, const struct actor *actor, int64_t *ret_count);

struct error *change_on_household_event(struct tx *tx, const struct actor *actor, const struct household_event *event);

extern const struct code_list change_kind_codes, change_state_codes, change_decision_codes;
extern const struct route change_routes[];

#endif
