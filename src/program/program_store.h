/* program_store.h: rows of programs, their rules and tariffs, and what a rule may ask of other programs. */
#ifndef LUMBUNG_PROGRAM_STORE_H
#define LUMBUNG_PROGRAM_STORE_H

#include "lumbung/program.h"

FALLIBLE struct error *program_store_insert(struct tx *tx, const struct program *program);
FALLIBLE struct error *program_store_update(struct tx *tx, const struct program *program);
FALLIBLE struct error *program_store_set_state(struct tx *tx, struct id id, const char *from, const char *to, int64_t *ret_changed);
/* With the rule of `rule_version`, or of the present one when 0. */
FALLIBLE struct error *program_store_load(struct tx *tx, const struct actor *actor, struct id id, int64_t rule_version, struct program *ret_program, bool *ret_found);
FALLIBLE struct error *program_store_list(struct tx *tx, const struct actor *actor, struct id after, int limit, struct program *ret_rows, size_t *ret_count);
FALLIBLE struct error *program_store_insert_rule(struct tx *tx, const struct actor *actor, const struct program *program);
struct program_rule_row { int64_t rule_version, created_at_ms; struct id created_by; const char *rule, *entitlement; };
FALLIBLE struct error *program_store_rules(struct tx *tx, struct id id, struct program_rule_row *ret_rows, int limit, size_t *ret_count);
/* The nearest ancestor's tariff; *ret_found false without one. */
FALLIBLE struct error *program_store_tariff(struct tx *tx, const char *name, const char *region_code, int64_t *ret_minor, bool *ret_found);
/* Was anything of a program of this name or category received by the household since the day? */
FALLIBLE struct error *program_store_received(struct tx *tx, struct id household_id, const char *name, int64_t since_ms, bool *ret_received);
FALLIBLE struct error *program_store_enrolled(struct tx *tx, struct id program_id, struct program_unit unit, bool *ret_enrolled);
/* Money of a program by where it is: claimed by batches, open, paid. */
struct program_money { int64_t claimed_minor, open_minor, paid_minor, enrolled, waiting; };
FALLIBLE struct error *program_store_money(struct tx *tx, struct id program_id, struct program_money *ret_money);
/* Has another program this name? */
FALLIBLE struct error *program_store_name_taken(struct tx *tx, const struct program *program, bool *ret_taken);
/* First start and last end of the program's cycles; *ret_any false without one. */
FALLIBLE struct error *program_store_cycle_span(struct tx *tx, struct id program_id, int32_t *ret_first, int32_t *ret_last, bool *ret_any);

#endif
