/* command_registry.c: `lumbung export registry` and `lumbung import registry`: regions and people as open files, out and in. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "command/command.h"
#include "command/instance.h"
#include "command/reading.h"
#include "lumbung/base/text.h"
#include "lumbung/open_files.h"
#include "lumbung/user.h"

#define DIGEST_NAME "digest.json"

struct writing {
    struct arena *arena;
    const char *folder;
    int files[OPEN_FILES];
    struct open_digest digest;
};

static struct error *
write_piece(void *context, int file, const char *text, size_t length)
{
    const struct writing *writing = context;
    while (length > 0) {
        ssize_t wrote = write(writing->files[file], text, length);
        if (wrote <= 0)
            return error_with(ERROR_FILE, open_file_names[file], strerror(errno), NULL);
        text += wrote;
        length -= (size_t)wrote;
    }
    return NULL;
}

static struct error *
write_apply(struct tx *tx, void *context)
{
    struct writing *writing = context;
    struct actor actor = user_console_actor();
    TRY(open_files_print(tx, &actor, write_piece, writing, &writing->digest));
    return open_files_trace(tx, &actor, "export.registry", &writing->digest);
}

/* The names of people lie open in these files: for nobody but their owner. */
static struct error *
open_folder(struct writing *writing)
{
    if (mkdir(writing->folder, 0700) != 0)
        return error_with(ERROR_FILE, writing->folder, strerror(errno), NULL);
    for (int i = 0; i < OPEN_FILES; i++) {
        const char *path = arena_format(writing->arena, "%s/%s", writing->folder, open_file_names[i]);
        writing->files[i] = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
        if (writing->files[i] < 0)
            return error_with(ERROR_FILE, path, strerror(errno), NULL);
    }
    return NULL;
}

static struct error *
close_folder(struct writing *writing, struct error *error)
{
    for (int i = 0; i < OPEN_FILES; i++) {
        if (writing->files[i] < 0)
            continue;
        bool synced = fsync(writing->files[i]) == 0;
        close(writing->files[i]);
        if (!synced && error == NULL)
            error = error_with(ERROR_FILE, open_file_names[i], strerror(errno), NULL);
    }
    return error;
}

struct error *
command_export_registry(struct arena *arena, const struct instance_options *open, const char *folder, const char **ret_said)
{
    struct writing writing = {.arena = arena, .folder = folder, .files = {-1, -1, -1, -1}};
    struct instance *instance = NULL;
    struct buffer digest;
    TRY(instance_open(open, &instance));
    struct error *error = open_folder(&writing);
    if (error == NULL)
        error = lane_run(instance->lane, write_apply, &writing, arena);
    error = close_folder(&writing, error);
    instance_close(instance);
    TRY(error);
    buffer_init(&digest, arena);
    open_digest_print(&digest, &writing.digest);
    buffer_char(&digest, '\n');
    TRY(file_write(arena_format(arena, "%s/%s", folder, DIGEST_NAME), digest.data, digest.length));
    *ret_said = arena_format(arena, "%lld regions, %lld households, %lld persons to %s; %lld households left out (ended, consent withdrawn, or erased)",
                             (long long)writing.digest.regions, (long long)writing.digest.households, (long long)writing.digest.persons, folder,
                             (long long)writing.digest.left_out);
    return NULL;
}

struct error *
command_import_registry(struct console *console, const char *folder)
{
    struct bytes files[OPEN_FILES], text;
    struct open_digest digest;
    const char *path = console_path(console, folder);
    TRY(file_read(console->arena, arena_format(console->arena, "%s/%s", path, DIGEST_NAME), &text));
    TRY(open_digest_read(console->arena, (const char *)text.data, text.length, &digest));
    for (int i = 0; i < OPEN_FILES; i++)
        TRY(file_read(console->arena, arena_format(console->arena, "%s/%s", path, open_file_names[i]), &files[i]));
    TRY(open_files_take(console->lane, files, &digest));
    console->print(console->context, arena_format(console->arena, "%lld regions, %lld households, %lld persons in; the registry has the digest of the files",
                                                  (long long)digest.regions, (long long)digest.households, (long long)digest.persons));
    return NULL;
}
