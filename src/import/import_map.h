/* import_map.h: a mapping, resolved against the head of a file. */
#ifndef LUMBUNG_IMPORT_MAP_H
#define LUMBUNG_IMPORT_MAP_H

#include <stdbool.h>

#include "import/csv.h"
#include "lumbung/import.h"

#define MAP_CELLS_MAX 32
#define MAP_CHECKS_MAX 16
#define MAP_KEY_MAX 8
/* Dates as a workbook counts them: days, of which 1900-03-01 is the 61st. */
#define MAP_SERIAL_DATES "serial"
#define MAP_NO_COLUMN ((size_t)-1)

/* How a field gets its value: one column, a constant, several columns added up or put together, or the word of the column that says yes. */
enum map_source { MAP_COLUMN, MAP_CONST, MAP_SUM, MAP_JOIN, MAP_ONE_OF, MAP_FIRST_OF };

struct map_cell {
    size_t column;              /* MAP_NO_COLUMN: `literal` */
    const char *literal;
    const struct json *word;    /* of one_of and first_of: what a yes in this column means */
};
struct map_field {
    const char *path;           /* "consent.basis", "other_ids.0.value" */
    const char *pointer;        /* "/consent/basis" */
    enum map_source source;
    struct map_cell cells[MAP_CELLS_MAX];
    size_t cell_count;          /* 0 for a constant */
    const char *column_name;    /* for people: "males + boys" */
    const struct json *constant;
    const char *between;        /* what join puts between the cells */
    int64_t decimals;           /* "576.72" with 2 is 57672 */
    const struct field *field;  /* of ours; NULL in a map that is refused */
    const struct json *values;  /* words of the file to words of ours; NULL */
};

/* What the lines of one household must be to each other. */
enum map_check_kind { MAP_AGREE, MAP_COUNT, MAP_AGE };
struct map_check {
    enum map_check_kind kind;
    size_t columns[MAP_CELLS_MAX]; /* COUNT and AGE have one */
    size_t column_count;
    int32_t on;                    /* of AGE */
    bool refuses;                  /* false: the household comes in and the contradiction is listed */
};

struct import_map {
    struct map_field *household, *member;
    size_t household_count, member_count;
    size_t key_columns[MAP_KEY_MAX]; /* of group_by, or of key */
    size_t key_count;
    struct map_check checks[MAP_CHECKS_MAX];
    size_t check_count;
    bool row_is_member;
    const char *source;      /* the registration's name, by which its rows are known again; NULL: this very file */
    const char *date_format; /* "DD-MM-YYYY" and the like; NULL: YYYY-MM-DD; or MAP_SERIAL_DATES */
    const char *const *head; /* names of the file's columns */
    size_t head_count;
};

FALLIBLE struct error *import_map_read(struct arena *arena, const struct json *map, const char *const *head, size_t head_count, struct import_map *ret_map);
char import_map_delimiter(const struct json *map);
/* Adds the checks of the map to `map`; faults to *error. */
void import_map_read_checks(struct arena *arena, const struct json *checks, struct import_map *map, struct error **error);
/* MAP_NO_COLUMN, and a fault at `pointer`, when the file has no such column. */
size_t import_map_column(struct arena *arena, const struct import_map *map, const struct json *name, const char *pointer, struct error **error);
/* The length of an array index at the start of a path, with its dot; 0 when there is none. */
size_t import_map_index_length(const char *path);

/* The field's text in a row as the file has it: a cell, a sum, or cells together. */
const char *import_map_text(struct arena *arena, const struct import_map *map, const struct map_field *field, const char *const *cells, size_t count);
/* The JSON value for a row (blanks cut, values mapped, dates turned); NULL for an empty cell. */
struct json *import_map_value(struct arena *arena, const struct import_map *map, const struct map_field *field, const char *const *cells, size_t count);
/* Sets a dotted path in an object, making what is on the way; a number on the way is an array's index. A constant makes no new entry of an array:
 * it completes the one that a column began. */
void import_map_set(struct arena *arena, struct json *object, const char *path, struct json *value, bool is_constant);

#endif
