/* keyring_private.h: the keys in memory, shared by what loads them (keyring_files.c) and what uses them (keyring.c). */
#ifndef LUMBUNG_KEYRING_PRIVATE_H
#define LUMBUNG_KEYRING_PRIVATE_H

#include "lumbung/base/arena.h"
#include "lumbung/db/keyring.h"

#define KEYRING_EPOCHS_MAX 64
#define KEYRING_COLUMNS 9

struct keyring_epoch {
    int64_t number;               /* from the file's name */
    uint8_t key[CRYPTO_KEY_SIZE]; /* the file's content, then what is derived from it */
};

struct keyring {
    struct arena *arena;
    const char *directory;
    uint8_t master[CRYPTO_KEY_SIZE];
    uint8_t sign_public[SIGN_PUBLIC_SIZE];
    uint8_t sign_secret[SIGN_SECRET_SIZE];
    uint8_t column_keys[KEYRING_COLUMNS][CRYPTO_KEY_SIZE]; /* derived: of the tags */
    uint8_t registry_key[CRYPTO_KEY_SIZE]; /* derived: the zero subject's data key */
    struct keyring_epoch epochs[KEYRING_EPOCHS_MAX];
    size_t epoch_count; /* ascending by number; new data keys are wrapped under the last */
};

void keyring_derive_all(struct keyring *keyring);

#endif
