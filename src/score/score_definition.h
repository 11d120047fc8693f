/* score_definition.h: a score as data: indicators that add up, a constant, bounds, and a look-up table from the sum to lines. */
#ifndef LUMBUNG_SCORE_DEFINITION_H
#define LUMBUNG_SCORE_DEFINITION_H

#include "lumbung/rule.h"
#include "lumbung/score.h"

#define SCORE_INDICATORS_MAX 200
#define SCORE_RANGES_MAX 1100 /* of an indicator, or rows of a look-up table */
#define SCORE_LINES_MAX 40

/* Both ends included; without an end it has no bound on that side. */
struct score_range {
    bool has_from, has_to;
    struct decimal from, to;
};

/* What it adds: points by choice, points by range, or a coefficient times the number. */
struct score_indicator {
    const char *name;
    struct rule *input;
    const struct json *points;    /* choice ("true" and "false" of a yes or no) to a decimal; NULL: another kind */
    struct score_range *ranges;
    struct decimal *range_points;
    size_t range_count;           /* 0: another kind */
    bool has_coefficient;
    struct decimal coefficient;
    struct score_range bounds;    /* what the input may be; outside it is absurd */
};

struct score_lookup {
    const char **lines;
    size_t line_count;
    struct score_range *rows;
    struct decimal *values;       /* row by row, line_count each */
    size_t row_count;             /* 0: no table */
};

struct score_definition {
    const struct json *json;
    const char *name;
    struct decimal constant;
    struct score_range bounds;    /* the sum is held within */
    struct score_indicator *indicators;
    size_t indicator_count;
    struct score_lookup lookup;
};

/* Reads and checks; every fault at once with its pointer, expressions with their character, ranges that overlap or leave a gap with the place. */
FALLIBLE struct error *score_definition_read(struct arena *arena, const struct json *json, struct score_definition **ret_definition);
/* What all inputs read, as rule_reads gives it. */
void score_definition_reads(const struct score_definition *definition, struct arena *arena, struct json *ret_names);

struct score_result {
    bool has_value;
    struct decimal value;
    struct json *detail; /* {"parts":[{indicator, input, points}], "missing":[{indicator, pointers}], "refused":[{indicator, input, code}], "sum", "lines"} */
};
/* Strict: one input missing or absurd, no value. `inputs` with household.needs in its bindings where the definition reads them. */
void score_compute(struct arena *arena, const struct score_definition *definition, const struct rule_inputs *inputs, struct score_result *ret_result);
/* Takes the value back: what `pointer` leaves open is missing. */
void score_result_lose(struct arena *arena, struct score_result *result, const char *name, const char *pointer);
/* The row of a table that a number falls into; false when none. */
bool score_range_find(const struct score_range *ranges, size_t count, struct decimal value, size_t *ret_index);

#endif
