/* json.h: JSON values read from outside, bounded and strict; json.c is the only file that sees the library. */
#ifndef LUMBUNG_BASE_JSON_H
#define LUMBUNG_BASE_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lumbung/base/arena.h"
#include "lumbung/base/buffer.h"
#include "lumbung/base/error.h"

enum json_kind { JSON_NULL, JSON_BOOL, JSON_INT, JSON_REAL, JSON_TEXT, JSON_ARRAY, JSON_OBJECT };

struct json_member;

struct json {
    enum json_kind kind;
    bool boolean;
    int64_t integer;
    double real;      /* coordinates and survey decimals only: money is always an integer */
    const char *text; /* NUL-terminated, valid UTF-8, without U+0000 */
    size_t count;     /* of items or members */
    size_t room;      /* for json_push and json_set; 0 in parsed values */
    struct json **items;
    struct json_member *members;
};

struct json_member {
    const char *name;
    struct json *value;
};

/* Parses one document, strictly: depth at most LIMIT_JSON_DEPTH, valid UTF-8, no doubled keys, nothing behind it, integers within
 * int64. The tree lives in `arena`. Refusals: ERROR_MALFORMED saying what and at which byte. */
FALLIBLE struct error *json_parse(struct arena *arena, const char *text, size_t length, struct json **ret_json);

/* The same for a file of the console that may hold more values. */
FALLIBLE struct error *json_parse_large(struct arena *arena, const char *text, size_t length, size_t values_max, struct json **ret_json);

/* The member's value, or NULL when absent or `object` is no object (NULL is allowed). */
struct json *json_get(const struct json *object, const char *name);
/* The member's text, or NULL when absent or no text. */
const char *json_get_text(const struct json *object, const char *name);
/* The member's integer, or `fallback`. */
int64_t json_get_int(const struct json *object, const char *name, int64_t fallback);

/* Builders, for values that we make ourselves. */
struct json *json_make(struct arena *arena, enum json_kind kind);
struct json *json_make_text(struct arena *arena, const char *text);
struct json *json_make_int(struct arena *arena, int64_t value);
struct json *json_make_bool(struct arena *arena, bool value);
void json_set(struct arena *arena, struct json *object, const char *name, struct json *value); /* adds or replaces */
void json_remove(struct json *object, const char *name);
void json_push(struct arena *arena, struct json *array, struct json *value);

/* Compact printing; `canonical` sorts the keys bytewise (for digests). */
void json_print(struct buffer *buffer, const char *key, const struct json *value);
void json_print_canonical(struct buffer *buffer, const struct json *value);

bool json_equal(const struct json *left, const struct json *right);

#endif
