/* score_definition_store.c: SQL of score definitions. */
#include "score/score_store.h"

STATEMENT_WRITE(score_definition_insert, "INSERT INTO score_definition (id, name, definition_version, state, definition, created_at_ms, created_by) "
                                         "VALUES ($1, $2, $3, 'draft', $4, $5, $6)")

struct error *
score_definition_store_insert(struct tx *tx, const struct actor *actor, const struct score_definition_row *row)
{
    struct cursor *cursor = cursor_start(tx->db, &score_definition_insert);
    cursor_bind_id(cursor, 1, row->id);
    cursor_bind_text(cursor, 2, row->name);
    cursor_bind_int(cursor, 3, row->version);
    cursor_bind_text(cursor, 4, row->definition);
    cursor_bind_int(cursor, 5, tx->now_ms);
    cursor_bind_id(cursor, 6, actor->user_id);
    return cursor_run(cursor, NULL);
}

#define DEFINITION_COLUMNS "id, name, definition_version, state, definition, job_id, created_at_ms"

static void
read_definition(struct cursor *cursor, struct arena *arena, void *ret_row)
{
    *(struct score_definition_row *)ret_row = (struct score_definition_row){
        .id = cursor_id(cursor, 0), .name = cursor_text(cursor, arena, 1), .version = cursor_int(cursor, 2), .state = cursor_text(cursor, arena, 3),
        .definition = cursor_text(cursor, arena, 4), .job_id = cursor_id(cursor, 5), .created_at_ms = cursor_int(cursor, 6),
    };
}

STATEMENT_READ(score_definition_by_id, "SELECT " DEFINITION_COLUMNS " FROM score_definition WHERE id = $1")

struct error *
score_definition_store_load(struct tx *tx, struct id id, struct score_definition_row *ret_row, bool *ret_found)
{
    struct cursor *cursor = cursor_start(tx->db, &score_definition_by_id);
    cursor_bind_id(cursor, 1, id);
    return cursor_one(cursor, tx->arena, read_definition, ret_row, ret_found);
}

STATEMENT_READ(score_definition_last_version, "SELECT coalesce(max(definition_version), 0) FROM score_definition WHERE name = $1")

struct error *
score_definition_store_last_version(struct tx *tx, const char *name, int64_t *ret_version)
{
    struct cursor *cursor = cursor_start(tx->db, &score_definition_last_version);
    cursor_bind_text(cursor, 1, name);
    return cursor_one(cursor, NULL, cursor_read_int, ret_version, NULL);
}

STATEMENT_READ(score_definition_page, "SELECT " DEFINITION_COLUMNS " FROM score_definition WHERE id < $1 ORDER BY id DESC LIMIT $2")

struct error *
score_definition_store_list(struct tx *tx, struct id before, int limit, struct score_definition_row *ret_rows, size_t *ret_count)
{
    struct cursor *cursor = cursor_start(tx->db, &score_definition_page);
    cursor_bind_bytes(cursor, 1, before.bytes, sizeof before.bytes);
    cursor_bind_int(cursor, 2, limit);
    return cursor_fill(cursor, tx->arena, read_definition, ret_rows, sizeof *ret_rows, limit, ret_count);
}

STATEMENT_READ(score_definition_used, "SELECT " DEFINITION_COLUMNS " FROM score_definition WHERE state = 'active' OR ($1 = 1 AND state = 'scoring') "
                                      "ORDER BY name, id LIMIT 200")

struct error *
score_definition_store_in_use(struct tx *tx, bool scoring, struct score_definition_row **ret_rows, size_t *ret_count)
{
    struct cursor *cursor = cursor_start(tx->db, &score_definition_used);
    cursor_bind_int(cursor, 1, scoring);
    return cursor_collect(cursor, tx->arena, read_definition, ret_rows, sizeof **ret_rows, ret_count);
}

STATEMENT_READ(score_definition_active, "SELECT id FROM score_definition WHERE name = $1 AND state = 'active'")

struct error *
score_definition_store_active(struct tx *tx, const char *name, struct id *ret_id, bool *ret_found)
{
    struct cursor *cursor = cursor_start(tx->db, &score_definition_active);
    cursor_bind_text(cursor, 1, name);
    return cursor_one(cursor, NULL, cursor_read_id, ret_id, ret_found);
}

STATEMENT_WRITE(score_definition_move, "UPDATE score_definition SET state = $3, job_id = $4 WHERE id = $1 AND state = $2")

struct error *
score_definition_store_move(struct tx *tx, struct id id, const char *from, const char *to, struct id job_id, bool *ret_moved)
{
    struct cursor *cursor = cursor_start(tx->db, &score_definition_move);
    cursor_bind_id(cursor, 1, id);
    cursor_bind_text(cursor, 2, from);
    cursor_bind_text(cursor, 3, to);
    cursor_bind_id(cursor, 4, job_id);
    return cursor_run_one(cursor, ret_moved);
}

STATEMENT_WRITE(score_definition_retire, "UPDATE score_definition SET state = 'retired' WHERE name = $1 AND state = 'active'")

struct error *
score_definition_store_retire(struct tx *tx, const char *name)
{
    struct cursor *cursor = cursor_start(tx->db, &score_definition_retire);
    cursor_bind_text(cursor, 1, name);
    return cursor_run(cursor, NULL);
}
