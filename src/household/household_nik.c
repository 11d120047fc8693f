/* household_nik.c: national ids are 6 digits of place, day (+40 for women), month, year of the century, serial; there is no check digit. */
#include "household/household_nik.h"

#include <assert.h>
#include <string.h>

#include "lumbung/base/text.h"
#include "lumbung/base/time.h"

#define NIK_DIGITS 16
#define WOMEN_DAY_OFFSET 40

bool
household_nik_possible(const char *number)
{
    if (!number || !text_is_digits(number, NIK_DIGITS))
        return false;
    if (memcmp(number + 12, "0000", 4) == 0)
        return false;
    return strspn(number, (char[]){number[0], '\0'}) < NIK_DIGITS;
}

static int
two_digits(const char *text)
{
    return (text[0] - '0') * 10 + (text[1] - '0');
}

static int
days_in_month(int year, int month)
{
    int32_t first = date_from_parts(year, month, 1);
    return (int)(date_add_months(first, 1) - first);
}

static bool
date_in_century(int century, const struct household_nik *nik, int32_t *ret_date)
{
    int year = century + nik->year_of_century;
    if (nik->month < 1 || nik->month > 12 || nik->day < 1 || nik->day > days_in_month(year, nik->month))
        return false;
    *ret_date = date_from_parts(year, nik->month, nik->day);
    return true;
}

static int64_t
distance(int32_t left, int32_t right)
{
    return left > right ? (int64_t)left - right : (int64_t)right - left;
}

struct household_nik
household_nik_decode(const char *number, bool is_card, int32_t near, int32_t today)
{
    assert(household_nik_possible(number));
    struct household_nik nik = {.sex = '?'};
    memcpy(nik.region, (char[]){number[0], number[1], '.', number[2], number[3], '.', number[4], number[5], '\0'}, sizeof nik.region);
    nik.day = two_digits(number + 6);
    nik.month = two_digits(number + 8);
    nik.year_of_century = two_digits(number + 10);
    nik.serial = two_digits(number + 12) * 100 + two_digits(number + 14);
    if (!is_card) {
        nik.sex = nik.day > WOMEN_DAY_OFFSET ? 'F' : 'M';
        if (nik.day > WOMEN_DAY_OFFSET)
            nik.day -= WOMEN_DAY_OFFSET;
    }
    static const int centuries[] = {2000, 1900};
    for (size_t i = 0; i < sizeof centuries / sizeof centuries[0]; i++) {
        int32_t date = 0;
        if (!date_in_century(centuries[i], &nik, &date) || date > today)
            continue;
        if (nik.date_exists && (near == INT32_MIN || distance(date, near) >= distance(nik.birth_date, near)))
            continue;
        nik.date_exists = true;
        nik.birth_date = date;
    }
    return nik;
}
