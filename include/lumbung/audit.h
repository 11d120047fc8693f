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
};

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

/* Signs the present head; stores and returns the C2SP note. */
FALLIBLE struct error *audit_checkpoint(struct tx *tx, const char **ret_note);

/* Checks the whole log of a file: leaves against nodes, parts against commitments, stored checkpoints against the roots, and `outside_note`
 * (a checkpoint kept elsewhere, NULL none) by consistency. The first bad entry is named in the error (ERROR_TAMPERED). */
FALLIBLE struct error *audit_verify(struct tx *tx, const char *outside_note, struct buffer *report);

extern const struct route audit_routes[];

#endif
