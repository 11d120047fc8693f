/* archive.h: one file that holds many: POSIX ustar, so that any tar lists it. */
#ifndef LUMBUNG_COMMAND_ARCHIVE_H
#define LUMBUNG_COMMAND_ARCHIVE_H

#include "lumbung/base/crypto.h"
#include "lumbung/base/error.h"

/* Appends a file under a name of at most 99 characters; its digest is of what was written. */
FALLIBLE struct error *archive_add(int archive, const char *name, const char *path, uint8_t ret_sha256[SHA256_SIZE]);
FALLIBLE struct error *archive_add_text(int archive, const char *name, const char *text, size_t length);
FALLIBLE struct error *archive_end(int archive);

/* Calls `entry` for each file; it reads exactly `size` bytes from `archive` or none. */
typedef struct error *(*archive_entry)(void *context, int archive, const char *name, int64_t size);
FALLIBLE struct error *archive_read(const char *path, archive_entry entry, void *context);
/* Copies `size` bytes into a new file (0600), never over an old one, or nowhere when `path` is NULL; their digest. */
FALLIBLE struct error *archive_take(int archive, int64_t size, const char *path, uint8_t ret_sha256[SHA256_SIZE]);
/* The content as a text in the arena. */
FALLIBLE struct error *archive_take_text(struct arena *arena, int archive, int64_t size, struct bytes *ret_text);
/* Is it one of these at all? False for what cannot be read. */
bool archive_is_one(const char *path);

#endif
