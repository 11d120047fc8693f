/* audit_leaf.h: the canonical bytes of a leaf and of the changes that it commits to. Layout version 1; a test vector holds it fast.
 *
 * Leaf: version (1 byte), origin (16), seq (8, big-endian), at_ms (8, big-endian), actor kind (1: 0 nobody, 1 user, 2 console, 3 system), actor id (16,
 * zeros when not a user), action (2-byte big-endian length, UTF-8), record id (16), commitment (32).
 * Change of one subject: version (1), kind (2-byte length, UTF-8), id (16), subject (16), then reason, before, after: each a presence byte and,
 * when present, a 4-byte big-endian length and the bytes.
 * A part's commitment is BLAKE2b-256(key = 32 random bytes, change); the leaf's is BLAKE2b-256 over "lumbung-parts-1", LF, the number of parts
 * (2 bytes, big-endian) and their commitments. */
#ifndef LUMBUNG_AUDIT_LEAF_H
#define LUMBUNG_AUDIT_LEAF_H

#include "lumbung/audit.h"

#define LEAF_VERSION 1
#define COMMITMENT_SIZE 32
#define SALT_SIZE 32
#define LEAF_DIGEST_SIZE 32

struct leaf {
    struct id origin;
    int64_t seq, at_ms;
    int actor_kind;
    struct id actor_id;
    const char *action;
    struct id record_id;
    uint8_t commitment[COMMITMENT_SIZE];
};

/* One subject's change as sealed: `reason` rides with the first part. */
struct leaf_change {
    const char *kind;
    struct id id, subject;
    const char *reason, *before, *after;
};

/* Everything before the commitment: what the sealed parts are bound to. */
struct bytes leaf_print_head(struct arena *arena, const struct leaf *leaf);
struct bytes leaf_print(struct arena *arena, const struct leaf *leaf);
/* False when the bytes are no leaf of version 1. `head_length` of the bytes come before the commitment. */
bool leaf_parse(struct arena *arena, struct bytes bytes, struct leaf *ret_leaf);

struct bytes leaf_change_print(struct arena *arena, const struct leaf_change *change);
bool leaf_change_parse(struct arena *arena, struct bytes bytes, struct leaf_change *ret_change);

void leaf_commit_part(const uint8_t salt[SALT_SIZE], struct bytes change, uint8_t ret_commitment[COMMITMENT_SIZE]);
/* `commitments` lie one after the other. */
void leaf_commit_parts(struct arena *arena, const uint8_t *commitments, size_t count, uint8_t ret_commitment[COMMITMENT_SIZE]);
/* The row that a sealed part is bound to: BLAKE2b-128 of the digest (BLAKE2b-256) of the leaf's head and the part's number. */
void leaf_head_digest(struct bytes head, uint8_t ret_digest[LEAF_DIGEST_SIZE]);
struct id leaf_part_row(const uint8_t head_digest[LEAF_DIGEST_SIZE], size_t part);

#endif
