/* backup_parts.h: what a backup is made of, with digests. Its last entries are `digests`, one line a part as sha256sum writes and checks them, and
 * `digests.signature`: the registry's public key and its Ed25519 signature over "lumbung-backup-1", a line feed and that list, both in hexadecimal. */
#ifndef LUMBUNG_COMMAND_BACKUP_PARTS_H
#define LUMBUNG_COMMAND_BACKUP_PARTS_H

#include "lumbung/base/buffer.h"
#include "lumbung/base/crypto.h"

struct keyring;

struct backup_parts {
    struct arena *arena;
    struct buffer seen;       /* of the parts as they are */
    struct bytes listed, signature; /* as the backup holds them */
    int64_t count;
};
void backup_parts_start(struct backup_parts *parts, struct arena *arena);
/* Writes a file into the archive and notes it. */
FALLIBLE struct error *backup_parts_add(struct backup_parts *parts, int archive, const char *name, const char *path);
/* The list and its signature, behind everything. */
FALLIBLE struct error *backup_parts_end(struct backup_parts *parts, int archive, const struct keyring *keyring);

/* Takes an entry out (to nowhere when `path` is NULL) and notes it; the list and the signature are kept. */
FALLIBLE struct error *backup_parts_take(struct backup_parts *parts, int archive, const char *name, int64_t size, const char *path);
/* ERROR_TAMPERED naming the first part that is not as the list says. */
FALLIBLE struct error *backup_parts_check(const struct backup_parts *parts);
/* ERROR_TAMPERED unless the list is signed by this key, or by the one that it names when `public_key_hex` is NULL. */
FALLIBLE struct error *backup_parts_check_signature(const struct backup_parts *parts, const char *public_key_hex, const char **ret_key_hex);

/* `lumbung verify BACKUP`. */
FALLIBLE struct error *backup_parts_verify(struct arena *arena, const char *path, const char *public_key_hex, struct buffer *report);

#endif
