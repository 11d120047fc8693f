/* command_export.c: `lumbung export disbursements`: a file with its signed manifest beside it; `registry`: see command_registry.c. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "command/command.h"
#include "command/instance.h"
#include "command/reading.h"
#include "lumbung/base/text.h"
#include "lumbung/base/time.h"
#include "lumbung/export.h"
#include "lumbung/region.h"
#include "lumbung/user.h"

#define EXPORT_USAGE "lumbung export disbursements --db FILE [--from D --to D --date released|paid --rows disbursement|event --program ID --cycle ID --batch ID --region CODE --state S " \
    "--reason WORDS] [--format csv|ndjson|xlsx] --out OUT | lumbung export registry --db FILE --out FOLDER"

struct export_command {
    struct export_order order;
    const char *region, *out;
    const char *document;
    int64_t rows;
};

static struct error *
copy_out(const struct spool *spool, const char *path)
{
    int out = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    char block[SPOOL_BLOCK];
    int64_t at = 0;
    ssize_t got = out < 0 ? -1 : 0;
    while (out >= 0 && (got = spool_read(spool, at, block, sizeof block)) > 0) {
        if (write(out, block, (size_t)got) != got) {
            got = -1;
            break;
        }
        at += got;
    }
    bool good = out >= 0 && got == 0 && fsync(out) == 0;
    if (out >= 0)
        close(out);
    return good ? NULL : error_with(ERROR_FILE, path, "it cannot be written", NULL);
}

static struct error *
export_apply(struct tx *tx, void *context)
{
    struct export_command *command = context;
    struct actor actor = user_console_actor();
    struct export_result result;
    struct id id;
    struct region region = {0};
    if (command->region)
        TRY(region_by_code(tx, &actor, command->region, &region));
    command->order.region_id = region.id;
    TRY(export_disbursements(tx, &actor, &command->order, &result));
    struct error *error = copy_out(result.spool, command->out);
    if (error == NULL)
        error = export_manifest_make(tx, &actor, &command->order, &result, &id, &command->document);
    spool_close(result.spool);
    command->rows = result.rows;
    return error;
}

static struct error *
parse_day(const char *text, const char *name, int32_t *ret_day)
{
    if (text == NULL || date_parse(text, ret_day))
        return NULL;
    return error_with(ERROR_USAGE, name, NULL, NULL);
}

static struct error *
parse_record(struct arena *arena, struct options *options, struct buffer *filters, const char *name, struct id *ret_id)
{
    const char *text = options_value(options, arena_format(arena, "--%s", name));
    if (text == NULL)
        return NULL;
    if (!id_parse(text, ret_id))
        return error_with(ERROR_USAGE, arena_format(arena, "--%s is the UUID of a %s", name, name), NULL, NULL);
    json_put_id(filters, name, *ret_id);
    return NULL;
}

static struct error *
parse_order(struct arena *arena, struct options *options, struct export_command *command)
{
    const char *format = options_value(options, "--format");
    const char *from = options_value(options, "--from"), *to = options_value(options, "--to");
    TRY(parse_day(from, "--from wants YYYY-MM-DD", &command->order.from));
    TRY(parse_day(to, "--to wants YYYY-MM-DD", &command->order.to));
    command->order.format = text_equal(format, "xlsx") ? EXPORT_XLSX : text_equal(format, "ndjson") ? EXPORT_NDJSON : EXPORT_CSV;
    if (format && command->order.format == EXPORT_CSV && !text_equal(format, "csv"))
        return error_with(ERROR_USAGE, "--format is csv, ndjson or xlsx", NULL, NULL);
    const char *date = options_value(options, "--date"), *rows = options_value(options, "--rows");
    if ((date && !text_equal(date, "paid") && !text_equal(date, "released")) || (rows && !text_equal(rows, "event") && !text_equal(rows, "disbursement")))
        return error_with(ERROR_USAGE, EXPORT_USAGE, NULL, NULL);
    command->order.by_payment = text_equal(date, "paid");
    command->order.by_event = text_equal(rows, "event");
    command->order.state = options_value(options, "--state");
    command->region = options_value(options, "--region");
    command->order.reason = options_value(options, "--reason");
    command->out = options_value(options, "--out");
    struct buffer filters;
    buffer_init(&filters, arena);
    json_open(&filters, NULL, '{');
    json_put_text(&filters, "from", from);
    json_put_text(&filters, "to", to);
    json_put_text(&filters, "date", date ? date : "released");
    json_put_text(&filters, "rows", rows ? rows : "disbursement");
    json_put_text(&filters, "state", command->order.state);
    TRY(parse_record(arena, options, &filters, "program", &command->order.program_id));
    TRY(parse_record(arena, options, &filters, "cycle", &command->order.cycle_id));
    TRY(parse_record(arena, options, &filters, "batch", &command->order.batch_id));
    json_put_text(&filters, "region", command->region);
    json_close(&filters, '}');
    command->order.filters = buffer_text(&filters);
    return command->out ? NULL : error_with(ERROR_USAGE, EXPORT_USAGE, NULL, NULL);
}

static struct error *
export_run(struct arena *arena, const struct instance_options *open, struct export_command *command)
{
    struct instance *instance = NULL;
    TRY(instance_open(open, &instance));
    struct error *error = lane_run(instance->lane, export_apply, command, arena);
    if (error == NULL)
        error = file_write(arena_format(arena, "%s.manifest.json", command->out), command->document, strlen(command->document));
    instance_close(instance);
    return error;
}

int
command_export(int argc, char **argv)
{
    struct arena *arena = arena_create();
    struct options options;
    struct export_command command = {0};
    options_start(&options, arena, argc, argv);
    const char *what = options_word(&options);
    struct instance_options open = {.path = options_value(&options, "--db"), .keys = options_value(&options, "--keys")};
    struct error *error = parse_order(arena, &options, &command);
    if (error == NULL)
        error = options_rest(&options, EXPORT_USAGE);
    bool registry = text_equal(what, "registry");
    const char *said = NULL;
    if (error == NULL && ((!registry && !text_equal(what, "disbursements")) || open.path == NULL))
        error = error_with(ERROR_USAGE, EXPORT_USAGE, NULL, NULL);
    if (error == NULL)
        error = registry ? command_export_registry(arena, &open, command.out, &said) : export_run(arena, &open, &command);
    if (error == NULL && registry)
        puts(said);
    else if (error == NULL)
        printf("%lld rows to %s, manifest %s.manifest.json\n", (long long)command.rows, command.out, command.out);
    int code = error ? command_fail("export", error) : EXIT_DONE;
    arena_destroy(arena);
    return code;
}
