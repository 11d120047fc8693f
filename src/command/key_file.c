/* key_file.c: sealing and opening of the keys' own backup. */
#include "command/key_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "command/console.h"
#include "command/reading.h"
#include "lumbung/base/crypto.h"
#include "lumbung/base/json.h"
#include "lumbung/base/text.h"
#include "lumbung/db/keyring.h"

/* The file may lie about for years and be tried at leisure: as much as an office's machine bears, about a second. */
#define PASSES 3
#define MEMORY_BYTES (INT64_C(256) << 20)
#define PASSES_MAX 16
#define MEMORY_BYTES_MAX (INT64_C(1) << 30)
#define PASSPHRASE_MAX 1024

/* --- the passphrase ----------------------------------------------------------------------------------------------------------------------- */

/* Asked on the terminal itself, unseen; NULL without one. */
static const char *
ask(struct arena *arena, const char *question)
{
    char line[PASSPHRASE_MAX + 2] = "";
    struct termios shown, hidden;
    int terminal = open("/dev/tty", O_RDWR | O_CLOEXEC);
    if (terminal < 0 || tcgetattr(terminal, &shown) != 0) {
        if (terminal >= 0)
            close(terminal);
        return NULL;
    }
    hidden = shown;
    hidden.c_lflag &= ~(tcflag_t)ECHO;
    tcsetattr(terminal, TCSAFLUSH, &hidden);
    dprintf(terminal, "%s", question);
    ssize_t got = read(terminal, line, sizeof line - 1);
    dprintf(terminal, "\n");
    tcsetattr(terminal, TCSAFLUSH, &shown);
    close(terminal);
    const char *answer = got < 0 ? NULL : arena_copy(arena, line, strcspn(line, "\r\n"));
    crypto_wipe(line, sizeof line);
    return answer;
}

static struct error *
usage(const char *what)
{
    return error_with(ERROR_USAGE, what, NULL, NULL);
}

static struct error *
check_passphrase(const char *passphrase)
{
    if (strlen(passphrase) < PASSPHRASE_MIN || strlen(passphrase) > PASSPHRASE_MAX)
        return usage("the passphrase has 12 to 1024 characters; five words or more are good");
    return NULL;
}

struct error *
key_file_passphrase(struct arena *arena, struct options *options, bool fresh, const char **ret_passphrase)
{
    const char *passphrase, *again;
    if (options_flag(options, "--passphrase-stdin")) {
        const char *input = console_read_all(arena, STDIN_FILENO);
        passphrase = again = arena_copy(arena, input, strcspn(input, "\r\n"));
    } else {
        passphrase = ask(arena, "Passphrase of the keys: ");
        again = fresh && passphrase ? ask(arena, "Once more: ") : passphrase;
    }
    if (passphrase == NULL || again == NULL)
        return usage("there is no terminal to ask for the passphrase; give it with --passphrase-stdin");
    if (!text_equal(passphrase, again))
        return usage("the two passphrases differ; begin again");
    TRY(check_passphrase(passphrase));
    *ret_passphrase = passphrase;
    return NULL;
}

/* --- the file ----------------------------------------------------------------------------------------------------------------------------- */

static struct json *
key_document(struct arena *arena, const char *public_key, const char *salt)
{
    struct json *json = json_make(arena, JSON_OBJECT);
    json_set(arena, json, "lumbung_keys", json_make_int(arena, 1));
    json_set(arena, json, "kdf", json_make_text(arena, "argon2id"));
    json_set(arena, json, "passes", json_make_int(arena, PASSES));
    json_set(arena, json, "memory_bytes", json_make_int(arena, MEMORY_BYTES));
    json_set(arena, json, "salt", json_make_text(arena, salt));
    json_set(arena, json, "public_key", json_make_text(arena, public_key));
    return json;
}

static const char *
canonical(struct arena *arena, const struct json *json)
{
    struct buffer text;
    buffer_init(&text, arena);
    json_print_canonical(&text, json);
    return buffer_text(&text);
}

static const char *
hex_of(struct arena *arena, const uint8_t *bytes, size_t length)
{
    char *hex = arena_alloc(arena, 2 * length + 1);
    hex_print(bytes, length, hex);
    return hex;
}

static struct error *
public_key_of(struct arena *arena, const char *directory, const char **ret_hex)
{
    struct keyring *keyring = NULL;
    TRY(keyring_open(directory, false, &keyring));
    *ret_hex = hex_of(arena, keyring_sign_public(keyring), SIGN_PUBLIC_SIZE);
    keyring_close(keyring);
    return NULL;
}

static struct error *
write_new(const char *path, const char *text)
{
    int file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (file < 0)
        return error_with(ERROR_FILE, path, errno == EEXIST ? "it exists already; choose another name" : strerror(errno), NULL);
    close(file);
    return file_write(path, text, strlen(text));
}

struct error *
key_file_write(struct arena *arena, const char *directory, const char *path, const char *passphrase)
{
    struct bytes plain = {NULL, 0};
    const char *public_key = NULL;
    uint8_t key[CRYPTO_KEY_SIZE], salt[PASSPHRASE_SALT_SIZE];
    TRY(public_key_of(arena, directory, &public_key));
    crypto_random(salt, sizeof salt);
    if (!crypto_passphrase_key(passphrase, salt, PASSES, MEMORY_BYTES, key))
        return error_with(ERROR_FILE, path, "256 MiB of memory are needed to seal it", NULL);
    TRY(keyring_pack(arena, directory, &plain));
    struct json *json = key_document(arena, public_key, hex_of(arena, salt, sizeof salt));
    const char *bound = canonical(arena, json);
    struct bytes sealed = crypto_seal(arena, key, plain.data, plain.length, bound, strlen(bound));
    union { const uint8_t *in; uint8_t *out; } secret = {plain.data};
    crypto_wipe(secret.out, plain.length);
    crypto_wipe(key, sizeof key);
    json_set(arena, json, "sealed", json_make_text(arena, hex_of(arena, sealed.data, sealed.length)));
    return write_new(path, arena_format(arena, "%s\n", canonical(arena, json)));
}

static struct error *
no_key_file(const char *path)
{
    return error_with(ERROR_FILE, path, "it is no file of sealed keys, or it is damaged", NULL);
}

static struct error *
read_document(struct arena *arena, const char *path, struct json **ret_json, struct bytes *ret_sealed)
{
    struct bytes text;
    TRY(file_read(arena, path, &text));
    struct error *error = json_parse(arena, (const char *)text.data, text.length, ret_json);
    if (error) {
        error_free(error);
        return no_key_file(path);
    }
    const char *sealed = json_get_text(*ret_json, "sealed");
    size_t length = sealed ? strlen(sealed) / 2 : 0;
    uint8_t *bytes = arena_alloc(arena, length + 1);
    if (json_get_int(*ret_json, "lumbung_keys", 0) != 1 || length == 0 || !hex_parse(sealed, bytes, length))
        return no_key_file(path);
    json_remove(*ret_json, "sealed");
    *ret_sealed = (struct bytes){bytes, length};
    return NULL;
}

static struct error *
derive(const char *path, const struct json *json, const char *passphrase, uint8_t ret_key[CRYPTO_KEY_SIZE])
{
    uint8_t salt[PASSPHRASE_SALT_SIZE];
    const char *hex = json_get_text(json, "salt");
    int64_t passes = json_get_int(json, "passes", 0), memory = json_get_int(json, "memory_bytes", 0);
    if (!text_equal(json_get_text(json, "kdf"), "argon2id") || hex == NULL || !hex_parse(hex, salt, sizeof salt) || passes > PASSES_MAX || memory > MEMORY_BYTES_MAX ||
        !crypto_passphrase_key(passphrase, salt, passes, memory, ret_key))
        return no_key_file(path);
    return NULL;
}

struct error *
key_file_open(struct arena *arena, const char *path, const char *directory, const char *passphrase)
{
    struct json *json = NULL;
    struct bytes sealed, plain;
    uint8_t key[CRYPTO_KEY_SIZE];
    TRY(read_document(arena, path, &json, &sealed));
    TRY(derive(path, json, passphrase, key));
    const char *bound = canonical(arena, json);
    bool opened = crypto_open(arena, key, sealed, bound, strlen(bound), &plain);
    crypto_wipe(key, sizeof key);
    if (!opened)
        return error_with(ERROR_KEYS, path, "the passphrase does not open them, or the file was changed", NULL);
    struct error *error = keyring_unpack(directory, plain);
    union { const uint8_t *in; uint8_t *out; } secret = {plain.data};
    crypto_wipe(secret.out, plain.length);
    return error;
}
