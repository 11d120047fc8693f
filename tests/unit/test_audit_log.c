/* test_audit_log.c: appending through the lane, history, proofs, and what a check of everything finds when rows are altered behind its back. */
#include "audit_fixture.h"

#include "audit/audit_note.h"
#include "audit/audit_store.h"

#define ENTRIES 600
#define ARRAY_COUNT(array) (sizeof(array) / sizeof((array)[0]))

static struct id
record_of(int64_t number)
{
    struct id id = {{0}};
    memcpy(id.bytes, "household", 9);
    memcpy(id.bytes + 9, &number, 7);
    return id;
}

struct entry {
    int64_t number;
    bool fails;
    int64_t seq;
};

static struct error *
append(struct tx *tx, void *context)
{
    struct entry *entry = context;
    struct id record = record_of(entry->number % 50);
    struct actor actor = user_console_actor();
    struct audit_part parts[2] = {
        {.kind = "household", .id = record, .subject = record, .before = entry->number < 50 ? NULL : "{\"n\":0}",
         .after = arena_format(tx->arena, "{\"n\":%lld}", (long long)entry->number)},
        {.kind = "member", .id = record_of(entry->number), .subject = record, .after = "{\"name\":\"Siti\"}"},
    };
    struct audit_change change = {entry->number < 50 ? "household.register" : "household.change", record, "koreksi", parts, entry->number % 3 == 0 ? 1 : 2};
    TRY(audit_append(tx, &actor, &change, &entry->seq));
    return entry->fails ? error_new(ERROR_CANCELLED) : NULL;
}

static void
fill(struct trial *trial, int64_t count)
{
    for (int64_t i = 0; i < count; i++) {
        struct entry entry = {.number = i};
        trial_write(trial, append, &entry);
        assert_int_equal(entry.seq, i);
    }
}

struct check {
    const char *outside;
    struct buffer report;
};

static struct error *
verify(struct tx *tx, void *context)
{
    struct check *check = context;
    buffer_init(&check->report, tx->arena);
    return audit_verify(tx, check->outside, &check->report);
}

static struct error *
checkpoint(struct tx *tx, void *context)
{
    return audit_checkpoint(tx, context);
}

static void
test_rewind(void **state)
{
    struct trial *trial = *state;
    struct check check = {0};
    for (int64_t i = 0; i < 300; i++) {
        struct entry entry = {.number = i, .fails = i % 3 == 1};
        struct error *error = lane_run(trial->lane, append, &entry, trial->arena);
        assert_true((error != NULL) == entry.fails);
        error_free(error);
    }
    must(trial_read(trial, verify, &check));
    assert_non_null(strstr(buffer_text(&check.report), "200 entries"));
    /* A restart reads the same frontier from the rows. */
    trial_stop_lane(trial);
    trial_start_lane(trial);
    struct entry entry = {.number = 5};
    trial_write(trial, append, &entry);
    assert_int_equal(entry.seq, 200);
    must(trial_read(trial, verify, &check));
}

static struct error *
history(struct tx *tx, void *context)
{
    struct audit_entry *entries = NULL;
    size_t count = 0;
    int64_t *until = context;
    TRY(audit_history(tx, record_of(3), *until, &entries, &count));
    assert_int_equal(count, 5); /* entries 3 (one part), 53 and 103 (two each) */
    assert_string_equal(entries[0].action, "household.register");
    assert_null(entries[0].before);
    assert_string_equal(entries[0].after, "{\"n\":3}");
    assert_string_equal(entries[4].kind, "member");
    assert_string_equal(entries[4].reason, "koreksi");
    assert_string_equal(entries[4].actor_name, "console");
    assert_false(entries[4].erased);
    return NULL;
}

static struct error *
forget(struct tx *tx, void *context)
{
    (void)context;
    return keyring_forget(tx, record_of(3));
}

static struct error *
history_erased(struct tx *tx, void *context)
{
    struct audit_entry *entries = NULL;
    size_t count = 0;
    (void)context;
    TRY(audit_history(tx, record_of(3), INT64_MAX, &entries, &count));
    assert_int_equal(count, 5);
    for (size_t i = 0; i < count; i++)
        assert_true(entries[i].erased && !entries[i].after && !entries[i].reason);
    return NULL;
}

/* A person is erased by destroying his key: his history is gone, every proof holds. */
static void
test_history(void **state)
{
    struct trial *trial = *state;
    struct check check = {0};
    int64_t until = INT64_MAX;
    fill(trial, 120);
    must(trial_read(trial, history, &until));
    trial_write(trial, forget, NULL);
    must(trial_read(trial, history_erased, NULL));
    must(trial_read(trial, verify, &check));
    assert_non_null(strstr(buffer_text(&check.report), "(5 erased)"));
}

static struct error *
prove(struct tx *tx, void *context)
{
    struct audit_proof *proof = ARENA_NEW(tx->arena, struct audit_proof);
    int64_t count = *(int64_t *)context;
    const char *note = NULL;
    struct audit_note parsed;
    TRY(audit_checkpoint(tx, &note));
    assert_true(audit_note_check(tx->arena, note, NULL, keyring_sign_public(tx->keyring), &parsed));
    assert_int_equal(parsed.size, count);
    for (int64_t seq = 0; seq < count; seq += 7) {
        TRY(audit_prove(tx, seq, proof));
        assert_true(audit_proof_check(proof));
        assert_memory_equal(proof->root, parsed.root, sizeof parsed.root);
        proof->hashes[0][0] ^= 1;
        assert_false(audit_proof_check(proof));
    }
    must_refuse(audit_prove(tx, count, proof), ERROR_NOT_FOUND, NULL);
    must_refuse(audit_prove(tx, -1, proof), ERROR_NOT_FOUND, NULL);
    return NULL;
}

static void
test_proofs(void **state)
{
    struct trial *trial = *state;
    const char *note = NULL;
    int64_t count = ENTRIES;
    must_refuse(trial_read(trial, checkpoint, &note), ERROR_STATE, NULL);
    fill(trial, ENTRIES);
    must(trial_read(trial, prove, &count));
}

#define NO_TRIGGERS \
    "DROP TRIGGER audit_leaf_no_update; DROP TRIGGER audit_leaf_no_delete; DROP TRIGGER audit_part_no_delete; DROP TRIGGER audit_part_only_erase;"

/* Each alteration with what the check says of it: the entry is named. */
static const struct {
    const char *name, *sql, *says;
} alterations[] = {
    {"flip: version", "UPDATE audit_leaf SET leaf = CAST(x'02' || substr(leaf, 2) AS BLOB) WHERE seq = 17", "entry 17 "},
    {"flip: time in the leaf", "UPDATE audit_leaf SET leaf = CAST(substr(leaf, 1, 32) || x'ff' || substr(leaf, 34) AS BLOB) WHERE seq = 300", "entry 300 "},
    {"flip: commitment", "UPDATE audit_leaf SET leaf = CAST(substr(leaf, 1, length(leaf) - 2) || x'0000' AS BLOB) WHERE seq = 599", "entry 599 "},
    {"flip: column time", "UPDATE audit_leaf SET at_ms = at_ms + 1 WHERE seq = 44", "entry 44 "},
    {"flip: column action", "UPDATE audit_leaf SET action = 'household.die' WHERE seq = 0", "entry 0 "},
    {"flip: column record", "UPDATE audit_leaf SET record_id = x'00000000000000000000000000000001' WHERE seq = 45", "entry 45 "},
    {"flip: column actor", "UPDATE audit_leaf SET actor_id = x'00000000000000000000000000000001' WHERE seq = 46", "entry 46 "},
    {"flip: leaf and column alike, in the tail",
     "UPDATE audit_leaf SET action = 'household.chango', leaf = CAST(substr(leaf, 1, 67) || x'6f' || substr(leaf, 69) AS BLOB) WHERE seq = 598", "entry 598 "},
    {"flip: sealed", "UPDATE audit_part SET sealed = CAST(substr(sealed, 1, 60) || x'0000' || substr(sealed, 63) AS BLOB) WHERE seq = 101 AND part = 0", "entry 101 "},
    {"flip: part's commitment", "UPDATE audit_part SET commitment = CAST(substr(commitment, 1, 31) || x'0000' AS BLOB) WHERE seq = 102 AND part = 0", "entry 102 "},
    {"flip: part's commitment, same length", "UPDATE audit_part SET commitment = zeroblob(32) WHERE seq = 103 AND part = 1", "entry 103 "},
    {"flip: part's kind", "UPDATE audit_part SET kind = 'batch' WHERE seq = 104 AND part = 0", "entry 104 "},
    {"flip: part's subject", "UPDATE audit_part SET subject_id = (SELECT subject_id FROM audit_part WHERE seq = 1 LIMIT 1) WHERE seq = 105 AND part = 0", "entry 105 "},
    {"flip: node", "UPDATE audit_node SET hash = zeroblob(32) WHERE level = 8 AND position = 1", "entry 256 "},
    {"swap: leaves",
     "UPDATE audit_leaf SET leaf = CASE seq WHEN 201 THEN (SELECT leaf FROM audit_leaf WHERE seq = 251) ELSE (SELECT leaf FROM audit_leaf WHERE seq = 201) END "
     "WHERE seq IN (201, 251)", "entry 201 "},
    {"swap: whole entries of one record",
     "UPDATE audit_leaf SET seq = 9201 WHERE seq = 201; UPDATE audit_leaf SET seq = 201 WHERE seq = 251; UPDATE audit_leaf SET seq = 251 WHERE seq = 9201; "
     "UPDATE audit_part SET seq = 9201 WHERE seq = 201; UPDATE audit_part SET seq = 201 WHERE seq = 251; UPDATE audit_part SET seq = 251 WHERE seq = 9201;",
     "entry 201 "},
    {"swap: sealed parts", "UPDATE audit_part SET sealed = (SELECT sealed FROM audit_part WHERE seq = 153 AND part = 0) WHERE seq = 203 AND part = 0", "entry 203 "},
    {"remove: first", "DELETE FROM audit_leaf WHERE seq = 0", "entry 0 "},
    {"remove: middle", "DELETE FROM audit_leaf WHERE seq = 333; DELETE FROM audit_part WHERE seq = 333", "entry 333 "},
    {"remove: middle, the rest moved up",
     "DELETE FROM audit_leaf WHERE seq = 333; DELETE FROM audit_part WHERE seq = 333; UPDATE audit_leaf SET seq = seq - 1 WHERE seq > 333; "
     "UPDATE audit_part SET seq = seq - 1 WHERE seq > 333;", "entry 333 "},
    {"remove: last leaf", "DELETE FROM audit_leaf WHERE seq = 599", "entry 599 "},
    {"remove: tail behind the checkpoint", "DELETE FROM audit_leaf WHERE seq >= 500; DELETE FROM audit_part WHERE seq >= 500;", "entry 500 "},
    {"remove: a part", "DELETE FROM audit_part WHERE seq = 400 AND part = 1", "entry 400 "},
    {"remove: all parts of an entry", "DELETE FROM audit_part WHERE seq = 401", "entry 401 "},
    {"remove: a node", "DELETE FROM audit_node WHERE level = 8 AND position = 0", "entry 0 "},
    {"insert: behind the last",
     "INSERT INTO audit_leaf (origin, seq, at_ms, actor_id, action, record_id, leaf) SELECT origin, 600, at_ms, actor_id, action, record_id, leaf FROM audit_leaf "
     "WHERE seq = 599", "entry 600 "},
    {"insert: a part", "INSERT INTO audit_part (origin, seq, part, kind, subject_id, commitment, sealed) SELECT origin, seq, 1, kind, subject_id, commitment, sealed "
                       "FROM audit_part WHERE seq = 402 AND part = 0", "entry 402 "},
    {"insert: a part of no entry", "INSERT INTO audit_part (origin, seq, part, kind, subject_id, commitment, sealed) SELECT origin, 777, 0, kind, subject_id, "
                                   "commitment, sealed FROM audit_part WHERE seq = 402 AND part = 0", "entry 600 "},
    {"insert: a node", "INSERT INTO audit_node (origin, level, position, hash) SELECT origin, 8, 2, hash FROM audit_node WHERE level = 8 AND position = 0", "entry 600 "},
    {"insert: another log", "INSERT INTO audit_part (origin, seq, part, kind, subject_id, commitment, sealed) SELECT x'ff000000000000000000000000000000', 0, 0, kind, "
                            "subject_id, commitment, sealed FROM audit_part WHERE seq = 402 AND part = 0", "entry 0 "},
    {"checkpoint: root", "UPDATE audit_checkpoint SET root = zeroblob(32)", "entry 599 "},
    {"checkpoint: note", "UPDATE audit_checkpoint SET note = replace(note, '600', '601')", "entry 599 "},
    {"checkpoint: size", "UPDATE audit_checkpoint SET size = 599", "entry 598 "},
};

static void
restore(struct trial *trial)
{
    char *command = arena_format(trial->arena, "cd '%s' && rm -f registry.db-wal registry.db-shm && cp kept registry.db", trial->fixture->folder);
    assert_int_equal(system(command), 0);
}

/* With the lane stopped, so that the file is whole without its log. */
static void
keep(struct trial *trial)
{
    trial_stop_lane(trial);
    fixture_execute(trial->fixture, "PRAGMA wal_checkpoint(TRUNCATE)");
    assert_int_equal(system(arena_format(trial->arena, "cp '%s' '%s/kept'", trial->fixture->path, trial->fixture->folder)), 0);
}

static void
test_alterations(void **state)
{
    struct trial *trial = *state;
    struct check check = {0};
    const char *note = NULL;
    fill(trial, ENTRIES);
    trial_write(trial, checkpoint, &note);
    must(trial_read(trial, verify, &check));
    keep(trial);
    for (size_t i = 0; i < ARRAY_COUNT(alterations); i++) {
        restore(trial);
        fixture_execute(trial->fixture, NO_TRIGGERS);
        fixture_execute(trial->fixture, alterations[i].sql);
        struct error *error = trial_read(trial, verify, &check);
        if (!error || error->code != ERROR_TAMPERED || !strstr(error->arguments[0], alterations[i].says))
            fail_msg("%s: %s", alterations[i].name, error ? error->arguments[0] : "not found");
        error_free(error);
    }
}

/* The database itself refuses the same, as long as its triggers stand. */
static void
test_triggers(void **state)
{
    static const char *const refused[] = {
        "UPDATE audit_leaf SET at_ms = 1", "DELETE FROM audit_leaf", "DELETE FROM audit_part", "UPDATE audit_part SET commitment = zeroblob(32)",
        "UPDATE audit_part SET sealed = x'00'", "INSERT OR REPLACE INTO audit_leaf SELECT * FROM audit_leaf",
    };
    struct trial *trial = *state;
    struct db *db;
    fill(trial, 5);
    must(db_open(trial->fixture->path, DB_MIGRATOR, NULL, &db));
    for (size_t i = 0; i < ARRAY_COUNT(refused); i++)
        must_refuse(db_execute(db, refused[i]), ERROR_TAMPERED, NULL);
    must(db_execute(db, "UPDATE audit_part SET sealed = NULL WHERE seq = 1"));
    db_close(db);
    struct check check = {0};
    must(trial_read(trial, verify, &check));
}

/* A checkpoint that somebody else keeps finds what a rewriter with all keys would hide. */
static void
test_outside(void **state)
{
    struct trial *trial = *state;
    const char *early = NULL, *late = NULL;
    struct check check = {0};
    fill(trial, 100);
    must(trial_read(trial, checkpoint, &early));
    struct entry entry = {.number = 100};
    trial_write(trial, append, &entry);
    must(trial_read(trial, checkpoint, &late));
    check.outside = early;
    must(trial_read(trial, verify, &check));
    check.outside = late;
    must(trial_read(trial, verify, &check));
    check.outside = "no note";
    must_refuse(trial_read(trial, verify, &check), ERROR_TAMPERED, "not signed");
    trial_stop_lane(trial);
    fixture_execute(trial->fixture, NO_TRIGGERS "DELETE FROM audit_leaf WHERE seq = 100; DELETE FROM audit_part WHERE seq = 100;");
    check.outside = early;
    must(trial_read(trial, verify, &check));
    check.outside = late;
    must_refuse(trial_read(trial, verify, &check), ERROR_TAMPERED, "entry 100 ");
    /* Another history of the same length, well-formed by the registry's own keys. */
    trial_start_lane(trial);
    entry.number = 4711;
    trial_write(trial, append, &entry);
    check.outside = NULL;
    must(trial_read(trial, verify, &check));
    check.outside = late;
    must_refuse(trial_read(trial, verify, &check), ERROR_TAMPERED, "kept outside");
    check.outside = note_print(trial->arena, trial->keyring, record_of(9), 5, (const uint8_t[32]){0});
    must_refuse(trial_read(trial, verify, &check), ERROR_TAMPERED, "not in this file");
}

/* Every entry once, newest first, page by page, whatever the filter. */
static struct error *
page_through(struct tx *tx, void *context)
{
    const struct audit_filter *wanted = context;
    struct audit_filter filter = *wanted;
    struct audit_event events[7];
    size_t count = 0, total = 0;
    filter.before_ms = filter.before_seq = INT64_MAX;
    filter.limit = 7;
    int64_t last = INT64_MAX;
    do {
        TRY(audit_events_load(tx, &filter, events, &count));
        for (size_t i = 0; i < count; i++) {
            assert_true(events[i].seq < last);
            last = events[i].seq;
            filter.before_ms = events[i].at_ms;
            filter.before_seq = events[i].seq;
        }
        total += count;
    } while (count == 7);
    assert_int_equal(total, wanted->limit);
    return NULL;
}

static void
test_events(void **state)
{
    struct trial *trial = *state;
    fill(trial, 60);
    trial_now += 5000;
    for (int64_t i = 60; i < 120; i++) {
        struct entry entry = {.number = i};
        trial_write(trial, append, &entry);
    }
    /* `limit` holds how many are expected. */
    struct audit_filter filters[] = {
        {.to_ms = INT64_MAX, .limit = 120},
        {.from_ms = TEST_NOW_MS + 1, .to_ms = INT64_MAX, .limit = 60},
        {.to_ms = TEST_NOW_MS, .limit = 60},
        {.from_ms = TEST_NOW_MS + 1, .to_ms = TEST_NOW_MS + 2, .limit = 0},
        {.action = "household.register", .to_ms = INT64_MAX, .limit = 50},
        {.action = "nothing", .to_ms = INT64_MAX, .limit = 0},
        {.record_id = record_of(3), .to_ms = INT64_MAX, .limit = 3},
        {.record_id = record_of(3), .action = "household.register", .to_ms = INT64_MAX, .limit = 1},
        {.actor_id = record_of(3), .to_ms = INT64_MAX, .limit = 0},
    };
    for (size_t i = 0; i < ARRAY_COUNT(filters); i++)
        must(trial_read(trial, page_through, &filters[i]));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {TRIAL_TEST(test_rewind), TRIAL_TEST(test_history),  TRIAL_TEST(test_proofs),
                                       TRIAL_TEST(test_alterations), TRIAL_TEST(test_triggers), TRIAL_TEST(test_outside),
                                       TRIAL_TEST(test_events)};
    return cmocka_run_group_tests_name("audit log", tests, NULL, NULL);
}
