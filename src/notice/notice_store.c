/* notice_store.c: SQL of notices. */
#include "notice/notice_store.h"

#define NOTICE_SELECT "SELECT version, id, state, revision, made_by, published_by, made_at_ms, published_at_ms FROM notice "

static void
read_notice(struct cursor *cursor, struct arena *arena, void *ret_row)
{
    *(struct notice_row *)ret_row = (struct notice_row){
        .version = cursor_text(cursor, arena, 0), .id = cursor_id(cursor, 1), .state = cursor_text(cursor, arena, 2), .revision = cursor_int(cursor, 3),
        .made_by = cursor_id(cursor, 4), .published_by = cursor_id(cursor, 5), .made_at_ms = cursor_int(cursor, 6), .published_at_ms = cursor_int(cursor, 7),
    };
}

STATEMENT_READ(notice_by_version, NOTICE_SELECT "WHERE version = $1")

struct error *
notice_store_load(struct tx *tx, const char *version, struct notice_row *ret_row, bool *ret_found)
{
    struct cursor *cursor = cursor_start(tx->db, &notice_by_version);
    cursor_bind_text(cursor, 1, version);
    return cursor_one(cursor, tx->arena, read_notice, ret_row, ret_found);
}

STATEMENT_READ(notice_by_id, NOTICE_SELECT "WHERE id = $1")

struct error *
notice_store_by_id(struct tx *tx, struct id id, struct notice_row *ret_row, bool *ret_found)
{
    struct cursor *cursor = cursor_start(tx->db, &notice_by_id);
    cursor_bind_id(cursor, 1, id);
    return cursor_one(cursor, tx->arena, read_notice, ret_row, ret_found);
}

STATEMENT_READ(notice_newest, NOTICE_SELECT "WHERE state = 'published' ORDER BY published_at_ms DESC, version DESC LIMIT 1")

struct error *
notice_store_asked(struct tx *tx, struct notice_row *ret_row)
{
    bool found = false;
    TRY(cursor_one(cursor_start(tx->db, &notice_newest), tx->arena, read_notice, ret_row, &found));
    return found ? NULL : error_internal("no notice is published");
}

STATEMENT_READ(notice_page, NOTICE_SELECT "WHERE version > $1 AND ($2 = 1 OR state = 'published') ORDER BY version LIMIT $3")

struct error *
notice_store_page(struct tx *tx, const char *after, bool with_drafts, int limit, struct notice_row *ret_rows, size_t *ret_count)
{
    struct cursor *cursor = cursor_start(tx->db, &notice_page);
    cursor_bind_text(cursor, 1, after);
    cursor_bind_int(cursor, 2, with_drafts);
    cursor_bind_int(cursor, 3, limit);
    return cursor_fill(cursor, tx->arena, read_notice, ret_rows, sizeof *ret_rows, limit, ret_count);
}

static void
read_text(struct cursor *cursor, struct arena *arena, void *ret_row)
{
    *(struct notice_text *)ret_row = (struct notice_text){.language = cursor_text(cursor, arena, 0), .title = cursor_text(cursor, arena, 1), .text = cursor_text(cursor, arena, 2)};
}

STATEMENT_READ(notice_texts, "SELECT language, title, body FROM notice_text WHERE version = $1 ORDER BY language")

struct error *
notice_store_texts(struct tx *tx, const char *version, struct notice_text **ret_texts, size_t *ret_count)
{
    struct cursor *cursor = cursor_start(tx->db, &notice_texts);
    cursor_bind_text(cursor, 1, version);
    return cursor_collect(cursor, tx->arena, read_text, ret_texts, sizeof **ret_texts, ret_count);
}

STATEMENT_READ(notice_is_said, "SELECT 1 FROM notice_text t JOIN notice n ON n.version = t.version WHERE t.version = $1 AND t.language = $2 AND n.state = 'published'")

struct error *
notice_store_is_said(struct tx *tx, const char *version, const char *language, bool *ret_said)
{
    struct cursor *cursor = cursor_start(tx->db, &notice_is_said);
    cursor_bind_text(cursor, 1, version);
    cursor_bind_text(cursor, 2, language);
    return cursor_exists(cursor, ret_said);
}

STATEMENT_WRITE(notice_insert, "INSERT INTO notice (version, id, state, revision, made_by, made_at_ms) VALUES ($1, $2, $3, $4, $5, $6)")

struct error *
notice_store_insert(struct tx *tx, const struct notice_row *row)
{
    struct cursor *cursor = cursor_start(tx->db, &notice_insert);
    cursor_bind_text(cursor, 1, row->version);
    cursor_bind_id(cursor, 2, row->id);
    cursor_bind_text(cursor, 3, row->state);
    cursor_bind_int(cursor, 4, row->revision);
    cursor_bind_id(cursor, 5, row->made_by);
    cursor_bind_int(cursor, 6, row->made_at_ms);
    return cursor_run(cursor, NULL);
}

STATEMENT_WRITE(notice_text_clear, "DELETE FROM notice_text WHERE version = $1")
STATEMENT_WRITE(notice_text_insert, "INSERT INTO notice_text (version, language, title, body) VALUES ($1, $2, $3, $4)")

struct error *
notice_store_replace_texts(struct tx *tx, const char *version, const struct notice_text *texts, size_t count)
{
    struct cursor *clear = cursor_start(tx->db, &notice_text_clear);
    cursor_bind_text(clear, 1, version);
    TRY(cursor_run(clear, NULL));
    for (size_t i = 0; i < count; i++) {
        struct cursor *cursor = cursor_start(tx->db, &notice_text_insert);
        cursor_bind_text(cursor, 1, version);
        cursor_bind_text(cursor, 2, texts[i].language);
        cursor_bind_text(cursor, 3, texts[i].title);
        cursor_bind_text(cursor, 4, texts[i].text);
        TRY(cursor_run(cursor, NULL));
    }
    return NULL;
}

STATEMENT_WRITE(notice_update, "UPDATE notice SET state = $2, revision = $3, published_by = $4, published_at_ms = $5 WHERE version = $1 AND state = 'draft'")

struct error *
notice_store_update(struct tx *tx, const struct notice_row *row)
{
    bool done = false;
    struct cursor *cursor = cursor_start(tx->db, &notice_update);
    cursor_bind_text(cursor, 1, row->version);
    cursor_bind_text(cursor, 2, row->state);
    cursor_bind_int(cursor, 3, row->revision);
    cursor_bind_id(cursor, 4, row->published_by);
    cursor_bind_int_or_null(cursor, 5, row->published_at_ms == 0, row->published_at_ms);
    TRY(cursor_run_one(cursor, &done));
    return done ? NULL : error_internal("a published notice was to be changed");
}
