/* decimal.h: exact decimal numbers, a whole coefficient over a power of ten: weights, coefficients and scores, whose thresholds decide who is helped. */
#ifndef LUMBUNG_BASE_DECIMAL_H
#define LUMBUNG_BASE_DECIMAL_H

#include <stdbool.h>
#include <stdint.h>

#define DECIMAL_SCALE_MAX 30 /* digits behind the point */
#define DECIMAL_TEXT_SIZE 64

struct decimal {
    int64_t coefficient; /* the value is coefficient / 10^scale; no trailing zeros behind the point */
    int scale;
};

/* "-2.85", "40", "9.9e-05" as survey programs write it. False for anything else, and for more than 18 digits. */
bool decimal_parse(const char *text, struct decimal *ret_decimal);
void decimal_print(struct decimal decimal, char ret_text[DECIMAL_TEXT_SIZE]);
struct decimal decimal_of_int(int64_t value);
/* Exactly what was typed, for answers of up to 15 digits; false beyond that or when it is no finite number. */
bool decimal_of_real(double real, struct decimal *ret_decimal);
/* False when the result has too many digits; *ret_decimal is then untouched. */
bool decimal_add(struct decimal left, struct decimal right, struct decimal *ret_decimal);
bool decimal_multiply(struct decimal left, struct decimal right, struct decimal *ret_decimal);
/* Below zero, zero, above zero. */
int decimal_compare(struct decimal left, struct decimal right);

#endif
