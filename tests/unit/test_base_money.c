/* test_base_money.c: arithmetic at the edges, splits that lose nothing, texts. */
#include "check.h"

#include "lumbung/base/money.h"

static void
overflow_is_refused(void **state)
{
    int64_t value = 77;

    (void)state;
    assert_false(money_add(INT64_MAX, 1, &value));
    assert_false(money_add(INT64_MIN, -1, &value));
    assert_false(money_subtract(INT64_MIN, 1, &value));
    assert_false(money_subtract(0, INT64_MIN, &value));
    assert_false(money_subtract(INT64_MAX, -1, &value));
    assert_false(money_multiply(INT64_MAX, 2, &value));
    assert_false(money_multiply(INT64_MIN, -1, &value));
    assert_false(money_multiply(INT64_C(4294967296), INT64_C(2147483648), &value));
    assert_int_equal(value, 77);
    assert_true(money_add(INT64_MAX, 0, &value) && value == INT64_MAX);
    assert_true(money_subtract(-1, INT64_MAX, &value) && value == INT64_MIN);
    assert_true(money_multiply(75000000, 4, &value) && value == 300000000);
}

static void
splits_lose_nothing(void **state)
{
    static const struct {
        int64_t amount;
        int64_t step;
        int parts;
        int64_t first;
        int64_t last;
    } rows[] = {
        {100000, 100, 3, 33300, 33400}, {90000000, 100, 3, 30000000, 30000000}, {100, 100, 3, 0, 100},  {0, 100, 5, 0, 0},
        {1000, 1, 3, 333, 334},         {75000000, 100, 1, 75000000, 75000000}, {99, 100, 2, 0, 99},    {2000050, 100, 4, 500000, 500050},
        {INT64_MAX, 100, 2, INT64_C(4611686018427387900), INT64_C(4611686018427387907)},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        int64_t sum = 0;

        for (int index = 0; index < rows[i].parts; index++)
            sum += money_split(rows[i].amount, rows[i].step, rows[i].parts, index);
        assert_int_equal(sum, rows[i].amount);
        if (rows[i].parts > 1)
            assert_int_equal(money_split(rows[i].amount, rows[i].step, rows[i].parts, 0), rows[i].first);
        assert_int_equal(money_split(rows[i].amount, rows[i].step, rows[i].parts, rows[i].parts - 1), rows[i].last);
    }
}

static void
currencies_are_known(void **state)
{
    static const char *const unknown[] = {"", "idr", "ID", "IDRR", "RP", "XYX", "000", "ZZZ"};
    static const struct {
        const char *code;
        int exponent;
        int64_t step;
    } known[] = {{"IDR", 2, 100}, {"USD", 2, 1}, {"EUR", 2, 1}, {"JPY", 0, 1}, {"KWD", 3, 1}, {"AED", 2, 1}, {"ZMW", 2, 1}, {"VND", 0, 1}, {"CLF", 4, 1}};

    (void)state;
    for (size_t i = 0; i < COUNT(unknown); i++)
        CHECK_ROW(currency_find(unknown[i]) == NULL, unknown[i]);
    assert_null(currency_find(NULL));
    for (size_t i = 0; i < COUNT(known); i++) {
        const struct currency *currency = currency_find(known[i].code);

        CHECK_ROW(currency && currency->exponent == known[i].exponent && currency->step == known[i].step, known[i].code);
    }
}

static void
amounts_are_printed(void **state)
{
    static const struct {
        int64_t amount;
        const char *currency;
        const char *id;
        const char *en;
    } rows[] = {
        {75000000, "IDR", "Rp750.000", "Rp750,000"},     {0, "IDR", "Rp0", "Rp0"},
        {100, "IDR", "Rp1", "Rp1"},                      {99900, "IDR", "Rp999", "Rp999"},
        {100000, "IDR", "Rp1.000", "Rp1,000"},           {150, "IDR", "Rp1,50", "Rp1.50"},
        {5, "IDR", "Rp0,05", "Rp0.05"},                  {-75000000, "IDR", "−Rp750.000", "−Rp750,000"},
        {1250, "EUR", "EUR 12,50", "EUR 12.50"},           {1200, "EUR", "EUR 12,00", "EUR 12.00"},
        {1234567, "JPY", "JPY 1.234.567", "JPY 1,234,567"}, {1234567, "KWD", "KWD 1.234,567", "KWD 1,234.567"},
        {INT64_MIN, "IDR", "−Rp92.233.720.368.547.758,08", "−Rp92,233,720,368,547,758.08"},
        {12345, "ZZZ", "ZZZ 12.345", "ZZZ 12,345"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct arena *arena = arena_create();
        struct buffer buffer;

        buffer_init(&buffer, arena);
        money_print(&buffer, rows[i].amount, rows[i].currency, LANGUAGE_ID);
        CHECK_TEXT(buffer_text(&buffer), rows[i].id, rows[i].en);
        buffer_init(&buffer, arena);
        money_print(&buffer, rows[i].amount, rows[i].currency, LANGUAGE_EN);
        CHECK_TEXT(buffer_text(&buffer), rows[i].en, rows[i].en);
        arena_destroy(arena);
    }
}

static void
decimals_are_refused(void **state)
{
    static const char *const rows[] = {
        "", "-1", "+1", " 1", "1 ", "1,5", "1.500,00", "1.", ".5", "1.234", "1..5", "1.5.0", "1e3", "0x10", "Rp1", "NaN", "abc",
        "92233720368547758.08", "9223372036854775808", "99999999999999999999", "\xd9\xa1", "1\n",
    };
    int64_t minor = 77;

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++)
        CHECK_ROW(!money_parse_decimal(rows[i], currency_find("IDR"), &minor) && minor == 77, rows[i]);
    assert_false(money_parse_decimal(NULL, currency_find("IDR"), &minor));
    assert_false(money_parse_decimal("1.0", currency_find("JPY"), &minor));
}

static void
decimals_go_round(void **state)
{
    static const struct {
        const char *text;
        const char *currency;
        int64_t minor;
        const char *plain;
        const char *full;
    } rows[] = {
        {"750000", "IDR", 75000000, "750000", "750000.00"}, {"750000.00", "IDR", 75000000, "750000", "750000.00"},
        {"0", "IDR", 0, "0", "0.00"},                       {"0.05", "IDR", 5, "0.05", "0.05"},
        {"1.5", "IDR", 150, "1.50", "1.50"},                {"007", "IDR", 700, "7", "7.00"},
        {"12", "JPY", 12, "12", "12"},                      {"1.234", "KWD", 1234, "1.234", "1.234"},
        {"92233720368547758.07", "IDR", INT64_MAX, "92233720368547758.07", "92233720368547758.07"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        const struct currency *currency = currency_find(rows[i].currency);
        struct arena *arena = arena_create();
        struct buffer buffer;
        int64_t minor = 0;

        CHECK_ROW(money_parse_decimal(rows[i].text, currency, &minor) && minor == rows[i].minor, rows[i].text);
        buffer_init(&buffer, arena);
        money_print_decimal(&buffer, minor, currency, false);
        CHECK_TEXT(buffer_text(&buffer), rows[i].plain, rows[i].text);
        buffer_init(&buffer, arena);
        money_print_decimal(&buffer, minor, currency, true);
        CHECK_TEXT(buffer_text(&buffer), rows[i].full, rows[i].text);
        arena_destroy(arena);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(overflow_is_refused), cmocka_unit_test(splits_lose_nothing),  cmocka_unit_test(currencies_are_known),
        cmocka_unit_test(amounts_are_printed), cmocka_unit_test(decimals_are_refused), cmocka_unit_test(decimals_go_round),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
