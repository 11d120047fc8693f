/* reading.h: a registry opened for reading by a command, beside whoever serves it. */
#ifndef LUMBUNG_COMMAND_READING_H
#define LUMBUNG_COMMAND_READING_H

#include "command/instance.h"

struct reading {
    struct arena *arena;
    struct keyring *keyring;
    struct registry registry;
    struct tx tx;
};
/* Keys and a read transaction; on failure nothing stays open. */
FALLIBLE struct error *reading_open(struct arena *arena, const char *path, const char *keys, struct reading *ret_reading);
/* The same, also from a medium that cannot be written. */
FALLIBLE struct error *reading_open_at_rest(struct arena *arena, const char *path, const char *keys, struct reading *ret_reading);
void reading_close(struct reading *reading);

/* A whole file as text in the arena. ERROR_FILE with the reason. */
FALLIBLE struct error *file_read(struct arena *arena, const char *path, struct bytes *ret_bytes);
FALLIBLE struct error *file_write(const char *path, const void *bytes, size_t length);

#endif
