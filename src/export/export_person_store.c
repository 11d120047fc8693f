/* export_person_store.c: what tables hold of one household that no list shows by it: cases of doubles, attachments, files that it came in by. */
#include "export/export_person.h"

STATEMENT_READ(person_household, "SELECT household_id FROM member WHERE id = $1")

struct error *
person_store_household(struct tx *tx, struct id member_id, struct id *ret_household_id, bool *ret_found)
{
    struct cursor *cursor = cursor_start(tx->db, &person_household);
    cursor_bind_id(cursor, 1, member_id);
    return cursor_one(cursor, NULL, cursor_read_id, ret_household_id, ret_found);
}

STATEMENT_READ(person_duplicates, "SELECT d.kind, d.state, d.made_at_ms, d.decided_at_ms FROM duplicate_case d WHERE d.later_household = $1 UNION ALL "
                                  "SELECT d.kind, d.state, d.made_at_ms, d.decided_at_ms FROM duplicate_case d WHERE d.earlier_household = $1")

static struct error *
print_duplicates(struct cursor *cursor, struct arena *arena, struct buffer *body)
{
    bool row = true;
    for (;;) {
        TRY(cursor_next(cursor, &row));
        if (!row)
            return NULL;
        json_open(body, NULL, '{');
        json_put_text(body, "kind", cursor_text(cursor, arena, 0));
        json_put_text(body, "state", cursor_text(cursor, arena, 1));
        json_put_instant(body, "made_at", cursor_int(cursor, 2));
        if (!cursor_is_null(cursor, 3))
            json_put_instant(body, "decided_at", cursor_int(cursor, 3));
        json_close(body, '}');
    }
}

struct error *
person_store_print_duplicates(struct tx *tx, struct id household_id, struct buffer *body)
{
    struct cursor *cursor = cursor_start(tx->db, &person_duplicates);
    cursor_bind_id(cursor, 1, household_id);
    struct error *error = print_duplicates(cursor, tx->arena, body);
    cursor_end(cursor);
    return error;
}

STATEMENT_READ(person_attachments, "SELECT id, kind, bytes, created_at_ms FROM attachment WHERE subject_id = $1")

static struct error *
print_attachments(struct cursor *cursor, struct arena *arena, struct buffer *body)
{
    bool row = true;
    for (;;) {
        TRY(cursor_next(cursor, &row));
        if (!row)
            return NULL;
        json_open(body, NULL, '{');
        json_put_id(body, "id", cursor_id(cursor, 0));
        json_put_text(body, "kind", cursor_text(cursor, arena, 1));
        json_put_int(body, "bytes", cursor_int(cursor, 2));
        json_put_instant(body, "created_at", cursor_int(cursor, 3));
        json_close(body, '}');
    }
}

struct error *
person_store_print_attachments(struct tx *tx, struct id subject_id, struct buffer *body)
{
    struct cursor *cursor = cursor_start(tx->db, &person_attachments);
    cursor_bind_id(cursor, 1, subject_id);
    struct error *error = print_attachments(cursor, tx->arena, body);
    cursor_end(cursor);
    return error;
}
