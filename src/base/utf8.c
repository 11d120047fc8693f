/* utf8.c: strict decoding. */
#include "base/utf8.h"

static size_t
sequence_length(unsigned char lead)
{
    if (lead < 0x80)
        return 1;
    if (lead >= 0xc2 && lead <= 0xdf)
        return 2;
    if (lead >= 0xe0 && lead <= 0xef)
        return 3;
    return lead >= 0xf0 && lead <= 0xf4 ? 4 : 0;
}

size_t
utf8_step(const char *text, size_t length, uint32_t *ret_point)
{
    static const uint32_t lead_bits[5] = {0, 0x7f, 0x1f, 0x0f, 0x07};
    static const uint32_t smallest[5] = {0, 0, 0x80, 0x800, 0x10000};
    size_t count = length ? sequence_length((unsigned char)text[0]) : 0;
    uint32_t point;

    if (count == 0 || count > length)
        return 0;
    point = (unsigned char)text[0] & lead_bits[count];
    for (size_t i = 1; i < count; i++) {
        unsigned char next = (unsigned char)text[i];

        if ((next & 0xc0) != 0x80)
            return 0;
        point = point << 6 | (next & 0x3fu);
    }
    if (point < smallest[count] || point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff))
        return 0;
    if (ret_point)
        *ret_point = point;
    return count;
}
