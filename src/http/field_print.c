/* field_print.c: from a struct to JSON, by its table and by who may see what. */
#include <string.h>

#include "http/field_private.h"
#include "lumbung/base/text.h"

#define MASK_SHOWN 4

void
field_mask(struct buffer *buffer, const char *text)
{
    size_t length = strlen(text);
    /* Always ten stars: the length of a number tells which kind of card it is. */
    buffer_add(buffer, "**********");
    if (length > MASK_SHOWN)
        buffer_add(buffer, text + length - MASK_SHOWN);
}

static void
print_decimal(struct buffer *buffer, const char *key, int64_t value)
{
    char text[40];
    uint64_t magnitude = value < 0 ? (uint64_t)0 - (uint64_t)value : (uint64_t)value;
    struct buffer number = {.arena = buffer->arena, .data = text, .capacity = sizeof text};
    buffer_format(&number, "%s%llu.%07llu", value < 0 ? "-" : "", (unsigned long long)(magnitude / 10000000), (unsigned long long)(magnitude % 10000000));
    while (number.length > 0 && number.data[number.length - 1] == '0')
        number.length--;
    if (number.length > 0 && number.data[number.length - 1] == '.')
        number.length--;
    json_put_raw(buffer, key, buffer_text(&number));
}

static void
print_text(struct buffer *buffer, const char *key, const struct field *field, const char *text, enum field_part part)
{
    unsigned hidden = FIELD_PERSONAL | FIELD_IDENTIFIER;
    if (part != FIELD_MASKED || (field->flags & hidden) != hidden || text == NULL) {
        json_put_text(buffer, key, text);
        return;
    }
    struct buffer masked;
    buffer_init(&masked, buffer->arena);
    field_mask(&masked, text);
    json_put_text(buffer, key, buffer_text(&masked));
}

static void
print_array(struct buffer *buffer, const char *key, const struct field *field, const struct array *array, enum field_part part)
{
    json_open(buffer, key, '[');
    for (size_t i = 0; i < array->count; i++) {
        if (field->kind == FIELD_IDS)
            json_put_id(buffer, NULL, ((const struct id *)array->items)[i]);
        else if (field->kind == FIELD_TEXTS)
            print_text(buffer, NULL, field, ((const char *const *)array->items)[i], part);
        else
            field_print(buffer, NULL, field->table, (const char *)array->items + i * field->table->size, part);
    }
    json_close(buffer, ']');
}

static void
print_reference(struct buffer *buffer, const struct field *field, const void *value, enum field_part part)
{
    const void *pointer;
    memcpy(&pointer, value, sizeof pointer);
    if (pointer == NULL)
        json_put_null(buffer, field->name);
    else if (field->kind == FIELD_OBJECT)
        field_print(buffer, field->name, field->table, pointer, part);
    else
        json_print(buffer, field->name, pointer);
}

static void
print_number(struct buffer *buffer, const struct field *field, const void *value)
{
    int64_t number;
    memcpy(&number, value, sizeof number);
    if (field->kind == FIELD_DECIMAL)
        print_decimal(buffer, field->name, number);
    else if (field->kind == FIELD_INSTANT)
        json_put_instant(buffer, field->name, number);
    else
        json_put_int(buffer, field->name, number);
}

static void
print_value(struct buffer *buffer, const struct field *field, const void *value, enum field_part part)
{
    switch (field->kind) {
    case FIELD_TEXT:
    case FIELD_DIGITS:
    case FIELD_PHONE:
    case FIELD_CODE: print_text(buffer, field->name, field, *(const char *const *)value, part); break;
    case FIELD_INT:
    case FIELD_MONEY:
    case FIELD_INSTANT:
    case FIELD_DECIMAL: print_number(buffer, field, value); break;
    case FIELD_BOOL: json_put_bool(buffer, field->name, *(const bool *)value); break;
    case FIELD_DATE: json_put_date(buffer, field->name, *(const int32_t *)value); break;
    case FIELD_ID: json_put_id(buffer, field->name, *(const struct id *)value); break;
    case FIELD_OBJECT:
    case FIELD_JSON: print_reference(buffer, field, value, part); break;
    case FIELD_ARRAY:
    case FIELD_TEXTS:
    case FIELD_IDS: print_array(buffer, field->name, field, value, part); break;
    }
}

/* What of a field belongs to a part: false skips it; *ret_part is what goes for its inner fields. */
static bool
is_in_part(const struct field *field, enum field_part part, enum field_part *ret_part)
{
    bool personal = (field->flags & FIELD_PERSONAL) != 0;
    bool nested = field->kind == FIELD_OBJECT || field->kind == FIELD_ARRAY;
    *ret_part = part;
    if (field->flags & FIELD_WRITEONLY)
        return false;
    switch (part) {
    case FIELD_ALL:
    case FIELD_MASKED: return true;
    case FIELD_PLAIN_ONLY:
    case FIELD_PSEUDONYMOUS: return !personal;
    case FIELD_PERSONAL_ONLY:
        if (personal)
            *ret_part = FIELD_ALL;
        return personal || nested;
    }
    return false;
}

void
field_print_members(struct buffer *buffer, const struct field_table *table, const void *record, enum field_part part)
{
    const struct presence *presence = record;
    for (size_t i = 0; i < table->count; i++) {
        enum field_part inner;
        if ((presence->present >> i & 1) != 0 && is_in_part(&table->fields[i], part, &inner))
            print_value(buffer, &table->fields[i], (const char *)record + table->fields[i].offset, inner);
    }
}

void
field_print(struct buffer *buffer, const char *key, const struct field_table *table, const void *record, enum field_part part)
{
    json_open(buffer, key, '{');
    field_print_members(buffer, table, record, part);
    json_close(buffer, '}');
}
