/* rule_parse_member.c: names, literals, lists, maps, calls, fields and indexes, and the macros has, all, exists, exists_one, map, filter. */
#include <string.h>

#include "rules/rule_node.h"

static bool
at_symbol(const struct rule_parser *parser, char symbol)
{
    return parser->token.kind == TOKEN_SYMBOL && parser->token.symbol == RULE_SYMBOL(0, symbol);
}

static bool
is_reserved(const char *name)
{
    static const char *const words[] = { "as", "break", "const", "continue", "else", "for", "function", "if", "import", "let", "loop",
                                         "package", "namespace", "return", "var", "void", "while", "in" };

    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (strcmp(name, words[i]) == 0)
            return true;
    return false;
}

/* Expressions up to a closing symbol; `pairs` reads key: value. A comma may stand before the closing symbol of lists and maps. */
static bool
parse_items(struct rule_parser *parser, char closing, bool pairs, struct rule_node *node)
{
    size_t room = node->count > 4 ? node->count : 4, count = node->count;
    struct rule_node **items = ARENA_ARRAY(parser->arena, struct rule_node *, room + 2);

    if (count)
        items[0] = node->arguments[0];
    while (!at_symbol(parser, closing)) {
        if (count + 2 > room) {
            struct rule_node **more = ARENA_ARRAY(parser->arena, struct rule_node *, room * 2 + 2);
            memcpy(more, items, count * sizeof *items);
            items = more;
            room *= 2;
        }
        if (!(items[count++] = rule_parse_expression(parser)))
            return false;
        if (pairs && (!rule_parse_expect(parser, RULE_SYMBOL(0, ':'), rule_said(RULE_FAULT_WANT_PAIR)) ||
                      !(items[count++] = rule_parse_expression(parser))))
            return false;
        if (!at_symbol(parser, ','))
            break;
        if (!rule_lex_next(parser))
            return false;
        if (closing == ')' && at_symbol(parser, closing)) {
            rule_parse_fault(parser, parser->token.begin, rule_said(RULE_FAULT_NO_ARGUMENT));
            return false;
        }
    }
    node->arguments = items;
    node->count = count;
    node->end = parser->token.end;
    struct rule_said what = rule_word(arena_copy(parser->arena, &closing, 1));
    return rule_parse_expect(parser, RULE_SYMBOL(0, closing), RULE_SAY(parser->arena, WANT_NEXT, what)) && rule_parse_grow(parser, node);
}

static struct rule_node *
parse_number(struct rule_parser *parser, size_t minus)
{
    struct rule_token token = parser->token;
    struct rule_node *node = rule_parse_node(parser, NODE_LITERAL, minus != SIZE_MAX ? minus : token.begin, 0);
    bool negative = minus != SIZE_MAX;

    if (token.kind == TOKEN_DOUBLE) {
        node->value.kind = RULE_VALUE_DOUBLE;
        node->value.as.real = negative ? -token.real : token.real;
    } else if (token.kind == TOKEN_UINT) {
        node->value.kind = RULE_VALUE_UINT;
        node->value.as.unsigned_integer = token.integer;
    } else {
        if (token.integer > (uint64_t)INT64_MAX + negative) {
            rule_parse_fault(parser, token.begin, rule_said(RULE_FAULT_NUMBER_LARGE));
            return NULL;
        }
        node->value.kind = RULE_VALUE_INT;
        node->value.as.integer = negative ? (int64_t)(0 - token.integer) : (int64_t)token.integer;
    }
    return rule_lex_next(parser) ? node : NULL;
}

static struct rule_node *
parse_name(struct rule_parser *parser)
{
    struct rule_token token = parser->token;
    struct rule_node *node = rule_parse_node(parser, NODE_LITERAL, token.begin, 0);
    bool yes = strcmp(token.text, "true") == 0;

    if (yes || strcmp(token.text, "false") == 0) {
        node->value.kind = RULE_VALUE_BOOL;
        node->value.as.boolean = yes;
        return rule_lex_next(parser) ? node : NULL;
    }
    if (strcmp(token.text, "null") == 0) {
        node->value.kind = RULE_VALUE_NULL;
        return rule_lex_next(parser) ? node : NULL;
    }
    if (is_reserved(token.text)) {
        rule_parse_fault(parser, token.begin, RULE_SAY(parser->arena, RESERVED, rule_word(token.text)));
        return NULL;
    }
    node->kind = NODE_VARIABLE;
    node->name = token.text;
    if (!rule_lex_next(parser))
        return NULL;
    if (!at_symbol(parser, '('))
        return node;
    node->kind = NODE_CALL;
    if (!rule_lex_next(parser) || !parse_items(parser, ')', false, node) || !rule_parse_macro(parser, &node))
        return NULL;
    return node;
}

static struct rule_node *
parse_bracketed(struct rule_parser *parser)
{
    size_t begin = parser->token.begin;
    struct rule_node *node;

    if (at_symbol(parser, '(')) {
        if (!rule_lex_next(parser) || !(node = rule_parse_expression(parser)))
            return NULL;
        node->begin = begin;
        node->end = parser->token.end;
        return rule_parse_expect(parser, RULE_SYMBOL(0, ')'), RULE_SAY(parser->arena, WANT_CLOSE, rule_word(")"))) ? node : NULL;
    }
    bool map = at_symbol(parser, '{');
    node = rule_parse_node(parser, map ? NODE_MAP : NODE_LIST, begin, 0);
    return rule_lex_next(parser) && parse_items(parser, map ? '}' : ']', map, node) ? node : NULL;
}

static struct rule_node *
parse_primary(struct rule_parser *parser, size_t minus)
{
    const struct rule_token *token = &parser->token;

    switch (token->kind) {
    case TOKEN_INT:
    case TOKEN_UINT:
    case TOKEN_DOUBLE:
        return parse_number(parser, minus);
    case TOKEN_TEXT:
    case TOKEN_BYTES: {
        struct rule_node *node = rule_parse_node(parser, NODE_LITERAL, token->begin, 0);
        node->value.kind = token->kind == TOKEN_TEXT ? RULE_VALUE_TEXT : RULE_VALUE_BYTES;
        node->value.as.text.data = token->text;
        node->value.as.text.length = token->length;
        return rule_lex_next(parser) ? node : NULL;
    }
    case TOKEN_NAME:
        return parse_name(parser);
    case TOKEN_SYMBOL:
        if (at_symbol(parser, '(') || at_symbol(parser, '[') || at_symbol(parser, '{'))
            return parse_bracketed(parser);
        if (at_symbol(parser, '.')) /* a name from the root: there is only one scope of names */
            return rule_lex_next(parser) && parser->token.kind == TOKEN_NAME ? parse_name(parser)
                   : (rule_parse_fault(parser, parser->token.begin, rule_said(RULE_FAULT_NO_NAME)), NULL);
        break;
    case TOKEN_QUOTED_NAME:
    case TOKEN_END:
        break;
    }
    rule_parse_fault(parser, token->begin, rule_said(token->kind == TOKEN_END ? RULE_FAULT_ENDS_NO_VALUE : RULE_FAULT_NO_VALUE));
    return NULL;
}

/* .field or .method(arguments) behind `operand`; the dot is read. */
static struct rule_node *
parse_field(struct rule_parser *parser, struct rule_node *operand)
{
    struct rule_token token = parser->token;
    bool word = token.kind == TOKEN_NAME && strcmp(token.text, "true") != 0 && strcmp(token.text, "false") != 0 &&
                strcmp(token.text, "null") != 0 && strcmp(token.text, "in") != 0;

    if (!word && token.kind != TOKEN_QUOTED_NAME) {
        rule_parse_fault(parser, token.begin, rule_said(RULE_FAULT_NO_FIELD_NAME));
        return NULL;
    }
    struct rule_node *node = rule_parse_node(parser, NODE_SELECT, token.begin, 1);
    node->arguments[0] = operand;
    node->name = token.text;
    node->begin = operand->begin;
    if (!rule_lex_next(parser))
        return NULL;
    if (!at_symbol(parser, '(') || token.kind == TOKEN_QUOTED_NAME)
        return rule_parse_grow(parser, node) ? node : NULL;
    node->kind = NODE_CALL;
    node->method = true;
    if (!rule_lex_next(parser) || !parse_items(parser, ')', false, node) || !rule_parse_macro(parser, &node))
        return NULL;
    return node;
}

struct rule_node *
rule_parse_member(struct rule_parser *parser, size_t minus)
{
    struct rule_node *node = parse_primary(parser, minus);

    while (node) {
        if (at_symbol(parser, '.')) {
            node = rule_lex_next(parser) ? parse_field(parser, node) : NULL;
        } else if (at_symbol(parser, '[')) {
            struct rule_node *index = rule_parse_node(parser, NODE_INDEX, parser->token.begin, 2);
            index->arguments[0] = node;
            if (!rule_lex_next(parser) || !(index->arguments[1] = rule_parse_expression(parser)))
                return NULL;
            index->end = parser->token.end;
            if (!rule_parse_expect(parser, RULE_SYMBOL(0, ']'), RULE_SAY(parser->arena, WANT_CLOSE, rule_word("]"))) || !rule_parse_grow(parser, index))
                return NULL;
            node = index;
        } else {
            return node;
        }
    }
    return NULL;
}

static bool
macro_loop(struct rule_parser *parser, struct rule_node *node, enum rule_loop loop)
{
    const struct rule_node *variable = node->arguments[1];

    if (variable->kind != NODE_VARIABLE) {
        rule_parse_fault(parser, variable->begin, RULE_SAY(parser->arena, LOOP_NAME, rule_word(node->name)));
        return false;
    }
    node->kind = NODE_LOOP;
    node->loop = loop;
    node->name = variable->name;
    for (size_t i = 1; i + 1 < node->count; i++)
        node->arguments[i] = node->arguments[i + 1];
    node->count--;
    return true;
}

bool
rule_parse_macro(struct rule_parser *parser, struct rule_node **node)
{
    static const struct { const char *name; enum rule_loop loop; } loops[] = {
        { "all", LOOP_ALL }, { "exists", LOOP_EXISTS }, { "exists_one", LOOP_EXISTS_ONE }, { "map", LOOP_MAP }, { "filter", LOOP_FILTER },
    };
    struct rule_node *call = *node;

    if (!call->method && strcmp(call->name, "has") == 0) {
        if (call->count != 1 || call->arguments[0]->kind != NODE_SELECT) {
            rule_parse_fault(parser, call->begin, rule_said(RULE_FAULT_HAS));
            return false;
        }
        struct rule_node *select = call->arguments[0];
        select->kind = NODE_HAS;
        select->begin = call->begin;
        select->end = call->end;
        *node = select;
        return true;
    }
    for (size_t i = 0; call->method && i < sizeof loops / sizeof loops[0]; i++)
        if (strcmp(call->name, loops[i].name) == 0) {
            if (call->count == 3 || (call->count == 4 && loops[i].loop == LOOP_MAP))
                return macro_loop(parser, call, loops[i].loop);
            rule_parse_fault(parser, call->at, RULE_SAY(parser->arena, LOOP_SHAPE, rule_word(call->name)));
            return false;
        }
    return true;
}
