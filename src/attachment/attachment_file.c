/* attachment_file.c: the sealed file beside the registry: written under another name, fsynced, renamed, its folder fsynced. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lumbung/attachment.h"
#include "lumbung/base/crypto.h"
#include "lumbung/base/limits.h"

static const char *
path_of(struct arena *arena, const char *directory, struct id id, bool with_file)
{
    char text[ID_TEXT_SIZE];
    id_print(id, text);
    /* The last two digits of the id are random, its first ones are the time. */
    return arena_format(arena, with_file ? "%s/%s/%s" : "%s/%s", directory, text + 34, text);
}

static struct error *
sync_folder(const char *path)
{
    int folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0)
        return error_new(ERROR_DISK);
    int status = fsync(folder);
    close(folder);
    return status == 0 ? NULL : error_new(ERROR_DISK);
}

static struct error *
make_folder(const char *path)
{
    return mkdir(path, 0700) == 0 || errno == EEXIST ? NULL : error_new(ERROR_DISK);
}

static bool
write_all(int file, struct bytes content)
{
    for (size_t done = 0; done < content.length;) {
        ssize_t count = write(file, content.data + done, content.length - done);
        if (count < 0 && errno == EINTR)
            continue;
        if (count <= 0)
            return false;
        done += (size_t)count;
    }
    return fsync(file) == 0;
}

static struct error *
write_file(struct arena *arena, const char *path, struct bytes content)
{
    const char *fresh = arena_format(arena, "%s.new", path);
    int file = open(fresh, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (file < 0)
        return error_new(ERROR_DISK);
    bool written = write_all(file, content);
    close(file);
    if (written && rename(fresh, path) == 0)
        return NULL;
    unlink(fresh);
    return error_new(ERROR_DISK);
}

void
attachment_remove(const char *directory, struct id id)
{
    struct arena *arena = arena_create();
    unlink(path_of(arena, directory, id, true));
    arena_destroy(arena);
}

struct error *
attachment_write(struct arena *arena, const char *directory, struct id id, struct bytes content, uint8_t ret_key[32])
{
    crypto_random(ret_key, CRYPTO_KEY_SIZE);
    struct bytes sealed = crypto_seal(arena, ret_key, content.data, content.length, id.bytes, sizeof id.bytes);
    const char *folder = path_of(arena, directory, id, false);
    TRY(make_folder(directory));
    TRY(make_folder(folder));
    TRY(write_file(arena, path_of(arena, directory, id, true), sealed));
    struct error *error = sync_folder(folder);
    if (!error)
        error = sync_folder(directory);
    if (error)
        attachment_remove(directory, id);
    return error;
}

struct error *
attachment_read(struct arena *arena, const char *directory, struct id id, const uint8_t key[32], struct bytes *ret_content)
{
    int file = open(path_of(arena, directory, id, true), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (file < 0)
        return error_new(ERROR_NOT_FOUND);
    size_t capacity = LIMIT_ATTACHMENT_BYTES + CRYPTO_SEAL_OVERHEAD + 1, length = 0;
    uint8_t *bytes = arena_alloc(arena, capacity);
    ssize_t count;
    while (length < capacity && (count = read(file, bytes + length, capacity - length)) > 0)
        length += (size_t)count;
    close(file);
    if (!crypto_open(arena, key, (struct bytes){bytes, length}, id.bytes, sizeof id.bytes, ret_content))
        return error_with(ERROR_TAMPERED, "attachment", NULL, NULL);
    return NULL;
}
