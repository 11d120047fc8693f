/* field.h: one table describes a record: it parses, validates, prints and documents it. Closed: unknown fields are refused, and every fault
 * is reported at once with its JSON pointer.
 *
 * Every parsed struct begins with `struct presence`; bit i of `present` says that field i of its table was given, of `null_set` that it was null,
 * so that PATCH can tell absent from null. A table has at most 64 fields. C type by kind:
 *   TEXT, NIK, PHONE, CODE   const char *      (CODE: one of the words of `codes`, pointing into that list)
 *   INT, MONEY               int64_t
 *   DECIMAL                  int64_t           scaled by 10^7: coordinates, metres
 *   BOOL                     bool
 *   DATE                     int32_t
 *   INSTANT                  int64_t ms
 *   ID                       struct id
 *   OBJECT                   a pointer to the sub-table's struct (NULL when absent)
 *   ARRAY                    struct array      (items are structs of the sub-table)
 *   TEXTS                    struct array      (items are const char *; `codes` bounds them when set)
 *   IDS                      struct array      (items are struct id)
 *   JSON                     struct json *     (bounded free JSON)
 */
#ifndef LUMBUNG_HTTP_FIELD_H
#define LUMBUNG_HTTP_FIELD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lumbung/base/buffer.h"
#include "lumbung/base/error.h"
#include "lumbung/base/json.h"

struct presence {
    uint64_t present;
    uint64_t null_set;
};

struct array {
    void *items;
    size_t count;
};

enum field_kind {
    FIELD_TEXT, FIELD_DIGITS, FIELD_PHONE, FIELD_CODE, FIELD_INT, FIELD_MONEY, FIELD_DECIMAL, FIELD_BOOL, FIELD_DATE, FIELD_INSTANT, FIELD_ID,
    FIELD_OBJECT, FIELD_ARRAY, FIELD_TEXTS, FIELD_IDS, FIELD_JSON
};

enum field_flag {
    FIELD_REQUIRED = 1,
    FIELD_PERSONAL = 2,   /* sealed at rest, masked for most */
    FIELD_READONLY = 4,   /* printed, refused in input */
    FIELD_IDENTIFIER = 8, /* with PERSONAL: a number that masking cuts to its last four */
    FIELD_LINES = 16,     /* TEXT may hold line feeds */
    FIELD_NO_NULL = 32,   /* null is refused also in PATCH */
    FIELD_WRITEONLY = 64, /* read, never printed */
    FIELD_PAST = 128      /* DATE not after today */
};

struct field_table;
struct field {
    const char *name;
    size_t offset;
    enum field_kind kind;
    unsigned flags;
    int64_t minimum, maximum; /* values; lengths of TEXT (characters; DIGITS: exactly maximum) and arrays. Both 0: the kind's default bound */
    const struct code_list *codes;
    const struct field_table *table;
    const char *about;        /* one English phrase for OpenAPI; may be NULL */
};
/* What a new record's fields must be to each other: faults are added to *error with pointers below `pointer`. The record may be half: what was
 * missing or wrong by itself is not present, and is not reported twice. */
typedef void field_check(struct arena *arena, const void *record, const char *pointer, int32_t today, struct error **error);
struct field_table {
    const char *name; /* schema name in OpenAPI */
    size_t size;      /* of the struct */
    const struct field *fields;
    size_t count;
    field_check *check; /* NULL: none */
};
#define FIELD_TABLE(variable, table_name, type, array) FIELD_TABLE_CHECKED(variable, table_name, type, array, NULL)
#define FIELD_TABLE_CHECKED(variable, table_name, type, array, function) \
    const struct field_table variable = {(table_name), sizeof(type), (array), sizeof(array) / sizeof((array)[0]), (function)}

enum field_mode {
    FIELD_CREATE, /* required fields must be there, null counts as absent */
    FIELD_PATCH,  /* RFC 7396: absent stays, null clears */
    FIELD_STORED  /* our own data read back: READONLY fields are taken, unknown ones ignored, no limits checked */
};

/* Parses an object into a struct in the arena. `pointer` is the prefix of the faults' pointers ("" at the root); `today` bounds FIELD_PAST. */
FALLIBLE struct error *field_parse(struct arena *arena, const struct field_table *table, const struct json *json, const char *pointer,
                                   enum field_mode mode, int32_t today, void **ret_struct);

bool field_present(const struct field_table *table, const void *record, const char *name);
/* Marks a field as given (for structs that our own code fills). */
void field_set_present(const struct field_table *table, void *record, const char *name);
/* Neither given nor null. */
void field_unset(const struct field_table *table, void *record, const char *name);
/* Copies the fields that `patch` gives (null clears) onto `record`. */
void field_merge(const struct field_table *table, void *record, const void *patch);

/* Adds FAULT_REQUIRED for what a record lacks after a merge, inner objects included; `pointer` is the prefix. */
void field_check_required(const struct field_table *table, const void *record, struct arena *arena, const char *pointer, struct error **error);

enum field_part {
    FIELD_ALL,           /* everything but WRITEONLY */
    FIELD_PLAIN_ONLY,    /* what is stored unsealed */
    FIELD_PERSONAL_ONLY, /* what is stored sealed */
    FIELD_MASKED,        /* identifiers cut to the last four */
    FIELD_PSEUDONYMOUS   /* without personal fields */
};
/* Prints present fields as members of the JSON object that is open in `buffer`. */
void field_print_members(struct buffer *buffer, const struct field_table *table, const void *record, enum field_part part);
/* A whole object, `key` NULL at the root or in arrays. */
void field_print(struct buffer *buffer, const char *key, const struct field_table *table, const void *record, enum field_part part);
/* "**********0003" */
void field_mask(struct buffer *buffer, const char *text);

/* JSON Schema (2020-12) of a table, for OpenAPI. */
void field_print_schema(struct buffer *buffer, const struct field_table *table, bool for_input);

#endif
