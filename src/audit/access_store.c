/* access_store.c: the tables of FILE.access: lines with the subjects that they showed, sessions' last-seen, days whose digest is in the audit log. */
#include <fcntl.h>
#include <unistd.h>

#include "audit/access_store.h"

#include <string.h>

#include "lumbung/base/buffer.h"
#include "lumbung/base/crypto.h"
#include "lumbung/base/time.h"

static const char access_schema[] =
    "CREATE TABLE IF NOT EXISTS access (seq INTEGER PRIMARY KEY, at_ms INTEGER NOT NULL, actor_id BLOB, actor_name TEXT, session BLOB, "
    "route TEXT NOT NULL, status INTEGER NOT NULL, remote TEXT, subjects BLOB NOT NULL) STRICT;"
    "CREATE INDEX IF NOT EXISTS access_time ON access (at_ms);"
    "CREATE INDEX IF NOT EXISTS access_actor ON access (actor_id, seq);"
    "CREATE TABLE IF NOT EXISTS access_subject (subject_id BLOB NOT NULL, seq INTEGER NOT NULL, PRIMARY KEY (subject_id, seq)) STRICT, WITHOUT ROWID;"
    "CREATE TABLE IF NOT EXISTS session_seen (tag BLOB PRIMARY KEY, at_ms INTEGER NOT NULL) STRICT;"
    "CREATE TABLE IF NOT EXISTS access_digest (day INTEGER PRIMARY KEY, digest BLOB NOT NULL, lines INTEGER NOT NULL) STRICT;";

/* Statements of this file's own database: they are not in the registry's list. */
#define SIDE_STATEMENT(statement_name, text, is_write) static const struct statement statement_name = {#statement_name, (text), (is_write)};

SIDE_STATEMENT(access_add, "INSERT INTO access (at_ms, actor_id, actor_name, session, route, status, remote, subjects) "
                           "VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING seq", true)
SIDE_STATEMENT(access_subject_add, "INSERT INTO access_subject (subject_id, seq) VALUES ($1, $2) ON CONFLICT (subject_id, seq) DO NOTHING", true)
SIDE_STATEMENT(seen_put, "INSERT INTO session_seen (tag, at_ms) VALUES ($1, $2) ON CONFLICT (tag) DO UPDATE SET at_ms = excluded.at_ms", true)
SIDE_STATEMENT(seen_all, "SELECT tag, at_ms FROM session_seen WHERE at_ms > $1", false)
SIDE_STATEMENT(seen_forget, "DELETE FROM session_seen WHERE at_ms < $1", true)
SIDE_STATEMENT(access_forget, "DELETE FROM access WHERE at_ms < $1", true)
SIDE_STATEMENT(access_subject_forget, "DELETE FROM access_subject WHERE seq < (SELECT COALESCE(MIN(seq), 0) FROM access)", true)
#define LINE_COLUMNS "a.seq, a.at_ms, a.actor_id, a.actor_name, a.route, a.remote, a.status, a.subjects"
#define LINE_PAGE "a.seq < $1 AND a.at_ms >= $2 AND a.at_ms <= $3 ORDER BY a.seq DESC LIMIT $4"
SIDE_STATEMENT(access_all, "SELECT " LINE_COLUMNS " FROM access AS a WHERE " LINE_PAGE, false)
SIDE_STATEMENT(access_by_actor, "SELECT " LINE_COLUMNS " FROM access AS a WHERE a.actor_id = $5 AND " LINE_PAGE, false)
SIDE_STATEMENT(access_by_subject, "SELECT " LINE_COLUMNS " FROM access_subject AS s CROSS JOIN access AS a WHERE s.subject_id = $6 AND a.seq = s.seq "
                                  "AND ($5 IS NULL OR a.actor_id = $5) AND s.seq < $1 AND a.at_ms >= $2 AND a.at_ms <= $3 ORDER BY s.seq DESC LIMIT $4", false)
SIDE_STATEMENT(access_last_before, "SELECT seq FROM access WHERE at_ms <= $1 ORDER BY at_ms DESC, seq DESC LIMIT 1", false)
SIDE_STATEMENT(access_of_day, "SELECT a.seq, a.at_ms, a.actor_id, a.session, a.route, a.remote, a.status, a.subjects FROM access AS a "
                              "WHERE a.at_ms >= $1 AND a.at_ms < $2 ORDER BY a.at_ms, a.seq", false)
SIDE_STATEMENT(access_first_after, "SELECT at_ms FROM access WHERE at_ms >= $1 ORDER BY at_ms LIMIT 1", false)
SIDE_STATEMENT(digest_last, "SELECT day FROM access_digest ORDER BY day DESC LIMIT 1", false)
SIDE_STATEMENT(digest_add, "INSERT INTO access_digest (day, digest, lines) VALUES ($1, $2, $3) ON CONFLICT (day) DO NOTHING", true)

static const struct statement *const access_statements[] = {
    &access_add,      &access_subject_add, &seen_put,           &seen_all,      &seen_forget,        &access_forget, &access_subject_forget, &access_all,
    &access_by_actor, &access_by_subject,  &access_last_before, &access_of_day, &access_first_after, &digest_last,   &digest_add,
};

struct error *
access_store_open(const char *path, struct db **ret_db)
{
    close(open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600)); /* who read whom is for the registry's owner alone; the engine keeps the mode */
    return db_open_side(path, access_schema, access_statements, sizeof access_statements / sizeof access_statements[0], ret_db);
}

static struct error *
insert_subjects(struct db *db, const struct access_entry *entry, int64_t seq)
{
    for (size_t i = 0; i < entry->subject_count; i++) {
        struct cursor *cursor = cursor_start(db, &access_subject_add);
        cursor_bind_bytes(cursor, 1, entry->subjects[i].bytes, sizeof entry->subjects[i].bytes);
        cursor_bind_int(cursor, 2, seq);
        TRY(cursor_run(cursor, NULL));
    }
    return NULL;
}

struct error *
access_store_insert(struct db *db, const struct access_entry *entry)
{
    struct cursor *cursor = cursor_start(db, &access_add);
    cursor_bind_int(cursor, 1, entry->at_ms);
    cursor_bind_id(cursor, 2, entry->actor_id);
    cursor_bind_text(cursor, 3, entry->actor_name);
    cursor_bind_bytes(cursor, 4, entry->session_tag, sizeof entry->session_tag);
    cursor_bind_text(cursor, 5, entry->route);
    cursor_bind_int(cursor, 6, entry->status);
    cursor_bind_text(cursor, 7, entry->remote);
    cursor_bind_bytes(cursor, 8, entry->subject_count > 0 ? (const void *)entry->subjects : (const void *)"", entry->subject_count * sizeof entry->subjects[0]);
    int64_t seq = 0;
    TRY(cursor_one(cursor, NULL, cursor_read_int, &seq, NULL));
    return insert_subjects(db, entry, seq);
}

struct error *
access_store_seen(struct db *db, const uint8_t tag[16], int64_t at_ms)
{
    struct cursor *cursor = cursor_start(db, &seen_put);
    cursor_bind_bytes(cursor, 1, tag, 16);
    cursor_bind_int(cursor, 2, at_ms);
    return cursor_run(cursor, NULL);
}

struct error *
access_store_seen_load(struct db *db, struct arena *arena, int64_t since_ms, void (*take)(void *context, const uint8_t tag[16], int64_t at_ms), void *context)
{
    struct cursor *cursor = cursor_start(db, &seen_all);
    cursor_bind_int(cursor, 1, since_ms);
    struct error *error = NULL;
    for (bool row = true; row;) {
        error = cursor_next(cursor, &row);
        if (error || !row)
            break;
        struct bytes tag = cursor_bytes(cursor, arena, 0);
        if (tag.length == 16)
            take(context, tag.data, cursor_int(cursor, 1));
    }
    cursor_end(cursor);
    return error;
}

static struct error *
run_with_int(struct db *db, const struct statement *statement, int64_t value)
{
    struct cursor *cursor = cursor_start(db, statement);
    cursor_bind_int(cursor, 1, value);
    return cursor_run(cursor, NULL);
}

struct error *
access_store_forget(struct db *db, int64_t before_ms, int64_t seen_before_ms)
{
    TRY(run_with_int(db, &seen_forget, seen_before_ms));
    TRY(run_with_int(db, &access_forget, before_ms));
    return cursor_run(cursor_start(db, &access_subject_forget), NULL);
}

/* Where the walk begins: behind the last line of the period, so that a list of last year does not walk over this one. */
static struct error *
first_seq(struct db *db, const struct access_filter *filter, int64_t *ret_before)
{
    int64_t seq = 0;
    bool found = false;
    *ret_before = filter->before_seq;
    struct cursor *cursor = cursor_start(db, &access_last_before);
    cursor_bind_int(cursor, 1, filter->to_ms);
    TRY(cursor_one(cursor, NULL, cursor_read_int, &seq, &found));
    if (found && seq < *ret_before)
        *ret_before = seq + 1;
    return NULL;
}

static struct error *
query_start(struct db *db, const struct access_filter *filter, struct cursor **ret_cursor)
{
    bool by_subject = !id_is_zero(filter->subject_id), by_actor = !id_is_zero(filter->actor_id);
    int64_t before = filter->before_seq;
    if (!by_subject && !by_actor)
        TRY(first_seq(db, filter, &before));
    struct cursor *cursor = cursor_start(db, by_subject ? &access_by_subject : by_actor ? &access_by_actor : &access_all);
    cursor_bind_int(cursor, 1, before);
    cursor_bind_int(cursor, 2, filter->from_ms);
    cursor_bind_int(cursor, 3, filter->to_ms);
    cursor_bind_int(cursor, 4, filter->limit);
    if (by_subject || by_actor)
        cursor_bind_id(cursor, 5, filter->actor_id);
    if (by_subject)
        cursor_bind_id(cursor, 6, filter->subject_id);
    *ret_cursor = cursor;
    return NULL;
}

static void
read_line(struct cursor *cursor, struct arena *arena, void *ret_row)
{
    struct bytes subjects = cursor_bytes(cursor, arena, 7);
    size_t subject_count = subjects.length / sizeof(struct id);
    struct id *ids = ARENA_ARRAY(arena, struct id, subject_count);
    if (subject_count > 0)
        memcpy(ids, subjects.data, subject_count * sizeof *ids);
    *(struct access_row *)ret_row = (struct access_row){.seq = cursor_int(cursor, 0),
                                                        .at_ms = cursor_int(cursor, 1),
                                                        .actor_id = cursor_id(cursor, 2),
                                                        .actor_name = cursor_text(cursor, arena, 3),
                                                        .route = cursor_text(cursor, arena, 4),
                                                        .remote = cursor_text(cursor, arena, 5),
                                                        .status = (int)cursor_int(cursor, 6),
                                                        .subjects = ids,
                                                        .subject_count = subject_count};
}

struct error *
access_store_query(struct db *db, struct arena *arena, const struct access_filter *filter, struct access_row *ret_rows, size_t *ret_count)
{
    struct cursor *cursor = NULL;
    TRY(query_start(db, filter, &cursor));
    return cursor_fill(cursor, arena, read_line, ret_rows, sizeof *ret_rows, filter->limit, ret_count);
}

static void
digest_hex(struct buffer *line, struct bytes bytes)
{
    for (size_t i = 0; i < bytes.length; i++)
        buffer_format(line, "%02x", bytes.data[i]);
}

/* seq|at_ms|actor|session|route|remote|status|subjects, each line ended by LF; ids in hex. */
static void
digest_line(struct sha256 *state, struct arena *arena, struct cursor *cursor)
{
    struct buffer line;
    const char *route = cursor_text(cursor, arena, 4), *remote = cursor_text(cursor, arena, 5);
    buffer_init(&line, arena);
    buffer_format(&line, "%lld|%lld|", (long long)cursor_int(cursor, 0), (long long)cursor_int(cursor, 1));
    digest_hex(&line, cursor_bytes(cursor, arena, 2));
    buffer_char(&line, '|');
    digest_hex(&line, cursor_bytes(cursor, arena, 3));
    buffer_format(&line, "|%s|%s|%lld|", route ? route : "", remote ? remote : "", (long long)cursor_int(cursor, 6));
    digest_hex(&line, cursor_bytes(cursor, arena, 7));
    buffer_char(&line, '\n');
    sha256_update(state, line.data, line.length);
}

struct error *
access_store_digest(struct db *db, int32_t day, uint8_t ret_digest[32], int64_t *ret_count)
{
    struct sha256 state;
    struct error *error = NULL;
    struct arena *arena = arena_create();
    int64_t count = 0;
    struct cursor *cursor = cursor_start(db, &access_of_day);
    cursor_bind_int(cursor, 1, (int64_t)day * DAY_MS);
    cursor_bind_int(cursor, 2, ((int64_t)day + 1) * DAY_MS);
    sha256_start(&state);
    for (bool row = true; row;) {
        error = cursor_next(cursor, &row);
        if (error || !row)
            break;
        digest_line(&state, arena, cursor);
        arena_reset(arena);
        count++;
    }
    cursor_end(cursor);
    arena_destroy(arena);
    sha256_finish(&state, ret_digest);
    *ret_count = count;
    return error;
}

struct error *
access_store_next_day(struct db *db, int32_t today, int32_t *ret_day, bool *ret_found)
{
    int64_t last = 0, at_ms = 0;
    bool found = false;
    TRY(cursor_one(cursor_start(db, &digest_last), NULL, cursor_read_int, &last, &found));
    struct cursor *cursor = cursor_start(db, &access_first_after);
    cursor_bind_int(cursor, 1, found ? (last + 1) * DAY_MS : 0);
    TRY(cursor_one(cursor, NULL, cursor_read_int, &at_ms, &found));
    *ret_found = found && at_ms / DAY_MS < today;
    *ret_day = (int32_t)(at_ms / DAY_MS);
    return NULL;
}

struct error *
access_store_digest_kept(struct db *db, int32_t day, const uint8_t digest[32], int64_t count)
{
    struct cursor *cursor = cursor_start(db, &digest_add);
    cursor_bind_int(cursor, 1, day);
    cursor_bind_bytes(cursor, 2, digest, 32);
    cursor_bind_int(cursor, 3, count);
    return cursor_run(cursor, NULL);
}
