/* check.h: what every unit test includes: cmocka, and assertions that name the row of the table they fail in. */
#ifndef LUMBUNG_TESTS_CHECK_H
#define LUMBUNG_TESTS_CHECK_H

/* clang-format off: cmocka needs these four before it */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */
#include <stdbool.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Fails with the row's text. */
#define CHECK_ROW(condition, row)                                   \
    do {                                                            \
        if (!(condition))                                           \
            fail_msg("row \"%s\": %s does not hold", (row), #condition); \
    } while (0)

#define CHECK_TEXT(actual, expected, row)                                            \
    do {                                                                             \
        const char *check_actual_ = (actual);                                        \
        if (!check_actual_ || strcmp(check_actual_, (expected)) != 0)                \
            fail_msg("row \"%s\": got \"%s\", not \"%s\"", (row), check_actual_, (expected)); \
    } while (0)

#endif
