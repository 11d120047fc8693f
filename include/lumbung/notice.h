/* notice.h: what people are told before they consent: versions, each in several languages; a published one never changes. */
#ifndef LUMBUNG_NOTICE_H
#define LUMBUNG_NOTICE_H

#include "lumbung/http/route.h"

/* Adds a fault below `at` ("/consent", or "" for the form itself) for a version that is not published here and for a language in which it has no
 * text; each names those that exist. What is NULL is left to whoever wants it. */
FALLIBLE struct error *notice_check(struct tx *tx, const char *version, const char *language, const char *at, struct error **error);

/* What was published here, a line a version, in an order and a form that do not depend on this registry; and such lines into another one. */
FALLIBLE struct error *notice_file_print(struct tx *tx, struct buffer *text);
FALLIBLE struct error *notice_file_take(struct tx *tx, const struct actor *actor, const char *text, size_t length);

extern const struct code_list notice_state_codes;
extern const struct route notice_routes[];

#endif
