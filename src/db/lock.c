/* lock.c: one process writes a registry. The kernel drops the lock with its process, so a crash leaves none behind. */
#include "lumbung/db/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "lumbung/base/arena.h"

struct lock {
    struct arena *arena;
    int file;
};

static struct error *
refuse_held(struct arena *arena, const char *path, int file)
{
    char pid[32] = {0};
    ssize_t got = pread(file, pid, sizeof(pid) - 1, 0);
    pid[got > 0 ? strspn(pid, "0123456789") : 0] = '\0';
    const char *remedy = pid[0] ? arena_format(arena, "process %s works on it; stop that one first", pid)
                                : "another process works on it; stop that one first";
    return error_with(ERROR_DATABASE, path, remedy, NULL);
}

/* The pid is for people only: what counts is the lock. */
static struct error *
take(struct arena *arena, const char *path, int file)
{
    if (flock(file, LOCK_EX | LOCK_NB) != 0) {
        if (errno == EWOULDBLOCK)
            return refuse_held(arena, path, file);
        return error_with(ERROR_DATABASE, path, "its folder does not support locks; use a local disk", NULL);
    }
    char pid[32];
    int length = snprintf(pid, sizeof(pid), "%ld\n", (long)getpid());
    if (ftruncate(file, 0) != 0 || pwrite(file, pid, (size_t)length, 0) != length)
        return error_with(ERROR_DATABASE, path, "its lock file cannot be written; check the free space", NULL);
    return NULL;
}

struct error *
lock_take(const char *path, struct lock **ret_lock)
{
    struct arena *arena = arena_create();
    int file = open(arena_format(arena, "%s.lock", path), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    struct error *error =
        file < 0 ? error_with(ERROR_DATABASE, path, "its lock file cannot be made; does the folder exist and may this user write it?", NULL)
                 : take(arena, path, file);
    if (error) {
        if (file >= 0)
            close(file);
        arena_destroy(arena);
        return error;
    }
    struct lock *lock = ARENA_NEW(arena, struct lock);
    lock->arena = arena;
    lock->file = file;
    *ret_lock = lock;
    return NULL;
}

/* The file stays, pid and all: removing it would let a third process lock another file of the same name, and the pid of a free lock is
 * never shown. */
void
lock_drop(struct lock *lock)
{
    if (!lock)
        return;
    close(lock->file);
    arena_destroy(lock->arena);
}
