/* audit_fixture.h: a registry with keys, its row, an audit tree and a lane: what the slices' tests work in. The clock is the test's. */
#ifndef TESTS_AUDIT_FIXTURE_H
#define TESTS_AUDIT_FIXTURE_H

#include "db_fixture.h"

#include "lumbung/audit.h"
#include "lumbung/base/time.h"
#include "lumbung/registry.h"
#include "lumbung/user.h"

struct trial {
    struct fixture *fixture;
    struct keyring *keyring;
    struct registry registry;
    struct audit_tree *tree;
    struct lane_state states[2];
    struct lane *lane;
    struct arena *arena;
};

static int64_t trial_now = TEST_NOW_MS;

static inline int64_t
trial_clock(void)
{
    return trial_now;
}

STATEMENT_WRITE(trial_registry_add, "INSERT INTO registry (one, id, origin, name, key_fingerprint, is_demo, created_at_ms) VALUES (1, $1, $1, 'trial', $2, 0, $3)")

static inline void
trial_make_row(struct trial *trial)
{
    struct db *db;
    uint8_t fingerprint[8];
    must(db_open(trial->fixture->path, DB_WRITER, NULL, &db));
    keyring_fingerprint(trial->keyring, fingerprint);
    struct cursor *cursor = cursor_start(db, &trial_registry_add);
    cursor_bind_id(cursor, 1, id_make(TEST_NOW_MS));
    cursor_bind_bytes(cursor, 2, fingerprint, sizeof fingerprint);
    cursor_bind_int(cursor, 3, TEST_NOW_MS);
    must(cursor_run(cursor, NULL));
    db_close(db);
}

/* The tree is read anew, as a restart would. */
static inline void
trial_start_lane(struct trial *trial)
{
    struct db *db;
    struct lane_options options = {.keyring = trial->keyring, .registry = &trial->registry, .states = trial->states, .now_ms = trial_clock};
    must(db_open(trial->fixture->path, DB_READER, NULL, &db));
    must(audit_tree_open(db, trial->arena, &trial->tree));
    db_close(db);
    trial->registry.audit_tree = trial->tree;
    trial->states[0] = audit_tree_state(trial->tree);
    must(lane_start(trial->fixture->path, &options, &trial->lane));
    trial->registry.lane = trial->lane;
}

static inline void
trial_stop_lane(struct trial *trial)
{
    lane_stop(trial->lane);
    trial->lane = trial->registry.lane = NULL;
}

static inline int
trial_setup(void **state)
{
    struct fixture *fixture = fixture_registry();
    struct trial *trial = ARENA_NEW(fixture->arena, struct trial);
    trial_now = TEST_NOW_MS;
    trial->fixture = fixture;
    trial->arena = fixture->arena;
    trial->registry.path = fixture->path;
    must(keyring_open(arena_format(fixture->arena, "%s/keys", fixture->folder), true, &trial->keyring));
    trial_make_row(trial);
    trial_start_lane(trial);
    *state = trial;
    return 0;
}

static inline int
trial_teardown(void **state)
{
    struct trial *trial = *state;
    if (trial->lane)
        trial_stop_lane(trial);
    keyring_close(trial->keyring);
    fixture_end(trial->fixture);
    return 0;
}

/* Runs in the lane; fails the test on an error. */
static inline void
trial_write(struct trial *trial, struct error *(*apply)(struct tx *tx, void *context), void *context)
{
    must(lane_run(trial->lane, apply, context, trial->arena));
}

/* Runs in a read transaction on a reader of its own; gives back its error. */
FALLIBLE static inline struct error *
trial_read(struct trial *trial, struct error *(*step)(struct tx *tx, void *context), void *context)
{
    struct db *db;
    TRY(db_open(trial->fixture->path, DB_READER, NULL, &db));
    must(db_begin(db, false));
    struct tx tx = {.db = db, .arena = trial->arena, .now_ms = trial_now, .keyring = trial->keyring, .registry = &trial->registry};
    struct error *error = step(&tx, context);
    db_rollback(db);
    db_close(db);
    return error;
}

#define TRIAL_TEST(function) cmocka_unit_test_setup_teardown(function, trial_setup, trial_teardown)

#endif
