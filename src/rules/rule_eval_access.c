/* rule_eval_access.c: variables, fields and items; where an input is absent, its JSON pointer. */
#include <math.h>
#include <string.h>

#include "rules/rule_node.h"

/* Finding the pointer walks over the bindings: it is charged, so that a loop over absent inputs ends too. */
#define MISSING_STEPS 64

/* "~" and "/" in a name are written "~0" and "~1" (RFC 6901). */
static const char *
pointer_token(struct arena *arena, const char *name)
{
    struct buffer buffer;

    if (!strpbrk(name, "~/"))
        return name;
    buffer_init(&buffer, arena);
    for (; *name; name++) {
        if (*name == '~')
            buffer_add(&buffer, "~0");
        else if (*name == '/')
            buffer_add(&buffer, "~1");
        else
            buffer_char(&buffer, *name);
    }
    return buffer_text(&buffer);
}

/* The pointer from `at` to the very object `wanted`, or NULL. Only absent inputs pay for this walk. */
static const char *
path_to(struct arena *arena, const struct json *at, const struct json *wanted, size_t depth)
{
    const char *rest;

    if (at == wanted)
        return "";
    if (depth > LIMIT_JSON_DEPTH)
        return NULL;
    for (size_t i = 0; at->kind == JSON_OBJECT && i < at->count; i++)
        if ((rest = path_to(arena, at->members[i].value, wanted, depth + 1)))
            return arena_format(arena, "/%s%s", pointer_token(arena, at->members[i].name), rest);
    for (size_t i = 0; at->kind == JSON_ARRAY && i < at->count; i++)
        if ((rest = path_to(arena, at->items[i], wanted, depth + 1)))
            return arena_format(arena, "/%zu%s", i, rest);
    return NULL;
}

static struct rule_value
missing_field(struct rule_evaluation *evaluation, const struct json *record, const char *name)
{
    struct arena *arena = evaluation->arena;
    const char *base = evaluation->rule->base, *path = NULL;
    const struct json *base_value = base ? json_get(evaluation->bindings, base) : NULL;

    if (evaluation->quiet > 0)
        return rule_value_make_error(rule_wrong_at(RULE_FAULT_MISSING), "/");
    if (!rule_eval_charge(evaluation, MISSING_STEPS))
        return rule_eval_too_long();
    if (base_value)
        path = path_to(arena, base_value, record, 0);
    if (!path && evaluation->bindings)
        path = path_to(arena, evaluation->bindings, record, 0);
    const char *pointer = arena_format(arena, "%s/%s", path ? path : "", pointer_token(arena, name));
    rule_eval_note_missing(evaluation, pointer);
    return rule_value_fault_word(arena, RULE_FAULT_MISSING_FIELD, name, pointer);
}

struct rule_value
rule_eval_variable(struct rule_evaluation *evaluation, const struct rule_node *node)
{
    if (evaluation->present[node->slot])
        return evaluation->variables[node->slot];
    const char *pointer = arena_format(evaluation->arena, "/%s", pointer_token(evaluation->arena, node->name));
    rule_eval_note_missing(evaluation, pointer);
    return rule_value_fault_word(evaluation->arena, RULE_FAULT_MISSING_NAME, node->name, pointer);
}

/* The member of a record, or NULL. The place of the last hit is tried first. */
static struct json *
record_get(struct rule_evaluation *evaluation, const struct rule_node *node, const struct json *record)
{
    size_t hint = evaluation->hints[node->number];

    if (hint < record->count && strcmp(record->members[hint].name, node->name) == 0)
        return record->members[hint].value;
    for (size_t i = 0; i < record->count; i++)
        if (record->members[i].name[0] == node->name[0] && strcmp(record->members[i].name, node->name) == 0) {
            evaluation->hints[node->number] = (uint16_t)(i < UINT16_MAX ? i : 0);
            return record->members[i].value;
        }
    return NULL;
}

static struct rule_value
select_from(struct rule_evaluation *evaluation, const struct rule_node *node, const struct rule_value *operand)
{
    struct rule_value key = rule_value_make_text(node->name), found;

    if (operand->kind == RULE_VALUE_RECORD) {
        const struct json *value = record_get(evaluation, node, operand->as.record);
        /* null in a field that the schema describes is the absence of an answer */
        if (!value || (node->field && value->kind == JSON_NULL))
            return missing_field(evaluation, operand->as.record, node->name);
        if (value->kind == JSON_ARRAY && !rule_eval_charge(evaluation, value->count))
            return rule_eval_too_long();
        found = rule_value_of_json(evaluation->arena, value);
        if (node->field && node->field->type == RULE_DOUBLE && found.kind == RULE_VALUE_INT) {
            found.kind = RULE_VALUE_DOUBLE;
            found.as.real = (double)value->integer;
        }
        return found;
    }
    if (operand->kind != RULE_VALUE_MAP)
        return rule_value_fault(RULE_FAULT_NO_FIELDS);
    if (rule_map_find(evaluation, operand, &key, &found))
        return found;
    return rule_value_fault_word(evaluation->arena, RULE_FAULT_NO_SUCH_KEY, node->name, NULL);
}

struct rule_value
rule_eval_select(struct rule_evaluation *evaluation, const struct rule_node *node)
{
    if (node->slot >= 0 && evaluation->present[node->slot])
        return evaluation->variables[node->slot];
    struct rule_value operand = rule_eval(evaluation, node->arguments[0]);
    if (operand.kind == RULE_VALUE_ERROR)
        return operand;
    return select_from(evaluation, node, &operand);
}

/* A field of a record that is itself absent is not recorded either. */
struct rule_value
rule_eval_has(struct rule_evaluation *evaluation, const struct rule_node *node)
{
    evaluation->quiet++;
    struct rule_value operand = rule_eval(evaluation, node->arguments[0]);
    struct rule_value value = operand.kind == RULE_VALUE_ERROR ? operand : select_from(evaluation, node, &operand);
    evaluation->quiet--;
    if (operand.kind == RULE_VALUE_ERROR)
        return operand.as.error.missing ? rule_value_make_bool(false) : operand;
    if (operand.kind != RULE_VALUE_RECORD && operand.kind != RULE_VALUE_MAP)
        return value;
    return rule_value_make_bool(value.kind != RULE_VALUE_ERROR);
}

static struct rule_value
index_list(const struct rule_value *list, const struct rule_value *index)
{
    uint64_t at = UINT64_MAX;

    if (index->kind == RULE_VALUE_INT && index->as.integer >= 0)
        at = (uint64_t)index->as.integer;
    else if (index->kind == RULE_VALUE_UINT)
        at = index->as.unsigned_integer;
    else if (index->kind == RULE_VALUE_DOUBLE && index->as.real >= 0 && index->as.real < 1e15 && floor(index->as.real) == index->as.real)
        at = (uint64_t)index->as.real;
    else if (index->kind != RULE_VALUE_INT)
        return rule_value_fault(RULE_FAULT_INDEX_KIND);
    if (at >= list->as.list.count)
        return rule_value_fault(RULE_FAULT_INDEX_BEYOND);
    return list->as.list.items[at];
}

struct rule_value
rule_eval_index(struct rule_evaluation *evaluation, const struct rule_node *node)
{
    struct rule_value operand = rule_eval(evaluation, node->arguments[0]), index = rule_eval(evaluation, node->arguments[1]), found;

    if (operand.kind == RULE_VALUE_ERROR)
        return operand;
    if (index.kind == RULE_VALUE_ERROR)
        return index;
    if (operand.kind == RULE_VALUE_LIST)
        return index_list(&operand, &index);
    if (operand.kind != RULE_VALUE_MAP && operand.kind != RULE_VALUE_RECORD)
        return rule_value_no_overload();
    if (rule_map_find(evaluation, &operand, &index, &found))
        return found;
    if (operand.kind == RULE_VALUE_RECORD && index.kind == RULE_VALUE_TEXT && strlen(index.as.text.data) == index.as.text.length)
        return missing_field(evaluation, operand.as.record, index.as.text.data);
    return rule_value_fault(RULE_FAULT_NO_KEY);
}

bool
rule_map_find(struct rule_evaluation *evaluation, const struct rule_value *map, const struct rule_value *key, struct rule_value *ret_value)
{
    if (map->kind == RULE_VALUE_RECORD) {
        for (size_t i = 0; key->kind == RULE_VALUE_TEXT && i < map->as.record->count; i++) {
            const struct json_member *member = &map->as.record->members[i];
            if (strlen(member->name) == key->as.text.length && memcmp(member->name, key->as.text.data, key->as.text.length) == 0) {
                *ret_value = rule_value_of_json(evaluation->arena, member->value);
                return true;
            }
        }
        return false;
    }
    if (!rule_eval_charge(evaluation, map->as.map.count / 4))
        return false;
    for (size_t i = 0; i < map->as.map.count; i++)
        if (rule_value_equal(evaluation, &map->as.map.keys[i], key)) {
            *ret_value = map->as.map.values[i];
            return true;
        }
    return false;
}
