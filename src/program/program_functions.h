/* program_functions.h: the functions that rules may call. */
#ifndef LUMBUNG_PROGRAM_FUNCTIONS_H
#define LUMBUNG_PROGRAM_FUNCTIONS_H

#include "lumbung/rule.h"

#define VOCABULARY_FUNCTION_COUNT 8
extern const struct rule_host_function vocabulary_functions[VOCABULARY_FUNCTION_COUNT];

#endif
