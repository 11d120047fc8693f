/* rule_node.h: what the parts of the eligibility language share: tokens, the tree, the compiled rule and one evaluation. */
#ifndef LUMBUNG_RULES_RULE_NODE_H
#define LUMBUNG_RULES_RULE_NODE_H

#include "lumbung/base/limits.h"
#include "lumbung/rule.h"

/* Chains such as a + b + c nest in the tree without nesting in the text; they may be this much deeper. */
#define RULE_TREE_DEPTH (4 * LIMIT_RULE_DEPTH)
#define RULE_ARGUMENTS_MAX 16

enum rule_token_kind {
    TOKEN_END, TOKEN_NAME, TOKEN_QUOTED_NAME, TOKEN_INT, TOKEN_UINT, TOKEN_DOUBLE, TOKEN_TEXT, TOKEN_BYTES, TOKEN_SYMBOL
};

struct rule_token {
    enum rule_token_kind kind;
    size_t begin, end;  /* bytes of the source */
    const char *text;   /* a name, or the content of a literal */
    size_t length;
    uint64_t integer;   /* magnitude of an int or uint literal */
    double real;
    unsigned symbol;    /* RULE_SYMBOL of its one or two characters */
};
#define RULE_SYMBOL(first, second) ((unsigned)(first) << 8 | (unsigned)(second))

enum rule_operator {
    OP_EQUAL, OP_NOT_EQUAL, OP_LESS, OP_LESS_EQUAL, OP_GREATER, OP_GREATER_EQUAL, OP_IN, OP_ADD, OP_SUBTRACT, OP_MULTIPLY, OP_DIVIDE,
    OP_MODULO, OP_COUNT
};

enum rule_loop { LOOP_ALL, LOOP_EXISTS, LOOP_EXISTS_ONE, LOOP_MAP, LOOP_FILTER };

enum rule_node_kind {
    NODE_LITERAL, NODE_VARIABLE, NODE_LOCAL, NODE_SELECT, NODE_HAS, NODE_INDEX, NODE_CALL, NODE_LIST, NODE_MAP, NODE_NOT, NODE_NEGATE,
    NODE_AND, NODE_OR, NODE_CONDITIONAL, NODE_BINARY, NODE_LOOP, NODE_KIND_COUNT
};

/* What the checker knows of a value. */
struct rule_shape {
    enum rule_type type;
    const struct rule_record *record;  /* of an object, or of the objects in a list */
    const struct rule_shape *element;  /* of a list's items or a map's values; NULL: see `record` */
};

struct rule_builtin;
struct rule_regex;

struct rule_node {
    enum rule_node_kind kind;
    enum rule_operator operator; /* BINARY */
    enum rule_loop loop;         /* LOOP */
    bool method;                 /* CALL written as receiver.name(...): the receiver is the first argument */
    size_t at;                   /* byte at which a fault is reported */
    size_t begin, end;           /* bytes of the source */
    size_t depth;
    size_t number;               /* index of the node, for per-evaluation hints */
    const char *name;            /* VARIABLE, LOCAL, SELECT, HAS, CALL; the variable of a LOOP */
    struct rule_node **arguments;
    size_t count;
    int slot;                    /* VARIABLE, LOCAL, LOOP: where the value stands; SELECT: variable of the dotted name or -1 */
    struct rule_value value;     /* LITERAL */
    struct rule_shape shape;
    const struct rule_record *record;        /* SELECT, HAS: record the field belongs to */
    const struct rule_field *field;          /* SELECT, HAS, VARIABLE: found in the schema */
    const struct rule_builtin *builtin;      /* CALL */
    const struct rule_host_function *host;   /* CALL */
    struct rule_regex *regex;                /* CALL of matches with a literal pattern */
};

struct rule {
    const char *text;
    size_t length;
    struct rule_node *root;
    size_t node_count;
    const char **variables;   /* names, by slot */
    size_t variable_count, variable_room;
    size_t local_count;       /* deepest nesting of loop variables */
    const char *base;
    bool has_schema;
    enum rule_type want;
    bool int_too;
};

/* Parsing. Faults are gathered in `error`; after a syntax fault nothing more is read. */
struct rule_parser {
    struct arena *arena;
    const char *text;
    size_t length;
    size_t position;          /* of the lexer, behind `token` */
    struct rule_token token;  /* the one looked at */
    size_t depth;
    size_t node_count;
    const char *pointer;
    struct error *error;
};

/* What is wrong, in both languages. A part of a sentence is said in both too, or is a word of the rule itself. */
enum rule_fault_code {
#define RULE_FAULT(name, id, en) RULE_FAULT_##name,
#include "rules/rule_faults.def"
#undef RULE_FAULT
    RULE_FAULT_COUNT
};
#define RULE_WORDS_MAX 4
struct rule_said { const char *text[2]; /* by language */ };
struct rule_said rule_word(const char *word);
struct rule_said rule_count(struct arena *arena, size_t count);
struct rule_said rule_said(enum rule_fault_code code);
const struct rule_wrong *rule_wrong_at(enum rule_fault_code code); /* of the table, without a word */
struct rule_said rule_say(struct arena *arena, enum rule_fault_code code, const struct rule_said *words, size_t count);
#define RULE_SAY(arena, name, ...) \
    rule_say(arena, RULE_FAULT_##name, (const struct rule_said[]){ __VA_ARGS__ }, sizeof((const struct rule_said[]){ __VA_ARGS__ }) / sizeof(struct rule_said))

/* Adds a fault at a byte of the text, told as a character counted from 1. */
void rule_fault(struct error **error, const char *pointer, const char *text, size_t byte, struct rule_said said);
bool rule_lex_next(struct rule_parser *parser); /* false: a fault was added */
bool rule_literal_read(struct rule_parser *parser, size_t begin); /* a text or bytes literal at parser->position */
struct rule_node *rule_parse(struct rule_parser *parser);         /* NULL: a fault was added */
struct rule_node *rule_parse_expression(struct rule_parser *parser);
struct rule_node *rule_parse_member(struct rule_parser *parser, size_t minus); /* minus: byte of a '-' before a number, or SIZE_MAX */
struct rule_node *rule_parse_node(struct rule_parser *parser, enum rule_node_kind kind, size_t at, size_t count);
bool rule_parse_grow(struct rule_parser *parser, struct rule_node *node); /* depth and extent from the arguments */
bool rule_parse_expect(struct rule_parser *parser, unsigned symbol, struct rule_said what);
void rule_parse_fault(struct rule_parser *parser, size_t byte, struct rule_said said);
bool rule_parse_macro(struct rule_parser *parser, struct rule_node **node); /* rewrites has() and the loops; false: fault */

/* Checking: resolves names, fields and functions and finds types. `lenient` reports nothing: faults appear when evaluated. */
struct rule_checker {
    struct arena *arena;
    struct rule *rule;
    const struct rule_schema *schema; /* may be NULL */
    const char *pointer;
    bool lenient;
    struct error *error;
    const char *names[LIMIT_RULE_DEPTH + 1]; /* loop variables in scope */
    struct rule_shape shapes[LIMIT_RULE_DEPTH + 1];
    size_t scope;
};
void rule_check(struct rule_checker *checker, struct rule_node *node);
void rule_check_want(struct rule_checker *checker);
void rule_check_call(struct rule_checker *checker, struct rule_node *node);
void rule_check_binary(struct rule_checker *checker, struct rule_node *node);
void rule_check_fault(struct rule_checker *checker, const struct rule_node *node, struct rule_said said);
struct rule_shape rule_shape_element(struct rule_shape shape);
struct rule_shape rule_shape_of(enum rule_type type);
const char *rule_type_name(enum rule_type type);
struct rule_said rule_type_word(enum rule_type type);
bool rule_type_numeric(enum rule_type type);
/* "did you mean 'x'?" for the nearest of the names offered, or what else to do. */
struct rule_suggestion { const char *wanted; const char *best; size_t distance; };
void rule_suggest(struct rule_suggestion *suggestion, const char *candidate);
struct rule_said rule_suggest_say(struct arena *arena, const struct rule_suggestion *suggestion);

/* One evaluation. */
struct rule_evaluation {
    const struct rule *rule;
    struct arena *arena;
    const struct json *bindings;
    void *context;
    struct rule_value *variables; /* by slot */
    bool *present;
    struct rule_value *locals;
    uint16_t *hints;              /* where a select last found its field: records mostly share their order */
    size_t steps;
    size_t quiet;                 /* above 0: absent inputs are not noted (inside has) */
    struct json *missing;         /* may be NULL */
};
struct rule_value rule_eval(struct rule_evaluation *evaluation, const struct rule_node *node);
struct rule_value rule_eval_select(struct rule_evaluation *evaluation, const struct rule_node *node);
struct rule_value rule_eval_has(struct rule_evaluation *evaluation, const struct rule_node *node);
struct rule_value rule_eval_index(struct rule_evaluation *evaluation, const struct rule_node *node);
struct rule_value rule_eval_variable(struct rule_evaluation *evaluation, const struct rule_node *node);
struct rule_value rule_eval_loop(struct rule_evaluation *evaluation, const struct rule_node *node);
struct rule_value rule_eval_binary(struct rule_evaluation *evaluation, const struct rule_node *node);
struct rule_value rule_eval_call(struct rule_evaluation *evaluation, const struct rule_node *node);
/* Charges work; false when the limit is passed. */
bool rule_eval_charge(struct rule_evaluation *evaluation, size_t steps);
void rule_eval_note_missing(struct rule_evaluation *evaluation, const char *pointer);
struct rule_value rule_eval_too_long(void);
void rule_evaluation_open(struct rule_evaluation *evaluation, const struct rule *rule, struct arena *arena, const struct rule_inputs *inputs);

/* Values. */
/* An error of the table, with the word that its sentence names. */
struct rule_value rule_value_fault(enum rule_fault_code code);
struct rule_value rule_value_fault_word(struct arena *arena, enum rule_fault_code code, const char *word, const char *missing);
struct rule_value rule_value_no_overload(void);
bool rule_value_equal(struct rule_evaluation *evaluation, const struct rule_value *left, const struct rule_value *right);
/* -1, 0, 1 by order; 2 when they have none (NaN, other types). */
int rule_value_compare(const struct rule_value *left, const struct rule_value *right);
struct rule_value rule_value_arithmetic(struct rule_evaluation *evaluation, enum rule_operator operator, const struct rule_value *left,
                                        const struct rule_value *right);
bool rule_value_numeric(const struct rule_value *value);
bool rule_map_find(struct rule_evaluation *evaluation, const struct rule_value *map, const struct rule_value *key, struct rule_value *ret_value);
const char *rule_value_type_name(enum rule_value_kind kind);
void rule_double_print(struct buffer *buffer, double real);

/* The functions that need no host. */
struct rule_builtin {
    const char *name;
    struct rule_value (*call)(struct rule_evaluation *evaluation, const struct rule_value *arguments, size_t count);
    size_t arguments_min, arguments_max; /* with the receiver */
    bool global, method;                 /* how it may be written */
    enum rule_type arguments[3];
    enum rule_type result;
    const char *label_id, *label_en;     /* as in rule_host_function */
};
extern const struct rule_builtin rule_builtins[];
extern const size_t rule_builtin_count;
struct rule_value rule_convert_int(struct rule_evaluation *evaluation, const struct rule_value *arguments, size_t count);
struct rule_value rule_convert_uint(struct rule_evaluation *evaluation, const struct rule_value *arguments, size_t count);
struct rule_value rule_convert_double(struct rule_evaluation *evaluation, const struct rule_value *arguments, size_t count);
struct rule_value rule_convert_text(struct rule_evaluation *evaluation, const struct rule_value *arguments, size_t count);
struct rule_value rule_convert_bytes(struct rule_evaluation *evaluation, const struct rule_value *arguments, size_t count);
struct rule_value rule_convert_bool(struct rule_evaluation *evaluation, const struct rule_value *arguments, size_t count);
struct rule_value rule_convert_type(struct rule_evaluation *evaluation, const struct rule_value *arguments, size_t count);
struct rule_value rule_convert_dyn(struct rule_evaluation *evaluation, const struct rule_value *arguments, size_t count);
struct rule_value rule_matches(struct rule_evaluation *evaluation, const struct rule_regex *regex, const struct rule_value *text);

/* Regular expressions after RE2's syntax (no back references), matched in time linear in the text. False: `ret_wrong` says why. */
bool rule_regex_compile(struct arena *arena, const char *pattern, size_t length, struct rule_regex **ret_regex, enum rule_fault_code *ret_wrong);
/* Whether it occurs anywhere. `ret_work` gets the states visited. */
bool rule_regex_search(const struct rule_regex *regex, struct arena *arena, const char *text, size_t length, size_t *ret_work);

/* Compiles without the checker's refusals, as conformance cases ask. */
FALLIBLE struct error *rule_compile_lenient(struct arena *arena, const char *text, const char *pointer, struct rule **ret_rule);
struct rule_value rule_value_of_typed(struct arena *arena, const struct json *json);
struct rule_value rule_evaluate_typed(const struct rule *rule, struct arena *arena, const struct json *bindings);

/* Words for people. */
void rule_phrase(struct buffer *buffer, const struct rule_node *node, enum language language);

/* One code point; 0 length at a fault. */
size_t rule_utf8_read(const char *text, size_t length, uint32_t *ret_point);
size_t rule_utf8_write(uint32_t point, char ret_bytes[4]);

#endif
