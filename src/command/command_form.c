/* command_form.c: `lumbung form check|csv|import|export`: questionnaires as XLSForm workbooks. */
#include <stdio.h>
#include <string.h>

#include "command/command.h"
#include "command/reading.h"
#include "lumbung/assessment.h"
#include "lumbung/base/text.h"
#include "lumbung/user.h"

#define FORM_USAGE "lumbung form check FORM.xlsx [--language TAG] | csv FORM.xlsx SUBMISSION.xml... | import --db FILE FORM.xlsx [--language TAG] | " \
    "export --db FILE NAME OUT.xlsx"

/* "tutorial" of "forms/tutorial.xlsx" */
static const char *
base_name(struct arena *arena, const char *path)
{
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path, *dot = strrchr(name, '.');
    return arena_copy(arena, name, dot ? (size_t)(dot - name) : strlen(name));
}

/* Every fault on a line of its own: a sheet is corrected in one go. */
static void
print_faults(struct arena *arena, const char *path, const struct error *error)
{
    for (size_t i = 0; i < error->fault_count; i++) {
        struct buffer line;
        buffer_init(&line, arena);
        fault_print(&line, &error->faults[i], LANGUAGE_EN);
        fprintf(stderr, "%s: %s: %s\n", path, error->faults[i].pointer, buffer_text(&line));
    }
}

/* --- without a registry ----------------------------------------------------------------------------------------------------------------- */

static int
refuse(struct arena *arena, const char *path, struct error *error)
{
    if (error->code != ERROR_FIELDS)
        return command_fail("form", error);
    print_faults(arena, path, error);
    error_free(error);
    return EXIT_REFUSED;
}

static struct error *
open_form(struct arena *arena, const char *path, const char *language, struct json **ret_json)
{
    struct bytes bytes;
    TRY(file_read(arena, path, &bytes));
    return assessment_form_from_workbook(arena, bytes, base_name(arena, path), language, ret_json);
}

static int
form_check(struct arena *arena, const char *path, const char *language)
{
    struct json *json = NULL;
    struct buffer text;
    struct error *error = open_form(arena, path, language, &json);
    if (error)
        return refuse(arena, path, error);
    buffer_init(&text, arena);
    json_print(&text, NULL, json);
    puts(buffer_text(&text));
    return EXIT_DONE;
}

static int
form_csv(struct arena *arena, struct options *options, const char *path, const char *language)
{
    struct json *json = NULL;
    struct assessment_table *table = NULL;
    struct buffer csv;
    size_t refused = 0, taken = 0;
    struct error *error = open_form(arena, path, language, &json);
    if (error == NULL)
        error = assessment_table_start(arena, json, &table);
    if (error)
        return refuse(arena, path, error);
    for (const char *file = options_word(options); file; file = options_word(options)) {
        struct bytes xml;
        error = file_read(arena, file, &xml);
        if (error == NULL)
            error = assessment_table_add(table, (const char *)xml.data, xml.length);
        taken += error == NULL;
        refused += error != NULL;
        if (error)
            (void)refuse(arena, file, error);
    }
    buffer_init(&csv, arena);
    assessment_table_print(table, &csv);
    fputs(buffer_text(&csv), stdout);
    return refused == 0 ? EXIT_DONE : taken > 0 ? EXIT_PARTLY : EXIT_REFUSED;
}

/* --- in a registry ---------------------------------------------------------------------------------------------------------------------- */

struct form_order {
    struct json *json;
    const char *name;
    struct bytes bytes;
    int64_t version;
};

static struct error *
import_apply(struct tx *tx, void *context)
{
    struct form_order *order = context;
    struct actor actor = user_console_actor();
    return assessment_form_store(tx, &actor, order->json, &order->version);
}

static struct error *
form_import(struct console *console, const char *path, const char *language)
{
    struct form_order order = {0};
    TRY(open_form(console->arena, console_path(console, path), language, &order.json));
    TRY(lane_run(console->lane, import_apply, &order, console->arena));
    console->print(console->context, arena_format(console->arena, "%s: version %lld", json_get_text(order.json, "name"), (long long)order.version));
    return NULL;
}

static struct error *
export_apply(struct tx *tx, void *context)
{
    struct form_order *order = context;
    return assessment_form_to_workbook(tx, order->name, &order->bytes);
}

static struct error *
form_export(struct console *console, const char *name, const char *path)
{
    struct form_order order = {.name = name};
    TRY(lane_run(console->lane, export_apply, &order, console->arena));
    return file_write(console_path(console, path), order.bytes.data, order.bytes.length);
}

int
command_form_console(struct console *console, int argc, char **argv, struct error **ret_error)
{
    struct options options;
    options_start(&options, console->arena, argc, argv);
    options_value(&options, "--db");
    options_value(&options, "--keys");
    const char *language = options_value(&options, "--language"), *what = options_word(&options), *first = options_word(&options), *second = options_word(&options);
    *ret_error = options_rest(&options, FORM_USAGE);
    if (*ret_error == NULL && text_equal(what, "import") && first && second == NULL)
        *ret_error = form_import(console, first, language);
    else if (*ret_error == NULL && text_equal(what, "export") && first && second)
        *ret_error = form_export(console, first, second);
    else if (*ret_error == NULL)
        *ret_error = error_with(ERROR_USAGE, FORM_USAGE, NULL, NULL);
    return *ret_error ? EXIT_REFUSED : EXIT_DONE;
}

int
command_form(int argc, char **argv)
{
    bool alone = argc >= 1 && (strcmp(argv[0], "check") == 0 || strcmp(argv[0], "csv") == 0);
    if (!alone)
        return console_run("form", command_form_console, argc, argv);
    struct arena *arena = arena_create();
    struct options options;
    options_start(&options, arena, argc - 1, argv + 1);
    const char *language = options_value(&options, "--language"), *path = options_word(&options);
    int code = path == NULL ? command_fail("form", error_with(ERROR_USAGE, FORM_USAGE, NULL, NULL))
               : strcmp(argv[0], "csv") == 0 ? form_csv(arena, &options, path, language) : form_check(arena, path, language);
    arena_destroy(arena);
    return code;
}
