/* export_read.h: an exported file as it lies there: its digest, and what its rows add up to. */
#ifndef LUMBUNG_EXPORT_READ_H
#define LUMBUNG_EXPORT_READ_H

#include "lumbung/export.h"

extern const char *const export_format_names[EXPORT_FORMAT_COUNT];

/* Adds one row to the total of its currency and state. ERROR_INTERNAL when a sum overflows or there are too many kinds. */
FALLIBLE struct error *export_total_add(struct export_totals *totals, const struct export_total *row);

struct export_facts {
    int64_t rows;
    struct export_totals totals;
    char sha256[2 * SHA256_SIZE + 1];
};
/* In flat memory. ERROR_FILE when it cannot be read; ERROR_TAMPERED naming the record that is no row of an export. */
FALLIBLE struct error *export_read(const char *path, enum export_format format, struct export_facts *ret_facts);

#endif
