/* audit_verify.c: checks the whole log of a file in one walk: leaves against their columns, parts against what the leaf commits to, nodes and
 * checkpoints against the tree that the leaves make. The walk stops at the first bad entry and names it. */
#include <string.h>

#include "audit/audit_note.h"
#include "audit/audit_store.h"

#define RESET_EVERY 256 /* entries between resets of the walk's arena */

/* The walk over one origin. */
struct walk {
    struct tx tx;              /* the caller's, with an arena that is reset on the way */
    struct arena *kept;        /* lives as long as the walk: what must outlive a reset */
    const uint8_t *public_key; /* NULL: signatures are not checked */
    const char *outside_note;
    bool outside_seen;
    struct id origin;
    char origin_text[ID_TEXT_SIZE];
    struct tree_frontier frontier;
    struct cursor *leaves, *parts, *checkpoints;
    struct stored_part part;   /* the next one */
    bool has_part;
    struct stored_checkpoint checkpoint; /* the next one */
    bool has_checkpoint;
    struct audit_note outside; /* of this origin; size -1: none */
    int64_t part_count, erased_count, checkpoint_count, node_count;
};

static struct error *
bad_entry(struct walk *walk, int64_t seq, const char *what)
{
    return error_with(ERROR_TAMPERED, arena_format(walk->tx.arena, "entry %lld of log %s: %s", (long long)seq, walk->origin_text, what), NULL, NULL);
}

static struct error *
next_part(struct walk *walk)
{
    return audit_parts_next(walk->parts, walk->tx.arena, &walk->part, &walk->has_part);
}

static struct error *
next_checkpoint(struct walk *walk)
{
    return audit_checkpoints_next(walk->checkpoints, walk->kept, &walk->checkpoint, &walk->has_checkpoint);
}

/* Checks that the row's columns, which lists and searches read, say what the leaf says. */
static struct error *
check_columns(struct walk *walk, const struct stored_leaf *row, const struct leaf *leaf)
{
    if (!id_equal(leaf->origin, walk->origin) || leaf->seq != row->seq)
        return bad_entry(walk, row->seq, "it belongs elsewhere in the log");
    if (leaf->at_ms != row->at_ms || !text_equal(leaf->action, row->action) || !id_equal(leaf->actor_id, row->actor_id) ||
        !id_equal(leaf->record_id, row->record_id))
        return bad_entry(walk, row->seq, "its columns differ from its leaf");
    return NULL;
}

/* Opens a part and compares it with its commitment and its columns. */
static struct error *
check_part(struct walk *walk, const struct stored_leaf *row)
{
    const struct stored_part *part = &walk->part;
    if (part->commitment.length != COMMITMENT_SIZE)
        return bad_entry(walk, row->seq, "a commitment has the wrong length");
    if (!walk->tx.keyring && part->sealed.data)
        return NULL;
    struct bytes plain = {NULL, 0};
    bool erased = false;
    struct error *error = audit_part_open(&walk->tx, row->bytes, (size_t)part->part, part->subject, part->sealed, &plain, &erased);
    if (error && error->code == ERROR_TAMPERED) {
        error_free(error);
        return bad_entry(walk, row->seq, "a sealed change does not open: it, or the entry that it belongs to, was altered");
    }
    if (error)
        return error;
    walk->erased_count += erased ? 1 : 0;
    if (erased)
        return NULL;
    uint8_t commitment[COMMITMENT_SIZE];
    struct bytes content = {plain.data + SALT_SIZE, plain.length - SALT_SIZE};
    leaf_commit_part(plain.data, content, commitment);
    struct leaf_change change;
    if (memcmp(commitment, part->commitment.data, COMMITMENT_SIZE) != 0 || !leaf_change_parse(walk->tx.arena, content, &change))
        return bad_entry(walk, row->seq, "a change is not the one that was committed to");
    if (!text_equal(change.kind, part->kind) || !id_equal(change.subject, part->subject))
        return bad_entry(walk, row->seq, "a change's columns differ from it");
    return NULL;
}

/* Takes the parts of this entry from the walk and checks them together. */
static struct error *
check_parts(struct walk *walk, const struct stored_leaf *row, const struct leaf *leaf)
{
    uint8_t commitments[AUDIT_PARTS_MAX * COMMITMENT_SIZE];
    size_t count = 0;
    while (walk->has_part && walk->part.seq <= row->seq) {
        if (walk->part.seq < row->seq || walk->part.part != (int64_t)count || count == AUDIT_PARTS_MAX)
            return bad_entry(walk, walk->part.seq, "a change was added or removed");
        TRY(check_part(walk, row));
        memcpy(commitments + count * COMMITMENT_SIZE, walk->part.commitment.data, COMMITMENT_SIZE);
        count++;
        walk->part_count++;
        TRY(next_part(walk));
    }
    uint8_t combined[COMMITMENT_SIZE];
    leaf_commit_parts(walk->tx.arena, commitments, count, combined);
    if (memcmp(combined, leaf->commitment, COMMITMENT_SIZE) != 0)
        return bad_entry(walk, row->seq, "its changes are not the ones that it commits to");
    return NULL;
}

static struct error *
check_node(void *context, int level, int64_t position, const uint8_t hash[SHA256_SIZE])
{
    struct walk *walk = context;
    if (level % NODE_LEVELS != 0)
        return NULL;
    struct bytes stored;
    TRY(audit_node_load(walk->tx.db, walk->tx.arena, walk->origin, level, position, &stored));
    walk->node_count++;
    if (stored.length == SHA256_SIZE && memcmp(stored.data, hash, SHA256_SIZE) == 0)
        return NULL;
    int64_t first = position << level;
    return bad_entry(walk, first, arena_format(walk->tx.arena, "it or one of the next %lld entries differs from the tree's stored node",
                                               (long long)((INT64_C(1) << level) - 1)));
}

/* The stored checkpoints and the one kept outside, when the tree has just reached their size: an equal root at that size is consistency. */
static struct error *
check_heads(struct walk *walk)
{
    int64_t size = walk->frontier.size;
    if (!(walk->has_checkpoint && walk->checkpoint.size <= size) && walk->outside.size != size)
        return NULL;
    uint8_t root[SHA256_SIZE];
    tree_root(&walk->frontier, root);
    if (walk->outside.size == size && memcmp(walk->outside.root, root, SHA256_SIZE) != 0)
        return bad_entry(walk, size - 1, "it or an earlier one was altered: the checkpoint kept outside has another root");
    while (walk->has_checkpoint && walk->checkpoint.size <= size) {
        struct audit_note note;
        bool root_same = walk->checkpoint.size == size && walk->checkpoint.root.length == SHA256_SIZE &&
                         memcmp(walk->checkpoint.root.data, root, SHA256_SIZE) == 0;
        if (!root_same)
            return bad_entry(walk, size - 1, "it or an earlier one was altered: a stored checkpoint has another root");
        if (walk->public_key &&
            (!audit_note_check(walk->tx.arena, walk->checkpoint.note, NULL, walk->public_key, &note) || note.size != size ||
             !id_equal(note.origin, walk->origin) || memcmp(note.root, root, SHA256_SIZE) != 0))
            return bad_entry(walk, size - 1, "the note of a stored checkpoint was altered");
        walk->checkpoint_count++;
        TRY(next_checkpoint(walk));
    }
    return NULL;
}

static struct error *
check_leaf(struct walk *walk, const struct stored_leaf *row)
{
    struct leaf leaf;
    if (row->seq != walk->frontier.size)
        return bad_entry(walk, walk->frontier.size, "it is missing");
    if (!leaf_parse(walk->tx.arena, row->bytes, &leaf))
        return bad_entry(walk, row->seq, "its leaf cannot be read");
    TRY(check_columns(walk, row, &leaf));
    TRY(check_parts(walk, row, &leaf));
    uint8_t hash[SHA256_SIZE];
    tree_leaf_hash(row->bytes.data, row->bytes.length, hash);
    TRY(tree_append(&walk->frontier, hash, check_node, walk));
    return check_heads(walk);
}

/* What must be left when the leaves end: nothing. */
static struct error *
check_end(struct walk *walk)
{
    int64_t size = walk->frontier.size, nodes = 0;
    if (walk->has_part || walk->has_checkpoint)
        return bad_entry(walk, size, walk->has_part ? "it is missing; its changes are still there" : "it is missing; a stored checkpoint is larger");
    if (walk->outside.size > size)
        return bad_entry(walk, size, "it is missing; the checkpoint kept outside is larger");
    TRY(audit_node_count(walk->tx.db, walk->origin, &nodes));
    if (nodes != walk->node_count)
        return bad_entry(walk, size, "it is missing; nodes of a larger tree are stored");
    return NULL;
}

/* The part that waits was read into the arena that is about to be reset. */
static void
walk_reset(struct walk *walk)
{
    struct arena *fresh = arena_create();
    struct stored_part *part = &walk->part;
    if (walk->has_part) {
        part->kind = arena_text(fresh, part->kind);
        part->commitment.data = (const uint8_t *)arena_copy(fresh, (const char *)part->commitment.data, part->commitment.length);
        if (part->sealed.data)
            part->sealed.data = (const uint8_t *)arena_copy(fresh, (const char *)part->sealed.data, part->sealed.length);
    }
    arena_destroy(walk->tx.arena);
    walk->tx.arena = fresh;
}

static struct error *
walk_leaves(struct walk *walk)
{
    TRY(next_part(walk));
    TRY(next_checkpoint(walk));
    TRY(check_heads(walk));
    for (;;) {
        struct stored_leaf row;
        bool found = false;
        TRY(audit_leaves_next(walk->leaves, walk->tx.arena, &row, &found));
        if (!found)
            return check_end(walk);
        TRY(check_leaf(walk, &row));
        if (walk->frontier.size % RESET_EVERY == 0)
            walk_reset(walk);
    }
}

static void
report_origin(struct walk *walk, struct buffer *report)
{
    uint8_t root[SHA256_SIZE];
    tree_root(&walk->frontier, root);
    buffer_format(report, "log %s: %lld entries, %lld changes (%lld erased), %lld checkpoints, root %s\n", walk->origin_text,
                  (long long)walk->frontier.size, (long long)walk->part_count, (long long)walk->erased_count, (long long)walk->checkpoint_count,
                  base64_print(walk->tx.arena, root, sizeof root, false));
}

/* The note kept outside speaks of one origin; it is checked against that one. */
static struct error *
outside_prepare(struct walk *walk)
{
    struct audit_note note;
    walk->outside.size = -1;
    if (!walk->outside_note)
        return NULL;
    if (!audit_note_check(walk->kept, walk->outside_note, NULL, walk->public_key, &note))
        return error_with(ERROR_TAMPERED, "the checkpoint kept outside is not signed by this registry's key", NULL, NULL);
    if (!id_equal(note.origin, walk->origin))
        return NULL;
    walk->outside = note;
    walk->outside_seen = true;
    return NULL;
}

static struct error *
walk_origin(struct walk *walk, struct buffer *report)
{
    walk->frontier.size = 0;
    walk->part_count = walk->erased_count = walk->checkpoint_count = walk->node_count = 0;
    id_print(walk->origin, walk->origin_text);
    TRY(outside_prepare(walk));
    walk->leaves = audit_leaves_start(walk->tx.db, &walk->origin);
    walk->parts = audit_parts_start(walk->tx.db, &walk->origin);
    walk->checkpoints = audit_checkpoints_start(walk->tx.db, &walk->origin);
    struct error *error = walk_leaves(walk);
    cursor_end(walk->leaves);
    cursor_end(walk->parts);
    cursor_end(walk->checkpoints);
    if (!error && report)
        report_origin(walk, report);
    return error;
}

static struct error *
walk_all(struct walk *walk, struct buffer *report)
{
    struct id after = {{0}};
    for (;;) {
        bool found = false;
        TRY(audit_origin_next(walk->tx.db, after, &walk->origin, &found));
        if (!found)
            break;
        TRY(walk_origin(walk, report));
        after = walk->origin;
    }
    if (walk->outside_note && !walk->outside_seen)
        return error_with(ERROR_TAMPERED, "the log that the checkpoint kept outside speaks of is not in this file", NULL, NULL);
    return NULL;
}

static struct error *
verify(struct tx *tx, const uint8_t *public_key, const char *outside_note, struct buffer *report)
{
    struct walk *walk = ARENA_NEW(tx->arena, struct walk);
    walk->tx = *tx;
    walk->tx.arena = arena_create();
    walk->kept = tx->arena;
    walk->public_key = public_key;
    walk->outside_note = outside_note;
    struct error *error = walk_all(walk, report);
    arena_destroy(walk->tx.arena);
    return error;
}

struct error *
audit_verify(struct tx *tx, const char *outside_note, struct buffer *report)
{
    return verify(tx, tx->keyring ? keyring_sign_public(tx->keyring) : NULL, outside_note, report);
}

struct error *
audit_verify_public(struct tx *tx, const uint8_t *public_key, const char *outside_note, struct buffer *report)
{
    struct tx keyless = *tx;
    keyless.keyring = NULL;
    return verify(&keyless, public_key, outside_note, report);
}
