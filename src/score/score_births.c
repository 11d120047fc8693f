/* score_births.c: uncertain birth dates: the same household with all of them at one end of what is possible. */
#include "lumbung/score.h"

static struct json *
copy_object(struct arena *arena, const struct json *from)
{
    struct json *copy = json_make(arena, JSON_OBJECT);
    for (size_t i = 0; from && i < from->count; i++)
        json_set(arena, copy, from->members[i].name, from->members[i].value);
    return copy;
}

struct json *
score_facts_at(struct arena *arena, const struct json *facts, bool latest)
{
    const struct json *household = json_get(facts, "household"), *members = json_get(household, "members");
    struct json *list = json_make(arena, JSON_ARRAY);
    bool uncertain = false;
    for (size_t i = 0; members && i < members->count; i++) {
        const char *date = json_get_text(members->items[i], latest ? "birth_latest" : "birth_earliest");
        struct json *member = date ? copy_object(arena, members->items[i]) : members->items[i];
        if (date)
            json_set(arena, member, "birth_date", json_make_text(arena, date));
        uncertain = uncertain || date;
        json_push(arena, list, member);
    }
    if (!uncertain)
        return NULL;
    struct json *copy = copy_object(arena, facts), *own = copy_object(arena, household);
    json_set(arena, own, "members", list);
    json_set(arena, copy, "household", own);
    return copy;
}
