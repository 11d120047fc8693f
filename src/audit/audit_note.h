/* audit_note.h: C2SP signed notes (c2sp.org/signed-note) that hold checkpoints (c2sp.org/tlog-checkpoint), signed with Ed25519. */
#ifndef LUMBUNG_AUDIT_NOTE_H
#define LUMBUNG_AUDIT_NOTE_H

#include "lumbung/audit.h"

/* "lumbung/ORIGIN": the log's name, the first line of its notes and the name of its key. */
const char *note_name(struct arena *arena, struct id origin);
/* "NAME+HASH+KEY": HASH is 8 hex digits of the key id, KEY base64 of the type byte 0x01 and the public key. */
const char *note_verifier_key(struct arena *arena, const char *name, const uint8_t public_key[32]);
/* First 4 bytes of SHA-256(name, LF, 0x01, public key). */
void note_key_id(const char *name, const uint8_t public_key[32], uint8_t ret_id[4]);
const char *note_print(struct arena *arena, const struct keyring *keyring, struct id origin, int64_t size, const uint8_t root[32]);

#endif
