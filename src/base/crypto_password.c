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
