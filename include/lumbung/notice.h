/* notice.h: what people are told before they consent: versions, each in several languages; a published one never changes. */
#ifndef LUMBUNG_NOTICE_H
#define LUMBUNG_NOTICE_H

#include "lumbung/http/route.h"

/* Adds a fault below `at` ("/consent", or "" for the form itself) for a version that is not published here and for a language in which it has no
 * text; each names those that exist. What is NULL is left to whoever wants it. */
FALLIBLE struct error *notice_check(struct tx *tx, const char *version, const char *language, const char *at, struct error **error);

extern const struct code_list notice_state_codes;
extern const struct route notice_routes[];

#endif
