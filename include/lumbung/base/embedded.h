/* embedded.h: the files that the build put into the program: the front end and the migrations. */
#ifndef LUMBUNG_BASE_EMBEDDED_H
#define LUMBUNG_BASE_EMBEDDED_H

#include <stddef.h>

struct embedded_file {
    const char *path;          /* as given to the build tool: "static/app/main.js", "migrations/0001_base.sql" */
    const unsigned char *data; /* NUL-terminated behind `length` */
    size_t length;
    const unsigned char *gzip; /* NULL when compression does not pay, and for migrations */
    size_t gzip_length;
    const char *etag;          /* of the content, with its quotes */
};

/* Ascending by path (bytewise). */
extern const struct embedded_file embedded_files[];
extern const size_t embedded_file_count;

#endif
