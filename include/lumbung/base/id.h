/* id.h: UUIDs; those made here are version 7, so that they grow with time and indexes stay local. */
#ifndef LUMBUNG_BASE_ID_H
#define LUMBUNG_BASE_ID_H

#include <stdbool.h>
#include <stdint.h>

#define ID_TEXT_SIZE 37

struct id {
    uint8_t bytes[16];
};

/* A new UUIDv7 for the instant `now_ms`, monotonic within the process (RFC 9562, 6.2). */
struct id id_make(int64_t now_ms);
/* Accepts 36 characters, lower or upper case; false otherwise. */
bool id_parse(const char *text, struct id *ret_id);
void id_print(struct id id, char ret_text[ID_TEXT_SIZE]);
bool id_is_zero(struct id id);
bool id_equal(struct id left, struct id right);
int id_compare(struct id left, struct id right);

#endif
