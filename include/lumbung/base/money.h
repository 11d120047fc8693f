/* money.h: amounts as int64 minor units of an ISO 4217 currency. Nothing here or above it uses floating point for money. */
#ifndef LUMBUNG_BASE_MONEY_H
#define LUMBUNG_BASE_MONEY_H

#include <stdbool.h>
#include <stdint.h>

#include "lumbung/base/buffer.h"
#include "lumbung/base/error.h"

/* Above this a single amount is refused (10^16 minor units: 100 trillion rupiah). */
#define MONEY_AMOUNT_MAX INT64_C(10000000000000000)

struct currency {
    char code[4];
    int exponent; /* ISO 4217: IDR 2 */
    int64_t step; /* smallest payable amount in minor units: IDR 100 (one rupiah) */
};

/* NULL when unknown. */
const struct currency *currency_find(const char *code);

/* Checked arithmetic: false on overflow, *ret untouched. */
bool money_add(int64_t left, int64_t right, int64_t *ret_sum);
bool money_subtract(int64_t left, int64_t right, int64_t *ret_difference);
bool money_multiply(int64_t amount, int64_t factor, int64_t *ret_product);
/* The i-th of n parts of an amount, rounded down to `step`; the last part takes the rest. */
int64_t money_split(int64_t amount, int64_t step, int parts, int index);

/* "Rp750.000" for IDR in Indonesian, "Rp750,000" in English; other currencies "EUR 12,50" and "EUR 12.50". Pages write the same (static/app/i18n.js). */
void money_print(struct buffer *buffer, int64_t amount_minor, const char *currency, enum language language);
const char *money_text(struct arena *arena, int64_t amount_minor, const char *currency, enum language language);
/* A plain decimal for files: 75000000 IDR is "750000" or "750000.00" with `fraction`. */
void money_print_decimal(struct buffer *buffer, int64_t amount_minor, const struct currency *currency, bool fraction);
/* "750000", "750000.00": digits with an optional point and at most `exponent` decimals. False otherwise. */
bool money_parse_decimal(const char *text, const struct currency *currency, int64_t *ret_minor);

#endif
