/* text_encode.c: hexadecimal and base64 (RFC 4648), strict: one value has one text. */
#include <string.h>

#include "lumbung/base/text.h"

void
hex_print(const uint8_t *bytes, size_t length, char *ret_text)
{
    static const char digits[] = "0123456789abcdef";

    for (size_t i = 0; i < length; i++) {
        ret_text[2 * i] = digits[bytes[i] >> 4];
        ret_text[2 * i + 1] = digits[bytes[i] & 15];
    }
    ret_text[2 * length] = '\0';
}

static int
hex_value(char digit)
{
    if (digit >= '0' && digit <= '9')
        return digit - '0';
    if (digit >= 'a' && digit <= 'f')
        return digit - 'a' + 10;
    return digit >= 'A' && digit <= 'F' ? digit - 'A' + 10 : -1;
}

bool
hex_parse(const char *text, uint8_t *ret_bytes, size_t length)
{
    if (!text || strnlen(text, 2 * length + 1) != 2 * length)
        return false;
    for (size_t i = 0; i < 2 * length; i++)
        if (hex_value(text[i]) < 0)
            return false;
    for (size_t i = 0; i < length; i++)
        ret_bytes[i] = (uint8_t)(hex_value(text[2 * i]) << 4 | hex_value(text[2 * i + 1]));
    return true;
}

static const char base64_plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
static const char base64_url[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

char *
base64_print(struct arena *arena, const uint8_t *bytes, size_t length, bool url)
{
    const char *digits = url ? base64_url : base64_plain;
    char *text = arena_alloc(arena, (length + 2) / 3 * 4 + 1);
    char *at = text;

    for (size_t i = 0; i < length; i += 3) {
        size_t left = length - i;
        uint32_t group = (uint32_t)bytes[i] << 16;

        group |= left > 1 ? (uint32_t)bytes[i + 1] << 8 : 0;
        group |= left > 2 ? bytes[i + 2] : 0;
        *at++ = digits[group >> 18];
        *at++ = digits[group >> 12 & 63];
        if (left > 1 || !url)
            *at++ = left > 1 ? digits[group >> 6 & 63] : '=';
        if (left > 2 || !url)
            *at++ = left > 2 ? digits[group & 63] : '=';
    }
    return text;
}

/* Digits before the padding, or false when the padding does not fit. */
static bool
base64_measure(const char *text, bool url, size_t *ret_digits)
{
    size_t length = strlen(text);
    size_t digits = length;

    while (!url && digits > 0 && text[digits - 1] == '=')
        digits--;
    if (digits % 4 == 1 || length - digits > 2 || (!url && length % 4 != 0))
        return false;
    *ret_digits = digits;
    return true;
}

static int
base64_value(char digit, bool url)
{
    if (digit >= 'A' && digit <= 'Z')
        return digit - 'A';
    if (digit >= 'a' && digit <= 'z')
        return digit - 'a' + 26;
    if (digit >= '0' && digit <= '9')
        return digit - '0' + 52;
    if (digit == (url ? '-' : '+'))
        return 62;
    return digit == (url ? '_' : '/') ? 63 : -1;
}

bool
base64_parse(struct arena *arena, const char *text, bool url, struct bytes *ret_bytes)
{
    size_t digits;
    size_t length = 0;
    uint32_t bits = 0;
    unsigned bit_count = 0;
    uint8_t *bytes;

    if (!text || !base64_measure(text, url, &digits))
        return false;
    bytes = arena_alloc(arena, digits / 4 * 3 + 3);
    for (size_t i = 0; i < digits; i++) {
        int value = base64_value(text[i], url);

        if (value < 0)
            return false;
        bits = (bits << 6 | (uint32_t)value) & 0xfff;
        bit_count += 6;
        if (bit_count >= 8) {
            bit_count -= 8;
            bytes[length++] = (uint8_t)(bits >> bit_count);
        }
    }
    if ((bits & ((1u << bit_count) - 1)) != 0)
        return false;
    *ret_bytes = (struct bytes){bytes, length};
    return true;
}
