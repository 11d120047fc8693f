/* test_base_time.c: days, ages and instants. */
#include "check.h"

#include "lumbung/base/time.h"

static int32_t
day(const char *text)
{
    int32_t date;

    if (!date_parse(text, &date))
        fail_msg("\"%s\" is a date", text);
    return date;
}

static void
dates_are_refused(void **state)
{
    static const char *const rows[] = {
        "", "2026", "2026-1-1", "2026-01-1", "2026-13-01", "2026-00-01", "2026-01-00", "2026-01-32", "2026-04-31", "2026-02-29", "1900-02-29",
        "2100-02-29", "2024-02-30", "0000-01-01", "10000-01-01", "-001-01-01", "2026/01/01", "01-01-2026", "20260101", "2026-01-01 ",
        " 2026-01-01", "2026-01-01T", "2026-01-0x", "+026-01-01", "2026-W01-1", "\xd9\xa2\xd9\xa0-01-01",
    };
    int32_t date = 77;

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++)
        CHECK_ROW(!date_parse(rows[i], &date) && date == 77, rows[i]);
    assert_false(date_parse(NULL, &date));
}

static void
dates_are_counted(void **state)
{
    static const struct {
        const char *text;
        int32_t date;
    } rows[] = {
        {"1970-01-01", 0}, {"1969-12-31", -1}, {"2000-02-29", 11016}, {"2000-03-01", 11017}, {"2024-02-29", 19782},
        {"2026-11-24", 20781}, {"0001-01-01", -719162}, {"9999-12-31", 2932896}, {"1600-02-29", -135081}, {"1900-03-01", -25508},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        char text[DATE_TEXT_SIZE];

        CHECK_ROW(day(rows[i].text) == rows[i].date, rows[i].text);
        date_print(rows[i].date, text);
        CHECK_TEXT(text, rows[i].text, rows[i].text);
    }
}

static void
every_day_goes_round(void **state)
{
    (void)state;
    for (int32_t date = -719162; date <= 2932896; date += 13) {
        char text[DATE_TEXT_SIZE];
        int32_t again;
        int year;
        int month;
        int number;

        date_print(date, text);
        assert_true(date_parse(text, &again));
        assert_int_equal(again, date);
        date_to_parts(date, &year, &month, &number);
        assert_int_equal(date_from_parts(year, month, number), date);
    }
}

static void
dates_without_text_are_clamped(void **state)
{
    char text[DATE_TEXT_SIZE];

    (void)state;
    date_print(INT32_MAX, text);
    assert_string_equal(text, "9999-12-31");
    date_print(INT32_MIN, text);
    assert_string_equal(text, "0001-01-01");
}

static void
ages_are_whole_years(void **state)
{
    static const struct {
        const char *birth;
        const char *on;
        int years;
    } rows[] = {
        {"2000-02-29", "2001-02-28", 0},  {"2000-02-29", "2001-03-01", 1}, {"2000-02-29", "2004-02-28", 3}, {"2000-02-29", "2004-02-29", 4},
        {"2000-02-29", "2018-02-28", 17}, {"2000-02-29", "2018-03-01", 18}, {"2000-01-01", "2000-01-01", 0}, {"2000-12-31", "2001-01-01", 0},
        {"2000-12-31", "2001-12-31", 1},  {"1926-11-25", "2026-11-24", 99}, {"1926-11-24", "2026-11-24", 100}, {"2000-06-15", "2006-06-14", 5},
        {"2026-01-02", "2026-01-01", -1},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++)
        CHECK_ROW(date_years_between(day(rows[i].birth), day(rows[i].on)) == rows[i].years, rows[i].on);
}

static void
months_are_added(void **state)
{
    static const struct {
        const char *from;
        int months;
        const char *to;
    } rows[] = {
        {"2026-01-31", 1, "2026-02-28"}, {"2024-01-31", 1, "2024-02-29"},   {"2026-12-31", 2, "2027-02-28"}, {"2026-03-31", -1, "2026-02-28"},
        {"2026-01-15", -1, "2025-12-15"}, {"2024-02-29", 12, "2025-02-28"}, {"2024-02-29", 48, "2028-02-29"}, {"2026-05-10", 0, "2026-05-10"},
        {"2026-01-01", -24, "2024-01-01"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        char text[DATE_TEXT_SIZE];

        date_print(date_add_months(day(rows[i].from), rows[i].months), text);
        CHECK_TEXT(text, rows[i].to, rows[i].from);
    }
}

static void
instants_are_refused(void **state)
{
    static const char *const rows[] = {
        "", "2026-11-24", "2026-11-24T03:00:00", "2026-11-24T03:00Z", "2026-11-24 03:00:00Z", "2026-11-24T24:00:00Z", "2026-11-24T03:60:00Z",
        "2026-11-24T03:00:60Z", "2026-11-24T03:00:00.Z", "2026-11-24T03:00:00,5Z", "2026-11-24T03:00:00+7", "2026-11-24T03:00:00+0700",
        "2026-11-24T03:00:00+24:00", "2026-11-24T03:00:00+07:60", "2026-11-24T03:00:00Zx", "2026-11-24T03:00:00Z ", " 2026-11-24T03:00:00Z",
        "2026-02-29T03:00:00Z", "2026-11-24T-1:00:00Z", "2026-11-24T03:00:00+07:00Z", "0001-01-01T00:00:00+07:00",
        "9999-12-31T23:59:59-07:00", "2026-11-24T03:00:00.000000000000000000000000000Z", "2026-11-24T03-00-00Z", "1795489200000",
    };
    int64_t at_ms = 77;

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++)
        CHECK_ROW(!instant_parse(rows[i], &at_ms) && at_ms == 77, rows[i]);
    assert_false(instant_parse(NULL, &at_ms));
}

static void
instants_are_read(void **state)
{
    static const struct {
        const char *text;
        int64_t at_ms;
        const char *printed;
    } rows[] = {
        {"1970-01-01T00:00:00Z", 0, "1970-01-01T00:00:00.000Z"},
        {"1970-01-01T00:00:00.001Z", 1, "1970-01-01T00:00:00.001Z"},
        {"1969-12-31T23:59:59.999Z", -1, "1969-12-31T23:59:59.999Z"},
        {"1970-01-01T07:00:00+07:00", 0, "1970-01-01T00:00:00.000Z"},
        {"2026-11-24T03:00:00.123999Z", INT64_C(1795489200123), "2026-11-24T03:00:00.123Z"},
        {"2026-11-24t03:00:00.5z", INT64_C(1795489200500), "2026-11-24T03:00:00.500Z"},
        {"2026-11-23T20:30:00-06:30", INT64_C(1795489200000), "2026-11-24T03:00:00.000Z"},
        {"2026-11-24T03:00:00-00:00", INT64_C(1795489200000), "2026-11-24T03:00:00.000Z"},
        {"0001-01-01T00:00:00Z", INT64_C(-62135596800000), "0001-01-01T00:00:00.000Z"},
        {"9999-12-31T23:59:59.999Z", INT64_C(253402300799999), "9999-12-31T23:59:59.999Z"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        char text[INSTANT_TEXT_SIZE];
        int64_t at_ms = 0;

        CHECK_ROW(instant_parse(rows[i].text, &at_ms), rows[i].text);
        CHECK_ROW(at_ms == rows[i].at_ms, rows[i].text);
        instant_print(at_ms, text);
        CHECK_TEXT(text, rows[i].printed, rows[i].text);
    }
}

static void
the_day_depends_on_the_place(void **state)
{
    int64_t at_ms;

    (void)state;
    assert_true(instant_parse("2026-11-24T16:59:59.999Z", &at_ms));
    assert_int_equal(date_of_instant(at_ms, 420), day("2026-11-24"));
    assert_int_equal(date_of_instant(at_ms + 1, 420), day("2026-11-25"));
    assert_int_equal(date_of_instant(at_ms, 540), day("2026-11-25"));
    assert_int_equal(date_of_instant(-1, 0), -1);
    assert_int_equal(date_of_instant(0, -1), -1);
}

static void
the_clock_runs(void **state)
{
    int64_t first = time_monotonic_ms();

    (void)state;
    assert_true(time_now_ms() > INT64_C(1600000000000));
    assert_true(time_monotonic_ms() >= first);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dates_are_refused),
        cmocka_unit_test(dates_are_counted),
        cmocka_unit_test(every_day_goes_round),
        cmocka_unit_test(dates_without_text_are_clamped),
        cmocka_unit_test(ages_are_whole_years),
        cmocka_unit_test(months_are_added),
        cmocka_unit_test(instants_are_refused),
        cmocka_unit_test(instants_are_read),
        cmocka_unit_test(the_day_depends_on_the_place),
        cmocka_unit_test(the_clock_runs),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
