/* test_audit_tree.c: RFC 6962 trees against its test vectors and against a slow reference that follows the definitions word by word. */
#include "check.h"

#include "audit/audit_tree.h"
#include "lumbung/base/text.h"

#define LEAVES_MAX 64

static uint8_t leaf_hashes[LEAVES_MAX][SHA256_SIZE];

/* MTH over leaves [start, start + count), by its definition. */
static void
reference_root(size_t start, size_t count, uint8_t ret_root[SHA256_SIZE])
{
    if (count == 1) {
        memcpy(ret_root, leaf_hashes[start], SHA256_SIZE);
        return;
    }
    size_t left = 1;
    while (left * 2 < count)
        left *= 2;
    uint8_t hashes[2][SHA256_SIZE];
    reference_root(start, left, hashes[0]);
    reference_root(start + left, count - left, hashes[1]);
    tree_node_hash(hashes[0], hashes[1], ret_root);
}

static struct error *
reference_subtree(void *context, int level, int64_t position, uint8_t ret_hash[SHA256_SIZE])
{
    (void)context;
    reference_root((size_t)position << level, (size_t)1 << level, ret_hash);
    return NULL;
}
static const struct tree_source reference = {reference_subtree, NULL};

static int
make_leaves(void **state)
{
    (void)state;
    crypto_start();
    for (size_t i = 0; i < LEAVES_MAX; i++)
        tree_leaf_hash(&i, sizeof i, leaf_hashes[i]);
    return 0;
}

static void
test_vectors(void **state)
{
    static const char *const leaves[] = {"", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"};
    static const char *const roots[] = {"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
                                        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
                                        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
                                        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
                                        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
                                        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
                                        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
                                        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
                                        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"};
    struct tree_frontier frontier = {0};
    (void)state;
    for (size_t size = 0; size <= COUNT(leaves); size++) {
        uint8_t root[SHA256_SIZE], bytes[16], hash[SHA256_SIZE];
        char text[2 * SHA256_SIZE + 1];
        tree_root(&frontier, root);
        hex_print(root, sizeof root, text);
        CHECK_TEXT(text, roots[size], roots[size]);
        if (size == COUNT(leaves))
            break;
        size_t length = strlen(leaves[size]) / 2;
        assert_true(hex_parse(leaves[size], bytes, length));
        tree_leaf_hash(bytes, length, hash);
        assert_null(tree_append(&frontier, hash, NULL, NULL));
    }
}

struct closing {
    int64_t count;
};

static struct error *
check_closed(void *context, int level, int64_t position, const uint8_t hash[SHA256_SIZE])
{
    uint8_t expected[SHA256_SIZE];
    reference_root((size_t)position << level, (size_t)1 << level, expected);
    assert_memory_equal(hash, expected, SHA256_SIZE);
    ((struct closing *)context)->count++;
    return NULL;
}

static void
test_frontier(void **state)
{
    struct tree_frontier frontier = {0}, copy = {0};
    struct closing closing = {0};
    (void)state;
    for (size_t size = 1; size <= LEAVES_MAX; size++) {
        uint8_t root[SHA256_SIZE], expected[SHA256_SIZE];
        assert_null(tree_append(&frontier, leaf_hashes[size - 1], check_closed, &closing));
        reference_root(0, size, expected);
        tree_root(&frontier, root);
        assert_memory_equal(root, expected, SHA256_SIZE);
        tree_frontier_copy(&copy, &frontier);
        tree_root(&copy, root);
        assert_memory_equal(root, expected, SHA256_SIZE);
        assert_null(tree_range_root(&reference, 0, (int64_t)size, root));
        assert_memory_equal(root, expected, SHA256_SIZE);
    }
    assert_int_equal(closing.count, LEAVES_MAX - 1);
}

/* Every change of one thing is refused. */
static void
refuse_inclusion(int64_t index, int64_t size, const struct tree_proof *proof, const uint8_t root[SHA256_SIZE])
{
    struct tree_proof changed = *proof;
    uint8_t hash[SHA256_SIZE];
    for (size_t i = 0; i < proof->count; i++) {
        changed.hashes[i][i % SHA256_SIZE] ^= 1;
        assert_false(tree_check_inclusion(leaf_hashes[index], index, size, &changed, root));
        changed = *proof;
    }
    changed.count = proof->count + 1;
    assert_false(tree_check_inclusion(leaf_hashes[index], index, size, &changed, root));
    if (proof->count > 0) {
        changed.count = proof->count - 1;
        assert_false(tree_check_inclusion(leaf_hashes[index], index, size, &changed, root));
    }
    memcpy(hash, leaf_hashes[index], sizeof hash);
    hash[31] ^= 0x80;
    assert_false(tree_check_inclusion(hash, index, size, proof, root));
    for (int64_t other = -1; other <= size; other++)
        if (other != index)
            assert_false(tree_check_inclusion(leaf_hashes[index], other, size, proof, root));
}

static void
test_inclusion(void **state)
{
    (void)state;
    for (int64_t size = 1; size <= LEAVES_MAX; size++) {
        uint8_t root[SHA256_SIZE];
        reference_root(0, (size_t)size, root);
        for (int64_t index = 0; index < size; index++) {
            struct tree_proof proof = {0};
            assert_null(tree_prove_inclusion(&reference, index, size, &proof));
            assert_true(tree_check_inclusion(leaf_hashes[index], index, size, &proof, root));
            refuse_inclusion(index, size, &proof, root);
        }
    }
}

static void
refuse_consistency(int64_t from, int64_t to, const struct tree_proof *proof, const uint8_t from_root[SHA256_SIZE], const uint8_t to_root[SHA256_SIZE])
{
    struct tree_proof changed = *proof;
    uint8_t root[SHA256_SIZE];
    for (size_t i = 0; i < proof->count; i++) {
        changed.hashes[i][i % SHA256_SIZE] ^= 1;
        assert_false(tree_check_consistency(from, to, from_root, to_root, &changed));
        changed = *proof;
    }
    changed.count = proof->count + 1;
    assert_false(tree_check_consistency(from, to, from_root, to_root, &changed));
    if (proof->count > 0) {
        changed.count = proof->count - 1;
        assert_false(tree_check_consistency(from, to, from_root, to_root, &changed));
    }
    memcpy(root, from_root, sizeof root);
    root[0] ^= 1;
    assert_false(tree_check_consistency(from, to, root, to_root, proof));
    memcpy(root, to_root, sizeof root);
    root[0] ^= 1;
    assert_false(tree_check_consistency(from, to, from_root, root, proof));
    assert_false(tree_check_consistency(to + 1, to, from_root, to_root, proof));
}

static void
test_consistency(void **state)
{
    (void)state;
    for (int64_t to = 1; to <= LEAVES_MAX; to++) {
        uint8_t roots[2][SHA256_SIZE];
        reference_root(0, (size_t)to, roots[1]);
        for (int64_t from = 1; from <= to; from++) {
            struct tree_proof proof = {0};
            reference_root(0, (size_t)from, roots[0]);
            assert_null(tree_prove_consistency(&reference, from, to, &proof));
            assert_true(tree_check_consistency(from, to, roots[0], roots[1], &proof));
            refuse_consistency(from, to, &proof, roots[0], roots[1]);
        }
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_vectors),   cmocka_unit_test(test_frontier),
        cmocka_unit_test(test_inclusion), cmocka_unit_test(test_consistency),
    };
    return cmocka_run_group_tests_name("audit tree", tests, make_leaves, NULL);
}
