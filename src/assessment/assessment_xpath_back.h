/* assessment_xpath_back.h: the expressions of a form as those of an XLSForm. */
#ifndef LUMBUNG_ASSESSMENT_XPATH_BACK_H
#define LUMBUNG_ASSESSMENT_XPATH_BACK_H

#include "assessment/assessment_form.h"

/* NULL when XPath on a phone has no words for it (a member of the household, a loop that is no sum). */
const char *xpath_write(struct arena *arena, const struct form *form, const char *expression);

#endif
