/* region_csv.c: the rows of an administrative tree's CSV, each checked by itself. */
#include <string.h>

#include "lumbung/base/limits.h"
#include "lumbung/base/text.h"
#include "region/region_tree.h"

enum column { COLUMN_CODE, COLUMN_PARENT, COLUMN_LEVEL, COLUMN_KIND, COLUMN_NAME, COLUMN_COUNT };
static const char *const column_names[COLUMN_COUNT] = {"code", "parent", "level", "kind", "name"};

#define FIELDS_MAX 16
#define CODE_CHARACTERS_MAX 40
#define ROWS_MAX 1000000

struct csv {
    struct arena *arena;
    const char *at, *end;
    int64_t line;                     /* of the record that was read last */
    int64_t next_line;
    const char *fields[FIELDS_MAX];
    size_t count;
    int positions[COLUMN_COUNT];      /* of our columns in the file */
    struct error *faults;
};

static void
fault(struct csv *csv, enum column column, enum fault_code code, const char *first, const char *second)
{
    error_add_fault(&csv->faults, arena_format(csv->arena, "row %lld, column %s", (long long)csv->line, column_names[column]), code, first, second);
}

/* A field in quotes: doubled quotes stand for one. NULL when it is not closed. */
static const char *
read_quoted(struct csv *csv)
{
    const char *start = ++csv->at;
    size_t length = 0;
    const char *close = start;
    while (close < csv->end && (*close != '"' || (close + 1 < csv->end && close[1] == '"')))
        close += *close == '"' ? 2 : 1;
    if (close >= csv->end)
        return NULL;
    char *text = arena_alloc(csv->arena, (size_t)(close - start) + 1);
    for (const char *at = start; at < close; at++) {
        if (*at == '"')
            at++;
        if (*at == '\n')
            csv->next_line++;
        text[length++] = *at;
    }
    csv->at = close + 1;
    return text;
}

static const char *
read_plain(struct csv *csv)
{
    const char *start = csv->at;
    while (csv->at < csv->end && *csv->at != ',' && *csv->at != '\n' && *csv->at != '\r')
        csv->at++;
    return arena_copy(csv->arena, start, (size_t)(csv->at - start));
}

/* Reads the next record that is not an empty line; false at the end. Broken quoting is a fault and ends the file. */
static bool
read_record(struct csv *csv)
{
    while (csv->at < csv->end && (*csv->at == '\n' || *csv->at == '\r'))
        csv->next_line += *csv->at++ == '\n' ? 1 : 0;
    if (csv->at >= csv->end)
        return false;
    csv->line = csv->next_line;
    csv->count = 0;
    for (;;) {
        const char *field = csv->at < csv->end && *csv->at == '"' ? read_quoted(csv) : read_plain(csv);
        if (!field || csv->count == FIELDS_MAX) {
            error_add_fault(&csv->faults, arena_format(csv->arena, "row %lld", (long long)csv->line), field ? FAULT_UNKNOWN : FAULT_TEXT, NULL, NULL);
            return false;
        }
        csv->fields[csv->count++] = field;
        if (csv->at >= csv->end || *csv->at != ',')
            break;
        csv->at++;
    }
    if (csv->at < csv->end && *csv->at != '\n' && *csv->at != '\r') {
        error_add_fault(&csv->faults, arena_format(csv->arena, "row %lld", (long long)csv->line), FAULT_TEXT, NULL, NULL);
        return false;
    }
    return true;
}

static void
read_header(struct csv *csv)
{
    for (int column = 0; column < COLUMN_COUNT; column++)
        csv->positions[column] = -1;
    bool any = read_record(csv);
    for (size_t i = 0; any && i < csv->count; i++)
        for (int column = 0; column < COLUMN_COUNT; column++)
            if (strcmp(text_normalize(csv->arena, csv->fields[i]), column_names[column]) == 0)
                csv->positions[column] = (int)i;
    csv->line = 1;
    for (int column = 0; column < COLUMN_COUNT; column++)
        if (csv->positions[column] < 0)
            fault(csv, (enum column)column, FAULT_REQUIRED, NULL, NULL);
}

/* Most names are plain ASCII without surplus blanks: those need no normal form. */
static bool
is_plain(const char *text)
{
    if (text[0] == ' ')
        return false;
    const char *at = text;
    for (; *at != '\0'; at++)
        if ((unsigned char)*at < 0x20 || (unsigned char)*at >= 0x7f || (at[0] == ' ' && (at[1] == ' ' || at[1] == '\0')))
            return false;
    return true;
}

/* A required text of a column, normalized; "" after a fault. */
static const char *
column_text(struct csv *csv, enum column column, size_t characters_max, bool required)
{
    size_t position = (size_t)csv->positions[column];
    const char *text = position < csv->count ? csv->fields[position] : "";
    if (!is_plain(text)) {
        if (!text_utf8_valid(text, strlen(text))) {
            fault(csv, column, FAULT_TEXT, NULL, NULL);
            return "";
        }
        text = text_normalize(csv->arena, text);
    }
    size_t characters = text_characters(text);
    if (characters == 0 && required)
        fault(csv, column, FAULT_REQUIRED, NULL, NULL);
    else if (characters > characters_max)
        fault(csv, column, FAULT_LENGTH, "1", arena_format(csv->arena, "%zu", characters_max));
    else if (!text_is_clean(text, false))
        fault(csv, column, FAULT_TEXT, NULL, NULL);
    else
        return text;
    return "";
}

static const char *
fold(struct arena *arena, const char *name)
{
    if (!is_plain(name))
        return text_fold(arena, name);
    char *folded = arena_text(arena, name);
    for (char *at = folded; *at != '\0'; at++)
        if (*at >= 'A' && *at <= 'Z')
            *at = (char)(*at + ('a' - 'A'));
    return folded;
}

static void
read_row(struct csv *csv, struct region_row *ret_row)
{
    int64_t level = 0;
    ret_row->line = csv->line;
    ret_row->code = column_text(csv, COLUMN_CODE, CODE_CHARACTERS_MAX, true);
    ret_row->parent = column_text(csv, COLUMN_PARENT, CODE_CHARACTERS_MAX, false);
    ret_row->kind = column_text(csv, COLUMN_KIND, CODE_CHARACTERS_MAX, true);
    ret_row->name = column_text(csv, COLUMN_NAME, LIMIT_NAME, true);
    ret_row->folded = fold(csv->arena, ret_row->name);
    const char *text = column_text(csv, COLUMN_LEVEL, 4, true);
    if (text[0] != '\0' && (!text_parse_int(text, &level) || level < 0 || level > REGION_LEVEL_MAX))
        fault(csv, COLUMN_LEVEL, FAULT_RANGE, "0", arena_format(csv->arena, "%d", REGION_LEVEL_MAX));
    ret_row->level = (int)level;
    if (csv->count > COLUMN_COUNT)
        error_add_fault(&csv->faults, arena_format(csv->arena, "row %lld", (long long)csv->line), FAULT_UNKNOWN, NULL, NULL);
}

static size_t
count_lines(const char *csv, size_t length)
{
    size_t lines = 1;
    for (size_t i = 0; i < length; i++)
        lines += csv[i] == '\n' ? 1 : 0;
    return lines < ROWS_MAX ? lines : ROWS_MAX;
}

struct error *
region_csv_parse(struct arena *arena, const char *csv, size_t length, struct region_rows *ret_rows)
{
    struct csv reader = {.arena = arena, .at = csv, .end = csv + length, .next_line = 1};
    const char *zero = length > 0 ? memchr(csv, '\0', length) : NULL;
    if (zero)
        return error_with(ERROR_MALFORMED, arena_format(arena, "byte %zu of the CSV is zero; save the file as CSV in UTF-8", (size_t)(zero - csv) + 1), NULL, NULL);
    if (length >= 3 && memcmp(csv, "\xef\xbb\xbf", 3) == 0)
        reader.at += 3;
    read_header(&reader);
    if (reader.faults)
        return reader.faults;
    size_t capacity = count_lines(csv, length);
    struct region_rows rows = {ARENA_ARRAY(arena, struct region_row, capacity), 0};
    while (read_record(&reader)) {
        if (rows.count == capacity)
            return error_with(ERROR_TOO_LARGE, "1,000,000 rows", NULL, NULL);
        read_row(&reader, &rows.rows[rows.count++]);
    }
    if (!reader.faults && rows.count == 0) {
        reader.line = 2;
        fault(&reader, COLUMN_CODE, FAULT_REQUIRED, NULL, NULL);
    }
    if (reader.faults)
        return reader.faults;
    *ret_rows = rows;
    return NULL;
}
