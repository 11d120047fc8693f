/* audit.h: every change appends one leaf to an RFC 6962 Merkle tree in its own transaction. A leaf holds version, origin, seq, at_ms, actor,
 * action, record id and a salted commitment to the change; the change itself is sealed beside it and can be erased, the proofs stay valid. */
#ifndef LUMBUNG_AUDIT_H
#define LUMBUNG_AUDIT_H

#include "lumbung/base/actor.h"
#include "lumbung/base/buffer.h"
#include "lumbung/db/lane.h"
#include "lumbung/http/route.h"

/* What one subject looked like before and after. `subject` owns the key that seals it (household or member); the zero id: the registry's. */
struct audit_part {
    const char *kind;    /* "household", "member", "program", "batch" ... */
    struct id id;        /* the record that changed */
    struct id subject;   /* whose data key seals it */
    const char *before;  /* JSON text, NULL when it is new */
    const char *after;   /* JSON text, NULL when it ended */
    const struct audit_ready *ready; /* by audit_part_ready, NULL without */
};

/* What of a part depends on nothing but itself, worked out ahead of the act that appends it: its salt, its bytes and their commitment. For an act
 * that gives no reason. */
const struct audit_ready *audit_part_ready(struct arena *arena, const struct audit_part *part);

#define AUDIT_PARTS_MAX 128

struct audit_change {
    const char *action;        /* "household.register" */
    struct id record_id;       /* the record whose history this is (a member's change: its household) */
    const char *reason;        /* words of the actor; NULL */
    const struct audit_part *parts;
    size_t part_count;         /* at most AUDIT_PARTS_MAX; an act on many rows writes one part with their digest and count */
};

/* Appends the leaf and its parts, counts it in tx->leaf_count. `ret_seq` may be NULL. */
FALLIBLE struct error *audit_append(struct tx *tx, const struct actor *actor, const struct audit_change *change, int64_t *ret_seq);

/* The tree's frontier in memory, a state of the lane. Loads at start; `registry` row must exist. */
struct audit_tree;
FALLIBLE struct error *audit_tree_open(struct db *db, struct arena *arena, struct audit_tree **ret_tree);
struct lane_state audit_tree_state(struct audit_tree *tree);
struct id audit_tree_origin(const struct audit_tree *tree);

/* One entry of a record's history, oldest first. */
struct audit_entry {
    int64_t seq, at_ms;
    struct id actor_id;
    const char *actor_name;  /* sign-in name, "console" */
    const char *action, *reason;
    const char *kind;        /* of the part */
    struct id id;
    const char *before, *after; /* JSON text; both NULL when erased */
    bool erased;
};
/* Entries of a record up to and including `until_ms` (INT64_MAX: all). */
FALLIBLE struct error *audit_history(struct tx *tx, struct id record_id, int64_t until_ms, struct audit_entry **ret_entries, size_t *ret_count);

/* Who did this to the record last, and when; *ret_at_ms 0 when nobody did. */
FALLIBLE struct error *audit_last_act(struct tx *tx, struct id record_id, const char *action, struct id *ret_actor_id, int64_t *ret_at_ms);

/* Signs the present head; returns the C2SP note and, when `tx` can write, stores it. ERROR_STATE while the log is empty. */
FALLIBLE struct error *audit_checkpoint(struct tx *tx, const char **ret_note);
/* The verifier key of the registry's notes, "lumbung/ORIGIN+HASH+KEY". */
FALLIBLE struct error *audit_verifier_key(struct tx *tx, const char **ret_key);

/* What a checkpoint says. */
struct audit_note {
    const char *name;   /* its first line, "lumbung/ORIGIN" */
    struct id origin;   /* zero when the name is another's */
    int64_t size;
    uint8_t root[32];
};
/* Parses a note and checks its signature: with `verifier_key` that key's, name and all; with NULL, `public_key` (32 bytes) under the note's own
 * name. False when it is no note or not signed by that key. Needs no database. */
bool audit_note_check(struct arena *arena, const char *text, const char *verifier_key, const uint8_t *public_key, struct audit_note *ret_note);
/* "NAME+HASH+KEY" to name and 32 bytes; false when malformed. */
bool audit_verifier_key_parse(struct arena *arena, const char *verifier_key, const char **ret_name, uint8_t ret_public[32]);

#define AUDIT_PROOF_MAX 126
/* That entry `seq` is in the log of `size` entries under `root`. */
struct audit_proof {
    int64_t seq, size;
    struct bytes leaf;         /* its canonical bytes */
    uint8_t leaf_hash[32], root[32];
    size_t count;
    uint8_t hashes[AUDIT_PROOF_MAX][32];
};
/* Of the present origin's log as it is now. ERROR_NOT_FOUND when there is no such entry. */
FALLIBLE struct error *audit_prove(struct tx *tx, int64_t seq, struct audit_proof *ret_proof);
/* True when leaf, hashes and root belong together. */
bool audit_proof_check(const struct audit_proof *proof);

/* Checks the whole log of a file: leaves against nodes, parts against commitments, stored checkpoints against the roots, and `outside_note`
 * (a checkpoint kept elsewhere, NULL none) by consistency. The first bad entry is named in the error (ERROR_TAMPERED). */
FALLIBLE struct error *audit_verify(struct tx *tx, const char *outside_note, struct buffer *report);
/* The same with a public key (32 bytes) instead of the keyring (tx->keyring may be NULL): sealed parts are then not opened. */
FALLIBLE struct error *audit_verify_public(struct tx *tx, const uint8_t *public_key, const char *outside_note, struct buffer *report);

extern const struct route audit_routes[];

#endif
