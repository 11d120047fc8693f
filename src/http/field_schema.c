/* field_schema.c: a field table as JSON Schema (2020-12), so that the document can never drift from the parser. */
#include <string.h>

#include "http/field_private.h"
#include "lumbung/base/limits.h"

static void
print_bounds(struct buffer *buffer, const struct field *field, const char *low, const char *high)
{
    if (field->minimum == 0 && field->maximum == 0)
        return;
    json_put_int(buffer, low, field->minimum);
    json_put_int(buffer, high, field->maximum);
}

static void
print_words(struct buffer *buffer, const struct code_list *list)
{
    json_open(buffer, "enum", '[');
    for (size_t i = 0; i < list->count; i++)
        json_put_text(buffer, NULL, list->codes[i].word);
    json_close(buffer, ']');
}

static void
print_text_type(struct buffer *buffer, const char *format)
{
    json_put_text(buffer, "type", "string");
    if (format)
        json_put_text(buffer, "format", format);
}

static void
print_digits(struct buffer *buffer, const struct field *field)
{
    print_text_type(buffer, NULL);
    struct buffer pattern;
    buffer_init(&pattern, buffer->arena);
    if (field->minimum > 0)
        buffer_format(&pattern, "^[0-9]{%lld,%lld}$", (long long)field->minimum, (long long)field->maximum);
    else
        buffer_format(&pattern, "^[0-9]{%lld}$", (long long)field->maximum);
    json_put_text(buffer, "pattern", buffer_text(&pattern));
}

static void
print_members(struct buffer *buffer, const struct field_table *table, bool for_input);

static void
print_items(struct buffer *buffer, const struct field *field, bool for_input)
{
    json_put_text(buffer, "type", "array");
    print_bounds(buffer, field, "minItems", "maxItems");
    json_open(buffer, "items", '{');
    if (field->kind == FIELD_ARRAY)
        print_members(buffer, field->table, for_input);
    else
        print_text_type(buffer, field->kind == FIELD_IDS ? "uuid" : NULL);
    if (field->kind == FIELD_TEXTS && field->codes)
        print_words(buffer, field->codes);
    json_close(buffer, '}');
}

static void
print_type(struct buffer *buffer, const struct field *field, bool for_input)
{
    switch (field->kind) {
    case FIELD_TEXT:
        print_text_type(buffer, NULL);
        print_bounds(buffer, field, "minLength", "maxLength");
        if (field->minimum == 0 && field->maximum == 0)
            json_put_int(buffer, "maxLength", LIMIT_TEXT);
        break;
    case FIELD_DIGITS: print_digits(buffer, field); break;
    case FIELD_PHONE: print_text_type(buffer, NULL); break;
    case FIELD_CODE:
        print_text_type(buffer, NULL);
        if (field->codes)
            print_words(buffer, field->codes);
        break;
    case FIELD_INT:
    case FIELD_MONEY:
        json_put_text(buffer, "type", "integer");
        print_bounds(buffer, field, "minimum", "maximum");
        break;
    case FIELD_DECIMAL: json_put_text(buffer, "type", "number"); break;
    case FIELD_BOOL: json_put_text(buffer, "type", "boolean"); break;
    case FIELD_DATE: print_text_type(buffer, "date"); break;
    case FIELD_INSTANT: print_text_type(buffer, "date-time"); break;
    case FIELD_ID: print_text_type(buffer, "uuid"); break;
    case FIELD_OBJECT: print_members(buffer, field->table, for_input); break;
    case FIELD_ARRAY:
    case FIELD_TEXTS:
    case FIELD_IDS: print_items(buffer, field, for_input); break;
    case FIELD_JSON: break;
    }
}

static bool
is_shown(const struct field *field, bool for_input)
{
    return (field->flags & (for_input ? FIELD_READONLY : FIELD_WRITEONLY)) == 0;
}

static void
print_members(struct buffer *buffer, const struct field_table *table, bool for_input)
{
    json_put_text(buffer, "type", "object");
    if (for_input)
        json_put_bool(buffer, "additionalProperties", false);
    json_open(buffer, "properties", '{');
    for (size_t i = 0; i < table->count; i++) {
        const struct field *field = &table->fields[i];
        if (!is_shown(field, for_input))
            continue;
        json_open(buffer, field->name, '{');
        print_type(buffer, field, for_input);
        if (field->about)
            json_put_text(buffer, "description", field->about);
        json_close(buffer, '}');
    }
    json_close(buffer, '}');
    json_open(buffer, "required", '[');
    for (size_t i = 0; for_input && i < table->count; i++)
        if ((table->fields[i].flags & FIELD_REQUIRED) && is_shown(&table->fields[i], true))
            json_put_text(buffer, NULL, table->fields[i].name);
    json_close(buffer, ']');
}

void
field_print_schema(struct buffer *buffer, const struct field_table *table, bool for_input)
{
    json_open(buffer, NULL, '{');
    print_members(buffer, table, for_input);
    json_close(buffer, '}');
}
