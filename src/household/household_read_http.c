/* household_read_http.c: reading households: one, as of an instant, its history, lists; and the code lists. */
#include <string.h>

#include "household/household_codes.h"
#include "household/household_history.h"
#include "household/household_steps.h"
#include "lumbung/base/text.h"
#include "lumbung/base/time.h"
#include "lumbung/region.h"

#define STEP_UP_MS (5 * 60 * 1000)

struct read_query { struct presence presence; int64_t as_of; bool reveal; };
static const struct field read_query_fields[] = {
    {.name = "as_of", .offset = offsetof(struct read_query, as_of), .kind = FIELD_INSTANT, .about = "as it stood at this instant"},
    {.name = "reveal", .offset = offsetof(struct read_query, reveal), .kind = FIELD_BOOL, .about = "numbers in full; needs household.reveal and a fresh second factor"},
};
FIELD_TABLE(household_read_query_table, "HouseholdQuery", struct read_query, read_query_fields);

#define FILTERED_MAX 500 /* households looked at for one page of a filtered list */

struct list_query { struct presence presence; const char *region, *flag; };
static const struct field list_query_fields[] = {
    {.name = "region", .offset = offsetof(struct list_query, region), .kind = FIELD_TEXT, .minimum = 1, .maximum = 40, .about = "official code; its whole subtree"},
    {.name = "flag", .offset = offsetof(struct list_query, flag), .kind = FIELD_TEXT, .minimum = 1, .maximum = 60,
     .about = "only households that bear this flag today; a page may be empty and yet not the last"},
};
FIELD_TABLE(household_list_query_table, "HouseholdListQuery", struct list_query, list_query_fields);

struct error *
household_choose_part(struct tx *tx, const struct call *call, bool reveal, enum field_part *ret_part)
{
    *ret_part = household_part(call->actor);
    if (!reveal)
        return NULL;
    if (!actor_may(call->actor, PERM_HOUSEHOLD_REVEAL) || call->actor->masking == MASKING_PSEUDONYM)
        return error_new(ERROR_FORBIDDEN);
    if (tx->now_ms - call->actor->second_factor_at_ms > STEP_UP_MS)
        return error_new(ERROR_STEP_UP);
    *ret_part = FIELD_ALL;
    return NULL;
}

static void
saw_all(struct reply *reply, struct arena *arena, const struct household_file *file)
{
    reply_saw(reply, arena, file->row.id);
    for (size_t i = 0; i < file->member_count; i++)
        reply_saw(reply, arena, file->members[i].row.id);
}

struct error *
household_get_step(struct tx *tx, const struct call *call, struct reply *reply)
{
    const struct read_query *query = call->query;
    enum field_part part;
    struct household_file file;
    TRY(household_choose_part(tx, call, query && query->reveal, &part));
    TRY(household_file_load(tx, call->actor, call->ids[0], &file));
    saw_all(reply, tx->arena, &file);
    if (query && field_present(&household_read_query_table, query, "as_of"))
        return household_print_as_of(tx, call->actor, call->ids[0], query->as_of, part, &reply->body);
    reply->version = file.row.version;
    return household_print(tx, call->actor, &reply->body, &file, part);
}

struct error *
household_history_step(struct tx *tx, const struct call *call, struct reply *reply)
{
    struct household_file file;
    TRY(household_file_load(tx, call->actor, call->ids[0], &file));
    saw_all(reply, tx->arena, &file);
    json_open(&reply->body, NULL, '{');
    json_open(&reply->body, "items", '[');
    TRY(household_print_history(tx, call->actor, call->ids[0], household_part(call->actor), &reply->body));
    json_close(&reply->body, ']');
    json_close(&reply->body, '}');
    return NULL;
}

static struct error *
print_line(struct tx *tx, const struct call *call, struct reply *reply, const struct household_row *row)
{
    struct region region;
    struct member_row head_row;
    struct household_member head = {0};
    bool has_head = false;
    TRY(region_by_id(tx, row->region_id, &region));
    if (!id_is_zero(row->head_id))
        TRY(member_store_load(tx, row->head_id, &head_row, &has_head));
    if (has_head)
        TRY(household_member_unpack(tx, &head_row, &head));
    json_open(&reply->body, NULL, '{');
    json_put_id(&reply->body, "id", row->id);
    json_put_text(&reply->body, "head", has_head ? household_shown_name(tx, call->actor, head_row.id, head.record->name) : NULL);
    json_put_text(&reply->body, "region", region.code);
    json_put_text(&reply->body, "region_name", region.name);
    if (call->actor->masking != MASKING_PSEUDONYM) {
        json_put_text(&reply->body, "hamlet", row->hamlet);
        json_put_text(&reply->body, "rw", row->rw);
        json_put_text(&reply->body, "rt", row->rt);
    }
    json_put_text(&reply->body, "state", row->state);
    json_put_text(&reply->body, "roster", row->roster);
    json_put_int(&reply->body, "member_count", row->member_count);
    json_put_int(&reply->body, "version", row->version);
    json_put_instant(&reply->body, "created_at", row->created_at_ms);
    json_close(&reply->body, '}');
    reply_saw(reply, tx->arena, row->id);
    return NULL;
}

/* An unknown region is a filter that nothing meets. */
static struct error *
find_filter(struct tx *tx, const struct call *call, struct id *ret_region_id, bool *ret_empty)
{
    const struct list_query *query = call->query;
    *ret_empty = false;
    if (!query || !query->region)
        return NULL;
    struct region region;
    struct error *error = region_by_code(tx, call->actor, query->region, &region);
    if (error && error->code == ERROR_NOT_FOUND) {
        error_free(error);
        *ret_empty = true;
        return NULL;
    }
    TRY(error);
    *ret_region_id = region.id;
    return NULL;
}

static struct error *
passes(struct tx *tx, const struct list_query *query, const struct household_row *row, bool *ret_passes)
{
    bool known = true;
    *ret_passes = true;
    return query && query->flag ? household_flag_filter(tx, row->id, query->flag, ret_passes, &known) : NULL;
}

/* Prints what passes until the page is full or all that was read has been seen. *ret_seen: how many rows of the page were. */
static struct error *
print_page(struct tx *tx, const struct call *call, struct reply *reply, const struct household_page *page, size_t *ret_seen)
{
    size_t last = page->count > (size_t)page->limit - 1 ? (size_t)page->limit - 1 : page->count;
    for (int shown = 0; *ret_seen < last && shown < call->limit; ++*ret_seen) {
        bool wanted = false;
        TRY(passes(tx, call->query, &page->rows[*ret_seen], &wanted));
        if (wanted)
            TRY(print_line(tx, call, reply, &page->rows[*ret_seen]));
        shown += wanted;
    }
    return NULL;
}

struct error *
household_list_step(struct tx *tx, const struct call *call, struct reply *reply)
{
    const struct list_query *query = call->query;
    bool filtered = query && query->flag, empty = false;
    struct household_page page = {.limit = (filtered ? FILTERED_MAX : call->limit) + 1, .only_active = filtered};
    TRY(find_filter(tx, call, &page.region_id, &empty));
    if (call->after.length == 2 * sizeof(struct id)) {
        memcpy(&page.after_region, call->after.data, sizeof(struct id));
        memcpy(&page.after_id, call->after.data + sizeof(struct id), sizeof(struct id));
        bool visible = false;
        TRY(region_in_scope(tx, call->actor, page.after_region, &visible));
        empty |= !visible; /* a cursor from before the caller's regions changed */
    }
    if (!empty)
        TRY(household_store_page(tx, call->actor, &page));
    size_t seen = 0;
    reply_list_begin(reply);
    TRY(print_page(tx, call, reply, &page, &seen));
    uint8_t cursor[2 * sizeof(struct id)];
    bool more = page.count > seen;
    if (more) {
        memcpy(cursor, &page.rows[seen - 1].region_id, sizeof(struct id));
        memcpy(cursor + sizeof(struct id), &page.rows[seen - 1].id, sizeof(struct id));
    }
    reply_list_end(reply, tx->arena, more ? cursor : NULL, more ? sizeof cursor : 0);
    return NULL;
}

static void
print_code_list(struct buffer *body, const struct code_list *list)
{
    json_open(body, NULL, '{');
    json_put_text(body, "name", list->name);
    json_put_int(body, "version", list->version);
    json_open(body, "items", '[');
    for (size_t i = 0; i < list->count; i++) {
        json_open(body, NULL, '{');
        json_put_text(body, "code", list->codes[i].word);
        json_put_text(body, "id", list->codes[i].label_id);
        json_put_text(body, "en", list->codes[i].label_en);
        json_close(body, '}');
    }
    json_close(body, ']');
    json_close(body, '}');
}

/* All of them in one answer: a page needs many, and they change with the program only. */
struct error *
household_codes_step(struct tx *tx, const struct call *call, struct reply *reply)
{
    (void)tx;
    (void)call;
    json_open(&reply->body, NULL, '{');
    json_open(&reply->body, "items", '[');
    for (const struct code_list *const *list = code_lists; *list; list++)
        print_code_list(&reply->body, *list);
    json_close(&reply->body, ']');
    json_put_null(&reply->body, "next");
    json_close(&reply->body, '}');
    return NULL;
}

struct error *
household_code_list_step(struct tx *tx, const struct call *call, struct reply *reply)
{
    (void)tx;
    const struct code_list *const *list = code_lists;
    while (*list && !text_equal((*list)->name, call->texts[0]))
        list++;
    if (!*list)
        return error_new(ERROR_NOT_FOUND);
    print_code_list(&reply->body, *list);
    return NULL;
}
