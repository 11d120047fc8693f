/* quality.h: how good the data are, by region and officer, each figure with its households, and corrections handed out as tasks. */
#ifndef LUMBUNG_QUALITY_H
#define LUMBUNG_QUALITY_H

#include "lumbung/http/route.h"

/* Open corrections of one person, for his tasks. */
FALLIBLE struct error *quality_count_tasks(struct tx *tx, struct id user_id, int64_t *ret_count);

extern const struct code_list quality_check_codes, quality_dimension_codes, quality_task_state_codes;
extern const struct route quality_routes[];

#endif
