/* household_codes.h: the closed lists of words that household records use, with their labels. */
#ifndef LUMBUNG_HOUSEHOLD_CODES_H
#define LUMBUNG_HOUSEHOLD_CODES_H

#include "lumbung/household.h"

extern const struct code_list household_sex, household_relationship, household_marital_status, household_education, household_school_level,
    household_insurance, household_member_consent, household_precision, household_address_kind, household_basis, household_capacity,
    household_consent_form, household_purpose, household_leave_reason, household_member_states, household_duplicate_kind,
    household_duplicate_state, household_duplicate_decision, household_floor, household_wall, household_roof, household_water, household_toilet,
    household_light, household_fuel, household_tenure, household_id_kind, household_merge_side;

/* For code_lists[] of src/routes.c. */
#define HOUSEHOLD_CODE_LISTS \
    &household_sex, &household_relationship, &household_marital_status, &household_education, &household_school_level, \
    &household_insurance, &household_member_consent, &household_precision, &household_address_kind, &household_basis, \
    &household_capacity, &household_consent_form, &household_purpose, &household_leave_reason, &household_states, \
    &household_member_states, &household_duplicate_kind, &household_duplicate_state, &household_duplicate_decision, \
    &household_floor, &household_wall, &household_roof, &household_water, &household_toilet, &household_light, &household_fuel, \
    &household_tenure, &household_id_kind, &household_merge_side

#endif
