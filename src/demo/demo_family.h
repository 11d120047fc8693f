/* demo_family.h: invented families: names by frequency, ages that fit together, numbers that mostly agree. */
#ifndef LUMBUNG_DEMO_FAMILY_H
#define LUMBUNG_DEMO_FAMILY_H

#include "demo/demo_random.h"
#include "lumbung/base/json.h"

/* A registration in the shape of POST /households. `serial` numbers the family; `today` bounds the ages. */
struct json *demo_family(struct arena *arena, struct demo_random *random, const char *village, int serial, int32_t today);
/* Answers of these members for the default questionnaire. */
struct json *demo_answers(struct arena *arena, struct demo_random *random, const struct json *members);

#endif
