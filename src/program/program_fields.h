/* program_fields.h: what the program calls take. */
#ifndef LUMBUNG_PROGRAM_FIELDS_H
#define LUMBUNG_PROGRAM_FIELDS_H

#include "lumbung/program.h"

struct program_in {
    struct presence presence;
    const char *name, *category, *owner, *currency, *unit, *rule, *entitlement;
    int64_t budget_minor, utc_offset_min, approvals_required;
    int32_t starts_on, ends_on;
    bool community_validation, strict_duties;
};
extern const struct field_table program_in_table;

struct eligibility_in {
    struct presence presence;
    struct id household_id, member_id;
    struct json *household; /* unsaved: only the fields that the rule reads */
    int64_t family_no;
    int32_t on;
    const char *rule, *entitlement; /* a draft of the rule, for the preview */
};
extern const struct field_table eligibility_in_table;

struct simulation_in {
    struct presence presence;
    const char *rule, *entitlement, *region;
    int64_t budget_minor;
    int32_t on;
};
extern const struct field_table simulation_in_table;

extern const struct code_list program_category_codes, program_unit_codes;

FALLIBLE struct error *program_make(struct tx *tx, const struct actor *actor, const struct program_in *in, struct program **ret_program);
FALLIBLE struct error *program_change(struct tx *tx, const struct actor *actor, struct id id, const struct program_in *in, int64_t if_match, struct program **ret_program);
FALLIBLE struct error *program_close(struct tx *tx, const struct actor *actor, struct id id);
/* Compiles rule and entitlement of a program struct; faults point at /rule or /entitlement with the character. */
FALLIBLE struct error *program_compile(struct tx *tx, struct program *program);
FALLIBLE struct error *program_print(struct tx *tx, const struct program *program, struct buffer *buffer, const char *key, bool whole);
FALLIBLE struct error *program_simulate(struct tx *tx, const struct actor *actor, const struct program *program, const struct simulation_in *in, struct buffer *body);

#endif
