/* import_store.c: rows of `import_row`. */
#include "import/import_store.h"

STATEMENT_READ(import_row_content, "SELECT content_tag FROM import_row WHERE source = $1 AND key_tag = $2")

struct error *
import_store_find(struct tx *tx, const struct import_tags *tags, bool *ret_found, bool *ret_same)
{
    struct cursor *cursor = cursor_start(tx->db, &import_row_content);
    struct bytes content = {0};
    bool found = false;
    cursor_bind_bytes(cursor, 1, tags->source, CRYPTO_TAG_SIZE);
    cursor_bind_bytes(cursor, 2, tags->key, CRYPTO_TAG_SIZE);
    TRY(cursor_one(cursor, tx->arena, cursor_read_bytes, &content, &found));
    *ret_found = found;
    *ret_same = found && content.length == CRYPTO_TAG_SIZE && crypto_equal(content.data, tags->content, CRYPTO_TAG_SIZE);
    return NULL;
}

STATEMENT_WRITE(import_row_insert, "INSERT INTO import_row (source, key_tag, content_tag, household_id) VALUES ($1, $2, $3, $4)")

struct error *
import_store_insert(struct tx *tx, const struct import_tags *tags, struct id household_id)
{
    struct cursor *cursor = cursor_start(tx->db, &import_row_insert);
    cursor_bind_bytes(cursor, 1, tags->source, CRYPTO_TAG_SIZE);
    cursor_bind_bytes(cursor, 2, tags->key, CRYPTO_TAG_SIZE);
    cursor_bind_bytes(cursor, 3, tags->content, CRYPTO_TAG_SIZE);
    cursor_bind_id(cursor, 4, household_id);
    return cursor_run(cursor, NULL);
}
