/* audit.c: appends to the log, tells a record's history, proves entries. */
#include "lumbung/audit.h"

#include <assert.h>
#include <string.h>

#include "audit/audit_note.h"
#include "audit/audit_store.h"
#include "lumbung/registry.h"

#define PART_PLACE "audit_part.sealed"

/* The lane's state: the frontier and its two marks, of the batch and of the job. */
struct audit_tree {
    struct id origin;
    struct tree_frontier frontier;
    struct tree_frontier marks[2];
};

static struct error *
frontier_load(struct db *db, struct arena *arena, struct id origin, struct tree_frontier *ret_frontier)
{
    struct audit_source rows = {db, arena, origin};
    struct tree_source source = audit_source_of(&rows);
    int64_t size = 0;
    TRY(audit_size_load(db, origin, &size));
    int64_t start = 0;
    for (int level = TREE_LEVELS - 1; level >= 0; level--) {
        if ((size >> level & 1) == 0)
            continue;
        TRY(source.subtree(source.context, level, start >> level, ret_frontier->hashes[level]));
        start += INT64_C(1) << level;
    }
    ret_frontier->size = size;
    return NULL;
}

struct error *
audit_tree_open(struct db *db, struct arena *arena, struct audit_tree **ret_tree)
{
    struct audit_tree *tree = ARENA_NEW(arena, struct audit_tree);
    TRY(audit_origin_load(db, &tree->origin));
    TRY(frontier_load(db, arena, tree->origin, &tree->frontier));
    *ret_tree = tree;
    return NULL;
}

static void
tree_mark(void *context, int depth)
{
    struct audit_tree *tree = context;
    assert(depth == 0 || depth == 1);
    tree_frontier_copy(&tree->marks[depth], &tree->frontier);
}

static void
tree_rewind(void *context, int depth)
{
    struct audit_tree *tree = context;
    assert(depth == 0 || depth == 1);
    tree_frontier_copy(&tree->frontier, &tree->marks[depth]);
}

struct lane_state
audit_tree_state(struct audit_tree *tree)
{
    return (struct lane_state){tree, tree_mark, tree_rewind};
}

struct id
audit_tree_origin(const struct audit_tree *tree)
{
    return tree->origin;
}

struct closing {
    struct tx *tx;
    struct id origin;
};

static struct error *
keep_node(void *context, int level, int64_t position, const uint8_t hash[SHA256_SIZE])
{
    struct closing *closing = context;
    if (level % NODE_LEVELS != 0)
        return NULL;
    return audit_node_insert(closing->tx, closing->origin, level, position, hash);
}

/* The salt and behind it the change: what is committed to, and sealed. */
struct audit_ready {
    struct bytes plain;
    uint8_t commitment[COMMITMENT_SIZE];
};

struct prepared_part {
    struct leaf_change change;
    const struct audit_ready *ready;
    struct bytes sealed;
};

static const struct audit_ready *
change_ready(struct arena *arena, const struct leaf_change *change)
{
    struct audit_ready *ready = ARENA_NEW(arena, struct audit_ready);
    struct bytes bytes = leaf_change_print(arena, change);
    uint8_t *plain = arena_alloc(arena, SALT_SIZE + bytes.length);
    crypto_random(plain, SALT_SIZE);
    memcpy(plain + SALT_SIZE, bytes.data, bytes.length);
    leaf_commit_part(plain, bytes, ready->commitment);
    ready->plain = (struct bytes){plain, SALT_SIZE + bytes.length};
    return ready;
}

static struct leaf_change
change_of(const struct audit_part *part)
{
    return (struct leaf_change){part->kind, part->id, part->subject, NULL, part->before, part->after};
}

const struct audit_ready *
audit_part_ready(struct arena *arena, const struct audit_part *part)
{
    struct leaf_change change = change_of(part);
    return change_ready(arena, &change);
}

/* An act without parts still says something that can be checked: one part of the registry's own. */
static struct prepared_part *
parts_of(struct arena *arena, const struct audit_change *change, size_t *ret_count)
{
    size_t count = change->part_count > 0 ? change->part_count : 1;
    struct prepared_part *parts = ARENA_ARRAY(arena, struct prepared_part, count);
    parts[0].change = (struct leaf_change){.kind = "act", .id = change->record_id};
    for (size_t i = 0; i < change->part_count; i++) {
        parts[i].change = change_of(&change->parts[i]);
        parts[i].ready = change->parts[i].ready;
    }
    assert(!change->reason || !parts[0].ready);
    parts[0].change.reason = change->reason;
    for (size_t i = 0; i < count; i++)
        if (!parts[i].ready)
            parts[i].ready = change_ready(arena, &parts[i].change);
    *ret_count = count;
    return parts;
}

static struct error *
seal_parts(struct tx *tx, const struct leaf *leaf, struct prepared_part *parts, size_t count)
{
    uint8_t digest[LEAF_DIGEST_SIZE];
    leaf_head_digest(leaf_print_head(tx->arena, leaf), digest);
    for (size_t i = 0; i < count; i++) {
        struct bytes plain = parts[i].ready->plain;
        TRY(keyring_seal(tx, parts[i].change.subject, PART_PLACE, leaf_part_row(digest, i), plain.data, plain.length, &parts[i].sealed));
    }
    return NULL;
}

static void
commit_parts(struct arena *arena, const struct prepared_part *parts, size_t count, struct leaf *leaf)
{
    uint8_t *commitments = arena_alloc(arena, count * COMMITMENT_SIZE);
    for (size_t i = 0; i < count; i++)
        memcpy(commitments + i * COMMITMENT_SIZE, parts[i].ready->commitment, COMMITMENT_SIZE);
    leaf_commit_parts(arena, commitments, count, leaf->commitment);
}

static struct error *
append_rows(struct tx *tx, struct leaf *leaf, struct prepared_part *parts, size_t count, uint8_t ret_hash[SHA256_SIZE])
{
    TRY(seal_parts(tx, leaf, parts, count));
    commit_parts(tx->arena, parts, count, leaf);
    struct bytes bytes = leaf_print(tx->arena, leaf);
    TRY(audit_leaf_insert(tx, leaf, bytes));
    for (size_t i = 0; i < count; i++)
        TRY(audit_part_insert(tx, leaf, i, &parts[i].change, parts[i].ready->commitment, parts[i].sealed));
    tree_leaf_hash(bytes.data, bytes.length, ret_hash);
    return NULL;
}

/* The process's tree; where none is kept (short commands, tests) it is read from the rows, which is the same, only slower. */
static struct error *
tree_of(struct tx *tx, struct audit_tree **ret_tree)
{
    if (tx->registry && tx->registry->audit_tree) {
        *ret_tree = tx->registry->audit_tree;
        return NULL;
    }
    return audit_tree_open(tx->db, tx->arena, ret_tree);
}

struct error *
audit_append(struct tx *tx, const struct actor *actor, const struct audit_change *change, int64_t *ret_seq)
{
    assert(tx->writable && change->action && change->part_count <= AUDIT_PARTS_MAX);
    struct audit_tree *tree = NULL;
    TRY(tree_of(tx, &tree));
    struct leaf leaf = {.origin = tree->origin,
                        .seq = tree->frontier.size,
                        .at_ms = tx->now_ms,
                        .actor_kind = (int)actor->kind,
                        .action = change->action,
                        .record_id = change->record_id};
    if (actor->kind == ACTOR_USER)
        leaf.actor_id = actor->user_id;
    size_t count = 0;
    struct prepared_part *parts = parts_of(tx->arena, change, &count);
    uint8_t hash[SHA256_SIZE];
    TRY(append_rows(tx, &leaf, parts, count, hash));
    struct closing closing = {tx, tree->origin};
    TRY(tree_append(&tree->frontier, hash, keep_node, &closing));
    tx->leaf_count++;
    if (ret_seq)
        *ret_seq = leaf.seq;
    return NULL;
}

static const char *
actor_name(const struct leaf *leaf, const char *username)
{
    switch (leaf->actor_kind) {
    case ACTOR_USER: return username ? username : "?";
    case ACTOR_CONSOLE: return "console";
    case ACTOR_SYSTEM: return "system";
    default: return "-";
    }
}

const char *
audit_actor_name(struct arena *arena, struct bytes leaf_bytes, const char *username)
{
    struct leaf leaf;
    return leaf_parse(arena, leaf_bytes, &leaf) ? actor_name(&leaf, username) : "?";
}

/* Opens a part's sealed change. *ret_erased when its content or its subject's key is gone. */
struct error *
audit_part_open(struct tx *tx, struct bytes leaf_bytes, size_t part, struct id subject, struct bytes sealed, struct bytes *ret_plain, bool *ret_erased)
{
    *ret_erased = sealed.data == NULL;
    if (*ret_erased)
        return NULL;
    uint8_t digest[LEAF_DIGEST_SIZE];
    leaf_head_digest((struct bytes){leaf_bytes.data, leaf_bytes.length - COMMITMENT_SIZE}, digest);
    TRY(keyring_unseal(tx, subject, PART_PLACE, leaf_part_row(digest, part), sealed, ret_plain));
    *ret_erased = ret_plain->data == NULL;
    if (!*ret_erased && ret_plain->length < SALT_SIZE)
        return error_with(ERROR_TAMPERED, "a sealed change of the audit log", NULL, NULL);
    return NULL;
}

static struct error *
entry_read(struct tx *tx, const struct stored_change *row, struct audit_entry *ret_entry)
{
    struct leaf leaf;
    if (!leaf_parse(tx->arena, row->leaf, &leaf))
        return error_with(ERROR_TAMPERED, "an entry of the audit log; run `lumbung verify`", NULL, NULL);
    *ret_entry = (struct audit_entry){.seq = leaf.seq, .at_ms = leaf.at_ms, .actor_id = leaf.actor_id, .action = leaf.action, .kind = row->kind};
    ret_entry->actor_name = actor_name(&leaf, row->username);
    struct bytes plain = {NULL, 0};
    TRY(audit_part_open(tx, row->leaf, (size_t)row->part, row->subject, row->sealed, &plain, &ret_entry->erased));
    if (ret_entry->erased)
        return NULL;
    struct leaf_change change;
    if (!leaf_change_parse(tx->arena, (struct bytes){plain.data + SALT_SIZE, plain.length - SALT_SIZE}, &change))
        return error_with(ERROR_TAMPERED, "a sealed change of the audit log; run `lumbung verify`", NULL, NULL);
    ret_entry->id = change.id;
    ret_entry->reason = change.reason;
    ret_entry->before = change.before;
    ret_entry->after = change.after;
    return NULL;
}

struct error *
audit_history(struct tx *tx, struct id record_id, int64_t until_ms, struct audit_entry **ret_entries, size_t *ret_count)
{
    struct stored_change *rows = NULL;
    size_t count = 0;
    TRY(audit_changes_load(tx, record_id, until_ms, &rows, &count));
    struct audit_entry *entries = ARENA_ARRAY(tx->arena, struct audit_entry, count);
    for (size_t i = 0; i < count; i++) {
        TRY(entry_read(tx, &rows[i], &entries[i]));
        /* The reason rides with an act's first part. */
        if (i > 0 && rows[i].part > 0 && entries[i].seq == entries[i - 1].seq && !entries[i].reason)
            entries[i].reason = entries[i - 1].reason;
    }
    *ret_entries = entries;
    *ret_count = count;
    return NULL;
}

struct error *
audit_prove(struct tx *tx, int64_t seq, struct audit_proof *ret_proof)
{
    struct id origin;
    TRY(audit_origin_load(tx->db, &origin));
    int64_t size = 0;
    TRY(audit_size_load(tx->db, origin, &size));
    bool found = false;
    struct bytes leaf = {NULL, 0};
    TRY(audit_leaf_load(tx, origin, seq, &leaf, &found));
    if (!found)
        return error_new(ERROR_NOT_FOUND);
    struct audit_source rows = {tx->db, tx->arena, origin};
    struct tree_source source = audit_source_of(&rows);
    struct tree_proof path;
    TRY(tree_prove_inclusion(&source, seq, size, &path));
    TRY(tree_range_root(&source, 0, size, ret_proof->root));
    ret_proof->seq = seq;
    ret_proof->size = size;
    ret_proof->leaf = leaf;
    tree_leaf_hash(leaf.data, leaf.length, ret_proof->leaf_hash);
    ret_proof->count = path.count;
    memcpy(ret_proof->hashes, path.hashes, path.count * SHA256_SIZE);
    return NULL;
}

bool
audit_proof_check(const struct audit_proof *proof)
{
    uint8_t hash[SHA256_SIZE];
    tree_leaf_hash(proof->leaf.data, proof->leaf.length, hash);
    if (memcmp(hash, proof->leaf_hash, SHA256_SIZE) != 0 || proof->count > AUDIT_PROOF_MAX)
        return false;
    struct tree_proof path = {.count = proof->count};
    memcpy(path.hashes, proof->hashes, proof->count * SHA256_SIZE);
    return tree_check_inclusion(hash, proof->seq, proof->size, &path, proof->root);
}

struct error *
audit_checkpoint(struct tx *tx, const char **ret_note)
{
    struct id origin;
    TRY(audit_origin_load(tx->db, &origin));
    int64_t size = 0;
    TRY(audit_size_load(tx->db, origin, &size));
    if (size == 0)
        return error_state(&situation_codes, "empty", BARRED_CHECKPOINT);
    struct audit_source rows = {tx->db, tx->arena, origin};
    struct tree_source source = audit_source_of(&rows);
    uint8_t root[SHA256_SIZE];
    TRY(tree_range_root(&source, 0, size, root));
    const char *note = note_print(tx->arena, tx->keyring, origin, size, root);
    if (tx->writable)
        TRY(audit_checkpoint_insert(tx, origin, size, root, note));
    *ret_note = note;
    return NULL;
}

struct error *
audit_verifier_key(struct tx *tx, const char **ret_key)
{
    struct id origin;
    TRY(audit_origin_load(tx->db, &origin));
    *ret_key = note_verifier_key(tx->arena, note_name(tx->arena, origin), keyring_sign_public(tx->keyring));
    return NULL;
}

struct error *
audit_last_act(struct tx *tx, struct id record_id, const char *action, struct id *ret_actor_id, int64_t *ret_at_ms)
{
    struct audit_filter filter = {.record_id = record_id, .action = action, .from_ms = INT64_MIN, .to_ms = INT64_MAX, .before_ms = INT64_MAX,
                                  .before_seq = INT64_MAX, .limit = 1};
    struct audit_event event = {0};
    size_t count = 0;
    TRY(audit_events_load(tx, &filter, &event, &count));
    *ret_actor_id = event.actor_id;
    *ret_at_ms = count ? event.at_ms : 0;
    return NULL;
}
