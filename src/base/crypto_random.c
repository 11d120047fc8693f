/* crypto_random.c: start, random bytes, wiping and comparison. */
#include <sodium.h>
#include <stdlib.h>

#include "lumbung/base/crypto.h"

void
crypto_start(void)
{
    if (sodium_init() < 0)
        abort();
}

void
crypto_random(void *bytes, size_t length)
{
    randombytes_buf(bytes, length);
}

void
crypto_wipe(void *bytes, size_t length)
{
    sodium_memzero(bytes, length);
}

bool
crypto_equal(const void *left, const void *right, size_t length)
{
    return sodium_memcmp(left, right, length) == 0;
}
