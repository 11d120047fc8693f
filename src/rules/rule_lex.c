/* rule_lex.c: text to tokens, with the byte at which each stands. */
#include <stdlib.h>
#include <string.h>

#include "lumbung/base/text.h"
#include "rules/rule_node.h"

void
rule_parse_fault(struct rule_parser *parser, size_t byte, struct rule_said said)
{
    if (!parser->error)
        rule_fault(&parser->error, parser->pointer, parser->text, byte, said);
}

static char
peek(const struct rule_parser *parser, size_t ahead)
{
    return parser->position + ahead < parser->length ? parser->text[parser->position + ahead] : '\0';
}

static bool
is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool
is_name_start(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool
is_hex(char c)
{
    return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

static void
skip_blank(struct rule_parser *parser)
{
    for (;;) {
        char c = peek(parser, 0);
        if (parser->position < parser->length && (c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f')) {
            parser->position++;
        } else if (c == '/' && peek(parser, 1) == '/') {
            while (parser->position < parser->length && parser->text[parser->position] != '\n')
                parser->position++;
        } else {
            return;
        }
    }
}

/* Digits at the position in base 10 or 16, into token.integer; false when they pass 2^64-1. */
static bool
read_digits(struct rule_parser *parser, unsigned base)
{
    uint64_t value = 0;

    for (char c = peek(parser, 0); base == 16 ? is_hex(c) : is_digit(c); c = peek(parser, 0)) {
        unsigned digit = is_digit(c) ? (unsigned)(c - '0') : (unsigned)((c | 0x20) - 'a') + 10;
        if (__builtin_mul_overflow(value, (uint64_t)base, &value) || __builtin_add_overflow(value, (uint64_t)digit, &value))
            return false;
        parser->position++;
    }
    parser->token.integer = value;
    return true;
}

/* The end of a decimal literal's fraction and exponent, or the position itself when it has neither. */
static size_t
real_end(const struct rule_parser *parser)
{
    size_t end = parser->position, begin = end;
    const char *text = parser->text;

    while (end < parser->length && is_digit(text[end]))
        end++;
    size_t whole = end;
    if (end + 1 < parser->length && text[end] == '.' && is_digit(text[end + 1])) {
        end++;
        while (end < parser->length && is_digit(text[end]))
            end++;
    }
    if (end < parser->length && (text[end] == 'e' || text[end] == 'E')) {
        size_t digits = end + 1;
        if (digits < parser->length && (text[digits] == '+' || text[digits] == '-'))
            digits++;
        if (digits < parser->length && is_digit(text[digits])) {
            while (digits < parser->length && is_digit(text[digits]))
                digits++;
            end = digits;
        }
    }
    return end == whole ? begin : end;
}

static bool
read_number(struct rule_parser *parser)
{
    struct rule_token *token = &parser->token;
    size_t end = real_end(parser);
    bool hex = peek(parser, 0) == '0' && (peek(parser, 1) == 'x' || peek(parser, 1) == 'X');

    if (!hex && end > parser->position) {
        token->kind = TOKEN_DOUBLE;
        token->real = strtod(arena_copy(parser->arena, parser->text + parser->position, end - parser->position), NULL);
        parser->position = end;
    } else {
        parser->position += hex ? 2 : 0;
        if (hex && !is_hex(peek(parser, 0))) {
            rule_parse_fault(parser, token->begin, rule_said(RULE_FAULT_HEX));
            return false;
        }
        if (!read_digits(parser, hex ? 16 : 10)) {
            rule_parse_fault(parser, token->begin, rule_said(RULE_FAULT_NUMBER_LARGE));
            return false;
        }
        token->kind = TOKEN_INT;
        if (peek(parser, 0) == 'u' || peek(parser, 0) == 'U') {
            token->kind = TOKEN_UINT;
            parser->position++;
        }
    }
    if (is_name_start(peek(parser, 0)) || is_digit(peek(parser, 0))) {
        rule_parse_fault(parser, parser->position, rule_said(RULE_FAULT_NUMBER_LETTER));
        return false;
    }
    return true;
}

static bool
read_quoted_name(struct rule_parser *parser)
{
    size_t begin = ++parser->position;

    for (; parser->position < parser->length && parser->text[parser->position] != '`'; parser->position++) {
        char c = parser->text[parser->position];
        if (!is_name_start(c) && !is_digit(c) && c != '.' && c != '-' && c != '/' && c != ' ') {
            rule_parse_fault(parser, parser->position, rule_said(RULE_FAULT_BACKQUOTE_LETTERS));
            return false;
        }
    }
    if (parser->position >= parser->length || parser->position == begin) {
        rule_parse_fault(parser, begin - 1, rule_said(RULE_FAULT_BACKQUOTE_OPEN));
        return false;
    }
    parser->token.kind = TOKEN_QUOTED_NAME;
    parser->token.length = parser->position - begin;
    parser->token.text = arena_copy(parser->arena, parser->text + begin, parser->token.length);
    parser->position++;
    return true;
}

static bool
read_symbol(struct rule_parser *parser)
{
    static const char pairs[][3] = { "&&", "||", "==", "!=", "<=", ">=" };
    char c = peek(parser, 0), next = peek(parser, 1);

    parser->token.kind = TOKEN_SYMBOL;
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++)
        if (c == pairs[i][0] && next == pairs[i][1]) {
            parser->token.symbol = RULE_SYMBOL(c, next);
            parser->position += 2;
            return true;
        }
    if (c != '\0' && strchr("()[]{}.,?:!<>+-*/%", c)) {
        parser->token.symbol = RULE_SYMBOL(0, c);
        parser->position++;
        return true;
    }
    enum rule_fault_code code = RULE_FAULT_CHARACTER;
    if (c == '=')
        code = RULE_FAULT_SINGLE_EQUAL;
    if (c == '&')
        code = RULE_FAULT_SINGLE_AND;
    if (c == '|')
        code = RULE_FAULT_SINGLE_OR;
    rule_parse_fault(parser, parser->position, rule_said(code));
    return false;
}

/* Whether a text or bytes literal starts here: a quote behind nothing, r, b or both. */
static bool
at_literal(const struct rule_parser *parser)
{
    size_t ahead = 0;
    bool raw = false, bytes = false;

    for (; ahead < 2; ahead++) {
        char c = peek(parser, ahead);
        if ((c == 'r' || c == 'R') && !raw)
            raw = true;
        else if ((c == 'b' || c == 'B') && !bytes)
            bytes = true;
        else
            break;
    }
    return peek(parser, ahead) == '"' || peek(parser, ahead) == '\'';
}

bool
rule_lex_next(struct rule_parser *parser)
{
    bool done = true;

    skip_blank(parser);
    parser->token = (struct rule_token){ .kind = TOKEN_END, .begin = parser->position };
    char c = peek(parser, 0);
    if (parser->position >= parser->length) {
        parser->token.end = parser->position;
        return true;
    }
    if (at_literal(parser)) {
        done = rule_literal_read(parser, parser->position);
    } else if (is_name_start(c)) {
        while (is_name_start(peek(parser, 0)) || is_digit(peek(parser, 0)))
            parser->position++;
        parser->token.kind = TOKEN_NAME;
        parser->token.length = parser->position - parser->token.begin;
        parser->token.text = arena_copy(parser->arena, parser->text + parser->token.begin, parser->token.length);
    } else if (is_digit(c) || (c == '.' && is_digit(peek(parser, 1)))) {
        done = read_number(parser);
    } else if (c == '`') {
        done = read_quoted_name(parser);
    } else {
        done = read_symbol(parser);
    }
    parser->token.end = parser->position;
    return done;
}
