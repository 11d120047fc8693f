/* report.h: what waits for a person, the lists of codes, and figures over the slices. */
#ifndef LUMBUNG_REPORT_H
#define LUMBUNG_REPORT_H

#include "lumbung/http/route.h"

extern const struct code_list preview_event_codes;
extern const struct route report_routes[];

#endif
