/* options.c: the command line, taken apart; what nobody asked for is refused by name. */
#include <string.h>

#include "command/command.h"

void
options_start(struct options *options, struct arena *arena, int argc, char **argv)
{
    options->arena = arena;
    options->argc = argc;
    options->argv = argv;
    options->used = ARENA_ARRAY(arena, bool, argc + 1);
}

/* The value of an option word at `index`: behind '=' or the next word. NULL when it is another option or has no value. */
static const char *
options_value_at(struct options *options, int index, const char *name)
{
    size_t length = strlen(name);
    const char *word = options->argv[index];
    if (strncmp(word, name, length) != 0)
        return NULL;
    if (word[length] == '=') {
        options->used[index] = true;
        return word + length + 1;
    }
    if (word[length] != '\0' || index + 1 >= options->argc)
        return NULL;
    options->used[index] = options->used[index + 1] = true;
    return options->argv[index + 1];
}

size_t
options_values(struct options *options, const char *name, const char **ret_values)
{
    size_t count = 0;
    for (int i = 0; i < options->argc && count < OPTION_REPEATS_MAX; i++) {
        const char *value = options->used[i] ? NULL : options_value_at(options, i, name);
        if (value)
            ret_values[count++] = value;
    }
    return count;
}

const char *
options_value(struct options *options, const char *name)
{
    const char *values[OPTION_REPEATS_MAX];
    size_t count = options_values(options, name, values);
    return count > 0 ? values[count - 1] : NULL;
}

bool
options_flag(struct options *options, const char *name)
{
    bool found = false;
    for (int i = 0; i < options->argc; i++)
        if (!options->used[i] && strcmp(options->argv[i], name) == 0)
            found = options->used[i] = true;
    return found;
}

const char *
options_word(struct options *options)
{
    for (int i = 0; i < options->argc; i++)
        if (!options->used[i] && strncmp(options->argv[i], "--", 2) != 0) {
            options->used[i] = true;
            return options->argv[i];
        }
    return NULL;
}

struct error *
options_rest(struct options *options, const char *usage)
{
    for (int i = 0; i < options->argc; i++)
        if (!options->used[i])
            return error_with(ERROR_USAGE, arena_format(options->arena, "'%s' is unknown here or one word too many; %s", options->argv[i], usage), NULL, NULL);
    return NULL;
}
