/* keyring_files.c: the key directory: made whole or not at all, and refused when anyone else could have read it. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "keyring_private.h"
#include "lumbung/base/buffer.h"

#define MASTER_NAME "master"
#define SIGN_NAME "log-sign" /* public, then secret */
#define EPOCH_NAME "epoch-"
#define PACKED_MAX ((KEYRING_EPOCHS_MAX + 2) * 256)
#define SIGN_FILE_SIZE (SIGN_PUBLIC_SIZE + SIGN_SECRET_SIZE)

static struct error *
refuse(const char *directory, const char *remedy)
{
    return error_with(ERROR_KEYS, directory, remedy, NULL);
}

/* Ours alone: whoever could read a key may have it. */
static struct error *
check_private(const char *directory, const struct stat *status, const char *what)
{
    struct arena *arena = arena_create();
    struct error *error = NULL;
    if (status->st_uid != geteuid())
        error = refuse(directory, arena_format(arena, "%s belongs to another user; run as its owner or change the owner", what));
    else if ((status->st_mode & 077) != 0)
        error = refuse(directory, arena_format(arena, "others can read %s; set mode 0700 on the folder and 0600 on its files", what));
    arena_destroy(arena);
    return error;
}

static struct error *
read_open_file(const char *directory, const char *name, int file, uint8_t *ret_bytes, size_t size)
{
    struct stat status;
    if (fstat(file, &status) != 0 || !S_ISREG(status.st_mode))
        return refuse(directory, "a key is not a regular file; restore the keys from their backup");
    TRY(check_private(directory, &status, name));
    if ((size_t)status.st_size != size || read(file, ret_bytes, size) != (ssize_t)size)
        return refuse(directory, "a key has the wrong size; restore the keys from their backup");
    return NULL;
}

static struct error *
read_file(const char *directory, int folder, const char *name, uint8_t *ret_bytes, size_t size)
{
    int file = openat(folder, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (file < 0) {
        struct arena *arena = arena_create();
        struct error *error = refuse(directory, arena_format(arena, "%s is missing or cannot be read; restore the keys from their backup", name));
        arena_destroy(arena);
        return error;
    }
    struct error *error = read_open_file(directory, name, file, ret_bytes, size);
    close(file);
    return error;
}

static bool
write_file(int folder, const char *name, const uint8_t *bytes, size_t size)
{
    int file = openat(folder, name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (file < 0)
        return false;
    bool is_written = fchmod(file, 0600) == 0 && write(file, bytes, size) == (ssize_t)size && fsync(file) == 0;
    return close(file) == 0 && is_written;
}

static bool
write_new_keys(int folder)
{
    uint8_t key[CRYPTO_KEY_SIZE], sign[SIGN_FILE_SIZE];
    crypto_random(key, sizeof(key));
    bool is_written = write_file(folder, MASTER_NAME, key, sizeof(key));
    crypto_random(key, sizeof(key));
    is_written = is_written && write_file(folder, EPOCH_NAME "1", key, sizeof(key));
    crypto_sign_keys(sign, sign + SIGN_PUBLIC_SIZE);
    is_written = is_written && write_file(folder, SIGN_NAME, sign, sizeof(sign));
    crypto_wipe(key, sizeof(key));
    crypto_wipe(sign, sizeof(sign));
    return is_written && fsync(folder) == 0;
}

static bool
is_key_name(const char *name)
{
    int64_t number;
    return text_equal(name, MASTER_NAME) || text_equal(name, SIGN_NAME) ||
           (text_begins(name, EPOCH_NAME) && text_parse_int(name + strlen(EPOCH_NAME), &number) && number > 0);
}

/* Lines "NAME HEX". */
static bool
write_packed(struct arena *arena, int folder, const char *packed)
{
    bool is_written = true;
    for (const char *line = packed; is_written && *line; line += strcspn(line, "\n") + 1) {
        size_t name_length = strcspn(line, " \n"), hex_length = line[name_length] == ' ' ? strcspn(line + name_length + 1, "\n") : 0;
        const char *name = arena_copy(arena, line, name_length), *hex = arena_copy(arena, line + name_length + 1, hex_length);
        uint8_t key[SIGN_FILE_SIZE];
        is_written = is_key_name(name) && hex_length % 2 == 0 && hex_length / 2 <= sizeof key && line[name_length + 1 + hex_length] == '\n' &&
                     hex_parse(hex, key, hex_length / 2) && write_file(folder, name, key, hex_length / 2);
        crypto_wipe(key, sizeof key);
    }
    return is_written && fsync(folder) == 0;
}

/* So that the folder's own name survives a power loss. */
static void
sync_parent(struct arena *arena, const char *directory)
{
    const char *slash = strrchr(directory, '/');
    const char *parent = !slash ? "." : slash == directory ? "/" : arena_copy(arena, directory, (size_t)(slash - directory));
    int folder = open(parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder >= 0) {
        fsync(folder);
        close(folder);
    }
}

/* Written beside and renamed: a crash between two keys must not leave a ring that looks whole. */
static struct error *
create_directory(struct arena *arena, const char *directory, const char *packed)
{
    const char *fresh = arena_format(arena, "%s.new", directory);
    if (mkdir(fresh, 0700) != 0 && errno != EEXIST)
        return refuse(directory, "the folder cannot be made; does the folder above exist and may this user write it?");
    int folder = open(fresh, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
    bool is_written = folder >= 0 && fchmod(folder, 0700) == 0 && (packed ? write_packed(arena, folder, packed) : write_new_keys(folder));
    if (folder >= 0)
        close(folder);
    /* Renaming onto an empty folder is allowed, onto a full one not. */
    if (!is_written || rename(fresh, directory) != 0)
        return refuse(directory, "the keys cannot be written; check the free space and the folder");
    sync_parent(arena, directory);
    return NULL;
}

static int
compare_epochs(const void *left, const void *right)
{
    int64_t first = ((const struct keyring_epoch *)left)->number;
    int64_t second = ((const struct keyring_epoch *)right)->number;
    return (first > second) - (first < second);
}

static struct error *
load_epochs(struct keyring *keyring, int folder)
{
    int listed = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *list = listed < 0 ? NULL : fdopendir(listed);
    struct error *error = list ? NULL : refuse(keyring->directory, "the folder cannot be listed by this user");
    for (struct dirent *entry; !error && (entry = readdir(list)) != NULL;) {
        int64_t number;
        if (!text_begins(entry->d_name, EPOCH_NAME) || !text_parse_int(entry->d_name + strlen(EPOCH_NAME), &number))
            continue;
        if (keyring->epoch_count == KEYRING_EPOCHS_MAX) {
            error = refuse(keyring->directory, "there are too many epoch keys; remove those whose backups are gone");
            break;
        }
        struct keyring_epoch *epoch = &keyring->epochs[keyring->epoch_count++];
        epoch->number = number;
        error = read_file(keyring->directory, folder, entry->d_name, epoch->key, CRYPTO_KEY_SIZE);
    }
    if (list)
        closedir(list);
    if (!error && keyring->epoch_count == 0)
        error = refuse(keyring->directory, "epoch-1 is missing; restore the keys from their backup");
    qsort(keyring->epochs, keyring->epoch_count, sizeof(keyring->epochs[0]), compare_epochs);
    return error;
}

static struct error *
load_sign(struct keyring *keyring, int folder)
{
    static const char probe[] = "probe";
    uint8_t pair[SIGN_FILE_SIZE], signature[SIGN_SIZE];
    TRY(read_file(keyring->directory, folder, SIGN_NAME, pair, sizeof(pair)));
    memcpy(keyring->sign_public, pair, SIGN_PUBLIC_SIZE);
    memcpy(keyring->sign_secret, pair + SIGN_PUBLIC_SIZE, SIGN_SECRET_SIZE);
    crypto_wipe(pair, sizeof(pair));
    crypto_sign_make(keyring->sign_secret, probe, sizeof(probe), signature);
    if (!crypto_sign_check(keyring->sign_public, probe, sizeof(probe), signature))
        return refuse(keyring->directory, "log-sign is damaged; restore the keys from their backup");
    return NULL;
}

static struct error *
load(struct keyring *keyring, int folder)
{
    struct stat status;
    if (fstat(folder, &status) != 0)
        return refuse(keyring->directory, "the folder cannot be read");
    TRY(check_private(keyring->directory, &status, "the folder"));
    TRY(read_file(keyring->directory, folder, MASTER_NAME, keyring->master, CRYPTO_KEY_SIZE));
    TRY(load_sign(keyring, folder));
    TRY(load_epochs(keyring, folder));
    keyring_derive_all(keyring);
    return NULL;
}

static bool
is_absent_or_empty(const char *directory)
{
    DIR *list = opendir(directory);
    if (!list)
        return errno == ENOENT;
    bool is_empty = true;
    for (struct dirent *entry; (entry = readdir(list)) != NULL;)
        if (!text_equal(entry->d_name, ".") && !text_equal(entry->d_name, ".."))
            is_empty = false;
    closedir(list);
    return is_empty;
}

static struct error *
open_directory(struct keyring *keyring, bool create)
{
    if (create && is_absent_or_empty(keyring->directory))
        TRY(create_directory(keyring->arena, keyring->directory, NULL));
    int folder = open(keyring->directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0)
        return refuse(keyring->directory, "the folder is missing or cannot be read; restore the keys from their backup or name the folder");
    struct error *error = load(keyring, folder);
    close(folder);
    return error;
}

struct error *
keyring_open(const char *directory, bool create, struct keyring **ret_keyring)
{
    struct arena *arena = arena_create();
    struct keyring *keyring = ARENA_NEW(arena, struct keyring);
    keyring->arena = arena;
    keyring->directory = arena_text(arena, directory);
    /* Keeps the keys out of swap and core files where the system allows it; going on without is no danger to the data. */
    (void)!mlock(keyring, sizeof(*keyring));
    struct error *error = open_directory(keyring, create);
    if (error) {
        keyring_close(keyring);
        return error;
    }
    *ret_keyring = keyring;
    return NULL;
}

void
keyring_close(struct keyring *keyring)
{
    if (!keyring)
        return;
    struct arena *arena = keyring->arena;
    (void)munlock(keyring, sizeof(*keyring));
    crypto_wipe(keyring, sizeof(*keyring));
    arena_destroy(arena);
}

static struct error *
pack_file(struct keyring *keyring, int folder, const char *name, size_t size, struct buffer *text)
{
    uint8_t key[SIGN_FILE_SIZE];
    char hex[2 * SIGN_FILE_SIZE + 1];
    TRY(read_file(keyring->directory, folder, name, key, size));
    hex_print(key, size, hex);
    buffer_format(text, "%s %s\n", name, hex);
    crypto_wipe(key, sizeof key);
    crypto_wipe(hex, sizeof hex);
    return NULL;
}

static struct error *
pack_all(struct arena *arena, struct keyring *keyring, int folder, struct buffer *text)
{
    TRY(pack_file(keyring, folder, MASTER_NAME, CRYPTO_KEY_SIZE, text));
    TRY(pack_file(keyring, folder, SIGN_NAME, SIGN_FILE_SIZE, text));
    for (size_t i = 0; i < keyring->epoch_count; i++)
        TRY(pack_file(keyring, folder, arena_format(arena, EPOCH_NAME "%lld", (long long)keyring->epochs[i].number), CRYPTO_KEY_SIZE, text));
    return NULL;
}

struct error *
keyring_pack(struct arena *arena, const char *directory, struct bytes *ret_text)
{
    struct keyring *keyring = NULL;
    struct buffer text;
    TRY(keyring_open(directory, false, &keyring)); /* what does not load is not worth a backup */
    buffer_init(&text, arena);
    (void)buffer_room(&text, PACKED_MAX); /* never moved: a copy left behind would not be wiped */
    int folder = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    struct error *error = folder < 0 ? refuse(directory, "the folder cannot be read") : pack_all(arena, keyring, folder, &text);
    if (folder >= 0)
        close(folder);
    keyring_close(keyring);
    if (error)
        return error;
    *ret_text = (struct bytes){(const uint8_t *)text.data, text.length};
    return NULL;
}

struct error *
keyring_unpack(const char *directory, struct bytes text)
{
    if (!is_absent_or_empty(directory))
        return refuse(directory, "there are keys already; they are never overwritten");
    struct arena *arena = arena_create();
    struct keyring *keyring = NULL;
    struct error *error = create_directory(arena, directory, arena_copy(arena, (const char *)text.data, text.length));
    if (error == NULL)
        error = keyring_open(directory, false, &keyring);
    keyring_close(keyring);
    arena_destroy(arena);
    return error;
}
