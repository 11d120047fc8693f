/* text.c: strings without Unicode tables: comparison, digits, numbers, UTF-8 validity. */
#include <string.h>

#include "base/utf8.h"
#include "lumbung/base/text.h"

bool
text_equal(const char *left, const char *right)
{
    if (!left || !right)
        return left == right;
    return strcmp(left, right) == 0;
}

bool
text_begins(const char *text, const char *prefix)
{
    return text && strncmp(text, prefix, strlen(prefix)) == 0;
}

bool
text_is_blank(const char *text)
{
    return !text || text[strspn(text, " \t\r\n\v\f")] == '\0';
}

bool
text_is_digits(const char *text, size_t count)
{
    return text && strspn(text, "0123456789") == count && text[count] == '\0';
}

bool
text_parse_int(const char *text, int64_t *ret_value)
{
    bool negative = text && text[0] == '-';
    int64_t value = 0;

    if (!text)
        return false;
    text += negative;
    if (*text == '\0')
        return false;
    for (; *text; text++) {
        int digit = *text - '0';

        if (digit < 0 || digit > 9 || __builtin_mul_overflow(value, 10, &value))
            return false;
        /* Counted towards its sign, so that INT64_MIN is reached without passing the other end. */
        if (__builtin_add_overflow(value, negative ? -digit : digit, &value))
            return false;
    }
    *ret_value = value;
    return true;
}

bool
text_utf8_valid(const char *text, size_t length)
{
    size_t at = 0;

    while (at < length) {
        size_t step = (unsigned char)text[at] < 0x80 ? 1 : utf8_step(text + at, length - at, NULL);

        if (step == 0)
            return false;
        at += step;
    }
    return true;
}

size_t
text_characters(const char *text)
{
    size_t count = 0;

    for (; *text; text++)
        count += ((unsigned char)*text & 0xc0) != 0x80;
    return count;
}
