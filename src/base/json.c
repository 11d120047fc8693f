/* json.c: reading JSON. The only file that sees the library, which alone would accept a depth of 2,047: depth and size are counted before it runs. */
/* The library's names of kinds are ours too: they get another spelling in this file. */
#define JSON_OBJECT JSON_OBJECT_TYPE
#define JSON_ARRAY JSON_ARRAY_TYPE
#define JSON_STRING JSON_STRING_TYPE
#define JSON_INTEGER JSON_INTEGER_TYPE
#define JSON_REAL JSON_REAL_TYPE
#define JSON_TRUE JSON_TRUE_TYPE
#define JSON_FALSE JSON_FALSE_TYPE
#define JSON_NULL JSON_NULL_TYPE
#define json_equal jansson_equal
#include <jansson.h>
#undef JSON_OBJECT
#undef JSON_ARRAY
#undef JSON_STRING
#undef JSON_INTEGER
#undef JSON_REAL
#undef JSON_TRUE
#undef JSON_FALSE
#undef JSON_NULL
#undef json_equal

#include "lumbung/base/json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lumbung/base/limits.h"

/* Words of ours: the library's quote the text, which may be personal. */
static struct error *
json_refuse(const char *what, size_t at_byte)
{
    char text[128];
    snprintf(text, sizeof text, "JSON, byte %zu: %s", at_byte, what);
    return error_with(ERROR_MALFORMED, text, NULL, NULL);
}

static const char *
json_reason(const json_error_t *fault)
{
    switch (json_error_code(fault)) {
    case json_error_premature_end_of_input: return "ends too early";
    case json_error_end_of_input_expected: return "something follows the value";
    case json_error_invalid_utf8: return "not UTF-8";
    case json_error_null_character:
    case json_error_null_value:
    case json_error_null_byte_in_key: return "U+0000 is not allowed";
    case json_error_duplicate_key: return "doubled key";
    case json_error_numeric_overflow: return "number out of range";
    case json_error_stack_overflow: return "nested too deeply";
    case json_error_unknown:
    case json_error_out_of_memory:
    case json_error_cannot_open_file:
    case json_error_invalid_argument:
    case json_error_invalid_syntax:
    case json_error_invalid_format:
    case json_error_wrong_type:
    case json_error_item_not_found:
    case json_error_index_out_of_range: break;
    }
    return "not JSON";
}

/* The byte behind the string that begins at `at`. */
static size_t
json_skip_string(const char *text, size_t length, size_t at)
{
    for (at++; at < length && text[at] != '"'; at++)
        at += text[at] == '\\';
    return at < length ? at + 1 : length;
}

/* Depth and number of values, before any memory is spent. */
static struct error *
json_scan(const char *text, size_t length, size_t values_max)
{
    size_t depth = 0, values = 1;
    if (length >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0)
        return json_refuse("byte order mark", 1);
    for (size_t at = 0; at < length;) {
        char character = text[at];
        if (character == '"') {
            at = json_skip_string(text, length, at);
            continue;
        }
        at++;
        if (character == '[' || character == '{') {
            depth++;
            values++;
        } else if (character == ',') {
            values++;
        } else if ((character == ']' || character == '}') && depth > 0) {
            depth--;
        }
        if (depth > LIMIT_JSON_DEPTH)
            return json_refuse("nested too deeply", at);
        if (values > values_max)
            return json_refuse("too many values", at);
    }
    return NULL;
}

struct json *
json_make(struct arena *arena, enum json_kind kind)
{
    struct json *json = ARENA_NEW(arena, struct json);
    json->kind = kind;
    return json;
}

struct json *
json_make_text(struct arena *arena, const char *text)
{
    struct json *json = json_make(arena, text ? JSON_TEXT : JSON_NULL);
    json->text = arena_text(arena, text);
    return json;
}

struct json *
json_make_int(struct arena *arena, int64_t value)
{
    struct json *json = json_make(arena, JSON_INT);
    json->integer = value;
    return json;
}

struct json *
json_make_bool(struct arena *arena, bool value)
{
    struct json *json = json_make(arena, JSON_BOOL);
    json->boolean = value;
    return json;
}

static struct json *json_convert(struct arena *arena, json_t *from);

static void
json_convert_object(struct arena *arena, struct json *into, json_t *from)
{
    const char *name;
    json_t *value;
    into->members = ARENA_ARRAY(arena, struct json_member, json_object_size(from));
    json_object_foreach(from, name, value)
    {
        into->members[into->count++] = (struct json_member){arena_text(arena, name), json_convert(arena, value)};
    }
}

static void
json_convert_array(struct arena *arena, struct json *into, json_t *from)
{
    into->count = json_array_size(from);
    into->items = ARENA_ARRAY(arena, struct json *, into->count);
    for (size_t i = 0; i < into->count; i++)
        into->items[i] = json_convert(arena, json_array_get(from, i));
}

static struct json *
json_convert(struct arena *arena, json_t *from)
{
    struct json *json = json_make(arena, JSON_NULL);
    switch (json_typeof(from)) {
    case JSON_OBJECT_TYPE:
        json->kind = JSON_OBJECT;
        json_convert_object(arena, json, from);
        break;
    case JSON_ARRAY_TYPE:
        json->kind = JSON_ARRAY;
        json_convert_array(arena, json, from);
        break;
    case JSON_STRING_TYPE:
        json->kind = JSON_TEXT;
        json->text = arena_copy(arena, json_string_value(from), json_string_length(from));
        break;
    case JSON_INTEGER_TYPE:
        json->kind = JSON_INT;
        json->integer = json_integer_value(from);
        break;
    case JSON_REAL_TYPE:
        json->kind = JSON_REAL;
        json->real = json_real_value(from);
        break;
    case JSON_TRUE_TYPE:
    case JSON_FALSE_TYPE:
        json->kind = JSON_BOOL;
        json->boolean = json_typeof(from) == JSON_TRUE_TYPE;
        break;
    case JSON_NULL_TYPE:
        break;
    }
    return json;
}

struct error *
json_parse(struct arena *arena, const char *text, size_t length, struct json **ret_json)
{
    return json_parse_large(arena, text, length, LIMIT_JSON_VALUES, ret_json);
}

struct error *
json_parse_large(struct arena *arena, const char *text, size_t length, size_t values_max, struct json **ret_json)
{
    TRY(json_scan(text, length, values_max));
    json_error_t fault;
    json_t *tree = json_loadb(text ? text : "", length, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &fault);
    if (tree == NULL)
        return json_refuse(json_reason(&fault), (size_t)(fault.position > 0 ? fault.position : 0));
    *ret_json = json_convert(arena, tree);
    json_decref(tree);
    return NULL;
}
