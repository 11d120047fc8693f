/* crypto_sha1.c: SHA-1 (FIPS 180-4) and HMAC (RFC 2104), which authenticator apps still speak; nothing else here uses them. */
#include <string.h>

#include "lumbung/base/crypto.h"

#define BLOCK_SIZE 64u
#define DIGEST_SIZE 20u

struct sha1 {
    uint32_t words[5];
    uint8_t block[BLOCK_SIZE];
    size_t filled;
    uint64_t length; /* bytes so far */
};

static uint32_t
rotate(uint32_t word, unsigned by)
{
    return word << by | word >> (32 - by);
}

/* The round's function and constant. */
static uint32_t
round_sum(int round, uint32_t b, uint32_t c, uint32_t d)
{
    if (round < 20)
        return ((b & c) | (~b & d)) + 0x5a827999u;
    if (round < 40)
        return (b ^ c ^ d) + 0x6ed9eba1u;
    if (round < 60)
        return ((b & c) | (b & d) | (c & d)) + 0x8f1bbcdcu;
    return (b ^ c ^ d) + 0xca62c1d6u;
}

static void
sha1_block(struct sha1 *state)
{
    uint32_t schedule[80];
    uint32_t v[5];

    for (size_t i = 0; i < 16; i++) {
        const uint8_t *at = state->block + 4 * i;

        schedule[i] = (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
    }
    for (size_t i = 16; i < 80; i++)
        schedule[i] = rotate(schedule[i - 3] ^ schedule[i - 8] ^ schedule[i - 14] ^ schedule[i - 16], 1);
    memcpy(v, state->words, sizeof(v));
    for (int round = 0; round < 80; round++) {
        uint32_t next = rotate(v[0], 5) + round_sum(round, v[1], v[2], v[3]) + v[4] + schedule[round];

        v[4] = v[3];
        v[3] = v[2];
        v[2] = rotate(v[1], 30);
        v[1] = v[0];
        v[0] = next;
    }
    for (size_t i = 0; i < 5; i++)
        state->words[i] += v[i];
    state->filled = 0;
}

static void
sha1_start(struct sha1 *state)
{
    *state = (struct sha1){.words = {0x67452301u, 0xefcdab89u, 0x98badcfeu, 0x10325476u, 0xc3d2e1f0u}};
}

static void
sha1_update(struct sha1 *state, const uint8_t *bytes, size_t length)
{
    state->length += length;
    for (size_t i = 0; i < length; i++) {
        state->block[state->filled++] = bytes[i];
        if (state->filled == BLOCK_SIZE)
            sha1_block(state);
    }
}

static void
sha1_finish(struct sha1 *state, uint8_t ret_digest[DIGEST_SIZE])
{
    static const uint8_t padding[BLOCK_SIZE] = {0x80};
    uint64_t bits = state->length * 8;
    uint8_t tail[8];

    for (unsigned i = 0; i < 8; i++)
        tail[i] = (uint8_t)(bits >> (56 - 8 * i));
    sha1_update(state, padding, state->filled < 56 ? 56 - state->filled : 120 - state->filled);
    sha1_update(state, tail, sizeof(tail));
    for (size_t i = 0; i < DIGEST_SIZE; i++)
        ret_digest[i] = (uint8_t)(state->words[i / 4] >> (24 - 8 * (i % 4)));
}

void
crypto_hmac_sha1(const uint8_t *key, size_t key_length, const void *bytes, size_t length, uint8_t ret_digest[20])
{
    uint8_t inner[BLOCK_SIZE] = {0};
    uint8_t outer[BLOCK_SIZE];
    struct sha1 state;

    if (key_length > BLOCK_SIZE) {
        sha1_start(&state);
        sha1_update(&state, key, key_length);
        sha1_finish(&state, inner);
    } else if (key_length > 0) {
        memcpy(inner, key, key_length);
    }
    for (size_t i = 0; i < BLOCK_SIZE; i++) {
        outer[i] = inner[i] ^ 0x5c;
        inner[i] ^= 0x36;
    }
    sha1_start(&state);
    sha1_update(&state, inner, sizeof(inner));
    sha1_update(&state, bytes, length);
    sha1_finish(&state, ret_digest);
    sha1_start(&state);
    sha1_update(&state, outer, sizeof(outer));
    sha1_update(&state, ret_digest, DIGEST_SIZE);
    sha1_finish(&state, ret_digest);
    crypto_wipe(inner, sizeof(inner));
    crypto_wipe(outer, sizeof(outer));
    crypto_wipe(&state, sizeof(state));
}
