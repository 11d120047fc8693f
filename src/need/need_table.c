/* need_table.c: counts areas and what lies directly below; what is hidden above stays hidden below, whichever way somebody comes down. */
#include "need/need_table.h"

#include <string.h>

static void
fill_cells(struct need_row *row)
{
    const struct need_sums *sums = &row->counts.plain;
    for (size_t category = 0; category < NEED_CATEGORIES; category++)
        for (size_t group = 0; group < NEED_GROUPS; group++) {
            int64_t need = sums->need[category].lane[group], covered = sums->covered[category].lane[group];
            row->cells[category][group] = (struct need_cell){.value = {sums->people.lane[group], sums->known[category].lane[group], need, covered, need - covered}};
        }
}

static struct need_row *
add_row(struct need_table *table, struct need_index *index, size_t place, int32_t as_of)
{
    struct need_row *row = &table->rows[table->count++];
    *row = (struct need_row){.place = &index->places[place]};
    need_index_count(index, place, index->places[place].run, as_of, &row->counts);
    return row;
}

/* An area is the sum of its children, and of whoever lives in it but in none of them. */
static void
add_below(struct need_table *table, struct need_index *index, size_t place, int32_t as_of)
{
    size_t end = place + index->places[place].run;
    struct need_row *whole = &table->rows[table->count++], own = {.place = &index->places[place], .own = true};
    *whole = (struct need_row){.place = &index->places[place]};
    for (size_t at = place + 1; at < end; at += index->places[at].run)
        need_counts_add(&whole->counts, &add_row(table, index, at, as_of)->counts);
    need_index_count(index, place, 1, as_of, &own.counts);
    need_counts_add(&whole->counts, &own.counts);
    if (table->count > 1 && own.counts.plain.people.lane[NEED_HOUSEHOLDS] > 0)
        table->rows[table->count++] = own;
}

static size_t
rows_below(const struct need_index *index, size_t place)
{
    size_t count = 0;
    for (size_t at = place + 1; at < place + index->places[place].run; at += index->places[at].run)
        count++;
    return count;
}

static void
count_areas(struct arena *arena, struct need_index *index, const size_t *places, size_t place_count, int32_t as_of, struct need_table *ret_table)
{
    size_t rows = 2 + (place_count == 1 ? rows_below(index, places[0]) : place_count);
    struct need_table table = {ARENA_ARRAY(arena, struct need_row, rows), 0};
    if (place_count == 1) {
        add_below(&table, index, places[0], as_of);
    } else {
        table.rows[table.count++] = (struct need_row){0};
        for (size_t i = 0; i < place_count; i++) {
            need_counts_add(&table.rows[0].counts, &add_row(&table, index, places[i], as_of)->counts);
        }
    }
    for (size_t i = 0; i < table.count; i++)
        fill_cells(&table.rows[i]);
    *ret_table = table;
}

static void
hide_all(struct arena *arena, struct need_table *table)
{
    struct need_cell *cells = ARENA_ARRAY(arena, struct need_cell, table->count * NEED_GROUPS);
    for (size_t category = 0; category < NEED_CATEGORIES; category++) {
        for (size_t i = 0; i < table->count; i++)
            memcpy(&cells[i * NEED_GROUPS], table->rows[i].cells[category], sizeof table->rows[i].cells[category]);
        need_hide(cells, table->count);
        for (size_t i = 0; i < table->count; i++)
            memcpy(table->rows[i].cells[category], &cells[i * NEED_GROUPS], sizeof table->rows[i].cells[category]);
    }
}

static void
keep_hidden(struct need_row *row, const struct need_row *above)
{
    for (size_t category = 0; category < NEED_CATEGORIES; category++)
        for (size_t group = 0; group < NEED_GROUPS; group++)
            memcpy(row->cells[category][group].hidden, above->cells[category][group].hidden, sizeof above->cells[category][group].hidden);
}

/* All roots of the tree: where the way down begins for everybody. */
static size_t
find_roots(struct arena *arena, struct need_index *index, size_t **ret_roots)
{
    size_t count = 0;
    *ret_roots = ARENA_ARRAY(arena, size_t, index->place_count + 1);
    for (size_t at = 0; at < index->place_count; at += index->places[at].run)
        (*ret_roots)[count++] = at;
    return count;
}

/* The area's row as it shows in the table above it. */
static void
hide_as_above(struct arena *arena, struct need_index *index, size_t place, int32_t as_of, struct need_row *row)
{
    size_t parent = index->places[place].parent, *places = &parent, count = 1;
    struct need_table table;
    if (parent == SIZE_MAX)
        count = find_roots(arena, index, &places);
    if (count == 1 && places[0] == place)
        return; /* the one root: nothing stands above it */
    need_table_make(arena, index, places, count, as_of, true, &table);
    for (size_t i = 1; i < table.count; i++)
        if (table.rows[i].place == &index->places[place] && !table.rows[i].own)
            keep_hidden(row, &table.rows[i]);
}

void
need_table_make(struct arena *arena, struct need_index *index, const size_t *places, size_t place_count, int32_t as_of, bool hides, struct need_table *ret_table)
{
    count_areas(arena, index, places, place_count, as_of, ret_table);
    if (!hides)
        return;
    if (place_count == 1)
        hide_as_above(arena, index, places[0], as_of, &ret_table->rows[0]);
    else
        for (size_t i = 1; i < ret_table->count; i++) /* the roots of the tree have nothing above them */
            if (index->places[places[i - 1]].parent != SIZE_MAX)
                hide_as_above(arena, index, places[i - 1], as_of, &ret_table->rows[i]);
    hide_all(arena, ret_table);
}
