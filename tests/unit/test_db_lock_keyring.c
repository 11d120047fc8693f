/* test_db_lock_keyring.c: one process a registry, and keys that are refused whenever they cannot be trusted. */
#include "db_fixture.h"

#include <sys/stat.h>
#include <sys/wait.h>

#include "db/keyring_private.h"
#include "lumbung/db/tx.h"

/* ---- lock ---- */

static void
second_process_is_told_the_pid(void **state)
{
    struct fixture *fixture = *state;
    struct lock *lock;
    must(lock_take(fixture->path, &lock));
    pid_t child = fork();
    if (child == 0) {
        struct lock *mine;
        struct error *error = lock_take(fixture->path, &mine);
        const char *wanted = arena_format(fixture->arena, "process %ld works", (long)getppid());
        _exit(error && error->code == ERROR_DATABASE && strstr(error->arguments[1], wanted) ? 0 : 1);
    }
    int status;
    waitpid(child, &status, 0);
    assert_int_equal(WEXITSTATUS(status), 0);
    lock_drop(lock);
    must(lock_take(fixture->path, &lock));
    lock_drop(lock);
}

static void
killed_process_leaves_no_lock(void **state)
{
    struct fixture *fixture = *state;
    struct lock *lock;
    pid_t child = fork();
    if (child == 0) {
        struct lock *mine;
        struct error *error = lock_take(fixture->path, &mine);
        _exit(error ? 1 : 0); /* without dropping it */
    }
    int status;
    waitpid(child, &status, 0);
    assert_int_equal(WEXITSTATUS(status), 0);
    must(lock_take(fixture->path, &lock));
    lock_drop(lock);
}

static void
lock_needs_its_folder(void **state)
{
    struct fixture *fixture = *state;
    struct lock *lock;
    must_refuse(lock_take(arena_format(fixture->arena, "%s/nowhere/x", fixture->folder), &lock), ERROR_DATABASE, "folder");
}

/* ---- key directory ---- */

static const char *
keys_path(struct fixture *fixture)
{
    return arena_format(fixture->arena, "%s.keys", fixture->path);
}

static const char *
key_file(struct fixture *fixture, const char *name)
{
    return arena_format(fixture->arena, "%s.keys/%s", fixture->path, name);
}

static void
make_keys(struct fixture *fixture)
{
    struct keyring *keyring;
    must(keyring_open(keys_path(fixture), true, &keyring));
    keyring_close(keyring);
}

static void
refuse_keys(struct fixture *fixture, bool create, const char *word)
{
    struct keyring *keyring;
    must_refuse(keyring_open(keys_path(fixture), create, &keyring), ERROR_KEYS, word);
}

static void
keys_are_made_private_and_reopened(void **state)
{
    struct fixture *fixture = *state;
    struct keyring *keyring;
    struct stat status;
    uint8_t first[8], second[8], tag[CRYPTO_TAG_SIZE], again[CRYPTO_TAG_SIZE], signature[SIGN_SIZE];
    refuse_keys(fixture, false, "missing");
    must(keyring_open(keys_path(fixture), true, &keyring));
    keyring_fingerprint(keyring, first);
    keyring_tag(keyring, "nik", "3526010101900001", tag);
    keyring_sign(keyring, "head", 4, signature);
    keyring_close(keyring);
    must(keyring_open(keys_path(fixture), true, &keyring));
    keyring_fingerprint(keyring, second);
    keyring_tag(keyring, "nik", "3526010101900001", again);
    assert_memory_equal(first, second, sizeof(first));
    assert_memory_equal(tag, again, sizeof(tag));
    assert_true(crypto_sign_check(keyring_sign_public(keyring), "head", 4, signature));
    keyring_tag(keyring, "kk", "3526010101900001", again);
    assert_memory_not_equal(tag, again, sizeof(tag));
    keyring_close(keyring);
    assert_int_equal(stat(keys_path(fixture), &status), 0);
    assert_int_equal(status.st_mode & 07777, 0700);
    assert_int_equal(stat(key_file(fixture, "master"), &status), 0);
    assert_int_equal(status.st_mode & 07777, 0600);
    assert_int_equal(status.st_size, CRYPTO_KEY_SIZE);
}

/* Knowing the column and the number, even the fingerprint, does not give the tag: another ring gives another. */
static void
other_keys_give_other_tags(void **state)
{
    struct fixture *fixture = *state;
    struct keyring *keyring, *other;
    uint8_t tag[CRYPTO_TAG_SIZE], other_tag[CRYPTO_TAG_SIZE], plain[CRYPTO_TAG_SIZE], mine[8], theirs[8];
    must(keyring_open(keys_path(fixture), true, &keyring));
    must(keyring_open(arena_format(fixture->arena, "%s/other", fixture->folder), true, &other));
    keyring_tag(keyring, "nik", "3526010101900001", tag);
    keyring_tag(other, "nik", "3526010101900001", other_tag);
    crypto_keyed_hash(NULL, "3526010101900001", 16, plain, sizeof(plain));
    keyring_fingerprint(keyring, mine);
    keyring_fingerprint(other, theirs);
    assert_memory_not_equal(tag, other_tag, sizeof(tag));
    assert_memory_not_equal(tag, plain, sizeof(tag));
    assert_memory_not_equal(mine, theirs, sizeof(mine));
    keyring_close(keyring);
    keyring_close(other);
}

static void
readable_keys_are_refused(void **state)
{
    struct fixture *fixture = *state;
    static const char *const names[] = {"master", "log-sign", "epoch-1"};
    make_keys(fixture);
    for (size_t i = 0; i < 3; i++) {
        static const mode_t modes[] = {0640, 0604, 0620, 0601};
        for (size_t j = 0; j < 4; j++) {
            chmod(key_file(fixture, names[i]), modes[j]);
            refuse_keys(fixture, false, names[i]);
        }
        chmod(key_file(fixture, names[i]), 0600);
    }
    chmod(keys_path(fixture), 0750);
    refuse_keys(fixture, true, "others can read the folder");
    chmod(keys_path(fixture), 0700);
    if (geteuid() == 0) {
        assert_int_equal(chown(key_file(fixture, "master"), 65534, 65534), 0);
        refuse_keys(fixture, false, "another user");
    }
}

static void
broken_keys_are_refused_and_never_replaced(void **state)
{
    struct fixture *fixture = *state;
    struct stat status;
    make_keys(fixture);
    assert_int_equal(truncate(key_file(fixture, "master"), 31), 0);
    refuse_keys(fixture, true, "wrong size");
    assert_int_equal(unlink(key_file(fixture, "master")), 0);
    refuse_keys(fixture, true, "master is missing");
    assert_int_not_equal(stat(key_file(fixture, "master"), &status), 0);
    assert_int_equal(symlink("log-sign", key_file(fixture, "master")), 0);
    refuse_keys(fixture, true, "master");
}

static void
missing_epoch_and_torn_pair_are_refused(void **state)
{
    struct fixture *fixture = *state;
    make_keys(fixture);
    FILE *file = fopen(key_file(fixture, "log-sign"), "r+b");
    assert_non_null(file);
    fputc('x', file);
    fputc('y', file);
    fclose(file);
    refuse_keys(fixture, false, "log-sign is damaged");
    assert_int_equal(unlink(key_file(fixture, "log-sign")), 0);
    refuse_keys(fixture, false, "log-sign is missing");
}

static void
directory_without_epoch_is_refused(void **state)
{
    struct fixture *fixture = *state;
    make_keys(fixture);
    assert_int_equal(unlink(key_file(fixture, "epoch-1")), 0);
    refuse_keys(fixture, false, "epoch-1 is missing");
}

/* ---- sealing ---- */

struct session {
    struct db *db;
    struct tx tx;
};

static void
session_open(struct fixture *fixture, struct session *session)
{
    session->tx = (struct tx){.arena = fixture->arena, .now_ms = TEST_NOW_MS, .writable = true};
    must(db_open(fixture->path, DB_WRITER, NULL, &session->db));
    must(keyring_open(keys_path(fixture), true, &session->tx.keyring));
    session->tx.db = session->db;
}

static void
session_close(struct session *session)
{
    keyring_close(session->tx.keyring);
    db_close(session->db);
}

static void
sealed_text_opens_in_its_place_only(void **state)
{
    struct fixture *fixture = *state;
    struct session session;
    struct bytes sealed, other, plain;
    session_open(fixture, &session);
    struct tx *tx = &session.tx;
    struct id siti = tx_new_id(tx), budi = tx_new_id(tx);
    must(keyring_seal(tx, siti, "member.name", siti, "Siti", 4, &sealed));
    must(keyring_seal(tx, budi, "member.name", budi, "Budi", 4, &other));
    must(keyring_unseal(tx, siti, "member.name", siti, sealed, &plain));
    assert_int_equal(plain.length, 4);
    assert_string_equal((const char *)plain.data, "Siti");
    must_refuse(keyring_unseal(tx, siti, "member.name", budi, sealed, &plain), ERROR_TAMPERED, "member.name");
    must_refuse(keyring_unseal(tx, siti, "member.nik", siti, sealed, &plain), ERROR_TAMPERED, NULL);
    must_refuse(keyring_unseal(tx, budi, "member.name", siti, sealed, &plain), ERROR_TAMPERED, NULL);
    must_refuse(keyring_unseal(tx, siti, "member.name", siti, other, &plain), ERROR_TAMPERED, NULL);
    for (size_t i = 0; i < sealed.length; i++) {
        uint8_t *bent = arena_alloc(fixture->arena, sealed.length);
        memcpy(bent, sealed.data, sealed.length);
        bent[i] ^= 1;
        must_refuse(keyring_unseal(tx, siti, "member.name", siti, (struct bytes){bent, sealed.length}, &plain), ERROR_TAMPERED, NULL);
        must_refuse(keyring_unseal(tx, siti, "member.name", siti, (struct bytes){sealed.data, i}, &plain), ERROR_TAMPERED, NULL);
    }
    session_close(&session);
}

static void
empty_text_and_the_registry_itself(void **state)
{
    struct fixture *fixture = *state;
    struct session session;
    struct bytes sealed, plain;
    struct id zero = {{0}}, row = id_make(TEST_NOW_MS);
    session_open(fixture, &session);
    must(keyring_seal(&session.tx, zero, "user.totp", row, "", 0, &sealed));
    must(keyring_unseal(&session.tx, zero, "user.totp", row, sealed, &plain));
    assert_int_equal(plain.length, 0);
    assert_non_null(plain.data);
    session_close(&session);
    assert_int_equal(fixture_number(fixture, "SELECT count(*) FROM data_key"), 0);
}

static void
forgotten_subject_reads_as_nothing(void **state)
{
    struct fixture *fixture = *state;
    struct session session;
    struct bytes sealed, plain;
    uint8_t key[CRYPTO_KEY_SIZE];
    bool is_found = true;
    session_open(fixture, &session);
    struct tx *tx = &session.tx;
    struct id siti = tx_new_id(tx);
    must(keyring_seal(tx, siti, "member.name", siti, "Siti", 4, &sealed));
    must(keyring_forget(tx, siti));
    must(keyring_unseal(tx, siti, "member.name", siti, sealed, &plain));
    assert_null(plain.data);
    must(keyring_subject_key(tx, siti, false, key, &is_found));
    assert_false(is_found);
    /* A new key for the same subject does not bring the old text back. */
    must(keyring_subject_key(tx, siti, true, key, &is_found));
    assert_true(is_found);
    must_refuse(keyring_unseal(tx, siti, "member.name", siti, sealed, &plain), ERROR_TAMPERED, NULL);
    session_close(&session);
}

static void
a_key_made_ahead_is_stored_once(void **state)
{
    struct fixture *fixture = *state;
    struct session session;
    struct bytes sealed, plain;
    struct data_key key;
    session_open(fixture, &session);
    struct tx reading = session.tx, *tx = &session.tx;
    reading.writable = false;
    struct id siti = tx_new_id(tx);
    must_refuse(keyring_seal(&reading, siti, "member.name", siti, "Siti", 4, &sealed), ERROR_INTERNAL, NULL);
    keyring_make_key(&reading, siti, &key);
    must(keyring_seal(&reading, siti, "member.name", siti, "Siti", 4, &sealed));
    assert_int_equal(fixture_number(fixture, "SELECT count(*) FROM data_key"), 0);
    must(keyring_unseal(tx, siti, "member.name", siti, sealed, &plain));
    assert_null(plain.data);
    must(keyring_store_key(tx, &key));
    must_refuse(keyring_store_key(tx, &key), ERROR_EXISTS, NULL);
    struct tx later = session.tx;
    memset(&later.known, 0, sizeof later.known);
    must(keyring_unseal(&later, siti, "member.name", siti, sealed, &plain));
    assert_string_equal((const char *)plain.data, "Siti");
    session_close(&session);
}

static void
swapped_wrapped_keys_are_noticed(void **state)
{
    struct fixture *fixture = *state;
    struct session session;
    struct bytes sealed, plain;
    session_open(fixture, &session);
    struct id siti = tx_new_id(&session.tx), budi = tx_new_id(&session.tx);
    must(keyring_seal(&session.tx, siti, "member.name", siti, "Siti", 4, &sealed));
    must(keyring_seal(&session.tx, budi, "member.name", budi, "Budi", 4, &plain));
    must(db_execute(session.db, "UPDATE data_key SET wrapped = (SELECT wrapped FROM data_key ORDER BY subject_id LIMIT 1)"));
    session.tx.known = (struct tx_keys){0}; /* as the next act begins */
    must_refuse(keyring_unseal(&session.tx, budi, "member.name", budi, plain, &plain), ERROR_TAMPERED, "data_key");
    session_close(&session);
}

static void
foreign_or_missing_epoch_does_not_open(void **state)
{
    struct fixture *fixture = *state;
    struct session session;
    struct bytes sealed, plain;
    session_open(fixture, &session);
    struct id siti = tx_new_id(&session.tx);
    must(keyring_seal(&session.tx, siti, "member.name", siti, "Siti", 4, &sealed));
    struct keyring *own = session.tx.keyring;
    must(keyring_open(arena_format(fixture->arena, "%s/other", fixture->folder), true, &session.tx.keyring));
    session.tx.known = (struct tx_keys){0};
    must_refuse(keyring_unseal(&session.tx, siti, "member.name", siti, sealed, &plain), ERROR_TAMPERED, NULL);
    must(db_execute(session.db, "UPDATE data_key SET epoch = 7"));
    must_refuse(keyring_unseal(&session.tx, siti, "member.name", siti, sealed, &plain), ERROR_KEYS, "missing");
    keyring_close(own);
    session_close(&session);
}

/* The act that destroys a key no longer opens what it had sealed under it, and more than it remembers stays right. */
static void
known_keys_end_with_their_row(void **state)
{
    struct fixture *fixture = *state;
    struct session session;
    struct id people[3 * TX_KNOWN_KEYS];
    struct bytes sealed[3 * TX_KNOWN_KEYS], plain;
    session_open(fixture, &session);
    for (size_t i = 0; i < 3 * TX_KNOWN_KEYS; i++) {
        people[i] = tx_new_id(&session.tx);
        must(keyring_seal(&session.tx, people[i], "member.name", people[i], &i, sizeof i, &sealed[i]));
    }
    must(keyring_forget(&session.tx, people[3 * TX_KNOWN_KEYS - 1]));
    for (size_t i = 0; i < 3 * TX_KNOWN_KEYS; i++) {
        bool is_gone = i == 3 * TX_KNOWN_KEYS - 1;
        must(keyring_unseal(&session.tx, people[i], "member.name", people[i], sealed[i], &plain));
        assert_int_equal(plain.data == NULL, is_gone);
        if (!is_gone)
            assert_memory_equal(plain.data, &i, sizeof i);
    }
    session_close(&session);
}

/* A later epoch's file takes over for new keys; old ones still open while theirs is there. */
static void
newer_epoch_wraps_new_keys(void **state)
{
    struct fixture *fixture = *state;
    struct session session;
    struct bytes sealed, plain;
    session_open(fixture, &session);
    struct id siti = tx_new_id(&session.tx), budi = tx_new_id(&session.tx);
    must(keyring_seal(&session.tx, siti, "member.name", siti, "Siti", 4, &sealed));
    session_close(&session);
    FILE *file = fopen(key_file(fixture, "epoch-2"), "wb");
    assert_non_null(file);
    assert_int_equal(fwrite("0123456789abcdef0123456789abcdef", 1, 32, file), 32);
    fclose(file);
    chmod(key_file(fixture, "epoch-2"), 0600);
    session_open(fixture, &session);
    must(keyring_unseal(&session.tx, siti, "member.name", siti, sealed, &plain));
    assert_string_equal((const char *)plain.data, "Siti");
    must(keyring_seal(&session.tx, budi, "member.name", budi, "Budi", 4, &sealed));
    session_close(&session);
    assert_int_equal(fixture_number(fixture, "SELECT max(epoch) FROM data_key"), 2);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        DB_TEST_FOLDER(second_process_is_told_the_pid),
        DB_TEST_FOLDER(killed_process_leaves_no_lock),
        DB_TEST_FOLDER(lock_needs_its_folder),
        DB_TEST_FOLDER(keys_are_made_private_and_reopened),
        DB_TEST_FOLDER(other_keys_give_other_tags),
        DB_TEST_FOLDER(readable_keys_are_refused),
        DB_TEST_FOLDER(broken_keys_are_refused_and_never_replaced),
        DB_TEST_FOLDER(missing_epoch_and_torn_pair_are_refused),
        DB_TEST_FOLDER(directory_without_epoch_is_refused),
        DB_TEST(sealed_text_opens_in_its_place_only),
        DB_TEST(empty_text_and_the_registry_itself),
        DB_TEST(forgotten_subject_reads_as_nothing),
        DB_TEST(a_key_made_ahead_is_stored_once), DB_TEST(swapped_wrapped_keys_are_noticed),
        DB_TEST(foreign_or_missing_epoch_does_not_open),
        DB_TEST(newer_epoch_wraps_new_keys),
        DB_TEST(known_keys_end_with_their_row),
    };
    return cmocka_run_group_tests_name("db lock keyring", tests, NULL, NULL);
}
