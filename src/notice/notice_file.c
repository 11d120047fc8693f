/* notice_file.c: published notices as lines of a file, and back into another registry: what people were told goes with them. */
#include <string.h>

#include "lumbung/base/limits.h"
#include "lumbung/base/text.h"
#include "lumbung/base/time.h"
#include "notice/notice.h"

/* What the program brings is in every registry already. */
static struct error *
print_line(struct tx *tx, const struct notice_row *row, struct buffer *text)
{
    struct notice_text *texts = NULL;
    size_t count = 0;
    struct json *line = json_make(tx->arena, JSON_OBJECT), *list = json_make(tx->arena, JSON_ARRAY);
    TRY(notice_store_texts(tx, row->version, &texts, &count));
    for (size_t i = 0; i < count; i++) {
        struct json *one = json_make(tx->arena, JSON_OBJECT);
        json_set(tx->arena, one, "language", json_make_text(tx->arena, texts[i].language));
        json_set(tx->arena, one, "title", json_make_text(tx->arena, texts[i].title));
        json_set(tx->arena, one, "text", json_make_text(tx->arena, texts[i].text));
        json_push(tx->arena, list, one);
    }
    json_set(tx->arena, line, "version", json_make_text(tx->arena, row->version));
    json_set(tx->arena, line, "published_at_ms", json_make_int(tx->arena, row->published_at_ms));
    json_set(tx->arena, line, "texts", list);
    json_print_canonical(text, line);
    buffer_char(text, '\n');
    return NULL;
}

struct error *
notice_file_print(struct tx *tx, struct buffer *text)
{
    const char *after = "";
    size_t count = LIMIT_LIST_MAX;
    while (count == LIMIT_LIST_MAX) {
        struct notice_row *rows = ARENA_ARRAY(tx->arena, struct notice_row, LIMIT_LIST_MAX);
        TRY(notice_store_page(tx, after, false, LIMIT_LIST_MAX, rows, &count));
        for (size_t i = 0; i < count; i++)
            if (!id_is_zero(rows[i].id))
                TRY(print_line(tx, &rows[i], text));
        after = count > 0 ? rows[count - 1].version : after;
    }
    return NULL;
}

static struct error *
take_line(struct tx *tx, const struct actor *actor, const char *line, size_t length)
{
    struct json *json = NULL;
    struct notice_row row;
    void *parsed = NULL;
    bool found = false;
    TRY(json_parse(tx->arena, line, length, &json));
    int64_t published_at_ms = json_get_int(json, "published_at_ms", 0);
    json_remove(json, "published_at_ms");
    TRY(field_parse(tx->arena, &notice_table, json, "", FIELD_CREATE, date_of_instant(tx->now_ms, 0), &parsed));
    const struct notice_in *in = parsed;
    TRY(notice_store_load(tx, in->version, &row, &found));
    if (found) /* in already, by a run that was broken off; another text under its name shows in the digest */
        return NULL;
    TRY(notice_make(tx, actor, in, &row));
    return notice_publish_at(tx, actor, in->version, -1, published_at_ms, &row);
}

struct error *
notice_file_take(struct tx *tx, const struct actor *actor, const char *text, size_t length)
{
    const char *end = text + length;
    while (text < end) {
        const char *stop = memchr(text, '\n', (size_t)(end - text));
        size_t line = (size_t)((stop ? stop : end) - text);
        TRY(take_line(tx, actor, text, line));
        text = stop ? stop + 1 : end;
    }
    return NULL;
}
