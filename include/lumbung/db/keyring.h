/* keyring.h: the keys beside the registry (FILE.keys/: master, log-sign, one file an epoch) and sealing of personal fields.
 * Every person and household has a random data key, a row of `data_key`, wrapped under the epoch's key; deleting that row makes all its
 * copies in records, history and photos unreadable while every audit proof stays valid. */
#ifndef LUMBUNG_DB_KEYRING_H
#define LUMBUNG_DB_KEYRING_H

#include "lumbung/base/crypto.h"
#include "lumbung/base/error.h"
#include "lumbung/base/id.h"
#include "lumbung/db/db.h"

struct keyring;
struct tx;

/* Loads DIR (0700) with its files (0600); `create` makes it for a new registry. Refusals, ERROR_KEYS: missing, others can read it, wrong size. */
FALLIBLE struct error *keyring_open(const char *directory, bool create, struct keyring **ret_keyring);
void keyring_close(struct keyring *keyring);
/* The key files as one text, a line "NAME HEX" each: as secret as they are, for who seals it at once and wipes it. */
FALLIBLE struct error *keyring_pack(struct arena *arena, const char *directory, struct bytes *ret_text);
/* Makes DIR out of such a text. ERROR_KEYS when there are keys already, or the text holds none that go together. */
FALLIBLE struct error *keyring_unpack(const char *directory, struct bytes text);
/* 8 bytes that tell whether keys belong to a registry; stored in it. */
void keyring_fingerprint(const struct keyring *keyring, uint8_t ret_fingerprint[8]);

const uint8_t *keyring_sign_public(const struct keyring *keyring);
void keyring_sign(const struct keyring *keyring, const void *bytes, size_t length, uint8_t ret_signature[SIGN_SIZE]);

/* Blind index value of a normalized text under the key of `column` ("nik", "kk", "phone"; the list is in keyring.c). */
void keyring_tag(const struct keyring *keyring, const char *column, const char *text, uint8_t ret_tag[CRYPTO_TAG_SIZE]);
void keyring_tag_bytes(const struct keyring *keyring, const char *column, const void *bytes, size_t length, uint8_t ret_tag[CRYPTO_TAG_SIZE]);
/* The key of a column, for who makes a great many of its tags: keyring_tag is crypto_keyed_hash under it. The caller wipes it. */
void keyring_tag_key(const struct keyring *keyring, const char *column, uint8_t ret_key[CRYPTO_KEY_SIZE]);

/* Seals text for a subject (household or member id; the zero id: the registry itself). `place` names table and column, `row` the row: both are
 * bound, so a ciphertext moved elsewhere does not open. Makes the subject's data key when it has none (write transactions only). */
FALLIBLE struct error *keyring_seal(struct tx *tx, struct id subject, const char *place, struct id row, const void *plain, size_t length,
                                    struct bytes *ret_sealed);
/* ERROR_TAMPERED when it does not open; *ret_plain = {NULL,0} when the subject's key was destroyed (erased person). NUL-terminated behind. */
FALLIBLE struct error *keyring_unseal(struct tx *tx, struct id subject, const char *place, struct id row, struct bytes sealed,
                                      struct bytes *ret_plain);
/* The same for files (photos): the subject's key itself. */
FALLIBLE struct error *keyring_subject_key(struct tx *tx, struct id subject, bool create, uint8_t ret_key[CRYPTO_KEY_SIZE], bool *ret_found);
/* A new subject's data key, made ahead of the act that stores it. */
struct data_key {
    struct id subject;
    int64_t epoch;
    uint8_t key[CRYPTO_KEY_SIZE];
    struct bytes wrapped;
};
/* Makes one that `tx` seals under from now on; touches no row, so that a reader may do it. */
void keyring_make_key(struct tx *tx, struct id subject, struct data_key *ret_key);
/* The same of a key that the caller has read from its row: ERROR_TAMPERED when it is not the subject's. */
FALLIBLE struct error *keyring_know_key(struct tx *tx, struct id subject, int64_t epoch, struct bytes wrapped);
/* Stores a made one with the subject; ERROR_EXISTS when the subject has a key already. */
FALLIBLE struct error *keyring_store_key(struct tx *tx, const struct data_key *key);
/* Destroys a subject's key. */
FALLIBLE struct error *keyring_forget(struct tx *tx, struct id subject);

#endif
