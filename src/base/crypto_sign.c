/* crypto_sign.c: Ed25519. */
#include <sodium.h>

#include "lumbung/base/crypto.h"

void
crypto_sign_keys(uint8_t ret_public[SIGN_PUBLIC_SIZE], uint8_t ret_secret[SIGN_SECRET_SIZE])
{
    (void)crypto_sign_keypair(ret_public, ret_secret);
}

void
crypto_sign_make(const uint8_t secret[SIGN_SECRET_SIZE], const void *bytes, size_t length, uint8_t ret_signature[SIGN_SIZE])
{
    (void)crypto_sign_detached(ret_signature, NULL, bytes, length, secret);
}

bool
crypto_sign_check(const uint8_t public_key[SIGN_PUBLIC_SIZE], const void *bytes, size_t length, const uint8_t signature[SIGN_SIZE])
{
    return crypto_sign_verify_detached(signature, bytes, length, public_key) == 0;
}
