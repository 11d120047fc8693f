/* household_history.c: each leaf holds what differed; laid over each other up to an instant they are the record of that instant. */
#include "household/household_history.h"

#include <string.h>

#include "lumbung/base/text.h"

/* One record as the log tells it so far. */
struct told {
    const char *kind;
    struct id id;
    struct json *document;
};
struct telling {
    struct tx *tx;
    struct told *items;
    size_t count, capacity;
};

static const struct field_table *
table_of(const char *kind)
{
    if (text_equal(kind, "household"))
        return &household_table;
    if (text_equal(kind, "member"))
        return &member_table;
    return text_equal(kind, "consent") ? &consent_table : NULL;
}

static struct told *
told_of(struct telling *telling, const char *kind, struct id id)
{
    for (size_t i = 0; i < telling->count; i++)
        if (id_equal(telling->items[i].id, id) && text_equal(telling->items[i].kind, kind))
            return &telling->items[i];
    telling->items = arena_grow(telling->tx->arena, telling->items, telling->count, &telling->capacity, sizeof *telling->items);
    struct told *told = &telling->items[telling->count++];
    *told = (struct told){kind, id, json_make(telling->tx->arena, JSON_OBJECT)};
    return told;
}

static struct error *
lay_over(struct telling *telling, const struct audit_entry *entry)
{
    if (!table_of(entry->kind) || !entry->after)
        return NULL;
    struct json *change = NULL;
    TRY(json_parse(telling->tx->arena, entry->after, strlen(entry->after), &change));
    struct told *told = told_of(telling, entry->kind, entry->id);
    for (size_t i = 0; i < change->count; i++) {
        if (change->members[i].value->kind == JSON_NULL)
            json_remove(told->document, change->members[i].name);
        else
            json_set(telling->tx->arena, told->document, change->members[i].name, change->members[i].value);
    }
    return NULL;
}

static struct error *
tell(struct telling *telling, struct id household_id, int64_t until_ms)
{
    struct audit_entry *entries = NULL;
    size_t count = 0;
    TRY(audit_history(telling->tx, household_id, until_ms, &entries, &count));
    for (size_t i = 0; i < count; i++)
        TRY(lay_over(telling, &entries[i]));
    return NULL;
}

static void
hide_places(const struct field_table *table, void *record, enum field_part part)
{
    static const char *const places[] = {"hamlet", "rw", "rt"};
    for (size_t i = 0; table == &household_table && part == FIELD_PSEUDONYMOUS && i < sizeof places / sizeof places[0]; i++)
        field_unset(table, record, places[i]);
}

static struct error *
print_told(struct telling *telling, const struct told *told, enum field_part part, bool whole, struct buffer *buffer)
{
    const struct field_table *table = table_of(told->kind);
    void *record = NULL;
    TRY(field_parse(telling->tx->arena, table, told->document, "", FIELD_STORED, 0, &record));
    hide_places(table, record, part);
    if (whole)
        field_print(buffer, NULL, table, record, part);
    else
        field_print_members(buffer, table, record, part);
    return NULL;
}

/* Members who were of this household: one who had moved away by then is told as part of another. */
static bool
is_of_household(const struct told *told, struct id household_id)
{
    struct id id;
    const char *text = json_get_text(told->document, "household_id");
    return text && id_parse(text, &id) && id_equal(id, household_id);
}

static struct error *
print_kind(struct telling *telling, const char *key, const char *kind, const char *state, struct id household_id, enum field_part part,
           struct buffer *buffer)
{
    json_open(buffer, key, '[');
    for (size_t i = 0; i < telling->count; i++) {
        const struct told *told = &telling->items[i];
        if (!text_equal(told->kind, kind))
            continue;
        bool live = text_equal(json_get_text(told->document, "state"), "live");
        if (state && (live != text_equal(state, "live") || !is_of_household(told, household_id)))
            continue;
        TRY(print_told(telling, told, part, true, buffer));
    }
    json_close(buffer, ']');
    return NULL;
}

struct error *
household_print_as_of(struct tx *tx, const struct actor *actor, struct id household_id, int64_t at_ms, enum field_part part, struct buffer *buffer)
{
    struct telling telling = {.tx = tx};
    TRY(tell(&telling, household_id, at_ms));
    const struct told *household = NULL;
    for (size_t i = 0; i < telling.count; i++)
        if (text_equal(telling.items[i].kind, "household") && id_equal(telling.items[i].id, household_id))
            household = &telling.items[i];
    if (!household)
        return error_new(ERROR_NOT_FOUND);
    json_open(buffer, NULL, '{');
    TRY(print_told(&telling, household, part, false, buffer));
    if (part == FIELD_PSEUDONYMOUS)
        json_put_text(buffer, "code", household_pseudonym(tx, actor, household_id));
    json_put_instant(buffer, "as_of", at_ms);
    TRY(print_kind(&telling, "members", "member", "live", household_id, part, buffer));
    TRY(print_kind(&telling, "former_members", "member", "left", household_id, part, buffer));
    TRY(print_kind(&telling, "consents", "consent", NULL, household_id, part, buffer));
    json_close(buffer, '}');
    return NULL;
}

/* One side of a change as this caller may see it: parsed by its table, printed by the part. NULL stays NULL. */
static struct error *
mask_side(struct tx *tx, const struct field_table *table, const char *text, enum field_part part, struct json **ret_side)
{
    *ret_side = json_make(tx->arena, JSON_OBJECT);
    if (!text)
        return NULL;
    struct json *json = NULL;
    void *record = NULL;
    TRY(json_parse(tx->arena, text, strlen(text), &json));
    TRY(field_parse(tx->arena, table, json, "", FIELD_STORED, 0, &record));
    hide_places(table, record, part);
    struct buffer masked;
    buffer_init(&masked, tx->arena);
    field_print(&masked, NULL, table, record, part);
    return json_parse(tx->arena, buffer_text(&masked), masked.length, ret_side);
}

static void
print_change(struct buffer *buffer, const char *pointer, const struct json *before, const struct json *after)
{
    json_open(buffer, NULL, '{');
    json_put_text(buffer, "pointer", pointer);
    if (before)
        json_print(buffer, "before", before);
    else
        json_put_null(buffer, "before");
    if (after)
        json_print(buffer, "after", after);
    else
        json_put_null(buffer, "after");
    json_close(buffer, '}');
}

struct error *
household_print_changes(struct tx *tx, const struct audit_entry *entry, enum field_part part, struct buffer *buffer)
{
    const struct field_table *table = table_of(entry->kind);
    if (!table || entry->erased)
        return NULL;
    struct json *before = NULL, *after = NULL;
    TRY(mask_side(tx, table, entry->before, part, &before));
    TRY(mask_side(tx, table, entry->after, part, &after));
    char text[ID_TEXT_SIZE];
    id_print(entry->id, text);
    const char *prefix = table == &household_table ? "" : arena_format(tx->arena, "/%s/%s", table == &member_table ? "members" : "consents", text);
    for (size_t i = 0; i < after->count; i++)
        print_change(buffer, arena_format(tx->arena, "%s/%s", prefix, after->members[i].name), json_get(before, after->members[i].name),
                     after->members[i].value);
    for (size_t i = 0; i < before->count; i++)
        if (!json_get(after, before->members[i].name))
            print_change(buffer, arena_format(tx->arena, "%s/%s", prefix, before->members[i].name), before->members[i].value, NULL);
    return NULL;
}

/* What somebody entered and gave up for another's change. */
static const struct field_table *
lost_table_of(const char *kind)
{
    if (text_equal(kind, "household_lost"))
        return &household_table;
    return text_equal(kind, "member_lost") ? &member_table : NULL;
}

static struct error *
print_lost(struct tx *tx, const struct audit_entry *entry, enum field_part part, struct buffer *buffer)
{
    const struct field_table *table = lost_table_of(entry->kind);
    struct json *values = NULL;
    char text[ID_TEXT_SIZE];
    if (!table || entry->erased)
        return NULL;
    TRY(mask_side(tx, table, entry->after, part, &values));
    id_print(entry->id, text);
    const char *prefix = table == &household_table ? "" : arena_format(tx->arena, "/members/%s", text);
    for (size_t i = 0; i < values->count; i++) {
        json_open(buffer, NULL, '{');
        json_put_text(buffer, "pointer", arena_format(tx->arena, "%s/%s", prefix, values->members[i].name));
        json_print(buffer, "value", values->members[i].value);
        json_close(buffer, '}');
    }
    return NULL;
}

static struct error *
print_all_lost(struct tx *tx, const struct audit_entry *entries, size_t count, enum field_part part, struct buffer *buffer)
{
    json_open(buffer, "lost", '[');
    for (size_t i = 0; i < count; i++)
        TRY(print_lost(tx, &entries[i], part, buffer));
    json_close(buffer, ']');
    return NULL;
}

struct error *
household_print_history(struct tx *tx, const struct actor *actor, struct id household_id, enum field_part part, struct buffer *buffer)
{
    (void)actor;
    struct audit_entry *entries = NULL;
    size_t count = 0, next = 0;
    TRY(audit_history(tx, household_id, INT64_MAX, &entries, &count));
    for (size_t i = 0; i < count; i = next) {
        bool erased = false, has_lost = false;
        json_open(buffer, NULL, '{');
        json_put_int(buffer, "seq", entries[i].seq);
        json_put_instant(buffer, "at", entries[i].at_ms);
        json_put_text(buffer, "by", entries[i].actor_name);
        json_put_text(buffer, "action", entries[i].action);
        json_put_text(buffer, "reason", entries[i].reason);
        json_open(buffer, "changes", '[');
        for (next = i; next < count && entries[next].seq == entries[i].seq; next++) {
            erased |= entries[next].erased;
            has_lost |= lost_table_of(entries[next].kind) != NULL;
            TRY(household_print_changes(tx, &entries[next], part, buffer));
        }
        json_close(buffer, ']');
        if (has_lost)
            TRY(print_all_lost(tx, &entries[i], next - i, part, buffer));
        if (erased)
            json_put_bool(buffer, "erased", true);
        json_close(buffer, '}');
    }
    return NULL;
}
