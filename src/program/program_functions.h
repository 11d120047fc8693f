/* program_functions.h: the functions that rules may call. */
#ifndef LUMBUNG_PROGRAM_FUNCTIONS_H
#define LUMBUNG_PROGRAM_FUNCTIONS_H

#include "score/score_vocabulary.h"

#define VOCABULARY_FUNCTION_COUNT (SCORE_FUNCTION_COUNT + 3)
extern const struct rule_host_function vocabulary_functions[VOCABULARY_FUNCTION_COUNT];

#endif
