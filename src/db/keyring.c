/* keyring.c: keys in use: tags for searching, data keys of subjects, and the sealing of personal fields under them. */
#include <assert.h>
#include <string.h>

#include "keyring_private.h"
#include "lumbung/db/tx.h"

STATEMENT_READ(data_key_by_subject, "SELECT epoch, wrapped FROM data_key WHERE subject_id = $1")
STATEMENT_WRITE(data_key_insert, "INSERT INTO data_key (subject_id, epoch, wrapped) VALUES ($1, $2, $3)")
STATEMENT_WRITE(data_key_delete, "DELETE FROM data_key WHERE subject_id = $1")

/* Contexts of derived keys; never reused for anything else. */
#define CONTEXT_FINGERPRINT "lmbfingr"
#define CONTEXT_TAG "lmbblind"
#define CONTEXT_REGISTRY "lmbregis"
#define CONTEXT_WRAP "lmbwrapk"

void
keyring_fingerprint(const struct keyring *keyring, uint8_t ret_fingerprint[8])
{
    uint8_t key[CRYPTO_KEY_SIZE], digest[CRYPTO_TAG_SIZE];
    crypto_derive(keyring->master, CONTEXT_FINGERPRINT, 1, key);
    crypto_keyed_hash(key, keyring->sign_public, SIGN_PUBLIC_SIZE, digest, sizeof(digest));
    memcpy(ret_fingerprint, digest, 8);
    crypto_wipe(key, sizeof(key));
}

const uint8_t *
keyring_sign_public(const struct keyring *keyring)
{
    return keyring->sign_public;
}

void
keyring_sign(const struct keyring *keyring, const void *bytes, size_t length, uint8_t ret_signature[SIGN_SIZE])
{
    crypto_sign_make(keyring->sign_secret, bytes, length, ret_signature);
}

/* A key a column: equal numbers in different columns must not show that they are equal. */
static const char *const columns[KEYRING_COLUMNS] = {"nik", "kk", "phone", "account", "session", "link", "body", "name", "pseudonym"};

static void
derive_columns(struct keyring *keyring)
{
    uint8_t key[CRYPTO_KEY_SIZE];
    crypto_derive(keyring->master, CONTEXT_TAG, 1, key);
    for (size_t i = 0; i < KEYRING_COLUMNS; i++)
        crypto_keyed_hash(key, columns[i], strlen(columns[i]), keyring->column_keys[i], CRYPTO_KEY_SIZE);
    crypto_wipe(key, sizeof(key));
}

static const uint8_t *
column_key(const struct keyring *keyring, const char *column)
{
    size_t i = 0;
    while (i < KEYRING_COLUMNS && strcmp(columns[i], column) != 0)
        i++;
    assert(i < KEYRING_COLUMNS && "a column without a key");
    return keyring->column_keys[i];
}

void
keyring_tag_bytes(const struct keyring *keyring, const char *column, const void *bytes, size_t length, uint8_t ret_tag[CRYPTO_TAG_SIZE])
{
    crypto_keyed_hash(column_key(keyring, column), bytes, length, ret_tag, CRYPTO_TAG_SIZE);
}

void
keyring_tag_key(const struct keyring *keyring, const char *column, uint8_t ret_key[CRYPTO_KEY_SIZE])
{
    memcpy(ret_key, column_key(keyring, column), CRYPTO_KEY_SIZE);
}

void
keyring_tag(const struct keyring *keyring, const char *column, const char *text, uint8_t ret_tag[CRYPTO_TAG_SIZE])
{
    keyring_tag_bytes(keyring, column, text, strlen(text), ret_tag);
}

void
keyring_derive_all(struct keyring *keyring)
{
    derive_columns(keyring);
    crypto_derive(keyring->master, CONTEXT_REGISTRY, 1, keyring->registry_key);
    for (size_t i = 0; i < keyring->epoch_count; i++)
        crypto_derive(keyring->epochs[i].key, CONTEXT_WRAP, (uint64_t)keyring->epochs[i].number, keyring->epochs[i].key);
}

static const struct keyring_epoch *
epoch_find(const struct keyring *keyring, int64_t number)
{
    for (size_t i = 0; i < keyring->epoch_count; i++)
        if (keyring->epochs[i].number == number)
            return &keyring->epochs[i];
    return NULL;
}

#define WRAP_PLACE "data_key"
#define WRAP_PLACE_SIZE (sizeof(WRAP_PLACE) + 16)

/* A wrapped key opens only in its own row. */
static void
wrap_place(struct id subject, uint8_t ret_place[WRAP_PLACE_SIZE])
{
    memcpy(ret_place, WRAP_PLACE, sizeof(WRAP_PLACE));
    memcpy(ret_place + sizeof(WRAP_PLACE), subject.bytes, 16);
}

static struct error *
unwrap(const struct keyring *keyring, struct arena *arena, struct id subject, int64_t epoch, struct bytes wrapped,
       uint8_t ret_key[CRYPTO_KEY_SIZE])
{
    const struct keyring_epoch *found = epoch_find(keyring, epoch);
    if (!found)
        return error_with(ERROR_KEYS, keyring->directory, "the key of an earlier time is missing, so what was sealed then cannot be read", NULL);
    uint8_t place[WRAP_PLACE_SIZE];
    struct bytes plain;
    wrap_place(subject, place);
    if (!crypto_open(arena, found->key, wrapped, place, sizeof(place), &plain) || plain.length != CRYPTO_KEY_SIZE)
        return error_with(ERROR_TAMPERED, "data_key", NULL, NULL);
    memcpy(ret_key, plain.data, CRYPTO_KEY_SIZE);
    return NULL;
}

static uint8_t *
known_key(struct tx *tx, struct id subject)
{
    for (size_t i = 0; i < TX_KNOWN_KEYS; i++)
        if (id_equal(tx->known.subjects[i], subject))
            return tx->known.keys[i];
    return NULL;
}

static void
know_key(struct tx *tx, struct id subject, const uint8_t key[CRYPTO_KEY_SIZE])
{
    if (known_key(tx, subject))
        return;
    unsigned at = tx->known.next++ % TX_KNOWN_KEYS;
    tx->known.subjects[at] = subject;
    memcpy(tx->known.keys[at], key, CRYPTO_KEY_SIZE);
}

void
keyring_make_key(struct tx *tx, struct id subject, struct data_key *ret_key)
{
    const struct keyring_epoch *epoch = &tx->keyring->epochs[tx->keyring->epoch_count - 1];
    uint8_t place[WRAP_PLACE_SIZE];
    *ret_key = (struct data_key){.subject = subject, .epoch = epoch->number};
    crypto_random(ret_key->key, sizeof(ret_key->key));
    wrap_place(subject, place);
    ret_key->wrapped = crypto_seal(tx->arena, epoch->key, ret_key->key, sizeof(ret_key->key), place, sizeof(place));
    know_key(tx, subject, ret_key->key);
}

struct error *
keyring_store_key(struct tx *tx, const struct data_key *key)
{
    struct cursor *cursor = cursor_start(tx->db, &data_key_insert);
    cursor_bind_id(cursor, 1, key->subject);
    cursor_bind_int(cursor, 2, key->epoch);
    cursor_bind_bytes(cursor, 3, key->wrapped.data, key->wrapped.length);
    TRY(cursor_run(cursor, NULL));
    know_key(tx, key->subject, key->key);
    return NULL;
}

static struct error *
create_key(struct tx *tx, struct id subject, uint8_t ret_key[CRYPTO_KEY_SIZE])
{
    struct data_key made;
    if (!tx->writable)
        return error_internal("a data key is made by an act alone");
    keyring_make_key(tx, subject, &made);
    struct error *error = keyring_store_key(tx, &made);
    memcpy(ret_key, made.key, sizeof(made.key));
    crypto_wipe(&made, sizeof(made));
    return error;
}

struct error *
keyring_know_key(struct tx *tx, struct id subject, int64_t epoch, struct bytes wrapped)
{
    uint8_t key[CRYPTO_KEY_SIZE];
    TRY(unwrap(tx->keyring, tx->arena, subject, epoch, wrapped, key));
    know_key(tx, subject, key);
    crypto_wipe(key, sizeof(key));
    return NULL;
}

static struct error *
load_key(struct tx *tx, struct id subject, bool create, uint8_t ret_key[CRYPTO_KEY_SIZE], bool *ret_found)
{
    bool row;
    struct cursor *cursor = cursor_start(tx->db, &data_key_by_subject);
    cursor_bind_id(cursor, 1, subject);
    TRY(cursor_next(cursor, &row));
    int64_t epoch = row ? cursor_int(cursor, 0) : 0;
    struct bytes wrapped = row ? cursor_bytes(cursor, tx->arena, 1) : (struct bytes){NULL, 0};
    cursor_end(cursor);
    if (row)
        TRY(unwrap(tx->keyring, tx->arena, subject, epoch, wrapped, ret_key));
    else if (create)
        TRY(create_key(tx, subject, ret_key));
    *ret_found = row || create;
    return NULL;
}

struct error *
keyring_subject_key(struct tx *tx, struct id subject, bool create, uint8_t ret_key[CRYPTO_KEY_SIZE], bool *ret_found)
{
    if (id_is_zero(subject)) {
        memcpy(ret_key, tx->keyring->registry_key, CRYPTO_KEY_SIZE);
        *ret_found = true;
        return NULL;
    }
    const uint8_t *known = known_key(tx, subject);
    if (known) {
        memcpy(ret_key, known, CRYPTO_KEY_SIZE);
        *ret_found = true;
        return NULL;
    }
    TRY(load_key(tx, subject, create, ret_key, ret_found));
    if (*ret_found)
        know_key(tx, subject, ret_key);
    return NULL;
}

/* place NUL subject row: unambiguous, since both ids have a fixed size. */
static struct bytes
bind_place(struct arena *arena, struct id subject, const char *place, struct id row)
{
    size_t size = strlen(place) + 1;
    uint8_t *bytes = arena_alloc(arena, size + 32);
    memcpy(bytes, place, size);
    memcpy(bytes + size, subject.bytes, 16);
    memcpy(bytes + size + 16, row.bytes, 16);
    return (struct bytes){bytes, size + 32};
}

struct error *
keyring_seal(struct tx *tx, struct id subject, const char *place, struct id row, const void *plain, size_t length, struct bytes *ret_sealed)
{
    uint8_t key[CRYPTO_KEY_SIZE];
    bool is_found;
    TRY(keyring_subject_key(tx, subject, true, key, &is_found));
    struct bytes associated = bind_place(tx->arena, subject, place, row);
    *ret_sealed = crypto_seal(tx->arena, key, plain, length, associated.data, associated.length);
    crypto_wipe(key, sizeof(key));
    return NULL;
}

struct error *
keyring_unseal(struct tx *tx, struct id subject, const char *place, struct id row, struct bytes sealed, struct bytes *ret_plain)
{
    uint8_t key[CRYPTO_KEY_SIZE];
    bool is_found;
    struct bytes plain = {NULL, 0};
    TRY(keyring_subject_key(tx, subject, false, key, &is_found));
    if (is_found) {
        struct bytes associated = bind_place(tx->arena, subject, place, row);
        bool is_open = crypto_open(tx->arena, key, sealed, associated.data, associated.length, &plain);
        crypto_wipe(key, sizeof(key));
        if (!is_open)
            return error_with(ERROR_TAMPERED, place, NULL, NULL);
        /* A copy with a NUL behind, whatever the library gave. */
        plain.data = (const uint8_t *)arena_copy(tx->arena, plain.length > 0 ? (const char *)plain.data : "", plain.length);
    }
    *ret_plain = plain;
    return NULL;
}

struct error *
keyring_forget(struct tx *tx, struct id subject)
{
    uint8_t *known = known_key(tx, subject);
    if (known)
        tx->known.subjects[(known - tx->known.keys[0]) / CRYPTO_KEY_SIZE] = (struct id){{0}};
    struct cursor *cursor = cursor_start(tx->db, &data_key_delete);
    cursor_bind_id(cursor, 1, subject);
    return cursor_run(cursor, NULL);
}
