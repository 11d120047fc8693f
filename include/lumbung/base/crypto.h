/* crypto.h: the few primitives that Lumbung uses, under its own names; crypto_*.c are the only files that see the library. */
#ifndef LUMBUNG_BASE_CRYPTO_H
#define LUMBUNG_BASE_CRYPTO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lumbung/base/arena.h"
#include "lumbung/base/error.h"
#include "lumbung/base/text.h"

#define CRYPTO_KEY_SIZE 32
#define CRYPTO_TAG_SIZE 16    /* blind index value */
#define CRYPTO_SEAL_OVERHEAD 40 /* nonce 24, authenticator 16 */
#define SHA256_SIZE 32
#define SIGN_PUBLIC_SIZE 32
#define SIGN_SECRET_SIZE 64
#define SIGN_SIZE 64

/* Once, before anything else; aborts when the library refuses. */
void crypto_start(void);

void crypto_random(void *bytes, size_t length);
void crypto_wipe(void *bytes, size_t length);
bool crypto_equal(const void *left, const void *right, size_t length); /* constant time */

struct sha256 { uint64_t opaque[16]; };
void sha256_start(struct sha256 *state);
void sha256_update(struct sha256 *state, const void *bytes, size_t length);
void sha256_finish(struct sha256 *state, uint8_t ret_digest[SHA256_SIZE]);
void sha256_of(const void *bytes, size_t length, uint8_t ret_digest[SHA256_SIZE]);

/* BLAKE2b of `size` (16..64) bytes under a 32-byte key; key may be NULL. */
void crypto_keyed_hash(const uint8_t *key, const void *bytes, size_t length, uint8_t *ret_digest, size_t size);
/* A subkey of a master key: (context of 8 characters, number). */
void crypto_derive(const uint8_t master[CRYPTO_KEY_SIZE], const char *context, uint64_t number, uint8_t ret_key[CRYPTO_KEY_SIZE]);

/* XChaCha20-Poly1305 with a random nonce in front; `associated` binds the place (table|row). Output is length + CRYPTO_SEAL_OVERHEAD. */
struct bytes crypto_seal(struct arena *arena, const uint8_t key[CRYPTO_KEY_SIZE], const void *plain, size_t length, const void *associated,
                         size_t associated_length);
/* False when the key, the place or a bit is wrong. */
bool crypto_open(struct arena *arena, const uint8_t key[CRYPTO_KEY_SIZE], struct bytes sealed, const void *associated,
                 size_t associated_length, struct bytes *ret_plain);

/* ChaCha20's key stream from `offset` on, added to the bytes where they lie: sealing and opening alike. It authenticates nothing. A key is for one
 * stream only. */
void crypto_stream_at(const uint8_t key[CRYPTO_KEY_SIZE], uint64_t offset, void *bytes, size_t length);

void crypto_sign_keys(uint8_t ret_public[SIGN_PUBLIC_SIZE], uint8_t ret_secret[SIGN_SECRET_SIZE]);
void crypto_sign_make(const uint8_t secret[SIGN_SECRET_SIZE], const void *bytes, size_t length, uint8_t ret_signature[SIGN_SIZE]);
bool crypto_sign_check(const uint8_t public_key[SIGN_PUBLIC_SIZE], const void *bytes, size_t length, const uint8_t signature[SIGN_SIZE]);

/* Argon2id, t=2, 19 MiB: about 35-80 ms of one core; callers bound how many run at once. The hash is the encoded string. */
char *crypto_password_hash(struct arena *arena, const char *password);
bool crypto_password_check(const char *hash, const char *password);

/* A key out of a passphrase: Argon2id with these passes and this memory. False when the memory cannot be had or the numbers are none of its own. */
#define PASSPHRASE_SALT_SIZE 16
bool crypto_passphrase_key(const char *passphrase, const uint8_t salt[PASSPHRASE_SALT_SIZE], int64_t passes, int64_t memory_bytes,
                           uint8_t ret_key[CRYPTO_KEY_SIZE]);

/* HMAC-SHA-1, for RFC 6238 only. */
void crypto_hmac_sha1(const uint8_t *key, size_t key_length, const void *bytes, size_t length, uint8_t ret_digest[20]);
/* RFC 6238, 30 s steps, 6 digits. Matches step-1..step+1; returns the matching step, or -1. `last_step` and older never match. */
int64_t totp_check(const uint8_t *secret, size_t length, const char *code, int64_t now_ms, int64_t last_step);
void totp_code(const uint8_t *secret, size_t length, int64_t step, char ret_code[7]);
char *base32_print(struct arena *arena, const uint8_t *bytes, size_t length);
bool base32_parse(struct arena *arena, const char *text, struct bytes *ret_bytes); /* blanks and case ignored */

#endif
