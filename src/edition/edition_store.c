/* edition_store.c: households on their way, and imports under way. */
#include "edition/edition.h"

STATEMENT_READ(edition_households, "SELECT id, hamlet, rw, rt FROM household WHERE region_id = $1 AND id > $2 AND state = 'active' ORDER BY id LIMIT $3")

static void
read_household(struct cursor *cursor, struct arena *arena, void *ret_household)
{
    *(struct edition_household *)ret_household = (struct edition_household){
        .id = cursor_id(cursor, 0), .hamlet = cursor_text(cursor, arena, 1), .rw = cursor_text(cursor, arena, 2), .rt = cursor_text(cursor, arena, 3)};
}

struct error *
edition_store_households(struct tx *tx, struct id region_id, struct id after, int limit, struct edition_household *ret_households, size_t *ret_count)
{
    struct cursor *cursor = cursor_start(tx->db, &edition_households);
    cursor_bind_id(cursor, 1, region_id);
    cursor_bind_bytes(cursor, 2, after.bytes, sizeof after.bytes);
    cursor_bind_int(cursor, 3, limit);
    return cursor_fill(cursor, tx->arena, read_household, ret_households, sizeof *ret_households, limit, ret_count);
}

STATEMENT_READ(edition_root, "SELECT 1 FROM region WHERE parent_id IS NULL")

struct error *
edition_store_has_tree(struct tx *tx, bool *ret_has)
{
    return cursor_exists(cursor_start(tx->db, &edition_root), ret_has);
}

STATEMENT_READ(edition_users, "SELECT COUNT(*) FROM user_region WHERE region_id = $1")

struct error *
edition_store_users(struct tx *tx, struct id region_id, int64_t *ret_count)
{
    struct cursor *cursor = cursor_start(tx->db, &edition_users);
    cursor_bind_id(cursor, 1, region_id);
    return cursor_one(cursor, NULL, cursor_read_int, ret_count, NULL);
}

#define REGION_JOBS "kind IN ('region.import', 'region.edition')"
STATEMENT_READ(edition_newest_job, "SELECT id FROM job WHERE id > $1 AND " REGION_JOBS " ORDER BY id DESC LIMIT 1")
STATEMENT_READ(edition_open_job, "SELECT 1 FROM job WHERE state = 'open' AND " REGION_JOBS)

struct error *
edition_store_newest(struct tx *tx, struct id *ret_newest, bool *ret_open)
{
    struct id newest = {{0}};
    struct cursor *cursor = cursor_start(tx->db, &edition_newest_job);
    cursor_bind_bytes(cursor, 1, newest.bytes, sizeof newest.bytes);
    TRY(cursor_one(cursor, NULL, cursor_read_id, &newest, NULL));
    TRY(cursor_exists(cursor_start(tx->db, &edition_open_job), ret_open));
    *ret_newest = newest;
    return NULL;
}

STATEMENT_WRITE(region_part_insert, "INSERT INTO region_part (job_id, position, ops) VALUES ($1, $2, $3)")

struct error *
edition_store_part_insert(struct tx *tx, struct id job_id, int64_t position, const char *ops)
{
    struct cursor *cursor = cursor_start(tx->db, &region_part_insert);
    cursor_bind_id(cursor, 1, job_id);
    cursor_bind_int(cursor, 2, position);
    cursor_bind_text(cursor, 3, ops);
    return cursor_run(cursor, NULL);
}

STATEMENT_READ(region_part_ops, "SELECT ops FROM region_part WHERE job_id = $1 AND position = $2")

struct error *
edition_store_part(struct tx *tx, struct id job_id, int64_t position, const char **ret_ops)
{
    struct cursor *cursor = cursor_start(tx->db, &region_part_ops);
    const char *ops = NULL;
    cursor_bind_id(cursor, 1, job_id);
    cursor_bind_int(cursor, 2, position);
    TRY(cursor_one(cursor, tx->arena, cursor_read_text, &ops, NULL));
    *ret_ops = ops;
    return NULL;
}

STATEMENT_WRITE(region_parts_delete, "DELETE FROM region_part WHERE job_id = $1")

struct error *
edition_store_parts_delete(struct tx *tx, struct id job_id)
{
    struct cursor *cursor = cursor_start(tx->db, &region_parts_delete);
    cursor_bind_id(cursor, 1, job_id);
    return cursor_run(cursor, NULL);
}
