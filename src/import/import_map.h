/* import_map.h: a mapping, resolved against the head of a file. */
#ifndef LUMBUNG_IMPORT_MAP_H
#define LUMBUNG_IMPORT_MAP_H

#include <stdbool.h>

#include "import/csv.h"
#include "lumbung/import.h"

#define MAP_COLUMNS_MAX 8
/* How a field gets its value: one column, a constant, several columns added up, or several put together with blanks. */
enum map_source { MAP_COLUMN, MAP_CONST, MAP_SUM, MAP_JOIN };

struct map_field {
    const char *path;       /* "consent.basis", "other_ids.0.value" */
    const char *pointer;    /* "/consent/basis" */
    enum map_source source;
    size_t columns[MAP_COLUMNS_MAX];
    size_t column_count;    /* 0 for a constant */
    const char *column_name; /* for people: "males + boys" */
    const struct json *constant;
    int kind;               /* enum field_kind of the target */
    const struct json *values; /* words of the file to words of ours; NULL */
};

struct import_map {
    struct map_field *household, *member;
    size_t household_count, member_count;
    size_t group_columns[8];
    size_t group_count;
    bool row_is_member;
    char delimiter;
    const char *date_format; /* "DD-MM-YYYY" and the like; NULL: YYYY-MM-DD */
};

FALLIBLE struct error *import_map_read(struct arena *arena, const struct json *map, const char *const *head, size_t head_count, struct import_map *ret_map);
char import_map_delimiter(const struct json *map);
/* The field's text in a row as the file has it: a cell, a sum, or cells together. */
const char *import_map_text(struct arena *arena, const struct map_field *field, const char *const *cells, size_t count);
/* The JSON value for a row (blanks cut, values mapped, dates turned); NULL for an empty cell. */
struct json *import_map_value(struct arena *arena, const struct import_map *map, const struct map_field *field, const char *const *cells, size_t count);
/* Sets a dotted path in an object, making what is on the way; a number on the way is an array's index. A constant makes no new entry of an array:
 * it completes the one that a column began. */
void import_map_set(struct arena *arena, struct json *object, const char *path, struct json *value, bool is_constant);

#endif
