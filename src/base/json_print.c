/* json_print.c: our own JSON printers: a reply costs little more than copying its bytes. */
#include <string.h>

#include "base/utf8.h"
#include "lumbung/base/buffer.h"
#include "lumbung/base/text.h"
#include "lumbung/base/time.h"

/* 0: as it is; 'u': as \u00XX; otherwise the letter behind the backslash. */
static char
json_escape_of(unsigned char character)
{
    switch (character) {
    case '"':
        return '"';
    case '\\':
        return '\\';
    case '\n':
        return 'n';
    case '\r':
        return 'r';
    case '\t':
        return 't';
    case '\b':
        return 'b';
    case '\f':
        return 'f';
    default:
        return character < 0x20 || character == 0x7f ? 'u' : '\0';
    }
}

static void
json_quote_byte(struct buffer *buffer, unsigned char character, char escape)
{
    static const char digits[] = "0123456789abcdef";
    char letters[6] = {'\\', escape, '0', '0', digits[character >> 4], digits[character & 15]};
    buffer_bytes(buffer, letters, escape == 'u' ? 6 : 2);
}

/* How many bytes from `text` on stand in a literal as they are: plain ASCII. */
static size_t
plain_run(const char *text, size_t length)
{
    size_t at = 0;
    while (at < length && text[at] >= ' ' && text[at] < 0x7f && text[at] != '"' && text[at] != '\\')
        at++;
    return at;
}

void
json_quote(struct buffer *buffer, const char *text, size_t length)
{
    size_t start = 0, at = plain_run(text, length);
    buffer_char(buffer, '"');
    while (at < length) {
        unsigned char character = (unsigned char)text[at];
        size_t step = character < 0x80 ? 1 : utf8_step(text + at, length - at, NULL);
        char escape = json_escape_of(character);
        if (step > 0 && escape == '\0') {
            at += step;
            continue;
        }
        buffer_bytes(buffer, text + start, at - start);
        /* Bytes that are no UTF-8 cannot come from our stores; the reply or log line stays valid all the same. */
        if (step == 0)
            buffer_bytes(buffer, "\xef\xbf\xbd", 3);
        else
            json_quote_byte(buffer, character, escape);
        start = ++at;
    }
    buffer_bytes(buffer, text + start, length - start);
    buffer_char(buffer, '"');
}

#define KEY_MAX 60 /* as nearly all are: put at once */

static void
json_key(struct buffer *buffer, const char *key)
{
    char start[KEY_MAX + 4] = ",\"";
    size_t length = key ? strlen(key) : 0;
    const char *from = buffer->comma ? start : start + 1;
    bool is_first = !buffer->comma;
    buffer->comma = true;
    if (key && length <= KEY_MAX && plain_run(key, length) == length) {
        memcpy(start + 2, key, length);
        memcpy(start + 2 + length, "\":", 2);
        buffer_bytes(buffer, from, length + (is_first ? 3 : 4));
        return;
    }
    if (!is_first)
        buffer_char(buffer, ',');
    if (key == NULL)
        return;
    json_quote(buffer, key, length);
    buffer_char(buffer, ':');
}

void
json_open(struct buffer *buffer, const char *key, char bracket)
{
    json_key(buffer, key);
    buffer_char(buffer, bracket);
    buffer->comma = false;
}

void
json_close(struct buffer *buffer, char bracket)
{
    buffer_char(buffer, bracket);
    buffer->comma = true;
}

void
json_put_raw(struct buffer *buffer, const char *key, const char *json)
{
    json_key(buffer, key);
    buffer_add(buffer, json ? json : "null");
}

void
json_put_null(struct buffer *buffer, const char *key)
{
    json_put_raw(buffer, key, NULL);
}

void
json_put_text(struct buffer *buffer, const char *key, const char *value)
{
    if (value == NULL) {
        json_put_null(buffer, key);
        return;
    }
    json_key(buffer, key);
    json_quote(buffer, value, strlen(value));
}

void
json_put_int(struct buffer *buffer, const char *key, int64_t value)
{
    json_key(buffer, key);
    buffer_int(buffer, value);
}

void
json_put_bool(struct buffer *buffer, const char *key, bool value)
{
    json_put_raw(buffer, key, value ? "true" : "false");
}

void
json_put_id(struct buffer *buffer, const char *key, struct id id)
{
    char text[ID_TEXT_SIZE + 2] = "\"";
    if (id_is_zero(id)) {
        json_put_null(buffer, key);
        return;
    }
    id_print(id, text + 1);
    text[ID_TEXT_SIZE] = '"';
    json_key(buffer, key);
    buffer_bytes(buffer, text, ID_TEXT_SIZE + 1);
}

void
json_put_date(struct buffer *buffer, const char *key, int32_t date)
{
    char text[DATE_TEXT_SIZE];
    date_print(date, text);
    json_put_text(buffer, key, text);
}

void
json_put_instant(struct buffer *buffer, const char *key, int64_t at_ms)
{
    char text[INSTANT_TEXT_SIZE];
    instant_print(at_ms, text);
    json_put_text(buffer, key, text);
}

void
json_put_hex(struct buffer *buffer, const char *key, const uint8_t *bytes, size_t length)
{
    json_key(buffer, key);
    buffer_char(buffer, '"');
    for (size_t i = 0; i < length; i++) {
        buffer_char(buffer, "0123456789abcdef"[bytes[i] >> 4]);
        buffer_char(buffer, "0123456789abcdef"[bytes[i] & 15]);
    }
    buffer_char(buffer, '"');
}
