/* command.h: the commands of the binary. Exit codes: 0 done, 1 failed, 2 usage or refused, 3 partly. */
#ifndef LUMBUNG_COMMAND_H
#define LUMBUNG_COMMAND_H

#include "lumbung/base/buffer.h"
#include "lumbung/db/lane.h"
#include "lumbung/registry.h"

enum { EXIT_DONE = 0, EXIT_FAILED = 1, EXIT_REFUSED = 2, EXIT_PARTLY = 3 };

/* The words behind the command's name, taken apart: `--name value`, `--name=value`, flags, and plain words. */
#define OPTION_REPEATS_MAX 32
struct options {
    struct arena *arena;
    int argc;
    char **argv;
    bool *used; /* which words were taken */
};
void options_start(struct options *options, struct arena *arena, int argc, char **argv);
const char *options_value(struct options *options, const char *name);               /* NULL when absent */
size_t options_values(struct options *options, const char *name, const char **ret_values); /* at most OPTION_REPEATS_MAX */
bool options_flag(struct options *options, const char *name);
const char *options_word(struct options *options);                                  /* the next plain word, NULL */
/* ERROR_USAGE naming the first word that nobody took. */
FALLIBLE struct error *options_rest(struct options *options, const char *usage);

/* A command that works inside an opened registry: in this process, or in the serving one through FILE.sock. */
struct console {
    struct arena *arena;
    struct lane *lane;
    struct keyring *keyring;
    struct registry *registry;
    const char *path;
    const char *folder;        /* where relative paths begin: the asking process's; NULL: this one's */
    const char *input;         /* standard input's text, when the command asked for it */
    void (*print)(void *context, const char *line);    /* a line for stdout */
    void (*progress)(void *context, int64_t done, int64_t total, const char *what); /* nothing in a pipe */
    void *context;
};
typedef int (*console_command)(struct console *console, int argc, char **argv, struct error **ret_error);

/* A path of the command's words. */
const char *console_path(const struct console *console, const char *path);

/* Runs a console command: takes the registry when it is free, otherwise asks the serving process. */
int console_run(const char *name, console_command command, int argc, char **argv);
/* The serving side of FILE.sock. */
struct console_server;
FALLIBLE struct error *console_server_start(struct lane *lane, struct keyring *keyring, struct registry *registry, struct console_server **ret_server);
void console_server_stop(struct console_server *server);

/* Prints an error as one line on stderr and gives the exit code; frees it. */
int command_fail(const char *name, struct error *error);

int command_serve(int argc, char **argv);
int command_demo(int argc, char **argv);
int command_verify(int argc, char **argv);
int command_backup(int argc, char **argv);
int command_restore(int argc, char **argv);
int command_export(int argc, char **argv);
struct instance_options;
/* `registry` of export and import. */
FALLIBLE struct error *command_export_registry(struct arena *arena, const struct instance_options *open, const char *folder, const char **ret_said);
FALLIBLE struct error *command_import_registry(struct console *console, const char *folder);
int command_user(struct console *console, int argc, char **argv, struct error **ret_error);
int command_import(struct console *console, int argc, char **argv, struct error **ret_error);
int command_form_console(struct console *console, int argc, char **argv, struct error **ret_error);
int command_form(int argc, char **argv);

#endif
