/* id.c: UUIDs; version 7 with a 12-bit counter behind the milliseconds (RFC 9562, 6.2, method 1). */
#include <pthread.h>
#include <string.h>

#include "lumbung/base/crypto.h"
#include "lumbung/base/id.h"

#define COUNTER_MAX 0xfffu
#define RANDOM_SIZE 8u

static pthread_mutex_t make_lock = PTHREAD_MUTEX_INITIALIZER;
static uint64_t last_ms;      /* under make_lock */
static unsigned last_counter; /* under make_lock */
static uint8_t pool[64 * RANDOM_SIZE]; /* under make_lock: one system call fills 64 ids */
static size_t pool_used = sizeof(pool);

static void
take_random(uint8_t ret_bytes[RANDOM_SIZE])
{
    if (pool_used == sizeof(pool)) {
        crypto_random(pool, sizeof(pool));
        pool_used = 0;
    }
    memcpy(ret_bytes, pool + pool_used, RANDOM_SIZE);
    pool_used += RANDOM_SIZE;
}

struct id
id_make(int64_t now_ms)
{
    struct id id;
    uint64_t ms = now_ms > 0 ? (uint64_t)now_ms & UINT64_C(0xffffffffffff) : 0;

    pthread_mutex_lock(&make_lock);
    take_random(id.bytes + 8);
    if (ms > last_ms) {
        last_ms = ms;
        /* The upper bit starts clear, so that a busy millisecond has room to count. */
        last_counter = (unsigned)(id.bytes[8] ^ (unsigned)id.bytes[15] << 3) & 0x7ffu;
    } else if (++last_counter > COUNTER_MAX) {
        last_ms++;
        last_counter = 0;
    }
    for (int i = 0; i < 6; i++)
        id.bytes[i] = (uint8_t)(last_ms >> (40 - 8 * i));
    id.bytes[6] = (uint8_t)(0x70u | last_counter >> 8);
    id.bytes[7] = (uint8_t)last_counter;
    pthread_mutex_unlock(&make_lock);
    id.bytes[8] = (uint8_t)((id.bytes[8] & 0x3fu) | 0x80u);
    return id;
}

static int
hex_value(char digit)
{
    if (digit >= '0' && digit <= '9')
        return digit - '0';
    if (digit >= 'a' && digit <= 'f')
        return digit - 'a' + 10;
    return digit >= 'A' && digit <= 'F' ? digit - 'A' + 10 : -1;
}

static bool
is_hyphen_place(size_t at)
{
    return at == 8 || at == 13 || at == 18 || at == 23;
}

bool
id_parse(const char *text, struct id *ret_id)
{
    struct id id;
    size_t count = 0;

    if (!text || strnlen(text, ID_TEXT_SIZE) != ID_TEXT_SIZE - 1)
        return false;
    for (size_t at = 0; at < ID_TEXT_SIZE - 1; at++) {
        int high;
        int low;

        if (is_hyphen_place(at)) {
            if (text[at] != '-')
                return false;
            continue;
        }
        high = hex_value(text[at]);
        low = hex_value(text[++at]);
        if (high < 0 || low < 0)
            return false;
        id.bytes[count++] = (uint8_t)(high << 4 | low);
    }
    *ret_id = id;
    return true;
}

void
id_print(struct id id, char ret_text[ID_TEXT_SIZE])
{
    static const char digits[] = "0123456789abcdef";
    size_t at = 0;

    for (size_t i = 0; i < sizeof(id.bytes); i++) {
        if (is_hyphen_place(at))
            ret_text[at++] = '-';
        ret_text[at++] = digits[id.bytes[i] >> 4];
        ret_text[at++] = digits[id.bytes[i] & 15];
    }
    ret_text[at] = '\0';
}

bool
id_is_zero(struct id id)
{
    static const struct id zero;

    return id_equal(id, zero);
}

bool
id_equal(struct id left, struct id right)
{
    return id_compare(left, right) == 0;
}

int
id_compare(struct id left, struct id right)
{
    return memcmp(left.bytes, right.bytes, sizeof(left.bytes));
}
