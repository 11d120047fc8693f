/* field_parse.c: from a JSON object to a struct, by its table. Closed and complete: every fault of the document is reported in one answer. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "http/field_private.h"
#include "lumbung/base/limits.h"
#include "lumbung/base/money.h"
#include "lumbung/base/text.h"
#include "lumbung/base/time.h"

#define DECIMAL_SCALE INT64_C(10000000)
#define DECIMAL_DEFAULT_MAX (INT64_C(1000000000) * DECIMAL_SCALE)
#define INT_DEFAULT_MAX ((INT64_C(1) << 53) - 1) /* what every JSON reader can hold */
#define ARRAY_DEFAULT_MAX 200
#define PHONE_DIGITS_MIN 6
#define PHONE_DIGITS_MAX 15
#define POINTER_DEPTH_MAX 40

/* Where we are: rendered as a JSON pointer only when there is a fault to report. */
struct place {
    const struct place *parent;
    const char *name; /* NULL: an item */
    size_t index;
};

struct parse {
    struct arena *arena;
    const char *prefix;
    enum field_mode mode;
    int32_t today;
    struct error *error;
};

static void
pointer_add_name(struct buffer *buffer, const char *name)
{
    buffer_char(buffer, '/');
    for (; *name; name++) {
        if (*name == '~')
            buffer_add(buffer, "~0");
        else if (*name == '/')
            buffer_add(buffer, "~1");
        else
            buffer_char(buffer, *name);
    }
}

static const char *
pointer_to(const struct parse *parse, const struct place *place)
{
    const struct place *chain[POINTER_DEPTH_MAX];
    size_t depth = 0;
    for (; place && depth < POINTER_DEPTH_MAX; place = place->parent)
        chain[depth++] = place;
    struct buffer buffer;
    buffer_init(&buffer, parse->arena);
    buffer_add(&buffer, parse->prefix);
    while (depth > 0) {
        const struct place *at = chain[--depth];
        if (at->name)
            pointer_add_name(&buffer, at->name);
        else
            buffer_format(&buffer, "/%zu", at->index);
    }
    return buffer_text(&buffer);
}

static void
add_fault(struct parse *parse, const struct place *place, enum fault_code code, const char *first, const char *second)
{
    error_add_fault(&parse->error, pointer_to(parse, place), code, first, second);
}

static void
add_range_fault(struct parse *parse, const struct place *place, enum fault_code code, int64_t minimum, int64_t maximum)
{
    char low[24], high[24];
    snprintf(low, sizeof low, "%lld", (long long)minimum);
    snprintf(high, sizeof high, "%lld", (long long)maximum);
    add_fault(parse, place, code, low, high);
}

static void
bounds_of(const struct field *field, int64_t low, int64_t high, int64_t *ret_low, int64_t *ret_high)
{
    bool given = field->minimum != 0 || field->maximum != 0;
    *ret_low = given ? field->minimum : low;
    *ret_high = given ? field->maximum : high;
}

static bool
in_bounds(struct parse *parse, const struct place *place, enum fault_code code, const struct field *field, int64_t value, int64_t low, int64_t high)
{
    bounds_of(field, low, high, &low, &high);
    if (parse->mode == FIELD_STORED || (value >= low && value <= high))
        return true;
    add_range_fault(parse, place, code, low, high);
    return false;
}

static bool
is_kind(struct parse *parse, const struct place *place, const struct json *json, enum json_kind kind, const char *wanted)
{
    if (json->kind == kind)
        return true;
    add_fault(parse, place, FAULT_TYPE, wanted, NULL);
    return false;
}

/* Blanks are folded line by line, so that line feeds survive. */
static const char *
normalize_lines(struct arena *arena, const char *text)
{
    struct buffer buffer;
    buffer_init(&buffer, arena);
    for (;;) {
        const char *end = strchr(text, '\n');
        size_t length = end ? (size_t)(end - text) : strlen(text);
        buffer_add(&buffer, text_normalize(arena, arena_copy(arena, text, length)));
        if (end == NULL)
            break;
        buffer_char(&buffer, '\n');
        text = end + 1;
    }
    return arena_text(arena, buffer_text(&buffer));
}

static bool
parse_text(struct parse *parse, const struct place *place, const struct field *field, const struct json *json, const char **ret_text)
{
    if (!is_kind(parse, place, json, JSON_TEXT, "text"))
        return false;
    const char *text = json->text;
    /* A secret is taken as it is: changing a blank in a password would lock its owner out. */
    if (parse->mode != FIELD_STORED && (field->flags & FIELD_WRITEONLY) == 0) {
        bool lines = (field->flags & FIELD_LINES) != 0;
        /* What masking showed, sent back: storing it would lose the number for good. */
        bool masked = (field->flags & FIELD_IDENTIFIER) != 0 && strchr(text, '*') != NULL;
        if (masked || !text_is_clean(text, lines)) {
            add_fault(parse, place, FAULT_TEXT, NULL, NULL);
            return false;
        }
        text = lines ? normalize_lines(parse->arena, text) : text_normalize(parse->arena, text);
    }
    if ((field->flags & FIELD_REQUIRED) && parse->mode != FIELD_STORED && text_is_blank(text)) {
        add_fault(parse, place, FAULT_REQUIRED, NULL, NULL);
        return false;
    }
    if (!in_bounds(parse, place, FAULT_LENGTH, field, (int64_t)text_characters(text), 0, LIMIT_TEXT))
        return false;
    *ret_text = text;
    return true;
}

static bool
parse_digits(struct parse *parse, const struct place *place, const struct field *field, const struct json *json, const char **ret_text)
{
    if (!is_kind(parse, place, json, JSON_TEXT, "text"))
        return false;
    size_t length = strlen(json->text);
    size_t high = field->maximum > 0 ? (size_t)field->maximum : LIMIT_NAME;
    size_t low = field->minimum > 0 ? (size_t)field->minimum : field->maximum > 0 ? high : 1;
    if (parse->mode != FIELD_STORED && (length < low || length > high || !text_is_digits(json->text, length))) {
        char wanted[48];
        if (low == high)
            snprintf(wanted, sizeof wanted, "%zu", high);
        else
            snprintf(wanted, sizeof wanted, "%zu-%zu", low, high);
        add_fault(parse, place, FAULT_DIGITS, wanted, NULL);
        return false;
    }
    *ret_text = json->text;
    return true;
}

/* Digits with one optional plus in front; what people put between them is dropped. */
static bool
parse_phone(struct parse *parse, const struct place *place, const struct json *json, const char **ret_text)
{
    if (!is_kind(parse, place, json, JSON_TEXT, "text"))
        return false;
    *ret_text = json->text;
    if (parse->mode == FIELD_STORED)
        return true;
    struct buffer buffer;
    buffer_init(&buffer, parse->arena);
    int64_t digits = 0;
    for (const char *at = json->text; *at; at++) {
        if (*at >= '0' && *at <= '9') {
            digits++;
            buffer_char(&buffer, *at);
        } else if (*at == '+' && buffer.length == 0) {
            buffer_char(&buffer, '+');
        } else if (strchr(" -.()/", *at) == NULL) {
            add_fault(parse, place, FAULT_TEXT, NULL, NULL);
            return false;
        }
    }
    if (digits < PHONE_DIGITS_MIN || digits > PHONE_DIGITS_MAX) {
        add_range_fault(parse, place, FAULT_LENGTH, PHONE_DIGITS_MIN, PHONE_DIGITS_MAX);
        return false;
    }
    *ret_text = arena_text(parse->arena, buffer_text(&buffer));
    return true;
}

static void
add_code_fault(struct parse *parse, const struct place *place, const struct code_list *list)
{
    struct buffer buffer;
    buffer_init(&buffer, parse->arena);
    for (size_t i = 0; i < list->count; i++)
        buffer_format(&buffer, "%s%s", i ? ", " : "", list->codes[i].word);
    add_fault(parse, place, FAULT_CODE, buffer_text(&buffer), NULL);
}

static bool
parse_code(struct parse *parse, const struct place *place, const struct field *field, const struct json *json, const char **ret_word)
{
    if (!is_kind(parse, place, json, JSON_TEXT, "text"))
        return false;
    const struct code *code = field->codes ? code_find(field->codes, json->text) : NULL;
    if (code == NULL && parse->mode != FIELD_STORED) {
        add_code_fault(parse, place, field->codes);
        return false;
    }
    *ret_word = code ? code->word : json->text;
    return true;
}

static bool
parse_decimal(struct parse *parse, const struct place *place, const struct field *field, const struct json *json, int64_t *ret_value)
{
    int64_t value = 0;
    if (json->kind == JSON_INT) {
        if (__builtin_mul_overflow(json->integer, DECIMAL_SCALE, &value))
            value = json->integer < 0 ? INT64_MIN : INT64_MAX;
    } else if (json->kind == JSON_REAL) {
        double scaled = json->real * (double)DECIMAL_SCALE;
        value = scaled >= 9.2e18 ? INT64_MAX : scaled <= -9.2e18 ? INT64_MIN : (int64_t)llround(scaled);
    } else {
        add_fault(parse, place, FAULT_TYPE, "number", NULL);
        return false;
    }
    int64_t low, high;
    bounds_of(field, -DECIMAL_DEFAULT_MAX, DECIMAL_DEFAULT_MAX, &low, &high);
    if (parse->mode != FIELD_STORED && (value < low || value > high)) {
        add_range_fault(parse, place, FAULT_RANGE, low / DECIMAL_SCALE, high / DECIMAL_SCALE);
        return false;
    }
    *ret_value = value;
    return true;
}

static bool
parse_integer(struct parse *parse, const struct place *place, const struct field *field, const struct json *json, int64_t *ret_value)
{
    if (!is_kind(parse, place, json, JSON_INT, "integer"))
        return false;
    bool is_money = field->kind == FIELD_MONEY;
    if (!in_bounds(parse, place, FAULT_RANGE, field, json->integer, is_money ? 0 : -INT_DEFAULT_MAX, is_money ? MONEY_AMOUNT_MAX : INT_DEFAULT_MAX))
        return false;
    *ret_value = json->integer;
    return true;
}

static bool
parse_date(struct parse *parse, const struct place *place, const struct field *field, const struct json *json, int32_t *ret_date)
{
    if (!is_kind(parse, place, json, JSON_TEXT, "text"))
        return false;
    int32_t date;
    if (!date_parse(json->text, &date)) {
        add_fault(parse, place, FAULT_DATE, NULL, NULL);
        return false;
    }
    if (parse->mode != FIELD_STORED && (field->flags & FIELD_PAST) && date > parse->today) {
        add_fault(parse, place, FAULT_FUTURE, NULL, NULL);
        return false;
    }
    if (!in_bounds(parse, place, FAULT_RANGE, field, date, INT32_MIN, INT32_MAX))
        return false;
    *ret_date = date;
    return true;
}

static bool
parse_instant(struct parse *parse, const struct place *place, const struct field *field, const struct json *json, int64_t *ret_at_ms)
{
    if (!is_kind(parse, place, json, JSON_TEXT, "text"))
        return false;
    int64_t at_ms;
    if (!instant_parse(json->text, &at_ms)) {
        add_fault(parse, place, FAULT_INSTANT, NULL, NULL);
        return false;
    }
    /* A day's grace: a device's clock and zone differ from ours. */
    if (parse->mode != FIELD_STORED && (field->flags & FIELD_PAST) && date_of_instant(at_ms, 0) > parse->today + 1) {
        add_fault(parse, place, FAULT_FUTURE, NULL, NULL);
        return false;
    }
    *ret_at_ms = at_ms;
    return true;
}

static bool
parse_id(struct parse *parse, const struct place *place, const struct json *json, struct id *ret_id)
{
    if (!is_kind(parse, place, json, JSON_TEXT, "text"))
        return false;
    if (!id_parse(json->text, ret_id) || id_is_zero(*ret_id)) {
        add_fault(parse, place, FAULT_ID, NULL, NULL);
        return false;
    }
    return true;
}

static void *parse_object(struct parse *parse, const struct place *place, const struct field_table *table, const struct json *json);

static bool
parse_item(struct parse *parse, const struct place *place, const struct field *field, const struct json *json, void *ret_item)
{
    if (field->kind == FIELD_IDS)
        return parse_id(parse, place, json, ret_item);
    if (field->kind == FIELD_ARRAY) {
        const void *record = parse_object(parse, place, field->table, json);
        if (record)
            memcpy(ret_item, record, field->table->size);
        return record != NULL;
    }
    const struct field item = {.kind = FIELD_TEXT, .flags = field->flags & ~(unsigned)FIELD_REQUIRED, .codes = field->codes};
    const char *text = NULL;
    bool done = field->codes ? parse_code(parse, place, &item, json, &text) : parse_text(parse, place, &item, json, &text);
    memcpy(ret_item, &text, sizeof text);
    return done;
}

static bool
parse_array(struct parse *parse, const struct place *place, const struct field *field, const struct json *json, struct array *ret_array)
{
    if (!is_kind(parse, place, json, JSON_ARRAY, "array"))
        return false;
    if (!in_bounds(parse, place, FAULT_LENGTH, field, (int64_t)json->count, 0, ARRAY_DEFAULT_MAX))
        return false;
    size_t size = field->kind == FIELD_IDS ? sizeof(struct id) : field->kind == FIELD_TEXTS ? sizeof(char *) : field->table->size;
    char *items = arena_alloc(parse->arena, size * json->count);
    bool done = true;
    for (size_t i = 0; i < json->count; i++) {
        struct place at = {place, NULL, i};
        /* An array is replaced as a whole, so its items are new also in a PATCH. */
        enum field_mode mode = parse->mode;
        if (mode == FIELD_PATCH)
            parse->mode = FIELD_CREATE;
        done = parse_item(parse, &at, field, json->items[i], items + i * size) && done;
        parse->mode = mode;
    }
    ret_array->items = items;
    ret_array->count = json->count;
    return done;
}

/* Puts the value into its place in the struct; false when a fault was added. */
static bool
parse_value(struct parse *parse, const struct place *place, const struct field *field, const struct json *json, void *target)
{
    switch (field->kind) {
    case FIELD_TEXT: return parse_text(parse, place, field, json, target);
    case FIELD_DIGITS: return parse_digits(parse, place, field, json, target);
    case FIELD_PHONE: return parse_phone(parse, place, json, target);
    case FIELD_CODE: return parse_code(parse, place, field, json, target);
    case FIELD_INT:
    case FIELD_MONEY: return parse_integer(parse, place, field, json, target);
    case FIELD_DECIMAL: return parse_decimal(parse, place, field, json, target);
    case FIELD_BOOL:
        if (!is_kind(parse, place, json, JSON_BOOL, "true/false"))
            return false;
        memcpy(target, &json->boolean, sizeof(bool));
        return true;
    case FIELD_DATE: return parse_date(parse, place, field, json, target);
    case FIELD_INSTANT: return parse_instant(parse, place, field, json, target);
    case FIELD_ID: return parse_id(parse, place, json, target);
    case FIELD_OBJECT: {
        void *record = parse_object(parse, place, field->table, json);
        memcpy(target, &record, sizeof record);
        return record != NULL;
    }
    case FIELD_ARRAY:
    case FIELD_TEXTS:
    case FIELD_IDS: return parse_array(parse, place, field, json, target);
    case FIELD_JSON: memcpy(target, &json, sizeof json); return true;
    }
    return false;
}

static size_t
find_field(const struct field_table *table, const char *name)
{
    size_t i = 0;
    while (i < table->count && strcmp(table->fields[i].name, name) != 0)
        i++;
    return i;
}

static void
parse_null(struct parse *parse, const struct place *place, const struct field *field, uint64_t bit, struct presence *presence)
{
    if (parse->mode == FIELD_STORED)
        return;
    if (field->flags & FIELD_NO_NULL)
        add_fault(parse, place, FAULT_TYPE, "not null", NULL);
    else if (parse->mode == FIELD_PATCH && (field->flags & FIELD_REQUIRED))
        add_fault(parse, place, FAULT_REQUIRED, NULL, NULL);
    else if (parse->mode == FIELD_PATCH)
        presence->null_set |= bit;
}

static void
parse_member(struct parse *parse, const struct place *place, const struct field_table *table, const struct json_member *member, void *record)
{
    size_t i = find_field(table, member->name);
    struct presence *presence = record;
    if (i == table->count) {
        if (parse->mode != FIELD_STORED)
            add_fault(parse, place, FAULT_UNKNOWN, NULL, NULL);
        return;
    }
    const struct field *field = &table->fields[i];
    uint64_t bit = UINT64_C(1) << i;
    if (parse->mode != FIELD_STORED && (field->flags & FIELD_READONLY))
        add_fault(parse, place, FAULT_READONLY, NULL, NULL);
    else if (member->value->kind == JSON_NULL && field->kind != FIELD_JSON)
        parse_null(parse, place, field, bit, presence);
    else if (parse_value(parse, place, field, member->value, (char *)record + field->offset))
        presence->present |= bit;
    else
        presence->null_set |= bit; /* given but wrong: not to be reported as missing too */
}

static void
check_relations(struct parse *parse, const struct place *place, const struct field_table *table, const void *record)
{
    struct error *found = NULL;
    table->check(parse->arena, record, pointer_to(parse, place), parse->today, &found);
    for (size_t i = 0; found && i < found->fault_count; i++) {
        const struct fault *fault = &found->faults[i];
        if (!error_has_fault(parse->error, fault->pointer))
            error_add_fault(&parse->error, fault->pointer, fault->code, fault->arguments[0], fault->arguments[1]);
    }
    error_free(found);
}

static void *
parse_object(struct parse *parse, const struct place *place, const struct field_table *table, const struct json *json)
{
    if (!is_kind(parse, place, json, JSON_OBJECT, "object"))
        return NULL;
    void *record = arena_alloc(parse->arena, table->size);
    struct presence *presence = record;
    for (size_t i = 0; i < json->count; i++) {
        struct place at = {place, json->members[i].name, 0};
        parse_member(parse, &at, table, &json->members[i], record);
    }
    if (parse->mode != FIELD_CREATE)
        return record;
    for (size_t i = 0; i < table->count; i++) {
        const struct field *field = &table->fields[i];
        bool wanted = (field->flags & FIELD_REQUIRED) && !(field->flags & FIELD_READONLY);
        if (wanted && ((presence->present | presence->null_set) >> i & 1) == 0) {
            struct place at = {place, field->name, 0};
            add_fault(parse, &at, FAULT_REQUIRED, NULL, NULL);
        }
    }
    if (table->check)
        check_relations(parse, place, table, record);
    return record;
}

struct error *
field_parse(struct arena *arena, const struct field_table *table, const struct json *json, const char *pointer, enum field_mode mode, int32_t today,
            void **ret_struct)
{
    struct parse parse = {arena, pointer, mode, today, NULL};
    void *record = parse_object(&parse, NULL, table, json);
    if (parse.error)
        return parse.error;
    *ret_struct = record;
    return NULL;
}
