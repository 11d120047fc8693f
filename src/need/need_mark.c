/* need_mark.c: evaluates the definitions for one household: once without answers, and once for each assessment. */
#include "need/need_mark.h"

#include <string.h>

#include "assessment/assessment_fields.h"
#include "lumbung/base/text.h"
#include "lumbung/base/time.h"
#include "lumbung/household.h"
#include "program/program_vocabulary.h"

#define YEAR_2000 10957
#define YEAR_1900 (-25567)
#define DISABLED_GRADE 3 /* Washington Group: a lot of difficulty in at least one function */
#define WEIGHT_MAX 1000000

static uint16_t
day_since(int32_t date, int32_t start)
{
    int32_t day = date - start;
    return (uint16_t)(day < 1 ? 1 : day >= NEED_DAY_NEVER ? NEED_DAY_NEVER - 1 : day);
}

uint16_t
need_day(int32_t date)
{
    return day_since(date, YEAR_2000);
}

uint16_t
need_birth_day(int32_t date)
{
    return day_since(date, YEAR_1900);
}

static uint16_t
day_of(int64_t at_ms)
{
    return need_day(date_of_instant(at_ms, NEED_ZONE_MIN));
}

static bool
is_disabled(const struct json *facts)
{
    const struct json *grades = json_get(facts, "disability"), *severe = json_get(facts, "registered_severe_disability");
    for (size_t i = 0; grades && grades->kind == JSON_OBJECT && i < grades->count; i++)
        if (grades->members[i].value->kind == JSON_INT && grades->members[i].value->integer >= DISABLED_GRADE)
            return true;
    return severe && severe->kind == JSON_BOOL && severe->boolean;
}

struct marking {
    struct tx *tx;
    const struct need_rules *rules;
    struct need_household *household;
    struct json *facts, *bindings;
    struct program program;
    struct vocabulary_context context;
    uint8_t member_need, member_unknown; /* categories in which somebody is in need, or might be */
};

static int
truth_of(struct marking *marking, const struct rule *rule, const struct json *bindings)
{
    struct rule_inputs inputs = {bindings, &marking->context};
    struct rule_value value = rule_evaluate(rule, marking->tx->arena, &inputs, NULL);
    return value.kind == RULE_VALUE_BOOL ? value.as.boolean : -1;
}

static struct json *
bind(struct marking *marking, struct json *member)
{
    struct arena *arena = marking->tx->arena;
    struct json *bindings = json_make(arena, JSON_OBJECT), *household = json_get(marking->facts, "household");
    json_set(arena, bindings, "household", household);
    if (json_get(household, "region"))
        json_set(arena, bindings, "region", json_get(household, "region"));
    if (member)
        json_set(arena, bindings, "member", member);
    return bindings;
}

static struct json *
find_member(const struct marking *marking, struct id id)
{
    char text[ID_TEXT_SIZE];
    const struct json *members = json_get(json_get(marking->facts, "household"), "members");
    id_print(id, text);
    for (size_t i = 0; members && i < members->count; i++)
        if (text_equal(json_get_text(members->items[i], "id"), text))
            return members->items[i];
    return NULL;
}

/* Whom each need concerns: by its member rule, or everybody. */
static uint8_t
concerns(struct marking *marking, struct json *member)
{
    uint8_t who = 0;
    const struct json *bindings = member ? bind(marking, member) : NULL;
    for (int i = 0; i < NEED_CATEGORIES; i++) {
        const struct need_rule *rule = &marking->rules->definitions->rules[i];
        uint8_t bit = (uint8_t)(1u << i);
        int truth = rule->member == NULL ? 1 : bindings ? truth_of(marking, rule->member, bindings) : 0;
        who |= truth == 1 ? bit : 0;
        if (rule->member) {
            marking->member_need |= truth == 1 ? bit : 0;
            marking->member_unknown |= truth == -1 ? bit : 0;
        }
    }
    return who;
}

static struct error *
put_persons(struct marking *marking)
{
    struct need_member_row *rows = NULL;
    size_t count = 0;
    TRY(need_store_members(marking->tx, marking->household->id, &rows, &count));
    for (size_t i = 0; i < count && i < NEED_PERSONS_MAX; i++) {
        struct json *facts = NULL;
        TRY(json_parse(marking->tx->arena, rows[i].facts, strlen(rows[i].facts), &facts));
        marking->household->persons[marking->household->person_count++] = (struct need_person){
            .birth = need_birth_day(rows[i].birth_date),
            .joined = rows[i].has_joined_on ? need_day(rows[i].joined_on) : NEED_DAY_ALWAYS,
            .left = rows[i].has_left_on ? need_day(rows[i].left_on) : NEED_DAY_NEVER,
            .flags = (uint8_t)((text_equal(rows[i].sex, "F") ? NEED_FEMALE : text_equal(rows[i].sex, "M") ? NEED_MALE : 0) | (is_disabled(facts) ? NEED_DISABLED : 0)),
            .who = concerns(marking, find_member(marking, rows[i].id)),
        };
    }
    return NULL;
}

/* A household's rule decides; without one its members' do, and one who might be in need leaves it open. */
static void
put_mark(struct marking *marking, uint16_t day)
{
    struct need_household *household = marking->household;
    struct need_mark mark = {.day = day};
    const struct json *bindings = bind(marking, NULL);
    for (int i = 0; i < NEED_CATEGORIES; i++) {
        const struct need_rule *rule = &marking->rules->definitions->rules[i];
        uint8_t bit = (uint8_t)(1u << i);
        int truth = !marking->rules->definitions->defined[i] ? -1 : rule->household ? truth_of(marking, rule->household, bindings)
                    : marking->member_need & bit ? 1 : marking->member_unknown & bit ? -1 : 0;
        mark.known |= truth != -1 ? bit : 0;
        mark.need |= truth == 1 ? bit : 0;
    }
    size_t last = household->mark_count > 0 ? household->mark_count - 1u : 0;
    if (household->mark_count > 0 && household->marks[last].day == day)
        household->marks[last] = mark;
    else
        household->marks[household->mark_count++] = mark;
}

/* A weight that is no number, or none at all, is one. */
static void
put_weight(struct marking *marking)
{
    if (marking->rules->definitions->weight == NULL)
        return;
    struct rule_inputs inputs = {bind(marking, NULL), &marking->context};
    struct rule_value value = rule_evaluate(marking->rules->definitions->weight, marking->tx->arena, &inputs, NULL);
    if (value.kind == RULE_VALUE_INT && value.as.integer > 0 && value.as.integer <= WEIGHT_MAX)
        marking->household->weight_milli = (uint32_t)value.as.integer * NEED_WEIGHT_ONE;
    if (value.kind == RULE_VALUE_DOUBLE && value.as.real >= 0.001 && value.as.real <= WEIGHT_MAX)
        marking->household->weight_milli = (uint32_t)(value.as.real * NEED_WEIGHT_ONE + 0.5);
}

/* The oldest first. */
static struct error *
put_marks(struct marking *marking, uint16_t registered)
{
    struct tx *tx = marking->tx;
    struct assessment_row *rows = ARENA_ARRAY(tx->arena, struct assessment_row, NEED_MARKS_MAX - 1);
    size_t count = 0;
    TRY(assessment_store_list(tx, marking->household->id, NEED_MARKS_MAX - 1, rows, &count));
    uint16_t first = count > 0 && need_day(rows[count - 1].assessed_on) < registered ? need_day(rows[count - 1].assessed_on) : registered;
    put_mark(marking, first);
    for (size_t i = count; i-- > 0;) {
        struct json *answers = NULL;
        TRY(assessment_open_answers(tx, &rows[i], &answers));
        if (answers == NULL)
            continue;
        json_set(tx->arena, json_get(marking->facts, "household"), "needs", answers);
        put_mark(marking, need_day(rows[i].assessed_on));
    }
    put_weight(marking);
    marking->household->seen = count > 0 && need_day(rows[0].assessed_on) > registered ? need_day(rows[0].assessed_on) : registered;
    return NULL;
}

static uint8_t
person_number(const struct need_member_row *rows, size_t count, struct id member_id)
{
    for (size_t i = 0; i < count && i < NEED_PERSONS_MAX; i++)
        if (id_equal(rows[i].id, member_id))
            return (uint8_t)(i + 1);
    return UINT8_MAX;
}

/* Who takes part is covered from the day the enrollment was made; who was suspended or left, until then. */
static struct error *
put_covers(struct marking *marking)
{
    struct tx *tx = marking->tx;
    struct need_enrollment_row *rows = NULL;
    struct need_member_row *members = NULL;
    size_t count = 0, member_count = 0;
    TRY(need_store_enrollments(tx, marking->household->id, &rows, &count));
    if (count > 0)
        TRY(need_store_members(tx, marking->household->id, &members, &member_count));
    for (size_t i = 0; i < count && marking->household->cover_count < NEED_COVERS_MAX; i++) {
        uint8_t covered = 0;
        for (size_t j = 0; j < marking->rules->program_count; j++)
            covered |= id_equal(marking->rules->programs[j].id, rows[i].program_id) ? marking->rules->programs[j].covered : 0;
        if (covered == 0)
            continue;
        marking->household->covers[marking->household->cover_count++] = (struct need_cover){
            .from = day_of(rows[i].created_at_ms), .until = text_equal(rows[i].state, "enrolled") ? NEED_DAY_NEVER : day_of(rows[i].changed_at_ms),
            .categories = covered, .person = id_is_zero(rows[i].member_id) ? 0 : person_number(members, member_count, rows[i].member_id)};
    }
    return NULL;
}

static struct error *
put_issues(struct marking *marking, const struct need_household_row *row, int32_t today)
{
    const struct json *household = json_get(marking->facts, "household");
    struct need_issue_input input = {.household = household, .answers = json_get(household, "needs"), .today = today, .roster = row->roster};
    TRY(need_store_tallies(marking->tx, row->id, &input.cards, &input.open_cases));
    marking->household->issues = need_issues(&input);
    return NULL;
}

struct error *
need_mark_household(struct tx *tx, const struct need_rules *rules, const struct need_household_row *row, struct need_household *ret_household)
{
    int32_t today = date_of_instant(tx->now_ms, NEED_ZONE_MIN);
    bool active = text_equal(row->state, "active");
    int64_t stopped_ms = 0;
    TRY(household_processing_end(tx, row->id, &stopped_ms));
    uint16_t until = !active ? day_of(row->changed_at_ms) : stopped_ms > 0 ? day_of(stopped_ms) : NEED_DAY_NEVER;
    *ret_household = (struct need_household){.id = row->id, .region_id = row->region_id, .registered_by = row->registered_by, .from = day_of(row->created_at_ms),
                                             .until = until, .weight_milli = NEED_WEIGHT_ONE};
    struct marking marking = {.tx = tx, .rules = rules, .household = ret_household, .program = {.currency = "IDR", .unit = "household"}};
    TRY(household_facts(tx, row->id, today, &marking.facts));
    marking.context = (struct vocabulary_context){
        .shared = {.tx = tx, .facts = marking.facts, .household_id = row->id, .on = today,
                   .region_code = json_get_text(json_get(marking.facts, "household"), "region")},
        .program = &marking.program};
    TRY(put_persons(&marking));
    TRY(put_marks(&marking, ret_household->from));
    if (ret_household->marks[0].day < ret_household->from)
        ret_household->from = ret_household->marks[0].day;
    TRY(put_covers(&marking));
    TRY(put_issues(&marking, row, today));
    return marking.context.shared.error;
}
