/* program_vocabulary.h: what rules may speak of: household, family, member and the functions of API.md. */
#ifndef LUMBUNG_PROGRAM_VOCABULARY_H
#define LUMBUNG_PROGRAM_VOCABULARY_H

#include "lumbung/program.h"
#include "lumbung/rule.h"
#include "lumbung/score.h"

/* What host functions work on while one unit is evaluated. */
struct vocabulary_context {
    struct score_context shared; /* first: the functions that scores and flags share see nothing else */
    const struct program *program;
};

/* The schema for programs of a unit ("household", "family", "member"). Static, shared. */
const struct rule_schema *vocabulary_schema(const char *unit);

#endif
