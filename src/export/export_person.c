/* export_person.c: what is held of one person, for him to take along: his own record, what his household's says of all, their history without the others'
 * entries, what was decided and paid, and who looked. Each part comes from the step that shows it elsewhere, so that none is forgotten when it grows. */
#include "export/export_person.h"

#include <string.h>

#include "lumbung/access_log.h"
#include "lumbung/assessment.h"
#include "lumbung/audit.h"
#include "lumbung/base/json.h"
#include "lumbung/base/limits.h"
#include "lumbung/base/text.h"
#include "lumbung/disbursement.h"
#include "lumbung/enrollment.h"
#include "lumbung/household.h"
#include "lumbung/registry.h"

#define HOUSEHOLDS_MAX 16 /* that one person has lived in */
#define READS_MAX 5000

struct person_query {
    struct presence presence;
    const char *reason;
};
static const struct field person_query_fields[] = {
    {.name = "reason", .offset = offsetof(struct person_query, reason), .kind = FIELD_TEXT, .flags = FIELD_REQUIRED, .minimum = 3, .maximum = 500,
     .about = "who asked, and when"},
};
FIELD_TABLE(export_person_query_table, "PersonFileQuery", struct person_query, person_query_fields);

struct person {
    struct tx *tx;
    const struct call *call;
    struct reply *reply;
    struct id member_id;
    const char *member_text;
    struct id households[HOUSEHOLDS_MAX]; /* the present one first */
    size_t household_count;
};

/* --- other steps' answers ------------------------------------------------------------------------------------------------------------- */

static const struct route *
route_of(const struct route *table, const char *path)
{
    for (; table->path; table++)
        if (table->method == METHOD_GET && strcmp(table->path, path) == 0)
            return table;
    return NULL;
}

/* What GET `path` answers of a household, one page. Whom it shows is said to the access log. */
static struct error *
ask(struct person *person, const struct route *table, const char *path, struct id id, const struct json *query, const struct bytes *after, struct json **ret_body,
    const char **ret_next)
{
    const struct route *route = route_of(table, path);
    struct call call = *person->call;
    struct reply answer = {.status = 200, .version = -1};
    void *parsed = NULL;
    if (route == NULL)
        return error_internal("person file: no route %s", path);
    if (route->query)
        TRY(field_parse(person->tx->arena, route->query, query, "", FIELD_CREATE, 0, &parsed));
    call.route = route;
    call.query = parsed;
    call.ids[0] = id;
    call.limit = LIMIT_LIST_MAX;
    call.after = *after;
    buffer_init(&answer.body, person->tx->arena);
    TRY(route->step(person->tx, &call, &answer));
    for (size_t i = 0; i < answer.subject_count; i++)
        reply_saw(person->reply, person->tx->arena, answer.subjects[i]);
    *ret_next = answer.next;
    return json_parse(person->tx->arena, answer.body.data, answer.body.length, ret_body);
}

static const struct json *
no_query(struct person *person)
{
    return json_make(person->tx->arena, JSON_OBJECT);
}

/* --- parts ---------------------------------------------------------------------------------------------------------------------------- */

static bool
is_his(const struct person *person, const struct json *object, const char *name)
{
    return text_equal(json_get_text(object, name), person->member_text);
}

static void
print_member(struct person *person, const struct json *household, struct buffer *body)
{
    static const char *const lists[] = {"members", "former_members"};
    for (size_t i = 0; i < 2; i++) {
        const struct json *list = json_get(household, lists[i]);
        for (size_t j = 0; list && list->kind == JSON_ARRAY && j < list->count; j++)
            if (is_his(person, list->items[j], "id")) {
                json_print(body, "member", list->items[j]);
                return;
            }
    }
}

/* The household's own fields; other people's records are theirs. */
static struct error *
print_household(struct person *person, struct buffer *body)
{
    struct json *query = json_make(person->tx->arena, JSON_OBJECT), *household = NULL;
    const char *next = NULL;
    json_set(person->tx->arena, query, "reveal", json_make_bool(person->tx->arena, true));
    TRY(ask(person, household_routes, "/api/v1/households/{id}", person->households[0], query, &(struct bytes){0}, &household, &next));
    print_member(person, household, body);
    json_remove(household, "members");
    json_remove(household, "former_members");
    json_print(body, "household", household);
    return NULL;
}

static void
add_household(struct person *person, const char *text)
{
    struct id id;
    if (text == NULL || !id_parse(text, &id) || person->household_count == HOUSEHOLDS_MAX)
        return;
    for (size_t i = 0; i < person->household_count; i++)
        if (id_equal(person->households[i], id))
            return;
    person->households[person->household_count++] = id;
}

/* Changes of another member's record are left out, and so are acts that changed nothing else. */
static bool
concerns_him(struct person *person, const struct json *change)
{
    const char *pointer = json_get_text(change, "pointer");
    bool of_member = text_begins(pointer, "/members/");
    bool his = of_member && strncmp(pointer + 9, person->member_text, ID_TEXT_SIZE - 1) == 0;
    if (his && text_equal(pointer + 9 + ID_TEXT_SIZE - 1, "/household_id")) {
        const struct json *before = json_get(change, "before"), *after = json_get(change, "after");
        add_household(person, before && before->kind == JSON_TEXT ? before->text : NULL);
        add_household(person, after && after->kind == JSON_TEXT ? after->text : NULL);
    }
    return his || !of_member;
}

static void
print_entry(struct person *person, struct json *entry, struct buffer *body)
{
    struct json *changes = json_get(entry, "changes"), *kept = json_make(person->tx->arena, JSON_ARRAY);
    for (size_t i = 0; changes && i < changes->count; i++)
        if (concerns_him(person, changes->items[i]))
            json_push(person->tx->arena, kept, changes->items[i]);
    if (changes && changes->count > 0 && kept->count == 0)
        return;
    json_set(person->tx->arena, entry, "changes", kept);
    json_print(body, NULL, entry);
}

/* Households that he has lived in before are found on the way and told too, as far as the reader may see them. */
static struct error *
print_history(struct person *person, struct buffer *body)
{
    json_open(body, "history", '[');
    for (size_t i = 0; i < person->household_count; i++) {
        struct json *history = NULL;
        const char *next = NULL;
        struct error *error = ask(person, household_routes, "/api/v1/households/{id}/history", person->households[i], no_query(person), &(struct bytes){0}, &history, &next);
        if (error && error->code == ERROR_NOT_FOUND && i > 0) {
            error_free(error);
            continue;
        }
        TRY(error);
        const struct json *items = json_get(history, "items");
        for (size_t j = 0; items && j < items->count; j++)
            print_entry(person, items->items[j], body);
    }
    json_close(body, ']');
    return NULL;
}

/* A list of his household; what names another member as its own is left out. */
static struct error *
print_list(struct person *person, const char *name, const struct route *table, const char *path, struct buffer *body)
{
    struct bytes after = {0};
    bool more = true;
    json_open(body, name, '[');
    while (more) {
        struct json *page = NULL;
        const char *next = NULL;
        TRY(ask(person, table, path, person->households[0], no_query(person), &after, &page, &next));
        const struct json *items = json_get(page, "items");
        for (size_t i = 0; items && i < items->count; i++) {
            const struct json *member = json_get(items->items[i], "member_id");
            if (member == NULL || member->kind != JSON_TEXT || is_his(person, items->items[i], "member_id"))
                json_print(body, NULL, items->items[i]);
        }
        more = next != NULL && base64_parse(person->tx->arena, next, true, &after);
    }
    json_close(body, ']');
    return NULL;
}

/* Who read his record or his household's: user names, never what else they read. */
static struct error *
print_reads(struct person *person, struct buffer *body)
{
    struct registry *registry = person->tx->registry;
    struct access_row *rows = ARENA_ARRAY(person->tx->arena, struct access_row, READS_MAX);
    struct access_filter filter = {.subject_id = person->member_id, .to_ms = INT64_MAX, .before_seq = INT64_MAX, .limit = READS_MAX};
    size_t count = 0;
    if (registry && registry->access_log)
        TRY(access_log_query(registry->access_log, person->tx->arena, &filter, rows, &count));
    json_open(body, "reads", '[');
    for (size_t i = 0; i < count; i++) {
        json_open(body, NULL, '{');
        json_put_instant(body, "at", rows[i].at_ms);
        json_put_text(body, "by", rows[i].actor_name);
        json_put_text(body, "route", rows[i].route);
        json_close(body, '}');
    }
    json_close(body, ']');
    return NULL;
}

static struct error *
print_person(struct person *person, struct buffer *body)
{
    json_open(body, NULL, '{');
    json_put_id(body, "member_id", person->member_id);
    json_put_instant(body, "made_at", person->tx->now_ms);
    json_put_text(body, "made_by", person->call->actor->name);
    TRY(print_household(person, body));
    TRY(print_history(person, body));
    TRY(print_list(person, "enrollments", enrollment_routes, "/api/v1/households/{id}/enrollments", body));
    TRY(print_list(person, "assessments", assessment_routes, "/api/v1/households/{id}/assessments", body));
    TRY(print_list(person, "disbursements", disbursement_routes, "/api/v1/households/{id}/disbursements", body));
    json_open(body, "possible_duplicates", '[');
    TRY(person_store_print_duplicates(person->tx, person->households[0], body));
    json_close(body, ']');
    json_open(body, "attachments", '[');
    TRY(person_store_print_attachments(person->tx, person->households[0], body));
    TRY(person_store_print_attachments(person->tx, person->member_id, body));
    json_close(body, ']');
    TRY(print_reads(person, body));
    json_close(body, '}');
    return NULL;
}

/* --- the call ------------------------------------------------------------------------------------------------------------------------- */

static struct error *
trace_apply(struct tx *tx, void *context)
{
    const struct person *person = context;
    const struct person_query *query = person->call->query;
    uint8_t digest[SHA256_SIZE];
    struct buffer text;
    buffer_init(&text, tx->arena);
    sha256_of(person->reply->body.data, person->reply->body.length, digest);
    json_open(&text, NULL, '{');
    json_put_id(&text, "member_id", person->member_id);
    json_put_hex(&text, "sha256", digest, sizeof digest);
    json_close(&text, '}');
    struct audit_part part = {.kind = "export", .id = person->member_id, .subject = person->member_id, .after = buffer_text(&text)};
    struct audit_change change = {.action = "member.file", .record_id = person->households[0], .reason = query->reason, .parts = &part, .part_count = 1};
    return audit_append(tx, person->call->actor, &change, NULL);
}

struct error *
export_person_step(struct tx *tx, const struct call *call, struct reply *reply)
{
    struct person person = {.tx = tx, .call = call, .reply = reply, .member_id = call->ids[0], .household_count = 1};
    char *text = arena_alloc(tx->arena, ID_TEXT_SIZE);
    const char *state = NULL;
    bool found = false;
    if (!actor_may(call->actor, PERM_HOUSEHOLD_REVEAL) || call->actor->masking == MASKING_PSEUDONYM)
        return error_new(ERROR_FORBIDDEN);
    TRY(person_store_household(tx, call->ids[0], &person.households[0], &found));
    if (!found)
        return error_new(ERROR_NOT_FOUND);
    TRY(household_state(tx, call->actor, person.households[0], &state)); /* outside the scope there is no such person */
    id_print(call->ids[0], text);
    person.member_text = text;
    TRY(print_person(&person, &reply->body));
    reply_saw(reply, tx->arena, call->ids[0]);
    reply->filename = arena_format(tx->arena, "%s.json", text);
    return lane_run(tx->registry->lane, trace_apply, &person, tx->arena);
}
