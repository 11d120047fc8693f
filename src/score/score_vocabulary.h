/* score_vocabulary.h: what every expression may speak of: the household with its members, and the functions that rules, scores and flags share. */
#ifndef LUMBUNG_SCORE_VOCABULARY_H
#define LUMBUNG_SCORE_VOCABULARY_H

#include "lumbung/rule.h"
#include "lumbung/score.h"

extern const struct rule_record score_vocabulary_household, score_vocabulary_family, score_vocabulary_member;
/* Of the expressions in scores and flags. */
extern const struct rule_schema score_vocabulary;

struct rule_value score_function_age(void *context, struct arena *arena, const struct rule_value *arguments, size_t count);
struct rule_value score_function_in_region(void *context, struct arena *arena, const struct rule_value *arguments, size_t count);
struct rule_value score_function_score(void *context, struct arena *arena, const struct rule_value *arguments, size_t count);
struct rule_value score_function_score_between(void *context, struct arena *arena, const struct rule_value *arguments, size_t count);
struct rule_value score_function_external(void *context, struct arena *arena, const struct rule_value *arguments, size_t count);
struct rule_value score_function_flag(void *context, struct arena *arena, const struct rule_value *arguments, size_t count);

/* The shared functions as rows of a schema's table; their context begins with a struct score_context. */
#define SCORE_FUNCTIONS                                                                                                                          \
    {"age", score_function_age, 1, 1, {RULE_TEXT}, RULE_INT, NULL, "umur", "age"},                                                              \
    {"in_region", score_function_in_region, 1, 1, {RULE_TEXT}, RULE_BOOL, NULL, "tinggal di wilayah {0}", "lives in region {0}"},               \
    {"score", score_function_score, 1, 1, {RULE_TEXT}, RULE_INT, NULL, "skor {0}", "score {0}"},                                                \
    {"score_between", score_function_score_between, 3, 3, {RULE_TEXT, RULE_TEXT, RULE_TEXT}, RULE_BOOL, NULL, "skor {0} dari {1} sampai {2}",   \
     "score {0} from {1} to {2}"},                                                                                                               \
    {"external", score_function_external, 1, 1, {RULE_TEXT}, RULE_DYN, NULL, "{0} menurut data luar", "{0} of another registry"},               \
    {"flag", score_function_flag, 1, 1, {RULE_TEXT}, RULE_BOOL, NULL, "tanda {0}", "flag {0}"}
#define SCORE_FUNCTION_COUNT 6

/* Does an expression look at the members of a household that only declared its numbers? Who is named there is not all: what it counts is missing. */
bool score_vocabulary_counts_unnamed(struct arena *arena, const struct json *facts, const struct rule *rule);

/* For functions of a context that begins with a struct score_context. */
const char *score_vocabulary_text(struct arena *arena, const struct rule_value *argument);
struct rule_value score_vocabulary_missing(struct arena *arena, const char *what, const char *name);
/* A database fault inside a function: the expression fails closed, the fault itself is passed on by whoever evaluates. */
struct rule_value score_vocabulary_fault(struct score_context *context, struct arena *arena, struct error *error);

#endif
