/* time.h: the one clock, days and instants. Days are int32 since 1970-01-01, instants int64 milliseconds UTC. */
#ifndef LUMBUNG_BASE_TIME_H
#define LUMBUNG_BASE_TIME_H

#include <stdbool.h>
#include <stdint.h>

#define DATE_TEXT_SIZE 11
#define INSTANT_TEXT_SIZE 25
#define DAY_MS INT64_C(86400000)

/* The wall clock. Domain code takes the time as an argument; only the edge calls this. */
int64_t time_now_ms(void);
/* For deadlines and durations: never steps back. */
int64_t time_monotonic_ms(void);

bool date_parse(const char *text, int32_t *ret_date); /* YYYY-MM-DD, existing days of 0001..9999 */
void date_print(int32_t date, char ret_text[DATE_TEXT_SIZE]);
int32_t date_from_parts(int year, int month, int day);
void date_to_parts(int32_t date, int *ret_year, int *ret_month, int *ret_day);
/* Whole years of age on a day; someone born on 29 February has the birthday on 1 March in common years. */
int date_years_between(int32_t birth_date, int32_t on_date);
int32_t date_add_months(int32_t date, int months); /* the day is clamped to the month's end */
/* The calendar day at an instant, `offset_min` east of UTC. */
int32_t date_of_instant(int64_t at_ms, int offset_min);

bool instant_parse(const char *text, int64_t *ret_at_ms); /* RFC 3339 with a zone; fractions are cut to ms */
void instant_print(int64_t at_ms, char ret_text[INSTANT_TEXT_SIZE]); /* 2026-11-24T03:00:00.000Z */

#endif
