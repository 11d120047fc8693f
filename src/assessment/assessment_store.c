/* assessment_store.c: SQL of forms, assessments and scores. */
#include "assessment/assessment_store.h"

STATEMENT_WRITE(form_insert, "INSERT INTO form (id, name, form_version, state, definition, created_at_ms, created_by) VALUES ($1, $2, $3, 'active', $4, $5, $6)")

struct error *
form_store_insert(struct tx *tx, const struct actor *actor, const struct form_row *form)
{
    struct cursor *cursor = cursor_start(tx->db, &form_insert);
    cursor_bind_id(cursor, 1, form->id);
    cursor_bind_text(cursor, 2, form->name);
    cursor_bind_int(cursor, 3, form->version);
    cursor_bind_text(cursor, 4, form->definition);
    cursor_bind_int(cursor, 5, tx->now_ms);
    cursor_bind_id(cursor, 6, actor->user_id);
    return cursor_run(cursor, NULL);
}

STATEMENT_WRITE(form_retire, "UPDATE form SET state = 'retired' WHERE name = $1 AND state = 'active'")

struct error *
form_store_retire(struct tx *tx, const char *name)
{
    struct cursor *cursor = cursor_start(tx->db, &form_retire);
    cursor_bind_text(cursor, 1, name);
    return cursor_run(cursor, NULL);
}

static void
read_form(struct cursor *cursor, struct arena *arena, void *ret_row)
{
    *(struct form_row *)ret_row = (struct form_row){
        .id = cursor_id(cursor, 0), .name = cursor_text(cursor, arena, 1), .version = cursor_int(cursor, 2), .state = cursor_text(cursor, arena, 3),
        .definition = cursor_text(cursor, arena, 4), .created_at_ms = cursor_int(cursor, 5),
    };
}

#define FORM_COLUMNS "id, name, form_version, state, definition, created_at_ms"
STATEMENT_READ(form_by_id, "SELECT " FORM_COLUMNS " FROM form WHERE id = $1")

struct error *
form_store_load(struct tx *tx, struct id id, struct form_row *ret_form, bool *ret_found)
{
    struct cursor *cursor = cursor_start(tx->db, &form_by_id);
    cursor_bind_id(cursor, 1, id);
    return cursor_one(cursor, tx->arena, read_form, ret_form, ret_found);
}

STATEMENT_READ(form_page, "SELECT " FORM_COLUMNS " FROM form WHERE id > $1 AND state = 'active' ORDER BY id LIMIT $2")

struct error *
form_store_list(struct tx *tx, struct id after, int limit, struct form_row *ret_rows, size_t *ret_count)
{
    struct cursor *cursor = cursor_start(tx->db, &form_page);
    cursor_bind_bytes(cursor, 1, after.bytes, sizeof after.bytes);
    cursor_bind_int(cursor, 2, limit);
    return cursor_fill(cursor, tx->arena, read_form, ret_rows, sizeof *ret_rows, limit, ret_count);
}

STATEMENT_READ(form_next, "SELECT " FORM_COLUMNS " FROM form WHERE name = $1 AND form_version > $2 ORDER BY form_version LIMIT 1")

struct error *
form_store_load_next(struct tx *tx, const char *name, int64_t version, struct form_row *ret_form, bool *ret_found)
{
    struct cursor *cursor = cursor_start(tx->db, &form_next);
    cursor_bind_text(cursor, 1, name);
    cursor_bind_int(cursor, 2, version);
    return cursor_one(cursor, tx->arena, read_form, ret_form, ret_found);
}

STATEMENT_READ(form_last, "SELECT " FORM_COLUMNS " FROM form WHERE name = $1 AND form_version < $2 ORDER BY form_version DESC LIMIT 1")

struct error *
form_store_load_last(struct tx *tx, const char *name, int64_t version, struct form_row *ret_form, bool *ret_found)
{
    struct cursor *cursor = cursor_start(tx->db, &form_last);
    cursor_bind_text(cursor, 1, name);
    cursor_bind_int(cursor, 2, version);
    return cursor_one(cursor, tx->arena, read_form, ret_form, ret_found);
}

STATEMENT_READ(form_versions, "SELECT " FORM_COLUMNS " FROM form WHERE name = $1 ORDER BY form_version DESC LIMIT $2")

struct error *
form_store_list_versions(struct tx *tx, const char *name, int limit, struct form_row *ret_rows, size_t *ret_count)
{
    struct cursor *cursor = cursor_start(tx->db, &form_versions);
    cursor_bind_text(cursor, 1, name);
    cursor_bind_int(cursor, 2, limit);
    return cursor_fill(cursor, tx->arena, read_form, ret_rows, sizeof *ret_rows, limit, ret_count);
}

STATEMENT_READ(form_last_version, "SELECT coalesce(max(form_version), 0) FROM form WHERE name = $1")

struct error *
form_store_last_version(struct tx *tx, const char *name, int64_t *ret_version)
{
    struct cursor *cursor = cursor_start(tx->db, &form_last_version);
    cursor_bind_text(cursor, 1, name);
    return cursor_one(cursor, NULL, cursor_read_int, ret_version, NULL);
}

STATEMENT_WRITE(assessment_insert, "INSERT INTO assessment (id, household_id, form_id, assessed_on, sealed, recorded_at_ms, recorded_by) "
                                   "VALUES ($1, $2, $3, $4, $5, $6, $7)")

struct error *
assessment_store_insert(struct tx *tx, const struct assessment_row *row)
{
    struct cursor *cursor = cursor_start(tx->db, &assessment_insert);
    cursor_bind_id(cursor, 1, row->id);
    cursor_bind_id(cursor, 2, row->household_id);
    cursor_bind_id(cursor, 3, row->form_id);
    cursor_bind_int(cursor, 4, row->assessed_on);
    cursor_bind_bytes(cursor, 5, row->sealed.data, row->sealed.length);
    cursor_bind_int(cursor, 6, tx->now_ms);
    cursor_bind_id(cursor, 7, row->recorded_by);
    return cursor_run(cursor, NULL);
}

static void
read_assessment(struct cursor *cursor, struct arena *arena, void *ret_row)
{
    *(struct assessment_row *)ret_row = (struct assessment_row){
        .id = cursor_id(cursor, 0), .household_id = cursor_id(cursor, 1), .form_id = cursor_id(cursor, 2), .assessed_on = (int32_t)cursor_int(cursor, 3),
        .sealed = cursor_bytes(cursor, arena, 4), .recorded_at_ms = cursor_int(cursor, 5), .recorded_by = cursor_id(cursor, 6),
    };
}

#define ASSESSMENT_COLUMNS "id, household_id, form_id, assessed_on, sealed, recorded_at_ms, recorded_by"
STATEMENT_READ(assessment_by_id, "SELECT " ASSESSMENT_COLUMNS " FROM assessment WHERE id = $1")

struct error *
assessment_store_load(struct tx *tx, struct id id, struct assessment_row *ret_row, bool *ret_found)
{
    struct cursor *cursor = cursor_start(tx->db, &assessment_by_id);
    cursor_bind_id(cursor, 1, id);
    return cursor_one(cursor, tx->arena, read_assessment, ret_row, ret_found);
}

STATEMENT_READ(assessment_of_household, "SELECT " ASSESSMENT_COLUMNS " FROM assessment WHERE household_id = $1 ORDER BY assessed_on DESC, id DESC LIMIT $2")

struct error *
assessment_store_list(struct tx *tx, struct id household_id, int limit, struct assessment_row *ret_rows, size_t *ret_count)
{
    struct cursor *cursor = cursor_start(tx->db, &assessment_of_household);
    cursor_bind_id(cursor, 1, household_id);
    cursor_bind_int(cursor, 2, limit);
    return cursor_fill(cursor, tx->arena, read_assessment, ret_rows, sizeof *ret_rows, limit, ret_count);
}

STATEMENT_WRITE(score_insert, "INSERT INTO assessment_score (assessment_id, name, value, detail) VALUES ($1, $2, $3, $4)")

struct error *
score_store_insert(struct tx *tx, struct id assessment_id, const struct score_row *score)
{
    struct cursor *cursor = cursor_start(tx->db, &score_insert);
    cursor_bind_id(cursor, 1, assessment_id);
    cursor_bind_text(cursor, 2, score->name);
    cursor_bind_int_or_null(cursor, 3, !score->has_value, score->value);
    cursor_bind_text(cursor, 4, score->detail);
    return cursor_run(cursor, NULL);
}

static void
read_score(struct cursor *cursor, struct arena *arena, void *ret_row)
{
    *(struct score_row *)ret_row = (struct score_row){
        .name = cursor_text(cursor, arena, 0), .has_value = !cursor_is_null(cursor, 1), .value = cursor_int(cursor, 1),
        .detail = cursor_text(cursor, arena, 2),
    };
}

STATEMENT_READ(score_of_assessment, "SELECT name, value, detail FROM assessment_score WHERE assessment_id = $1 ORDER BY name LIMIT 16")

struct error *
score_store_list(struct tx *tx, struct id assessment_id, struct score_row ret_rows[SCORES_MAX], size_t *ret_count)
{
    struct cursor *cursor = cursor_start(tx->db, &score_of_assessment);
    cursor_bind_id(cursor, 1, assessment_id);
    return cursor_fill(cursor, tx->arena, read_score, ret_rows, sizeof *ret_rows, SCORES_MAX, ret_count);
}

STATEMENT_READ(score_latest, "SELECT s.value FROM assessment a JOIN assessment_score s ON s.assessment_id = a.id AND s.name = $2 WHERE a.household_id = $1 "
                             "ORDER BY a.assessed_on DESC, a.id DESC LIMIT 1")

struct error *
score_store_latest(struct tx *tx, struct id household_id, const char *name, int64_t *ret_value, bool *ret_found)
{
    struct cursor *cursor = cursor_start(tx->db, &score_latest);
    cursor_bind_id(cursor, 1, household_id);
    cursor_bind_text(cursor, 2, name);
    bool row = false;
    struct error *error = cursor_next(cursor, &row);
    *ret_found = error == NULL && row && !cursor_is_null(cursor, 0);
    if (*ret_found)
        *ret_value = cursor_int(cursor, 0);
    cursor_end(cursor);
    return error;
}
