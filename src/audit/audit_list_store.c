/* audit_list_store.c: walks over the log's rows: for the check of everything, a record's history and the list of events. */
#include "audit/audit_store.h"

STATEMENT_READ(audit_leaves_select, "SELECT seq, at_ms, actor_id, record_id, action, leaf FROM audit_leaf WHERE origin = $1 ORDER BY seq")

struct cursor *
audit_leaves_start(struct db *db, const struct id *origin)
{
    struct cursor *cursor = cursor_start(db, &audit_leaves_select);
    cursor_bind_bytes(cursor, 1, origin->bytes, sizeof origin->bytes);
    return cursor;
}

struct error *
audit_leaves_next(struct cursor *cursor, struct arena *arena, struct stored_leaf *ret_leaf, bool *ret_found)
{
    TRY(cursor_next(cursor, ret_found));
    if (!*ret_found)
        return NULL;
    *ret_leaf = (struct stored_leaf){.seq = cursor_int(cursor, 0),
                                     .at_ms = cursor_int(cursor, 1),
                                     .actor_id = cursor_id(cursor, 2),
                                     .record_id = cursor_id(cursor, 3),
                                     .action = cursor_text(cursor, arena, 4),
                                     .bytes = cursor_bytes(cursor, arena, 5)};
    return NULL;
}

STATEMENT_READ(audit_parts_select, "SELECT seq, part, kind, subject_id, commitment, sealed FROM audit_part WHERE origin = $1 ORDER BY seq, part")

struct cursor *
audit_parts_start(struct db *db, const struct id *origin)
{
    struct cursor *cursor = cursor_start(db, &audit_parts_select);
    cursor_bind_bytes(cursor, 1, origin->bytes, sizeof origin->bytes);
    return cursor;
}

struct error *
audit_parts_next(struct cursor *cursor, struct arena *arena, struct stored_part *ret_part, bool *ret_found)
{
    TRY(cursor_next(cursor, ret_found));
    if (!*ret_found)
        return NULL;
    *ret_part = (struct stored_part){.seq = cursor_int(cursor, 0),
                                     .part = cursor_int(cursor, 1),
                                     .kind = cursor_text(cursor, arena, 2),
                                     .subject = cursor_id(cursor, 3),
                                     .commitment = cursor_bytes(cursor, arena, 4),
                                     .sealed = cursor_bytes(cursor, arena, 5)};
    return NULL;
}

STATEMENT_READ(audit_checkpoints_select, "SELECT size, root, note FROM audit_checkpoint WHERE origin = $1 ORDER BY size")

struct cursor *
audit_checkpoints_start(struct db *db, const struct id *origin)
{
    struct cursor *cursor = cursor_start(db, &audit_checkpoints_select);
    cursor_bind_bytes(cursor, 1, origin->bytes, sizeof origin->bytes);
    return cursor;
}

struct error *
audit_checkpoints_next(struct cursor *cursor, struct arena *arena, struct stored_checkpoint *ret_checkpoint, bool *ret_found)
{
    TRY(cursor_next(cursor, ret_found));
    if (!*ret_found)
        return NULL;
    *ret_checkpoint = (struct stored_checkpoint){.size = cursor_int(cursor, 0),
                                                 .root = cursor_bytes(cursor, arena, 1),
                                                 .note = cursor_text(cursor, arena, 2)};
    return NULL;
}

STATEMENT_READ(audit_origins_select,
               "SELECT origin FROM ("
               "SELECT origin FROM (SELECT origin FROM audit_leaf WHERE origin > $1 ORDER BY origin LIMIT 1) AS leaf "
               "UNION ALL SELECT origin FROM (SELECT origin FROM audit_part WHERE origin > $1 ORDER BY origin LIMIT 1) AS part "
               "UNION ALL SELECT origin FROM (SELECT origin FROM audit_node WHERE origin > $1 ORDER BY origin LIMIT 1) AS node "
               "UNION ALL SELECT origin FROM (SELECT origin FROM audit_checkpoint WHERE origin > $1 ORDER BY origin LIMIT 1) AS checkpoint"
               ") AS origins ORDER BY origin LIMIT 1")

struct error *
audit_origin_next(struct db *db, struct id after, struct id *ret_origin, bool *ret_found)
{
    struct cursor *cursor = cursor_start(db, &audit_origins_select);
    cursor_bind_bytes(cursor, 1, after.bytes, sizeof after.bytes);
    struct error *error = cursor_next(cursor, ret_found);
    if (!error && *ret_found)
        *ret_origin = cursor_id(cursor, 0);
    cursor_end(cursor);
    return error;
}

/* Origins are time-ordered ids: a restored registry's older entries come first. */
STATEMENT_READ(audit_changes_select,
               "SELECT l.leaf, p.part, p.kind, p.subject_id, p.sealed, u.username FROM audit_leaf AS l "
               "JOIN audit_part AS p ON p.origin = l.origin AND p.seq = l.seq "
               "LEFT JOIN user_account AS u ON u.id = l.actor_id "
               "WHERE l.record_id = $1 AND l.at_ms <= $2 ORDER BY l.origin, l.seq, p.part")

static struct error *
changes_read(struct tx *tx, struct cursor *cursor, struct stored_change **ret_changes, size_t *ret_count)
{
    size_t count = 0, capacity = 16;
    struct stored_change *changes = ARENA_ARRAY(tx->arena, struct stored_change, capacity);
    for (;;) {
        bool row = false;
        TRY(cursor_next(cursor, &row));
        if (!row)
            break;
        if (count == capacity) {
            struct stored_change *larger = ARENA_ARRAY(tx->arena, struct stored_change, capacity * 2);
            for (size_t i = 0; i < count; i++)
                larger[i] = changes[i];
            changes = larger;
            capacity *= 2;
        }
        changes[count++] = (struct stored_change){.leaf = cursor_bytes(cursor, tx->arena, 0),
                                                  .part = cursor_int(cursor, 1),
                                                  .kind = cursor_text(cursor, tx->arena, 2),
                                                  .subject = cursor_id(cursor, 3),
                                                  .sealed = cursor_bytes(cursor, tx->arena, 4),
                                                  .username = cursor_text(cursor, tx->arena, 5)};
    }
    *ret_changes = changes;
    *ret_count = count;
    return NULL;
}

struct error *
audit_changes_load(struct tx *tx, struct id record_id, int64_t until_ms, struct stored_change **ret_changes, size_t *ret_count)
{
    struct cursor *cursor = cursor_start(tx->db, &audit_changes_select);
    cursor_bind_id(cursor, 1, record_id);
    cursor_bind_int(cursor, 2, until_ms);
    struct error *error = changes_read(tx, cursor, ret_changes, ret_count);
    cursor_end(cursor);
    return error;
}

#define EVENT_COLUMNS \
    "SELECT l.origin, l.seq, l.at_ms, l.actor_id, l.record_id, l.action, l.leaf, u.username, p.kind FROM audit_leaf AS l " \
    "LEFT JOIN user_account AS u ON u.id = l.actor_id " \
    "LEFT JOIN audit_part AS p ON p.origin = l.origin AND p.seq = l.seq AND p.part = 0 "
#define EVENT_PAGE "l.at_ms >= $1 AND l.at_ms <= $2 AND (l.at_ms, l.seq) < ($3, $4) "
#define EVENT_ORDER "ORDER BY l.at_ms DESC, l.seq DESC LIMIT $5"

/* One statement per leading filter; what is left is tested on the rows that it finds. */
STATEMENT_READ(audit_events_all, EVENT_COLUMNS "WHERE " EVENT_PAGE EVENT_ORDER)
STATEMENT_READ(audit_events_by_action, EVENT_COLUMNS "WHERE l.action = $6 AND " EVENT_PAGE EVENT_ORDER)
STATEMENT_READ(audit_events_by_actor, EVENT_COLUMNS "WHERE l.actor_id = $7 AND ($6 IS NULL OR l.action = $6) AND " EVENT_PAGE EVENT_ORDER)
STATEMENT_READ(audit_events_by_record, EVENT_COLUMNS "WHERE l.record_id = $8 AND ($7 IS NULL OR l.actor_id = $7) "
                                                     "AND ($6 IS NULL OR l.action = $6) AND " EVENT_PAGE EVENT_ORDER)

static struct cursor *
events_start(struct tx *tx, const struct audit_filter *filter)
{
    bool by_record = !id_is_zero(filter->record_id), by_actor = !id_is_zero(filter->actor_id), by_action = filter->action != NULL;
    const struct statement *statement = by_record   ? &audit_events_by_record
                                        : by_actor  ? &audit_events_by_actor
                                        : by_action ? &audit_events_by_action
                                                    : &audit_events_all;
    struct cursor *cursor = cursor_start(tx->db, statement);
    cursor_bind_int(cursor, 1, filter->from_ms);
    /* The page's own bound as well, so that a late page begins in the index where the last one ended. */
    cursor_bind_int(cursor, 2, filter->before_ms < filter->to_ms ? filter->before_ms : filter->to_ms);
    cursor_bind_int(cursor, 3, filter->before_ms);
    cursor_bind_int(cursor, 4, filter->before_seq);
    cursor_bind_int(cursor, 5, filter->limit);
    if (by_record || by_actor || by_action)
        cursor_bind_text(cursor, 6, filter->action);
    if (by_record || by_actor)
        cursor_bind_id(cursor, 7, filter->actor_id);
    if (by_record)
        cursor_bind_id(cursor, 8, filter->record_id);
    return cursor;
}

struct error *
audit_events_load(struct tx *tx, const struct audit_filter *filter, struct audit_event *ret_events, size_t *ret_count)
{
    struct cursor *cursor = events_start(tx, filter);
    struct error *error = NULL;
    size_t count = 0;
    bool row = true;
    while (!error && row && count < (size_t)filter->limit) {
        error = cursor_next(cursor, &row);
        if (error || !row)
            break;
        ret_events[count++] = (struct audit_event){.origin = cursor_id(cursor, 0),
                                                   .seq = cursor_int(cursor, 1),
                                                   .at_ms = cursor_int(cursor, 2),
                                                   .actor_id = cursor_id(cursor, 3),
                                                   .record_id = cursor_id(cursor, 4),
                                                   .action = cursor_text(cursor, tx->arena, 5),
                                                   .leaf = cursor_bytes(cursor, tx->arena, 6),
                                                   .username = cursor_text(cursor, tx->arena, 7),
                                                   .kind = cursor_text(cursor, tx->arena, 8)};
    }
    cursor_end(cursor);
    *ret_count = count;
    return error;
}

STATEMENT_READ(audit_username_select, "SELECT id FROM user_account WHERE username = $1")

struct error *
audit_username_load(struct tx *tx, const char *username, struct id *ret_user_id)
{
    struct cursor *cursor = cursor_start(tx->db, &audit_username_select);
    cursor_bind_text(cursor, 1, username);
    bool found = false;
    struct error *error = cursor_next(cursor, &found);
    if (!error)
        *ret_user_id = found ? cursor_id(cursor, 0) : (struct id){{0}};
    cursor_end(cursor);
    return error;
}
