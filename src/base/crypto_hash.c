/* crypto_hash.c: SHA-256, keyed BLAKE2b, subkeys. */
#include <assert.h>
#include <sodium.h>
#include <string.h>

#include "lumbung/base/crypto.h"

_Static_assert(sizeof(crypto_hash_sha256_state) <= sizeof(struct sha256), "the state fits");

static crypto_hash_sha256_state *
inner(struct sha256 *state)
{
    return (crypto_hash_sha256_state *)(void *)state->opaque;
}

void
sha256_start(struct sha256 *state)
{
    (void)crypto_hash_sha256_init(inner(state));
}

void
sha256_update(struct sha256 *state, const void *bytes, size_t length)
{
    (void)crypto_hash_sha256_update(inner(state), bytes, length);
}

void
sha256_finish(struct sha256 *state, uint8_t ret_digest[SHA256_SIZE])
{
    (void)crypto_hash_sha256_final(inner(state), ret_digest);
}

void
sha256_of(const void *bytes, size_t length, uint8_t ret_digest[SHA256_SIZE])
{
    (void)crypto_hash_sha256(ret_digest, bytes, length);
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
