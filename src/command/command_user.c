/* command_user.c: `lumbung user add|disable|list`: at the console it takes effect at once and is audited as `console`. */
#include <string.h>

#include "command/command.h"
#include "lumbung/base/crypto.h"
#include "lumbung/user.h"

#define USER_USAGE "lumbung user add|disable|list --db FILE [NAME --role ROLE... [--region CODE]... [--program ID]... [--password-stdin] " \
                   "[--totp-secret BASE32] [--name DISPLAY]]"

struct user_order {
    struct user_new user;
    const char *password_hash;
    const char *token; /* answer */
    const char *state;
};

static struct error *
user_add_apply(struct tx *tx, void *context)
{
    struct user_order *order = context;
    struct actor actor = user_console_actor();
    struct id id;
    TRY(user_add(tx, &actor, &order->user, order->password_hash, &id));
    return order->password_hash ? NULL : user_link_make(tx, &actor, id, &order->token);
}

static struct error *
user_parse_roles(struct arena *arena, struct options *options, struct user_new *user)
{
    const char *words[OPTION_REPEATS_MAX];
    size_t count = options_values(options, "--role", words);
    enum role *roles = ARENA_ARRAY(arena, enum role, count + 1);
    for (size_t i = 0; i < count; i++)
        if (!role_find(words[i], &roles[i]))
            return error_with(ERROR_USAGE, "--role is one of officer, manager, approver, auditor, admin", NULL, NULL);
    if (count == 0)
        return error_with(ERROR_USAGE, "give at least one --role", NULL, NULL);
    user->roles = roles;
    user->role_count = count;
    return NULL;
}

static struct error *
user_parse_bounds(struct arena *arena, struct options *options, struct user_new *user)
{
    const char **codes = ARENA_ARRAY(arena, const char *, OPTION_REPEATS_MAX);
    const char *programs[OPTION_REPEATS_MAX];
    user->region_count = options_values(options, "--region", codes);
    user->region_codes = codes;
    size_t count = options_values(options, "--program", programs);
    struct id *ids = ARENA_ARRAY(arena, struct id, count + 1);
    for (size_t i = 0; i < count; i++)
        if (!id_parse(programs[i], &ids[i]))
            return error_with(ERROR_USAGE, "--program is the UUID of a program", NULL, NULL);
    user->program_ids = ids;
    user->program_count = count;
    return NULL;
}

/* The password is the first line of standard input; without one the user gets a one-time link. */
static struct error *
user_parse_secrets(struct console *console, struct options *options, struct user_order *order)
{
    const char *secret = options_value(options, "--totp-secret");
    struct bytes totp = {NULL, 0};
    if (secret && (!base32_parse(console->arena, secret, &totp) || totp.length < 16))
        return error_with(ERROR_USAGE, "--totp-secret is BASE32 of at least 128 bits", NULL, NULL);
    order->user.totp_secret = totp.data;
    order->user.totp_length = totp.length;
    if (!options_flag(options, "--password-stdin"))
        return NULL;
    const char *input = console->input ? console->input : "";
    const char *password = arena_copy(console->arena, input, strcspn(input, "\r\n"));
    order->user.password = password;
    TRY(user_password_check(password, order->user.username));
    order->password_hash = crypto_password_hash(console->arena, password);
    return NULL;
}

static struct error *
user_command_add(struct console *console, struct options *options)
{
    struct user_order order = {.user = {.username = options_word(options)}};
    const char *display = options_value(options, "--name");
    order.user.display_name = display ? display : order.user.username;
    TRY(user_parse_roles(console->arena, options, &order.user));
    TRY(user_parse_bounds(console->arena, options, &order.user));
    if (order.user.username == NULL)
        return error_with(ERROR_USAGE, USER_USAGE, NULL, NULL);
    TRY(user_parse_secrets(console, options, &order));
    TRY(options_rest(options, USER_USAGE));
    TRY(lane_run(console->lane, user_add_apply, &order, console->arena));
    console->print(console->context, order.token ? arena_format(console->arena, "added %s; set-up link, once, within 24 hours: /mulai/%s", order.user.username, order.token)
                                                 : arena_format(console->arena, "added %s", order.user.username));
    return NULL;
}

static struct error *
user_state_apply(struct tx *tx, void *context)
{
    const struct user_order *order = context;
    struct actor actor = user_console_actor();
    struct id id;
    TRY(user_by_name(tx, order->user.username, &id));
    return user_set_state(tx, &actor, id, order->state);
}

static struct error *
user_command_disable(struct console *console, struct options *options)
{
    struct user_order order = {.user = {.username = options_word(options)}, .state = "disabled"};
    TRY(options_rest(options, USER_USAGE));
    if (order.user.username == NULL)
        return error_with(ERROR_USAGE, USER_USAGE, NULL, NULL);
    TRY(lane_run(console->lane, user_state_apply, &order, console->arena));
    console->print(console->context, arena_format(console->arena, "disabled %s; all sessions ended", order.user.username));
    return NULL;
}

static struct error *
user_list_apply(struct tx *tx, void *context)
{
    struct console *console = context;
    struct user_line *lines = NULL;
    size_t count = 0;
    TRY(user_list(tx, &lines, &count));
    for (size_t i = 0; i < count; i++)
        console->print(console->context, arena_format(console->arena, "%s\t%s\t%s\t%s", lines[i].username, lines[i].state, lines[i].roles, lines[i].regions));
    return NULL;
}

static struct error *
user_command_list(struct console *console, struct options *options)
{
    TRY(options_rest(options, USER_USAGE));
    return lane_run(console->lane, user_list_apply, console, console->arena);
}

int
command_user(struct console *console, int argc, char **argv, struct error **ret_error)
{
    struct options options;
    options_start(&options, console->arena, argc, argv);
    options_value(&options, "--db");
    options_value(&options, "--keys");
    const char *verb = options_word(&options);
    if (verb && strcmp(verb, "add") == 0)
        *ret_error = user_command_add(console, &options);
    else if (verb && strcmp(verb, "disable") == 0)
        *ret_error = user_command_disable(console, &options);
    else if (verb && strcmp(verb, "list") == 0)
        *ret_error = user_command_list(console, &options);
    else
        *ret_error = error_with(ERROR_USAGE, USER_USAGE, NULL, NULL);
    return *ret_error ? EXIT_REFUSED : EXIT_DONE;
}
