/* rule_value.c: values from JSON, plain or typed as in the conformance files, and back. */
#include <stdlib.h>
#include <string.h>

#include "lumbung/base/text.h"
#include "rules/rule_node.h"

struct rule_value
rule_value_of_json(struct arena *arena, const struct json *json)
{
    struct rule_value value = { .kind = RULE_VALUE_NULL };

    switch (json->kind) {
    case JSON_NULL:
        break;
    case JSON_BOOL:
        return rule_value_make_bool(json->boolean);
    case JSON_INT:
        return rule_value_make_int(json->integer);
    case JSON_REAL:
        value.kind = RULE_VALUE_DOUBLE;
        value.as.real = json->real;
        break;
    case JSON_TEXT:
        return rule_value_make_text(json->text);
    case JSON_ARRAY:
        value.kind = RULE_VALUE_LIST;
        value.as.list.count = json->count;
        value.as.list.items = ARENA_ARRAY(arena, struct rule_value, json->count);
        for (size_t i = 0; i < json->count; i++)
            value.as.list.items[i] = rule_value_of_json(arena, json->items[i]);
        break;
    case JSON_OBJECT:
        value.kind = RULE_VALUE_RECORD;
        value.as.record = json;
        break;
    }
    return value;
}

bool
rule_value_get(struct arena *arena, const struct rule_value *map, const char *key, struct rule_value *ret_value)
{
    if (map->kind == RULE_VALUE_RECORD) {
        const struct json *found = json_get(map->as.record, key);
        if (found)
            *ret_value = rule_value_of_json(arena, found);
        return found != NULL;
    }
    if (map->kind != RULE_VALUE_MAP)
        return false;
    for (size_t i = 0; i < map->as.map.count; i++) {
        const struct rule_value *name = &map->as.map.keys[i];
        if (name->kind == RULE_VALUE_TEXT && name->as.text.length == strlen(key) && memcmp(name->as.text.data, key, name->as.text.length) == 0) {
            *ret_value = map->as.map.values[i];
            return true;
        }
    }
    return false;
}

/* Typed JSON: one member named after the type; int, uint and double as decimal text, bytes as hex, a map as pairs. */
static struct rule_value
typed_text(struct arena *arena, const char *type, const char *text)
{
    struct rule_value value = rule_value_make_text(text);

    if (strcmp(type, "string") == 0)
        return value;
    if (strcmp(type, "type") == 0) {
        value.kind = RULE_VALUE_TYPE;
    } else if (strcmp(type, "int") == 0) {
        int64_t integer;
        return text_parse_int(text, &integer) ? rule_value_make_int(integer) : rule_value_fault(RULE_FAULT_TYPED_VALUE);
    } else if (strcmp(type, "uint") == 0) {
        value.kind = RULE_VALUE_UINT;
        value.as.unsigned_integer = strtoull(text, NULL, 10);
    } else if (strcmp(type, "double") == 0) {
        value.kind = RULE_VALUE_DOUBLE;
        value.as.real = strtod(text, NULL);
    } else if (strcmp(type, "bytes") == 0 && strlen(text) % 2 == 0) {
        size_t length = strlen(text) / 2;
        uint8_t *bytes = arena_alloc(arena, length + 1);
        if (!hex_parse(text, bytes, length))
            return rule_value_fault(RULE_FAULT_TYPED_VALUE);
        value.kind = RULE_VALUE_BYTES;
        value.as.text.data = (const char *)bytes;
        value.as.text.length = length;
    } else {
        return rule_value_fault(RULE_FAULT_TYPED_VALUE);
    }
    return value;
}

static struct rule_value
typed_array(struct arena *arena, const char *type, const struct json *array)
{
    bool map = strcmp(type, "map") == 0;
    struct rule_value value = { .kind = map ? RULE_VALUE_MAP : RULE_VALUE_LIST }, *first = ARENA_ARRAY(arena, struct rule_value, array->count),
                      *second = ARENA_ARRAY(arena, struct rule_value, array->count);

    for (size_t i = 0; i < array->count; i++) {
        const struct json *item = array->items[i];
        if (map && (item->kind != JSON_ARRAY || item->count != 2))
            return rule_value_fault(RULE_FAULT_TYPED_VALUE);
        first[i] = rule_value_of_typed(arena, map ? item->items[0] : item);
        if (map)
            second[i] = rule_value_of_typed(arena, item->items[1]);
        if (first[i].kind == RULE_VALUE_ERROR || second[i].kind == RULE_VALUE_ERROR)
            return rule_value_fault(RULE_FAULT_TYPED_VALUE);
    }
    if (map) {
        value.as.map.keys = first;
        value.as.map.values = second;
        value.as.map.count = array->count;
    } else {
        value.as.list.items = first;
        value.as.list.count = array->count;
    }
    return value;
}

struct rule_value
rule_value_of_typed(struct arena *arena, const struct json *json)
{
    struct rule_value null = { .kind = RULE_VALUE_NULL };

    if (json->kind != JSON_OBJECT || json->count != 1)
        return rule_value_fault(RULE_FAULT_TYPED_VALUE);
    const char *type = json->members[0].name;
    const struct json *inner = json->members[0].value;
    if (strcmp(type, "null") == 0 && inner->kind == JSON_NULL)
        return null;
    if (strcmp(type, "bool") == 0 && inner->kind == JSON_BOOL)
        return rule_value_make_bool(inner->boolean);
    if (inner->kind == JSON_ARRAY && (strcmp(type, "list") == 0 || strcmp(type, "map") == 0))
        return typed_array(arena, type, inner);
    if (inner->kind == JSON_TEXT)
        return typed_text(arena, type, inner->text);
    return rule_value_fault(RULE_FAULT_TYPED_VALUE);
}

static void
print_hex(struct buffer *buffer, const struct rule_value *value)
{
    for (size_t i = 0; i < value->as.text.length; i++)
        buffer_format(buffer, "%02x", (unsigned)(unsigned char)value->as.text.data[i]);
}

static void
print_key(struct buffer *buffer, const struct rule_value *key)
{
    if (key->kind == RULE_VALUE_TEXT) {
        json_quote(buffer, key->as.text.data, key->as.text.length);
        return;
    }
    buffer_char(buffer, '"');
    rule_value_print(buffer, key, false);
    buffer_char(buffer, '"');
}

static void
print_map(struct buffer *buffer, const struct rule_value *value, bool typed)
{
    buffer_char(buffer, typed ? '[' : '{');
    for (size_t i = 0; i < value->as.map.count; i++) {
        buffer_add(buffer, i ? "," : "");
        buffer_add(buffer, typed ? "[" : "");
        if (typed)
            rule_value_print(buffer, &value->as.map.keys[i], true);
        else
            print_key(buffer, &value->as.map.keys[i]);
        buffer_char(buffer, typed ? ',' : ':');
        rule_value_print(buffer, &value->as.map.values[i], typed);
        buffer_add(buffer, typed ? "]" : "");
    }
    buffer_char(buffer, typed ? ']' : '}');
}

static void
print_record(struct buffer *buffer, const struct rule_value *value, bool typed)
{
    const struct json *record = value->as.record;

    buffer_char(buffer, typed ? '[' : '{');
    for (size_t i = 0; i < record->count; i++) {
        struct rule_value key = rule_value_make_text(record->members[i].name), member = rule_value_of_json(buffer->arena, record->members[i].value);
        buffer_add(buffer, i ? "," : "");
        buffer_add(buffer, typed ? "[" : "");
        rule_value_print(buffer, &key, typed);
        buffer_char(buffer, typed ? ',' : ':');
        rule_value_print(buffer, &member, typed);
        buffer_add(buffer, typed ? "]" : "");
    }
    buffer_char(buffer, typed ? ']' : '}');
}

static void
print_list(struct buffer *buffer, const struct rule_value *value, bool typed)
{
    buffer_char(buffer, '[');
    for (size_t i = 0; i < value->as.list.count; i++) {
        buffer_add(buffer, i ? "," : "");
        rule_value_print(buffer, &value->as.list.items[i], typed);
    }
    buffer_char(buffer, ']');
}

/* Whether the value stands in quotes: texts always, numbers when typed. JSON has no infinities, so they are texts too. */
static bool
is_quoted(const struct rule_value *value, bool typed)
{
    if (value->kind == RULE_VALUE_BYTES || value->kind == RULE_VALUE_TYPE)
        return true;
    if (value->kind == RULE_VALUE_DOUBLE && (value->as.real - value->as.real) != 0) /* true for NaN and infinities only */
        return true;
    return typed && rule_value_numeric(value);
}

void
rule_value_print(struct buffer *buffer, const struct rule_value *value, bool typed)
{
    bool quoted = is_quoted(value, typed);

    if (typed)
        buffer_format(buffer, "{\"%s\":", value->kind == RULE_VALUE_NULL ? "null" : rule_value_type_name(value->kind));
    buffer_add(buffer, quoted ? "\"" : "");
    switch (value->kind) {
    case RULE_VALUE_NULL:
        buffer_add(buffer, "null");
        break;
    case RULE_VALUE_BOOL:
        buffer_add(buffer, value->as.boolean ? "true" : "false");
        break;
    case RULE_VALUE_INT:
        buffer_int(buffer, value->as.integer);
        break;
    case RULE_VALUE_UINT:
        buffer_format(buffer, "%llu", (unsigned long long)value->as.unsigned_integer);
        break;
    case RULE_VALUE_DOUBLE:
        rule_double_print(buffer, value->as.real);
        break;
    case RULE_VALUE_TEXT:
        json_quote(buffer, value->as.text.data, value->as.text.length);
        break;
    case RULE_VALUE_BYTES:
        print_hex(buffer, value);
        break;
    case RULE_VALUE_TYPE:
        buffer_bytes(buffer, value->as.text.data, value->as.text.length);
        break;
    case RULE_VALUE_LIST:
        print_list(buffer, value, typed);
        break;
    case RULE_VALUE_MAP:
        print_map(buffer, value, typed);
        break;
    case RULE_VALUE_RECORD:
        print_record(buffer, value, typed);
        break;
    case RULE_VALUE_ERROR: {
        const char *said = rule_wrong_text(buffer->arena, value->as.error.wrong, LANGUAGE_EN);
        json_quote(buffer, said, strlen(said));
        break;
    }
    }
    buffer_add(buffer, quoted ? "\"" : "");
    if (typed)
        buffer_char(buffer, '}');
}
