/* household_phone.c: Indonesian numbers are 62 or 0, then area or mobile prefix (8), then the subscriber: +62 812, 62812, 0062812, 0812. */
#include "household/household_phone.h"

#include <string.h>

#include "lumbung/base/text.h"

#define COUNTRY "62"
#define COUNTRY_DIGITS_MIN 10 /* shorter, a leading 62 is a subscriber's own digits */
#define MOBILE_DIGITS_MIN 9   /* without its zero, which spreadsheets drop */

const char *
household_phone_key(struct arena *arena, const char *phone)
{
    bool is_international = phone[0] == '+' || text_begins(phone, "00");
    const char *digits = phone[0] == '+' ? phone + 1 : is_international ? phone + 2 : phone;
    size_t length = strlen(digits);
    if (text_begins(digits, COUNTRY) && (is_international || length >= COUNTRY_DIGITS_MIN)) {
        const char *national = digits + strlen(COUNTRY);
        return arena_format(arena, "0%s", national[0] == '0' ? national + 1 : national);
    }
    if (is_international)
        return arena_format(arena, "+%s", digits);
    return digits[0] == '8' && length >= MOBILE_DIGITS_MIN ? arena_format(arena, "0%s", digits) : phone;
}
