/* enrollment_fields.h: what the enrollment calls take, and the acts behind them. */
#ifndef LUMBUNG_ENROLLMENT_FIELDS_H
#define LUMBUNG_ENROLLMENT_FIELDS_H

#include "enrollment/enrollment_store.h"
#include "lumbung/job.h"

struct enrollment_in {
    struct presence presence;
    struct id household_id, member_id;
    int64_t family_no;
};
extern const struct field_table enrollment_in_table;

struct bulk_in {
    struct presence presence;
    const char *region;
    struct array household_ids;
    bool dry_run;
};
extern const struct field_table bulk_in_table;

struct enrollment_reason_in {
    struct presence presence;
    const char *reason;
};
extern const struct field_table enrollment_reason_table;

struct exit_in {
    struct presence presence;
    const char *code, *reason;
};
extern const struct field_table exit_in_table;

struct validate_in {
    struct presence presence;
    struct id meeting_id;
    const char *decision, *reason;
};
extern const struct field_table validate_in_table;

struct enrollment_query {
    struct presence presence;
    const char *state;
};
extern const struct field_table enrollment_query_table;

extern const struct code_list enrollment_state_codes, enrollment_exit_codes;
extern const struct job_kind enrollment_bulk_job;

/* Of an active program, for a unit of an active household, with the answer that was just given on day `on`. */
FALLIBLE struct error *enrollment_make_answered(struct tx *tx, const struct actor *actor, const struct program *program, struct program_unit unit, int32_t on,
                                                const struct program_answer *answer, struct enrollment *ret_enrollment);
FALLIBLE struct error *enrollment_load_row(struct tx *tx, const struct actor *actor, struct id id, struct enrollment_row *ret_row);
enum enrollment_act { ENROLLMENT_ACCEPT, ENROLLMENT_REFUSE, ENROLLMENT_SUSPEND, ENROLLMENT_RESUME, ENROLLMENT_RECHECK };
FALLIBLE struct error *enrollment_act(struct tx *tx, const struct actor *actor, struct id id, enum enrollment_act act, const char *reason);
FALLIBLE struct error *enrollment_exit(struct tx *tx, const struct actor *actor, struct id id, const char *code, const char *reason);
FALLIBLE struct error *enrollment_validate(struct tx *tx, const struct actor *actor, struct id id, bool keep, const char *reason);

#endif
