/* rule.h: the eligibility language: the Common Expression Language (CEL) over JSON-shaped facts, with a checker whose errors point at
 * the character. Knows nothing of SQL or HTTP. Compiled rules are immutable and may be shared between threads. */
#ifndef LUMBUNG_RULE_H
#define LUMBUNG_RULE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lumbung/base/arena.h"
#include "lumbung/base/error.h"
#include "lumbung/base/json.h"

enum rule_type {
    RULE_DYN, RULE_NULL, RULE_BOOL, RULE_INT, RULE_UINT, RULE_DOUBLE, RULE_TEXT, RULE_BYTES, RULE_LIST, RULE_MAP, RULE_TYPE, RULE_ERROR
};

/* What the checker knows of a record: its fields, their types, sub-records and whether they may be absent. */
struct rule_record;
struct rule_field {
    const char *name;
    enum rule_type type;              /* RULE_MAP with `record` is an object, RULE_LIST with `record` a list of objects */
    const struct rule_record *record; /* NULL: elements are dyn */
    const char *label_id;             /* plain words for the explanation: "desil keluarga" */
    const char *label_en;
};
struct rule_record {
    const char *name;
    const struct rule_field *fields;
    size_t field_count;
};

enum rule_value_kind {
    RULE_VALUE_NULL, RULE_VALUE_BOOL, RULE_VALUE_INT, RULE_VALUE_UINT, RULE_VALUE_DOUBLE, RULE_VALUE_TEXT, RULE_VALUE_BYTES,
    RULE_VALUE_LIST, RULE_VALUE_MAP, RULE_VALUE_RECORD, RULE_VALUE_TYPE, RULE_VALUE_ERROR
};

struct rule_value {
    enum rule_value_kind kind;
    union {
        bool boolean;
        int64_t integer;
        uint64_t unsigned_integer;
        double real;
        struct { const char *data; size_t length; } text; /* also bytes and type names */
        struct { struct rule_value *items; size_t count; } list;
        struct { struct rule_value *keys; struct rule_value *values; size_t count; } map;
        const struct json *record; /* an object of the bindings, read in place; a map to the language */
        struct { const char *message; const char *missing; } error; /* missing: JSON pointer of the absent input, or NULL */
    } as;
};

/* A host function beyond CEL's own: age(d), score(name), amount(n) ... Returns a value, of kind ERROR when it cannot be answered
 * (with `missing` set when an input was absent). `context` is rule_inputs.context. */
typedef struct rule_value (*rule_function)(void *context, struct arena *arena, const struct rule_value *arguments, size_t count);
struct rule_host_function {
    const char *name;
    rule_function call;
    size_t arguments_min, arguments_max;
    enum rule_type arguments[4]; /* RULE_DYN: any */
    enum rule_type result;
    const struct rule_record *result_record;
    const char *label_id; /* plain words, {0} {1} for the arguments: "umur", "skor {0}", "Rp{0}"; NULL: the name and its arguments */
    const char *label_en;
};

struct rule_schema {
    const struct rule_record *root;              /* variables by name; NULL: any identifier is dyn */
    const struct rule_host_function *functions;
    size_t function_count;
    const char *base; /* the variable left out of pointers ("household": /members/2/grade); NULL: none */
};

struct rule_inputs {
    const struct json *bindings; /* an object: variable name to value; members that are absent are "missing" */
    void *context;               /* for host functions */
};

struct rule;

/* Parses and checks. `want` is the type of the answer (RULE_DYN: any; RULE_BOOL; RULE_LIST also admits RULE_INT when `int_too`).
 * On a fault: ERROR_FIELDS with one fault per mistake at `pointer`, FAULT_RULE with arguments {character offset from 1, message}.
 * Bounds: LIMIT_RULE_BYTES, LIMIT_RULE_DEPTH. The rule lives in `arena` and keeps no reference to `text`. */
FALLIBLE struct error *rule_compile(struct arena *arena, const char *text, const char *pointer, const struct rule_schema *schema,
                                    enum rule_type want, bool int_too, struct rule **ret_rule);

/* Evaluates; never fails: an expression that cannot be evaluated gives kind ERROR (fail closed); so does an
 * answer of another type than was wanted. At most LIMIT_RULE_STEPS steps.
 * `ret_missing` (may be NULL) gets a JSON array of the pointers of absent inputs that were met, without doubles. */
struct rule_value rule_evaluate(const struct rule *rule, struct arena *arena, const struct rule_inputs *inputs, struct json *ret_missing);

/* One top-level clause of a conjunction, in the order written. */
struct rule_clause {
    const char *expression; /* source text of the clause */
    const char *text_id;    /* in plain words: "desil keluarga paling banyak 4" */
    const char *text_en;
    int truth;              /* 1 true, 0 false, -1 cannot be told */
    struct json *missing;   /* array of pointers */
};

/* The clauses of a bool rule with their truth, all of them evaluated (no short circuit between clauses). */
void rule_explain(const struct rule *rule, struct arena *arena, const struct rule_inputs *inputs, struct rule_clause **ret_clauses,
                  size_t *ret_count);

/* Names of variables and fields that the rule reads ("household.rw", "member.grade"), and of programs, forms or tables named in host calls. */
void rule_reads(const struct rule *rule, struct arena *arena, struct json *ret_names);
/* Names of the variables alone, with the field asked of one where there is one ("floor", "answers.floor"): all of the bindings that the rule can touch. */
void rule_variables(const struct rule *rule, struct arena *arena, struct json *ret_names);

/* JSON of a value ({"int":"5"} typed as in the conformance files when `typed`, plain otherwise). */
void rule_value_print(struct buffer *buffer, const struct rule_value *value, bool typed);
/* A JSON value as the language sees it; objects stay where they are (kind RECORD), so `json` must outlive the value. */
struct rule_value rule_value_of_json(struct arena *arena, const struct json *json);
/* The value under a text key of a MAP or RECORD; false when there is none. For readers of entitlement parts. */
bool rule_value_get(struct arena *arena, const struct rule_value *map, const char *key, struct rule_value *ret_value);
struct rule_value rule_value_make_int(int64_t value);
struct rule_value rule_value_make_bool(bool value);
struct rule_value rule_value_make_text(const char *text); /* kept, not copied */
/* An error for host functions; `missing` is the pointer of the absent input or NULL. Both are kept, not copied. */
struct rule_value rule_value_make_error(const char *message, const char *missing);

/* Runs conformance cases (one JSON object a line: expr, bindings?, value or error); prints each failure and the closing line
 * "N passed, N failed" to `out`. Returns the number failed. */
size_t rule_run_cases(struct arena *arena, const char *text, size_t length, struct buffer *out);

/* `rule eval --expr E [--bindings JSON] [--typed]` and `rule test CASES.jsonl...`; argv[0] is "rule". Returns the exit code: 0 done,
 * 1 failed (an evaluation error, a failed case), 2 usage or refused. */
int rule_command(int argc, char **argv);

#endif
