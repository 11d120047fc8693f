/* program_fields.c: field tables and code lists of programs. */
#include "program/program_fields.h"

#include "lumbung/base/limits.h"
#include "lumbung/base/money.h"

static const struct code categories[] = {
    {"direct_aid", "bantuan langsung", "direct aid"}, {"education", "pendidikan", "education"}, {"health", "kesehatan", "health"},
    {"housing", "perumahan", "housing"},
};
const struct code_list program_category_codes = CODE_LIST("program_category", 1, categories);

static const struct code units[] = {
    {"household", "rumah tangga", "household"}, {"family", "keluarga", "family"}, {"member", "anggota", "member"},
};
const struct code_list program_unit_codes = CODE_LIST("program_unit", 1, units);

static const struct code states[] = {
    {"draft", "disusun", "draft"}, {"active", "berjalan", "active"}, {"closed", "ditutup", "closed"},
};
const struct code_list program_state_codes = CODE_LIST("program_state", 1, states);

#define AT(member) offsetof(struct program_in, member)
static const struct field program_in_fields[] = {
    {"name", AT(name), FIELD_TEXT, FIELD_REQUIRED | FIELD_NO_NULL, 3, 120, NULL, NULL, "unique name"},
    {"category", AT(category), FIELD_CODE, FIELD_REQUIRED | FIELD_NO_NULL, 0, 0, &program_category_codes, NULL, NULL},
    {"owner", AT(owner), FIELD_TEXT, FIELD_REQUIRED | FIELD_NO_NULL, 2, 120, NULL, NULL, "agency that owns it"},
    {"currency", AT(currency), FIELD_TEXT, FIELD_REQUIRED | FIELD_NO_NULL, 3, 3, NULL, NULL, "ISO 4217"},
    {"unit", AT(unit), FIELD_CODE, FIELD_REQUIRED | FIELD_NO_NULL, 0, 0, &program_unit_codes, NULL, "who is enrolled"},
    {"rule", AT(rule), FIELD_TEXT, FIELD_REQUIRED | FIELD_NO_NULL | FIELD_LINES, 1, LIMIT_RULE_BYTES, NULL, NULL, "eligibility rule (CEL), gives bool"},
    {"entitlement", AT(entitlement), FIELD_TEXT, FIELD_REQUIRED | FIELD_NO_NULL | FIELD_LINES, 1, LIMIT_RULE_BYTES, NULL, NULL,
     "entitlement (CEL), gives minor units or a list of parts"},
    {"budget_minor", AT(budget_minor), FIELD_MONEY, FIELD_REQUIRED | FIELD_NO_NULL, 0, MONEY_AMOUNT_MAX, NULL, NULL, NULL},
    {"starts_on", AT(starts_on), FIELD_DATE, FIELD_REQUIRED | FIELD_NO_NULL, 0, 0, NULL, NULL, NULL},
    {"ends_on", AT(ends_on), FIELD_DATE, 0, 0, 0, NULL, NULL, NULL},
    {"utc_offset_min", AT(utc_offset_min), FIELD_INT, 0, -720, 840, NULL, NULL, "420 (WIB) when absent"},
    {"community_validation", AT(community_validation), FIELD_BOOL, 0, 0, 0, NULL, NULL, "a village meeting confirms before enrollment"},
    {"approvals_required", AT(approvals_required), FIELD_INT, 0, 1, 9, NULL, NULL, "1 when absent"},
    {"strict_duties", AT(strict_duties), FIELD_BOOL, 0, 0, 0, NULL, NULL, "maker, approvers, releaser and reconciler all differ"},
};
FIELD_TABLE(program_in_table, "ProgramNew", struct program_in, program_in_fields);

#undef AT
#define AT(member) offsetof(struct eligibility_in, member)
static const struct field eligibility_in_fields[] = {
    {"household_id", AT(household_id), FIELD_ID, 0, 0, 0, NULL, NULL, NULL}, {"household", AT(household), FIELD_JSON, 0, 0, 0, NULL, NULL, "an unsaved household"},
    {"family_no", AT(family_no), FIELD_INT, 0, 1, LIMIT_FAMILIES, NULL, NULL, NULL}, {"member_id", AT(member_id), FIELD_ID, 0, 0, 0, NULL, NULL, NULL},
    {"on", AT(on), FIELD_DATE, 0, 0, 0, NULL, NULL, "today when absent"},
    {"rule", AT(rule), FIELD_TEXT, FIELD_LINES, 1, LIMIT_RULE_BYTES, NULL, NULL, "a draft instead of the program's rule"},
    {"entitlement", AT(entitlement), FIELD_TEXT, FIELD_LINES, 1, LIMIT_RULE_BYTES, NULL, NULL, "a draft instead of the program's entitlement"},
};
FIELD_TABLE(eligibility_in_table, "EligibilityCheck", struct eligibility_in, eligibility_in_fields);

#undef AT
#define AT(member) offsetof(struct simulation_in, member)
static const struct field simulation_in_fields[] = {
    {"rule", AT(rule), FIELD_TEXT, FIELD_LINES, 1, LIMIT_RULE_BYTES, NULL, NULL, NULL},
    {"entitlement", AT(entitlement), FIELD_TEXT, FIELD_LINES, 1, LIMIT_RULE_BYTES, NULL, NULL, NULL},
    {"budget_minor", AT(budget_minor), FIELD_MONEY, 0, 0, MONEY_AMOUNT_MAX, NULL, NULL, NULL},
    {"region", AT(region), FIELD_TEXT, 0, 1, 40, NULL, NULL, "the caller's whole area when absent"}, {"on", AT(on), FIELD_DATE, 0, 0, 0, NULL, NULL, NULL},
};
FIELD_TABLE(simulation_in_table, "Simulation", struct simulation_in, simulation_in_fields);
