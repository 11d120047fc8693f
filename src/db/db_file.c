/* db_file.c: why a registry file cannot be opened, in words that tell what to do. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "db_private.h"

static const char *
folder_of(struct arena *arena, const char *path)
{
    const char *slash = strrchr(path, '/');
    if (!slash)
        return ".";
    return slash == path ? "/" : arena_copy(arena, path, (size_t)(slash - path));
}

bool
db_is_at_rest(const char *path)
{
    struct arena *arena = arena_create();
    bool read_only = faccessat(AT_FDCWD, folder_of(arena, path), W_OK | X_OK, AT_EACCESS) != 0;
    bool worked_on = access(arena_format(arena, "%s-wal", path), F_OK) == 0;
    arena_destroy(arena);
    return read_only && !worked_on;
}

static const char *
folder_remedy(struct arena *arena, const char *folder)
{
    struct stat status;
    if (stat(folder, &status) != 0)
        return arena_format(arena, "the folder %s does not exist or cannot be entered; create it or name another file", folder);
    if (!S_ISDIR(status.st_mode))
        return arena_format(arena, "%s is not a folder; name another file", folder);
    if (faccessat(AT_FDCWD, folder, W_OK | X_OK, AT_EACCESS) != 0)
        return arena_format(arena, "the folder %s cannot be written by this user; change its owner or mode, or name another file", folder);
    return NULL;
}

/* The first bytes of every file of the engine. */
static const char *
header_remedy(const char *path, off_t size)
{
    static const char magic[16] = "SQLite format 3";
    char head[16] = {0};
    if (size == 0)
        return NULL;
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0)
        return "it cannot be read by this user; change its owner or mode";
    ssize_t got = read(file, head, sizeof(head));
    close(file);
    if (got == (ssize_t)sizeof(head) && memcmp(head, magic, sizeof(magic)) == 0)
        return NULL;
    return "it is not a registry, or its beginning is damaged; name another file or restore a backup";
}

const char *
db_file_remedy(struct arena *arena, const char *path, bool create)
{
    const char *remedy = folder_remedy(arena, folder_of(arena, path));
    if (remedy)
        return remedy;
    struct stat status;
    if (stat(path, &status) != 0) {
        if (errno == ENOENT)
            return create ? NULL : "it does not exist; check the name, or start the server once to create it";
        return "it cannot be reached by this user; change its owner or mode";
    }
    if (!S_ISREG(status.st_mode))
        return "it is not a regular file; name another one";
    if (faccessat(AT_FDCWD, path, R_OK | W_OK, AT_EACCESS) != 0)
        return "it cannot be read and written by this user; change its owner or mode";
    return header_remedy(path, status.st_size);
}
