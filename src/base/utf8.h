/* utf8.h: one strict step through UTF-8, shared by the files of this floor. */
#ifndef LUMBUNG_BASE_UTF8_H
#define LUMBUNG_BASE_UTF8_H

#include <stddef.h>
#include <stdint.h>

/* The length of the valid sequence at `text` (1..4) and its code point (ret may be NULL); 0 when there is none: truncated, overlong,
 * a surrogate or above U+10FFFF (Unicode 15, table 3-7). */
size_t utf8_step(const char *text, size_t length, uint32_t *ret_point);

#endif
