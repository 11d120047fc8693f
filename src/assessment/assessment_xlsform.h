/* assessment_xlsform.h: a workbook in XLSForm's layout (sheets survey, choices, settings) as a form, and back. */
#ifndef LUMBUNG_ASSESSMENT_XLSFORM_H
#define LUMBUNG_ASSESSMENT_XLSFORM_H

#include "lumbung/base/json.h"
#include "lumbung/base/workbook.h"

struct xlsform_options {
    const char *name;     /* of the form when the settings name none */
    const char *language; /* of labels without a language; NULL: that of the settings, else id */
};
/* The form, read and in order. Faults point at "survey row 7, column relevant"; a cell with a formula at "survey B7". */
FALLIBLE struct error *xlsform_read(struct arena *arena, const struct workbook *book, const struct xlsform_options *options, struct json **ret_form);
/* The workbook of a form; `version` goes to the settings (may be NULL). Faults at the pointers of what XPath has no words for. */
struct form;
struct bytes;
FALLIBLE struct error *xlsform_write(struct arena *arena, const struct form *form, const char *version, struct bytes *ret_bytes);

#endif
