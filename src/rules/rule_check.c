/* rule_check.c: resolves names and fields against the schema and finds the types; operators and calls are in rule_check_call.c. */
#include <string.h>

#include "rules/rule_node.h"

void
rule_check_fault(struct rule_checker *checker, const struct rule_node *node, struct rule_said said)
{
    if (!checker->lenient)
        rule_fault(&checker->error, checker->pointer, checker->rule->text, node->at, said);
}

struct rule_shape
rule_shape_of(enum rule_type type)
{
    return (struct rule_shape){ .type = type };
}

struct rule_shape
rule_shape_element(struct rule_shape shape)
{
    if (shape.element)
        return *shape.element;
    if (shape.type == RULE_LIST && shape.record)
        return (struct rule_shape){ .type = RULE_MAP, .record = shape.record };
    return rule_shape_of(RULE_DYN);
}

const char *
rule_type_name(enum rule_type type)
{
    static const char *const names[] = {
        [RULE_DYN] = "dyn",       [RULE_NULL] = "null",   [RULE_BOOL] = "bool",   [RULE_INT] = "int",   [RULE_UINT] = "uint",
        [RULE_DOUBLE] = "double", [RULE_TEXT] = "string", [RULE_BYTES] = "bytes", [RULE_LIST] = "list", [RULE_MAP] = "map",
        [RULE_TYPE] = "type",     [RULE_ERROR] = "error",
    };

    return names[type];
}

struct rule_said
rule_type_word(enum rule_type type)
{
    return rule_word(rule_type_name(type));
}

bool
rule_type_numeric(enum rule_type type)
{
    return type == RULE_INT || type == RULE_UINT || type == RULE_DOUBLE;
}

static enum rule_type
type_of_kind(enum rule_value_kind kind)
{
    static const enum rule_type types[] = {
        [RULE_VALUE_NULL] = RULE_NULL,     [RULE_VALUE_BOOL] = RULE_BOOL, [RULE_VALUE_INT] = RULE_INT,     [RULE_VALUE_UINT] = RULE_UINT,
        [RULE_VALUE_DOUBLE] = RULE_DOUBLE, [RULE_VALUE_TEXT] = RULE_TEXT, [RULE_VALUE_BYTES] = RULE_BYTES, [RULE_VALUE_LIST] = RULE_LIST,
        [RULE_VALUE_MAP] = RULE_MAP,       [RULE_VALUE_RECORD] = RULE_MAP, [RULE_VALUE_TYPE] = RULE_TYPE,  [RULE_VALUE_ERROR] = RULE_DYN,
    };

    return types[kind];
}

/* The slot of a variable, new when it was not seen before. */
static int
variable_slot(struct rule_checker *checker, const char *name)
{
    struct rule *rule = checker->rule;

    for (size_t i = 0; i < rule->variable_count; i++)
        if (strcmp(rule->variables[i], name) == 0)
            return (int)i;
    if (rule->variable_count == rule->variable_room) {
        size_t room = rule->variable_room ? rule->variable_room * 2 : 8;
        const char **more = ARENA_ARRAY(checker->arena, const char *, room);
        for (size_t i = 0; i < rule->variable_count; i++)
            more[i] = rule->variables[i];
        rule->variables = more;
        rule->variable_room = room;
    }
    rule->variables[rule->variable_count] = name;
    return (int)rule->variable_count++;
}

static const struct rule_field *
record_field(const struct rule_record *record, const char *name)
{
    for (size_t i = 0; i < record->field_count; i++)
        if (strcmp(record->fields[i].name, name) == 0)
            return &record->fields[i];
    return NULL;
}

static struct rule_shape
field_shape(const struct rule_field *field)
{
    return (struct rule_shape){ .type = field->type, .record = field->record };
}

static bool
check_type_name(struct rule_node *node)
{
    static const char *const names[] = { "int", "uint", "double", "string", "bytes", "bool", "list", "map", "null_type", "type" };

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strcmp(node->name, names[i]) == 0) {
            node->kind = NODE_LITERAL;
            node->value.kind = RULE_VALUE_TYPE;
            node->value.as.text.data = names[i];
            node->value.as.text.length = strlen(names[i]);
            node->shape = rule_shape_of(RULE_TYPE);
            return true;
        }
    return false;
}

static void
check_name(struct rule_checker *checker, struct rule_node *node)
{
    const struct rule_record *root = checker->schema ? checker->schema->root : NULL;

    for (size_t i = checker->scope; i > 0; i--)
        if (strcmp(checker->names[i - 1], node->name) == 0) {
            node->kind = NODE_LOCAL;
            node->slot = (int)(i - 1);
            node->shape = checker->shapes[i - 1];
            return;
        }
    node->field = root ? record_field(root, node->name) : NULL;
    if (node->field) {
        node->shape = field_shape(node->field);
    } else if (check_type_name(node)) {
        return;
    } else if (root) {
        struct rule_suggestion near = { .wanted = node->name };
        for (size_t i = 0; i < root->field_count; i++)
            rule_suggest(&near, root->fields[i].name);
        for (size_t i = 0; i < checker->scope; i++)
            rule_suggest(&near, checker->names[i]);
        rule_check_fault(checker, node, RULE_SAY(checker->arena, UNKNOWN_NAME, rule_word(node->name), rule_suggest_say(checker->arena, &near)));
    }
    node->slot = variable_slot(checker, node->name);
}

/* The dotted name of a chain of fields on a variable, or NULL: a binding may be called "a.b.c". */
static const char *
dotted_name(struct arena *arena, const struct rule_node *node)
{
    if (node->kind == NODE_VARIABLE)
        return node->name;
    if (node->kind != NODE_SELECT)
        return NULL;
    const char *front = dotted_name(arena, node->arguments[0]);
    return front ? arena_format(arena, "%s.%s", front, node->name) : NULL;
}

static void
check_select(struct rule_checker *checker, struct rule_node *node)
{
    struct rule_node *operand = node->arguments[0];

    rule_check(checker, operand);
    struct rule_shape shape = operand->shape;
    if (shape.type == RULE_MAP && shape.record) {
        node->record = shape.record;
        node->field = record_field(shape.record, node->name);
        if (node->field) {
            node->shape = field_shape(node->field);
        } else {
            struct rule_suggestion near = { .wanted = node->name };
            for (size_t i = 0; i < shape.record->field_count; i++)
                rule_suggest(&near, shape.record->fields[i].name);
            rule_check_fault(checker, node, RULE_SAY(checker->arena, UNKNOWN_FIELD, rule_word(shape.record->name), rule_word(node->name),
                                                     rule_suggest_say(checker->arena, &near)));
        }
    } else if (shape.type == RULE_MAP) {
        node->shape = rule_shape_element(shape);
    } else if (shape.type == RULE_LIST) {
        rule_check_fault(checker, node, RULE_SAY(checker->arena, FIELD_OF_LIST, rule_word(node->name)));
    } else if (shape.type != RULE_DYN) {
        rule_check_fault(checker, node, RULE_SAY(checker->arena, FIELD_OF_VALUE, rule_type_word(shape.type), rule_word(node->name)));
    }
    if (node->kind == NODE_HAS) {
        node->shape = rule_shape_of(RULE_BOOL);
    } else if (!checker->schema || !checker->schema->root) {
        const char *name = dotted_name(checker->arena, node);
        node->slot = name ? variable_slot(checker, name) : -1;
    }
}

static void
check_index(struct rule_checker *checker, struct rule_node *node)
{
    struct rule_node *operand = node->arguments[0], *index = node->arguments[1];

    rule_check(checker, operand);
    rule_check(checker, index);
    if (operand->shape.type == RULE_LIST) {
        if (index->shape.type != RULE_DYN && !rule_type_numeric(index->shape.type))
            rule_check_fault(checker, node, RULE_SAY(checker->arena, INDEX_TYPE, rule_type_word(index->shape.type)));
        node->shape = rule_shape_element(operand->shape);
    } else if (operand->shape.type == RULE_MAP) {
        node->shape = rule_shape_element(operand->shape);
    } else if (operand->shape.type != RULE_DYN) {
        rule_check_fault(checker, node, RULE_SAY(checker->arena, NO_ITEMS, rule_type_word(operand->shape.type)));
    }
}

/* The common shape of every `stride`th argument from `first`; dyn when they differ. */
static struct rule_shape
common_shape(const struct rule_node *node, size_t first, size_t stride)
{
    struct rule_shape shape = first < node->count ? node->arguments[first]->shape : rule_shape_of(RULE_DYN);

    for (size_t i = first; i < node->count; i += stride) {
        const struct rule_shape *other = &node->arguments[i]->shape;
        if (other->type != shape.type || other->record != shape.record)
            return rule_shape_of(RULE_DYN);
        if (other->element != shape.element)
            shape.element = NULL;
    }
    return shape;
}

/* A list of literals is one value, made once. */
static void
fold_list(struct rule_checker *checker, struct rule_node *node)
{
    for (size_t i = 0; i < node->count; i++)
        if (node->arguments[i]->kind != NODE_LITERAL)
            return;
    node->kind = NODE_LITERAL;
    node->value.kind = RULE_VALUE_LIST;
    node->value.as.list.count = node->count;
    node->value.as.list.items = ARENA_ARRAY(checker->arena, struct rule_value, node->count);
    for (size_t i = 0; i < node->count; i++)
        node->value.as.list.items[i] = node->arguments[i]->value;
    node->count = 0;
}

static void
check_collection(struct rule_checker *checker, struct rule_node *node)
{
    bool map = node->kind == NODE_MAP;
    struct rule_shape *element = ARENA_NEW(checker->arena, struct rule_shape);

    for (size_t i = 0; i < node->count; i++)
        rule_check(checker, node->arguments[i]);
    for (size_t i = 0; map && i < node->count; i += 2) {
        enum rule_type type = node->arguments[i]->shape.type;
        if (type != RULE_DYN && type != RULE_TEXT && type != RULE_INT && type != RULE_UINT && type != RULE_BOOL)
            rule_check_fault(checker, node->arguments[i], RULE_SAY(checker->arena, KEY_TYPE, rule_type_word(type)));
    }
    *element = common_shape(node, map ? 1 : 0, map ? 2 : 1);
    node->shape = (struct rule_shape){ .type = map ? RULE_MAP : RULE_LIST, .element = element };
    if (!map)
        fold_list(checker, node);
}

static const char *
loop_name(enum rule_loop loop)
{
    static const char *const names[] = { [LOOP_ALL] = "all", [LOOP_EXISTS] = "exists", [LOOP_EXISTS_ONE] = "exists_one", [LOOP_MAP] = "map",
                                         [LOOP_FILTER] = "filter" };

    return names[loop];
}

static void
check_loop(struct rule_checker *checker, struct rule_node *node)
{
    struct rule_node *range = node->arguments[0];
    struct rule_shape *element = ARENA_NEW(checker->arena, struct rule_shape);

    rule_check(checker, range);
    if (range->shape.type != RULE_LIST && range->shape.type != RULE_MAP && range->shape.type != RULE_DYN)
        rule_check_fault(checker, node, RULE_SAY(checker->arena, LOOP_RANGE, rule_word(loop_name(node->loop)), rule_type_word(range->shape.type)));
    *element = range->shape.type == RULE_LIST ? rule_shape_element(range->shape) : rule_shape_of(RULE_DYN);
    node->slot = (int)checker->scope;
    checker->names[checker->scope] = node->name;
    checker->shapes[checker->scope++] = *element;
    if (checker->scope > checker->rule->local_count)
        checker->rule->local_count = checker->scope;
    for (size_t i = 1; i < node->count; i++)
        rule_check(checker, node->arguments[i]);
    checker->scope--;
    const struct rule_node *last = node->arguments[node->count - 1];
    bool condition = node->loop != LOOP_MAP || node->count == 3;
    const struct rule_node *test = node->arguments[1];
    if (condition && test->shape.type != RULE_BOOL && test->shape.type != RULE_DYN)
        rule_check_fault(checker, test, RULE_SAY(checker->arena, CONDITION, rule_type_word(test->shape.type)));
    if (node->loop == LOOP_MAP)
        *element = last->shape;
    node->shape = node->loop == LOOP_MAP || node->loop == LOOP_FILTER ? (struct rule_shape){ .type = RULE_LIST, .element = element }
                                                                      : rule_shape_of(RULE_BOOL);
}

static void
check_logic(struct rule_checker *checker, struct rule_node *node)
{
    const char *word = node->kind == NODE_AND ? "&&" : node->kind == NODE_OR ? "||" : "!";

    for (size_t i = 0; i < node->count; i++) {
        const struct rule_node *argument = node->arguments[i];
        rule_check(checker, node->arguments[i]);
        if (argument->shape.type != RULE_BOOL && argument->shape.type != RULE_DYN)
            rule_check_fault(checker, argument, RULE_SAY(checker->arena, JOINS, rule_word(word), rule_type_word(argument->shape.type)));
    }
    node->shape = rule_shape_of(RULE_BOOL);
}

static void
check_conditional(struct rule_checker *checker, struct rule_node *node)
{
    const struct rule_node *test = node->arguments[0], *yes = node->arguments[1], *no = node->arguments[2];

    for (size_t i = 0; i < 3; i++)
        rule_check(checker, node->arguments[i]);
    if (test->shape.type != RULE_BOOL && test->shape.type != RULE_DYN)
        rule_check_fault(checker, test, RULE_SAY(checker->arena, CHOICE, rule_type_word(test->shape.type)));
    if (yes->shape.type == RULE_DYN || no->shape.type == RULE_DYN)
        return;
    if (yes->shape.type != no->shape.type)
        rule_check_fault(checker, node, RULE_SAY(checker->arena, CHOICE_TYPES, rule_type_word(yes->shape.type), rule_type_word(no->shape.type)));
    else
        node->shape = yes->shape.record == no->shape.record && yes->shape.element == no->shape.element ? yes->shape
                                                                                                       : rule_shape_of(yes->shape.type);
}

static void
check_literal(struct rule_checker *checker, struct rule_node *node)
{
    (void)checker;
    node->shape = rule_shape_of(type_of_kind(node->value.kind));
}

static void
check_negate(struct rule_checker *checker, struct rule_node *node)
{
    rule_check(checker, node->arguments[0]);
    enum rule_type type = node->arguments[0]->shape.type;
    if (type != RULE_DYN && type != RULE_INT && type != RULE_DOUBLE)
        rule_check_fault(checker, node, RULE_SAY(checker->arena, NEGATE, rule_type_word(type)));
    node->shape = node->arguments[0]->shape;
}

void
rule_check(struct rule_checker *checker, struct rule_node *node)
{
    static void (*const checks[NODE_KIND_COUNT])(struct rule_checker *, struct rule_node *) = {
        [NODE_LITERAL] = check_literal, [NODE_VARIABLE] = check_name,     [NODE_LOCAL] = check_name,       [NODE_SELECT] = check_select,
        [NODE_HAS] = check_select,      [NODE_INDEX] = check_index,       [NODE_CALL] = rule_check_call,   [NODE_LIST] = check_collection,
        [NODE_MAP] = check_collection,  [NODE_NOT] = check_logic,         [NODE_NEGATE] = check_negate,    [NODE_AND] = check_logic,
        [NODE_OR] = check_logic,        [NODE_CONDITIONAL] = check_conditional, [NODE_BINARY] = rule_check_binary, [NODE_LOOP] = check_loop,
    };

    checks[node->kind](checker, node);
}

void
rule_check_want(struct rule_checker *checker)
{
    const struct rule *rule = checker->rule;
    enum rule_type type = rule->root->shape.type;

    if (rule->want == RULE_DYN || type == RULE_DYN || type == rule->want || (rule->int_too && type == RULE_INT))
        return;
    struct rule_said wanted = rule_type_word(rule->want), given = rule_type_word(type);
    if (rule->want == RULE_BOOL)
        rule_check_fault(checker, rule->root, RULE_SAY(checker->arena, WANT_BOOL, given));
    else if (rule->int_too)
        rule_check_fault(checker, rule->root, RULE_SAY(checker->arena, WANT_TYPE_OR_INT, wanted, given));
    else
        rule_check_fault(checker, rule->root, RULE_SAY(checker->arena, WANT_TYPE, wanted, given));
}
