/* audit_tree.h: RFC 6962 trees: hashes, the frontier, proofs and their checks. Knows no database: hashes of complete subtrees are asked for. */
#ifndef LUMBUNG_AUDIT_TREE_H
#define LUMBUNG_AUDIT_TREE_H

#include "lumbung/base/crypto.h"
#include "lumbung/base/error.h"
#include "lumbung/base/id.h"

#define TREE_LEVELS 63

/* SHA-256 of 0x00 and the leaf's bytes; of 0x01 and both children. */
void tree_leaf_hash(const void *leaf, size_t length, uint8_t ret_hash[SHA256_SIZE]);
void tree_node_hash(const uint8_t left[SHA256_SIZE], const uint8_t right[SHA256_SIZE], uint8_t ret_hash[SHA256_SIZE]);

/* The roots of the complete subtrees that make up a tree of `size` leaves: hashes[i] is in use when bit i of size is set. */
struct tree_frontier {
    int64_t size;
    uint8_t hashes[TREE_LEVELS][SHA256_SIZE];
};

/* Told of each complete subtree that a new leaf closes, level 1 and up. */
typedef struct error *(*tree_closed)(void *context, int level, int64_t position, const uint8_t hash[SHA256_SIZE]);

/* Adds a leaf's hash; `closed` may be NULL. On failure the frontier is unchanged. */
FALLIBLE struct error *tree_append(struct tree_frontier *frontier, const uint8_t leaf_hash[SHA256_SIZE], tree_closed closed, void *context);
void tree_root(const struct tree_frontier *frontier, uint8_t ret_root[SHA256_SIZE]);
/* Copies only what is in use. */
void tree_frontier_copy(struct tree_frontier *to, const struct tree_frontier *from);

/* Where proofs find the hash of the complete subtree of 2^level leaves that begins at position << level. */
struct tree_source {
    struct error *(*subtree)(void *context, int level, int64_t position, uint8_t ret_hash[SHA256_SIZE]);
    void *context;
};

struct tree_proof {
    size_t count;
    uint8_t hashes[2 * TREE_LEVELS][SHA256_SIZE];
};

/* The root over leaves [start, start + count): start must be a multiple of a power of two not below count (RFC 6962 MTH). */
FALLIBLE struct error *tree_range_root(const struct tree_source *source, int64_t start, int64_t count, uint8_t ret_root[SHA256_SIZE]);
/* RFC 6962 2.1.1: index < size. */
FALLIBLE struct error *tree_prove_inclusion(const struct tree_source *source, int64_t index, int64_t size, struct tree_proof *ret_proof);
/* RFC 6962 2.1.2: 0 < from <= to. */
FALLIBLE struct error *tree_prove_consistency(const struct tree_source *source, int64_t from, int64_t to, struct tree_proof *ret_proof);

/* RFC 9162 2.1.3.2 and 2.1.4.2. */
bool tree_check_inclusion(const uint8_t leaf_hash[SHA256_SIZE], int64_t index, int64_t size, const struct tree_proof *proof,
                          const uint8_t root[SHA256_SIZE]);
bool tree_check_consistency(int64_t from, int64_t to, const uint8_t from_root[SHA256_SIZE], const uint8_t to_root[SHA256_SIZE],
                            const struct tree_proof *proof);

#endif
