/* crypto_random.c: start, random bytes, wiping and comparison. */
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "lumbung/base/crypto.h"

void
crypto_start(void)
{
    if (sodium_init() < 0)
        abort();
}

#define POOL_SIZE 1024u

/* One system call fills many nonces. What was handed out is wiped at once, and the process never forks. */
static _Thread_local struct {
    uint8_t bytes[POOL_SIZE];
    size_t left;
} pool;

void
crypto_random(void *bytes, size_t length)
{
    if (length > POOL_SIZE / 8) {
        randombytes_buf(bytes, length);
        return;
    }
    if (pool.left < length) {
        randombytes_buf(pool.bytes, POOL_SIZE);
        pool.left = POOL_SIZE;
    }
    pool.left -= length;
    memcpy(bytes, pool.bytes + pool.left, length);
    sodium_memzero(pool.bytes + pool.left, length);
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
