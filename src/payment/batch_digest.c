/* batch_digest.c: the digest that an approval signs: SHA-256 over lines that anyone can write down and hash again (tests/vectors/batch_digest.txt). */
#include <string.h>

#include "lumbung/base/arena.h"
#include "lumbung/base/buffer.h"
#include "lumbung/base/crypto.h"
#include "lumbung/payment.h"
#include "payment/batch_hash.h"

static void
digest_line(struct batch_hash *hash, const char *text, size_t length)
{
    sha256_update(&hash->state, text, length);
    sha256_update(&hash->state, "\n", 1);
}

void
batch_hash_start(struct batch_hash *hash, struct arena *arena, const struct batch_digest_head *head)
{
    sha256_start(&hash->state);
    buffer_init(&hash->line, arena);
    digest_line(hash, "lumbung-batch-1", strlen("lumbung-batch-1"));
    buffer_format(&hash->line, "%s|%s|%s|%lld|%s|%lld|%lld|%s", head->program_id, head->cycle_id, head->batch_id, (long long)head->version, head->currency,
                  (long long)head->count, (long long)head->total_minor, head->rule_digest);
    digest_line(hash, hash->line.data, hash->line.length);
}

static void
digest_field(struct buffer *line, const char *text)
{
    if (text)
        buffer_add(line, text);
    buffer_char(line, '|');
}

void
batch_hash_line(struct batch_hash *hash, const struct batch_digest_line *line)
{
    struct buffer *buffer = &hash->line;
    buffer->length = 0;
    digest_field(buffer, line->item_id);
    digest_field(buffer, line->enrollment_id);
    digest_field(buffer, line->payee_member_id);
    digest_field(buffer, line->code);
    digest_field(buffer, line->kind);
    digest_field(buffer, line->item);
    if (line->has_quantity)
        buffer_int(buffer, line->quantity);
    buffer_char(buffer, '|');
    if (line->has_amount)
        buffer_int(buffer, line->amount_minor);
    buffer_char(buffer, '|');
    if (line->account_tag)
        buffer_add(buffer, line->account_tag);
    digest_line(hash, buffer->data, buffer->length);
}

void
batch_hash_finish(struct batch_hash *hash, uint8_t ret_digest[SHA256_SIZE])
{
    sha256_finish(&hash->state, ret_digest);
}

void
batch_digest(const struct batch_digest_head *head, const struct batch_digest_line *lines, size_t count, uint8_t ret_digest[32])
{
    struct arena *arena = arena_create();
    struct batch_hash hash;
    batch_hash_start(&hash, arena, head);
    for (size_t i = 0; i < count; i++)
        batch_hash_line(&hash, &lines[i]);
    batch_hash_finish(&hash, ret_digest);
    arena_destroy(arena);
}
