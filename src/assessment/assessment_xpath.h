/* assessment_xpath.h: the expressions of XLSForms (XPath with ${names}) as the expressions of forms. */
#ifndef LUMBUNG_ASSESSMENT_XPATH_H
#define LUMBUNG_ASSESSMENT_XPATH_H

#include <stdbool.h>
#include <stddef.h>

#include "lumbung/base/arena.h"

enum xpath_type { XPATH_BOOL, XPATH_INT, XPATH_REAL, XPATH_TEXT, XPATH_DATE, XPATH_LIST, XPATH_ENTRIES, XPATH_DAYS };
struct xpath_name {
    const char *name, *repeat;  /* the repeat around it; NULL: none */
    enum xpath_type type;       /* XPATH_ENTRIES: a repeat itself */
};
enum xpath_place { XPATH_RELEVANT, XPATH_CONSTRAINT, XPATH_CALCULATION, XPATH_FILTER };
struct xpath_context {
    struct arena *arena;
    const struct xpath_name *names;
    size_t name_count;
    const struct xpath_name *own; /* the question of the row: what "." means in a constraint */
    const char *repeat;           /* the repeat around the row; NULL: none */
    enum xpath_place place;
};
struct xpath_result {
    const char *text;
    enum xpath_type type;
    const char *fault_id, *fault_en; /* why it cannot be translated; NULL when it could */
};
/* An absent answer is an empty text in XPath, and unknown here: where that makes a difference (below not(), in != and in what if() asks) the result asks
 * has(answers.NAME) first. */
struct xpath_result xpath_translate(const struct xpath_context *context, const char *text);

#endif
