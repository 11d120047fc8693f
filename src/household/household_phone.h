/* household_phone.h: which ways of writing a telephone number mean the same telephone. Pure. */
#ifndef LUMBUNG_HOUSEHOLD_PHONE_H
#define LUMBUNG_HOUSEHOLD_PHONE_H

#include "lumbung/base/arena.h"

/* The form that doubles and searches compare: "0812..." for an Indonesian number however its country code or first zero was written,
 * "+65..." for one of another country, the digits as they are for what is neither. `phone`: digits after at most one plus. */
const char *household_phone_key(struct arena *arena, const char *phone);

#endif
