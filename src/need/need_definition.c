/* need_definition.c: reads and checks the definitions of needs, and the ones that every registry starts with. */
#include "need/need_definition.h"

#include <string.h>

#include "lumbung/audit.h"
#include "lumbung/base/text.h"
#include "need/need_store.h"
#include "program/program_fields.h"
#include "program/program_vocabulary.h"

static const struct code category_words[NEED_CATEGORIES] = {
    {"food", "pangan", "food"}, {"housing", "rumah", "housing"}, {"water", "air dan jamban", "water and toilet"}, {"health", "kesehatan", "health"},
    {"schooling", "sekolah", "schooling"}, {"work", "pekerjaan", "work"}, {"protection", "perlindungan", "protection"},
};
const struct code_list need_category_codes = CODE_LIST("need_category", 1, category_words);

/* Answers are those of the questionnaire that every registry starts with; who has other questions writes another version. */
static const char default_definitions[] =
    "{\"needs\":["
    "{\"category\":\"food\",\"household\":\"household.needs.food_skip == 'yes' || household.needs.meals < 2\",\"covered_by\":{\"categories\":[\"direct_aid\"]}},"
    "{\"category\":\"housing\",\"household\":\"household.needs.floor == 'earth' || household.needs.roof in ['thatch', 'other'] || household.needs.damage == 'yes'"
    " || household.needs.tenure == 'none'\",\"covered_by\":{\"categories\":[\"housing\"]}},"
    "{\"category\":\"water\",\"household\":\"household.needs.water in ['open_well', 'river'] || household.needs.toilet == 'none'\",\"covered_by\":{}},"
    "{\"category\":\"health\",\"household\":\"household.needs.insured == 'none' || (household.needs.ill == 'yes' && household.needs.ill_care != 'yes')\","
    "\"covered_by\":{\"categories\":[\"health\"]}},"
    "{\"category\":\"schooling\",\"member\":\"age(member.birth_date) >= 7 && age(member.birth_date) <= 18 && member.in_school == false\","
    "\"covered_by\":{\"categories\":[\"education\"]}},"
    "{\"category\":\"work\",\"household\":\"household.needs.earner in ['none', 'casual'] && household.needs.land == 'no'\",\"covered_by\":{\"categories\":[\"direct_aid\"]}},"
    "{\"category\":\"protection\",\"household\":\"flag('elderly_alone') || flag('child_headed') || flag('severe_disability') || 'disaster' in household.needs.shocks\","
    "\"covered_by\":{\"categories\":[\"direct_aid\"]}}]}";

int
need_category_find(const char *word)
{
    for (int i = 0; i < NEED_CATEGORIES; i++)
        if (text_equal(category_words[i].word, word))
            return i;
    return -1;
}

struct reading {
    struct arena *arena;
    struct error *error;
};

static void
check_names(struct reading *reading, const struct json *object, const char *const *names, size_t count, const char *pointer)
{
    for (size_t i = 0; i < object->count; i++) {
        bool known = false;
        for (size_t j = 0; j < count; j++)
            known = known || text_equal(object->members[i].name, names[j]);
        if (!known)
            error_add_fault(&reading->error, arena_format(reading->arena, "%s/%s", pointer, object->members[i].name), FAULT_UNKNOWN, NULL, NULL);
    }
}

static struct rule *
read_rule(struct reading *reading, const struct json *object, const char *name, const char *unit, enum rule_type want, const char *pointer)
{
    const struct json *value = json_get(object, name);
    struct rule *rule = NULL;
    const char *at = arena_format(reading->arena, "%s/%s", pointer, name);
    if (value == NULL)
        return NULL;
    if (value->kind != JSON_TEXT)
        error_add_fault(&reading->error, at, FAULT_TYPE, "text", NULL);
    else
        error_take_faults(&reading->error, rule_compile(reading->arena, value->text, at, vocabulary_schema(unit), want, false, &rule));
    return rule;
}

static const struct json *
read_list(struct reading *reading, const struct json *object, const char *name, bool are_ids, const char *pointer)
{
    const struct json *list = json_get(object, name);
    struct id id;
    if (list && list->kind != JSON_ARRAY)
        error_add_fault(&reading->error, arena_format(reading->arena, "%s/%s", pointer, name), FAULT_TYPE, "list", NULL);
    for (size_t i = 0; list && list->kind == JSON_ARRAY && i < list->count; i++) {
        const char *at = arena_format(reading->arena, "%s/%s/%zu", pointer, name, i), *word = list->items[i]->kind == JSON_TEXT ? list->items[i]->text : "";
        if (are_ids && !id_parse(word, &id))
            error_add_fault(&reading->error, at, FAULT_ID, NULL, NULL);
        if (!are_ids && code_find(&program_category_codes, word) == NULL)
            error_add_fault(&reading->error, at, FAULT_CODE, "direct_aid, education, health, housing", NULL);
    }
    return list;
}

static void
read_cover(struct reading *reading, const struct json *need, const char *pointer, struct need_rule *rule)
{
    static const char *const names[] = {"categories", "programs"};
    const struct json *cover = json_get(need, "covered_by");
    const char *at = arena_format(reading->arena, "%s/covered_by", pointer);
    if (cover == NULL)
        return;
    if (cover->kind != JSON_OBJECT) {
        error_add_fault(&reading->error, at, FAULT_TYPE, "object", NULL);
        return;
    }
    check_names(reading, cover, names, 2, at);
    rule->categories = read_list(reading, cover, "categories", false, at);
    rule->programs = read_list(reading, cover, "programs", true, at);
}

static void
read_need(struct reading *reading, const struct json *need, size_t number, struct need_definitions *definitions)
{
    static const char *const names[] = {"category", "household", "member", "covered_by"};
    const char *pointer = arena_format(reading->arena, "/needs/%zu", number);
    if (need->kind != JSON_OBJECT) {
        error_add_fault(&reading->error, pointer, FAULT_TYPE, "object", NULL);
        return;
    }
    check_names(reading, need, names, 4, pointer);
    int category = need_category_find(json_get_text(need, "category"));
    const char *at = arena_format(reading->arena, "%s/category", pointer);
    struct need_rule rule = {.household = read_rule(reading, need, "household", "household", RULE_BOOL, pointer),
                             .member = read_rule(reading, need, "member", "member", RULE_BOOL, pointer)};
    read_cover(reading, need, pointer, &rule);
    if (category < 0) {
        error_add_fault(&reading->error, at, FAULT_CODE, "food, housing, water, health, schooling, work, protection", NULL);
        return;
    }
    if (definitions->defined[category])
        error_add_fault(&reading->error, at, FAULT_DOUBLED, NULL, NULL);
    if (json_get(need, "household") == NULL && json_get(need, "member") == NULL)
        error_add_fault(&reading->error, arena_format(reading->arena, "%s/household", pointer), FAULT_REQUIRED, NULL, NULL);
    definitions->defined[category] = true;
    definitions->rules[category] = rule;
}

struct error *
need_definitions_read(struct arena *arena, const struct json *json, struct need_definitions *ret_definitions)
{
    static const char *const names[] = {"needs", "weight"};
    struct reading reading = {arena, NULL};
    struct need_definitions definitions = {0};
    const struct json *needs = json_get(json, "needs");
    if (json == NULL || json->kind != JSON_OBJECT)
        return error_field("", FAULT_TYPE, "object", NULL);
    check_names(&reading, json, names, 2, "");
    if (needs == NULL || needs->kind != JSON_ARRAY || needs->count == 0)
        error_add_fault(&reading.error, "/needs", needs == NULL ? FAULT_REQUIRED : FAULT_TYPE, "list", NULL);
    else
        for (size_t i = 0; i < needs->count && i <= NEED_CATEGORIES; i++)
            read_need(&reading, needs->items[i], i, &definitions);
    definitions.weight = read_rule(&reading, json, "weight", "household", RULE_DYN, "");
    if (reading.error)
        return reading.error;
    *ret_definitions = definitions;
    return NULL;
}

struct error *
need_definitions_load(struct tx *tx, struct arena *arena, struct need_definitions *ret_definitions)
{
    int64_t version = 0;
    const char *text = default_definitions;
    struct json *json = NULL;
    TRY(need_store_definition(tx, arena, &version, &text));
    TRY(json_parse(arena, text, strlen(text), &json));
    TRY(need_definitions_read(arena, json, ret_definitions));
    ret_definitions->version = version;
    ret_definitions->text = text;
    return NULL;
}

struct error *
need_definitions_make(struct tx *tx, const struct actor *actor, const struct json *json, int64_t *ret_version)
{
    struct need_definitions definitions;
    int64_t version = 0;
    const char *before = NULL;
    struct buffer text;
    TRY(need_definitions_read(tx->arena, json, &definitions));
    TRY(need_store_definition(tx, tx->arena, &version, &before));
    buffer_init(&text, tx->arena);
    json_print(&text, NULL, json);
    TRY(need_store_insert_definition(tx, actor, version + 1, buffer_text(&text)));
    struct audit_part part = {.kind = "need", .id = tx_new_id(tx), .before = before, .after = buffer_text(&text)};
    struct audit_change change = {.action = "need.define", .record_id = part.id, .parts = &part, .part_count = 1};
    *ret_version = version + 1;
    return audit_append(tx, actor, &change, NULL);
}

static bool
list_holds(const struct json *list, const char *word)
{
    for (size_t i = 0; list && i < list->count; i++)
        if (text_equal(list->items[i]->text, word))
            return true;
    return false;
}

uint8_t
need_definitions_covered(const struct need_definitions *definitions, struct id program_id, const char *category)
{
    char id[ID_TEXT_SIZE];
    uint8_t bits = 0;
    id_print(program_id, id);
    for (int i = 0; i < NEED_CATEGORIES; i++)
        if (list_holds(definitions->rules[i].categories, category) || list_holds(definitions->rules[i].programs, id))
            bits |= (uint8_t)(1u << i);
    return bits;
}
