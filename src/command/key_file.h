/* key_file.h: a registry's keys in one file, sealed under a passphrase: the half of a backup that is kept apart from the other. A JSON document:
 * {lumbung_keys: 1, kdf: "argon2id", passes, memory_bytes, salt, public_key, sealed}; sealed is XChaCha20-Poly1305 (nonce in front) of the key files
 * under Argon2id of the passphrase, bound to all other members in canonical form. */
#ifndef LUMBUNG_COMMAND_KEY_FILE_H
#define LUMBUNG_COMMAND_KEY_FILE_H

#include "command/command.h"

#define PASSPHRASE_MIN 12

/* From standard input's first line when the command was given --passphrase-stdin, otherwise asked for on the terminal, twice when it is `fresh`. */
FALLIBLE struct error *key_file_passphrase(struct arena *arena, struct options *options, bool fresh, const char **ret_passphrase);
/* Never over an old file. */
FALLIBLE struct error *key_file_write(struct arena *arena, const char *directory, const char *path, const char *passphrase);
/* Makes the key directory. ERROR_KEYS when the passphrase does not open it, or there are keys already. */
FALLIBLE struct error *key_file_open(struct arena *arena, const char *path, const char *directory, const char *passphrase);

#endif
