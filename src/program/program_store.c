/* program_store.c: SQL of programs. */
#include "program/program_store.h"

STATEMENT_WRITE(program_insert, "INSERT INTO program (id, name, category, owner, currency, unit, state, rule_version, budget_minor, starts_on, ends_on, "
                                "utc_offset_min, community_validation, approvals_required, strict_duties, version, created_at_ms) "
                                "VALUES ($1, $2, $3, $4, $5, $6, 'draft', $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)")

static void
program_bind(struct cursor *cursor, const struct program *program)
{
    cursor_bind_id(cursor, 1, program->id);
    cursor_bind_text(cursor, 2, program->name);
    cursor_bind_text(cursor, 3, program->category);
    cursor_bind_text(cursor, 4, program->owner);
    cursor_bind_text(cursor, 5, program->currency);
    cursor_bind_text(cursor, 6, program->unit);
    cursor_bind_int(cursor, 7, program->rule_version);
    cursor_bind_int(cursor, 8, program->budget_minor);
    cursor_bind_int(cursor, 9, program->starts_on);
    cursor_bind_int_or_null(cursor, 10, program->ends_on == 0, program->ends_on);
    cursor_bind_int(cursor, 11, program->utc_offset_min);
    cursor_bind_int(cursor, 12, program->community_validation);
    cursor_bind_int(cursor, 13, program->approvals_required);
    cursor_bind_int(cursor, 14, program->strict_duties);
    cursor_bind_int(cursor, 15, program->version);
}

struct error *
program_store_insert(struct tx *tx, const struct program *program)
{
    struct cursor *cursor = cursor_start(tx->db, &program_insert);
    program_bind(cursor, program);
    cursor_bind_int(cursor, 16, tx->now_ms);
    return cursor_run(cursor, NULL);
}

STATEMENT_WRITE(program_update, "UPDATE program SET name = $2, category = $3, owner = $4, currency = $5, unit = $6, rule_version = $7, budget_minor = $8, "
                                "starts_on = $9, ends_on = $10, utc_offset_min = $11, community_validation = $12, approvals_required = $13, "
                                "strict_duties = $14, version = $15 WHERE id = $1")

struct error *
program_store_update(struct tx *tx, const struct program *program)
{
    struct cursor *cursor = cursor_start(tx->db, &program_update);
    program_bind(cursor, program);
    return cursor_run(cursor, NULL);
}

STATEMENT_WRITE(program_set_state, "UPDATE program SET state = $3, version = version + 1 WHERE id = $1 AND state = $2")

struct error *
program_store_set_state(struct tx *tx, struct id id, const char *from, const char *to, int64_t *ret_changed)
{
    struct cursor *cursor = cursor_start(tx->db, &program_set_state);
    cursor_bind_id(cursor, 1, id);
    cursor_bind_text(cursor, 2, from);
    cursor_bind_text(cursor, 3, to);
    return cursor_run(cursor, ret_changed);
}

#define PROGRAM_COLUMNS \
    "p.id, p.name, p.category, p.owner, p.currency, p.unit, p.state, r.rule_version, p.budget_minor, p.starts_on, p.ends_on, p.utc_offset_min, " \
    "p.community_validation, p.approvals_required, p.strict_duties, p.version, r.rule, r.entitlement, r.digest"
#define PROGRAM_SCOPE " AND ($2 = 1 OR EXISTS (SELECT 1 FROM user_program u WHERE u.user_id = $1 AND u.program_id = p.id))"

static void
read_program(struct cursor *cursor, struct arena *arena, void *ret_row)
{
    struct program *program = ret_row;
    *program = (struct program){
        .id = cursor_id(cursor, 0), .name = cursor_text(cursor, arena, 1), .category = cursor_text(cursor, arena, 2), .owner = cursor_text(cursor, arena, 3),
        .currency = cursor_text(cursor, arena, 4), .unit = cursor_text(cursor, arena, 5), .state = cursor_text(cursor, arena, 6),
        .rule_version = cursor_int(cursor, 7), .budget_minor = cursor_int(cursor, 8), .starts_on = (int32_t)cursor_int(cursor, 9),
        .ends_on = (int32_t)cursor_int(cursor, 10), .utc_offset_min = (int)cursor_int(cursor, 11), .community_validation = cursor_int(cursor, 12) != 0,
        .approvals_required = (int)cursor_int(cursor, 13), .strict_duties = cursor_int(cursor, 14) != 0, .version = cursor_int(cursor, 15),
        .rule = cursor_text(cursor, arena, 16), .entitlement = cursor_text(cursor, arena, 17),
    };
    struct bytes digest = cursor_bytes(cursor, arena, 18);
    for (size_t i = 0; i < digest.length && i < sizeof program->rule_digest; i++)
        program->rule_digest[i] = digest.data[i];
}

STATEMENT_READ(program_by_id, "SELECT " PROGRAM_COLUMNS " FROM program p JOIN program_rule r ON r.program_id = p.id AND r.rule_version = "
                              "CASE WHEN $4 = 0 THEN p.rule_version ELSE $4 END WHERE p.id = $3" PROGRAM_SCOPE)

struct error *
program_store_load(struct tx *tx, const struct actor *actor, struct id id, int64_t rule_version, struct program *ret_program, bool *ret_found)
{
    struct cursor *cursor = cursor_start(tx->db, &program_by_id);
    cursor_bind_id(cursor, 1, actor ? actor->user_id : (struct id){{0}});
    cursor_bind_int(cursor, 2, actor == NULL || actor->all_programs);
    cursor_bind_id(cursor, 3, id);
    cursor_bind_int(cursor, 4, rule_version);
    return cursor_one(cursor, tx->arena, read_program, ret_program, ret_found);
}

STATEMENT_READ(program_page, "SELECT " PROGRAM_COLUMNS " FROM program p JOIN program_rule r ON r.program_id = p.id AND r.rule_version = p.rule_version "
                             "WHERE p.id > $3" PROGRAM_SCOPE " ORDER BY p.id LIMIT $4")

struct error *
program_store_list(struct tx *tx, const struct actor *actor, struct id after, int limit, struct program *ret_rows, size_t *ret_count)
{
    struct cursor *cursor = cursor_start(tx->db, &program_page);
    cursor_bind_id(cursor, 1, actor->user_id);
    cursor_bind_int(cursor, 2, actor->all_programs);
    cursor_bind_bytes(cursor, 3, after.bytes, sizeof after.bytes);
    cursor_bind_int(cursor, 4, limit);
    return cursor_fill(cursor, tx->arena, read_program, ret_rows, sizeof *ret_rows, limit, ret_count);
}

STATEMENT_WRITE(program_rule_insert, "INSERT INTO program_rule (program_id, rule_version, rule, entitlement, digest, created_at_ms, created_by) "
                                     "VALUES ($1, $2, $3, $4, $5, $6, $7)")

struct error *
program_store_insert_rule(struct tx *tx, const struct actor *actor, const struct program *program)
{
    struct cursor *cursor = cursor_start(tx->db, &program_rule_insert);
    cursor_bind_id(cursor, 1, program->id);
    cursor_bind_int(cursor, 2, program->rule_version);
    cursor_bind_text(cursor, 3, program->rule);
    cursor_bind_text(cursor, 4, program->entitlement);
    cursor_bind_bytes(cursor, 5, program->rule_digest, sizeof program->rule_digest);
    cursor_bind_int(cursor, 6, tx->now_ms);
    cursor_bind_id(cursor, 7, actor->user_id);
    return cursor_run(cursor, NULL);
}

static void
read_rule(struct cursor *cursor, struct arena *arena, void *ret_row)
{
    *(struct program_rule_row *)ret_row = (struct program_rule_row){
        cursor_int(cursor, 0), cursor_int(cursor, 1), cursor_id(cursor, 2), cursor_text(cursor, arena, 3), cursor_text(cursor, arena, 4),
    };
}

STATEMENT_READ(program_rule_list, "SELECT rule_version, created_at_ms, created_by, rule, entitlement FROM program_rule WHERE program_id = $1 "
                                  "ORDER BY rule_version DESC LIMIT $2")

struct error *
program_store_rules(struct tx *tx, struct id id, struct program_rule_row *ret_rows, int limit, size_t *ret_count)
{
    struct cursor *cursor = cursor_start(tx->db, &program_rule_list);
    cursor_bind_id(cursor, 1, id);
    cursor_bind_int(cursor, 2, limit);
    return cursor_fill(cursor, tx->arena, read_rule, ret_rows, sizeof *ret_rows, limit, ret_count);
}

/* --- what rules ask ------------------------------------------------------------------------------------------------------------------ */

STATEMENT_READ(program_tariff, "SELECT t.amount_minor FROM region_code rc JOIN region_closure c ON c.descendant = rc.region_id JOIN tariff t ON t.region_id = "
                               "c.ancestor JOIN region r ON r.id = t.region_id WHERE rc.code = $2 AND t.name = $1 ORDER BY r.level DESC LIMIT 1")

struct error *
program_store_tariff(struct tx *tx, const char *name, const char *region_code, int64_t *ret_minor, bool *ret_found)
{
    struct cursor *cursor = cursor_start(tx->db, &program_tariff);
    cursor_bind_text(cursor, 1, name);
    cursor_bind_text(cursor, 2, region_code);
    return cursor_one(cursor, NULL, cursor_read_int, ret_minor, ret_found);
}

STATEMENT_READ(program_received, "SELECT 1 FROM disbursement d JOIN program p ON p.id = d.program_id WHERE d.household_id = $1 AND (p.name = $2 OR "
                                 "p.category = $2) AND (d.received_minor > 0 OR d.state IN ('paid', 'partly_paid', 'closed_short')) AND d.last_received_at_ms >= $3 LIMIT 1")

struct error *
program_store_received(struct tx *tx, struct id household_id, const char *name, int64_t since_ms, bool *ret_received)
{
    struct cursor *cursor = cursor_start(tx->db, &program_received);
    cursor_bind_id(cursor, 1, household_id);
    cursor_bind_text(cursor, 2, name);
    cursor_bind_int(cursor, 3, since_ms);
    return cursor_exists(cursor, ret_received);
}

STATEMENT_READ(program_enrolled, "SELECT 1 FROM enrollment WHERE household_id = $2 AND program_id = $1 AND family_no = $3 AND member_id IS NOT DISTINCT FROM $4 "
                                 "AND state NOT IN ('refused', 'exited') LIMIT 1")

struct error *
program_store_enrolled(struct tx *tx, struct id program_id, struct program_unit unit, bool *ret_enrolled)
{
    struct cursor *cursor = cursor_start(tx->db, &program_enrolled);
    cursor_bind_id(cursor, 1, program_id);
    cursor_bind_id(cursor, 2, unit.household_id);
    cursor_bind_int(cursor, 3, unit.family_no);
    cursor_bind_id(cursor, 4, unit.member_id);
    return cursor_exists(cursor, ret_enrolled);
}

STATEMENT_READ(program_money, "SELECT coalesce((SELECT sum(a.balance_minor) FROM batch b JOIN ledger_account a ON a.owner_id = b.id AND a.kind = 'batch' "
                              "WHERE b.program_id = $1), 0), coalesce((SELECT sum(a.balance_minor) FROM batch b JOIN ledger_account a ON a.owner_id = b.id "
                              "AND a.kind = 'open' WHERE b.program_id = $1), 0), coalesce((SELECT sum(a.balance_minor) FROM batch b JOIN ledger_account a "
                              "ON a.owner_id = b.id AND a.kind = 'paid' WHERE b.program_id = $1), 0), coalesce((SELECT sum(s.enrollments) FROM "
                              "enrollment_sum s WHERE s.program_id = $1 AND s.state = 'enrolled'), 0), coalesce((SELECT sum(s.enrollments) FROM enrollment_sum s "
                              "WHERE s.program_id = $1 AND s.state IN ('proposed', 'waitlisted', 'eligible', 'validated')), 0)")

struct error *
program_store_money(struct tx *tx, struct id program_id, struct program_money *ret_money)
{
    struct cursor *cursor = cursor_start(tx->db, &program_money);
    cursor_bind_id(cursor, 1, program_id);
    return cursor_one_ints(cursor, (int64_t *[]){&ret_money->claimed_minor, &ret_money->open_minor, &ret_money->paid_minor, &ret_money->enrolled, &ret_money->waiting}, 5);
}

STATEMENT_READ(program_same_name, "SELECT 1 FROM program WHERE name = $1 AND id <> $2")

struct error *
program_store_name_taken(struct tx *tx, const struct program *program, bool *ret_taken)
{
    struct cursor *cursor = cursor_start(tx->db, &program_same_name);
    cursor_bind_text(cursor, 1, program->name);
    cursor_bind_id(cursor, 2, program->id);
    return cursor_exists(cursor, ret_taken);
}

STATEMENT_READ(program_cycle_span, "SELECT count(*), coalesce(min(starts_on), 0), coalesce(max(ends_on), 0) FROM cycle WHERE program_id = $1")

struct error *
program_store_cycle_span(struct tx *tx, struct id program_id, int32_t *ret_first, int32_t *ret_last, bool *ret_any)
{
    struct cursor *cursor = cursor_start(tx->db, &program_cycle_span);
    cursor_bind_id(cursor, 1, program_id);
    int64_t count = 0, first = 0, last = 0;
    TRY(cursor_one_ints(cursor, (int64_t *[]){&count, &first, &last}, 3));
    *ret_any = count > 0;
    *ret_first = (int32_t)first;
    *ret_last = (int32_t)last;
    return NULL;
}
