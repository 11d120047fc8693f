/* assessment_xlsform_part.h: what the files that read an XLSForm share. */
#ifndef LUMBUNG_ASSESSMENT_XLSFORM_PART_H
#define LUMBUNG_ASSESSMENT_XLSFORM_PART_H

#include "assessment/assessment_xlsform.h"
#include "assessment/assessment_xpath.h"

struct xlsform_column {
    const char *field, *language; /* language NULL: none was named */
    int column;
};
struct xlsform_sheet {
    const char *name;
    const struct workbook_sheet *sheet; /* NULL: there is none */
    struct xlsform_column *columns;
    size_t column_count;
};
/* What one row of the survey is. */
struct xlsform_row {
    const struct workbook_row *row;
    const char *type;      /* ours: integer, group ...; NULL: nothing to ask, or a fault */
    const char *list, *name;
    bool other, ends;      /* ends: a group or repeat, named by type */
    size_t repeat;         /* row index + 1 of the repeat around it; 0: none */
    const char *pointer;   /* of the question that it became */
};
struct xlsform {
    struct arena *arena;
    struct error **error;
    const struct xlsform_options *options;
    struct xlsform_sheet survey, choices, settings;
    const char **languages;
    size_t language_count;
    struct xlsform_row *rows;
    size_t row_count;
    struct xpath_name *names;
    size_t name_count;
};
#define XLSFORM_COLUMNS_MAX 100
#define XLSFORM_ROWS_MAX 2000

void xlsform_fault(struct xlsform *form, const char *sheet, int row, const char *column, const char *id, const char *en);
void xlsform_open_sheet(struct xlsform *form, const struct workbook *book, const char *name, struct xlsform_sheet *ret_sheet);
/* The text of a cell without blanks around it; NULL when it is empty or the sheet has no such column. */
const char *xlsform_cell(const struct xlsform *form, const struct xlsform_sheet *sheet, const struct workbook_row *row, const char *field);
/* The words of a translated column in every language, gaps filled from another; NULL when all are empty. */
struct json *xlsform_words(const struct xlsform *form, const struct xlsform_sheet *sheet, const struct workbook_row *row, const char *field);
void xlsform_read_languages(struct xlsform *form);
struct json *xlsform_read_lists(struct xlsform *form);
void xlsform_read_types(struct xlsform *form);
/* Translates the expression in a column; NULL when there is none or it is at fault. */
const char *xlsform_expression(struct xlsform *form, size_t index, const char *column, enum xpath_place place, enum xpath_type *ret_type);
void xlsform_infer_calculations(struct xlsform *form);
struct json *xlsform_read_questions(struct xlsform *form);

#endif
