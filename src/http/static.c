/* static.c: paths to files, by an allowlist of names: what is not spelled plainly does not exist. */
#include "http/static.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lumbung/base/buffer.h"

#define FOLDER "static/"

static bool
is_plain(const char *segment)
{
    for (const char *at = segment; *at; at++) {
        char c = *at;
        bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || (c == '.' && at != segment);
        if (!plain)
            return false;
    }
    return segment[0] != '\0';
}

const char *
static_name(struct arena *arena, const struct target *target)
{
    if (target->odd)
        return NULL;
    struct buffer buffer;
    buffer_init(&buffer, arena);
    for (size_t i = 0; i < target->segment_count; i++) {
        if (!is_plain(target->segments[i]))
            return NULL;
        if (i > 0)
            buffer_char(&buffer, '/');
        buffer_add(&buffer, target->segments[i]);
    }
    const char *last = target->segment_count ? target->segments[target->segment_count - 1] : "";
    return strchr(last, '.') ? buffer_text(&buffer) : "index.html";
}

const struct embedded_file *
static_find(struct arena *arena, const char *name)
{
    const char *path = arena_format(arena, FOLDER "%s", name);
    size_t low = 0, high = embedded_file_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = strcmp(path, embedded_files[middle].path);
        if (order == 0)
            return &embedded_files[middle];
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}

static int
open_below(int directory, const char *name)
{
    char segment[256];
    int folder = dup(directory);
    while (folder >= 0) {
        size_t length = strcspn(name, "/");
        if (length == 0 || length >= sizeof segment)
            break;
        memcpy(segment, name, length);
        segment[length] = '\0';
        bool last = name[length] == '\0';
        int opened = openat(folder, segment, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | (last ? 0 : O_DIRECTORY));
        close(folder);
        if (last || opened < 0)
            return opened;
        folder = opened;
        name += length + 1;
    }
    if (folder >= 0)
        close(folder);
    return -1;
}

int
static_open(int directory, const char *name, int64_t *ret_bytes, int64_t *ret_changed_ms)
{
    int file = open_below(directory, name);
    if (file < 0)
        return -1;
    struct stat status;
    if (fstat(file, &status) != 0 || !S_ISREG(status.st_mode)) {
        close(file);
        return -1;
    }
    *ret_bytes = status.st_size;
    *ret_changed_ms = (int64_t)status.st_mtim.tv_sec * 1000 + status.st_mtim.tv_nsec / 1000000;
    return file;
}

const char *
static_type(const char *name)
{
    static const struct { const char *ending, *type; } types[] = {
        {".html", "text/html; charset=utf-8"}, {".js", "text/javascript; charset=utf-8"}, {".mjs", "text/javascript; charset=utf-8"},
        {".css", "text/css; charset=utf-8"}, {".json", "application/json"}, {".webmanifest", "application/manifest+json"},
        {".svg", "image/svg+xml"}, {".png", "image/png"}, {".ico", "image/x-icon"}, {".woff2", "font/woff2"}, {".txt", "text/plain; charset=utf-8"},
        {".wasm", "application/wasm"}, {".webp", "image/webp"}, {".jpg", "image/jpeg"},
    };
    const char *ending = strrchr(name, '.');
    for (size_t i = 0; ending && i < sizeof types / sizeof types[0]; i++)
        if (strcmp(types[i].ending, ending) == 0)
            return types[i].type;
    return "application/octet-stream";
}

bool
static_takes_gzip(const char *accept_encoding)
{
    const char *at = accept_encoding ? strstr(accept_encoding, "gzip") : NULL;
    if (at == NULL)
        return false;
    at += 4;
    at += strspn(at, " ");
    if (*at != ';')
        return true;
    at += 1 + strspn(at + 1, " ");
    if (strncmp(at, "q=0", 3) != 0)
        return true;
    at += 3;
    return *at == '.' && strspn(at + 1, "0") != strcspn(at + 1, ", ");
}
