/* region_table.c: a wide table of regions, a row for each smallest region with all that it lies in, as the rows of a tree. */
#include "import/region_table.h"

#include <string.h>

#include "import/csv.h"
#include "import/sheet.h"
#include "lumbung/base/json.h"
#include "lumbung/export.h"

#define LEVELS_MAX 10

struct level {
    size_t code, name; /* columns */
    const char *name_column, *kind;
};
struct known {
    const char *code, *parent, *name;
    int64_t line;
};
struct table {
    struct arena *arena;
    struct level levels[LEVELS_MAX];
    size_t level_count;
    int64_t first_level;
    struct known *known;
    size_t known_count, known_room;
    size_t *slots; /* by code: number plus one */
    size_t slot_count;
    struct buffer *tree;
    struct error *faults;
};

/* --- the map -------------------------------------------------------------------------------------------------------------------------- */

static size_t
find_column(struct table *table, const char *const *head, size_t head_count, const struct json *level, const char *word, const char *pointer)
{
    const char *name = json_get_text(level, word);
    for (size_t i = 0; name && i < head_count; i++)
        if (text_equal(head[i], name))
            return i;
    error_add_fault(&table->faults, arena_format(table->arena, "%s/%s", pointer, word), FAULT_REFERENCE, arena_format(table->arena, "column '%s' of the file", name ? name : ""), NULL);
    return 0;
}

static struct error *
read_levels(struct table *table, const struct json *map, const char *const *head, size_t head_count)
{
    const struct json *levels = json_get(map, "levels");
    static const char *const known[] = {"sheet", "delimiter", "first_level", "levels"};
    for (size_t i = 0; map->kind == JSON_OBJECT && i < map->count; i++) {
        bool found = false;
        for (size_t j = 0; j < sizeof known / sizeof known[0]; j++)
            found |= text_equal(known[j], map->members[i].name);
        if (!found)
            error_add_fault(&table->faults, arena_format(table->arena, "/%s", map->members[i].name), FAULT_UNKNOWN, NULL, NULL);
    }
    if (levels == NULL || levels->kind != JSON_ARRAY || levels->count == 0 || levels->count > LEVELS_MAX)
        error_add_fault(&table->faults, "/levels", FAULT_TYPE, "[{\"code\": column, \"name\": column, \"kind\": word}], the largest region first", NULL);
    table->first_level = json_get_int(map, "first_level", 1);
    for (size_t i = 0; table->faults == NULL && i < levels->count; i++) {
        const char *pointer = arena_format(table->arena, "/levels/%zu", i), *kind = json_get_text(levels->items[i], "kind");
        struct level *level = &table->levels[table->level_count++];
        *level = (struct level){find_column(table, head, head_count, levels->items[i], "code", pointer), find_column(table, head, head_count, levels->items[i], "name", pointer),
                                json_get_text(levels->items[i], "name"), kind};
        if (text_is_blank(kind))
            error_add_fault(&table->faults, arena_format(table->arena, "%s/kind", pointer), FAULT_REQUIRED, NULL, NULL);
    }
    return table->faults;
}

/* --- rows ----------------------------------------------------------------------------------------------------------------------------- */

static size_t *
find_slot(const struct table *table, const char *code)
{
    size_t hash = 1469598103934665603u;
    for (const char *at = code; *at; at++)
        hash = (hash ^ (unsigned char)*at) * 1099511628211u;
    size_t slot = hash & (table->slot_count - 1);
    while (table->slots[slot] != 0 && strcmp(table->known[table->slots[slot] - 1].code, code) != 0)
        slot = (slot + 1) & (table->slot_count - 1);
    return &table->slots[slot];
}

static void
widen(struct table *table)
{
    table->slot_count = table->slot_count ? 2 * table->slot_count : 1024;
    table->slots = ARENA_ARRAY(table->arena, size_t, table->slot_count);
    for (size_t i = 0; i < table->known_count; i++)
        *find_slot(table, table->known[i].code) = i + 1;
}

static void
put_region(struct table *table, size_t at, const char *code, const char *parent, const char *name)
{
    export_csv_text(table->tree, code);
    buffer_char(table->tree, ',');
    export_csv_text(table->tree, parent);
    buffer_format(table->tree, ",%lld,", (long long)(table->first_level + (int64_t)at));
    export_csv_text(table->tree, table->levels[at].kind);
    buffer_char(table->tree, ',');
    export_csv_text(table->tree, name);
    buffer_add(table->tree, "\n");
}

/* One region of a row. The same code with another name, or in another region, is one of two mistakes: both lines are named. */
static void
take_region(struct table *table, size_t at, int64_t line, const char *code, const char *parent, const char *name)
{
    size_t *slot = find_slot(table, code);
    if (*slot == 0) {
        table->known = arena_grow(table->arena, table->known, table->known_count, &table->known_room, sizeof *table->known);
        table->known[table->known_count] = (struct known){arena_text(table->arena, code), arena_text(table->arena, parent), arena_text(table->arena, name), line};
        *slot = ++table->known_count;
        put_region(table, at, code, parent, name);
        if (2 * table->known_count > table->slot_count)
            widen(table);
        return;
    }
    const struct known *known = &table->known[*slot - 1];
    const char *pointer = arena_format(table->arena, "row %lld, column %s", (long long)line, table->levels[at].name_column);
    if (strcmp(known->parent, parent) != 0)
        error_add_fault(&table->faults, pointer, FAULT_CONFLICT, arena_format(table->arena, "row %lld, where %s lies in %s", (long long)known->line, code, known->parent), NULL);
    else if (strcmp(known->name, name) != 0)
        error_add_fault(&table->faults, pointer, FAULT_CONFLICT, arena_format(table->arena, "row %lld, where %s is called %s", (long long)known->line, code, known->name), NULL);
}

static void
take_row(struct table *table, struct arena *arena, int64_t line, const char *const *cells, size_t count)
{
    const char *parent = "";
    for (size_t i = 0; i < table->level_count; i++) {
        const struct level *level = &table->levels[i];
        const char *code = level->code < count ? text_normalize(arena, cells[level->code]) : "", *name = level->name < count ? text_normalize(arena, cells[level->name]) : "";
        if (code[0] == '\0' || name[0] == '\0') {
            error_add_fault(&table->faults, arena_format(table->arena, "row %lld, column %s", (long long)line, level->name_column), FAULT_REQUIRED, NULL, NULL);
            return;
        }
        take_region(table, i, line, code, parent, name);
        parent = code;
    }
}

static struct error *
take_rows(struct table *table, struct csv_reader *reader)
{
    struct arena *arena = arena_create();
    struct error *error = NULL;
    size_t count = 1;
    while (error == NULL && count > 0) {
        const char *cells[CSV_COLUMNS_MAX];
        arena_reset(arena);
        error = csv_next(reader, arena, cells, &count);
        if (error == NULL && count > 0)
            take_row(table, arena, reader->line, cells, count);
    }
    arena_destroy(arena);
    if (error)
        error_free(table->faults);
    return error ? error : table->faults;
}

struct error *
region_table_read(struct arena *arena, struct bytes file, const struct json *map, struct bytes *ret_csv)
{
    struct buffer tree;
    struct table table = {.arena = arena, .tree = &tree};
    struct csv_reader reader;
    const char *head[CSV_COLUMNS_MAX], *delimiter = json_get_text(map, "delimiter");
    size_t head_count = 0;
    if (sheet_is_workbook(file))
        TRY(sheet_text(arena, file, json_get_text(map, "sheet"), delimiter && delimiter[0] ? delimiter[0] : ',', &file));
    if (!text_utf8_valid((const char *)file.data, file.length))
        return error_with(ERROR_FILE, "the table", "it is not UTF-8; save it again as CSV in UTF-8, or as XLSX", NULL);
    csv_start(&reader, (const char *)file.data, file.length, delimiter && delimiter[0] ? delimiter[0] : ',');
    TRY(csv_next(&reader, arena, head, &head_count));
    for (size_t i = 0; i < head_count; i++)
        head[i] = text_normalize(arena, head[i]);
    TRY(read_levels(&table, map, head, head_count));
    buffer_init(&tree, arena);
    buffer_add(&tree, "code,parent,level,kind,name\n");
    widen(&table);
    TRY(take_rows(&table, &reader));
    *ret_csv = (struct bytes){(const uint8_t *)buffer_text(&tree), tree.length};
    return NULL;
}
