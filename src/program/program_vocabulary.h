/* program_vocabulary.h: what rules may speak of: household, family, member and the functions of API.md. */
#ifndef LUMBUNG_PROGRAM_VOCABULARY_H
#define LUMBUNG_PROGRAM_VOCABULARY_H

#include "lumbung/program.h"
#include "lumbung/rule.h"

/* What host functions work on while one unit is evaluated. */
struct vocabulary_context {
    struct tx *tx;
    const struct program *program;
    const struct json *facts;
    struct id household_id; /* zero for an unsaved household */
    const char *region_code;
    int32_t on;
    struct error *error;    /* a database fault met inside a function: the evaluation fails closed and this is passed on */
};

/* The schema for programs of a unit ("household", "family", "member"). Static, shared. */
const struct rule_schema *vocabulary_schema(const char *unit);

#endif
