/* db_pace.c: a layer over a VFS that brings what is written into the registry's file to the disk in small pieces. A checkpoint writes thousands of
 * pages and syncs once, at the end; the commits of the lane then wait behind all of them (60 to 100 ms). Synced piece by piece, a commit waits for
 * one piece. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include <sqlite3.h>

#include "db_private.h"

#define PIECE_BYTES (512 * 1024)
#define NAME_MAX_BYTES 40

/* One layer for each VFS that was asked for; the engine keeps it until the process ends. */
struct layer {
    sqlite3_vfs vfs;
    sqlite3_vfs *under;
    char name[NAME_MAX_BYTES];
};

/* Lies behind the file of the VFS under us, whose methods it copies but for one. */
struct pace {
    sqlite3_io_methods methods;
    const sqlite3_io_methods *under;
    int64_t unsynced_bytes;
};

static pthread_mutex_t layers_mutex = PTHREAD_MUTEX_INITIALIZER;

static size_t
pace_offset(const sqlite3_vfs *under)
{
    size_t alignment = _Alignof(struct pace);
    return ((size_t)under->szOsFile + alignment - 1) / alignment * alignment;
}

/* The methods are the first member of a struct pace. */
static struct pace *
pace_of(sqlite3_file *file)
{
    return (struct pace *)(uintptr_t)file->pMethods;
}

static int
pace_write(sqlite3_file *file, const void *data, int length, sqlite3_int64 offset)
{
    struct pace *pace = pace_of(file);
    int status = pace->under->xWrite(file, data, length, offset);
    pace->unsynced_bytes += length;
    if (status != SQLITE_OK || pace->unsynced_bytes < PIECE_BYTES)
        return status;
    pace->unsynced_bytes = 0;
    return pace->under->xSync(file, SQLITE_SYNC_NORMAL | SQLITE_SYNC_DATAONLY);
}

static int
pace_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *ret_flags)
{
    const struct layer *layer = vfs->pAppData;
    int status = layer->under->xOpen(layer->under, name, file, flags, ret_flags);
    if (status != SQLITE_OK || !(flags & SQLITE_OPEN_MAIN_DB))
        return status;
    struct pace *pace = (struct pace *)(void *)((char *)file + pace_offset(layer->under));
    *pace = (struct pace){.methods = *file->pMethods, .under = file->pMethods};
    pace->methods.xWrite = pace_write;
    file->pMethods = &pace->methods;
    return status;
}

static sqlite3_vfs *
make_layer(sqlite3_vfs *under, const char *name)
{
    struct layer *layer = calloc(1, sizeof(*layer));
    if (!layer)
        return NULL;
    layer->vfs = *under; /* what else it has does not ask which VFS it was called through */
    layer->under = under;
    snprintf(layer->name, sizeof(layer->name), "%s", name);
    layer->vfs.zName = layer->name;
    layer->vfs.szOsFile = (int)(pace_offset(under) + sizeof(struct pace));
    layer->vfs.pAppData = layer;
    layer->vfs.xOpen = pace_open;
    if (sqlite3_vfs_register(&layer->vfs, false) == SQLITE_OK)
        return &layer->vfs;
    free(layer);
    return NULL;
}

const char *
db_pace(const char *vfs)
{
    char name[NAME_MAX_BYTES];
    sqlite3_vfs *under = sqlite3_vfs_find(vfs);
    if (!under || snprintf(name, sizeof(name), "paced-%s", under->zName) >= NAME_MAX_BYTES)
        return vfs;
    pthread_mutex_lock(&layers_mutex);
    sqlite3_vfs *layer = sqlite3_vfs_find(name);
    if (!layer)
        layer = make_layer(under, name);
    pthread_mutex_unlock(&layers_mutex);
    return layer ? layer->zName : vfs;
}
