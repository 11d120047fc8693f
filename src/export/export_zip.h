/* export_zip.h: one part of a workbook's archive, unpacked a block at a time: a sheet may be far larger than memory should be. */
#ifndef LUMBUNG_EXPORT_ZIP_H
#define LUMBUNG_EXPORT_ZIP_H

#include <stdio.h>

#include "lumbung/base/arena.h"
#include "lumbung/base/error.h"

struct export_zip;
/* Finds the part; ERROR_TAMPERED when the archive cannot be read, or when another part's name begins with `alone` too. `file` stays open and is the
 * caller's. */
FALLIBLE struct error *export_zip_open(struct arena *arena, FILE *file, const char *name, const char *alone, struct export_zip **ret_zip);
/* The next bytes, 0 at the end, where length and checksum are compared. */
FALLIBLE struct error *export_zip_read(struct export_zip *zip, char *block, size_t size, size_t *ret_length);
void export_zip_close(struct export_zip *zip);

#endif
