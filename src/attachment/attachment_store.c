/* attachment_store.c: rows of `attachment`. */
#include "attachment/attachment_store.h"

STATEMENT_WRITE(attachment_insert,
                "INSERT INTO attachment (id, kind, bytes, width, height, subject_id, sealed_key, added_by, created_at_ms) "
                "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)")

struct error *
attachment_store_insert(struct tx *tx, const struct attachment_row *row)
{
    struct cursor *cursor = cursor_start(tx->db, &attachment_insert);
    cursor_bind_id(cursor, 1, row->attachment.id);
    cursor_bind_text(cursor, 2, row->attachment.kind);
    cursor_bind_int(cursor, 3, row->attachment.bytes);
    cursor_bind_int(cursor, 4, row->attachment.width);
    cursor_bind_int(cursor, 5, row->attachment.height);
    cursor_bind_id(cursor, 6, row->subject_id);
    cursor_bind_bytes(cursor, 7, row->sealed_key.data, row->sealed_key.length);
    cursor_bind_id(cursor, 8, row->added_by);
    cursor_bind_int(cursor, 9, row->created_at_ms);
    return cursor_run(cursor, NULL);
}

#define ATTACHMENT_COLUMNS "a.id, a.kind, a.bytes, a.width, a.height, a.subject_id, a.region_id, a.sealed_key, a.added_by, a.created_at_ms"

static void
read_attachment(struct cursor *cursor, struct arena *arena, void *ret_row)
{
    *(struct attachment_row *)ret_row = (struct attachment_row){
        .attachment = {cursor_id(cursor, 0), cursor_text(cursor, arena, 1), cursor_int(cursor, 2), (int)cursor_int(cursor, 3),
                       (int)cursor_int(cursor, 4)},
        .subject_id = cursor_id(cursor, 5),
        .region_id = cursor_id(cursor, 6),
        .sealed_key = cursor_bytes(cursor, arena, 7),
        .added_by = cursor_id(cursor, 8),
        .created_at_ms = cursor_int(cursor, 9),
    };
}

STATEMENT_READ(attachment_by_id, "SELECT " ATTACHMENT_COLUMNS " FROM attachment a WHERE a.id = $1")
STATEMENT_READ(attachment_by_id_scoped,
               "SELECT " ATTACHMENT_COLUMNS " FROM attachment a WHERE a.id = $1 AND (a.added_by = $2 OR EXISTS "
               "(SELECT 1 FROM user_scope s WHERE s.user_id = $2 AND s.region_id = a.region_id))")

struct error *
attachment_store_load(struct tx *tx, const struct actor *actor, struct id id, struct attachment_row *ret_row, bool *ret_found)
{
    struct cursor *cursor = cursor_start(tx->db, actor->all_regions ? &attachment_by_id : &attachment_by_id_scoped);
    cursor_bind_id(cursor, 1, id);
    if (!actor->all_regions)
        cursor_bind_id(cursor, 2, actor->user_id);
    return cursor_one(cursor, tx->arena, read_attachment, ret_row, ret_found);
}

STATEMENT_READ(attachment_next, "SELECT " ATTACHMENT_COLUMNS " FROM attachment a WHERE a.id > $1 ORDER BY a.id LIMIT 1")

struct error *
attachment_store_next(struct tx *tx, struct id after, struct attachment_row *ret_row, bool *ret_found)
{
    struct cursor *cursor = cursor_start(tx->db, &attachment_next);
    cursor_bind_bytes(cursor, 1, after.bytes, sizeof after.bytes); /* zero is before all of them */
    return cursor_one(cursor, tx->arena, read_attachment, ret_row, ret_found);
}

STATEMENT_READ(attachment_exists, "SELECT 1 FROM attachment WHERE id = $1")

struct error *
attachment_store_exists(struct tx *tx, struct id id, bool *ret_exists)
{
    struct cursor *cursor = cursor_start(tx->db, &attachment_exists);
    cursor_bind_id(cursor, 1, id);
    return cursor_exists(cursor, ret_exists);
}

STATEMENT_WRITE(attachment_bind_row, "UPDATE attachment SET subject_id = $2, region_id = $3, sealed_key = $4 WHERE id = $1")

struct error *
attachment_store_bind(struct tx *tx, struct id id, struct id subject_id, struct id region_id, struct bytes sealed_key)
{
    struct cursor *cursor = cursor_start(tx->db, &attachment_bind_row);
    cursor_bind_id(cursor, 1, id);
    cursor_bind_id(cursor, 2, subject_id);
    cursor_bind_id(cursor, 3, region_id);
    cursor_bind_bytes(cursor, 4, sealed_key.data, sealed_key.length);
    return cursor_run(cursor, NULL);
}
