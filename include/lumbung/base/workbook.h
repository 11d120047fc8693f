/* workbook.h: reading XLSX workbooks and small XML documents from outside: bounded, without entities, formulas told as such. */
#ifndef LUMBUNG_BASE_WORKBOOK_H
#define LUMBUNG_BASE_WORKBOOK_H

#include "lumbung/base/buffer.h"
#include "lumbung/base/error.h"

struct workbook_cell {
    int column;           /* 0 is A */
    const char *text;     /* numbers as they are written: "1", "2014111", "0.5"; TRUE and FALSE for booleans */
    bool formula;         /* text is what it gave when it was last worked out */
};
struct workbook_row {
    int number;           /* as the program that wrote it shows it, from 1 */
    struct workbook_cell *cells;
    size_t cell_count;
};
struct workbook_sheet {
    const char *name;
    struct workbook_row *rows;
    size_t row_count;
};
struct workbook {
    struct workbook_sheet *sheets;
    size_t sheet_count;
};

/* ERROR_WORKBOOK with the reason in both languages: no workbook, damaged, encrypted, too large once unpacked, an XML that is none. */
FALLIBLE struct error *workbook_read(struct arena *arena, const void *bytes, size_t length, struct workbook **ret_workbook);
/* A workbook of texts, as XLSX; rows and columns as they are numbered. */
struct bytes;
FALLIBLE struct error *workbook_write(struct arena *arena, const struct workbook *book, struct bytes *ret_bytes);
/* "B12" */
const char *workbook_cell_name(struct arena *arena, int row, int column);

/* A document as a tree; names without their prefix. */
struct xml_element {
    const char *name;
    const char **attributes; /* name, value, ... NULL */
    const char *text;        /* of this element alone, as it stands; "" without */
    struct xml_element **children;
    size_t child_count, child_room;
};
/* The same error. Document types, and with them entities, are refused. */
FALLIBLE struct error *xml_read(struct arena *arena, const char *text, size_t length, struct xml_element **ret_root);
const char *xml_attribute(const struct xml_element *element, const char *name); /* NULL without */

#endif
