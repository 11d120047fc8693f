/* decimal.c: exact decimal arithmetic in 128 bits; what does not fit into 64 is refused, never rounded. */
#include "lumbung/base/decimal.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define DIGITS_MAX 18

__extension__ typedef __int128 wide;

static bool
power_of_ten(int exponent, wide *ret_power)
{
    wide power = 1;
    for (int i = 0; i < exponent; i++)
        if (__builtin_mul_overflow(power, (wide)10, &power))
            return false;
    *ret_power = power;
    return true;
}

static bool
make(wide coefficient, int scale, struct decimal *ret_decimal)
{
    while (scale > 0 && coefficient % 10 == 0) {
        coefficient /= 10;
        scale--;
    }
    for (; scale < 0; scale++)
        if (__builtin_mul_overflow(coefficient, (wide)10, &coefficient))
            return false;
    if (coefficient > INT64_MAX || coefficient < -INT64_MAX || scale > DECIMAL_SCALE_MAX)
        return false;
    *ret_decimal = (struct decimal){(int64_t)coefficient, scale};
    return true;
}

struct reading {
    wide coefficient;
    int digits, scale;
};

/* The digits from `text` on; what stands behind them. */
static const char *
read_digits(const char *text, bool behind_point, struct reading *reading)
{
    for (; *text >= '0' && *text <= '9' && reading->digits <= DIGITS_MAX; text++) {
        reading->coefficient = reading->coefficient * 10 + (*text - '0');
        reading->digits += reading->coefficient != 0;
        reading->scale += behind_point;
    }
    return text;
}

/* "e-05": NULL when it is no exponent. */
static const char *
read_exponent(const char *text, struct reading *reading)
{
    int exponent = 0, sign = text[1] == '-' ? -1 : 1;
    const char *at = text + 1 + (text[1] == '-' || text[1] == '+');
    const char *start = at;
    for (; *at >= '0' && *at <= '9' && at - start < 3; at++)
        exponent = exponent * 10 + (*at - '0');
    reading->scale -= sign * exponent;
    return at == start ? NULL : at;
}

bool
decimal_parse(const char *text, struct decimal *ret_decimal)
{
    struct reading reading = {0};
    bool negative = text && *text == '-';
    if (text == NULL)
        return false;
    const char *start = text + negative, *at = read_digits(start, false, &reading);
    if (at == start)
        return false;
    if (*at == '.') {
        start = at + 1;
        at = read_digits(start, true, &reading);
        if (at == start)
            return false;
    }
    if (*at == 'e' || *at == 'E')
        at = read_exponent(at, &reading);
    if (at == NULL || *at != '\0' || reading.digits > DIGITS_MAX || reading.scale > 2 * DECIMAL_SCALE_MAX || reading.scale < -DECIMAL_SCALE_MAX)
        return false;
    return make(negative ? -reading.coefficient : reading.coefficient, reading.scale, ret_decimal);
}

void
decimal_print(struct decimal decimal, char ret_text[DECIMAL_TEXT_SIZE])
{
    char digits[DECIMAL_TEXT_SIZE];
    uint64_t size = decimal.coefficient < 0 ? 0 - (uint64_t)decimal.coefficient : (uint64_t)decimal.coefficient;
    int length = snprintf(digits, sizeof digits, "%0*llu", decimal.scale + 1, (unsigned long long)size), whole = length - decimal.scale;
    snprintf(ret_text, DECIMAL_TEXT_SIZE, "%s%.*s%s%s", decimal.coefficient < 0 ? "-" : "", whole, digits, decimal.scale ? "." : "", digits + whole);
}

struct decimal
decimal_of_int(int64_t value)
{
    return (struct decimal){value, 0};
}

bool
decimal_of_real(double real, struct decimal *ret_decimal)
{
    char text[DECIMAL_TEXT_SIZE];
    if (!isfinite(real))
        return false;
    snprintf(text, sizeof text, "%.15g", real);
    return decimal_parse(text, ret_decimal);
}

/* Both over the same power of ten. */
static bool
align(struct decimal left, struct decimal right, wide *ret_left, wide *ret_right, int *ret_scale)
{
    wide power;
    *ret_scale = left.scale > right.scale ? left.scale : right.scale;
    if (!power_of_ten(*ret_scale - left.scale, &power) || __builtin_mul_overflow((wide)left.coefficient, power, ret_left))
        return false;
    return power_of_ten(*ret_scale - right.scale, &power) && !__builtin_mul_overflow((wide)right.coefficient, power, ret_right);
}

bool
decimal_add(struct decimal left, struct decimal right, struct decimal *ret_decimal)
{
    wide one, other, sum;
    int scale;
    return align(left, right, &one, &other, &scale) && !__builtin_add_overflow(one, other, &sum) && make(sum, scale, ret_decimal);
}

bool
decimal_multiply(struct decimal left, struct decimal right, struct decimal *ret_decimal)
{
    return make((wide)left.coefficient * right.coefficient, left.scale + right.scale, ret_decimal);
}

int
decimal_compare(struct decimal left, struct decimal right)
{
    wide one, other;
    int scale;
    if (align(left, right, &one, &other, &scale))
        return one < other ? -1 : one > other;
    /* What cannot be brought to the finer power is larger than all that is written in it. */
    if (left.scale < right.scale)
        return left.coefficient < 0 ? -1 : 1;
    return right.coefficient < 0 ? 1 : -1;
}
