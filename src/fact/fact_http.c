/* fact_http.c: the calls of facts: a part of a file tried or kept, the editions, and a household's facts with their age. */
#include <string.h>

#include "fact/fact_import.h"
#include "lumbung/audit.h"
#include "lumbung/base/time.h"
#include "lumbung/household.h"

#define REGISTRY_OFFSET_MIN 420
#define FACT_BYTES_MAX (1024 * 1024)

#define AT(member) .name = #member, .offset = offsetof(struct fact_in, member)
static const struct field fact_in_fields[] = {
    {AT(source), .kind = FIELD_TEXT, .flags = FIELD_REQUIRED, .minimum = 1, .maximum = 40, .about = "dtsen, dukcapil, bpjs"},
    {AT(edition), .kind = FIELD_TEXT, .flags = FIELD_REQUIRED, .minimum = 1, .maximum = 40, .about = "as the source calls it: 2026-T3"},
    {AT(as_of), .kind = FIELD_DATE, .flags = FIELD_REQUIRED | FIELD_PAST, .about = "the day that it tells"},
    {AT(number), .kind = FIELD_JSON, .flags = FIELD_REQUIRED, .about = "{column, kind: nik or kk}"},
    {AT(facts), .kind = FIELD_JSON, .flags = FIELD_REQUIRED, .about = "{KEY: {column, type: integer, text or choice, least?, most?, values?}}"},
    {AT(not_found), .kind = FIELD_JSON, .about = "texts that say that the source does not know the number"},
    {AT(columns), .kind = FIELD_JSON, .flags = FIELD_REQUIRED, .about = "the heading"},
    {AT(rows), .kind = FIELD_JSON, .flags = FIELD_REQUIRED, .about = "[{line, cells: [texts]}], at most 500"},
    {AT(continues), .kind = FIELD_BOOL, .about = "a later part of the same file: its counts are added"},
};
FIELD_TABLE(fact_in_table, "FactPart", struct fact_in, fact_in_fields);

static void
print_outcome(struct buffer *buffer, const struct fact_outcome *outcome, enum language language)
{
    json_open(buffer, NULL, '{');
    json_put_int(buffer, "accepted", outcome->accepted);
    json_put_int(buffer, "unmatched", outcome->unmatched);
    json_put_int(buffer, "not_found", outcome->not_found);
    json_open(buffer, "refused", '[');
    for (int64_t i = 0; i < outcome->refused_count; i++)
        fact_refused_print(buffer, &outcome->refused[i], language);
    json_close(buffer, ']');
    json_close(buffer, '}');
}

static struct error *
fact_trial_step(struct tx *tx, const struct call *call, struct reply *reply)
{
    struct fact_outcome outcome;
    TRY(fact_import(tx, call->actor, call->in, false, &outcome));
    print_outcome(&reply->body, &outcome, call->language);
    return NULL;
}

static const char *
act_text(struct tx *tx, const struct fact_in *in, const struct fact_outcome *outcome)
{
    struct buffer text;
    buffer_init(&text, tx->arena);
    json_open(&text, NULL, '{');
    json_put_text(&text, "source", in->source);
    json_put_text(&text, "edition", in->edition);
    json_put_date(&text, "as_of", in->as_of);
    json_put_int(&text, "accepted", outcome->accepted);
    json_put_int(&text, "unmatched", outcome->unmatched);
    json_put_int(&text, "not_found", outcome->not_found);
    json_put_int(&text, "refused", outcome->refused_count);
    json_close(&text, '}');
    return buffer_text(&text);
}

static struct error *
fact_import_step(struct tx *tx, const struct call *call, struct reply *reply)
{
    const struct fact_in *in = call->in;
    struct fact_edition edition;
    struct fact_outcome outcome;
    bool found = false;
    TRY(fact_import(tx, call->actor, in, true, &outcome));
    TRY(fact_store_edition(tx, in->source, in->edition, &edition, &found));
    struct audit_part part = {.kind = "fact_edition", .id = edition.id, .after = act_text(tx, in, &outcome)};
    struct audit_change change = {.action = call->route->action, .record_id = edition.id, .parts = &part, .part_count = 1};
    TRY(audit_append(tx, call->actor, &change, NULL));
    reply->record_id = edition.id;
    print_outcome(&reply->body, &outcome, call->language);
    return NULL;
}

static struct error *
edition_list_step(struct tx *tx, const struct call *call, struct reply *reply)
{
    struct id before;
    memset(before.bytes, 0xff, sizeof before.bytes);
    if (call->after.length == sizeof before.bytes)
        memcpy(before.bytes, call->after.data, sizeof before.bytes);
    struct fact_edition *rows = ARENA_ARRAY(tx->arena, struct fact_edition, call->limit);
    int32_t today = date_of_instant(tx->now_ms, REGISTRY_OFFSET_MIN);
    size_t count = 0;
    TRY(fact_store_editions(tx, before, call->limit, rows, &count));
    reply_list_begin(reply);
    for (size_t i = 0; i < count; i++) {
        json_open(&reply->body, NULL, '{');
        json_put_id(&reply->body, "id", rows[i].id);
        json_put_text(&reply->body, "source", rows[i].source);
        json_put_text(&reply->body, "edition", rows[i].edition);
        json_put_date(&reply->body, "as_of", rows[i].as_of);
        json_put_int(&reply->body, "age_days", today - rows[i].as_of);
        json_put_int(&reply->body, "accepted", rows[i].accepted);
        json_put_int(&reply->body, "unmatched", rows[i].unmatched);
        json_put_int(&reply->body, "not_found", rows[i].not_found);
        json_put_int(&reply->body, "refused", rows[i].refused);
        json_put_instant(&reply->body, "imported_at", rows[i].imported_at_ms);
        json_close(&reply->body, '}');
    }
    bool more = count == (size_t)call->limit;
    reply_list_end(reply, tx->arena, more ? rows[count - 1].id.bytes : NULL, more ? sizeof rows[0].id.bytes : 0);
    return NULL;
}

/* `newest`: this is what rules read of its bearer. */
static bool
is_newest(const struct fact *facts, size_t index)
{
    for (size_t i = 0; i < index; i++)
        if (strcmp(facts[i].key, facts[index].key) == 0 && id_equal(facts[i].member_id, facts[index].member_id) && facts[i].family_no == facts[index].family_no)
            return false;
    return true;
}

static struct error *
household_facts_step(struct tx *tx, const struct call *call, struct reply *reply)
{
    struct household_view view;
    struct fact *facts = NULL;
    int32_t today = date_of_instant(tx->now_ms, REGISTRY_OFFSET_MIN);
    size_t count = 0;
    TRY(household_view(tx, call->actor, call->ids[0], &view));
    TRY(fact_list(tx, view.id, &facts, &count));
    reply_saw(reply, tx->arena, view.id);
    reply_list_begin(reply);
    for (size_t i = 0; i < count; i++) {
        json_open(&reply->body, NULL, '{');
        json_put_text(&reply->body, "key", facts[i].key);
        if (facts[i].value && call->actor->masking != MASKING_PSEUDONYM)
            json_print(&reply->body, "value", facts[i].value);
        else
            json_put_null(&reply->body, "value");
        json_put_text(&reply->body, "source", facts[i].source);
        json_put_text(&reply->body, "edition", facts[i].edition);
        json_put_date(&reply->body, "as_of", facts[i].as_of);
        json_put_int(&reply->body, "age_days", today - facts[i].as_of);
        json_put_id(&reply->body, "member_id", facts[i].member_id);
        json_put_int(&reply->body, "family_no", facts[i].family_no);
        json_put_bool(&reply->body, "newest", is_newest(facts, i));
        json_close(&reply->body, '}');
    }
    reply_list_end(reply, tx->arena, NULL, 0);
    return NULL;
}

#define PART .scope = SCOPE_REGION, .perm = PERM_PROGRAM_WRITE, .personal = true, .body = BODY_TABLE, .in = &fact_in_table, .body_bytes_max = FACT_BYTES_MAX

const struct route fact_routes[] = {
    {.method = METHOD_POST, .path = "/api/v1/facts/trial", PART, .kind = ROUTE_READ_SLOW, .summary = "What a part of a file of another registry would give; stores nothing",
     .step = fact_trial_step},
    {.method = METHOD_POST, .path = "/api/v1/facts", PART, .kind = ROUTE_WRITE, .action = "fact.import", .key = KEY_OPTIONAL,
     .summary = "Keep the facts of a part of a file, found by NIK or family card", .step = fact_import_step},
    {.method = METHOD_GET, .path = "/api/v1/facts/editions", .kind = ROUTE_READ_FAST, .perm = PERM_PROGRAM_READ, .scope = SCOPE_NONE, .list = true,
     .summary = "Imported editions with their age and counts, the newest first", .step = edition_list_step},
    {.method = METHOD_GET, .path = "/api/v1/households/{id}/facts", .kind = ROUTE_READ_FAST, .perm = PERM_HOUSEHOLD_READ, .scope = SCOPE_REGION, .personal = true,
     .list = true, .summary = "What other registries say of a household, every edition, the newest first", .step = household_facts_step},
    {0},
};
