/* text_language.c: language tags of BCP 47 (RFC 5646, 2.1): language, extended language, script, region, variants, extensions, private use. */
#include <string.h>

#include "lumbung/base/text.h"

#define TAG_MAX 35
#define PART_MAX 8

struct tag {
    char *text;             /* a copy that gets its usual case */
    struct { size_t at, length; } parts[TAG_MAX];
    size_t count, next;
};

static bool
is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool
is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static void
set_case(struct tag *tag, size_t part, bool first_up, bool rest_up)
{
    for (size_t i = 0; i < tag->parts[part].length; i++) {
        char *c = &tag->text[tag->parts[part].at + i];
        bool up = i == 0 ? first_up : rest_up;
        if (is_letter(*c))
            *c = (char)(up ? *c & ~0x20 : *c | 0x20);
    }
}

static bool
all(const struct tag *tag, size_t part, bool (*test)(char))
{
    for (size_t i = 0; i < tag->parts[part].length; i++)
        if (!test(tag->text[tag->parts[part].at + i]))
            return false;
    return true;
}

/* Parts of one to eight letters and digits between dashes. */
static bool
cut(struct tag *tag)
{
    size_t length = strlen(tag->text), at = 0;
    if (length > TAG_MAX)
        return false;
    for (size_t i = 0; i <= length; i++) {
        if (i < length && tag->text[i] != '-') {
            if (!is_letter(tag->text[i]) && !is_digit(tag->text[i]))
                return false;
            continue;
        }
        if (i == at || i - at > PART_MAX)
            return false;
        tag->parts[tag->count].at = at;
        tag->parts[tag->count++].length = i - at;
        at = i + 1;
    }
    return true;
}

static bool
is_word(const struct tag *tag, size_t least, size_t most)
{
    return tag->next < tag->count && tag->parts[tag->next].length >= least && tag->parts[tag->next].length <= most && all(tag, tag->next, is_letter);
}

static bool
is_variant(const struct tag *tag)
{
    if (tag->next >= tag->count)
        return false;
    size_t length = tag->parts[tag->next].length;
    return length >= 5 || (length == 4 && is_digit(tag->text[tag->parts[tag->next].at]));
}

/* A single letter or digit and what it announces. */
static bool
take_extension(struct tag *tag)
{
    bool is_private = tag->text[tag->parts[tag->next].at] == 'x';
    size_t start = ++tag->next;
    while (tag->next < tag->count && (is_private || tag->parts[tag->next].length > 1))
        tag->next++;
    return tag->next > start;
}

bool
text_language_tag(struct arena *arena, const char *text, const char **ret_tag)
{
    struct tag tag = {.text = arena_text(arena, text)};
    if (!cut(&tag) || !is_word(&tag, 2, PART_MAX))
        return false;
    for (size_t i = 0; i < tag.count; i++)
        set_case(&tag, i, false, false);
    bool may_extend = tag.parts[tag.next++].length <= 3;
    for (int i = 0; may_extend && i < 3 && is_word(&tag, 3, 3); i++)
        tag.next++;
    if (is_word(&tag, 4, 4))
        set_case(&tag, tag.next++, true, false);
    if (is_word(&tag, 2, 2) || (tag.next < tag.count && tag.parts[tag.next].length == 3 && all(&tag, tag.next, is_digit)))
        set_case(&tag, tag.next++, true, true);
    while (is_variant(&tag))
        tag.next++;
    while (tag.next < tag.count && tag.parts[tag.next].length == 1)
        if (!take_extension(&tag))
            return false;
    if (tag.next < tag.count)
        return false;
    *ret_tag = tag.text;
    return true;
}
