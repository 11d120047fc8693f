/* user_bounds_store.c: rows that say what an account may do and where: roles, regions, programs. */
#include "user/user_role.h"
#include "user/user_store.h"

STATEMENT_WRITE(account_role_add, "INSERT INTO user_role (user_id, role, granted_by, confirmed_by, granted_at_ms) VALUES ($1, $2, $3, $4, $5)")

struct error *
account_role_insert(struct tx *tx, struct id id, enum role role, struct id granted_by, struct id confirmed_by)
{
    struct cursor *cursor = cursor_start(tx->db, &account_role_add);
    cursor_bind_id(cursor, 1, id);
    cursor_bind_text(cursor, 2, role_name(role));
    cursor_bind_id(cursor, 3, granted_by);
    cursor_bind_id(cursor, 4, confirmed_by);
    cursor_bind_int(cursor, 5, tx->now_ms);
    return cursor_run(cursor, NULL);
}

STATEMENT_WRITE(account_role_remove, "DELETE FROM user_role WHERE user_id = $1 AND role = $2")

struct error *
account_role_delete(struct tx *tx, struct id id, enum role role)
{
    struct cursor *cursor = cursor_start(tx->db, &account_role_remove);
    cursor_bind_id(cursor, 1, id);
    cursor_bind_text(cursor, 2, role_name(role));
    return cursor_run(cursor, NULL);
}

STATEMENT_READ(account_roles_unconfirmed, "SELECT role FROM user_role WHERE user_id = $1 AND confirmed_by IS NULL")

struct error *
account_roles_alone(struct tx *tx, struct id id, uint64_t *ret_roles)
{
    struct cursor *cursor = cursor_start(tx->db, &account_roles_unconfirmed);
    cursor_bind_id(cursor, 1, id);
    const char **names = NULL;
    size_t count = 0;
    TRY(cursor_collect(cursor, tx->arena, cursor_read_text, &names, sizeof *names, &count));
    *ret_roles = 0;
    for (size_t i = 0; i < count; i++) {
        enum role role;
        if (role_find(names[i], &role) && role_is_sensitive(role))
            *ret_roles |= UINT64_C(1) << role;
    }
    return NULL;
}

STATEMENT_READ(account_admin_else, "SELECT 1 FROM user_role WHERE role = 'admin' AND user_id <> $1 AND user_id <> $2 LIMIT 1")

struct error *
account_other_admin(struct tx *tx, struct id first, struct id second, bool *ret_exists)
{
    struct cursor *cursor = cursor_start(tx->db, &account_admin_else);
    cursor_bind_bytes(cursor, 1, first.bytes, sizeof first.bytes);
    cursor_bind_bytes(cursor, 2, second.bytes, sizeof second.bytes);
    return cursor_exists(cursor, ret_exists);
}

STATEMENT_WRITE(account_regions_delete, "DELETE FROM user_region WHERE user_id = $1")

struct error *
account_regions_clear(struct tx *tx, struct id id)
{
    struct cursor *cursor = cursor_start(tx->db, &account_regions_delete);
    cursor_bind_id(cursor, 1, id);
    return cursor_run(cursor, NULL);
}

STATEMENT_WRITE(account_region_add, "INSERT INTO user_region (user_id, region_id) VALUES ($1, $2) ON CONFLICT (user_id, region_id) DO NOTHING")

struct error *
account_region_insert(struct tx *tx, struct id id, struct id region_id)
{
    struct cursor *cursor = cursor_start(tx->db, &account_region_add);
    cursor_bind_id(cursor, 1, id);
    cursor_bind_id(cursor, 2, region_id);
    return cursor_run(cursor, NULL);
}

STATEMENT_READ(account_region_above, "SELECT r.code FROM user_region AS u JOIN region_closure AS c ON c.ancestor = u.region_id JOIN region AS r ON r.id = u.region_id "
                                     "WHERE u.user_id = $1 AND c.descendant = $2 AND u.region_id <> $2 LIMIT 1")

struct error *
account_region_inside(struct tx *tx, struct id id, struct id region_id, const char **ret_code)
{
    struct cursor *cursor = cursor_start(tx->db, &account_region_above);
    cursor_bind_id(cursor, 1, id);
    cursor_bind_id(cursor, 2, region_id);
    *ret_code = NULL;
    return cursor_one(cursor, tx->arena, cursor_read_text, ret_code, NULL);
}

STATEMENT_READ(account_program_known, "SELECT 1 FROM program WHERE id = $1")

struct error *
account_program_exists(struct tx *tx, struct id program_id, bool *ret_exists)
{
    struct cursor *cursor = cursor_start(tx->db, &account_program_known);
    cursor_bind_id(cursor, 1, program_id);
    return cursor_exists(cursor, ret_exists);
}

STATEMENT_WRITE(account_programs_delete, "DELETE FROM user_program WHERE user_id = $1")

struct error *
account_programs_clear(struct tx *tx, struct id id)
{
    struct cursor *cursor = cursor_start(tx->db, &account_programs_delete);
    cursor_bind_id(cursor, 1, id);
    return cursor_run(cursor, NULL);
}

STATEMENT_WRITE(account_program_add, "INSERT INTO user_program (user_id, program_id) VALUES ($1, $2) ON CONFLICT (user_id, program_id) DO NOTHING")

struct error *
account_program_insert(struct tx *tx, struct id id, struct id program_id)
{
    struct cursor *cursor = cursor_start(tx->db, &account_program_add);
    cursor_bind_id(cursor, 1, id);
    cursor_bind_id(cursor, 2, program_id);
    return cursor_run(cursor, NULL);
}

STATEMENT_READ(account_region_list, "SELECT r.code FROM user_region AS u JOIN region AS r ON r.id = u.region_id WHERE u.user_id = $1 ORDER BY r.code")

struct error *
account_regions(struct tx *tx, struct id id, const char ***ret_codes, size_t *ret_count)
{
    struct cursor *cursor = cursor_start(tx->db, &account_region_list);
    cursor_bind_id(cursor, 1, id);
    return cursor_collect(cursor, tx->arena, cursor_read_text, ret_codes, sizeof **ret_codes, ret_count);
}

STATEMENT_READ(account_program_list, "SELECT program_id FROM user_program WHERE user_id = $1 ORDER BY program_id")

struct error *
account_programs(struct tx *tx, struct id id, struct id **ret_ids, size_t *ret_count)
{
    struct cursor *cursor = cursor_start(tx->db, &account_program_list);
    cursor_bind_id(cursor, 1, id);
    return cursor_collect(cursor, tx->arena, cursor_read_id, ret_ids, sizeof **ret_ids, ret_count);
}
