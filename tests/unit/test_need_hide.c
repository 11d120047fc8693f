/* test_need_hide.c: no small cell shows, and none can be told from the sums of a table, whatever the table. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "need/need_hide.h"

#define ROWS_MAX 9

static uint32_t seed;

static int64_t
draw(int64_t below)
{
    seed = seed * 1664525u + 1013904223u;
    return (int64_t)(seed >> 8) % below;
}

/* A number split over parts, often into small ones. */
static void
split(int64_t total, struct need_cell *first, size_t count, enum need_figure figure)
{
    for (size_t i = 0; i < count; i++) {
        int64_t part = i + 1 == count ? total : draw(total + 1);
        first[i].value[figure] = part;
        total -= part;
    }
}

static void
fill_row(struct need_cell *row)
{
    static const int64_t most[] = {3, 8, 40, 400};
    for (enum need_figure figure = NEED_PEOPLE; figure < NEED_FIGURES; figure++) {
        if (figure == NEED_NEED)
            continue;
        row[NEED_ALL].value[figure] = draw(4) == 0 ? 0 : draw(most[draw(4)]);
        row[NEED_HOUSEHOLDS].value[figure] = draw(6);
        split(row[NEED_ALL].value[figure], &row[NEED_GROUP_FEMALE], 3, figure);
        split(row[NEED_ALL].value[figure], &row[NEED_GROUP_UNDER_5], 4, figure);
        split(row[NEED_ALL].value[figure], &row[NEED_GROUP_DISABLED], 2, figure);
    }
    for (size_t group = 0; group < NEED_GROUPS; group++)
        row[group].value[NEED_NEED] = row[group].value[NEED_COVERED] + row[group].value[NEED_GAP];
}

static void
fill(struct need_cell *cells, size_t rows)
{
    memset(cells, 0, rows * NEED_GROUPS * sizeof *cells);
    for (size_t i = rows > 1 ? 1 : 0; i < rows; i++) {
        fill_row(&cells[i * NEED_GROUPS]);
        for (size_t j = 0; j < NEED_GROUPS && i > 0; j++)
            for (size_t figure = 0; figure < NEED_FIGURES; figure++)
                cells[j].value[figure] += cells[i * NEED_GROUPS + j].value[figure];
    }
}

/* What a reader of the table knows of a sum: with its total, the hidden parts together; at least one each. */
static void
check_sum(const struct need_cell *total, const struct need_cell *first, size_t step, size_t count, size_t figure)
{
    int64_t left = 0, hidden = 0;
    for (size_t i = 0; i < count; i++)
        if (first[i * step].hidden[figure] && first[i * step].value[figure] > 0) {
            left += first[i * step].value[figure];
            hidden++;
        }
    if (!total->hidden[figure]) {
        assert_true(hidden != 1);
        assert_true(hidden == 0 || left > hidden); /* else all of them are one */
    } else if (total->value[figure] > 0) {
        assert_true(hidden > 0);
    }
}

static void
check(const struct need_cell *cells, size_t rows)
{
    for (size_t figure = 0; figure < NEED_FIGURES; figure++) {
        for (size_t i = 0; i < rows * NEED_GROUPS; i++) {
            assert_true(cells[i].hidden[figure] || cells[i].value[figure] == 0 || cells[i].value[figure] >= NEED_SMALL);
            assert_true(cells[i].hidden[NEED_COVERED] == cells[i].hidden[NEED_GAP]);
            assert_true(!cells[i].hidden[NEED_NEED] || cells[i].hidden[NEED_GAP]);
        }
        for (size_t i = 0; i < rows; i++) {
            const struct need_cell *row = &cells[i * NEED_GROUPS];
            check_sum(&row[NEED_ALL], &row[NEED_GROUP_FEMALE], 1, 3, figure);
            check_sum(&row[NEED_ALL], &row[NEED_GROUP_UNDER_5], 1, 4, figure);
            check_sum(&row[NEED_ALL], &row[NEED_GROUP_DISABLED], 1, 2, figure);
        }
        for (size_t group = 0; group < NEED_GROUPS && rows > 1; group++)
            check_sum(&cells[group], &cells[NEED_GROUPS + group], NEED_GROUPS, rows - 1, figure);
    }
}

static void
no_table_gives_a_small_cell_away(void **state)
{
    (void)state;
    struct need_cell cells[ROWS_MAX * NEED_GROUPS];
    for (seed = 1; seed < 2000000000u && seed != 0;) {
        uint32_t start = seed;
        size_t rows = 1 + (size_t)draw(ROWS_MAX);
        if (rows == 2)
            rows = 3; /* a single area below another is the other */
        fill(cells, rows);
        need_hide(cells, rows);
        check(cells, rows);
        seed = start + 700001;
    }
}

static void
a_lone_small_cell_takes_the_next_with_it(void **state)
{
    (void)state;
    struct need_cell cells[4 * NEED_GROUPS] = {0};
    static const int64_t figures[] = {73, 3, 20, 50};
    for (size_t i = 0; i < 4; i++)
        cells[i * NEED_GROUPS + NEED_HOUSEHOLDS].value[NEED_PEOPLE] = figures[i];
    need_hide(cells, 4);
    static const bool hidden[] = {false, true, true, false};
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(cells[i * NEED_GROUPS + NEED_HOUSEHOLDS].hidden[NEED_PEOPLE], hidden[i]);
}

static void
what_is_hidden_above_cannot_be_added_up_below(void **state)
{
    (void)state;
    struct need_cell cells[3 * NEED_GROUPS] = {0};
    static const int64_t figures[] = {30, 10, 20};
    for (size_t i = 0; i < 3; i++)
        cells[i * NEED_GROUPS + NEED_HOUSEHOLDS].value[NEED_PEOPLE] = figures[i];
    cells[NEED_HOUSEHOLDS].hidden[NEED_PEOPLE] = true;
    need_hide(cells, 3);
    assert_true(cells[NEED_GROUPS + NEED_HOUSEHOLDS].hidden[NEED_PEOPLE]);
    assert_false(cells[2 * NEED_GROUPS + NEED_HOUSEHOLDS].hidden[NEED_PEOPLE]);
}

static void
need_hides_what_it_is_the_sum_of(void **state)
{
    (void)state;
    struct need_cell cell[NEED_GROUPS] = {[NEED_HOUSEHOLDS] = {.value = {60, 50, 40, 38, 2}}};
    need_hide(cell, 1);
    static const bool hidden[NEED_FIGURES] = {[NEED_COVERED] = true, [NEED_GAP] = true};
    for (size_t i = 0; i < NEED_FIGURES; i++)
        assert_int_equal(cell[NEED_HOUSEHOLDS].hidden[i], hidden[i]);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_table_gives_a_small_cell_away), cmocka_unit_test(a_lone_small_cell_takes_the_next_with_it),
        cmocka_unit_test(what_is_hidden_above_cannot_be_added_up_below), cmocka_unit_test(need_hides_what_it_is_the_sum_of),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
