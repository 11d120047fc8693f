/* household_facts.c: what rules read: the plain fields under their own names, as of a day. Nothing sealed is opened. */
#include <string.h>

#include "household/household_file.h"
#include "lumbung/base/text.h"
#include "lumbung/base/time.h"
#include "lumbung/region.h"

static struct json *
make_date(struct arena *arena, int32_t date)
{
    char text[DATE_TEXT_SIZE];
    date_print(date, text);
    return json_make_text(arena, arena_text(arena, text));
}

static struct json *
make_id(struct arena *arena, struct id id)
{
    char text[ID_TEXT_SIZE];
    id_print(id, text);
    return json_make_text(arena, arena_text(arena, text));
}

/* Was he of the household on that day? Who was there at registration has no day of joining; the unborn are not. */
static bool
lived_on(const struct member_row *row, int32_t on)
{
    bool joined = !row->has_joined_on || row->joined_on <= on;
    return joined && row->birth_earliest <= on && (!row->has_left_on || row->left_on > on);
}

static struct error *
add_member(struct tx *tx, struct json *members, const struct member_row *row)
{
    static const char *const server_only[] = {"household_id", "state", "joined_on", "left_on", "left_reason"};
    struct json *member = NULL;
    TRY(json_parse(tx->arena, row->facts, strlen(row->facts), &member));
    for (size_t i = 0; i < sizeof server_only / sizeof server_only[0]; i++)
        json_remove(member, server_only[i]);
    json_set(tx->arena, member, "id", make_id(tx->arena, row->id));
    json_set(tx->arena, member, "family_no", json_make_int(tx->arena, row->family_no));
    json_set(tx->arena, member, "birth_date", make_date(tx->arena, row->birth_date));
    if (row->birth_earliest != row->birth_latest) {
        json_set(tx->arena, member, "birth_earliest", make_date(tx->arena, row->birth_earliest));
        json_set(tx->arena, member, "birth_latest", make_date(tx->arena, row->birth_latest));
    }
    if (row->nik_tag.data) /* a rule may ask whether there is one, never which */
        json_set(tx->arena, member, "nik", json_make_text(tx->arena, "****************"));
    json_push(tx->arena, members, member);
    return NULL;
}

static struct error *
add_members(struct tx *tx, struct json *household, struct id household_id, int32_t on)
{
    struct json *members = json_make(tx->arena, JSON_ARRAY);
    struct member_row *rows = NULL, *past = NULL;
    size_t count = 0, past_count = 0;
    TRY(member_store_list(tx, household_id, &rows, &count));
    for (size_t i = 0; i < count; i++)
        if (lived_on(&rows[i], on))
            TRY(add_member(tx, members, &rows[i]));
    TRY(member_store_list_past(tx, household_id, on, &past, &past_count));
    for (size_t i = 0; i < past_count; i++)
        if (past[i].birth_earliest <= on)
            TRY(add_member(tx, members, &past[i]));
    json_set(tx->arena, household, "members", members);
    return NULL;
}

/* A household that named no families is one family, number 1. */
static void
add_families(struct arena *arena, struct json *household, struct id head_id)
{
    if (json_get(household, "families"))
        return;
    struct json *families = json_make(arena, JSON_ARRAY), *family = json_make(arena, JSON_OBJECT);
    json_set(arena, family, "no", json_make_int(arena, 1));
    if (!id_is_zero(head_id))
        json_set(arena, family, "head_member_id", make_id(arena, head_id));
    json_push(arena, families, family);
    json_set(arena, household, "families", families);
}

struct error *
household_facts(struct tx *tx, struct id household_id, int32_t on, struct json **ret_facts)
{
    struct household_row row;
    bool found = false;
    TRY(household_store_load(tx, NULL, household_id, &row, &found));
    if (!found)
        return error_new(ERROR_NOT_FOUND);
    struct json *household = NULL;
    TRY(json_parse(tx->arena, row.facts, strlen(row.facts), &household));
    static const char *const server_only[] = {"state", "roster", "channel", "head_member_id", "merged_into"};
    for (size_t i = 0; i < sizeof server_only / sizeof server_only[0]; i++)
        json_remove(household, server_only[i]);
    struct region region;
    TRY(region_by_id(tx, row.region_id, &region));
    json_set(tx->arena, household, "id", make_id(tx->arena, household_id));
    json_set(tx->arena, household, "region", json_make_text(tx->arena, region.code));
    if (row.phone_tag.data)
        json_set(tx->arena, household, "phone", json_make_text(tx->arena, "****"));
    add_families(tx->arena, household, row.head_id);
    TRY(add_members(tx, household, household_id, on));
    *ret_facts = json_make(tx->arena, JSON_OBJECT);
    json_set(tx->arena, *ret_facts, "household", household);
    return NULL;
}
