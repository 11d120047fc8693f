/* user_throttle.c: a fixed table of buckets; the oldest of a few neighbours gives way, so that no flood of names grows it. */
#include "user/user_throttle.h"

#include <pthread.h>
#include <string.h>

#include "lumbung/base/crypto.h"

#define BUCKETS 8192
#define NEIGHBOURS 8
#define WAIT_SECONDS_MAX 300
#define FORGET_MS (15 * 60 * 1000)
#define TAG_SIZE 16

struct bucket {
    uint8_t tag[TAG_SIZE];
    int tries;
    int64_t blocked_until_ms, last_ms;
};

static pthread_mutex_t throttle_mutex = PTHREAD_MUTEX_INITIALIZER;
static struct bucket throttle_buckets[BUCKETS];

static void
make_tag(const char *kind, const char *text, uint8_t ret_tag[TAG_SIZE])
{
    uint8_t key[CRYPTO_KEY_SIZE];
    crypto_keyed_hash(NULL, kind, strlen(kind), key, sizeof key);
    crypto_keyed_hash(key, text, strlen(text), ret_tag, TAG_SIZE);
}

/* The key's bucket, or the one that gives way to it when `make`; NULL otherwise. */
static struct bucket *
find(const char *kind, const char *text, bool make)
{
    uint8_t tag[TAG_SIZE];
    uint32_t start;
    make_tag(kind, text, tag);
    memcpy(&start, tag, sizeof start);
    struct bucket *oldest = NULL;
    for (uint32_t i = 0; i < NEIGHBOURS; i++) {
        struct bucket *bucket = &throttle_buckets[(start + i) % BUCKETS];
        if (bucket->tries > 0 && memcmp(bucket->tag, tag, TAG_SIZE) == 0)
            return bucket;
        if (!oldest || bucket->tries == 0 || (oldest->tries > 0 && bucket->last_ms < oldest->last_ms))
            oldest = bucket;
    }
    if (!make)
        return NULL;
    memset(oldest, 0, sizeof *oldest);
    memcpy(oldest->tag, tag, TAG_SIZE);
    return oldest;
}

static int64_t
wait_seconds(int beyond)
{
    return beyond >= 9 ? WAIT_SECONDS_MAX : (INT64_C(1) << beyond);
}

int64_t
throttle_charge(const char *kind, const char *text, int free_tries, int64_t now_ms)
{
    pthread_mutex_lock(&throttle_mutex);
    struct bucket *bucket = find(kind, text, true);
    if (bucket->tries > 0 && now_ms - bucket->last_ms > FORGET_MS && now_ms >= bucket->blocked_until_ms)
        bucket->tries = 0;
    bool blocked = bucket->tries > 0 && now_ms < bucket->blocked_until_ms;
    bucket->tries++;
    bucket->last_ms = now_ms;
    int64_t wait = 0;
    if (bucket->tries >= free_tries) {
        wait = wait_seconds(bucket->tries - free_tries);
        bucket->blocked_until_ms = now_ms + wait * 1000;
    }
    pthread_mutex_unlock(&throttle_mutex);
    return blocked ? wait : 0;
}

void
throttle_clear(const char *kind, const char *text)
{
    pthread_mutex_lock(&throttle_mutex);
    struct bucket *bucket = find(kind, text, false);
    if (bucket)
        memset(bucket, 0, sizeof *bucket);
    pthread_mutex_unlock(&throttle_mutex);
}

void
throttle_refund(const char *kind, const char *text)
{
    pthread_mutex_lock(&throttle_mutex);
    struct bucket *bucket = find(kind, text, false);
    if (bucket) {
        bucket->tries--;
        bucket->blocked_until_ms = 0;
    }
    pthread_mutex_unlock(&throttle_mutex);
}
