/* audit_tree.c: RFC 6962 trees: hashes, the frontier, proofs and their checks. */
#include "audit/audit_tree.h"

#include <assert.h>
#include <string.h>

void
tree_leaf_hash(const void *leaf, size_t length, uint8_t ret_hash[SHA256_SIZE])
{
    static const uint8_t prefix = 0x00;
    struct sha256 state;
    sha256_start(&state);
    sha256_update(&state, &prefix, 1);
    sha256_update(&state, leaf, length);
    sha256_finish(&state, ret_hash);
}

void
tree_node_hash(const uint8_t left[SHA256_SIZE], const uint8_t right[SHA256_SIZE], uint8_t ret_hash[SHA256_SIZE])
{
    uint8_t bytes[1 + 2 * SHA256_SIZE];
    bytes[0] = 0x01;
    memcpy(bytes + 1, left, SHA256_SIZE);
    memcpy(bytes + 1 + SHA256_SIZE, right, SHA256_SIZE);
    sha256_of(bytes, sizeof bytes, ret_hash);
}

struct error *
tree_append(struct tree_frontier *frontier, const uint8_t leaf_hash[SHA256_SIZE], tree_closed closed, void *context)
{
    uint8_t hash[SHA256_SIZE];
    memcpy(hash, leaf_hash, SHA256_SIZE);
    int level = 0;
    for (; level < TREE_LEVELS - 1 && (frontier->size >> level & 1) != 0; level++) {
        tree_node_hash(frontier->hashes[level], hash, hash);
        if (closed)
            TRY(closed(context, level + 1, frontier->size >> (level + 1), hash));
    }
    memcpy(frontier->hashes[level], hash, SHA256_SIZE);
    frontier->size++;
    return NULL;
}

void
tree_root(const struct tree_frontier *frontier, uint8_t ret_root[SHA256_SIZE])
{
    if (frontier->size == 0) {
        sha256_of("", 0, ret_root);
        return;
    }
    bool found = false;
    for (int level = 0; level < TREE_LEVELS; level++) {
        if ((frontier->size >> level & 1) == 0)
            continue;
        if (found)
            tree_node_hash(frontier->hashes[level], ret_root, ret_root);
        else
            memcpy(ret_root, frontier->hashes[level], SHA256_SIZE);
        found = true;
    }
}

void
tree_frontier_copy(struct tree_frontier *to, const struct tree_frontier *from)
{
    size_t levels = 0;
    while (levels < TREE_LEVELS && from->size >> levels != 0)
        levels++;
    to->size = from->size;
    memcpy(to->hashes, from->hashes, levels * SHA256_SIZE);
}

/* The largest power of two below `count`, as an exponent; count >= 2. */
static int
split_level(int64_t count)
{
    int level = 0;
    while (INT64_C(1) << (level + 1) < count)
        level++;
    return level;
}

struct error *
tree_range_root(const struct tree_source *source, int64_t start, int64_t count, uint8_t ret_root[SHA256_SIZE])
{
    if (count == 0) {
        sha256_of("", 0, ret_root);
        return NULL;
    }
    /* The complete subtrees from the smallest, at the right end, to the largest: each folds what is on its right. */
    bool found = false;
    int64_t end = start + count;
    for (int level = 0; level < TREE_LEVELS && end > start; level++) {
        if ((count >> level & 1) == 0)
            continue;
        uint8_t hash[SHA256_SIZE];
        TRY(source->subtree(source->context, level, (end >> level) - 1, hash));
        if (found)
            tree_node_hash(hash, ret_root, ret_root);
        else
            memcpy(ret_root, hash, SHA256_SIZE);
        found = true;
        end -= INT64_C(1) << level;
    }
    return NULL;
}

/* Proofs are collected from the root down and wanted from the leaf up. */
static void
proof_reverse(struct tree_proof *proof)
{
    for (size_t low = 0, high = proof->count; low + 1 < high; low++) {
        high--;
        uint8_t kept[SHA256_SIZE];
        memcpy(kept, proof->hashes[low], SHA256_SIZE);
        memcpy(proof->hashes[low], proof->hashes[high], SHA256_SIZE);
        memcpy(proof->hashes[high], kept, SHA256_SIZE);
    }
}

struct error *
tree_prove_inclusion(const struct tree_source *source, int64_t index, int64_t size, struct tree_proof *ret_proof)
{
    assert(index >= 0 && index < size);
    ret_proof->count = 0;
    int64_t start = 0, count = size;
    while (count > 1) {
        int64_t left = INT64_C(1) << split_level(count);
        bool goes_left = index - start < left;
        int64_t sibling = goes_left ? start + left : start;
        int64_t sibling_count = goes_left ? count - left : left;
        TRY(tree_range_root(source, sibling, sibling_count, ret_proof->hashes[ret_proof->count++]));
        start = goes_left ? start : start + left;
        count = goes_left ? left : count - left;
    }
    proof_reverse(ret_proof);
    return NULL;
}

struct error *
tree_prove_consistency(const struct tree_source *source, int64_t from, int64_t to, struct tree_proof *ret_proof)
{
    assert(from > 0 && from <= to);
    ret_proof->count = 0;
    int64_t start = 0, count = to, rest = from;
    bool known = true; /* the verifier knows the root of the part that is left: it is the old tree itself */
    while (rest != count) {
        int64_t left = INT64_C(1) << split_level(count);
        bool goes_left = rest <= left;
        int64_t sibling = goes_left ? start + left : start;
        int64_t sibling_count = goes_left ? count - left : left;
        TRY(tree_range_root(source, sibling, sibling_count, ret_proof->hashes[ret_proof->count++]));
        if (!goes_left) {
            known = false;
            rest -= left;
            start += left;
        }
        count = goes_left ? left : count - left;
    }
    if (!known)
        TRY(tree_range_root(source, start, count, ret_proof->hashes[ret_proof->count++]));
    proof_reverse(ret_proof);
    return NULL;
}

bool
tree_check_inclusion(const uint8_t leaf_hash[SHA256_SIZE], int64_t index, int64_t size, const struct tree_proof *proof,
                     const uint8_t root[SHA256_SIZE])
{
    if (index < 0 || index >= size)
        return false;
    int64_t node = index, last = size - 1;
    uint8_t hash[SHA256_SIZE];
    memcpy(hash, leaf_hash, SHA256_SIZE);
    for (size_t i = 0; i < proof->count; i++) {
        if (last == 0)
            return false;
        if ((node & 1) != 0 || node == last) {
            tree_node_hash(proof->hashes[i], hash, hash);
            while ((node & 1) == 0 && node != 0) {
                node >>= 1;
                last >>= 1;
            }
        } else {
            tree_node_hash(hash, proof->hashes[i], hash);
        }
        node >>= 1;
        last >>= 1;
    }
    return last == 0 && memcmp(hash, root, SHA256_SIZE) == 0;
}

/* RFC 9162 2.1.4.2 from its step 5 on. */
static bool
consistency_fold(int64_t node, int64_t last, const uint8_t first[SHA256_SIZE], const struct tree_proof *proof, size_t next,
                 const uint8_t from_root[SHA256_SIZE], const uint8_t to_root[SHA256_SIZE])
{
    uint8_t old_hash[SHA256_SIZE], new_hash[SHA256_SIZE];
    memcpy(old_hash, first, SHA256_SIZE);
    memcpy(new_hash, first, SHA256_SIZE);
    for (; next < proof->count; next++) {
        if (last == 0)
            return false;
        if ((node & 1) != 0 || node == last) {
            tree_node_hash(proof->hashes[next], old_hash, old_hash);
            tree_node_hash(proof->hashes[next], new_hash, new_hash);
            while ((node & 1) == 0 && node != 0) {
                node >>= 1;
                last >>= 1;
            }
        } else {
            tree_node_hash(new_hash, proof->hashes[next], new_hash);
        }
        node >>= 1;
        last >>= 1;
    }
    return last == 0 && memcmp(old_hash, from_root, SHA256_SIZE) == 0 && memcmp(new_hash, to_root, SHA256_SIZE) == 0;
}

bool
tree_check_consistency(int64_t from, int64_t to, const uint8_t from_root[SHA256_SIZE], const uint8_t to_root[SHA256_SIZE],
                       const struct tree_proof *proof)
{
    if (from < 0 || from > to)
        return false;
    if (from == to)
        return proof->count == 0 && memcmp(from_root, to_root, SHA256_SIZE) == 0;
    if (from == 0)
        return proof->count == 0;
    if (proof->count == 0)
        return false;
    int64_t node = from - 1, last = to - 1;
    while ((node & 1) != 0) {
        node >>= 1;
        last >>= 1;
    }
    /* When the old tree is complete its root is the first hash, which the proof leaves out. */
    bool complete = (from & (from - 1)) == 0;
    const uint8_t *first = complete ? from_root : proof->hashes[0];
    return consistency_fold(node, last, first, proof, complete ? 0 : 1, from_root, to_root);
}
