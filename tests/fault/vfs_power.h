/* vfs_power.h: a disk for tests, put under the engine: it can lose power, fill up, and fail at a chosen moment. */
#ifndef TESTS_VFS_POWER_H
#define TESTS_VFS_POWER_H

#include <stdbool.h>
#include <stdint.h>

#define POWER_VFS "power"

/* Registers the VFS (once) and forgets what it knew of earlier files. */
void power_start(uint64_t seed);

/* Calls `moment` about every `every` operations (writes, syncs, truncations) from inside one of them, with the disk standing still. */
void power_on_moment(int every, void (*moment)(void *context), void *context);

/* Inside a moment: writes what would be left of `path` after a power loss now into `image_path`: all that was synced, and of the rest
 * some sectors of 512 bytes, some of them torn. False when the image cannot be written. */
bool power_image(const char *path, const char *image_path);

/* The n-th operation from now fails, once (SQLITE_FULL or an I/O error); 0: none. */
void power_fail_at(int operation, int code);
/* True when the failure has happened. */
bool power_failed(void);

/* How often a file was brought to the disk since power_start. */
int power_syncs(void);

/* How many bytes files may still grow; negative: without bound. */
void power_space(int64_t bytes);

#endif
