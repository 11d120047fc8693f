/* rule_literal.c: text and bytes literals: quotes single and triple, raw, escapes. */
#include <string.h>

#include "rules/rule_node.h"

size_t
rule_utf8_read(const char *text, size_t length, uint32_t *ret_point)
{
    const unsigned char *bytes = (const unsigned char *)text;
    size_t size;

    if (length == 0)
        return 0;
    if (bytes[0] < 0x80) {
        *ret_point = bytes[0];
        return 1;
    }
    size = bytes[0] >= 0xF0 ? 4 : bytes[0] >= 0xE0 ? 3 : 2;
    if (size > length)
        return 0;
    uint32_t point = bytes[0] & (0x7Fu >> size);
    for (size_t i = 1; i < size; i++)
        point = point << 6 | (bytes[i] & 0x3Fu);
    *ret_point = point;
    return size;
}

size_t
rule_utf8_write(uint32_t point, char ret_bytes[4])
{
    size_t size = point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;

    if (size == 1) {
        ret_bytes[0] = (char)point;
        return 1;
    }
    for (size_t i = size - 1; i > 0; i--, point >>= 6)
        ret_bytes[i] = (char)(0x80 | (point & 0x3F));
    ret_bytes[0] = (char)((0xF00u >> size & 0xFF) | point);
    return size;
}

struct literal {
    bool raw, bytes, triple;
    char quote;
    size_t begin; /* of the whole literal */
    struct buffer out;
};

/* `count` digits of base 8 or 16 at the position; false when one is none. */
static bool
read_code(struct rule_parser *parser, size_t count, unsigned base, uint32_t *ret_code)
{
    uint32_t code = 0;

    for (size_t i = 0; i < count; i++) {
        char c = parser->position < parser->length ? parser->text[parser->position] : '\0';
        unsigned digit = 99;
        if (c >= '0' && c <= '9')
            digit = (unsigned)(c - '0');
        else if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f')
            digit = (unsigned)((c | 0x20) - 'a') + 10;
        if (digit >= base)
            return false;
        code = code * base + digit;
        parser->position++;
    }
    *ret_code = code;
    return true;
}

static bool
put_code(struct rule_parser *parser, struct literal *literal, size_t escape, uint32_t code, bool unicode)
{
    char bytes[4];

    if (literal->bytes) {
        if (unicode || code > 0xFF) {
            rule_parse_fault(parser, escape, rule_said(RULE_FAULT_ESCAPE_BYTES));
            return false;
        }
        buffer_char(&literal->out, (char)code);
        return true;
    }
    if (code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF)) {
        rule_parse_fault(parser, escape, rule_said(RULE_FAULT_ESCAPE_POINT));
        return false;
    }
    buffer_bytes(&literal->out, bytes, rule_utf8_write(code, bytes));
    return true;
}

static bool
read_escape(struct rule_parser *parser, struct literal *literal)
{
    static const char names[] = "abfnrtv\\?\"'`", values[] = "\a\b\f\n\r\t\v\\?\"'`";
    size_t escape = parser->position++;
    char c = parser->position < parser->length ? parser->text[parser->position] : '\0';
    const char *simple = c ? strchr(names, c) : NULL;
    size_t digits = 0;
    uint32_t code = 0;

    if (simple) {
        buffer_char(&literal->out, values[simple - names]);
        parser->position++;
        return true;
    }
    bool octal = c >= '0' && c <= '3';
    if (octal)
        digits = 3;
    else if (c == 'x' || c == 'X')
        digits = 2;
    else if (c == 'u')
        digits = 4;
    else if (c == 'U')
        digits = 8;
    parser->position += octal || digits == 0 ? 0 : 1;
    if (digits == 0 || !read_code(parser, digits, octal ? 8 : 16, &code)) {
        rule_parse_fault(parser, escape, rule_said(RULE_FAULT_ESCAPE));
        return false;
    }
    return put_code(parser, literal, escape, code, c == 'u' || c == 'U');
}

static bool
at_end(const struct rule_parser *parser, const struct literal *literal)
{
    const char *text = parser->text + parser->position;
    size_t left = parser->length - parser->position;

    if (!literal->triple)
        return left >= 1 && text[0] == literal->quote;
    return left >= 3 && text[0] == literal->quote && text[1] == literal->quote && text[2] == literal->quote;
}

static bool
read_content(struct rule_parser *parser, struct literal *literal)
{
    while (!at_end(parser, literal)) {
        char c = parser->position < parser->length ? parser->text[parser->position] : '\0';
        if (parser->position >= parser->length || (!literal->triple && (c == '\n' || c == '\r'))) {
            rule_parse_fault(parser, literal->begin, rule_said(RULE_FAULT_TEXT_OPEN));
            return false;
        }
        if (c == '\\' && !literal->raw) {
            if (!read_escape(parser, literal))
                return false;
        } else {
            buffer_char(&literal->out, c);
            parser->position++;
        }
    }
    parser->position += literal->triple ? 3 : 1;
    return true;
}

bool
rule_literal_read(struct rule_parser *parser, size_t begin)
{
    struct literal literal = { .begin = begin };

    for (; parser->text[parser->position] != '"' && parser->text[parser->position] != '\''; parser->position++) {
        if ((parser->text[parser->position] | 0x20) == 'r')
            literal.raw = true;
        else
            literal.bytes = true;
    }
    literal.quote = parser->text[parser->position];
    literal.triple = true;
    if (!at_end(parser, &literal))
        literal.triple = false;
    parser->position += literal.triple ? 3 : 1;
    buffer_init(&literal.out, parser->arena);
    if (!read_content(parser, &literal))
        return false;
    parser->token.kind = literal.bytes ? TOKEN_BYTES : TOKEN_TEXT;
    parser->token.length = literal.out.length;
    parser->token.text = literal.out.length ? arena_copy(parser->arena, literal.out.data, literal.out.length) : "";
    return true;
}
