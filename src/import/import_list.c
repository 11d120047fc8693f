/* import_list.c: lines for people: where in the file, what is wrong, what to do. */
#include "import/import_list.h"

#include <stdlib.h>
#include <string.h>

#include "lumbung/base/text.h"
#include "lumbung/export.h"

void
import_list_head(struct buffer *errors)
{
    buffer_add(errors, "line,column,value,reason,remedy\r\n");
}

void
import_list_add(struct buffer *errors, const struct contradiction *line)
{
    const char *const cells[] = {line->column, line->value, line->reason, line->remedy};
    buffer_int(errors, line->line);
    for (size_t i = 0; i < 4; i++) {
        buffer_char(errors, ',');
        export_csv_text(errors, cells[i]);
    }
    buffer_add(errors, "\r\n");
}

/* The column behind a pointer ("/members/2/name" is looked up among the member's fields), and the row of the file that it came from. */
static const struct map_field *
field_behind(const struct import_map *map, const char *pointer, size_t *ret_row)
{
    const char *inner = pointer;
    bool member = text_begins(pointer, "/members/");
    *ret_row = 0;
    if (member) {
        *ret_row = (size_t)strtoul(pointer + 9, NULL, 10);
        inner = strchr(pointer + 9, '/');
    }
    const struct map_field *fields = member ? map->member : map->household;
    size_t count = member ? map->member_count : map->household_count;
    for (size_t i = 0; inner && i < count; i++)
        if (text_equal(fields[i].pointer, inner))
            return &fields[i];
    return NULL;
}

static const char *
remedy_of(struct arena *arena, const struct map_field *field, const struct fault *fault)
{
    if (fault->code == FAULT_ONE_HEAD)
        return "name exactly one person of the household its head";
    if (field == NULL)
        return arena_format(arena, "map a column or a constant to %s", fault->pointer);
    if (field->source == MAP_CONST)
        return arena_format(arena, "change the constant of %s in the map", field->path);
    return arena_format(arena, "correct the cell, or map it in values.%s", field->path);
}

static void
list_fault(struct buffer *errors, struct arena *arena, const struct import_map *map, const struct import_row *rows, size_t row_count, const struct fault *fault)
{
    size_t at = 0;
    const struct map_field *field = field_behind(map, fault->pointer, &at);
    const struct import_row *row = &rows[at < row_count ? at : 0];
    struct buffer text;
    buffer_init(&text, arena);
    fault_print(&text, fault, LANGUAGE_EN);
    struct contradiction line = {.line = row->line, .column = field && field->column_name ? field->column_name : fault->pointer,
                                 .value = field ? import_map_text(arena, map, field, row->cells, row->count) : NULL, .reason = buffer_text(&text),
                                 .remedy = remedy_of(arena, field, fault)};
    import_list_add(errors, &line);
}

void
import_list_error(struct buffer *errors, struct arena *arena, const struct import_map *map, const struct import_row *rows, size_t row_count,
                  const struct error *error)
{
    for (size_t i = 0; i < error->fault_count; i++)
        list_fault(errors, arena, map, rows, row_count, &error->faults[i]);
    if (error->fault_count > 0)
        return;
    struct buffer text;
    buffer_init(&text, arena);
    error_print(&text, error, LANGUAGE_EN);
    import_list_add(errors, &(struct contradiction){.line = rows[0].line, .reason = buffer_text(&text),
                                                    .remedy = "change the row as the reason says, then import it again"});
}

/* --- sums ----------------------------------------------------------------------------------------------------------------------------- */

void
import_sums_add(struct import_sums *sums, enum import_part part, const struct json *household, size_t persons)
{
    const char *region = json_get_text(household, "region");
    const struct json *members = json_get(household, "members");
    sums->items = arena_grow(sums->arena, sums->items, sums->count, &sums->capacity, sizeof *sums->items);
    struct import_sum *sum = &sums->items[sums->count++];
    *sum = (struct import_sum){.region = arena_text(sums->arena, region ? region : ""), .part = part, .households = 1, .persons = (int64_t)persons};
    for (size_t i = 0; members && i < members->count; i++) {
        const char *sex = json_get_text(members->items[i], "sex");
        if (text_equal(sex, "F") || text_equal(sex, "M") || text_equal(sex, "X"))
            sum->sexes[sex[0] == 'F' ? 0 : sex[0] == 'M' ? 1 : 2]++;
    }
}

static int
by_region_and_part(const void *left, const void *right)
{
    const struct import_sum *one = left, *other = right;
    int order = strcmp(one->region, other->region);
    return order != 0 ? order : (int)one->part - (int)other->part;
}

/* Adds up the run of equal regions and parts that begins at `first`; gives where the next begins. */
static size_t
add_run(const struct import_sums *sums, size_t first, struct import_sum *ret_sum)
{
    size_t at = first;
    *ret_sum = sums->items[first];
    while (++at < sums->count && by_region_and_part(ret_sum, &sums->items[at]) == 0) {
        ret_sum->households += sums->items[at].households;
        ret_sum->persons += sums->items[at].persons;
        for (size_t i = 0; i < 3; i++)
            ret_sum->sexes[i] += sums->items[at].sexes[i];
    }
    return at;
}

void
import_sums_print(const struct import_sums *sums, struct buffer *csv)
{
    static const char *const parts[] = {"in", "known", "refused"};
    struct import_sum sum;
    if (sums->count > 0)
        qsort(sums->items, sums->count, sizeof *sums->items, by_region_and_part);
    buffer_add(csv, "region,part,households,persons,F,M,X,other\r\n");
    for (size_t at = 0; at < sums->count;) {
        at = add_run(sums, at, &sum);
        export_csv_text(csv, sum.region);
        buffer_format(csv, ",%s,%lld,%lld,%lld,%lld,%lld,%lld\r\n", parts[sum.part], (long long)sum.households, (long long)sum.persons,
                      (long long)sum.sexes[0], (long long)sum.sexes[1], (long long)sum.sexes[2],
                      (long long)(sum.persons - sum.sexes[0] - sum.sexes[1] - sum.sexes[2]));
    }
}
