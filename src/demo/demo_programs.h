/* demo_programs.h: programs of the four families with real rules, as POST /programs takes them. */
#ifndef LUMBUNG_DEMO_PROGRAMS_H
#define LUMBUNG_DEMO_PROGRAMS_H

#include "lumbung/base/json.h"

#define DEMO_PROGRAMS 5
FALLIBLE struct error *demo_program(struct arena *arena, int index, struct json **ret_json);

#endif
