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
    return cursor_one(cursor, NULL, cursor_read_id, ret_origin, ret_found);
}

static void
read_change(struct cursor *cursor, struct arena *arena, void *ret_change)
{
    *(struct stored_change *)ret_change = (struct stored_change){.leaf = cursor_bytes(cursor, arena, 0),
                                                                 .part = cursor_int(cursor, 1),
                                                                 .kind = cursor_text(cursor, arena, 2),
                                                                 .subject = cursor_id(cursor, 3),
                                                                 .sealed = cursor_bytes(cursor, arena, 4),
                                                                 .username = cursor_text(cursor, arena, 5)};
}

/* Origins are time-ordered ids: a restored registry's older entries come first. */
STATEMENT_READ(audit_changes_select,
               "SELECT l.leaf, p.part, p.kind, p.subject_id, p.sealed, u.username FROM audit_leaf AS l "
               "JOIN audit_part AS p ON p.origin = l.origin AND p.seq = l.seq "
               "LEFT JOIN user_account AS u ON u.id = l.actor_id "
               "WHERE l.record_id = $1 AND l.at_ms <= $2 ORDER BY l.origin, l.seq, p.part")

struct error *
audit_changes_load(struct tx *tx, struct id record_id, int64_t until_ms, struct stored_change **ret_changes, size_t *ret_count)
{
    struct cursor *cursor = cursor_start(tx->db, &audit_changes_select);
    cursor_bind_id(cursor, 1, record_id);
    cursor_bind_int(cursor, 2, until_ms);
    return cursor_collect(cursor, tx->arena, read_change, ret_changes, sizeof **ret_changes, ret_count);
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

static void
read_event(struct cursor *cursor, struct arena *arena, void *ret_event)
{
    *(struct audit_event *)ret_event = (struct audit_event){.origin = cursor_id(cursor, 0),
                                                            .seq = cursor_int(cursor, 1),
                                                            .at_ms = cursor_int(cursor, 2),
                                                            .actor_id = cursor_id(cursor, 3),
                                                            .record_id = cursor_id(cursor, 4),
                                                            .action = cursor_text(cursor, arena, 5),
                                                            .leaf = cursor_bytes(cursor, arena, 6),
                                                            .username = cursor_text(cursor, arena, 7),
                                                            .kind = cursor_text(cursor, arena, 8)};
}

struct error *
audit_events_load(struct tx *tx, const struct audit_filter *filter, struct audit_event *ret_events, size_t *ret_count)
{
    return cursor_fill(events_start(tx, filter), tx->arena, read_event, ret_events, sizeof *ret_events, filter->limit, ret_count);
}

STATEMENT_READ(audit_username_select, "SELECT id FROM user_account WHERE username = $1")

struct error *
audit_username_load(struct tx *tx, const char *username, struct id *ret_user_id)
{
    struct cursor *cursor = cursor_start(tx->db, &audit_username_select);
    cursor_bind_text(cursor, 1, username);
    *ret_user_id = (struct id){{0}};
    return cursor_one(cursor, NULL, cursor_read_id, ret_user_id, NULL);
}
