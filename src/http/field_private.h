/* field_private.h: what the field files share. */
#ifndef LUMBUNG_HTTP_FIELD_PRIVATE_H
#define LUMBUNG_HTTP_FIELD_PRIVATE_H

#include "lumbung/http/field.h"

/* The size in bytes that a field takes in its struct. */
size_t field_size(const struct field *field);

#endif
