/* vfs_power.c: a VFS shim. Writes go through to the system, but what counts as safe is kept apart: per file, the content as of its last
 * sync and the list of operations since. A power loss keeps the first and a random part of the second. */
#include "vfs_power.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sqlite3.h>

#define SECTOR 512
#define FILES_MAX 64

struct operation {
    bool is_truncation;
    sqlite3_int64 offset; /* or the new size */
    int length;
    unsigned char *bytes;
};

struct medium {
    char *path;
    unsigned char *safe;
    sqlite3_int64 safe_size, size;
    struct operation *operations;
    size_t count, capacity;
};

struct power_file {
    sqlite3_file base;
    struct medium *medium;
    sqlite3_file *real; /* behind this struct */
};

static sqlite3_vfs shim;
static sqlite3_vfs *system_vfs;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static struct medium media[FILES_MAX];
static size_t media_count;
static uint64_t random_state;
static int64_t space = -1;
static int fail_countdown, fail_code;
static bool has_failed;
static int sync_count;
static int moment_every, moment_countdown;
static void (*moment_call)(void *context);
static void *moment_context;

/* splitmix64: the same seed gives the same disasters. */
static uint64_t
draw(uint64_t below)
{
    uint64_t value = (random_state += UINT64_C(0x9e3779b97f4a7c15));
    value = (value ^ (value >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    value = (value ^ (value >> 27)) * UINT64_C(0x94d049bb133111eb);
    return (value ^ (value >> 31)) % below;
}

static void *
grow(void *memory, size_t size)
{
    void *grown = realloc(memory, size > 0 ? size : 1);
    if (!grown)
        abort();
    return grown;
}

static struct medium *
medium_find(const char *path)
{
    for (size_t i = 0; i < media_count; i++)
        if (strcmp(media[i].path, path) == 0)
            return &media[i];
    return NULL;
}

static void
medium_forget(struct medium *medium)
{
    for (size_t i = 0; i < medium->count; i++)
        free(medium->operations[i].bytes);
    free(medium->operations);
    free(medium->safe);
    free(medium->path);
}

/* What is on the disk when a file is first opened is safe. */
static void
medium_load(struct medium *medium, sqlite3_file *real)
{
    sqlite3_int64 size = 0;
    real->pMethods->xFileSize(real, &size);
    medium->safe = grow(NULL, (size_t)size);
    if (size > 0)
        real->pMethods->xRead(real, medium->safe, (int)size, 0);
    medium->safe_size = medium->size = size;
}

static struct medium *
medium_open(const char *path, sqlite3_file *real)
{
    struct medium *medium = medium_find(path);
    if (medium)
        return medium;
    if (media_count == FILES_MAX)
        abort();
    medium = &media[media_count++];
    *medium = (struct medium){.path = strdup(path)};
    medium_load(medium, real);
    return medium;
}

static void
note(struct medium *medium, struct operation operation)
{
    if (medium->count == medium->capacity) {
        medium->capacity = medium->capacity * 2 + 16;
        medium->operations = grow(medium->operations, medium->capacity * sizeof(*medium->operations));
    }
    medium->operations[medium->count++] = operation;
}

struct content {
    unsigned char *bytes;
    sqlite3_int64 size;
};

static void
content_put(struct content *content, const unsigned char *bytes, sqlite3_int64 offset, sqlite3_int64 length)
{
    if (offset + length > content->size) {
        content->bytes = grow(content->bytes, (size_t)(offset + length));
        if (offset > content->size)
            memset(content->bytes + content->size, 0, (size_t)(offset - content->size));
        content->size = offset + length;
    }
    memcpy(content->bytes + offset, bytes, (size_t)length);
}

/* Each sector of an unsynced write arrives, or not, or in part. */
static void
content_put_torn(struct content *content, const struct operation *operation, uint64_t arrive_percent)
{
    sqlite3_int64 at = 0;
    while (at < operation->length) {
        sqlite3_int64 piece = SECTOR - (operation->offset + at) % SECTOR;
        if (piece > operation->length - at)
            piece = operation->length - at;
        if (draw(100) < arrive_percent) {
            sqlite3_int64 kept = draw(8) == 0 ? (sqlite3_int64)draw((uint64_t)piece) : piece;
            content_put(content, operation->bytes + at, operation->offset + at, kept);
        }
        at += piece;
    }
}

static void
content_apply(struct content *content, const struct operation *operation, bool is_torn, uint64_t arrive_percent)
{
    if (!operation->is_truncation) {
        if (is_torn)
            content_put_torn(content, operation, arrive_percent);
        else
            content_put(content, operation->bytes, operation->offset, operation->length);
    } else if (operation->offset < content->size && (!is_torn || draw(100) < arrive_percent)) {
        content->size = operation->offset;
    }
}

static void
medium_sync(struct medium *medium)
{
    struct content content = {medium->safe, medium->safe_size};
    for (size_t i = 0; i < medium->count; i++) {
        content_apply(&content, &medium->operations[i], false, 0);
        free(medium->operations[i].bytes);
    }
    medium->count = 0;
    medium->safe = content.bytes;
    medium->safe_size = content.size;
}

bool
power_image(const char *path, const char *image_path)
{
    static const uint64_t percents[] = {0, 20, 50, 80, 97, 100};
    struct medium *medium = medium_find(path);
    struct content content = {NULL, 0};
    if (medium) {
        uint64_t percent = percents[draw(sizeof(percents) / sizeof(percents[0]))];
        content_put(&content, medium->safe, 0, medium->safe_size);
        for (size_t i = 0; i < medium->count; i++)
            content_apply(&content, &medium->operations[i], true, percent);
    }
    FILE *file = fopen(image_path, "wb");
    bool is_written = file && (content.size == 0 || fwrite(content.bytes, 1, (size_t)content.size, file) == (size_t)content.size);
    if (file && fclose(file) != 0)
        is_written = false;
    free(content.bytes);
    return is_written;
}

/* Before each operation, with the mutex held: disasters. Returns SQLITE_OK or the failure. */
static int
meet_fate(void)
{
    if (moment_call && --moment_countdown <= 0) {
        moment_countdown = 1 + (int)draw((uint64_t)(2 * moment_every));
        moment_call(moment_context);
    }
    if (fail_countdown > 0 && --fail_countdown == 0) {
        has_failed = true;
        return fail_code;
    }
    return SQLITE_OK;
}

static sqlite3_file *
real_of(sqlite3_file *file)
{
    return ((struct power_file *)file)->real;
}

static int
power_close(sqlite3_file *file)
{
    return real_of(file)->pMethods->xClose(real_of(file));
}

static int
power_read(sqlite3_file *file, void *bytes, int length, sqlite3_int64 offset)
{
    return real_of(file)->pMethods->xRead(real_of(file), bytes, length, offset);
}

static int
write_noted(struct power_file *file, const void *bytes, int length, sqlite3_int64 offset)
{
    struct medium *medium = file->medium;
    int status = meet_fate();
    if (status != SQLITE_OK)
        return status;
    sqlite3_int64 growth = offset + length - medium->size;
    if (growth > 0 && space >= 0) {
        if (growth > space)
            return SQLITE_FULL;
        space -= growth;
    }
    status = file->real->pMethods->xWrite(file->real, bytes, length, offset);
    if (status != SQLITE_OK)
        return status;
    struct operation operation = {.offset = offset, .length = length, .bytes = grow(NULL, (size_t)length)};
    memcpy(operation.bytes, bytes, (size_t)length);
    note(medium, operation);
    if (growth > 0)
        medium->size += growth;
    return SQLITE_OK;
}

static int
power_write(sqlite3_file *file, const void *bytes, int length, sqlite3_int64 offset)
{
    pthread_mutex_lock(&mutex);
    int status = write_noted((struct power_file *)file, bytes, length, offset);
    pthread_mutex_unlock(&mutex);
    return status;
}

static int
power_truncate(sqlite3_file *file, sqlite3_int64 size)
{
    struct power_file *own = (struct power_file *)file;
    pthread_mutex_lock(&mutex);
    int status = meet_fate();
    if (status == SQLITE_OK)
        status = own->real->pMethods->xTruncate(own->real, size);
    if (status == SQLITE_OK) {
        note(own->medium, (struct operation){.is_truncation = true, .offset = size});
        own->medium->size = size;
    }
    pthread_mutex_unlock(&mutex);
    return status;
}

/* The system's disk is not asked to sync: nobody pulls its plug. */
static int
power_sync(sqlite3_file *file, int flags)
{
    (void)flags;
    pthread_mutex_lock(&mutex);
    int status = meet_fate();
    if (status == SQLITE_OK) {
        medium_sync(((struct power_file *)file)->medium);
        sync_count++;
    }
    pthread_mutex_unlock(&mutex);
    return status;
}

static int
power_size(sqlite3_file *file, sqlite3_int64 *ret_size)
{
    return real_of(file)->pMethods->xFileSize(real_of(file), ret_size);
}

static int
power_lock(sqlite3_file *file, int level)
{
    return real_of(file)->pMethods->xLock(real_of(file), level);
}

static int
power_unlock(sqlite3_file *file, int level)
{
    return real_of(file)->pMethods->xUnlock(real_of(file), level);
}

static int
power_is_reserved(sqlite3_file *file, int *ret_reserved)
{
    return real_of(file)->pMethods->xCheckReservedLock(real_of(file), ret_reserved);
}

static int
power_control(sqlite3_file *file, int code, void *argument)
{
    /* Growing ahead of need would pass by the count of space. */
    if (code == SQLITE_FCNTL_SIZE_HINT || code == SQLITE_FCNTL_CHUNK_SIZE)
        return SQLITE_OK;
    return real_of(file)->pMethods->xFileControl(real_of(file), code, argument);
}

static int
power_sector(sqlite3_file *file)
{
    (void)file;
    return SECTOR;
}

static int
power_traits(sqlite3_file *file)
{
    return real_of(file)->pMethods->xDeviceCharacteristics(real_of(file));
}

static int
power_shm_map(sqlite3_file *file, int page, int size, int extend, void volatile **ret_memory)
{
    return real_of(file)->pMethods->xShmMap(real_of(file), page, size, extend, ret_memory);
}

static int
power_shm_lock(sqlite3_file *file, int offset, int count, int flags)
{
    return real_of(file)->pMethods->xShmLock(real_of(file), offset, count, flags);
}

static void
power_shm_barrier(sqlite3_file *file)
{
    real_of(file)->pMethods->xShmBarrier(real_of(file));
}

static int
power_shm_unmap(sqlite3_file *file, int remove_it)
{
    return real_of(file)->pMethods->xShmUnmap(real_of(file), remove_it);
}

/* Version 2: without memory-mapped reading, which would go round us. */
static const sqlite3_io_methods methods = {
    .iVersion = 2,
    .xClose = power_close,
    .xRead = power_read,
    .xWrite = power_write,
    .xTruncate = power_truncate,
    .xSync = power_sync,
    .xFileSize = power_size,
    .xLock = power_lock,
    .xUnlock = power_unlock,
    .xCheckReservedLock = power_is_reserved,
    .xFileControl = power_control,
    .xSectorSize = power_sector,
    .xDeviceCharacteristics = power_traits,
    .xShmMap = power_shm_map,
    .xShmLock = power_shm_lock,
    .xShmBarrier = power_shm_barrier,
    .xShmUnmap = power_shm_unmap,
};

static int
power_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *ret_flags)
{
    struct power_file *own = (struct power_file *)file;
    (void)vfs;
    own->base.pMethods = NULL;
    own->real = (sqlite3_file *)(own + 1);
    int status = system_vfs->xOpen(system_vfs, name, own->real, flags, ret_flags);
    if (status != SQLITE_OK)
        return status;
    pthread_mutex_lock(&mutex);
    own->medium = medium_open(name ? name : "(unnamed)", own->real);
    pthread_mutex_unlock(&mutex);
    own->base.pMethods = &methods;
    return SQLITE_OK;
}

static int
power_delete(sqlite3_vfs *vfs, const char *name, int sync_folder)
{
    (void)vfs;
    pthread_mutex_lock(&mutex);
    struct medium *medium = medium_find(name);
    if (medium) {
        note(medium, (struct operation){.is_truncation = true, .offset = 0});
        medium->size = 0;
    }
    pthread_mutex_unlock(&mutex);
    return system_vfs->xDelete(system_vfs, name, sync_folder);
}

void
power_start(uint64_t seed)
{
    for (size_t i = 0; i < media_count; i++)
        medium_forget(&media[i]);
    media_count = 0;
    random_state = seed;
    space = -1;
    fail_countdown = 0;
    sync_count = 0;
    moment_call = NULL;
    if (system_vfs)
        return;
    system_vfs = sqlite3_vfs_find(NULL);
    shim = *system_vfs;
    shim.zName = POWER_VFS;
    shim.pNext = NULL;
    shim.szOsFile = (int)sizeof(struct power_file) + system_vfs->szOsFile;
    shim.xOpen = power_open;
    shim.xDelete = power_delete;
    sqlite3_vfs_register(&shim, 0);
}

void
power_on_moment(int every, void (*moment)(void *context), void *context)
{
    pthread_mutex_lock(&mutex);
    moment_every = every;
    moment_countdown = every;
    moment_call = moment;
    moment_context = context;
    pthread_mutex_unlock(&mutex);
}

void
power_fail_at(int operation, int code)
{
    pthread_mutex_lock(&mutex);
    fail_countdown = operation;
    fail_code = code;
    has_failed = false;
    pthread_mutex_unlock(&mutex);
}

bool
power_failed(void)
{
    pthread_mutex_lock(&mutex);
    bool result = has_failed;
    pthread_mutex_unlock(&mutex);
    return result;
}

int
power_syncs(void)
{
    pthread_mutex_lock(&mutex);
    int result = sync_count;
    pthread_mutex_unlock(&mutex);
    return result;
}

void
power_space(int64_t bytes)
{
    pthread_mutex_lock(&mutex);
    space = bytes;
    pthread_mutex_unlock(&mutex);
}
