/* crypto_password.c: Argon2id with the parameters that crypto.h names. */
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "lumbung/base/crypto.h"

#define PASSES 2
#define MEMORY_BYTES ((size_t)19 * 1024 * 1024)

char *
crypto_password_hash(struct arena *arena, const char *password)
{
    char *hash = arena_alloc(arena, crypto_pwhash_STRBYTES);

    /* Fails only when the memory cannot be had. */
    if (crypto_pwhash_str_alg(hash, password, strlen(password), PASSES, MEMORY_BYTES, crypto_pwhash_ALG_ARGON2ID13) != 0)
        abort();
    return hash;
}

bool
crypto_password_check(const char *hash, const char *password)
{
    if (!hash || !password || strnlen(hash, crypto_pwhash_STRBYTES) >= crypto_pwhash_STRBYTES)
        return false;
    return crypto_pwhash_str_verify(hash, password, strlen(password)) == 0;
}

_Static_assert(PASSPHRASE_SALT_SIZE == crypto_pwhash_SALTBYTES, "the library's");

bool
crypto_passphrase_key(const char *passphrase, const uint8_t salt[PASSPHRASE_SALT_SIZE], int64_t passes, int64_t memory_bytes,
                      uint8_t ret_key[CRYPTO_KEY_SIZE])
{
    if (passes < 1 || memory_bytes < (int64_t)crypto_pwhash_MEMLIMIT_MIN)
        return false;
    return crypto_pwhash(ret_key, CRYPTO_KEY_SIZE, passphrase, strlen(passphrase), salt, (unsigned long long)passes, (size_t)memory_bytes,
                         crypto_pwhash_ALG_ARGON2ID13) == 0;
}
