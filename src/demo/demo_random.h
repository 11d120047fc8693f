/* demo_random.h: a small deterministic generator (splitmix64): the same seed makes the same registry. Not for secrets. */
#ifndef LUMBUNG_DEMO_RANDOM_H
#define LUMBUNG_DEMO_RANDOM_H

#include <stdbool.h>
#include <stdint.h>

struct demo_random { uint64_t state; };

static inline uint64_t
demo_next(struct demo_random *random)
{
    uint64_t z = (random->state += UINT64_C(0x9e3779b97f4a7c15));
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

/* 0 .. below-1 */
static inline int
demo_below(struct demo_random *random, int below)
{
    return (int)(demo_next(random) % (uint64_t)below);
}

static inline bool
demo_chance(struct demo_random *random, int percent)
{
    return demo_below(random, 100) < percent;
}

#endif
