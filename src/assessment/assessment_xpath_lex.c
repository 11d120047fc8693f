/* assessment_xpath_lex.c: the words of an XPath expression. */
#include <ctype.h>
#include <string.h>

#include "assessment/assessment_xpath_part.h"

static bool
is_name_start(char character)
{
    return isalpha((unsigned char)character) || character == '_' || (unsigned char)character >= 0x80;
}

static bool
is_name_part(char character)
{
    return is_name_start(character) || isdigit((unsigned char)character) || character == '-' || character == ':' || character == '.';
}

static size_t
lex_sign(const char *text)
{
    static const char *const signs[] = {"!=", "<=", ">=", "..", "::", "//"};
    for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++)
        if (strncmp(text, signs[i], 2) == 0)
            return 2;
    return strchr("=<>+-*/(),.[]|@", *text) ? 1 : 0;
}

/* Typographic quotes come from word processors: they are refused by name, since nobody sees the difference. */
static bool
is_curly(const char *text)
{
    return strncmp(text, "\xE2\x80\x98", 3) == 0 || strncmp(text, "\xE2\x80\x99", 3) == 0 || strncmp(text, "\xE2\x80\x9C", 3) == 0 || strncmp(text, "\xE2\x80\x9D", 3) == 0;
}

static bool
lex_one(struct xpath_parser *parser, const char **text, struct xpath_token *token)
{
    struct arena *arena = parser->arena;
    const char *start = *text;
    size_t length = 0;
    if (is_curly(start))
        return xpath_fail(parser, "tanda kutip melengkung; pakai ' atau \"", "curly quotes; write ' or \"");
    if (*start == '\'' || *start == '"') {
        const char *end = strchr(start + 1, *start);
        if (end == NULL)
            return xpath_fail(parser, "tanda kutip tidak ditutup", "a quote is not closed");
        *token = (struct xpath_token){TOKEN_TEXT, arena_copy(arena, start + 1, (size_t)(end - start - 1))};
        *text = end + 1;
        return true;
    }
    if (strncmp(start, "${", 2) == 0) {
        const char *end = strchr(start, '}');
        if (end == NULL)
            return xpath_fail(parser, "${ tidak ditutup dengan }", "${ is not closed by }");
        *token = (struct xpath_token){TOKEN_REFERENCE, arena_copy(arena, start + 2, (size_t)(end - start - 2))};
        *text = end + 1;
        return true;
    }
    if (isdigit((unsigned char)*start)) {
        length = strspn(start, "0123456789");
        if (start[length] == '.' && isdigit((unsigned char)start[length + 1]))
            length += 1 + strspn(start + length + 1, "0123456789");
        token->kind = TOKEN_NUMBER;
    } else if (is_name_start(*start)) {
        while (is_name_part(start[length]))
            length++;
        token->kind = TOKEN_NAME;
    } else if ((length = lex_sign(start)) > 0) {
        token->kind = TOKEN_SIGN;
    } else {
        return xpath_fail(parser, "karakter ini tidak berarti di sini", "this character has no meaning here");
    }
    token->text = arena_copy(arena, start, length);
    *text += length;
    return true;
}

bool
xpath_lex(struct xpath_parser *parser, const char *text)
{
    size_t count = 0;
    parser->tokens = ARENA_ARRAY(parser->arena, struct xpath_token, strlen(text) + 1);
    for (;;) {
        while (isspace((unsigned char)*text))
            text++;
        if (*text == '\0')
            return true;
        if (!lex_one(parser, &text, &parser->tokens[count]))
            return false;
        count++;
    }
}
