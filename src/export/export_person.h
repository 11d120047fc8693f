/* export_person.h: all that is held of one person. */
#ifndef LUMBUNG_EXPORT_PERSON_H
#define LUMBUNG_EXPORT_PERSON_H

#include "lumbung/export.h"

FALLIBLE struct error *person_store_household(struct tx *tx, struct id member_id, struct id *ret_household_id, bool *ret_found);
/* Each prints objects into an open array. */
FALLIBLE struct error *person_store_print_duplicates(struct tx *tx, struct id household_id, struct buffer *body);
FALLIBLE struct error *person_store_print_attachments(struct tx *tx, struct id subject_id, struct buffer *body);

/* GET /members/{id}/file. */
FALLIBLE struct error *export_person_step(struct tx *tx, const struct call *call, struct reply *reply);
extern const struct field_table export_person_query_table;

#endif
