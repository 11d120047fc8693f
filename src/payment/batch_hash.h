/* batch_hash.h: the batch digest line by line, for lists too long to hold. */
#ifndef LUMBUNG_BATCH_HASH_H
#define LUMBUNG_BATCH_HASH_H

#include "lumbung/base/crypto.h"
#include "lumbung/payment.h"

struct batch_hash {
    struct sha256 state;
    struct buffer line;
};
void batch_hash_start(struct batch_hash *hash, struct arena *arena, const struct batch_digest_head *head);
void batch_hash_line(struct batch_hash *hash, const struct batch_digest_line *line);
void batch_hash_finish(struct batch_hash *hash, uint8_t ret_digest[SHA256_SIZE]);

#endif
