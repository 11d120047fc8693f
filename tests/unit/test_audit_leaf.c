/* test_audit_leaf.c: the leaf's layout and the notes against vectors that other programs made. */
#include "check.h"

#include <stdio.h>
#include <stdlib.h>

#include "audit/audit_leaf.h"
#include "audit/audit_note.h"
#include "audit/audit_tree.h"
#include "lumbung/base/crypto.h"

static struct arena *arena;

static char *
read_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    char *text = arena_alloc(arena, 65536);
    text[fread(text, 1, 65535, file)] = '\0';
    fclose(file);
    return text;
}

/* The value of "name value" on a line of its own. */
static const char *
vector(const char *text, const char *name)
{
    const char *at = strstr(text, arena_format(arena, "\n%s ", name));
    assert_non_null(at);
    at += strlen(name) + 2;
    return arena_copy(arena, at, strcspn(at, "\n"));
}

static const char *
hex(const void *bytes, size_t length)
{
    char *text = arena_alloc(arena, 2 * length + 1);
    hex_print(bytes, length, text);
    return text;
}

static struct id
counting(uint8_t first)
{
    struct id id;
    for (size_t i = 0; i < sizeof id.bytes; i++)
        id.bytes[i] = (uint8_t)(first + i);
    return id;
}

static const struct leaf_change *
sample_changes(void)
{
    struct leaf_change *changes = ARENA_ARRAY(arena, struct leaf_change, 2);
    changes[0] = (struct leaf_change){"household", counting(0x30), counting(0x40), "pindah rumah", NULL, "{\"hamlet\":\"Dusun Baru\"}"};
    changes[1] = (struct leaf_change){"member", counting(0x50), counting(0x40), NULL, "{\"name\":\"Siti\"}", "{\"name\":\"Siti Aminah\"}"};
    return changes;
}

static struct leaf
sample_leaf(void)
{
    return (struct leaf){.origin = counting(0x10), .seq = 7, .at_ms = 1780000000123, .actor_kind = 1, .actor_id = counting(0x20),
                         .action = "household.change", .record_id = counting(0x30)};
}

static void
test_layout(void **state)
{
    const char *vectors = read_file("tests/vectors/audit_leaf_1.txt");
    const struct leaf_change *changes = sample_changes();
    struct leaf leaf = sample_leaf();
    uint8_t salt[SALT_SIZE], commitments[2][COMMITMENT_SIZE], hash[SHA256_SIZE];
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct bytes change = leaf_change_print(arena, &changes[i]);
        for (size_t j = 0; j < sizeof salt; j++)
            salt[j] = (uint8_t)(32 * i + j);
        leaf_commit_part(salt, change, commitments[i]);
        assert_string_equal(hex(change.data, change.length), vector(vectors, arena_format(arena, "change_%zu", i)));
        assert_string_equal(hex(commitments[i], COMMITMENT_SIZE), vector(vectors, arena_format(arena, "commitment_%zu", i)));
    }
    leaf_commit_parts(arena, commitments[0], 2, leaf.commitment);
    assert_string_equal(hex(leaf.commitment, COMMITMENT_SIZE), vector(vectors, "commitment"));
    struct bytes bytes = leaf_print(arena, &leaf);
    assert_string_equal(hex(bytes.data, bytes.length), vector(vectors, "leaf"));
    tree_leaf_hash(bytes.data, bytes.length, hash);
    assert_string_equal(hex(hash, sizeof hash), vector(vectors, "leaf_hash"));
    uint8_t digest[LEAF_DIGEST_SIZE];
    leaf_head_digest(leaf_print_head(arena, &leaf), digest);
    struct id row = leaf_part_row(digest, 1);
    assert_string_equal(hex(row.bytes, sizeof row.bytes), vector(vectors, "part_row_1"));
}

static void
test_parse(void **state)
{
    struct leaf leaf = sample_leaf(), parsed;
    struct leaf_change change;
    struct bytes bytes = leaf_print(arena, &leaf), content = leaf_change_print(arena, sample_changes());
    (void)state;
    assert_true(leaf_parse(arena, bytes, &parsed));
    assert_int_equal(parsed.seq, 7);
    assert_string_equal(parsed.action, "household.change");
    assert_true(id_equal(parsed.record_id, leaf.record_id));
    assert_true(leaf_change_parse(arena, content, &change));
    assert_string_equal(change.reason, "pindah rumah");
    assert_null(change.before);
    /* Cut anywhere, or with a byte too many: refused. */
    for (size_t length = 0; length < bytes.length; length++)
        assert_false(leaf_parse(arena, (struct bytes){bytes.data, length}, &parsed));
    for (size_t length = 0; length < content.length; length++)
        assert_false(leaf_change_parse(arena, (struct bytes){content.data, length}, &change));
    uint8_t *longer = arena_alloc(arena, bytes.length + 1);
    memcpy(longer, bytes.data, bytes.length);
    assert_false(leaf_parse(arena, (struct bytes){longer, bytes.length + 1}, &parsed));
    longer[0] = 2;
    assert_false(leaf_parse(arena, (struct bytes){longer, bytes.length}, &parsed));
}

static void
test_note(void **state)
{
    char *note = read_file("tests/vectors/audit_note.txt"), *key = read_file("tests/vectors/audit_note_key.txt");
    struct audit_note parsed;
    const char *name = NULL;
    uint8_t public_key[32];
    (void)state;
    key[strcspn(key, "\n")] = '\0';
    assert_true(audit_verifier_key_parse(arena, key, &name, public_key));
    assert_string_equal(note_verifier_key(arena, name, public_key), key);
    assert_true(audit_note_check(arena, note, key, NULL, &parsed));
    assert_true(audit_note_check(arena, note, NULL, public_key, &parsed));
    assert_int_equal(parsed.size, 1234);
    assert_true(id_equal(parsed.origin, counting(0x10)));
    size_t length = strlen(note);
    for (size_t at = 0; at < length; at++) {
        /* One bit of each byte; the last byte is the line's end. */
        note[at] ^= 1;
        assert_false(audit_note_check(arena, note, key, NULL, &parsed));
        note[at] ^= 1;
    }
    for (size_t cut = 0; cut < length; cut++)
        assert_false(audit_note_check(arena, arena_copy(arena, note, cut), key, NULL, &parsed));
    for (size_t at = 0; key[at] != '\0'; at++) {
        key[at] ^= 1;
        assert_false(audit_note_check(arena, note, key, NULL, &parsed));
        key[at] ^= 1;
    }
    assert_false(audit_note_check(arena, NULL, key, NULL, &parsed));
    assert_false(audit_note_check(arena, "", key, NULL, &parsed));
    public_key[0] ^= 1;
    assert_false(audit_note_check(arena, note, NULL, public_key, &parsed));
}

static int
setup(void **state)
{
    (void)state;
    crypto_start();
    arena = arena_create();
    return 0;
}

static int
teardown(void **state)
{
    (void)state;
    arena_destroy(arena);
    return 0;
}

int
main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_layout), cmocka_unit_test(test_parse), cmocka_unit_test(test_note)};
    return cmocka_run_group_tests_name("audit leaf and note", tests, setup, teardown);
}
