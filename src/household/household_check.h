/* household_check.h: what a household must be before it is stored, beyond the field tables; and what only warns. No SQL, no HTTP, no clock. */
#ifndef LUMBUNG_HOUSEHOLD_CHECK_H
#define LUMBUNG_HOUSEHOLD_CHECK_H

#include "household/household_record.h"

/* Relations between fields: faults are added to *error with pointers below `pointer` ("" or "/members/3"). `today` is the day of the act. */
void household_check_record(struct arena *arena, const struct household_record *record, int32_t today, struct error **error);
void household_check_member(struct arena *arena, const struct member_record *member, const char *pointer, int32_t today, struct error **error);

/* What a registration must be, by the field tables themselves, so that all faults of a form are told at once. */
field_check household_check_new, household_check_new_member;

/* Between members: exactly one head, no id and no NIK twice. Members are given by pointer, in the order of the form. `head_required`: a
 * registration must name its head (unless a relationship is missing: who knows whose it was); a later change may leave a household without one for a while, never with two. */
void household_check_roster(struct arena *arena, struct member_record *const *members, size_t count, bool head_required, struct error **error);
/* Whether payee and family heads are members. */
void household_check_references(struct arena *arena, const struct household_record *record, struct member_record *const *members, size_t count,
                                struct error **error);

/* A warning never blocks: pointer and code ("nik_sex", "nik_birth_date", "nik_region", "nik_date_impossible", "no_id_reason",
 * "oral_without_witness", and those of household_payee.h). */
struct household_warning {
    const char *pointer, *code;
};
struct household_warnings {
    struct arena *arena;
    struct household_warning *items;
    size_t count, capacity;
};
void household_warn(struct household_warnings *warnings, const char *pointer, const char *code);
/* What a member's NIK disagrees with, without its region. */
void household_warn_member(struct household_warnings *warnings, const struct member_record *member, const char *pointer, int32_t today);
void household_print_warnings(struct buffer *buffer, const struct household_warnings *warnings);

#endif
