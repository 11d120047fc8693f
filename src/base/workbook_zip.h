/* workbook_zip.h: the files inside a workbook. */
#ifndef LUMBUNG_BASE_WORKBOOK_ZIP_H
#define LUMBUNG_BASE_WORKBOOK_ZIP_H

#include "lumbung/base/workbook.h"

struct workbook_file;
FALLIBLE struct error *workbook_file_open(struct arena *arena, const void *bytes, size_t length, struct workbook_file **ret_file);
/* The content of a part; *ret_text NULL when there is none. All parts together may not unpack to more than LIMIT_WORKBOOK_BYTES. */
FALLIBLE struct error *workbook_file_part(struct workbook_file *file, const char *name, const char **ret_text, size_t *ret_length);
void workbook_file_close(struct workbook_file *file); /* NULL is allowed */
struct workbook_new_part { const char *name, *text; };
FALLIBLE struct error *workbook_file_make(struct arena *arena, const struct workbook_new_part *parts, size_t count, struct bytes *ret_bytes);
/* Why a workbook is refused, in both languages. */
struct error *workbook_refusal(const char *id, const char *en);

#endif
