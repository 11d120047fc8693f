/* report.h: what waits for a person, the lists of codes, and figures over the slices. */
#ifndef LUMBUNG_REPORT_H
#define LUMBUNG_REPORT_H

#include "lumbung/http/route.h"

/* All code lists of the program, assembled in src/routes.c; ends with NULL. */
extern const struct code_list *const code_lists[];

extern const struct route report_routes[];

#endif
