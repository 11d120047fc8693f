/* attachment.c: what a file is, by its own first bytes: the name and the declared type are only claims. */
#include "lumbung/attachment.h"

#include <string.h>

#include "lumbung/base/limits.h"

/* A few kilobytes can say that they are 50,000 pixels wide; whoever opens them pays for all of them. */
#define PIXELS_MAX (40 * 1000 * 1000)
#define SIDE_MAX 12000

static uint32_t
big(const uint8_t *at, int count)
{
    uint32_t value = 0;
    for (int i = 0; i < count; i++)
        value = value << 8 | at[i];
    return value;
}

static uint32_t
little(const uint8_t *at, int count)
{
    uint32_t value = 0;
    for (int i = count; i-- > 0;)
        value = value << 8 | at[i];
    return value;
}

/* Walks the segments to the frame header, which holds height and width. */
static bool
jpeg_size(struct bytes content, uint32_t *ret_width, uint32_t *ret_height)
{
    for (size_t at = 2; at + 9 < content.length;) {
        if (content.data[at] != 0xFF)
            return false;
        uint8_t marker = content.data[at + 1];
        if (marker == 0xFF) { /* fill byte */
            at++;
            continue;
        }
        if (marker == 0x01 || (marker >= 0xD0 && marker <= 0xD7)) { /* markers that stand alone */
            at += 2;
            continue;
        }
        bool frame = marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
        if (frame) {
            *ret_height = big(content.data + at + 5, 2);
            *ret_width = big(content.data + at + 7, 2);
            return true;
        }
        uint32_t length = big(content.data + at + 2, 2);
        if (length < 2 || marker == 0xDA)
            return false;
        at += 2 + (size_t)length;
    }
    return false;
}

static bool
png_size(struct bytes content, uint32_t *ret_width, uint32_t *ret_height)
{
    if (content.length < 33 || memcmp(content.data + 12, "IHDR", 4) != 0)
        return false;
    *ret_width = big(content.data + 16, 4);
    *ret_height = big(content.data + 20, 4);
    return true;
}

/* The three codings of WebP keep their size in three places. */
static bool
webp_size(struct bytes content, uint32_t *ret_width, uint32_t *ret_height)
{
    if (content.length < 30)
        return false;
    const uint8_t *chunk = content.data + 12;
    if (memcmp(chunk, "VP8X", 4) == 0) {
        *ret_width = little(chunk + 12, 3) + 1;
        *ret_height = little(chunk + 15, 3) + 1;
        return true;
    }
    if (memcmp(chunk, "VP8L", 4) == 0 && chunk[8] == 0x2F) {
        uint32_t packed = little(chunk + 9, 4);
        *ret_width = (packed & 0x3FFF) + 1;
        *ret_height = (packed >> 14 & 0x3FFF) + 1;
        return true;
    }
    if (memcmp(chunk, "VP8 ", 4) == 0 && memcmp(chunk + 11, "\x9D\x01\x2A", 3) == 0) {
        *ret_width = little(chunk + 14, 2) & 0x3FFF;
        *ret_height = little(chunk + 16, 2) & 0x3FFF;
        return true;
    }
    return false;
}

static bool
begins(struct bytes content, size_t offset, const char *magic, size_t length)
{
    return content.length >= offset + length && memcmp(content.data + offset, magic, length) == 0;
}

static const char *
kind_of(struct bytes content, uint32_t *width, uint32_t *height)
{
    if (begins(content, 0, "\xFF\xD8\xFF", 3))
        return jpeg_size(content, width, height) ? "image/jpeg" : NULL;
    if (begins(content, 0, "\x89PNG\r\n\x1A\n", 8))
        return png_size(content, width, height) ? "image/png" : NULL;
    if (begins(content, 0, "RIFF", 4) && begins(content, 8, "WEBP", 4))
        return webp_size(content, width, height) ? "image/webp" : NULL;
    return begins(content, 0, "%PDF-", 5) ? "application/pdf" : NULL;
}

struct error *
attachment_inspect(struct bytes content, struct attachment *ret_attachment)
{
    uint32_t width = 0, height = 0;
    if (content.length > LIMIT_ATTACHMENT_BYTES)
        return error_with(ERROR_TOO_LARGE, "2 MiB", NULL, NULL);
    const char *kind = kind_of(content, &width, &height);
    bool is_image = kind && strncmp(kind, "image/", 6) == 0;
    if (!kind || (is_image && (width == 0 || height == 0)))
        return error_with(ERROR_MEDIA_TYPE, "JPEG, PNG, WebP, PDF", NULL, NULL);
    if (width > SIDE_MAX || height > SIDE_MAX || (uint64_t)width * height > PIXELS_MAX)
        return error_with(ERROR_TOO_LARGE, "12000 x 12000, 40 megapixel", NULL, NULL);
    ret_attachment->kind = kind;
    ret_attachment->bytes = (int64_t)content.length;
    ret_attachment->width = (int)width;
    ret_attachment->height = (int)height;
    return NULL;
}
