/* attachment_sweep.c: a file is written before its row; one whose row never came to be is removed at a later start. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "attachment/attachment_store.h"
#include "lumbung/base/text.h"

#define UNFINISHED ".new"

/* Only what attachment_write makes: an id, or an id that was never renamed. */
static bool
sweep_name(const char *name, struct id *ret_id, bool *ret_unfinished)
{
    char text[ID_TEXT_SIZE] = "";
    size_t length = strlen(name);
    *ret_unfinished = length == ID_TEXT_SIZE - 1 + strlen(UNFINISHED) && text_equal(name + ID_TEXT_SIZE - 1, UNFINISHED);
    if (length != ID_TEXT_SIZE - 1 && !*ret_unfinished)
        return false;
    memcpy(text, name, ID_TEXT_SIZE - 1);
    return id_parse(text, ret_id);
}

static bool
sweep_is_old(int folder, const char *name, int64_t before_ms)
{
    struct stat facts;
    return fstatat(folder, name, &facts, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(facts.st_mode) && (int64_t)facts.st_mtim.tv_sec * 1000 < before_ms;
}

static struct error *
sweep_file(struct tx *tx, int folder, const char *name, int64_t before_ms, int64_t *removed)
{
    struct id id;
    bool unfinished = false, has_row = false;
    if (!sweep_name(name, &id, &unfinished) || !sweep_is_old(folder, name, before_ms))
        return NULL;
    if (!unfinished)
        TRY(attachment_store_exists(tx, id, &has_row));
    if (!has_row && unlinkat(folder, name, 0) == 0)
        (*removed)++;
    return NULL;
}

static struct error *
sweep_folder(struct tx *tx, const char *path, int64_t before_ms, int64_t *removed)
{
    DIR *folder = opendir(path);
    struct error *error = NULL;
    if (folder == NULL)
        return NULL;
    for (struct dirent *entry; error == NULL && (entry = readdir(folder)) != NULL;)
        error = sweep_file(tx, dirfd(folder), entry->d_name, before_ms, removed);
    closedir(folder);
    return error;
}

struct error *
attachment_sweep(struct tx *tx, const char *directory, int64_t before_ms, int64_t *ret_removed)
{
    *ret_removed = 0;
    for (int i = 0; i < 256; i++)
        TRY(sweep_folder(tx, arena_format(tx->arena, "%s/%02x", directory, (unsigned)i), before_ms, ret_removed));
    return NULL;
}
