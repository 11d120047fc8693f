/* report_steps.h: steps and queries of the slice's endpoints, for the table of routes. */
#ifndef LUMBUNG_REPORT_STEPS_H
#define LUMBUNG_REPORT_STEPS_H

#include "lumbung/report.h"

extern const struct field_table preview_query_table, population_query_table;

struct error *report_population_step(struct tx *tx, const struct call *call, struct reply *reply);
struct error *report_preview_step(struct tx *tx, const struct call *call, struct reply *reply);

#endif
