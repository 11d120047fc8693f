/* buffer.h: growing bytes in an arena, and the printers for JSON replies (own printers: a reply must not cost more than its query). */
#ifndef LUMBUNG_BASE_BUFFER_H
#define LUMBUNG_BASE_BUFFER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lumbung/base/arena.h"
#include "lumbung/base/id.h"

struct buffer {
    struct arena *arena; /* where it grows */
    char *data;          /* not NUL-terminated; use buffer_text for that */
    size_t length;
    size_t capacity;
    bool comma; /* JSON: the next key or value needs a comma before it */
};

void buffer_init(struct buffer *buffer, struct arena *arena);
void buffer_bytes(struct buffer *buffer, const void *bytes, size_t length);
void buffer_add(struct buffer *buffer, const char *text);
void buffer_char(struct buffer *buffer, char character);
/* `text` with {0} {1} ... replaced by the arguments; NULL prints nothing. */
void buffer_fill(struct buffer *buffer, const char *text, const char *const *arguments, size_t count);
void buffer_int(struct buffer *buffer, int64_t value);
void buffer_format(struct buffer *buffer, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Room for `more` bytes behind the content: the caller writes there and adds to `length` what it wrote. */
char *buffer_room(struct buffer *buffer, size_t more);
/* The content as a NUL-terminated string, valid until the next append. */
const char *buffer_text(struct buffer *buffer);

/* JSON. Commas are put by the printer: json_open '{' or '[', then key/value calls, then json_close. `key` is NULL inside an array. */
void json_open(struct buffer *buffer, const char *key, char bracket);
void json_close(struct buffer *buffer, char bracket);
void json_put_text(struct buffer *buffer, const char *key, const char *value); /* NULL prints null */
void json_put_int(struct buffer *buffer, const char *key, int64_t value);
void json_put_bool(struct buffer *buffer, const char *key, bool value);
void json_put_null(struct buffer *buffer, const char *key);
void json_put_id(struct buffer *buffer, const char *key, struct id id); /* the zero id prints null */
void json_put_date(struct buffer *buffer, const char *key, int32_t date);
void json_put_instant(struct buffer *buffer, const char *key, int64_t at_ms);
void json_put_raw(struct buffer *buffer, const char *key, const char *json); /* already JSON; NULL prints null */
void json_put_hex(struct buffer *buffer, const char *key, const uint8_t *bytes, size_t length);

/* A JSON string literal with its quotes. */
void json_quote(struct buffer *buffer, const char *text, size_t length);

#endif
