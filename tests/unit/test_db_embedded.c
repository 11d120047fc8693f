/* test_db_embedded.c: the files in the program are whole, in order, and their compressed form is theirs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <zlib.h>

#include "lumbung/base/embedded.h"

static void
paths_ascend(void **state)
{
    (void)state;
    assert_true(embedded_file_count > 0);
    for (size_t i = 1; i < embedded_file_count; i++)
        assert_true(strcmp(embedded_files[i - 1].path, embedded_files[i].path) < 0);
}

static void
tags_are_quoted_and_tell_contents_apart(void **state)
{
    (void)state;
    for (size_t i = 0; i < embedded_file_count; i++) {
        const struct embedded_file *file = &embedded_files[i];
        size_t length = strlen(file->etag);
        assert_int_equal(length, 34);
        assert_true(file->etag[0] == '"' && file->etag[length - 1] == '"');
        assert_int_equal(file->data[file->length], 0);
        for (size_t j = 0; j < i; j++) {
            const struct embedded_file *other = &embedded_files[j];
            bool is_same = other->length == file->length && memcmp(other->data, file->data, file->length) == 0;
            assert_int_equal(strcmp(other->etag, file->etag) == 0, is_same);
        }
    }
}

static void
check_packed(const struct embedded_file *file)
{
    unsigned char *plain = malloc(file->length + 1);
    z_stream stream = {0};
    assert_non_null(plain);
    assert_int_equal(inflateInit2(&stream, 15 + 16), Z_OK);
    stream.next_in = (z_const Bytef *)(uintptr_t)file->gzip;
    stream.avail_in = (uInt)file->gzip_length;
    stream.next_out = plain;
    stream.avail_out = (uInt)file->length + 1;
    assert_int_equal(inflate(&stream, Z_FINISH), Z_STREAM_END);
    assert_int_equal(stream.total_out, file->length);
    assert_memory_equal(plain, file->data, file->length);
    inflateEnd(&stream);
    free(plain);
}

static void
packed_form_is_the_same_content(void **state)
{
    (void)state;
    for (size_t i = 0; i < embedded_file_count; i++) {
        if (strncmp(embedded_files[i].path, "migrations/", 11) == 0)
            assert_null(embedded_files[i].gzip);
        if (embedded_files[i].gzip) {
            assert_true(embedded_files[i].gzip_length < embedded_files[i].length);
            check_packed(&embedded_files[i]);
        }
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(paths_ascend),
        cmocka_unit_test(tags_are_quoted_and_tell_contents_apart),
        cmocka_unit_test(packed_form_is_the_same_content),
    };
    return cmocka_run_group_tests_name("db embedded", tests, NULL, NULL);
}
