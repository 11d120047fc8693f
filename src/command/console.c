/* console.c: runs a console command in this process when the registry is free, and in the serving process otherwise. */
#include "command/console.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "command/instance.h"
#include "lumbung/base/time.h"

#define CONSOLE_READ_BLOCK 65536

const char *
console_socket_path(struct arena *arena, const char *path)
{
    return arena_format(arena, "%s.sock", path);
}

console_command
console_command_find(const char *name)
{
    if (strcmp(name, "user") == 0)
        return command_user;
    if (strcmp(name, "import") == 0)
        return command_import;
    if (strcmp(name, "form") == 0)
        return command_form_console;
    return NULL;
}

char *
console_read_all(struct arena *arena, int fd)
{
    struct buffer buffer;
    buffer_init(&buffer, arena);
    char *block = arena_alloc(arena, CONSOLE_READ_BLOCK);
    for (;;) {
        ssize_t got = read(fd, block, CONSOLE_READ_BLOCK);
        if (got <= 0)
            break;
        buffer_bytes(&buffer, block, (size_t)got);
    }
    return arena_text(arena, buffer_text(&buffer));
}

int
command_fail(const char *name, struct error *error)
{
    struct arena *arena = arena_create();
    struct buffer line;
    buffer_init(&line, arena);
    error_print_line(&line, error);
    fprintf(stderr, "lumbung %s: %s\n", name, buffer_text(&line));
    if (error->cause)
        fprintf(stderr, "lumbung %s: cause: %s\n", name, error->cause);
    int code = error->code == ERROR_INTERNAL || error->code == ERROR_DISK || error->code == ERROR_TAMPERED ? EXIT_FAILED : EXIT_REFUSED;
    error_free(error);
    arena_destroy(arena);
    return code;
}

const char *
console_path(const struct console *console, const char *path)
{
    return console->folder && path[0] != '/' ? arena_format(console->arena, "%s/%s", console->folder, path) : path;
}

static void
console_print_line(void *context, const char *line)
{
    (void)context;
    puts(line);
}

/* Rows, rate and time left on a terminal; a pipe gets none. */
static void
console_print_progress(void *context, int64_t done, int64_t total, const char *what)
{
    const int64_t *started_ms = context;
    if (!isatty(STDERR_FILENO))
        return;
    int64_t elapsed_ms = time_monotonic_ms() - *started_ms + 1;
    int64_t rate = done * 1000 / elapsed_ms;
    int64_t left_s = rate > 0 && total > done ? (total - done) / rate : 0;
    fprintf(stderr, "\r%s %lld of %lld, %lld/s, %lld s left   %s", what, (long long)done, (long long)total, (long long)rate, (long long)left_s,
            done >= total ? "\n" : "");
}

static int
console_run_here(struct instance *instance, const char *name, console_command command, int argc, char **argv, const char *input)
{
    int64_t started_ms = time_monotonic_ms();
    struct console console = {.arena = instance->arena, .lane = instance->lane, .keyring = instance->keyring, .registry = &instance->registry,
                              .path = instance->path, .input = input, .print = console_print_line, .progress = console_print_progress,
                              .context = &started_ms};
    struct error *error = NULL;
    int code = command(&console, argc, argv, &error);
    if (error)
        code = command_fail(name, error);
    return code;
}

static bool
console_wants_input(int argc, char **argv)
{
    for (int i = 0; i < argc; i++)
        if (strcmp(argv[i], "--password-stdin") == 0)
            return true;
    return false;
}

int
console_run(const char *name, console_command command, int argc, char **argv)
{
    struct arena *arena = arena_create();
    struct options options;
    options_start(&options, arena, argc, argv);
    const char *path = options_value(&options, "--db");
    int code = EXIT_REFUSED;
    if (path == NULL) {
        code = command_fail(name, error_with(ERROR_USAGE, "give the registry with --db FILE; `lumbung --help` lists every command", NULL, NULL));
    } else {
        const char *input = console_wants_input(argc, argv) ? console_read_all(arena, STDIN_FILENO) : NULL;
        if (!console_ask(arena, path, name, argc, argv, input, &code)) {
            struct instance_options open = {.path = path, .keys = options_value(&options, "--keys")};
            struct instance *instance = NULL;
            struct error *error = instance_open(&open, &instance);
            if (error == NULL)
                error = instance_load_index(instance);
            code = error ? command_fail(name, error) : console_run_here(instance, name, command, argc, argv, input);
            instance_close(instance);
        }
    }
    arena_destroy(arena);
    return code;
}
