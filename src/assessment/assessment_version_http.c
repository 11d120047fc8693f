/* assessment_version_http.c: the versions of a form, and what one changed against another. */
#include <string.h>

#include "assessment/assessment_difference.h"
#include "assessment/assessment_fields.h"

#define SHOWN_VERSIONS 200

static const struct field form_difference_fields[] = {
    {"from", offsetof(struct form_difference_query, from), FIELD_ID, 0, 0, 0, NULL, NULL, "another version; without it the one before"},
};
FIELD_TABLE(form_difference_table, "form_difference", struct form_difference_query, form_difference_fields);

static struct error *
load_row(struct tx *tx, struct id id, struct form_row *ret_row)
{
    bool found = false;
    TRY(form_store_load(tx, id, ret_row, &found));
    return found ? NULL : error_new(ERROR_NOT_FOUND);
}

struct error *
form_versions_step(struct tx *tx, const struct call *call, struct reply *reply)
{
    struct form_row form, *rows = ARENA_ARRAY(tx->arena, struct form_row, SHOWN_VERSIONS);
    size_t count = 0;
    TRY(load_row(tx, call->ids[0], &form));
    TRY(form_store_list_versions(tx, form.name, SHOWN_VERSIONS, rows, &count));
    reply_list_begin(reply);
    for (size_t i = 0; i < count; i++) {
        json_open(&reply->body, NULL, '{');
        json_put_id(&reply->body, "id", rows[i].id);
        json_put_int(&reply->body, "version", rows[i].version);
        json_put_text(&reply->body, "state", rows[i].state);
        json_put_instant(&reply->body, "created_at", rows[i].created_at_ms);
        json_close(&reply->body, '}');
    }
    reply_list_end(reply, tx->arena, NULL, 0);
    return NULL;
}

static void
print_side(struct buffer *body, const char *key, const struct form_row *row)
{
    json_open(body, key, '{');
    json_put_id(body, "id", row->id);
    json_put_int(body, "version", row->version);
    json_put_text(body, "name", row->name);
    json_close(body, '}');
}

/* Against a form that has no version before it: nothing changed. */
struct error *
form_difference_step(struct tx *tx, const struct call *call, struct reply *reply)
{
    const struct form_difference_query *query = call->query;
    struct form_row to_row, from_row;
    struct form *from = NULL, *to = NULL;
    bool found = true;
    TRY(assessment_form_load(tx, call->ids[0], &to_row, &to));
    if (!id_is_zero(query->from))
        TRY(load_row(tx, query->from, &from_row));
    else
        TRY(form_store_load_last(tx, to_row.name, to_row.version, &from_row, &found));
    if (!found)
        from_row = to_row;
    TRY(assessment_form_load(tx, from_row.id, &from_row, &from));
    json_open(&reply->body, NULL, '{');
    print_side(&reply->body, "from", &from_row);
    print_side(&reply->body, "to", &to_row);
    form_print_difference(tx->arena, &reply->body, from, to);
    json_close(&reply->body, '}');
    return NULL;
}

/* A form that is not stored yet, read and checked, against the version in use: what the editor shows before somebody saves. */
struct error *
form_check_step(struct tx *tx, const struct call *call, struct reply *reply)
{
    struct form_row from_row = {.version = 0};
    struct form *from = NULL, *to = NULL;
    bool found = false;
    if (call->json == NULL || call->json->kind != JSON_OBJECT)
        return error_with(ERROR_MALFORMED, "the body is no object", NULL, NULL);
    TRY(form_read(tx->arena, call->json, &to));
    TRY(form_store_load_last(tx, to->name, INT64_MAX, &from_row, &found));
    if (found)
        TRY(assessment_form_load(tx, from_row.id, &from_row, &from));
    json_open(&reply->body, NULL, '{');
    json_put_bool(&reply->body, "new", !found);
    json_put_int(&reply->body, "version", from_row.version + 1);
    form_print_difference(tx->arena, &reply->body, found ? from : to, to);
    json_close(&reply->body, '}');
    return NULL;
}
