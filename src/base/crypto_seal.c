/* crypto_seal.c: XChaCha20-Poly1305; the nonce is random, which 24 bytes allow for any number of messages. And the bare stream of spools. */
#include <sodium.h>
#include <string.h>

#include "lumbung/base/crypto.h"

#define NONCE_SIZE crypto_aead_xchacha20poly1305_ietf_NPUBBYTES

_Static_assert(NONCE_SIZE + crypto_aead_xchacha20poly1305_ietf_ABYTES == CRYPTO_SEAL_OVERHEAD, "overhead");

struct bytes
crypto_seal(struct arena *arena, const uint8_t key[CRYPTO_KEY_SIZE], const void *plain, size_t length, const void *associated,
            size_t associated_length)
{
    uint8_t *sealed = arena_alloc(arena, length + CRYPTO_SEAL_OVERHEAD);

    crypto_random(sealed, NONCE_SIZE);
    (void)crypto_aead_xchacha20poly1305_ietf_encrypt(sealed + NONCE_SIZE, NULL, plain, length, associated, associated_length, NULL, sealed,
                                                     key);
    return (struct bytes){sealed, length + CRYPTO_SEAL_OVERHEAD};
}

bool
crypto_open(struct arena *arena, const uint8_t key[CRYPTO_KEY_SIZE], struct bytes sealed, const void *associated, size_t associated_length,
            struct bytes *ret_plain)
{
    uint8_t *plain;

    if (!sealed.data || sealed.length < CRYPTO_SEAL_OVERHEAD)
        return false;
    /* One more byte: what is opened is often read as a string, and the arena has zeroed it. */
    plain = arena_alloc(arena, sealed.length - CRYPTO_SEAL_OVERHEAD + 1);
    if (crypto_aead_xchacha20poly1305_ietf_decrypt(plain, NULL, NULL, sealed.data + NONCE_SIZE, sealed.length - NONCE_SIZE, associated,
                                                   associated_length, sealed.data, key) != 0)
        return false;
    *ret_plain = (struct bytes){plain, sealed.length - CRYPTO_SEAL_OVERHEAD};
    return true;
}

#define STREAM_BLOCK 64

void
crypto_stream_at(const uint8_t key[CRYPTO_KEY_SIZE], uint64_t offset, void *bytes, size_t length)
{
    static const uint8_t nonce[crypto_stream_chacha20_NONCEBYTES];
    uint8_t *at = bytes, pad[STREAM_BLOCK] = {0};
    size_t skip = (size_t)(offset % STREAM_BLOCK), head = skip == 0 ? 0 : STREAM_BLOCK - skip;
    if (head > length)
        head = length;
    if (head > 0) {
        memcpy(pad + skip, at, head);
        (void)crypto_stream_chacha20_xor_ic(pad, pad, sizeof pad, nonce, offset / STREAM_BLOCK, key);
        memcpy(at, pad + skip, head);
    }
    (void)crypto_stream_chacha20_xor_ic(at + head, at + head, length - head, nonce, (offset + head) / STREAM_BLOCK, key);
}
