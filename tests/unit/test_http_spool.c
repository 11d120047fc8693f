/* test_http_spool.c: what is spooled comes back as it was, has no name, and lies on the disk as bytes that nobody can read. */
#include "check.h"

#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include "lumbung/http/spool.h"

#define SENTENCE "Siti Aminah menerima Rp750.000 di Seleman.\n"

struct folder {
    char path[40];
    struct spool *spool;
};

static int
setup(void **state)
{
    static struct folder folder;
    memcpy(folder.path, "/tmp/lumbung-spool-XXXXXX", 26);
    assert_non_null(mkdtemp(folder.path));
    assert_null(spool_open(folder.path, &folder.spool));
    *state = &folder;
    return 0;
}

static int
teardown(void **state)
{
    struct folder *folder = *state;
    spool_close(folder->spool);
    return rmdir(folder->path);
}

static void
write_sentences(struct spool *spool, int count)
{
    for (int i = 0; i < count; i++) {
        char text[] = SENTENCE;
        assert_null(spool_write(spool, text, sizeof text - 1));
    }
}

static void
test_it_comes_back(void **state)
{
    struct folder *folder = *state;
    static const size_t steps[] = {1, 7, 43, 64, 100, 4096, 65536};
    uint8_t digest[SHA256_SIZE], again[SHA256_SIZE];
    write_sentences(folder->spool, 1000);
    assert_int_equal(spool_bytes(folder->spool), 43000);
    spool_digest(folder->spool, digest);
    for (size_t i = 0; i < COUNT(steps); i++) {
        static char text[65536];
        struct sha256 hash;
        int64_t at = 0;
        ssize_t got;
        sha256_start(&hash);
        while ((got = spool_read(folder->spool, at, text, steps[i])) > 0) {
            sha256_update(&hash, text, (size_t)got);
            at += got;
        }
        sha256_finish(&hash, again);
        assert_int_equal(got, 0);
        assert_memory_equal(digest, again, sizeof digest);
    }
}

static void
test_written_behind_it_is_the_same(void **state)
{
    struct folder *folder = *state;
    static char blocks[2][5000], whole[500000], back[500000];
    uint8_t digest[SHA256_SIZE], expected[SHA256_SIZE];
    size_t length = 0;
    for (int i = 0; i < 150; i++) {
        char *block = blocks[i % 2];
        size_t size = (size_t)(i * 37 % 5000); /* also none at all */
        for (size_t at = 0; at < size; at++)
            block[at] = (char)(i + (int)at);
        memcpy(whole + length, block, size);
        length += size;
        assert_null(spool_write_behind(folder->spool, block, size));
    }
    assert_null(spool_settle(folder->spool));
    assert_int_equal(spool_bytes(folder->spool), length);
    spool_digest(folder->spool, digest);
    sha256_of(whole, length, expected);
    assert_memory_equal(digest, expected, sizeof digest);
    size_t got = 0;
    for (ssize_t part; (part = spool_read(folder->spool, (int64_t)got, back + got, sizeof back - got)) > 0;)
        got += (size_t)part;
    assert_int_equal(got, length);
    assert_memory_equal(back, whole, length);
}

/* A disk that takes no more: told by the next call, and by the last. */
static void
test_a_full_disk_is_told(void **state)
{
    struct folder *folder = *state;
    struct rlimit before, none = {4096, RLIM_INFINITY};
    static char block[8192];
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    none.rlim_max = before.rlim_max;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &none), 0);
    struct error *first = spool_write_behind(folder->spool, block, sizeof block), *second = spool_settle(folder->spool);
    struct error *straight = spool_write(folder->spool, block, sizeof block);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    assert_null(first);
    assert_true(second && second->code == ERROR_DISK);
    assert_true(straight && straight->code == ERROR_DISK);
    error_free(second);
    error_free(straight);
}

/* The bytes of the only open file of the folder, as the disk has them. */
static size_t
bytes_on_disk(const char *folder, char *ret_bytes, size_t capacity)
{
    size_t length = 0, found = 0;
    for (int file = 3; file < 64; file++) {
        char link[32], target[256] = "";
        snprintf(link, sizeof link, "/proc/self/fd/%d", file);
        if (readlink(link, target, sizeof target - 1) <= 0 || strncmp(target, folder, strlen(folder)) != 0)
            continue;
        length = (size_t)pread(file, ret_bytes, capacity, 0);
        found++;
    }
    assert_int_equal(found, 1);
    return length;
}

static void
test_nobody_finds_or_reads_it(void **state)
{
    struct folder *folder = *state;
    static char text[65536];
    write_sentences(folder->spool, 100);
    size_t length = bytes_on_disk(folder->path, text, sizeof text);
    assert_int_equal(length, 4300);
    assert_null(memmem(text, length, "Aminah", 6));
    assert_null(memmem(text + 1, length - 1, text, 16)); /* equal lines do not look equal */
    DIR *list = opendir(folder->path);
    for (struct dirent *entry; (entry = readdir(list)) != NULL;)
        assert_int_equal(entry->d_name[0], '.');
    closedir(list);
}

static void
test_a_folder_that_is_not_there(void **state)
{
    (void)state;
    struct spool *spool = NULL;
    struct error *error = spool_open("/nonexistent/folder", &spool);
    assert_non_null(error);
    assert_int_equal(error->code, ERROR_DISK);
    error_free(error);
    spool_close(NULL);
}

int
main(void)
{
    crypto_start();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_it_comes_back, setup, teardown),
        cmocka_unit_test_setup_teardown(test_nobody_finds_or_reads_it, setup, teardown),
        cmocka_unit_test_setup_teardown(test_written_behind_it_is_the_same, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_full_disk_is_told, setup, teardown),
        cmocka_unit_test(test_a_folder_that_is_not_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
