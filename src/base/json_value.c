/* json_value.c: looking into JSON values, building and printing them. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lumbung/base/json.h"

struct json *
json_get(const struct json *object, const char *name)
{
    if (object == NULL || object->kind != JSON_OBJECT)
        return NULL;
    for (size_t i = 0; i < object->count; i++)
        if (strcmp(object->members[i].name, name) == 0)
            return object->members[i].value;
    return NULL;
}

const char *
json_get_text(const struct json *object, const char *name)
{
    const struct json *value = json_get(object, name);
    return value && value->kind == JSON_TEXT ? value->text : NULL;
}

int64_t
json_get_int(const struct json *object, const char *name, int64_t fallback)
{
    const struct json *value = json_get(object, name);
    return value && value->kind == JSON_INT ? value->integer : fallback;
}

void
json_push(struct arena *arena, struct json *array, struct json *value)
{
    if (array->count >= array->room) {
        array->room = array->count ? array->count * 2 : 4;
        struct json **items = ARENA_ARRAY(arena, struct json *, array->room);
        if (array->count > 0)
            memcpy(items, array->items, sizeof(struct json *) * array->count);
        array->items = items;
    }
    array->items[array->count++] = value;
}

void
json_set(struct arena *arena, struct json *object, const char *name, struct json *value)
{
    for (size_t i = 0; i < object->count; i++)
        if (strcmp(object->members[i].name, name) == 0) {
            object->members[i].value = value;
            return;
        }
    if (object->count >= object->room) {
        object->room = object->count ? object->count * 2 : 4;
        struct json_member *members = ARENA_ARRAY(arena, struct json_member, object->room);
        if (object->count > 0)
            memcpy(members, object->members, sizeof *members * object->count);
        object->members = members;
    }
    object->members[object->count++] = (struct json_member){arena_text(arena, name), value};
}

void
json_remove(struct json *object, const char *name)
{
    for (size_t i = 0; i < object->count; i++)
        if (strcmp(object->members[i].name, name) == 0) {
            memmove(&object->members[i], &object->members[i + 1], sizeof *object->members * (object->count - i - 1));
            object->count--;
            return;
        }
}

static int
json_compare_members(const void *left, const void *right)
{
    return strcmp(((const struct json_member *)left)->name, ((const struct json_member *)right)->name);
}

static void
json_print_real(struct buffer *buffer, const char *key, double real)
{
    char text[40];
    if (!isfinite(real)) {
        json_put_null(buffer, key);
        return;
    }
    /* The shortest decimal that reads back as the same number. */
    for (int digits = 15; digits <= 17; digits++) {
        snprintf(text, sizeof text - 3, "%.*g", digits, real);
        if (memcmp(&real, &(double){strtod(text, NULL)}, sizeof real) == 0)
            break;
    }
    json_put_raw(buffer, key, text);
    if (!strpbrk(text, ".e"))
        buffer_add(buffer, ".0"); /* it stays a real */
}

static void
json_print_object(struct buffer *buffer, const char *key, const struct json *value)
{
    json_open(buffer, key, '{');
    for (size_t i = 0; i < value->count; i++)
        json_print(buffer, value->members[i].name, value->members[i].value);
    json_close(buffer, '}');
}

void
json_print(struct buffer *buffer, const char *key, const struct json *value)
{
    if (value == NULL) {
        json_put_null(buffer, key);
        return;
    }
    switch (value->kind) {
    case JSON_NULL:
        json_put_null(buffer, key);
        break;
    case JSON_BOOL:
        json_put_bool(buffer, key, value->boolean);
        break;
    case JSON_INT:
        json_put_int(buffer, key, value->integer);
        break;
    case JSON_REAL:
        json_print_real(buffer, key, value->real);
        break;
    case JSON_TEXT:
        json_put_text(buffer, key, value->text);
        break;
    case JSON_ARRAY:
        json_open(buffer, key, '[');
        for (size_t i = 0; i < value->count; i++)
            json_print(buffer, NULL, value->items[i]);
        json_close(buffer, ']');
        break;
    case JSON_OBJECT:
        json_print_object(buffer, key, value);
        break;
    }
}

/* Sorted at every depth, also inside arrays. */
static struct json *
json_sorted(struct arena *arena, const struct json *value)
{
    struct json *copy = json_make(arena, value->kind);
    *copy = *value;
    if (value->kind == JSON_ARRAY) {
        copy->items = ARENA_ARRAY(arena, struct json *, value->count);
        for (size_t i = 0; i < value->count; i++)
            copy->items[i] = json_sorted(arena, value->items[i]);
    }
    if (value->kind == JSON_OBJECT) {
        copy->members = ARENA_ARRAY(arena, struct json_member, value->count);
        for (size_t i = 0; i < value->count; i++)
            copy->members[i] = (struct json_member){value->members[i].name, json_sorted(arena, value->members[i].value)};
        if (value->count > 1)
            qsort(copy->members, value->count, sizeof *copy->members, json_compare_members);
    }
    return copy;
}

void
json_print_canonical(struct buffer *buffer, const struct json *value)
{
    json_print(buffer, NULL, json_sorted(buffer->arena, value));
}

static bool
json_equal_objects(const struct json *left, const struct json *right)
{
    for (size_t i = 0; i < left->count; i++) {
        const struct json *other = json_get(right, left->members[i].name);
        if (other == NULL || !json_equal(left->members[i].value, other))
            return false;
    }
    return true;
}

bool
json_equal(const struct json *left, const struct json *right)
{
    if (left == NULL || right == NULL)
        return left == right;
    if (left->kind != right->kind || left->count != right->count)
        return false;
    switch (left->kind) {
    case JSON_NULL:
        return true;
    case JSON_BOOL:
        return left->boolean == right->boolean;
    case JSON_INT:
        return left->integer == right->integer;
    case JSON_REAL:
        return !(left->real < right->real) && !(left->real > right->real);
    case JSON_TEXT:
        return strcmp(left->text, right->text) == 0;
    case JSON_ARRAY:
        for (size_t i = 0; i < left->count; i++)
            if (!json_equal(left->items[i], right->items[i]))
                return false;
        return true;
    case JSON_OBJECT:
        return json_equal_objects(left, right);
    }
    return false;
}
