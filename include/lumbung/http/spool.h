/* spool.h: a temporary file for an answer that is too large for memory: without a name, sealed (ChaCha20) under a key that only this process's
 * memory holds. What a crash or a stolen disk leaves of it are bytes that nobody can read. */
#ifndef LUMBUNG_HTTP_SPOOL_H
#define LUMBUNG_HTTP_SPOOL_H

#include <sys/types.h>

#include "lumbung/base/crypto.h"
#include "lumbung/base/error.h"

#define SPOOL_BLOCK 65536

struct spool;
/* A file without a name in `directory`, open for reading and writing; -1 when it cannot be made. */
int spool_nameless(const char *directory);
/* ERROR_DISK. */
FALLIBLE struct error *spool_open(const char *directory, struct spool **ret_spool);
/* Appends, and spoils `bytes`: they are sealed where they lie. ERROR_DISK. */
FALLIBLE struct error *spool_write(struct spool *spool, void *bytes, size_t length);
/* The same on a thread of the spool's own, while the caller fills another block: `bytes` stay untouched until the next call, which also tells what went
 * wrong with them. */
FALLIBLE struct error *spool_write_behind(struct spool *spool, void *bytes, size_t length);
/* Waits for what was written behind. Before anything is read, counted or digested. */
FALLIBLE struct error *spool_settle(struct spool *spool);
int64_t spool_bytes(const struct spool *spool);
/* SHA-256 of all that was written, as it was before sealing. Once, after the last write. */
void spool_digest(struct spool *spool, uint8_t ret_digest[SHA256_SIZE]);
/* What was written at `offset`: how many bytes, 0 at the end, -1 on a fault of the disk. */
ssize_t spool_read(const struct spool *spool, int64_t offset, void *ret_bytes, size_t length);
void spool_close(struct spool *spool); /* NULL is allowed */

#endif
