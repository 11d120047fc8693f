/* assessment_facts.c: what an interview touches beside its answers: the members of the household, and the photos that were taken. */
#include <string.h>

#include "assessment/assessment_fields.h"
#include "lumbung/attachment.h"
#include "lumbung/base/time.h"
#include "lumbung/household.h"

static bool
asks_by_member(const struct form *form)
{
    for (size_t i = 0; i < form->question_count; i++)
        if (json_get(form->questions[i].json, "per"))
            return true;
    return false;
}

/* An age is told only when it does not turn inside the possible range of the birth date. */
static void
add_age(struct arena *arena, struct json *fact, const struct json *member, int32_t on)
{
    static const char *const names[] = {"birth_date", "birth_earliest", "birth_latest"};
    int years[3] = {-1, -1, -1};
    for (size_t i = 0; i < 3; i++) {
        const char *text = json_get_text(member, names[i]);
        int32_t birth = 0;
        years[i] = text && date_parse(text, &birth) ? date_years_between(birth, on) : years[0];
    }
    if (years[0] >= 0 && years[1] == years[2])
        json_set(arena, fact, "age", json_make_int(arena, years[1]));
}

static struct json *
fact_of(struct arena *arena, const struct json *member, int32_t on)
{
    static const char *const plain[] = {"id", "sex", "relationship"};
    struct json *fact = json_make(arena, JSON_OBJECT);
    for (size_t i = 0; i < sizeof plain / sizeof plain[0]; i++)
        if (json_get(member, plain[i]))
            json_set(arena, fact, plain[i], json_get(member, plain[i]));
    add_age(arena, fact, member, on);
    return fact;
}

struct error *
assessment_facts(struct tx *tx, struct id household_id, const struct form *form, int32_t on, struct form_facts *ret_facts)
{
    struct json *facts = NULL;
    *ret_facts = (struct form_facts){.on = on};
    if (!asks_by_member(form))
        return NULL;
    TRY(household_facts(tx, household_id, on, &facts));
    const struct json *members = json_get(json_get(facts, "household"), "members");
    struct json *known = json_make(tx->arena, JSON_ARRAY);
    for (size_t i = 0; members && members->kind == JSON_ARRAY && i < members->count; i++)
        json_push(tx->arena, known, fact_of(tx->arena, members->items[i], on));
    ret_facts->members = known;
    return NULL;
}

/* --- photos ----------------------------------------------------------------------------------------------------------------------------- */

static struct error *
bind_photo(struct tx *tx, const struct actor *actor, const struct household_view *household, const char *text, const char *pointer)
{
    struct id id;
    if (!id_parse(text, &id))
        return error_field(pointer, FAULT_ID, NULL, NULL);
    struct error *error = attachment_bind(tx, actor, id, household->id, household->region_id);
    if (error == NULL || error->code != ERROR_NOT_FOUND)
        return error;
    error_free(error);
    return error_field(pointer, FAULT_REFERENCE, "attachment", NULL);
}

static struct error *
bind_photos_of(struct tx *tx, const struct actor *actor, const struct household_view *household, const struct form_question *question,
               const struct json *answers)
{
    const struct json *entries = question->repeat ? json_get(answers, question->repeat->name) : NULL;
    const char *text = json_get_text(answers, question->name);
    if (question->repeat == NULL && text)
        return bind_photo(tx, actor, household, text, arena_format(tx->arena, "/answers/%s", question->name));
    for (size_t i = 0; entries && i < entries->count; i++) {
        text = json_get_text(entries->items[i], question->name);
        if (text)
            TRY(bind_photo(tx, actor, household, text, arena_format(tx->arena, "/answers/%s/%zu/%s", question->repeat->name, i, question->name)));
    }
    return NULL;
}

struct error *
assessment_bind_photos(struct tx *tx, const struct actor *actor, struct id household_id, const struct form *form, const struct json *answers)
{
    struct household_view household = {.member_count = -1}; /* opened when the first photo wants it */
    for (size_t i = 0; i < form->question_count; i++) {
        if (form->questions[i].type == NULL || strcmp(form->questions[i].type, "photo") != 0)
            continue;
        if (household.member_count < 0)
            TRY(household_view(tx, actor, household_id, &household));
        TRY(bind_photos_of(tx, actor, &household, &form->questions[i], answers));
    }
    return NULL;
}
