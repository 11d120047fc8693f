/* household_nik.h: what a national id number (NIK) or family card number (KK) says of itself. Pure: no storage, no clock. */
#ifndef LUMBUNG_HOUSEHOLD_NIK_H
#define LUMBUNG_HOUSEHOLD_NIK_H

#include <stdbool.h>
#include <stdint.h>

struct household_nik {
    char region[9];      /* "33.08.03": district of first registration, never changed on moving */
    bool date_exists;    /* day and month exist in the century that was chosen */
    int32_t birth_date;  /* of a KK: the date of record */
    int year_of_century, month, day;
    char sex;            /* F when 40 was added to the day; '?' for a KK */
    int serial;
};

/* False for what no office has issued: not 16 ASCII digits, serial 0000, all digits equal. */
bool household_nik_possible(const char *number);

/* Decodes a possible number. The century is the one that brings the date nearest to `near`; with `near` unknown (INT32_MIN) the latest that
 * is not after `today`. `is_card`: no 40 is added to the day of a family card. */
struct household_nik household_nik_decode(const char *number, bool is_card, int32_t near, int32_t today);

#endif
