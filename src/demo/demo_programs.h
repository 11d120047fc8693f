/* demo_programs.h: programs of the four families with real rules, as POST /programs takes them. */
#ifndef LUMBUNG_DEMO_PROGRAMS_H
#define LUMBUNG_DEMO_PROGRAMS_H

#include "lumbung/base/json.h"

#define DEMO_PROGRAMS 5
/* The budget grows with the number of households, so that a large demo pays too. It runs from the last year to the end of the next. */
FALLIBLE struct error *demo_program(struct arena *arena, int index, int households, int32_t today, struct json **ret_json);

#endif
