/* crypto_totp.c: RFC 6238 codes and the base32 (RFC 4648) of their secrets. */
#include <string.h>

#include "lumbung/base/crypto.h"

#define STEP_MS 30000

void
totp_code(const uint8_t *secret, size_t length, int64_t step, char ret_code[7])
{
    uint8_t message[8];
    uint8_t digest[20];
    const uint8_t *at;
    uint32_t value;

    for (unsigned i = 0; i < 8; i++)
        message[i] = (uint8_t)((uint64_t)step >> (56 - 8 * i));
    crypto_hmac_sha1(secret, length, message, sizeof(message), digest);
    at = digest + (digest[19] & 15);
    value = ((uint32_t)(at[0] & 0x7f) << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3]) % 1000000;
    for (int i = 5; i >= 0; i--, value /= 10)
        ret_code[i] = (char)('0' + value % 10);
    ret_code[6] = '\0';
}

int64_t
totp_check(const uint8_t *secret, size_t length, const char *code, int64_t now_ms, int64_t last_step)
{
    int64_t now_step = now_ms / STEP_MS;
    int64_t found = -1;

    if (!text_is_digits(code, 6))
        return -1;
    /* All three are tried, so that the time taken does not tell which one matched. */
    for (int64_t step = now_step - 1; step <= now_step + 1; step++) {
        char expected[7];

        totp_code(secret, length, step, expected);
        if (crypto_equal(code, expected, 6) && step > last_step && step >= 0)
            found = step;
    }
    return found;
}

char *
base32_print(struct arena *arena, const uint8_t *bytes, size_t length)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    char *text = arena_alloc(arena, (length * 8 + 4) / 5 + 1);
    size_t count = 0;
    uint32_t bits = 0;
    unsigned bit_count = 0;

    for (size_t i = 0; i < length; i++) {
        bits = (bits << 8 | bytes[i]) & 0xffff;
        for (bit_count += 8; bit_count >= 5; bit_count -= 5)
            text[count++] = digits[bits >> (bit_count - 5) & 31];
    }
    if (bit_count > 0)
        text[count++] = digits[bits << (5 - bit_count) & 31];
    return text;
}

static int
base32_value(char digit)
{
    if (digit >= 'A' && digit <= 'Z')
        return digit - 'A';
    if (digit >= 'a' && digit <= 'z')
        return digit - 'a';
    return digit >= '2' && digit <= '7' ? digit - '2' + 26 : -1;
}

bool
base32_parse(struct arena *arena, const char *text, struct bytes *ret_bytes)
{
    uint8_t *bytes = arena_alloc(arena, text ? strlen(text) * 5 / 8 + 1 : 1);
    size_t length = 0;
    uint32_t bits = 0;
    unsigned bit_count = 0;
    bool ended = false;

    for (; text && *text; text++) {
        int value = base32_value(*text);

        if (*text == ' ')
            continue;
        ended = ended || *text == '=';
        if (ended && *text == '=')
            continue;
        if (ended || value < 0)
            return false;
        bits = (bits << 5 | (uint32_t)value) & 0xffff;
        bit_count += 5;
        if (bit_count >= 8) {
            bit_count -= 8;
            bytes[length++] = (uint8_t)(bits >> bit_count);
        }
    }
    /* Five or more bits over are a digit too many; bits that are set there belong to no byte. */
    if (length == 0 || bit_count >= 5 || (bits & ((1u << bit_count) - 1)) != 0)
        return false;
    *ret_bytes = (struct bytes){bytes, length};
    return true;
}
