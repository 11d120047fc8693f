/* spool.c: sealed temporary files. Each has a key of its own, so that the stream may begin at zero in all of them. */
#include "lumbung/http/spool.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

#include "lumbung/base/arena.h"

struct spool {
    struct arena *arena;
    int file;
    int64_t bytes;
    struct sha256 hash;
    uint8_t key[CRYPTO_KEY_SIZE];
    /* Writing behind: everything below under the mutex. */
    pthread_t thread;
    pthread_mutex_t mutex;
    pthread_cond_t turn;
    void *waiting;             /* the block that was handed over; NULL: none */
    size_t waiting_length;
    struct error *error;       /* of the last block */
    bool has_thread, ends;
};

/* Where the file system has no nameless files the name is taken away at once. */
int
spool_nameless(const char *directory)
{
    int file = open(directory, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (file >= 0)
        return file;
    struct arena *arena = arena_create();
    char *path = arena_format(arena, "%s/.lumbung-spool-XXXXXX", directory);
    file = mkostemp(path, O_CLOEXEC);
    if (file >= 0)
        unlink(path);
    arena_destroy(arena);
    return file;
}

struct error *
spool_open(const char *directory, struct spool **ret_spool)
{
    int file = spool_nameless(directory);
    if (file < 0)
        return error_new(ERROR_DISK);
    struct arena *arena = arena_create();
    struct spool *spool = ARENA_NEW(arena, struct spool);
    spool->arena = arena;
    spool->file = file;
    crypto_random(spool->key, sizeof spool->key);
    sha256_start(&spool->hash);
    pthread_mutex_init(&spool->mutex, NULL);
    pthread_cond_init(&spool->turn, NULL);
    *ret_spool = spool;
    return NULL;
}

struct error *
spool_write(struct spool *spool, void *bytes, size_t length)
{
    char *at = bytes;
    sha256_update(&spool->hash, bytes, length);
    crypto_stream_at(spool->key, (uint64_t)spool->bytes, bytes, length);
    while (length > 0) {
        ssize_t wrote = write(spool->file, at, length);
        if (wrote < 0 && errno == EINTR)
            continue;
        if (wrote <= 0)
            return error_new(ERROR_DISK);
        at += wrote;
        length -= (size_t)wrote;
        spool->bytes += wrote;
    }
    return NULL;
}

static void *
write_blocks(void *context)
{
    struct spool *spool = context;
    pthread_mutex_lock(&spool->mutex);
    for (;;) {
        while (spool->waiting == NULL && !spool->ends)
            pthread_cond_wait(&spool->turn, &spool->mutex);
        if (spool->waiting == NULL)
            break;
        void *bytes = spool->waiting;
        size_t length = spool->waiting_length;
        pthread_mutex_unlock(&spool->mutex);
        struct error *error = spool_write(spool, bytes, length); /* ours alone until it is no longer waiting */
        pthread_mutex_lock(&spool->mutex);
        spool->error = error;
        spool->waiting = NULL;
        pthread_cond_signal(&spool->turn);
    }
    pthread_mutex_unlock(&spool->mutex);
    return NULL;
}

struct error *
spool_settle(struct spool *spool)
{
    pthread_mutex_lock(&spool->mutex);
    while (spool->waiting)
        pthread_cond_wait(&spool->turn, &spool->mutex);
    struct error *error = spool->error;
    spool->error = NULL;
    pthread_mutex_unlock(&spool->mutex);
    return error;
}

struct error *
spool_write_behind(struct spool *spool, void *bytes, size_t length)
{
    TRY(spool_settle(spool));
    if (length == 0)
        return NULL;
    if (!spool->has_thread)
        spool->has_thread = pthread_create(&spool->thread, NULL, write_blocks, spool) == 0;
    if (!spool->has_thread)
        return spool_write(spool, bytes, length);
    pthread_mutex_lock(&spool->mutex);
    spool->waiting = bytes;
    spool->waiting_length = length;
    pthread_cond_signal(&spool->turn);
    pthread_mutex_unlock(&spool->mutex);
    return NULL;
}

static void
end_thread(struct spool *spool)
{
    if (!spool->has_thread)
        return;
    pthread_mutex_lock(&spool->mutex);
    spool->ends = true;
    pthread_cond_signal(&spool->turn);
    pthread_mutex_unlock(&spool->mutex);
    pthread_join(spool->thread, NULL);
    spool->has_thread = false;
}

int64_t
spool_bytes(const struct spool *spool)
{
    return spool->bytes;
}

void
spool_digest(struct spool *spool, uint8_t ret_digest[SHA256_SIZE])
{
    end_thread(spool); /* nothing more is written */
    sha256_finish(&spool->hash, ret_digest);
}

ssize_t
spool_read(const struct spool *spool, int64_t offset, void *ret_bytes, size_t length)
{
    ssize_t got;
    do
        got = pread(spool->file, ret_bytes, length, offset);
    while (got < 0 && errno == EINTR);
    if (got > 0)
        crypto_stream_at(spool->key, (uint64_t)offset, ret_bytes, (size_t)got);
    return got;
}

void
spool_close(struct spool *spool)
{
    if (spool == NULL)
        return;
    end_thread(spool);
    error_free(spool->error);
    pthread_cond_destroy(&spool->turn);
    pthread_mutex_destroy(&spool->mutex);
    close(spool->file);
    crypto_wipe(spool->key, sizeof spool->key);
    arena_destroy(spool->arena);
}
