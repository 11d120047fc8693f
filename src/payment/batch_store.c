/* batch_store.c: SQL of a batch itself: its row, state, versions, duties and approvals. */
#include "payment/batch_store.h"

STATEMENT_WRITE(batch_insert,
                "INSERT INTO batch (id, program_id, cycle_id, region_id, kind, state, version, rule_version, currency, item_count, total_minor, made_by, "
                "approvals_required, strict_duties, created_at_ms) VALUES ($1, $2, $3, $4, $5, 'draft', 1, $6, $7, 0, 0, $8, $9, $10, $11)")

struct error *
batch_store_insert(struct tx *tx, const struct batch *batch)
{
    struct cursor *cursor = cursor_start(tx->db, &batch_insert);
    cursor_bind_id(cursor, 1, batch->id);
    cursor_bind_id(cursor, 2, batch->program_id);
    cursor_bind_id(cursor, 3, batch->cycle_id);
    cursor_bind_id(cursor, 4, batch->region_id);
    cursor_bind_text(cursor, 5, batch->kind);
    cursor_bind_int(cursor, 6, batch->rule_version);
    cursor_bind_text(cursor, 7, batch->currency);
    cursor_bind_id(cursor, 8, batch->made_by);
    cursor_bind_int(cursor, 9, batch->approvals_required);
    cursor_bind_int(cursor, 10, batch->strict_duties);
    cursor_bind_int(cursor, 11, tx->now_ms);
    return cursor_run(cursor, NULL);
}

#define BATCH_COLUMNS \
    "b.id, b.program_id, b.cycle_id, b.region_id, b.kind, b.state, b.stage, b.stage_job_id, b.version, b.rule_version, b.currency, b.item_count, " \
    "b.total_minor, b.digest, b.made_by, b.approvals_required, b.strict_duties, b.created_at_ms, b.locked_at_ms, b.submitted_at_ms, " \
    "b.approved_at_ms, b.released_at_ms, b.audit_seq, b.stage_error"

static void
read_batch(struct cursor *cursor, struct arena *arena, void *ret_row)
{
    *(struct batch *)ret_row = (struct batch){
        .id = cursor_id(cursor, 0), .program_id = cursor_id(cursor, 1), .cycle_id = cursor_id(cursor, 2), .region_id = cursor_id(cursor, 3),
        .kind = cursor_text(cursor, arena, 4), .state = cursor_text(cursor, arena, 5), .stage = cursor_text(cursor, arena, 6),
        .stage_job_id = cursor_id(cursor, 7), .version = cursor_int(cursor, 8), .rule_version = cursor_int(cursor, 9),
        .currency = cursor_text(cursor, arena, 10), .count = cursor_int(cursor, 11), .total_minor = cursor_int(cursor, 12),
        .digest = cursor_bytes(cursor, arena, 13), .made_by = cursor_id(cursor, 14), .approvals_required = cursor_int(cursor, 15),
        .strict_duties = cursor_int(cursor, 16) != 0, .created_at_ms = cursor_int(cursor, 17), .locked_at_ms = cursor_int(cursor, 18),
        .submitted_at_ms = cursor_int(cursor, 19), .approved_at_ms = cursor_int(cursor, 20), .released_at_ms = cursor_int(cursor, 21),
        .audit_seq = cursor_is_null(cursor, 22) ? -1 : cursor_int(cursor, 22), .stage_error = cursor_text(cursor, arena, 23),
    };
}

STATEMENT_READ(batch_by_id, "SELECT " BATCH_COLUMNS " FROM batch b WHERE b.id = $1")

struct error *
batch_store_load(struct tx *tx, struct id id, struct batch *ret_batch, bool *ret_found)
{
    struct cursor *cursor = cursor_start(tx->db, &batch_by_id);
    cursor_bind_id(cursor, 1, id);
    return cursor_one(cursor, tx->arena, read_batch, ret_batch, ret_found);
}

STATEMENT_READ(batch_visible, "SELECT 1 WHERE ($2 IS NULL OR EXISTS (SELECT 1 FROM user_scope s WHERE s.user_id = $1 AND s.region_id = $2)) "
                              "AND (NOT EXISTS (SELECT 1 FROM user_program p WHERE p.user_id = $1) "
                              "OR EXISTS (SELECT 1 FROM user_program p WHERE p.user_id = $1 AND p.program_id = $3))")

/* A batch over the whole program is seen by whoever has the program: his items stay within his regions. */
struct error *
batch_store_visible(struct tx *tx, const struct actor *actor, const struct batch *batch, bool *ret_visible)
{
    *ret_visible = actor->all_regions && actor->all_programs;
    if (*ret_visible)
        return NULL;
    struct cursor *cursor = cursor_start(tx->db, &batch_visible);
    cursor_bind_id(cursor, 1, actor->user_id);
    cursor_bind_id(cursor, 2, actor->all_regions ? (struct id){{0}} : batch->region_id);
    cursor_bind_id(cursor, 3, batch->program_id);
    return cursor_exists(cursor, ret_visible);
}

STATEMENT_WRITE(batch_move, "UPDATE batch SET state = $3 WHERE id = $1 AND state = $2 AND stage IS NULL")

struct error *
batch_store_move(struct tx *tx, struct id id, const char *from, const char *to, bool *ret_moved)
{
    struct cursor *cursor = cursor_start(tx->db, &batch_move);
    cursor_bind_id(cursor, 1, id);
    cursor_bind_text(cursor, 2, from);
    cursor_bind_text(cursor, 3, to);
    return cursor_run_one(cursor, ret_moved);
}

STATEMENT_WRITE(batch_stage, "UPDATE batch SET stage = $2, stage_job_id = $3, stage_error = NULL WHERE id = $1")

struct error *
batch_store_set_stage(struct tx *tx, struct id id, const char *stage, struct id job_id)
{
    struct cursor *cursor = cursor_start(tx->db, &batch_stage);
    cursor_bind_id(cursor, 1, id);
    cursor_bind_text(cursor, 2, stage);
    cursor_bind_id(cursor, 3, job_id);
    return cursor_run(cursor, NULL);
}

STATEMENT_WRITE(batch_stage_broken, "UPDATE batch SET stage = $2, stage_job_id = NULL, stage_error = $3 WHERE id = $1")

struct error *
batch_store_break_stage(struct tx *tx, struct id id, const char *stage, const char *why)
{
    struct cursor *cursor = cursor_start(tx->db, &batch_stage_broken);
    cursor_bind_id(cursor, 1, id);
    cursor_bind_text(cursor, 2, stage);
    cursor_bind_text(cursor, 3, why);
    return cursor_run(cursor, NULL);
}

STATEMENT_WRITE(batch_set_totals, "UPDATE batch SET item_count = $2, total_minor = $3, digest = $4, rule_version = $5 WHERE id = $1")

struct error *
batch_store_set_totals(struct tx *tx, struct id id, int64_t count, int64_t total_minor, const uint8_t *digest, int64_t rule_version)
{
    struct cursor *cursor = cursor_start(tx->db, &batch_set_totals);
    cursor_bind_id(cursor, 1, id);
    cursor_bind_int(cursor, 2, count);
    cursor_bind_int(cursor, 3, total_minor);
    cursor_bind_bytes(cursor, 4, digest, SHA256_SIZE);
    cursor_bind_int(cursor, 5, rule_version);
    return cursor_run(cursor, NULL);
}

STATEMENT_WRITE(batch_stamp_locked, "UPDATE batch SET locked_at_ms = $2, audit_seq = $3 WHERE id = $1")
STATEMENT_WRITE(batch_stamp_submitted, "UPDATE batch SET submitted_at_ms = $2 WHERE id = $1")
STATEMENT_WRITE(batch_stamp_approved, "UPDATE batch SET approved_at_ms = $2 WHERE id = $1")
STATEMENT_WRITE(batch_stamp_released, "UPDATE batch SET released_at_ms = $2 WHERE id = $1")

struct error *
batch_store_stamp(struct tx *tx, struct id id, enum batch_stamp stamp, int64_t audit_seq)
{
    static const struct statement *const statements[] = {[BATCH_STAMP_LOCKED] = &batch_stamp_locked, [BATCH_STAMP_SUBMITTED] = &batch_stamp_submitted,
                                                         [BATCH_STAMP_APPROVED] = &batch_stamp_approved, [BATCH_STAMP_RELEASED] = &batch_stamp_released};
    struct cursor *cursor = cursor_start(tx->db, statements[stamp]);
    cursor_bind_id(cursor, 1, id);
    cursor_bind_int(cursor, 2, tx->now_ms);
    if (stamp == BATCH_STAMP_LOCKED)
        cursor_bind_int(cursor, 3, audit_seq);
    return cursor_run(cursor, NULL);
}

STATEMENT_WRITE(batch_version_insert, "INSERT INTO batch_version (batch_id, version, item_count, total_minor, digest, ended_by, ended_at_ms, how, reason) "
                                      "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)")
STATEMENT_WRITE(batch_reopen, "UPDATE batch SET state = 'draft', version = version + 1, digest = NULL, locked_at_ms = NULL, submitted_at_ms = NULL, "
                              "approved_at_ms = NULL WHERE id = $1")

struct error *
batch_store_new_version(struct tx *tx, const struct actor *actor, const struct batch *batch, const char *how, const char *reason)
{
    struct cursor *cursor = cursor_start(tx->db, &batch_version_insert);
    cursor_bind_id(cursor, 1, batch->id);
    cursor_bind_int(cursor, 2, batch->version);
    cursor_bind_int(cursor, 3, batch->count);
    cursor_bind_int(cursor, 4, batch->total_minor);
    cursor_bind_bytes(cursor, 5, batch->digest.data, batch->digest.length);
    cursor_bind_id(cursor, 6, actor->user_id);
    cursor_bind_int(cursor, 7, tx->now_ms);
    cursor_bind_text(cursor, 8, how);
    cursor_bind_text(cursor, 9, reason);
    TRY(cursor_run(cursor, NULL));
    cursor = cursor_start(tx->db, &batch_reopen);
    cursor_bind_id(cursor, 1, batch->id);
    return cursor_run(cursor, NULL);
}

STATEMENT_READ(batch_version_by_number, "SELECT item_count, total_minor, digest, how, reason FROM batch_version WHERE batch_id = $1 AND version = $2")

struct error *
batch_store_version(struct tx *tx, struct id batch_id, int64_t version, struct batch *ret_batch, const char **ret_how, const char **ret_reason,
                    bool *ret_found)
{
    struct cursor *cursor = cursor_start(tx->db, &batch_version_by_number);
    cursor_bind_id(cursor, 1, batch_id);
    cursor_bind_int(cursor, 2, version);
    struct error *error = cursor_next(cursor, ret_found);
    if (error == NULL && *ret_found) {
        ret_batch->version = version;
        ret_batch->count = cursor_int(cursor, 0);
        ret_batch->total_minor = cursor_int(cursor, 1);
        ret_batch->digest = cursor_bytes(cursor, tx->arena, 2);
        *ret_how = cursor_text(cursor, tx->arena, 3);
        *ret_reason = cursor_text(cursor, tx->arena, 4);
    }
    cursor_end(cursor);
    return error;
}

STATEMENT_READ(batch_duty_find, "SELECT 1 FROM batch_duty WHERE batch_id = $1 AND duty = $2 AND user_id = $3")

struct error *
batch_store_has_duty(struct tx *tx, struct id batch_id, const char *duty, struct id user_id, bool *ret_has)
{
    struct cursor *cursor = cursor_start(tx->db, &batch_duty_find);
    cursor_bind_id(cursor, 1, batch_id);
    cursor_bind_text(cursor, 2, duty);
    cursor_bind_id(cursor, 3, user_id);
    return cursor_exists(cursor, ret_has);
}

STATEMENT_WRITE(batch_duty_insert, "INSERT INTO batch_duty (batch_id, duty, user_id, at_ms) VALUES ($1, $2, $3, $4)")

struct error *
batch_store_duty(struct tx *tx, struct id batch_id, const char *duty, struct id user_id)
{
    bool has = id_is_zero(user_id); /* the console and the system hold no duty: their acts stand in the audit log */
    if (!has)
        TRY(batch_store_has_duty(tx, batch_id, duty, user_id, &has));
    if (has)
        return NULL;
    struct cursor *cursor = cursor_start(tx->db, &batch_duty_insert);
    cursor_bind_id(cursor, 1, batch_id);
    cursor_bind_text(cursor, 2, duty);
    cursor_bind_id(cursor, 3, user_id);
    cursor_bind_int(cursor, 4, tx->now_ms);
    return cursor_run(cursor, NULL);
}

STATEMENT_WRITE(batch_approval_insert, "INSERT INTO batch_approval (batch_id, version, user_id, digest, note, at_ms) VALUES ($1, $2, $3, $4, $5, $6) "
                                       "ON CONFLICT (batch_id, version, user_id) DO UPDATE SET withdrawn_at_ms = NULL, at_ms = excluded.at_ms, "
                                       "note = excluded.note, digest = excluded.digest")

struct error *
batch_store_approve(struct tx *tx, const struct batch *batch, struct id user_id, const char *note)
{
    struct cursor *cursor = cursor_start(tx->db, &batch_approval_insert);
    cursor_bind_id(cursor, 1, batch->id);
    cursor_bind_int(cursor, 2, batch->version);
    cursor_bind_id(cursor, 3, user_id);
    cursor_bind_bytes(cursor, 4, batch->digest.data, batch->digest.length);
    cursor_bind_text(cursor, 5, note);
    cursor_bind_int(cursor, 6, tx->now_ms);
    return cursor_run(cursor, NULL);
}

STATEMENT_WRITE(batch_approval_withdraw, "UPDATE batch_approval SET withdrawn_at_ms = $4 WHERE batch_id = $1 AND version = $2 AND user_id = $3 "
                                         "AND withdrawn_at_ms IS NULL")

struct error *
batch_store_withdraw(struct tx *tx, struct id batch_id, int64_t version, struct id user_id, int64_t *ret_changed)
{
    struct cursor *cursor = cursor_start(tx->db, &batch_approval_withdraw);
    cursor_bind_id(cursor, 1, batch_id);
    cursor_bind_int(cursor, 2, version);
    cursor_bind_id(cursor, 3, user_id);
    cursor_bind_int(cursor, 4, tx->now_ms);
    return cursor_run(cursor, ret_changed);
}

static void
read_approval(struct cursor *cursor, struct arena *arena, void *ret_row)
{
    *(struct batch_approval *)ret_row = (struct batch_approval){
        .user_id = cursor_id(cursor, 0), .at_ms = cursor_int(cursor, 1), .digest = cursor_bytes(cursor, arena, 2), .note = cursor_text(cursor, arena, 3),
        .withdrawn = !cursor_is_null(cursor, 4),
    };
}

STATEMENT_READ(batch_approval_list, "SELECT user_id, at_ms, digest, note, withdrawn_at_ms FROM batch_approval WHERE batch_id = $1 AND version = $2 "
                                    "ORDER BY at_ms, user_id LIMIT 32")

struct error *
batch_store_approvals(struct tx *tx, struct id batch_id, int64_t version, struct batch_approval ret_rows[BATCH_APPROVALS_MAX], size_t *ret_count)
{
    struct cursor *cursor = cursor_start(tx->db, &batch_approval_list);
    cursor_bind_id(cursor, 1, batch_id);
    cursor_bind_int(cursor, 2, version);
    return cursor_fill(cursor, tx->arena, read_approval, ret_rows, sizeof *ret_rows, BATCH_APPROVALS_MAX, ret_count);
}

/* One statement a leading filter; newest first. A batch bound to a region outside the caller's scope is not listed. */
#define BATCH_SCOPE \
    " AND ($2 = 1 OR b.region_id IS NULL OR EXISTS (SELECT 1 FROM user_scope s WHERE s.user_id = $1 AND s.region_id = b.region_id))" \
    " AND ($3 = 1 OR EXISTS (SELECT 1 FROM user_program p WHERE p.user_id = $1 AND p.program_id = b.program_id))" \
    " AND ($4 IS NULL OR b.state = $4) AND ($7 IS NULL OR EXISTS (SELECT 1 FROM region_closure k WHERE k.ancestor = $7 AND k.descendant = b.region_id))" \
    " AND ($8 IS NULL OR EXISTS (SELECT 1 FROM cycle y WHERE y.id = b.cycle_id AND y.starts_on <= $9 AND y.ends_on >= $8)) ORDER BY b.id DESC LIMIT $5"
STATEMENT_READ(batch_list_all, "SELECT " BATCH_COLUMNS " FROM batch b WHERE b.id < $6" BATCH_SCOPE)
STATEMENT_READ(batch_list_program, "SELECT " BATCH_COLUMNS " FROM batch b WHERE b.program_id = $10 AND b.id < $6" BATCH_SCOPE)
STATEMENT_READ(batch_list_cycle, "SELECT " BATCH_COLUMNS " FROM batch b WHERE b.cycle_id = $10 AND b.id < $6" BATCH_SCOPE)

struct error *
batch_store_list(struct tx *tx, const struct actor *actor, const struct batch_filter *filter, struct batch *ret_rows, size_t *ret_count)
{
    static const uint8_t last[16] = {255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255};
    bool by_cycle = !id_is_zero(filter->cycle_id), by_program = !id_is_zero(filter->program_id);
    struct cursor *cursor = cursor_start(tx->db, by_cycle ? &batch_list_cycle : by_program ? &batch_list_program : &batch_list_all);
    cursor_bind_id(cursor, 1, actor->user_id);
    cursor_bind_int(cursor, 2, actor->all_regions);
    cursor_bind_int(cursor, 3, actor->all_programs);
    cursor_bind_text(cursor, 4, filter->state);
    cursor_bind_int(cursor, 5, filter->limit);
    cursor_bind_bytes(cursor, 6, id_is_zero(filter->after) ? last : filter->after.bytes, 16);
    cursor_bind_id(cursor, 7, filter->region_id);
    cursor_bind_int_or_null(cursor, 8, !filter->has_days, filter->from);
    cursor_bind_int(cursor, 9, filter->to);
    if (by_cycle || by_program)
        cursor_bind_id(cursor, 10, by_cycle ? filter->cycle_id : filter->program_id);
    return cursor_fill(cursor, tx->arena, read_batch, ret_rows, sizeof *ret_rows, filter->limit, ret_count);
}
