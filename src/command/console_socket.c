/* console_socket.c: FILE.sock: `user` and `import` reach the serving process, which alone writes. The socket is 0600: who may open it is who may
 * read the keys. */
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "command/console.h"
#include "lumbung/base/json.h"

static bool
socket_address(const char *path, struct sockaddr_un *ret_address)
{
    memset(ret_address, 0, sizeof *ret_address);
    ret_address->sun_family = AF_UNIX;
    size_t length = strlen(path);
    if (length >= sizeof ret_address->sun_path)
        return false;
    memcpy(ret_address->sun_path, path, length);
    return true;
}

/* --- the asking side ---------------------------------------------------------------------------------------------------------------- */

static const char *
console_request(struct arena *arena, const char *name, int argc, char **argv, const char *input)
{
    struct buffer request;
    buffer_init(&request, arena);
    char *cwd = arena_alloc(arena, 4096);
    json_open(&request, NULL, '{');
    json_open(&request, "argv", '[');
    json_put_text(&request, NULL, name);
    for (int i = 0; i < argc; i++)
        json_put_text(&request, NULL, argv[i]);
    json_close(&request, ']');
    json_put_text(&request, "cwd", getcwd(cwd, 4096));
    json_put_text(&request, "input", input);
    json_close(&request, '}');
    buffer_char(&request, '\n');
    return buffer_text(&request);
}

static void
console_show_line(const char *line, int *code)
{
    if (line[0] == 'O')
        puts(line + 2);
    else if (line[0] == 'E')
        fprintf(stderr, "%s\n", line + 2);
    else if (line[0] == 'P' && isatty(STDERR_FILENO))
        fprintf(stderr, "\r%s   ", line + 2);
    else if (line[0] == 'X')
        *code = line[2] - '0';
}

bool
console_ask(struct arena *arena, const char *path, const char *name, int argc, char **argv, const char *input, int *ret_code)
{
    struct sockaddr_un address;
    if (!socket_address(console_socket_path(arena, path), &address))
        return false;
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0 || connect(fd, (const struct sockaddr *)&address, sizeof address) != 0) {
        if (fd >= 0)
            close(fd);
        return false;
    }
    const char *request = console_request(arena, name, argc, argv, input);
    int code = EXIT_FAILED;
    FILE *stream = fdopen(fd, "r+");
    if (stream && fputs(request, stream) >= 0 && fflush(stream) == 0) {
        char line[8192];
        while (fgets(line, sizeof line, stream)) {
            line[strcspn(line, "\n")] = '\0';
            console_show_line(line, &code);
        }
    }
    if (stream)
        fclose(stream);
    *ret_code = code;
    return true;
}

/* --- the serving side --------------------------------------------------------------------------------------------------------------- */

struct console_server {
    int fd;
    bool stopping;
    pthread_t thread;
    struct sockaddr_un address;
    struct lane *lane;
    struct keyring *keyring;
    struct registry *registry;
};

struct console_client {
    FILE *stream;
};

static void
console_send_line(void *context, const char *line)
{
    struct console_client *client = context;
    fprintf(client->stream, "O %s\n", line);
}

static void
console_send_progress(void *context, int64_t done, int64_t total, const char *what)
{
    struct console_client *client = context;
    fprintf(client->stream, "P %s %lld of %lld\n", what, (long long)done, (long long)total);
    fflush(client->stream);
}

static char **
console_words(struct arena *arena, const struct json *argv)
{
    char **words = ARENA_ARRAY(arena, char *, argv->count + 1);
    for (size_t i = 0; i < argv->count; i++)
        words[i] = arena_text(arena, argv->items[i]->kind == JSON_TEXT ? argv->items[i]->text : "");
    return words;
}

static void
console_answer(struct console_server *server, struct console_client *client, struct arena *arena, const struct json *request)
{
    const struct json *argv = json_get(request, "argv");
    console_command command = NULL;
    if (argv && argv->kind == JSON_ARRAY && argv->count > 0 && argv->items[0]->kind == JSON_TEXT)
        command = console_command_find(argv->items[0]->text);
    if (command == NULL) {
        fputs("E the serving process does not know this command\nX 2\n", client->stream);
        return;
    }
    char **words = console_words(arena, argv);
    struct console console = {.arena = arena, .lane = server->lane, .keyring = server->keyring, .registry = server->registry,
                              .path = server->registry->path, .folder = json_get_text(request, "cwd"), .input = json_get_text(request, "input"), .print = console_send_line,
                              .progress = console_send_progress, .context = client};
    struct error *error = NULL;
    int code = command(&console, (int)argv->count - 1, words + 1, &error);
    if (error) {
        struct buffer line;
        buffer_init(&line, arena);
        error_print_line(&line, error);
        fprintf(client->stream, "E lumbung %s: %s\n", words[0], buffer_text(&line));
        code = error->code == ERROR_INTERNAL || error->code == ERROR_DISK ? EXIT_FAILED : EXIT_REFUSED;
        error_free(error);
    }
    fprintf(client->stream, "X %d\n", code);
}

static void
console_serve_client(struct console_server *server, int fd)
{
    struct arena *arena = arena_create();
    struct console_client client = {.stream = fdopen(fd, "r+")};
    char *line = arena_alloc(arena, CONSOLE_REQUEST_MAX);
    if (client.stream && fgets(line, CONSOLE_REQUEST_MAX, client.stream)) {
        struct json *request = NULL;
        struct error *error = json_parse(arena, line, strlen(line), &request);
        if (error == NULL)
            console_answer(server, &client, arena, request);
        error_free(error);
    }
    if (client.stream)
        fclose(client.stream);
    arena_destroy(arena);
}

static void *
console_thread(void *context)
{
    struct console_server *server = context;
    while (!__atomic_load_n(&server->stopping, __ATOMIC_RELAXED)) {
        int fd = accept4(server->fd, NULL, NULL, SOCK_CLOEXEC);
        if (fd >= 0)
            console_serve_client(server, fd);
        else if (errno != EINTR && errno != ECONNABORTED)
            break;
    }
    return NULL;
}

struct error *
console_server_start(struct lane *lane, struct keyring *keyring, struct registry *registry, struct console_server **ret_server)
{
    static struct console_server server; /* one registry is served by a process */
    struct arena *arena = arena_create();
    const char *path = console_socket_path(arena, registry->path);
    bool fits = socket_address(path, &server.address);
    arena_destroy(arena);
    if (!fits)
        return error_with(ERROR_FILE, registry->path, "the path is too long for a socket beside it; use a shorter folder", NULL);
    server.lane = lane;
    server.keyring = keyring;
    server.registry = registry;
    server.fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    unlink(server.address.sun_path); /* left by a crash: the lock says that nobody else serves */
    mode_t mask = umask(0177);
    int bound = server.fd < 0 ? -1 : bind(server.fd, (const struct sockaddr *)&server.address, sizeof server.address);
    umask(mask);
    if (bound != 0 || listen(server.fd, 8) != 0 || pthread_create(&server.thread, NULL, console_thread, &server) != 0)
        return error_with(ERROR_FILE, server.address.sun_path, strerror(errno), NULL);
    *ret_server = &server;
    return NULL;
}

void
console_server_stop(struct console_server *server)
{
    if (server == NULL)
        return;
    __atomic_store_n(&server->stopping, true, __ATOMIC_RELAXED);
    shutdown(server->fd, SHUT_RDWR);
    pthread_join(server->thread, NULL);
    close(server->fd);
    unlink(server->address.sun_path);
}
