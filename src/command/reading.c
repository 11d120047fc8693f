/* reading.c: opening for reading, and whole files. */
#include "command/reading.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Foreign keys would make every entry look altered. */
static struct error *
reading_check_keys(struct reading *reading, const char *keys)
{
    struct registry_row row;
    bool found = false;
    TRY(registry_row_load(&reading->tx, &row, &found));
    if (!found)
        return error_with(ERROR_DATABASE, reading->registry.path, "it holds no registry yet; start the server once", NULL);
    return instance_check_keys(&row, reading->keyring, keys);
}

static struct error *
reading_begin(struct arena *arena, const char *path, const char *keys, const struct db_options *options, struct reading *ret_reading)
{
    *ret_reading = (struct reading){.arena = arena};
    if (access(path, F_OK) != 0)
        return error_with(ERROR_DATABASE, path, "it does not exist", NULL);
    TRY(keyring_open(instance_keys_path(arena, path, keys), false, &ret_reading->keyring));
    ret_reading->registry.path = path;
    ret_reading->registry.blob_directory = arena_format(arena, "%s.blobs", path);
    struct error *error = instance_read_begin(path, options, ret_reading->keyring, &ret_reading->registry, arena, &ret_reading->tx);
    if (error) {
        keyring_close(ret_reading->keyring);
        return error;
    }
    error = reading_check_keys(ret_reading, keys);
    if (error)
        reading_close(ret_reading);
    return error;
}

struct error *
reading_open(struct arena *arena, const char *path, const char *keys, struct reading *ret_reading)
{
    return reading_begin(arena, path, keys, NULL, ret_reading);
}

struct error *
reading_open_at_rest(struct arena *arena, const char *path, const char *keys, struct reading *ret_reading)
{
    const struct db_options options = {.immutable = db_is_at_rest(path)};
    return reading_begin(arena, path, keys, &options, ret_reading);
}

void
reading_close(struct reading *reading)
{
    instance_read_end(&reading->tx);
    keyring_close(reading->keyring);
}

struct error *
file_read(struct arena *arena, const char *path, struct bytes *ret_bytes)
{
    int file = open(path, O_RDONLY | O_CLOEXEC);
    struct stat facts;
    if (file < 0 || fstat(file, &facts) != 0 || !S_ISREG(facts.st_mode)) {
        if (file >= 0)
            close(file);
        return error_with(ERROR_FILE, path, file < 0 ? strerror(errno) : "it is no file", NULL);
    }
    char *text = arena_alloc(arena, (size_t)facts.st_size + 1);
    size_t length = 0;
    ssize_t got = 1;
    while (length < (size_t)facts.st_size && (got = read(file, text + length, (size_t)facts.st_size - length)) > 0)
        length += (size_t)got;
    close(file);
    if (got < 0)
        return error_with(ERROR_FILE, path, strerror(errno), NULL);
    *ret_bytes = (struct bytes){(const uint8_t *)text, length};
    return NULL;
}

struct error *
file_write(const char *path, const void *bytes, size_t length)
{
    int file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    const char *at = bytes;
    while (file >= 0 && length > 0) {
        ssize_t wrote = write(file, at, length);
        if (wrote <= 0)
            break;
        at += wrote;
        length -= (size_t)wrote;
    }
    bool synced = file >= 0 && length == 0 && fsync(file) == 0;
    if (file >= 0)
        close(file);
    return synced ? NULL : error_with(ERROR_FILE, path, strerror(errno), NULL);
}
