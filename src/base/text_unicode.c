/* text_unicode.c: what needs Unicode tables: normal forms, folding, forbidden characters. The only file that sees utf8proc. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

#include "base/utf8.h"
#include "lumbung/base/text.h"

struct range {
    uint32_t first;
    uint32_t last;
};

/* Characters that show nothing or turn the reading order: they make two names look alike, or a name look like another. */
static const struct range unclean[] = {
    {0x7f, 0x9f},       {0xad, 0xad},       {0x34f, 0x34f},     {0x61c, 0x61c},     {0x115f, 0x1160},   {0x17b4, 0x17b5},
    {0x180b, 0x180f},   {0x200b, 0x200f},   {0x2028, 0x202e},   {0x2060, 0x206f},   {0x3164, 0x3164},   {0xfe00, 0xfe0f},
    {0xfeff, 0xfeff},   {0xffa0, 0xffa0},   {0xfff0, 0xfffb},   {0xfffe, 0xffff},   {0x1d173, 0x1d17a}, {0xe0000, 0xe0fff},
};

static bool
is_unclean(uint32_t point)
{
    if (point < 0x20)
        return true;
    for (size_t i = 0; i < sizeof(unclean) / sizeof(unclean[0]); i++)
        if (point >= unclean[i].first && point <= unclean[i].last)
            return true;
    return (point & 0xfffe) == 0xfffe;
}

bool
text_is_clean(const char *text, bool lines)
{
    size_t length = text ? strlen(text) : 0;

    for (size_t at = 0; at < length;) {
        if (text[at] >= ' ' && text[at] <= '~') { /* most of what there is */
            at++;
            continue;
        }
        uint32_t point = 0;
        size_t step = utf8_step(text + at, length - at, &point);

        if (step == 0)
            return false;
        if (is_unclean(point) && !(lines && (point == '\n' || point == '\t')))
            return false;
        at += step;
    }
    return true;
}

static bool
is_blank(uint32_t point)
{
    return point == ' ' || (point >= '\t' && point <= '\r') || point == 0xa0 || point == 0x1680 || (point >= 0x2000 && point <= 0x200a) ||
           point == 0x202f || point == 0x205f || point == 0x3000;
}

/* Outer blanks cut, inner runs made one blank, or one line feed when the run holds one. In place. */
static void
squeeze_blanks(char *text)
{
    size_t length = strlen(text);
    size_t to = 0;
    char pending = '\0';

    for (size_t at = 0; at < length;) {
        uint32_t point = 0;
        size_t step = utf8_step(text + at, length - at, &point);

        if (step && is_blank(point)) {
            pending = point == '\n' || pending == '\n' ? '\n' : ' ';
            at += step;
            continue;
        }
        if (pending && to > 0)
            text[to++] = pending;
        pending = '\0';
        step = step ? step : 1;
        memmove(text + to, text + at, step);
        to += step;
        at += step;
    }
    text[to] = '\0';
}

bool
text_is_ascii(const char *text)
{
    for (; *text; text++)
        if ((unsigned char)*text >= 0x80)
            return false;
    return true;
}

/* The mapped text; text that is no UTF-8 comes back as it is. */
static char *
map(struct arena *arena, const char *text, utf8proc_option_t options)
{
    utf8proc_uint8_t *mapped = NULL;
    char *copy;

    if (utf8proc_map((const utf8proc_uint8_t *)text, 0, &mapped, UTF8PROC_NULLTERM | UTF8PROC_STABLE | options) < 0)
        return arena_text(arena, text);
    copy = arena_text(arena, (const char *)mapped);
    free(mapped);
    return copy;
}

char *
text_normalize(struct arena *arena, const char *text)
{
    char *copy = text_is_ascii(text) ? arena_text(arena, text) : map(arena, text, UTF8PROC_COMPOSE);

    squeeze_blanks(copy);
    return copy;
}

char *
text_fold(struct arena *arena, const char *text)
{
    char *copy;

    if (text_is_ascii(text)) {
        copy = arena_text(arena, text);
        for (char *at = copy; *at; at++)
            *at = (char)(*at >= 'A' && *at <= 'Z' ? *at + ('a' - 'A') : *at);
    } else {
        copy = map(arena, text, UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT | UTF8PROC_CASEFOLD | UTF8PROC_STRIPMARK);
    }
    squeeze_blanks(copy);
    return copy;
}
