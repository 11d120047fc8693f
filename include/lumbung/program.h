/* program.h: programs of the four families, their rules and entitlements by version, and the eligibility answer in plain words. */
#ifndef LUMBUNG_PROGRAM_H
#define LUMBUNG_PROGRAM_H

#include "lumbung/http/route.h"

struct program {
    struct id id;
    const char *name, *category, *owner, *currency, *unit, *state; /* unit: household, family, member; state: draft, active, closed */
    const char *rule, *entitlement;
    int64_t rule_version;
    uint8_t rule_digest[32];  /* SHA-256 over rule, LF, entitlement, LF, currency */
    int64_t budget_minor;
    int32_t starts_on, ends_on;
    int utc_offset_min;
    bool community_validation, strict_duties;
    int approvals_required;
    int64_t version;
    struct rule *compiled_rule, *compiled_entitlement; /* in the same arena */
};
/* Within the actor's programs; ERROR_NOT_FOUND otherwise. */
FALLIBLE struct error *program_load(struct tx *tx, const struct actor *actor, struct id program_id, struct program **ret_program);
/* As of an older rule version. */
FALLIBLE struct error *program_load_version(struct tx *tx, struct id program_id, int64_t rule_version, struct program **ret_program);

struct program_part {
    const char *code, *kind;  /* kind: cash, goods, service, voucher */
    int64_t amount_minor;     /* 0 without money */
    const char *item;         /* NULL for cash */
    int64_t quantity;
    struct id member_id;      /* zero: for the unit */
};
struct program_answer {
    const char *outcome;      /* eligible, not_eligible, undetermined */
    struct rule_clause *clauses;
    size_t clause_count;
    struct json *missing;     /* array of pointers */
    struct json *blocks;      /* array of {code} */
    struct program_part *parts;
    size_t part_count;
    int64_t entitlement_minor;
    int64_t rule_version;
    int32_t on;
    const struct rule_wrong *entitlement_error; /* NULL, or why the entitlement could not be computed (then outcome is never eligible) */
};
struct program_unit { struct id household_id; int family_no; struct id member_id; }; /* family_no 0, member zero: the household */
/* Evaluates rule and entitlement for a unit on a day. `facts` from household_facts (or an unsaved household); `with_blocks` adds consent, duplicate, enrollment.
 * An answer that turns inside a birth date's possible range is undetermined. Fails closed. */
FALLIBLE struct error *program_evaluate(struct tx *tx, const struct program *program, const struct json *facts, struct program_unit unit, int32_t on,
                                        bool with_blocks, struct program_answer *ret_answer);
/* The units of a household in a program: the household, its families or its members. */
FALLIBLE struct error *program_units_of(struct tx *tx, const struct program *program, struct id household_id, const struct json *facts,
                                        struct program_unit **ret_units, size_t *ret_count);
void program_answer_print(struct buffer *buffer, const char *key, const struct program_answer *answer, enum language language);
/* Makes a program from JSON of API.md's shape. */
FALLIBLE struct error *program_create_json(struct tx *tx, const struct actor *actor, const struct json *json, struct id *ret_id);
FALLIBLE struct error *program_activate(struct tx *tx, const struct actor *actor, struct id program_id);

extern const struct code_list program_state_codes;
extern const struct route program_routes[];

#endif
