/* archive.c: ustar (POSIX.1-1988): a head of 512 bytes, the content padded to 512, two empty blocks at the end. */
#include "command/archive.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define TAR_BLOCK 512
#define TEXT_BYTES_MAX (INT64_C(1) << 30) /* ten million photos */
#define TAR_NAME 100
#define TAR_SIZE_AT 124
#define TAR_SUM_AT 148
#define TAR_MAGIC_AT 257

static bool
write_all(int file, const void *bytes, size_t length)
{
    const char *at = bytes;
    while (length > 0) {
        ssize_t wrote = write(file, at, length);
        if (wrote <= 0)
            return false;
        at += wrote;
        length -= (size_t)wrote;
    }
    return true;
}

static bool
read_all(int file, void *bytes, size_t length)
{
    char *at = bytes;
    while (length > 0) {
        ssize_t got = read(file, at, length);
        if (got <= 0)
            return false;
        at += got;
        length -= (size_t)got;
    }
    return true;
}

static unsigned
head_sum(const unsigned char head[TAR_BLOCK])
{
    unsigned sum = 0;
    for (size_t i = 0; i < TAR_BLOCK; i++)
        sum += i >= TAR_SUM_AT && i < TAR_SUM_AT + 8 ? ' ' : head[i];
    return sum;
}

static void
make_head(unsigned char head[TAR_BLOCK], const char *name, int64_t size)
{
    char number[16];
    memset(head, 0, TAR_BLOCK);
    memcpy(head, name, strlen(name));
    memcpy(head + 100, "0000600", 7);
    memcpy(head + 108, "0000000", 7);
    memcpy(head + 116, "0000000", 7);
    snprintf(number, sizeof number, "%011llo", (unsigned long long)size);
    memcpy(head + TAR_SIZE_AT, number, 11);
    memcpy(head + 136, "00000000000", 11);
    head[156] = '0';
    memcpy(head + TAR_MAGIC_AT, "ustar\00000", 8);
    snprintf(number, sizeof number, "%06o", head_sum(head));
    memcpy(head + TAR_SUM_AT, number, 7);
    head[TAR_SUM_AT + 7] = ' ';
}

static struct error *
pad(int archive, int64_t size)
{
    static const char empty[TAR_BLOCK];
    size_t rest = (size_t)(size % TAR_BLOCK);
    return rest == 0 || write_all(archive, empty, TAR_BLOCK - rest) ? NULL : error_new(ERROR_DISK);
}

static struct error *
copy_padded(int from, int to, int64_t size, uint8_t ret_sha256[SHA256_SIZE])
{
    char block[65536];
    int64_t left = size;
    struct sha256 hash;
    sha256_start(&hash);
    while (left > 0) {
        size_t want = left < (int64_t)sizeof block ? (size_t)left : sizeof block;
        if (!read_all(from, block, want) || !write_all(to, block, want))
            return error_new(ERROR_DISK);
        sha256_update(&hash, block, want);
        left -= (int64_t)want;
    }
    sha256_finish(&hash, ret_sha256);
    return pad(to, size);
}

struct error *
archive_add(int archive, const char *name, const char *path, uint8_t ret_sha256[SHA256_SIZE])
{
    struct stat facts;
    unsigned char head[TAR_BLOCK];
    if (strlen(name) >= TAR_NAME)
        return error_with(ERROR_FILE, name, "its name is too long for the archive", NULL);
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0 || fstat(file, &facts) != 0) {
        struct error *error = error_with(ERROR_FILE, path, strerror(errno), NULL);
        if (file >= 0)
            close(file);
        return error;
    }
    make_head(head, name, facts.st_size);
    struct error *error = write_all(archive, head, TAR_BLOCK) ? copy_padded(file, archive, facts.st_size, ret_sha256) : error_new(ERROR_DISK);
    close(file);
    return error;
}

struct error *
archive_add_text(int archive, const char *name, const char *text, size_t length)
{
    unsigned char head[TAR_BLOCK];
    make_head(head, name, (int64_t)length);
    return write_all(archive, head, TAR_BLOCK) && write_all(archive, text, length) ? pad(archive, (int64_t)length) : error_new(ERROR_DISK);
}

struct error *
archive_end(int archive)
{
    char empty[2 * TAR_BLOCK] = {0};
    return write_all(archive, empty, sizeof empty) && fsync(archive) == 0 ? NULL : error_new(ERROR_DISK);
}

static struct error *
bad_archive(const char *path)
{
    return error_with(ERROR_FILE, path, "it is no backup of Lumbung, or it is damaged or cut short", NULL);
}

static struct error *
read_entries(const char *path, int archive, archive_entry entry, void *context)
{
    for (;;) {
        unsigned char head[TAR_BLOCK];
        char name[TAR_NAME + 1] = {0}, number[13] = {0}, sum[9] = {0};
        off_t start = lseek(archive, 0, SEEK_CUR);
        if (!read_all(archive, head, TAR_BLOCK))
            return bad_archive(path);
        if (head[0] == '\0')
            return NULL;
        memcpy(name, head, TAR_NAME);
        memcpy(number, head + TAR_SIZE_AT, 12);
        memcpy(sum, head + TAR_SUM_AT, 8);
        int64_t size = (int64_t)strtoll(number, NULL, 8);
        if (strtoul(sum, NULL, 8) != head_sum(head) || size < 0 || strstr(name, ".."))
            return bad_archive(path);
        TRY(entry(context, archive, name, size));
        off_t next = start + TAR_BLOCK + (size + TAR_BLOCK - 1) / TAR_BLOCK * TAR_BLOCK;
        if (lseek(archive, next, SEEK_SET) != next)
            return bad_archive(path);
    }
}

struct error *
archive_read(const char *path, archive_entry entry, void *context)
{
    int archive = open(path, O_RDONLY | O_CLOEXEC);
    if (archive < 0)
        return error_with(ERROR_FILE, path, strerror(errno), NULL);
    struct error *error = read_entries(path, archive, entry, context);
    close(archive);
    return error;
}

static struct error *
cut_short(const char *path)
{
    return error_with(ERROR_FILE, path ? path : "backup", "it could not be taken out of the backup: cut short, or the disk is full", NULL);
}

static bool
take_bytes(int archive, int file, int64_t size, struct sha256 *hash)
{
    char block[65536];
    for (int64_t left = size; left > 0;) {
        size_t want = left < (int64_t)sizeof block ? (size_t)left : sizeof block;
        if (!read_all(archive, block, want) || (file >= 0 && !write_all(file, block, want)))
            return false;
        sha256_update(hash, block, want);
        left -= (int64_t)want;
    }
    return true;
}

struct error *
archive_take(int archive, int64_t size, const char *path, uint8_t ret_sha256[SHA256_SIZE])
{
    struct sha256 hash;
    int file = path ? open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600) : -1;
    if (path && file < 0)
        return error_with(ERROR_FILE, path, strerror(errno), NULL);
    sha256_start(&hash);
    bool good = take_bytes(archive, file, size, &hash) && (file < 0 || fsync(file) == 0);
    if (file >= 0)
        close(file);
    sha256_finish(&hash, ret_sha256);
    return good ? NULL : cut_short(path);
}

struct error *
archive_take_text(struct arena *arena, int archive, int64_t size, struct bytes *ret_text)
{
    if (size > TEXT_BYTES_MAX)
        return cut_short(NULL);
    char *text = arena_alloc(arena, (size_t)size + 1);
    if (!read_all(archive, text, (size_t)size))
        return cut_short(NULL);
    *ret_text = (struct bytes){(const uint8_t *)text, (size_t)size};
    return NULL;
}

bool
archive_is_one(const char *path)
{
    unsigned char head[TAR_BLOCK];
    int archive = open(path, O_RDONLY | O_CLOEXEC);
    bool whole = archive >= 0 && read_all(archive, head, sizeof head);
    if (archive >= 0)
        close(archive);
    return whole && memcmp(head + TAR_MAGIC_AT, "ustar", 5) == 0;
}
