/* import_check.c: lines that disagree, counts that are not those of the lines, ages that are not those of the birth date. */
#include "import/import_check.h"

#include "lumbung/base/limits.h"
#include "lumbung/base/text.h"
#include "lumbung/base/time.h"
#include "lumbung/http/field.h"

/* --- reading the map's checks --------------------------------------------------------------------------------------------------------- */

#define CHECK_SAID "{\"agree\": [columns]}, {\"count\": column} or {\"age\": column, \"on\": day}, with \"then\": \"list\" where the household shall come in"

static const struct { const char *word; enum map_check_kind kind; } check_words[] = {{"agree", MAP_AGREE}, {"count", MAP_COUNT}, {"age", MAP_AGE}};

static bool
read_check(struct arena *arena, const struct json *json, const char *pointer, struct import_map *map, struct error **error)
{
    struct map_check check = {.refuses = !text_equal(json_get_text(json, "then"), "list")};
    const struct json *columns = NULL;
    size_t known = 0;
    for (size_t i = 0; i < sizeof check_words / sizeof check_words[0]; i++)
        if (json_get(json, check_words[i].word)) {
            columns = json_get(json, check_words[i].word);
            check.kind = check_words[i].kind;
            known++;
        }
    const char *then = json_get_text(json, "then"), *on = json_get_text(json, "on");
    if (known != 1 || columns->kind != (check.kind == MAP_AGREE ? JSON_ARRAY : JSON_TEXT) || (check.kind == MAP_AGE) != (on != NULL))
        return false;
    if ((on && !date_parse(on, &check.on)) || (then && !text_equal(then, "list") && !text_equal(then, "refuse")))
        return false;
    if (json->count != 1 + (size_t)(then != NULL) + (size_t)(on != NULL) || (check.kind == MAP_AGREE && (columns->count == 0 || columns->count > MAP_CELLS_MAX)))
        return false;
    for (size_t i = 0; i < (check.kind == MAP_AGREE ? columns->count : 1); i++)
        check.columns[check.column_count++] = import_map_column(arena, map, check.kind == MAP_AGREE ? columns->items[i] : columns, pointer, error);
    map->checks[map->check_count++] = check;
    return true;
}

void
import_map_read_checks(struct arena *arena, const struct json *checks, struct import_map *map, struct error **error)
{
    if (checks && (checks->kind != JSON_ARRAY || checks->count > MAP_CHECKS_MAX)) {
        error_add_fault(error, "/checks", FAULT_TYPE, "a list of at most 16 checks", NULL);
        return;
    }
    for (size_t i = 0; checks && i < checks->count; i++) {
        const char *pointer = arena_format(arena, "/checks/%zu", i);
        if (!read_check(arena, checks->items[i], pointer, map, error))
            error_add_fault(error, pointer, FAULT_TYPE, CHECK_SAID, NULL);
    }
}

/* --- checking the rows of a household ------------------------------------------------------------------------------------------------- */

struct checking {
    struct arena *arena;
    const struct import_map *map;
    const struct import_row *rows;
    size_t row_count, row_total;
    const struct json *members;
    struct contradictions *found;
};

static void
note(const struct checking *checking, bool refuses, const struct import_row *row, size_t column, const char *reason, const char *remedy)
{
    struct contradictions *found = checking->found;
    found->items = arena_grow(checking->arena, found->items, found->count, &found->capacity, sizeof *found->items);
    found->items[found->count++] = (struct contradiction){.line = row->line,
                                                          .column = column < checking->map->head_count ? checking->map->head[column] : NULL,
                                                          .value = column < row->count ? row->cells[column] : NULL,
                                                          .reason = reason,
                                                          .remedy = remedy,
                                                          .refuses = refuses};
}

static const char *
cell(const struct checking *checking, const struct import_row *row, size_t column)
{
    return column < row->count ? text_normalize(checking->arena, row->cells[column]) : "";
}

/* Each line that says something else than the household's first one. */
static void
check_agree(const struct checking *checking, bool refuses, size_t column)
{
    const struct import_row *first = &checking->rows[0];
    for (size_t i = 1; i < checking->row_count; i++)
        if (!text_equal(cell(checking, &checking->rows[i], column), cell(checking, first, column)))
            note(checking, refuses, &checking->rows[i], column,
                 arena_format(checking->arena, "line %lld says '%s' for the same household", (long long)first->line, cell(checking, first, column)),
                 refuses ? "make the lines of the household say the same" : "the household is in with what its first line says; ask it, then correct it");
}

/* A household that came from its first line alone must not depend on which line that is. */
static void
check_household_columns(const struct checking *checking)
{
    const struct import_map *map = checking->map;
    for (size_t i = 0; i < map->household_count; i++)
        for (size_t j = 0; j < map->household[i].cell_count; j++)
            if (map->household[i].cells[j].literal == NULL)
                check_agree(checking, true, map->household[i].cells[j].column);
}

static void
check_count(const struct checking *checking, const struct map_check *check)
{
    int64_t said = 0;
    const char *text = cell(checking, &checking->rows[0], check->columns[0]);
    if (text_is_blank(text) || (text_parse_int(text, &said) && said == (int64_t)checking->row_total))
        return;
    note(checking, check->refuses, &checking->rows[0], check->columns[0], arena_format(checking->arena, "the household has %zu lines in the file", checking->row_total),
         check->refuses ? "add the missing lines, or correct the number" : "the household is in with the people of its lines; ask who is missing");
}

/* Without a birth date the age is what is registered, and cannot disagree with it. */
static void
check_age(const struct checking *checking, const struct map_check *check)
{
    for (size_t i = 0; i < checking->row_count && i < checking->members->count; i++) {
        const struct json *member = checking->members->items[i];
        const char *birth_text = json_get_text(member, "birth_date"), *precision = json_get_text(member, "birth_date_precision");
        int32_t birth = 0;
        int64_t age = 0;
        if (!birth_text || !date_parse(birth_text, &birth) || !text_parse_int(cell(checking, &checking->rows[i], check->columns[0]), &age))
            continue;
        int year, month, day, slack = 0;
        date_to_parts(birth, &year, &month, &day);
        if (text_equal(precision, "year"))
            slack = 1;
        int years = date_years_between(slack ? date_from_parts(year, 12, 31) : birth, check->on);
        if (age >= years && age <= years + slack)
            continue;
        note(checking, check->refuses, &checking->rows[i], check->columns[0],
             arena_format(checking->arena, "who was born %.*s is %d%s then", slack ? 4 : 10, birth_text, years, slack ? arena_format(checking->arena, " or %d", years + 1) : ""),
             check->refuses ? "correct the age or the birth date" : "the person is in with the birth date; ask for a paper that shows it");
    }
}

static bool
key_is_blank(const struct checking *checking)
{
    const struct import_map *map = checking->map;
    for (size_t i = 0; i < map->key_count; i++)
        if (!text_is_blank(cell(checking, &checking->rows[0], map->key_columns[i])))
            return false;
    return map->key_count > 0;
}

void
import_check(struct arena *arena, const struct import_map *map, const struct import_row *rows, size_t row_count, size_t row_total,
             const struct json *household, struct contradictions *found)
{
    const struct checking checking = {arena, map, rows, row_count, row_total, json_get(household, "members"), found};
    if (key_is_blank(&checking)) {
        note(&checking, true, &rows[0], map->key_columns[0], arena_format(arena, "%zu lines name no household", row_total), "give each household its own key");
        return;
    }
    if (!map->row_is_member && row_total > 1) {
        note(&checking, true, &rows[row_count - 1], map->key_columns[0], arena_format(arena, "line %lld has the same key", (long long)rows[0].line),
             "leave out the line that is doubled, or give it its own key");
        return;
    }
    if (row_total > LIMIT_MEMBERS) {
        note(&checking, true, &rows[0], map->key_columns[0], arena_format(arena, "the household has %zu lines; at most %d fit", row_total, LIMIT_MEMBERS),
             "divide it into the households that it is");
        return;
    }
    check_household_columns(&checking);
    for (size_t i = 0; i < map->check_count; i++) {
        const struct map_check *check = &map->checks[i];
        switch (check->kind) {
        case MAP_AGREE:
            for (size_t j = 0; j < check->column_count; j++)
                check_agree(&checking, check->refuses, check->columns[j]);
            break;
        case MAP_COUNT: check_count(&checking, check); break;
        case MAP_AGE: check_age(&checking, check); break;
        }
    }
}
