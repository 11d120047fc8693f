/* user_throttle.h: tries of a password or code, counted in memory per key; each try is charged before it is looked at, so that parallel
 * guesses count too. Beyond the free ones a key must wait, twice as long each time. Thread-safe. */
#ifndef LUMBUNG_USER_THROTTLE_H
#define LUMBUNG_USER_THROTTLE_H

#include <stdbool.h>
#include <stdint.h>

/* Charges a try. 0: go on; otherwise the seconds to wait (the refused try makes the next wait longer, up to five minutes). `kind` and `text`
 * make the key; `now_ms` is monotonic. */
int64_t throttle_charge(const char *kind, const char *text, int free_tries, int64_t now_ms);
/* Forgets the key's tries: the owner has shown who he is. */
void throttle_clear(const char *kind, const char *text);
/* Takes one try back: it turned out right, but others share the key (an address). */
void throttle_refund(const char *kind, const char *text);

#endif
