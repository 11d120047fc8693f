/* need_place.c: the tree of regions in a row, so that a subtree is a run. */
#include <stdlib.h>

#include "need/need_index.h"

struct by_id { struct id id; size_t row; };

static int
compare_id(const void *left, const void *right)
{
    return id_compare(((const struct by_id *)left)->id, ((const struct by_id *)right)->id);
}

static size_t
row_of(const struct by_id *sorted, size_t count, struct id id)
{
    size_t low = 0, high = count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = id_compare(sorted[middle].id, id);
        if (order == 0)
            return sorted[middle].row;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return SIZE_MAX;
}

/* Children of each row as chains, siblings in the order of the rows; roots are the children of `count`. */
static void
link_rows(struct arena *scratch, const struct need_region_row *rows, size_t count, size_t **ret_parent, size_t **ret_first, size_t **ret_next)
{
    struct by_id *sorted = ARENA_ARRAY(scratch, struct by_id, count + 1);
    size_t *parent = ARENA_ARRAY(scratch, size_t, count + 1), *first = ARENA_ARRAY(scratch, size_t, count + 1), *next = ARENA_ARRAY(scratch, size_t, count + 1);
    for (size_t i = 0; i < count; i++)
        sorted[i] = (struct by_id){rows[i].id, i};
    qsort(sorted, count, sizeof *sorted, compare_id);
    for (size_t i = 0; i <= count; i++)
        first[i] = SIZE_MAX;
    for (size_t i = count; i-- > 0;) {
        size_t above = row_of(sorted, count, rows[i].parent_id);
        parent[i] = above;
        above = above == SIZE_MAX ? count : above;
        next[i] = first[above];
        first[above] = i;
    }
    *ret_parent = parent;
    *ret_first = first;
    *ret_next = next;
}

void
need_index_put_places(struct need_index *index, struct arena *arena, const struct need_region_row *rows, size_t count)
{
    struct arena *scratch = arena_create();
    size_t *parent, *first, *next, filled = 0;
    size_t *position = ARENA_ARRAY(scratch, size_t, count + 1);
    struct need_place *places = ARENA_ARRAY(arena, struct need_place, count + 1);
    link_rows(scratch, rows, count, &parent, &first, &next);
    pthread_rwlock_wrlock(&index->lock);
    for (size_t at = first[count]; at != SIZE_MAX;) {
        size_t row = at;
        position[row] = filled;
        places[filled++] = (struct need_place){.id = rows[row].id, .parent_id = rows[row].parent_id, .code = rows[row].code, .kind = rows[row].kind,
                                               .name = rows[row].name, .level = rows[row].level, .number = need_index_chain(index, rows[row].id),
                                               .parent = parent[row] == SIZE_MAX ? SIZE_MAX : position[parent[row]]};
        at = first[row];
        while (at == SIZE_MAX && row != SIZE_MAX) {
            places[position[row]].run = filled - position[row];
            at = next[row];
            row = parent[row];
        }
    }
    struct arena *old = index->place_arena;
    index->place_arena = arena;
    index->places = places;
    index->place_count = filled;
    pthread_rwlock_unlock(&index->lock);
    arena_destroy(old);
    arena_destroy(scratch);
}

size_t
need_index_place(const struct need_index *index, struct id region_id)
{
    for (size_t i = 0; i < index->place_count; i++)
        if (id_equal(index->places[i].id, region_id))
            return i;
    return SIZE_MAX;
}
