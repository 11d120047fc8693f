/* import.h: registrations from files of elsewhere, by a mapping that is data. */
#ifndef LUMBUNG_IMPORT_H
#define LUMBUNG_IMPORT_H

#include "lumbung/base/buffer.h"
#include "lumbung/base/json.h"
#include "lumbung/db/lane.h"

struct import_order {
    const char *text;       /* the file */
    size_t length;
    const struct json *map; /* {delimiter?, encoding?, date_format?, one_row_is, group_by?, household, member, values?}; a field takes a
                             * column, {const}, {sum: [columns]} or {join: [columns]} */
    bool dry_run;
    struct buffer *errors;  /* CSV of refused rows: line,column,value,reason,remedy */
    void (*progress)(void *context, int64_t done, int64_t total);
    void *context;
};
struct import_result {
    int64_t rows, households, refused;
};
/* Each household is an act of its own: what is refused is named, the rest is in. The map's own faults refuse everything (ERROR_FIELDS). */
FALLIBLE struct error *import_households(struct lane *lane, struct arena *arena, const struct import_order *order, struct import_result *ret_result);

#endif
