/* notice_http.c: the calls of notices: reading them, writing a draft, publishing it. */
#include <string.h>

#include "lumbung/base/text.h"
#include "notice/notice.h"

/* Drafts are for those who write them. */
static bool
may_write(const struct call *call)
{
    return actor_may(call->actor, PERM_PROGRAM_WRITE);
}

static void
print_row(struct buffer *buffer, const struct notice_row *row, const struct notice_row *asked)
{
    json_put_text(buffer, "version", row->version);
    json_put_text(buffer, "state", row->state);
    json_put_bool(buffer, "asked", text_equal(row->version, asked->version));
    json_put_int(buffer, "revision", row->revision);
    if (row->made_at_ms > 0)
        json_put_instant(buffer, "made_at", row->made_at_ms);
    else
        json_put_null(buffer, "made_at");
    json_put_id(buffer, "made_by", row->made_by);
    if (row->published_at_ms > 0)
        json_put_instant(buffer, "published_at", row->published_at_ms);
    else
        json_put_null(buffer, "published_at");
    json_put_id(buffer, "published_by", row->published_by);
}

static const char *
title_in(const struct notice_text *texts, size_t count, enum language language)
{
    for (size_t i = 0; i < count; i++)
        if (text_equal(texts[i].language, language == LANGUAGE_EN ? "en" : "id"))
            return texts[i].title;
    return count > 0 ? texts[0].title : NULL;
}

static struct error *
print_item(struct tx *tx, const struct notice_row *row, const struct notice_row *asked, enum language language, struct buffer *buffer)
{
    struct notice_text *texts = NULL;
    size_t count = 0;
    TRY(notice_store_texts(tx, row->version, &texts, &count));
    json_open(buffer, NULL, '{');
    print_row(buffer, row, asked);
    json_put_text(buffer, "title", title_in(texts, count, language));
    json_open(buffer, "languages", '[');
    for (size_t i = 0; i < count; i++)
        json_put_text(buffer, NULL, texts[i].language);
    json_close(buffer, ']');
    json_close(buffer, '}');
    return NULL;
}

static struct error *
list_step(struct tx *tx, const struct call *call, struct reply *reply)
{
    struct notice_row *rows = ARENA_ARRAY(tx->arena, struct notice_row, call->limit), asked;
    const char *after = call->after.length > 0 ? arena_copy(tx->arena, (const char *)call->after.data, call->after.length) : "";
    size_t count = 0;
    TRY(notice_store_asked(tx, &asked));
    TRY(notice_store_page(tx, after, may_write(call), call->limit, rows, &count));
    reply_list_begin(reply);
    for (size_t i = 0; i < count; i++)
        TRY(print_item(tx, &rows[i], &asked, call->language, &reply->body));
    const char *last = count == (size_t)call->limit ? rows[count - 1].version : NULL;
    reply_list_end(reply, tx->arena, last, last ? strlen(last) : 0);
    return NULL;
}

static struct error *
answer(struct tx *tx, const struct notice_row *row, struct reply *reply)
{
    struct notice_row asked;
    struct notice_text *texts = NULL;
    size_t count = 0;
    TRY(notice_store_asked(tx, &asked));
    TRY(notice_store_texts(tx, row->version, &texts, &count));
    reply->version = row->revision;
    reply->record_id = row->id;
    json_open(&reply->body, NULL, '{');
    print_row(&reply->body, row, &asked);
    notice_texts_print(&reply->body, texts, count);
    json_close(&reply->body, '}');
    return NULL;
}

static struct error *
get_step(struct tx *tx, const struct call *call, struct reply *reply)
{
    struct notice_row row;
    bool found = false;
    TRY(notice_store_load(tx, call->texts[0], &row, &found));
    if (!found || (text_equal(row.state, "draft") && !may_write(call)))
        return error_new(ERROR_NOT_FOUND);
    return answer(tx, &row, reply);
}

static struct error *
replay_step(struct tx *tx, const struct call *call, struct reply *reply)
{
    struct notice_row row;
    bool found = false;
    TRY(notice_store_by_id(tx, call->ids[0], &row, &found));
    return found ? answer(tx, &row, reply) : error_new(ERROR_NOT_FOUND);
}

static struct error *
make_step(struct tx *tx, const struct call *call, struct reply *reply)
{
    struct notice_row row;
    TRY(notice_make(tx, call->actor, call->in, &row));
    reply->status = 201;
    reply->location = arena_format(tx->arena, "/api/v1/consent-notices/%s", row.version);
    return answer(tx, &row, reply);
}

static struct error *
change_step(struct tx *tx, const struct call *call, struct reply *reply)
{
    struct notice_row row;
    TRY(notice_change(tx, call->actor, call->texts[0], call->in, call->if_match, &row));
    return answer(tx, &row, reply);
}

static struct error *
publish_step(struct tx *tx, const struct call *call, struct reply *reply)
{
    struct notice_row row;
    TRY(notice_publish(tx, call->actor, call->texts[0], call->if_match, &row));
    return answer(tx, &row, reply);
}

#define NOTICES "/api/v1/consent-notices"
#define WRITES .kind = ROUTE_WRITE, .perm = PERM_PROGRAM_WRITE, .scope = SCOPE_NONE, .key = KEY_OPTIONAL, .replay = replay_step

const struct route notice_routes[] = {
    {.method = METHOD_GET, .path = NOTICES, .kind = ROUTE_READ_FAST, .perm = PERM_SIGNED_IN, .scope = SCOPE_NONE, .list = true,
     .summary = "Notices that people are told before they consent, by version; \"asked\" is the newest published one", .step = list_step},
    {.method = METHOD_POST, .path = NOTICES, WRITES, .body = BODY_TABLE, .in = &notice_table, .body_bytes_max = NOTICE_BODY_BYTES, .action = "notice.create",
     .summary = "A new version of the notice, as a draft", .step = make_step},
    {.method = METHOD_GET, .path = NOTICES "/{version}", .kind = ROUTE_READ_FAST, .perm = PERM_SIGNED_IN, .scope = SCOPE_NONE,
     .summary = "A version of the notice with its text in every language", .step = get_step},
    {.method = METHOD_PATCH, .path = NOTICES "/{version}", WRITES, .version = VERSION_OPTIONAL, .body = BODY_TABLE, .in = &notice_change_table,
     .body_bytes_max = NOTICE_BODY_BYTES, .action = "notice.change", .summary = "Replace the texts of a draft", .step = change_step},
    {.method = METHOD_POST, .path = NOTICES "/{version}/publish", WRITES, .version = VERSION_OPTIONAL, .action = "notice.publish",
     .summary = "Publish a draft: from now on it is the one that is asked, and it never changes", .step = publish_step},
    {0},
};
