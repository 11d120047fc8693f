/* money.c: checked arithmetic, splitting, and the texts of amounts. */
#include <assert.h>
#include <string.h>

#include "lumbung/base/money.h"

#define IDR "IDR"
#define MINUS "\xe2\x88\x92" /* U+2212, as typeset */

bool
money_add(int64_t left, int64_t right, int64_t *ret_sum)
{
    int64_t sum;

    if (__builtin_add_overflow(left, right, &sum))
        return false;
    *ret_sum = sum;
    return true;
}

bool
money_subtract(int64_t left, int64_t right, int64_t *ret_difference)
{
    int64_t difference;

    if (__builtin_sub_overflow(left, right, &difference))
        return false;
    *ret_difference = difference;
    return true;
}

bool
money_multiply(int64_t amount, int64_t factor, int64_t *ret_product)
{
    int64_t product;

    if (__builtin_mul_overflow(amount, factor, &product))
        return false;
    *ret_product = product;
    return true;
}

int64_t
money_split(int64_t amount, int64_t step, int parts, int index)
{
    int64_t part;

    assert(step > 0 && parts > 0 && index >= 0 && index < parts);
    part = amount / parts;
    part -= part % step;
    return index < parts - 1 ? part : amount - part * (parts - 1);
}

/* Minor units in one whole unit. */
static uint64_t
unit_of(int exponent)
{
    uint64_t unit = 1;

    while (exponent-- > 0)
        unit *= 10;
    return unit;
}

static uint64_t
magnitude(int64_t amount)
{
    return amount < 0 ? UINT64_C(0) - (uint64_t)amount : (uint64_t)amount;
}

/* The digits of `value` at the end of `ret_digits`, zero-padded to `width`; returns where they begin. */
static const char *
write_digits(uint64_t value, int width, char ret_digits[21])
{
    char *at = ret_digits + 20;

    *at = '\0';
    for (; value || width > 0; value /= 10, width--)
        *--at = (char)('0' + value % 10);
    return at;
}

static void
print_grouped(struct buffer *buffer, uint64_t value, char separator)
{
    char room[21];
    const char *digits = write_digits(value, 1, room);

    for (size_t left = strlen(digits); left > 0; left--) {
        buffer_char(buffer, *digits++);
        if (left > 1 && left % 3 == 1)
            buffer_char(buffer, separator);
    }
}

static void
print_fraction(struct buffer *buffer, uint64_t fraction, int exponent, char point)
{
    char room[21];

    if (exponent == 0)
        return;
    buffer_char(buffer, point);
    buffer_add(buffer, write_digits(fraction, exponent, room));
}

void
money_print(struct buffer *buffer, int64_t amount_minor, const char *currency, enum language language)
{
    const struct currency *found = currency_find(currency);
    int exponent = found ? found->exponent : 0;
    uint64_t unit = unit_of(exponent);
    uint64_t value = magnitude(amount_minor);
    bool rupiah = strcmp(currency, IDR) == 0;

    if (amount_minor < 0)
        buffer_add(buffer, MINUS);
    buffer_add(buffer, rupiah ? "Rp" : currency);
    if (!rupiah)
        buffer_char(buffer, ' ');
    print_grouped(buffer, value / unit, language == LANGUAGE_ID ? '.' : ',');
    /* A currency that is paid in whole units shows its fraction only when there is one. */
    if (value % unit != 0 || (found && (uint64_t)found->step < unit))
        print_fraction(buffer, value % unit, exponent, language == LANGUAGE_ID ? ',' : '.');
}

const char *
money_text(struct arena *arena, int64_t amount_minor, const char *currency, enum language language)
{
    struct buffer text;

    buffer_init(&text, arena);
    money_print(&text, amount_minor, currency, language);
    return buffer_text(&text);
}

void
money_print_decimal(struct buffer *buffer, int64_t amount_minor, const struct currency *currency, bool fraction)
{
    uint64_t unit = unit_of(currency->exponent);
    uint64_t value = magnitude(amount_minor);
    char room[21];

    if (amount_minor < 0)
        buffer_char(buffer, '-');
    buffer_add(buffer, write_digits(value / unit, 1, room));
    /* A fraction that is there is never dropped. */
    if (fraction || value % unit != 0)
        print_fraction(buffer, value % unit, currency->exponent, '.');
}

/* Appends one digit to *value. */
static bool
push_digit(int64_t *value, char digit)
{
    return money_multiply(*value, 10, value) && money_add(*value, digit - '0', value);
}

bool
money_parse_decimal(const char *text, const struct currency *currency, int64_t *ret_minor)
{
    int64_t value = 0;
    int decimals = 0;
    bool point = false;

    if (!text || text[0] < '0' || text[0] > '9')
        return false;
    for (; *text; text++) {
        if (*text == '.' && !point && text[1]) {
            point = true;
            continue;
        }
        if (*text < '0' || *text > '9' || (point && ++decimals > currency->exponent) || !push_digit(&value, *text))
            return false;
    }
    for (; decimals < currency->exponent; decimals++)
        if (!push_digit(&value, '0'))
            return false;
    *ret_minor = value;
    return true;
}
