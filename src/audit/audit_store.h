/* audit_store.h: the rows of the log. */
#ifndef LUMBUNG_AUDIT_STORE_H
#define LUMBUNG_AUDIT_STORE_H

#include "audit/audit_leaf.h"
#include "audit/audit_tree.h"
#include "lumbung/db/tx.h"

/* Nodes are kept of complete subtrees of 2^8, 2^16 ... leaves: one row per 256 entries, and a proof reads at most 255 rows a step. */
#define NODE_LEVELS 8

FALLIBLE struct error *audit_origin_load(struct db *db, struct id *ret_origin);
/* Number of leaves of an origin. */
FALLIBLE struct error *audit_size_load(struct db *db, struct id origin, int64_t *ret_size);
FALLIBLE struct error *audit_leaf_load(struct tx *tx, struct id origin, int64_t seq, struct bytes *ret_bytes, bool *ret_found);

/* Proofs' source over the stored rows of one origin. */
struct audit_source {
    struct db *db;
    struct arena *arena;
    struct id origin;
};
struct tree_source audit_source_of(struct audit_source *source);

FALLIBLE struct error *audit_leaf_insert(struct tx *tx, const struct leaf *leaf, struct bytes bytes);
FALLIBLE struct error *audit_part_insert(struct tx *tx, const struct leaf *leaf, size_t part, const struct leaf_change *change,
                                         const uint8_t commitment[COMMITMENT_SIZE], struct bytes sealed);
FALLIBLE struct error *audit_node_insert(struct tx *tx, struct id origin, int level, int64_t position, const uint8_t hash[SHA256_SIZE]);
FALLIBLE struct error *audit_node_load(struct db *db, struct arena *arena, struct id origin, int level, int64_t position, struct bytes *ret_hash);
FALLIBLE struct error *audit_node_count(struct db *db, struct id origin, int64_t *ret_count);
FALLIBLE struct error *audit_checkpoint_insert(struct tx *tx, struct id origin, int64_t size, const uint8_t root[SHA256_SIZE], const char *note);

/* Walks over the rows of one origin in order; each is ended with its cursor. */
struct stored_leaf {
    int64_t seq, at_ms;
    struct id actor_id, record_id;
    const char *action;
    struct bytes bytes;
};
struct cursor *audit_leaves_start(struct db *db, const struct id *origin);
FALLIBLE struct error *audit_leaves_next(struct cursor *cursor, struct arena *arena, struct stored_leaf *ret_leaf, bool *ret_found);

struct stored_part {
    int64_t seq, part;
    const char *kind;
    struct id subject;
    struct bytes commitment, sealed;
};
struct cursor *audit_parts_start(struct db *db, const struct id *origin);
FALLIBLE struct error *audit_parts_next(struct cursor *cursor, struct arena *arena, struct stored_part *ret_part, bool *ret_found);

struct stored_checkpoint {
    int64_t size;
    struct bytes root;
    const char *note;
};
struct cursor *audit_checkpoints_start(struct db *db, const struct id *origin);
FALLIBLE struct error *audit_checkpoints_next(struct cursor *cursor, struct arena *arena, struct stored_checkpoint *ret_checkpoint, bool *ret_found);

/* The next origin that any row of the log names. */
FALLIBLE struct error *audit_origin_next(struct db *db, struct id after, struct id *ret_origin, bool *ret_found);

/* A record's history: leaves joined with their parts. */
struct stored_change {
    struct bytes leaf;
    int64_t part;
    struct id subject;
    const char *kind;
    struct bytes sealed;
    const char *username;
};
FALLIBLE struct error *audit_changes_load(struct tx *tx, struct id record_id, int64_t until_ms, struct stored_change **ret_changes, size_t *ret_count);

/* One line of GET /audit/events. */
struct audit_event {
    struct id origin, actor_id, record_id;
    int64_t seq, at_ms;
    const char *username, *action, *kind; /* kind of the first part */
    struct bytes leaf;
};
struct audit_filter {
    struct id actor_id, record_id; /* zero: any */
    const char *action;            /* NULL: any */
    int64_t from_ms, to_ms;        /* inclusive */
    int64_t before_ms, before_seq; /* where the last page ended; INT64_MAX at the start */
    int limit;
};
/* Newest first. */
FALLIBLE struct error *audit_events_load(struct tx *tx, const struct audit_filter *filter, struct audit_event *ret_events, size_t *ret_count);
FALLIBLE struct error *audit_username_load(struct tx *tx, const char *username, struct id *ret_user_id);


/* "rina", "console", "system"; lives in audit.c. */
const char *audit_actor_name(struct arena *arena, struct bytes leaf_bytes, const char *username);
/* Opens a part's sealed change (salt, then change). *ret_erased when its content or its subject's key is gone. Lives in audit.c. */
FALLIBLE struct error *audit_part_open(struct tx *tx, struct bytes leaf_bytes, size_t part, struct id subject, struct bytes sealed, struct bytes *ret_plain,
                                       bool *ret_erased);

#endif
