/* need_hide.c: hides small cells; then, wherever a sum would give a hidden part away, one more, until no sum does. */
#include "need/need_hide.h"

/* A sum and its parts, as cells of one figure. */
struct sum {
    struct need_cell *total;
    struct need_cell *first; /* parts stand `step` cells apart */
    size_t step, count;
};

static struct need_cell *
part_at(const struct sum *sum, size_t number)
{
    return sum->first + number * sum->step;
}

static struct need_cell *
smallest_shown(const struct sum *sum, enum need_figure figure)
{
    struct need_cell *smallest = NULL;
    for (size_t i = 0; i < sum->count; i++) {
        struct need_cell *part = part_at(sum, i);
        if (!part->hidden[figure] && part->value[figure] > 0 && (smallest == NULL || part->value[figure] < smallest->value[figure]))
            smallest = part;
    }
    return smallest;
}

/* Who knows a shown total knows the sum of what is hidden: it must leave room, each of them being at least one. A total that is hidden must not come out
 * of parts that show, and needs the same room: what stands beside it further up may be small. */
static bool
is_safe(const struct sum *sum, enum need_figure figure)
{
    size_t hidden = 0;
    int64_t value = 0;
    for (size_t i = 0; i < sum->count; i++)
        if (part_at(sum, i)->hidden[figure] && part_at(sum, i)->value[figure] > 0) {
            hidden++;
            value += part_at(sum, i)->value[figure];
        }
    bool has_room = value >= (int64_t)hidden + NEED_SMALL - 1;
    if (sum->total->hidden[figure])
        return (hidden > 0 && has_room) || sum->total->value[figure] == 0;
    return hidden == 0 || (hidden > 1 && has_room);
}

/* Covered and gap hide each other, and need when one of them alone would be left to be taken from it: they always go together. */
static void
hide(struct need_cell *cell, enum need_figure figure)
{
    cell->hidden[figure] = true;
    if (figure == NEED_NEED || figure == NEED_COVERED || figure == NEED_GAP)
        cell->hidden[NEED_COVERED] = cell->hidden[NEED_GAP] = true;
}

static bool
make_safe(const struct sum *sum, enum need_figure figure)
{
    if (is_safe(sum, figure))
        return false;
    struct need_cell *cell = smallest_shown(sum, figure);
    if (cell == NULL && sum->total->hidden[figure])
        return false; /* all is hidden that can be */
    hide(cell ? cell : sum->total, figure);
    return true;
}

static bool
make_row_safe(struct need_cell *row, enum need_figure figure)
{
    const struct sum sums[] = {{&row[NEED_ALL], &row[NEED_GROUP_FEMALE], 1, 3}, {&row[NEED_ALL], &row[NEED_GROUP_UNDER_5], 1, 4}, {&row[NEED_ALL], &row[NEED_GROUP_DISABLED], 1, 2}};
    bool changed = false;
    for (size_t i = 0; i < sizeof sums / sizeof sums[0]; i++)
        changed = make_safe(&sums[i], figure) || changed;
    return changed;
}

static bool
make_columns_safe(struct need_cell *cells, size_t rows, enum need_figure figure)
{
    bool changed = false;
    for (size_t group = 0; group < NEED_GROUPS && rows > 1; group++) {
        struct sum sum = {&cells[group], &cells[NEED_GROUPS + group], NEED_GROUPS, rows - 1};
        changed = make_safe(&sum, figure) || changed;
    }
    return changed;
}

void
need_hide(struct need_cell *cells, size_t rows)
{
    bool changed = true;
    for (size_t i = 0; i < rows * NEED_GROUPS; i++)
        for (enum need_figure figure = NEED_PEOPLE; figure < NEED_FIGURES; figure++)
            if (cells[i].value[figure] > 0 && cells[i].value[figure] < NEED_SMALL)
                hide(&cells[i], figure);
    while (changed) {
        changed = false;
        for (enum need_figure figure = NEED_PEOPLE; figure < NEED_FIGURES; figure++) {
            for (size_t i = 0; i < rows; i++)
                changed = make_row_safe(&cells[i * NEED_GROUPS], figure) || changed;
            changed = make_columns_safe(cells, rows, figure) || changed;
        }
    }
}
