/* embed.c: build-time tool. `embed DIR...` prints the files below the folders as C arrays, the front end's also compressed.
 * The same files always give the same output, whatever their dates and whatever order the disk lists them in. */
#include <fcntl.h>
#include <ftw.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#define FILES_MAX 4096
#define NAMES_MAX (512 * 1024)
#define FILE_BYTES_MAX (16 * 1024 * 1024)

static char names[NAMES_MAX];
static size_t names_used;
static const char *paths[FILES_MAX];
static size_t path_count;
static unsigned char content[FILE_BYTES_MAX];
static unsigned char packed[FILE_BYTES_MAX];

static void
stop(const char *what, const char *path)
{
    fprintf(stderr, "embed: %s: %s\n", path, what);
    exit(1);
}

static bool
is_wanted(const char *path)
{
    const char *name = strrchr(path, '/');
    name = name ? name + 1 : path;
    size_t length = strlen(name);
    if (name[0] == '.' || strncmp(name, "package", 7) == 0)
        return false;
    return !(length > 3 && strcmp(name + length - 3, ".mk") == 0);
}

static int
collect(const char *path, const struct stat *status, int kind, struct FTW *position)
{
    (void)status;
    (void)position;
    if (kind != FTW_F || !is_wanted(path))
        return 0;
    size_t size = strlen(path) + 1;
    if (path_count == FILES_MAX || size > NAMES_MAX - names_used)
        stop("too many files", path);
    memcpy(names + names_used, path, size);
    paths[path_count++] = names + names_used;
    names_used += size;
    return 0;
}

static int
compare_paths(const void *left, const void *right)
{
    return strcmp(*(const char *const *)left, *(const char *const *)right);
}

static size_t
load(const char *path)
{
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0)
        stop("cannot be opened", path);
    size_t length = 0;
    ssize_t got;
    while ((got = read(file, content + length, FILE_BYTES_MAX - length)) > 0)
        length += (size_t)got;
    if (got < 0 || length == FILE_BYTES_MAX)
        stop("cannot be read, or is too large", path);
    close(file);
    return length;
}

/* 0 when compression does not pay. */
static size_t
compress_content(const char *path, size_t length)
{
    z_stream stream = {0};
    /* 16 above the window's bits asks for a gzip header, whose time stays 0. */
    if (deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, 15 + 16, 9, Z_DEFAULT_STRATEGY) != Z_OK)
        stop("compression failed", path);
    stream.next_in = content;
    stream.avail_in = (uInt)length;
    stream.next_out = packed;
    stream.avail_out = FILE_BYTES_MAX;
    int status = deflate(&stream, Z_FINISH);
    size_t size = stream.total_out;
    deflateEnd(&stream);
    if (status != Z_STREAM_END || size + size / 16 >= length)
        return 0;
    return size;
}

/* Two different 64-bit hashes of the content: enough to tell versions of one file apart; nobody attacks his own build. */
static void
print_etag(size_t length)
{
    uint64_t first = UINT64_C(14695981039346656037);
    uint64_t second = UINT64_C(0x9e3779b97f4a7c15) ^ length;
    for (size_t i = 0; i < length; i++) {
        first = (first ^ content[i]) * UINT64_C(1099511628211);
        second = (second + content[i]) * UINT64_C(0xff51afd7ed558ccd);
        second ^= second >> 33;
    }
    printf("\"\\\"%016llx%016llx\\\"\"", (unsigned long long)first, (unsigned long long)second);
}

static void
print_array(const char *kind, size_t number, const unsigned char *bytes, size_t length)
{
    printf("static const unsigned char %s_%zu[] = {", kind, number);
    for (size_t i = 0; i < length; i++)
        printf("%u,%s", bytes[i], i % 40 == 39 ? "\n" : "");
    printf("0};\n");
}

struct entry {
    size_t length, gzip_length;
};

static void
print_entry(size_t number, struct entry entry)
{
    printf("#define ROW_%zu {\"%s\", data_%zu, %zu, ", number, paths[number], number, entry.length);
    if (entry.gzip_length > 0)
        printf("gzip_%zu, %zu, ", number, entry.gzip_length);
    else
        printf("0, 0, ");
    print_etag(entry.length);
    printf("}\n");
}

static void
print_file(size_t number)
{
    const char *path = paths[number];
    if (strpbrk(path, "\"\\\n"))
        stop("has a name that cannot be printed", path);
    struct entry entry = {.length = load(path)};
    print_array("data", number, content, entry.length);
    if (strncmp(path, "migrations/", 11) != 0)
        entry.gzip_length = compress_content(path, entry.length);
    if (entry.gzip_length > 0)
        print_array("gzip", number, packed, entry.gzip_length);
    print_entry(number, entry);
}

int
main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++)
        if (nftw(argv[i], collect, 16, FTW_PHYS) != 0)
            stop("cannot be listed", argv[i]);
    qsort(paths, path_count, sizeof(paths[0]), compare_paths);
    printf("/* Made by the build from the files named below. */\n#include \"lumbung/base/embedded.h\"\n");
    for (size_t i = 0; i < path_count; i++)
        print_file(i);
    printf("const struct embedded_file embedded_files[] = {\n");
    for (size_t i = 0; i < path_count; i++)
        printf("ROW_%zu,\n", i);
    printf("{0, 0, 0, 0, 0, 0}};\nconst size_t embedded_file_count = %zu;\n", path_count);
    return fflush(stdout) == 0 && !ferror(stdout) ? 0 : 1;
}
