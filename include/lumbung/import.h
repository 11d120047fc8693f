/* import.h: registrations from files of elsewhere, by a mapping that is data. */
#ifndef LUMBUNG_IMPORT_H
#define LUMBUNG_IMPORT_H

#include "lumbung/base/buffer.h"
#include "lumbung/base/json.h"
#include "lumbung/db/lane.h"

struct import_order {
    const char *text;       /* the file: CSV, or XLSX by its first bytes */
    size_t length;
    const struct json *map; /* {delimiter?, encoding?, sheet? (of an XLSX), date_format?, source?, one_row_is, group_by?, key?, household, member, values?, checks?}. A field
                             * takes a column or {const}, {column, decimals?}, {sum: [columns]}, {join: [columns or {const}], with?},
                             * {one_of: {column: word}}, {first_of: {column: word}}; a null among `values` drops the word. Checks: {agree: [columns]},
                             * {count: column}, {age: column, on: day}, each with then: refuse (default) or list */
    struct keyring *keyring;
    bool dry_run;
    struct buffer *errors;  /* CSV of what was refused or contradicts itself: line,column,value,reason,remedy; NULL: none */
    struct buffer *sums;    /* CSV to hold against the source: region,part,households,persons,F,M,X,other; NULL: none */
    void (*progress)(void *context, int64_t done, int64_t total);
    void *context;
};
struct import_result {
    int64_t rows, households, persons; /* of them in now */
    int64_t refused, refused_persons;
    int64_t known, known_persons;      /* in already, by an earlier run */
    int64_t listed;                    /* contradictions of households that came in all the same */
};
/* Each household is an act of its own: what is refused is named, the rest is in. A household is known again by `group_by` or `key` within `source` (without:
 * by its row within this very file), so that a run that was broken off is repeated; the same key with other content is refused. The map's own faults refuse
 * everything (ERROR_FIELDS). */
FALLIBLE struct error *import_households(struct lane *lane, struct arena *arena, const struct import_order *order, struct import_result *ret_result);

#endif
