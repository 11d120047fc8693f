/* test_base_crypto.c: published vectors, and every way in which a wrong key, place or bit is refused. */
#include "check.h"

#include "lumbung/base/crypto.h"
#include "lumbung/base/text.h"

static const uint8_t rfc_secret[] = "12345678901234567890";

static void
check_digest(const uint8_t *digest, size_t size, const char *expected)
{
    char text[129];

    hex_print(digest, size, text);
    CHECK_TEXT(text, expected, expected);
}

static void
sha256_vectors(void **state)
{
    uint8_t digest[SHA256_SIZE];
    struct sha256 hash;

    (void)state;
    sha256_of("", 0, digest);
    check_digest(digest, sizeof(digest), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    sha256_of("abc", 3, digest);
    check_digest(digest, sizeof(digest), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    sha256_start(&hash);
    for (int i = 0; i < 1000; i++) {
        char block[1000];

        memset(block, 'a', sizeof(block));
        sha256_update(&hash, block, sizeof(block));
    }
    sha256_finish(&hash, digest);
    check_digest(digest, sizeof(digest), "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

/* RFC 2202, section 3. */
static void
hmac_sha1_vectors(void **state)
{
    uint8_t key[80];
    uint8_t data[50];
    uint8_t digest[20];

    (void)state;
    memset(key, 0x0b, 20);
    crypto_hmac_sha1(key, 20, "Hi There", 8, digest);
    check_digest(digest, 20, "b617318655057264e28bc0b6fb378c8ef146be00");
    crypto_hmac_sha1((const uint8_t *)"Jefe", 4, "what do ya want for nothing?", 28, digest);
    check_digest(digest, 20, "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79");
    memset(key, 0xaa, sizeof(key));
    memset(data, 0xdd, sizeof(data));
    crypto_hmac_sha1(key, 20, data, sizeof(data), digest);
    check_digest(digest, 20, "125d7342b9ac11cd91a39af48aa17b4f63f175d3");
    crypto_hmac_sha1(key, 80, "Test Using Larger Than Block-Size Key - Hash Key First", 54, digest);
    check_digest(digest, 20, "aa4ae5e15272d00e95705637ce8a3b55ed402112");
    crypto_hmac_sha1(key, 80, "Test Using Larger Than Block-Size Key and Larger Than One Block-Size Data", 73, digest);
    check_digest(digest, 20, "e8e99d0f45237d786d6bbaa7965c7808bbff1a91");
}

/* RFC 6238, appendix B (SHA-1), the last six of the eight digits. */
static void
totp_vectors(void **state)
{
    static const struct {
        int64_t seconds;
        const char *code;
    } rows[] = {{59, "287082"}, {1111111109, "081804"}, {1111111111, "050471"}, {1234567890, "005924"}, {2000000000, "279037"}, {INT64_C(20000000000), "353130"}};

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        char code[7];

        totp_code(rfc_secret, 20, rows[i].seconds / 30, code);
        CHECK_TEXT(code, rows[i].code, rows[i].code);
        CHECK_ROW(totp_check(rfc_secret, 20, rows[i].code, rows[i].seconds * 1000, 0) == rows[i].seconds / 30, rows[i].code);
    }
}

static void
totp_refuses(void **state)
{
    static const char *const malformed[] = {"", "05047", "0504711", "05047a", " 50471", "050471 ", "0504\xd9\xa1", "-50471", "50471"};
    int64_t now_ms = INT64_C(1111111111000);
    int64_t step = now_ms / 30000;
    char code[7];

    (void)state;
    for (size_t i = 0; i < COUNT(malformed); i++)
        CHECK_ROW(totp_check(rfc_secret, 20, malformed[i], now_ms, 0) == -1, malformed[i]);
    assert_int_equal(totp_check(rfc_secret, 20, NULL, now_ms, 0), -1);
    assert_int_equal(totp_check(rfc_secret, 20, "050472", now_ms, 0), -1);
    assert_int_equal(totp_check(rfc_secret, 19, "050471", now_ms, 0), -1);
    assert_int_equal(totp_check(rfc_secret, 20, "050471", now_ms, step), -1);
    assert_int_equal(totp_check(rfc_secret, 20, "050471", now_ms, step + 1), -1);
    assert_int_equal(totp_check(rfc_secret, 20, "050471", now_ms, step - 1), step);
    for (int shift = -3; shift <= 3; shift++) {
        totp_code(rfc_secret, 20, step + shift, code);
        assert_int_equal(totp_check(rfc_secret, 20, code, now_ms, 0), shift >= -1 && shift <= 1 ? step + shift : -1);
    }
}

static void
base32_of_rfc_4648(void **state)
{
    static const char *const rows[][3] = {{"f", "MY", "my======"}, {"fo", "MZXQ", "MZ XQ===="}, {"foo", "MZXW6", "mzxw6==="}, {"foob", "MZXW6YQ", " MZXW 6YQ="},
                                          {"fooba", "MZXW6YTB", "mzXw6yTb"}, {"foobar", "MZXW6YTBOI", "MZXW6YTBOI======"}};
    static const char *const refused[] = {"", " ", "=", "M", "MZX", "MZXW6Y", "MZ", "M1", "M0", "M8", "MZ-XQ", "MY=A", "MY======A", "M\xc3\xa9", "MZXR"};
    struct arena *arena = arena_create();
    struct bytes bytes = {NULL, 77};

    (void)state;
    for (size_t i = 0; i < COUNT(refused); i++)
        CHECK_ROW(!base32_parse(arena, refused[i], &bytes) && bytes.length == 77, refused[i]);
    assert_false(base32_parse(arena, NULL, &bytes));
    for (size_t i = 0; i < COUNT(rows); i++) {
        size_t length = strlen(rows[i][0]);

        CHECK_TEXT(base32_print(arena, (const uint8_t *)rows[i][0], length), rows[i][1], rows[i][0]);
        CHECK_ROW(base32_parse(arena, rows[i][2], &bytes) && bytes.length == length, rows[i][2]);
        assert_memory_equal(bytes.data, rows[i][0], length);
    }
    arena_destroy(arena);
}

/* RFC 8032, 7.1, test 2: the secret is seed and public key. */
static void
ed25519_vector(void **state)
{
    uint8_t secret[SIGN_SECRET_SIZE];
    uint8_t signature[SIGN_SIZE];
    const uint8_t message = 0x72;

    (void)state;
    assert_true(hex_parse("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb"
                          "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
                          secret, sizeof(secret)));
    crypto_sign_make(secret, &message, 1, signature);
    check_digest(signature, sizeof(signature), "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
                                               "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00");
    assert_true(crypto_sign_check(secret + 32, &message, 1, signature));
}

static void
signatures_are_refused(void **state)
{
    uint8_t public_key[SIGN_PUBLIC_SIZE];
    uint8_t other_key[SIGN_PUBLIC_SIZE];
    uint8_t secret[SIGN_SECRET_SIZE];
    uint8_t signature[SIGN_SIZE];
    uint8_t zero[SIGN_SIZE] = {0};

    (void)state;
    crypto_sign_keys(other_key, secret);
    crypto_sign_keys(public_key, secret);
    crypto_sign_make(secret, "batch", 5, signature);
    assert_true(crypto_sign_check(public_key, "batch", 5, signature));
    assert_false(crypto_sign_check(other_key, "batch", 5, signature));
    assert_false(crypto_sign_check(public_key, "batcH", 5, signature));
    assert_false(crypto_sign_check(public_key, "batch", 4, signature));
    assert_false(crypto_sign_check(public_key, "batch", 5, zero));
    assert_false(crypto_sign_check(zero, "batch", 5, signature));
    for (size_t bit = 0; bit < 8 * SIGN_SIZE; bit++) {
        signature[bit / 8] ^= (uint8_t)(1u << bit % 8);
        assert_false(crypto_sign_check(public_key, "batch", 5, signature));
        signature[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
}

static void
seals_are_refused(void **state)
{
    struct arena *arena = arena_create();
    uint8_t key[CRYPTO_KEY_SIZE];
    struct bytes sealed;
    struct bytes again;
    struct bytes plain = {NULL, 77};
    uint8_t *copy;

    (void)state;
    crypto_random(key, sizeof(key));
    sealed = crypto_seal(arena, key, "3273010101800001", 16, "member|7", 8);
    again = crypto_seal(arena, key, "3273010101800001", 16, "member|7", 8);
    assert_int_equal(sealed.length, 16 + CRYPTO_SEAL_OVERHEAD);
    assert_memory_not_equal(sealed.data, again.data, sealed.length);
    copy = arena_alloc(arena, sealed.length);
    memcpy(copy, sealed.data, sealed.length);
    for (size_t bit = 0; bit < 8 * sealed.length; bit++) {
        copy[bit / 8] ^= (uint8_t)(1u << bit % 8);
        assert_false(crypto_open(arena, key, (struct bytes){copy, sealed.length}, "member|7", 8, &plain));
        copy[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
    for (size_t length = 0; length < sealed.length; length++)
        assert_false(crypto_open(arena, key, (struct bytes){copy, length}, "member|7", 8, &plain));
    assert_false(crypto_open(arena, key, sealed, "member|8", 8, &plain));
    assert_false(crypto_open(arena, key, sealed, NULL, 0, &plain));
    assert_false(crypto_open(arena, key, (struct bytes){NULL, 0}, NULL, 0, &plain));
    key[0] ^= 1;
    assert_false(crypto_open(arena, key, sealed, "member|7", 8, &plain));
    key[0] ^= 1;
    assert_int_equal(plain.length, 77);
    assert_true(crypto_open(arena, key, sealed, "member|7", 8, &plain));
    assert_int_equal(plain.length, 16);
    assert_string_equal((const char *)plain.data, "3273010101800001");
    sealed = crypto_seal(arena, key, NULL, 0, NULL, 0);
    assert_true(crypto_open(arena, key, sealed, NULL, 0, &plain));
    assert_int_equal(plain.length, 0);
    arena_destroy(arena);
}

static void
keys_separate(void **state)
{
    uint8_t master[CRYPTO_KEY_SIZE] = {1};
    uint8_t one[CRYPTO_KEY_SIZE];
    uint8_t two[CRYPTO_KEY_SIZE];
    uint8_t tag[CRYPTO_TAG_SIZE];
    uint8_t other[CRYPTO_TAG_SIZE];

    (void)state;
    crypto_derive(master, "lumbnik1", 1, one);
    crypto_derive(master, "lumbnik1", 2, two);
    assert_false(crypto_equal(one, two, sizeof(one)));
    crypto_derive(master, "lumbnik2", 1, two);
    assert_false(crypto_equal(one, two, sizeof(one)));
    crypto_derive(master, "lumbnik1", 1, two);
    assert_true(crypto_equal(one, two, sizeof(one)));
    crypto_keyed_hash(one, "3273010101800001", 16, tag, sizeof(tag));
    crypto_keyed_hash(master, "3273010101800001", 16, other, sizeof(other));
    assert_false(crypto_equal(tag, other, sizeof(tag)));
    crypto_keyed_hash(NULL, "3273010101800001", 16, other, sizeof(other));
    assert_false(crypto_equal(tag, other, sizeof(tag)));
    crypto_keyed_hash(one, "3273010101800001", 16, other, sizeof(other));
    assert_true(crypto_equal(tag, other, sizeof(tag)));
    crypto_wipe(one, sizeof(one));
    assert_int_equal(one[0] | one[31], 0);
}

static void
passwords_are_checked(void **state)
{
    struct arena *arena = arena_create();
    char *hash = crypto_password_hash(arena, "gudang beras di ujung desa");

    (void)state;
    assert_true(strncmp(hash, "$argon2id$v=19$m=19456,t=2,p=1$", 31) == 0);
    assert_true(crypto_password_check(hash, "gudang beras di ujung desa"));
    assert_false(crypto_password_check(hash, "gudang beras di ujung des"));
    assert_false(crypto_password_check(hash, ""));
    assert_false(crypto_password_check(hash, NULL));
    assert_false(crypto_password_check(NULL, "x"));
    assert_false(crypto_password_check("", "x"));
    assert_false(crypto_password_check("$argon2id$v=19$m=19456,t=2,p=1$", "x"));
    assert_false(crypto_password_check("plain", "plain"));
    assert_string_not_equal(hash, crypto_password_hash(arena, "gudang beras di ujung desa"));
    arena_destroy(arena);
}

/* The zero key's first block, as published with the cipher; and that the stream is the same in whatever pieces it is taken. */
static void
stream_in_pieces(void **state)
{
    uint8_t key[CRYPTO_KEY_SIZE] = {0}, whole[1000] = {0}, pieces[1000] = {0};

    (void)state;
    crypto_stream_at(key, 0, whole, sizeof(whole));
    check_digest(whole, 64, "76b8e0ada0f13d90405d6ae55386bd28bdd219b8a08ded1aa836efcc8b770dc7da41597c5157488d7724e03fb8d84a376a43b8f41518a11cc387b669b2ee6586");
    for (size_t length = 1; length < 200; length += 7) {
        memset(pieces, 0, sizeof(pieces));
        for (size_t at = 0; at < sizeof(pieces); at += length)
            crypto_stream_at(key, at, pieces + at, at + length < sizeof(pieces) ? length : sizeof(pieces) - at);
        assert_memory_equal(pieces, whole, sizeof(whole));
    }
    crypto_stream_at(key, 0, whole, sizeof(whole));
    memset(pieces, 0, sizeof(pieces));
    assert_memory_equal(whole, pieces, sizeof(whole));
    key[31] = 1;
    crypto_stream_at(key, 0, whole, 64);
    assert_int_not_equal(whole[0] << 8 | whole[1], 0x76b8);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sha256_vectors),  cmocka_unit_test(hmac_sha1_vectors),      cmocka_unit_test(totp_vectors),
        cmocka_unit_test(totp_refuses),    cmocka_unit_test(base32_of_rfc_4648),     cmocka_unit_test(ed25519_vector),
        cmocka_unit_test(signatures_are_refused), cmocka_unit_test(seals_are_refused), cmocka_unit_test(keys_separate),
        cmocka_unit_test(passwords_are_checked), cmocka_unit_test(stream_in_pieces),
    };

    crypto_start();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
