/* need_issue.c: the checks that look at one household alone. */
#include "need/need_issue.h"

#include "lumbung/base/text.h"
#include "lumbung/base/time.h"

#define OLDEST 105
#define ADULT 18
#define YOUNGEST_HEAD 15
#define YOUNGEST_PARENT 12
#define MANY 15

struct looking {
    const struct need_issue_input *input;
    uint16_t found;
    int head_age; /* -1: no head, or no birth date */
    int64_t members;
    bool has_pupil_age;
};

static void
find(struct looking *looking, enum need_issue issue, bool is_there)
{
    looking->found |= (uint16_t)(is_there ? 1u << issue : 0);
}

static int
age_of(const struct json *member, int32_t today)
{
    int32_t birth = 0;
    const char *text = json_get_text(member, "birth_date");
    return text && date_parse(text, &birth) ? date_years_between(birth, today) : -1;
}

static bool
is_false(const struct json *member, const char *name)
{
    const struct json *value = json_get(member, name);
    return value && value->kind == JSON_BOOL && !value->boolean;
}

static void
look_at_member(struct looking *looking, const struct json *member)
{
    int age = age_of(member, looking->input->today);
    const char *relationship = json_get_text(member, "relationship");
    looking->members++;
    looking->has_pupil_age = looking->has_pupil_age || (age >= 7 && age <= 18);
    find(looking, NEED_ISSUE_NO_ID, json_get_text(member, "nik") == NULL && age >= 1);
    find(looking, NEED_ISSUE_AGE, age > OLDEST);
    if (age >= ADULT && !text_equal(relationship, "head"))
        find(looking, NEED_ISSUE_CONSENT, text_equal(json_get_text(member, "consent"), "by_head"));
    if (text_equal(relationship, "head"))
        find(looking, NEED_ISSUE_CHILD_HEAD, age >= 0 && age < YOUNGEST_HEAD);
    if (looking->head_age >= 0 && age >= 0 && text_equal(relationship, "child"))
        find(looking, NEED_ISSUE_PARENT_AGE, looking->head_age - age < YOUNGEST_PARENT);
    if (looking->head_age >= 0 && age >= 0 && text_equal(relationship, "parent"))
        find(looking, NEED_ISSUE_PARENT_AGE, age - looking->head_age < YOUNGEST_PARENT);
    find(looking, NEED_ISSUE_GRADE, json_get(member, "grade") != NULL && (is_false(member, "in_school") || (age >= 0 && age - 3 < json_get_int(member, "grade", 0))));
}

static int
head_age(const struct json *members, int32_t today)
{
    for (size_t i = 0; members && i < members->count; i++)
        if (text_equal(json_get_text(members->items[i], "relationship"), "head"))
            return age_of(members->items[i], today);
    return -1;
}

/* The answers against the roster. A questionnaire without such a question says nothing. */
static void
look_at_answers(struct looking *looking, const struct json *answers)
{
    const struct json *people = json_get(answers, "people");
    find(looking, NEED_ISSUE_PEOPLE, people && people->kind == JSON_INT && people->integer != looking->members);
    find(looking, NEED_ISSUE_SCHOOL, text_equal(json_get_text(answers, "school_age"), "no") && looking->has_pupil_age);
    find(looking, NEED_ISSUE_SCHOOL, text_equal(json_get_text(answers, "school_age"), "yes") && !looking->has_pupil_age);
}

uint16_t
need_issues(const struct need_issue_input *input)
{
    const struct json *members = json_get(input->household, "members");
    bool is_whole = !text_equal(input->roster, "counts_only");
    struct looking looking = {.input = input, .head_age = head_age(members, input->today)};
    for (size_t i = 0; members && i < members->count; i++)
        look_at_member(&looking, members->items[i]);
    find(&looking, NEED_ISSUE_NO_ASSESSMENT, input->answers == NULL);
    find(&looking, NEED_ISSUE_NO_CARD, input->cards == 0);
    find(&looking, NEED_ISSUE_COUNTS_ONLY, !is_whole);
    find(&looking, NEED_ISSUE_MANY, looking.members > MANY);
    find(&looking, NEED_ISSUE_DUPLICATE, input->open_cases > 0);
    if (input->answers && is_whole)
        look_at_answers(&looking, input->answers);
    return looking.found;
}
