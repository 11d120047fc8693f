/* import_map.h: a mapping, resolved against the head of a file. */
#ifndef LUMBUNG_IMPORT_MAP_H
#define LUMBUNG_IMPORT_MAP_H

#include "import/csv.h"
#include "lumbung/import.h"

struct map_field {
    const char *path;       /* "consent.basis" */
    const char *pointer;    /* "/consent/basis" */
    size_t column;          /* index, or MAP_CONST */
    const char *column_name;
    const struct json *constant;
    int kind;               /* enum field_kind of the target */
    const struct json *values; /* words of the file to words of ours; NULL */
};
#define MAP_CONST ((size_t)-1)

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
/* The JSON value of a cell (blanks cut, values mapped, dates turned); NULL for an empty cell. */
struct json *import_map_value(struct arena *arena, const struct import_map *map, const struct map_field *field, const char *cell);
/* Sets a dotted path in an object, making what is on the way. */
void import_map_set(struct arena *arena, struct json *object, const char *path, struct json *value);

#endif
