/* audit_store.c: leaves, parts, nodes and checkpoints as rows; proofs read complete subtrees from them. */
#include "audit/audit_store.h"

#include <string.h>

STATEMENT_READ(audit_origin_select, "SELECT origin FROM registry WHERE one = 1")

struct error *
audit_origin_load(struct db *db, struct id *ret_origin)
{
    bool found = false;
    TRY(cursor_one(cursor_start(db, &audit_origin_select), NULL, cursor_read_id, ret_origin, &found));
    return found ? NULL : error_internal("audit: the registry has no row");
}

STATEMENT_READ(audit_last_seq, "SELECT seq FROM audit_leaf WHERE origin = $1 ORDER BY seq DESC LIMIT 1")

struct error *
audit_size_load(struct db *db, struct id origin, int64_t *ret_size)
{
    struct cursor *cursor = cursor_start(db, &audit_last_seq);
    cursor_bind_id(cursor, 1, origin);
    int64_t last = -1;
    TRY(cursor_one(cursor, NULL, cursor_read_int, &last, NULL));
    *ret_size = last + 1;
    return NULL;
}

STATEMENT_READ(audit_leaf_select, "SELECT leaf FROM audit_leaf WHERE origin = $1 AND seq = $2")

struct error *
audit_leaf_load(struct tx *tx, struct id origin, int64_t seq, struct bytes *ret_bytes, bool *ret_found)
{
    struct cursor *cursor = cursor_start(tx->db, &audit_leaf_select);
    cursor_bind_id(cursor, 1, origin);
    cursor_bind_int(cursor, 2, seq);
    return cursor_one(cursor, tx->arena, cursor_read_bytes, ret_bytes, ret_found);
}

STATEMENT_READ(audit_leaf_range, "SELECT leaf FROM audit_leaf WHERE origin = $1 AND seq >= $2 AND seq < $3 ORDER BY seq")
STATEMENT_READ(audit_node_range, "SELECT hash FROM audit_node WHERE origin = $1 AND level = $4 AND position >= $2 AND position < $3 ORDER BY position")

/* Folds the hashes of `count` rows (leaves at base level 0, else nodes) into the root of their complete subtree. */
static struct error *
fold_rows(struct audit_source *source, struct cursor *cursor, bool leaves, int64_t count, uint8_t ret_hash[SHA256_SIZE])
{
    struct tree_frontier frontier;
    frontier.size = 0;
    bool row = false;
    for (;;) {
        TRY(cursor_next(cursor, &row));
        if (!row)
            break;
        struct bytes bytes = cursor_bytes(cursor, source->arena, 0);
        uint8_t hash[SHA256_SIZE] = {0};
        if (leaves)
            tree_leaf_hash(bytes.data, bytes.length, hash);
        else if (bytes.length == SHA256_SIZE)
            memcpy(hash, bytes.data, SHA256_SIZE);
        TRY(tree_append(&frontier, hash, NULL, NULL));
    }
    if (frontier.size != count)
        return error_with(ERROR_TAMPERED, "rows of the audit log are missing; run `lumbung verify`", NULL, NULL);
    tree_root(&frontier, ret_hash);
    return NULL;
}

static struct error *
source_subtree(void *context, int level, int64_t position, uint8_t ret_hash[SHA256_SIZE])
{
    struct audit_source *source = context;
    int base = level / NODE_LEVELS * NODE_LEVELS;
    int64_t count = INT64_C(1) << (level - base);
    struct cursor *cursor = cursor_start(source->db, base == 0 ? &audit_leaf_range : &audit_node_range);
    cursor_bind_id(cursor, 1, source->origin);
    cursor_bind_int(cursor, 2, position * count);
    cursor_bind_int(cursor, 3, (position + 1) * count);
    if (base != 0)
        cursor_bind_int(cursor, 4, base);
    struct error *error = fold_rows(source, cursor, base == 0, count, ret_hash);
    cursor_end(cursor);
    return error;
}

struct tree_source
audit_source_of(struct audit_source *source)
{
    return (struct tree_source){source_subtree, source};
}

STATEMENT_WRITE(audit_leaf_add, "INSERT INTO audit_leaf (origin, seq, at_ms, actor_id, action, record_id, leaf) VALUES ($1, $2, $3, $4, $5, $6, $7)")

struct error *
audit_leaf_insert(struct tx *tx, const struct leaf *leaf, struct bytes bytes)
{
    struct cursor *cursor = cursor_start(tx->db, &audit_leaf_add);
    cursor_bind_id(cursor, 1, leaf->origin);
    cursor_bind_int(cursor, 2, leaf->seq);
    cursor_bind_int(cursor, 3, leaf->at_ms);
    cursor_bind_id(cursor, 4, leaf->actor_id);
    cursor_bind_text(cursor, 5, leaf->action);
    cursor_bind_id(cursor, 6, leaf->record_id);
    cursor_bind_bytes(cursor, 7, bytes.data, bytes.length);
    return cursor_run(cursor, NULL);
}

STATEMENT_WRITE(audit_part_add, "INSERT INTO audit_part (origin, seq, part, kind, subject_id, commitment, sealed) VALUES ($1, $2, $3, $4, $5, $6, $7)")

struct error *
audit_part_insert(struct tx *tx, const struct leaf *leaf, size_t part, const struct leaf_change *change, const uint8_t commitment[COMMITMENT_SIZE],
                  struct bytes sealed)
{
    struct cursor *cursor = cursor_start(tx->db, &audit_part_add);
    cursor_bind_id(cursor, 1, leaf->origin);
    cursor_bind_int(cursor, 2, leaf->seq);
    cursor_bind_int(cursor, 3, (int64_t)part);
    cursor_bind_text(cursor, 4, change->kind);
    cursor_bind_id(cursor, 5, change->subject);
    cursor_bind_bytes(cursor, 6, commitment, COMMITMENT_SIZE);
    cursor_bind_bytes(cursor, 7, sealed.data, sealed.length);
    return cursor_run(cursor, NULL);
}

STATEMENT_WRITE(audit_node_add, "INSERT INTO audit_node (origin, level, position, hash) VALUES ($1, $2, $3, $4)")

struct error *
audit_node_insert(struct tx *tx, struct id origin, int level, int64_t position, const uint8_t hash[SHA256_SIZE])
{
    struct cursor *cursor = cursor_start(tx->db, &audit_node_add);
    cursor_bind_id(cursor, 1, origin);
    cursor_bind_int(cursor, 2, level);
    cursor_bind_int(cursor, 3, position);
    cursor_bind_bytes(cursor, 4, hash, SHA256_SIZE);
    return cursor_run(cursor, NULL);
}

STATEMENT_READ(audit_node_select, "SELECT hash FROM audit_node WHERE origin = $1 AND level = $2 AND position = $3")

struct error *
audit_node_load(struct db *db, struct arena *arena, struct id origin, int level, int64_t position, struct bytes *ret_hash)
{
    struct cursor *cursor = cursor_start(db, &audit_node_select);
    cursor_bind_id(cursor, 1, origin);
    cursor_bind_int(cursor, 2, level);
    cursor_bind_int(cursor, 3, position);
    *ret_hash = (struct bytes){NULL, 0};
    return cursor_one(cursor, arena, cursor_read_bytes, ret_hash, NULL);
}

STATEMENT_READ(audit_node_total, "SELECT COUNT(*) FROM audit_node WHERE origin = $1")

struct error *
audit_node_count(struct db *db, struct id origin, int64_t *ret_count)
{
    struct cursor *cursor = cursor_start(db, &audit_node_total);
    cursor_bind_id(cursor, 1, origin);
    return cursor_one(cursor, NULL, cursor_read_int, ret_count, NULL);
}

STATEMENT_WRITE(audit_checkpoint_add, "INSERT INTO audit_checkpoint (origin, size, root, note, at_ms) VALUES ($1, $2, $3, $4, $5) "
                                      "ON CONFLICT (origin, size) DO NOTHING")

struct error *
audit_checkpoint_insert(struct tx *tx, struct id origin, int64_t size, const uint8_t root[SHA256_SIZE], const char *note)
{
    struct cursor *cursor = cursor_start(tx->db, &audit_checkpoint_add);
    cursor_bind_id(cursor, 1, origin);
    cursor_bind_int(cursor, 2, size);
    cursor_bind_bytes(cursor, 3, root, SHA256_SIZE);
    cursor_bind_text(cursor, 4, note);
    cursor_bind_int(cursor, 5, tx->now_ms);
    return cursor_run(cursor, NULL);
}
