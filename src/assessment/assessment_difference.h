/* assessment_difference.h: two versions of a form side by side. */
#ifndef LUMBUNG_ASSESSMENT_DIFFERENCE_H
#define LUMBUNG_ASSESSMENT_DIFFERENCE_H

#include "assessment/assessment_form.h"

/* Appends the members questions:[{question, change (added, removed, changed, moved), label, members?, scores}] and scores:[{name, change (same, changed,
 * added, removed)}] to an open object. */
void form_print_difference(struct arena *arena, struct buffer *buffer, const struct form *from, const struct form *to);

#endif
