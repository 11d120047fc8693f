/* field_record.c: presence and merging. */
#include <string.h>

#include "http/field_private.h"

size_t
field_size(const struct field *field)
{
    switch (field->kind) {
    case FIELD_TEXT:
    case FIELD_DIGITS:
    case FIELD_PHONE:
    case FIELD_CODE: return sizeof(const char *);
    case FIELD_INT:
    case FIELD_MONEY:
    case FIELD_DECIMAL:
    case FIELD_INSTANT: return sizeof(int64_t);
    case FIELD_BOOL: return sizeof(bool);
    case FIELD_DATE: return sizeof(int32_t);
    case FIELD_ID: return sizeof(struct id);
    case FIELD_OBJECT:
    case FIELD_JSON: return sizeof(void *);
    case FIELD_ARRAY:
    case FIELD_TEXTS:
    case FIELD_IDS: return sizeof(struct array);
    }
    return 0;
}

/* The field's bit, 0 when the table has no such field. Equal literals are mostly one object, so that addresses tell first. */
static uint64_t
bit_of(const struct field_table *table, const char *name)
{
    for (size_t i = 0; i < table->count; i++)
        if (table->fields[i].name == name)
            return UINT64_C(1) << i;
    for (size_t i = 0; i < table->count; i++)
        if (strcmp(table->fields[i].name, name) == 0)
            return UINT64_C(1) << i;
    return 0;
}

bool
field_present(const struct field_table *table, const void *record, const char *name)
{
    const struct presence *presence = record;
    return (presence->present & bit_of(table, name)) != 0;
}

void
field_set_present(const struct field_table *table, void *record, const char *name)
{
    struct presence *presence = record;
    presence->present |= bit_of(table, name);
}

void
field_unset(const struct field_table *table, void *record, const char *name)
{
    struct presence *presence = record;
    uint64_t bit = bit_of(table, name);
    presence->present &= ~bit;
    presence->null_set &= ~bit;
}

static void
merge_field(const struct field *field, bool had, void *record, const void *patch)
{
    char *target = (char *)record + field->offset;
    const char *source = (const char *)patch + field->offset;
    if (field->kind == FIELD_OBJECT && had) {
        void *old, *change;
        memcpy(&old, target, sizeof old);
        memcpy(&change, source, sizeof change);
        if (old && change) {
            field_merge(field->table, old, change);
            return;
        }
    }
    memcpy(target, source, field_size(field));
}

void
field_merge(const struct field_table *table, void *record, const void *patch)
{
    struct presence *presence = record;
    const struct presence *change = patch;
    for (size_t i = 0; i < table->count; i++) {
        const struct field *field = &table->fields[i];
        uint64_t bit = UINT64_C(1) << i;
        if (change->present & bit) {
            merge_field(field, (presence->present & bit) != 0, record, patch);
            presence->present |= bit;
            presence->null_set &= ~bit;
        } else if (change->null_set & bit) {
            memset((char *)record + field->offset, 0, field_size(field));
            presence->present &= ~bit;
        }
    }
}

void
field_check_required(const struct field_table *table, const void *record, struct arena *arena, const char *pointer, struct error **error)
{
    const struct presence *presence = record;
    for (size_t i = 0; i < table->count; i++) {
        const struct field *field = &table->fields[i];
        bool there = (presence->present >> i & 1) != 0;
        bool wanted = (field->flags & FIELD_REQUIRED) && !(field->flags & FIELD_READONLY);
        if (!there && !wanted)
            continue;
        const char *at = arena_format(arena, "%s/%s", pointer, field->name);
        if (!there)
            error_add_fault(error, at, FAULT_REQUIRED, NULL, NULL);
        else if (field->kind == FIELD_OBJECT) {
            const void *object;
            memcpy(&object, (const char *)record + field->offset, sizeof object);
            if (object)
                field_check_required(field->table, object, arena, at, error);
        }
    }
}
