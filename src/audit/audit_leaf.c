/* audit_leaf.c: the canonical bytes of a leaf and of the changes that it commits to. */
#include "audit/audit_leaf.h"

#include <assert.h>
#include <string.h>

#include "lumbung/base/crypto.h"

static void
put_number(struct buffer *buffer, uint64_t value, int size)
{
    for (int shift = 8 * (size - 1); shift >= 0; shift -= 8)
        buffer_char(buffer, (char)(value >> shift & 0xff));
}

static void
put_short_text(struct buffer *buffer, const char *text)
{
    size_t length = strlen(text);
    assert(length <= UINT16_MAX);
    put_number(buffer, length, 2);
    buffer_bytes(buffer, text, length);
}

static void
put_optional(struct buffer *buffer, const char *text)
{
    put_number(buffer, text ? 1 : 0, 1);
    if (!text)
        return;
    size_t length = strlen(text);
    assert(length <= UINT32_MAX);
    put_number(buffer, length, 4);
    buffer_bytes(buffer, text, length);
}

/* What is left to read. `failed` sticks: the end is checked once. */
struct reader {
    struct arena *arena;
    const uint8_t *at;
    size_t left;
    bool failed;
};

static const uint8_t *
take(struct reader *reader, size_t length)
{
    if (reader->failed || reader->left < length) {
        reader->failed = true;
        return NULL;
    }
    const uint8_t *at = reader->at;
    reader->at += length;
    reader->left -= length;
    return at;
}

static uint64_t
take_number(struct reader *reader, size_t size)
{
    const uint8_t *at = take(reader, size);
    uint64_t value = 0;
    for (size_t i = 0; at && i < size; i++)
        value = value << 8 | at[i];
    return value;
}

static struct id
take_id(struct reader *reader)
{
    struct id id = {{0}};
    const uint8_t *at = take(reader, sizeof id.bytes);
    if (at)
        memcpy(id.bytes, at, sizeof id.bytes);
    return id;
}

static const char *
take_text(struct reader *reader, size_t length)
{
    const uint8_t *at = take(reader, length);
    if (!at)
        return NULL;
    if (memchr(at, 0, length)) {
        reader->failed = true;
        return NULL;
    }
    return arena_copy(reader->arena, (const char *)at, length);
}

static const char *
take_optional(struct reader *reader)
{
    uint64_t presence = take_number(reader, 1);
    if (presence > 1)
        reader->failed = true;
    if (presence != 1)
        return NULL;
    return take_text(reader, (size_t)take_number(reader, 4));
}

struct bytes
leaf_print_head(struct arena *arena, const struct leaf *leaf)
{
    struct buffer buffer;
    buffer_init(&buffer, arena);
    put_number(&buffer, LEAF_VERSION, 1);
    buffer_bytes(&buffer, leaf->origin.bytes, sizeof leaf->origin.bytes);
    put_number(&buffer, (uint64_t)leaf->seq, 8);
    put_number(&buffer, (uint64_t)leaf->at_ms, 8);
    put_number(&buffer, (uint64_t)leaf->actor_kind, 1);
    buffer_bytes(&buffer, leaf->actor_id.bytes, sizeof leaf->actor_id.bytes);
    put_short_text(&buffer, leaf->action);
    buffer_bytes(&buffer, leaf->record_id.bytes, sizeof leaf->record_id.bytes);
    return (struct bytes){(const uint8_t *)buffer.data, buffer.length};
}

struct bytes
leaf_print(struct arena *arena, const struct leaf *leaf)
{
    struct bytes head = leaf_print_head(arena, leaf);
    uint8_t *bytes = arena_alloc(arena, head.length + COMMITMENT_SIZE);
    memcpy(bytes, head.data, head.length);
    memcpy(bytes + head.length, leaf->commitment, COMMITMENT_SIZE);
    return (struct bytes){bytes, head.length + COMMITMENT_SIZE};
}

bool
leaf_parse(struct arena *arena, struct bytes bytes, struct leaf *ret_leaf)
{
    struct reader reader = {arena, bytes.data, bytes.length, false};
    struct leaf leaf;
    memset(&leaf, 0, sizeof leaf);
    if (take_number(&reader, 1) != LEAF_VERSION)
        return false;
    leaf.origin = take_id(&reader);
    leaf.seq = (int64_t)take_number(&reader, 8);
    leaf.at_ms = (int64_t)take_number(&reader, 8);
    leaf.actor_kind = (int)take_number(&reader, 1);
    leaf.actor_id = take_id(&reader);
    leaf.action = take_text(&reader, (size_t)take_number(&reader, 2));
    leaf.record_id = take_id(&reader);
    const uint8_t *commitment = take(&reader, COMMITMENT_SIZE);
    if (reader.failed || reader.left != 0)
        return false;
    memcpy(leaf.commitment, commitment, COMMITMENT_SIZE);
    *ret_leaf = leaf;
    return true;
}

struct bytes
leaf_change_print(struct arena *arena, const struct leaf_change *change)
{
    struct buffer buffer;
    buffer_init(&buffer, arena);
    put_number(&buffer, LEAF_VERSION, 1);
    put_short_text(&buffer, change->kind);
    buffer_bytes(&buffer, change->id.bytes, sizeof change->id.bytes);
    buffer_bytes(&buffer, change->subject.bytes, sizeof change->subject.bytes);
    put_optional(&buffer, change->reason);
    put_optional(&buffer, change->before);
    put_optional(&buffer, change->after);
    return (struct bytes){(const uint8_t *)buffer.data, buffer.length};
}

bool
leaf_change_parse(struct arena *arena, struct bytes bytes, struct leaf_change *ret_change)
{
    struct reader reader = {arena, bytes.data, bytes.length, false};
    struct leaf_change change;
    memset(&change, 0, sizeof change);
    if (take_number(&reader, 1) != LEAF_VERSION)
        return false;
    change.kind = take_text(&reader, (size_t)take_number(&reader, 2));
    change.id = take_id(&reader);
    change.subject = take_id(&reader);
    change.reason = take_optional(&reader);
    change.before = take_optional(&reader);
    change.after = take_optional(&reader);
    if (reader.failed || reader.left != 0)
        return false;
    *ret_change = change;
    return true;
}

void
leaf_commit_part(const uint8_t salt[SALT_SIZE], struct bytes change, uint8_t ret_commitment[COMMITMENT_SIZE])
{
    crypto_keyed_hash(salt, change.data, change.length, ret_commitment, COMMITMENT_SIZE);
}

void
leaf_commit_parts(struct arena *arena, const uint8_t *commitments, size_t count, uint8_t ret_commitment[COMMITMENT_SIZE])
{
    struct buffer buffer;
    buffer_init(&buffer, arena);
    buffer_add(&buffer, "lumbung-parts-1\n");
    put_number(&buffer, count, 2);
    buffer_bytes(&buffer, commitments, count * COMMITMENT_SIZE);
    crypto_keyed_hash(NULL, buffer.data, buffer.length, ret_commitment, COMMITMENT_SIZE);
}

void
leaf_head_digest(struct bytes head, uint8_t ret_digest[LEAF_DIGEST_SIZE])
{
    crypto_keyed_hash(NULL, head.data, head.length, ret_digest, LEAF_DIGEST_SIZE);
}

struct id
leaf_part_row(const uint8_t head_digest[LEAF_DIGEST_SIZE], size_t part)
{
    uint8_t bytes[LEAF_DIGEST_SIZE + 2];
    memcpy(bytes, head_digest, LEAF_DIGEST_SIZE);
    bytes[LEAF_DIGEST_SIZE] = (uint8_t)(part >> 8);
    bytes[LEAF_DIGEST_SIZE + 1] = (uint8_t)part;
    struct id row;
    crypto_keyed_hash(NULL, bytes, sizeof bytes, row.bytes, sizeof row.bytes);
    return row;
}
