/* assessment_submission.h: filled-in forms as phones send them (XML), and answers as a table (CSV) in the layout that their servers give. */
#ifndef LUMBUNG_ASSESSMENT_SUBMISSION_H
#define LUMBUNG_ASSESSMENT_SUBMISSION_H

#include "assessment/assessment_form.h"
#include "lumbung/base/workbook.h"

struct submission {
    const char *instance_id, *deprecated_id; /* NULL without */
    struct json *answers;                    /* of the form's types where they can be read so, otherwise as the text that stands there */
};
/* Reads a submission of this form; the answers are not checked yet. ERROR_FIELDS at "/form_id" when it names another form, ERROR_WORKBOOK when it is no
 * XML. */
FALLIBLE struct error *submission_read(struct arena *arena, const struct form *form, const char *text, size_t length, struct submission *ret_submission);

/* A line of names, then one a submission: choices of several, parts of a point and entries of a repeat in columns of their own, "n/a" for no answer. */
void submission_print_csv(struct arena *arena, const struct form *form, const struct submission *submissions, size_t count, struct buffer *ret_csv);

#endif
