/* region_store.c: rows of the administrative tree: single regions, scope and the writes of an import. */
#include "region/region_store.h"

#include <string.h>

#include "region/region_columns.h"

STATEMENT_READ(region_by_code_ever, "SELECT " REGION_COLUMNS " FROM region AS r " REGION_PARENT " WHERE r.code = $1")
STATEMENT_READ(region_by_code_all, "SELECT " REGION_COLUMNS " FROM region AS r " REGION_PARENT " WHERE r.code = $1 AND r.closed_on IS NULL")
STATEMENT_READ(region_by_code_scoped, "SELECT " REGION_COLUMNS " FROM region AS r CROSS JOIN user_scope AS s " REGION_PARENT
                                      " WHERE r.code = $1 AND s.user_id = $2 AND s.region_id = r.id AND r.closed_on IS NULL")
STATEMENT_READ(region_by_id_all, "SELECT " REGION_COLUMNS " FROM region AS r " REGION_PARENT " WHERE r.id = $1")

struct error *
region_find_code(struct tx *tx, const char *code, struct region *ret_region, bool *ret_found)
{
    struct cursor *cursor = cursor_start(tx->db, &region_by_code_ever);
    cursor_bind_text(cursor, 1, code);
    return cursor_one(cursor, tx->arena, region_read, ret_region, ret_found);
}

struct error *
region_by_code(struct tx *tx, const struct actor *actor, const char *code, struct region *ret_region)
{
    bool found = false;
    struct cursor *cursor = cursor_start(tx->db, actor->all_regions ? &region_by_code_all : &region_by_code_scoped);
    cursor_bind_text(cursor, 1, code);
    if (!actor->all_regions)
        cursor_bind_id(cursor, 2, actor->user_id);
    TRY(cursor_one(cursor, tx->arena, region_read, ret_region, &found));
    return found ? NULL : error_new(ERROR_NOT_FOUND);
}

struct error *
region_by_id(struct tx *tx, struct id id, struct region *ret_region)
{
    bool found = false;
    struct cursor *cursor = cursor_start(tx->db, &region_by_id_all);
    cursor_bind_id(cursor, 1, id);
    TRY(cursor_one(cursor, tx->arena, region_read, ret_region, &found));
    return found ? NULL : error_new(ERROR_NOT_FOUND);
}

STATEMENT_READ(region_name_by_id, "SELECT name, parent_id FROM region WHERE id = $1")

struct error *
region_add_name(struct tx *tx, struct id id, struct buffer *text, struct id *ret_parent)
{
    bool found = false;
    struct cursor *cursor = cursor_start(tx->db, &region_name_by_id);
    cursor_bind_id(cursor, 1, id);
    struct error *error = cursor_next(cursor, &found);
    if (!error && found) {
        buffer_add(text, cursor_text(cursor, tx->arena, 0));
        *ret_parent = cursor_id(cursor, 1);
    }
    cursor_end(cursor);
    return error || found ? error : error_new(ERROR_NOT_FOUND);
}

STATEMENT_READ(region_closure_pair, "SELECT 1 FROM region_closure WHERE ancestor = $1 AND descendant = $2")

struct error *
region_contains(struct tx *tx, struct id ancestor, struct id descendant, bool *ret_contains)
{
    struct cursor *cursor = cursor_start(tx->db, &region_closure_pair);
    cursor_bind_id(cursor, 1, ancestor);
    cursor_bind_id(cursor, 2, descendant);
    return cursor_exists(cursor, ret_contains);
}

STATEMENT_READ(region_scope_pair, "SELECT 1 FROM user_scope WHERE user_id = $1 AND region_id = $2")
STATEMENT_READ(region_exists, "SELECT 1 FROM region WHERE id = $1")

struct error *
region_in_scope(struct tx *tx, const struct actor *actor, struct id region_id, bool *ret_in_scope)
{
    struct cursor *cursor = cursor_start(tx->db, actor->all_regions ? &region_exists : &region_scope_pair);
    cursor_bind_id(cursor, 1, actor->all_regions ? region_id : actor->user_id);
    if (!actor->all_regions)
        cursor_bind_id(cursor, 2, region_id);
    return cursor_exists(cursor, ret_in_scope);
}

STATEMENT_WRITE(region_scope_delete, "DELETE FROM user_scope WHERE user_id = $1")
STATEMENT_WRITE(region_scope_insert, "INSERT INTO user_scope (user_id, region_id) SELECT DISTINCT u.user_id, c.descendant FROM user_region AS u "
                                     "JOIN region_closure AS c ON c.ancestor = u.region_id WHERE u.user_id = $1")
STATEMENT_WRITE(region_scope_delete_all, "DELETE FROM user_scope")
STATEMENT_WRITE(region_scope_insert_all, "INSERT INTO user_scope (user_id, region_id) SELECT DISTINCT u.user_id, c.descendant FROM user_region AS u "
                                         "JOIN region_closure AS c ON c.ancestor = u.region_id")

struct error *
region_scope_rewrite(struct tx *tx, struct id user_id)
{
    bool all = id_is_zero(user_id);
    struct cursor *cursor = cursor_start(tx->db, all ? &region_scope_delete_all : &region_scope_delete);
    if (!all)
        cursor_bind_id(cursor, 1, user_id);
    TRY(cursor_run(cursor, NULL));
    cursor = cursor_start(tx->db, all ? &region_scope_insert_all : &region_scope_insert);
    if (!all)
        cursor_bind_id(cursor, 1, user_id);
    return cursor_run(cursor, NULL);
}
