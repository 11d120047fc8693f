/* export_list.c: any list as a file: its own step gives page after page, and what the pages show becomes cells. Filters, scope, masks and the access log are
 * therefore those of the list; nothing is asked of the database that the list does not ask. */
#include <string.h>

#include "export/export_read.h"
#include "export/export_write.h"
#include "lumbung/audit.h"
#include "lumbung/base/json.h"
#include "lumbung/base/limits.h"
#include "lumbung/base/text.h"
#include "lumbung/registry.h"

#define LIST_COLUMNS_MAX 64

struct listing {
    struct tx *tx;
    const struct call *call;
    struct reply *reply;
    enum export_format format;
    const char *columns[LIST_COLUMNS_MAX];
    size_t column_count;
    struct export_writer *writer; /* NULL until the columns are known */
    struct export_result result;
    int64_t rows;
};

/* --- columns -------------------------------------------------------------------------------------------------------------------------- */

static void
add_column(struct listing *listing, const char *name)
{
    for (size_t i = 0; i < listing->column_count; i++)
        if (text_equal(listing->columns[i], name))
            return;
    if (listing->column_count < LIST_COLUMNS_MAX)
        listing->columns[listing->column_count++] = arena_text(listing->tx->arena, name);
}

/* Objects open into dotted names; a list of values is one cell. */
static void
add_names(struct listing *listing, const char *prefix, const struct json *object)
{
    for (size_t i = 0; i < object->count; i++) {
        const struct json_member *member = &object->members[i];
        const char *name = prefix[0] ? arena_format(listing->tx->arena, "%s.%s", prefix, member->name) : member->name;
        if (member->value->kind == JSON_OBJECT)
            add_names(listing, name, member->value);
        else
            add_column(listing, name);
    }
}

static const struct json *
value_at(const struct json *item, const char *name)
{
    for (const char *dot = strchr(name, '.'); item && dot; dot = strchr(name, '.')) {
        char part[64];
        size_t length = (size_t)(dot - name);
        if (length >= sizeof part)
            return NULL;
        memcpy(part, name, length);
        part[length] = '\0';
        item = json_get(item, part);
        name = dot + 1;
    }
    return json_get(item, name);
}

static bool
is_known(const struct json *items, const char *name)
{
    for (size_t i = 0; i < items->count; i++)
        if (value_at(items->items[i], name))
            return true;
    return items->count == 0; /* an empty list has no names to hold it against */
}

static struct error *
refuse_column(struct listing *listing, const struct json *items, const char *name)
{
    struct buffer names;
    listing->column_count = 0;
    for (size_t i = 0; i < items->count; i++)
        add_names(listing, "", items->items[i]);
    buffer_init(&names, listing->tx->arena);
    for (size_t i = 0; i < listing->column_count; i++)
        buffer_format(&names, "%s%s", i ? ", " : "", listing->columns[i]);
    const char *said = name ? arena_format(listing->tx->arena, "%s (%s)", name, buffer_text(&names)) : "1-64";
    return query_refusal(listing->tx->arena, "columns", &(struct fault){.code = FAULT_REFERENCE, .arguments = {said}}, listing->call->language);
}

static struct error *
choose_columns(struct listing *listing, const struct json *items)
{
    const char *at = listing->call->columns;
    for (size_t i = 0; at == NULL && i < items->count; i++)
        add_names(listing, "", items->items[i]);
    while (at && *at) {
        size_t length = strcspn(at, ",");
        const char *name = arena_copy(listing->tx->arena, at, length);
        if (length == 0 || listing->column_count == LIST_COLUMNS_MAX || !is_known(items, name))
            return refuse_column(listing, items, length ? name : NULL);
        add_column(listing, name);
        at += length + (at[length] == ',');
    }
    if (listing->column_count == 0)
        add_column(listing, "id");
    return export_writer_open(listing->tx->arena, listing->format, export_directory(listing->tx), listing->columns, listing->column_count, &listing->writer);
}

/* --- rows ----------------------------------------------------------------------------------------------------------------------------- */

static void
put_cell(struct listing *listing, struct arena *arena, const struct json *value)
{
    struct buffer text;
    if (value == NULL || value->kind == JSON_NULL) {
        export_put_text(listing->writer, NULL);
    } else if (value->kind == JSON_INT) {
        export_put_int(listing->writer, value->integer);
    } else if (value->kind == JSON_TEXT) {
        export_put_text(listing->writer, value->text);
    } else {
        buffer_init(&text, arena);
        json_print(&text, NULL, value);
        export_put_text(listing->writer, buffer_text(&text));
    }
}

static struct error *
put_items(struct listing *listing, struct arena *arena, const struct json *items)
{
    for (size_t i = 0; i < items->count; i++) {
        for (size_t j = 0; j < listing->column_count; j++)
            put_cell(listing, arena, value_at(items->items[i], listing->columns[j]));
        TRY(export_end_row(listing->writer));
        TRY(export_check_rows(listing->format, ++listing->rows));
    }
    return NULL;
}

/* One page by the list's own step; what it showed is what the file shows. *ret_next: the next cursor in the request's arena, NULL at the end. */
static struct error *
put_page(struct listing *listing, struct arena *arena, const struct bytes *after, struct bytes *ret_next)
{
    struct tx tx = *listing->tx;
    struct call call = *listing->call;
    struct reply page = {.status = 200, .version = -1};
    struct json *body = NULL;
    tx.arena = arena;
    call.limit = LIMIT_LIST_MAX;
    call.after = *after;
    call.as = NULL;
    buffer_init(&page.body, arena);
    TRY(listing->call->route->step(&tx, &call, &page));
    TRY(json_parse(arena, page.body.data, page.body.length, &body));
    const struct json *items = json_get(body, "items");
    if (items == NULL || items->kind != JSON_ARRAY)
        return error_internal("list file: %s has no items", listing->call->route->path);
    if (listing->writer == NULL)
        TRY(choose_columns(listing, items));
    TRY(put_items(listing, arena, items));
    for (size_t i = 0; i < page.subject_count; i++)
        reply_saw(listing->reply, listing->tx->arena, page.subjects[i]);
    *ret_next = (struct bytes){0};
    if (page.next && !base64_parse(listing->tx->arena, page.next, true, ret_next))
        return error_internal("list file: a bad cursor");
    return NULL;
}

static struct error *
put_pages(struct listing *listing)
{
    struct bytes after = listing->call->after;
    struct arena *arena = arena_create();
    struct error *error = NULL;
    bool more = !listing->call->finds_nothing;
    if (!more)
        error = choose_columns(listing, json_make(arena, JSON_ARRAY));
    while (more && error == NULL) {
        arena_reset(arena);
        error = put_page(listing, arena, &after, &after);
        more = after.length > 0;
    }
    arena_destroy(arena);
    return error;
}

/* --- the file ------------------------------------------------------------------------------------------------------------------------- */

static struct error *
trace_apply(struct tx *tx, void *context)
{
    const struct listing *listing = context;
    struct buffer text;
    struct id id = tx_new_id(tx);
    buffer_init(&text, tx->arena);
    json_open(&text, NULL, '{');
    json_put_text(&text, "list", listing->call->route->path);
    json_put_text(&text, "format", listing->call->as);
    json_put_int(&text, "rows", listing->result.rows);
    json_put_int(&text, "bytes", spool_bytes(listing->result.spool));
    json_put_hex(&text, "sha256", listing->result.sha256, sizeof listing->result.sha256);
    json_open(&text, "columns", '[');
    for (size_t i = 0; i < listing->column_count; i++)
        json_put_text(&text, NULL, listing->columns[i]);
    json_close(&text, ']');
    json_close(&text, '}');
    struct audit_part part = {.kind = "export", .id = id, .after = buffer_text(&text)};
    struct audit_change change = {.action = "export.list", .record_id = id, .parts = &part, .part_count = 1};
    return audit_append(tx, listing->call->actor, &change, NULL);
}

/* "/api/v1/programs/{id}/cycles" is saved as cycles.csv. */
static const char *
file_name(struct arena *arena, const struct call *call)
{
    return arena_format(arena, "%s.%s", strrchr(call->route->path, '/') + 1, call->as);
}

struct error *
export_list(struct tx *tx, const struct call *call, struct reply *reply)
{
    static const char *const types[EXPORT_FORMAT_COUNT] = {[EXPORT_CSV] = "text/csv; charset=utf-8", [EXPORT_NDJSON] = "application/x-ndjson",
                                                           [EXPORT_XLSX] = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"};
    struct listing listing = {.tx = tx, .call = call, .reply = reply};
    while (listing.format < EXPORT_FORMAT_COUNT && !text_equal(export_format_names[listing.format], call->as))
        listing.format++;
    struct error *error = put_pages(&listing);
    if (error) {
        if (listing.writer)
            export_writer_drop(listing.writer);
        return error;
    }
    TRY(export_writer_finish(listing.writer, &listing.result));
    error = lane_run(tx->registry->lane, trace_apply, &listing, tx->arena);
    if (error) {
        spool_close(listing.result.spool);
        return error;
    }
    reply->content_type = types[listing.format];
    reply->filename = file_name(tx->arena, call);
    reply->spool = listing.result.spool;
    return NULL;
}
