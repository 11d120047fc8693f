/* routes.c: the list of the slices: their route tables, hooks, jobs and code lists. A slice is added here and nowhere else. */
#include "routes.h"

#include "disbursement/disbursement_fields.h"
#include "enrollment/enrollment_fields.h"
#include "household/household_codes.h"
#include "lumbung/assessment.h"
#include "lumbung/attachment.h"
#include "lumbung/audit.h"
#include "lumbung/change.h"
#include "lumbung/disbursement.h"
#include "lumbung/edition.h"
#include "lumbung/enrollment.h"
#include "lumbung/export.h"
#include "lumbung/fact.h"
#include "lumbung/household.h"
#include "lumbung/http/server.h"
#include "lumbung/job.h"
#include "lumbung/need.h"
#include "lumbung/notice.h"
#include "lumbung/payment.h"
#include "lumbung/program.h"
#include "lumbung/quality.h"
#include "lumbung/region.h"
#include "lumbung/report.h"
#include "lumbung/score.h"
#include "lumbung/shape.h"
#include "lumbung/user.h"
#include "payment/batch.h"
#include "payment/payment_fields.h"
#include "program/program_fields.h"

const struct route *const route_tables[] = {
    server_routes, audit_routes, attachment_routes, region_routes, user_routes, household_routes, change_routes, assessment_routes, program_routes, enrollment_routes,
    payment_routes, disbursement_routes, export_routes, report_routes, job_routes, edition_routes, score_routes, score_flag_routes, need_routes, shape_routes, fact_routes, household_move_routes, quality_routes, household_objection_routes, notice_routes, NULL,
};

const household_event_hook household_event_hooks[] = {enrollment_on_household_event, disbursement_on_household_event, change_on_household_event, NULL};

const household_gate household_gates[] = {change_gate, NULL};

const assessment_hook assessment_hooks[] = {score_household, NULL};

const household_filter household_flag_filter = score_flag_filter;

const job_daily job_dailies[] = {score_flag_daily, NULL};

const payment_release_hook payment_release_hooks[] = {disbursement_on_release, NULL};

const struct job_kind *const job_kinds[] = {&enrollment_bulk_job, &batch_job_kind, &disbursement_close_job, &edition_import_job, &edition_change_job, &score_job, &score_flag_job, NULL};

const struct code_list *const code_lists[] = {
    HOUSEHOLD_CODE_LISTS, &user_role_codes, &program_category_codes, &program_unit_codes, &program_state_codes, &enrollment_state_codes, &enrollment_exit_codes,
    &batch_kind_codes, &batch_state_codes, &disbursement_state_codes, &receipt_method_codes, &received_by_codes, &identified_by_codes,
    &attempt_outcome_codes, &user_state_codes, &cycle_state_codes, &item_state_codes, &change_kind_codes, &change_state_codes, &change_decision_codes, &need_category_codes, &need_group_codes, &score_state_codes, &flag_state_codes, &quality_task_state_codes, &household_move_states, &preview_event_codes, &quality_check_codes, &quality_dimension_codes, &objection_decision_codes, &notice_state_codes, NULL,
};
