/* household_choice.c: the fields that can be chosen, one row each; patches and comparisons made from their names. Pure. */
#include "household/household_choice.h"

#include <string.h>

#include "household/household_codes.h"
#include "lumbung/base/limits.h"
#include "lumbung/base/text.h"

#define NAMES_MAX 4
#define SIDE(type, member) {.name = #member, .offset = offsetof(struct type, member), .kind = FIELD_CODE, .codes = &household_merge_side}

static const struct field housing_sides_fields[] = {
    SIDE(housing_sides, tenure), SIDE(housing_sides, floor), SIDE(housing_sides, wall), SIDE(housing_sides, roof), SIDE(housing_sides, water),
    SIDE(housing_sides, toilet), SIDE(housing_sides, light), SIDE(housing_sides, fuel), SIDE(housing_sides, rooms), SIDE(housing_sides, floor_area),
};
static FIELD_TABLE(housing_sides_table, "HousingSides", struct housing_sides, housing_sides_fields);

static const struct field household_sides_fields[] = {
    SIDE(household_sides, region), SIDE(household_sides, hamlet), SIDE(household_sides, rw), SIDE(household_sides, rt), SIDE(household_sides, address),
    SIDE(household_sides, address_note), SIDE(household_sides, address_kind), SIDE(household_sides, location),
    SIDE(household_sides, registered_region), SIDE(household_sides, kk_number), SIDE(household_sides, phone), SIDE(household_sides, declared),
    {.name = "housing", .offset = offsetof(struct household_sides, housing), .kind = FIELD_OBJECT, .table = &housing_sides_table},
};
FIELD_TABLE(household_sides_table, "HouseholdSides", struct household_sides, household_sides_fields);

static const struct field member_sides_fields[] = {
    {.name = "keep_id", .offset = offsetof(struct member_sides, keep_id), .kind = FIELD_ID, .flags = FIELD_REQUIRED, .about = "of the household that stays"},
    {.name = "other_id", .offset = offsetof(struct member_sides, other_id), .kind = FIELD_ID, .flags = FIELD_REQUIRED, .about = "of the other: the same person"},
    SIDE(member_sides, name), SIDE(member_sides, nik), SIDE(member_sides, other_ids), SIDE(member_sides, sex), SIDE(member_sides, birth_date),
    SIDE(member_sides, marital_status), SIDE(member_sides, education), SIDE(member_sides, in_school), SIDE(member_sides, occupation),
    SIDE(member_sides, income_minor), SIDE(member_sides, disability), SIDE(member_sides, registered_severe_disability), SIDE(member_sides, pregnancy),
    SIDE(member_sides, chronic_illness), SIDE(member_sides, insurance),
};
FIELD_TABLE(member_sides_table, "MemberSides", struct member_sides, member_sides_fields);

static const struct field household_choices_fields[] = {
    {.name = "keep_version", .offset = offsetof(struct household_choices, keep_version), .kind = FIELD_INT, .minimum = 1, .maximum = INT32_MAX,
     .about = "as it was seen"},
    {.name = "other_version", .offset = offsetof(struct household_choices, other_version), .kind = FIELD_INT, .minimum = 1, .maximum = INT32_MAX,
     .about = "as it was seen"},
    {.name = "household", .offset = offsetof(struct household_choices, household), .kind = FIELD_OBJECT, .table = &household_sides_table},
    {.name = "members", .offset = offsetof(struct household_choices, members), .kind = FIELD_ARRAY, .minimum = 0, .maximum = LIMIT_MEMBERS,
     .table = &member_sides_table, .about = "pairs that are one person; the other's members that are in no pair come along"},
};
FIELD_TABLE(household_choices_table, "MergeChoices", struct household_choices, household_choices_fields);

/* What makes sense only together is chosen together. */
static size_t
names_of(const char *field, const char *names[NAMES_MAX])
{
    static const struct { const char *field, *also; } together[] = {
        {"nik", "id_reason"}, {"birth_date", "birth_date_precision"}, {"birth_date", "age_years"}, {"birth_date", "age_on"},
        {"in_school", "school_level"}, {"in_school", "grade"},
    };
    size_t count = 0;
    names[count++] = field;
    for (size_t i = 0; i < sizeof together / sizeof together[0]; i++)
        if (text_equal(together[i].field, field))
            names[count++] = together[i].also;
    return count;
}

static bool
is_none(const struct json *value)
{
    return !value || value->kind == JSON_NULL;
}

static bool
are_equal(const struct json *left, const struct json *right)
{
    return is_none(left) || is_none(right) ? is_none(left) && is_none(right) : json_equal(left, right);
}

/* The patch that turns `now` into `wanted` (RFC 7396 merges objects: what is too much is taken out by name). */
static struct json *
towards(struct arena *arena, const struct json *now, struct json *wanted)
{
    if (is_none(wanted))
        return json_make(arena, JSON_NULL);
    if (wanted->kind != JSON_OBJECT || is_none(now) || now->kind != JSON_OBJECT)
        return wanted;
    struct json *patch = json_make(arena, JSON_OBJECT);
    for (size_t i = 0; i < wanted->count; i++)
        json_set(arena, patch, wanted->members[i].name, towards(arena, json_get(now, wanted->members[i].name), wanted->members[i].value));
    for (size_t i = 0; i < now->count; i++)
        if (!json_get(wanted, now->members[i].name))
            json_set(arena, patch, now->members[i].name, json_make(arena, JSON_NULL));
    return patch;
}

static bool
takes_other(const struct field *field, const void *sides)
{
    return sides && text_equal(*(const char *const *)((const char *)sides + field->offset), "other");
}

static const void *
sides_below(const struct field *field, const void *sides)
{
    return sides ? *(const void *const *)((const char *)sides + field->offset) : NULL;
}

static void
choose_one(struct arena *arena, const struct field *field, bool other_wins, const struct json *keep, const struct json *other, struct json *patch,
           struct json *lost)
{
    const char *names[NAMES_MAX];
    size_t count = names_of(field->name, names);
    for (size_t i = 0; i < count; i++) {
        struct json *theirs = json_get(other, names[i]);
        const struct json *own = json_get(keep, names[i]);
        if (are_equal(own, theirs))
            continue;
        if (other_wins)
            json_set(arena, patch, names[i], towards(arena, own, theirs));
        else if (!is_none(theirs))
            json_set(arena, lost, names[i], theirs);
    }
}

void
household_choice_patch(struct arena *arena, const struct field_table *table, const void *sides, const struct json *keep, const struct json *other,
                       struct json **ret_patch, struct json **ret_lost)
{
    struct json *patch = json_make(arena, JSON_OBJECT), *lost = json_make(arena, JSON_OBJECT);
    for (size_t i = 0; i < table->count; i++) {
        const struct field *field = &table->fields[i];
        struct json *inner_patch = NULL, *inner_lost = NULL;
        if (field->kind == FIELD_CODE)
            choose_one(arena, field, takes_other(field, sides), keep, other, patch, lost);
        if (field->kind != FIELD_OBJECT)
            continue;
        household_choice_patch(arena, field->table, sides_below(field, sides), json_get(keep, field->name), json_get(other, field->name), &inner_patch, &inner_lost);
        if (inner_patch->count > 0)
            json_set(arena, patch, field->name, inner_patch);
        if (inner_lost->count > 0)
            json_set(arena, lost, field->name, inner_lost);
    }
    *ret_patch = patch;
    *ret_lost = lost;
}

bool
household_choice_back(struct arena *arena, const struct field_table *table, const struct json *now, const struct json *before,
                      const struct json *after, struct json **ret_patch)
{
    struct json *patch = json_make(arena, JSON_OBJECT);
    for (size_t i = 0; i < table->count; i++) {
        const char *names[NAMES_MAX];
        size_t count = table->fields[i].kind == FIELD_ID ? 0 : names_of(table->fields[i].name, names);
        for (size_t j = 0; j < count; j++) {
            if (!json_get(before, names[j]) && !json_get(after, names[j]))
                continue;
            const struct json *present = json_get(now, names[j]);
            if (!are_equal(present, json_get(after, names[j])))
                return false;
            json_set(arena, patch, names[j], towards(arena, present, json_get(before, names[j])));
        }
    }
    *ret_patch = patch;
    return true;
}

static void
print_side(struct buffer *buffer, const char *key, const struct json *shown, const char *const *names, size_t count)
{
    json_open(buffer, key, '{');
    for (size_t i = 0; i < count; i++)
        if (!is_none(json_get(shown, names[i])))
            json_print(buffer, names[i], json_get(shown, names[i]));
    json_close(buffer, '}');
}

static void
print_fields(struct buffer *buffer, struct arena *arena, const char *prefix, const struct field_table *table, const struct choice_side *keep,
             const struct choice_side *other)
{
    for (size_t i = 0; i < table->count; i++) {
        const struct field *field = &table->fields[i];
        const char *names[NAMES_MAX], *pointer = arena_format(arena, "%s/%s", prefix, field->name);
        if (field->kind == FIELD_OBJECT) {
            struct choice_side left = {json_get(keep->whole, field->name), json_get(keep->shown, field->name)};
            struct choice_side right = {json_get(other->whole, field->name), json_get(other->shown, field->name)};
            print_fields(buffer, arena, pointer, field->table, &left, &right);
        }
        size_t count = field->kind == FIELD_CODE ? names_of(field->name, names) : 0;
        bool equal = true, borne = false;
        for (size_t j = 0; j < count; j++) {
            equal &= are_equal(json_get(keep->whole, names[j]), json_get(other->whole, names[j]));
            borne |= !is_none(json_get(keep->whole, names[j])) || !is_none(json_get(other->whole, names[j]));
        }
        if (!borne)
            continue;
        json_open(buffer, NULL, '{');
        json_put_text(buffer, "pointer", pointer);
        json_put_bool(buffer, "equal", equal);
        print_side(buffer, "keep", keep->shown, names, count);
        print_side(buffer, "other", other->shown, names, count);
        json_close(buffer, '}');
    }
}

void
household_choice_print(struct buffer *buffer, struct arena *arena, const struct field_table *table, const struct choice_side *keep,
                       const struct choice_side *other)
{
    json_open(buffer, "fields", '[');
    print_fields(buffer, arena, "", table, keep, other);
    json_close(buffer, ']');
}
