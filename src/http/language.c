/* language.c: Accept-Language between the two languages that Lumbung speaks. */
#include <string.h>
#include <strings.h>

#include "http/pipeline.h"

/* Thousandths; 1000 without q. */
static int
weight_of(const char *range, size_t length)
{
    for (size_t i = 0; i + 2 < length; i++) {
        if (range[i] != ';')
            continue;
        size_t at = i + 1;
        while (at < length && range[at] == ' ')
            at++;
        if (at + 2 > length || (range[at] | 0x20) != 'q' || range[at + 1] != '=')
            continue;
        int weight = 0, scale = 1000;
        for (at += 2; at < length && scale > 0; at++) {
            if (range[at] == '.')
                continue;
            if (range[at] < '0' || range[at] > '9')
                break;
            weight += (range[at] - '0') * scale;
            scale /= 10;
        }
        return weight;
    }
    return 1000;
}

static bool
names_language(const char *range, size_t length, const char *language)
{
    return length >= 2 && strncasecmp(range, language, 2) == 0 && (length == 2 || strchr("-; ", range[2]) != NULL);
}

enum language
language_choose(const char *accept_language)
{
    int indonesian = 0, english = 0;
    for (const char *at = accept_language; at && *at;) {
        at += strspn(at, ", \t");
        size_t length = strcspn(at, ",");
        int weight = weight_of(at, length);
        if (names_language(at, length, "id") && weight > indonesian)
            indonesian = weight;
        if (names_language(at, length, "en") && weight > english)
            english = weight;
        at += length;
    }
    return english > indonesian ? LANGUAGE_EN : LANGUAGE_ID;
}
