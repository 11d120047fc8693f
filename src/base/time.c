/* time.c: the clock, the calendar and their texts. The proleptic Gregorian calendar is counted in 400-year eras that begin on 1 March. */
#include <string.h>
#include <time.h>

#include "lumbung/base/time.h"

#define DATE_MIN (-719162) /* 0001-01-01 */
#define DATE_MAX 2932896   /* 9999-12-31 */
#define ERA_DAYS 146097
#define EPOCH_SHIFT 719468 /* days from 0000-03-01 to 1970-01-01 */

static int64_t
read_clock(clockid_t clock)
{
    struct timespec now;

    (void)clock_gettime(clock, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int64_t
time_now_ms(void)
{
    return read_clock(CLOCK_REALTIME);
}

int64_t
time_monotonic_ms(void)
{
    return read_clock(CLOCK_MONOTONIC);
}

static int64_t
floor_divide(int64_t value, int64_t by)
{
    return value / by - (value % by < 0);
}

static int
days_in_month(int year, int month)
{
    static const int days[12] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

    return days[month - 1] + (month == 2 && leap);
}

int32_t
date_from_parts(int year, int month, int day)
{
    int64_t shifted = (int64_t)year - (month <= 2);
    int64_t era = floor_divide(shifted, 400);
    int64_t year_of_era = shifted - era * 400;
    int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;

    return (int32_t)(era * ERA_DAYS + day_of_era - EPOCH_SHIFT);
}

void
date_to_parts(int32_t date, int *ret_year, int *ret_month, int *ret_day)
{
    int64_t days = (int64_t)date + EPOCH_SHIFT;
    int64_t era = floor_divide(days, ERA_DAYS);
    int64_t day_of_era = days - era * ERA_DAYS;
    int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t shifted_month = (5 * day_of_year + 2) / 153; /* 0 is March */

    *ret_day = (int)(day_of_year - (153 * shifted_month + 2) / 5 + 1);
    *ret_month = (int)(shifted_month < 10 ? shifted_month + 3 : shifted_month - 9);
    *ret_year = (int)(year_of_era + era * 400 + (*ret_month <= 2));
}

/* `count` digits at `text`, or -1. */
static int
read_digits(const char *text, int count)
{
    int value = 0;

    for (int i = 0; i < count; i++) {
        if (text[i] < '0' || text[i] > '9')
            return -1;
        value = value * 10 + (text[i] - '0');
    }
    return value;
}

static void
write_digits(char *text, int count, int64_t value)
{
    while (count-- > 0) {
        text[count] = (char)('0' + value % 10);
        value /= 10;
    }
}

/* Ten characters; `text` holds at least that many. */
static bool
read_date(const char *text, int32_t *ret_date)
{
    int year = read_digits(text, 4);
    int month = read_digits(text + 5, 2);
    int day = read_digits(text + 8, 2);

    if (text[4] != '-' || text[7] != '-' || year < 1 || month < 1 || month > 12)
        return false;
    if (day < 1 || day > days_in_month(year, month))
        return false;
    *ret_date = date_from_parts(year, month, day);
    return true;
}

bool
date_parse(const char *text, int32_t *ret_date)
{
    return text && strnlen(text, DATE_TEXT_SIZE) == DATE_TEXT_SIZE - 1 && read_date(text, ret_date);
}

void
date_print(int32_t date, char ret_text[DATE_TEXT_SIZE])
{
    int year;
    int month;
    int day;

    /* Years of other than four digits have no text; the nearest day that has one is printed. */
    date = date < DATE_MIN ? DATE_MIN : date > DATE_MAX ? DATE_MAX : date;
    date_to_parts(date, &year, &month, &day);
    write_digits(ret_text, 4, year);
    ret_text[4] = '-';
    write_digits(ret_text + 5, 2, month);
    ret_text[7] = '-';
    write_digits(ret_text + 8, 2, day);
    ret_text[10] = '\0';
}

int
date_years_between(int32_t birth_date, int32_t on_date)
{
    int birth_year;
    int birth_month;
    int birth_day;
    int year;
    int month;
    int day;

    date_to_parts(birth_date, &birth_year, &birth_month, &birth_day);
    date_to_parts(on_date, &year, &month, &day);
    return year - birth_year - (month < birth_month || (month == birth_month && day < birth_day));
}

int32_t
date_add_months(int32_t date, int months)
{
    int year;
    int month;
    int day;
    int64_t count;
    int length;

    date_to_parts(date, &year, &month, &day);
    count = (int64_t)year * 12 + (month - 1) + months;
    year = (int)floor_divide(count, 12);
    month = (int)(count - (int64_t)year * 12) + 1;
    length = days_in_month(year, month);
    return date_from_parts(year, month, day < length ? day : length);
}

int32_t
date_of_instant(int64_t at_ms, int offset_min)
{
    return (int32_t)floor_divide(at_ms + (int64_t)offset_min * 60000, DAY_MS);
}

/* "Z" or "+07:00": minutes east of UTC; the zone ends the text. */
static bool
read_zone(const char *text, int *ret_offset_min)
{
    int hours;
    int minutes;

    if ((text[0] == 'Z' || text[0] == 'z') && text[1] == '\0') {
        *ret_offset_min = 0;
        return true;
    }
    if ((text[0] != '+' && text[0] != '-') || strlen(text) != 6 || text[3] != ':')
        return false;
    hours = read_digits(text + 1, 2);
    minutes = read_digits(text + 4, 2);
    if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59)
        return false;
    *ret_offset_min = (text[0] == '-' ? -1 : 1) * (hours * 60 + minutes);
    return true;
}

/* ".5" is 500 ms; digits past the third are cut. Moves *text behind the fraction. */
static bool
read_fraction(const char **text, int *ret_ms)
{
    int weight = 100;
    int ms = 0;

    if (**text != '.') {
        *ret_ms = 0;
        return true;
    }
    if (read_digits(++*text, 1) < 0)
        return false;
    for (; **text >= '0' && **text <= '9'; ++*text, weight /= 10)
        ms += (**text - '0') * weight;
    *ret_ms = ms;
    return true;
}

bool
instant_parse(const char *text, int64_t *ret_at_ms)
{
    int32_t date;
    int hour;
    int minute;
    int second;
    int ms;
    int offset_min;
    int64_t at_ms;

    if (!text || strnlen(text, 41) < 20 || strnlen(text, 41) > 40 || !read_date(text, &date))
        return false;
    hour = read_digits(text + 11, 2);
    minute = read_digits(text + 14, 2);
    second = read_digits(text + 17, 2);
    if ((text[10] != 'T' && text[10] != 't') || text[13] != ':' || text[16] != ':')
        return false;
    if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59)
        return false;
    text += 19;
    if (!read_fraction(&text, &ms) || !read_zone(text, &offset_min))
        return false;
    at_ms = date * DAY_MS + ((hour * 60 + minute - offset_min) * 60 + second) * INT64_C(1000) + ms;
    if (at_ms < DATE_MIN * DAY_MS || at_ms >= (DATE_MAX + 1) * DAY_MS)
        return false;
    *ret_at_ms = at_ms;
    return true;
}

void
instant_print(int64_t at_ms, char ret_text[INSTANT_TEXT_SIZE])
{
    int64_t first = DATE_MIN * DAY_MS;
    int64_t last = (DATE_MAX + 1) * DAY_MS - 1;
    int64_t rest;
    int32_t date;

    at_ms = at_ms < first ? first : at_ms > last ? last : at_ms;
    date = date_of_instant(at_ms, 0);
    rest = at_ms - date * DAY_MS;
    date_print(date, ret_text);
    ret_text[10] = 'T';
    write_digits(ret_text + 11, 2, rest / 3600000);
    ret_text[13] = ':';
    write_digits(ret_text + 14, 2, rest / 60000 % 60);
    ret_text[16] = ':';
    write_digits(ret_text + 17, 2, rest / 1000 % 60);
    ret_text[19] = '.';
    write_digits(ret_text + 20, 3, rest % 1000);
    ret_text[23] = 'Z';
    ret_text[24] = '\0';
}
