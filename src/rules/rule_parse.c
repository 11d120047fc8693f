/* rule_parse.c: operators by precedence, from the conditional down to the unary; members and primaries are in rule_parse_member.c. */
#include <string.h>

#include "rules/rule_node.h"

struct rule_node *
rule_parse_node(struct rule_parser *parser, enum rule_node_kind kind, size_t at, size_t count)
{
    struct rule_node *node = ARENA_NEW(parser->arena, struct rule_node);

    node->kind = kind;
    node->at = node->begin = at;
    node->end = parser->token.end;
    node->depth = 1;
    node->number = parser->node_count++;
    node->slot = -1;
    node->count = count;
    node->arguments = count ? ARENA_ARRAY(parser->arena, struct rule_node *, count) : NULL;
    return node;
}

bool
rule_parse_grow(struct rule_parser *parser, struct rule_node *node)
{
    for (size_t i = 0; i < node->count; i++) {
        const struct rule_node *argument = node->arguments[i];
        node->depth = argument->depth >= node->depth ? argument->depth + 1 : node->depth;
        node->begin = argument->begin < node->begin ? argument->begin : node->begin;
        node->end = argument->end > node->end ? argument->end : node->end;
    }
    if (node->depth > RULE_TREE_DEPTH) {
        rule_parse_fault(parser, node->at, rule_said(RULE_FAULT_TOO_DEEP));
        return false;
    }
    return true;
}

bool
rule_parse_expect(struct rule_parser *parser, unsigned symbol, struct rule_said what)
{
    if (parser->token.kind == TOKEN_SYMBOL && parser->token.symbol == symbol)
        return rule_lex_next(parser);
    if (!parser->error)
        rule_parse_fault(parser, parser->token.begin,
                         parser->token.kind == TOKEN_END ? RULE_SAY(parser->arena, ENDS_EARLY, what) : RULE_SAY(parser->arena, MISPLACED, what));
    return false;
}

static bool
at_symbol(const struct rule_parser *parser, unsigned symbol)
{
    return parser->token.kind == TOKEN_SYMBOL && parser->token.symbol == symbol;
}

/* A node with two arguments, of which the operator stands at `at`. */
static struct rule_node *
join(struct rule_parser *parser, enum rule_node_kind kind, size_t at, struct rule_node *left, struct rule_node *right)
{
    struct rule_node *node = rule_parse_node(parser, kind, at, 2);

    node->arguments[0] = left;
    node->arguments[1] = right;
    node->end = right->end;
    return rule_parse_grow(parser, node) ? node : NULL;
}

/* The operator at the token for one level (3 relations, 2 sums, 1 products); OP_COUNT when it is none of them. */
static enum rule_operator
operator_at(const struct rule_parser *parser, int level)
{
    static const struct { int level; unsigned symbol; enum rule_operator operator; } rows[] = {
        { 3, RULE_SYMBOL('=', '='), OP_EQUAL },    { 3, RULE_SYMBOL('!', '='), OP_NOT_EQUAL },     { 3, RULE_SYMBOL(0, '<'), OP_LESS },
        { 3, RULE_SYMBOL('<', '='), OP_LESS_EQUAL }, { 3, RULE_SYMBOL(0, '>'), OP_GREATER },       { 3, RULE_SYMBOL('>', '='), OP_GREATER_EQUAL },
        { 2, RULE_SYMBOL(0, '+'), OP_ADD },        { 2, RULE_SYMBOL(0, '-'), OP_SUBTRACT },        { 1, RULE_SYMBOL(0, '*'), OP_MULTIPLY },
        { 1, RULE_SYMBOL(0, '/'), OP_DIVIDE },     { 1, RULE_SYMBOL(0, '%'), OP_MODULO },
    };

    if (level == 3 && parser->token.kind == TOKEN_NAME && strcmp(parser->token.text, "in") == 0)
        return OP_IN;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (rows[i].level == level && at_symbol(parser, rows[i].symbol))
            return rows[i].operator;
    return OP_COUNT;
}

/* ! and - in front of a member; a minus directly before a number belongs to it, so that the smallest int can be written. */
static struct rule_node *
parse_unary(struct rule_parser *parser)
{
    size_t at = parser->token.begin;
    bool not = at_symbol(parser, RULE_SYMBOL(0, '!'));

    if (!not && !at_symbol(parser, RULE_SYMBOL(0, '-')))
        return rule_parse_member(parser, SIZE_MAX);
    if (!rule_lex_next(parser))
        return NULL;
    if (!not && (parser->token.kind == TOKEN_INT || parser->token.kind == TOKEN_DOUBLE))
        return rule_parse_member(parser, at);
    if (++parser->depth > LIMIT_RULE_DEPTH) {
        rule_parse_fault(parser, at, rule_said(RULE_FAULT_TOO_DEEP));
        return NULL;
    }
    struct rule_node *operand = parse_unary(parser);
    parser->depth--;
    if (!operand)
        return NULL;
    struct rule_node *node = rule_parse_node(parser, not ? NODE_NOT : NODE_NEGATE, at, 1);
    node->arguments[0] = operand;
    node->end = operand->end;
    return rule_parse_grow(parser, node) ? node : NULL;
}

static struct rule_node *
parse_level(struct rule_parser *parser, int level)
{
    struct rule_node *left = level == 0 ? parse_unary(parser) : parse_level(parser, level - 1);

    if (level == 0)
        return left;
    for (;;) {
        enum rule_operator operator = operator_at(parser, level);
        size_t at = parser->token.begin;
        if (!left || operator == OP_COUNT)
            return left;
        if (!rule_lex_next(parser))
            return NULL;
        struct rule_node *right = parse_level(parser, level - 1);
        if (!right)
            return NULL;
        left = join(parser, NODE_BINARY, at, left, right);
        if (left)
            left->operator = operator;
    }
}

/* && and || keep their operands side by side: a long conjunction is one flat node, and its clauses are easily told. */
static struct rule_node *
parse_logic(struct rule_parser *parser, bool or)
{
    unsigned symbol = or ? RULE_SYMBOL('|', '|') : RULE_SYMBOL('&', '&');
    struct rule_node *first = or ? parse_logic(parser, false) : parse_level(parser, 3);
    size_t at = parser->token.begin, count = 1, room = 4;

    if (!first || !at_symbol(parser, symbol))
        return first;
    struct rule_node **parts = ARENA_ARRAY(parser->arena, struct rule_node *, room);
    parts[0] = first;
    while (at_symbol(parser, symbol)) {
        if (!rule_lex_next(parser))
            return NULL;
        if (count == room) {
            struct rule_node **more = ARENA_ARRAY(parser->arena, struct rule_node *, room * 2);
            memcpy(more, parts, room * sizeof *parts);
            parts = more;
            room *= 2;
        }
        parts[count] = or ? parse_logic(parser, false) : parse_level(parser, 3);
        if (!parts[count++])
            return NULL;
    }
    struct rule_node *node = rule_parse_node(parser, or ? NODE_OR : NODE_AND, at, 0);
    node->arguments = parts;
    node->count = count;
    node->end = parts[count - 1]->end;
    return rule_parse_grow(parser, node) ? node : NULL;
}

static struct rule_node *
parse_conditional(struct rule_parser *parser)
{
    struct rule_node *test = parse_logic(parser, true);
    size_t at = parser->token.begin;

    if (!test || !at_symbol(parser, RULE_SYMBOL(0, '?')))
        return test;
    if (!rule_lex_next(parser))
        return NULL;
    struct rule_node *yes = parse_logic(parser, true);
    if (!yes || !rule_parse_expect(parser, RULE_SYMBOL(0, ':'), rule_said(RULE_FAULT_WANT_ANSWER)))
        return NULL;
    struct rule_node *no = rule_parse_expression(parser);
    if (!no)
        return NULL;
    struct rule_node *node = rule_parse_node(parser, NODE_CONDITIONAL, at, 3);
    node->arguments[0] = test;
    node->arguments[1] = yes;
    node->arguments[2] = no;
    node->end = no->end;
    return rule_parse_grow(parser, node) ? node : NULL;
}

struct rule_node *
rule_parse_expression(struct rule_parser *parser)
{
    if (parser->depth >= LIMIT_RULE_DEPTH) {
        rule_parse_fault(parser, parser->token.begin, rule_said(RULE_FAULT_TOO_DEEP));
        return NULL;
    }
    parser->depth++;
    struct rule_node *node = parse_conditional(parser);
    parser->depth--;
    return node;
}

struct rule_node *
rule_parse(struct rule_parser *parser)
{
    if (!rule_lex_next(parser))
        return NULL;
    if (parser->token.kind == TOKEN_END) {
        rule_parse_fault(parser, 0, rule_said(RULE_FAULT_EMPTY));
        return NULL;
    }
    struct rule_node *node = rule_parse_expression(parser);
    if (!node)
        return NULL;
    if (parser->token.kind != TOKEN_END) {
        rule_parse_fault(parser, parser->token.begin, RULE_SAY(parser->arena, MISPLACED, rule_said(RULE_FAULT_WANT_OPERATOR)));
        return NULL;
    }
    return node;
}
