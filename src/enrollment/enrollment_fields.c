/* enrollment_fields.c: field tables and code lists of enrollments. */
#include "enrollment/enrollment_fields.h"

#include "lumbung/base/limits.h"

static const struct code states[] = {
    {"proposed", "diusulkan", "proposed"}, {"refused", "ditolak", "refused"}, {"waitlisted", "cadangan", "waiting list"}, {"eligible", "layak", "eligible"},
    {"validated", "disahkan musyawarah", "validated"}, {"enrolled", "peserta", "enrolled"}, {"suspended", "ditangguhkan", "suspended"},
    {"exited", "keluar", "exited"},
};
const struct code_list enrollment_state_codes = CODE_LIST("enrollment_state", 1, states);

static const struct code exits[] = {
    {"graduated", "lulus", "graduated"}, {"moved", "pindah", "moved"}, {"died", "meninggal", "died"}, {"ineligible", "tidak layak lagi", "no longer eligible"},
    {"withdrew", "mengundurkan diri", "withdrew"}, {"duplicate", "ganda", "duplicate"}, {"entered_in_error", "salah catat", "entered in error"},
};
const struct code_list enrollment_exit_codes = CODE_LIST("enrollment_exit", 1, exits);

static const struct code decisions[] = {{"keep", "pertahankan", "keep"}, {"drop", "keluarkan", "drop"}};
static const struct code_list decision_codes = CODE_LIST("validation_decision", 1, decisions);

static const struct field enrollment_in_fields[] = {
    {"household_id", offsetof(struct enrollment_in, household_id), FIELD_ID, FIELD_REQUIRED, 0, 0, NULL, NULL, NULL},
    {"family_no", offsetof(struct enrollment_in, family_no), FIELD_INT, 0, 1, LIMIT_FAMILIES, NULL, NULL, "for programs of families"},
    {"member_id", offsetof(struct enrollment_in, member_id), FIELD_ID, 0, 0, 0, NULL, NULL, "for programs of members"},
};
FIELD_TABLE(enrollment_in_table, "EnrollmentNew", struct enrollment_in, enrollment_in_fields);

static const struct field bulk_in_fields[] = {
    {"region", offsetof(struct bulk_in, region), FIELD_TEXT, 0, 1, 40, NULL, NULL, "all households of a region"},
    {"household_ids", offsetof(struct bulk_in, household_ids), FIELD_IDS, 0, 1, 1000, NULL, NULL, "or these"},
    {"dry_run", offsetof(struct bulk_in, dry_run), FIELD_BOOL, 0, 0, 0, NULL, NULL, "counts only, stores nothing"},
};
FIELD_TABLE(bulk_in_table, "EnrollmentBulk", struct bulk_in, bulk_in_fields);

static const struct field reason_fields[] = {
    {"reason", offsetof(struct enrollment_reason_in, reason), FIELD_TEXT, FIELD_REQUIRED | FIELD_LINES, 3, 1000, NULL, NULL, NULL},
};
FIELD_TABLE(enrollment_reason_table, "EnrollmentReason", struct enrollment_reason_in, reason_fields);

static const struct field exit_fields[] = {
    {"code", offsetof(struct exit_in, code), FIELD_CODE, FIELD_REQUIRED, 0, 0, &enrollment_exit_codes, NULL, NULL},
    {"reason", offsetof(struct exit_in, reason), FIELD_TEXT, FIELD_LINES, 0, 1000, NULL, NULL, NULL},
};
FIELD_TABLE(exit_in_table, "EnrollmentExit", struct exit_in, exit_fields);

static const struct field validate_fields[] = {
    {"meeting_id", offsetof(struct validate_in, meeting_id), FIELD_ID, 0, 0, 0, NULL, NULL, NULL},
    {"decision", offsetof(struct validate_in, decision), FIELD_CODE, FIELD_REQUIRED, 0, 0, &decision_codes, NULL, NULL},
    {"reason", offsetof(struct validate_in, reason), FIELD_TEXT, FIELD_REQUIRED | FIELD_LINES, 3, 1000, NULL, NULL, NULL},
};
FIELD_TABLE(validate_in_table, "EnrollmentValidation", struct validate_in, validate_fields);

static const struct field query_fields[] = {
    {"state", offsetof(struct enrollment_query, state), FIELD_TEXT, 0, 1, 40, NULL, NULL, NULL},
};
FIELD_TABLE(enrollment_query_table, "EnrollmentQuery", struct enrollment_query, query_fields);
