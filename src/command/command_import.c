/* command_import.c: `lumbung import regions|households|shapes|registry`. */
#include <string.h>

#include "command/command.h"
#include "command/reading.h"
#include "import/region_table.h"
#include "import/sheet.h"
#include "lumbung/base/text.h"
#include "lumbung/edition.h"
#include "lumbung/import.h"
#include "lumbung/shape.h"
#include "lumbung/user.h"

#define IMPORT_USAGE "lumbung import regions --db FILE CSV|XLSX [--map TABLE.json] | lumbung import registry --db FILE FOLDER | lumbung import households --db FILE CSV --map MAP.json [--dry-run] [--errors OUT.csv] [--sums OUT.csv]" \
    " | lumbung import shapes --db FILE GEOJSON --level N [--code PROPERTY | --name PROPERTY] [--object NAME] [--skip-unknown]"

static struct error *
import_regions(struct console *console, const char *path, const char *map_path)
{
    struct bytes csv, map_text;
    struct json *map = NULL;
    int64_t rows = 0;
    TRY(file_read(console->arena, console_path(console, path), &csv));
    if (map_path) {
        TRY(file_read(console->arena, console_path(console, map_path), &map_text));
        TRY(json_parse(console->arena, (const char *)map_text.data, map_text.length, &map));
        TRY(region_table_read(console->arena, csv, map, &csv));
    } else if (sheet_is_workbook(csv)) {
        TRY(sheet_text(console->arena, csv, NULL, ',', &csv));
    }
    TRY(edition_import_run(console->lane, console->registry, console->keyring, console->arena, (const char *)csv.data, csv.length, &rows));
    console->print(console->context, arena_format(console->arena, "%lld rows", (long long)rows));
    return NULL;
}

struct shapes_lane {
    const struct shape_order *order;
    struct shape_file *file;
    struct shape_result result;
};

static struct error *
shapes_apply(struct tx *tx, void *context)
{
    struct shapes_lane *lane = context;
    struct actor actor = user_console_actor();
    return shape_import(tx, &actor, lane->order, lane->file, &lane->result);
}

/* Read before the lane, which others wait for. */
static struct error *
import_shapes(struct console *console, const char *path, const char *level, struct shape_order *order)
{
    struct bytes text;
    struct shapes_lane lane = {.order = order};
    const char *slash = strrchr(path, '/');
    if (!text_parse_int(level, &order->level) || order->level < 0 || order->level > SHAPE_LEVEL_MAX)
        return error_with(ERROR_USAGE, "--level N, the level of the regions in the registry, 0 to 15", NULL, NULL);
    TRY(file_read(console->arena, console_path(console, path), &text));
    order->text = (const char *)text.data;
    order->length = text.length;
    order->code = order->code ? order->code : "code";
    order->source = slash ? slash + 1 : path;
    TRY(shape_file_read(console->arena, order, &lane.file));
    TRY(lane_run(console->lane, shapes_apply, &lane, console->arena));
    console->print(console->context, arena_format(console->arena, "%lld regions drawn, %lld unknown", (long long)lane.result.drawn, (long long)lane.result.unknown));
    return NULL;
}

static void
show_progress(void *context, int64_t done, int64_t total)
{
    struct console *console = context;
    console->progress(console->context, done, total, "rows");
}

struct people_order {
    const char *path, *map, *errors, *sums;
    bool dry_run;
};

static void
print_result(struct console *console, const struct people_order *people, const struct import_result *result)
{
    bool see = people->errors && result->refused + result->listed > 0;
    console->print(console->context, arena_format(console->arena, "%s%lld rows, %lld households in, %lld refused%s%s", people->dry_run ? "dry run: " : "",
                                                  (long long)result->rows, (long long)result->households, (long long)result->refused,
                                                  see ? "; see " : "", see ? people->errors : ""));
    console->print(console->context, arena_format(console->arena, "%lld persons in, %lld refused; in before: %lld households, %lld persons; %lld contradictions listed",
                                                  (long long)result->persons, (long long)result->refused_persons, (long long)result->known,
                                                  (long long)result->known_persons, (long long)result->listed));
}

static struct error *
import_people(struct console *console, const struct people_order *people, int *ret_code)
{
    struct bytes csv, map_text;
    struct json *map = NULL;
    struct buffer errors, sums;
    struct import_result result;
    buffer_init(&errors, console->arena);
    buffer_init(&sums, console->arena);
    TRY(file_read(console->arena, console_path(console, people->path), &csv));
    TRY(file_read(console->arena, console_path(console, people->map), &map_text));
    TRY(json_parse(console->arena, (const char *)map_text.data, map_text.length, &map));
    struct import_order order = {.text = (const char *)csv.data, .length = csv.length, .map = map, .keyring = console->keyring, .dry_run = people->dry_run,
                                 .errors = people->errors ? &errors : NULL, .sums = people->sums ? &sums : NULL, .progress = show_progress, .context = console};
    TRY(import_households(console->lane, console->arena, &order, &result));
    if (people->errors)
        TRY(file_write(console_path(console, people->errors), errors.data, errors.length));
    if (people->sums)
        TRY(file_write(console_path(console, people->sums), sums.data, sums.length));
    print_result(console, people, &result);
    *ret_code = result.refused == 0 ? EXIT_DONE : result.households + result.known > 0 ? EXIT_PARTLY : EXIT_REFUSED;
    return NULL;
}

int
command_import(struct console *console, int argc, char **argv, struct error **ret_error)
{
    struct options options;
    int code = EXIT_DONE;
    options_start(&options, console->arena, argc, argv);
    options_value(&options, "--db");
    options_value(&options, "--keys");
    struct people_order people = {.map = options_value(&options, "--map"), .errors = options_value(&options, "--errors"),
                                  .sums = options_value(&options, "--sums"), .dry_run = options_flag(&options, "--dry-run")};
    const char *level = options_value(&options, "--level");
    struct shape_order shapes = {.code = options_value(&options, "--code"), .name = options_value(&options, "--name"), .object = options_value(&options, "--object"),
                                 .skips_unknown = options_flag(&options, "--skip-unknown")};
    const char *what = options_word(&options), *path = options_word(&options);
    people.path = path;
    *ret_error = options_rest(&options, IMPORT_USAGE);
    if (*ret_error == NULL && text_equal(what, "regions") && path)
        *ret_error = import_regions(console, path, people.map);
    else if (*ret_error == NULL && text_equal(what, "households") && path && people.map)
        *ret_error = import_people(console, &people, &code);
    else if (*ret_error == NULL && text_equal(what, "shapes") && path && level)
        *ret_error = import_shapes(console, path, level, &shapes);
    else if (*ret_error == NULL && text_equal(what, "registry") && path)
        *ret_error = command_import_registry(console, path);
    else if (*ret_error == NULL)
        *ret_error = error_with(ERROR_USAGE, IMPORT_USAGE, NULL, NULL);
    return *ret_error ? EXIT_REFUSED : code;
}
