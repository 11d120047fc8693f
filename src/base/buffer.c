/* buffer.c: appending. Growth doubles, in place while the buffer is the newest thing in its arena; else the old bytes stay until the arena dies. */
#include "lumbung/base/buffer.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/arena_private.h"

#define BUFFER_FIRST 512

void
buffer_init(struct buffer *buffer, struct arena *arena)
{
    *buffer = (struct buffer){.arena = arena};
}

static void
buffer_reserve(struct buffer *buffer, size_t more)
{
    if (buffer->capacity - buffer->length >= more)
        return;
    size_t capacity = buffer->capacity ? buffer->capacity * 2 : BUFFER_FIRST;
    while (capacity - buffer->length < more)
        capacity *= 2;
    if (buffer->data && arena_extend(buffer->arena, buffer->data, buffer->capacity, capacity)) {
        buffer->capacity = capacity;
        return;
    }
    char *data = arena_take(buffer->arena, capacity);
    if (buffer->length > 0)
        memcpy(data, buffer->data, buffer->length);
    buffer->data = data;
    buffer->capacity = capacity;
}

char *
buffer_room(struct buffer *buffer, size_t more)
{
    buffer_reserve(buffer, more);
    return buffer->data + buffer->length;
}

void
buffer_bytes(struct buffer *buffer, const void *bytes, size_t length)
{
    if (length == 0)
        return;
    buffer_reserve(buffer, length);
    memcpy(buffer->data + buffer->length, bytes, length);
    buffer->length += length;
}

void
buffer_add(struct buffer *buffer, const char *text)
{
    buffer_bytes(buffer, text, strlen(text));
}

void
buffer_char(struct buffer *buffer, char character)
{
    buffer_reserve(buffer, 1);
    buffer->data[buffer->length++] = character;
}

void
buffer_int(struct buffer *buffer, int64_t value)
{
    char digits[24];
    size_t at = sizeof digits;
    uint64_t rest = value < 0 ? (uint64_t)0 - (uint64_t)value : (uint64_t)value;
    do {
        digits[--at] = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest > 0);
    if (value < 0)
        digits[--at] = '-';
    buffer_bytes(buffer, digits + at, sizeof digits - at);
}

void
buffer_format(struct buffer *buffer, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    if (length <= 0)
        return;
    buffer_reserve(buffer, (size_t)length + 1);
    va_start(arguments, format);
    vsnprintf(buffer->data + buffer->length, (size_t)length + 1, format, arguments);
    va_end(arguments);
    buffer->length += (size_t)length;
}

void
buffer_fill(struct buffer *buffer, const char *text, const char *const *arguments, size_t count)
{
    for (const char *at = text; *at; at++) {
        size_t number = at[0] == '{' && at[1] >= '0' && at[1] <= '9' && at[2] == '}' ? (size_t)(at[1] - '0') : count;
        if (number >= count) {
            buffer_char(buffer, *at);
            continue;
        }
        buffer_add(buffer, arguments[number] ? arguments[number] : "");
        at += 2;
    }
}

const char *
buffer_text(struct buffer *buffer)
{
    buffer_reserve(buffer, 1);
    buffer->data[buffer->length] = '\0';
    return buffer->data;
}
