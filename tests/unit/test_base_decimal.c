/* test_base_decimal.c: decimals are read, added, multiplied and compared to the last digit, or refused. */
#include "check.h"

#include "lumbung/base/decimal.h"

static void
texts_read_and_refused(void **state)
{
    (void)state;
    static const struct { const char *text, *printed; } rows[] = { /* NULL: refused */
        {"0", "0"}, {"-0", "0"}, {"39.84", "39.84"}, {"-2.85", "-2.85"}, {"6.50", "6.5"}, {"007", "7"}, {"0.05", "0.05"}, {"-0.05", "-0.05"},
        {"88.3926469480588", "88.3926469480588"}, {"99.9999860474900", "99.99998604749"}, {"9.99961000842664e-05", "0.0000999961000842664"},
        {"1e2", "100"}, {"1.5E+1", "15"}, {"999999999999999999", "999999999999999999"}, {"0.000000000000000001", "0.000000000000000001"},
        {"1000000000000000000", NULL}, {"1.0000000000000000001", NULL}, {"1e-31", NULL}, {"1e19", NULL}, {"1e99", NULL}, {"", NULL}, {"-", NULL}, {".5", NULL},
        {"5.", NULL}, {"1,5", NULL}, {"1.5.1", NULL}, {"+1", NULL}, {" 1", NULL}, {"1 ", NULL}, {"0x1", NULL}, {"1e", NULL}, {"1e-", NULL}, {"nan", NULL}, {"--1", NULL},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct decimal decimal;
        char text[DECIMAL_TEXT_SIZE];
        bool read = decimal_parse(rows[i].text, &decimal);
        CHECK_ROW(read == (rows[i].printed != NULL), rows[i].text);
        if (read) {
            decimal_print(decimal, text);
            CHECK_TEXT(text, rows[i].printed, rows[i].text);
        }
    }
    assert_false(decimal_parse(NULL, &(struct decimal){0, 0}));
}

static struct decimal
of(const char *text)
{
    struct decimal decimal = {0, 0};
    assert_true(decimal_parse(text, &decimal));
    return decimal;
}

static void
sums_and_products_are_exact(void **state)
{
    (void)state;
    static const struct { const char *left, *right, *sum, *product; } rows[] = { /* NULL: too many digits */
        {"0.1", "0.2", "0.3", "0.02"}, {"39.84", "-2.85", "36.99", "-113.544"}, {"1", "-1", "0", "-1"}, {"-9.76", "3", "-6.76", "-29.28"},
        {"999999999999999999", "999999999999999999", "1999999999999999998", NULL}, {"9000000000.5", "0.5", "9000000001", "4500000000.25"},
        {"0.000000000000000001", "0.000000000000001", "0.000000000000001001", NULL}, {"900000000000000000", "0.00000000000000000001", NULL, "0.009"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct decimal result;
        char text[DECIMAL_TEXT_SIZE];
        CHECK_ROW(decimal_add(of(rows[i].left), of(rows[i].right), &result) == (rows[i].sum != NULL), rows[i].left);
        if (rows[i].sum) {
            decimal_print(result, text);
            CHECK_TEXT(text, rows[i].sum, rows[i].left);
        }
        CHECK_ROW(decimal_multiply(of(rows[i].left), of(rows[i].right), &result) == (rows[i].product != NULL), rows[i].left);
        if (rows[i].product) {
            decimal_print(result, text);
            CHECK_TEXT(text, rows[i].product, rows[i].left);
        }
    }
}

static void
comparing_knows_the_last_digit(void **state)
{
    (void)state;
    static const struct { const char *left, *right; int order; } rows[] = {
        {"40", "40.0", 0}, {"40", "40.000000000000001", -1}, {"40.01", "40", 1}, {"-1", "1", -1}, {"-0.1", "-0.2", 1}, {"0", "0", 0},
        {"999999999999999999", "0.0000000000000000000000001", 1}, {"-999999999999999999", "0.0000000000000000000000001", -1},
        {"0.0000000000000000000000001", "999999999999999999", -1}, {"-0.0000000000000000000000001", "-999999999999999999", 1},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        int order = decimal_compare(of(rows[i].left), of(rows[i].right));
        CHECK_ROW((order > 0) - (order < 0) == rows[i].order, rows[i].left);
    }
}

static void
reals_are_what_was_typed(void **state)
{
    (void)state;
    static const struct { double real; const char *printed; } rows[] = {{2.5, "2.5"}, {0.1, "0.1"}, {-39.84, "-39.84"}, {0.1 + 0.2, "0.3"}, {1e300, NULL}, {1.0 / 0.0, NULL}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct decimal decimal;
        char text[DECIMAL_TEXT_SIZE];
        bool read = decimal_of_real(rows[i].real, &decimal);
        CHECK_ROW(read == (rows[i].printed != NULL), rows[i].printed ? rows[i].printed : "too large");
        if (read) {
            decimal_print(decimal, text);
            CHECK_TEXT(text, rows[i].printed, rows[i].printed);
        }
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_read_and_refused), cmocka_unit_test(sums_and_products_are_exact), cmocka_unit_test(comparing_knows_the_last_digit),
        cmocka_unit_test(reals_are_what_was_typed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
