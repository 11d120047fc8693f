/* household_objection_store.c: SQL of open objections: the log leads to the few households that ever withdrew or objected. */
#include "household/household_objection.h"

#define OPEN_OBJECTIONS \
    " FROM audit_leaf l CROSS JOIN household_consent c CROSS JOIN household h WHERE l.action = 'household.consent_withdraw' AND c.household_id = l.record_id " \
    "AND c.withdrawal = 'objection' AND h.id = c.household_id AND h.state = 'active' AND ($1 = 1 OR EXISTS " \
    "(SELECT 1 FROM user_scope s WHERE s.user_id = $2 AND s.region_id = h.region_id))"
STATEMENT_READ(objection_open, "SELECT c.id" OPEN_OBJECTIONS " GROUP BY c.id, c.withdrawn_at_ms ORDER BY c.withdrawn_at_ms, c.id LIMIT $3")

struct error *
objection_store_open(struct tx *tx, const struct actor *actor, int limit, struct id *ret_consent_ids, size_t *ret_count)
{
    struct cursor *cursor = cursor_start(tx->db, &objection_open);
    cursor_bind_int(cursor, 1, actor->all_regions);
    cursor_bind_id(cursor, 2, actor->user_id);
    cursor_bind_int(cursor, 3, limit);
    return cursor_fill(cursor, NULL, cursor_read_id, ret_consent_ids, sizeof *ret_consent_ids, limit, ret_count);
}

STATEMENT_READ(objection_count, "SELECT count(DISTINCT c.id)" OPEN_OBJECTIONS)

struct error *
objection_store_count(struct tx *tx, const struct actor *actor, int64_t *ret_count)
{
    struct cursor *cursor = cursor_start(tx->db, &objection_count);
    cursor_bind_int(cursor, 1, actor->all_regions);
    cursor_bind_id(cursor, 2, actor->user_id);
    return cursor_one(cursor, NULL, cursor_read_int, ret_count, NULL);
}

STATEMENT_WRITE(objection_decide, "UPDATE household_consent SET withdrawal = $2 WHERE id = $1 AND withdrawal = 'objection'")

struct error *
objection_store_decide(struct tx *tx, struct id consent_id, const char *withdrawal)
{
    bool done = false;
    struct cursor *cursor = cursor_start(tx->db, &objection_decide);
    cursor_bind_id(cursor, 1, consent_id);
    cursor_bind_text(cursor, 2, withdrawal);
    TRY(cursor_run_one(cursor, &done));
    return done ? NULL : error_state(&situation_codes, "decided", BARRED_DECIDE);
}
