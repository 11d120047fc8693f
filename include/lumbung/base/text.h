/* text.h: strings: comparison, UTF-8, what may be stored, and the folding of names. */
#ifndef LUMBUNG_BASE_TEXT_H
#define LUMBUNG_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lumbung/base/arena.h"

struct bytes {
    const uint8_t *data;
    size_t length;
};

bool text_equal(const char *left, const char *right); /* NULL equals NULL only */
bool text_begins(const char *text, const char *prefix);
bool text_is_blank(const char *text); /* NULL, empty or white space only */
/* True for exactly `count` ASCII digits. */
bool text_is_digits(const char *text, size_t count);
bool text_parse_int(const char *text, int64_t *ret_value); /* the whole text, decimal, int64 */
bool text_utf8_valid(const char *text, size_t length);
size_t text_characters(const char *text); /* code points */
/* False when it holds controls (line feed and tab allowed when `lines`), bidi controls, zero-width or tag characters. */
bool text_is_clean(const char *text, bool lines);
/* NFC, outer blanks cut, inner runs of blanks made one. */
char *text_normalize(struct arena *arena, const char *text);
bool text_is_ascii(const char *text);
/* For matching names: case, marks and old spellings folded (oe u, dj j, tj c, sj sy; Moch Muh M. muhammad; Abd. abdul; bin, binti
 * and titles cut). Words are separated by one blank. */
char *text_fold_name(struct arena *arena, const char *name);
/* For searching anything else: lower case without marks. */
char *text_fold(struct arena *arena, const char *text);
/* A well-formed language tag (BCP 47, RFC 5646 2.1) in its usual case: "id", "ms-Arab", "en-GB"; false when it is none. */
bool text_language_tag(struct arena *arena, const char *text, const char **ret_tag);

void hex_print(const uint8_t *bytes, size_t length, char *ret_text); /* 2*length+1 characters */
bool hex_parse(const char *text, uint8_t *ret_bytes, size_t length);  /* exactly 2*length digits */
char *base64_print(struct arena *arena, const uint8_t *bytes, size_t length, bool url); /* url: no padding */
bool base64_parse(struct arena *arena, const char *text, bool url, struct bytes *ret_bytes);

#endif
